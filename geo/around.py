"""How far is a place from a set of points, routes and areas, and is that near enough?

Distances are geodesic on WGS 84. The nearest position is looked for in space, where neither the
180th meridian nor a pole is special, and then measured on the ground.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod

from geo.errors import FilterError

Line: TypeAlias = tuple[tuple[float, float], ...]
FloatArray: TypeAlias = npt.NDArray[np.float64]
MAX_KM = 1_000.0
MAX_POSITIONS = 5_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}(?:@[0-9a-f]{12})?\Z")
_WGS84 = Geod(ellps="WGS84")
_MAJOR_KM, _ECCENTRICITY2 = 6378.137, 6.69437999014e-3
# degrees between positions of an edge, so that a chord runs at most 15 m below it
_STEP = 0.25
_RING = 4
_BLOCK = 32


@dataclass(frozen=True, slots=True)
class Around:
    """All places within `km` of points, routes and areas; 0 km is within the areas.

    `name` says whose they are; of an area the first ring is its edge, the others are holes.
    """

    name: str
    km: float
    points: Line = ()
    lines: tuple[Line, ...] = ()
    areas: tuple[tuple[Line, ...], ...] = ()
    _ground: _Ground = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not _NAME.match(self.name):
            msg = f"around name is {self.name[:80]!r}: must be that of a context layer"
            raise FilterError(msg)
        least = 0 if self.areas else math.ulp(0)
        if not (math.isfinite(self.km) and least <= self.km <= MAX_KM):
            msg = (
                f"around distance is {self.km!r} km: must be above 0, or 0 for areas, "
                f"and at most {MAX_KM:g}"
            )
            raise FilterError(msg)
        held = [*self.points, *(spot for path in self._paths() for spot in path)]
        if not 0 < len(held) <= MAX_POSITIONS:
            msg = f"around has {len(held):,} positions: must be 1 to {MAX_POSITIONS:,}"
            raise FilterError(msg)
        for lon, lat in held:
            if not (abs(lon) <= 180 and abs(lat) <= 90):
                msg = f"around position {lon:g},{lat:g} is no longitude and latitude"
                raise FilterError(msg)
        for ring in (ring for area in self.areas for ring in area):
            if len(ring) < _RING or ring[0] != ring[-1]:
                msg = f"around has an area of {len(ring)} positions: at least 4, the last the first"
                raise FilterError(msg)
        shape = shapely.MultiPolygon([(area[0], area[1:]) for area in self.areas])
        if not shape.is_valid:
            msg = "around has areas that cross themselves or each other"
            raise FilterError(msg)
        shapely.prepare(shape)
        object.__setattr__(self, "_ground", _Ground(shape, self.points, tuple(self._paths())))

    def _paths(self) -> Iterator[Line]:
        yield from self.lines
        for area in self.areas:
            yield from area

    def depth(self, lon: float, lat: float, *, reach: float = 0.0) -> float:
        """Say how deep inside a position lies in km, negative outside.

        Beyond `reach` outside it may be an estimate, on the near side of the truth.
        """
        return self._ground.depth(lon, lat, self.km, reach)

    @property
    def shape(self) -> Any:
        """Areas as they are, without what lies around them."""
        return self._ground.shape

    def paths(self) -> tuple[Line, ...]:
        """Routes and edges of areas, positions at most a quarter degree apart."""
        return self._ground.paths


class _Ground:
    """Edges in space, made once for each `Around`."""

    def __init__(self, shape: Any, points: Line, paths: tuple[Line, ...]) -> None:
        self.shape = shape
        self.paths = tuple(_dense(path) for path in paths)
        edges = [edge for path in self.paths for edge in pairwise(path) if not self._seam(*edge)]
        edges += [(spot, spot) for spot in points]
        self._bare = not edges
        self._closed = not shape.is_empty
        held = np.array(edges or [((0.0, 0.0), (0.0, 0.0))])
        # blocks of neighbours, so that of most only the sphere around them is looked at
        held = np.concatenate((held, np.repeat(held[-1:], -len(held) % _BLOCK, axis=0)))
        self._starts = held[:, 0].reshape(-1, _BLOCK, 2)
        self._steps = held[:, 1].reshape(-1, _BLOCK, 2) - self._starts
        first = _space(held[:, 0]).reshape(-1, _BLOCK, 3)
        last = _space(held[:, 1]).reshape(-1, _BLOCK, 3)
        self._from, self._along = first, last - first
        self._length2 = np.maximum((self._along**2).sum(axis=2), 1e-18)
        both = np.concatenate((first, last), axis=1)
        self._centres = both.mean(axis=1)
        self._radii = np.linalg.norm(both - self._centres[:, None], axis=2).max(axis=1)
        middle = self._centres.mean(axis=0)
        self._middle = tuple(middle.tolist())
        far = np.linalg.norm(self._centres - middle, axis=1) + self._radii
        self._radius = float(far.max())

    def _seam(self, start: tuple[float, float], end: tuple[float, float]) -> bool:
        """Whether an edge is only that of the map: the area goes on beyond it."""
        middle = (start[1] + end[1]) / 2
        if abs(start[0]) == abs(end[0]) == 180:
            return bool(shapely.covers(self.shape, shapely.Point(-start[0], middle)))
        return abs(start[1]) == abs(end[1]) == 90

    def depth(self, lon: float, lat: float, km: float, reach: float) -> float:
        inside = self._closed and bool(shapely.covers(self.shape, shapely.Point(lon, lat)))
        if self._bare:
            return math.inf if inside else -math.inf
        spot = _space_of(lon, lat)
        whole = math.dist(spot, self._middle) - self._radius
        if not inside and whole > km + reach:
            return km - whole
        here = np.array(spot)
        centres = np.linalg.norm(self._centres - here, axis=1)
        # a straight line through the Earth is never longer than the way over it
        least = centres - self._radii
        nearest = float(least.min())
        if not inside and nearest > km + reach:
            return km - nearest
        maybe = least <= (centres + self._radii).min()
        off, edges = here - self._from[maybe], self._along[maybe]
        along = np.clip((off * edges).sum(axis=2) / self._length2[maybe], 0.0, 1.0)
        chord = np.linalg.norm(off - along[..., None] * edges, axis=2)
        # a few edges may be nearest, by the metres that a chord runs below the ground
        some = chord <= chord.min() * 1.001 + 0.05
        near = self._starts[maybe][some] + along[some][:, None] * self._steps[maybe][some]
        lons, lats = np.full(len(near), lon), np.full(len(near), lat)
        away = float(_WGS84.inv(lons, lats, near[:, 0], near[:, 1])[2].min()) / 1000
        return km + away if inside else km - away


def _dense(path: Line) -> Line:
    """Add positions along straight edges; an edge of more than half a turn goes the other way."""
    spots = np.array(path)
    lons = unwound(spots[:, 0])
    parts = [spots[:1] if len(spots) == 1 else np.empty((0, 2))]
    for at in range(len(spots) - 1):
        a, b = np.array((lons[at], spots[at, 1])), np.array((lons[at + 1], spots[at + 1, 1]))
        count = max(1, math.ceil(float(np.abs(b - a).max()) / _STEP))
        parts.append(a + (b - a) * np.linspace(0, 1, count, endpoint=False)[:, None])
    parts.append(np.array([[lons[-1], spots[-1, 1]]]) if len(spots) > 1 else np.empty((0, 2)))
    return tuple((float(lon), float(lat)) for lon, lat in np.vstack(parts))


def unwound(lons: FloatArray) -> FloatArray:
    """Longitudes without the jump at the 180th meridian, beyond 180 where a path crosses it."""
    turns = np.diff(lons)
    # a jump of a whole turn is the edge of a map of the world, not a crossing
    jumps = (np.abs(turns) > 180) & (np.abs(turns) < 360)
    shift = np.where(jumps, -360 * np.sign(turns), 0.0)
    return np.asarray(lons + np.concatenate(([0.0], np.cumsum(shift))), dtype=np.float64)


def _space(spots: FloatArray) -> FloatArray:
    """Positions on the ellipsoid as kilometres from the middle of the Earth."""
    lon, lat = np.radians(spots[:, 0]), np.radians(spots[:, 1])
    normal = _MAJOR_KM / np.sqrt(1 - _ECCENTRICITY2 * np.sin(lat) ** 2)
    flat = normal * np.cos(lat)
    return np.column_stack(
        (flat * np.cos(lon), flat * np.sin(lon), normal * (1 - _ECCENTRICITY2) * np.sin(lat))
    )


def _space_of(lon: float, lat: float) -> tuple[float, float, float]:
    """Do the same for one position, without the cost of an array."""
    east, north = math.radians(lon), math.radians(lat)
    normal = _MAJOR_KM / math.sqrt(1 - _ECCENTRICITY2 * math.sin(north) ** 2)
    flat = normal * math.cos(north)
    up = normal * (1 - _ECCENTRICITY2) * math.sin(north)
    return flat * math.cos(east), flat * math.sin(east), up


def write_around(area: Around) -> str:
    """Write as one line of text, whole: NAME,KM|p:…|l:…|a:…~hole."""
    parts = [f"{area.name},{_short(area.km)}"]
    if area.points:
        parts.append("p:" + _spots(area.points))
    parts += ["l:" + _spots(line) for line in area.lines]
    parts += ["a:" + "~".join(map(_spots, rings)) for rings in area.areas]
    return "|".join(parts)


def read_around(text: str) -> Around:
    """Read what `write_around` wrote.

    Raises
    ------
    FilterError, ValueError
        Where the text means nothing.
    """
    head, *parts = text.split("|")
    name, km = head.split(",")
    points: list[tuple[float, float]] = []
    lines: list[Line] = []
    areas: list[tuple[Line, ...]] = []
    for part in parts:
        kind, _, spots = part.partition(":")
        if kind == "p":
            points += _line(spots)
        elif kind == "l":
            lines.append(_line(spots))
        elif kind == "a":
            areas.append(tuple(map(_line, spots.split("~"))))
        else:
            raise ValueError
    return Around(name, _number(km), tuple(points), tuple(lines), tuple(areas))


def _line(text: str) -> Line:
    pairs = [tuple(map(_number, pair.split(","))) for pair in text.split(";")]
    return tuple((lon, lat) for lon, lat in pairs)


def _number(text: str) -> float:
    if "_" in text or not text.isascii():
        raise ValueError
    return float(text)


def _spots(line: Line) -> str:
    return ";".join(f"{_short(lon)},{_short(lat)}" for lon, lat in line)


def _short(number: float) -> str:
    return repr(float(number)).removesuffix(".0")
