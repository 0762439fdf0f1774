"""Which days do words of time mean, counted from the day of a report?

Every rule is an expression and what it means. "The next day" counts from the day told before.
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
_SHORT_MONTHS = {name[:3]: n for n, name in enumerate(_MONTHS, start=1)} | {"sept": 9}
_NUMBERS = {
    **dict.fromkeys(("a", "an", "one"), 1),
    **dict(zip("two three four five six seven eight nine ten".split(), range(2, 11), strict=True)),
    **{"eleven": 11, "twelve": 12, "couple of": 2, "a couple of": 2},
}
_MONTH = (
    r"(?P<{0}>January|February|March|April|May|June|July|August|September|October|November|"
    r"December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"(?P<{0}>0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?P<{0}>1[89][0-9]{{2}}|20[0-9]{{2}})"
_DASH = r"\s*(?:-|–|—|to|until|till|through|and)\s*"
_WEEKDAY = (
    r"(?P<{0}>(?-i:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|"
    r"Mon|Tues?|Wed|Thurs?|Thu|Fri|Sat|Sun))"
)
_COUNT = (
    r"(?P<n>\d{1,3}|a couple of|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
)
_PART = r"(?:early |late |mid-?)?(?P<part>morning|afternoon|evening|night)"

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
    tried = []
    for year in (report.year - 1, report.year, report.year + 1):
        if day <= monthrange(year, month)[1]:
            tried.append(date(year, month, day))
    if not tried:
        msg = f"{day}.{month}. is no day"
        raise ValueError(msg)
    # a report may run ahead of a date by a few days without a word that says so
    fine = [d for d in tried if (d >= report if frame.ahead else d <= report + timedelta(3))]
    return min(fine or tried, key=lambda d: abs((d - report).days))


def _full(match: re.Match[str], frame: Frame) -> Spell:
    month, day = _month_number(match["m"]), int(match["d"])
    year = match["y"]
    return _day(date(int(year), month, day) if year else _nearest(month, day, frame))


def _span(match: re.Match[str], frame: Frame) -> Spell | None:
    """Read 9-12 October, or October 9 to 12."""
    month = _month_number(match["m"])
    first, last = int(match["d"]), int(match["e"])
    if last < first:
        return None
    if match["y"]:
        return Spell(
            date(int(match["y"]), month, first), date(int(match["y"]), month, last), "day"
        )
    end = _nearest(month, last, frame)
    return Spell(end.replace(day=first), end, "day")


def _two_months(match: re.Match[str], frame: Frame) -> Spell:
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


def _iso(match: re.Match[str], _: Frame) -> Spell:
    return _day(date(int(match["y"]), int(match["m"]), int(match["d"])))


def _slashed(match: re.Match[str], _: Frame) -> Spell | None:
    """Read 21/10/2025; where day and month can be exchanged, it is not read at all."""
    day, month = int(match["d"]), int(match["m"])
    if day <= 12 and month <= 12 and day != month:
        return None
    return _day(date(int(match["y"]), *((month, day) if month <= 12 else (day, month))))


def _weekday(match: re.Match[str], frame: Frame) -> Spell:
    back = (frame.report.weekday() - _weekday_number(match["w"])) % 7
    said = match["which"] or ""
    if said.casefold().strip() in ("last", "past") and back == 0:
        back = 7
    elif said.casefold().strip() in ("next", "coming") or (frame.ahead and not said):
        back -= 7 if back or said else 0
    return _day(frame.report - timedelta(back))


def _weekdays(match: re.Match[str], frame: Frame) -> Spell:
    """Read "between Saturday and Monday", "overnight from Friday to Saturday"."""
    end = frame.report - timedelta((frame.report.weekday() - _weekday_number(match["v"])) % 7)
    length = (_weekday_number(match["v"]) - _weekday_number(match["w"])) % 7
    return Spell(end - timedelta(length), end, "day")


def _near(match: re.Match[str], frame: Frame) -> Spell:
    said = match[0].casefold()
    if "before yesterday" in said:
        return _day(frame.report - timedelta(2))
    if "overnight" in said:
        return Spell(frame.report - timedelta(1), frame.report, "day")
    if "yesterday" in said or "last night" in said or "previous day" in said:
        return _day(frame.report - timedelta(1))
    if "after tomorrow" in said:
        return _day(frame.report + timedelta(2))
    return _day(frame.report + timedelta("tomorrow" in said))


def _ago(match: re.Match[str], frame: Frame) -> Spell:
    said = match["n"].casefold()
    count = int(said) if said.isdigit() else _NUMBERS[said]
    unit = match["unit"].casefold()
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


def _unit(match: re.Match[str], frame: Frame) -> Spell:
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


def _whole_month(match: re.Match[str], frame: Frame) -> Spell:
    month = _month_number(match["m"])
    if match["y"]:
        spell = _month(int(match["y"]), month)
    else:
        report = frame.report
        year = report.year - (month > report.month)
        if frame.ahead and month < report.month:
            year += 1
        if (match["which"] or "").casefold().strip() == "last" and month == report.month:
            year -= 1
        spell = _month(year, month)
    part = (match["third"] or "").casefold().rstrip("- ")
    if not part:
        return spell
    first = {"early": 1, "mid": 11, "late": 21}[part]
    last = {"early": 10, "mid": 20, "late": spell.last.day}[part]
    return Spell(spell.first.replace(day=first), spell.first.replace(day=last), "month")


def _year(match: re.Match[str], _: Frame) -> Spell:
    year = int(match["y"])
    return Spell(date(year, 1, 1), date(year, 12, 31), "year")


def _past_days(match: re.Match[str], frame: Frame) -> Spell:
    """Read "in the last 24 hours", "over the past three days"."""
    said = match["n"].casefold()
    count = int(said) if said.isdigit() else _NUMBERS[said]
    unit = match["unit"].casefold()
    days = {"hour": -(-count // 24), "day": count, "week": 7 * count, "month": 30 * count}[unit]
    precision: DatePrecision = "day" if days <= 3 else "week" if days <= 7 else "month"
    return Spell(frame.report - timedelta(days), frame.report, precision)


def _and_weekday(match: re.Match[str], frame: Frame) -> Spell | None:
    """Read "Friday and Saturday" as two days in a row; others are two dates."""
    follows = (_weekday_number(match["v"]) - _weekday_number(match["w"])) % 7 == 1
    return _weekdays(match, frame) if follows else None


def _night_to(match: re.Match[str], frame: Frame) -> Spell:
    """Read "in the night to Wednesday", "overnight into Sunday"."""
    back = (frame.report.weekday() - _weekday_number(match["v"])) % 7
    end = frame.report - timedelta(back)
    return Spell(end - timedelta(1), end, "day")


def _then(match: re.Match[str], frame: Frame) -> Spell:
    """Read "that day", "the next morning", "the day before", from the day told last."""
    said = match[0].casefold()
    if re.search(r"next|following|day later|day after", said):
        return _day(min(frame.told + timedelta(1), max(frame.report, frame.told)))
    if re.search(r"before|previous|preceding|day earlier", said):
        return _day(frame.told - timedelta(1))
    return _day(frame.told)


def _weekend_before(_: re.Match[str], frame: Frame) -> Spell:
    sunday = frame.told - timedelta(frame.told.weekday() + 1)
    return Spell(sunday - timedelta(1), sunday, "day")


def _day_of_month(match: re.Match[str], frame: Frame) -> Spell:
    """Read "on the 12th" as the newest such day."""
    day, report = int(match["d"]), frame.report
    if day <= report.day:
        return _day(report.replace(day=day))
    year, month = _shifted(report, -1)
    return _day(date(year, month, day))


def _some_days(match: re.Match[str], frame: Frame) -> Spell:
    """Read "over the past days" as three days, "in recent weeks" as three weeks."""
    days = 3 if match["unit"].casefold() == "day" else 21
    precision: DatePrecision = "week" if days == 3 else "month"
    return Spell(frame.report - timedelta(days), frame.report, precision)


def _season(match: re.Match[str], frame: Frame) -> Spell:
    """Read "last spring", "this summer" as months of the northern half of the world."""
    month = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}[match["s"].casefold()]
    report = frame.report
    year = report.year - (match["which"].casefold() == "last" or month > report.month)
    end = _month(*_shifted(date(year, month, 1), 2))
    return Spell(date(year, month, 1), end.last, "year")


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w])", re.IGNORECASE)


def _m(name: str) -> str:
    return _MONTH.format(name)


def _d(name: str) -> str:
    return _DAY.format(name)


_OPTIONAL_YEAR = rf"(?:,?\s+(?:of\s+)?{_YEAR.format('y')})?"
RULES: tuple[tuple[re.Pattern[str], Rule], ...] = (
    (_compiled(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"), _iso),
    (_compiled(r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})"), _slashed),
    (
        _compiled(rf"{_d('d')}\s+{_m('m')}{_DASH}{_d('e')}\s+{_m('k')}{_OPTIONAL_YEAR}"),
        _two_months,
    ),
    (_compiled(rf"{_m('m')}\s+{_d('d')}{_DASH}{_m('k')}\s+{_d('e')}{_OPTIONAL_YEAR}"), _two_months),
    (_compiled(rf"{_d('d')}{_DASH}{_d('e')}\s+{_m('m')}{_OPTIONAL_YEAR}"), _span),
    (_compiled(rf"{_m('m')}\s+{_d('d')}{_DASH}{_d('e')}{_OPTIONAL_YEAR}"), _span),
    (_compiled(rf"{_d('d')}\s+(?:of\s+)?{_m('m')}{_OPTIONAL_YEAR}"), _full),
    (_compiled(rf"{_m('m')}\s+(?:the\s+)?{_d('d')}{_OPTIONAL_YEAR}"), _full),
    (
        _compiled(
            rf"(?:between|from)\s+{_WEEKDAY.format('w')}(?:{_DASH})(?:\w+\s+)?{_WEEKDAY.format('v')}"
        ),
        _weekdays,
    ),
    (
        _compiled(
            rf"(?:(?P<which>last|past|this|next|coming)\s+)?{_WEEKDAY.format('w')}(?:['’]s)?"
            rf"(?:\s+{_PART})?"
        ),
        _weekday,
    ),
    (
        _compiled(rf"{_WEEKDAY.format('w')}\s+and\s+(?:\w+\s+)?{_WEEKDAY.format('v')}"),
        _and_weekday,
    ),
    (
        _compiled(
            rf"(?:(?:in|during|on|over)\s+)?(?:the\s+night|overnight)\s+(?:in)?to\s+"
            rf"{_WEEKDAY.format('v')}(?:\s+morning)?"
        ),
        _night_to,
    ),
    (
        _compiled(
            rf"(?:that|(?:the|that)\s+same|the\s+(?:next|following|previous|preceding))\s+"
            rf"(?:very\s+)?(?:{_PART}|day)|the\s+(?:day|night|evening)\s+(?:before|after)|"
            rf"(?:a|one)\s+day\s+(?:earlier|later)|(?:some\s+|a\s+few\s+)?(?:minutes|hours|moments)\s+"
            rf"(?:earlier|later|afterwards?|before)|the\s+same\s+(?:hour|time)"
        ),
        _then,
    ),
    (_compiled(r"the\s+weekend\s+before|the\s+previous\s+weekend"), _weekend_before),
    (
        _compiled(r"(?<=on )the\s+(?P<d>[12]?\d|3[01])(?:st|nd|rd|th)(?!\s+\w*(?:day|century))"),
        _day_of_month,
    ),
    (
        _compiled(
            r"(?:(?:over|in|during|within|for)\s+)(?:the\s+)?(?:last|past|recent|previous)\s+(?:few\s+|several\s+)?"
            r"(?P<unit>day|week)s"
        ),
        _some_days,
    ),
    (_compiled(r"(?P<which>last|this)\s+(?P<s>spring|summer|autumn|fall|winter)"), _season),
    (_compiled(rf"(?P<third>)(?P<which>last\s+){_m('m')}"+r"(?P<y>(?!))?"), _whole_month),
    (
        _compiled(
            r"the day before yesterday|the day after tomorrow|"
            rf"(?:earlier |later )?(?:today|yesterday|tomorrow)(?:['’]s)?(?:\s+{_PART})?|"
            r"tonight|last night|overnight|the previous day|"
            r"(?:earlier |later )?(?:this|in the early hours of this) (?:morning|afternoon|evening)"
        ),
        _near,
    ),
    (
        _compiled(rf"{_COUNT}\s+(?P<unit>hour|day|week|month|year)s?\s+(?P<how>ago|earlier|later)"),
        _ago,
    ),
    (
        _compiled(
            rf"(?:over|in|during|within|for)\s+the\s+(?:last|past)\s+{_COUNT}\s+"
            r"(?P<unit>hour|day|week|month)s?"
        ),
        _past_days,
    ),
    (
        _compiled(
            r"(?:earlier |later |late |early )?(?:the )?"
            r"(?P<which>last|this|next|previous|past|coming)\s+"
            r"(?P<unit>weekend|week|month|year)"
        ),
        _unit,
    ),
    (
        _compiled(
            rf"(?P<third>early|late|mid)[- ](?:in )?(?P<which>last\s+)?{_m('m')}(?:,?\s+{_YEAR.format('y')})?"
        ),
        _whole_month,
    ),
    (
        # "may" and "march" are verbs as well: a month stands after a preposition or before a year
        _compiled(
            rf"(?:(?<=in )|(?<=since )|(?<=until )|(?<=of )|(?<=by )|(?<=during )|(?<=from ))"
            rf"(?P<third>)(?P<which>last\s+)?{_m('m')}(?:,?\s+{_YEAR.format('y')})?"
        ),
        _whole_month,
    ),
    (
        _compiled(rf"(?P<third>)(?P<which>)(?-i:{_m('m')}),?\s+{_YEAR.format('y')}"),
        _whole_month,
    ),
    (
        _compiled(
            rf"(?:(?<=in )|(?<=since )|(?<=of )|(?<=from )|(?<=after )|(?<=during )|(?<=by ))"
            rf"{_YEAR.format('y')}"
        ),
        _year,
    ),
)
