"""How is an incident drawn? One channel, one meaning.

Colour is the group, silhouette and pictogram the type, size the deaths on one scale for every
picture, the outline the assessment, opacity an uncertain date, hollow a place not exact.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from matplotlib.path import Path

from geo.snapshot.sheet.fonts import Style, width
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.scene import Item, Mark
from geo.taxonomy import Group, path_vertices

INK = "#1f2933"
SLATE = "#3a4652"
# half widths in points: an incident without deaths, the step for each root of deaths, the limit
BASE, PER_ROOT, LARGEST = 7.1, 0.86, 18.0
FAINT = 0.45
_CODES = {"M": Path.MOVETO, "L": Path.LINETO, "C": Path.CURVE4, "Z": Path.CLOSEPOLY}
_HALF_BOX = 12.0
TAG_HEIGHT = 14.0
_TAG_TEXT = Style(10, 700)
_COUNT_TEXT = Style(10, 700)
# what stands beside a symbol whose deaths are not its size
_NOTES: Mapping[str, str] = MappingProxyType({"unknown": "?", "none": "0"})


def radius(deaths: int | None) -> float:
    """Half the width of a symbol; where deaths are unknown, the base size."""
    return BASE if deaths is None else min(BASE + PER_ROOT * math.sqrt(deaths), LARGEST)


def outline(path: str, x: float, y: float, r: float) -> Path:
    """Put a path of the taxonomy's 24 by 24 box on the page."""
    vertices, commands = path_vertices(path)
    placed = (np.asarray(vertices) - _HALF_BOX) * (r / _HALF_BOX) * (1, -1) + (x, y)
    return Path(placed, [_CODES[command] for command in commands])


def symbol(
    page: Page,
    item: Item,
    x: float,
    y: float,
    *,
    r: float,
    hollow: bool,
    plain: bool = False,
    z: float = 20,
) -> None:
    """Draw one incident; `plain` leaves out what only an incident has, for the legend."""
    with page.upright(x, x):
        _draw_symbol(page, item, x, y, r=r, hollow=hollow, plain=plain, z=z)


def _draw_symbol(
    page: Page, item: Item, x: float, y: float, *, r: float, hollow: bool, plain: bool, z: float
) -> None:
    alpha = FAINT if item.uncertain and not plain else 1.0
    shape = outline(item.group.outline, x, y, r)
    colour = item.group.colour
    assessment = "reported" if plain else item.assessment
    if assessment in ("claimed", "disputed"):
        dash = (4.0, 2.6) if assessment == "disputed" else ()
        page.path(shape, line=colour, lw=6.0, dash=dash, alpha=alpha, z=z)
        page.path(shape, line="white", lw=3.8, alpha=alpha, z=z)
    elif assessment == "corroborated":
        page.path(shape, line=INK, lw=5.0, alpha=alpha, z=z)
        page.path(shape, line="white", lw=2.4, alpha=alpha, z=z)
    else:
        page.path(shape, line="white", lw=2.4, alpha=alpha, z=z)
    page.path(
        shape,
        fill="white" if hollow else colour,
        line=colour if hollow else None,
        lw=1.3,
        alpha=alpha,
        z=z,
    )
    glyph = outline(item.kind.glyph, x, y, r)
    page.path(glyph, fill=colour if hollow else "white", alpha=alpha, z=z)


def badge(page: Page, marks: Sequence[Mark], x: float, y: float, r: float) -> None:
    """Draw a count of several incidents; its ring shows groups, thin where not exact."""
    page.path(disc_path(x, y, r + 1.2), fill="white", line="#c5ccd2", lw=0.5, z=22)
    shares = Counter((not mark.exact, mark.item.group) for mark in marks)
    angle = 90.0
    for (hollow, group), n in sorted(shares.items(), key=lambda s: (s[0][0], -s[1], s[0][1].id)):
        lw = 1.2 if hollow else 3.4
        turn = 360.0 * n / len(marks)
        arc = Path.arc(angle - turn, angle)
        ring = Path(np.asarray(arc.vertices) * (r - lw / 2) + (x, y), arc.codes)
        page.path(ring, line=group.colour, lw=lw, z=22)
        angle -= turn
    text = f"{len({mark.item.id for mark in marks}):,}"
    page.text(text, x, y, _COUNT_TEXT, ha="center", z=23)


