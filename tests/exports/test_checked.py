"""Does `verify` find what became of a data file, and name it?"""

import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.exports import FORMATS
from geo.filters import Filter
from geo.incident import Point
from geo.settings import ROOT
from geo.verify import Verdict, verify
from tests.examples import alone, incident
from tests.exports.files import beside, checked, database, exported
from tests.strategies import crowds, filters, incidents

TEXTS = ("geojson", "csv", "kml", "gpx")
MADE = (
    incident("own:1", title="First place"),
    incident("own:2", title="Second place", precision="near", radius_km=5.0),
    incident("own:3", title="Third place", precision="none", countries=()),
    incident("own:4", title="Fourth place", precision="province", admin1="Nangarhar"),
)


@pytest.mark.parametrize("fmt", FORMATS)
def test_an_untouched_file_is_same(fmt):
    verdict = checked(exported(MADE, fmt), fmt, MADE, MADE)

    assert (verdict.result, verdict.parts) == ("same", ())
    assert len(verdict.id) == 8


@pytest.mark.parametrize("fmt", FORMATS)
def test_each_change_of_the_data_is_named(fmt):
    data, (one, two, three, four) = exported(MADE, fmt), MADE

    def now(*today):
        return checked(data, fmt, MADE, today, version="new")

    assert now(*MADE, incident("own:5")).added == ("own:5",)
    assert now(replace(one, title="Other"), two, three, four).revised == ("own:1",)
    assert now(one, replace(two, point=Point(71.5, 34.0)), three, four).moved == ("own:2",)
    gone = now(one, two, four)
    assert (gone.result, gone.withdrawn) == ("data_changed", ("own:3",))


@pytest.mark.parametrize("fmt", TEXTS)
def test_a_changed_word_names_its_row(fmt):
    data = exported(MADE, fmt)
    forged = data.replace(b"Second place", b"Second plane")
    assert forged != data

    verdict = checked(forged, fmt, MADE, MADE)

    assert (verdict.result, verdict.parts) == ("altered", ("row own:2",))


@pytest.mark.parametrize("fmt", TEXTS)
def test_a_changed_ledger_or_note_is_found(fmt):
    if fmt == "csv":
        table = exported(MADE, "csv")
        forged = beside(MADE).replace(b'"Border"', b'"Boarder"', 1)
        verdict = verify(table, alone(MADE, "abc"), beside=forged)
    else:
        data = exported(MADE, fmt)
        verdict = checked(data.replace(b"Border", b"Boarder", 1), fmt, MADE, MADE)

    assert (verdict.result, verdict.parts) == ("altered", ("document",))


def test_a_row_less_and_rows_in_another_order_are_found():
    head, *lines = exported(MADE, "csv").split(b"\r\n")[:-1]
    less = b"\r\n".join([head, *lines[1:]]) + b"\r\n"
    assert checked(less, "csv", MADE, MADE).parts == ("1 missing",)
    turned = b"\r\n".join([head, *reversed(lines)]) + b"\r\n"
    assert checked(turned, "csv", MADE, MADE).parts == ("order of rows",)


def test_a_table_alone_has_no_manifest():
    assert verify(exported(MADE, "csv"), alone(MADE, "abc")) == Verdict("no_manifest")


def test_a_table_with_a_foreign_file_beside_it_has_no_manifest():
    verdict = verify(exported(MADE, "csv"), alone(MADE, "abc"), beside=b'{"a": 1}')
    assert verdict == Verdict("no_manifest")


def test_geojson_written_again_by_another_program_is_same():
    pretty = json.dumps(json.loads(exported(MADE, "geojson")), indent=4).encode()

    assert checked(pretty, "geojson", MADE, MADE).result == "same"


def test_a_name_twice_in_one_object_is_altered():
    data = exported(MADE, "geojson")
    forged = data.replace(b'"title": "First place"', b'"title": "Other", "title": "First place"')
    assert forged != data

    assert checked(forged, "geojson", MADE, MADE).result == "altered"


def test_a_changed_cell_of_a_workbook_names_its_row():
    forged = _repacked(exported(MADE, "xlsx"), "xl/worksheets/sheet1.xml", b"Second place", b"2nd")

    assert checked(forged, "xlsx", MADE, MADE).parts == ("row own:2",)


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_part_of_a_workbook_is_named_however_it_is_packed(packing):
    out, sheet = io.BytesIO(), "xl/worksheets/sheet2.xml"
    with zipfile.ZipFile(io.BytesIO(exported(MADE, "xlsx"))) as whole:
        with zipfile.ZipFile(out, "w", packing) as again:
            for name in whole.namelist():
                again.writestr(name, whole.read(name))
        at = again.getinfo(sheet).header_offset + 30 + len(sheet) + 9
    data = out.getvalue()
    forged = data[:at] + b"\xff" * 8 + data[at + 8 :]

    assert checked(forged, "xlsx", MADE, MADE).parts == (sheet,)


def test_a_changed_part_of_a_workbook_is_named():
    forged = _repacked(exported(MADE, "xlsx"), "xl/worksheets/sheet2.xml", b"Border", b"Boarder")

    assert checked(forged, "xlsx", MADE, MADE).parts == ("xl/worksheets/sheet2.xml",)


