"""Which column of a table holds which field of an incident?

Names decide, in the spelling of the tables analysts really have; what a caller names explicitly
goes first. Nothing is guessed from values but the form of coordinates and the order of a date.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from geo.errors import TableError

DateOrder = Literal["", "dmy", "mdy"]
DATE_ORDER = "date_order"
# a field's own name first, then the names other tables give it, the likelier ones first
NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("event id cnty", "event id", "incident id", "eventid", "uid", "uuid", "ref"),
    "title": ("headline", "event title", "incident title", "incident name", "name", "event"),
    "summary": ("notes", "description", "details", "comment", "comments", "text"),
    "event_type": (
        *("sub event type", "incident type", "type of event", "attack type", "type"),
        *("category", "event category", "kind"),
    ),
    "parent_type": ("event type",),
    "type_of_violence": (),
    "start": (
        *("event date", "date start", "start date", "incident date", "date", "day", "datetime"),
        *("timestamp", "occurred", "from"),
    ),
    "end": ("date end", "end date", "to", "until"),
    "date_precision": ("time precision",),
    "time": ("local time", "time of day"),
    "place_name": (
        *("place", "location", "location name", "site", "town", "city", "village"),
        *("where coordinates", "locality"),
    ),
    "admin1": ("adm1", "adm 1", "province", "state", "region", "governorate", "adm1 name"),
    "admin2": ("adm2", "adm 2", "district", "county", "adm2 name"),
    "countries": ("country", "iso3", "iso", "country code", "nation"),
    "lat": ("latitude", "y", "ycoord", "y coord", "lat dd", "actiongeo lat"),
    "lon": ("longitude", "lng", "long", "x", "xcoord", "x coord", "lon dd", "actiongeo long"),
    "coordinates": ("coords", "lat lon", "latlon", "position", "gps", "mgrs", "geo", "wkt"),
    "precision": ("geo precision", "where prec", "location precision", "geographic precision"),
    "radius_km": ("radius", "uncertainty km"),
    "deaths_low": ("low",),
    "deaths_best": ("fatalities", "deaths", "killed", "best", "nkill", "dead", "deaths total"),
    "deaths_high": ("high",),
    "injured_low": (),
    "injured_best": ("injured", "wounded", "nwound"),
    "injured_high": (),
    "actors": ("actor", "perpetrator", "parties"),
    "actor1": ("side a", "actor 1"),
    "actor2": ("side b", "actor 2"),
    "sources": ("source", "publisher", "source name", "source office"),
    "source_url": ("url", "link", "source link", "sourceurl"),
    "status": (),
    "assessment": (),
    "licence": ("license",),
}
# positions of something else than the incident
_HELPERS = ("shore", "actor1geo", "actor2geo", "centroid", "source", "home", "destination", "port")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_APART = re.compile(r"[^a-z0-9]+")
_NUMERIC_DAY = re.compile(r"\s*([0-9]{1,2})[./-]([0-9]{1,2})[./-][0-9]{4}\b")


def detect(headers: Sequence[str], *, chosen: Mapping[str, str] | None = None) -> dict[str, str]:
    """Find the header of each field.

    Parameters
    ----------
    headers
        Column names as the table spells them.
    chosen
        Headers named by the user for fields of `NAMES`; they win.

    Raises
    ------
    TableError
        Where a chosen field or header does not exist, or no column holds a date.
    """
    found = {k: v for k, v in (chosen or {}).items() if k != DATE_ORDER}
    for name, header in found.items():
        if name not in NAMES:
            msg = f"column field is {name[:40]!r}: must be one of {' '.join(NAMES)} {DATE_ORDER}"
            raise TableError(msg)
        if header not in headers:
            shown = ", ".join(headers[:30])
            msg = f"column {header[:60]!r} for {name} is not in the table, which has: {shown}"
            raise TableError(msg)
    by_key: dict[str, str] = {}
    for header in headers:
        by_key.setdefault(_key(header), header)
    taken = set(found.values())
    for name, others in NAMES.items():
        if name in found:
            continue
        for alias in (name.replace("_", " "), *others):
            header = by_key.get(alias, "")
            if header and header not in taken:
                found[name] = header
                taken.add(header)
                break
    _suffixes(headers, found, taken)
    if "start" not in found:
        msg = (
            f"the table has no column we know as a date: it has {', '.join(headers[:30])}; "
            "name it with start=HEADER"
        )
        raise TableError(msg)
    return found


def date_order(values: Iterable[str], *, header: str, chosen: str = "") -> DateOrder:
    """Decide whether a column of dates such as 03/07/2025 begins with day or month.

    Raises
    ------
    TableError
        Where the values leave it open, or contradict each other or the choice.
    """
    if chosen not in ("", "dmy", "mdy"):
        msg = f"{DATE_ORDER} is {chosen[:20]!r}: must be dmy or mdy"
        raise TableError(msg)
    example, firsts, seconds = "", 0, 0
    for value in values:
        parts = _NUMERIC_DAY.match(value)
        if parts:
            example = example or value
            firsts, seconds = max(firsts, int(parts[1])), max(seconds, int(parts[2]))
    if not example:
        return ""
    if firsts > 12 and seconds > 12:
        msg = f"column {header!r} mixes dates that begin with the day and with the month"
        raise TableError(msg)
    seen: DateOrder = "dmy" if firsts > 12 else "mdy" if seconds > 12 else ""
    if chosen and seen and chosen != seen:
        msg = f"{DATE_ORDER} is {chosen!r}, but column {header!r} has values only {seen} explains"
        raise TableError(msg)
    if not (seen or chosen):
        msg = (
            f"column {header!r} may begin with day or month, such as {example[:20]!r}: "
            f"say which with {DATE_ORDER}=dmy or {DATE_ORDER}=mdy"
        )
        raise TableError(msg)
    return seen or ("dmy" if chosen == "dmy" else "mdy")


def _suffixes(headers: Sequence[str], found: dict[str, str], taken: set[str]) -> None:
    """Find coordinates under longer names such as site_latitude, both or neither."""
    if "lat" in found and "lon" in found:
        return
    for header in headers:
        words = _key(header).split()
        if words[-1:] not in (["latitude"], ["lat"]) or words[0] in _HELPERS or header in taken:
            continue
        for lon in headers:
            other = _key(lon).split()
            if other[:-1] == words[:-1] and other[-1:] in (["longitude"], ["lon"], ["lng"]):
                found["lat"], found["lon"] = header, lon
                return


def _key(header: str) -> str:
    text = unicodedata.normalize("NFKD", _CAMEL.sub(" ", header)).casefold()
    plain = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(_APART.sub(" ", plain).split())
