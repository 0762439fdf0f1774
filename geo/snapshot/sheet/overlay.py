"""How do the incidents of a scene come onto the map?

Discs of true ground radius and hatched units lie below, then leader lines, symbols and counts,
then square tags; or hexagons. The answer names the boxes that labels must keep clear of.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from geo.snapshot.language import Language
from geo.snapshot.sheet.base import Ground, draw_ground
from geo.snapshot.sheet.density import Mode, least, rows_in_words
from geo.snapshot.sheet.discs import disc_radius, draw_discs, draw_middle
from geo.snapshot.sheet.fonts import Style
from geo.snapshot.sheet.hexagons import Hexagons, draw_hexagons, hexagons_of
from geo.snapshot.sheet.insets import TIMES, Inset, insets_of
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.placing import Box, Placed, clusters, field_of, settle
from geo.snapshot.sheet.projection import Plane
from geo.snapshot.sheet.scene import Item, Mark, Scene
from geo.snapshot.sheet.symbols import (
    INK,
    badge,
    badge_radius,
    beside,
    note_of,
    note_sign,
    number_tab,
    radius,
    symbol,
    tab_height,
)
from geo.snapshot.sheet.tags import Manner, Tag, draw_tag, make_tags

# marks of one group lie within this many points; where groups find no room, they grow
_REACH, _GROW, _TRIES = 17.0, 1.35, 9
_MOST_TAGS = 12
INSET_LIFT = 40.0
_MOST_DISCS_INSIDE = 5
_AREA_A_HOT_SPOT, _MOST_HOT = 24_000.0, 8


@dataclass(frozen=True, slots=True)
class Asked:
    """How a brief wants its incidents shown: one by one or not, fixed classes, language."""

    spoken: Language
    mode: Mode
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Overlay:
    """What was drawn: signs, tags, hexagons, the boxes they take, and who found no room."""

    mode: Mode
    placed: tuple[Placed, ...]
    taken: tuple[Box, ...]
    elsewhere: tuple[Item, ...]
    tags: tuple[Tag, ...] = ()
    hexagons: Hexagons | None = None
    insets: tuple[Larger, ...] = ()

    @property
    def signs(self) -> tuple[Placed, ...]:
        """All signs, those of the insets included."""
        return (*self.placed, *(one for inset in self.insets for one in inset.placed))


@dataclass(frozen=True, slots=True)
class Larger:
    """An inset as it was drawn."""

    inset: Inset
    ground: Ground
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """Marks laid out: their signs, and those that found no room."""

    mode: Mode
    placed: list[Placed]
    lost: list[Item]


def draw_overlay(
    page: Page,
    plane: Plane,
    scene: Scene,
    ground: Ground,
    blocked: Sequence[Box],
    asked: Asked,
    *,
    draft: bool = False,
) -> Overlay:
    """Draw all incidents of a scene."""
    mode = asked.mode
    if mode == "hexagons":
        return _draw_hexagons(page, plane, scene, ground, blocked, asked, draft=draft)
    inside, gone = in_sight(plane, scene.marks)
    spots = plane.spots([mark.point for mark in inside])
    field = field_of(plane.rect, blocked, ground.boundaries, spots)
    tags = make_tags(page, plane, scene, field, Manner(least(page.size), asked.spoken))
    taken = [made.box for made in tags.made]
    insets: tuple[Inset, ...] = ()
    if mode == "groups":
        insets = insets_of(plane, inside, spots, field, [*blocked, *taken])
    taken += [box for inset in insets for box in (inset.box, letter_box(page, inset))]
    larger = {mark for inset in insets for mark in inset.marks}
    rest = [mark for mark in inside if mark not in larger]
    spread = lay_out(page, plane, rest, ground, [*blocked, *taken], asked, mode, draft=draft)
    if not draft:
        draw_discs(page, plane, inside)
        draw_signs(page, spread.placed)
        for made in tags.made:
            draw_tag(page, made)
    shown = tuple(_draw_inset(page, inset, asked, draft=draft) for inset in insets)
    taken += [one.box for one in spread.placed]
    taken += [box for one in spread.placed if one.moved for box in _along(one)]
    elsewhere = {item.id: item for item in (*tags.elsewhere, *gone, *spread.lost)}
    return Overlay(
        spread.mode,
        tuple(spread.placed),
        tuple(taken),
        tuple(elsewhere.values()),
        tuple(tags.made),
        insets=shown,
    )


def letter_box(page: Page, inset: Inset) -> Box:
    """Room of an inset's window with its letter, where no sign may stand."""
    west, south, east, north = inset.window.box
    return west - 1, south - 1, east + 1, north + tab_height(least(page.size)) + 1


