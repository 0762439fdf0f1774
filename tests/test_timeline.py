"""Is every incident counted once over time, on its first day inside the range?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from geo.filters import Filter
from geo.timeline import Bar, bin_end, bin_start, timeline
from tests.examples import incident


def _day(n: int) -> date:
    return date(2025, 10, n)


def test_an_incident_of_several_days_counts_once() -> None:
    long = incident(start=_day(11), end=_day(15))
    assert timeline([long], Filter()).bars == (Bar(_day(11), _day(11), "combat", 1, "in range"),)
    assert timeline([long], Filter(start=_day(13))).bars == (
        Bar(_day(13), _day(13), "combat", 1, "in range"),
    )
    # it began before the range and goes on after it
    assert timeline([long], Filter(start=_day(12), end=_day(13))).bars == (
        Bar(_day(12), _day(12), "combat", 1, "in range"),
    )


def test_incidents_outside_the_dates_are_context_where_they_began() -> None:
    early = incident("own:1", start=_day(1), end=_day(2))
    late = incident("own:2", start=_day(30), end=_day(30), event_type="protest")
    inside = incident("own:3", start=_day(12), end=_day(12))
    assert timeline([early, late, inside], Filter(start=_day(10), end=_day(20))).bars == (
        Bar(_day(1), _day(1), "combat", 1, "outside"),
        Bar(_day(12), _day(12), "combat", 1, "in range"),
        Bar(_day(30), _day(30), "unrest", 1, "outside"),
    )


def test_what_other_filters_exclude_is_no_context() -> None:
    protest = incident(event_type="protest")
    assert timeline([protest], Filter(event_types=("talks",))).bars == ()


def test_coarse_dates_are_marked_and_can_be_left_out() -> None:
    month = incident(start=_day(1), end=_day(31), date_precision="month")
    asked = Filter(start=_day(10), end=_day(20))
    assert timeline([month], asked).bars == (Bar(_day(10), _day(10), "combat", 1, "uncertain"),)
    certain = Filter(start=_day(10), end=_day(20), uncertain=False)
    assert timeline([month], certain).bars == (Bar(_day(1), _day(1), "combat", 1, "outside"),)


def test_equal_ids_of_two_layers_are_two_incidents() -> None:
    one, other = incident(start=_day(11)), incident(start=date(2025, 9, 1), end=date(2025, 9, 1))
    bars = timeline([one, other], Filter(start=_day(1))).bars
    assert [(bar.start, bar.when) for bar in bars] == [
        (date(2025, 9, 1), "outside"),
        (_day(11), "in range"),
    ]


@pytest.mark.parametrize(
    ("days", "unit"),
    [(0, "day"), (100, "day"), (101, "week"), (900, "week"), (901, "month"), (9_001, "year")],
)
def test_the_unit_of_time_fits_the_span(days: int, unit: str) -> None:
    first = date(2000, 1, 1)
    two = [
        incident("own:1", start=first, end=first),
        incident("own:2", start=first + timedelta(days=days), end=first + timedelta(days=days)),
    ]
    assert timeline(two, Filter()).unit == unit


def test_the_unit_fits_the_bars_shown_outside_the_range_too() -> None:
    old = incident("own:1", start=date(1990, 1, 1), end=date(1990, 1, 1))
    new = incident("own:2", start=_day(11), end=_day(11))
    assert timeline([old, new], Filter(start=_day(1))).unit == "year"


@pytest.mark.parametrize(
    ("day", "unit", "first", "last"),
    [
        ((2025, 10, 12), "day", (2025, 10, 12), (2025, 10, 12)),
        ((2025, 10, 12), "week", (2025, 10, 6), (2025, 10, 12)),
        ((2025, 10, 13), "week", (2025, 10, 13), (2025, 10, 19)),
        ((2025, 1, 1), "week", (2024, 12, 30), (2025, 1, 5)),
        ((2024, 2, 29), "month", (2024, 2, 1), (2024, 2, 29)),
        ((2025, 12, 31), "month", (2025, 12, 1), (2025, 12, 31)),
        ((2025, 6, 1), "year", (2025, 1, 1), (2025, 12, 31)),
    ],
)
def test_bins_are_calendar_units(
    day: tuple[int, int, int], unit: str, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    start = bin_start(date(*day), unit)  # type: ignore[arg-type]
    assert (start, bin_end(start, unit)) == (date(*first), date(*last))  # type: ignore[arg-type]


def test_nothing_is_an_empty_timeline() -> None:
    assert timeline([], Filter()).bars == ()
