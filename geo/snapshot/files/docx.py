"""How does a brief become an annex: every incident with its claims and sources, in order?

Word's part of the briefing. Up to a limit incidents are described in full, the rest follow in
one table, so that a document of thousands still opens.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any

from docx import Document
from docx.shared import Pt, RGBColor

from geo.countries import name as country_name
from geo.incident import Claim, Point
from geo.manifest import Manifest
from geo.snapshot.brief import Brief
from geo.snapshot.content import Content, Row
from geo.snapshot.files import ooxml, png
from geo.snapshot.files.parts import of_annex
from geo.snapshot.files.relaid import relaid, sections_in
from geo.snapshot.files.said import TLP, Said, marking_of, said, sources_of
from geo.snapshot.files.wordml import Writer, elements
from geo.snapshot.language import Language
from geo.snapshot.sheet.columns import Legend, draw_legend
from geo.snapshot.sheet.fonts import clean
from geo.snapshot.sheet.page import SIZE, Page
from geo.snapshot.sheet.projection import Plane, Rect
from geo.taxonomy import event_type, type_ids

_MAIN = "word/document.xml"
_A4 = (595.3, 841.9)
_MARGIN = 54.0
_ACROSS = _A4[0] - 2 * _MARGIN
# a legend is drawn wider than the page and then made smaller
_LEGEND = _ACROSS * 1.18
# more than anyone reads, and what opens in a moment
FULL = 300
# no text can spell this, for text has no brackets left
_HERE = '<w:bookmarkEnd w:id="0"/>'
_STYLES = (
    ("Normal", 10, 0, 4),
    ("Title", 22, 0, 2),
    ("Subtitle", 11, 0, 8),
    ("Heading 1", 15, 14, 4),
    ("Heading 2", 12, 14, 4),
    ("List Bullet", 9, 0, 1),
)
_LABELLED = (108.0, _ACROSS - 108.0)
_CLAIM = ("field", "value", "whom", "scope", "claimant", "source")
_FIELDS = frozenset(("deaths", "injured", "event_type", "actor", "date", "place"))
_CLAIM_WIDTHS = (60.0, 84.0, 70.0, 80.0, 90.0, _ACROSS - 384.0)
_BRIEF = ("number", "day", "type", "place", "deaths", "assessment", "sources")
_BRIEF_WIDTHS = (32.0, 62.0, 74.0, 130.0, 58.0, 62.0, _ACROSS - 418.0)


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
    """Write a brief as DOCX.

    Parameters
    ----------
    page, plane, legend
        The page as drawn, which the map is cut from, and its legend.
    draft
        Whether every page is marked as a draft.
    """
    document = Document()
    words = said(brief, content, plane)
    annex = _Annex(document, brief, content, words)
    annex.sheet(draft=draft)
    annex.front(page, plane, legend)
    # thousands of elements moved into a parsed document take minutes, bytes do not
    body = annex.incidents().encode("utf-8", "backslashreplace")
    annex.state()
    out = io.BytesIO()
    document.save(out)
    return ooxml.sealed(
        out.getvalue(),
        fmt="docx",
        main=_MAIN,
        namer=of_annex,
        manifest=manifest,
        put=(_HERE.encode(), body),
    )


def recognises(data: bytes) -> bool:
    """Whether a file is a DOCX."""
    return ooxml.holds(data, _MAIN)


manifest_text = ooxml.manifest_text


def altered(data: bytes, written: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what is not as it was written, by what the manifest states of the file."""
    return ooxml.altered(data, written, fmt="docx", namer=of_annex)