def _draw_inset(page: Page, inset: Inset, asked: Asked, *, draft: bool) -> Larger:
    """Draw a larger map on the map, above all else, and frame its window."""
    with page.lifted(INSET_LIFT):
        if not draft:
            west, south, east, north = inset.box
            page.box(west, south, east - west, north - south, fill="white", line=INK, lw=0.9, z=0)
        ground = draw_ground(page, inset.plane, draft=draft, grid=False)
        spread = lay_out(page, inset.plane, inset.marks, ground, (), asked, "groups", draft=draft)
        if not draft:
            draw_discs(page, inset.plane, inset.marks, most=_MOST_DISCS_INSIDE)
            draw_signs(page, spread.placed)
            size, rect = least(page.size), inset.plane.rect
            text = asked.spoken.say("density.inset", letter=inset.letter, times=TIMES)
            page.text(text, rect.x + 4, rect.top + 8, Style(size, 600), z=30)
    if not draft:
        window = inset.window
        page.box(window.x, window.y, window.width, window.height, line="white", lw=3.0, z=19)
        page.box(window.x, window.y, window.width, window.height, line=INK, lw=1.2, z=19.1)
        up = tab_height(least(page.size)) / 2
        number_tab(page, inset.letter, window.x, window.top + up, least(page.size), z=19.2)
    return Larger(inset, ground, tuple(spread.placed))


def in_sight(plane: Plane, marks: Sequence[Mark]) -> tuple[list[Mark], list[Item]]:
    """Tell marks on the map from items of which no mark is."""
    rect = plane.rect.shrunk(-0.01)
    inside = [
        mark
        for mark, (x, y) in zip(marks, plane.spots([m.point for m in marks]), strict=True)
        if rect.x <= x <= rect.right and rect.y <= y <= rect.top
    ]
    known = {mark.item.id for mark in inside}
    gone = {m.item.id: m.item for m in marks if m.item.id not in known}
    return inside, list(gone.values())


def lay_out(
    page: Page,
    plane: Plane,
    marks: Sequence[Mark],
    ground: Ground,
    blocked: Sequence[Box],
    asked: Asked,
    mode: Mode,
    *,
    draft: bool,
) -> Spread:
    """Find room for all marks: one by one where that was asked and is possible, else grouped."""
    spots = plane.spots([mark.point for mark in marks])
    field = field_of(plane.rect, blocked, ground.boundaries, spots)
    rounds = 1 if draft else 4
    size = least(page.size)
    if mode == "numbers":
        wanted = [_single(plane, m, s, asked, size) for m, s in zip(marks, spots, strict=True)]
        placed, lost = settle(wanted, field, rounds=rounds)
        if not lost:
            return Spread("numbers", placed, [])
    reach = _REACH
    for _ in range(_TRIES):
        groups = clusters(spots, reach)
        wanted = [_grouped(plane, [marks[i] for i in g], g, spots, asked, size) for g in groups]
        placed, lost = settle(wanted, field, rounds=min(rounds, 2))
        if not lost:
            break
        reach *= _GROW
    gone = {mark.item.id: mark.item for one in lost for mark in one.members}
    shown = {mark.item.id for one in placed for mark in one.members}
    return Spread("groups", placed, [item for name, item in gone.items() if name not in shown])


