"""Who may see this page, and is it finished? The TLP marking and the DRAFT mark.

TLP 2.0: the words stand in their colour on black, right, at the head and at the foot, never
translated. The DRAFT mark comes onto a page that is drawn already, since checks decide it.
"""

from __future__ import annotations

import math

from geo.snapshot.brief import Marking
from geo.snapshot.language import Language
from geo.snapshot.sheet.fonts import Style, width
from geo.snapshot.sheet.page import CAP, Page
from geo.snapshot.sheet.projection import Rect

_COLOURS = {
    "clear": "#FFFFFF",
    "green": "#33FF00",
    "amber": "#FFC000",
    "amber+strict": "#FFC000",
    "red": "#FF2B2B",
}
_TEXT = 12.0
_PAD = 7.0
HEIGHT = 19.0
_STAMP = "#b3261e"
_GAP = 4.0


def marking_width(marking: Marking) -> float:
    """Width of a marking, 0 where there is none."""
    if not marking:
        return 0.0
    return width(_words(marking), Style(_TEXT, 700)) + 2 * _PAD


def draw_marking(page: Page, marking: Marking, right: float, top: float) -> None:
    """Draw a marking with its upper right corner at a place."""
    if not marking:
        return
    across = marking_width(marking)
    page.box(right - across, top - HEIGHT, across, HEIGHT, fill="#000000", z=29)
    style = Style(_TEXT, 700, colour=_COLOURS[marking])
    page.text(_words(marking), right - across / 2, top - HEIGHT / 2, style, ha="center")
    page.hold("marking", (right - across, top - HEIGHT, right, top))


def stamp_width(spoken: Language) -> float:
    """Width of the stamp that says that a page is a draft."""
    return width(spoken.say("sheet.draft"), Style(_TEXT, 700)) + 2 * _PAD


def draw_draft(page: Page, spoken: Language, stamp: Rect, area: Rect) -> None:
    """Mark a drawn page as a draft: a stamp in its header, a pale word over its map."""
    word = spoken.say("sheet.draft")
    page.box(*_xywh(stamp), line=_STAMP, lw=1.2, z=29)
    style = Style(_TEXT, 700, colour=_STAMP)
    y = stamp.y + stamp.height / 2
    page.text(word, stamp.x + stamp.width / 2, y, style, ha="center")
    page.hold("draft", stamp.box)
    # as large as the diagonal allows, pale enough to read a number through it
    turn = math.degrees(math.atan2(area.height, area.width))
    room = math.hypot(area.width, area.height) * 0.66
    size = min(100 * room / width(word, Style(100, 700)), area.height * 0.42)
    style = Style(size, 700, colour=f"{_STAMP}1c")
    shift = CAP * size * 0.08
    x, y = area.x + area.width / 2 + shift, area.y + area.height / 2 - shift
    page.text(word, x, y, style, ha="center", turn=turn, z=27)


def stamp_rect(spoken: Language, marking: Marking, right: float, top: float) -> Rect:
    """Where the stamp of a draft goes: under the marking, or in its place."""
    across = stamp_width(spoken)
    down = HEIGHT + _GAP if marking else 0.0
    return Rect(right - across, top - down - HEIGHT, across, HEIGHT)


def _words(marking: Marking) -> str:
    return f"TLP:{marking.upper()}"


def _xywh(rect: Rect) -> tuple[float, float, float, float]:
    return rect.x, rect.y, rect.width, rect.height
