"""How is it drawn that an incident lies somewhere within a radius, or within a unit?

A disc has its true ground radius. "Near" is a plain disc, what is known to a district or an area
only is hatched, as units are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.projection import Plane
from geo.snapshot.sheet.scene import Mark
from geo.snapshot.sheet.symbols import disc_path

_HATCH_STEP = 5.0
# discs of less than this radius are a dot that the eye cannot tell from their middle
LEAST_DISC = 2.2
# above this many, their outlines become one
_MANY_DISCS = 40


def disc_radius(plane: Plane, mark: Mark) -> float:
    """Radius of a mark's disc on the page; 0 where it is exact or too small to be seen."""
    r = mark.radius_km * 1000 * plane.scale
    return r if r >= LEAST_DISC else 0.0


def hatch(shape: Any, *, step: float = _HATCH_STEP) -> Any:
    """Slanting lines that fill a shape, in page points from the page's own corner."""
    if shape.is_empty:
        return shape
    west, south, east, north = shape.bounds
    # lines x + y = c; multiples of the step, so that neighbours' hatches meet
    first, last = np.ceil((west + south) / step), np.floor((east + north) / step)
    sums = np.arange(first, last + 1) * step
    lines = shapely.linestrings(
        [[(c - south, south), (c - north, north)] for c in sums] or np.empty((0, 2, 2))
    )
    return shapely.intersection(shapely.multilinestrings(lines), shape)


def draw_discs(page: Page, plane: Plane, marks: Sequence[Mark], *, most: int = _MANY_DISCS) -> None:
    """Discs of one group and precision are one shape, so that many do not add up to a blot."""
    piles: dict[tuple[str, bool], dict[tuple[float, float, float], Any]] = {}
    for mark in marks:
        if not disc_radius(plane, mark):
            continue
        pile = piles.setdefault((mark.item.group.colour, mark.precision == "near"), {})
        key = (mark.point.lon, mark.point.lat, mark.radius_km)
        if key not in pile:
            pile[key] = plane.disc(mark.point, mark.radius_km)
    frame = shapely.box(*plane.rect.box)
    quiet = sum(map(len, piles.values())) > most
    for (colour, near), held in sorted(piles.items()):
        discs = [disc for disc in held.values() if disc.is_valid and disc.intersects(frame)]
        if not discs:
            continue
        whole = shapely.union_all(discs)
        if near:
            page.shape(whole, fill=colour, alpha=0.06 if quiet else 0.11, z=4, clip=plane.rect)
        else:
            lines = hatch(shapely.intersection(whole, frame), step=7.0 if quiet else _HATCH_STEP)
            alpha = 0.22 if quiet else 0.5
            page.shape(lines, line=colour, lw=0.6, alpha=alpha, z=4, clip=plane.rect)
        for edge in [whole] if quiet else discs:
            alpha = 0.3 if quiet else 0.8
            page.shape(edge, line=colour, lw=0.9, alpha=alpha, z=4.1, clip=plane.rect)


def draw_middle(page: Page, x: float, y: float, *, exact: bool, ink: str) -> None:
    """Draw the end of a leader line: a dot is the place, a small ring the middle of a disc."""
    fill = ink if exact else "white"
    page.path(disc_path(x, y, 1.9), fill=fill, line="white" if exact else ink, lw=0.7, z=18.2)
