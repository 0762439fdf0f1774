"""Where on the page is room for what?

Wide pages: the map left, under it the strip of what lies off it; right the figures, the table,
the histogram; the legend across below both, where it is lowest. Tall pages: the map with figures
and histogram beside it, then strip, legend and table across; on a phone the map across, and
figures above the table.
"""

from __future__ import annotations

from dataclasses import dataclass

from geo.snapshot.sheet.page import Size
from geo.snapshot.sheet.projection import Rect

# the labels of the graticule stand under the map
GRID = 13.0
GAP = 9.0
_GUTTER = 20.0
_SIDE = 0.3
# of the room between header and footer, what the map keeps at least and takes at most
_LEAST_MAP, _LEAST_BESIDE, _MOST_ASPECT = 0.66, 0.45, 1.2
# heights of a line that the table beside a map keeps: its head and a few rows
_LEAST_TABLE = 7.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Heights that parts ask for: what is under the map, the whole table, what goes with it."""

    strip: float
    legend: float
    table: float
    figures: float
    histogram: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Rectangles of the parts of a page; parts are drawn from the top of theirs."""

    map: Rect
    strip: Rect
    legend: Rect
    figures: Rect
    table: Rect
    histogram: Rect


@dataclass(frozen=True, slots=True)
class Widths:
    """Widths that parts are set to before their heights are known."""

    map: float
    panel: float
    side: float


def widths_of(size: Size) -> Widths:
    """How wide map, table and the column of figures and histogram are."""
    inner = size.width - 2 * size.margin
    if size.panel:
        panel = (inner - _GUTTER) * size.panel
        return Widths(inner - _GUTTER - panel, panel, panel)
    if size.name == "phone":
        return Widths(inner, inner, inner)
    side = (inner - _GUTTER) * _SIDE
    return Widths(inner - _GUTTER - side, inner, side)


def layout_of(size: Size, top: float, bottom: float, needs: Needs) -> Layout:
    """Give every part its rectangle between header and footer."""
    if size.panel:
        return _wide(size, top, bottom, needs)
    return _tall(size, top, bottom, needs)


def _wide(size: Size, top: float, bottom: float, needs: Needs) -> Layout:
    widths, x = widths_of(size), size.margin
    legend = Rect(x, bottom, size.width - 2 * size.margin, needs.legend)
    low = legend.top + (GAP if needs.legend else 0)
    strip = Rect(x, low, widths.map, needs.strip)
    foot = strip.top + GRID
    right = x + widths.map + _GUTTER
    figures = Rect(right, top - needs.figures, widths.panel, needs.figures)
    # some rows of the table say more than a histogram does
    left = figures.y - 4 - low - needs.histogram - GAP
    kept = needs.histogram if left >= size.body * _LEAST_TABLE else 0.0
    histogram = Rect(right, low, widths.panel, kept)
    base = histogram.top + (GAP if kept else 0)
    return Layout(
        map=Rect(x, foot, widths.map, top - foot),
        strip=strip,
        legend=legend,
        figures=figures,
        table=Rect(right, base, widths.panel, figures.y - 4 - base),
        histogram=histogram,
    )


def _tall(size: Size, top: float, bottom: float, needs: Needs) -> Layout:
    widths, x = widths_of(size), size.margin
    beside = widths.side < widths.panel
    room = top - bottom - GRID - needs.strip - needs.legend - 3 * GAP
    if beside:
        least = needs.figures + needs.histogram + GAP - GRID
        under, kept = needs.table, needs.histogram
    else:
        kept = needs.histogram if room - needs.figures - needs.histogram > room * 0.7 else 0.0
        under = needs.figures + GAP + needs.table + kept + (GAP if kept else 0)
        least = 0.0
    tall = max(room - under, room * (_LEAST_BESIDE if beside else _LEAST_MAP), least)
    tall = max(min(tall, widths.map * _MOST_ASPECT, room), 20.0)
    chart = Rect(x, top - tall, widths.map, tall)
    inner = size.width - 2 * size.margin
    strip = Rect(x, chart.y - GRID - needs.strip, inner, needs.strip)
    legend = Rect(x, strip.y - GAP - needs.legend, inner, needs.legend)
    low = legend.y - GAP
    if beside:
        right = size.width - size.margin - widths.side
        figures = Rect(right, top - needs.figures, widths.side, needs.figures)
        below = figures.y - GAP - kept
        return Layout(
            map=chart,
            strip=strip,
            legend=legend,
            figures=figures,
            table=Rect(x, bottom, widths.panel, low - bottom),
            histogram=Rect(right, below, widths.side, kept),
        )
    figures = Rect(x, low - needs.figures, inner, needs.figures)
    histogram = Rect(x, bottom, inner, kept)
    base = histogram.top + (GAP if kept else 0)
    return Layout(
        map=chart,
        strip=strip,
        legend=legend,
        figures=figures,
        table=Rect(x, base, inner, max(figures.y - GAP / 2 - base, 0.0)),
        histogram=histogram,
    )
