"""How does each kind of mark look in the legend? As it does on the map."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import shapely

from geo.snapshot.sheet import changed, hexagons
from geo.snapshot.sheet.base import BOUNDARY
from geo.snapshot.sheet.discs import draw_middle, hatch
from geo.snapshot.sheet.fonts import Style
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.scene import Item
from geo.snapshot.sheet.symbols import (
    BASE,
    FAINT,
    INK,
    SLATE,
    disc_path,
    note_sign,
    number_tab,
    radius,
    symbol,
)

# a sign: the page, its middle, half the room there is
Draw = Callable[[Page, float, float, float], None]
_SIGN_R = 7.6
_NUMBER = Style(10, 600)


def event(item: Item) -> Draw:
    """Symbol of an event type."""
    return lambda page, x, y, room: symbol(
        page, item, x, y, r=min(_SIGN_R, room), hollow=False, plain=True
    )


def colour(item: Item) -> Draw:
    """Colour of a type that only counts hold, as on their ring."""
    return lambda page, x, y, room: page.path(
        disc_path(x, y, min(4.4, room - 1.2)), line=item.group.colour, lw=2.6
    )


def place(name: str) -> Draw:
    """How exactly a place is known: a symbol's fill, a disc, a hatched unit, a dark tag."""

    def draw(page: Page, x: float, y: float, room: float) -> None:
        # a hatch slants as on the map
        with page.upright(x, x):
            draw_upright(page, x, y, room)

    def draw_upright(page: Page, x: float, y: float, room: float) -> None:
        r = min(7.0, room)
        circle = disc_path(x, y, r)
        up = r * 0.8
        if name == "exact":
            page.path(disc_path(x, y, 5), fill=SLATE)
        elif name == "near":
            page.path(circle, fill=SLATE, alpha=0.12)
            page.path(circle, line=SLATE, lw=0.8)
            page.path(disc_path(x, y, 3), fill="white", line=SLATE, lw=1.2)
        elif name == "country":
            square(dark=True)(page, x, y, room)
        else:
            box = shapely.box(x - 8, y - up, x + 8, y + up)
            shape = box if name == "unit" else shapely.Polygon(circle.to_polygons()[0])
            page.shape(hatch(shape, step=4.0), line=SLATE, lw=0.6, alpha=0.7)
            page.shape(shape, line=SLATE, lw=0.8)

    return draw


def square(*, dark: bool) -> Draw:
    """Square tag of a unit, dark for a country."""

    def draw(page: Page, x: float, y: float, room: float) -> None:
        up = min(7.0, room) * 0.85
        fill, ink = (SLATE, "white") if dark else ("white", INK)
        page.box(x - 7, y - up, 14, 2 * up, fill=fill, line=SLATE, lw=0.9)
        page.text("n", x, y, Style(page.size.body, 700, colour=ink), ha="center")

    return draw


def scale(shown: Sequence[tuple[int, str]]) -> Draw:
    """Sizes of symbols by deaths, one beside the other."""

    def draw(page: Page, x: float, y: float, _room: float) -> None:
        left = x - BASE
        for n, text in shown:
            r = radius(n)
            page.path(disc_path(left + r, y, r), fill="#dfe4e8", line=SLATE, lw=0.9)
            page.text(text, left + r, y, _NUMBER, ha="center")
            left += 2 * r + 8

    return draw


def noted(note: str) -> Draw:
    """Note beside a symbol: "?" or "0"."""

    def draw(page: Page, x: float, y: float, room: float) -> None:
        page.path(disc_path(x - 2, y, min(5.6, room)), fill="#dfe4e8", line=SLATE, lw=0.9)
        note_sign(page, note, x + 4.6, y + 1, 10)

    return draw


def assessed(name: str) -> Draw:
    """Outline of a symbol by assessment."""

    def draw(page: Page, x: float, y: float, room: float) -> None:
        circle = disc_path(x, y, min(4.8, room - 3.0))
        if name == "corroborated":
            page.path(circle, line=INK, lw=5.0)
            page.path(circle, line="white", lw=2.4)
        else:
            dash = (4.0, 2.6) if name == "disputed" else ()
            page.path(circle, line=SLATE, lw=6.0, dash=dash)
            page.path(circle, line="white", lw=3.8)
        page.path(circle, fill=SLATE)

    return draw


def faint(page: Page, x: float, y: float, room: float) -> None:
    """Symbol of an uncertain date."""
    page.path(disc_path(x, y, min(6.0, room)), fill=SLATE, alpha=FAINT)


def count(lw: float) -> Draw:
    """Count of several incidents, its ring thick or thin."""

    def draw(page: Page, x: float, y: float, room: float) -> None:
        page.path(disc_path(x, y, min(7.0, room) - lw / 2), fill="white", line=SLATE, lw=lw)
        page.text("n", x, y, Style(page.size.body, 700), ha="center")

    return draw


def tab(page: Page, x: float, y: float, _room: float) -> None:
    """Tab with the number of a row of the table."""
    number_tab(page, "n", x - 5, y, 9, z=5)


def leader(page: Page, x: float, y: float, _room: float) -> None:
    """Leader line: a dot is the place, a small ring the middle of a disc."""
    page.line([(x - 7, y - 3), (x + 7, y - 3)], line=INK, lw=0.8)
    draw_middle(page, x - 7, y - 3, exact=True, ink=INK)
    page.line([(x - 7, y + 3), (x + 7, y + 3)], line=INK, lw=0.8)
    draw_middle(page, x - 7, y + 3, exact=False, ink=INK)


def hexagon(fill: str) -> Draw:
    """Hexagon of a class."""

    def draw(page: Page, x: float, y: float, room: float) -> None:
        shape = hexagons.hexagon(x, y, min(14.0, room * 1.8))
        page.shape(shape, fill=fill, line="white", lw=0.5)

    return draw


def hot(page: Page, x: float, y: float, room: float) -> None:
    """Outline of a hexagon that is named."""
    page.shape(hexagons.hexagon(x, y, min(13.0, room * 1.7)), line=INK, lw=1.2)


def line(dash: Sequence[float], thick: float) -> Draw:
    """Line of a boundary class."""
    return lambda page, x, y, _room: page.line(
        [(x - 10, y), (x + 10, y)], line=BOUNDARY, lw=thick * 1.15, dash=dash
    )


def window(page: Page, x: float, y: float, _room: float) -> None:
    """Frame on the map of what an inset shows larger."""
    page.box(x - 8, y - 5, 16, 10, line=INK, lw=1.1)
    page.text("A", x, y, Style(9, 700), ha="center")


def arrow(page: Page, x: float, y: float, _room: float) -> None:
    """Arrow from an old place to a new one."""
    changed.arrow(page, (x - 9, y), (x + 9, y))


def cross(page: Page, x: float, y: float, _room: float) -> None:
    """Cross where something was."""
    changed.cross(page, x, y)
