"""Which days do words of time mean, counted from the day of a report?

Every function reads a match of `geo.extract.expressions`, whose groups have the names used here;
None is no reading. "The next day" counts from the day told before.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from geo.incident import DatePrecision

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
# so many days ahead are as likely as one day behind, where words look ahead
_LAG = 60
_SHORT_MONTHS = {name[:3]: n for n, name in enumerate(_MONTHS, start=1)} | {"sept": 9}
_NUMBERS = {
    **dict.fromkeys(("a", "an", "one"), 1),
    **dict.fromkeys(("two", "couple of", "a couple of"), 2),
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}


@dataclass(frozen=True, slots=True)
class Spell:
    """First and last day of an expression, and how exactly it says them."""

    first: date
    last: date
    precision: DatePrecision


@dataclass(frozen=True, slots=True)
class Frame:
    """The day of the report, the day told last, and whether the words around look ahead."""

    report: date
    told: date
    ahead: bool


Rule = Callable[[re.Match[str], Frame], Spell | None]


def _day(of: date) -> Spell:
    return Spell(of, of, "day")


def _month(year: int, month: int) -> Spell:
    return Spell(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")


def _shifted(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1


def _month_number(text: str) -> int:
    key = text.casefold().rstrip(".")
    return _SHORT_MONTHS.get(key[:4]) or _SHORT_MONTHS[key[:3]]


def _weekday_number(text: str) -> int:
    return next(n for n, name in enumerate(_DAYS) if name.startswith(text.casefold()[:3]))


def _nearest(month: int, day: int, frame: Frame) -> date:
    """Find the year that a day of a month without one most likely has."""
    report = frame.report
    years = (report.year - 1, report.year, report.year + 1)
    tried = [date(year, month, day) for year in years if day <= monthrange(year, month)[1]]
    if not tried:
        msg = f"{day}.{month}. is no day"
        raise ValueError(msg)
    # a report may run ahead of a date by a few days without a word that says so
    if frame.ahead:
        # "was to open on 8 January" may lie just behind
        return min(tried, key=lambda d: abs((d - report).days) + _LAG * (d < report))
    fine = [d for d in tried if d <= report + timedelta(3)]
    return min(fine or tried, key=lambda d: abs((d - report).days))


def day_of_year(match: re.Match[str], frame: Frame) -> Spell:
    """Read 9 October, October 9, 2025."""
    month, day = _month_number(match["m"]), int(match["d"])
    year = match["y"]
    return _day(date(int(year), month, day) if year else _nearest(month, day, frame))


def days_of_month(match: re.Match[str], frame: Frame) -> Spell | None:
    """Read 9-12 October, or October 9 to 12."""
    month = _month_number(match["m"])
    first, last = int(match["d"]), int(match["e"])
    if last < first:
        return None
    if match["y"]:
        return Spell(date(int(match["y"]), month, first), date(int(match["y"]), month, last), "day")
    end = _nearest(month, last, frame)
    return Spell(end.replace(day=first), end, "day")


def days_of_two_months(match: re.Match[str], frame: Frame) -> Spell:
    """Read 30 October to 2 November."""
    end_month, end_day = _month_number(match["k"]), int(match["e"])
    month, day = _month_number(match["m"]), int(match["d"])
    end = (
        date(int(match["y"]), end_month, end_day)
        if match["y"]
        else _nearest(end_month, end_day, frame)
    )
    year = end.year - ((month, day) > (end_month, end_day))
    return Spell(date(year, month, day), end, "day")


def iso_day(match: re.Match[str], _: Frame) -> Spell:
    """Read 2025-10-21."""
    return _day(date(int(match["y"]), int(match["m"]), int(match["d"])))


def slashed_day(match: re.Match[str], _: Frame) -> Spell | None:
    """Read 21/10/2025; where day and month can be exchanged, it is not read at all."""
    day, month = int(match["d"]), int(match["m"])
    if day <= 12 and month <= 12 and day != month:
        return None
    return _day(date(int(match["y"]), *((month, day) if month <= 12 else (day, month))))


def weekday(match: re.Match[str], frame: Frame) -> Spell:
    """Read "Monday", "last Friday", "on Sunday evening"."""
    back = (frame.report.weekday() - _weekday_number(match["w"])) % 7
    said = match["which"] or ""
    if said.casefold().strip() in ("last", "past") and back == 0:
        back = 7
    elif said.casefold().strip() in ("next", "coming") or (frame.ahead and not said):
        back -= 7 if back or said else 0
    return _day(frame.report - timedelta(back))


def weekdays(match: re.Match[str], frame: Frame) -> Spell:
    """Read "between Saturday and Monday", "overnight from Friday to Saturday"."""
    end = frame.report - timedelta((frame.report.weekday() - _weekday_number(match["v"])) % 7)
    length = (_weekday_number(match["v"]) - _weekday_number(match["w"])) % 7
    return Spell(end - timedelta(length), end, "day")


def near_day(match: re.Match[str], frame: Frame) -> Spell:
    """Read "today", "yesterday", "overnight", "the day before yesterday"."""
    said = match[0].casefold()
    if "before yesterday" in said:
        return _day(frame.report - timedelta(2))
    if "overnight" in said or said.endswith(" the night"):
        return Spell(frame.report - timedelta(1), frame.report, "day")
    if "yesterday" in said or "last night" in said or "previous day" in said:
        return _day(frame.report - timedelta(1))
    if "after tomorrow" in said:
        return _day(frame.report + timedelta(2))
    return _day(frame.report + timedelta("tomorrow" in said))


def the_weekend(_: re.Match[str], frame: Frame) -> Spell:
    """Read "at the weekend" as the newest one that has begun."""
    saturday = frame.report - timedelta((frame.report.weekday() - 5) % 7)
    return Spell(saturday, min(saturday + timedelta(1), frame.report), "day")


def weekday_of_last_week(match: re.Match[str], frame: Frame) -> Spell:
    """Read "Friday of last week", by weeks that begin on Monday."""
    monday = frame.report - timedelta(frame.report.weekday() + 7)
    return _day(monday + timedelta(_weekday_number(match["w"] or match["v"])))


def before_told(match: re.Match[str], frame: Frame) -> Spell:
    """Read "two nights before", "on the eve", counted from the day told last."""
    said = (match.groupdict().get("n") or "one").casefold()
    return _day(frame.told - timedelta(int(said) if said.isdigit() else _NUMBERS[said]))


def days_before_told(match: re.Match[str], frame: Frame) -> Spell:
    """Read "two days after the raid" as the day of the raid, counted from the day told before."""
    said = (match["n"] or "one").casefold()
    count = int(said) if said.isdigit() else _NUMBERS[said]
    return _day(frame.told - timedelta(7 * count if match["unit"].casefold() == "week" else count))


def ago(match: re.Match[str], frame: Frame) -> Spell:
    """Read "two days ago", "three weeks earlier"."""
    said = match["n"].casefold()
    count = int(said) if said.isdigit() else _NUMBERS[said]
    unit = match["unit"].casefold()
    if unit == "night":
        unit = "day"
    if unit in ("hour", "day"):
        from_day = frame.told if match["how"].casefold() in ("earlier", "later") else frame.report
        back = timedelta(count if unit == "day" else count // 24)
        return _day(from_day + back if match["how"].casefold() == "later" else from_day - back)
    if match["how"].casefold() == "later":
        return _day(frame.told)
    if unit == "week":
        middle = frame.report - timedelta(7 * count)
        return Spell(middle - timedelta(3), middle + timedelta(3), "week")
    if unit == "month":
        return _month(*_shifted(frame.report, -count))
    year = frame.report.year - count
    return Spell(date(year, 1, 1), date(year, 12, 31), "year")


def unit(match: re.Match[str], frame: Frame) -> Spell:
    """Read last week, this month, earlier this year, late last month."""
    said, unit = match["which"].casefold(), match["unit"].casefold()
    step = {"last": -1, "previous": -1, "past": -1, "next": 1, "coming": 1}.get(said, 0)
    report = frame.report
    so_far = step == 0 and "later" not in match[0].casefold()
    if unit == "weekend":
        saturday = report - timedelta((report.weekday() - 5) % 7)
        if report.weekday() >= 5 and said == "last":
            saturday -= timedelta(7)
        if said in ("next", "coming"):
            saturday += timedelta(7)
        return Spell(saturday, saturday + timedelta(1), "day")
    if unit == "week" and said == "past":
        return Spell(report - timedelta(7), report, "week")
    if unit == "week":
        monday = report - timedelta(report.weekday()) + timedelta(7 * step)
        last = monday + timedelta(6)
        return Spell(monday, min(last, report) if so_far else last, "week")
    if unit == "month":
        spell = _month(*_shifted(report, step))
    else:
        year = report.year + step
        spell = Spell(date(year, 1, 1), date(year, 12, 31), "year")
    return Spell(spell.first, min(spell.last, report) if so_far else spell.last, spell.precision)


def whole_month(match: re.Match[str], frame: Frame) -> Spell:
    """Read "in October", "early May 2024", "last November"."""
    month = _month_number(match["m"])
    if match["y"]:
        spell = _month(int(match["y"]), month)
    else:
        report = frame.report
        year = report.year - (month > report.month)
        if frame.ahead:
            year = report.year + (month < report.month)
        if (match["which"] or "").casefold().strip() == "last" and month == report.month:
            year -= 1
        spell = _month(year, month)
    part = (match["third"] or "").casefold().rstrip("- ")
    if not part:
        return spell
    first = {"early": 1, "mid": 11, "late": 21}[part]
    last = {"early": 10, "mid": 20, "late": spell.last.day}[part]
    return Spell(spell.first.replace(day=first), spell.first.replace(day=last), "month")


def whole_year(match: re.Match[str], _: Frame) -> Spell:
    """Read "in 2023"."""
    year = int(match["y"])
    return Spell(date(year, 1, 1), date(year, 12, 31), "year")


def past_days(match: re.Match[str], frame: Frame) -> Spell:
    """Read "in the last 24 hours", "over the past three days"."""
    said = match["n"].casefold()
    count = int(said) if said.isdigit() else _NUMBERS[said]
    unit = match["unit"].casefold()
    days = {"hour": -(-count // 24), "day": count, "week": 7 * count, "month": 30 * count}[unit]
    precision: DatePrecision = "day" if days <= 3 else "week" if days <= 7 else "month"
    return Spell(frame.report - timedelta(days), frame.report, precision)


def two_weekdays(match: re.Match[str], frame: Frame) -> Spell | None:
    """Read "Friday and Saturday" as two days in a row; others are two dates."""
    follows = (_weekday_number(match["v"]) - _weekday_number(match["w"])) % 7 == 1
    return weekdays(match, frame) if follows else None


def night_to(match: re.Match[str], frame: Frame) -> Spell:
    """Read "in the night to Wednesday", "overnight into Sunday"."""
    back = (frame.report.weekday() - _weekday_number(match["v"])) % 7
    end = frame.report - timedelta(back)
    return Spell(end - timedelta(1), end, "day")


def counted_from_before(match: re.Match[str], frame: Frame) -> Spell:
    """Read "that day", "the next morning", "the day before", from the day told last."""
    said = match[0].casefold()
    if re.search(r"next|following|day later|day after", said):
        return _day(min(frame.told + timedelta(1), max(frame.report, frame.told)))
    if re.search(r"before|previous|preceding|day earlier", said):
        return _day(frame.told - timedelta(1))
    return _day(frame.told)


def weekend_before(_: re.Match[str], frame: Frame) -> Spell:
    """Read "the weekend before", from the day told last."""
    sunday = frame.told - timedelta(frame.told.weekday() + 1)
    return Spell(sunday - timedelta(1), sunday, "day")


def day_of_month(match: re.Match[str], frame: Frame) -> Spell:
    """Read "on the 12th" as the newest such day."""
    day, report = int(match["d"]), frame.report
    if day <= report.day:
        return _day(report.replace(day=day))
    year, month = _shifted(report, -1)
    return _day(date(year, month, day))


def some_days(match: re.Match[str], frame: Frame) -> Spell:
    """Read "over the past days" as three days, "in recent weeks" as three weeks."""
    days = 3 if match["unit"].casefold() == "day" else 21
    precision: DatePrecision = "week" if days == 3 else "month"
    return Spell(frame.report - timedelta(days), frame.report, precision)


def season(match: re.Match[str], frame: Frame) -> Spell:
    """Read "last spring", "this summer" as months of the northern half of the world."""
    month = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}[match["s"].casefold()]
    report = frame.report
    year = report.year - (match["which"].casefold() == "last" or month > report.month)
    end = _month(*_shifted(date(year, month, 1), 2))
    return Spell(date(year, month, 1), end.last, "year")
