"""How does a brief become a drawn page?"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import matplotlib as mpl
import shapely

from geo.errors import SnapshotError
from geo.manifest import Manifest
from geo.snapshot.brief import Brief, manifest_of
from geo.snapshot.content import Content, content_of
from geo.snapshot.files import html, pdf, png, svg
from geo.snapshot.sheet.base import Ground, draw_ground
from geo.snapshot.sheet.columns import Legend, draw_legend, set_legend
from geo.snapshot.sheet.fonts import Style, width
from geo.snapshot.sheet.furniture import draw_bar, plan_bar
from geo.snapshot.sheet.labels import draw_labels
from geo.snapshot.sheet.layout import (
    draw_footer,
    draw_header,
    footer,
    footer_height,
    header,
    map_rect,
)
from geo.snapshot.sheet.legend import CUT_FITS, FITS, Fit, Section, sections_of
from geo.snapshot.sheet.overlay import Overlay, draw_overlay
from geo.snapshot.sheet.page import SIZE, Page, Size
from geo.snapshot.sheet.projection import Plane, Rect
from geo.snapshot.sheet.scene import Scene, scene_of

FORMATS = ("png", "pdf", "svg", "html")
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
# a legend beside the map: its width by columns; under it: its columns
_BESIDE = ((1, 236.0), (2, 356.0), (3, 500.0))
_COLUMNS = {"a4": 3, "phone": 2}
# a legend under the map takes at most this share of the room for both
_LEGEND_SHARE = 0.55
_DRAFTS = 4


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn page and what it was drawn from."""

    page: Page
    plane: Plane
    scene: Scene
    overlay: Overlay
    legend: Legend
    content: Content
    manifest: Manifest


def draw(brief: Brief, *, fmt: str, dpi: int = 150) -> bytes:
    """Draw a picture as a file; equal arguments give equal bytes.

    Parameters
    ----------
    brief
        What to draw.
    fmt
        png, pdf, svg or html.
    dpi
        Pixels an inch of a PNG.

    Raises
    ------
    SnapshotError
        When the format is unknown.
    """
    if fmt not in FORMATS:
        msg = f"format is {fmt[:20]!r}: must be one of {' '.join(FORMATS)}"
        raise SnapshotError(msg)
    if fmt == "html":
        # a page of its own: nothing of the sheet is drawn
        return html.write(brief, content_of(brief), manifest=manifest_of(brief))
    with _settings():
        drawn = _compose(brief)
        return _written(drawn, fmt, dpi=dpi)


def compose(brief: Brief) -> Drawn:
    """Draw a brief on a page and stop before any file is written."""
    with _settings():
        return _compose(brief)


def _written(drawn: Drawn, fmt: str, *, dpi: int) -> bytes:
    if fmt == "png":
        return png.write(drawn.page, dpi=dpi, manifest=drawn.manifest)
    if fmt == "svg":
        return svg.write(drawn.page, manifest=drawn.manifest, title=drawn.content.title)
    return pdf.write(drawn.page, manifest=drawn.manifest, title=drawn.content.title)


@contextmanager
def _settings() -> Iterator[None]:
    """Draw with our settings alone, one picture at a time."""
    with _ONE_AT_A_TIME, mpl.rc_context(_SETTINGS), warnings.catch_warnings():
        # a sign that no bundled font has is drawn as a box; in SVG the text stays whole
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")
        yield


def _compose(brief: Brief) -> Drawn:
    size, content = SIZE[brief.size], content_of(brief)
    manifest = manifest_of(brief)
    scene = scene_of(brief.selection.matches, brief.frame, set_aside=brief.set_aside)
    # how much room the legend needs depends on what the map shows, and that on the map's room:
    # drafts find out
    reserved = _BESIDE[0][1] if size.legend_beside else size.height * 0.25
    for _ in range(_DRAFTS):
        legend = _draw(brief, Page(size), scene, content, manifest, reserved, draft=True).legend
        needed = legend.total if size.legend_beside else legend.height
        if needed <= reserved:
            break
        reserved = needed
    return _draw(brief, Page(size), scene, content, manifest, reserved, draft=False)


