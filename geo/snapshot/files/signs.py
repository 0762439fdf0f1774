"""How does a sign of the legend become a native shape of an Office file?

The same function that draws a sign on the page draws it here on a page that only listens; each
path it hears becomes a freeform, so that slide and picture can never show different signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.colors import to_hex
from matplotlib.path import Path

from geo.snapshot.sheet.fonts import Style
from geo.snapshot.sheet.page import SIZE, Align, Page
from geo.snapshot.sheet.signs import Draw

# whole units a point: fine enough for curves, and whole numbers do not wobble
FINE = 100
_LEAST = 0.01


@dataclass(frozen=True, slots=True)
class Stroke:
    """A path with its look; vertices are points right of and below the sign's middle."""

    path: Path
    fill: str
    line: str
    lw: float
    dash: tuple[float, ...]
    alpha: float


@dataclass(frozen=True, slots=True)
class Word:
    """A text within a sign, about its middle."""

    text: str
    x: float
    y: float
    style: Style


class _Listener(Page):
    """A page that remembers what would be drawn on it, lowest first."""

    def __init__(self) -> None:
        super().__init__(SIZE["slide"])
        self.heard: list[tuple[float, Stroke | Word]] = []

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
        **_: Any,
    ) -> None:
        """Remember a path."""
        placed = Path(np.asarray(path.vertices) * (1, -1), path.codes)
        look = (to_hex(fill)[1:] if fill else "", to_hex(line)[1:] if line else "")
        self.heard.append((z, Stroke(placed, *look, lw, tuple(dash), alpha)))

    def text(
        self,
        text: str,
        x: float,
        y: float,
        style: Style,
        *,
        ha: Align = "left",
        z: float = 30,
        **_: Any,
    ) -> None:
        """Remember a text."""
        del ha  # all that signs write stands in the middle of its spot
        self.heard.append((z, Word(text, x, -y, style)))


def strokes(sign: Draw, room: float) -> list[Stroke | Word]:
    """Draw a sign about 0, 0 with half the room there is, and answer with what it is made of."""
    page = _Listener()
    sign(page, 0.0, 0.0, room)
    order = sorted(range(len(page.heard)), key=lambda n: (page.heard[n][0], n))
    return [page.heard[n][1] for n in order]


def reach_of(part: Stroke | Word) -> float:
    """How far right of its middle a part of a sign goes, in points."""
    if isinstance(part, Word):
        return 0.0
    return float(np.asarray(part.path.vertices)[:, 0].max())


def geometry(stroke: Stroke) -> tuple[str, tuple[float, float, float, float]]:
    """Write a path as DrawingML, and the box that it fills: left, top, width, height."""
    vertices = np.asarray(stroke.path.vertices)
    left, top = vertices.min(axis=0)
    across, down = np.maximum(vertices.max(axis=0) - (left, top), _LEAST)
    steps = []
    for points, code in stroke.path.iter_segments(simplify=False, curves=True):
        if code == Path.CLOSEPOLY:
            steps.append("<a:close/>")
            continue
        pairs = np.round((points.reshape(-1, 2) - (left, top)) * FINE).astype(int)
        written = "".join(f'<a:pt x="{x}" y="{y}"/>' for x, y in pairs)
        name = _STEPS[int(code)]
        steps.append(f"<a:{name}>{written}</a:{name}>")
    size = f'w="{round(across * FINE)}" h="{round(down * FINE)}"'
    if not stroke.fill:
        size += ' fill="none"'
    made = f"<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>{_RECT}<a:pathLst>"
    made += f"<a:path {size}>{''.join(steps)}</a:path></a:pathLst></a:custGeom>"
    return made, (float(left), float(top), float(across), float(down))


def look(stroke: Stroke, scale: float) -> str:
    """Write fill and line of a stroke as DrawingML; line widths grow with the slide."""
    alpha = f'<a:alpha val="{round(stroke.alpha * 100_000)}"/>' if stroke.alpha < 1 else ""

    def paint(colour: str) -> str:
        return f'<a:solidFill><a:srgbClr val="{colour}">{alpha}</a:srgbClr></a:solidFill>'

    fill = paint(stroke.fill) if stroke.fill else "<a:noFill/>"
    if not stroke.line or not stroke.lw:
        return f"{fill}<a:ln><a:noFill/></a:ln>"
    # dashes are stated in thousandths of a percent of the line's width
    steps = [round(step / stroke.lw * 100_000) for step in stroke.dash]
    pairs = zip(steps[::2], steps[1::2], strict=True)
    dash = "".join(f'<a:ds d="{on}" sp="{off}"/>' for on, off in pairs)
    dashed = f"<a:custDash>{dash}</a:custDash>" if dash else ""
    width = round(stroke.lw * 12_700 * scale)
    return f'{fill}<a:ln w="{width}">{paint(stroke.line)}{dashed}<a:round/></a:ln>'


_RECT = '<a:rect l="0" t="0" r="r" b="b"/>'
_STEPS = {
    int(Path.MOVETO): "moveTo",
    int(Path.LINETO): "lnTo",
    int(Path.CURVE3): "quadBezTo",
    int(Path.CURVE4): "cubicBezTo",
}
