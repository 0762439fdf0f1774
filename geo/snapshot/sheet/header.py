"""What stands at the head of a page: title, period and filter in words, logo and marking?"""

from __future__ import annotations

from dataclasses import dataclass

from geo.snapshot.brief import Brief
from geo.snapshot.content import Content
from geo.snapshot.sheet.fonts import Style, clean, wrap
from geo.snapshot.sheet.logo import Logo, logo_of
from geo.snapshot.sheet.marking import (
    HEIGHT,
    draw_marking,
    marking_width,
    stamp_rect,
    stamp_width,
)
from geo.snapshot.sheet.page import Page, Size
from geo.snapshot.sheet.paragraph import INK, MUTED, Paragraph, draw_paragraph, paragraph
from geo.snapshot.sheet.projection import Rect

_SHRINK = (1.0, 0.88, 0.76)
# two lines hold far less; the manifest has all of it
_MOST_OF_A_TITLE = 400
_GAP = 12.0
_LOGO_SHARE = 0.18


@dataclass(frozen=True, slots=True)
class Header:
    """What is said at the head, and where a DRAFT stamp has its room."""

    title: Paragraph
    subtitle: Paragraph
    logo: Logo | None
    stamp: Rect
    bottom: float


def header_of(brief: Brief, content: Content, size: Size) -> Header:
    """Set title and subtitle beside the room of marking and stamp."""
    right, top = size.width - size.margin, size.height - size.margin
    kept = max(marking_width(brief.marking), stamp_width(content.language)) + _GAP
    logo = logo_of(brief.house.logo, most=(size.width * _LOGO_SHARE, size.title * 1.6))
    room = size.width - 2 * size.margin - kept - (logo.across + _GAP if logo else 0)
    title = _title(content, size, room)
    low = Style(max(size.body + 1, size.least), colour=MUTED)
    subtitle = paragraph(content.subtitle, low, room, lines=3)
    marks = 2 * HEIGHT + 4 if brief.marking else HEIGHT
    tall = max(title.height + subtitle.height + 1, marks, logo.up if logo else 0)
    stamp = stamp_rect(content.language, brief.marking, right, top)
    return Header(title, subtitle, logo, stamp, top - tall - 8)


def draw_header(page: Page, header: Header, brief: Brief) -> None:
    """Draw the head of a page."""
    inner = page.inner
    x = inner.x
    if header.logo:
        logo = header.logo
        page.image(logo.pixels, x, inner.top - logo.up, logo.across, logo.up)
        page.hold("logo", (x, inner.top - logo.up, x + logo.across, inner.top))
        x += logo.across + _GAP
    y = draw_paragraph(page, header.title, x, inner.top)
    draw_paragraph(page, header.subtitle, x, y - 1)
    draw_marking(page, brief.marking, inner.right, inner.top)


def _title(content: Content, size: Size, room: float) -> Paragraph:
    text = clean(content.title)[:_MOST_OF_A_TITLE] or content.language.say("sheet.untitled")
    for shrink in _SHRINK:
        style = Style(size.title * shrink, 700, colour=INK)
        if len(wrap(text, style, room)) <= (2 if shrink < 1 else 1):
            break
    return paragraph(text, style, room, lines=2)
