"""Where do symbols go so that none hides another?

Incidents at one place are fanned out around it, up to six; more become one count. What is moved
off its place keeps a leader line to it. Where there are too many for that, each cell of a grid
shows one symbol or one count. The same input always gives the same layout.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.snapshot.sheet.projection import Rect
from geo.snapshot.sheet.scene import Mark
from geo.snapshot.sheet.symbols import badge_radius, radius

FAN = 6
_GAP = 2.5
_ROUNDS = 160
# symbols may cover this share of the map before they are counted by cells
_CROWDED = 0.22
_MANY = 150
_CELL, _CUT_CELL = 42.0, 34.0
_SHIFT = 3.0
Spot = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """One symbol, or one count of several, with the spot on the ground it stands for."""

    x: float
    y: float
    r: float
    members: tuple[Mark, ...]
    anchor: Spot

    @property
    def count(self) -> int:
        """How many incidents it stands for."""
        return len({mark.item.id for mark in self.members})

    @property
    def moved(self) -> bool:
        """Whether it is one symbol that needs a leader line to its place."""
        return self.count == 1 and math.dist((self.x, self.y), self.anchor) > _SHIFT


def place(
    marks: Sequence[Mark], spots: Sequence[Spot], *, rect: Rect, blocked: Sequence[Box]
) -> list[Placed]:
    """Lay out symbols in a rectangle, around blocked boxes."""
    order = sorted(range(len(marks)), key=lambda i: (spots[i], marks[i].item.id, marks[i].name))
    if len(marks) <= _MANY:
        groups = [part for group in _near(order, marks, spots) for part in _cut(group, spots)]
        items = [item for group in groups for item in _fanned(group, marks, spots)]
        if sum(math.pi * item.r**2 for item in items) <= _CROWDED * rect.width * rect.height:
            return _relaxed(items, rect, blocked)
    cells = _cells(order, spots, _CELL)
    return _relaxed([_counted(at, held, marks, spots) for at, held in cells], rect, blocked)


def _near(order: list[int], marks: Sequence[Mark], spots: Sequence[Spot]) -> list[list[int]]:
    """Group marks whose symbols would cover one another, exact and inexact apart."""
    groups: list[list[int]] = []
    left = list(order)
    while left:
        group, queue = [], [left.pop(0)]
        while queue:
            here = queue.pop()
            group.append(here)
            touching = {
                i
                for i in left
                if marks[i].exact == marks[here].exact
                and math.dist(spots[i], spots[here]) < 1.2 * _half(marks[i])
            }
            queue += sorted(touching)
            left = [i for i in left if i not in touching]
        groups.append(sorted(group))
    return groups


def _cut(group: list[int], spots: Sequence[Spot]) -> list[list[int]]:
    if len(group) <= FAN:
        return [group]
    return [held for _, held in _cells(group, spots, _CUT_CELL)]


def _cells(
    order: Sequence[int], spots: Sequence[Spot], cell: float
) -> list[tuple[Spot, list[int]]]:
    """Group by the cells of a grid; each with its lower left corner."""
    held: dict[tuple[int, int], list[int]] = {}
    for i in order:
        x, y = spots[i]
        held.setdefault((int(x // cell), int(y // cell)), []).append(i)
    return [((across * cell, up * cell), group) for (across, up), group in sorted(held.items())]


def _counted(
    corner: Spot, group: list[int], marks: Sequence[Mark], spots: Sequence[Spot]
) -> Placed:
    """One symbol or count for a cell, as near to its incidents as the cell lets it stand."""
    members = tuple(marks[i] for i in group)
    incidents = {mark.item.id for mark in members}
    r = _half(members[0])
    if len(incidents) > 1:
        r = badge_radius(len(incidents)) + 1.2
    r = min(r, _CELL / 2 - _GAP / 2)
    middle = tuple(sum(spots[i][axis] for i in group) / len(group) for axis in (0, 1))
    x, y = (
        min(max(at, low + r + _GAP / 2), low + _CELL - r - _GAP / 2)
        for at, low in zip(middle, corner, strict=True)
    )
    return Placed(x, y, r, members, (middle[0], middle[1]))


def _fanned(group: list[int], marks: Sequence[Mark], spots: Sequence[Spot]) -> list[Placed]:
    """Symbols around their place, or one count where they are more than six."""
    members = [marks[i] for i in group]
    x = sum(spots[i][0] for i in group) / len(group)
    y = sum(spots[i][1] for i in group) / len(group)
    incidents = {mark.item.id for mark in members}
    if len(incidents) > FAN:
        return [Placed(x, y, badge_radius(len(incidents)) + 1.2, tuple(members), (x, y))]
    if len(members) == 1:
        return [Placed(x, y, _half(members[0]), (members[0],), (x, y))]
    # a ring wide enough that the fan shows the spot in its middle
    largest = max(_half(mark) for mark in members)
    ring = max(largest / math.sin(math.pi / len(members)) * 1.05, largest * 1.7)
    placed = []
    for at, i in enumerate(_by_angle(group, spots, (x, y))):
        turn = math.pi / 2 - 2 * math.pi * at / len(group)
        away = x + ring * math.cos(turn), y + ring * math.sin(turn)
        placed.append(Placed(*away, _half(marks[i]), (marks[i],), spots[i]))
    return placed


def _by_angle(group: list[int], spots: Sequence[Spot], middle: Spot) -> list[int]:
    """Clockwise from the top, so that leader lines do not cross."""

    def angle(i: int) -> float:
        dx, dy = spots[i][0] - middle[0], spots[i][1] - middle[1]
        return math.atan2(dx, dy) % (2 * math.pi) if math.hypot(dx, dy) > 0.5 else 0.0

    return sorted(group, key=angle)


def _half(mark: Mark) -> float:
    outline = 2.0 if mark.item.assessment != "reported" else 0.6
    return radius(mark.item.deaths) + outline


def _relaxed(items: list[Placed], rect: Rect, blocked: Sequence[Box]) -> list[Placed]:
    """Push overlapping symbols apart and out of blocked boxes, within the rectangle."""
    if not items:
        return []
    xy = np.array([[item.x, item.y] for item in items])
    r = np.array([item.r for item in items])
    need = r[:, None] + r[None, :] + _GAP
    np.fill_diagonal(need, 0.0)
    boxes = np.asarray(blocked, dtype=float).reshape(-1, 4)
    order = np.arange(len(items))
    for _ in range(_ROUNDS):
        apart = xy[:, None, :] - xy[None, :, :]
        gap = np.hypot(apart[..., 0], apart[..., 1])
        short = np.maximum(need - gap, 0.0)
        # two at one spot part along a direction that depends on their order only
        same = gap < 0.01
        turn = np.sign(order[:, None] - order[None, :])[same]
        apart[same] = np.column_stack([turn, np.zeros(len(turn))])
        gap[same] = 1.0
        push = (apart / gap[..., None] * short[..., None]).sum(axis=1) * 0.45
        out = _out_of(xy, r, boxes)
        if short.max() < 0.05 and not out.any():
            break
        xy = xy + np.clip(push, -6, 6) + out
        xy[:, 0] = np.clip(xy[:, 0], rect.x + r + 1, rect.right - r - 1)
        xy[:, 1] = np.clip(xy[:, 1], rect.y + r + 1, rect.top - r - 1)
    return [
        Placed(float(x), float(y), item.r, item.members, item.anchor)
        for (x, y), item in zip(xy, items, strict=True)
    ]


def _out_of(xy: np.ndarray, r: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Shortest step that takes each circle out of the boxes it touches."""
    step = np.zeros_like(xy)
    for west, south, east, north in boxes:
        into = np.stack(
            [
                xy[:, 0] + r - west,
                east - xy[:, 0] + r,
                xy[:, 1] + r - south,
                north - xy[:, 1] + r,
            ],
            axis=1,
        )
        inside = (into > 0).all(axis=1)
        way = into.argmin(axis=1)
        depth = into.min(axis=1) * inside
        step[:, 0] += np.where(way == 0, -depth, np.where(way == 1, depth, 0.0))
        step[:, 1] += np.where(way == 2, -depth, np.where(way == 3, depth, 0.0))
    return step
