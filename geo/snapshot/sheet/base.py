"""What ground lies under the incidents: land, water, units, boundaries, graticule?

Everything comes from the pack of `geo.basemap`; classes and dashes of boundaries from
`geo.boundaries`. A line's dash means its class and nothing else, so units are plain thin lines.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo.basemap import LayerName, within
from geo.boundaries import LineClass, line_classes, lines
from geo.snapshot.sheet.density import least
from geo.snapshot.sheet.fonts import Style
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.projection import Plane

SEA, LAND, COAST = "#dce8ef", "#f6f3ec", "#9fb3c2"
WATER, UNIT_LINE, BOUNDARY = "#a5c6dc", "#cfc7b8", "#5d5a56"
GRID, NEATLINE, MUTED = "#8798a8", "#77828b", "#52606b"
# beyond these widths in km the coarser layers serve, units vanish, rivers vanish
_OVERVIEW_KM, _UNITS_KM, _RIVERS_KM = 3000.0, 2600.0, 6000.0
_STEPS_DEGREES = (0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 20, 30)
_LEAST_LAKE = 12.0


@dataclass(frozen=True, slots=True)
class Ground:
    """What was drawn and what labels must keep clear of."""

    classes: tuple[LineClass, ...]
    boundaries: Any
    named: tuple[tuple[str, Any], ...]
    names: tuple[tuple[str, str], ...]


def draw_ground(page: Page, plane: Plane, *, draft: bool = False, grid: bool = True) -> Ground:
    """Draw the base map within the plane's rectangle; of a draft, the boundaries alone."""
    wide = plane.km_wide > _OVERVIEW_KM
    if draft:
        return _draw_boundaries(page, plane, wide=wide)
    page.box(*_xywh(plane), fill=SEA, z=0)
    countries = _layer(plane, "countries_overview" if wide else "countries")
    # land over its own outline leaves a line along the coast and none between countries
    _put(page, plane, countries, line=COAST, lw=1.4, z=0.5)
    _put(page, plane, countries, fill=LAND, line=LAND, lw=0.5, z=1)
    if plane.km_wide <= _UNITS_KM:
        _put(page, plane, _layer(plane, "admin1_lines"), line=UNIT_LINE, lw=0.55, z=1.2)
    if plane.km_wide <= _RIVERS_KM:
        _put(page, plane, _layer(plane, "rivers"), line=WATER, lw=0.8, z=1.3)
    lakes = [shape for shape in _layer(plane, "lakes") if shape.area > _LEAST_LAKE]
    _put(page, plane, lakes, fill=SEA, line=WATER, lw=0.4, z=1.4)
    if grid:
        _draw_grid(page, plane)
    page.box(*_xywh(plane), line=NEATLINE, lw=0.8, z=28)
    return _draw_boundaries(page, plane, wide=wide)


def _draw_boundaries(page: Page, plane: Plane, *, wide: bool) -> Ground:
    rows = lines(plane.extent, overview=wide)
    frame = shapely.box(*plane.rect.box)
    shapes = [shapely.intersection(s, frame) for s in plane.shapes(rows.geometry.values)]
    seen: dict[str, list[Any]] = {}
    named: dict[str, list[Any]] = {}
    names: set[tuple[str, str]] = set()
    for shape, name, label in zip(shapes, rows["line_class"], rows["label"], strict=True):
        if not shape.is_empty:
            seen.setdefault(name, []).append(shape)
            if label:
                named.setdefault(label, []).append(shape)
                names.add((label, name))
    thin = 0.6 if wide else 1.0
    classes = [kind for name, kind in line_classes().items() if name in seen]
    drawn = [shape for shapes in seen.values() for shape in shapes]
    _put(page, plane, drawn, line="white", lw=2.8 * thin, alpha=0.7, z=2)
    for kind in classes:
        lw = kind.width * 1.15 * thin
        _put(page, plane, seen[kind.id], line=BOUNDARY, lw=lw, dash=kind.dash, z=2.1)
    return Ground(
        tuple(classes),
        shapely.union_all(drawn),
        tuple((name, shapely.union_all(parts)) for name, parts in sorted(named.items())),
        tuple(sorted(names)),
    )


def _draw_grid(page: Page, plane: Plane) -> None:
    """Meridians and parallels, labelled at the lower and the left edge."""
    extent, rect = plane.extent, plane.rect
    west, east = extent.west, extent.west + ((extent.east - extent.west) % 360 or 360)
    span = max(east - west, extent.north - extent.south)
    step = next((s for s in _STEPS_DEGREES if span / s <= 8), _STEPS_DEGREES[-1])
    frame = shapely.box(*rect.box)
    bottom = shapely.LineString([(rect.x, rect.y), (rect.right, rect.y)])
    left = shapely.LineString([(rect.x, rect.y), (rect.x, rect.top)])
    used: list[float] = []
    label = Style(least(page.size), colour=MUTED)
    lat = np.linspace(extent.south, extent.north, 90)
    for lon in np.arange(math.ceil(west / step) * step, east, step):
        line = _grid_line(plane, np.column_stack([np.full(90, lon), lat]))
        page.shape(shapely.intersection(line, frame), line=GRID, lw=0.35, alpha=0.5, z=1.5)
        for x in _crossings(line, bottom, 0):
            if rect.x + 14 < x < rect.right - 14 and all(abs(x - u) > 34 for u in used):
                used.append(x)
                page.text(_degrees(lon, "E", "W"), x, rect.y - 8, label, ha="center")
    used.clear()
    lons = np.linspace(west, east, 180)
    for at in np.arange(math.ceil(extent.south / step) * step, extent.north, step):
        line = _grid_line(plane, np.column_stack([lons, np.full(180, at)]))
        page.shape(shapely.intersection(line, frame), line=GRID, lw=0.35, alpha=0.5, z=1.5)
        for y in _crossings(line, left, 1):
            if rect.y + 12 < y < rect.top - 12 and all(abs(y - u) > 30 for u in used):
                used.append(y)
                text = _degrees(at, "N", "S")
                page.text(text, rect.x - 6, y, label, ha="center", turn=90)


def _grid_line(plane: Plane, lonlat: Any) -> Any:
    xy = plane.project(lonlat)
    xy = xy[np.isfinite(xy).all(axis=1)]
    return shapely.LineString(xy) if len(xy) > 1 else shapely.LineString()


def _crossings(line: Any, edge: Any, axis: int) -> list[float]:
    found = shapely.get_coordinates(shapely.intersection(line, edge))
    return [float(value) for value in found[:, axis]]


def _degrees(value: float, positive: str, negative: str) -> str:
    turned = (value + 180) % 360 - 180 if positive == "E" else value
    rounded = round(float(turned), 4) + 0.0
    side = "" if rounded in (0, 180, -180) else positive if rounded > 0 else negative
    return f"{abs(rounded):g}°{side}"


def _layer(plane: Plane, name: LayerName) -> list[Any]:
    return plane.shapes(within(name, plane.extent).geometry.values)


def _put(page: Page, plane: Plane, shapes: list[Any], **style: Any) -> None:
    whole = [shape for shape in shapes if not shape.is_empty]
    if whole:
        page.shape(shapely.GeometryCollection(whole), clip=plane.rect, **style)


def _xywh(plane: Plane) -> tuple[float, float, float, float]:
    return plane.rect.x, plane.rect.y, plane.rect.width, plane.rect.height
