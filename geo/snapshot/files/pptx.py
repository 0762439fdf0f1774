"""How does a brief become slides that can be edited, read aloud and checked?

The map is the picture's own, cut from the drawn page; title, key figures, legend and table are
native. The sources of every incident stand in the speaker notes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any

from pptx.enum.text import MSO_ANCHOR

from geo.manifest import Manifest
from geo.snapshot.brief import Brief
from geo.snapshot.content import Content, Row
from geo.snapshot.files import ooxml, png
from geo.snapshot.files.happened import WIDTHS, cells_of, heading
from geo.snapshot.files.parts import of_deck
from geo.snapshot.files.relaid import relaid, sections_in
from geo.snapshot.files.said import TLP, Said, marking_of, said, sources_of
from geo.snapshot.files.slate import HEIGHT, INK, MUTED, SAFE, WIDTH, Box, Line, Slate
from geo.snapshot.files.template import opened
from geo.snapshot.sheet.columns import GUTTER, Legend
from geo.snapshot.sheet.fonts import Style, clean, width, wrap
from geo.snapshot.sheet.legend import Row as Entry
from geo.snapshot.sheet.legend import Section
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.projection import Plane

_MAIN = "ppt/presentation.xml"
_M = 28.0
_INNER = WIDTH - 2 * _M
_LEADING = 1.22
_TITLES = ((24.0, 1), (20.0, 1), (17.0, 2))
_NOTE, _BODY, _IDENT = 8.5, 10.0, 11.0
_MAP_MOST = 548.0
_SIGN = 25.0
_NARROWEST = 112.0
_MOST_SLIDES = 12


def write(
    brief: Brief,
    *,
    page: Page,
    plane: Plane,
    legend: Legend,
    content: Content,
    manifest: Manifest,
    draft: bool = False,
) -> bytes:
    """Write a brief as PPTX.

    Parameters
    ----------
    page, plane, legend
        The page as drawn, which the map is cut from, and its legend.
    draft
        Whether every slide is marked as a draft.
    """
    deck, layout = opened(brief.house.template)
    maker = _Deck(deck, layout, brief, content, said(brief, content, plane), draft=draft)
    maker.front(page, plane, legend)
    maker.tables()
    _state(deck, brief, content)
    out = io.BytesIO()
    deck.save(out)
    return ooxml.sealed(out.getvalue(), fmt="pptx", main=_MAIN, namer=of_deck, manifest=manifest)


def recognises(data: bytes) -> bool:
    """Whether a file is a PPTX."""
    return ooxml.holds(data, _MAIN)


manifest_text = ooxml.manifest_text


def altered(data: bytes, written: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what is not as it was written, by what the manifest states of the file."""
    return ooxml.altered(data, written, fmt="pptx", namer=of_deck)


