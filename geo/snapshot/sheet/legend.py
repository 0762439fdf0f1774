"""What do the signs in this picture mean? Lists what is drawn, with counts, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import shapely
from matplotlib.path import Path

from geo.filters import fold
from geo.snapshot.language import Language
from geo.snapshot.sheet.base import BOUNDARY, Ground
from geo.snapshot.sheet.fonts import Style
from geo.snapshot.sheet.overlay import Overlay, hatch
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.scene import Item, Scene
from geo.snapshot.sheet.symbols import BASE, INK, SLATE, disc_path, radius, symbol
from geo.taxonomy import event_types

# a sign: the page, its middle, half the room there is
Draw = Callable[[Page, float, float, float], None]
_SCALE = (1, 10, 50, 160)
_NUMBER = Style(9, 600)
_SIGN_R = 7.6
_PLACES = {
    "exact": "exact place",
    "near": "near: within the disc",
    "district": "district: within the disc",
    "area": "area: within the disc",
    "province": "province only: hatched",
    "country": "country only: dark tag",
}
_OUTLINES = {
    "claimed": "double: claimed",
    "corroborated": "dark: corroborated",
    "disputed": "broken: disputed",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a legend: a sign, its meaning, how many; `height` where a sign is large."""

    text: str
    sign: Draw | None = None
    count: int | None = None
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one heading."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """How tightly a legend is set: line height, names a list may give, types listed."""

    leading: float
    names: int
    types: int


FITS = (Fit(1.5, 6, 30), Fit(1.36, 4, 30), Fit(1.3, 2, 30), Fit(1.22, 1, 30), Fit(1.2, 1, 30))
# types are left out last of all: a sign without its meaning is worse than a small map
CUT_FITS = (Fit(1.2, 1, 22), Fit(1.2, 1, 16), Fit(1.2, 1, 12), Fit(1.2, 1, 9), Fit(1.2, 1, 6))


def sections_of(
    scene: Scene, ground: Ground, overlay: Overlay, fit: Fit, spoken: Language
) -> list[Section]:
    """Everything the picture needs explained."""
    gone = {item.id for item in overlay.elsewhere}
    items = [item for item in scene.drawn if item.id not in gone]
    made = [
        _types(items, fit, spoken),
        _places(items),
        _deaths(items),
        _looks(items, overlay),
        _boundaries(ground, spoken),
    ]
    return [section for section in made if section.heading]


def _types(items: Sequence[Item], fit: Fit, spoken: Language) -> Section:
    counted = Counter(item.kind for item in items)
    kinds = [kind for kind in event_types() if kind in counted]
    if len(kinds) > fit.types:
        kinds = sorted(kinds, key=lambda kind: -counted[kind])[: fit.types]
    first = {item.kind: item for item in reversed(items)}

    def sign(item: Item) -> Draw:
        return lambda page, x, y, room: symbol(
            page, item, x, y, r=min(_SIGN_R, room), hollow=False, plain=True
        )

    rows = [Row(spoken.kind(kind), sign(first[kind]), counted[kind]) for kind in kinds]
    if len(counted) > len(kinds):
        rest = sum(n for kind, n in counted.items() if kind not in kinds)
        rows.append(Row(f"and {len(counted) - len(kinds)} more types", None, rest))
    return Section("Event type" if rows else "", tuple(rows))


def _places(items: Sequence[Item]) -> Section:
    counted = Counter(item.precision for item in items)
    rows = [
        Row(text, _place_sign(name), counted[name])  # type: ignore[index] # literals of Precision
        for name, text in _PLACES.items()
        if name in counted
    ]
    return Section("Place known to" if rows else "", tuple(rows))


def _place_sign(name: str) -> Draw:
    def draw(page: Page, x: float, y: float, room: float) -> None:
        # a hatch slants as on the map
        with page.upright(x, x):
            draw_upright(page, x, y, room)

    def draw_upright(page: Page, x: float, y: float, room: float) -> None:
        r = min(7.0, room)
        circle = disc_path(x, y, r)
        up = r * 0.8
        square = [
            (x - 8, y - up),
            (x + 8, y - up),
            (x + 8, y + up),
            (x - 8, y + up),
            (x - 8, y - up),
        ]
        outline = Path(square, closed=True) if name == "province" else circle
        if name == "exact":
            page.path(disc_path(x, y, 5), fill=SLATE)
        elif name == "near":
            page.path(circle, fill=SLATE, alpha=0.12)
            page.path(circle, line=SLATE, lw=0.8)
            page.path(disc_path(x, y, 3), fill="white", line=SLATE, lw=1.2)
        elif name == "country":
            page.box(x - 7, y - up, 14, 2 * up, fill=SLATE)
            page.text("n", x, y, Style(9, 700, colour="white"), ha="center")
        else:
            shape = outline.to_polygons()[0]
            page.shape(hatch(shapely.Polygon(shape), step=4.0), line=SLATE, lw=0.6, alpha=0.7)
            page.path(outline, line=SLATE, lw=0.8)

    return draw


def _deaths(items: Sequence[Item]) -> Section:
    known = [item.deaths for item in items if item.deaths is not None]
    unknown = len(items) - len(known)
    rows = []
    most = max(known, default=0)
    if most:
        shown = [n for n in _SCALE if n <= most]
        shown += [n for n in _SCALE if n > most][:1]
        largest = radius(shown[-1])
        rows.append(Row("", _scale_sign(tuple(shown)), None, 2 * largest + 3))
    if unknown:
        rows.append(Row("deaths unknown or claims differ", _unknown_sign, unknown))
    heading = "Deaths, one fixed scale" if most else "Deaths"
    return Section(heading if rows else "", tuple(rows))


def _scale_sign(shown: Sequence[int]) -> Draw:
    def draw(page: Page, x: float, y: float, _room: float) -> None:
        left = x - BASE
        for n in shown:
            r = radius(n)
            page.path(disc_path(left + r, y, r), fill="#dfe4e8", line=SLATE, lw=0.9)
            text = f"{n:,}+" if n == _SCALE[-1] else f"{n:,}"
            page.text(text, left + r, y, _NUMBER, ha="center")
            left += 2 * r + 8

    return draw


def _unknown_sign(page: Page, x: float, y: float, room: float) -> None:
    page.path(disc_path(x, y, min(5.6, room)), fill="#dfe4e8", line=SLATE, lw=0.9)
    page.text("?", x + BASE + 1, y + 3, Style(9, 700), ha="center")


def _looks(items: Sequence[Item], overlay: Overlay) -> Section:
    rows = []
    for name, text in _OUTLINES.items():
        chosen = [item for item in items if item.assessment == name]
        if chosen:
            rows.append(Row(text, _outline_sign(name), len(chosen)))
    faint = sum(item.uncertain for item in items)
    if faint:
        rows.append(Row("faint: date uncertain", _faint_sign, faint))
    counted = [mark for one in overlay.placed if one.count > 1 for mark in one.members]
    if any(mark.exact for mark in counted):
        rows.append(Row("count; thick: exact places", _count_sign(3.2)))
    if any(not mark.exact for mark in counted):
        rows.append(Row("count; thin: not exact", _count_sign(1.4)))
    if any(one.moved for one in overlay.placed):
        rows.append(Row("moved: the dot is the place", _leader_sign))
    return Section("Outlines and marks" if rows else "", tuple(rows))


def _outline_sign(name: str) -> Draw:
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


def _faint_sign(page: Page, x: float, y: float, room: float) -> None:
    page.path(disc_path(x, y, min(6.0, room)), fill=SLATE, alpha=0.4)


def _count_sign(lw: float) -> Draw:
    def draw(page: Page, x: float, y: float, room: float) -> None:
        page.path(disc_path(x, y, min(7.0, room) - lw / 2), fill="white", line=SLATE, lw=lw)
        page.text("n", x, y, Style(9, 700), ha="center")

    return draw


def _leader_sign(page: Page, x: float, y: float, _room: float) -> None:
    page.line([(x - 7, y - 4), (x + 6, y + 4)], line=INK, lw=0.8)
    page.path(disc_path(x - 7, y - 4, 1.7), fill=INK)


def _boundaries(ground: Ground, spoken: Language) -> Section:
    names = {}
    for line_class in ground.classes:
        names[line_class.id] = [name for name, of in ground.names if of == line_class.id]
    rows = []
    for kind in ground.classes:
        # a name that the label says already is not said twice
        label = spoken.line_class(kind)
        lines = map(spoken.line_name, names[kind.id])
        extra = [name for name in lines if fold(name) not in fold(label)]
        named = f" ({spoken.listed(extra)})" if extra else ""
        rows.append(Row(label + named, _line_sign(kind.dash, kind.width)))
    return Section("Boundaries" if rows else "", tuple(rows))


def _line_sign(dash: Sequence[float], thick: float) -> Draw:
    return lambda page, x, y, _room: page.line(
        [(x - 10, y), (x + 10, y)], line=BOUNDARY, lw=thick * 1.15, dash=dash
    )
