"""How many incidents lie in each first-order unit, and is that more than in another period?

Every row has one home or none: what is known to a place lies in the unit around it, what the map
hatches a province for in that province; what is known to less is counted beside. So the counts of
all units and what lies beside add up to what matches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import shapely

from geo import bits
from geo.basemap import load
from geo.bits import Rows
from geo.boundaries import admin1_row
from geo.columns import EPOCH, column, day_of, numbers, read_countries
from geo.errors import FilterError
from geo.filters import Filter
from geo.index import Answer, Index
from geo.ratio import Ratio, ratio_of_rates
from geo.records import PRECISIONS

Baseline = Literal["before", "year"]
# fewer incidents than this, in both periods together, are not compared
GUARD = 5
_NOWHERE = -1
_POINTS = 200_000
# known to a place, so that the place tells the unit
_AT_POINT = [PRECISIONS.index(name) for name in ("exact", "near", "district")]


@dataclass(frozen=True, slots=True)
class Region:
    """One unit: its row in the base map's `admin1`, and what was counted there.

    `deaths` adds the known figures up, `unknown` counts the incidents without one; `before` and
    `ratio` are None where nothing was compared, `ratio` also where it is too few to.
    """

    row: int
    name: str
    country: str
    incidents: int
    deaths: int
    unknown: int
    before: int | None = None
    ratio: Ratio | None = None


@dataclass(frozen=True, slots=True)
class Regions:
    """All units with anything in them, most incidents first; `beside` lie in none of them."""

    units: tuple[Region, ...]
    beside: int
    days: int
    compared: tuple[date, date] | None = None


def homes(index: Index) -> npt.NDArray[np.int16]:
    """Find the unit of each row: its row in the base map's `admin1`, or -1.

    A place off every unit, such as one on a coast that the base map simplifies, belongs to the unit
    that its source names.
    """
    home = np.full(index.size, _NOWHERE, dtype=np.int16)
    placed = index.places.pinned & np.isin(numbers(index.table, "precision"), _AT_POINT)
    placed &= index.places.unit < 0
    rows = np.flatnonzero(placed)
    home[rows] = _around(*(numbers(index.table, name)[rows] for name in ("lon", "lat")))
    named = (placed & (home < 0)) | (index.places.unit >= 0)
    home[named] = _named(index)[named]
    return home


def count(index: Index, home: npt.NDArray[np.int16], answer: Answer) -> Regions:
    """Count what matches by unit."""
    rows = bits.rows_of(answer.rows)
    return _counted(index, home, rows, days=_days(index, rows))


def compare(
    index: Index,
    home: npt.NDArray[np.int16],
    query: Filter,
    answer: Answer,
    *,
    baseline: Baseline,
) -> Regions:
    """Count by unit, and say how the rate differs from that of another period.

    What surely began on a day of either period is compared; coarse dates and what went on from
    before are counted in `incidents`, but not compared.

    Raises
    ------
    FilterError
        When no dates are asked for, or the layer does not reach back to the other period.
    """
    first, last = covered(index)
    if query.start is None or query.end is None:
        msg = "two periods are compared: set From and To first"
        raise FilterError(msg)
    start, end = max(query.start, first), min(query.end, last)
    if start > end:
        msg = f"the layer covers {first} to {last}: {query.start} to {query.end} lies outside"
        raise FilterError(msg)
    days = (end - start).days + 1
    then = _period(start, end, baseline)
    if then[0] < first:
        msg = f"the layer begins on {first}: it does not reach back to {then[0]}"
        raise FilterError(msg)
    other = index.answer(replace(query, start=then[0], end=then[1]))
    began = _began(index, answer, start, end)
    before = _by_unit(home, _began(index, other, *then))
    now = _by_unit(home, began)
    counted = _counted(index, home, bits.rows_of(answer.rows), days=days, also=before)
    then_days = (then[1] - then[0]).days + 1
    units = tuple(
        replace(
            unit,
            before=before.get(unit.row, 0),
            ratio=_ratio(now.get(unit.row, 0), days, before.get(unit.row, 0), then_days),
        )
        for unit in counted.units
    )
    return replace(counted, units=units, compared=then)


def covered(index: Index) -> tuple[date, date]:
    """First and last day of the layer's incidents."""
    if not index.size:
        return date.min, date.min
    starts, ends = numbers(index.table, "start"), numbers(index.table, "end")
    return day_of(int(starts.min())), day_of(int(ends.max()))


