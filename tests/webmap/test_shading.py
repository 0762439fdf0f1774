"""Do shades say what was counted, and no more?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ratio import ratio_of_rates
from geo.regions import Region, Regions
from geo.webmap import Shading, push, shade
from geo.webmap.shading import COUNTED, FEW, changed, nice_breaks
from tests.webmap.asgi import get


def regions(*counts: int) -> Regions:
    units = [Region(row, f"P{row}", "AFG", n, 2 * n, 0, 0) for row, n in enumerate(counts)]
    return Regions(tuple(units), beside=3, days=60)


@given(st.lists(st.floats(0.01, 1e7), min_size=1))
def test_classes_begin_at_figures_one_can_read(values: list[float]) -> None:
    breaks = nice_breaks(values)
    assert list(breaks) == sorted(set(breaks))
    assert 1 <= len(breaks) <= len(COUNTED)
    assert breaks[0] <= min(values) * (1 + 1e-9)
    assert all(f"{n:e}"[0] in "125" for n in breaks)


def test_each_unit_has_the_class_it_falls_into() -> None:
    made = shade(regions(1, 5, 19, 20, 500), "incidents", breaks=(1, 5, 20))
    assert [unit[2] for unit in made.units] == [0, 1, 1, 2, 2]


def test_a_unit_below_the_first_class_is_not_shaded() -> None:
    made = shade(regions(1, 5), "incidents", breaks=(5,))
    assert [unit[0] for unit in made.units] == [1]


def test_a_rate_is_of_thirty_days() -> None:
    assert shade(regions(10), "rate").units[0][1] == 5


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [(40, 10, 4), (30, 18, 2), (130, 90, 3), (10, 40, 0), (90, 130, 1), (9, 0, 4), (0, 9, 0)],
)
def test_a_change_has_a_word_only_where_it_is_sure(now: int, before: int, expected: int) -> None:
    assert changed(ratio_of_rates(now, 30, before, 30)) == expected


def test_too_few_to_compare_is_a_class_of_its_own() -> None:
    made = shade(regions(2), "change")
    assert made.units[0][2] == FEW


def _children(made: Shading) -> list[Any]:
    return list(push("", shading=made)._children.values())


def test_the_map_is_told_numbers_and_words_of_this_program_alone() -> None:
    hostile = Region(3, "{{7*7}}</script>", "AFG", 4, 0, 0)
    made = shade(Regions((hostile,), beside=0, days=1), "incidents")
    assert "7*7" not in json.dumps(made.message)
    assert json.dumps(made.message) in json.dumps([c.shading for c in _children(made)])


def test_outlines_come_by_row_with_their_names() -> None:
    answer = get("/atlas/provinces?of=1,2&fine=0")
    found = answer.json()
    assert set(found) == {"1", "2"}
    assert found["2"]["name"] == "Bamyan, Afghanistan"
    assert all(-180 <= x <= 180 for ring in found["2"]["rings"] for x in ring[::2])


@pytest.mark.parametrize(
    "asked",
    ["", "?of=", "?of=99999&fine=0", "?of=1&fine=2", "?of=-1", "?of=1,x", "?of=1" + ",1" * 300],
)
def test_a_question_beyond_the_pack_is_refused(asked: str) -> None:
    assert get(f"/atlas/provinces{asked}").status == 400
