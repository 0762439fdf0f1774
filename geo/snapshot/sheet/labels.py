"""Which names stand on the map, and where, so that none covers another or a symbol?

Greedy and deterministic: boundary names, capitals and the incidents' own places first, then
towns, country names, units. A name that finds no room is left out. No state's name stands on
disputed ground.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import shapely

from geo.basemap import within
from geo.boundaries import may_name_state
from geo.filters import fold
from geo.snapshot.language import Language
from geo.snapshot.sheet.base import Ground
from geo.snapshot.sheet.density import least
from geo.snapshot.sheet.fonts import Style, width
from geo.snapshot.sheet.hexagons import Hexagons
from geo.snapshot.sheet.local import state_label, unit_names
from geo.snapshot.sheet.overlay import INSET_LIFT, Larger, Overlay
from geo.snapshot.sheet.page import Page, text_box
from geo.snapshot.sheet.projection import Plane
from geo.snapshot.sheet.room import Box, Room, beside, write
from geo.snapshot.sheet.scene import Item
from geo.snapshot.sheet.symbols import disc_path

TOWN = "#2c3640"
# at most one town for this many square points of map, and never nearer than this to another
_AREA_A_TOWN, _TOWN_GAP = 9500.0, 34.0
_EDGE = 4.0
_MOST_PLACES = 25
_UNITS_KM = 1500.0
# up to this width a line too short for its name has it near by, if it is not all too short
_APART_KM, _LEAST_LINE = 1800.0, 12.0
_MOST_TOWNS, _MOST_READ = 600, 300
# macron, dot below, line below, cedilla below h or z
_TRANSLITERATION = "\u0304\u0323\u0331\u0327\u0332\u035f"
_APOSTROPHES = dict.fromkeys((0x2018, 0x2019, 0x2BB, 0x2BC), "'")


@dataclass(frozen=True, slots=True)
class _Type:
    """Styles of the names, from the least type of a page."""

    state: Style
    unit: Style
    place: Style
    line: Style
    value: Style
    towns: tuple[Style, Style, Style]


@lru_cache(maxsize=8)
def _type(size: float) -> _Type:
    return _Type(
        Style(size + 1.0, 600, colour="#6f6b64"),
        Style(size, italic=True, colour="#7b7468"),
        Style(size, italic=True, colour="#1f2933"),
        Style(size, italic=True, colour="#4a4743"),
        Style(size + 0.5, 700, colour="#1f2933"),
        (
            Style(size + 0.5, 700, colour=TOWN),
            Style(size, 600, colour=TOWN),
            Style(size, colour=TOWN),
        ),
    )


@dataclass(frozen=True, slots=True)
class Words:
    """Whose names come first: those the incidents mention; and how values are said."""

    spoken: Language
    mentioned: str = ""


def mentioned_in(items: Sequence[Item]) -> str:
    """Fold all words in which incidents name places; of very many, their places alone."""
    texts = dict.fromkeys(item.place for item in items)
    if len(items) <= _MOST_READ:
        texts |= dict.fromkeys(item.title for item in items)
    return f" {' '.join(fold(_plain(text)) for text in texts if text)} "


def draw_labels(
    page: Page,
    plane: Plane,
    ground: Ground,
    overlay: Overlay,
    blocked: Sequence[Box],
    words: Words,
) -> None:
    """Put all names on the map."""
    room = Room(plane.rect.shrunk(_EDGE).box, [*blocked, *overlay.taken], ground.boundaries)
    kind = _type(least(page.size))
    used: list[tuple[str, float, float]] = []
    for larger in overlay.insets:
        _draw_inset_labels(page, larger, words, kind)
    if overlay.hexagons is not None:
        _draw_values(page, room, overlay.hexagons, words.spoken, kind.value, used)
    apart = plane.km_wide <= _APART_KM
    for name, shape in ground.named:
        _draw_line_name(page, room, words.spoken.line_name(name), shape, kind.line, apart=apart)
    for towns in _towns(plane, words.mentioned):
        _draw_towns(page, plane, room, towns, used, kind)
        if towns[0].rank == 0:
            _draw_places(page, room, overlay, used, kind.place)
            _draw_states(page, plane, room, kind.state, words.spoken)
    if plane.km_wide <= _UNITS_KM:
        _draw_units(page, plane, room, used, kind.unit, words.spoken)


def _draw_inset_labels(page: Page, larger: Larger, words: Words, kind: _Type) -> None:
    """Put the names of towns and lines on an inset."""
    plane, ground = larger.inset.plane, larger.ground
    taken = [one.box for one in larger.placed]
    room = Room(plane.rect.shrunk(_EDGE).box, taken, ground.boundaries)
    used: list[tuple[str, float, float]] = []
    with page.lifted(INSET_LIFT):
        for name, shape in ground.named:
            _draw_line_name(page, room, words.spoken.line_name(name), shape, kind.line, apart=False)
        for towns in _towns(plane, words.mentioned):
            _draw_towns(page, plane, room, towns, used, kind)


def _draw_values(
    page: Page,
    room: Room,
    hexagons: Hexagons,
    spoken: Language,
    style: Style,
    used: list[tuple[str, float, float]],
) -> None:
    """Write the count of each named hexagon, with its nearest town."""
    for spot in hexagons.hot:
        x, y, half = spot.cell.x, spot.cell.y, hexagons.across / 2
        town = _plain(spot.town)
        said = spoken.number(spot.cell.count)
        text = spoken.say("density.near", place=town, n=spot.cell.count) if town else said
        gaps = (half + 3, half + 8, half + 16, half + 28, half + 42)
        box = beside(room, text, x, y, gaps, style)
        if box is None:
            continue
        edge_x, edge_y = min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3])
        if math.hypot(edge_x - x, edge_y - y) > half + 6:
            page.line([(x, y), (edge_x, edge_y)], line="#1f2933", lw=0.8, z=15)
        room.taken.append(box)
        used.append((town, x, y))
        write(page, text, box, style)


@dataclass(frozen=True, slots=True)
class _Town:
    name: str
    rank: int
    x: float
    y: float
    mentioned: bool = False


def _towns(plane: Plane, mentioned: str) -> list[list[_Town]]:
    """Towns in the frame: capitals, those that incidents mention, then by class and size."""
    rows = within("towns", plane.extent)
    xy = plane.project(shapely.get_coordinates(rows.geometry.values))
    west, south, east, north = plane.rect.shrunk(8).box
    inside = (xy[:, 0] > west) & (xy[:, 0] < east) & (xy[:, 1] > south) & (xy[:, 1] < north)
    ranked: dict[int, list[_Town]] = {0: [], 1: [], 2: []}
    named: list[_Town] = []
    seen = zip(rows["name"][inside], rows["class"][inside], xy[inside], strict=True)
    for name, rank, (x, y) in seen:
        town = _Town(str(name), int(rank), float(x), float(y))
        if rank and len(mentioned) > 2 and f" {fold(_plain(town.name))} " in mentioned:
            named.append(replace(town, mentioned=True))
        elif len(ranked[int(rank)]) < _MOST_TOWNS:
            ranked[int(rank)].append(town)
    first = ranked[0] or [_Town("", 0, -999.0, -999.0)]
    return [towns for towns in (first, named, ranked[1], ranked[2]) if towns]


def _draw_towns(
    page: Page,
    plane: Plane,
    room: Room,
    towns: Sequence[_Town],
    used: list[tuple[str, float, float]],
    kind: _Type,
) -> None:
    most = plane.rect.width * plane.rect.height / _AREA_A_TOWN
    for town in towns:
        if len(used) >= most:
            return
        name = _plain(town.name)
        gap = _TOWN_GAP if town.rank else _TOWN_GAP / 2
        near = any(math.hypot(town.x - x, town.y - y) < gap for _, x, y in used)
        if not name or near or any(_same(name, known) for known, _, _ in used):
            continue
        half = 1.6
        dot = (town.x - half, town.y - half, town.x + half, town.y + half)
        covered = not room.free(dot, pad=0.0)
        if covered and town.rank and not town.mentioned:
            continue
        style = kind.towns[town.rank]
        # a capital keeps its name even where a symbol covers it, and so does what is told of
        gaps = (4.0, 8.0, 14.0, 20.0) if covered else (4.0, 8.0)
        box = beside(room, name, town.x, town.y, gaps, style)
        if box is None:
            continue
        used.append((name, town.x, town.y))
        size = (2.4, 1.9, 1.5)[town.rank]
        if town.rank == 0:
            page.box(town.x - 2, town.y - 2, 4, 4, fill=TOWN, line="white", lw=0.6, z=15)
        else:
            dot_path = disc_path(town.x, town.y, size)
            page.path(dot_path, fill="white", line=TOWN, lw=0.9, z=15)
        room.taken += [dot, box]
        write(page, name, box, style)


def _draw_places(
    page: Page,
    room: Room,
    overlay: Overlay,
    used: list[tuple[str, float, float]],
    style: Style,
) -> None:
    """Names of the incidents' own places, where they are few."""
    marks = [mark for one in overlay.placed for mark in one.members]
    if len(marks) > _MOST_PLACES:
        return
    for one in overlay.placed:
        names = {mark.name for mark in one.members if mark.name}
        name = next(iter(names)) if len(names) == 1 else ""
        if not name or len(name) > 28 or any(_same(name, known) for known, _, _ in used):
            continue
        box = beside(room, name, one.x, one.y, (one.r + 2.5, one.r + 6.5), style)
        if box is not None:
            used.append((name, *one.anchor))
            room.taken.append(box)
            write(page, name, box, style)


