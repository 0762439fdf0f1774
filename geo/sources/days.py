"""Which days does a cell name, and how exactly?

Only what is written counts: a month is a month, not its first day, and an order of day and
month that the column does not show is never guessed.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta

from geo.incident import DatePrecision
from geo.sources.columns import DateOrder
from geo.sources.rows import CellError

# a time of day after a day is passed over, never converted; a second day is no time
_LATER = r"(?:[T ,]{1,2}[0-2]?[0-9]:[0-5][0-9][^/]{0,25}|[T ])?\Z"
_ISO = re.compile(rf"([0-9]{{4}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}}){_LATER}")
_NUMERIC = re.compile(rf"([0-9]{{1,2}})[./-]([0-9]{{1,2}})[./-]([0-9]{{4}}){_LATER}")
_SHORT_YEAR = re.compile(
    r"[0-9]{1,2}[./-](?:[0-9]{1,2}|[a-z]{3,9})[./-][0-9]{2}(?:[T ].{0,30})?\Z", re.IGNORECASE
)
_COMPACT = re.compile(r"((?:1[89]|20)[0-9]{2})([01][0-9])([0-3][0-9])\Z")
_STAMP = re.compile(
    r"((?:1[89]|20)[0-9]{2})([01][0-9])([0-3][0-9])[0-2][0-9][0-5][0-9](?:[0-5][0-9])?\Z"
)
_EPOCH_MS = re.compile(r"[0-9]{12,13}\Z")
_MONTH = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})\Z")
_YEAR = re.compile(r"([12][0-9]{3})\Z")
_WEEK = re.compile(r"([0-9]{4})-?W([0-9]{1,2})\Z")
# 9 October 2025, 9-Oct-2025, October 9, 2025, October 2025
_WORD = r"([A-Za-z]{3,9})\.?"
_DAY_FIRST = re.compile(rf"([0-9]{{1,2}})[ -]{_WORD}[ ,-]{{1,2}}([0-9]{{4}}){_LATER}")
_MONTH_FIRST = re.compile(rf"{_WORD} ([0-9]{{1,2}}),? ([0-9]{{4}}){_LATER}")
_WORD_MONTH = re.compile(rf"{_WORD}[ ,-]{{1,2}}([0-9]{{4}})\Z")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_RULE = "must be a day such as 2025-10-09 or 9 October 2025, a month 2025-10, or a year 2025"
_TWO_DIGITS = "has a year of two digits, which may be of any century: write four"
_WHOLE = re.compile(r"[0-9]{1,4}(?:\.0+)?\Z")

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
    except (ValueError, OverflowError):
        raise CellError(column, text, "is no day of the calendar") from None
    if span is None:
        raise CellError(column, text, _TWO_DIGITS if _SHORT_YEAR.match(text) else _RULE)
    return span


def read_parts(year: str, month: str, day: str, *, column: str) -> Span:
    """Read a day from a column each for year, month and day, where 0 or nothing is unknown.

    Raises
    ------
    CellError
        Where the parts are no numbers, or name no day, month or year of the calendar.
    """
    parts = []
    for part in (year, month, day):
        text = part.strip()
        if text and not (_WHOLE.match(text) and text.isascii()):
            raise CellError(column, text, "year, month and day are whole numbers, 0 if unknown")
        parts.append(int(float(text)) if text else 0)
    try:
        return _span(*parts)
    except ValueError:
        written = "-".join(map(str, parts))
        raise CellError(column, written, "is no day of the calendar") from None


def is_from_epoch(text: str) -> bool:
    """Whether a text is milliseconds since 1970, which name a day of Greenwich alone."""
    return bool(_EPOCH_MS.match(text)) and not _stamped(text)


def _span(year: int, month: int, day: int) -> Span:
    if not month:
        return date(year, 1, 1), date(year, 12, 31), "year"
    if not day:
        first = date(year, month, 1)
        return first, first.replace(day=calendar.monthrange(year, month)[1]), "month"
    found = date(year, month, day)
    return found, found, "day"


def _stamped(text: str) -> Span | None:
    found = _STAMP.match(text)
    try:
        return _span(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _numeric(text: str, order: DateOrder) -> Span | None:
    found = _ISO.match(text) or _COMPACT.match(text)
    if found:
        return _span(int(found[1]), int(found[2]), int(found[3]))
    if span := _stamped(text):
        return span
    if _EPOCH_MS.match(text) and text.isascii():
        at = datetime.fromtimestamp(int(text) / 1000, tz=UTC).date()
        return at, at, "day"
    found = _NUMERIC.match(text)
    if found and order:
        first, second = int(found[1]), int(found[2])
        month, number = (second, first) if order == "dmy" else (first, second)
        return _day(int(found[3]), month, number)
    return None


def _day(year: int, month: int, number: int) -> Span:
    found = date(year, month, number)
    return found, found, "day"


def _coarse(text: str) -> Span | None:
    if found := _MONTH.match(text):
        return _span(int(found[1]), int(found[2]), 0)
    if found := _YEAR.match(text):
        return _span(int(found[1]), 0, 0)
    if found := _WEEK.match(text):
        first = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return first, first + timedelta(days=6), "week"
    return None


def _worded(text: str) -> Span | None:
    if found := _DAY_FIRST.match(text):
        month = _named(found[2])
        return _day(int(found[3]), month, int(found[1])) if month else None
    if found := _MONTH_FIRST.match(text):
        month = _named(found[1])
        return _day(int(found[3]), month, int(found[2])) if month else None
    if found := _WORD_MONTH.match(text):
        month = _named(found[1])
        return _span(int(found[2]), month, 0) if month else None
    return None


def _named(word: str) -> int:
    """Answer with the number of a month by its name or first letters, 0 for another word."""
    plain = word.lower()
    plain = "sep" if plain == "sept" else plain
    for number, month in enumerate(_MONTHS, start=1):
        if plain in (month, month[:3]):
            return number
    return 0
