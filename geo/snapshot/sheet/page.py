"""What is a page: its size, and how are shapes and text put on it?

One figure, one coordinate system: points (1/72 inch) from the lower left corner. The page
remembers every text with its box, so that collisions can be found and fonts embedded.
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

from geo.snapshot.sheet.fonts import Style, clean, properties, width
from geo.snapshot.sheet.projection import Rect

Align = Literal["left", "center", "right"]
# capital letters of Source Sans 3 are 0.66 of the size high
CAP = 0.66
_DEPTH = 0.2


@dataclass(frozen=True, slots=True)
class Size:
    """A page in points and the least sizes of its text."""

    name: str
    width: float
    height: float
    margin: float
    title: float
    body: float = 10.0
    note: float = 8.0
    legend_beside: bool = False


SIZE: Mapping[str, Size] = MappingProxyType(
    {
        "slide": Size("slide", 960, 540, 28, 24, 10.5, 8.5, legend_beside=True),
        "a4": Size("a4", 595.2, 841.9, 36, 20),
        "a4-landscape": Size("a4-landscape", 841.9, 595.2, 32, 22, legend_beside=True),
        "phone": Size("phone", 324, 702, 14, 15),
    }
)


@dataclass(frozen=True, slots=True)
class Written:
    """A text on the page and the box it takes; `turned` ones have the box of their middle."""

    text: str
    style: Style
    box: tuple[float, float, float, float]
    turned: bool = False


class Page:
    """A sheet being drawn on."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.figure = Figure(figsize=(size.width / 72, size.height / 72), facecolor="white")
        self._axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self._axes.set_xlim(0, size.width)
        self._axes.set_ylim(0, size.height)
        self._axes.axis("off")
        self.written: list[Written] = []
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
            west, south, east, north = clip.box
            corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
            patch.set_clip_path(Path(corners, closed=True), self._axes.transData)

    def shape(self, geometry: Any, **style: Any) -> None:
        """Put a shapely geometry on the page."""
        path = path_of(geometry)
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
        if halo:
            # outlines alone, as a path, under text that stays text
            self._put(shown, x, y, style, ha, turn, z - 0.5).set_path_effects(
                [Stroke(linewidth=halo, foreground="white")]
            )
        self._put(shown, x, y, style, ha, turn, z)
        box = text_box(shown, x, y, style, ha=ha)
        self.written.append(Written(shown, style, box, bool(turn)))

    def _put(
        self, text: str, x: float, y: float, style: Style, ha: Align, turn: float, z: float
    ) -> Any:
        return self._axes.text(
            x,
            y - CAP * style.size / 2 if not turn else y,
            text,
            fontproperties=properties(style),
            color=style.colour,
            ha=ha,
            va="baseline" if not turn else "center_baseline",
            rotation=turn,
            rotation_mode="anchor",
            parse_math=False,
            zorder=z + self._lift,
        )


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