def _draw_states(page: Page, plane: Plane, room: Room, usual: Style, spoken: Language) -> None:
    rows = within("countries_overview", plane.extent)
    shapes = plane.shapes(rows.geometry.values)
    frame = shapely.box(*plane.rect.box)
    whole = plane.rect.width * plane.rect.height
    seen = []
    columns = (rows["name"], rows["iso3"], rows["code"], shapes)
    for name, iso3, code, shape in zip(*columns, strict=True):
        part = _largest(shapely.intersection(shapely.make_valid(shape), frame))
        if part is not None and part.area > 0.008 * whole:
            label = state_label(str(name), str(iso3), spoken)
            seen.append((part.area, label, str(code), part))
    for area, text, code, shape in sorted(seen, key=lambda s: (-s[0], s[1])):
        size = usual.size * min(1.0, max(1 - 1 / usual.size, (area / whole / 0.1) ** 0.2))
        style = Style(size, usual.weight, colour=usual.colour)
        for box in _inside(room, text, style, shape):
            if _may_name(plane, box, code):
                room.taken.append(box)
                write(page, text, box, style)
                break


def _may_name(plane: Plane, box: Box, code: str) -> bool:
    """Whether a state's name and a line of room around it lie on ground nobody disputes."""
    west, south, east, north = box
    room = north - south
    across = np.linspace(west - room, east + room, 9)
    up = np.linspace(south - room, north + room, 5)
    around = plane.ground([[x, y] for x in across for y in up])
    return all(may_name_state(float(lon), float(lat), code) for lon, lat in around)


