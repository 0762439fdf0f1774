"""Whose master and layouts do slides take over, and is that template fit for it?"""

from __future__ import annotations

import io
from typing import Any

from pptx import Presentation
from pptx.exc import PythonPptxError
from pptx.util import Emu

from geo.errors import SnapshotError
from geo.snapshot.files import ooxml

_WIDE, _HIGH = 12_192_000, 6_858_000
_TITLE_ONLY = "Title Only"


def opened(template: bytes) -> tuple[Any, Any]:
    """Open a house's template, or a plain one, without slides; answers with a layout too.

    Raises
    ------
    SnapshotError
        When it is no PPTX, refers to anything outside of itself, is not 16:9, or has no layout
        with a title.
    """
    deck = _house(template) if template else _plain()
    layouts = [layout for layout in deck.slide_layouts if _titled(layout)]
    if not layouts:
        msg = "template has no layout with a title: one is needed"
        raise SnapshotError(msg)
    named = [layout for layout in layouts if layout.name == _TITLE_ONLY]
    return deck, (named or sorted(layouts, key=lambda layout: len(layout.placeholders)))[0]


def _house(template: bytes) -> Any:
    members = ooxml.read(template)
    outside = [n for n, d in members.items() if n.endswith(".rels") and b'"External"' in d]
    if outside:
        msg = f"template refers to something outside of it in {outside[0]!r}: it must not"
        raise SnapshotError(msg)
    if any("vbaProject" in name for name in members):
        msg = "template holds macros: it must not"
        raise SnapshotError(msg)
    try:
        deck = Presentation(io.BytesIO(template))
        for listed in list(deck.slides._sldIdLst):  # noqa: SLF001 slides leave no public way
            deck.part.drop_rel(listed.rId)
            deck.slides._sldIdLst.remove(listed)  # noqa: SLF001 as above
    except (PythonPptxError, KeyError, ValueError, AttributeError, SyntaxError) as error:
        msg = f"template is no PPTX that can be read: {error}"
        raise SnapshotError(msg) from error
    across, up = deck.slide_width or 0, deck.slide_height or 1
    if abs(across / up - _WIDE / _HIGH) > 0.01:
        msg = f"template is {across / 914_400:.2f} by {up / 914_400:.2f} in: slides are 16:9"
        raise SnapshotError(msg)
    return deck


def _plain() -> Any:
    """Widen the library's own template, which is 4:3."""
    deck = Presentation()
    grow = _WIDE / deck.slide_width
    deck.slide_width, deck.slide_height = Emu(_WIDE), Emu(_HIGH)
    for holder in (deck.slide_master, *deck.slide_layouts):
        for shape in holder.shapes:
            if shape._element.spPr.find("{*}xfrm") is not None:  # noqa: SLF001 own, not inherited
                shape.left, shape.width = (
                    Emu(round(shape.left * grow)),
                    Emu(round(shape.width * grow)),
                )
    return deck


def _titled(layout: Any) -> bool:
    return any(shape.placeholder_format.idx == 0 for shape in layout.placeholders)
