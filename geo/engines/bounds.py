"""Which places surely lie in an area, and which surely do not, by arithmetic alone?

An engine has no geodesics. But a radian of a great circle, drawn through the same degrees, is
never shorter on WGS 84 than its narrowest curvature, nor longer than its widest: what lies
beyond these bounds is decided by an engine, and the ring between them is left to `geo.area`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, TypeAlias

import ibis
import numpy as np
import numpy.typing as npt
import shapely

from geo.area import Area, BBox, Circle
from geo.around import Around

_Floats: TypeAlias = npt.NDArray[np.float64]
# km of the ellipsoid for a radian of degrees: radii of curvature lie between these two
_LEAST, _MOST = 6_335.4, 6_399.6
# engines round sines each in their own way: far more than that, far less than matters
_SLACK = 0.01
_DEEP = 4


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of each place: surely in the area or reaching into it, and perhaps; neither is surely not."""

    surely: Any
    perhaps: Any


def bounds(lon: Any, lat: Any, reach: Any, area: Area) -> Verdict:
    """Say of places what arithmetic can say.

    Parameters
    ----------
    lon, lat, reach
        Ibis expressions of degrees, and of km that a place may be off.
    area
        The area asked about.
    """
    if isinstance(area, BBox):
        near = _near(lat, reach, (area.south, area.north), _angle_to_box(lon, lat, area))
        return Verdict(_in_box(lon, lat, area), near)
    if isinstance(area, Circle):
        away = _angle(lon, lat, area.centre.lon, area.centre.lat)
        far = reach + area.radius_km
        near = _near(lat, far, (area.centre.lat, area.centre.lat), away)
        return Verdict(_only_where(near, away * _MOST + _SLACK < far), near)
    shape = area.shape if isinstance(area, Around) else shapely.Polygon(area.ring)
    km = area.km if isinstance(area, Around) else 0.0
    outline = _outline(area, shape)
    away = _least_angle(lon, lat, outline)
    near = _near(lat, reach + km, (outline[1], outline[3]), away)
    boxes = _inner(shape)
    if not boxes:
        return Verdict(ibis.literal(value=False), near)
    held = reduce(or_, (_in_box(lon, lat, box) for box in boxes))
    west, south, east, north = shape.bounds
    return Verdict(_only_where(_in_box(lon, lat, BBox(west, south, east, north)), held), near)


def _near(lat: Any, km: Any, between: tuple[float, float], away: Any) -> Any:
    """Whether it may be so near, however the ellipsoid runs."""
    south, north = between
    # no way is shorter than that from latitude to latitude; most places are too far by that alone
    up = (km + _SLACK) * (math.degrees(1) / _LEAST)
    return _only_where((lat + up >= south) & (lat - up <= north), away * _LEAST - _SLACK < km)


def _only_where(cheap: Any, dear: Any) -> Any:
    """Ask what is dear of those rows alone of which the cheap question holds."""
    return cheap.ifelse(dear, False)  # noqa: FBT003 its own signature


def touching(lon: _Floats, lat: _Floats, reach: _Floats, shape: Any) -> npt.NDArray[np.bool_]:
    """Say of places, already fetched, whether degrees so near could belong to a shape."""
    up = np.minimum((reach + _SLACK) / _LEAST, np.pi)
    # nothing so near lies farther from the equator, where degrees of longitude are shortest
    narrow = np.cos(np.minimum(np.abs(np.radians(lat)) + up, np.pi / 2))
    sine = np.sin(up / 2) / np.maximum(narrow, 1e-12)
    across = np.degrees(2 * np.arcsin(np.minimum(sine, 1.0)))
    along = np.degrees(up)
    met = np.zeros(len(lon), dtype=np.bool_)
    for turn in (-360.0, 0.0, 360.0):
        west, east = lon + turn - across, lon + turn + across
        near = (east >= -180) & (west <= 180) & ~met
        boxes = shapely.box(
            west[near], lat[near] - along[near], east[near], lat[near] + along[near]
        )
        met[near] = shapely.intersects(shape, boxes)
    return met