class _Deck:
    """The slides of one brief."""

    def __init__(
        self,
        deck: Any,
        layout: Any,
        brief: Brief,
        content: Content,
        words: Said,
        *,
        draft: bool,
    ) -> None:
        self._deck, self._layout = deck, layout
        self._brief, self._content, self._words = brief, content, words
        self._draft = draft
        self._scale = deck.slide_width / 12_700 / WIDTH

    def front(self, page: Page, plane: Plane, legend: Legend) -> None:
        """First slide: map, key figures, legend; a long legend takes a slide of its own."""
        content, words = self._content, self._words
        slate, top = self._slide(content.title, content.subtitle)
        spoken = content.language
        left = [_par(words.ledger, bold=True), _par(words.data), _par(words.sources)]
        right = [_par(f"{words.lines} {words.projection}"), _par(words.house)]
        bottom = self._footer(slate, left, right)
        cut = png.region(page, plane.rect, edge=12.5)
        room = (_MAP_MOST, bottom - top)
        grow = min(room[0] / cut.across, room[1] / cut.up)
        across, up = cut.across * grow, cut.up * grow
        box = (_M, top, across, up)
        slate.picture(io.BytesIO(cut.data), box, name=spoken.say("office.map"), alt=content.alt)
        panel = (_M + across + 18, top, _INNER - across - 18, bottom - top)
        below = self._figures(slate, panel)
        rest = (panel[0], below, panel[2], bottom - below)
        sections = sections_in(legend)
        fits = self._fitted(slate, sections, rest)
        slate.notes(
            [
                content.title,
                spoken.say("office.filter", text=content.subtitle),
                *(words.ledger, words.data, words.sources, words.projection, words.lines),
                *(line for line in (words.house, words.ident) if line),
            ]
        )
        if not fits:
            slate, top = self._slide(spoken.say("office.legend"), content.title)
            bottom = self._footer(slate, [_par(words.ledger, bold=True)], [_par(words.data)])
            large = relaid(sections, size=_BODY, across=_INNER, columns=3, height=bottom - top)
            self._legend(slate, large, (_M, top, _INNER, bottom - top))

    def tables(self) -> None:
        """Every incident by number, over as many slides as that takes, up to a limit."""
        spoken, words = self._content.language, self._words
        rows = list(self._content.rows)
        shown, n = 0, 0
        while shown < len(rows) and n < _MOST_SLIDES:
            title = spoken.say("office.happened_next" if n else "office.happened")
            slate, top = self._slide(title, self._content.title)
            footer = [_par(words.ledger, bold=True)]
            bottom = self._footer(slate, footer, [_par(words.data)]) - 16
            taken = self._table(slate, rows[shown:], top, bottom)
            first, last = shown + 1, shown + len(taken)
            shown, n = last, n + 1
            if shown < len(rows) and n == _MOST_SLIDES:
                more = spoken.say("office.more_rows", n=len(rows) - shown)
                line = Line(((more, Style(_BODY, 600, colour=INK)),))
                slate.text([line], (_M, bottom + 2, _INNER, 14.0), name="Table note")
            slate.notes([line for row in rows[first - 1 : last] for line in self._noted(row)])

    def _noted(self, row: Row) -> Iterator[str]:
        spoken = self._content.language
        number = spoken.number(row.number)
        yield spoken.say("office.numbered", number=number, title=clean(row.incident.title))
        yield from sources_of(row.incident, spoken)

    def _slide(self, title: str, subtitle: str) -> tuple[Slate, float]:
        """Begin a slide with its head; answers with the height where the rest begins."""
        made = self._deck.slides.add_slide(self._layout)
        for shape in list(made.placeholders):
            if shape != made.shapes.title and shape.placeholder_format.idx != 0:
                shape._element.getparent().remove(shape._element)  # noqa: SLF001 no public way
        slate = Slate(made, scale=self._scale, spoken=self._content.language)
        right = self._marks(slate)
        room = right - _M - 12
        # what a template's fonts need more shows only in height
        text = clean(title) or self._content.language.say("office.map")
        for size, lines in _TITLES:
            style = Style(size, 700, colour=INK)
            if len(wrap(text, style, room * SAFE)) <= lines:
                break
        kept = " ".join(wrap(text, style, room * SAFE, lines=lines))
        slate.title(kept, (_M, 14.0, room, 42.0), style)
        muted = Style(11.5, colour=MUTED)
        said_lines = wrap(clean(subtitle), muted, _INNER * SAFE, lines=2)
        height = len(said_lines) * 11.5 * _LEADING
        box = (_M, 58.0, _INNER, height)
        slate.text([Line(((" ".join(said_lines), muted),))], box, name="Subtitle")
        return slate, 58.0 + height + 10

    def _marks(self, slate: Slate) -> float:
        """Put marking, draft and logo at the upper right; answers where they begin."""
        right = WIDTH - _M
        spoken = self._content.language
        marking = marking_of(self._brief)
        if marking:
            for top in (18.0, HEIGHT - 38.0):
                self._marking(slate, marking, top)
            right -= 134
        if self._draft:
            style = Style(13, 700, colour="#B00020")
            line = Line(((spoken.say("office.draft"), style),), "middle")
            box = (right - 84, 18.0, 84.0, 22.0)
            slate.text(
                [line],
                box,
                name="Draft",
                anchor=MSO_ANCHOR.MIDDLE,
                outline="#B00020",
                fill="#FFFFFF",
            )
            right -= 96
        logo = self._brief.house.logo
        if logo:
            across, up = png.size_of(logo)
            grow = min(150 / across, 30 / up)
            producer = clean(self._brief.house.producer)
            box = (right - across * grow, 14.0, across * grow, up * grow)
            alt = spoken.say("office.logo", producer=producer)
            slate.picture(io.BytesIO(logo), box, name="Logo", alt=alt)
            right = box[0] - 12
        return right

    def _marking(self, slate: Slate, marking: str, top: float) -> None:
        style = Style(12, 700, colour=TLP[self._brief.marking])
        line = Line(((marking, style),), "middle")
        box = (WIDTH - _M - 122, top, 122.0, 22.0)
        slate.text([line], box, name="Marking", anchor=MSO_ANCHOR.MIDDLE, fill="#000000")

    def _footer(self, slate: Slate, left: Sequence[Line], right: Sequence[Line]) -> float:
        """Two columns and the ID on the lower margin; answers with the height above them."""
        gap = 26.0
        each = (_INNER - gap) / 2
        heights = [sum(_high(line, each) for line in column) for column in (left, right)]
        ident_top = HEIGHT - 38.0
        top = min(ident_top - heights[1] - 3, HEIGHT - 16 - heights[0])
        slate.rule((_M, top - 5, _INNER, 0.6), "#c5ccd2")
        for n, column in enumerate((left, right)):
            kept = [line for line in column if line.runs[0][0]]
            box = (_M + n * (each + gap), top, each, heights[n])
            slate.text(kept, box, name="Ledger" if n == 0 else "Sources and lines")
        ident = Line(((self._words.ident, Style(_IDENT, 700, colour=INK)),))
        box = (_M + each + gap, ident_top, each - 140, 22.0)
        slate.text([ident], box, name="ID", anchor=MSO_ANCHOR.MIDDLE)
        return top - 12

    def _figures(self, slate: Slate, panel: Box) -> float:
        """Put the key figures at the top of a panel; answers with the height below them."""
        figures = self._content.figures
        gap = 14.0
        value, label = Style(22, 700, colour=INK), Style(_BODY, 600, colour=INK)
        note = Style(_BODY, colour=MUTED)
        # a figure with more to say gets more room
        needs = [
            max(width(f.value, value), width(f.label, label) / 2, width(f.note, note) / 2) + 8
            for f in figures
        ]
        room = panel[2] - gap * (len(figures) - 1)
        x, most = panel[0], 0.0
        for figure, need in zip(figures, needs, strict=True):
            across = room * need / sum(needs)
            lines = [Line(((figure.value, value),)), Line(((figure.label, label),))]
            lines += [Line(((figure.note, note),))] if figure.note else []
            high = sum(_high(line, across) for line in lines)
            slate.text(lines, (x, panel[1] - 4, across, high), name="Key figure")
            x, most = x + across + gap, max(most, high)
        slate.rule((panel[0], panel[1] + most + 2, panel[2], 0.6), "#c5ccd2")
        return panel[1] + most + 8

    def _fitted(self, slate: Slate, sections: Sequence[Section], box: Box) -> bool:
        """Put the legend, or as many sections as there is room for; whether that is all."""
        note = 16.0
        columns = (2, 3) if box[2] >= 3 * _NARROWEST else (2,)
        for count in range(len(sections), 0, -1):
            whole = count == len(sections)
            room = box[3] if whole else box[3] - note
            for many in columns:
                small = relaid(
                    sections[:count], size=_BODY, across=box[2], columns=many, height=room
                )
                if small.height <= room:
                    self._legend(slate, small, box)
                    return whole or self._continued(slate, box)
        return not sections or self._continued(slate, box)

    def _continued(self, slate: Slate, box: Box) -> bool:
        text = self._content.language.say("office.legend_elsewhere")
        line = Line(((text, Style(_BODY, colour=MUTED)),))
        at = (box[0], box[1] + box[3] - 14, box[2], 14.0)
        slate.text([line], at, name="Legend note")
        return False

    def _legend(self, slate: Slate, legend: Legend, box: Box) -> None:
        x = box[0]
        for column, across in zip(legend.columns, legend.widths, strict=True):
            y = box[1]
            for block in column:
                text = " ".join(block.lines)
                middle = y + block.height / 2
                if block.row is None:
                    line = Line(((text, Style(_BODY, 700, colour=INK)),))
                    at = (x, y + block.height - 15, across, 14.0)
                    slate.text([line], at, name="Legend heading", anchor=MSO_ANCHOR.MIDDLE)
                else:
                    room = (x, middle, across, block.height)
                    self._entry(slate, block.row, text, room, _BODY * legend.leading)
                y += block.height
            x += across + GUTTER

    def _entry(
        self,
        slate: Slate,
        row: Entry,
        text: str,
        at: tuple[float, float, float, float],
        line: float,
    ) -> None:
        spoken = self._content.language
        x, middle, across, height = at
        left, right = x, x + across
        if row.sign is not None:
            alt = text or spoken.say("office.deaths")
            if row.count is not None:
                alt = spoken.say("office.legend_alt", text=alt, n=row.count)
            spot = (x, middle - line / 2, _SIGN - 6, line)
            slate.sign(row.sign, spot, name="Legend sign", alt=alt, room=line / 2 - 0.3)
            left, across = x + _SIGN, across - _SIGN
        if row.count is not None:
            shown = spoken.number(row.count)
            style = Style(_BODY, 600, colour=MUTED)
            box = (right - 40, middle - 7, 40.0, 14.0)
            line_of = Line(((shown, style),), "end")
            slate.text([line_of], box, name="Legend count", anchor=MSO_ANCHOR.MIDDLE)
            across -= width(shown, style) + 5
        if text:
            box = (left, middle - height / 2, across, height)
            line_of = Line(((text, Style(_BODY, colour=INK)),))
            slate.text([line_of], box, name="Legend text", anchor=MSO_ANCHOR.MIDDLE)

    def _table(self, slate: Slate, rows: Sequence[Row], top: float, bottom: float) -> list[Row]:
        """Put as many rows as there is room for; answers with them."""
        spoken = self._content.language
        taken: list[Row] = []
        made, heights = [heading(spoken)], [20.0]
        for row in rows:
            cells, height = cells_of(row, spoken)
            if sum(heights) + height > bottom - top and taken:
                break
            made.append(cells)
            heights.append(height)
            taken.append(row)
        alt = spoken.say("office.table_alt", first=taken[0].number, last=taken[-1].number)
        box = (_M, top, _INNER, sum(heights))
        slate.table(made, box, name="Table", alt=alt, widths=WIDTHS)
        slate.row_heights(heights)
        return taken


def _par(text: str, *, bold: bool = False) -> Line:
    style = Style(_NOTE, 600 if bold else 400, colour=INK if bold else MUTED)
    return Line(((text, style),))


def _high(line: Line, across: float) -> float:
    text, style = line.runs[0]
    if not text:
        return 0.0
    return len(wrap(clean(text), style, across * SAFE)) * style.size * _LEADING + 2


def _state(deck: Any, brief: Brief, content: Content) -> None:
    """Fix what the file says of itself; the only time is that of the data."""
    stated = deck.core_properties
    as_of = brief.as_of.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    stated.title = clean(content.title)[:255]
    stated.subject = marking_of(brief)
    stated.author = stated.last_modified_by = clean(brief.house.producer)[:255] or "Incident Atlas"
    stated.created = stated.modified = as_of
    stated.revision = 1
    stated.language = content.language.code
    stated.comments = stated.keywords = stated.category = ""
