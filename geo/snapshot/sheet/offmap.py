"""Which incidents lie off the map, in which direction and how far? A strip outside the neatline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.path import Path
from pyproj import Geod

from geo.area import BBox
from geo.snapshot.language import Language
from geo.snapshot.sheet.fonts import Style, clean, shorten, width
from geo.snapshot.sheet.page import Page, Size
from geo.snapshot.sheet.paragraph import INK, MUTED
from geo.snapshot.sheet.projection import Rect
from geo.snapshot.sheet.rows import runs
from geo.snapshot.sheet.scene import Item
from geo.snapshot.sheet.symbols import symbol

_WGS84 = Geod(ellps="WGS84")
_STEPS = 60
_LEADING = 1.5
_GAP, _ARROW, _SIGN = 12.0, 11.0, 14.0
_MOST_NAME = 0.34
# letters kept for number, sign, arrow and distance
_FURTHER = 14.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One place off the map: whose numbers, its name, and where it lies."""

    items: tuple[Item, ...]
    numbers: str
    name: str
    bearing: float | None
    distance: str
    across: float


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and its entries by line; `rest` says how many find no room."""

    heading: str
    lines: tuple[tuple[Entry, ...], ...]
    rest: str


@dataclass(frozen=True, slots=True)
class Strip:
    """All that stands outside the neatline."""

    parts: tuple[Part, ...]
    step: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """Numbers of the table by incident; empty where the map shows none."""

    by_id: dict[str, int]
    spoken: Language


def strip_of(
    groups: Sequence[tuple[str, Sequence[Item]]],
    frame: BBox,
    numbered: Numbered,
    size: Size,
    across: float,
    *,
    lines: int,
) -> Strip:
    """Set what lies off the map, by kind of absence, each into a few lines."""
    parts = []
    for key, items in groups:
        if not items:
            continue
        spoken = numbered.spoken
        heading = spoken.say(f"sheet.{key}", n=len(items))
        piles = _piles(items, key)
        room = across * _MOST_NAME
        if len(piles) == 1:
            room = across - width(heading, Style(size.body, 700)) - _FURTHER * size.body
        entries = [_entry(each, frame, numbered, size, room) for each in piles]
        parts.append(_part(heading, entries, spoken, size, across, lines))
    step = size.body * _LEADING
    return Strip(tuple(parts), step, step * sum(len(part.lines) for part in parts))


def draw_strip(page: Page, strip: Strip, rect: Rect) -> None:
    """Draw the strip from the top of a rectangle."""
    body = page.size.body
    strong, muted = Style(body, 700), Style(body, colour=MUTED)
    y = rect.top - strip.step / 2
    for part in strip.parts:
        page.text(part.heading, rect.x, y, strong)
        x = rect.x + width(part.heading, strong) + _GAP
        for line in part.lines:
            for entry in line:
                _draw_entry(page, entry, x, y)
                x += entry.across + _GAP
            if line is part.lines[-1] and part.rest:
                page.text(part.rest, x, y, muted)
            x = rect.x
            y -= strip.step


def _piles(items: Sequence[Item], key: str) -> list[tuple[Item, ...]]:
    """Put together what lies at one place; what has none stays apart."""
    held: dict[tuple[str, ...], list[Item]] = {}
    for item in items:
        name = (item.id,) if key == "unplaced" else (item.place, *item.countries)
        held.setdefault(name, []).append(item)
    return [tuple(pile) for pile in sorted(held.values(), key=lambda pile: -len(pile))]


def _entry(
    items: tuple[Item, ...], frame: BBox, numbered: Numbered, size: Size, room: float
) -> Entry:
    spoken, style = numbered.spoken, Style(size.body)
    first = items[0]
    known = [numbered.by_id[item.id] for item in items if item.id in numbered.by_id]
    numbers = runs(known, spoken) if known else ""
    if not numbers and len(items) > 1:
        numbers = spoken.say("sheet.times", n=len(items))
    nations = " / ".join(spoken.country(code) for code in first.countries)
    where = ", ".join(dict.fromkeys(part for part in (first.place, nations) if part))
    name = where if first.spots and where else first.title
    name = shorten(clean(name), style, room)
    bearing, km = _towards(first, frame)
    distance = "" if km is None else spoken.say("sheet.distance", n=km)
    wide = _SIGN + width(name, style)
    wide += width(numbers, Style(size.body, 600)) + 4 if numbers else 0
    wide += _ARROW + 6 + width(distance, style) if bearing is not None else 0
    return Entry(items, numbers, name, bearing, distance, wide)


def _part(
    heading: str,
    entries: Sequence[Entry],
    spoken: Language,
    size: Size,
    across: float,
    most: int,
) -> Part:
    """Fill lines; the last keeps room to say how many are left."""
    tail = width(spoken.say("sheet.more", n=9999), Style(size.body)) + _GAP
    lines: list[list[Entry]] = [[]]
    x = width(heading, Style(size.body, 700)) + _GAP
    for at, entry in enumerate(entries):
        last = len(lines) == most
        more = at < len(entries) - 1
        room = across - (tail if last and more else 0)
        if x + entry.across > room and (lines[-1] or len(lines) < most):
            if last:
                break
            lines.append([])
            x = 0.0
            if entry.across > across - (tail if len(lines) == most and more else 0):
                break
        lines[-1].append(entry)
        x += entry.across + _GAP
    named = sum(len(entry.items) for line in lines for entry in line)
    left = sum(len(entry.items) for entry in entries) - named
    rest = spoken.say("sheet.more", n=left) if left else ""
    return Part(heading, tuple(tuple(line) for line in lines), rest)


def _draw_entry(page: Page, entry: Entry, x: float, y: float) -> None:
    body = page.size.body
    strong, plain, muted = Style(body, 600), Style(body, colour=INK), Style(body, colour=MUTED)
    if entry.numbers:
        page.text(entry.numbers, x, y, strong)
        x += width(entry.numbers, strong) + 4
    item = entry.items[0]
    symbol(
        page,
        item,
        x + _SIGN / 2 - 2,
        y,
        r=body * 0.46,
        hollow=item.precision != "exact",
        plain=True,
    )
    x += _SIGN
    page.text(entry.name, x, y, plain)
    x += width(entry.name, plain) + 4
    if entry.bearing is not None:
        middle = x + _ARROW / 2
        with page.upright(middle, middle):
            page.path(_arrow(middle, y, entry.bearing, _ARROW / 2), fill=INK, z=20)
        page.text(entry.distance, x + _ARROW + 2, y, muted)


def _arrow(x: float, y: float, bearing: float, r: float) -> Path:
    """Draw an arrow towards a bearing, clockwise from up."""
    turn = math.radians(bearing)
    east, north = (math.cos(turn), -math.sin(turn)), (math.sin(turn), math.cos(turn))
    outline = [
        (0, 1),
        (0.72, -0.1),
        (0.2, -0.1),
        (0.2, -1),
        (-0.2, -1),
        (-0.2, -0.1),
        (-0.72, -0.1),
        (0, 1),
    ]
    return Path(
        [
            (x + r * (u * east[0] + v * north[0]), y + r * (u * east[1] + v * north[1]))
            for u, v in outline
        ],
        closed=True,
    )


def _towards(item: Item, frame: BBox) -> tuple[float | None, int | None]:
    """Bearing from the frame's middle and distance from its edge, in rounded km."""
    if not item.spots:
        return None, None
    spot = item.spots[0]
    span = (frame.east - frame.west) % 360 or 360.0
    middle = frame.west + span / 2, (frame.south + frame.north) / 2
    bearing = _WGS84.inv(*middle, spot.lon, spot.lat)[0]
    lon = np.linspace(frame.west, frame.west + span, _STEPS)
    lat = np.linspace(frame.south, frame.north, _STEPS)
    edge_lon = np.concatenate([lon, lon, np.full(_STEPS, lon[0]), np.full(_STEPS, lon[-1])])
    edge_lat = np.concatenate([np.full(_STEPS, lat[0]), np.full(_STEPS, lat[-1]), lat, lat])
    count = len(edge_lon)
    far = _WGS84.inv(edge_lon, edge_lat, np.full(count, spot.lon), np.full(count, spot.lat))[2]
    km = float(far.min()) / 1000
    # two digits that mean something: the frame's edge is no place
    rounded = round(km, 1 - len(str(int(km)))) if km >= 10 else round(km)
    return float(bearing), int(rounded)
