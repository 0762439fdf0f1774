"""Does a date say what is written, and is what it leaves open asked or refused?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import TableError
from geo.sources.days import read_days, read_parts
from geo.sources.rows import CellError
from geo.sources.table import read
from tests.sources.tables import Said, csv_bytes


def days(text, order=""):
    start, end, precision = read_days(text, column="date", order=order)
    return start.isoformat(), end.isoformat(), precision


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("2021-12-29 00:00:00.000", "2021-12-29", "2021-12-29", "day"),
        ("2009-02-20T00:00:00", "2009-02-20", "2009-02-20", "day"),
        ("2009-02-20T23:30:00+05:00", "2009-02-20", "2009-02-20", "day"),
        ("2009/2/20", "2009-02-20", "2009-02-20", "day"),
        ("20171202", "2017-12-02", "2017-12-02", "day"),
        ("20171202235900", "2017-12-02", "2017-12-02", "day"),
        ("1512172800000", "2017-12-02", "2017-12-02", "day"),
        ("9 Oct 2025", "2025-10-09", "2025-10-09", "day"),
        ("09-Oct-2025", "2025-10-09", "2025-10-09", "day"),
        ("Sept. 9, 2025", "2025-09-09", "2025-09-09", "day"),
        ("October 2025", "2025-10-01", "2025-10-31", "month"),
        ("2024-02", "2024-02-01", "2024-02-29", "month"),
        ("2024-02-00", "2024-02-01", "2024-02-29", "month"),
        ("2024-00-00", "2024-01-01", "2024-12-31", "year"),
        ("2024", "2024-01-01", "2024-12-31", "year"),
    ],
)
def test_a_cell_says_what_is_written(text, start, end, precision):
    assert days(text) == (start, end, precision)


@pytest.mark.parametrize("text", ["06/30/46", "30-Jun-46", "1.2.99", "3/7/22 10:00"])
def test_a_year_of_two_digits_is_refused_with_a_sentence(text):
    with pytest.raises(CellError, match="has a year of two digits, which may be of any century"):
        days(text, "mdy")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2025-02-30",
            "2025-13-01",
            "20251301",
            "31/02/2025",
            "soon",
            "",
            "2025-10-07/2025-10-09",
        ),
        *("2025-10-07 to 2025-10-09", "Foo 9, 2025", "34.5", "99999999999999999", "٢٠٢٤-٠١-٠٥"),
    ],
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(CellError):
        days(text, "dmy")


def test_an_open_order_names_both_readings_and_how_to_choose():
    rows = [{"date": "03/07/2025"}, {"date": "04/07/2025"}]
    with pytest.raises(TableError, match=r"3 July 2025 or 7 March 2025: say which with date_order"):
        Said(read, csv_bytes(rows))


@pytest.mark.parametrize(
    ("month", "day", "start", "end", "precision"),
    [
        ("6", "15", "2014-06-15", "2014-06-15", "day"),
        ("6.0", "0", "2014-06-01", "2014-06-30", "month"),
        ("0", "0", "2014-01-01", "2014-12-31", "year"),
        ("", "", "2014-01-01", "2014-12-31", "year"),
    ],
)
def test_zero_in_a_triple_is_unknown_and_makes_the_date_coarser(month, day, start, end, precision):
    row = {"eventid": "201400000001", "iyear": "2014", "imonth": month, "iday": day}
    [made] = Said(read, csv_bytes([{**row, "city": "Nowhere"}])).incidents
    assert (made.start.isoformat(), made.end.isoformat()) == (start, end)
    assert made.date_precision == precision


def test_a_triple_that_no_calendar_has_rejects_its_row():
    rows = [{"year": "2014", "month": "2", "day": "30"}, {"year": "2014", "month": "x", "day": "1"}]
    told = Said(read, csv_bytes([*rows, {"year": "2014", "month": "2", "day": "3"}]))
    assert [r.rule for r in told.rejected] == [
        "is no day of the calendar",
        "year, month and day are whole numbers, 0 if unknown",
    ]
    with pytest.raises(CellError):
        read_parts("0", "1", "1", column="year")


def test_a_whole_date_goes_before_its_parts():
    [made] = Said(read, csv_bytes([{"date": "2025-10-11", "year": "2024", "month": "1"}])).incidents
    assert made.start == date(2025, 10, 11)


def test_milliseconds_are_days_of_greenwich_and_counted():
    told = Said(read, csv_bytes([{"time": "1512172800000", "title": "x"}]))
    assert told.incidents[0].start == date(2017, 12, 2)
    assert told.notes.repaired["day_of_greenwich"] == 1


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_every_notation_of_a_day_is_that_day(day):
    stamp = (day - date(1970, 1, 1)) // timedelta(milliseconds=1)
    forms = [
        f"{day:%Y-%m-%d}",
        f"{day:%Y%m%d}",
        f"{day.day} {day:%B} {day.year}",
        f"{day:%d-%b-%Y}",
    ]
    if stamp >= 10**12:
        forms.append(str(stamp))
    assert {read_days(text, column="d", order="")[0] for text in forms} == {day}
    assert read_days(f"{day:%d/%m/%Y}", column="d", order="dmy")[0] == day
    assert read_days(f"{day:%m/%d/%Y}", column="d", order="mdy")[0] == day
