"""How are the key figures set: the number large, what it counts and leaves out beside it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.snapshot.content import Figure
from geo.snapshot.language import Language
from geo.snapshot.sheet.fonts import Style, width
from geo.snapshot.sheet.page import Page, Size
from geo.snapshot.sheet.paragraph import INK, MUTED, Paragraph, draw_paragraph, paragraph
from geo.snapshot.sheet.projection import Rect

_GAP = 14.0
_MOST_LINES = 4
_TALL = 1.12


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure set into its width."""

    value: str
    style: Style
    label: Paragraph
    across: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures side by side, or one under another."""

    cells: tuple[Cell, ...]
    stacked: bool
    height: float


def figures_of(
    figures: Sequence[Figure], spoken: Language, size: Size, across: float, *, stacked: bool
) -> Figures:
    """Set figures into a width; longer labels get more of it."""
    label = Style(size.body, colour=MUTED)
    said = [
        spoken.say("sheet.figure", label=f.label, note=f.note) if f.note else f.label
        for f in figures
    ]
    if stacked:
        cells = [_cell(f.value, text, size, across) for f, text in zip(figures, said, strict=True)]
        tall = sum(_height(cell) + 5 for cell in cells)
        return Figures(tuple(cells), stacked, tall)
    room = across - _GAP * (len(figures) - 1)
    # a label of three lines, and never less than the number itself or a word
    wanted = [
        max(
            width(f.value, Style(size.figure, 700)),
            width(text, label) / 2.6,
            *(width(word, label) * 1.06 for word in text.split()),
        )
        for f, text in zip(figures, said, strict=True)
    ]
    scale = room / sum(wanted)
    cells = [
        _cell(f.value, text, size, wide * scale)
        for f, text, wide in zip(figures, said, wanted, strict=True)
    ]
    return Figures(tuple(cells), stacked, max(_height(cell) for cell in cells))


def draw_figures(page: Page, figures: Figures, rect: Rect) -> None:
    """Draw figures from the top of a rectangle."""
    x, top = rect.x, rect.top
    for cell in figures.cells:
        y = top - page.size.figure * _TALL / 2
        page.text(cell.value, x, y, cell.style)
        draw_paragraph(page, cell.label, x, top - page.size.figure * _TALL - 1)
        if figures.stacked:
            top -= _height(cell) + 5
        else:
            x += cell.across + _GAP


def _cell(value: str, label: str, size: Size, across: float) -> Cell:
    style = Style(size.figure, 700, colour=INK)
    wide = width(value, style)
    if wide > across:
        style = Style(max(size.figure * across / wide, size.least), 700, colour=INK)
    text = paragraph(label, Style(size.body, colour=MUTED), across, lines=_MOST_LINES)
    return Cell(value, style, text, across)


def _height(cell: Cell) -> float:
    return max(cell.style.size, 12.0) * _TALL + cell.label.height + 1
