"""Which room on the map is still free for words?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from geo.snapshot.sheet.fonts import Style, width
from geo.snapshot.sheet.page import Page, text_box

Box = tuple[float, float, float, float]
SIDES = ((1, 0), (-1, 0), (0.7, 0.8), (0.7, -0.8), (-0.7, 0.8), (-0.7, -0.8), (0, 1), (0, -1))


@dataclass
class Room:
    """What is taken on the map so far."""

    inner: Box
    taken: list[Box]
    lines: Any
    _held: np.ndarray = field(default_factory=lambda: np.empty((0, 4)))

    def free(self, box: Box, *, pad: float = 1.5) -> bool:
        """Whether a box lies on the map and on nothing else."""
        west, south, east, north = box
        inner = self.inner
        if west < inner[0] or south < inner[1] or east > inner[2] or north > inner[3]:
            return False
        if len(self._held) != len(self.taken):
            self._held = np.asarray(self.taken, dtype=float).reshape(-1, 4)
        held = self._held
        across = np.minimum(held[:, 2], east + pad) > np.maximum(held[:, 0], west - pad)
        up = np.minimum(held[:, 3], north + pad) > np.maximum(held[:, 1], south - pad)
        return not bool((across & up).any())

    def crosses(self, box: Box) -> bool:
        """Whether a boundary runs through a box."""
        return bool(shapely.intersects(self.lines, shapely.box(*box)))


def beside(
    room: Room, text: str, x: float, y: float, gaps: Sequence[float], style: Style
) -> Box | None:
    """Find the best free box beside a spot, one without a boundary through it if there is one."""
    crossing = None
    across = width(text, style)
    for far in gaps:
        for dx, dy in SIDES:
            left = x + dx * far + (0 if dx > 0 else -across if dx < 0 else -across / 2)
            box = text_box(text, left, y + dy * (far * 0.8 + style.size * 0.35), style)
            if room.free(box):
                if not room.crosses(box):
                    return box
                crossing = crossing or box
    return crossing


def write(page: Page, text: str, box: Box, style: Style) -> None:
    """Write a text into its box, with a halo."""
    depth = 0.2 * style.size
    y = (box[1] + depth + box[3]) / 2
    page.text(text, box[0], y, style, halo=2.2, z=16)
