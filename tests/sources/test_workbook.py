"""Is the first filled sheet of a workbook read, within bounds?"""

import io
from datetime import date, datetime

import openpyxl
import pytest

from geo.errors import TableError
from geo.sources.rows import Row
from geo.sources.workbook import workbook_rows
from tests.sources.test_packed import zipped


def workbook(*sheets):
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        for row in rows:
            sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_the_first_filled_sheet_is_read_by_its_header(tmp_path):
    moment, day = datetime(2025, 10, 15, 6, 30), date(2025, 10, 15)  # noqa: DTZ001 as in a sheet
    data = workbook([], [[], ["a", "b ", None], [1.0, day], [0.5, moment], [None, None, "x"]])
    rows = [
        Row(3, {"a": "1", "b": "2025-10-15"}),
        Row(4, {"a": "0.5", "b": "2025-10-15 06:30:00"}),
    ]
    file = tmp_path / "a.xlsx"
    file.write_bytes(data)

    for source in (data, file):
        *found, gone = workbook_rows(source)
        assert found == rows
        assert (gone.line, gone.value) == (5, "x")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (workbook([["a", "a"], [1, 2]]), "column 'a' stands twice"),
        (workbook([]), "the workbook is empty"),
        (b"PK", "the workbook cannot be read"),
        (zipped([("[Content_Types].xml", b"<x/>")]), "a zip archive and no workbook"),
    ],
)
def test_a_workbook_that_is_no_table_is_told(data, sentence):
    with pytest.raises(TableError, match=sentence):
        list(workbook_rows(data))


def test_a_workbook_that_is_too_large_is_told(monkeypatch):
    data = workbook([["a"], [1], [2]])
    monkeypatch.setattr("geo.sources.unfolding.MAX_ROWS", 2)
    with pytest.raises(TableError, match="spans 3 rows of 1 cells: at most 2 rows"):
        list(workbook_rows(data))
    monkeypatch.setattr("geo.sources.unfolding.MAX_UNPACKED", 100)
    with pytest.raises(TableError, match="unpacks to"):
        list(workbook_rows(data))
