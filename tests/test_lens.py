"""Is a lens written into an address what is read from it, and garbage refused with a sentence?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import FilterError
from geo.lens import Lens, read_days, write_lens


@given(st.lists(st.dates(), min_size=2, max_size=2).map(sorted))
def test_days_read_back_as_they_were_written(days: list[date]) -> None:
    lens = Lens((days[0], days[1]))
    assert read_days(write_lens(lens)["days"]) == lens.days


def test_all_days_and_signs_are_not_written() -> None:
    assert write_lens(Lens()) == {}
    assert write_lens(Lens(hexagons=True)) == {"as": "hexagons"}


@pytest.mark.parametrize(
    "text",
    ["soon", "2025-10-09", "2025-10-09,", "2025-10-12,2025-10-09", "2025-02-30,2025-03-01",
     "2025-10-09,2025-10-12,2025-10-13", "20251009,20251012", "2025-10-09 2025-10-12", "\0,\ud800"],
)  # fmt: skip
def test_days_that_mean_nothing_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(FilterError, match="must be FROM,TO, two days YYYY-MM-DD"):
        read_days(text)
