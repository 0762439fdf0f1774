"""Which date ranges does an analyst reach for?

Calendar weeks (Monday to Sunday) and months, relative to the newest incident of the data and
never to today: last year's layer opens on last year's last week.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """A named range of calendar days, both inclusive."""

    label: str
    start: date
    end: date


def presets(oldest: date, newest: date) -> tuple[Period, ...]:
    """Offer ranges that end with the newest data, each within what the data cover."""
    monday = newest - timedelta(days=newest.weekday())
    month = newest.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    offered = (
        Period("All dates", oldest, newest),
        Period("Newest 7 days", newest - timedelta(days=6), newest),
        Period("Newest 30 days", newest - timedelta(days=29), newest),
        Period("Newest calendar week", monday, monday + timedelta(days=6)),
        Period("Week before that", monday - timedelta(days=7), monday - timedelta(days=1)),
        Period("Newest calendar month", month, last_day(month)),
        Period("Month before that", before, last_day(before)),
        Period("Newest 12 months", _year_before(newest), newest),
    )
    return tuple(p for p in offered if p.end >= oldest and p.start <= newest)


def last_day(month: date) -> date:
    """Last calendar day of the month a day lies in."""
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return following - timedelta(days=1)


def _year_before(day: date) -> date:
    # the 29th of February has no counterpart a year before: the 1st of March begins those months
    following = day + timedelta(days=1)
    if (following.month, following.day) == (2, 29):
        following = following.replace(month=3, day=1)
    return following.replace(year=following.year - 1)