def badge_radius(count: int) -> float:
    """Half the width of a count badge: room for its digits, since size means deaths."""
    return max(width(f"{count:,}", _COUNT_TEXT) / 2 + 4.6, 9.2)


def tag_width(items: Sequence[Item]) -> float:
    """Width of a square tag."""
    glyph = 12.0 if len({item.kind for item in items}) == 1 else 0.0
    return max(width(f"{len(items):,}", _TAG_TEXT) + 8 + glyph, TAG_HEIGHT)


def tag(page: Page, items: Sequence[Item], x: float, y: float, *, dark: bool) -> None:
    """Draw a square tag on an area: how many are known only to there, and what they are."""
    across, half = tag_width(items), TAG_HEIGHT / 2
    fill, ink = (SLATE, "white") if dark else ("white", INK)
    left = x - across / 2
    page.box(left - 1, y - half - 1, across + 2, TAG_HEIGHT + 2, fill="white", z=22)
    page.box(left, y - half, across, TAG_HEIGHT, fill=fill, line=SLATE, lw=0.9, z=22)
    kinds = {item.kind for item in items}
    text_x = x
    if len(kinds) == 1:
        colour = "white" if dark else items[0].group.colour
        glyph = outline(items[0].kind.glyph, left + 8.5, y, 8.5)
        page.path(glyph, fill=colour, z=23)
        text_x = x + 6
    share = left
    for group, n in _shares(items):
        part = across * n / len(items)
        page.box(share, y - half - 2.6, part, 2.6, fill=group.colour, z=22)
        share += part
    style = Style(_TAG_TEXT.size, _TAG_TEXT.weight, colour=ink)
    page.text(f"{len(items):,}", text_x, y, style, ha="center", z=23)


def note_of(item: Item) -> str:
    """Choose what stands beside a symbol: "?" for deaths unknown, "0" where nobody died."""
    return _NOTES.get(item.toll, "")


def tab_width(text: str, size: float) -> float:
    """Width of a number tab."""
    return max(width(text, Style(size, 700)) + 5.0, 10.0) if text else 0.0


def tab_height(size: float) -> float:
    """Height of a number tab."""
    return size * 0.66 + 4.6


def beside(tab: str, note: str, size: float) -> tuple[float, float]:
    """Room that tab and note take right of a symbol: their width, and half their height."""
    across = max(tab_width(tab, size), width(note, Style(size, 700)) + 1.0 if note else 0.0)
    up = (tab_height(size) if tab else 0.0) + (size * 0.66 + 1.5 if note else 0.0)
    return (across + 0.5 if across else 0.0), up / 2 + 0.5


def number_tab(page: Page, text: str, x: float, y: float, size: float, *, z: float = 23) -> None:
    """Draw the tab with the number of a row of the table, `x` its left edge."""
    across, up = tab_width(text, size), tab_height(size)
    page.box(x, y - up / 2, across, up, fill=INK, line="white", lw=0.8, z=z)
    style = Style(size, 700, colour="white")
    page.text(text, x + across / 2, y, style, ha="center", z=z + 1)


def note_sign(page: Page, text: str, x: float, y: float, size: float, *, z: float = 23) -> None:
    """Draw "?" or "0" beside a symbol, `x` its left edge."""
    page.text(text, x, y, Style(size, 700, colour=SLATE), halo=2.0, z=z)


def disc_path(x: float, y: float, r: float) -> Path:
    """Draw a circle on the page."""
    circle = Path.unit_circle()
    return Path(np.asarray(circle.vertices) * r + (x, y), circle.codes)


def _shares(items: Sequence[Item]) -> list[tuple[Group, int]]:
    """Count by group, the most frequent first."""
    counted = Counter(item.group for item in items)
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].id))