def _period(start: date, end: date, baseline: Baseline) -> tuple[date, date]:
    if baseline == "before":
        length = end - start
        last = start - timedelta(days=1)
        return last - length, last
    return _year_before(start), _year_before(end)


def _year_before(day: date) -> date:
    # 29 February has none: the last day of that month
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _ratio(now: int, days: int, before: int, then: int) -> Ratio | None:
    return ratio_of_rates(now, days, before, then) if now + before >= GUARD else None


def _began(index: Index, answer: Answer, start: date, end: date) -> Rows:
    """Rows that surely began between two days."""
    rows = bits.rows_of(answer.rows & ~answer.uncertain)
    begun = numbers(index.table, "start")[rows]
    inside = (begun >= start.toordinal() - EPOCH) & (begun <= end.toordinal() - EPOCH)
    return rows[inside]


def _days(index: Index, rows: Rows) -> int:
    if not len(rows):
        return 0
    starts, ends = (numbers(index.table, name)[rows] for name in ("start", "end"))
    return int(ends.max() - starts.min()) + 1


def _by_unit(home: npt.NDArray[np.int16], rows: Rows) -> dict[int, int]:
    units, counts = np.unique(home[rows], return_counts=True)
    return dict(zip(units.tolist(), counts.tolist(), strict=True))


def _counted(
    index: Index,
    home: npt.NDArray[np.int16],
    rows: Rows,
    *,
    days: int,
    also: Mapping[int, int] | None = None,
) -> Regions:
    of = home[rows]
    size = len(load("admin1"))
    here, lived = rows[of >= 0], of[of >= 0]
    deaths = numbers(index.table, "deaths")[here]
    known = deaths >= 0
    incidents = np.bincount(lived, minlength=size)
    killed = np.bincount(lived[known], weights=deaths[known], minlength=size)
    unknown = np.bincount(lived[~known], minlength=size)
    wanted = set(np.flatnonzero(incidents).tolist()) | {row for row in also or () if row >= 0}
    frame = load("admin1").iloc[sorted(wanted)]
    units = [
        Region(row, name, country, int(incidents[row]), int(killed[row]), int(unknown[row]))
        for row, name, country in zip(sorted(wanted), frame["name"], frame["country"], strict=True)
    ]
    units.sort(key=lambda unit: (-unit.incidents, unit.country, unit.name, unit.row))
    return Regions(tuple(units), beside=int((of < 0).sum()), days=days)


def _around(lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> npt.NDArray[np.int16]:
    """Find the unit around each point; each different place is asked about once."""
    places, inverse = np.unique(lon + 1j * lat, return_inverse=True)
    found = np.full(len(places), _NOWHERE, dtype=np.int16)
    shapes = load("admin1").geometry.to_numpy()
    for at in range(0, len(places), _POINTS):
        part = places[at : at + _POINTS]
        tree = shapely.STRtree(shapely.points(part.real, part.imag))
        # units as what is asked with: each is prepared once for all its points
        unit, point = tree.query(shapes, predicate="intersects")
        # on a line between two units the first in the pack has it
        found[at + point[::-1]] = unit[::-1]
    return found[inverse]


def _named(index: Index) -> npt.NDArray[np.int16]:
    """Find the unit that each row's source names."""
    admin1, sets = (column(index.table, name) for name in ("admin1", "countries"))
    key = admin1.indices.to_numpy().astype(np.int64) * max(len(sets.dictionary), 1)
    different, inverse = np.unique(key + sets.indices.to_numpy(), return_inverse=True)
    names, countries = admin1.dictionary.to_pylist(), sets.dictionary.to_pylist()
    found = [_unit_of(names, countries, *divmod(int(n), len(countries))) for n in different]
    return np.array(found, dtype=np.int16)[inverse]


def _unit_of(names: Any, countries: Any, name: int, nations: int) -> int:
    rows = (admin1_row(names[name], code) for code in read_countries(countries[nations]))
    return next((row for row in rows if row is not None), _NOWHERE)
