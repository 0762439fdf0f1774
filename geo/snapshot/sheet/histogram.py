"""When did it happen? Incidents per day, week, month or year, stacked by group.

The axis has whole, round ticks. What the range or the time of the data covers only in part is
shaded, since a part week is no decline. Where no unit holds two incidents the days stand in
the table already, and bars of one would only look like a trend: nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from geo.snapshot.brief import Brief
from geo.snapshot.content import Content
from geo.snapshot.house import House
from geo.snapshot.language import Language
from geo.snapshot.sheet.fonts import Style, shorten, width
from geo.snapshot.sheet.page import Page, Size
from geo.snapshot.sheet.paragraph import INK, MUTED
from geo.snapshot.sheet.projection import Rect
from geo.snapshot.sheet.symbols import FAINT
from geo.taxonomy import Group, groups
from geo.timeline import Bar, Unit, bin_end, bin_start

_SHADE, _HAIR = "#eceff1", "#dde2e6"
_LEADING = 1.34
_MOST_BINS = 400
_SWATCH, _APART = 8.0, 14.0
_TICKS = 3
# counts up to this are told apart one by one
_COUNTABLE = 8


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the key; no group for the pale bars of uncertain dates."""

    text: str
    group: Group | None
    across: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """A histogram set into its room."""

    unit: Unit
    bins: tuple[date, ...]
    bars: tuple[Bar, ...]
    partial: frozenset[date]
    keys: tuple[tuple[Key, ...], ...]
    title: str
    note: str
    top: int
    step: int
    plot: float
    height: float


