"""How many incidents lie in each hexagon of equal area, and where are most?

Only an incident whose place is known within the size of a cell enters one; the others are counted
beside them. Both projections keep areas, so that regular hexagons on the page cover equal ground.
The grid hangs on the frame, and so does its size: locked frames give the same cells each week.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo.basemap import within
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.projection import Plane
from geo.snapshot.sheet.scene import Item, Mark, Scene

# from few to many: each darker than the one before, the first darker than land and sea
RAMP = ("#f7c948", "#f0953b", "#dd5d3a", "#b2304c", "#7a1850", "#44103f", "#1d0820")
EDGE = "#6b4a14"
_FINE = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000)
_MOST_CLASSES = 6
_CELLS_A_FRAME = 850
_ROUND = (1.0, 2.5, 5.0)
_ROOT3 = math.sqrt(3)
# boundaries and coast are generalised: so near to land is not at sea
_COAST_KM, _OVERVIEW_KM = 10.0, 1000.0
_APART, _WITHIN, _NEAR_TOWN = 3.2, 0.55, 1.6


@dataclass(frozen=True, slots=True)
class Cell:
    """A hexagon on the page and how many incidents lie in it."""

    x: float
    y: float
    count: int
    at_sea: bool


@dataclass(frozen=True, slots=True)
class HotSpot:
    """A hexagon that is named: by its nearest town, where one is near."""

    cell: Cell
    town: str


@dataclass(frozen=True, slots=True)
class Hexagons:
    """All cells, their size, their classes by least count, and what is not in them."""

    cells: tuple[Cell, ...]
    across: float
    area_km2: float
    breaks: tuple[int, ...]
    beside: tuple[tuple[str, int], ...]
    hot: tuple[HotSpot, ...]
    land: Any = None

    def class_of(self, count: int) -> int:
        """Which class a count belongs to."""
        return sum(count >= least for least in self.breaks) - 1

    def colour(self, number: int) -> str:
        """Colour of a class."""
        if len(self.breaks) <= 1:
            return RAMP[1]
        return RAMP[round(number * (len(RAMP) - 2) / (len(self.breaks) - 1))]


def hexagons_of(
    plane: Plane, scene: Scene, *, breaks: Sequence[int], most_named: int, draft: bool = False
) -> tuple[Hexagons, list[Item]]:
    """Count incidents by cells; answers also with those that lie beyond the picture."""
    area = _area(plane)
    across = math.sqrt(area * 1e6 * 2 / _ROOT3) * plane.scale
    chosen, rest, beyond = _sorted(plane, scene, across / plane.scale / 1000 / 2)
    spots = plane.project(np.array([[m.point.lon, m.point.lat] for m in chosen]).reshape(-1, 2))
    middles, counts, of = _counted(plane, spots, across)
    land = None if draft else _land(plane)
    sea = _at_sea(plane, land, spots, of, len(middles))
    cells = tuple(
        Cell(float(x), float(y), int(n), bool(wet))
        for (x, y), n, wet in zip(middles, counts, sea, strict=True)
    )
    most = max((cell.count for cell in cells), default=0)
    made = Hexagons(
        cells,
        across,
        area,
        _from_one(breaks) if breaks else _breaks(most),
        tuple(sorted(Counter(item.precision for item in rest).items())),
        (),
    )
    hot = _hot(plane, made, most_named)
    return Hexagons(cells, across, area, made.breaks, made.beside, hot, land), beyond


def draw_hexagons(page: Page, plane: Plane, made: Hexagons) -> None:
    """Draw the cells, one shape a class; where nothing happened at sea, cells end at the coast."""
    if not made.cells or made.land is None:
        return
    land = made.land
    for number in range(len(made.breaks)):
        held = [cell for cell in made.cells if made.class_of(cell.count) == number]
        if not held:
            continue
        shapes = np.array([hexagon(cell.x, cell.y, made.across) for cell in held])
        dry = np.array([not cell.at_sea for cell in held])
        if dry.any():
            shapes[dry] = _ashore(land, shapes[dry])
        whole = shapely.GeometryCollection(list(shapes))
        colour = made.colour(number)
        page.shape(whole, fill=colour, line="white", lw=0.5, z=1.8, clip=plane.rect)
    if made.class_of(1) == 0:
        lightest = [c for c in made.cells if made.class_of(c.count) == 0]
        edges = [hexagon(c.x, c.y, made.across * 0.93).exterior for c in lightest if c.at_sea]
        page.shape(shapely.MultiLineString(edges), line=EDGE, lw=0.35, z=1.81, clip=plane.rect)
    for spot in made.hot:
        edge = hexagon(spot.cell.x, spot.cell.y, made.across)
        page.shape(edge, line="white", lw=2.4, z=2.6, clip=plane.rect)
        page.shape(edge, line="#1f2933", lw=1.2, z=2.7, clip=plane.rect)


def hexagon(x: float, y: float, across: float) -> Any:
    """Make a hexagon that stands on a corner, `across` from side to side."""
    corner = across / _ROOT3
    turns = np.radians(30 + 60 * np.arange(6))
    return shapely.Polygon(
        np.column_stack([x + corner * np.cos(turns), y + corner * np.sin(turns)])
    )


def _area(plane: Plane) -> float:
    """Choose a round size in km² that suits the frame."""
    wanted = plane.outline.area / plane.scale**2 / 1e6 / _CELLS_A_FRAME
    ten = 10 ** math.floor(math.log10(max(wanted, 1e-3)))
    return float(min((step * ten for step in (*_ROUND, 10.0)), key=lambda a: abs(a - wanted)))


def _sorted(
    plane: Plane, scene: Scene, reach_km: float
) -> tuple[list[Mark], list[Item], list[Item]]:
    """Tell marks that enter a cell, one an incident, from items too coarse and not in sight."""
    rect = plane.rect
    spots = plane.project(
        np.array([[m.point.lon, m.point.lat] for m in scene.marks]).reshape(-1, 2)
    )
    seen = (
        (spots[:, 0] >= rect.x)
        & (spots[:, 0] <= rect.right)
        & (spots[:, 1] >= rect.y)
        & (spots[:, 1] <= rect.top)
    )
    chosen: dict[str, Mark] = {}
    coarse: dict[str, Item] = {}
    beyond: dict[str, Item] = {}
    for mark, shown in zip(scene.marks, seen.tolist(), strict=True):
        fine = mark.exact or (mark.precision == "near" and mark.radius_km <= reach_km)
        if not shown:
            beyond[mark.item.id] = mark.item
        elif fine:
            chosen.setdefault(mark.item.id, mark)
        else:
            coarse[mark.item.id] = mark.item
    for _, items in (*scene.units, *scene.nations):
        coarse |= {item.id: item for item in items}
    rest = [item for name, item in coarse.items() if name not in chosen]
    gone = [i for name, i in beyond.items() if name not in chosen and name not in coarse]
    return list(chosen.values()), rest, gone


def _counted(plane: Plane, spots: Any, across: float) -> tuple[Any, Any, Any]:
    """Middles of cells that hold something, their counts, and the cell of each spot."""
    if not len(spots):
        return np.empty((0, 2)), np.empty(0, dtype=int), np.empty(0, dtype=int)
    origin, up = np.array(plane.origin), across * _ROOT3 / 2
    at = spots - origin
    low = np.floor(at[:, 1] / up)
    tried = []
    for row in (low, low + 1):
        shift = np.mod(row, 2) * across / 2
        column = np.round((at[:, 0] - shift) / across)
        middle = np.column_stack([column * across + shift, row * up])
        tried.append((np.hypot(*(at - middle).T), np.column_stack([row, column])))
    nearer = tried[0][0] <= tried[1][0]
    keys = np.where(nearer[:, None], tried[0][1], tried[1][1]).astype(int)
    cells, of, counts = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    x = cells[:, 1] * across + np.mod(cells[:, 0], 2) * across / 2
    return np.column_stack([x, cells[:, 0] * up]) + origin, counts, of.ravel()


def _at_sea(plane: Plane, land: Any, spots: Any, of: Any, cells: int) -> Any:
    """Which cells hold an incident that is at sea."""
    wet = np.zeros(cells, dtype=bool)
    if land is not None and len(spots):
        near = max(_COAST_KM * 1000 * plane.scale, 1.0)
        at = np.arange(len(spots))
        dry = land.query(shapely.points(spots), predicate="dwithin", distance=near)[0]
        wet[of[np.setdiff1d(at, dry)]] = True
    return wet


def _ashore(land: Any, shapes: Any) -> Any:
    """Cut shapes at the coast."""
    cell, piece = land.query(shapes, predicate="intersects")
    held: dict[int, list[Any]] = {}
    for i, shore in zip(cell.tolist(), land.geometries[piece], strict=True):
        held.setdefault(i, []).append(shore)
    cut = shapes.copy()
    for i, shores in held.items():
        if len(shores) > 1 or not shores[0].contains(shapes[i]):
            cut[i] = shapely.union_all(shapely.intersection(np.array(shores), shapes[i]))
    return cut


def _land(plane: Plane) -> Any:
    """Land as a tree of its parts."""
    wide = plane.km_wide > _OVERVIEW_KM
    rows = within("countries_overview" if wide else "countries", plane.extent)
    shapes = shapely.make_valid(np.array(plane.shapes(rows.geometry.values), dtype=object))
    parts = shapely.get_parts(shapely.get_parts(shapes))
    return shapely.STRtree(parts[shapely.area(parts) > 0])


def _breaks(most: int) -> tuple[int, ...]:
    """Round classes up to a count, not too many."""
    fine = [least for least in _FINE if least <= max(most, 1)]
    if len(fine) <= _MOST_CLASSES:
        return tuple(fine)
    return tuple(sorted({1, *fine[::-1][::2]}))


def _from_one(breaks: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted({1, *(least for least in breaks if least > 0)}))


def _hot(plane: Plane, made: Hexagons, most: int) -> tuple[HotSpot, ...]:
    """Find the fullest cells, apart from one another, each with its nearest town."""
    chosen: list[Cell] = []
    for cell in sorted(made.cells, key=lambda c: (-c.count, c.x, c.y)):
        if len(chosen) == most or cell.count < made.breaks[-1] / 4 or cell.count == 1:
            break
        gap = _APART * made.across
        if all(math.hypot(cell.x - c.x, cell.y - c.y) > gap for c in chosen):
            chosen.append(cell)
    rows = within("towns", plane.extent)
    at = plane.project(shapely.get_coordinates(rows.geometry.values))
    names = rows["name"].to_numpy()
    found = []
    for cell in chosen if len(rows) else ():
        away = np.hypot(at[:, 0] - cell.x, at[:, 1] - cell.y) / made.across
        inside = np.flatnonzero(away <= _WITHIN)
        # towns are held by class and size: the first in the cell says most
        best = int(inside[0]) if len(inside) else int(np.argmin(away))
        found.append(HotSpot(cell, str(names[best]) if away[best] <= _NEAR_TOWN else ""))
    return tuple(found)
