"""How is running text set on the page: wrapped to its room, line under line?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.snapshot.sheet.fonts import Style, clean, wrap
from geo.snapshot.sheet.page import Align, Page

INK, MUTED, RULE = "#1f2933", "#4a5661", "#c5ccd2"
LEADING = 1.2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of one style."""

    lines: tuple[str, ...]
    style: Style

    @property
    def height(self) -> float:
        """Room it takes from top to top of the next."""
        return len(self.lines) * self.style.size * LEADING


def paragraph(text: str, style: Style, room: float, *, lines: int = 99) -> Paragraph:
    """Wrap a text; what does not fit into its lines ends in an ellipsis."""
    said = clean(text)
    return Paragraph(tuple(wrap(said, style, room, lines=lines)) if said else (), style)


def stack_height(paragraphs: Sequence[Paragraph], gap: float) -> float:
    """Height of paragraphs one under another."""
    return sum(each.height + gap for each in paragraphs if each.lines)


def draw_paragraph(
    page: Page, paragraph: Paragraph, x: float, top: float, *, ha: Align = "left"
) -> float:
    """Draw a paragraph; answers with the height left below it."""
    step = paragraph.style.size * LEADING
    for i, line in enumerate(paragraph.lines):
        page.text(line, x, top - step * (i + 0.5), paragraph.style, ha=ha)
    return top - paragraph.height
