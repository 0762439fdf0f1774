"""How does text from right to left come into a file so that it is read, and copied, in order?

A line of such text is set apart with marks of Unicode that every renderer obeys. In a PDF each
of its glyphs is placed where shaping puts it, and the line's own characters stand beside them.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Any

from matplotlib.backends.backend_pdf import Op
from matplotlib.font_manager import FontPath
from matplotlib.ft2font import LoadFlags
from matplotlib.text import Text

# "what follows, to the closing mark, runs from right to left"
RTL_OPEN, RTL_CLOSE = "\u2067", "\u2069"
# signs that only turn the direction leave nothing to see or to copy
_SILENT = (RTL_OPEN, RTL_CLOSE, "\u200e", "\u200f")
_RIGHT = frozenset(("R", "AL", "AN"))
_STRONG = frozenset(("L", "R", "AL"))
_PLAIN = LoadFlags.NO_HINTING
_TRUETYPE = 42


def is_rtl(text: str, *, page_rtl: bool) -> bool:
    """Whether a line runs from right to left.

    On a page that does so, every line with a letter of such a script; elsewhere, a line that
    begins with one.
    """
    kinds = [unicodedata.bidirectional(sign) for sign in text]
    if page_rtl:
        return any(kind in _RIGHT for kind in kinds)
    return next((kind for kind in kinds if kind in _STRONG), "L") != "L"


def set_apart(text: str) -> str:
    """Mark a line as running from right to left, whatever its first letter is."""
    return f"{RTL_OPEN}{text}{RTL_CLOSE}"


class Line(Text):
    """A line of text that runs from right to left."""

    def draw(self, renderer: Any) -> None:
        """Draw it; in a PDF with its characters in reading order beside the glyphs."""
        # path effects draw outlines, no text
        if hasattr(getattr(renderer, "file", None), "fontName") and not self.get_path_effects():
            renderer = _PdfReading(renderer)
        super().draw(renderer)


class _PdfReading:
    """A PDF renderer whose text is placed glyph by glyph.

    matplotlib 3.11 counts the kerning between runs of two fonts twice, and files every glyph
    under the letter it is a part of: a letter and its dots would be copied as two letters.
    """

    def __init__(self, renderer: Any) -> None:
        self._renderer = renderer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._renderer, name)

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        text: str,
        prop: Any,
        angle: float,
        *,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """Draw a line of text."""
        del ismath, mtext
        renderer, file = self._renderer, self._renderer.file
        renderer.check_gc(gc, gc.get_rgb())
        # none of this is open to others; constraints.txt pins matplotlib, a test reads the text
        font = renderer._get_font_ttf(prop)  # noqa: SLF001
        items = font._layout(text, _PLAIN)  # noqa: SLF001
        track, encode = file._character_tracker.track_glyph, renderer._encode_glyphs  # noqa: SLF001
        move = renderer._setup_textpos  # noqa: SLF001
        glyphs = [item for item in items if item.char not in _SILENT]
        slope = math.radians(angle)
        cos, sin = math.cos(slope), math.sin(slope)
        file.output(Op.gsave, cos, sin, -sin, cos, x, y, Op.concat_matrix, Op.begin_text)
        at = (0.0, 0.0)
        for item, repeats in zip(glyphs, _repeats(glyphs), strict=True):
            held = item.ft_object
            part, code = track(held, item.char, item.glyph_index)
            name = file.fontName(FontPath(held.fname, held.face_index), part)
            file.output(name, prop.get_size_in_points(), Op.selectfont)
            move(item.x, item.y, 0, *at, 0)
            at = item.x, item.y
            if repeats:
                file.write(b"/Span <</ActualText <FEFF>>> BDC\n")
            file.output([encode([code], _TRUETYPE)], Op.showkern)
            if repeats:
                file.write(b"EMC\n")
        file.output(Op.end_text, Op.grestore)


def _repeats(glyphs: Sequence[Any]) -> list[bool]:
    """Say which glyphs are but the dots or marks of the letter beside them."""
    marks = [not g.ft_object.load_glyph(g.glyph_index, _PLAIN).linearHoriAdvance for g in glyphs]
    letters = [glyph.char for glyph, is_mark in zip(glyphs, marks, strict=True) if not is_mark]
    return [is_mark and glyph.char in letters for glyph, is_mark in zip(glyphs, marks, strict=True)]
