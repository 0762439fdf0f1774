"""What do labelled articles and sentences teach, piece by piece?

`articles.jsonl` holds whole texts with their events: the words that tell each first, all sentences
that tell of it, the words that say where and when. `sentences.jsonl` holds single sentences with
their event types. The development part of the gold set teaches too.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.extract.dates import dates, of_events
from geo.extract.features import features, numbered
from geo.extract.meaning import Encoder, Piece
from geo.extract.model import Model
from geo.extract.names import names
from geo.extract.resolve import resolve
from geo.extract.sentences import Sentence, split
from geo.settings import ROOT

HERE = Path(__file__).parent
ARTICLES, SENTENCES = HERE / "articles.jsonl", HERE / "sentences.jsonl"
GOLD = ROOT / "tests" / "gold" / "development.jsonl"
# no window of the reader is longer
_MOST = 500
# so many letters of evidence in a sentence tell of the event there
_TELLS = 8
# so many single sentences are put together, and a day of their report
_TOGETHER, _DAY = (2, 5), date(2024, 5, 16)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a text, by numbers of pieces and sentences.

    `where` and `when` are empty where the text does not say, None where that is not known.
    """

    types: tuple[str, ...]
    also: tuple[str, ...]
    words: tuple[int, ...]
    sentences: tuple[int, ...]
    where: tuple[int, ...] | None
    when: tuple[int, ...] | None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text with what it teaches.

    `pieces` are numbers of the vocabulary, its beginning and its end among them; `given` has a row
    for each but these two (`geo.extract.features`), `sentences` the number of its sentence.
    Sentences that are no article have `told` instead of events, the types of each and those that
    are equally right, since nobody said by which words they tell them.
    """

    pieces: NDArray[np.int64]
    given: NDArray[np.int64]
    sentences: NDArray[np.int64]
    events: tuple[Event, ...] = ()
    told: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()


def taught_by() -> str:
    """Take the SHA-256 of the labelled texts."""
    whole = hashlib.sha256()
    for path in (ARTICLES, SENTENCES, GOLD):
        whole.update(path.read_bytes())
    return whole.hexdigest()


def lessons(encoder: Encoder, model: Model | None) -> Iterator[Lesson]:
    """Read all that teaches: articles, the development texts, single sentences."""
    for row in _rows(ARTICLES):
        yield _article(row, encoder, model, _told)
    for row in _rows(GOLD):
        yield _article(row, encoder, model, _gold)
    rows = _rows(SENTENCES)
    yield from (_sentences([row], encoder) for row in rows)
    # a sentence among others tells what it tells alone: no part of them is an article
    chance = random.Random(0)
    chance.shuffle(rows)
    while rows:
        count = chance.randint(*_TOGETHER)
        yield _sentences(rows[:count], encoder)
        rows = rows[count:]


def _sentences(rows: Sequence[dict[str, Any]], encoder: Encoder) -> Lesson:
    text, sentences = "", []
    for row in rows:
        start = len(text) + bool(text)
        text = f"{text} {row['text']}".strip()
        sentences.append(Sentence(start, len(text), row["text"]))
    pieces = list(encoder.pieces(text))[:_MOST]
    places = resolve(text, names(text, None))
    return Lesson(
        encoder.numbers(pieces),
        features(text, pieces, sentences, places, of_events(dates(text, _DAY), _DAY), ()),
        numbered(pieces, sentences),
        told=tuple((tuple(row["types"]), tuple(row["also"])) for row in rows),
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _article(row: dict[str, Any], encoder: Encoder, model: Model | None, told: Any) -> Lesson:
    text = row["text"]
    sentences = split(text)
    pieces = list(encoder.pieces(text))[:_MOST]
    entities = model.read(text).entities if model else ()
    places = resolve(text, names(text, entities if model else None))
    report = date.fromisoformat(row["published"])
    found = of_events(dates(text, report), report)
    return Lesson(
        encoder.numbers(pieces),
        features(text, pieces, sentences, places, found, entities),
        numbered(pieces, sentences),
        tuple(e for e in told(row, pieces, sentences) if e.words),
    )


def _told(row: dict[str, Any], pieces: Sequence[Piece], _: Sequence[Sentence]) -> Iterator[Event]:
    text = row["text"]
    for event in row["events"]:
        where = _at(pieces, _all(text, event["place"]))
        yield Event(
            tuple(event["types"]),
            tuple(event["also"]),
            _at(pieces, [next(_all(text, event["first"]), (0, 0))]),
            tuple(event["sentences"]),
            # named beyond what is read
            None if event["place"] and not where else where,
            _at(pieces, _all(text, event["when"])),
        )


def _gold(
    row: dict[str, Any], pieces: Sequence[Piece], sentences: Sequence[Sentence]
) -> Iterator[Event]:
    for event in row["incidents"]:
        if not event["evidence"]:
            continue
        start, end = event["evidence"][0]
        own = next(s for s in sentences if s.start <= start < s.end)
        yield Event(
            (event["event_type"],),
            tuple(event["also_types"]),
            _at(pieces, [(start, min(end, own.end))]),
            tuple(
                n
                for n, s in enumerate(sentences)
                if any(min(b, s.end) - max(a, s.start) > _TELLS for a, b in event["evidence"])
            ),
            _gold_place(event["place"], row["places"], pieces),
            _at(pieces, _gold_days(event, row["dates"])) or None,
            event["optional"],
        )


def _gold_place(
    place: dict[str, Any] | None, named: Iterable[dict[str, Any]], pieces: Sequence[Piece]
) -> tuple[int, ...] | None:
    if place is None or place["lat"] is None:
        return ()
    at = [
        n
        for n in named
        if n["text"] == place["name"] or (n["lat"], n["lon"]) == (place["lat"], place["lon"])
    ]
    spans = [(n["start"], n["end"]) for n in at if n["kind"] in ("incident", "venue")]
    spans = spans or [(n["start"], n["end"]) for n in at if n["kind"] == "dateline"]
    return _at(pieces, spans) or None


def _gold_days(event: dict[str, Any], said: Iterable[dict[str, Any]]) -> list[Span]:
    begins = [d for d in said if d["first"] == event["start"]]
    exact = [d for d in begins if d["last"] == event["end"]]
    return [(d["start"], d["end"]) for d in exact or begins]


def _all(text: str, words: str) -> Iterator[Span]:
    """Find words wherever they stand."""
    start = text.find(words) if words else -1
    while start >= 0:
        yield start, start + len(words)
        start = text.find(words, start + 1)


def _at(pieces: Sequence[Piece], spans: Iterable[Span]) -> tuple[int, ...]:
    """List the pieces that stand over spans."""
    held = list(spans)
    return tuple(n for n, p in enumerate(pieces) if any(p.start < b and a < p.end for a, b in held))
