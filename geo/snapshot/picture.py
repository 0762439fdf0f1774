"""How does a brief become a drawn page? Everything is composed here, nothing is written."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import matplotlib as mpl

from geo.manifest import Manifest
from geo.snapshot.brief import Brief
from geo.snapshot.content import Content, content_of
from geo.snapshot.sheet.columns import Legend, draw_legend, set_legend
from geo.snapshot.sheet.density import mode_of
from geo.snapshot.sheet.figures import Figures, draw_figures, figures_of
from geo.snapshot.sheet.footer import Footer, Said, draw_footer, footer_of, said_of
from geo.snapshot.sheet.header import Header, draw_header, header_of
from geo.snapshot.sheet.histogram import Histogram, draw_histogram, histogram_of
from geo.snapshot.sheet.layout import GAP, Layout, Needs, layout_of, widths_of
from geo.snapshot.sheet.legend import CUT_FITS, FITS, Fit, Section, changed_section, sections_of
from geo.snapshot.sheet.mapped import Mapped, draw_map
from geo.snapshot.sheet.marking import draw_draft
from geo.snapshot.sheet.offmap import Numbered, Strip, draw_strip, strip_of
from geo.snapshot.sheet.overlay import Asked, Overlay
from geo.snapshot.sheet.page import SIZE, Page, Size
from geo.snapshot.sheet.projection import Plane
from geo.snapshot.sheet.rows import Line, lines_of
from geo.snapshot.sheet.scene import Item, Scene, scene_of
from geo.snapshot.sheet.table import Table, draw_table, natural_height, table_of

# matplotlib keeps its settings and caches for the whole process
_ONE_AT_A_TIME = threading.Lock()
_PREFIXES = ("svg.", "pdf.", "text.", "path.", "lines.", "patch.", "agg.", "font.", "hatch.")
_SETTINGS = {
    **{name: v for name, v in mpl.rcParamsDefault.items() if name.startswith(_PREFIXES)},
    "svg.fonttype": "none",
    "svg.hashsalt": "incident-atlas",
    "pdf.fonttype": 42,
    "text.hinting": "none",
    "text.parse_math": False,
    "path.simplify": False,
}
# a legend is set more tightly before it takes more than this share of the room between header
# and footer, and is cut only where it would take more than the second
_LEGEND_SHARE, _MOST_LEGEND = 0.3, 0.58
_DRAFTS = 4
_PLOT = {"slide": 34.0, "a4": 66.0, "a4-landscape": 52.0, "phone": 30.0}
_STRIP_LINES = {"slide": 2, "a4": 2, "a4-landscape": 2, "phone": 1}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn page and what it was drawn from."""

    page: Page
    plane: Plane
    scene: Scene
    overlay: Overlay
    legend: Legend
    layout: Layout
    table: Table
    header: Header
    content: Content
    manifest: Manifest


def compose(brief: Brief) -> Drawn:
    """Draw a brief on a page and stop before any file is written."""
    with drawing():
        return _compose(brief)


def mark_draft(drawn: Drawn) -> None:
    """Mark a drawn page as a draft; nothing on it moves."""
    draw_draft(drawn.page, drawn.content.language, drawn.header.stamp, drawn.plane.rect)


