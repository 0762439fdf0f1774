"""How are a filter, a period and a ledger said in words a reader needs no manual for?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from geo import countries
from geo.area import Area, BBox, Circle
from geo.filters import Filter, Ledger, Match
from geo.taxonomy import event_type, event_types, groups

_REASONS = {
    "status": "status",
    "dates": "outside the dates",
    "event_type": "other event types",
    "country": "other countries",
    "area": "outside the area asked for",
    "actor": "other actors",
    "text": "without the words",
    "precision": "other precision",
    "deaths": "fewer deaths",
    "deaths_unknown": "deaths unknown",
    "assessment": "other assessment",
    "changed_since": "not changed since",
    "source": "other sources",
}
_MANY_NAMES = 4


def filter_in_words(query: Filter, matches: Sequence[Match]) -> str:
    """Say the period and every active filter, as the subtitle of a picture."""
    asked = (
        _dates(query, matches),
        "" if query.uncertain else "certain dates only",
        _types(query.event_types) if query.event_types else "all event types",
        _any([countries.name(code) for code in query.countries]),
        _area(query.area),
        _any(query.actors, "involving "),
        f"with the words “{' '.join(query.text.split())}”" if query.text.strip() else "",
        _any(query.precision, "place known to: "),
        "" if query.deaths_min is None else f"{query.deaths_min:,} or more deaths",
        _any(query.assessment),
        "" if query.status == ("accepted",) else _any(query.status, "status ") or "any status",
        f"new or changed since {query.changed_since:%Y-%m-%d %H:%M} UTC"
        if query.changed_since
        else "",
        _any(query.sources, "according to "),
    )
    parts = [part for part in asked if part]
    said = " · ".join(parts)
    return said[0].upper() + said[1:]


def ledger_in_words(ledger: Ledger) -> str:
    """Say where every incident went; the numbers add up as the ledger does."""
    text = (
        f"Ledger: {ledger.matched:,} of {ledger.total:,} incidents match = "
        f"{ledger.within:,} within the dates + {ledger.ongoing:,} ongoing + "
        f"{ledger.uncertain:,} of uncertain date = {ledger.on_map:,} on the map + "
        f"{ledger.off_frame:,} outside the frame + {ledger.not_mappable:,} not mappable"
    )
    if ledger.set_aside:
        text += f" + {ledger.set_aside:,} set aside"
    gone = [f"{_REASONS[name]} {n:,}" for name, n in ledger.excluded.items() if n]
    return text + (f". Not matched: {', '.join(gone)}." if gone else ".")


def period(start: date, end: date) -> str:
    """Say two days as one would write them, what they share only once."""
    last = f"{end.day} {end:%B %Y}"
    if start == end:
        return last
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{last}"
    if start.year == end.year:
        return f"{start.day} {start:%B} – {last}"
    return f"{start.day} {start:%B %Y} – {last}"


def _dates(query: Filter, matches: Sequence[Match]) -> str:
    if query.start and query.end:
        return period(query.start, query.end)
    if query.start:
        return f"from {period(query.start, query.start)}"
    if query.end:
        return f"to {period(query.end, query.end)}"
    if not matches:
        return "all dates"
    first = min(match.incident.start for match in matches)
    return f"all dates: {period(first, max(match.incident.end for match in matches))}"


def _types(chosen: Sequence[str]) -> str:
    """Name whole groups as such, and then the types left over."""
    left = dict.fromkeys(chosen)
    names = []
    for group in groups():
        members = [kind.id for kind in event_types() if kind.group == group.id]
        if len(members) > 1 and all(member in left for member in members):
            names.append(f"{group.label} (all types)")
            for member in members:
                del left[member]
    return _any(names + [event_type(kind).label for kind in left])


def _area(area: Area | None) -> str:
    if area is None:
        return ""
    if isinstance(area, BBox):
        return (
            f"in or possibly in the box {_corner(area.south, area.west)} "
            f"to {_corner(area.north, area.east)}"
        )
    if isinstance(area, Circle):
        return f"in or possibly within {area.radius_km:g} km of " + _corner(
            area.centre.lat, area.centre.lon
        )
    return "in or possibly in a drawn area"


def _corner(lat: float, lon: float) -> str:
    return f"{abs(lat):.4g}°{'S' if lat < 0 else 'N'} {abs(lon):.5g}°{'W' if lon < 0 else 'E'}"


def _any(names: Sequence[str], before: str = "") -> str:
    if not names:
        return ""
    shown = list(names[:_MANY_NAMES])
    if len(names) > _MANY_NAMES:
        return f"{before}{', '.join(shown)} or {len(names) - _MANY_NAMES} more"
    said = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
    return before + said
