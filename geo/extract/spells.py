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
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
}
_FEASTS = {
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
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


def day_of(of: date) -> Spell:
    """Make a spell of one day."""
    return Spell(of, of, "day")


def month_of(year: int, month: int) -> Spell:
    """Make a spell of a whole month."""
    return Spell(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")


def shifted(day: date, months: int) -> tuple[int, int]:
    """Count months from that of a day: the year and the month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1


def month_number(text: str) -> int:
    """Read the name of a month, short or long."""
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
    month, day = month_number(match["m"]), int(match["d"])
    year = match["y"]
    return day_of(date(int(year), month, day) if year else _nearest(month, day, frame))


def days_of_month(match: re.Match[str], frame: Frame) -> Spell | None:
    """Read 9-12 October, or October 9 to 12."""
    month = month_number(match["m"])
    first, last = int(match["d"]), int(match["e"])
    if last < first:
        return None
    if match["y"]:
        return Spell(date(int(match["y"]), month, first), date(int(match["y"]), month, last), "day")
    end = _nearest(month, last, frame)
    return Spell(end.replace(day=first), end, "day")


def days_of_two_months(match: re.Match[str], frame: Frame) -> Spell:
    """Read 30 October to 2 November."""
    end_month, end_day = month_number(match["k"]), int(match["e"])
    month, day = month_number(match["m"]), int(match["d"])
    end = (
        date(int(match["y"]), end_month, end_day)
        if match["y"]
        else _nearest(end_month, end_day, frame)
    )
    year = end.year - ((month, day) > (end_month, end_day))
    return Spell(date(year, month, day), end, "day")


def iso_day(match: re.Match[str], _: Frame) -> Spell:
    """Read 2025-10-21."""
    return day_of(date(int(match["y"]), int(match["m"]), int(match["d"])))


def feast(match: re.Match[str], frame: Frame) -> Spell:
    """Read "Christmas Eve", "New Year's Day"."""
    return day_of(_nearest(*_FEASTS[match[0].casefold().replace("’", "'")], frame))


def slashed_day(match: re.Match[str], _: Frame) -> Spell | None:
    """Read 21/10/2025; where day and month can be exchanged, it is not read at all."""
    day, month = int(match["d"]), int(match["m"])
    if day <= 12 and month <= 12 and day != month:
        return None
    return day_of(date(int(match["y"]), *((month, day) if month <= 12 else (day, month))))


def weekday(match: re.Match[str], frame: Frame) -> Spell:
    """Read "Monday", "last Friday", "on Sunday evening"."""
    back = (frame.report.weekday() - _weekday_number(match["w"])) % 7
    said = match["which"] or ""
    if (said.casefold().strip() in ("last", "past") or match["gone"]) and back < 2:
        # nobody calls yesterday so
        back += 7
    elif said.casefold().strip() in ("next", "coming") or (frame.ahead and not said):
        back -= 7 if back or said else 0
    return day_of(frame.report - timedelta(back))


def weekdays(match: re.Match[str], frame: Frame) -> Spell:
    """Read "between Saturday and Monday", "overnight from Friday to Saturday"."""
    end = frame.report - timedelta((frame.report.weekday() - _weekday_number(match["v"])) % 7)
    length = (_weekday_number(match["v"]) - _weekday_number(match["w"])) % 7
    return Spell(end - timedelta(length), end, "day")


def near_day(match: re.Match[str], frame: Frame) -> Spell:
    """Read "today", "yesterday", "overnight", "over the past day", "the day before yesterday"."""
    said = match[0].casefold()
    if "before yesterday" in said:
        return day_of(frame.report - timedelta(2))
    if "overnight" in said or said.endswith((" the night", "past day", "last day")):
        return Spell(frame.report - timedelta(1), frame.report, "day")
    if "yesterday" in said or "last night" in said or "previous day" in said:
        return day_of(frame.report - timedelta(1))
    if "after tomorrow" in said:
        return day_of(frame.report + timedelta(2))
    return day_of(frame.report + timedelta("tomorrow" in said))


def the_weekend(_: re.Match[str], frame: Frame) -> Spell:
    """Read "at the weekend" as the newest one that has begun, or the one ahead."""
    saturday = frame.report - timedelta((frame.report.weekday() - 5) % 7)
    if frame.ahead:
        saturday += timedelta(7)
        return Spell(saturday, saturday + timedelta(1), "day")
    return Spell(saturday, min(saturday + timedelta(1), frame.report), "day")


def weekday_of_last_week(match: re.Match[str], frame: Frame) -> Spell:
    """Read "Friday of last week", by weeks that begin on Monday."""
    monday = frame.report - timedelta(frame.report.weekday() + 7)
    return day_of(monday + timedelta(_weekday_number(match["w"] or match["v"] or match["u"])))


def before_told(match: re.Match[str], frame: Frame) -> Spell:
    """Read "two nights before", "on the eve", counted from the day told last."""
    held = match.groupdict()
    said = (held.get("n") or "one").casefold()
    count = int(said) if said.isdigit() else _NUMBERS[said]
    return day_of(frame.told - timedelta(7 * count if held.get("unit") == "week" else count))


def days_before_told(match: re.Match[str], frame: Frame) -> Spell:
    """Read "two days after the raid" as the day of the raid, counted from the day told before."""
    said = (match["n"] or "one").casefold()
    count = int(said) if said.isdigit() else _NUMBERS[said]
    away = timedelta(7 * count if match["unit"].casefold() == "week" else count)
    if match[0][0].isupper() and frame.told + away <= frame.report:
        # "Two days after the raid, …" goes on from it
        return day_of(frame.told + away)
    return day_of(frame.told - away)


def ago(match: re.Match[str], frame: Frame) -> Spell:
    """Read "two days ago", "three weeks earlier"."""
    said = match["n"].casefold()
    count = int(said) if said.isdigit() else _NUMBERS[said]
    unit = match["unit"].casefold()
    if unit == "night":
        unit = "day"
    if unit in ("hour", "day"):
        how = match["how"].casefold()
        from_day = frame.report if how == "ago" else frame.told
        back = timedelta(count if unit == "day" else count // 24)
        return day_of(from_day - back if how in ("ago", "earlier") else from_day + back)
    if match["how"].casefold() not in ("ago", "earlier"):
        return day_of(frame.told + timedelta(7 * count if unit == "week" else 0))
    if unit == "week":
        middle = frame.report - timedelta(7 * count)
        return Spell(middle - timedelta(3), middle + timedelta(3), "week")
    if unit == "month":
        return month_of(*shifted(frame.report, -count))
    year = frame.report.year - (10 * count if unit == "decade" else count)
    return Spell(date(year, 1, 1), date(year, 12, 31), "year")


def hour(_: re.Match[str], frame: Frame) -> Spell:
    """Read "at midnight", "around 9 a.m." as an hour of the day told last."""
    return day_of(frame.told)


def coming_days(_: re.Match[str], frame: Frame) -> Spell:
    """Read "in the coming days" as the week after the report."""
    return Spell(frame.report + timedelta(1), frame.report + timedelta(7), "week")


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
    if re.search(r"hour|minute|moment", said):
        return day_of(frame.told)
    if re.search(r"next|following|day later|day after", said):
        return day_of(min(frame.told + timedelta(1), max(frame.report, frame.told)))
    if re.search(r"before|previous|preceding|day earlier", said):
        return day_of(frame.told - timedelta(1))
    return day_of(frame.told)


def weekend_before(_: re.Match[str], frame: Frame) -> Spell:
    """Read "the weekend before", from the day told last."""
    sunday = frame.told - timedelta(frame.told.weekday() + 1)
    return Spell(sunday - timedelta(1), sunday, "day")


def day_of_month(match: re.Match[str], frame: Frame) -> Spell:
    """Read "on the 12th" as the newest such day."""
    return day_of(_newest(int(match["d"]), frame))


def days_of_this_month(match: re.Match[str], frame: Frame) -> Spell:
    """Read "from the 14th to the 16th" as the newest such days."""
    end, first = _newest(int(match["e"]), frame), int(match["d"])
    if first <= end.day:
        return Spell(end.replace(day=first), end, "day")
    return Spell(date(*shifted(end, -1), first), end, "day")


def _newest(day: int, frame: Frame) -> date:
    """Find the newest such day of a month."""
    report = frame.report
    return date(*shifted(report, -1 if day > report.day else 0), day)


def some_days(match: re.Match[str], frame: Frame) -> Spell:
    """Read "over the past days" as three days, "in recent weeks" as three weeks."""
    days = 3 if match["unit"].casefold() == "day" else 21
    precision: DatePrecision = "week" if days == 3 else "month"
    return Spell(frame.report - timedelta(days), frame.report, precision)
