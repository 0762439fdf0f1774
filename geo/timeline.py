"""How many incidents fall on each day, week, month or year, by event group?

Every incident counts once, on its first day inside the range asked for. Incidents that all
other filters would keep but the dates leave out are counted apart, as context.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from geo.filters import Filter, first_day, period_of, select
from geo.incident import Incident
from geo.taxonomy import group_of

Unit = Literal["day", "week", "month", "year"]
Shown = Literal["in range", "uncertain", "outside"]
_DAYS, _WEEKS, _MONTHS = 100, 900, 9_000


@dataclass(frozen=True, slots=True)
class Bar:
    """One stack segment: `count` incidents of a group in the unit that begins on `start`."""

    start: date
    end: date
    group: str
    count: int
    when: Shown


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars with their unit of time."""

    unit: Unit
    bars: tuple[Bar, ...]


def timeline(incidents: Iterable[Incident], query: Filter) -> Timeline:
    """Count incidents over time; the bars in range sum to what the filter matches."""
    undated = replace(query, start=None, end=None, uncertain=True)
    found = select(incidents, undated).incidents
    if not found:
        return Timeline("day", ())
    whens = [_when(incident, query) for incident in found]
    # what the dates leave out stands where it began
    days = [
        incident.start if when == "outside" else first_day(incident, query)
        for incident, when in zip(found, whens, strict=True)
    ]
    unit = unit_for((max(days) - min(days)).days)
    counts: Counter[tuple[date, str, Shown]] = Counter()
    for incident, when, day in zip(found, whens, days, strict=True):
        counts[bin_start(day, unit), group_of(incident.event_type).id, when] += 1
    bars = (
        Bar(start, bin_end(start, unit), group, count, when)
        for (start, group, when), count in sorted(counts.items())
    )
    return Timeline(unit, tuple(bars))


def _when(incident: Incident, query: Filter) -> Shown:
    when = period_of(incident, query)
    if when is None or (when == "uncertain" and not query.uncertain):
        return "outside"
    return "uncertain" if when == "uncertain" else "in range"


def bin_start(day: date, unit: Unit) -> date:
    """First day of the unit that holds a day; weeks begin on Monday."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def bin_end(start: date, unit: Unit) -> date:
    """Last day of the unit that begins on a day."""
    if unit == "day":
        return start
    if unit == "week":
        return start + timedelta(days=6)
    if unit == "month":
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return start.replace(month=12, day=31)


def unit_for(days: int) -> Unit:
    """Choose the unit of time for so many days."""
    if days <= _DAYS:
        return "day"
    if days <= _WEEKS:
        return "week"
    return "month" if days <= _MONTHS else "year"
