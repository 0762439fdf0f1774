"""Are tables of every kind and encoding read alike, and refused in a sentence otherwise?"""

from __future__ import annotations

import io
import json
import zipfile
from xml.sax.saxutils import escape

import pytest
from openpyxl import Workbook

from geo.errors import TableError
from geo.incident import Point
from geo.sources.table import preview, read
from tests.sources.tables import Said, csv_bytes

ROW = {"date": "2025-10-11", "lat": "34.5281", "lon": "69.1723", "place": "Kabul", "deaths": "5"}
CYRILLIC = "Столкновение в городе с пострадавшими, взрыв на рынке был очень сильным"
FRENCH = "Manifestation à côté de la préfecture après les élections, très animée"


def ods(*rows: list[str]) -> bytes:
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p>'
            "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="a">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return out.getvalue()


def kinds() -> dict[str, bytes]:
    lines = json.dumps(ROW)
    return {
        "csv": csv_bytes([ROW]),
        "tsv": csv_bytes([ROW], delimiter="\t"),
        "ods": ods(list(ROW), list(ROW.values())),
        "json list": json.dumps([ROW]).encode(),
        "json under a name": json.dumps({"count": 1, "data": [ROW]}).encode(),
        "json lines": f"{lines}\n\n{lines}\n".encode(),
        "one record": json.dumps([ROW], indent=1).encode(),
    }


@pytest.mark.parametrize("kind", list(kinds()))
def test_every_kind_of_table_holds_the_same(kind):
    told = Said(read, kinds()[kind])
    made = told.incidents[0]
    assert (made.point, made.place_name, made.deaths.best) == (Point(69.1723, 34.5281), "Kabul", 5)
    assert told.rejected == []


def test_objects_in_a_record_are_columns_of_their_own():
    record = {
        "when": {"date": "2025-10-11"},
        "geo": {"lat": 34.5281, "lon": 69.1723},
        "tags": ["a"],
    }
    [made] = Said(read, json.dumps([record]).encode(), columns={"start": "when.date"}).incidents
    assert made.point == Point(69.1723, 34.5281)
    assert made.native["tags"] == '["a"]'


def test_records_need_not_all_have_the_same_columns():
    records = [{"date": "2025-10-11"}, {"date": "2025-10-12", "deaths": 3}, 7]
    told = Said(read, json.dumps(records).encode())
    assert [made.deaths.best for made in told.incidents] == [None, 3]
    assert [(r.line, r.rule) for r in told.rejected] == [(3, "a record is an object")]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'{"type":"FeatureCollection","features":[]}', "import it with source geojson"),
        (b'{"a":1}', "the JSON holds no list of records"),
        (b'[{"a":1},', "the file is no JSON"),
        (b'[{"a":NaN}]', "the file is no JSON"),
        (b"[]", "has a header and no rows"),
        (b"\xd0\xcf\x11\xe0rest", "a workbook of before 2007"),
        (b"\x1f\x8b\x08", "a gzip archive: unpack it first"),
    ],
)
def test_what_is_no_table_is_told(data, sentence):
    with pytest.raises(TableError, match=sentence):
        Said(read, data)


def test_a_zip_that_is_no_workbook_is_told():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("events.csv", "date\n2025-10-11\n")
    with pytest.raises(TableError, match="a zip archive and no workbook"):
        Said(read, out.getvalue())


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("cp1251", CYRILLIC), ("cp1252", FRENCH), ("utf-16", CYRILLIC)],
)
def test_another_encoding_is_found_from_enough_letters_and_said(encoding, text):
    rows = [{**ROW, "notes": text, "n": str(n)} for n in range(20)]
    told = Said(read, csv_bytes(rows).decode().encode(encoding))
    assert told.incidents[0].summary == text
    assert told.notes.repaired[f"read_as_{encoding.replace('-', '_')}"] == 1


def test_too_few_letters_are_asked_about_and_the_answer_is_taken():
    data = csv_bytes([{**ROW, "notes": "Харків"}]).decode().encode("cp1251")
    with pytest.raises(TableError, match=r"not UTF-8 text.*say which with encoding=NAME"):
        Said(read, data)
    assert Said(read, data, columns={"encoding": "cp1251"}).incidents[0].summary == "Харків"
    for wrong in ("rot13", "klingon", "hex"):
        with pytest.raises(TableError, match="encoding is"):
            Said(read, data, columns={"encoding": wrong})


def test_utf8_with_a_few_damaged_bytes_is_not_read_as_something_else():
    text = "\n".join(["date,notes", *(f"2025-10-{n:02d},{CYRILLIC}" for n in range(1, 20))])
    data = text.replace(", взрыв", " взрыв").encode() + b"\n2025-10-20,\xff\n"
    with pytest.raises(TableError, match="1 of its bytes are damaged"):
        Said(read, data)


def test_a_mark_of_utf8_is_no_part_of_the_first_name():
    found = preview(b"\xef\xbb\xbf" + csv_bytes([ROW])).detected
    assert found.columns["start"] == "date"


def test_text_in_a_sheet_stays_the_text_it_is():
    told = Said(
        read, ods(["incident id", "date", "country", "place"], ["007", "2025-10-11", "NA", "None"])
    )
    [made] = told.incidents
    assert (made.id, made.countries, made.place_name) == ("table:007", ("NAM",), "None")


def unfolding(rows: int, columns: int, *, head: str = "") -> bytes:
    spread = (
        f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell '
        f'table:number-columns-repeated="{columns}" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell></table:table-row>"
    )
    out = io.BytesIO()
    plain = ods(["date"], ["2025-10-11"])
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode().replace("</table:table>", f"{spread}</table:table>")
            new.writestr(name, head + text if name == "content.xml" else text)
    return out.getvalue()


def test_a_sheet_that_unfolds_to_too_much_is_refused_before_it_does():
    for rows, columns in ((1_048_570, 30), (1_048_570, 16_000), (999_999_999, 999_999_999)):
        with pytest.raises(TableError, match="unfolds to more than 5,000,000 filled cells"):
            Said(read, unfolding(rows, columns))
    with pytest.raises(TableError, match="declares a document type"):
        Said(read, unfolding(1, 1, head='<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'))


def test_an_ods_without_its_content_is_told():
    whole = ods(["date"], ["2025-10-11"])
    with pytest.raises(TableError, match="cannot be read as"):
        Said(read, whole[: len(whole) // 2])


def sheet_xml(body: str, *, texts: str = "") -> bytes:
    out = io.BytesIO()
    book = Workbook()
    book.active["A1"] = "date"
    plain = io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                text = text.replace("</sheetData>", f"{body}</sheetData>")
            if name != "xl/sharedStrings.xml":
                new.writestr(name, text)
        space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        new.writestr("xl/sharedStrings.xml", f'<sst xmlns="{space}">{texts}</sst>')
    return out.getvalue()


def test_two_cells_at_opposite_corners_are_no_table():
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(TableError, match="spans 1,048,576 rows of 16,384 cells"):
        Said(read, sheet_xml(corner))


def test_a_text_shown_again_and_again_is_counted_each_time():
    cell = '<c t="s"><v>0</v></c>'
    rows = "".join(f'<row r="{n}">{cell * 10}</row>' for n in range(2, 2_002))
    data = sheet_xml(rows, texts=f"<si><t>{'x' * 32_000}</t></si>")
    with pytest.raises(TableError, match="more than 400,000,000 characters of repeated text"):
        Said(read, data)
