"""Are the slides native, complete, safe, the same every time, and does verify name a change?"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
from PIL import Image
from pptx import Presentation

from geo.errors import SnapshotError
from geo.filters import Filter, select
from geo.incident import Claim, Point, Source
from geo.settings import ROOT
from geo.snapshot import House, manifest_of
from geo.snapshot.content import content_of
from geo.snapshot.files import pptx
from geo.snapshot.files.relaid import sections_in
from geo.snapshot.language import Language
from geo.snapshot.make import draw
from geo.snapshot.picture import compose, drawing
from geo.verify import Verdict, verify
from tests.examples import alone
from tests.snapshot.test_hostile import demo
from tests.strategies import HOSTILE


@pytest.fixture(scope="module")
def asked():
    return replace(demo(), marking="amber")


@pytest.fixture(scope="module")
def deck(asked):
    return draw(asked, fmt="pptx")


@pytest.fixture
def layer(asked):
    return asked.selection.incidents, asked.layers[0][1]


def opened(data):
    return Presentation(io.BytesIO(data))


def every_text(slide):
    for shape in slide.shapes:
        inner = shape.shapes if shape.shape_type == 6 else [shape]
        yield from (s.text_frame.text for s in inner if s.has_text_frame)


def tables(data):
    for slide in opened(data).slides:
        for shape in slide.shapes:
            if shape.has_table:
                yield [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]


def changed(data, name, old, new):
    """Repack a file with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as made:
        for member in package.namelist():
            held = package.read(member)
            if member == name:
                assert old in held
                held = held.replace(old, new, 1)
            made.writestr(member, held)
    return out.getvalue()


def test_rows_of_the_native_tables_are_those_of_the_content(asked, deck):
    content = content_of(asked)
    rows = [row for table in tables(deck) for row in table[1:]]
    assert [row[0] for row in rows] == [str(row.number) for row in content.rows]
    assert [row[1] for row in rows] == [row.kind.label for row in content.rows]
    assert [row[4] for row in rows] == [row.deaths for row in content.rows]
    assert [row[5] for row in rows] == [row.assessment for row in content.rows]
    assert any("outside the frame" in row[3] for row in rows)
    titles = [slide.shapes.title.text_frame.text for slide in opened(deck).slides]
    assert titles[:2] == ["Fighting and talks", "What happened where"]
    assert set(titles[2:]) == {"What happened where, continued"}


def test_legend_is_complete_and_native(asked, deck):
    said = " | ".join(every_text(opened(deck).slides[0]))
    sections = sections_in(compose(asked).legend)
    assert sections
    for section in sections:
        assert section.heading in said
        for row in section.rows:
            assert row.text in said
    signs = [s for s in opened(deck).slides[0].shapes if s.name == "Legend sign"]
    assert len(signs) == sum(row.sign is not None for s in sections for row in s.rows)
    assert all(sign._element.nvGrpSpPr.cNvPr.get("descr") for sign in signs)


def test_picture_has_the_alt_text_and_the_frame_of_the_png(asked, deck):
    pictures = [s for s in opened(deck).slides[0].shapes if s.shape_type == 13]
    assert len(pictures) == 1
    alt = pictures[0]._element.nvPicPr.cNvPr.get("descr")
    ledger = asked.selection.ledger
    assert alt == content_of(asked).alt
    assert f"{ledger.matched} of {ledger.total} incidents match, {ledger.on_map} of them" in alt
    rect = compose(asked).plane.rect
    with Image.open(io.BytesIO(pictures[0].image.blob)) as image:
        across, up = image.size
    edge = 12.5 * 9 / 8
    assert across / up == pytest.approx((rect.width + edge) / (rect.height + edge), rel=0.01)
    assert pictures[0].width / pictures[0].height == pytest.approx(across / up, rel=0.01)


def test_nothing_stands_beyond_the_slide(deck):
    made = opened(deck)
    assert (made.slide_width, made.slide_height) == (12_192_000, 6_858_000)
    for slide in made.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= made.slide_width
            assert shape.top + shape.height <= made.slide_height


def test_notes_hold_sources_filter_projection_and_ledger(asked, deck):
    notes = [slide.notes_slide.notes_text_frame.text for slide in opened(deck).slides]
    assert content_of(asked).ledger in notes[0]
    assert "Projection: Lambert" in notes[0]
    assert "Filter: All dates" in notes[0]
    said = "\n".join(notes)
    for incident in asked.selection.incidents:
        assert all(source.url in said for source in incident.sources)