def draw_signs(page: Page, placed: Sequence[Placed]) -> None:
    """Draw leader lines, then symbols and counts with their tabs."""
    size = least(page.size)
    for one in placed:
        if one.moved:
            _draw_leader(page, one)
    for one in placed:
        mark = one.members[0]
        if one.count > 1:
            badge(page, one.members, one.x, one.y, one.r - 1.6)
        else:
            symbol(page, mark.item, one.x, one.y, r=radius(mark.sized), hollow=not mark.exact)
        left, up = one.x + one.r + 0.3, 0.0
        if one.tab:
            up = tab_height(size) / 2
            low = one.y - (one.half - up - 0.5 if one.note else 0.0)
            number_tab(page, one.tab, left, low, size)
        if one.note:
            high = one.y + (one.half - size * 0.33 - 0.8 if one.tab else one.r - size * 0.33)
            note_sign(page, one.note, left + 1.0, high, size)


def _single(plane: Plane, mark: Mark, spot: Any, asked: Asked, size: float) -> Placed:
    number = mark.item.number
    tab = asked.spoken.number(number) if number else ""
    note = note_of(mark.item)
    side, half = beside(tab, note, size)
    ring = 0.0 if mark.exact else disc_radius(plane, mark)
    r = radius(mark.sized) + (3.2 if mark.item.assessment != "reported" else 1.4)
    x, y = spot
    return Placed(x, y, r, (mark,), spot, tab, note, ring, side, half)


def _grouped(
    plane: Plane, members: list[Mark], at: Sequence[int], spots: Any, asked: Asked, size: float
) -> Placed:
    """One sign for several marks, in their middle; a single one stays a symbol."""
    incidents = {mark.item.id: mark.item for mark in members}
    if len(members) == 1:
        return _single(plane, members[0], spots[at[0]], asked, size)
    x = sum(spots[i][0] for i in at) / len(at)
    y = sum(spots[i][1] for i in at) / len(at)
    if len(incidents) == 1:
        return replace(_single(plane, members[0], (x, y), asked, size), members=tuple(members))
    tab = rows_in_words((item.number for item in incidents.values()), asked.spoken)
    side, half = beside(tab, "", size)
    return Placed(
        x, y, badge_radius(len(incidents)) + 1.6, tuple(members), (x, y), tab, "", 0.0, side, half
    )


def _along(one: Placed) -> list[Box]:
    """Small boxes that cover a leader line."""
    (x, y), far = one.anchor, math.dist(one.anchor, (one.x, one.y))
    steps = [i * 5.0 / far for i in range(int(far / 5.0) + 1)]
    spots = [(x + (one.x - x) * t, y + (one.y - y) * t) for t in steps]
    return [(u - 1.5, v - 1.5, u + 1.5, v + 1.5) for u, v in spots]


def _draw_leader(page: Page, one: Placed) -> None:
    ends = [one.anchor, (one.x, one.y)]
    page.line(ends, line="white", lw=2.4, alpha=0.9, z=18)
    page.line(ends, line=INK, lw=0.8, z=18.1)
    exact = all(mark.exact for mark in one.members)
    draw_middle(page, *one.anchor, exact=exact, ink=INK)


def _draw_hexagons(
    page: Page,
    plane: Plane,
    scene: Scene,
    ground: Ground,
    blocked: Sequence[Box],
    asked: Asked,
    *,
    draft: bool,
) -> Overlay:
    """Hexagons, and tags beside them for units and countries where these are few."""
    rect = plane.rect
    named = min(_MOST_HOT, max(1, int(rect.width * rect.height / _AREA_A_HOT_SPOT)))
    made, beyond = hexagons_of(plane, scene, breaks=asked.breaks, most_named=named, draft=draft)
    tags: list[Tag] = []
    if len(scene.units) + len(scene.nations) <= _MOST_TAGS:
        full = made.breaks[len(made.breaks) // 2]
        hot = [(cell.x, cell.y) for cell in made.cells if cell.count >= full]
        field = field_of(rect, blocked, ground.boundaries, hot)
        manner = Manner(least(page.size), asked.spoken, hatched=False, numbered=False)
        tags = make_tags(page, plane, scene, field, manner).made
    if not draft:
        draw_hexagons(page, plane, made)
        for one in tags:
            draw_tag(page, one)
    taken = [one.box for one in tags]
    half = made.across / 2
    taken += [
        (s.cell.x - half, s.cell.y - half, s.cell.x + half, s.cell.y + half) for s in made.hot
    ]
    return Overlay("hexagons", (), tuple(taken), tuple(beyond), tuple(tags), made)
