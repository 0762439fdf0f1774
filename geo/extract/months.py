"""Which weeks, months, seasons and years do words of time mean, counted from the day of a report?

As in `geo.extract.spells`, every function reads a match of `geo.extract.expressions`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from geo.extract.spells import Frame, Spell, day_of, month_number, month_of, shifted


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
        spell = month_of(*shifted(report, step))
    else:
        year = report.year + step
        spell = Spell(date(year, 1, 1), date(year, 12, 31), "year")
    return Spell(spell.first, min(spell.last, report) if so_far else spell.last, spell.precision)


def whole_month(match: re.Match[str], frame: Frame) -> Spell:
    """Read "in October", "early May 2024", "last November"."""
    month = month_number(match["m"])
    if match["y"]:
        spell = month_of(int(match["y"]), month)
    else:
        report = frame.report
        year = report.year - (month > report.month)
        if frame.ahead:
            year = report.year + (month < report.month)
        if (match["which"] or "").casefold().strip() == "last" and month == report.month:
            year -= 1
        if rel := (match.groupdict().get("rel") or "").casefold():
            year = report.year + {"last": -1, "this": 0, "next": 1}[rel]
        spell = month_of(year, month)
    return _third(spell, match["third"] or "")


def _third(month: Spell, said: str) -> Spell:
    """Take the beginning, the middle or the end of a month, or all of it."""
    words = said.casefold()
    if not words:
        return month
    if "early" in words or "begin" in words or "start" in words:
        first, last = 1, 10
    elif "mid" in words:
        first, last = 11, 20
    else:
        first, last = 21, month.last.day
    return Spell(month.first.replace(day=first), month.first.replace(day=last), "month")


def months(match: re.Match[str], frame: Frame) -> Spell:
    """Read "between April and September" as the newest such months."""
    first, last = month_number(match["m"]), month_number(match["k"])
    year = int(match["y"]) if match["y"] else frame.report.year - (last > frame.report.month)
    return Spell(month_of(year - (first > last), first).first, month_of(year, last).last, "month")


def whole_year(match: re.Match[str], _: Frame) -> Spell:
    """Read "in 2023"."""
    year = int(match["y"])
    return Spell(date(year, 1, 1), date(year, 12, 31), "year")


def part_of_unit(match: re.Match[str], frame: Frame) -> Spell:
    """Read "the start of the week", "the end of the month", "the first days of the year"."""
    report, ends = frame.report, "end" in match["part"].casefold()
    kind = match["unit"].casefold()
    if kind == "week":
        monday = report - timedelta(report.weekday())
        return day_of(monday + timedelta(6 if ends else 0))
    if kind == "year":
        return month_of(report.year, 12 if ends else 1)
    if "first" in match["part"].casefold():
        return Spell(report.replace(day=1), report.replace(day=5), "week")
    return _third(month_of(report.year, report.month), match["part"])


def decade(match: re.Match[str], _: Frame) -> Spell:
    """Read "the 1980s"."""
    year = int(match["y"])
    return Spell(date(year, 1, 1), date(year + 9, 12, 31), "year")


def season(match: re.Match[str], frame: Frame) -> Spell:
    """Read "last spring", "this summer" as months of the northern half of the world."""
    month = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}[match["s"].casefold()]
    report = frame.report
    which = (match["which"] or "").casefold()
    year = report.year - (which == "last" or month > report.month)
    if frame.ahead and not which and date(year, month, 1) < report:
        year += 1
    end = month_of(*shifted(date(year, month, 1), 2))
    return Spell(date(year, month, 1), end.last, "year")
