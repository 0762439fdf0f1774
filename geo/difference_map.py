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

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from geo.area import BBox
from geo.filters import Match
from geo.ground import INCHES, INK, fitted, ground, spot_in
from geo.incident import Incident
from geo.plain_maps import MOST_TAGS, SIGNS, DifferenceMap
from geo.snapshot.frame import frame_for
from geo.taxonomy import group_of
from geo.versions import Difference

_DPI = 190
_LEAST_DEGREES = 0.6
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
    "color": INK,
    "lw": 0.9,
    "mutation_scale": 7,
    "shrinkA": 3,
    "shrinkB": 4,
}


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
    figure = Figure(figsize=INCHES, dpi=_DPI)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    width = ground(axes, frame)
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
    return fitted(box, least=_LEAST_DEGREES)


def _signs(axes: Axes, frame: BBox, one: Difference) -> tuple[float, float]:
    """Draw where an incident was and is; answers with where its tag belongs."""
    was, now = (spot_in(point, frame) for point in one.spots)
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
    wide, tall = (72 * inches for inches in INCHES)
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
            color=INK,
            zorder=7,
            bbox=_BOX,
            arrowprops={"arrowstyle": "-", "color": "#77828b", "lw": 0.6, "shrinkB": 3},
        )


def _hits(box: tuple[float, float, float, float], taken: Sequence[tuple[float, ...]]) -> int:
    left, bottom, across, high = box
    right, top = left + across, bottom + high
    return sum(left < r and right > x and bottom < t and top > y for x, y, r, t in taken)
