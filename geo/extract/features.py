"""What is known of each piece of a text beside its word: capitals, names, days, headings?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from geo.extract.dates import When
from geo.extract.meaning import Piece
from geo.extract.model import Entity
from geo.extract.resolve import Place
from geo.extract.sentences import Sentence

# what is known of a piece stands in so many columns, in numbers below FEATURES
COLUMNS, FEATURES = 6, 33
_LABELS = {
    "GPE": 10,
    "LOC": 11,
    "FAC": 12,
    "ORG": 13,
    "PERSON": 14,
    "NORP": 15,
    "DATE": 16,
    "TIME": 17,
}
_NAMES = {"place": 20, "demonym": 21, "inside": 22}
_KINDS = {"": 23, "country": 24, "region": 25, "province": 26, "district": 27, "town": 28}
_KINDS["village"] = _KINDS["town"]
_OTHER_KIND, _DATE, _FIRST, _HEADING = 29, 30, 31, 32
# so many letters tell how a word is written
_LONGEST = 100


def features(
    text: str,
    pieces: Sequence[Piece],
    sentences: Sequence[Sentence],
    places: Sequence[Place],
    found: Sequence[When],
    entities: Sequence[Entity],
) -> NDArray[np.int64]:
    """Say of each piece what else is known of it, in numbers that stand for one another's kind.

    The encoder knows no capitals; the gazetteer, the dates and the model of names know what words
    are. Shape: pieces x COLUMNS; 0 where nothing is known.
    """
    given = np.zeros((len(pieces), COLUMNS), np.int64)
    starts = np.array([p.start for p in pieces])

    def mark(column: int, start: int, end: int, value: int) -> None:
        a, b = np.searchsorted(starts, (start, end))
        given[a:b, column] = value

    for number, shape in _shapes(text, pieces):
        given[number, 0] = 1 + shape
    for place in places:
        name, best = place.name, place.best
        mark(1, name.start, name.end, _NAMES[name.kind])
        if name.kind == "place":
            kind = best.kind if best else ""
            mark(2, name.start, name.end, _KINDS.get(kind, _OTHER_KIND))
    for when in found:
        mark(3, when.start, when.end, _DATE)
    for entity in entities:
        mark(4, entity.start, entity.end, _LABELS.get(entity.label, 0))
    for sentence in sentences:
        a = int(np.searchsorted(starts, sentence.start))
        if a < len(pieces) and pieces[a].start < sentence.end:
            given[a, 5] = _HEADING if sentence.kind == "heading" else _FIRST
    return given


def numbered(pieces: Sequence[Piece], sentences: Sequence[Sentence]) -> NDArray[np.int64]:
    """Give each piece the number of its sentence."""
    ends = np.array([s.end for s in sentences])
    found = np.searchsorted(ends, [p.start for p in pieces], side="right")
    return np.minimum(found, len(sentences) - 1)


def _shapes(text: str, pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Say how the word is written that each piece is of."""
    end = shape = 0
    for number, piece in enumerate(pieces):
        if piece.start >= end:
            end = piece.start
            while end < len(text) and (text[end].isalnum() or text[end] in "'’-"):
                end += 1
            word = text[piece.start : min(end, piece.start + _LONGEST)]
            shape = _shape(word or text[piece.start : piece.end])
        yield number, shape


def _shape(word: str) -> int:
    if word[0].isdigit():
        return 3
    if not word[0].isalpha():
        return 4
    if word[0].isupper():
        return 2 if len(word) > 1 and word.isupper() else 1
    return 0
