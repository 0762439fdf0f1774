"""What labelled articles teach: which events a text tells, by which words, where and when."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.reading.lessons import ARTICLES, SENTENCES, taught_by
from geo.errors import ReferenceDataError
from geo.extract import reader
from geo.extract.dates import dates
from geo.extract.events import spoken
from geo.extract.names import names
from geo.extract.resolve import resolve
from geo.extract.sentences import split
from geo.taxonomy import event_types
from tests.examples import SHARED

REPORT = date(2024, 5, 16)


@pytest.fixture(scope="module")
def taught() -> reader.Reader:
    found = reader.load()
    if found is None:
        pytest.skip("the encoder of requirements-encoder.txt is not installed")
    return found


def read(taught: reader.Reader, text: str) -> reader.Reading:
    sentences, places = split(text), resolve(text, names(text, None))
    found = taught.read(text, sentences, places, dates(text, REPORT), ())
    assert found is not None
    return found


def labelled(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def pointed(taught: reader.Reader, text: str, what: reader.Pointed, told: str, kind: str) -> str:
    """Give the words that most surely tell where or when a thing was that words tell."""
    reading, sentences = read(taught, text), split(text)
    start = text.index(told)
    number = next(n for n, s in enumerate(sentences) if s.start <= start < s.end)
    mention = spoken(number, sentences[number], kind, (start, start + len(told)))
    none, shares = reading.pointed(what, reading.words_of(mention))
    assert none + float(shares.sum()) == pytest.approx(1.0, abs=1e-4)
    piece = reading.pieces[int(shares.argmax())]
    return "" if none > shares.max() else text[piece.start : piece.end]


@pytest.mark.parametrize(
    ("sentence", "expected", "least"),
    [
        # as surely as the product asks, and no surer
        ("Hoodlums on Wednesday razed the palace of the clan head.", "riot", reader.TOLD),
        ("Romania scrambled two F-16s as drones neared its border.", "force_posture", 0.5),
        ("A ferry with 80 people aboard capsized in rough seas off the island.", "accident", 0.5),
        ("The striker exploded into life with a hat-trick against City.", "", reader.TOLD),
    ],
)
def test_a_sentence_is_read_as_a_whole(
    taught: reader.Reader, sentence: str, expected: str, least: float
) -> None:
    told = {t.event_type: t.first for t in read(taught, sentence).tellings(0)}
    surest = max(told, key=told.__getitem__)
    assert (surest if told[surest] >= least else "") == expected


def test_a_type_stands_at_the_word_that_speaks_for_it(taught: reader.Reader) -> None:
    text = "Nobody was hurt. Police nabbed three suspects in Nambol on Monday."
    start, end = read(taught, text).at(1, "arrest")
    assert text[start:end] in text[text.index("nabbed three") :][:12]


TWO = (
    "A bomb went off at the market of Maiduguri on Tuesday, killing nine. Two days earlier gunmen "
    "had abducted a priest in Kano. The blast also destroyed a bakery."
)


def test_what_is_told_again_is_not_told_for_the_first_time(taught: reader.Reader) -> None:
    reading = read(taught, TWO)
    first, again = reading.telling(0, "explosion"), reading.telling(2, "explosion")
    assert first is not None
    assert again is not None
    assert first.first > 0.5 > again.first


def test_a_sentence_tells_of_the_same_event_or_of_another(taught: reader.Reader) -> None:
    text = (
        "A car bomb exploded outside a police station in Peshawar on Monday, killing four. "
        "The blast, which was heard across the city, also damaged several shops. In a separate "
        "incident, militants abducted three engineers near Bannu on Tuesday."
    )
    reading, start = read(taught, text), text.index("exploded")
    span = (start, start + len("exploded"))
    words = reading.words_of(spoken(0, split(text)[0], "explosion", span))
    assert reading.tells_too(1, words) > 0.5 > reading.tells_too(2, words)


def test_a_text_that_goes_back_to_what_it_never_told_makes_no_sense(
    taught: reader.Reader,
) -> None:
    assert read(taught, TWO).makes_sense(dated=True)
    budget = "The committee will meet in June to discuss the budget."
    assert read(taught, budget).makes_sense(dated=True)
    text = SHARED / "data" / "demo" / "article.txt"
    if not text.is_file():
        pytest.skip("the example article is not beside the repository")
    assert not read(taught, text.read_text(encoding="utf-8")).makes_sense(dated=False)


def test_places_and_days_belong_to_their_own_events(taught: reader.Reader) -> None:
    assert pointed(taught, TWO, "where", "went off", "explosion") in "Maiduguri market"
    assert pointed(taught, TWO, "where", "abducted", "abduction") in "Kano"
    assert pointed(taught, TWO, "when", "went off", "explosion") in "on Tuesday"
    assert pointed(taught, TWO, "when", "abducted", "abduction") in "Two days earlier"


def test_what_holds_no_word_is_not_read(taught: reader.Reader) -> None:
    assert taught.read(" \n", split(" \n"), (), (), ()) is None


def test_a_long_text_is_read_window_by_window(taught: reader.Reader) -> None:
    filler = "The council met and discussed the price of bread at some length. " * 200
    reading = read(taught, filler + TWO)
    last = len(split(filler + TWO)) - 1
    starts = [p.start for p in reading.pieces]
    assert starts == sorted(set(starts))
    found = reading.telling(last, "explosion")
    assert found is not None
    assert found.first < reader.TOLD < found.ever


def test_of_a_text_without_end_the_beginning_is_read(
    taught: reader.Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reader._MOST == 20_000
    monkeypatch.setattr(reader, "_MOST", 1_500)
    assert len(read(taught, "? " * 3_000).pieces) == 1_500


def test_a_sentence_without_end_is_read(taught: reader.Reader) -> None:
    assert len(read(taught, "? " * 2_000).pieces) == 2_000
    assert len(read(taught, "x" * 2_000).pieces) == 1


@pytest.mark.usefixtures("taught")
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"\x93NUMPY"])
def test_damaged_weights_are_told(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "weights.npz"
    damaged.write_bytes(content)
    monkeypatch.setattr(reader, "WEIGHTS", damaged)
    reader.load.cache_clear()
    with pytest.raises(ReferenceDataError, match=r"weights\.npz: cannot be read"):
        reader.load()
    reader.load.cache_clear()


def test_weights_are_those_of_the_labelled_texts() -> None:
    with np.load(reader.WEIGHTS, allow_pickle=False) as held:
        assert str(held["taught_by"]) == taught_by(), "python -m data.reading.build"


def test_labelled_sentences_are_plain_and_none_is_told_twice() -> None:
    rows = labelled(SENTENCES)
    known = {kind.id for kind in event_types()}
    assert len({row["text"] for row in rows}) == len(rows) > 8_000
    for row in rows:
        assert {*row["types"], *row["also"]} <= known, row["text"]
        assert bool(row["types"]) != bool(row.get("why")), row["text"]


def test_what_articles_are_labelled_with_stands_in_them() -> None:
    rows = labelled(ARTICLES)
    known = {kind.id for kind in event_types()}
    assert len({row["text"] for row in rows}) == len(rows) >= 1_000
    for row in rows:
        for event in row["events"]:
            assert event["types"]
            assert {*event["types"], *event["also"]} <= known
            assert event["first"]
            assert event["first"] in row["text"]
            assert event["place"] in row["text"]
            assert event["when"] in row["text"]
            # a text need not tell the day of everything
            if event["day"]:
                assert event["day"][0] <= event["day"][1] <= row["published"], event


def test_what_measures_teaches_nothing() -> None:
    gold = SENTENCES.parents[2] / "tests" / "gold"
    taught = {row["text"] for path in (ARTICLES, SENTENCES) for row in labelled(path)}
    for name in ("sentences", "validation", "set_aside", "articles", "many_places"):
        assert not taught & {row["text"] for row in labelled(gold / f"{name}.jsonl")}
