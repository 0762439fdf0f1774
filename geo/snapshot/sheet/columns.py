"""How is a legend set in columns, as loosely as its room allows?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from geo.snapshot.sheet.fonts import Style, clean, width, wrap
from geo.snapshot.sheet.legend import Fit, Row, Section
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.projection import Rect

_GUTTER, _SIGN = 14.0, 22.0
_MUTED = "#3f4a54"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a row with its lines, and the height it takes."""

    height: float
    lines: tuple[str, ...]
    row: Row | None
    keep: bool


@dataclass(frozen=True, slots=True)
class Legend:
    """A legend laid out: columns of blocks, each column's width, and the height of all."""

    columns: tuple[tuple[Block, ...], ...]
    across: float
    height: float
    leading: float

    @property
    def total(self) -> float:
        """Width of all columns."""
        return max(len(self.columns), 1) * (self.across + _GUTTER) - _GUTTER


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
    each = (across - (columns - 1) * _GUTTER) / columns
    for fit in fits:
        legend = _laid(make(fit), size=size, across=each, columns=columns, leading=fit.leading)
        if legend.height <= height:
            break
    return legend


def draw_legend(page: Page, legend: Legend, rect: Rect) -> None:
    """Draw a legend from the top of a rectangle."""
    size = page.size.body
    for i, column in enumerate(legend.columns):
        x, y = rect.x + i * (legend.across + _GUTTER), rect.top
        for block in column:
            _draw(page, block, x, y, legend, size)
            y -= block.height


def _draw(page: Page, block: Block, x: float, y: float, legend: Legend, size: float) -> None:
    line = size * legend.leading
    if block.row is None:
        page.text(block.lines[0], x, y - block.height + line / 2, Style(size, 700))
        return
    row = block.row
    middle = y - block.height / 2
    left = x
    if row.sign is not None:
        # rows of one line must not touch
        row.sign(page, x + _SIGN / 2 - 3, middle, line / 2 - 0.3)
        left += _SIGN
    first = middle + (len(block.lines) - 1) * size * 1.15 / 2
    for i, text in enumerate(block.lines):
        page.text(text, left, first - i * size * 1.15, Style(size))
    if row.count is not None:
        shown = f"{row.count:,}"
        page.text(shown, x + legend.across, first, Style(size, 600, colour=_MUTED), ha="right")


def _laid(
    sections: Sequence[Section], *, size: float, across: float, columns: int, leading: float
) -> Legend:
    whole = [_blocks(section, size, across, leading) for section in sections]
    blocks = [[block] for part in whole for block in part]
    broken, unbroken = (_flow_in(parts, columns, size / 2) for parts in (blocks, whole))
    # a section is broken over two columns only where that saves much
    flowed = unbroken if _most(unbroken) <= 1.1 * _most(broken) else broken
    return Legend(tuple(flowed), across, _most(flowed), leading)


def _most(columns: Sequence[Sequence[Block]]) -> float:
    return max((sum(block.height for block in column) for column in columns), default=0.0)


def _flow_in(
    parts: Sequence[Sequence[Block]], columns: int, step: float
) -> list[tuple[Block, ...]]:
    """Fill columns of the least height at which they suffice."""
    height = sum(block.height for part in parts for block in part) / columns
    while len(flowed := _flow(parts, height)) > columns:
        height += step
    return flowed


def _blocks(section: Section, size: float, across: float, leading: float) -> list[Block]:
    line = size * leading
    heading = wrap(section.heading, Style(size, 700), across, lines=1)
    made = [Block(line * 1.3, tuple(heading), None, keep=bool(section.rows))]
    for row in section.rows:
        room = across - (_SIGN if row.sign else 0)
        if row.count is not None:
            room -= width(f"{row.count:,}", Style(size, 600)) + 8
        lines = wrap(clean(row.text), Style(size), room, lines=2) if row.text else []
        height = max(line, line + (len(lines) - 1) * size * 1.15, row.height)
        made.append(Block(height, tuple(lines), row, keep=False))
    return made


def _flow(parts: Sequence[Sequence[Block]], height: float) -> list[tuple[Block, ...]]:
    """Fill columns one after another with whole parts; a heading never ends one."""
    columns: list[list[Block]] = [[]]
    used = 0.0
    for i, part in enumerate(parts):
        own = sum(block.height for block in part)
        need = own + (parts[i + 1][0].height if part[-1].keep else 0.0)
        if columns[-1] and used + need > height + 0.01:
            columns.append([])
            used = 0.0
        columns[-1] += part
        used += own
    return [tuple(column) for column in columns]
