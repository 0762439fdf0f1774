"""What ground does the page of a briefing hold, so that it draws its map without a network?

Land, water, lines and names of the brief's own projection, as whole numbers: tenths of a unit
of a plane whose y runs down, as on a screen. The map may be panned as far as this ground goes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from pyproj import Geod

from geo.area import BBox
from geo.basemap import LayerName, load, within
from geo.boundaries import line_classes, lines, may_name_state
from geo.snapshot.sheet.projection import Plane, Rect

FINE = 10
# the frame is this wide or this high, whichever is reached first; screens are wide or upright
_SIDE = 1000.0
_WIDEST, _SLIMMEST, _MARGIN = 1.75, 0.95, 1.04
_OVERVIEW_KM, _UNITS_KM, _RIVERS_KM = 3000.0, 2600.0, 6000.0
_STEPS_DEGREES = (0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 20, 30)
_LEAST_LAKE, _LEAST_ISLAND = 4.0, 0.6
_MOST_TOWNS, _MOST_UNITS, _MOST_STATES = 400, 160, 60
_ANCHORS, _STRETCHES = 5, 24
_GRID = 6
_WGS84 = Geod(ellps="WGS84")


def plane_for(frame: BBox) -> Plane:
    """Fit a frame into a plane with room around it for wide and for upright screens.

    The projection is the one a picture of this frame has.
    """
    tight = Plane(frame, Rect(0, 0, _SIDE, _SIDE))
    west, south, east, north = tight.outline.bounds
    across, up = east - west, north - south
    wide = max(across, up * _WIDEST) * _MARGIN
    high = max(up, across / _SLIMMEST) * _MARGIN
    grown = Plane(_grown(frame, wide / across, high / up), Rect(0, 0, wide, high))
    return grown if grown.name == tight.name else Plane(frame, Rect(0, 0, across, up))


def ground(plane: Plane, frame: BBox) -> dict[str, Any]:
    """Write everything that lies under the incidents."""
    wide = plane.km_wide > _OVERVIEW_KM
    land = plane.shapes(_rows("countries_overview" if wide else "countries", plane))
    lakes = [lake for lake in plane.shapes(_rows("lakes", plane)) if lake.area > _LEAST_LAKE]
    units = _rows("admin1_lines", plane) if plane.km_wide <= _UNITS_KM else []
    outline = _outline(plane, frame)
    rivers = _rows("rivers", plane) if plane.km_wide <= _RIVERS_KM else []
    return {
        "size": [round(plane.rect.width * FINE), round(plane.rect.height * FINE)],
        "frame": flat(plane, [outline]),
        "home": _home(plane, outline),
        "land": flat(plane, land, least=_LEAST_ISLAND),
        "lakes": flat(plane, lakes),
        "rivers": flat(plane, plane.shapes(rivers)),
        "units": flat(plane, plane.shapes(units)),
        "grid": flat(plane, _graticule(plane)),
        "lines": list(_lines(plane, wide=wide)),
        "names": {
            "lines": list(_line_names(plane, wide=wide)),
            "states": list(_states(plane)),
            "towns": list(_towns(plane)),
            "units": list(_units(plane)) if plane.km_wide <= _UNITS_KM else [],
        },
        "km": _scale(plane),
    }


def flat(plane: Plane, shapes: Sequence[Any], *, least: float = 0.0) -> list[list[int]]:
    """Rings and lines as whole numbers: the first position, then the steps from each to the next.

    Rings smaller than `least` are left out.
    """
    found = []
    frame = shapely.box(*plane.rect.box)
    for shape in shapes:
        seen = shape if frame.contains(shape) else _cut(shape, frame)
        for part in shapely.get_parts(_flattened(seen)):
            if part.geom_type not in ("Polygon", "LineString") or part.is_empty:
                continue
            if part.geom_type == "Polygon" and part.area < least:
                continue
            rings = [part] if part.geom_type == "LineString" else shapely.get_rings(part)
            found += [steps for ring in rings if (steps := _steps(plane, ring))]
    return found


def spot(plane: Plane, xy: Any) -> list[int]:
    """One position in whole numbers."""
    return [round(float(xy[0]) * FINE), round((plane.rect.height - float(xy[1])) * FINE)]


def _cut(shape: Any, frame: Any) -> Any:
    if shape.is_empty or not shape.intersects(frame):
        return shapely.Point()
    return shapely.intersection(shapely.make_valid(shape), frame)


def _flattened(shape: Any) -> Any:
    parts = shapely.get_parts(shape)
    while any(hasattr(part, "geoms") for part in parts):
        parts = shapely.get_parts(parts)
    return shapely.GeometryCollection(list(parts))


def _steps(plane: Plane, line: Any) -> list[int]:
    xy = shapely.get_coordinates(line)
    whole = np.rint(np.column_stack([xy[:, 0], plane.rect.height - xy[:, 1]]) * FINE).astype(int)
    moved = np.vstack([whole[:1], np.diff(whole, axis=0)])
    kept = np.any(moved != 0, axis=1)
    kept[0] = True
    return moved[kept].ravel().tolist() if kept.sum() > 1 else []


def _rows(name: LayerName, plane: Plane) -> Any:
    return within(name, plane.extent).geometry.values


def _grown(frame: BBox, wider: float, higher: float) -> BBox:
    """Grow a frame around its middle, so that the projection stays the same."""
    span = (frame.east - frame.west) % 360 or 360.0
    more = min(span * (wider - 1) / 2, (359.0 - span) / 2)
    if more <= 0:
        return frame
    up = (frame.north - frame.south) * (higher - 1) / 2
    up = max(min(up, 89.5 - frame.north, 89.5 + frame.south), 0.0)
    west, east = ((lon + 180) % 360 - 180 for lon in (frame.west - more, frame.east + more))
    return BBox(west, frame.south - up, east, frame.north + up)


def _outline(plane: Plane, frame: BBox) -> Any:
    """Edge of the frame in the plane."""
    span = (frame.east - frame.west) % 360 or (360.0 if frame.east != frame.west else 0.0)
    lon = np.linspace(frame.west, frame.west + span, 41)
    lat = np.linspace(frame.south, frame.north, 41)
    edge = [
        np.column_stack([lon, np.full(41, frame.south)]),
        np.column_stack([np.full(41, frame.west + span), lat]),
        np.column_stack([lon[::-1], np.full(41, frame.north)]),
        np.column_stack([np.full(41, frame.west), lat[::-1]]),
    ]
    return shapely.Polygon(plane.project(np.vstack(edge)))


def _home(plane: Plane, outline: Any) -> list[int]:
    """Bounds of the frame: where the map looks at first."""
    west, south, east, north = outline.bounds
    return [*spot(plane, (west, north)), *spot(plane, (east, south))]


def _graticule(plane: Plane) -> list[Any]:
    extent = plane.extent
    west, east = extent.west, extent.west + ((extent.east - extent.west) % 360 or 360)
    span = max(east - west, extent.north - extent.south)
    step = next((s for s in _STEPS_DEGREES if span / s <= 8), _STEPS_DEGREES[-1])
    lat = np.linspace(extent.south, extent.north, 40)
    lon = np.linspace(west, east, 80)
    made = [
        np.column_stack([np.full(40, at), lat])
        for at in np.arange(math.ceil(west / step) * step, east, step)
    ]
    made += [
        np.column_stack([lon, np.full(80, at)])
        for at in np.arange(math.ceil(extent.south / step) * step, extent.north, step)
    ]
    projected = [plane.project(each) for each in made]
    finite = [xy[np.isfinite(xy).all(axis=1)] for xy in projected]
    return [shapely.simplify(shapely.LineString(xy), 0.3) for xy in finite if len(xy) > 1]


def _lines(plane: Plane, *, wide: bool) -> Iterator[dict[str, Any]]:
    """Boundaries by class, with the names of those that have one."""
    rows = lines(plane.extent, overview=wide)
    shapes = plane.shapes(rows.geometry.values)
    for kind in line_classes().values():
        mine = (rows["line_class"] == kind.id).to_numpy()
        held = [shape for shape, chosen in zip(shapes, mine, strict=True) if chosen]
        parts = flat(plane, held)
        if parts:
            names = sorted({name for name in rows["label"][mine] if name})
            yield {
                "label": kind.label,
                "dash": list(kind.dash),
                "width": kind.width,
                "names": names,
                "parts": parts,
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
        line = shapely.line_merge(_flattened(shapely.union_all(held)))
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
        seen = _cut(shape, frame)
        parts = [p for p in shapely.get_parts(_flattened(seen)) if p.geom_type == "Polygon"]
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
        [[x + a * half * 1.15, y + b * half * 0.3] for a in np.linspace(-1, 1, 9) for b in (-1, 0, 1)]
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
        for n, (name, rank, (x, y)) in enumerate(
            zip(rows["name"], rows["class"], xy, strict=True)
        )
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
        seen = _cut(shape, frame)
        parts = [p for p in shapely.get_parts(_flattened(seen)) if p.geom_type == "Polygon"]
        if parts:
            largest = max(parts, key=lambda part: part.area)
            found.append((-float(largest.area), str(name), largest))
    for _, name, shape in sorted(found, key=lambda s: s[:2])[:_MOST_UNITS]:
        for x, y, half in list(_anchors(shape))[:1]:
            yield [name, *spot(plane, (x, y)), round(half * FINE)]


def _scale(plane: Plane) -> list[list[float]]:
    """Kilometres that a unit is long from left to right, on a grid of the plane; 0 off the globe."""
    rect = plane.rect
    made = []
    for up in range(_GRID):
        y = rect.height * (1 - up / (_GRID - 1))
        row = []
        for across in range(_GRID):
            x = rect.width * across / (_GRID - 1)
            (lon0, lat0), (lon1, lat1) = plane.ground([[x - 2, y], [x + 2, y]])
            there = all(math.isfinite(n) for n in (lon0, lat0, lon1, lat1))
            km = float(_WGS84.inv(lon0, lat0, lon1, lat1)[2]) / 4000 if there else 0.0
            row.append(float(f"{km:.4g}"))
        made.append(row)
    return made


def country_spot(plane: Plane, code: str) -> list[int] | None:
    """Where a country's tag stands, None where the plane shows nothing of it."""
    table = load("countries_overview")
    rows = table[table["iso3"] == code]
    if rows.empty:
        return None
    seen = _cut(shapely.union_all(plane.shapes(rows.geometry.values)), shapely.box(*plane.rect.box))
    parts = [p for p in shapely.get_parts(_flattened(seen)) if p.geom_type == "Polygon"]
    if not parts:
        return None
    middle = plane.project(rows[["lon", "lat"]].to_numpy(dtype=float)[:1])[0]
    if not shapely.contains_xy(seen, *middle):
        middle = shapely.get_coordinates(shapely.point_on_surface(max(parts, key=lambda p: p.area)))[0]
    return spot(plane, middle)
