"""How is a legend set in columns: as low as possible, each as wide as its words?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from geo.snapshot.language import Language
from geo.snapshot.sheet.fonts import Style, clean, width, wrap
from geo.snapshot.sheet.legend import Fit, Row, Section
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.projection import Rect

GUTTER, _COUNT_GAP, _TALL, _APART = 14.0, 6.0, 1.12, 0.2
_MUTED = "#3f4a54"
_MOST_LINES = 3
# a column is no narrower than this many letters' height, whatever its neighbours ask
_NARROWEST = 7.0
# a section is broken over two columns only where that makes the legend lower by so much
_BREAK = 1.2
_LEAST_PART = 2
# a row of signs without words is about so many times as wide as it is high
_SCALE_SHAPE = 3.3


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a row with its lines, the height it takes, and where its count ends."""

    height: float
    lines: tuple[str, ...]
    row: Row | None
    count_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Legend:
    """A legend laid out: columns of blocks with their widths, and the height of all."""

    columns: tuple[tuple[Block, ...], ...]
    widths: tuple[float, ...]
    height: float
    leading: float

    @property
    def total(self) -> float:
        """Width of all columns with the gaps between them."""
        return sum(self.widths) + GUTTER * max(len(self.widths) - 1, 0)


def set_legend(
    make: Callable[[Fit], Sequence[Section]],
    *,
    size: float,
    across: float,
    columns: int,
    height: float,
    fits: Sequence[Fit],
) -> Legend:
    """Lay a legend out in the first way that keeps a height, the last if none does."""
    for fit in fits:
        legend = _laid(make(fit), size=size, across=across, columns=columns, leading=fit.leading)
        if legend.height <= height:
            break
    return legend


def draw_legend(page: Page, legend: Legend, rect: Rect, spoken: Language) -> None:
    """Draw a legend from the top of a rectangle."""
    size = page.size.body
    x = rect.x
    for column, across in zip(legend.columns, legend.widths, strict=True):
        y = rect.top
        for block in column:
            _draw(page, block, x, y, size * legend.leading, spoken)
            y -= block.height
        x += across + GUTTER


def _draw(page: Page, block: Block, x: float, y: float, line: float, spoken: Language) -> None:
    size = page.size.body
    if block.row is None:
        if block.lines:
            page.text(block.lines[0], x, y - line / 2, Style(size, 700))
        return
    row = block.row
    middle = y - block.height / 2
    left = x
    if row.sign is not None:
        # rows of one line must not touch
        row.sign(page, x + _sign(size) / 2 - 3, middle, line / 2 - 0.3)
        left += _sign(size)
    first = middle + (len(block.lines) - 1) * size * _TALL / 2
    for i, text in enumerate(block.lines):
        page.text(text, left, first - i * size * _TALL, Style(size))
    if row.count is not None:
        shown = spoken.number(row.count)
        page.text(shown, x + block.count_at, first, Style(size, 600, colour=_MUTED), ha="right")


def _laid(
    sections: Sequence[Section], *, size: float, across: float, columns: int, leading: float
) -> Legend:
    """Try every way to put sections into columns, and take the lowest."""
    if not sections:
        return Legend((), (), 0.0, leading)
    whole = [_set(parts, size, across, leading) for parts in _ways(sections, columns)]
    broken = _set(_broken(sections, columns), size, across, leading)
    best = min(whole, key=lambda legend: legend.height)
    return broken if broken.height * _BREAK < best.height else best


def _ways(sections: Sequence[Section], columns: int) -> Iterator[list[list[Section]]]:
    """Every way to cut a sequence of sections into columns."""
    count = len(sections)
    for cuts in range(min(columns, count)):
        for at in combinations(range(1, count), cuts):
            ends = (0, *at, count)
            yield [list(sections[a:b]) for a, b in pairwise(ends)]