def _draw_units(
    page: Page,
    plane: Plane,
    room: Room,
    used: Sequence[tuple[str, float, float]],
    style: Style,
    spoken: Language,
) -> None:
    rows = within("admin1", plane.extent)
    shapes = plane.shapes(rows.geometry.values)
    frame = shapely.box(*plane.rect.box)
    towns = {fold(name) for name, _, _ in used}
    named = zip(unit_names(rows, spoken), shapes, strict=True)
    for name, shape in sorted(named, key=lambda r: -r[1].area):
        part = _largest(shapely.intersection(shapely.make_valid(shape), frame))
        if part is None or fold(str(name)) in towns or part.area < 900:
            continue
        box = next(_inside(room, str(name), style, part), None)
        if box is not None:
            room.taken.append(box)
            write(page, str(name), box, style)


def _draw_line_name(
    page: Page, room: Room, name: str, shape: Any, style: Style, *, apart: bool
) -> None:
    """Write a boundary's name beside the straightest free stretch of it."""
    across = width(name, style)
    best: tuple[float, float, float, float] | None = None
    for part in shapely.get_parts(shapely.line_merge(shape)):
        line = shapely.simplify(part, 3.0)
        for middle in np.arange(across * 0.6, line.length - across * 0.6, 6.0):
            ends = shapely.get_coordinates(
                shapely.line_interpolate_point(line, [middle - across / 2, middle + across / 2])
            )
            (x0, y0), (x1, y1) = ends
            bend = across - math.hypot(x1 - x0, y1 - y0)
            turn = (math.degrees(math.atan2(y1 - y0, x1 - x0)) + 90) % 180 - 90
            slope = math.radians(turn)
            for side in (7.5, -7.5):
                x = (x0 + x1) / 2 - math.sin(slope) * side
                y = (y0 + y1) / 2 + math.cos(slope) * side
                boxes = _along(x, y, across, slope)
                if all(room.free(box, pad=0.5) for box in boxes):
                    cost = bend + 8 * sum(room.crosses(box) for box in boxes)
                    if best is None or cost < best[0] - 0.01:
                        best = (cost, x, y, turn)
    if best is not None and best[0] < across * 0.6:
        _, x, y, turn = best
        room.taken += _along(x, y, across, math.radians(turn))
        page.text(name, x, y, style, ha="center", halo=2.0, turn=turn, z=16)
        return
    # a line too short or too crooked for its name has it near by
    longest = max(shapely.get_parts(shapely.line_merge(shape)), key=lambda part: part.length)
    middle = shapely.line_interpolate_point(longest, 0.5, normalized=True)
    if not apart or longest.length < _LEAST_LINE:
        return
    gaps = (6.0, 12.0, 20.0, 32.0, 46.0, 64.0, 90.0, 125.0)
    box = beside(room, name, middle.x, middle.y, gaps, style)
    if box is not None:
        near = min(max(middle.x, box[0]), box[2]), min(max(middle.y, box[1]), box[3])
        if math.dist(near, (middle.x, middle.y)) > 14:
            ends = [(middle.x, middle.y), near]
            page.line(ends, line=style.colour, lw=0.6, z=15)
        room.taken.append(box)
        write(page, name, box, style)


