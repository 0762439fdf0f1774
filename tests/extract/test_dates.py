"""What words of time mean on the day of a report, a Monday."""

from datetime import date

import pytest

from geo.extract.dates import dates

_REPORT = date(2025, 10, 27)


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("A bomb went off on Friday.", "2025-10-24", "2025-10-24", "day"),
        ("A bomb went off on Monday.", "2025-10-27", "2025-10-27", "day"),
        ("It happened last Monday.", "2025-10-20", "2025-10-20", "day"),
        ("They will meet on Friday.", "2025-10-31", "2025-10-31", "day"),
        ("It fell before dawn on Friday.", "2025-10-24", "2025-10-24", "day"),
        ("It fell on October 9, 2025.", "2025-10-09", "2025-10-09", "day"),
        ("It fell on 9 October.", "2025-10-09", "2025-10-09", "day"),
        ("It fell on 30 December.", "2024-12-30", "2024-12-30", "day"),
        ("They will return on 3 November.", "2025-11-03", "2025-11-03", "day"),
        ("Between 9 and 12 October they fought.", "2025-10-09", "2025-10-12", "day"),
        ("From 30 September to 2 October.", "2025-09-30", "2025-10-02", "day"),
        ("It fell overnight.", "2025-10-26", "2025-10-27", "day"),
        ("Yesterday it fell.", "2025-10-26", "2025-10-26", "day"),
        ("It fell three days ago.", "2025-10-24", "2025-10-24", "day"),
        ("It fell two weeks ago.", "2025-10-10", "2025-10-16", "week"),
        ("It fell last week.", "2025-10-20", "2025-10-26", "week"),
        ("It fell earlier this month.", "2025-10-01", "2025-10-27", "month"),
        ("It fell last month.", "2025-09-01", "2025-09-30", "month"),
        ("In March they met.", "2025-03-01", "2025-03-31", "month"),
        ("In December they met.", "2024-12-01", "2024-12-31", "month"),
        ("It has gone on since 11 October.", "2025-10-11", "2025-10-27", "day"),
        ("It fell in 2021.", "2021-01-01", "2021-12-31", "year"),
        ("In the night from Saturday to Sunday it fell.", "2025-10-25", "2025-10-26", "day"),
        ("It fell on 2025-10-08.", "2025-10-08", "2025-10-08", "day"),
        ("It fell in the past 24 hours.", "2025-10-26", "2025-10-27", "day"),
    ],
)
def test_words_of_time_become_days(text: str, first: str, last: str, precision: str) -> None:
    found = dates(text, _REPORT)
    assert [(str(w.first), str(w.last), w.precision) for w in found] == [(first, last, precision)]
    assert text[found[0].start : found[0].end] == found[0].text


@pytest.mark.parametrize(
    "text",
    [
        "A 48-hour truce was agreed.",
        "It may rain. They march on.",
        "The sat phone broke.",
        "He was hit on 31 June.",
        "On 05/06/2025 it fell.",
    ],
)
def test_a_length_of_time_or_a_doubtful_date_is_no_date(text: str) -> None:
    assert dates(text, _REPORT) == ()


def test_the_next_day_counts_from_the_day_told_last() -> None:
    text = "On Thursday a town fell. The next day its mayor fled. That night shells landed."
    found = [w.first.day for w in dates(text, _REPORT)]
    assert found == [23, 24, 24]
