"""What does a view of very many incidents show: how many of each group in which cell?

Incidents are sorted along a Morton curve, so a cell of the map is a range of rows, and how many
members of a set lie in a range is known from two look-ups (`geo.bits`). An answer costs as much
as the view has cells, however many incidents there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from geo import bits
from geo.area import BBox
from geo.bits import Flags, Ranks, Rows, Words
from geo.columns import column, mercator, morton, numbers, read_countries
from geo.index import Index
from geo.taxonomy import event_types, groups

# a cell is 64 px wide: a quarter of a map tile of 256 px
_FINER = 2
_DEEPEST = 24
# cells of one answer, at most about
_MOST = 1_000
_BITS = 32
_TYPES = tuple(
    tuple(kind.id for kind in event_types() if kind.group == group.id) for group in groups()
)


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of a view that hold anything, in arrays of one length.

    `column` and `line` name each among those of a level; `low` and `high` bound its rows; `row`
    is the member in the middle, whose place stands for the cell; `composition` counts members by
    event group, shape (cells, groups).
    """

    column: Rows
    line: Rows
    low: Rows
    high: Rows
    count: Rows
    row: Rows
    composition: npt.NDArray[np.int64]


class Pile:
    """A set of rows to be counted by cell."""

    def __init__(self, index: Index, rows: Words) -> None:
        self.index = index
        self.ranks = Ranks(rows)

    @cached_property
    def groups(self) -> tuple[Ranks, ...]:
        """Members of each event group, in the order of `geo.taxonomy.groups`."""
        return tuple(Ranks(self.ranks.words & self.index.of_types(kinds)) for kinds in _TYPES)

    def cells(self, box: BBox, level: int) -> Cells:
        """Count the members in every cell of a level that a view touches.

        Parameters
        ----------
        box
            The view; one with west > east crosses the 180th meridian.
        level
            How often the map's square is halved for a cell (`level_for`).
        """
        column, line, low, high = _grid(self.index, box, level)
        first, last = self.ranks.before(low), self.ranks.before(high)
        held = last > first
        column, line, low, high = (part[held] for part in (column, line, low, high))
        first, count = first[held], (last - first)[held]
        composition = [part.before(high) - part.before(low) for part in self.groups]
        return Cells(
            column,
            line,
            low,
            high,
            count,
            self.ranks.member(first + (count - 1) // 2),
            np.stack(composition, axis=1) if composition else np.zeros((len(low), 0), np.int64),
        )

    def rows(self, box: BBox) -> Rows:
        """List the members whose place lies in a box, edges included."""
        level = _level_of(box)
        low, high = _ranges(self.index.morton, *_touched(box, level), level)
        found = [bits.rows_between(self.ranks.words, a, b) for a, b in _joined(low, high)]
        rows = np.concatenate(found) if found else np.empty(0, dtype=np.int64)
        return rows[_in_box(self.index, rows, box)]

    def members(self, level: int, column: int, line: int) -> Rows:
        """List the members in one cell; none where a level has no such cell."""
        if not (1 <= level <= _DEEPEST and max(column, line) < 2**level):
            return np.empty(0, dtype=np.int64)
        across, down = (np.array([at], dtype=np.int64) for at in (column, line))
        low, high = _ranges(self.index.morton, across, down, level)
        return bits.rows_between(self.ranks.words, int(low[0]), int(high[0]))


def level_for(box: BBox, zoom: int) -> int:
    """Level of a view's cells: 64 px wide at its zoom, wider where there would be too many."""
    return min(zoom + _FINER, _DEEPEST, _finest(box))


def within(
    index: Index, rows: Rows, level: int, column: Rows, line: Rows
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """How far into its cell each row lies, in 256ths of a side from west and from north."""
    shift = _BITS - level
    steps = (numbers(index.table, name)[rows].astype(np.int64) for name in ("x", "y"))
    across, down = (
        ((part - (first << shift)) << 8) >> shift
        for part, first in zip(steps, (column, line), strict=True)
    )
    return across, down


def by_country(index: Index, rows: Words) -> dict[str, int]:
    """Count rows by country; one of several countries counts under its first."""
    sets = column(index.table, "countries")
    counts = np.bincount(
        sets.indices.to_numpy()[bits.rows_of(rows)], minlength=len(sets.dictionary)
    )
    found: dict[str, int] = {}
    for text, n in zip(sets.dictionary.to_pylist(), counts.tolist(), strict=True):
        if n:
            code = next(iter(read_countries(text)), "")
            found[code] = found.get(code, 0) + n
    return found


# other days of the same view, and its other places, are counted in the same cells
@lru_cache(maxsize=4)
def _grid(index: Index, box: BBox, level: int) -> tuple[Rows, Rows, Rows, Rows]:
    """Cells of a level that a box touches and that hold any row: column, line, range of rows."""
    column, line = _touched(box, level)
    low, high = _ranges(index.morton, column, line, level)
    held = high > low
    return column[held], line[held], low[held], high[held]


def _touched(box: BBox, level: int) -> tuple[Rows, Rows]:
    """Column and line of every cell of a level that a box touches, in the order of their rows."""
    shift = np.uint64(_BITS - level)
    columns: list[npt.NDArray[np.uint64]] = []
    for west, east in box.spans():
        x, y = mercator(np.array([west, east]), np.array([box.north, box.south]))
        edges = x.astype(np.uint64) >> shift
        columns.append(np.arange(edges[0], edges[1] + np.uint64(1), dtype=np.uint64))
    lines = y.astype(np.uint64) >> shift
    across = np.unique(np.concatenate(columns))
    down = np.arange(lines[0], lines[1] + np.uint64(1), dtype=np.uint64)
    column, line = (part.ravel() for part in np.meshgrid(across, down))
    order = np.argsort(_code(column, line))
    return column[order].astype(np.int64), line[order].astype(np.int64)


def _ranges(
    codes: npt.NDArray[np.uint64], column: Rows, line: Rows, level: int
) -> tuple[Rows, Rows]:
    """Rows of cells of a level: first, and first after."""
    wide = np.uint64(2 * (_BITS - level))
    cell = _code(column, line) << wide
    low = np.searchsorted(codes, cell, side="left")
    # the last cell of the world ends where the numbers do
    high = np.searchsorted(codes, cell + ((np.uint64(1) << wide) - np.uint64(1)), "right")
    return low.astype(np.int64), high.astype(np.int64)


def _code(column: npt.NDArray[Any], line: npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
    return morton(column.astype(np.uint32), line.astype(np.uint32))


def _in_box(index: Index, rows: Rows, box: BBox) -> Flags:
    """Which rows are drawn within a box, in the steps of the map's square."""
    x, y = (numbers(index.table, name)[rows] for name in ("x", "y"))
    across = np.zeros(len(rows), dtype=np.bool_)
    for west, east in box.spans():
        (left, right), (top, bottom) = mercator(
            np.array([west, east]), np.array([box.north, box.south])
        )
        across |= (x >= left) & (x <= right)
    inside: Flags = across & (y >= top) & (y <= bottom)
    return inside


def _level_of(box: BBox) -> int:
    """Level whose cells are about as large as the longer side of the box."""
    # by the width alone, a view from pole to pole a metre wide would have millions of cells
    side = max(*_sides(box), 1e-9)
    return int(np.clip(np.floor(-np.log2(side)) + 1, 1, _DEEPEST))


def _finest(box: BBox) -> int:
    """Level at which a box has as many cells as one answer may hold."""
    width, height = (max(side, 1e-9) for side in _sides(box))
    # a strip has one row of cells, however small its area is
    level = min(np.log2(_MOST / (width * height)) / 2, np.log2(_MOST / max(width, height)))
    return max(int(np.floor(level)), 1)


def _sides(box: BBox) -> tuple[float, float]:
    """Width and height of a box as shares of the map's square."""
    width = sum(east - west for west, east in box.spans()) / 360
    y = mercator(np.zeros(2), np.array([box.north, box.south]))[1].astype(np.float64)
    return width, float(y[1] - y[0]) / 2**_BITS


def _joined(low: Rows, high: Rows) -> Iterable[tuple[int, int]]:
    """Join ranges that touch; they come in order."""
    at: tuple[int, int] | None = None
    for a, b in zip(low.tolist(), high.tolist(), strict=True):
        if at is not None and a == at[1]:
            at = (at[0], b)
            continue
        if at is not None:
            yield at
        at = (a, b)
    if at is not None:
        yield at
