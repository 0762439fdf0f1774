"""The encoder: its pieces are those of the text, and a layer lets each see the others."""

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


def vectors(encoder: meaning.Encoder, text: str) -> meaning.Array:
    return encoder.vectors(list(encoder.pieces(text)))


def test_pieces_say_where_they_stand(encoder: meaning.Encoder) -> None:
    text = "Sévaré’s gunmen,  unhoused"
    found = [text[p.start : p.end] for p in encoder.pieces(text)]
    assert found == ["Sé", "var", "é", "’", "s", "gunmen", ",", "un", "house", "d"]


def test_a_piece_alone_means_the_same_everywhere(encoder: meaning.Encoder) -> None:
    river, money = vectors(encoder, "the bank of a river"), vectors(encoder, "one bank lends money")
    assert river.shape == (7, meaning.WIDTH)
    assert np.allclose(river, vectors(encoder, "The  BANK of a river"), atol=1e-5)
    assert np.allclose(river[2], money[2], atol=1e-5)


def test_a_layer_reads_each_piece_among_the_others(encoder: meaning.Encoder) -> None:
    river, money = (
        meaning.layer(encoder.weights, vectors(encoder, text), 0)
        for text in ("the bank of a river", "one bank lends money")
    )
    assert river.shape == (7, meaning.WIDTH)
    assert np.abs(river[2] - money[2]).max() > 0.1


def test_what_is_no_word_has_no_pieces(encoder: meaning.Encoder) -> None:
    assert not list(encoder.pieces(""))
    assert not list(encoder.pieces(" \u200b\n"))
    assert len(list(encoder.pieces("? " * 20_000))) == 20_000
    assert len(list(encoder.pieces("x" * 20_000))) == 1


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
