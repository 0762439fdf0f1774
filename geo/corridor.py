"""Which ground lies within a distance of points, routes and areas, as a shape to draw?

The law of who is inside is `geo.around`; this is its picture, true to 1 % of the distance.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer

from geo.around import Around, FloatArray, Line

_HALF_TURN = 180.0
# positions drawn in one plane: it keeps distances to 1 % within 1,000 km of its middle
_PIECE = 2.0
_QUARTER = 32


@lru_cache(maxsize=64)
def outline(area: Around) -> Any:
    """Outline in degrees, in parts on both sides of the 180th meridian where it crosses it."""
    parts = [area.shape] if area.areas else []
    if area.km > 0:
        pieces: list[Line] = [(spot,) for spot in area.points]
        pieces += [piece for path in area.paths() for piece in _pieces(path)]
        for piece in pieces:
            parts += _within(piece, area.km)
    return shapely.set_precision(shapely.union_all(parts), 1e-6)


def cut(shape: Any) -> list[Any]:
    """Bring a polygon that runs beyond 180 degrees back, in parts."""
    made = []
    for turn in (-360.0, 0.0, 360.0):
        part = shape.intersection(shapely.box(turn - _HALF_TURN, -90, turn + _HALF_TURN, 90))
        made += [
            shapely.transform(piece, lambda xy, by=turn: xy - (by, 0.0))
            for piece in shapely.get_parts(part)
            if piece.geom_type == "Polygon" and piece.area > 0
        ]
    return made


def _pieces(path: Line) -> Iterator[Line]:
    """Parts of a path that one plane can hold, each beginning where the last one ends."""
    piece = [path[0]]
    for spot in path[1:]:
        piece.append(spot)
        first = piece[0]
        if max(abs(spot[0] - first[0]), abs(spot[1] - first[1])) >= _PIECE:
            yield tuple(piece)
            piece = [spot]
    if len(piece) > 1 or len(path) == 1:
        yield tuple(piece)


def _within(piece: Line, km: float) -> list[Any]:
    spots = np.array(piece)
    lon, lat = ((spots.min(axis=0) + spots.max(axis=0)) / 2).tolist()
    plane = CRS.from_proj4(f"+proj=aeqd +lat_0={lat!r} +lon_0={lon!r} +datum=WGS84 +units=m")
    to = Transformer.from_crs("OGC:CRS84", plane, always_xy=True)
    flat = np.column_stack(to.transform(spots[:, 0], spots[:, 1]))
    line = shapely.LineString(flat) if len(flat) > 1 else shapely.Point(flat[0])
    near = shapely.buffer(line, km * 1000, quad_segs=_QUARTER)
    edge, *holes = (_placed(ring, to) for ring in (near.exterior, *near.interiors))
    gap = shapely.union_all(list(chain.from_iterable(holes)))
    # a route that comes back to where it began leaves its middle out
    return [shapely.difference(part, gap) for part in edge]


def _placed(ring: Any, to: Transformer) -> list[Any]:
    flat = shapely.get_coordinates(ring)
    lons, lats = to.transform(flat[:, 0], flat[:, 1], direction="INVERSE")
    return cut(_closed(np.unwrap(np.asarray(lons), period=360), np.asarray(lats)))


def _closed(lons: FloatArray, lats: FloatArray) -> Any:
    """Make the polygon of a ring; one that goes round a pole reaches up to it."""
    spots = list(zip(lons.tolist(), lats.tolist(), strict=True))
    if abs(lons[-1] - lons[0]) > _HALF_TURN:
        pole = 90.0 if lats.mean() > 0 else -90.0
        spots += [(float(lons[-1]), pole), (float(lons[0]), pole)]
    shape = shapely.Polygon(spots)
    if not shape.is_valid:
        shape = shapely.make_valid(shape)
    middle = 360 * np.round(float(lons.mean()) / 360)
    return shapely.transform(shape, lambda xy: xy - (middle, 0.0))
