"""Where are incidents counted that are known only to a unit or a country?

The unit is hatched and carries a square tag with their number; a country has a dark tag. Nothing
of such an incident shows a size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from geo.basemap import load
from geo.snapshot.language import Language
from geo.snapshot.sheet.density import rows_in_words
from geo.snapshot.sheet.discs import hatch
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.placing import Box, Field, Spot, seat
from geo.snapshot.sheet.projection import Plane
from geo.snapshot.sheet.scene import Item, Scene
from geo.snapshot.sheet.symbols import INK, TAG_HEIGHT, number_tab, tab_width, tag, tag_width


@dataclass(frozen=True, slots=True)
class Tag:
    """A square tag: how many are known to a unit or country, and which rows they are."""

    items: tuple[Item, ...]
    x: float
    y: float
    dark: bool
    tab: str
    size: float

    @property
    def box(self) -> Box:
        """What it covers."""
        half = tag_width(self.items) / 2 + 1
        east = self.x + half + tab_width(self.tab, self.size)
        return self.x - half, self.y - TAG_HEIGHT / 2 - 4, east, self.y + TAG_HEIGHT / 2 + 1


@dataclass
class Tags:
    """Tags made, and the items that found no room."""

    made: list[Tag] = field(default_factory=list)
    elsewhere: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Manner:
    """How tags are made: the type size, the language of their rows, whether units are hatched."""

    size: float
    spoken: Language
    hatched: bool = True
    numbered: bool = True


def make_tags(page: Page, plane: Plane, scene: Scene, room: Field, manner: Manner) -> Tags:
    """Hatch units and choose where the tags of units and countries stand."""
    tags = Tags()
    frame = shapely.box(*plane.rect.box)
    shapes = plane.shapes([unit.shape for unit, _ in scene.units])
    for (unit, items), whole in zip(scene.units, shapes, strict=True):
        shape = shapely.intersection(shapely.make_valid(whole), frame)
        if shape.is_empty:
            tags.elsewhere += items
            continue
        if manner.hatched:
            colours = {item.group.colour for item in items}
            colour = colours.pop() if len(colours) == 1 else INK
            page.shape(hatch(shape), line=colour, lw=0.6, alpha=0.45, z=1.6, clip=plane.rect)
            page.shape(shape, line=colour, lw=0.8, alpha=0.6, z=1.7, clip=plane.rect)
        _seat(tags, items, plane.spot(unit.inner), shape, room, manner, dark=False)
    for code, items in scene.nations:
        seen, middle = _country(plane, code, frame)
        if seen is None:
            tags.elsewhere += items
        else:
            _seat(tags, items, middle, seen, room, manner, dark=True)
    return tags


def draw_tag(page: Page, made: Tag) -> None:
    """Draw a tag."""
    tag(page, made.items, made.x, made.y, dark=made.dark)
    if made.tab:
        right = made.x + tag_width(made.items) / 2 + 1
        number_tab(page, made.tab, right, made.y, made.size)


def _country(plane: Plane, code: str, frame: Any) -> tuple[Any, Spot]:
    """Find the visible part of a country and where its name would stand."""
    table = load("countries_overview")
    rows = table[table["iso3"] == code]
    shapes = [shapely.make_valid(s) for s in plane.shapes(rows.geometry.values)]
    seen = shapely.intersection(shapely.union_all(shapes), frame) if shapes else None
    if seen is None or seen.is_empty:
        return None, (0.0, 0.0)
    middle = plane.project(rows[["lon", "lat"]].to_numpy(dtype=float)[:1])[0]
    return seen, (float(middle[0]), float(middle[1]))


def _seat(
    tags: Tags,
    items: tuple[Item, ...],
    wanted: Spot,
    shape: Any,
    room: Field,
    manner: Manner,
    *,
    dark: bool,
) -> None:
    """Seat a tag in a shape, near the wanted spot; else as near to the shape as there is room."""
    tab = rows_in_words((i.number for i in items), manner.spoken) if manner.numbered else ""
    blank = Tag(items, 0.0, 0.0, dark, tab, manner.size)
    inner = room.rect.shrunk(12)
    if not (inner.x < wanted[0] < inner.right and inner.y < wanted[1] < inner.top):
        largest = max(shapely.get_parts(shape), key=lambda part: part.area)
        if largest.area > 0:
            middle = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest, 1.0))[0]
            wanted = float(middle[0]), float(middle[1])
    near = _grid(shape.bounds, wanted)
    near = near[shapely.contains_xy(shape, near[:, 0], near[:, 1])]
    taken = [made.box for made in tags.made]
    spot = seat(near, blank.box, wanted, room, taken)
    if spot is None:
        spot = seat(_grid(room.rect.box, wanted), blank.box, wanted, room, taken)
    if spot is None:
        tags.elsewhere += items
    else:
        tags.made.append(Tag(items, *spot, dark, tab, manner.size))


def _grid(bounds: Sequence[float], wanted: Spot) -> np.ndarray:
    west, south, east, north = bounds
    across, up = np.meshgrid(np.linspace(west, east, 21), np.linspace(south, north, 21))
    return np.vstack([[wanted], np.column_stack([across.ravel(), up.ravel()])])
