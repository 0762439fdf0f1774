"""How do text, tables and signs get onto a slide?

Everything is placed in points from the upper left corner of a slide 960 by 540 points large; a
template of another width scales it, a language from right to left mirrors it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.colors import to_hex
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.util import Emu, Pt

from geo.snapshot.files.signs import Stroke, Word, geometry, look, reach_of, strokes
from geo.snapshot.language import Language
from geo.snapshot.sheet.fonts import Style, clean
from geo.snapshot.sheet.signs import Draw

WIDTH, HEIGHT = 960.0, 540.0
INK, MUTED = "#1f2933", "#4a5661"
# Office fonts may be wider than ours: lines are measured with less room than there is
SAFE = 0.95
Box = tuple[float, float, float, float]
Run = tuple[str, Style]
_EMU = 12_700
_SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_DECORATIVE = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>'
    "</a:ext></a:extLst>"
)
# "No Style, No Grid": the lines are ours
_PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_CELL_MARGIN = (4.0, 2.5)


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: its runs and where it stands; `end` is right in English."""

    runs: tuple[Run, ...]
    align: str = "start"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: paragraphs, and a fill where the colour says something."""

    lines: tuple[Line, ...]
    fill: str = ""


class Slate:
    """One slide being filled."""

    def __init__(self, slide: Any, *, scale: float, spoken: Language) -> None:
        self.slide = slide
        self._scale = scale
        self._spoken = spoken

    def title(self, text: str, box: Box, style: Style) -> None:
        """Fill the title placeholder of the layout."""
        shape = self.slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = self._placed(box)
        self._frame(shape.text_frame, [Line(((text, style),))], MSO_ANCHOR.MIDDLE, 0.0)

    def text(
        self,
        lines: Sequence[Line],
        box: Box,
        *,
        name: str,
        anchor: MSO_ANCHOR = MSO_ANCHOR.TOP,
        fill: str = "",
        outline: str = "",
    ) -> None:
        """Put a text box on the slide."""
        shape = self.slide.shapes.add_textbox(*self._placed(box))
        shape.name = name
        if fill:
            shape.fill.solid()
            shape.fill.fore_color.rgb = _rgb(fill)
        if outline:
            shape.line.color.rgb = _rgb(outline)
            shape.line.width = self._pt(1.5)
        self._frame(shape.text_frame, lines, anchor, 0.0)

    def picture(self, data: Any, box: Box, *, name: str, alt: str) -> None:
        """Put a picture on the slide with words for those who do not see it."""
        shape = self.slide.shapes.add_picture(data, *self._placed(box))
        shape.name = name
        shape._element.nvPicPr.cNvPr.set("descr", clean(alt))  # noqa: SLF001 no public way

    def rule(self, box: Box, colour: str) -> None:
        """Put a thin line on the slide that says nothing and is marked so."""
        shape = self.slide.shapes.add_shape(1, *self._placed(box))
        shape.name = "Rule"
        shape.fill.solid()
        shape.fill.fore_color.rgb = _rgb(colour)
        shape.line.fill.background()
        # the theme's style would give it a shadow
        style = shape._element.find("{*}style")  # noqa: SLF001 no public way
        shape._element.remove(style)  # noqa: SLF001 as above
        shape._element.nvSpPr.cNvPr.append(parse_xml(_DECORATIVE))  # noqa: SLF001 as above

    def sign(self, sign: Draw, box: Box, *, name: str, alt: str, room: float) -> None:
        """Put a sign of the legend on the slide as one group of native shapes.

        The group takes the box, the sign stands in its middle.
        """
        left, top, across, down = self._placed(box)
        middle = (left + across / 2, top + down / 2)
        group = self.slide.shapes.add_group_shape()
        group.name = name
        element = group._element  # noqa: SLF001 freeforms with curves have no public way
        element.nvGrpSpPr.cNvPr.set("descr", clean(alt))
        first = element.nvGrpSpPr.cNvPr.id + 1
        parts = strokes(sign, room)
        if self._spoken.rtl:
            # what is wider than its box grows away from the text, as it does in the picture
            reach = max(reach_of(p) for p in parts)
            middle = (middle[0] - max(reach - box[2] / 2, 0) * _EMU * self._scale, middle[1])
        for ident, part in enumerate(parts, first):
            element.append(parse_xml(self._drawn(part, middle, ident)))
        element.recalculate_extents()

    def table(
        self, rows: Sequence[Sequence[Cell]], box: Box, *, name: str, alt: str, widths: Any
    ) -> None:
        """Put a table on the slide; `widths` are points, the first row is the heading."""
        frame = self.slide.shapes.add_table(len(rows), len(widths), *self._placed(box))
        frame.name = name
        frame._element.nvGraphicFramePr.cNvPr.set("descr", clean(alt))  # noqa: SLF001 as above
        table = frame.table
        properties = table._tbl.tblPr  # noqa: SLF001 as above
        properties.find("{*}tableStyleId").text = _PLAIN_TABLE
        table.horz_banding = False
        if self._spoken.rtl:
            properties.set("rtl", "1")
        for n, width in enumerate(widths):
            table.columns[n].width = self._pt(width)
        for y, row in enumerate(rows):
            table.rows[y].height = self._pt(box[3] / len(rows))
            for x, cell in enumerate(row):
                self._cell(table.cell(y, x), cell, heading=y == 0)

    def row_heights(self, heights: Sequence[float]) -> None:
        """Give the rows of the table just put their heights in points."""
        table = self.slide.shapes[-1].table
        for n, height in enumerate(heights):
            table.rows[n].height = self._pt(height)

    def notes(self, lines: Sequence[str]) -> None:
        """Write the speaker notes."""
        frame = self.slide.notes_slide.notes_text_frame
        plain = Style(12)
        self._frame(frame, [Line(((line, plain),)) for line in lines], None, None, bare=True)

    def _cell(self, made: Any, cell: Cell, *, heading: bool) -> None:
        across, down = _CELL_MARGIN
        made.margin_left = made.margin_right = self._pt(across)
        made.margin_top = made.margin_bottom = self._pt(down)
        made.vertical_anchor = MSO_ANCHOR.MIDDLE
        properties = made._tc.get_or_add_tcPr()  # noqa: SLF001 borders have no public way
        colour, width = ("1F2933", 1.0) if heading else ("C5CCD2", 0.5)
        properties.append(
            parse_xml(
                f'<a:lnB {_SPACES} w="{round(width * _EMU * self._scale)}"><a:solidFill>'
                f'<a:srgbClr val="{colour}"/></a:solidFill></a:lnB>'
            )
        )
        if cell.fill:
            made.fill.solid()
            made.fill.fore_color.rgb = _rgb(cell.fill)
        self._frame(made.text_frame, cell.lines, None, None)

    def _frame(
        self,
        frame: Any,
        lines: Sequence[Line],
        anchor: MSO_ANCHOR | None,
        margin: float | None,
        *,
        bare: bool = False,
    ) -> None:
        if margin is not None:
            frame.margin_left = frame.margin_right = self._pt(margin)
            frame.margin_top = frame.margin_bottom = self._pt(margin)
            frame.word_wrap = True
            frame.auto_size = MSO_AUTO_SIZE.NONE
        if anchor is not None:
            frame.vertical_anchor = anchor
        for n, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
            self._paragraph(paragraph, line, bare=bare)

    def _paragraph(self, paragraph: Any, line: Line, *, bare: bool) -> None:
        rtl = self._spoken.rtl
        ends = {"start": rtl, "end": not rtl}
        if line.align == "middle":
            paragraph.alignment = PP_ALIGN.CENTER
        else:
            paragraph.alignment = PP_ALIGN.RIGHT if ends[line.align] else PP_ALIGN.LEFT
        properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 direction has no public way
        properties.set("rtl", "1" if rtl else "0")
        for text, style in line.runs:
            run = paragraph.add_run()
            run.text = (" " if text.startswith(" ") else "") + clean(text)
            font = run.font
            font._element.set("lang", self._spoken.code)  # noqa: SLF001 takes only a fixed list
            if bare:
                continue
            font.size = Pt(round(style.size * self._scale, 1))
            font.bold = style.weight >= 600
            font.italic = style.italic
            font.color.rgb = _rgb(style.colour)

    def _drawn(self, part: Stroke | Word, middle: tuple[float, float], ident: int) -> str:
        emu = _EMU * self._scale
        if isinstance(part, Word):
            # digits and "?" and "n" of our own, never text from outside
            size = part.style.size
            x, y = middle[0] + (part.x - 20) * emu, middle[1] + (part.y - size * 0.62) * emu
            place = _xfrm(x, y, 40 * emu, size * 1.24 * emu)
            text = clean(part.text).replace("&", "&amp;").replace("<", "&lt;")
            bold = int(part.style.weight >= 600)
            colour = to_hex(part.style.colour)[1:].upper()
            return (
                f'<p:sp {_SPACES}><p:nvSpPr><p:cNvPr id="{ident}" name="Sign text"/>'
                f'<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr>{place}<a:prstGeom '
                'prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr><p:txBody><a:bodyPr '
                'wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/><a:lstStyle/><a:p>'
                f'<a:pPr algn="ctr"/><a:r><a:rPr lang="en" sz="{round(size * 100 * self._scale)}" '
                f'b="{bold}"><a:solidFill><a:srgbClr val="{colour}"/>'
                f"</a:solidFill></a:rPr><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
            )
        shape, (left, top, across, down) = geometry(part)
        place = _xfrm(middle[0] + left * emu, middle[1] + top * emu, across * emu, down * emu)
        return (
            f'<p:sp {_SPACES}><p:nvSpPr><p:cNvPr id="{ident}" name="Sign"/><p:cNvSpPr/><p:nvPr/>'
            f"</p:nvSpPr><p:spPr>{place}{shape}{look(part, self._scale)}</p:spPr></p:sp>"
        )

    def _placed(self, box: Box) -> tuple[Emu, Emu, Emu, Emu]:
        left, top, across, down = box
        if self._spoken.rtl:
            left = WIDTH - left - across
        return self._pt(left), self._pt(top), self._pt(across), self._pt(down)

    def _pt(self, points: float) -> Emu:
        return Emu(round(points * _EMU * self._scale))


def _xfrm(x: float, y: float, across: float, down: float) -> str:
    return (
        f'<a:xfrm><a:off x="{round(x)}" y="{round(y)}"/>'
        f'<a:ext cx="{round(across)}" cy="{round(down)}"/></a:xfrm>'
    )


def _rgb(colour: str) -> Any:
    parts = (int(colour.lstrip("#")[n : n + 2], 16) for n in (0, 2, 4))
    return RGBColor(*parts)  # type: ignore[no-untyped-call] # ships few types
