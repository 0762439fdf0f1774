"""What stands on the map that is not ground or incident: scale bar and north arrow?

The bar is measured on the ellipsoid at the centre, and says so where that matters. The arrow is
left out where north is not one direction, the bar where the map is too wide for it to be true.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.path import Path
from pyproj import Geod

from geo.snapshot.language import Language
from geo.snapshot.sheet.fonts import Style, width
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.projection import Plane, Rect

Box = tuple[float, float, float, float]
INK = "#1f2933"
_WGS84 = Geod(ellps="WGS84")
_KM_A_MILE = 1.609344
# a bar is said to be true at the centre only beyond the first error, and left out beyond the second
_SAID, _LIES = 0.02, 0.08
_TOO_TURNED = 8.0
_ARROW, _PAD = 18.0, 6.0


@dataclass(frozen=True, slots=True)
class Bar:
    """Where the scale bar and the arrow stand, and how long the bar is."""

    box: Box
    km: str
    length: float
    miles: str
    miles_length: float
    north: float | None
    note: str
    size: float


def plan_bar(
    plane: Plane, spots: Sequence[tuple[float, float]], spoken: Language, size: float
) -> Bar | None:
    """Choose the emptiest corner of the map for the scale bar; nothing where it would lie."""
    error = scale_error(plane)
    if error > _LIES:
        return None
    rect, style = plane.rect, Style(size, 600)
    wanted = min(120.0, rect.width * 0.25)
    turned = _turns(plane)
    north = sum(turned) / len(turned) if max(turned) - min(turned) <= _TOO_TURNED else None
    start = _PAD + (_ARROW if north is not None else 0)
    middle = rect.x + rect.width / 2, rect.y + rect.height / 2
    row = plane.ground([[middle[0] - wanted / 2, middle[1]], [middle[0] + wanted / 2, middle[1]]])
    km = _WGS84.inv(*row[0], *row[1])[2] / 1000
    round_km, miles = _round(km), _round(km / _KM_A_MILE * 0.85)
    length = wanted * round_km / km
    miles_length = wanted * miles * _KM_A_MILE / km
    long, short = (
        spoken.say(f"map.{key}", n=int(n) if n == int(n) else f"{n:g}")
        for key, n in (("km", round_km), ("miles", miles))
    )
    note = spoken.say("map.true_at_centre") if error > _SAID else ""
    across = (
        start
        + _PAD
        + max(
            length + width(long, style) / 2 + 4,
            miles_length + width(short, style) + 5,
            width(note, style),
        )
    )
    height = _height(size, note)
    x, y = _corner(rect, across, height, spots)
    return Bar((x, y, x + across, y + height), long, length, short, miles_length, north, note, size)


def scale_error(plane: Plane) -> float:
    """By how much a length on the map is wrong at most, as a share, against one at the centre."""
    rect = plane.rect
    step = min(rect.width, rect.height) / 50
    metres = []
    for across in (0.5, 0.02, 0.98):
        for up in (0.5, 0.02, 0.98):
            x, y = rect.x + across * rect.width, rect.y + up * rect.height
            for dx, dy in ((step, 0.0), (0.0, step), (step * 0.7071, step * 0.7071)):
                ends = plane.ground([[x - dx / 2, y - dy / 2], [x + dx / 2, y + dy / 2]])
                if not all(math.isfinite(v) for end in ends for v in end):
                    return math.inf
                metres.append(_WGS84.inv(*ends[0], *ends[1])[2])
    centre = sum(metres[:3]) / 3
    if centre <= 0:
        return math.inf
    return float(max(abs(m / centre - 1) for m in metres))


def _height(size: float, note: str) -> float:
    return 3.0 + 2 * (size + 5.0) + (size + 2.0 if note else 0.0)


def _corner(
    rect: Rect, across: float, height: float, spots: Sequence[tuple[float, float]]
) -> tuple[float, float]:
    places = [
        (rect.x + 8, rect.y + 8),
        (rect.right - across - 8, rect.y + 8),
        (rect.x + 8, rect.top - height - 8),
        (rect.right - across - 8, rect.top - height - 8),
    ]

    def crowd(corner: tuple[float, float]) -> int:
        x, y = corner
        return sum(x - 26 < u < x + across + 26 and y - 26 < v < y + height + 26 for u, v in spots)

    return min(places, key=crowd)


def draw_bar(page: Page, bar: Bar) -> None:
    """Draw the scale bar in kilometres and miles, with the arrow beside it."""
    west, south, east, north = bar.box
    style = Style(bar.size, 600)
    page.box(west, south, east - west, north - south, fill="white", alpha=0.85, z=24)
    x = west + _PAD
    if bar.north is not None:
        _draw_arrow(page, x + 5, south + (north - south) / 2 - 4, bar.north, bar.size)
        x += _ARROW
    y = south + bar.size + 5.0
    if bar.note:
        page.text(bar.note, x, south + bar.size * 0.6, style, z=26)
        y += bar.size + 2.0
    for i in range(4):
        fill = INK if i % 2 == 0 else "white"
        page.box(x + i * bar.length / 4, y, bar.length / 4, 3, fill=fill, line=INK, lw=0.6, z=25)
    above = y + 5.5 + bar.size * 0.4
    page.text("0", x, above, style, ha="left", z=26)
    page.text(bar.km, x + bar.length, above, style, ha="center", z=26)
    end = x + bar.miles_length
    page.line([(x, y - 2), (x, y - 5), (end, y - 5), (end, y - 2)], line=INK, lw=0.7, z=25)
    plain = Style(bar.size, colour="#3a4652")
    page.text(bar.miles, end + 4, y - 6, plain, z=26)


def _draw_arrow(page: Page, x: float, y: float, north: float, size: float) -> None:
    slope = math.radians(north)

    def turned(points: Sequence[tuple[float, float]]) -> Path:
        return Path(
            [
                (
                    x + u * math.cos(slope) + v * math.sin(slope),
                    y - u * math.sin(slope) + v * math.cos(slope),
                )
                for u, v in points
            ],
            closed=True,
        )

    page.path(turned([(0, 8), (-4.5, -7), (0, -4), (0, 8)]), fill=INK, line=INK, lw=0.6, z=25)
    page.path(turned([(0, 8), (4.5, -7), (0, -4), (0, 8)]), fill="white", line=INK, lw=0.6, z=25)
    page.text("N", x + 13 * math.sin(slope), y + 14, Style(size, 700), ha="center", z=26)


def _turns(plane: Plane) -> list[float]:
    rect = plane.rect
    return [
        plane.turn(rect.x + across * rect.width, rect.y + up * rect.height)
        for across in (0.05, 0.5, 0.95)
        for up in (0.05, 0.5, 0.95)
    ]


def _round(value: float) -> float:
    ten = 10 ** math.floor(math.log10(value))
    return float(max(step * ten for step in (1, 2, 4, 5) if step * ten <= value))
