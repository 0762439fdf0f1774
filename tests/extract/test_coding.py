"""What labelled sentences teach: types of whole sentences, in words that no list foresaw."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.sentences.build import SENTENCES, learn, learned_from
from geo.errors import ReferenceDataError
from geo.extract import coding
from geo.extract.events import mentions
from geo.extract.sentences import split
from geo.taxonomy import event_types


@pytest.fixture
def coder() -> coding.Coder:
    found = coding.load()
    if found is None:
        pytest.skip("the encoder of requirements-encoder.txt is not installed")
    return found


def coded(coder: coding.Coder, sentence: str) -> coding.Coding:
    found = coder.code(sentence, mentions(split(sentence)))
    assert found is not None
    return found


def labelled(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Hoodlums on Wednesday razed the palace of the clan head.", "riot"),
        ("Romania scrambled two F-16s as drones neared its border.", "force_posture"),
        ("A ferry with 80 people aboard capsized in rough seas off the island.", "accident"),
        ("The striker exploded into life with a hat-trick against City.", coding.NONE),
    ],
)
def test_a_sentence_is_read_as_a_whole(coder: coding.Coder, sentence: str, expected: str) -> None:
    shares = coded(coder, sentence).shares
    assert max(shares, key=shares.__getitem__) == expected
    assert sum(shares.values()) == pytest.approx(1.0)


def test_a_type_stands_at_the_word_that_speaks_for_it(coder: coding.Coder) -> None:
    sentence = "Police nabbed three suspects in Nambol on Monday."
    start, end = coded(coder, sentence).at("arrest", sentence)
    assert sentence[start:end] == "nabbed"


def test_what_holds_no_word_is_not_coded(coder: coding.Coder) -> None:
    assert coder.code(" \n", ()) is None


@pytest.mark.usefixtures("coder")
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"\x93NUMPY"])
def test_damaged_weights_are_told(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "weights.npz"
    damaged.write_bytes(content)
    monkeypatch.setattr(coding, "WEIGHTS", damaged)
    coding.load.cache_clear()
    with pytest.raises(ReferenceDataError, match=r"weights\.npz: cannot be read"):
        coding.load()
    coding.load.cache_clear()


def test_weights_are_those_of_the_sentences_and_the_lexicon() -> None:
    with np.load(coding.WEIGHTS, allow_pickle=False) as held:
        assert str(held["learned_from"]) == learned_from(), "python -m data.sentences.build"


def test_labelled_sentences_are_plain_and_none_is_told_twice() -> None:
    rows = labelled(SENTENCES)
    known = {kind.id for kind in event_types()}
    assert len({row["text"] for row in rows}) == len(rows) > 8_000
    for row in rows:
        assert {*row["types"], *row["also"]} <= known, row["text"]
        assert bool(row["types"]) != bool(row.get("why")), row["text"]


def test_the_bank_that_measures_teaches_nothing() -> None:
    bank = SENTENCES.parents[2] / "tests" / "gold" / "sentences.jsonl"
    assert not {r["text"] for r in labelled(SENTENCES)} & {r["text"] for r in labelled(bank)}


def test_learning_finds_what_parts_two_kinds() -> None:
    given = np.array([[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9]], np.float32)
    wanted = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], np.float32)
    weights, biases = learn(given, wanted, np.zeros_like(wanted))
    assert (given @ weights + biases).argmax(axis=1).tolist() == [0, 0, 1, 1]
