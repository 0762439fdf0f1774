"""Which names may stand on the page's map, and at which spots, by how much room there is?

The script chooses among them for each view: the more it zooms in, the more names find room. No
state's name is offered on ground that is disputed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from geo.basemap import within
from geo.boundaries import lines, may_name_state
from geo.snapshot.files.html_ground import (
    FINE,
    OVERVIEW_KM,
    UNITS_KM,
    flattened,
    polygons,
    spot,
)
from geo.snapshot.sheet.projection import Plane

_MOST_TOWNS, _MOST_UNITS, _MOST_STATES = 400, 160, 60
_ANCHORS, _STRETCHES = 5, 24


def names(plane: Plane, km: float) -> dict[str, Any]:
    """Write the names of lines, states, towns and, where the frame is `km` small, provinces."""
    return {
        "lines": list(_line_names(plane, wide=km > OVERVIEW_KM)),
        "states": list(_states(plane)),
        "towns": list(_towns(plane)),
        "units": list(_units(plane)) if km <= UNITS_KM else [],
    }


def _line_names(plane: Plane, *, wide: bool) -> Iterator[list[Any]]:
    """Straight stretches of named lines: name, middle, slope, length in units."""
    rows = lines(plane.extent, overview=wide)
    named: dict[str, list[Any]] = {}
    frame = shapely.box(*plane.rect.box)
    shapes = plane.shapes(rows.geometry.values)
    for shape, name in zip(shapes, rows["label"], strict=True):
        if name and not shape.is_empty:
            named.setdefault(name, []).append(shapely.intersection(shape, frame))
    for name, held in sorted(named.items()):
        line = shapely.line_merge(flattened(shapely.union_all(held)))
        for length in (160.0, 80.0, 40.0, 16.0):
            found = []
            for part in shapely.get_parts(line):
                for start in np.arange(0, part.length - length, length / 2):
                    ends = [part.interpolate(start), part.interpolate(start + length)]
                    x0, y0, x1, y1 = ends[0].x, ends[0].y, ends[1].x, ends[1].y
                    bend = 1 - math.hypot(x1 - x0, y1 - y0) / length
                    turn = (math.degrees(math.atan2(y0 - y1, x1 - x0)) + 90) % 180 - 90
                    found.append((bend, (x0 + x1) / 2, (y0 + y1) / 2, turn))
            for bend, x, y, turn in sorted(found)[:_STRETCHES]:
                if bend < 0.25:
                    yield [name, *spot(plane, (x, y)), round(turn), round(length * FINE)]


def _states(plane: Plane) -> Iterator[list[Any]]:
    """Names of states with spots where a name of some size offends nobody.

    Name, then for each spot its position and half the width that is free of disputed ground.
    """
    rows = within("countries_overview", plane.extent)
    frame = shapely.box(*plane.rect.box)
    found = []
    for name, code, shape in zip(
        rows["name"], rows["code"], plane.shapes(rows.geometry.values), strict=True
    ):
        parts = polygons(shape, frame)
        if parts:
            largest = max(parts, key=lambda part: part.area)
            found.append((-float(largest.area), str(name), str(code), largest))
    for _, name, code, shape in sorted(found, key=lambda s: s[:3])[:_MOST_STATES]:
        spots = [
            [*spot(plane, (x, y)), round(half * FINE)]
            for x, y, half in _anchors(shape)
            if _nobody_minds(plane, x, y, half, code)
        ]
        if spots:
            yield [name, spots]


def _anchors(shape: Any) -> Iterator[tuple[float, float, float]]:
    """Middles of the largest circles in a shape, each cut out for the next."""
    left = shape
    for _ in range(_ANCHORS):
        parts = [p for p in shapely.get_parts(left) if p.geom_type == "Polygon"]
        largest = max(parts, key=lambda part: part.area, default=None)
        if largest is None or largest.area < 20:
            return
        tolerance = max(math.sqrt(largest.area) / 40, 0.5)
        radius_line = shapely.maximum_inscribed_circle(largest, tolerance)
        (x, y), _ = shapely.get_coordinates(radius_line)
        # a name is wide and low: it may be wider than the circle, not wider than the shape
        row = shapely.LineString([(x - 600, y), (x + 600, y)]).intersection(largest)
        half = max(min(x - row.bounds[0], row.bounds[2] - x), radius_line.length)
        yield float(x), float(y), float(min(half, radius_line.length * 2.2))
        left = largest.difference(shapely.Point(x, y).buffer(radius_line.length * 1.4, 8))


def _nobody_minds(plane: Plane, x: float, y: float, half: float, code: str) -> bool:
    around = plane.ground(
        [
            [x + a * half * 1.15, y + b * half * 0.3]
            for a in np.linspace(-1, 1, 9)
            for b in (-1, 0, 1)
        ]
    )
    return all(
        math.isfinite(lon) and may_name_state(float(lon), float(lat), code) for lon, lat in around
    )


def _towns(plane: Plane) -> Iterator[list[Any]]:
    """Towns by class, the largest first: name, class, position."""
    rows = within("towns", plane.extent)
    xy = plane.project(shapely.get_coordinates(rows.geometry.values))
    west, south, east, north = plane.rect.box
    kept = [
        (int(rank), n, str(name), x, y)
        for n, (name, rank, (x, y)) in enumerate(zip(rows["name"], rows["class"], xy, strict=True))
        if west < x < east and south < y < north
    ]
    for rank, _, name, x, y in sorted(kept)[:_MOST_TOWNS]:
        yield [name, rank, *spot(plane, (x, y))]


def _units(plane: Plane) -> Iterator[list[Any]]:
    """Names of provinces: name, position, half the width there is."""
    rows = within("admin1", plane.extent)
    frame = shapely.box(*plane.rect.box)
    found = []
    for name, shape in zip(rows["name"], plane.shapes(rows.geometry.values), strict=True):
        parts = polygons(shape, frame)
        if parts:
            largest = max(parts, key=lambda part: part.area)
            found.append((-float(largest.area), str(name), largest))
    for _, name, shape in sorted(found, key=lambda s: s[:2])[:_MOST_UNITS]:
        for x, y, half in list(_anchors(shape))[:1]:
            yield [name, *spot(plane, (x, y)), round(half * FINE)]
