"""Which names stand on the map, and where, so that none covers another or a symbol?

Greedy and deterministic: boundary names, capitals and the incidents' own places first, then
towns, country names, units. A name that finds no room is left out. No state's name stands on
disputed ground.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo.basemap import within
from geo.boundaries import may_name_state
from geo.filters import fold
from geo.snapshot.language import Language
from geo.snapshot.sheet.base import Ground
from geo.snapshot.sheet.fonts import Style, width
from geo.snapshot.sheet.local import state_label, unit_names
from geo.snapshot.sheet.overlay import Overlay
from geo.snapshot.sheet.page import Page, text_box
from geo.snapshot.sheet.projection import Plane
from geo.snapshot.sheet.symbols import disc_path

Box = tuple[float, float, float, float]
TOWN = "#2c3640"
_STATE = Style(11, 600, colour="#6f6b64")
_UNIT = Style(8.5, italic=True, colour="#7b7468")
_PLACE = Style(9.5, italic=True, colour="#1f2933")
_LINE = Style(9, italic=True, colour="#4a4743")
_TOWNS = (Style(10, 700, colour=TOWN), Style(9, 600, colour=TOWN), Style(8.5, colour=TOWN))
_SIDES = ((1, 0), (-1, 0), (0.7, 0.8), (0.7, -0.8), (-0.7, 0.8), (-0.7, -0.8), (0, 1), (0, -1))
# at most one town for this many square points of map, and never nearer than this to another
_AREA_A_TOWN, _TOWN_GAP = 9500.0, 34.0
_EDGE = 4.0
_MOST_PLACES = 25
_UNITS_KM = 1500.0
# macron, dot below, line below, cedilla below h or z
_TRANSLITERATION = "\u0304\u0323\u0331\u0327\u0332\u035f"
_APOSTROPHES = dict.fromkeys((0x2018, 0x2019, 0x2BB, 0x2BC), "'")


@dataclass
class Room:
    """What is taken on the map so far."""

    inner: Box
    taken: list[Box]
    lines: Any

    def free(self, box: Box, *, pad: float = 1.5) -> bool:
        """Whether a box lies on the map and on nothing else."""
        west, south, east, north = box
        inner = self.inner
        if west < inner[0] or south < inner[1] or east > inner[2] or north > inner[3]:
            return False
        held = np.asarray(self.taken).reshape(-1, 4)
        across = np.minimum(held[:, 2], east + pad) > np.maximum(held[:, 0], west - pad)
        up = np.minimum(held[:, 3], north + pad) > np.maximum(held[:, 1], south - pad)
        return not bool((across & up).any())

    def crosses(self, box: Box) -> bool:
        """Whether a boundary runs through a box."""
        return bool(shapely.intersects(self.lines, shapely.box(*box)))


def draw_labels(
    page: Page,
    plane: Plane,
    ground: Ground,
    overlay: Overlay,
    blocked: Sequence[Box],
    spoken: Language,
) -> None:
    """Put all names on the map."""
    room = Room(plane.rect.shrunk(_EDGE).box, [*blocked, *overlay.taken], ground.boundaries)
    for name, shape in ground.named:
        _draw_line_name(page, room, spoken.line_name(name), shape)
    used: list[tuple[str, float, float]] = []
    for towns in _towns(plane):
        _draw_towns(page, plane, room, towns, used)
        if towns[0].rank == 0:
            _draw_places(page, room, overlay, used)
            _draw_states(page, plane, room, spoken)
    if plane.km_wide <= _UNITS_KM:
        _draw_units(page, plane, room, used, spoken)


@dataclass(frozen=True, slots=True)
class _Town:
    name: str
    rank: int
    x: float
    y: float


def _towns(plane: Plane) -> list[list[_Town]]:
    """Towns in the frame by class, the largest first."""
    rows = within("towns", plane.extent)
    xy = plane.project(shapely.get_coordinates(rows.geometry.values))
    west, south, east, north = plane.rect.shrunk(8).box
    ranked: dict[int, list[_Town]] = {0: [], 1: [], 2: []}
    for name, rank, (x, y) in zip(rows["name"], rows["class"], xy, strict=True):
        if west < x < east and south < y < north:
            ranked[int(rank)].append(_Town(str(name), int(rank), float(x), float(y)))
    first = ranked[0] or [_Town("", 0, -999.0, -999.0)]
    return [towns for towns in (first, ranked[1], ranked[2]) if towns]


def _draw_towns(
    page: Page,
    plane: Plane,
    room: Room,
    towns: Sequence[_Town],
    used: list[tuple[str, float, float]],
) -> None:
    most = plane.rect.width * plane.rect.height / _AREA_A_TOWN
    for town in towns[:600]:
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
        if covered and town.rank:
            continue
        style = _TOWNS[town.rank]
        # a capital keeps its name even where a symbol covers it
        gaps = (4.0, 8.0, 14.0, 20.0) if covered else (4.0, 8.0)
        box = _beside(room, name, town.x, town.y, gaps, style)
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
        _write(page, name, box, style)


def _draw_places(
    page: Page, room: Room, overlay: Overlay, used: list[tuple[str, float, float]]
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
        box = _beside(room, name, one.x, one.y, (one.r + 2.5, one.r + 6.5), _PLACE)
        if box is not None:
            used.append((name, *one.anchor))
            room.taken.append(box)
            _write(page, name, box, _PLACE)


def _draw_states(page: Page, plane: Plane, room: Room, spoken: Language) -> None:
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
        size = min(_STATE.size, max(8.5, _STATE.size * (area / whole / 0.1) ** 0.2))
        style = Style(size, _STATE.weight, colour=_STATE.colour)
        for box in _inside(room, text, style, shape):
            if _may_name(plane, box, code):
                room.taken.append(box)
                _write(page, text, box, style)
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
    spoken: Language,
) -> None:
    rows = within("admin1", plane.extent)
    shapes = plane.shapes(rows.geometry.values)
    frame = shapely.box(*plane.rect.box)
    towns = {fold(name) for name, _, _ in used}
    for name, shape in sorted(
        zip(unit_names(rows, spoken), shapes, strict=True), key=lambda r: -r[1].area
    ):
        part = _largest(shapely.intersection(shapely.make_valid(shape), frame))
        if part is None or fold(str(name)) in towns or part.area < 900:
            continue
        box = next(_inside(room, str(name), _UNIT, part), None)
        if box is not None:
            room.taken.append(box)
            _write(page, str(name), box, _UNIT)


def _draw_line_name(page: Page, room: Room, name: str, shape: Any) -> None:
    """Write a boundary's name beside the straightest free stretch of it."""
    across = width(name, _LINE)
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
        page.text(name, x, y, _LINE, ha="center", halo=2.0, turn=turn, z=16)


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


def _beside(
    room: Room, text: str, x: float, y: float, gaps: Sequence[float], style: Style
) -> Box | None:
    """Find the best free box beside a spot, one without a boundary through it if there is one."""
    crossing = None
    across = width(text, style)
    for far in gaps:
        for dx, dy in _SIDES:
            left = x + dx * far + (0 if dx > 0 else -across if dx < 0 else -across / 2)
            box = text_box(text, left, y + dy * (far * 0.8 + style.size * 0.35), style)
            if room.free(box):
                if not room.crosses(box):
                    return box
                crossing = crossing or box
    return crossing


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


def _write(page: Page, text: str, box: Box, style: Style) -> None:
    depth = 0.2 * style.size
    y = (box[1] + depth + box[3]) / 2
    page.text(text, box[0], y, style, halo=2.2, z=16)
