"""How is a long document written as WordprocessingML, fast and with text that is only text?

Paragraphs and tables are built as strings, for thousands of cells through a library take
minutes. Every text passes `_text`, which leaves no markup in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from geo.snapshot.sheet.fonts import clean

_TWIPS = 20
_BORDER = '<w:{} w:val="single" w:sz="4" w:space="0" w:color="C5CCD2"/>'
_EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes elements in one direction and language."""

    rtl: bool
    code: str

    def paragraph(
        self,
        text: str,
        *,
        style: str = "",
        bold: bool = False,
        small: bool = False,
        before: int = 0,
    ) -> str:
        """Write one paragraph of one look, `before` points below what it follows."""
        properties = f'<w:pStyle w:val="{style}"/>' if style else ""
        # a heading stays with what it heads
        properties += "<w:keepNext/>" if style.startswith("Heading") or (bold and before) else ""
        properties += "<w:bidi/>" if self.rtl else ""
        properties += f'<w:spacing w:before="{before * _TWIPS}"/>' if before else ""
        return f"<w:p><w:pPr>{properties}</w:pPr>{self.run(text, bold=bold, small=small)}</w:p>"

    def run(
        self, text: str, *, bold: bool = False, small: bool = False, colour: str = "", on: str = ""
    ) -> str:
        """Write text of one look; `on` is the colour behind it."""
        properties = "<w:b/><w:bCs/>" if bold else ""
        properties += f'<w:color w:val="{colour}"/>' if colour else ""
        properties += '<w:sz w:val="17"/><w:szCs w:val="17"/>' if small else ""
        properties += f'<w:shd w:val="clear" w:color="auto" w:fill="{on}"/>' if on else ""
        properties += "<w:rtl/>" if self.rtl else ""
        return f"<w:r><w:rPr>{properties}{self._lang()}</w:rPr>{_text(text)}</w:r>"

    def table(
        self,
        rows: Iterable[Sequence[str]],
        widths: Sequence[float],
        *,
        heading: Sequence[str] = (),
        labels: bool = False,
    ) -> str:
        """Write a table; its heading is repeated on every page, `labels` make a bold column."""
        direction = "<w:bidiVisual/>" if self.rtl else ""
        edges = "".join(_BORDER.format(edge) for edge in _EDGES)
        twips = [round(width * _TWIPS) for width in widths]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
        begin = (
            f'<w:tbl><w:tblPr>{direction}<w:tblW w:w="{sum(twips)}" w:type="dxa"/>'
            f"<w:tblBorders>{edges}</w:tblBorders>"
            '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="80" w:type="dxa"/>'
            '<w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>"
        )
        made = [begin]
        if heading:
            cells = self._cells(heading, twips, bold=range(len(twips)), fill="E8ECEF")
            made.append(f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>")
        bold = range(int(labels))
        made += [
            f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{self._cells(row, twips, bold=bold)}</w:tr>"
            for row in rows
        ]
        return "".join((*made, "</w:tbl>"))

    def page_number(self, before: str) -> str:
        """Write the number of the page, the only field of the document."""
        return (
            self.run(before + " ", small=True) + '<w:fldSimple w:instr="PAGE"><w:r><w:rPr><w:sz '
            'w:val="17"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>'
        )

    def _cells(
        self, texts: Sequence[str], twips: Sequence[int], *, bold: range, fill: str = ""
    ) -> str:
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
        direction = "<w:bidi/>" if self.rtl else ""
        made = []
        for n, (text, width) in enumerate(zip(texts, twips, strict=True)):
            # a line break within a cell begins a paragraph
            lines = text.split("\n")
            written = "".join(
                f'<w:p><w:pPr>{direction}<w:spacing w:before="20" w:after="20"/></w:pPr>'
                f"{self.run(line, bold=n in bold, small=True)}</w:p>"
                for line in lines
            )
            properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{shade}'
            made.append(f"<w:tc><w:tcPr>{properties}</w:tcPr>{written}</w:tc>")
        return "".join(made)

    def _lang(self) -> str:
        kind = "bidi" if self.rtl else "val"
        return f'<w:lang w:{kind}="{self.code}"/>'


def elements(xml: str) -> list[Any]:
    """Parse what a Writer wrote."""
    return list(parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>"))


def _text(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(_kept(text))}</w:t>'


def _kept(text: str) -> str:
    """Clean a text but for a space at its ends, which parts it from what is beside it."""
    before, after = text.startswith(" "), text.strip() and text.endswith(" ")
    return " " * before + clean(text) + " " * bool(after)