class _Annex:
    """The document of one brief."""

    def __init__(self, document: Any, brief: Brief, content: Content, words: Said) -> None:
        self._document, self._brief, self._content = document, brief, content
        self._words, self._spoken = words, content.language
        self._write = Writer(rtl=self._spoken.rtl, code=self._spoken.code)

    def sheet(self, *, draft: bool) -> None:
        """Set paper, margins, fonts, and what stands at the head and foot of every page."""
        section = self._document.sections[0]
        section.page_width, section.page_height = Pt(_A4[0]), Pt(_A4[1])
        for edge in ("left", "right", "top", "bottom"):
            setattr(section, f"{edge}_margin", Pt(_MARGIN))
        for name, size, before, after in _STYLES:
            style = self._document.styles[name]
            style.font.name, style.font.size = "Calibri", Pt(size)
            style.font.italic, style.font.color.rgb = False, RGBColor.from_string("1F2933")
            style.paragraph_format.space_before = Pt(before)
            style.paragraph_format.space_after = Pt(after)
            style.paragraph_format.line_spacing = 1.05
            for wide in (*style.element.iter("{*}pBdr"), *style.element.iter("{*}spacing")):
                # the library's rule under a title, and letters set apart
                if wide.tag.endswith("pBdr") or wide.getparent().tag.endswith("rPr"):
                    wide.getparent().remove(wide)
        marks = [self._spoken.say("office.draft")] if draft else []
        head = [self._write.run(f"{mark}   ", bold=True, colour="B00020") for mark in marks]
        marking = marking_of(self._brief)
        if marking:
            colour = TLP[self._brief.marking].lstrip("#")
            # as the protocol asks: its colour on black
            head.append(self._write.run(f" {marking} ", bold=True, colour=colour, on="000000"))
            head.append(self._write.run("  "))
        foot = [
            self._write.run(f"{self._words.ident} · ", bold=True, small=True),
            self._write.page_number(self._spoken.say("office.page")),
        ]
        for holder, runs in ((section.header, head), (section.footer, [*head, *foot])):
            paragraph = holder.paragraphs[0]._p  # noqa: SLF001 fields have no public way
            paragraph.append(elements("<w:p/>")[0].get_or_add_pPr())
            paragraph.pPr.append(
                elements('<w:p><w:pPr><w:jc w:val="right"/></w:pPr></w:p>')[0].pPr[0]
            )
            for made in elements(f"<w:p>{''.join(runs)}</w:p>")[0]:
                paragraph.append(made)

    def front(self, page: Page, plane: Plane, legend: Legend) -> None:
        """Title, map and legend as pictures with words for them, and what they count."""
        write, content, words = self._write, self._content, self._words
        self._add(write.paragraph(content.title, style="Title"))
        self._add(write.paragraph(content.subtitle, style="Subtitle"))
        figures = [
            f"{figure.value} {figure.label}" + (f" ({figure.note})" if figure.note else "")
            for figure in content.figures
        ]
        self._add("".join(write.paragraph(line, bold=True) for line in figures))
        cut = png.region(page, plane.rect, edge=12.5)
        self._picture(cut, content.alt, _ACROSS, 380.0)
        size = SIZE["slide"]
        wide = relaid(sections_in(legend), size=size.body, across=_LEGEND, columns=3, height=250)
        sheet = replace(size, name="legend", width=wide.total + 8, height=wide.height + 8, margin=4)
        drawn = Page(sheet)
        draw_legend(drawn, wide, Rect(4, 4, wide.total, wide.height), self._spoken)
        whole = Rect(0, 0, drawn.size.width, drawn.size.height)
        self._picture(
            png.region(drawn, whole), _legend_in_words(legend, self._spoken), _ACROSS, 420.0
        )
        self._add(write.paragraph(words.ledger, bold=True))
        lines = f"{words.lines} {words.projection}"
        rest = (words.data, words.sources, lines, words.house)
        self._add("".join(write.paragraph(line, small=True) for line in rest if line))

    def incidents(self) -> str:
        """Describe incidents in full up to the limit, and the rest in brief."""
        write, spoken, rows = self._write, self._spoken, self._content.rows
        self._add(_HERE)
        made = [write.paragraph(spoken.say("office.incidents"), style="Heading1")]
        if not rows:
            made.append(write.paragraph(spoken.say("office.none")))
        full, brief = rows[:FULL], rows[FULL:]
        if brief:
            said_so = spoken.say("office.limited", full=len(full), n=len(rows), rest=len(brief))
            made.append(write.paragraph(said_so, bold=True))
        made += [self._whole(row) for row in full]
        if brief:
            made.append(write.paragraph(spoken.say("office.incidents_more"), style="Heading1"))
            heading = [spoken.say(f"office.columns.{name}") for name in _BRIEF]
            short = (self._short(row) for row in brief)
            made += [write.table(short, _BRIEF_WIDTHS, heading=heading), write.paragraph("")]
        return "".join(made)

    def state(self) -> None:
        """Fix what the file says of itself; the only time is that of the data."""
        stated, producer = self._document.core_properties, self._brief.house.producer
        as_of = self._brief.as_of.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        stated.title = clean(self._content.title)[:255]
        stated.subject = marking_of(self._brief)
        stated.author = stated.last_modified_by = clean(producer)[:255] or "Incident Atlas"
        stated.created = stated.modified = as_of
        stated.revision = 1
        stated.language = self._spoken.code
        stated.comments = stated.keywords = stated.category = ""

    def _whole(self, row: Row) -> str:
        write, spoken, incident = self._write, self._spoken, row.incident
        number = spoken.number(row.number)
        title = spoken.say("office.numbered", number=number, title=incident.title)
        made = [write.paragraph(title, style="Heading2")]
        facts = [(spoken.say(f"office.{key}"), text) for key, text in self._facts(row) if text]
        made.append(write.table(facts, _LABELLED, labels=True))
        if incident.summary.strip():
            made.append(write.paragraph(incident.summary, before=6))
        if incident.claims:
            made.append(write.paragraph(spoken.say("office.claims"), bold=True, before=6))
            heading = [spoken.say(f"office.claim.{name}") for name in _CLAIM]
            claims = [self._claim(claim) for claim in incident.claims]
            made.append(write.table(claims, _CLAIM_WIDTHS, heading=heading))
        made.append(write.paragraph(spoken.say("office.said_by"), bold=True, before=6))
        made += [
            write.paragraph(line, style="ListBullet", small=True)
            for line in sources_of(incident, spoken)
        ]
        return "".join(made)

    def _facts(self, row: Row) -> Iterator[tuple[str, str]]:
        spoken, incident = self._spoken, row.incident
        internal = self._brief.profile == "internal"
        yield "columns.type", spoken.kind(row.kind)
        yield "when", self._when(row)
        nations = " / ".join(country_name(code) for code in incident.countries)
        named = (row.place, incident.admin2, incident.admin1, nations)
        where = ", ".join(dict.fromkeys(part for part in named if part))
        if row.shown != "on_map":
            where += f" · {spoken.say(f'office.shown.{row.shown}')}"
        yield "where", where
        yield "known_to", self._known_to(row)
        # what a place was found by, or its numbers, could undo a profile's generalising
        if internal and incident.located:
            located = incident.located
            yield "located", " · ".join(part for part in (located.method, located.id) if part)
        if internal and incident.point:
            yield "position", _position(incident.point, exact=incident.precision == "exact")
        yield "further", "; ".join(site.name for site in incident.sites)
        yield "involved", "; ".join(_actor(a.name, a.role) for a in incident.actors)
        yield "deaths", row.deaths
        yield "assessment", row.assessment
        yield "callout", row.callout

    def _when(self, row: Row) -> str:
        spoken, incident = self._spoken, row.incident
        day = row.day
        if incident.date_precision == "day":
            first, last = spoken.day(incident.start), spoken.day(incident.end)
            day = (
                first
                if incident.start == incident.end
                else spoken.say("dates.days_within_a_year", first=first, last=last)
            )
        return f"{day} · {incident.time}" if incident.time.strip() else day

    def _known_to(self, row: Row) -> str:
        incident, radius = row.incident, row.incident.radius_km
        if radius is None:
            return row.precision
        assumed = incident.located is not None and incident.located.radius == "assumed"
        key = "office.within_assumed" if assumed else "office.within"
        return self._spoken.say(key, precision=row.precision, km=f"{radius:g}")

    def _claim(self, claim: Claim) -> tuple[str, ...]:
        spoken = self._spoken
        value = spoken.number(claim.value) if isinstance(claim.value, int) else claim.value
        if value in type_ids():
            value = spoken.kind(event_type(value))
        if claim.low is not None and claim.high is not None:
            spread = spoken.say("deaths.between", low=claim.low, high=claim.high)
            value = f"{value} ({spread})"
        scope = claim.scope or spoken.say("office.this_incident")
        whom = spoken.say(f"office.whom.{claim.whom}") if claim.whom else ""
        known = claim.field in _FIELDS
        field = spoken.say(f"office.field.{claim.field}") if known else claim.field
        return field, value, whom, scope, claim.claimant, claim.source

    def _short(self, row: Row) -> tuple[str, ...]:
        spoken = self._spoken
        return (
            spoken.number(row.number),
            row.day,
            spoken.kind(row.kind),
            f"{clean(row.place)} · {row.precision}\n{clean(row.incident.title)}",
            row.deaths,
            row.assessment,
            row.sources,
        )

    def _picture(self, cut: png.Region, alt: str, across: float, up: float) -> None:
        grow = min(across / cut.across, up / cut.up, 1.35)
        shape = self._document.add_picture(
            io.BytesIO(cut.data), Pt(cut.across * grow), Pt(cut.up * grow)
        )
        shape._inline.docPr.set("descr", clean(alt))  # noqa: SLF001 no public way

    def _add(self, xml: str) -> None:
        end = self._document.element.body.sectPr
        for element in elements(xml):
            end.addprevious(element)


def _actor(name: str, role: str) -> str:
    return f"{name} ({role})" if role.strip() else name


def _position(point: Point, *, exact: bool) -> str:
    digits = 4 if exact else 2
    north, east = "S" if point.lat < 0 else "N", "W" if point.lon < 0 else "E"
    return f"{abs(point.lat):.{digits}f}° {north}, {abs(point.lon):.{digits}f}° {east}"


def _legend_in_words(legend: Legend, spoken: Language) -> str:
    said_so = []
    for block in (block for column in legend.columns for block in column):
        text = " ".join(block.lines)
        count = block.row.count if block.row else None
        said_so.append(f"{text} {spoken.number(count)}" if count is not None else text)
    return "; ".join(part for part in said_so if part)
