"""Does the annex hold every incident, its claims and sources, and does verify name a change?"""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from docx import Document

from geo.filters import Filter, select
from geo.snapshot import manifest_of
from geo.snapshot.content import content_of
from geo.snapshot.files import docx
from geo.snapshot.language import Language
from geo.snapshot.make import draw
from geo.snapshot.picture import compose, drawing
from geo.verify import Verdict, verify
from tests.examples import alone
from tests.snapshot.test_hostile import demo
from tests.snapshot.test_pptx import changed


@pytest.fixture(scope="module")
def asked():
    return replace(demo(), marking="green")


@pytest.fixture(scope="module")
def annex(asked):
    return draw(asked, fmt="docx")


def opened(data):
    return Document(io.BytesIO(data))


def test_incidents_stand_in_the_order_of_the_table_with_claims_and_sources(asked, annex):
    document, content = opened(annex), content_of(asked)
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 2"]
    assert headings == [f"{row.number}. {row.incident.title}" for row in content.rows]
    said = "\n".join(p.text for p in document.paragraphs)
    assert content.ledger in said
    tables = [[[c.text for c in r.cells] for r in t.rows] for t in document.tables]
    claims = [row for table in tables if table[0][0] == "About" for row in table[1:]]
    assert len(claims) == sum(len(row.incident.claims) for row in content.rows)
    for row in content.rows:
        assert all(source.url in said for source in row.incident.sources)
    facts = [dict(table) for table in tables if table[0][0] == "Type"]
    assert [fact["Deaths"] for fact in facts] == [row.deaths for row in content.rows]
    assert [fact["Assessment"] for fact in facts] == [row.assessment for row in content.rows]


def test_headings_of_tables_are_repeated_and_pages_numbered(annex):
    document = opened(annex)
    claims = [t for t in document.tables if t.rows[0].cells[0].text == "About"]
    assert all(t.rows[0]._tr.xpath("./w:trPr/w:tblHeader") for t in claims)
    footer = document.sections[0].footer._element
    assert footer.xpath(".//w:fldSimple/@w:instr") == ["PAGE"]
    assert "TLP:GREEN" in "".join(t.text for t in footer.iter("{*}t"))


def test_map_has_the_alt_text_and_legend_its_rows(asked, annex):
    held = opened(annex).element.body.xpath(".//wp:docPr/@descr")
    assert held[0] == content_of(asked).alt
    assert "Border closure 3" in held[1]


def test_file_is_small_same_twice_and_refers_to_nothing_outside(asked, annex):
    assert len(annex) < 1_000_000
    assert draw(asked, fmt="docx") == annex
    with zipfile.ZipFile(io.BytesIO(annex)) as package:
        names = package.namelist()
        assert not any(b"External" in package.read(n) for n in names if n.endswith(".rels"))
        fields = package.read("word/document.xml")
    assert b"fldSimple" not in fields
    assert b"instrText" not in fields


def test_same_and_each_change_named(asked, annex):
    incidents, version = asked.selection.incidents, asked.layers[0][1]
    assert verify(annex, alone(incidents, version)) == Verdict("same", manifest_of(asked).id)
    for name, old, new, part in (
        ("word/document.xml", b"ISPR (Pakistan Army)", b"nobody", "incident 1"),
        ("word/document.xml", b"Ledger: 25", b"Ledger: 26", "page text"),
        ("word/footer1.xml", b"TLP:GREEN", b"TLP:CLEAR", "head and foot of the page"),
        ("word/media/image1.png", b"IDAT", b"IDAU", "picture"),
        ("word/styles.xml", b"Calibri", b"Comic", "document design"),
    ):
        verdict = verify(changed(annex, name, old, new), alone(incidents, version))
        assert (verdict.result, verdict.parts) == ("altered", (part,))


def test_beyond_the_limit_incidents_follow_in_one_table(make, brief):
    incidents = [make(str(n)) for n in range(docx.FULL + 40)]
    document = opened(draw(brief(incidents), fmt="docx"))
    said = [p.text for p in document.paragraphs]
    assert "Further incidents, in brief" in said
    assert any(f"The first {docx.FULL} of 340 incidents" in text for text in said)
    last = document.tables[-1]
    assert len(last.rows) == 41
    assert last._tbl.xpath("./w:tr[1]/w:trPr/w:tblHeader")


def test_no_incident_says_so(make, brief):
    asked = brief([make()])
    empty = select([make()], Filter(countries=("FJI",)), frame=asked.frame)
    document = opened(draw(replace(asked, selection=empty), fmt="docx"))
    assert "No incident matches." in [p.text for p in document.paragraphs]


def test_right_to_left_reaches_paragraphs_runs_and_tables(asked):
    drawn = compose(asked)
    words = drawn.content.language.words
    content = replace(drawn.content, language=Language("ar", rtl=True, words=words))
    parts = {"page": drawn.page, "plane": drawn.plane, "legend": drawn.legend}
    with drawing():
        data = docx.write(asked, **parts, content=content, manifest=drawn.manifest, draft=True)
    body = opened(data).element.body
    assert len(body.xpath(".//w:tbl/w:tblPr/w:bidiVisual")) == len(body.xpath(".//w:tbl"))
    written = body.xpath(".//w:p[w:r/w:t]")
    assert all(paragraph.xpath("./w:pPr/w:bidi") for paragraph in written)
    assert "DRAFT" in "".join(t.text for t in opened(data).sections[0].header._element.iter("{*}t"))
