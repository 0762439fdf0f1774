"""What does each line of "what happened where" say?

Up to a score of incidents, one line each; where the map groups numbers, a line for each place
with its numbers; where it draws hexagons, units ranked by how many incidents they hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geo.claims import contested
from geo.snapshot.content import Content, Row
from geo.snapshot.language import Language
from geo.snapshot.sheet.density import Mode
from geo.taxonomy import Group, groups

# units of this many countries at most are told apart; of more, countries are
_FEW_COUNTRIES = 3
_UNSETTLED = ("claimed", "disputed")
_MOST_RUNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: `row` stands for its symbol, `shares` for a bar by group.

    `short` is what replaces a toll that finds no room: a range without its doubt would be a
    wrong figure, so that it is never cut.
    """

    number: str
    row: Row | None
    day: str
    place: str
    title: str
    mark: str
    value: str
    short: str
    source: str
    shares: tuple[tuple[Group, int], ...] = ()


def lines_of(content: Content, mode: Mode) -> tuple[Line, ...]:
    """Say every line of the table."""
    if mode == "numbers":
        return tuple(_incidents(content))
    return tuple(_places(content) if mode == "groups" else _units(content))


def runs(numbers: Iterable[int], spoken: Language) -> str:
    """Write numbers with what follows on each other as a range: 4–15, 18."""
    found: list[list[int]] = []
    for n in sorted(numbers):
        if found and n == found[-1][1] + 1:
            found[-1][1] = n
        else:
            found.append([n, n])
    said = [
        spoken.number(a) if a == b else f"{spoken.number(a)}–{spoken.number(b)}"
        for a, b in found[:_MOST_RUNS]
    ]
    return ", ".join(said) + (" …" if len(found) > _MOST_RUNS else "")


def _incidents(content: Content) -> Iterable[Line]:
    spoken = content.language
    years = len({row.incident.start.year for row in content.rows}) > 1
    for row in content.rows:
        incident = row.incident
        whole = years and incident.date_precision in ("day", "week")
        day = spoken.say("table.day_of_year", day=row.day, year=str(incident.start.year))
        title = incident.title if incident.title != row.place else ""
        yield Line(
            number=spoken.number(row.number),
            row=row,
            day=day if whole else _day(row, spoken),
            place=row.place or spoken.say("table.no_place"),
            title=row.callout or title,
            mark=row.assessment if incident.assessment in _UNSETTLED else "",
            value=row.deaths,
            short=spoken.say("deaths.differ") if contested(incident, "deaths") else "",
            source=_source(row, spoken),
        )


def _day(row: Row, spoken: Language) -> str:
    """Say days of one month with the month only once."""
    start, end = row.incident.start, row.incident.end
    same = start != end and (start.year, start.month) == (end.year, end.month)
    if row.incident.date_precision != "day" or not same:
        return row.day
    first, last = spoken.number(start.day), spoken.day(end, short=True)
    return spoken.say("dates.days", first=first, last=last)


def _places(content: Content) -> Iterable[Line]:
    """One line for each place, the fullest first, its numbers as they stand on the map."""
    spoken = content.language
    held: dict[tuple[str, str], list[Row]] = {}
    for row in content.rows:
        where = row.place or spoken.say("table.no_place")
        held.setdefault((where, row.incident.admin1), []).append(row)
    for (place, _), rows in sorted(held.items(), key=lambda one: (-len(one[1]), one[1][0].number)):
        counted = Counter(row.kind for row in rows).most_common()
        kind = counted[0][0]
        yield Line(
            number=runs((row.number for row in rows), spoken),
            row=next(row for row in rows if row.kind == kind),
            day=_days(rows, spoken),
            place=place,
            title=", ".join(spoken.kind(each) for each, _ in counted),
            mark="",
            value=spoken.number(len(rows)),
            short="",
            source=_source(rows[0], spoken) if len(rows) == 1 else _publishers(rows, spoken),
        )


def _units(content: Content) -> Iterable[Line]:
    """Units or countries by how many incidents they hold, with the share of coarse places."""
    spoken = content.language
    nations = {code for row in content.rows for code in row.incident.countries}
    fine = len(nations) <= _FEW_COUNTRIES
    held: dict[str, list[Row]] = {}
    for row in content.rows:
        held.setdefault(_unit(row, spoken, fine=fine, several=len(nations) > 1), []).append(row)
    ranked = sorted(held.items(), key=lambda one: (-len(one[1]), one[0]))
    for n, (name, rows) in enumerate(ranked, 1):
        coarse = sum(row.incident.precision != "exact" for row in rows)
        counted = Counter(row.group.id for row in rows)
        yield Line(
            number=spoken.number(n),
            row=None,
            day="",
            place=name,
            title="",
            mark="",
            value=spoken.number(len(rows)),
            short="",
            source=spoken.say("table.share", n=round(100 * coarse / len(rows))),
            shares=tuple((g, counted[g.id]) for g in groups() if counted[g.id]),
        )


def _unit(row: Row, spoken: Language, *, fine: bool, several: bool) -> str:
    incident = row.incident
    nation = " / ".join(spoken.country(code) for code in incident.countries)
    if not nation:
        return spoken.say("table.no_country")
    if not fine:
        return nation
    unit = incident.admin1 or spoken.say("table.no_unit")
    return spoken.say("table.unit", unit=unit, country=nation) if several else unit


def _days(rows: Sequence[Row], spoken: Language) -> str:
    first, last = min(r.incident.start for r in rows), max(r.incident.end for r in rows)
    if first.year != last.year:
        return spoken.say("dates.days", first=str(first.year), last=str(last.year))
    if first == last:
        return rows[0].day
    days = spoken.day(first, short=True), spoken.day(last, short=True)
    return spoken.say("dates.days", first=days[0], last=days[1])


def _source(row: Row, spoken: Language) -> str:
    names = list(dict.fromkeys(s.publisher for s in row.incident.sources if s.publisher))
    if len(names) > 1:
        return spoken.say("table.sources", name=names[0], n=len(names) - 1)
    return names[0] if names else spoken.say("table.no_source")


def _publishers(rows: Sequence[Row], spoken: Language) -> str:
    counted = Counter(s.publisher for r in rows for s in r.incident.sources if s.publisher)
    if not counted:
        return spoken.say("table.no_source")
    ranked = sorted(counted, key=lambda name: (-counted[name], name))
    if len(ranked) == 1:
        return ranked[0]
    return spoken.say("table.sources", name=ranked[0], n=len(ranked) - 1)
