"""How are a filter and a ledger said in words a reader needs no manual for?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from geo.area import Area, BBox, Circle
from geo.around import Around
from geo.filters import Filter, Ledger, Match
from geo.snapshot.language import Language
from geo.taxonomy import event_type, event_types, groups

_MANY_NAMES = 4


def filter_in_words(query: Filter, matches: Sequence[Match], spoken: Language) -> str:
    """Say the period and every active filter, as the subtitle of a picture."""
    said = spoken.say("words.clause_separator").join(_clauses(query, matches, spoken))
    return said[0].upper() + said[1:]


def ledger_in_words(ledger: Ledger, spoken: Language) -> str:
    """Say where every incident went; the numbers add up as the ledger does."""
    counted = {
        "matched": ledger.matched,
        "total": ledger.total,
        "within": ledger.within,
        "ongoing": ledger.ongoing,
        "uncertain": ledger.uncertain,
        "on_map": ledger.on_map,
        "off_frame": ledger.off_frame,
        "not_mappable": ledger.not_mappable,
    }
    if ledger.set_aside:
        text = spoken.say("words.ledger_set_aside", set_aside=ledger.set_aside, **counted)
    else:
        text = spoken.say("words.ledger", **counted)
    gone = [
        spoken.say("words.excluded", reason=spoken.say(f"words.reasons.{name}"), n=n)
        for name, n in ledger.excluded.items()
        if n
    ]
    if not gone:
        return text
    return spoken.say("words.ledger_excluded", ledger=text, reasons=spoken.listed(gone))


def _clauses(query: Filter, matches: Sequence[Match], spoken: Language) -> Iterator[str]:
    """One clause for the dates, one for the types, and one for each other active filter."""
    yield _dates(query, matches, spoken)
    if not query.uncertain:
        yield spoken.say("words.certain_only")
    yield _types(query.event_types, spoken) if query.event_types else spoken.say("words.all_types")
    yield from _of_place(query, spoken)
    yield from _of_record(query, spoken)


def _of_place(query: Filter, spoken: Language) -> Iterator[str]:
    """Clauses on where, who and what is written."""
    say = spoken.say
    if query.countries:
        yield _any([spoken.country(code) for code in query.countries], spoken)
    if query.area is not None:
        yield _area(query.area, spoken)
    if query.actors:
        yield say("words.actors", names=_any(query.actors, spoken))
    if query.text.strip():
        yield say("words.text", text=" ".join(query.text.split()))
    if query.precision:
        names = [say(f"precision.{name}") for name in query.precision]
        yield say("words.precision", names=_any(names, spoken))


def _of_record(query: Filter, spoken: Language) -> Iterator[str]:
    """Clauses on deaths, and on what is thought of an incident and when."""
    say = spoken.say
    if query.deaths_min is not None:
        yield say("words.deaths_min", n=query.deaths_min)
    if query.assessment:
        yield _any([say(f"assessment.{name}") for name in query.assessment], spoken)
    if not query.status:
        yield say("words.any_status")
    elif query.status != ("accepted",):
        names = [say(f"words.statuses.{name}") for name in query.status]
        yield say("words.status", names=_any(names, spoken))
    if query.changed_since:
        yield say("words.changed_since", moment=spoken.moment(query.changed_since))
    if query.sources:
        yield say("words.sources", names=_any(query.sources, spoken))


def _dates(query: Filter, matches: Sequence[Match], spoken: Language) -> str:
    if query.start and query.end:
        return spoken.period(query.start, query.end)
    if query.start:
        return spoken.say("words.from_day", day=spoken.day(query.start))
    if query.end:
        return spoken.say("words.to_day", day=spoken.day(query.end))
    if not matches:
        return spoken.say("words.all_dates")
    first = min(match.incident.start for match in matches)
    last = max(match.incident.end for match in matches)
    return spoken.say("words.all_dates_of", period=spoken.period(first, last))


def _types(chosen: Sequence[str], spoken: Language) -> str:
    """Name whole groups as such, and then the types left over."""
    left = dict.fromkeys(chosen)
    names = []
    for group in groups():
        members = [kind.id for kind in event_types() if kind.group == group.id]
        if len(members) > 1 and all(member in left for member in members):
            names.append(spoken.say("words.whole_group", group=spoken.group(group)))
            for member in members:
                del left[member]
    return _any(names + [spoken.kind(event_type(kind)) for kind in left], spoken)


def _area(area: Area, spoken: Language) -> str:
    if isinstance(area, BBox):
        return spoken.say(
            "words.box",
            corner=_corner(area.south, area.west, spoken),
            opposite=_corner(area.north, area.east, spoken),
        )
    if isinstance(area, Circle):
        return spoken.say(
            "words.circle",
            km=spoken.numeral(f"{area.radius_km:g}"),
            centre=_corner(area.centre.lat, area.centre.lon, spoken),
        )
    if isinstance(area, Around):
        name = area.name.partition("@")[0].replace("-", " ")
        if not area.km:
            return spoken.say("words.in_context", name=name)
        return spoken.say("words.around", km=spoken.numeral(f"{area.km:g}"), name=name)
    return spoken.say("words.drawn_area")


def _corner(lat: float, lon: float, spoken: Language) -> str:
    up, across = ("south" if lat < 0 else "north"), ("west" if lon < 0 else "east")
    return spoken.say(
        "words.corner",
        lat=spoken.say(f"words.{up}", degrees=spoken.numeral(f"{abs(lat):.4g}")),
        lon=spoken.say(f"words.{across}", degrees=spoken.numeral(f"{abs(lon):.5g}")),
    )


def _any(names: Sequence[str], spoken: Language) -> str:
    """Say that one of several names will do; the first few by name."""
    if len(names) == 1:
        return names[0]
    if len(names) > _MANY_NAMES:
        shown = spoken.listed(names[:_MANY_NAMES])
        return spoken.say("words.or_more", names=shown, n=len(names) - _MANY_NAMES)
    return spoken.say("words.or", names=spoken.listed(names[:-1]), last=names[-1])
