"""How does a brief become a file: drawn, checked, marked as a draft if need be, written?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from geo.errors import SnapshotError
from geo.snapshot.brief import FORMATS, Brief
from geo.snapshot.files import docx, html, pdf, png, pptx, svg
from geo.snapshot.finding import Finding
from geo.snapshot.picture import Drawn, compose, drawing, mark_draft
from geo.snapshot.preflight import is_draft, preflight


@dataclass(frozen=True, slots=True)
class Made:
    """A drawn page and what the preflight found; every format is written from it."""

    brief: Brief
    drawn: Drawn
    findings: tuple[Finding, ...]

    @property
    def draft(self) -> bool:
        """Whether a rule of the preflight blocks."""
        return is_draft(self.findings)


def make(brief: Brief) -> Made:
    """Draw a brief and check it; what a rule blocks is marked as a draft."""
    drawn = compose(brief)
    made = Made(brief, drawn, preflight(drawn, brief))
    if made.draft:
        mark_draft(drawn)
    return made


def write(made: Made, fmt: str, *, dpi: int | None = None) -> bytes:
    """Write one file; equal briefs give equal bytes.

    Parameters
    ----------
    made
        What `make` answered.
    fmt
        One of `FORMATS`.
    dpi
        Pixels an inch of a PNG; the page's own resolution unless given.

    Raises
    ------
    SnapshotError
        When the format is unknown.
    """
    if fmt not in FORMATS:
        msg = f"format is {fmt[:20]!r}: must be one of {' '.join(FORMATS)}"
        raise SnapshotError(msg)
    if fmt in _SLIDES_AND_PAGES:
        return _SLIDES_AND_PAGES[fmt](made)
    drawn = made.drawn
    with drawing():
        if fmt == "png":
            size = drawn.page.size
            most = 0 if dpi else size.most_bytes
            return png.write(drawn.page, dpi=dpi or size.dpi, manifest=drawn.manifest, most=most)
        if fmt == "svg":
            return svg.write(drawn.page, manifest=drawn.manifest, title=drawn.content.title)
        return pdf.write(drawn.page, manifest=drawn.manifest, title=drawn.content.title)


def draw(brief: Brief, *, fmt: str, dpi: int | None = None) -> bytes:
    """Draw a brief as one file.

    Raises
    ------
    SnapshotError
        When the format is unknown.
    """
    if fmt not in FORMATS:
        msg = f"format is {fmt[:20]!r}: must be one of {' '.join(FORMATS)}"
        raise SnapshotError(msg)
    return write(make(brief), fmt, dpi=dpi)


def _pptx(made: Made) -> bytes:
    # slides are 16:9 whatever page was asked for; what they state is the brief itself
    slide = made.brief.size == "slide"
    drawn = made.drawn if slide else compose(replace(made.brief, size="slide"))
    with drawing():
        return pptx.write(
            made.brief,
            page=drawn.page,
            plane=drawn.plane,
            legend=drawn.legend,
            content=made.drawn.content,
            manifest=made.drawn.manifest,
            draft=made.draft,
        )


def _docx(made: Made) -> bytes:
    drawn = made.drawn
    with drawing():
        return docx.write(
            made.brief,
            page=drawn.page,
            plane=drawn.plane,
            legend=drawn.legend,
            content=drawn.content,
            manifest=drawn.manifest,
            draft=made.draft,
        )


def _html(made: Made) -> bytes:
    # a page of its own: nothing of the sheet is in it
    drawn = made.drawn
    return html.write(made.brief, drawn.content, manifest=drawn.manifest, draft=made.draft)


_SLIDES_AND_PAGES: Mapping[str, Callable[[Made], bytes]] = MappingProxyType(
    {"pptx": _pptx, "docx": _docx, "html": _html}
)
