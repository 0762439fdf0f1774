import pytest

from geo.extract.tolls import counts
from geo.incident import Toll
from tests.extract.drafting import drafted

NUMBERS = {
    "12 people were killed": ("deaths", 12, 12, 12),
    "at least 12 people died": ("deaths", 12, 12, None),
    "killing twenty-one passengers": ("deaths", 21, 21, 21),
    "between them 10 to 14 soldiers were killed": ("deaths", "10 to 14", 10, 14),
    "up to 30 fighters were killed": ("deaths", 30, None, 30),
    "more than 2,800 people were wounded": ("injured", 2800, 2800, None),
    "the death toll rose to 41": ("deaths", 41, 41, 41),
    "leaving nine dead": ("deaths", 9, 9, 9),
    "nobody was hurt": ("injured", 0, 0, 0),
}


@pytest.mark.parametrize(("text", "expected"), NUMBERS.items())
def test_counts_of_people_are_read_with_their_bounds(
    text: str, expected: tuple[str, object, object, object]
) -> None:
    assert [(c.field, c.value, c.low, c.high) for c in counts(text, offset=0)] == [expected]


@pytest.mark.parametrize("text", ["dozens were killed", "more than a dozen people died"])
def test_what_nobody_counted_stays_in_words(text: str) -> None:
    [found] = counts(text, offset=0)
    assert isinstance(found.value, str)
    assert (found.low, found.high) == (None, None)


@pytest.mark.parametrize("text", ["killed two hours later", "1,350 burnt cars", "in 2023 he died"])
def test_other_numbers_are_no_counts_of_people(text: str) -> None:
    assert list(counts(text, offset=0)) == []


def test_a_count_goes_to_the_event_told_before_it() -> None:
    [found] = drafted("A bomb exploded in Kabul on Sunday. At least 14 people were killed.")
    assert found.deaths == Toll(14, 14, None)


def test_counts_that_contradict_each_other_give_no_best() -> None:
    [found] = drafted(
        "A bomb exploded in Kabul on Sunday. Police said 14 people were killed. "
        "A doctor said 21 people were killed."
    )
    assert (found.deaths.low, found.deaths.best, found.deaths.high) == (14, None, 21)


def test_the_count_of_a_former_event_is_not_taken() -> None:
    [found] = drafted(
        "A bomb exploded in Kabul on Sunday. At the same gate 80 people were killed in May 2017."
    )
    assert found.deaths == Toll(None, None, None)
