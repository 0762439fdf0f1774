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

from geo.filters import Filter, first_day, select
from geo.incident import Incident
from geo.taxonomy import group_of

Unit = Literal["day", "week", "month", "year"]
_DAYS, _WEEKS, _MONTHS = 100, 900, 9_000


@dataclass(frozen=True, slots=True)
class Bar:
    """One stack segment: `count` incidents of a group in the unit that begins on `start`."""

    start: date
    end: date
    group: str
    count: int
    when: Literal["in range", "uncertain", "outside"]


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
    days = [first_day(i, query) for i in found]
    unit = _unit((max(days) - min(days)).days)
    matched = {m.incident.id: m.when for m in select(found, query).matches}
    counts: Counter[tuple[date, str, str]] = Counter()
    for incident, day in zip(found, days, strict=True):
        when = matched.get(incident.id)
        label = "outside" if when is None else "uncertain" if when == "uncertain" else "in range"
        # what the dates leave out stands where it began
        shown = incident.start if when is None else day
        counts[bin_start(shown, unit), group_of(incident.event_type).id, label] += 1
    bars = (
        Bar(start, bin_end(start, unit), group, count, when)  # type: ignore[arg-type]
        for (start, group, when), count in sorted(counts.items())
    )
    return Timeline(unit, tuple(bars))


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


def _unit(days: int) -> Unit:
    if days <= _DAYS:
        return "day"
    if days <= _WEEKS:
        return "week"
    return "month" if days <= _MONTHS else "year"
