"""Does a search through packed texts find what a look at each text finds?"""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from geo import texts as module
from geo.texts import Packed

_texts = st.lists(st.text("abé\n字", max_size=12), max_size=40)


@given(_texts, st.text("abé字", min_size=1, max_size=3), st.integers(1, 9), st.data())
def test_a_word_is_found_in_the_rows_that_hold_it_however_they_are_packed(
    texts: list[str], word: str, block: int, data: st.DataObject
) -> None:
    order = np.array(data.draw(st.permutations(range(len(texts)))), dtype=np.int64)
    with mock.patch.object(module, "_BLOCK", block):
        packed = Packed.of(pa.array(texts, pa.large_string()), order)
    assert packed.holding(word).tolist() == [word in texts[at] for at in order.tolist()]


def test_saved_texts_are_searched_where_they_are_mapped(tmp_path: Path) -> None:
    path = tmp_path / "texts"
    packed = Packed.of(pa.array(["one", "two"], pa.large_string()), np.array([1, 0]))
    path.write_bytes(packed.held)
    mapped = Packed.mapped(path)
    path.unlink()
    assert mapped.holding("on").tolist() == [False, True]


def test_texts_lie_packed() -> None:
    said = [f"a report of incident {n}, with who did what and to whom" for n in range(20_000)]
    packed = Packed.of(pa.array(said, pa.large_string()), np.arange(len(said)))
    assert packed.held.size < sum(map(len, said)) / 4
