from __future__ import annotations

import pytest

from geo.snapshot.language import language
from geo.snapshot.picture import compose
from geo.snapshot.sheet.density import mode_of, rows_in_words

EN = language("en")


@pytest.mark.parametrize(
    ("asked", "count", "mode"),
    [
        ("auto", 0, "numbers"),
        ("auto", 25, "numbers"),
        ("auto", 26, "groups"),
        ("auto", 300, "groups"),
        ("auto", 301, "hexagons"),
        ("numbers", 60, "numbers"),
        ("numbers", 5000, "groups"),
        ("groups", 3, "groups"),
        ("groups", 9000, "groups"),
        ("hexagons", 2, "hexagons"),
    ],
)
def test_density_follows_the_count_and_can_be_overruled(asked, count, mode):
    assert mode_of(asked, count) == mode


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([], ""),
        ([0], ""),
        ([7], "7"),
        ([4, 5, 6], "4–6"),
        (range(4, 16), "4–15"),
        ([9, 1, 2], "1–2, 9"),
        ([1, 3, 5, 7, 9], ""),
    ],
)
def test_rows_are_named_briefly_or_not_at_all(numbers, said):
    assert rows_in_words(numbers, EN) == said


def test_each_symbol_carries_the_number_of_its_row(make, brief):
    drawn = compose(brief([make(str(n), at=(66 + n, 31 + n % 3)) for n in range(9)]))
    numbers = {row.incident.id: str(row.number) for row in drawn.content.rows}
    assert drawn.overlay.mode == "numbers"
    assert len(drawn.overlay.placed) == 9
    for one in drawn.overlay.placed:
        assert one.tab == numbers[one.members[0].item.id]
    assert {w.text for w in drawn.page.written} >= set(numbers.values())


def test_an_order_by_hand_moves_the_numbers_too(make, brief):
    incidents = [make(str(n), at=(66 + n, 31)) for n in range(3)]
    drawn = compose(brief(incidents, order=("t:2",)))
    tabs = {one.members[0].item.id: one.tab for one in drawn.overlay.placed}
    assert tabs["t:2"] == "1"


def test_no_picture_has_thousands_of_single_symbols(make, brief):
    incidents = [
        make(str(n), at=(60 + n * 0.37 % 14, 26 + n * 0.61 % 9), precision="near")
        for n in range(900)
    ]
    for asked in ("auto", "numbers", "groups"):
        drawn = compose(brief(incidents, density=asked))
        assert len(drawn.overlay.signs) < 160
