"""Which column of this table holds which field of an incident, and why?

A known vocabulary goes first, then what the publisher tagged, then names and values together.
Nothing is taken in silence: every choice carries its score and its reasons, and what a user
names wins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from geo.errors import TableError
from geo.sources import presets
from geo.sources.checks import Finding, Pair, Question, examine
from geo.sources.columns import (
    AXES,
    DATE_ORDER,
    EPSG,
    SCALE,
    DateOrder,
    check_chosen,
    date_order,
    fingerprint,
)
from geo.sources.naming import Candidate, candidates, position_columns
from geo.sources.placing import country_codes
from geo.sources.positions import Axes, axes_named
from geo.sources.rows import Notes
from geo.sources.values import is_absent, is_day, is_position, share

SAMPLE = 500
_SHOWN = 3
# what the date of an incident may be made of, where no column holds it whole
_PARTS = ("start_year", "start_month", "start_day")
_SURE = 0.8
_HALF = 0.5
_OWN_SCORE = 1.5


@dataclass(frozen=True, slots=True)
class Found:
    """A column that was taken for a field: how sure, why, and what it holds."""

    field: str
    header: str
    score: float
    reasons: tuple[str, ...]
    valid: float | None
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """How a table is understood; `questions` must be answered before it can be read."""

    found: tuple[Found, ...]
    headers: tuple[str, ...]
    order: DateOrder
    axes: Axes
    preset: str
    advice: str
    source: str
    questions: tuple[Question, ...]

    @property
    def columns(self) -> dict[str, str]:
        """Headers by field, as a `columns` mapping takes them."""
        return {one.field: one.header for one in self.found}

    @property
    def fingerprint(self) -> str:
        """Name of this header, under which a choice of columns is remembered."""
        return fingerprint(self.headers)


def detect(
    headers: Sequence[str],
    rows: Sequence[Mapping[str, str]],
    *,
    chosen: Mapping[str, str] | None = None,
    tags: Mapping[str, str] | None = None,
    dates: Callable[[str], Iterable[str]] | None = None,
) -> Detected:
    """Find the column of each field.

    Parameters
    ----------
    headers
        Column names as the table spells them.
    rows
        The first rows, by header.
    chosen
        Headers by field, and options, as the user named them; they win.
    tags
        HXL tags by header, where the table has them.
    dates
        Answers with more cells of a column, where the first rows leave the order of dates open.

    Raises
    ------
    TableError
        Where a choice means nothing, or no row of the table is an incident.
    """
    given = dict(chosen or {})
    named = check_chosen(headers, given)
    values = {header: _filled(rows, header) for header in headers}
    preset = presets.preset_of(headers)
    if preset and preset.refused and "start" not in named:
        msg = f"{preset.advice}; if its rows are incidents all the same, say start=HEADER"
        raise TableError(msg)
    ours = preset is not None and preset.name == presets.ATLAS
    # what we wrote ourselves is not guessed at
    every = [] if ours else list(candidates(headers, values, tags=tags or {}))
    if preset:
        every += [
            Candidate(field, header, _OWN_SCORE, (f"a column of {preset.name}",))
            for field, header in presets.columns_of(preset, headers).items()
        ]
    taken = _assign(_with_whole_dates(every, named), named)
    if not ours:
        _choose_position(taken, headers, values, named)
    questions = _choose_date(taken, named, values)
    order, asked = _order(taken, values, given.get(DATE_ORDER, ""), dates)
    finding = Finding(Axes()) if ours else _axes(taken, rows, given)
    found = tuple(_found(one, values, finding) for one in taken.values() if one.header)
    return Detected(
        found=found,
        headers=tuple(headers),
        order=order,
        axes=finding.axes,
        preset=preset.name if preset else "",
        advice=preset.advice if preset else "",
        source=preset.source if preset else "",
        questions=(*questions, *asked, *finding.questions),
    )


def _filled(rows: Sequence[Mapping[str, str]], header: str) -> list[str]:
    cells = (row.get(header, "") for row in rows)
    return [cell for cell in cells if cell and not is_absent(cell)]


def _assign(every: list[Candidate], named: Mapping[str, str]) -> dict[str, Candidate]:
    """Give each field its best column, the surest first; a column serves one field."""
    taken = {
        field: Candidate(field, header, 2.0, ("named by you",)) for field, header in named.items()
    }
    held = {header for header in named.values() if header}
    for one in sorted(every, key=lambda c: -c.score):
        if one.field in taken or one.header in held:
            continue
        if one.field in ("lat", "lon") and not _partner_is_free(one, every, held, taken):
            continue
        taken[one.field] = one
        held.add(one.header)
    # half a position is none
    for field, other in (("lat", "lon"), ("lon", "lat")):
        if field in taken and other not in taken and field not in named:
            del taken[field]
    return taken


def _with_whole_dates(every: list[Candidate], named: Mapping[str, str]) -> list[Candidate]:
    """Leave out columns of a day or a month where no column holds the year they belong to."""
    fields = {one.field for one in every} | set(named)
    if {"start_year", "start_month"} <= fields:
        return every
    return [one for one in every if one.field not in ("start_month", "start_day")]


def _partner_is_free(
    one: Candidate, every: list[Candidate], held: set[str], taken: Mapping[str, Candidate]
) -> bool:
    other = "lon" if one.field == "lat" else "lat"
    if other in taken:
        return taken[other].pair in ("", one.pair) or not one.pair
    return any(c.field == other and c.pair == one.pair and c.header not in held for c in every)


def _choose_position(
    taken: dict[str, Candidate],
    headers: Sequence[str],
    values: Mapping[str, list[str]],
    named: Mapping[str, str],
) -> None:
    """Look for both coordinates in one cell, by value, where no pair of columns was found."""
    if "lat" in taken and "lon" in taken:
        if "coordinates" not in named:
            taken.pop("coordinates", None)
        return
    if "coordinates" in taken:
        return
    held = {one.header for one in taken.values() if one.field not in ("place_name", "source_url")}
    best = max(position_columns(headers, values, held), key=lambda c: c.score, default=None)
    if best is None:
        return
    for field in ("place_name", "source_url"):
        if field in taken and taken[field].header == best.header and field not in named:
            del taken[field]
    taken["coordinates"] = best


def _choose_date(
    taken: dict[str, Candidate], named: Mapping[str, str], values: Mapping[str, list[str]]
) -> tuple[Question, ...]:
    """Keep a column of dates or columns of year, month and day, not both."""
    start = taken.get("start")
    parts = any(part in named for part in _PARTS)
    if start and start.header and not parts:
        weak = start.score < _SURE and "start_year" in taken and "start_month" in taken
        if not weak:
            for part in _PARTS:
                taken.pop(part, None)
            return ()
        del taken["start"]
    if "start_year" in taken and taken["start_year"].header:
        taken.pop("start", None)
        return ()
    time = taken.get("time")
    if time and "time" not in named and _days(values[time.header]) >= _SURE:
        taken["start"] = replace(time, field="start", reasons=("its cells are days and times",))
        del taken["time"]
        return ()
    likely = [h for h, cells in values.items() if cells and _days(cells) >= _SURE]
    hint = f", perhaps {likely[0][:60]!r}, whose cells are dates" if likely else ""
    shown = ", ".join(list(values)[:30])
    text = (
        f"the table has no column we know as a date: it has {shown}; "
        f"name it with start=HEADER{hint}"
    )
    return (Question("start", text, tuple(f"start={header}" for header in likely)),)


def _days(cells: Sequence[str]) -> float:
    return sum(map(is_day, cells)) / len(cells) if cells else 0.0


def _order(
    taken: Mapping[str, Candidate],
    values: Mapping[str, list[str]],
    chosen: str,
    dates: Callable[[str], Iterable[str]] | None,
) -> tuple[DateOrder, tuple[Question, ...]]:
    start = taken.get("start")
    if start is None or not start.header:
        # a choice is checked all the same
        return date_order((), header="", chosen=chosen), ()
    ends = values.get(taken["end"].header, []) if "end" in taken else []
    try:
        return date_order(chain(values[start.header], ends), header=start.header, chosen=chosen), ()
    except TableError as error:
        said = error
    if dates is not None and not chosen:
        try:
            return date_order(dates(start.header), header=start.header), ()
        except TableError as error:
            said = error
    answers = (f"{DATE_ORDER}=dmy", f"{DATE_ORDER}=mdy")
    return "", (Question(DATE_ORDER, str(said), answers),)


def _axes(
    taken: Mapping[str, Candidate], rows: Sequence[Mapping[str, str]], given: Mapping[str, str]
) -> Finding:
    said = {option: given.get(option, "") for option in (AXES, SCALE, EPSG)}
    chosen = (
        axes_named(axes=said[AXES], scale=said[SCALE], epsg=said[EPSG])
        if any(said.values())
        else None
    )
    if "lat" not in taken or "lon" not in taken:
        return Finding(chosen or Axes())
    lat, lon = taken["lat"].header, taken["lon"].header
    where = taken["countries"].header if "countries" in taken else ""
    pairs = [
        Pair(row[lat], row[lon], country_codes(row.get(where, ""), Notes()))
        for row in rows
        if row.get(lat) and row.get(lon)
    ]
    return examine(pairs, names=(lat, lon), chosen=chosen)


def _found(one: Candidate, values: Mapping[str, list[str]], finding: Finding) -> Found:
    cells = values[one.header]
    valid = share(one.field, cells)
    reasons = one.reasons
    if one.field == "coordinates" and valid is None:
        valid = sum(map(is_position, cells)) / len(cells) if cells else None
    if one.field in ("lat", "lon"):
        reasons = (*reasons, *finding.reasons)
    if valid is not None:
        reasons = (*reasons, f"{valid:.0%} of its cells can be read as such")
    samples = tuple(dict.fromkeys(cell[:60] for cell in cells))[:_SHOWN]
    return Found(one.field, one.header, round(min(one.score, 1.0), 3), reasons, valid, samples)
