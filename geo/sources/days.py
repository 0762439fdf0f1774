"""Which days does a cell name, and how exactly?

Only what is written counts: a month is a month, not its first day, and an order of day and
month that the column does not show is never guessed.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta

from geo.incident import DatePrecision
from geo.sources.columns import DateOrder
from geo.sources.rows import CellError

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ].{0,30})?\Z")
_NUMERIC = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})(?:[T ].{0,30})?\Z")
_COMPACT = re.compile(r"([12][0-9]{3})([01][0-9])([0-3][0-9])\Z")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})\Z")
_YEAR = re.compile(r"([12][0-9]{3})\Z")
_WEEK = re.compile(r"([0-9]{4})-?W([0-9]{1,2})\Z")
_WORDED = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d-%b-%Y", "%d-%B-%Y")
_RULE = "must be a day such as 2025-10-09 or 9 October 2025, a month 2025-10, or a year 2025"

Span = tuple[date, date, DatePrecision]


def read_days(text: str, *, column: str, order: DateOrder) -> Span:
    """Read first day, last day and precision of a cell.

    Raises
    ------
    CellError
        Where the text names no day, week, month or year of the calendar.
    """
    text = text.strip()
    try:
        span = _numeric(text, order) or _coarse(text) or _worded(text)
    except ValueError:
        raise CellError(column, text, "is no day of the calendar") from None
    if span is None:
        raise CellError(column, text, _RULE)
    return span


def _numeric(text: str, order: DateOrder) -> Span | None:
    found = _ISO.match(text) or _COMPACT.match(text)
    if found:
        day = date(int(found[1]), int(found[2]), int(found[3]))
        return day, day, "day"
    found = _NUMERIC.match(text)
    if found and order:
        first, second = int(found[1]), int(found[2])
        month, number = (second, first) if order == "dmy" else (first, second)
        day = date(int(found[3]), month, number)
        return day, day, "day"
    return None


def _coarse(text: str) -> Span | None:
    if found := _MONTH.match(text):
        year, month = int(found[1]), int(found[2])
        first = date(year, month, 1)
        return first, first.replace(day=calendar.monthrange(year, month)[1]), "month"
    if found := _YEAR.match(text):
        return date(int(found[1]), 1, 1), date(int(found[1]), 12, 31), "year"
    if found := _WEEK.match(text):
        first = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return first, first + timedelta(days=6), "week"
    return None


def _worded(text: str) -> Span | None:
    for form in _WORDED:
        try:
            # only the calendar day is taken, so no time zone can move it
            day = datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
        return day, day, "day"
    return None
