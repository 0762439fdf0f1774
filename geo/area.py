"""Is this place inside that area: certainly, possibly, or not?

A place known to 25 km is a disc, not a dot: where the disc only overlaps the area, the answer
is "possibly". Distances are geodesic on WGS 84, in km.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod

from geo.around import Around
from geo.errors import FilterError
from geo.incident import ASSUMED_RADIUS_KM, Incident, Point

FloatArray: TypeAlias = npt.NDArray[np.float64]
Where = Literal["inside", "possibly", "outside", "unknown"]
_RANK: tuple[Where, ...] = ("inside", "possibly", "outside", "unknown")
_WGS84 = Geod(ellps="WGS84")
_CORNERS = 4


@dataclass(frozen=True, slots=True)
class BBox:
    """West, south, east, north in degrees; west > east crosses the 180th meridian."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        for name, value, limit in (
            ("west", self.west, 180),
            ("east", self.east, 180),
            ("south", self.south, 90),
            ("north", self.north, 90),
        ):
            if not math.isfinite(value) or abs(value) > limit:
                msg = f"bbox {name} is {value!r}: must be a number from -{limit} to {limit}"
                raise FilterError(msg)
        if self.south > self.north:
            msg = f"bbox south {self.south:g} is above north {self.north:g}: the order is W,S,E,N"
            raise FilterError(msg)

    def spans(self) -> tuple[tuple[float, float], ...]:
        """Longitude intervals, two of them where the box crosses the 180th meridian."""
        if self.west <= self.east:
            return ((self.west, self.east),)
        return ((self.west, 180.0), (-180.0, self.east))

    def contains(self, point: Point) -> bool:
        """Whether a position lies in the box, edges included."""
        return self.south <= point.lat <= self.north and any(
            west <= point.lon <= east for west, east in self.spans()
        )


@dataclass(frozen=True, slots=True)
class Circle:
    """All places within `radius_km` of a centre."""

    centre: Point
    radius_km: float

    def __post_init__(self) -> None:
        BBox(self.centre.lon, self.centre.lat, self.centre.lon, self.centre.lat)
        if not (math.isfinite(self.radius_km) and 0 < self.radius_km <= 20_000):
            msg = f"near radius is {self.radius_km!r} km: must be above 0 and at most 20000"
            raise FilterError(msg)


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed ring of positions, drawn by hand or taken from a unit; no holes."""

    ring: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if len(self.ring) < _CORNERS or self.ring[0] != self.ring[-1]:
            msg = f"polygon has {len(self.ring)} positions: at least 4, the last like the first"
            raise FilterError(msg)
        for lon, lat in self.ring:
            BBox(lon, lat, lon, lat)
        if not _shape(self).is_valid:
            msg = "polygon crosses itself: draw a ring that does not"
            raise FilterError(msg)


Area = BBox | Circle | Polygon | Around


def distance_km(a: Point, b: Point) -> float:
    """Geodesic distance between two positions."""
    return float(_WGS84.inv(a.lon, a.lat, b.lon, b.lat)[2]) / 1000


def reach_km(incident: Incident) -> float:
    """How far from its point an incident may lie: its radius, else the assumed one, else 0."""
    if incident.radius_km is not None:
        return incident.radius_km
    return ASSUMED_RADIUS_KM.get(incident.precision, 0.0)


def classify(incident: Incident, area: Area) -> Where:
    """Say where an incident lies; with several sites, the most certain answer holds."""
    places = [(incident.point, reach_km(incident))] if incident.point else []
    for site in incident.sites:
        if site.point:
            assumed = ASSUMED_RADIUS_KM.get(site.precision, 0.0)
            places.append((site.point, site.radius_km or assumed))
    if not places:
        return "unknown"
    return min((lies(point, reach, area) for point, reach in places), key=_RANK.index)


def lies(point: Point, reach: float, area: Area) -> Where:
    """Say where a place known to `reach` km lies: "inside", "possibly" or "outside"."""
    if isinstance(area, Circle):
        depth = area.radius_km - distance_km(point, area.centre)
    elif isinstance(area, BBox):
        depth = _depth_in_box(point, area)
    elif isinstance(area, Around):
        depth = area.depth(point.lon, point.lat, reach=reach)
    else:
        depth = _depth_in_polygon(point, area)
    if depth >= reach:
        return "inside"
    return "possibly" if depth > -reach or depth >= 0 else "outside"


def _depth_in_box(point: Point, box: BBox) -> float:
    """Distance to the nearest edge in km: positive inside, negative outside."""
    world = box.east - box.west >= 360
    edges = [Point(point.lon, box.south), Point(point.lon, box.north)]
    if not box.contains(point):
        # outside: the nearest position of the box, by clamping to it
        lat = min(max(point.lat, box.south), box.north)
        lons = [min(max(point.lon, west), east) for west, east in box.spans()]
        lons += [box.west, box.east]
        return -min(distance_km(point, Point(lon, lat)) for lon in lons)
    if not world:
        edges += [Point(box.west, point.lat), Point(box.east, point.lat)]
    # an edge at a pole is no edge
    return min(
        (distance_km(point, edge) for edge in edges if abs(edge.lat) < 90),
        default=math.inf,
    )


def _depth_in_polygon(point: Point, area: Polygon) -> float:
    """Distance to the nearest edge in km: positive inside, negative outside."""
    inside = _shape(area).covers(shapely.Point(point.lon, point.lat))
    ring = _ring(area)
    # degrees of longitude are shorter than those of latitude: compare in the scale of the place,
    # and once round the world each way, since the shorter way may cross the 180th meridian
    scale = np.array([math.cos(math.radians(point.lat)), 1.0])
    turns = np.array([[-360.0, 0.0], [0.0, 0.0], [360.0, 0.0]])[:, None, :]
    vertices = (ring + turns - [point.lon, point.lat]) * scale
    starts, steps = vertices[:, :-1], np.diff(vertices, axis=1)
    length2 = np.maximum((steps**2).sum(axis=2), 1e-24)
    along = np.clip(-(starts * steps).sum(axis=2) / length2, 0.0, 1.0)
    nearest = (starts + along[..., None] * steps).reshape(-1, 2)
    far = np.hypot(nearest[:, 0], nearest[:, 1])
    # the scale holds at the place only: measure whatever might be nearest
    some = nearest[far <= 1.2 * far.min() + 1e-9]
    lons = point.lon + some[:, 0] / max(scale[0], 1e-9)
    lats = np.clip(point.lat + some[:, 1], -90.0, 90.0)
    here = np.full_like(lons, point.lon), np.full_like(lats, point.lat)
    km = float(_WGS84.inv(*here, lons, lats)[2].min()) / 1000
    return km if inside else -km


@lru_cache(maxsize=64)
def _ring(area: Polygon) -> FloatArray:
    return np.array(area.ring, dtype=np.float64)


@lru_cache(maxsize=64)
def _shape(area: Polygon) -> shapely.Polygon:
    return shapely.Polygon(area.ring)
