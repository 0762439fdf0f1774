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
from geo.boundaries import line_classes, lines
from geo.snapshot.sheet.projection import Plane, Rect

FINE = 10
# the frame is this wide or this high, whichever is reached first; screens are wide or upright
_SIDE = 1000.0
_WIDEST, _SLIMMEST, _MARGIN = 1.75, 0.8, 1.04
OVERVIEW_KM, UNITS_KM, _RIVERS_KM = 3000.0, 2600.0, 6000.0
_STEPS_DEGREES = (0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 20, 30)
_LEAST_LAKE, _LEAST_ISLAND = 4.0, 0.6
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
    return grown if grown.kind == tight.kind else Plane(frame, Rect(0, 0, across, up))


def ground(plane: Plane, frame: BBox) -> dict[str, Any]:
    """Write everything that lies under the incidents."""
    outline = _outline(plane, frame)
    km = km_of(plane, frame)
    wide = km > OVERVIEW_KM
    land = plane.shapes(_rows("countries_overview" if wide else "countries", plane))
    lakes = [lake for lake in plane.shapes(_rows("lakes", plane)) if lake.area > _LEAST_LAKE]
    units = _rows("admin1_lines", plane) if km <= UNITS_KM else []
    rivers = _rows("rivers", plane) if km <= _RIVERS_KM else []
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
        "km": _scale(plane),
    }


def km_of(plane: Plane, frame: BBox) -> float:
    """Width of the frame: it decides what is drawn, not the room around it."""
    west, _, east, _ = _outline(plane, frame).bounds
    return float(plane.km_wide * (east - west) / plane.rect.width)


def flat(plane: Plane, shapes: Sequence[Any], *, least: float = 0.0) -> list[list[int]]:
    """Rings and lines as whole numbers: the first position, then the steps from each to the next.

    Rings smaller than `least` are left out.
    """
    found = []
    frame = shapely.box(*plane.rect.box)
    for shape in shapes:
        seen = shape if frame.contains(shape) else cut(shape, frame)
        for part in shapely.get_parts(flattened(seen)):
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


def cut(shape: Any, frame: Any) -> Any:
    """Leave what lies in the frame, whatever shape it came as."""
    if shape.is_empty or not shape.intersects(frame):
        return shapely.Point()
    return shapely.intersection(shapely.make_valid(shape), frame)


def flattened(shape: Any) -> Any:
    """Put the parts of parts side by side."""
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


def _scale(plane: Plane) -> list[list[float]]:
    """Kilometres that a unit is long from left to right, on a grid; 0 off the globe."""
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


def polygons(shape: Any, frame: Any) -> list[Any]:
    """Polygons of a shape within the frame."""
    return [p for p in shapely.get_parts(flattened(cut(shape, frame))) if p.geom_type == "Polygon"]


def country_spot(plane: Plane, code: str) -> list[int] | None:
    """Where a country's tag stands, None where the plane shows nothing of it."""
    table = load("countries_overview")
    rows = table[table["iso3"] == code]
    if rows.empty:
        return None
    shape = shapely.union_all(plane.shapes(rows.geometry.values))
    parts = polygons(shape, shapely.box(*plane.rect.box))
    if not parts:
        return None
    middle = plane.project(rows[["lon", "lat"]].to_numpy(dtype=float)[:1])[0]
    if not any(shapely.contains_xy(part, *middle) for part in parts):
        inside = shapely.point_on_surface(max(parts, key=lambda part: part.area))
        middle = shapely.get_coordinates(inside)[0]
    return spot(plane, middle)
