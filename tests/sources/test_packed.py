"""Is an archive read as one table, and is everything else about it refused?"""

import gzip
import io
import tracemalloc
import zipfile

import pytest

from geo.errors import TableError
from geo.sources.packed import is_json, is_workbook, json_rows, open_packed, open_table
from geo.sources.rows import Row


def zipped(files, **changes):
    """Write a zip of (name, bytes); changes are attributes of every entry."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for attribute, value in changes.items():
                setattr(info, attribute, value)
            archive.writestr(info, data)
    return held.getvalue()


def read(source, **options):
    with open_packed(source, **options) as stream:
        return stream.read()


def without_byte(data, at):
    """Lose one byte, as a transfer as text does: all that follows lies one too early."""
    return data[:at] + data[at + 1 :]


def test_plain_gzip_and_zip_give_the_same_bytes(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(b"a,b\n1,2\n")

    for source in (file, b"a,b\n1,2\n", gzip.compress(b"a,b\n1,2\n", mtime=0)):
        assert read(source) == b"a,b\n1,2\n"
    beside = [("__MACOSX/._a.csv", b"x"), ("readme.txt", b"x"), ("a.CSV", b"a,b\n1,2\n")]
    assert read(zipped(beside)) == b"a,b\n1,2\n"
    assert read(zipped([("a.json", b"[]")])) == b"[]"
    with open_table(zipped([("a.csv", b"\xef\xbb\xbfa,b")])) as text:
        assert text.read() == "a,b"


@pytest.mark.parametrize(
    "name", ["../a.csv", "/etc/a.csv", "a/../../b.csv", "..\\a.csv", "C:\\a.csv", "\\a.csv"]
)
def test_a_name_that_leads_out_of_the_archive_refuses_it(name):
    with pytest.raises(TableError, match="must not lead out of the archive"):
        read(zipped([("a.csv", b"a"), (name, b"b")]))


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (zipped([("a.csv", b"a"), ("b.csv", b"b")]), r"holds 2 tables \(a.csv, b.csv\)"),
        (zipped([("a.pdf", b"a")]), r"holds 0 tables \(none\)"),
        (zipped([("a.csv", b"a")], external_attr=0o120777 << 16), "a link"),
        (zipped([(f"{n}.csv", b"a") for n in range(101)]), "holds 101 files"),
        (zipped([("[Content_Types].xml", b"a")]), "the file is a workbook"),
        (zipped([("a.csv", b"a,b,c\n" * 90)])[:-30], "the zip archive is damaged"),
        (without_byte(zipped([("a.csv", b"a,b,c\n" * 90)]), 40), "the zip archive is damaged"),
        (zipped([("a.csv", b"a")]).replace(b"a.csv", b"\0.csv"), r"holds 0 tables \(none\)"),
        (zipped([("a.csv", b"a")]).replace(b"a.csv", b"././."), r"holds 0 tables \(none\)"),
        (b"PK\x03\x04", "the zip archive is damaged"),
        (gzip.compress(b"a,b,c\n" * 90, mtime=0)[:-9], "the gzip file is damaged"),
    ],
)
def test_what_is_not_one_plain_table_is_refused(source, sentence):
    with pytest.raises(TableError, match=sentence):
        read(source)


@pytest.mark.parametrize(
    "bomb", [zipped([("a.csv", bytes(50_000_000))]), gzip.compress(bytes(50_000_000), mtime=0)]
)
def test_a_bomb_is_left_after_a_fair_part_of_it(bomb):
    tracemalloc.start()
    with open_packed(bomb) as stream:
        parts = iter(lambda: len(stream.read(65_536)), 0)
        with pytest.raises(TableError, match="more than 200 times its size"):
            sum(parts)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_more_than_what_is_asked_for_is_refused():
    with pytest.raises(TableError, match="unpacks to more than 10 bytes"):
        read(zipped([("a.csv", b"a" * 11)]), most=10)


def changed(data, offset, value):
    """Change a number in every header of a zip, the local one and that of the directory."""
    data = bytearray(data)
    for mark, at in ((b"PK\x03\x04", offset), (b"PK\x01\x02", offset + 2)):
        data[data.index(mark) + at] = value
    return bytes(data)


@pytest.mark.parametrize(
    ("offset", "value", "sentence"),
    [(6, 1, "under a password"), (8, 12, "packed by method 12"), (6, 32, "damaged")],
)
def test_a_member_that_cannot_be_read_plainly_is_told(offset, value, sentence):
    with pytest.raises(TableError, match=sentence):
        read(changed(zipped([("a.csv", b"a,b")]), offset, value))


def test_a_damaged_member_is_told_while_it_is_read():
    good = zipped([("a.csv", b"a,b,c\n1,2,3\n")])
    at = good.index(b"a.csv") + 8

    with pytest.raises(TableError, match="the zip archive is damaged"):
        read(good[:at] + bytes([good[at] ^ 255]) + good[at + 1 :])


def test_a_workbook_and_json_are_known_by_their_content():
    assert is_workbook(zipped([("[Content_Types].xml", b"a")]))
    assert not is_workbook(zipped([("a.csv", b"a")]))
    assert not is_workbook(b"PK\x03\x04")
    assert is_json(gzip.compress(b"\xef\xbb\xbf [1]", mtime=0))
    assert not is_json(b"id,name")


def test_an_object_or_a_feature_becomes_the_cells_of_a_row():
    feature = {
        "type": "Feature",
        "properties": {"a": 1, "b": None, "c": " x ", "d": [1], "e": 1e-7, "f": True},
        "geometry": {"type": "Point", "coordinates": [70.5, 33]},
    }
    [row] = json_rows({"features": [feature]}, lists=())

    cells = {"a": "1", "b": "", "c": "x", "d": "[1]", "e": "0.0000001", "f": "true"}
    assert row == Row(1, {**cells, "longitude": "70.5", "latitude": "33"})
    assert [r.cells for r in json_rows([{"a": 2}], lists=())] == [{"a": "2"}]


@pytest.mark.parametrize(
    "geometry",
    [None, {}, {"type": "Point"}, {"type": "Point", "coordinates": [1]}, {"type": "Polygon"}],
)
def test_a_feature_without_a_point_has_no_coordinates(geometry):
    [row] = json_rows([{"type": "Feature", "properties": {}, "geometry": geometry}], lists=())

    assert row.cells == {"longitude": "", "latitude": ""}


@pytest.mark.parametrize("name", ["slip", "bomb-100MB", "20k-entries", "symlink"])
def test_the_hostile_archives_are_refused(shared, name):
    file = shared / "data" / "hostile" / "synthetic" / "archives" / f"zip-{name}.zip"

    with pytest.raises(TableError):
        read(file)


def test_a_zip_of_a_version_that_is_not_known_is_told():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.csv", "id\n1\n")
    data = bytearray(held.getvalue())
    data[data.index(b"PK\x01\x02") + 6] = 99
    assert not is_workbook(bytes(data))
    with pytest.raises(TableError, match="damaged: zip file version"):
        open_packed(bytes(data))
