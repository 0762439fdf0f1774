"""Where in the world does a map lie, if its reader may not know?

A small map in an empty corner of a map of a region; none on a map that shows its continent, and
none where an incident would have to give way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.area import BBox
from geo.basemap import within
from geo.boundaries import line_classes, lines
from geo.snapshot.sheet.base import BOUNDARY, COAST, LAND, NEATLINE, SEA
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.placing import Box
from geo.snapshot.sheet.projection import Plane, Rect

INK = "#1f2933"
_WIDEST_KM = 1800.0
_TIMES, _LEAST_KM = 5.0, 3600.0
_KM_A_DEGREE = 111.2
_HIGHEST = 84.0
# least width of a map that has room for it, its own size, the room around incidents
_LEAST_ACROSS, _ACROSS, _UP = 360.0, 92.0, 76.0
_EDGE, _CLEAR, _LIFT = 6.0, 30.0, 26.0


@dataclass(frozen=True, slots=True)
class Locator:
    """A small map: its plane, and the outline of the large map on it."""

    plane: Plane
    outline: tuple[tuple[float, float], ...]

    @property
    def box(self) -> Box:
        """What it covers."""
        return self.plane.rect.shrunk(-1.5).box


def plan_locator(
    plane: Plane, spots: Sequence[tuple[float, float]], blocked: Sequence[Box]
) -> Locator | None:
    """Choose an empty corner for a locator; nothing where it would not help or has no room."""
    rect = plane.rect
    if plane.km_wide > _WIDEST_KM or rect.width < _LEAST_ACROSS:
        return None
    frame = _region(plane)
    corner = _corner(rect, spots, blocked)
    if frame is None or corner is None:
        return None
    small = Plane(frame, Rect(*corner, _ACROSS, _UP))
    west, south, east, north = rect.box
    across, up = np.linspace(west, east, 12), np.linspace(south, north, 12)
    edge = np.vstack(
        [
            np.column_stack([across, np.full(12, south)]),
            np.column_stack([np.full(12, east), up]),
            np.column_stack([across[::-1], np.full(12, north)]),
            np.column_stack([np.full(12, west), up[::-1]]),
        ]
    )
    shown = small.project(plane.ground(edge))
    return Locator(small, tuple((float(x), float(y)) for x, y in shown))


def draw_locator(page: Page, locator: Locator) -> None:
    """Draw a locator: land, boundaries by their class, and the frame of the large map."""
    plane = locator.plane
    rect = plane.rect
    with page.lifted(_LIFT):
        west, south, east, north = locator.box
        page.box(west, south, east - west, north - south, fill="white", z=0)
        page.box(rect.x, rect.y, rect.width, rect.height, fill=SEA, z=0.1)
        land = plane.shapes(within("countries_overview", plane.extent).geometry.values)
        whole = shapely.GeometryCollection([shape for shape in land if not shape.is_empty])
        page.shape(whole, line=COAST, lw=0.8, z=0.2, clip=rect)
        page.shape(whole, fill=LAND, line=LAND, lw=0.4, z=0.3, clip=rect)
        rows = lines(plane.extent, overview=True)
        kinds = line_classes()
        shapes = plane.shapes(rows.geometry.values)
        for name, shape in zip(rows["line_class"], shapes, strict=True):
            dash = kinds[name].dash
            page.shape(shape, line=BOUNDARY, lw=0.35, dash=dash, alpha=0.8, z=0.4, clip=rect)
        page.line((*locator.outline, locator.outline[0]), line="white", lw=2.6, z=0.5)
        page.line((*locator.outline, locator.outline[0]), line=INK, lw=1.3, z=0.6)
        page.box(rect.x, rect.y, rect.width, rect.height, line=NEATLINE, lw=0.7, z=0.7)


def _region(plane: Plane) -> BBox | None:
    rect = plane.rect
    lon, lat = plane.ground([[rect.x + rect.width / 2, rect.y + rect.height / 2]])[0]
    wide = max(plane.km_wide * _TIMES, _LEAST_KM)
    tall = wide * _UP / _ACROSS / _KM_A_DEGREE / 2
    if abs(lat) + tall > _HIGHEST:
        return None
    half = min(wide / 2 / _KM_A_DEGREE / math.cos(math.radians(lat)), 70.0)
    return BBox(_turned(lon - half), float(lat - tall), _turned(lon + half), float(lat + tall))


def _turned(lon: float) -> float:
    return float((lon + 180) % 360 - 180)


def _corner(
    rect: Rect, spots: Sequence[tuple[float, float]], blocked: Sequence[Box]
) -> tuple[float, float] | None:
    places = [
        (rect.right - _ACROSS - _EDGE, rect.top - _UP - _EDGE),
        (rect.x + _EDGE, rect.top - _UP - _EDGE),
        (rect.right - _ACROSS - _EDGE, rect.y + _EDGE),
        (rect.x + _EDGE, rect.y + _EDGE),
    ]
    for x, y in places:
        west, south, east, north = x - _CLEAR, y - _CLEAR, x + _ACROSS, y + _UP
        east, north = east + _CLEAR, north + _CLEAR
        held = any(west < u < east and south < v < north for u, v in spots)
        met = any(
            b[0] < east - _CLEAR + 4
            and b[2] > west + _CLEAR - 4
            and b[1] < north - _CLEAR + 4
            and b[3] > south + _CLEAR - 4
            for b in blocked
        )
        if not held and not met:
            return x, y
    return None
