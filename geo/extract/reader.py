"""What does a text tell, sentence by sentence, and which of its words say where and when?

The layers of the encoder (`geo.extract.meaning`) and a few heads on them, taught anew by labelled
articles and sentences (`data/reading`). Each piece of a word sees up to 500 others, so that a
sentence is read in its text: what is told anew, and what again. Where and when an event was is
asked of the text once more, with the words marked that speak of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import Literal
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from geo.errors import ReferenceDataError
from geo.extract.dates import When
from geo.extract.events import Mention
from geo.extract.features import COLUMNS, features, numbered
from geo.extract.meaning import LAYERS, Array, Encoder, Piece, layer
from geo.extract.meaning import load as load_encoder
from geo.extract.model import Entity
from geo.extract.resolve import Place
from geo.extract.sentences import Sentence
from geo.settings import DATA
from geo.taxonomy import event_types

WEIGHTS = DATA / "reading" / "weights.npz"
# from such a share on a type is told
TOLD = 0.35
# and a text that never reaches this tells of nothing
_NOTHING = 0.1
# so many sentences are more than a note
_LONGER = 6
# an event is surely somewhere below such a share of nowhere, and two with so little in common are
# apart
_PLACED, _SHARED = 0.3, 0.2
# a text is read in windows of so many pieces, each with so many of those before it
_WINDOW, _BEFORE = 480, 160
# and so many pieces before and after an event's words are read again
_AROUND = 200, 120
# no further, that is some 80,000 letters: a longer text is no news
_MOST = 20_000
# sentences farther apart than this are equally far
FAR = 7
NOWHERE = 15
# so many layers read the text again for each event, whose words are marked
AGAIN = 2
Pointed = Literal["where", "when"]
POINTED: tuple[Pointed, ...] = ("where", "when")


@dataclass(frozen=True, slots=True)
class Telling:
    """A type that a sentence tells: how surely for the first time, how surely at all."""

    event_type: str
    first: float
    ever: float


class Reading:
    """A text as it was read: its pieces, their sentences and vectors.

    Shapes: n pieces, 384 numbers each; `_starts` holds for each piece the vector of the beginning
    of its window, which stands for "the text does not say".
    """

    def __init__(
        self,
        pieces: Sequence[Piece],
        numbers: NDArray[np.int64],
        vectors: Array,
        starts: Array,
        weights: Mapping[str, Array],
        types: Sequence[str],
    ) -> None:
        self.pieces = tuple(pieces)
        self._numbers, self._vectors, self._starts = numbers, vectors, starts
        self._weights, self._types = weights, tuple(types)
        self._asked: dict[tuple[int, ...], tuple[int, Array, Array]] = {}

    @cached_property
    def _words(self) -> Array:
        z = self._vectors @ self._weights["words.weight"].T + self._weights["words.bias"]
        raised = np.exp(z - z.max(axis=1, keepdims=True))
        shares: Array = raised / raised.sum(axis=1, keepdims=True)
        return shares

    def _of(self, sentence: int) -> slice:
        a, b = np.searchsorted(self._numbers, (sentence, sentence + 1))
        return slice(int(a), int(b))

    @cached_property
    def _told(self) -> dict[int, tuple[Telling, ...]]:
        """Types with their shares, by the number of the sentence, where it holds a word."""
        numbers = [int(n) for n in np.unique(self._numbers)]
        parts = [self._vectors[self._of(n)] for n in numbers]
        given = np.stack([np.concatenate([p.mean(axis=0), p.max(axis=0)]) for p in parts])
        z = given @ self._weights["told.weight"].T + self._weights["told.bias"]
        shares, count = 1 / (1 + np.exp(-z)), len(self._types)
        return {
            number: tuple(map(Telling, self._types, row[:count].tolist(), row[count:].tolist()))
            for number, row in zip(numbers, shares, strict=True)
        }

    def tellings(self, sentence: int) -> tuple[Telling, ...]:
        """List the types with their shares; none where the sentence holds no word."""
        return self._told.get(sentence, ())

    def makes_sense(self, *, dated: bool) -> bool:
        """Whether something is surely told for the first time, or surely nothing at all.

        A text that is neither, as an analysis that goes back to what it never told, is unlike
        those that taught; and so is a longer one that tells nothing and holds no words of time.
        """
        told = [t for tellings in self._told.values() for t in tellings]
        first, ever = max(t.first for t in told), max(t.ever for t in told)
        return first >= TOLD or (ever < _NOTHING and (dated or len(self._told) < _LONGER))

    def at(self, sentence: int, event_type: str) -> tuple[int, int]:
        """Find where in the text the piece of a sentence stands that speaks most for a type."""
        here = self._of(sentence)
        number = here.start + int(self._words[here, self._types.index(event_type)].argmax())
        return self.pieces[number].start, self.pieces[number].end

    def sentence_at(self, offset: int) -> int:
        """Find the number of the sentence that the piece at an offset belongs to."""
        number = bisect_left(self.pieces, offset, key=lambda piece: piece.start)
        return int(self._numbers[min(number, len(self._numbers) - 1)])

    def telling(self, sentence: int, event_type: str) -> Telling | None:
        """Say how surely a sentence tells a type."""
        return next((t for t in self.tellings(sentence) if t.event_type == event_type), None)

    def words_of(self, mention: Mention) -> list[int]:
        """List the pieces that speak of what a mention does: its own, and those near it."""
        here = self._of(mention.sentence)
        span = (mention.start, mention.end)
        own = [n for n in range(here.start, here.stop) if _over(self.pieces[n], span)]
        if not own:
            return []
        shares = self._words[:, self._types.index(mention.event_type)]
        peak = max(own, key=lambda n: shares[n])
        near = range(max(here.start, peak - 11), min(here.stop, peak + 12))
        found = [n for n in near if shares[n] > 0.3 * shares[peak]] if shares[peak] > 0.05 else []
        return sorted({*own, *found})

    @property
    def end(self) -> int:
        """Offset up to which the text was read."""
        return self.pieces[-1].end

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Offsets at which the pieces begin."""
        return np.array([piece.start for piece in self.pieces], np.int64)

    def bounds(self, spans: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
        """Say which pieces lie in spans of the text: the first, and the one after the last."""
        return np.searchsorted(self.starts, np.array(spans, np.int64).reshape(-1, 2))

    def pointed(self, what: Pointed, words: Sequence[int]) -> tuple[float, Array]:
        """Say for each piece how surely it tells where or when words were, and for none."""
        key, head = tuple(words), POINTED.index(what)
        if key not in self._asked:
            self._asked[key] = self._ask(words)
        first, nothing, near = self._asked[key]
        shares = np.zeros(len(self.pieces), near.dtype)
        shares[first : first + near.shape[1]] = near[head]
        return float(nothing[head]), shares

    def glanced(self, words: Sequence[int]) -> Array:
        """Say for each piece how surely it tells where words were, without asking the text."""
        w = self._weights
        size = len(w["event.bias"]) // len(POINTED)
        query = self._vectors[list(words)].mean(axis=0)
        query = w["event.weight"][:size] @ query + w["event.bias"][:size]
        key = w["piece.weight"][:size].T @ query
        fixed = float(w["piece.bias"][:size] @ query)
        scale, near = np.float32(np.sqrt(size)), w["away.weight"][:, 0]
        away = np.clip(self._numbers - self._numbers[words[0]], -FAR, FAR) + FAR
        z = (self._vectors @ key + fixed) / scale + near[away]
        none = float((self._starts[words[0]] @ key + fixed) / scale + near[NOWHERE])
        most = max(none, float(z.max()))
        raised = np.exp(z - most)
        shares: Array = raised / (float(raised.sum()) + np.exp(none - most))
        return shares

    def _ask(self, words: Sequence[int]) -> tuple[int, Array, Array]:
        """Read what stands around words once more, with them marked: where and when they were.

        The first piece that was read, and the shares of none and of each; shapes: 2, 2 x pieces.
        """
        w = self._weights
        first = max(0, min(words) - _AROUND[0])
        last = min(len(self.pieces), min(words) + _AROUND[1])
        x = np.concatenate([self._starts[words[0]][None], self._vectors[first:last]])
        x[[n + 1 - first for n in words if n < last]] += w["mark.weight"][0]
        for number in range(AGAIN):
            x = layer(w, x, number, of="again")
        z = (x @ w["there.weight"].T + w["there.bias"]).T
        away = np.clip(self._numbers[first:last] - self._numbers[words[0]], -FAR, FAR) + FAR
        near = w["beyond.weight"][:, 0].reshape(len(POINTED), -1)
        z += near[:, np.concatenate([[NOWHERE], away])]
        raised = np.exp(z - z.max(axis=1, keepdims=True))
        raised /= raised.sum(axis=1, keepdims=True)
        return first, raised[:, 0], raised[:, 1:]

    def are_apart(self, words: Sequence[int], others: Sequence[int]) -> bool:
        """Whether words surely tell of another place than others do."""
        if not words or not others or set(words) & set(others):
            return False
        (none, here), (nowhere, there) = (self.pointed("where", w) for w in (words, others))
        return max(none, nowhere) < _PLACED and float(np.minimum(here, there).sum()) < _SHARED

    def tells_too(self, sentence: int, words: Sequence[int]) -> float:
        """Say how surely a sentence that holds a word tells of the same event as words do."""
        w = self._weights
        query = w["same.weight"] @ self._vectors[list(words)].mean(axis=0) + w["same.bias"]
        here = self._vectors[self._of(sentence)].mean(axis=0)
        key = w["sentence.weight"] @ here + w["sentence.bias"]
        away = int(np.clip(sentence - self._numbers[words[0]], -FAR, FAR)) + FAR
        score = float(key @ query / np.sqrt(len(query)) + w["apart.weight"][away, 0])
        return float(1 / (1 + np.exp(-score)))


@dataclass(frozen=True, slots=True)
class Reader:
    """Weights that were loaded, and the encoder below them."""

    _encoder: Encoder
    _weights: Mapping[str, Array]
    _types: tuple[str, ...]

    def read(
        self,
        text: str,
        sentences: Sequence[Sentence],
        places: Sequence[Place],
        found: Sequence[When],
        entities: Sequence[Entity],
    ) -> Reading | None:
        """Read a text, of a long one its beginning; None where it holds no word."""
        whole = text[: sentences[-1].end] if sentences else ""
        pieces = list(islice(self._encoder.pieces(whole), _MOST))
        if not pieces:
            return None
        given = features(text, pieces, sentences, places, found, entities)
        numbers = numbered(pieces, sentences)
        vectors, starts = [], []
        for first, own, last in _windows(numbers):
            found_here = self._vectors(pieces[first:last], given[first:last])
            vectors.append(found_here[1 + own - first : -1])
            starts.append(np.repeat(found_here[:1], last - own, axis=0))
        return Reading(
            pieces,
            numbers,
            np.concatenate(vectors),
            np.concatenate(starts),
            self._weights,
            self._types,
        )

    def _vectors(self, pieces: Sequence[Piece], given: NDArray[np.int64]) -> Array:
        vectors = self._encoder.vectors(pieces)
        known = self._weights["feat.weight"]
        vectors += COLUMNS * known[0]
        vectors[1:-1] += known[given].sum(axis=1) - COLUMNS * known[0]
        for number in range(LAYERS):
            vectors = layer(self._weights, vectors, number)
        return vectors


@lru_cache(maxsize=1)
def load() -> Reader | None:
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
            types = tuple(str(t) for t in held["types"])
            weights = {
                name: plain(held, name) for name in held.files if name.endswith(("weight", "bias"))
            }
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        msg = f"{WEIGHTS.name}: cannot be read ({error}); python -m data.reading.build"
        raise ReferenceDataError(msg) from error
    if types != tuple(kind.id for kind in event_types()):
        msg = f"{WEIGHTS.name}: learned for other event types; python -m data.reading.build"
        raise ReferenceDataError(msg)
    return Reader(encoder, weights, types)


def summed(shares: Array, bounds: NDArray[np.int64]) -> NDArray[np.float64]:
    """Add up the shares of pieces between bounds, for each pair of them."""
    upto = np.concatenate([[0.0], np.cumsum(shares, dtype=np.float64)])
    found: NDArray[np.float64] = upto[bounds[:, 1]] - upto[bounds[:, 0]]
    return found


def plain(held: Mapping[str, Array], name: str) -> Array:
    """Read one table of a file of weights, as numbers that it may have scaled."""
    values: Array = held[name].astype(np.float32)
    scale = f"{name}.scale"
    return values * held[scale].astype(np.float32) if scale in held else values


def _windows(numbers: NDArray[np.int64]) -> Iterator[tuple[int, int, int]]:
    """Cut pieces into windows at sentences: where each begins, where its own begin, its end."""
    own, count = 0, len(numbers)
    while own < count:
        first = max(0, own - _BEFORE)
        last = min(count, first + _WINDOW)
        if last < count:
            cut = int(np.searchsorted(numbers, numbers[last]))
            last = cut if cut > own else last
        yield first, own, last
        own = last


def _over(piece: Piece, span: tuple[int, int]) -> bool:
    return piece.start < span[1] and span[0] < piece.end