def histogram_of(
    content: Content, brief: Brief, size: Size, across: float, plot: float
) -> Histogram | None:
    """Set a histogram with a plot of a height; None where it would say nothing."""
    line = content.timeline
    spoken = content.language
    totals: dict[date, int] = {}
    for bar in line.bars:
        totals[bar.start] = totals.get(bar.start, 0) + bar.count
    if len(totals) < 2 or max(totals.values()) < 2:
        return None
    bins = _bins(line.bars, line.unit, brief)
    partial = _partial(bins, line.unit, brief)
    step = _round_step(max(totals.values()))
    top = -(-max(totals.values()) // step) * step
    title = spoken.say(f"histogram.title.{line.unit}")
    beside = width(title, Style(size.body + 1, 700)) + _APART
    keys = _keys(line.bars, brief.house, spoken, size, across, beside)
    note = spoken.say(f"histogram.part.{line.unit}") if partial else ""
    # the key begins beside the title
    rows = len(keys) + 1 + (1 if note else 0)
    return Histogram(
        line.unit,
        bins,
        line.bars,
        partial,
        keys,
        title,
        note,
        top,
        step,
        plot,
        plot + rows * size.body * _LEADING + 4,
    )


def draw_histogram(page: Page, made: Histogram, spoken: Language, rect: Rect) -> None:
    """Draw a histogram from the top of a rectangle."""
    body = page.size.body
    row = body * _LEADING
    muted = Style(body, colour=MUTED)
    title = Style(body + 1, 700, colour=INK)
    y = rect.top - row / 2
    page.text(shorten(made.title, title, rect.width), rect.x, y, title)
    beside = width(made.title, title) + _APART
    for keys in made.keys:
        _draw_keys(page, keys, rect.x + beside, y)
        beside = 0.0
        y -= row
    left = width(spoken.number(made.top), muted) + 5
    plot = Rect(rect.x + left, y + row / 2 - made.plot, rect.width - left, made.plot - 4)
    _draw_axis(page, made, spoken, plot, rect.x + left - 4)
    _draw_bars(page, made, plot)
    base = plot.y - row * 0.62
    for x, text in _labels(made, spoken, plot, muted):
        page.line([(x, plot.y), (x, plot.y - 2.5)], line=MUTED, lw=0.6, z=21)
        page.text(text, x, base, muted, ha="center")
    if made.note:
        note = Style(body, italic=True, colour=MUTED)
        y = base - row
        page.box(rect.x, y - body * 0.36, _SWATCH, body * 0.72, fill=_SHADE, line=_HAIR, lw=0.5)
        page.text(shorten(made.note, note, rect.width - 14), rect.x + _SWATCH + 4, y, note)


def _bins(bars: Sequence[Bar], unit: Unit, brief: Brief) -> tuple[date, ...]:
    """Every unit from the first to the last of the range, empty ones included."""
    first, last = bars[0].start, max(bar.start for bar in bars)
    if brief.query.start:
        first = min(first, bin_start(brief.query.start, unit))
    if brief.query.end:
        last = max(last, bin_start(brief.query.end, unit))
    found = [first]
    while found[-1] < last and len(found) < _MOST_BINS:
        found.append(bin_end(found[-1], unit) + timedelta(days=1))
    if found[-1] < last:
        return tuple(sorted({bar.start for bar in bars}))
    return tuple(found)


def _partial(bins: Sequence[date], unit: Unit, brief: Brief) -> frozenset[date]:
    """Units at the ends that the range, or the time of the data, cuts."""
    found = set()
    start, end, as_of = brief.query.start, brief.query.end, brief.as_of.date()
    for each in (bins[0], bins[-1]):
        last = bin_end(each, unit)
        cut = (start and each < start <= last) or (end and each <= end < last)
        if cut or each <= as_of <= last:
            found.add(each)
    return frozenset(found)


def _round_step(most: int) -> int:
    """Round step of the axis with few ticks."""
    scale = 1
    while True:
        for step in (1, 2, 5):
            if most / (step * scale) <= _TICKS:
                return step * scale
        scale *= 10


def _keys(
    bars: Sequence[Bar],
    house: House,
    spoken: Language,
    size: Size,
    across: float,
    used: float,
) -> tuple[tuple[Key, ...], ...]:
    """Fill lines with the key; of the first, some is used already."""
    style = Style(size.body)
    counted: dict[str, int] = {}
    for bar in bars:
        counted[bar.group] = counted.get(bar.group, 0) + bar.count
    found: list[tuple[str, Group | None]] = [
        (spoken.group(group), group)
        for group in sorted(groups(), key=lambda group: house.rank(group.id))
        if group.id in counted
    ]
    if any(bar.when == "uncertain" for bar in bars):
        found.append((spoken.say("histogram.uncertain"), None))
    lines: list[list[Key]] = [[]]
    for text, group in found:
        said = shorten(text, style, across - _SWATCH - 4)
        wide = _SWATCH + 4 + width(said, style) + 10
        if used and used + wide - 10 > across:
            lines.append([])
            used = 0.0
        lines[-1].append(Key(said, group, wide))
        used += wide
    return tuple(tuple(line) for line in lines)


def _draw_keys(page: Page, keys: Sequence[Key], x: float, y: float) -> None:
    body = page.size.body
    for key in keys:
        colour = key.group.colour if key.group else INK
        alpha = 1.0 if key.group else FAINT
        page.box(x, y - _SWATCH / 2, _SWATCH, _SWATCH, fill=colour, alpha=alpha, z=20)
        page.text(key.text, x + _SWATCH + 4, y, Style(body, colour=INK))
        x += key.across


def _draw_axis(page: Page, made: Histogram, spoken: Language, plot: Rect, right: float) -> None:
    muted = Style(page.size.body, colour=MUTED)
    each = plot.width / len(made.bins)
    for start in made.partial:
        x = plot.x + made.bins.index(start) * each
        page.box(x, plot.y, each, plot.height, fill=_SHADE, z=3)
    steps = made.top // made.step
    # numbers of two ticks must not touch
    skip = max(1, -(-int(page.size.body * 1.25 * steps) // int(plot.height)))
    for n in range(steps + 1):
        y = plot.y + plot.height * n / steps
        page.line([(plot.x, y), (plot.right, y)], line=_HAIR if n else MUTED, lw=0.6, z=4)
        if n % skip == 0:
            page.text(spoken.number(n * made.step), right, y, muted, ha="right")


def _draw_bars(page: Page, made: Histogram, plot: Rect) -> None:
    each = plot.width / len(made.bins)
    thick = min(max(each * 0.8, 0.6), 16.0)
    at = {start: n for n, start in enumerate(made.bins)}
    up: dict[date, float] = {}
    order = {group.id: n for n, group in enumerate(groups())}
    unit = plot.height / made.top
    colours = {group.id: group.colour for group in groups()}
    # certain dates below, uncertain ones on top
    for bar in sorted(made.bars, key=lambda b: (b.start, b.when == "uncertain", order[b.group])):
        x = plot.x + (at[bar.start] + 0.5) * each - thick / 2
        y = plot.y + up.get(bar.start, 0.0)
        tall = bar.count * unit
        alpha = FAINT if bar.when == "uncertain" else 1.0
        page.box(x, y, thick, tall, fill=colours[bar.group], alpha=alpha, z=20)
        if made.top <= _COUNTABLE:
            for n in range(1, bar.count + 1):
                line = [(x, y + n * unit), (x + thick, y + n * unit)]
                page.line(line, line="white", lw=0.8, z=20.5)
        up[bar.start] = up.get(bar.start, 0.0) + tall


def _labels(made: Histogram, spoken: Language, plot: Rect, style: Style) -> list[tuple[float, str]]:
    """Choose the densest labels of the time axis that do not touch."""
    each = plot.width / len(made.bins)
    best: list[tuple[float, str]] = []
    for chosen in _choices(made.bins, made.unit):
        found = []
        for n in chosen:
            text = _label(made.bins[n], made.unit, spoken)
            half = width(text, style) / 2
            x = plot.x + (n + 0.5) * each
            found.append((min(max(x, plot.x + half - 4), plot.right - half), text))
        gaps = (
            b[0] - a[0] - (width(a[1], style) + width(b[1], style)) / 2 for a, b in pairwise(found)
        )
        if len(found) > 1 and all(gap >= 8 for gap in gaps):
            return found
        best = best or found[:1]
    return best


def _choices(bins: Sequence[date], unit: Unit) -> Iterator[list[int]]:
    count = len(bins)
    if unit == "day":
        yield list(range(count))
        yield list(range(0, count, 2))
        for weeks in (7, 14):
            first = next((n for n, day in enumerate(bins) if day.weekday() == 0), 0)
            yield list(range(first, count, weeks))
        yield [n for n, day in enumerate(bins) if day.day == 1]
    elif unit == "week":
        for step in (1, 2, 4, 8, 13, 26):
            yield list(range(0, count, step))
    elif unit == "month":
        for months in (1, 3, 6):
            yield [n for n, day in enumerate(bins) if day.month % months == 1 % months]
    for years in (1, 2, 5, 10, 20, 50):
        yield [
            n
            for n, day in enumerate(bins)
            if day.year % years == 0 and (unit == "year" or bin_start(day, "year") == day)
        ]
    yield [0, count - 1]


def _label(day: date, unit: Unit, spoken: Language) -> str:
    if unit in ("day", "week"):
        return spoken.day(day, short=True)
    if unit == "month" and day.month != 1:
        return str(spoken.words["dates"]["short_months"][day.month - 1])
    return str(day.year)
