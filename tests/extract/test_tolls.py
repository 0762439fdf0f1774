"""How many, who, and how surely."""

import pytest

from geo.extract.tolls import counts

_Row = tuple[str, int | str, int | None, int | None, str]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Five soldiers were killed.", ("deaths", 5, 5, 5, "security forces")),
        ("At least 12 people died.", ("deaths", 12, 12, None, "")),
        ("More than 200 fighters were killed.", ("deaths", 200, 200, None, "fighters")),
        ("Up to 30 villagers died.", ("deaths", 30, None, 30, "civilians")),
        ("The blast killed between 5 and 7 people.", None),
        ("A bomb killed 3 to 5 children.", ("deaths", "3 to 5", 3, 5, "civilians")),
        ("Dozens of people were injured.", ("injured", "Dozens", None, None, "")),
        ("There were no casualties.", ("deaths", 0, 0, 0, "all")),
        ("The death toll rose to 1,250.", ("deaths", 1250, 1250, 1250, "")),
        ("It left 11 dead.", ("deaths", 11, 11, 11, "")),
        ("A mine killed a boy.", ("deaths", 1, 1, 1, "civilians")),
        ("Twenty-two workers were hurt.", ("injured", 22, 22, 22, "civilians")),
        (
            "It ended with numerous casualties.",
            ("casualties", "numerous casualties", None, None, ""),
        ),
    ],
)
def test_a_count_has_a_number_bounds_and_people(text: str, expected: _Row | None) -> None:
    found = [(c.field, c.value, c.low, c.high, c.whom) for c in counts(text)]
    if expected is not None:
        assert found[0] == expected


def test_no_casualties_is_none_dead_and_none_hurt() -> None:
    assert [(c.field, c.value) for c in counts("The shelling caused no casualties.")] == [
        ("deaths", 0),
        ("injured", 0),
    ]


def test_a_count_over_years_says_so() -> None:
    (count,) = counts("Some 4,000 people have been killed since 2021.")
    assert count.scope == "since 2021"


def test_dead_and_hurt_are_told_apart() -> None:
    found = {c.field: c.value for c in counts("A bomb killed four people and injured 19.")}
    assert found == {"deaths": 4, "injured": 19}


@pytest.mark.parametrize("text", ["He died in 2021.", "The 2025 talks ended.", "Room 12 was dark."])
def test_other_numbers_are_no_counts(text: str) -> None:
    assert counts(text) == ()
