"""What lies under a plain picture: land, units and boundaries, in the colours of the maps?"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from geo import basemap, boundaries
from geo.area import BBox
from geo.incident import Point

INCHES = (6.0, 4.1)
INK = "#1f2a33"
_SEA, _LAND, _COAST = "#dce8ef", "#f6f3ec", "#9fb3c2"
_UNIT_LINE, _BOUNDARY = "#cfc7b8", "#5d5a56"
_UNITS_DEGREES = 22.0
_OVERVIEW_DEGREES = 40.0


def fitted(box: BBox, *, least: float) -> BBox:
    """Grow a frame to the shape of the picture, and to `least` degrees of latitude."""
    west, south, north = box.west, box.south, box.north
    across = (box.east - west) % 360 or 360.0
    middle = (south + north) / 2
    shrink = max(math.cos(math.radians(middle)), 0.2)
    tall = max(north - south, least)
    wide = max(across, least / shrink)
    # the picture is filled: the shorter side grows
    shape = INCHES[0] / INCHES[1]
    wide, tall = max(wide, tall * shape / shrink), max(tall, wide * shrink / shape)
    wide, tall = min(wide, 360.0), min(tall, 178.0)
    south = min(max(middle - tall / 2, -89.0), 89.0 - tall)
    west += across / 2 - wide / 2
    if wide >= 360:
        return BBox(-180, max(south, -89.0), 180, min(south + tall, 89.0))
    return BBox(_wrapped(west), max(south, -89.0), _wrapped(west + wide), min(south + tall, 89.0))


def spot_in(point: Point | None, frame: BBox) -> tuple[float, float] | None:
    """Put a point on the picture, in degrees; None where there is none."""
    if point is None:
        return None
    return frame.west + (point.lon - frame.west) % 360, point.lat


def ground(axes: Axes, frame: BBox) -> float:
    """Draw land, units and boundaries; answers with the width in degrees."""
    width = (frame.east - frame.west) % 360 or 360.0
    wide = width > _OVERVIEW_DEGREES
    axes.set_axis_off()
    axes.set_facecolor(_SEA)
    axes.figure.set_facecolor(_SEA)
    land = basemap.within("countries_overview" if wide else "countries", frame).geometry
    units = basemap.within("admin1_lines", frame).geometry
    rows = boundaries.lines(frame, overview=wide)
    turns = (0.0,) if frame.west < frame.east else (0.0, 360.0)
    for turn in turns:
        _areas(axes, land, turn)
        if width <= _UNITS_DEGREES:
            _lines(axes, units, turn, colors=_UNIT_LINE, linewidths=0.5)
        for name, kind in boundaries.line_classes().items():
            drawn = rows[rows["line_class"] == name].geometry
            dashes = (0, kind.dash) if kind.dash else "solid"
            _lines(axes, drawn, turn, colors=_BOUNDARY, linewidths=kind.width, linestyles=[dashes])
    axes.set_xlim(frame.west, frame.west + width)
    axes.set_ylim(frame.south, frame.north)
    axes.set_aspect("auto")
    return width


def _areas(axes: Axes, shapes: Any, turn: float) -> None:
    """Draw land; a hole in it is sea."""
    for part in shapely.get_parts(shapes.values):
        rings = [part.exterior, *part.interiors]
        paths = [Path(_turned(ring, turn), closed=True) for ring in rings]
        whole = Path.make_compound_path(*paths)
        axes.add_patch(PathPatch(whole, facecolor=_LAND, edgecolor=_COAST, linewidth=0.6))


def _lines(axes: Axes, shapes: Any, turn: float, **style: Any) -> None:
    parts = shapely.get_parts(shapes.values)
    axes.add_collection(
        LineCollection([_turned(part, turn) for part in parts], **style),
        autolim=False,
    )


def _turned(shape: Any, turn: float) -> Any:
    return np.add(shapely.get_coordinates(shape), (turn, 0.0))


def _wrapped(lon: float) -> float:
    return lon if -180 <= lon <= 180 else (lon + 180) % 360 - 180
