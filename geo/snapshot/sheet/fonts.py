"""Which fonts set the picture, and how wide is a text in them?

Only bundled fonts are used, under names of our own, so that a font installed on one machine
never changes a picture. Arabic script falls back to Noto Sans Arabic, the rest to DejaVu Sans,
which ships with matplotlib; each character takes the first font that has it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import matplotlib as mpl
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontEntry, FontProperties, fontManager, get_font

from geo.settings import DATA

Weight = Literal[400, 600, 700]
LATIN, ARABIC, REST = "Atlas Sans", "Atlas Sans Arabic", "Atlas Sans Rest"
FAMILY = (LATIN, ARABIC, REST)
_FOLDER = DATA / "fonts"
_DEJAVU = Path(mpl.get_data_path()) / "fonts" / "ttf"
# text is measured on a grid four times finer than points
_FINER = 4
# more letters than any line of a page holds
_LONGEST = 1000
# what XML 1.0 cannot hold; white space of any kind is a space on a page
_IMPOSSIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# a thin space stays: names of states are set with it; so do those that keep numbers together
_SPACE = re.compile(r"[^\S\u2009\u00a0\u202f]+")
# embeddings, overrides and isolates of direction: text from outside must not turn what follows
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_JOINERS = ("\u200c", "\u200d")


@dataclass(frozen=True, slots=True)
class Face:
    """One font file and the style it serves."""

    family: str
    weight: Weight
    path: Path
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks: size in points, weight, slope, colour."""

    size: float
    weight: Weight = 400
    italic: bool = False
    colour: str = "#1f2933"


@lru_cache(maxsize=1)
def faces() -> tuple[Face, ...]:
    """All font files, made known to matplotlib at the first call."""
    found = (
        Face(LATIN, 400, _FOLDER / "SourceSans3_400Regular.ttf"),
        Face(LATIN, 400, _FOLDER / "SourceSans3_400Regular_Italic.ttf", italic=True),
        Face(LATIN, 600, _FOLDER / "SourceSans3_600SemiBold.ttf"),
        Face(LATIN, 700, _FOLDER / "SourceSans3_700Bold.ttf"),
        Face(ARABIC, 400, _FOLDER / "NotoSansArabic_400Regular.ttf"),
        Face(ARABIC, 700, _FOLDER / "NotoSansArabic_700Bold.ttf"),
        Face(REST, 400, _DEJAVU / "DejaVuSans.ttf"),
        Face(REST, 700, _DEJAVU / "DejaVuSans-Bold.ttf"),
    )
    # semibold falls back to bold; matplotlib would do the same, but say so each time
    extra = [Face(f.family, 600, f.path) for f in found[4:] if f.weight == 700]
    for face in (*found, *extra):
        fontManager.ttflist.append(
            FontEntry(
                fname=str(face.path),
                name=face.family,
                style="italic" if face.italic else "normal",
                weight=face.weight,
                stretch="normal",
                size="scalable",
            )
        )
    return found


def properties(style: Style) -> FontProperties:
    """Font properties of a style, for a matplotlib text."""
    faces()
    return FontProperties(
        family=list(FAMILY),
        size=style.size,
        weight=style.weight,
        style="italic" if style.italic else "normal",
    )


@lru_cache(maxsize=16)
def characters(path: Path) -> frozenset[int]:
    """Code points that a font file can draw."""
    return frozenset(get_font(str(path)).get_charmap())


def clean(text: str) -> str:
    """Make text fit for one line of a page: no control characters, single spaces."""
    straight = _TURNING.sub("", text)
    return _IMPOSSIBLE.sub("\ufffd", _SPACE.sub(" ", straight)).strip()


@lru_cache(maxsize=8192)
def width(text: str, style: Style) -> float:
    """Width of a text in points."""
    across, _, _ = _renderer().get_text_width_height_descent(  # type: ignore[no-untyped-call] # matplotlib
        text, properties(style), ismath=False
    )
    return float(across) / _FINER


def wrap(text: str, style: Style, room: float, *, lines: int = 99) -> list[str]:
    """Break a text into lines of at most `room` points; what does not fit ends in an ellipsis."""
    broken: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        # most words fit, and then nothing has to be known of the word alone
        if len(longer) <= _LONGEST and width(longer, style) <= room:
            line = longer
            continue
        for piece in _pieces(word, style, room):
            longer = f"{line} {piece}" if line else piece
            if width(longer, style) <= room:
                line = longer
                continue
            broken.append(line)
            line = piece
    broken.append(line)
    if len(broken) <= lines:
        return broken
    kept = broken[:lines]
    kept[-1] = shorten(" ".join(broken[lines - 1 :]), style, room)
    return kept


def shorten(text: str, style: Style, room: float) -> str:
    """Cut a text to a width, with an ellipsis where something is gone."""
    if width(text, style) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + "…", style) <= room:
            low = middle
        else:
            high = middle - 1
    return text[: _whole(text, low)].rstrip() + "…"


def _whole(text: str, end: int) -> int:
    """Cut earlier where a letter would lose its marks, or a joiner what it joins."""
    while 0 < end < len(text) and (
        unicodedata.category(text[end]) in ("Mn", "Me", "Mc")
        or text[end] in _JOINERS
        or text[end - 1] in _JOINERS
    ):
        end -= 1
    return end


def _pieces(word: str, style: Style, room: float) -> list[str]:
    """Cut a word where it is too long for a line."""
    pieces: list[str] = []
    piece = word
    while len(piece) > 1 and width(piece[:_LONGEST], style) > room:
        end = min(len(piece), _LONGEST) - 1
        while end > 1 and width(piece[:end], style) > room:
            end -= max(1, end // 8)
        end = _whole(piece, end) or end
        pieces.append(piece[:end])
        piece = piece[end:]
    return [*pieces, piece]


@lru_cache(maxsize=1)
def _renderer() -> RendererAgg:
    return RendererAgg(8, 8, 72 * _FINER)  # type: ignore[no-untyped-call] # matplotlib
