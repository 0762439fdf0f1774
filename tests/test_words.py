from datetime import date

import pytest

from geo.words import place_in_words, when_in_words
from tests.examples import incident


@pytest.mark.parametrize(
    ("start", "end", "precision", "said"),
    [
        ((2025, 10, 11), (2025, 10, 11), "day", "2025-10-11"),
        ((2025, 10, 11), (2025, 10, 12), "day", "2025-10-11 to 2025-10-12"),
        ((2025, 10, 6), (2025, 10, 12), "week", "2025-10-06 to 2025-10-12 (week)"),
        ((2025, 10, 1), (2025, 10, 31), "month", "Oct 2025"),
        ((2025, 10, 1), (2025, 11, 30), "month", "2025-10-01 to 2025-11-30 (month)"),
        ((2025, 1, 1), (2025, 12, 31), "year", "2025"),
        ((2024, 1, 1), (2025, 12, 31), "year", "2024 to 2025"),
    ],
)
def test_a_period_is_said_no_more_exactly_than_it_is_known(start, end, precision, said):
    made = incident(start=date(*start), end=date(*end), date_precision=precision)

    assert when_in_words(made) == said


def test_a_place_is_said_with_its_units_and_all_its_countries():
    made = incident(place_name="Torkham", admin2="Torkham", admin1="Khyber")

    assert place_in_words(made) == "Torkham, Khyber, Afghanistan / Pakistan"
    assert place_in_words(incident(precision="none", countries=())) == ""
