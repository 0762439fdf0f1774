"""How far beyond a view may one answer reach, so that a map that moves finds it there already?

By a share of the view's sides on each side, halved until what the answer holds is little enough:
a margin never makes an answer larger than a view may be by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from geo.area import BBox
from geo.columns import mercator

# the least share that is worth its bytes
_LEAST = 0.1
_SQUARE = 2.0**32 - 1

Found = TypeVar("Found")


def widest(
    box: BBox, beyond: float, find: Callable[[BBox], Found], fits: Callable[[Found], bool]
) -> tuple[BBox, Found]:
    """Widen a view as far as what is found in it fits; the view itself always does.

    Parameters
    ----------
    box
        The view.
    beyond
        By which share of its sides to widen it, on each side.
    find
        Finds what lies in a box.
    fits
        Whether that is little enough for one answer.
    """
    while beyond >= _LEAST:
        wide = widened(box, beyond)
        found = find(wide)
        if fits(found):
            return wide, found
        beyond /= 2
    return box, find(box)


def widened(box: BBox, share: float) -> BBox:
    """Widen a box on the map by a share of its sides, up to the whole world."""
    width = sum(east - west for west, east in box.spans())
    edges = np.array([box.north, box.south])
    top, bottom = (float(edge) / _SQUARE for edge in mercator(np.zeros(2), edges)[1])
    high = (bottom - top) * share
    south, north = (_latitude(edge) for edge in (min(bottom + high, 1.0), max(top - high, 0.0)))
    # rounding must not leave out an edge of the view
    south, north = min(south, box.south), max(north, box.north)
    if width * (1 + 2 * share) >= 360:
        return BBox(-180.0, south, 180.0, north)
    west, east = (
        (edge + 180) % 360 - 180 for edge in (box.west - share * width, box.east + share * width)
    )
    return BBox(west, south, east, north)


def _latitude(down: float) -> float:
    return float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * down)))))
