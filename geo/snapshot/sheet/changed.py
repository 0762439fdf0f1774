"""What moved on the map since an earlier briefing, and what is no longer there?

An arrow runs from the old place to the new one; a cross marks where something was.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from matplotlib.path import Path

from geo.snapshot.brief import Since
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.projection import Plane

INK = "#1f2933"
_HEAD, _ARM, _LEAST = 7.0, 4.0, 3.0
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Changed:
    """How many arrows and crosses the map shows."""

    arrows: int = 0
    crosses: int = 0


def draw_changed(page: Page, plane: Plane, since: Since, *, draft: bool) -> Changed:
    """Draw what moved and what is gone, as far as the map shows it."""
    ends = [(plane.spot(start), plane.spot(end)) for start, end in since.moves]
    # a way shorter than the signs cannot be drawn; the table tells it
    seen = [
        (one, other)
        for one, other in ends
        if math.dist(one, other) >= _LEAST and (_inside(plane, one) or _inside(plane, other))
    ]
    gone = [spot for spot in map(plane.spot, since.gone) if _inside(plane, spot)]
    if not draft:
        for one, other in seen:
            arrow(page, one, other, z=19, plane=plane)
        for x, y in gone:
            cross(page, x, y, z=19)
    return Changed(len(seen), len(gone))


def arrow(page: Page, start: Spot, end: Spot, *, z: float = 5, plane: Plane | None = None) -> None:
    """Draw an arrow from one spot to another."""
    clip = plane.rect if plane else None
    turn = math.atan2(end[1] - start[1], end[0] - start[0])
    head = [
        (end[0] - _HEAD * math.cos(turn + side), end[1] - _HEAD * math.sin(turn + side))
        for side in (0.42, -0.42)
    ]
    page.path(Path([start, end]), line="white", lw=4.0, z=z, clip=clip)
    page.path(Path([start, end]), line=INK, lw=1.6, z=z + 0.1, clip=clip)
    tip = Path([head[0], end, head[1], head[0]], closed=True)
    page.path(tip, fill=INK, line="white", lw=0.6, z=z + 0.2, clip=clip)


def cross(page: Page, x: float, y: float, *, z: float = 5) -> None:
    """Draw a cross where something was."""
    for colour, lw, at in (("white", 4.4, z), (INK, 2.0, z + 0.1)):
        for up in (1, -1):
            ends = [(x - _ARM, y - up * _ARM), (x + _ARM, y + up * _ARM)]
            page.path(Path(ends), line=colour, lw=lw, z=at)


def _inside(plane: Plane, spot: Spot) -> bool:
    rect = plane.rect
    return rect.x <= spot[0] <= rect.right and rect.y <= spot[1] <= rect.top
