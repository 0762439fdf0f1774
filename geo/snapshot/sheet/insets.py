"""Which spots are so crowded that a larger map of them helps, and where is room for it?

At most two, only where the map has empty room and the spot would come apart. Each is framed on
the map and bears the same letter as its inset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.area import BBox
from geo.snapshot.sheet.placing import Box, Field, Spot, clusters, seat
from geo.snapshot.sheet.projection import Plane, Rect
from geo.snapshot.sheet.scene import Mark

MOST = 2
TIMES = 4
LETTERS = "AB"
# share of the map that an inset takes across and up, and its least size in points
_ACROSS, _UP = 0.25, 0.31
_LEAST_ACROSS, _LEAST_UP = 96.0, 78.0
# so many incidents at so many spots so far apart make a spot crowded
_INCIDENTS, _SPOTS, _SPAN = 8, 4, 9.0
_TITLE = 15.0


@dataclass(frozen=True, slots=True)
class Inset:
    """A larger map on the map: its window, its own plane and the marks it shows."""

    letter: str
    window: Rect
    plane: Plane
    marks: tuple[Mark, ...]

    @property
    def box(self) -> Box:
        """What it covers, its title strip included."""
        west, south, east, north = self.plane.rect.box
        return west - 2, south - 2, east + 2, north + _TITLE + 2


def insets_of(
    plane: Plane, marks: Sequence[Mark], spots: Sequence[Spot], field: Field, taken: Sequence[Box]
) -> tuple[Inset, ...]:
    """Choose insets for marks and the spots at which they stand."""
    across, up = plane.rect.width * _ACROSS, plane.rect.height * _UP
    if across < _LEAST_ACROSS or up < _LEAST_UP or not spots:
        return ()
    wide, high = across / TIMES, up / TIMES
    at = np.asarray(spots)
    made: list[Inset] = []
    held = list(taken)
    windows: list[Rect] = []
    # all windows first, so that no inset covers one
    for group in clusters(spots, wide / 2):
        x, y = at[group].mean(axis=0)
        window = _inside(Rect(float(x) - wide / 2, float(y) - high / 2, wide, high), plane.rect)
        if len(windows) < MOST and _crowded(window, marks, at) and not _meets(window, windows):
            windows.append(window)
    held += [window.shrunk(-3).box for window in windows]
    for window in windows:
        inside = _within(window, at)
        others = Field(field.rect, field.blocked, field.lines, at[~inside])
        half = (across / 2 + 3, up / 2 + 3 + _TITLE / 2)
        box = (-half[0], -half[1], half[0], half[1])
        middle = window.x + wide / 2, window.y + high / 2
        spot = seat(_grid(plane.rect), box, middle, others, held, line_cost=0.4)
        if spot is None or _covers(spot, half, others.places):
            continue
        rect = Rect(spot[0] - across / 2, spot[1] - up / 2 - _TITLE / 2, across, up)
        larger = Plane(_ground(plane, window), rect)
        seen = [
            mark
            for mark, held_there in zip(marks, inside, strict=True)
            if held_there and _within(rect, np.array([larger.spot(mark.point)]))[0]
        ]
        inset = Inset(LETTERS[len(made)], window, larger, tuple(seen))
        made.append(inset)
        held.append(inset.box)
    return tuple(made)


def _crowded(window: Rect, marks: Sequence[Mark], at: np.ndarray) -> bool:
    inside = np.flatnonzero(_within(window, at)).tolist()
    incidents = {marks[i].item.id for i in inside}
    if len(incidents) < _INCIDENTS:
        return False
    own = np.unique(np.round(at[inside], 1), axis=0)
    span = np.ptp(own, axis=0)
    return len(own) >= _SPOTS and float(max(span)) >= _SPAN


def _within(window: Rect, at: np.ndarray) -> np.ndarray:
    west, south, east, north = window.shrunk(0.5).box
    return np.asarray(
        (at[:, 0] > west) & (at[:, 0] < east) & (at[:, 1] > south) & (at[:, 1] < north)
    )


def _inside(window: Rect, rect: Rect) -> Rect:
    x = min(max(window.x, rect.x + 2), rect.right - window.width - 2)
    y = min(max(window.y, rect.y + 2), rect.top - window.height - 2)
    return Rect(x, y, window.width, window.height)


def _meets(window: Rect, others: Sequence[Rect]) -> bool:
    return any(
        window.x < other.right + 16
        and window.right > other.x - 16
        and window.y < other.top + 16
        and window.top > other.y - 16
        for other in others
    )


def _covers(spot: Spot, half: tuple[float, float], places: np.ndarray) -> bool:
    if not len(places):
        return False
    near = np.abs(places - spot) < np.array(half) + 6.0
    return bool(near.all(axis=1).any())


def _grid(rect: Rect) -> np.ndarray:
    x, y = np.meshgrid(np.linspace(rect.x, rect.right, 41), np.linspace(rect.y, rect.top, 31))
    return np.column_stack([x.ravel(), y.ravel()])


def _ground(plane: Plane, window: Rect) -> BBox:
    """Degrees of a window; they lie wholly in it, so that the inset shows no more."""
    west, south, east, north = window.box
    x, y = (west + east) / 2, (south + north) / 2
    lonlat = plane.ground(np.array([[x, south], [x, north], [west, y], [east, y]]))
    return BBox(float(lonlat[2, 0]), float(lonlat[0, 1]), float(lonlat[3, 0]), float(lonlat[1, 1]))
