"""Where do signs go so that none hides another, a border, or how exactly a place is known?

Each sign tries its own place first, then spots on rings around it, and takes the cheapest free
one; what is moved keeps a leader line to its place. A few rounds let early ones give way to late
ones. The same input always gives the same layout.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from geo.snapshot.sheet.projection import Rect
from geo.snapshot.sheet.scene import Mark

Spot = tuple[float, float]
Box = tuple[float, float, float, float]
_GAP = 2.0
_SHIFT = 3.0
_TURNS = 24
_RINGS = (13.0, 18.0, 24.0, 31.0, 39.0, 48.0, 58.0, 70.0, 84.0, 100.0, 120.0, 145.0)
# of the free spots, so many of the nearest are weighed
_WEIGHED = 72
_STEP_OF_LINES = 4.0
_COVERS_LINE, _COVERS_PLACE, _CROSSES, _UNDERRUNS = 3.0, 26.0, 34.0, 22.0


@dataclass(frozen=True, slots=True)
class Placed:
    """One sign: a symbol or the count of a group, with the spot on the ground it stands for.

    `tab` is what its number tab says, `note` a sign of its deaths; `ring` is the radius on the
    page within which the incident lies, which must stay in sight.
    """

    x: float
    y: float
    r: float
    members: tuple[Mark, ...]
    anchor: Spot
    tab: str = ""
    note: str = ""
    ring: float = 0.0
    side: float = 0.0
    half: float = 0.0

    @property
    def count(self) -> int:
        """How many incidents it stands for."""
        return len({mark.item.id for mark in self.members})

    @property
    def moved(self) -> bool:
        """Whether it needs a leader line to its place."""
        return math.dist((self.x, self.y), self.anchor) > _SHIFT

    @property
    def box(self) -> Box:
        """What it covers: the sign, and on its right the tab and the note."""
        up = max(self.r, self.half)
        return self.x - self.r, self.y - up, self.x + self.r + self.side, self.y + up


@dataclass
class Field:
    """What signs must keep off, and should."""

    rect: Rect
    blocked: np.ndarray
    lines: np.ndarray
    places: np.ndarray


def field_of(rect: Rect, blocked: Sequence[Box], lines: Any, places: Sequence[Spot] = ()) -> Field:
    """Note blocked boxes, boundary lines as points, and the places of all incidents."""
    near = shapely.segmentize(lines, _STEP_OF_LINES) if not shapely.is_empty(lines) else lines
    return Field(
        rect,
        np.asarray(blocked, dtype=float).reshape(-1, 4),
        shapely.get_coordinates(near),
        np.unique(np.asarray(places, dtype=float).reshape(-1, 2), axis=0),
    )


def settle(
    wanted: Sequence[Placed], field: Field, *, rounds: int = 3
) -> tuple[list[Placed], list[Placed]]:
    """Find a spot for each sign; answers with those placed and those that found none."""
    order = _by_crowd(wanted)
    held: dict[int, Placed] = {}
    lost: set[int] = set()
    for turn in range(rounds):
        for i in order:
            others = [held[j] for j in order if j in held and j != i]
            found = _best(wanted[i], others, field)
            if found is not None:
                held[i] = found
                lost.discard(i)
            elif i not in held:
                lost.add(i)
        if turn and not any(held[i].moved for i in held):
            break
    placed = [held[i] for i in range(len(wanted)) if i in held]
    return placed, [wanted[i] for i in sorted(lost)]


def _by_crowd(wanted: Sequence[Placed]) -> list[int]:
    """Largest first, then those alone, then the crowded ones from the outside in."""
    if not wanted:
        return []
    at = np.array([one.anchor for one in wanted])
    apart = np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1))
    crowd = (apart < 60).sum(axis=1)
    middle = np.array([at[apart[i] < 60].mean(axis=0) for i in range(len(at))])
    out = np.round(np.hypot(*(at - middle).T), 1)
    keys = [
        (int(crowd[i]), -float(out[i]), wanted[i].anchor, _name(wanted[i]))
        for i in range(len(wanted))
    ]
    return sorted(range(len(wanted)), key=lambda i: keys[i])


def _name(one: Placed) -> tuple[str, str]:
    first = one.members[0] if one.members else None
    return (first.item.id, first.name) if first else ("", "")


def _candidates(one: Placed) -> np.ndarray:
    """Spots for the middle of a sign: its place, then rings whose edge leaves its disc free."""
    half = max(one.r, one.half)
    turns = np.arange(_TURNS) * 2 * np.pi / _TURNS + np.pi / 4
    spots = [np.array([[one.anchor[0], one.anchor[1]]])]
    start = one.ring if 0 < one.ring <= half * 3 else 0.0
    for ring in _RINGS:
        away = start + max(ring, half + 4.0)
        x = one.anchor[0] + away * np.cos(turns)
        # a sign left of its place has its tab between the two
        x = x - np.where(np.cos(turns) < -0.3, one.side, 0.0)
        spots.append(np.column_stack([x, one.anchor[1] + away * np.sin(turns)]))
    return np.vstack(spots)


def _best(one: Placed, others: Sequence[Placed], field: Field) -> Placed | None:
    spots = _candidates(one)
    up = max(one.r, one.half)
    boxes = np.column_stack(
        [spots[:, 0] - one.r, spots[:, 1] - up, spots[:, 0] + one.r + one.side, spots[:, 1] + up]
    )
    rect = field.rect.shrunk(2.0)
    inside = (
        (boxes[:, 0] >= rect.x)
        & (boxes[:, 1] >= rect.y)
        & (boxes[:, 2] <= rect.right)
        & (boxes[:, 3] <= rect.top)
    )
    taken = np.vstack([field.blocked, *(np.array([other.box]) for other in others)])
    free = inside & ~_touch(boxes, taken).any(axis=1) & _shows_ring(one, boxes)
    at = np.flatnonzero(free)
    if not len(at):
        return None
    away = np.hypot(spots[:, 0] - one.anchor[0], spots[:, 1] - one.anchor[1])
    at = at[np.argsort(np.round(away[at], 2), kind="stable")][:_WEIGHED]
    cost = away[at] + _cost(one, spots[at], boxes[at], others, field)
    best = at[int(np.argmin(np.round(cost, 3)))]
    return replace(one, x=float(spots[best, 0]), y=float(spots[best, 1]))


def _shows_ring(one: Placed, boxes: np.ndarray) -> np.ndarray:
    """Whether the disc of a sign stays in sight: around the whole sign, or clear of it."""
    if one.ring <= 0:
        return np.ones(len(boxes), dtype=bool)
    x, y = one.anchor
    far = np.hypot(
        np.maximum(np.abs(boxes[:, 0] - x), np.abs(boxes[:, 2] - x)),
        np.maximum(np.abs(boxes[:, 1] - y), np.abs(boxes[:, 3] - y)),
    )
    near = np.hypot(
        np.maximum(np.maximum(boxes[:, 0] - x, x - boxes[:, 2]), 0),
        np.maximum(np.maximum(boxes[:, 1] - y, y - boxes[:, 3]), 0),
    )
    # of a disc much larger than the sign, a part of the edge may be covered
    large = one.ring > 3 * max(one.r, one.half)
    return np.asarray((far < one.ring) | (near > one.ring + 1.0) | large)


def _cost(
    one: Placed,
    spots: np.ndarray,
    boxes: np.ndarray,
    others: Sequence[Placed],
    field: Field,
) -> np.ndarray:
    cost = _COVERS_LINE * _held(boxes, field.lines)
    elsewhere = field.places[np.hypot(*(field.places - one.anchor).T) > _SHIFT]
    cost = cost + _COVERS_PLACE * _held(boxes, elsewhere, pad=3.0)
    moved = [other for other in others if other.moved]
    if not others:
        return cost
    start = np.array(one.anchor)
    steps = np.linspace(0.06, 0.94, 9)
    along = start + steps[None, :, None] * (spots[:, None, :] - start)
    covered = np.array([other.box for other in others])
    through = _within(along.reshape(-1, 2), covered).reshape(len(spots), len(steps), len(covered))
    cost = cost + _UNDERRUNS * through.any(axis=1).sum(axis=1)
    for other in moved:
        cost = cost + _CROSSES * _crossing(start, spots, other.anchor, (other.x, other.y))
        # a sign on another's leader line
        line = np.array(other.anchor) + steps[:, None] * (
            np.array([other.x - other.anchor[0], other.y - other.anchor[1]])
        )
        cost = cost + _UNDERRUNS * (_held(boxes, line) > 0)
    return np.asarray(cost)


def _held(boxes: np.ndarray, points: np.ndarray, *, pad: float = 1.0) -> np.ndarray:
    """How many points lie in each box."""
    if not len(points):
        return np.zeros(len(boxes))
    grown = boxes + np.array([-pad, -pad, pad, pad])
    return np.asarray(_within(points, grown).sum(axis=0))


def _within(points: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    x, y = points[:, :1], points[:, 1:]
    return np.asarray((x > boxes[:, 0]) & (x < boxes[:, 2]) & (y > boxes[:, 1]) & (y < boxes[:, 3]))


def _touch(boxes: np.ndarray, taken: np.ndarray) -> np.ndarray:
    one, other = boxes[:, None, :], taken[None, :, :]
    return np.asarray(
        (one[..., 0] < other[..., 2] + _GAP)
        & (one[..., 2] > other[..., 0] - _GAP)
        & (one[..., 1] < other[..., 3] + _GAP)
        & (one[..., 3] > other[..., 1] - _GAP)
    )


def _crossing(start: np.ndarray, ends: np.ndarray, a: Spot, b: Spot) -> np.ndarray:
    """Whether the lines from one start to many ends cross the line from a to b."""

    def side(p: Any, q: Any, r: Any) -> np.ndarray:
        return np.asarray(
            (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1])
            - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0])
        )

    first, last = np.array(a), np.array(b)
    apart = side(start, ends, first) * side(start, ends, last) < 0
    return np.asarray(apart & (side(first, last, start) * side(first, last, ends) < 0))


def clusters(spots: Sequence[Spot], reach: float) -> list[list[int]]:
    """Group spots that lie within a reach of a group's first, the most crowded first."""
    if not spots:
        return []
    at = np.asarray(spots, dtype=float)
    cells: dict[tuple[int, int], list[int]] = {}
    for i, (x, y) in enumerate(np.floor(at / (reach / 2)).astype(int).tolist()):
        cells.setdefault((x, y), []).append(i)
    held = {key: np.array(of) for key, of in cells.items()}
    left = np.ones(len(at), dtype=bool)
    groups = []
    for key, own in sorted(held.items(), key=lambda kv: (-len(kv[1]), kv[0])):
        if not left[own].any():
            continue
        near = [
            held[key[0] + dx, key[1] + dy]
            for dx in range(-3, 4)
            for dy in range(-3, 4)
            if (key[0] + dx, key[1] + dy) in held
        ]
        around = np.concatenate(near)
        middle = at[own[left[own]]].mean(axis=0)
        mine = around[left[around] & (np.hypot(*(at[around] - middle).T) <= reach)]
        mine = np.union1d(mine, own[left[own]])
        left[mine] = False
        groups.append(sorted(mine.tolist()))
    return groups


def seat(
    spots: np.ndarray,
    box: Box,
    wanted: Spot,
    field: Field,
    taken: Sequence[Box],
    *,
    line_cost: float = _COVERS_LINE,
) -> Spot | None:
    """Choose the best of some spots for a box given around nought; none where all are taken."""
    boxes = np.tile(spots, 2) + np.asarray(box)
    rect = field.rect.shrunk(2.0)
    held = np.vstack([field.blocked, np.asarray(taken, dtype=float).reshape(-1, 4)])
    free = (
        (boxes[:, 0] >= rect.x)
        & (boxes[:, 1] >= rect.y)
        & (boxes[:, 2] <= rect.right)
        & (boxes[:, 3] <= rect.top)
        & ~_touch(boxes, held).any(axis=1)
    )
    at = np.flatnonzero(free)
    if not len(at):
        return None
    cost = (
        np.hypot(*(spots[at] - wanted).T)
        + line_cost * _held(boxes[at], field.lines)
        + _COVERS_PLACE * _held(boxes[at], field.places, pad=6.0)
    )
    best = at[int(np.argmin(np.round(cost, 3)))]
    return float(spots[best, 0]), float(spots[best, 1])
