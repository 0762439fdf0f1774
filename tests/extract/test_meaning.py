"""The encoder of sentences: its pieces are those of the text, and near meanings lie near."""

from __future__ import annotations

import numpy as np
import pytest

from geo.errors import ReferenceDataError
from geo.extract import meaning


@pytest.fixture
def encoder() -> meaning.Encoder:
    found = meaning.load()
    if found is None:
        pytest.skip("the encoder of requirements-encoder.txt is not installed")
    return found


def direction(encoder: meaning.Encoder, sentence: str) -> meaning.Array:
    mean = encoder.read(sentence).vectors.mean(axis=0)
    unit: meaning.Array = mean / np.linalg.norm(mean)
    return unit


def test_pieces_say_where_they_stand(encoder: meaning.Encoder) -> None:
    text = "Sévaré’s gunmen,  unhoused"
    found = [text[a:b] for a, b in encoder.read(text).offsets]
    assert found == ["Sé", "var", "é", "’", "s", "gunmen", ",", "un", "house", "d"]


def test_near_meanings_lie_near(encoder: meaning.Encoder) -> None:
    blast = direction(encoder, "A bomb went off at the market.")
    same = direction(encoder, "An explosive device detonated in the bazaar.")
    other = direction(encoder, "The ministers signed a trade agreement.")
    assert blast @ same > blast @ other + 0.2


def test_what_is_no_word_has_no_pieces_and_no_bound_is_passed(encoder: meaning.Encoder) -> None:
    assert encoder.read("").offsets == ()
    assert encoder.read(" \u200b\n").offsets == ()
    assert len(encoder.read("? " * 20_000).offsets) == meaning.MOST_PIECES
    assert len(encoder.read("x" * 20_000).offsets) == 1


def test_no_package_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    meaning.load.cache_clear()
    monkeypatch.setattr(meaning, "_PACKAGE", "no_such_package_here")
    assert meaning.load() is None
    meaning.load.cache_clear()


@pytest.mark.usefixtures("encoder")
def test_other_files_than_the_tested_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    meaning.load.cache_clear()
    monkeypatch.setattr(meaning, "_SHA256", {"vocab.txt": "0" * 64})
    with pytest.raises(ReferenceDataError, match=r"only 000000000000… is used; install it again"):
        meaning.load()
    meaning.load.cache_clear()
