"""Are the offered date ranges calendar weeks and months of the data, not of today?"""

from __future__ import annotations

from datetime import date

import pytest

from geo.periods import Period, last_day, presets


def _offered(oldest: date, newest: date) -> dict[str, tuple[str, str]]:
    return {p.label: (str(p.start), str(p.end)) for p in presets(oldest, newest)}


def test_ranges_end_with_the_newest_incident() -> None:
    # 19 October 2025 is a Sunday
    assert _offered(date(2024, 1, 1), date(2025, 10, 19)) == {
        "All dates": ("2024-01-01", "2025-10-19"),
        "Newest 7 days": ("2025-10-13", "2025-10-19"),
        "Newest 30 days": ("2025-09-20", "2025-10-19"),
        "Newest calendar week": ("2025-10-13", "2025-10-19"),
        "Week before that": ("2025-10-06", "2025-10-12"),
        "Newest calendar month": ("2025-10-01", "2025-10-31"),
        "Month before that": ("2025-09-01", "2025-09-30"),
        "Newest 12 months": ("2024-10-20", "2025-10-19"),
    }


def test_a_week_begins_on_monday_also_across_the_year() -> None:
    # 1 January 2025 is a Wednesday, 12 October 2025 a Sunday, 13 October a Monday
    assert _offered(date(2024, 1, 1), date(2025, 1, 1))["Newest calendar week"] == (
        "2024-12-30",
        "2025-01-05",
    )
    assert _offered(date(2024, 1, 1), date(2025, 10, 13))["Newest calendar week"] == (
        "2025-10-13",
        "2025-10-19",
    )


def test_ranges_without_data_are_not_offered() -> None:
    assert list(_offered(date(2025, 10, 14), date(2025, 10, 19))) == [
        "All dates",
        "Newest 7 days",
        "Newest 30 days",
        "Newest calendar week",
        "Newest calendar month",
        "Newest 12 months",
    ]


@pytest.mark.parametrize(
    ("newest", "start"),
    [
        (date(2025, 10, 19), "2024-10-20"),
        (date(2025, 12, 31), "2025-01-01"),
        (date(2024, 2, 28), "2023-03-01"),
        (date(2024, 2, 29), "2023-03-01"),
        (date(2025, 2, 28), "2024-03-01"),
    ],
)
def test_twelve_months_hold_no_calendar_day_twice(newest: date, start: str) -> None:
    assert _offered(date(2000, 1, 1), newest)["Newest 12 months"][0] == start


def test_a_single_day_has_ranges() -> None:
    day = date(2025, 10, 15)
    assert presets(day, day)[0] == Period("All dates", day, day)


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2025, 2, 28), date(2025, 2, 28)),
        (date(2025, 12, 31), date(2025, 12, 31)),
        (date(2025, 4, 30), date(2025, 4, 30)),
    ],
)
def test_months_end_where_they_end(day: date, last: date) -> None:
    assert last_day(day) == last
