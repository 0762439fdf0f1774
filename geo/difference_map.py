"""Where did a layer change between two versions? A plain picture to look at beside the table.

It speaks the visual grammar of the maps and adds nothing to it: colour is the event group, a
hollow sign is a place that is not exact. What happened stands in tags, with the row's number;
an arrow leads from where an incident was to where it is.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from geo import basemap, boundaries
from geo.area import BBox
from geo.filters import Match
from geo.incident import Incident, Point
from geo.snapshot.frame import frame_for
from geo.taxonomy import group_of
from geo.versions import Difference, Kind

SIGNS: dict[Kind, str] = {"added": "+", "revised": "≠", "moved": "→", "withdrawn": "−"}
MOST_TAGS = 80
_INCHES = (6.0, 4.1)
_DPI = 190
_SEA, _LAND, _COAST = "#dce8ef", "#f6f3ec", "#9fb3c2"
_UNIT_LINE, _BOUNDARY, _INK = "#cfc7b8", "#5d5a56", "#1f2a33"
_LEAST_DEGREES = 0.6
_UNITS_DEGREES = 22.0
_OVERVIEW_DEGREES = 40.0
# signs closer together than this share a tag; parts of the picture's width
_TOGETHER = 0.03
_IN_A_TAG = 4
_FONT = 9.5
_BOX = {
    "boxstyle": "round,pad=.15",
    "facecolor": "white",
    "edgecolor": "#77828b",
    "linewidth": 0.5,
    "alpha": 0.9,
}
_ARROW = {
    "arrowstyle": "-|>",
    "color": _INK,
    "lw": 0.9,
    "mutation_scale": 7,
    "shrinkA": 3,
    "shrinkB": 4,
}


@dataclass(frozen=True, slots=True)
class DifferenceMap:
    """A picture as PNG, its frame, and how many changed incidents it does not show.

    A few far from all others stay outside, so that they do not shrink the rest to a dot.
    """

    png: bytes
    frame: BBox
    shown: int
    outside: int
    without_point: int


@dataclass(slots=True)
class _Tag:
    x: float
    y: float
    texts: list[str]


def draw(differences: Sequence[Difference]) -> DifferenceMap | None:
    """Draw changed incidents, numbered from 1 in the order given; None where none has a point."""
    numbered = [(n, one) for n, one in enumerate(differences, start=1) if any(one.spots)]
    if not numbered:
        return None
    frame = _frame([one for _, one in numbered])
    figure = Figure(figsize=_INCHES, dpi=_DPI)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    width = _ground(axes, frame)
    tags: list[_Tag] = []
    inside = [(n, one) for n, one in numbered if any(p and frame.contains(p) for p in one.spots)]
    for number, one in inside:
        spot = _signs(axes, frame, one)
        _gather(tags, spot, f"{SIGNS[one.kind]}{number}", near=width * _TOGETHER)
    if len(tags) <= MOST_TAGS:
        _write(axes, tags)
    out = io.BytesIO()
    # no date and no program: equal versions make equal bytes
    canvas.print_png(out, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return DifferenceMap(
        png=out.getvalue(),
        frame=frame,
        shown=len(inside),
        outside=len(numbered) - len(inside),
        without_point=len(differences) - len(numbered),
    )


def _frame(differences: Sequence[Difference]) -> BBox:
    sides = [i for one in differences for i in (one.before, one.after) if i is not None]
    box = frame_for([Match(i, "within", None) for i in sides])
    west, south, north = box.west, box.south, box.north
    across = (box.east - west) % 360 or 360.0
    middle = (south + north) / 2
    shrink = max(math.cos(math.radians(middle)), 0.2)
    tall = max(north - south, _LEAST_DEGREES)
    wide = max(across, _LEAST_DEGREES / shrink)
    # the picture is filled: the shorter side grows
    shape = _INCHES[0] / _INCHES[1]
    wide, tall = max(wide, tall * shape / shrink), max(tall, wide * shrink / shape)
    wide, tall = min(wide, 360.0), min(tall, 178.0)
    south = min(max(middle - tall / 2, -89.0), 89.0 - tall)
    west += across / 2 - wide / 2
    if wide >= 360:
        return BBox(-180, max(south, -89.0), 180, min(south + tall, 89.0))
    return BBox(_wrapped(west), max(south, -89.0), _wrapped(west + wide), min(south + tall, 89.0))


def _ground(axes: Axes, frame: BBox) -> float:
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


def _signs(axes: Axes, frame: BBox, one: Difference) -> tuple[float, float]:
    """Draw where an incident was and is; answers with where its tag belongs."""
    was, now = (_spot(point, frame) for point in one.spots)
    spot = now or was or (0.0, 0.0)
    if was and now and was != now:
        axes.annotate(
            "",
            xy=now,
            xytext=was,
            arrowprops=_ARROW,
            zorder=6,
        )
        _sign(axes, was, one.before or one.incident, size=3.2)
    _sign(axes, spot, one.incident, size=5.5)
    return spot


def _sign(axes: Axes, spot: tuple[float, float], incident: Incident, *, size: float) -> None:
    colour = group_of(incident.event_type).colour
    axes.plot(
        *spot,
        marker="o",
        markersize=size,
        markerfacecolor=colour if incident.precision == "exact" else "white",
        markeredgecolor=colour if incident.precision != "exact" else "white",
        markeredgewidth=1.3 if incident.precision != "exact" else 0.6,
        zorder=5,
    )


def _gather(tags: list[_Tag], spot: tuple[float, float], text: str, *, near: float) -> None:
    for tag in tags:
        if math.hypot(tag.x - spot[0], tag.y - spot[1]) < near:
            tag.texts.append(text)
            return
    tags.append(_Tag(*spot, [text]))


def _write(axes: Axes, tags: Sequence[_Tag]) -> None:
    """Write tags beside their signs, where neither sign nor tag is; text of our own alone."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    wide, tall = (72 * inches for inches in _INCHES)
    spots = [
        ((tag.x - west) / (east - west) * wide, (tag.y - south) / (north - south) * tall)
        for tag in tags
    ]
    taken = [(x - 4, y - 4, x + 4, y + 4) for x, y in spots]
    for tag, (x, y) in zip(tags, spots, strict=True):
        more = len(tag.texts) - _IN_A_TAG
        text = " ".join(tag.texts[:_IN_A_TAG]) + (f" and {more} more" if more > 0 else "")
        across = len(text) * _FONT * 0.66 + 4
        boxes = [
            (x + dx if dx > 0 else x + dx - across, y + dy, across, _FONT + 5)
            for far in (1, 4, 7)
            for dx, dy in ((7, 4 * far), (-7, 4 * far), (7, -8 * far - 10), (-7, -8 * far - 10))
        ]
        inside = [b for b in boxes if 2 < b[0] < wide - b[2] and 2 < b[1] < tall - b[3]] or boxes
        # the first that hits least: nearest first
        left, bottom, across, high = min(inside, key=partial(_hits, taken=taken))
        taken.append((left, bottom, left + across, bottom + high))
        axes.annotate(
            text,
            xy=(tag.x, tag.y),
            xytext=(left + across / 2 - x, bottom + high / 2 - y),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=_FONT,
            color=_INK,
            zorder=7,
            bbox=_BOX,
            arrowprops={"arrowstyle": "-", "color": "#77828b", "lw": 0.6, "shrinkB": 3},
        )


def _hits(box: tuple[float, float, float, float], taken: Sequence[tuple[float, ...]]) -> int:
    left, bottom, across, high = box
    right, top = left + across, bottom + high
    return sum(left < r and right > x and bottom < t and top > y for x, y, r, t in taken)


def _spot(point: Point | None, frame: BBox) -> tuple[float, float] | None:
    if point is None:
        return None
    return frame.west + (point.lon - frame.west) % 360, point.lat


def _wrapped(lon: float) -> float:
    return lon if -180 <= lon <= 180 else (lon + 180) % 360 - 180
