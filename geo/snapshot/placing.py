"""Where do symbols go so that none hides another?

Incidents at one place are fanned out around it, up to six; more become one count. What is moved
off its place keeps a leader line to it. Exact and inexact places never share a count. The same
input always gives the same layout.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.snapshot.projection import Rect
from geo.snapshot.scene import Mark
from geo.snapshot.symbols import badge_radius, radius

FAN = 6
_GAP = 2.5
_ROUNDS = 160
_CELLS = (30.0, 38.0, 48.0, 60.0, 75.0)


@dataclass(frozen=True, slots=True)
class Placed:
    """One symbol, or one count of several, with the spot on the ground it stands for."""

    x: float
    y: float
    r: float
    members: tuple[Mark, ...]
    anchor: tuple[float, float]

    @property
    def moved(self) -> bool:
        """Whether it stands off its place far enough to need a leader line."""
        return math.dist((self.x, self.y), self.anchor) > 3.0


Spot = tuple[float, float]


def place(
    marks: Sequence[Mark],
    spots: Sequence[Spot],
    *,
    rect: Rect,
    blocked: Sequence[tuple[float, float, float, float]],
    most: int,
) -> list[Placed]:
    """Lay out symbols in a rectangle, around blocked boxes, at most about `most` of them."""
    order = sorted(range(len(marks)), key=lambda i: (spots[i], marks[i].item.id, marks[i].name))
    groups = _near(order, marks, spots)
    groups = [part for group in groups for part in _cut(group, marks, spots, _CELLS[0])]
    for cell in _CELLS:
        if len(groups) <= most:
            break
        groups = _cells(order, marks, spots, cell)
    items = [item for group in groups for item in _items(group, marks, spots)]
    return _relaxed(items, rect, blocked)


def _near(order: list[int], marks: Sequence[Mark], spots: Sequence[Spot]) -> list[list[int]]:
    """Group marks whose symbols would touch, exact and inexact apart."""
    groups: list[list[int]] = []
    left = list(order)
    while left:
        group, queue = [], [left.pop(0)]
        while queue:
            here = queue.pop()
            group.append(here)
            touching = [
                i
                for i in left
                if marks[i].exact == marks[here].exact
                and math.dist(spots[i], spots[here]) < 1.2 * _half(marks[i])
            ]
            queue += touching
            left = [i for i in left if i not in set(touching)] if touching else left
            if len(order) > 400:
                # too many to compare pair by pair; the grid decides
                return [order]
        groups.append(sorted(group, key=order.index))
    return groups


def _cut(
    group: list[int], marks: Sequence[Mark], spots: Sequence[Spot], cell: float
) -> list[list[int]]:
    return [group] if len(group) <= FAN else _cells(group, marks, spots, cell)


def _cells(
    order: Sequence[int], marks: Sequence[Mark], spots: Sequence[Spot], cell: float
) -> list[list[int]]:
    """Group by the cells of a grid."""
    held: dict[tuple[bool, int, int], list[int]] = {}
    for i in order:
        x, y = spots[i]
        held.setdefault((marks[i].exact, int(x // cell), int(y // cell)), []).append(i)
    return list(held.values())


def _items(group: list[int], marks: Sequence[Mark], spots: Sequence[Spot]) -> list[Placed]:
    members = [marks[i] for i in group]
    x = sum(spots[i][0] for i in group) / len(group)
    y = sum(spots[i][1] for i in group) / len(group)
    incidents = {mark.item.id for mark in members}
    if len(incidents) > FAN:
        return [Placed(x, y, badge_radius(len(incidents)) + 1.2, tuple(members), (x, y))]
    if len(members) == 1:
        return [Placed(*spots[group[0]], _half(members[0]), (members[0],), spots[group[0]])]
    # a ring wide enough that the fan shows the spot in its middle
    largest = max(_half(mark) for mark in members)
    ring = max(largest / math.sin(math.pi / max(len(members), 2)) * 1.05, largest * 1.7)
    placed = []
    for at, i in enumerate(_by_angle(group, spots, (x, y))):
        turn = math.pi / 2 - 2 * math.pi * at / len(group)
        spot = spots[i]
        placed.append(
            Placed(
                x + ring * math.cos(turn),
                y + ring * math.sin(turn),
                _half(marks[i]),
                (marks[i],),
                spot,
            )
        )
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


def _relaxed(
    items: list[Placed],
    rect: Rect,
    blocked: Sequence[tuple[float, float, float, float]],
) -> list[Placed]:
    """Push overlapping symbols apart and out of blocked boxes, within the rectangle."""
    if not items:
        return []
    xy = np.array([[item.x, item.y] for item in items])
    r = np.array([item.r for item in items])
    need = r[:, None] + r[None, :] + _GAP
    np.fill_diagonal(need, 0.0)
    boxes = np.asarray(blocked, dtype=float).reshape(-1, 4)
    for _ in range(_ROUNDS):
        apart = xy[:, None, :] - xy[None, :, :]
        gap = np.hypot(apart[..., 0], apart[..., 1])
        short = np.maximum(need - gap, 0.0)
        calm = not short.any()
        # two at one spot part along a direction that depends on their order only
        turn = np.arange(len(items))[:, None] - np.arange(len(items))[None, :]
        same = gap < 0.01
        apart[same] = np.column_stack([np.sign(turn[same]), np.zeros(same.sum())])
        gap[same] = 1.0
        push = (apart / gap[..., None] * short[..., None]).sum(axis=1) * 0.45
        out = _out_of(xy, r, boxes)
        if calm and not out.any():
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
