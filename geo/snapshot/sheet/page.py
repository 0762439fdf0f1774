"""What is a page: its size, and how are shapes and text put on it?

One figure, one coordinate system: points (1/72 inch) from the lower left corner. The page
remembers every text with its box, so that collisions can be found and fonts embedded.

A page that is read from right to left is laid out like any other and put down as in a mirror,
all but its map, its signs and the letters themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import shapely
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import Stroke
from matplotlib.text import Text

from geo.snapshot.sheet.fonts import Style, clean, properties, width
from geo.snapshot.sheet.projection import Rect
from geo.snapshot.sheet.reading import Line, is_rtl, set_apart

Align = Literal["left", "center", "right"]
# capital letters of Source Sans 3 are 0.66 of the size high
CAP = 0.66
_DEPTH = 0.2
_OPPOSITE: Mapping[Align, Align] = MappingProxyType(
    {"left": "right", "center": "center", "right": "left"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A page in points and the sizes of its text.

    Nothing is smaller than `least`, the footer and the map's own names not smaller than `note`.
    `panel` is the share of the width that table and figures take beside the map, 0 where they
    stand under it; `dpi` the pixels an inch of a PNG unless asked otherwise, `most_bytes`
    how large it may be, so that it can be sent to a phone.
    """

    name: str
    width: float
    height: float
    margin: float
    title: float
    figure: float
    body: float
    least: float
    note: float
    columns: int
    panel: float = 0.0
    dpi: int = 150
    most_bytes: int = 0