def test_a_changed_value_of_a_geopackage_names_its_row():
    def forged(change):
        with closing(database(exported(MADE, "gpkg"))) as base:
            base.create_function("ST_IsEmpty", 1, lambda _: 0)
            for name in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
                base.create_function(name, 1, lambda _: 0.0)
            base.executescript(change)
            return checked(bytes(base.serialize()), "gpkg", MADE, MADE).parts

    assert forged("UPDATE unplaced SET title = 'x'") == ("row own:3",)
    assert forged("UPDATE extents SET radius_km = 1 WHERE id = 'own:2'") == ("row own:2",)
    assert forged("UPDATE about SET value = '9' WHERE name = 'matched'") == ("document",)
    assert forged("UPDATE layer_styles SET styleQML = ''") == ("document",)
    # what only keeps the file in order leaves it same
    assert forged("VACUUM") == ()


def test_a_view_in_the_place_of_a_layer_is_never_read():
    endless = (
        "WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n) SELECT fid FROM n"
    )
    with closing(database(exported(MADE, "gpkg"))) as base:
        base.executescript(f"DROP TABLE unplaced; CREATE VIEW unplaced AS {endless};")
        forged = bytes(base.serialize())

    assert checked(forged, "gpkg", MADE, MADE).parts == ("document",)


def test_a_changed_value_of_a_parquet_file_names_its_row():
    table = pq.read_table(io.BytesIO(exported(MADE, "parquet")))
    titles = ["x" if t == "Second place" else t for t in table["title"].to_pylist()]
    at = table.column_names.index("title")
    out = io.BytesIO()
    pq.write_table(table.set_column(at, "title", pa.array(titles)), out)

    assert checked(out.getvalue(), "parquet", MADE, MADE).parts == ("row own:2",)


@pytest.mark.parametrize("fmt", FORMATS)
def test_damaged_files_are_found_and_never_break_the_check(fmt):
    data = exported(MADE, fmt)
    for share in (0.02, 0.3, 0.6, 0.9):
        at = int(len(data) * share)
        cut = checked(data[:at], fmt, MADE, MADE).result
        assert cut in ("altered", "no_manifest")
        flipped = data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]
        # a byte that no program reads as content, such as in an empty page, changes nothing
        found = checked(flipped, fmt, MADE, MADE).result
        assert found != "same" or fmt in ("gpkg", "geojson", "parquet")


@pytest.mark.parametrize("fmt", FORMATS)
@settings(max_examples=15)
@given(crowd=crowds(), query=filters(), odd=st.lists(incidents(), max_size=1))
def test_any_selection_is_same_under_every_profile(fmt, crowd, query, odd):
    layer = [*crowd, *odd]
    for profile in ("internal", "partners", "public"):
        data = exported(layer, fmt, query, profile=profile)
        verdict = checked(data, fmt, layer, layer, query=query, profile=profile)
        assert (verdict.result, verdict.parts) == ("same", ())


def test_the_public_is_told_no_hash_of_any_true_place():
    held = json.loads(exported(MADE * 1, "geojson", profile="public"))["atlas"]["manifest"]

    assert held["incidents"] == {}
    assert held["layers"] == [{"name": "border", "version": ""}]
    assert re.fullmatch("[0-9a-f]{64}", held["content"])


def test_a_change_that_the_public_does_not_see_leaves_its_file_same():
    layer = [incident(f"own:{n}", admin1="Nangarhar", countries=("AFG",)) for n in range(3)]
    data = exported(layer, "geojson", profile="public")
    moved = [replace(layer[0], point=Point(70.6, 34.3), title="Other"), *layer[1:]]
    assert checked(data, "geojson", layer, moved, profile="public").result == "same"
    deadly = [replace(layer[0], event_type="riot"), *layer[1:]]
    verdict = checked(data, "geojson", layer, deadly, profile="public")
    assert (verdict.result, verdict.parts) == ("data_changed", ("incidents",))


_PROGRAM = """
import hashlib
from tests.exports.files import beside, exported
from tests.exports.test_checked import MADE
from geo.exports import FORMATS
for profile in ("internal", "public"):
    for fmt in FORMATS:
        print(hashlib.sha256(exported(MADE, fmt, profile=profile)).hexdigest())
    print(hashlib.sha256(beside(MADE, profile=profile)).hexdigest())
"""


def test_two_processes_with_two_hash_seeds_write_the_same_bytes():
    def run(seed):
        return subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
        ).stdout

    first = run("1")
    assert len(first.split()) == 2 * (len(FORMATS) + 1)
    assert first == run("2")


def test_a_database_that_is_none_of_ours_has_no_manifest():
    with closing(sqlite3.connect(":memory:")) as base:
        base.execute("CREATE TABLE t (a)")
        assert verify(bytes(base.serialize()), alone(MADE, "abc")) == Verdict("no_manifest")


def test_an_empty_selection_is_same():
    nothing = Filter(countries=("FJI",))
    for fmt in FORMATS:
        data = exported(MADE, fmt, nothing)
        assert checked(data, fmt, MADE, MADE, query=nothing).result == "same"


def _repacked(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given_, zipfile.ZipFile(out, "w") as made:
        for info in given_.infolist():
            content = given_.read(info)
            if info.filename == part:
                assert old in content
                content = content.replace(old, new)
            made.writestr(info, content)
    return out.getvalue()