def _along(x: float, y: float, across: float, slope: float) -> list[Box]:
    """Small boxes that cover a turned text."""
    steps = np.linspace(-0.5, 0.5, max(int(across / 6), 2) + 1) * across
    return [
        (
            x + s * math.cos(slope) - 4,
            y + s * math.sin(slope) - 4,
            x + s * math.cos(slope) + 4,
            y + s * math.sin(slope) + 4,
        )
        for s in steps
    ]


def _inside(room: Room, text: str, style: Style, shape: Any) -> Iterator[Box]:
    """Free boxes within a shape, from its middle outwards."""
    across = width(text, style)
    middle = shapely.get_coordinates(shapely.maximum_inscribed_circle(shape, 2.0))[0]
    west, south, east, north = shape.bounds
    grid_x, grid_y = np.meshgrid(np.linspace(west, east, 17), np.linspace(south, north, 15))
    spots = np.vstack([middle[None, :], np.column_stack([grid_x.ravel(), grid_y.ravel()])])
    order = np.argsort(np.hypot(*(spots - middle).T), kind="stable")
    shapely.prepare(shape)
    for x, y in spots[order]:
        box = text_box(text, float(x) - across / 2, float(y), style)
        if room.free(box, pad=3.0) and shapely.contains(shape, shapely.box(*box)):
            yield box


def _largest(shape: Any) -> Any:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    parts += [
        inner
        for part in shapely.get_parts(shape)
        if part.geom_type == "MultiPolygon"
        for inner in part.geoms
    ]
    return max(parts, key=lambda part: part.area, default=None)


def _plain(name: str) -> str:
    """Strip a name of signs of transliteration that no map reader needs."""
    apart = unicodedata.normalize("NFD", name.translate(_APOSTROPHES))
    return unicodedata.normalize("NFC", "".join(c for c in apart if c not in _TRANSLITERATION))


def _same(a: str, b: str) -> bool:
    one, other = (fold(name.translate(_APOSTROPHES)) for name in (a, b))
    return one == other or one.startswith(f"{other} ") or other.startswith(f"{one} ")
