"""What stands on the map that is not ground or incident: scale bar and north arrow?

The bar is measured on the ellipsoid where it stands. The arrow is left out where north is not
one direction, and both where the map is too wide for them to be true.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.path import Path
from pyproj import Geod

from geo.snapshot.sheet.fonts import Style, width
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.projection import Plane

Box = tuple[float, float, float, float]
INK = "#1f2933"
_WGS84 = Geod(ellps="WGS84")
_KM_A_MILE = 1.609344
_TOO_WIDE_KM, _TOO_TURNED = 6000.0, 8.0
_TEXT = Style(8.5, 600)
_HEIGHT, _ARROW, _PAD = 33.0, 18.0, 6.0


@dataclass(frozen=True, slots=True)
class Bar:
    """Where the scale bar and the arrow stand, and how long the bar is."""

    box: Box
    km: float
    length: float
    miles: float
    miles_length: float
    north: float | None


def plan_bar(plane: Plane, spots: Sequence[tuple[float, float]]) -> Bar | None:
    """Choose the emptiest corner of the map for the scale bar; nothing on very wide maps."""
    if plane.km_wide > _TOO_WIDE_KM:
        return None
    rect = plane.rect
    wanted = min(120.0, rect.width * 0.25)
    turned = _turns(plane)
    north = sum(turned) / len(turned) if max(turned) - min(turned) <= _TOO_TURNED else None
    across = wanted + 46 + (_ARROW if north is not None else 0)
    places = [
        (rect.x + 8, rect.y + 8),
        (rect.right - across - 8, rect.y + 8),
        (rect.x + 8, rect.top - _HEIGHT - 8),
        (rect.right - across - 8, rect.top - _HEIGHT - 8),
    ]

    def crowd(corner: tuple[float, float]) -> int:
        x, y = corner
        return sum(x - 14 < u < x + across + 14 and y - 14 < v < y + _HEIGHT + 14 for u, v in spots)

    x, y = min(places, key=crowd)
    start = x + _PAD + (_ARROW if north is not None else 0)
    row = plane.ground([[start, y], [start + wanted, y]])
    km = _WGS84.inv(*row[0], *row[1])[2] / 1000
    round_km, miles = _round(km), _round(km / _KM_A_MILE * 0.85)
    length = wanted * round_km / km
    miles_length = wanted * miles * _KM_A_MILE / km
    most = max(
        length + width(f"{round_km:g} km", _TEXT) / 2 + 8,
        miles_length + width(f"{miles:g} miles", _TEXT) + 5,
    )
    box = (x, y, start + most + _PAD, y + _HEIGHT)
    return Bar(box, round_km, length, miles, miles_length, north)


def draw_bar(page: Page, bar: Bar) -> None:
    """Draw the scale bar in kilometres and miles, with the arrow beside it."""
    west, south, east, north = bar.box
    page.box(west, south, east - west, north - south, fill="white", alpha=0.85, z=24)
    x = west + _PAD
    if bar.north is not None:
        _draw_arrow(page, x + 5, south + _HEIGHT / 2 - 3, bar.north)
        x += _ARROW
    y = south + 13
    for i in range(4):
        fill = INK if i % 2 == 0 else "white"
        page.box(x + i * bar.length / 4, y, bar.length / 4, 3, fill=fill, line=INK, lw=0.6, z=25)
    page.text("0", x, y + 10, _TEXT, ha="left", z=26)
    last = f"{bar.km:g} km"
    page.text(last, x + bar.length - width(f"{bar.km:g}", _TEXT) / 2, y + 10, _TEXT, z=26)
    end = x + bar.miles_length
    page.line([(x, y - 2), (x, y - 5), (end, y - 5), (end, y - 2)], line=INK, lw=0.7, z=25)
    page.text(f"{bar.miles:g} miles", end + 4, y - 6, Style(8.5, colour="#3a4652"), z=26)


def _draw_arrow(page: Page, x: float, y: float, north: float) -> None:
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
    page.text("N", x + 13 * math.sin(slope), y + 14, Style(8.5, 700), ha="center", z=26)


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