@contextmanager
def drawing() -> Iterator[None]:
    """Draw with our settings alone, one picture at a time."""
    with _ONE_AT_A_TIME, mpl.rc_context(_SETTINGS), warnings.catch_warnings():
        # a sign that no bundled font has is drawn as a box; in SVG the text stays whole
        warnings.filterwarnings("ignore", message=r"Glyph (.|\n)* missing from font")
        yield


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is the same in every draft of one picture."""

    brief: Brief
    size: Size
    scene: Scene
    content: Content
    asked: Asked
    header: Header
    said: Said
    figures: Figures
    histogram: Histogram | None
    lines: tuple[Line, ...]


def _compose(brief: Brief) -> Drawn:
    size, content = SIZE[brief.size], content_of(brief)
    rtl = content.language.rtl
    scene = scene_of(content.rows)
    shown = sum(row.shown != "set_aside" for row in content.rows)
    asked = Asked(
        content.language,
        mode_of(brief.density, shown),
        brief.series.breaks if brief.series else (),
        brief.since,
    )
    lines = lines_of(content, asked.mode)
    widths = widths_of(size)
    parts = _Parts(
        brief,
        size,
        scene,
        content,
        asked,
        header_of(brief, content, size),
        said_of(brief, content),
        figures_of(content.figures, content.language, size, widths.side, stacked=size.name == "a4"),
        histogram_of(content, brief, size, widths.side, _PLOT[size.name]),
        lines,
    )
    # how much room the legend needs depends on what the map shows, and that on the map's room:
    # drafts find out
    legend = size.height * 0.14
    gone: tuple[Item, ...] = ()
    for n in range(_DRAFTS):
        arranged = _arrange(parts, legend, gone)
        mapped = draw_map(Page(size, rtl=rtl, blank=True), arranged.plane, scene, asked, draft=True)
        made = _legend(parts, mapped, arranged)
        settled = legend - 12 <= made.height <= legend and gone == mapped.overlay.elsewhere
        if settled:
            break
        # it shrinks once, from the first guess; then it only grows, or drafts would go on
        legend = made.height if n == 0 else max(made.height, legend)
        gone = mapped.overlay.elsewhere
    return _draw(parts, _arrange(parts, legend, gone))


@dataclass(frozen=True, slots=True)
class _Arranged:
    """A page planned down to its rectangles."""

    plane: Plane
    layout: Layout
    strip: Strip
    footer: Footer
    room: float


def _arrange(parts: _Parts, legend: float, gone: tuple[Item, ...]) -> _Arranged:
    brief, size, content = parts.brief, parts.size, parts.content
    numbered = parts.asked.mode != "hexagons"
    strip = strip_of(
        (
            ("outside", parts.scene.off_frame),
            ("beyond", gone),
            ("unplaced", parts.scene.unplaced),
        ),
        brief.frame,
        Numbered(
            by_id={row.incident.id: row.number for row in content.rows if numbered},
            spoken=content.language,
        ),
        size,
        _under(size),
        lines=_STRIP_LINES[size.name],
    )
    needs = Needs(
        strip=strip.height,
        legend=legend,
        table=natural_height(parts.lines, size),
        figures=parts.figures.height,
        histogram=parts.histogram.height if parts.histogram else 0.0,
    )
    bottom = size.margin + 50.0
    top = parts.header.bottom
    while True:
        # the footer's notes depend on what the map shows: it only grows
        layout = layout_of(size, top, bottom, needs)
        plane = Plane(brief.frame, layout.map)
        footer = footer_of(parts.said, brief, content, size, plane)
        needed = size.margin + footer.height + GAP
        if needed <= bottom:
            return _Arranged(plane, layout, strip, footer, top - bottom)
        bottom = needed


def _draw(parts: _Parts, arranged: _Arranged) -> Drawn:
    page, brief, content = (
        Page(parts.size, rtl=parts.content.language.rtl),
        parts.brief,
        parts.content,
    )
    layout = arranged.layout
    draw_header(page, parts.header, brief)
    mapped = draw_map(page, arranged.plane, parts.scene, parts.asked)
    legend = _legend(parts, mapped, arranged)
    draw_strip(page, arranged.strip, layout.strip)
    draw_legend(page, legend, layout.legend, content.language)
    draw_figures(page, parts.figures, layout.figures)
    table = table_of(
        content,
        parts.lines,
        parts.asked.mode,
        parts.size,
        layout.table.width,
        layout.table.height,
    )
    draw_table(page, table, content, layout.table)
    if parts.histogram and layout.histogram.height:
        draw_histogram(page, parts.histogram, content.language, layout.histogram)
    draw_footer(page, arranged.footer, brief)
    return Drawn(
        page,
        arranged.plane,
        parts.scene,
        mapped.overlay,
        legend,
        layout,
        table,
        parts.header,
        content,
        content.manifest,
    )


def _under(size: Size) -> float:
    """Width of the strip under the map."""
    return widths_of(size).map if size.panel else size.width - 2 * size.margin


def _legend(parts: _Parts, mapped: Mapped, arranged: _Arranged) -> Legend:
    """Lay out the legend under the map, as loosely as its share of the page allows."""

    def make(fit: Fit) -> list[Section]:
        spoken = parts.content.language
        made = sections_of(
            parts.scene, mapped.ground, mapped.overlay, fit, spoken, house=parts.brief.house
        )
        return [*made, *changed_section(mapped.changed, spoken)]

    size = parts.size

    def fitted(fits: tuple[Fit, ...], share: float) -> Legend:
        return set_legend(
            make,
            size=size.body,
            across=size.width - 2 * size.margin,
            columns=size.columns,
            height=arranged.room * share,
            fits=fits,
        )

    loose = fitted(
        FITS[2:] if size.name == "a4" else FITS[4:] if size.panel else FITS[3:], _LEGEND_SHARE
    )
    if loose.height <= arranged.room * _MOST_LEGEND:
        return loose
    return fitted((FITS[-1], *CUT_FITS), _MOST_LEGEND)
