"""When, says the text, counted from the day of the report?

Rules of English news prose: a bare weekday or day of a month is the latest one on or before the
report, unless the words around it look ahead. Lengths of time ("a 48-hour truce") are no dates.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from geo.extract.numbers import WORDS, number
from geo.incident import FIRST_YEAR, LAST_YEAR, DatePrecision

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_SHORT_MONTHS = {name[:3]: n for n, name in enumerate(_MONTHS, start=1)} | {"sept": 9}
_MONTH = (
    r"(?P<{0}>January|February|March|April|May|June|July|August|September|October|November|"
    r"December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"(?P<{0}>0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?P<{0}>1[89][0-9]{{2}}|20[0-9]{{2}})"
_DASH = r"\s*(?:-|–|—|to|until|till|through|and)\s*"
_WEEKDAY = (
    r"(?P<{0}>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|"
    r"(?-i:Mon|Tues?|Wed|Thurs?|Thu|Fri|Sat|Sun)\b\.?)"
)
_COUNT = rf"(?P<n>a couple of|\d{{1,3}}|{WORDS}|an?)"
_PART = r"(?:early |late |mid-?)?(?P<part>morning|afternoon|evening|night)"
_AHEAD = re.compile(
    r"\b(?:will|shall|would|scheduled|due|plans?|planned|expected|upcoming|set to|to be|"
    r"slated|next|ahead of)\b",
    re.IGNORECASE,
)
# a verb in the past beside a bare date keeps it in the past
_PAST = re.compile(r"\b(?:was|were|had|said|told|\w{3,}ed)\b", re.IGNORECASE)
_BEFORE, _AFTER = 50, 40


@dataclass(frozen=True, slots=True)
class When:
    """A stretch of the text that says when: first and last day, and how exactly.

    `since` marks a beginning without an end: the period runs to the report.
    """

    start: int
    end: int
    text: str
    first: date
    last: date
    precision: DatePrecision
    since: bool = False
    part_of_day: str = ""


@dataclass(frozen=True, slots=True)
class _Spell:
    first: date
    last: date
    precision: DatePrecision


_Rule = Callable[[re.Match[str], "_Frame"], _Spell | None]


@dataclass(frozen=True, slots=True)
class _Frame:
    """The day of the report, the day told last, and whether the words around look ahead."""

    report: date
    told: date
    ahead: bool


def dates(text: str, report: date) -> tuple[When, ...]:
    """Find what says when, in order; of overlapping readings the first and longest counts."""
    found: list[When] = []
    taken, told = 0, report
    for match, rule in _matches(text):
        if match.start() < taken:
            continue
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        after = text[match.end() : match.end() + _AFTER]
        spell = _guarded(rule, match, _Frame(report, told, _looks_ahead(before, after)))
        if spell is None:
            continue
        since = bool(re.search(r"\bsince(?: the)?(?: early| late)?\s*\Z", before, re.IGNORECASE))
        last = max(spell.first, report) if since else spell.last
        named = match.groupdict()
        part = (named.get("part") or "").casefold()
        if "night" in match[0].casefold():
            part = "night"
        when = When(
            *(match.start(), match.end(), match[0], spell.first, last, spell.precision),
            since=since,
            part_of_day=part,
        )
        found.append(when)
        taken = match.end()
        if spell.precision == "day" and spell.last <= report:
            told = spell.last
    return tuple(found)


def _matches(text: str) -> Iterator[tuple[re.Match[str], _Rule]]:
    every = [(m, n) for n, (pattern, _) in enumerate(_RULES) for m in pattern.finditer(text)]
    every.sort(key=lambda pair: (pair[0].start(), -pair[0].end(), pair[1]))
    return ((m, _RULES[n][1]) for m, n in every)


def _guarded(rule: _Rule, match: re.Match[str], frame: _Frame) -> _Spell | None:
    try:
        spell = rule(match, frame)
    except (ValueError, OverflowError):
        # 31 June is no day
        return None
    if spell is None or not FIRST_YEAR <= spell.first.year <= spell.last.year <= LAST_YEAR:
        return None
    return spell


def _looks_ahead(before: str, after: str) -> bool:
    """Whether the words of the same sentence around a date speak of what is to come."""
    left = re.split(r"[.;!?]\s", before)[-1]
    right = re.split(r"[.;!?]\s", after)[0]
    if _AHEAD.search(left):
        return True
    return bool(_AHEAD.search(right)) and not _PAST.search(left)


def _day(of: date) -> _Spell:
    return _Spell(of, of, "day")


def _month(year: int, month: int) -> _Spell:
    return _Spell(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")


def _shifted(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1


def _month_number(text: str) -> int:
    key = text.casefold().rstrip(".")
    return _SHORT_MONTHS.get(key[:4]) or _SHORT_MONTHS[key[:3]]


def _weekday_number(text: str) -> int:
    return next(n for n, name in enumerate(_DAYS) if name.startswith(text.casefold()[:3]))


def _nearest(month: int, day: int, frame: _Frame) -> date:
    """Find the year that a day of a month without one most likely has."""
    report = frame.report
    years = (report.year - 1, report.year, report.year + 1)
    tried = [date(y, month, day) for y in years if day <= monthrange(y, month)[1]]
    if not tried:
        msg = f"{day}.{month}. is no day"
        raise ValueError(msg)
    # a day that looks the wrong way must be two months nearer to be meant
    return min(
        tried,
        key=lambda d: abs((d - report).days) + 60 * ((d > report) != frame.ahead and d != report),
    )


def _full(match: re.Match[str], frame: _Frame) -> _Spell:
    month, day = _month_number(match["m"]), int(match["d"])
    year = match["y"]
    return _day(date(int(year), month, day) if year else _nearest(month, day, frame))


def _span(match: re.Match[str], frame: _Frame) -> _Spell | None:
    """Read 9-12 October, or October 9 to 12."""
    month = _month_number(match["m"])
    first, last = int(match["d"]), int(match["e"])
    if last < first:
        return None
    if match["y"]:
        return _Spell(
            date(int(match["y"]), month, first), date(int(match["y"]), month, last), "day"
        )
    end = _nearest(month, last, frame)
    return _Spell(end.replace(day=first), end, "day")


def _two_months(match: re.Match[str], frame: _Frame) -> _Spell:
    """Read 30 October to 2 November."""
    end_month, end_day = _month_number(match["k"]), int(match["e"])
    month, day = _month_number(match["m"]), int(match["d"])
    end = (
        date(int(match["y"]), end_month, end_day)
        if match["y"]
        else _nearest(end_month, end_day, frame)
    )
    year = end.year - ((month, day) > (end_month, end_day))
    return _Spell(date(year, month, day), end, "day")


def _iso(match: re.Match[str], _: _Frame) -> _Spell:
    return _day(date(int(match["y"]), int(match["m"]), int(match["d"])))


def _slashed(match: re.Match[str], _: _Frame) -> _Spell | None:
    """Read 21/10/2025; where day and month can be exchanged, it is not read at all."""
    day, month = int(match["d"]), int(match["m"])
    if day <= 12 and month <= 12 and day != month:
        return None
    return _day(date(int(match["y"]), *((month, day) if month <= 12 else (day, month))))


def _weekday(match: re.Match[str], frame: _Frame) -> _Spell:
    back = (frame.report.weekday() - _weekday_number(match["w"])) % 7
    said = match["which"] or ""
    if said.casefold().strip() in ("last", "past") and back == 0:
        back = 7
    elif said.casefold().strip() in ("next", "coming") or (frame.ahead and not said):
        back -= 7 if back or said else 0
    return _day(frame.report - timedelta(back))


def _weekdays(match: re.Match[str], frame: _Frame) -> _Spell:
    """Read "between Saturday and Monday", "overnight from Friday to Saturday"."""
    end = frame.report - timedelta((frame.report.weekday() - _weekday_number(match["v"])) % 7)
    length = (_weekday_number(match["v"]) - _weekday_number(match["w"])) % 7
    return _Spell(end - timedelta(length), end, "day")


def _pair(match: re.Match[str], frame: _Frame) -> _Spell | None:
    """Read "on Wednesday and Thursday"."""
    first = frame.report - timedelta((frame.report.weekday() - _weekday_number(match["w"])) % 7)
    last = frame.report - timedelta((frame.report.weekday() - _weekday_number(match["v"])) % 7)
    return _Spell(first, last, "day") if first < last else None


def _night_to(match: re.Match[str], frame: _Frame) -> _Spell:
    """Read "in the night to Wednesday", "overnight to Sunday"."""
    last = frame.report - timedelta((frame.report.weekday() - _weekday_number(match["w"])) % 7)
    return _Spell(last - timedelta(1), last, "day")


def _after_told(match: re.Match[str], frame: _Frame) -> _Spell:
    """Read "the next day", "that night", "the day before", counted from the day told last."""
    said = match[0].casefold()
    if "weekend" in said:
        saturday = frame.told - timedelta((frame.told.weekday() - 5) % 7 or 7)
        return _Spell(saturday, saturday + timedelta(1), "day")
    if "before" in said or "earlier" in said or "previous" in said:
        return _day(frame.told - timedelta(1))
    if "next" in said or "following" in said or "later" in said or "after" in said.split():
        return _day(frame.told + timedelta(1))
    return _day(frame.told)


def _of_month(match: re.Match[str], frame: _Frame) -> _Spell:
    """Read "on the 12th"."""
    day = int(match["d"])
    year, month = (frame.report.year, frame.report.month)
    if day > frame.report.day:
        year, month = _shifted(frame.report, -1)
    return _day(date(year, month, day))


def _past_while(_: re.Match[str], frame: _Frame) -> _Spell:
    """Read "over the past days"."""
    return _Spell(frame.report - timedelta(3), frame.report, "day")


def _near(match: re.Match[str], frame: _Frame) -> _Spell:
    said = match[0].casefold()
    if "before yesterday" in said:
        return _day(frame.report - timedelta(2))
    if "overnight" in said:
        return _Spell(frame.report - timedelta(1), frame.report, "day")
    if "yesterday" in said or "last night" in said:
        return _day(frame.report - timedelta(1))
    if "after tomorrow" in said:
        return _day(frame.report + timedelta(2))
    return _day(frame.report + timedelta("tomorrow" in said))


def _ago(match: re.Match[str], frame: _Frame) -> _Spell:
    count = number(match["n"]) or 1
    unit = match["unit"].casefold()
    if unit == "hour":
        return _day(frame.report - timedelta(hours=count))
    if unit == "day":
        return _day(frame.report - timedelta(count))
    if unit == "week":
        middle = frame.report - timedelta(7 * count)
        return _Spell(middle - timedelta(3), middle + timedelta(3), "week")
    if unit == "month":
        return _month(*_shifted(frame.report, -count))
    year = frame.report.year - count
    return _Spell(date(year, 1, 1), date(year, 12, 31), "year")


def _unit(match: re.Match[str], frame: _Frame) -> _Spell:
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
        return _Spell(saturday, saturday + timedelta(1), "day")
    if unit == "week":
        monday = report - timedelta(report.weekday()) + timedelta(7 * step)
        last = monday + timedelta(6)
        return _Spell(monday, min(last, report) if so_far else last, "week")
    if unit == "month":
        spell = _month(*_shifted(report, step))
    else:
        year = report.year + step
        spell = _Spell(date(year, 1, 1), date(year, 12, 31), "year")
    return _Spell(spell.first, min(spell.last, report) if so_far else spell.last, spell.precision)


def _whole_month(match: re.Match[str], frame: _Frame) -> _Spell:
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
    return _Spell(spell.first.replace(day=first), spell.first.replace(day=last), "month")


def _year(match: re.Match[str], _: _Frame) -> _Spell:
    year = int(match["y"])
    return _Spell(date(year, 1, 1), date(year, 12, 31), "year")


def _past_days(match: re.Match[str], frame: _Frame) -> _Spell:
    """Read "in the last 24 hours", "over the past three days"."""
    count = number(match["n"]) or 1
    unit = match["unit"].casefold()
    days = {"hour": -(-count // 24), "day": count, "week": 7 * count, "month": 30 * count}[unit]
    precision: DatePrecision = "day" if days <= 3 else "week" if days <= 7 else "month"
    return _Spell(frame.report - timedelta(days), frame.report, precision)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w])", re.IGNORECASE)


def _m(name: str) -> str:
    return _MONTH.format(name)


def _d(name: str) -> str:
    return _DAY.format(name)


_OPTIONAL_YEAR = rf"(?:,?\s+(?:of\s+)?{_YEAR.format('y')})?"
_RULES: tuple[tuple[re.Pattern[str], _Rule], ...] = (
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
            rf"(?:between|from)\s+{_WEEKDAY.format('w')}{_DASH}(?:\w+\s+)?"
            rf"{_WEEKDAY.format('v')}"
        ),
        _weekdays,
    ),
    (
        _compiled(rf"(?:on\s+)?{_WEEKDAY.format('w')}\s+and\s+(?:on\s+)?{_WEEKDAY.format('v')}"),
        _pair,
    ),
    (
        _compiled(rf"(?:in the night|overnight|during the night) to {_WEEKDAY.format('w')}"),
        _night_to,
    ),
    (
        _compiled(
            r"(?:the )?(?:next|following|previous) (?:day|morning|afternoon|evening|night)|"
            r"that (?:same )?(?:day|morning|afternoon|evening|night)|the same (?:day|evening|night)|"
            r"(?:the|a) (?:day|night|evening|weekend) (?:before|earlier|later|after)"
        ),
        _after_told,
    ),
    (_compiled(r"on the (?P<d>[12]?[0-9]|3[01])(?:st|nd|rd|th)"), _of_month),
    (_compiled(r"(?:over|in) the (?:past|last|recent) (?:few )?days|in recent days"), _past_while),
    (
        _compiled(
            rf"(?:(?P<which>last|past|this|next|coming)\s+)?{_WEEKDAY.format('w')}(?:['’]s)?"
            rf"(?:\s+{_PART})?"
        ),
        _weekday,
    ),
    (
        _compiled(
            r"the day before yesterday|the day after tomorrow|"
            rf"(?:earlier |later )?(?:today|yesterday|tomorrow)(?:['’]s)?(?:\s+{_PART})?|"
            r"tonight|last night|overnight|"
            r"(?:earlier |later )?(?:this|in the early hours of this) (?:morning|afternoon|evening)"
        ),
        _near,
    ),
    (
        _compiled(rf"{_COUNT}\s+(?P<unit>hour|day|week|month|year)s?\s+(?:ago|earlier)"),
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
            rf"(?P<third>early|late|mid)(?:-| in | )(?P<which>last\s+)?{_m('m')}"
            rf"(?:,?\s+{_YEAR.format('y')})?"
        ),
        _whole_month,
    ),
    (
        # "may" and "march" are verbs as well: a month stands after a preposition or before a year
        _compiled(
            rf"(?:(?<=in )|(?<=since )|(?<=until )|(?<=of )|(?<=by )|(?<=during ))"
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