def test_marking_draft_and_id_stand_on_every_slide(asked):
    drawn = compose(asked)
    with drawing():
        data = pptx.write(
            asked,
            page=drawn.page,
            plane=drawn.plane,
            legend=drawn.legend,
            content=drawn.content,
            manifest=drawn.manifest,
            draft=True,
        )
    for slide in opened(data).slides:
        said = list(every_text(slide))
        assert said.count("TLP:AMBER") == 2
        assert "DRAFT" in said
        assert f"ID {drawn.content.id}" in said


@pytest.mark.parametrize("size", ["a4", "phone"])
def test_every_size_gives_a_deck_with_the_id_of_its_brief(asked, size):
    sized = replace(asked, size=size)
    data = draw(sized, fmt="pptx")
    assert opened(data).slide_width == 12_192_000
    assert f"ID {manifest_of(sized).id}" in every_text(opened(data).slides[0])


def test_same_bytes_in_processes_with_other_hash_seeds():
    code = (
        "import hashlib, sys; from tests.snapshot.test_hostile import demo; "
        "from geo.snapshot.make import draw; "
        "print(*[hashlib.sha256(draw(demo(), fmt=f)).hexdigest() for f in ('pptx', 'docx')])"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PATH": ""},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(made) == 1


def test_file_is_small_and_refers_to_nothing_outside(deck):
    assert len(deck) < 1_500_000
    with zipfile.ZipFile(io.BytesIO(deck)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = package.namelist()
        relations = b"".join(package.read(name) for name in names if name.endswith(".rels"))
        core = package.read("docProps/core.xml").decode()
    assert b"External" not in relations
    assert not [name for name in names if "thumbnail" in name or "printer" in name]
    assert set(re.findall(r">(20\d\d-[^<]*)<", core)) == {"2026-11-24T00:00:00Z"}


def test_untouched_and_repacked_decks_are_same(asked, deck, layer):
    incidents, version = layer
    expected = Verdict("same", manifest_of(asked).id)
    assert verify(deck, alone(incidents, version)) == expected
    assert verify(changed(deck, "-", b"", b""), alone(incidents, version)) == expected


@pytest.mark.parametrize(
    ("name", "old", "new", "part"),
    [
        ("ppt/slides/slide2.xml", b"claims differ", b"three", "slide 2, table"),
        ("ppt/slides/slide1.xml", b"Fighting and talks", b"Talks", "slide 1, title"),
        ("ppt/slides/slide1.xml", b">Border closure<", b">Opening<", "slide 1, legend"),
        ("ppt/slides/slide1.xml", b"Border closure 3", b"Border closure 2", "slide 1, map"),
        ("ppt/slides/slide1.xml", b"Ledger: 25", b"Ledger: 26", "slide 1, ledger"),
        ("ppt/notesSlides/notesSlide1.xml", b"Lambert", b"Mercator", "speaker notes of slide 1"),
        ("ppt/theme/theme1.xml", b"Calibri", b"Comic", "slide design"),
        ("docProps/core.xml", b"TLP:AMBER", b"TLP:GREEN", "document properties"),
    ],
)
def test_one_change_is_found_and_named(deck, layer, name, old, new, part):
    incidents, version = layer
    verdict = verify(changed(deck, name, old, new), alone(incidents, version))
    assert (verdict.result, verdict.parts) == ("altered", (part,))


def test_changed_picture_and_manifest_are_named(deck, layer):
    incidents, version = layer
    with zipfile.ZipFile(io.BytesIO(deck)) as package:
        picture = next(name for name in package.namelist() if name.endswith(".png"))
    verdict = verify(changed(deck, picture, b"IDAT", b"IDAU"), alone(incidents, version))
    assert (verdict.result, verdict.parts) == ("altered", ("picture on slide 1",))
    forged = changed(deck, "customXml/item1.xml", b'"total":25', b'"total":26')
    assert "manifest" in verify(forged, alone(incidents, version)).parts


def test_added_member_is_altered(deck, layer):
    incidents, version = layer
    out = io.BytesIO(deck)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("ppt/vbaProject.bin", b"macro")
    assert verify(out.getvalue(), alone(incidents, version)).parts == ("slide design",)


def test_foreign_and_broken_files(deck, layer):
    incidents, version = layer
    out = io.BytesIO()
    Presentation().save(out)
    assert verify(out.getvalue(), alone(incidents, version)) == Verdict("no_manifest")
    for share in (0.2, 0.9, 0.999):
        cut = deck[: int(len(deck) * share)]
        assert verify(cut, alone(incidents, version)).result in ("altered", "no_manifest")
    for at in range(100, len(deck), len(deck) // 40):
        torn = deck[:at] + b"\xff\0\xff" + deck[at + 3 :]
        assert verify(torn, alone(incidents, version)).result in ("altered", "no_manifest")


def test_bomb_is_refused(layer):
    incidents, version = layer
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("ppt/presentation.xml", b"x")
        package.writestr("customXml/item1.xml", b" " * 300_000_000)
    assert verify(out.getvalue(), alone(incidents, version)).result == "altered"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for n in range(6_000):
            package.writestr(f"ppt/{n}", b"")
        package.writestr("ppt/presentation.xml", b"x")
    assert verify(out.getvalue(), alone(incidents, version)).result == "altered"


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packing_that_office_does_not_use_is_refused(layer, packing):
    incidents, version = layer
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as package:
        package.writestr("ppt/presentation.xml", b"x" * 100)
    assert verify(out.getvalue(), alone(incidents, version)).result == "altered"


def hostile(make):
    return [
        make(
            str(n),
            title=text.strip()[:290],
            place_name=text,
            summary=text,
            sources=(Source(publisher=text, title=text, url="https://example.org/a?b=<c>&d='e'"),),
            claims=(Claim(field="deaths", value=text, claimant=text, scope=text, source=text),),
        )
        for n, text in enumerate(HOSTILE)
        if "\x80" not in text
    ]


@pytest.mark.parametrize("fmt", ["pptx", "docx"])
def test_hostile_text_stays_text(make, brief, fmt):
    incidents = hostile(make)
    title = " ".join(HOSTILE) + " \ud800 \x0b"
    asked = brief(incidents, title=title, house=House(producer="<b>&amp;", contact="\x01"))
    data = draw(asked, fmt=fmt)
    assert verify(data, alone(incidents, "v1")).result == "same"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            held = package.read(name)
            assert b"<script" not in held
            assert b"<img" not in held
            assert b"External" not in held or not name.endswith(".rels")
    if fmt == "pptx":
        rows = [row for table in tables(data) for row in table[1:]]
        assert len(rows) == len(incidents)
        assert any("{{7*7}}" in row[3] for row in rows)


def test_no_incident_gives_one_slide(make, brief):
    asked = brief([make()])
    empty = select([make()], Filter(countries=("FJI",)), frame=asked.frame)
    data = draw(replace(asked, selection=empty), fmt="pptx")
    assert len(opened(data).slides) == 1


def test_thousands_stop_at_a_limit_that_is_stated(make, brief):
    incidents = [make(str(n), at=(66 + n % 50 / 10, 30 + n % 40 / 10)) for n in range(200)]
    data = draw(brief(incidents), fmt="pptx")
    shown = sum(len(table) - 1 for table in tables(data))
    assert 100 <= shown < 200
    assert any(f"and {200 - shown} more" in text for text in every_text(opened(data).slides[-1]))


def test_right_to_left_mirrors_slides_tables_and_paragraphs(asked):
    drawn = compose(asked)
    words = drawn.content.language.words
    content = replace(drawn.content, language=Language("ar", rtl=True, words=words))
    parts = {"page": drawn.page, "plane": drawn.plane, "legend": drawn.legend}
    with drawing():
        data = pptx.write(asked, **parts, content=content, manifest=drawn.manifest)
    first, second = list(opened(data).slides)[:2]
    picture = next(s for s in first.shapes if s.shape_type == 13)
    assert picture.left > 12_192_000 / 3
    table = next(s for s in second.shapes if s.has_table)
    assert table._element.xpath(".//a:tblPr/@rtl") == ["1"]
    assert set(table._element.xpath(".//a:pPr/@rtl")) == {"1"}


def test_public_and_partners_get_no_coordinates_in_words(make, brief):
    incidents = [make("1", at=(71.123456, 34.234567))]
    for profile in ("partners", "public"):
        data = draw(brief(incidents, profile=profile), fmt="docx")
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            held = package.read("word/document.xml")
        assert b"34.23" not in held
        assert b"Position" not in held
    assert Point(71.123456, 34.234567) == incidents[0].point


def test_house_template_is_used_and_an_unfit_one_is_refused(make, brief):
    out = io.BytesIO()
    house = Presentation()
    house.slide_width, house.slide_height = 9_144_000, 5_143_500
    house.slide_layouts[5].name = "Title Only"
    house.slides.add_slide(house.slide_layouts[0])
    house.save(out)
    small = brief([make()], house=House(template=out.getvalue()))
    made = opened(draw(small, fmt="pptx"))
    assert (made.slide_width, len(made.slides)) == (9_144_000, 2)
    assert max(s.left + s.width for s in made.slides[0].shapes) <= 9_144_000
    out = io.BytesIO()
    Presentation().save(out)
    linked = changed(
        out.getvalue(), "_rels/.rels", b"<Relationship ", b'<Relationship x="External" '
    )
    for template, rule in ((out.getvalue(), "16:9"), (b"PK", "package"), (linked, "outside")):
        with pytest.raises(SnapshotError, match=rule):
            draw(brief([make()], house=House(template=template)), fmt="pptx")