def in_box(lon: Any, lat: Any, box: BBox) -> Any:
    """Whether a position lies in a box, edges included, as `BBox.contains` says."""
    return _in_box(lon, lat, box)


def _in_box(lon: Any, lat: Any, box: BBox) -> Any:
    across = [(lon >= west) & (lon <= east) for west, east in box.spans()]
    return reduce(or_, across) & (lat >= box.south) & (lat <= box.north)


def _angle(lon: Any, lat: Any, to_lon: Any, to_lat: Any) -> Any:
    """Radians between two positions on a sphere, by the haversine."""
    here, there = lat.radians(), _radians(to_lat)
    up = ((there - here) / 2).sin()
    across = ((_radians(to_lon) - lon.radians()) / 2).sin()
    whole = up * up + here.cos() * _cos(there) * across * across
    return 2 * ibis.least(whole, 1.0).sqrt().asin()


def _angle_to_box(lon: Any, lat: Any, box: BBox) -> Any:
    """Radians to the positions of a box that `geo.area` measures: on its edges, clamped to it."""
    level = ibis.greatest(ibis.least(lat, box.north), box.south)
    edges: list[Any] = [ibis.greatest(ibis.least(lon, e), w) for w, e in box.spans()]
    edges += [ibis.literal(box.west, "float64"), ibis.literal(box.east, "float64")]
    return ibis.least(*(_angle(lon, lat, edge, level) for edge in edges))


def _least_angle(lon: Any, lat: Any, outline: tuple[float, float, float, float]) -> Any:
    """Radians that a position is at least away from degrees west, south, east, north."""
    west, south, east, north = outline
    turns = [ibis.greatest(west - lon - turn, lon + turn - east) for turn in (-360, 0, 360)]
    gap = ibis.greatest(ibis.least(*turns), 0.0)
    # to the meridian at the edge, or to the pole where that is nearer
    across = (lat.radians().cos() * ibis.least(gap, 90.0).radians().sin()).asin()
    along = ibis.greatest(south - lat, lat - north, 0.0).radians()
    return ibis.greatest(across, along)


def _outline(area: Area, shape: Any) -> tuple[float, float, float, float]:
    """Degrees west, south, east, north of all that an area is made of."""
    spots: list[tuple[float, float]] = []
    if isinstance(area, Around):
        spots += area.points
        spots += (spot for path in area.paths() for spot in path)
    if not shape.is_empty:
        west, south, east, north = shape.bounds
        spots += ((west, south), (east, north))
    lons, lats = zip(*spots, strict=True)
    return min(lons), min(lats), max(lons), max(lats)


def _inner(shape: Any) -> Sequence[BBox]:
    """Boxes that lie wholly in a shape, as many as a few halvings find."""
    if shape.is_empty:
        return ()
    shapely.prepare(shape)
    return tuple(BBox(*box) for box in _covered(shape, shape.bounds, _DEEP))


def _covered(
    shape: Any, box: tuple[float, float, float, float], deep: int
) -> Iterable[tuple[float, float, float, float]]:
    ground = shapely.box(*box)
    if shapely.contains_properly(shape, ground):
        yield box
    elif deep and shapely.intersects(shape, ground):
        west, south, east, north = box
        lon, lat = (west + east) / 2, (south + north) / 2
        for west_, east_ in ((west, lon), (lon, east)):
            for south_, north_ in ((south, lat), (lat, north)):
                yield from _covered(shape, (west_, south_, east_, north_), deep - 1)


def _radians(degrees: Any) -> Any:
    return math.radians(degrees) if isinstance(degrees, (int, float)) else degrees.radians()


def _cos(radians: Any) -> Any:
    return math.cos(radians) if isinstance(radians, float) else radians.cos()