def _draw(
    brief: Brief,
    page: Page,
    scene: Scene,
    content: Content,
    manifest: Manifest,
    reserved: float,
    *,
    draft: bool,
) -> Drawn:
    size = page.size
    top = draw_header(page, header(brief, size))
    bottom = size.margin + 90.0
    for _ in range(3):
        # the footer's notes depend on what the map shows
        plane = Plane(brief.frame, map_rect(size, top, bottom, reserved))
        words = footer(brief, size, plane, manifest.id)
        bottom = size.margin + footer_height(words) + 8
    plane = Plane(brief.frame, map_rect(size, top, bottom, reserved))
    ground = draw_ground(page, plane, draft=draft)
    overlay = _draw_incidents(page, plane, scene, ground, draft=draft)

    def make(fit: Fit) -> list[Section]:
        return sections_of(scene, ground, overlay, fit)

    legend = _legend(make, size, (top - bottom) * _LEGEND_SHARE, plane.rect.height)
    if not draft:
        draw_footer(page, words)
        draw_legend(page, legend, _legend_rect(size, plane.rect, legend))
    return Drawn(page, plane, scene, overlay, legend, content, manifest)


def _legend(
    make: Callable[[Fit], list[Section]], size: Size, below: float, beside: float
) -> Legend:
    """Lay out the legend: beside the map in as few columns as suffice, or below it."""
    if size.legend_beside:
        choices = [(columns, across, beside) for columns, across in _BESIDE]
    else:
        choices = [(_COLUMNS[size.name], size.width - 2 * size.margin, below)]
    tried = [(choice, FITS) for choice in choices] + [(choices[-1], CUT_FITS)]
    for (columns, across, height), fits in tried:
        legend = set_legend(
            make, size=size.body, across=across, columns=columns, height=height, fits=fits
        )
        if legend.height <= height:
            break
    return legend


def _legend_rect(size: Size, rect: Rect, legend: Legend) -> Rect:
    if size.legend_beside:
        return Rect(rect.right + 16, rect.y, legend.total, rect.height)
    top = rect.y - 20
    return Rect(size.margin, top - legend.height, size.width - 2 * size.margin, legend.height)


def _draw_incidents(
    page: Page, plane: Plane, scene: Scene, ground: Ground, *, draft: bool
) -> Overlay:
    """Incidents first, for they decide where the scale bar is least in the way."""
    spots = [plane.spot(mark.point) for mark in scene.marks]
    bar = plan_bar(plane, spots)
    blocked = [bar.box] if bar else []
    _draw_veil(page, plane, scene)
    if not scene.drawn:
        blocked.append(_draw_nothing(page, plane, scene))
    overlay = draw_overlay(page, plane, scene, blocked)
    if not draft:
        if bar:
            draw_bar(page, bar)
        draw_labels(page, plane, ground, overlay, blocked)
    return overlay


def _draw_veil(page: Page, plane: Plane, scene: Scene) -> None:
    """Veil ground beyond the frame where matched incidents lie that the frame leaves out."""
    if not scene.off_frame:
        return
    beyond = shapely.difference(shapely.box(*plane.rect.box), plane.outline)
    hidden = [plane.spot(spot) for item in scene.off_frame for spot in item.spots]
    if any(shapely.contains_xy(beyond, x, y) for x, y in hidden):
        page.shape(beyond, fill="white", alpha=0.72, z=14)
        page.shape(plane.outline, line="#77828b", lw=0.6, z=14.1, clip=plane.rect)


def _draw_nothing(page: Page, plane: Plane, scene: Scene) -> tuple[float, float, float, float]:
    """Say that no incident is on the map."""
    style = Style(page.size.body + 3, 700)
    matched = len(scene.off_frame) + len(scene.unplaced)
    text = "No matched incident can be drawn here" if matched else "No incident matches"
    x, y = plane.rect.x + plane.rect.width / 2, plane.rect.y + plane.rect.height / 2
    half = width(text, style) / 2 + 12
    page.box(x - half, y - 15, 2 * half, 30, fill="white", line="#77828b", lw=0.8, z=25)
    page.text(text, x, y, style, ha="center", z=26)
    return x - half, y - 15, x + half, y + 15
