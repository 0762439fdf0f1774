"""Of which event types does a sentence tell, by what labelled sentences teach?

One layer of weights over what a sentence means (`geo.extract.meaning`) and which words of the
lexicon it holds, learned from `data/sentences/labelled.jsonl` by `data/sentences/build.py`. It
reads what no list of words foresaw, and passes what only sounds like an event.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from geo.errors import ReferenceDataError
from geo.extract.events import Mention
from geo.extract.meaning import WIDTH, Encoder, Meaning
from geo.extract.meaning import load as load_encoder
from geo.settings import DATA
from geo.taxonomy import event_types

NONE = "none"
WEIGHTS = DATA / "sentences" / "weights.npz"
# how much more than words of the lexicon the direction of a meaning counts
_MEANT = 5.0
# words of a type may be weak, strong, or tell of what did not happen
_WAYS = 3
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Coding:
    """What a sentence tells of: a share for each event type and for none; they add up to 1."""

    shares: Mapping[str, float]
    _meaning: Meaning
    _weights: Mapping[str, Array]

    def at(self, event_type: str, sentence: str) -> tuple[int, int]:
        """Find the word of the sentence that speaks most for a type."""
        vectors, weights = self._meaning.vectors, self._weights[event_type]
        mean, greatest = vectors.mean(axis=0), vectors.max(axis=0)
        given = vectors @ weights[:WIDTH] / (len(vectors) * _length(mean))
        first = vectors.argmax(axis=0)
        np.add.at(given, first, greatest * weights[WIDTH : 2 * WIDTH] / _length(greatest))
        start = self._meaning.offsets[int(given.argmax())][0]
        words = [m.span() for m in _WORD.finditer(sentence)]
        return next((w for w in words if w[0] <= start < w[1]), (start, start + 1))


@dataclass(frozen=True, slots=True)
class Coder:
    """Weights that were loaded, and the encoder of sentences."""

    _encoder: Encoder
    _weights: Mapping[str, Array]
    _biases: Mapping[str, float]

    def code(self, sentence: str, mentions: Sequence[Mention]) -> Coding | None:
        """Read a sentence, given what the lexicon sees in it; None where it holds no word."""
        meaning = self._encoder.read(sentence)
        if not meaning.offsets:
            return None
        given = features(meaning, mentions)
        scores = {t: float(given @ w) + self._biases[t] for t, w in self._weights.items()}
        most = max(scores.values())
        raised = {t: float(np.exp(s - most)) for t, s in scores.items()}
        whole = sum(raised.values())
        return Coding({t: r / whole for t, r in raised.items()}, meaning, self._weights)


def features(meaning: Meaning, mentions: Iterable[Mention]) -> Array:
    """Say a sentence in numbers: its meaning, and which words of the lexicon it holds."""
    mean, greatest = meaning.vectors.mean(axis=0), meaning.vectors.max(axis=0)
    numbers = _numbers()
    words = np.zeros(_WAYS * len(numbers) + 1, np.float32)
    words[-1] = 1.0
    for mention in mentions:
        way = 2 if mention.status != "actual" else int(mention.strength == "strong")
        words[_WAYS * numbers[mention.event_type] + way] = 1.0
        words[-1] = 0.0
    parts = (_MEANT * mean / _length(mean), _MEANT * greatest / _length(greatest), words)
    return np.concatenate(parts).astype(np.float32)


@lru_cache(maxsize=1)
def load() -> Coder | None:
    """Load the weights, once; None where the encoder is not installed.

    Raises
    ------
    ReferenceDataError
        When the weights cannot be read, or are not those of the event types there are.
    """
    encoder = load_encoder()
    if encoder is None:
        return None
    try:
        # numbers and names alone: what would have to be unpickled is refused
        with WEIGHTS.open("rb") as file, np.load(file, allow_pickle=False) as held:
            outcomes = [str(outcome) for outcome in held["outcomes"]]
            weights, biases = held["weights"].astype(np.float32), held["biases"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        msg = f"{WEIGHTS.name}: cannot be read ({error}); python -m data.sentences.build"
        raise ReferenceDataError(msg) from error
    if outcomes != [*_numbers(), NONE]:
        msg = f"{WEIGHTS.name}: learned for other event types; python -m data.sentences.build"
        raise ReferenceDataError(msg)
    return Coder(
        encoder,
        dict(zip(outcomes, weights.T.copy(), strict=True)),
        dict(zip(outcomes, biases.tolist(), strict=True)),
    )


@lru_cache(maxsize=1)
def _numbers() -> Mapping[str, int]:
    return {kind.id: number for number, kind in enumerate(event_types())}


def _length(vector: Array) -> float:
    return float(np.linalg.norm(vector)) or 1.0
