"""How do the incidents of a scene come onto the map?

Discs of true ground radius and hatched units lie below, then leader lines, symbols and counts,
then square tags. The answer names the boxes that labels must keep clear of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo.basemap import load
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.placing import Placed, place
from geo.snapshot.sheet.projection import Plane, Rect
from geo.snapshot.sheet.scene import Item, Mark, Scene
from geo.snapshot.sheet.symbols import (
    INK,
    TAG_HEIGHT,
    badge,
    disc_path,
    radius,
    symbol,
    tag,
    tag_width,
)

Box = tuple[float, float, float, float]
_HATCH_STEP = 5.0
# discs that the symbol would hide are not drawn; above this many, their outlines become one
_LEAST_DISC = 6.0
_CLEAR = 26.0
_MANY_DISCS = 40


@dataclass(frozen=True, slots=True)
class Overlay:
    """What was drawn: symbols and counts, the boxes they take, and who found no room."""

    placed: tuple[Placed, ...]
    taken: tuple[Box, ...]
    elsewhere: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class _Tag:
    items: Sequence[Item]
    x: float
    y: float
    dark: bool

    @property
    def box(self) -> Box:
        half = tag_width(self.items) / 2 + 1
        return self.x - half, self.y - 11, self.x + half, self.y + TAG_HEIGHT / 2 + 1


def draw_overlay(page: Page, plane: Plane, scene: Scene, blocked: Sequence[Box]) -> Overlay:
    """Draw all incidents of a scene."""
    _draw_discs(page, plane, scene.marks)
    spots = [plane.spot(mark.point) for mark in scene.marks]
    # a blocked box counts as many symbols standing in it
    spots += [spot for box in blocked for spot in _filled(box)]
    busy = np.array(spots).reshape(-1, 2)
    tags, elsewhere = _tags(page, plane, scene, busy)
    taken = [made.box for made in tags]
    inside = [m for m in scene.marks if _within(plane.rect, plane.spot(m.point))]
    known = {mark.item.id for mark in inside}
    gone = {m.item.id: m.item for m in scene.marks if m.item.id not in known}
    placed = place(
        inside,
        [plane.spot(mark.point) for mark in inside],
        rect=plane.rect,
        blocked=[*blocked, *taken],
    )
    for one in placed:
        _draw_leader(page, one)
    for one in placed:
        mark = one.members[0]
        if one.count > 1:
            badge(page, one.members, one.x, one.y, one.r - 1.2)
        else:
            r = min(radius(mark.item.deaths), one.r)
            symbol(page, mark.item, one.x, one.y, r=r, hollow=not mark.exact)
    for made in tags:
        tag(page, made.items, made.x, made.y, dark=made.dark)
    taken += [(p.x - p.r, p.y - p.r, p.x + p.r + 3, p.y + p.r) for p in placed]
    return Overlay(tuple(placed), tuple(taken), (*elsewhere, *gone.values()))


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


def _draw_discs(page: Page, plane: Plane, marks: Sequence[Mark]) -> None:
    """Discs of one group and precision are one shape, so that many do not add up to a blot."""
    piles: dict[tuple[str, bool], dict[tuple[float, float, float], Any]] = {}
    for mark in marks:
        if mark.radius_km * 1000 * plane.scale < _LEAST_DISC:
            continue
        pile = piles.setdefault((mark.item.group.colour, mark.precision == "near"), {})
        key = (mark.point.lon, mark.point.lat, mark.radius_km)
        if key not in pile:
            pile[key] = plane.disc(mark.point, mark.radius_km)
    frame = shapely.box(*plane.rect.box)
    quiet = sum(map(len, piles.values())) > _MANY_DISCS
    for (colour, near), held in sorted(piles.items()):
        discs = [disc for disc in held.values() if disc.is_valid and disc.intersects(frame)]
        if not discs:
            continue
        whole = shapely.union_all(discs)
        if near:
            page.shape(whole, fill=colour, alpha=0.07 if quiet else 0.1, z=4, clip=plane.rect)
        else:
            lines = hatch(shapely.intersection(whole, frame), step=7.0 if quiet else _HATCH_STEP)
            alpha = 0.3 if quiet else 0.55
            page.shape(lines, line=colour, lw=0.6, alpha=alpha, z=4, clip=plane.rect)
        for edge in [whole] if quiet else discs:
            alpha = 0.4 if quiet else 0.75
            page.shape(edge, line=colour, lw=0.8, alpha=alpha, z=4.1, clip=plane.rect)


def _tags(
    page: Page, plane: Plane, scene: Scene, busy: np.ndarray
) -> tuple[list[_Tag], list[Item]]:
    """Hatch units and choose where the tags of units and countries stand."""
    made: list[_Tag] = []
    elsewhere: list[Item] = []
    frame = shapely.box(*plane.rect.box)
    shapes = plane.shapes([unit.shape for unit, _ in scene.units])
    for (unit, items), whole in zip(scene.units, shapes, strict=True):
        shape = shapely.intersection(shapely.make_valid(whole), frame)
        if shape.is_empty:
            elsewhere += items
            continue
        colours = {item.group.colour for item in items}
        colour = colours.pop() if len(colours) == 1 else INK
        page.shape(hatch(shape), line=colour, lw=0.6, alpha=0.5, z=1.6, clip=plane.rect)
        page.shape(shape, line=colour, lw=0.9, alpha=0.8, z=1.7, clip=plane.rect)
        made.append(
            _Tag(items, *_inner(plane, plane.spot(unit.inner), shape, made, busy), dark=False)
        )
    for code, items in scene.nations:
        shape, middle = _country(plane, code, frame)
        if shape is None:
            elsewhere += items
        else:
            made.append(_Tag(items, *_inner(plane, middle, shape, made, busy), dark=True))
    return made, elsewhere


def _country(plane: Plane, code: str, frame: Any) -> tuple[Any, tuple[float, float]]:
    """Find the visible part of a country and where its name would stand."""
    table = load("countries_overview")
    rows = table[table["iso3"] == code]
    shapes = [shapely.make_valid(s) for s in plane.shapes(rows.geometry.values)]
    seen = shapely.intersection(shapely.union_all(shapes), frame) if shapes else None
    if seen is None or seen.is_empty:
        return None, (0.0, 0.0)
    middle = plane.project(rows[["lon", "lat"]].to_numpy(dtype=float)[:1])[0]
    return seen, (float(middle[0]), float(middle[1]))


def _inner(
    plane: Plane,
    wanted: tuple[float, float],
    shape: Any,
    made: Sequence[_Tag],
    busy: np.ndarray,
) -> tuple[float, float]:
    """Find a spot for a tag in a shape: clear of symbols and tags, near the wanted one."""
    if not _within(plane.rect.shrunk(13), wanted):
        largest = max(shapely.get_parts(shape), key=lambda part: part.area)
        middle = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest, 1.0))[0]
        wanted = float(middle[0]), float(middle[1])
    west, south, east, north = shape.intersection(shapely.box(*plane.rect.shrunk(13).box)).bounds
    grid_x, grid_y = np.meshgrid(np.linspace(west, east, 15), np.linspace(south, north, 15))
    spots = np.vstack([[wanted], np.column_stack([grid_x.ravel(), grid_y.ravel()])])
    held = np.vstack([busy, *([[tag.x, tag.y]] for tag in made)])
    if len(held):
        apart = spots[:, None, :] - held[None, :, :]
        near = np.hypot(apart[..., 0], apart[..., 1]).min(axis=1)
    else:
        near = np.full(len(spots), np.inf)
    # a tag's own half width and a symbol's; then as near as may be to where it should stand
    crowded = np.maximum(_CLEAR - near, 0.0) * 4
    away = np.hypot(*(spots - wanted).T)
    outside = ~shapely.contains_xy(shape, spots[:, 0], spots[:, 1])
    best = int(np.argmin(crowded + away + outside * 1e6))
    return float(spots[best, 0]), float(spots[best, 1])


def _filled(box: Box) -> list[tuple[float, float]]:
    west, south, east, north = box
    return [
        (float(x), float(y))
        for x in np.arange(west, east + _CLEAR / 2, _CLEAR / 2)
        for y in np.arange(south, north + _CLEAR / 2, _CLEAR / 2)
    ]


def _draw_leader(page: Page, one: Placed) -> None:
    if not one.moved:
        return
    ends = [one.anchor, (one.x, one.y)]
    page.line(ends, line="white", lw=2.2, alpha=0.9, z=18)
    page.line(ends, line=INK, lw=0.8, z=18.1)
    page.path(disc_path(*one.anchor, 1.7), fill=INK, line="white", lw=0.5, z=18.2)


def _within(rect: Rect, spot: tuple[float, float]) -> bool:
    return rect.x <= spot[0] <= rect.right and rect.y <= spot[1] <= rect.top
