"""Do sets of rows count, join and find as sets of numbers do?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import bits


@st.composite
def _sets(draw: st.DrawFn) -> tuple[int, set[int]]:
    size = draw(st.integers(0, 300))
    return size, draw(st.sets(st.integers(0, size - 1))) if size else set()


def _packed(size: int, rows: set[int]) -> bits.Words:
    flags = np.zeros(size, dtype=np.bool_)
    flags[sorted(rows)] = True
    return bits.pack(flags)


@given(
    spans=st.lists(st.tuples(st.integers(-300, 300), st.integers(0, 90)), max_size=300),
    bounds=st.tuples(st.integers(-400, 400), st.integers(-400, 400)),
    share=st.sampled_from((64, 128, 1 << 17)),
)
def test_spans_lie_outside_bounds_or_beyond_them_as_each_alone_does(
    spans: list[tuple[int, int]], bounds: tuple[int, int], share: int
) -> None:
    first, last = sorted(bounds)
    starts, ends = (
        np.array(days, dtype=np.int16)
        for days in ([day for day, _ in spans], [day + wide for day, wide in spans])
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bits, "_SHARE", share)
        outside, beyond = bits.spanning(starts, ends, first, last)
    several = [(day, day + wide) for day, wide in spans]
    assert bits.rows_of(outside).tolist() == [
        row for row, (day, end) in enumerate(several) if end < first or day > last
    ]
    assert bits.rows_of(beyond).tolist() == [
        row for row, (day, end) in enumerate(several) if day < first or end > last
    ]


@given(given_=_sets(), low=st.integers(0, 300), high=st.integers(0, 300))
def test_rows_between_and_counts_are_those_of_the_set(
    given_: tuple[int, set[int]], low: int, high: int
) -> None:
    size, rows = given_
    words = _packed(size, rows)
    low, high = min(low, size), min(high, size)
    assert bits.count(words) == len(rows)
    assert bits.rows_of(words).tolist() == sorted(rows)
    assert bits.rows_between(words, low, high).tolist() == sorted(
        row for row in rows if low <= row < high
    )
    assert bits.has(words, np.arange(size)).tolist() == [row in rows for row in range(size)]


@given(given_=_sets())
def test_ranks_count_what_comes_before_and_find_members_by_number(
    given_: tuple[int, set[int]],
) -> None:
    size, rows = given_
    ranks = bits.Ranks(_packed(size, rows))
    everywhere = np.arange(size + 1)
    assert ranks.before(everywhere).tolist() == [
        sum(row < at for row in rows) for at in everywhere.tolist()
    ]
    assert ranks.total == len(rows)
    assert ranks.member(np.arange(len(rows))).tolist() == sorted(rows)


@given(size=st.integers(0, 300))
def test_full_and_empty_hold_all_and_none(size: int) -> None:
    assert bits.rows_of(bits.full(size)).tolist() == list(range(size))
    assert bits.count(bits.empty(size)) == 0
    assert bits.count(~bits.empty(size) & bits.full(size)) == size