# a phone's page is 1080 by 1350 pixels at its own resolution
SIZE: Mapping[str, Size] = MappingProxyType(
    {
        size.name: size
        for size in (
            Size(
                name="slide",
                width=960,
                height=540,
                margin=24,
                title=24,
                figure=21,
                body=10,
                least=10,
                note=8,
                columns=7,
                panel=0.43,
            ),
            Size(
                name="a4",
                width=595.2,
                height=841.9,
                margin=34,
                title=19,
                figure=18,
                body=7.8,
                least=6.5,
                note=6.6,
                columns=4,
            ),
            Size(
                name="a4-landscape",
                width=841.9,
                height=595.2,
                margin=30,
                title=20,
                figure=18,
                body=8,
                least=6.5,
                note=6.8,
                columns=7,
                panel=0.44,
            ),
            Size(
                name="phone",
                width=540,
                height=675,
                margin=16,
                title=20,
                figure=18,
                body=9,
                least=8,
                note=8,
                columns=4,
                dpi=144,
                most_bytes=250_000,
            ),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Held:
    """Room that something other than text takes: the map, a marking, a logo."""

    name: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Written:
    """A text on the page and the box it takes; `turned` ones have the box of their middle."""

    text: str
    style: Style
    box: tuple[float, float, float, float]
    turned: bool = False


class Page:
    """A sheet being drawn on.

    `rtl` mirrors what is drawn on it; a `blank` one only remembers its texts, for drafts.
    """

    def __init__(self, size: Size, *, rtl: bool = False, blank: bool = False) -> None:
        self.size = size
        self.rtl = rtl
        self.blank = blank
        # where a point asked for lies on the sheet: x * flip + shift
        self._flip, self._shift = (-1, size.width) if rtl else (1, 0.0)
        self.figure = Figure(figsize=(size.width / 72, size.height / 72), facecolor="white")
        self._axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self._axes.set_xlim(0, size.width)
        self._axes.set_ylim(0, size.height)
        self._axes.axis("off")
        self.written: list[Written] = []
        self.held: list[Held] = []
        self._lift = 0.0

    @contextmanager
    def lifted(self, by: float) -> Iterator[None]:
        """Put what is drawn meanwhile above all else, as a map on the map."""
        self._lift += by
        try:
            yield
        finally:
            self._lift -= by

    @property
    def inner(self) -> Rect:
        """The page without its margins."""
        return Rect(0, 0, self.size.width, self.size.height).shrunk(self.size.margin)

    @contextmanager
    def upright(self, west: float, east: float) -> Iterator[None]:
        """Draw what stands between two x unmirrored, in the place that mirroring gives it.

        For the map, by the edges of its rectangle, and for a sign, by its middle twice.
        """
        held = self._flip, self._shift
        if self._flip < 0:
            self._flip, self._shift = 1, self._shift - west - east
        try:
            yield
        finally:
            self._flip, self._shift = held

    def placed(self, rect: Rect) -> Rect:
        """Where on the sheet a rectangle lies that is drawn now."""
        west = min(self._x(rect.x), self._x(rect.right))
        return Rect(west, rect.y, rect.width, rect.height)

    def path(
        self,
        path: Path,
        *,
        fill: str | None = None,
        line: str | None = None,
        lw: float = 0.0,
        dash: Sequence[float] = (),
        alpha: float = 1.0,
        z: float = 5,
        clip: Rect | None = None,
    ) -> None:
        """Put a shape on the page; dash lengths are in points."""
        if self.blank:
            return
        if self._flip < 0 or self._shift:
            there = np.asarray(path.vertices) * (self._flip, 1) + (self._shift, 0)
            path = Path(there, path.codes)
        patch = PathPatch(
            path,
            facecolor=fill or "none",
            edgecolor=line or "none",
            linewidth=lw if line else 0,
            # matplotlib multiplies dashes by the line width
            linestyle=(0, [step / lw for step in dash]) if dash and line else "solid",
            alpha=alpha,
            zorder=z + self._lift,
            joinstyle="round",
            capstyle="butt",
        )
        # add_patch would also work out data limits, which takes longer than the drawing
        self._axes.add_artist(patch)
        if clip is not None:
            west, south, east, north = self.placed(clip).box
            corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
            patch.set_clip_path(Path(corners, closed=True), self._axes.transData)

    def hold(self, name: str, box: tuple[float, float, float, float]) -> None:
        """Remember what room something takes."""
        self.held.append(Held(name, box))

    def image(self, pixels: Any, x: float, y: float, across: float, up: float) -> None:
        """Put a picture on the page."""
        west = min(self._x(x), self._x(x + across))
        self._axes.imshow(
            pixels,
            extent=(west, west + across, y, y + up),
            zorder=30,
            aspect="auto",
            interpolation="antialiased",
        )
        self._axes.set_xlim(0, self.size.width)
        self._axes.set_ylim(0, self.size.height)

    def shape(self, geometry: Any, **style: Any) -> None:
        """Put a shapely geometry on the page."""
        path = None if self.blank else path_of(geometry)
        if path is not None:
            self.path(path, **style)

    def box(self, x: float, y: float, across: float, up: float, **style: Any) -> None:
        """Put a rectangle on the page."""
        corners = [(x, y), (x + across, y), (x + across, y + up), (x, y + up), (x, y)]
        self.path(Path(corners, closed=True), **style)

    def line(self, points: Sequence[tuple[float, float]], **style: Any) -> None:
        """Put a line on the page."""
        self.path(Path(np.asarray(points, dtype=float)), **style)

    def text(
        self,
        text: str,
        x: float,
        y: float,
        style: Style,
        *,
        ha: Align = "left",
        halo: float = 0.0,
        turn: float = 0.0,
        z: float = 30,
    ) -> None:
        """Put one line of text on the page, the middle of its capitals at `y`."""
        shown = clean(text)
        if not shown:
            return
        x = self._x(x)
        if self._flip < 0:
            ha = _OPPOSITE[ha]
        if halo and not self.blank:
            # outlines alone, as a path, under text that stays text
            self._put(shown, x, y, style, ha, turn, z - 0.5).set_path_effects(
                [Stroke(linewidth=halo, foreground="white")]
            )
        if not self.blank:
            self._put(shown, x, y, style, ha, turn, z)
        box = text_box(shown, x, y, style, ha=ha)
        self.written.append(Written(shown, style, box, bool(turn)))

    def _x(self, x: float) -> float:
        return x * self._flip + self._shift

    def _put(
        self, text: str, x: float, y: float, style: Style, ha: Align, turn: float, z: float
    ) -> Any:
        from_right = is_rtl(text, page_rtl=self.rtl)
        line = (Line if from_right else Text)(
            x,
            y - CAP * style.size / 2 if not turn else y,
            set_apart(text) if from_right else text,
            fontproperties=properties(style),
            color=style.colour,
            ha=ha,
            va="baseline" if not turn else "center_baseline",
            rotation=turn,
            rotation_mode="anchor",
            parse_math=False,
            zorder=z + self._lift,
        )
        self._axes.add_artist(line)
        line.set_clip_on(False)
        return line


def text_box(
    text: str, x: float, y: float, style: Style, *, ha: Align = "left"
) -> tuple[float, float, float, float]:
    """Box of a text as `Page.text` puts it: west, south, east, north."""
    across = width(text, style)
    left = x - across * {"left": 0.0, "center": 0.5, "right": 1.0}[ha]
    up = CAP * style.size / 2
    return left, y - up - _DEPTH * style.size, left + across, y + up


def path_of(geometry: Any) -> Path | None:
    """Turn a shapely geometry into one matplotlib path; nothing where it is empty."""
    vertices, codes = [], []
    for part in _simple(geometry):
        closed = part.geom_type == "Polygon"
        for line in shapely.get_rings(part) if closed else [part]:
            points = shapely.get_coordinates(line)
            if len(points) < 2:
                continue
            steps = np.full(len(points), Path.LINETO, dtype=np.uint8)
            steps[0] = Path.MOVETO
            if closed:
                steps[-1] = Path.CLOSEPOLY
            vertices.append(points)
            codes.append(steps)
    return Path(np.concatenate(vertices), np.concatenate(codes)) if vertices else None


def _simple(geometry: Any) -> list[Any]:
    """Polygons and lines within a geometry, however deep."""
    found = []
    for part in shapely.get_parts(geometry):
        if part.is_empty:
            continue
        if part.geom_type in ("Polygon", "LineString", "LinearRing"):
            # rings run so that holes stay holes in every renderer
            found.append(shapely.orient_polygons(part) if part.geom_type == "Polygon" else part)
        elif hasattr(part, "geoms"):
            found += _simple(part)
    return found
