"""How many incidents of each group lie in which hexagon of the map?

Hexagons of one size cover the map's square, the same whatever is in view. Each row counts in the
one whose middle is nearest, so that hexagons sum to the set that is asked about.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo import bits
from geo.area import BBox
from geo.bits import Rows, Words
from geo.columns import mercator, numbers
from geo.index import Index
from geo.taxonomy import event_types, groups

Numbers = npt.NDArray[np.float64]
# a hexagon is 46 px wide on a map whose tiles are 256 px
_WIDE, _TILE = 46, 256
_WORLD = 2.0**32
# hexagons of one view, at most about
_MOST = 700
# up to this zoom a map has few enough hexagons to count them all, the empty ones too
_DENSE = 7
_IDS = [group.id for group in groups()]
_GROUP_OF = np.array([_IDS.index(kind.group) for kind in event_types()], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Hexes:
    """Hexagons that hold anything, in arrays of one length.

    `column` and `line` name each; `x` and `y` are its middle in steps of the map's square;
    `composition` counts members by event group, shape (hexagons, groups).
    """

    column: Rows
    line: Rows
    x: Numbers
    y: Numbers
    composition: npt.NDArray[np.int64]


def hexes(index: Index, rows: Words, level: int) -> Hexes:
    """Count a set of rows in hexagons; `level` is the zoom at which they are 46 px wide."""
    which = bits.rows_of(rows)
    column, line = _nearest(index, which, level)
    # half a hexagon may lie left of the square
    wide = int(np.ceil(_WORLD / _steps(level)[0])) + 2
    keys = line * wide + column + 1
    if level <= _DENSE:
        held = np.flatnonzero(np.bincount(keys))
        place = np.zeros(int(held[-1]) + 1 if len(held) else 0, dtype=np.int64)
        place[held] = np.arange(len(held))
        at = place[keys]
    else:
        held, at = np.unique(keys, return_inverse=True)
    kinds = _GROUP_OF[numbers(index.table, "event_type")[which]]
    flat = np.bincount(at * len(_IDS) + kinds, minlength=len(held) * len(_IDS))
    lines, columns = np.divmod(held, wide)
    columns -= 1
    dx, dy = _steps(level)
    return Hexes(
        columns,
        lines,
        (columns + (lines & 1) / 2) * dx,
        lines * dy,
        flat.reshape(len(held), len(_IDS)),
    )


def members(index: Index, rows: Words, level: int, column: int, line: int) -> Rows:
    """List the rows of a set in one hexagon."""
    dx, dy = _steps(level)
    x, y = (column + (line & 1) / 2) * dx, line * dy
    which = bits.rows_of(rows)
    across, down = (numbers(index.table, name)[which].astype(np.float64) for name in ("x", "y"))
    which = which[(np.abs(across - x) <= dx) & (np.abs(down - y) <= dy)]
    columns, lines = _nearest(index, which, level)
    found: Rows = which[(columns == column) & (lines == line)]
    return found


def level_for(box: BBox, zoom: int) -> int:
    """Zoom of the hexagons for a view: that of the map, or less where they would be too many."""
    width = sum(east - west for west, east in box.spans()) / 360
    y = mercator(np.zeros(2), np.array([box.north, box.south]))[1].astype(np.float64)
    area = max(width, 1e-9) * max((y[1] - y[0]) / _WORLD, 1e-9)
    # of a world at zoom 0 so many hexagons
    whole = (_TILE / _WIDE) ** 2 * 2 / np.sqrt(3)
    return int(np.clip(np.floor(np.log2(_MOST / (area * whole)) / 2), 0, zoom))


def in_view(found: Hexes, box: BBox, level: int) -> Rows:
    """Tell which hexagons reach into a view, by their places in the arrays."""
    dx, dy = _steps(level)
    across = np.zeros(len(found.x), dtype=np.bool_)
    for west, east in box.spans():
        (left, right), (top, bottom) = mercator(
            np.array([west, east]), np.array([box.north, box.south])
        )
        across |= (found.x >= left - dx / 2) & (found.x <= right + dx / 2)
    down = (found.y >= top - dy * 2 / 3) & (found.y <= bottom + dy * 2 / 3)
    seen: Rows = np.flatnonzero(across & down)
    return seen


def degrees(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Longitude and latitude of places in the map's square."""
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y / _WORLD))))
    return x / _WORLD * 360 - 180, lat


def _steps(level: int) -> tuple[float, float]:
    """Distance of columns and of lines, in steps of the map's square."""
    dx = _WORLD * _WIDE / (_TILE * 2.0**level)
    return dx, dx * np.sqrt(3) / 2


def _nearest(index: Index, rows: Rows, level: int) -> tuple[Rows, Rows]:
    """Column and line of the hexagon that each row lies in."""
    dx, dy = _steps(level)
    across = numbers(index.table, "x")[rows] / dx
    down = numbers(index.table, "y")[rows] / dy
    line = np.rint(down)
    across = across - (line % 2) / 2
    column = np.rint(across)
    # near the border of two lines the middle of the other line's hexagon may be nearer
    off_x, off_y = across - column, down - line
    close = np.flatnonzero(np.abs(off_y) * 3 > 1)
    if len(close):
        ox, oy = off_x[close], off_y[close]
        half, one = np.where(ox < 0, -0.5, 0.5), np.where(oy < 0, -1.0, 1.0)
        nearer = ox**2 + 0.75 * oy**2 > (ox - half) ** 2 + 0.75 * (oy - one) ** 2
        moved, ox, one = close[nearer], half[nearer], one[nearer]
        odd = line[moved] % 2
        column[moved] += ox + np.where(odd == 1, 0.5, -0.5)
        line[moved] += one
    return column.astype(np.int64), line.astype(np.int64)