def _broken(sections: Sequence[Section], columns: int) -> list[list[Section]]:
    """Fill columns to one height; what goes on in the next has no heading there."""
    total = sum(len(section.rows) + 1 for section in sections)
    most = -(-total // columns)
    while len(found := _filled(sections, most)) > columns:
        most += 1
    return found


def _filled(sections: Sequence[Section], most: int) -> list[list[Section]]:
    found: list[list[Section]] = [[]]
    used = 0
    for section in sections:
        rows, heading = section.rows, section.heading
        while True:
            room = most - used - 1
            take = min(room, len(rows) - _LEAST_PART)
            # a column that is empty takes what cannot be broken, however high it gets
            if len(rows) <= room or (not used and take < _LEAST_PART):
                found[-1].append(Section(heading, rows))
                used += len(rows) + 1
                break
            if take >= _LEAST_PART:
                found[-1].append(Section(heading, rows[:take]))
                rows, heading = rows[take:], ""
            found.append([])
            used = 0
    return [column for column in found if column]


def _set(parts: Sequence[Sequence[Section]], size: float, across: float, leading: float) -> Legend:
    """Give columns their widths, wrap their rows, and find the height."""
    room = across - GUTTER * (len(parts) - 1)
    wanted = [max(_natural(section, size) for section in part) for part in parts]
    widths = _shares(wanted, room, size * _NARROWEST)
    columns = tuple(
        tuple(b for section in part for b in _blocks(section, size, wide, leading))
        for part, wide in zip(parts, widths, strict=True)
    )
    height = max(sum(block.height for block in column) for column in columns)
    return Legend(columns, tuple(widths), height, leading)


def _shares(wanted: Sequence[float], room: float, least: float) -> list[float]:
    """Widths for columns: what they ask for, or where that is too much, the widest less."""
    spare = room - sum(wanted)
    if spare >= 0:
        # a count stands at its row, not at the far side of the page
        return [each + min(spare / len(wanted), 16.0) for each in wanted]
    low, high = min(least, room / len(wanted)), max(wanted)
    for _ in range(30):
        cap = (low + high) / 2
        if sum(min(each, cap) for each in wanted) > room:
            high = cap
        else:
            low = cap
    return [min(each, low) for each in wanted]


def _natural(section: Section, size: float) -> float:
    """Width at which no row of a section breaks."""
    wide = width(section.heading, Style(size, 700)) if section.heading else 0.0
    return max(wide, _widest(section.rows, size))


def _widest(rows: Sequence[Row], size: float) -> float:
    wide = 0.0
    for row in rows:
        own = width(clean(row.text), Style(size)) if row.text else row.height * _SCALE_SHAPE
        wide = max(wide, own + (_sign(size) if row.sign else 0) + _count(row, size) + 0.5)
    return wide


def _count(row: Row, size: float) -> float:
    if row.count is None:
        return 0.0
    return width(f"{row.count:,}", Style(size, 600)) + _COUNT_GAP


def _sign(size: float) -> float:
    """Room for a sign, which does not shrink with small type."""
    return max(size * 2.2, 21.0)


def _blocks(section: Section, size: float, across: float, leading: float) -> list[Block]:
    line = size * leading
    heading = wrap(section.heading, Style(size, 700), across, lines=1) if section.heading else []
    made = [Block(line * 1.25, tuple(heading), None)]
    # counts stand in one line at the widest row that has one, not at the far side of the page
    counted = min(_widest([row for row in section.rows if row.count is not None], size), across)
    for row in section.rows:
        room = across - (_sign(size) if row.sign else 0) - _count(row, size)
        text = clean(row.text)
        lines = wrap(text, Style(size), room, lines=_MOST_LINES) if text else []
        height = max(line, line + (len(lines) - 1) * size * _TALL, row.height)
        # what belongs together stands closer than what does not
        height += size * _APART if len(lines) > 1 else 0.0
        made.append(Block(height, tuple(lines), row, counted))
    # air between this section and the next
    made.append(Block(size * 0.45, (), None))
    return made
