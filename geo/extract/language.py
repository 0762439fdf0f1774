"""Is this text in English?

By its letters and by the small words that every English text is held together with; no more is
asked of it. Short texts get the benefit of the doubt.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from geo.errors import ArticleError
from geo.settings import DATA

_SCRIPTS = (
    "ARABIC",
    "CYRILLIC",
    "CJK",
    "HANGUL",
    "HIRAGANA",
    "KATAKANA",
    "DEVANAGARI",
    "HEBREW",
    "BENGALI",
    "THAI",
    "GREEK",
    "ETHIOPIC",
    "GEORGIAN",
    "ARMENIAN",
    "MYANMAR",
    "TAMIL",
)
_WORD = re.compile(r"[^\W\d_]+")
# so much of a text is looked at, and so few words of it prove nothing
_LOOKED, _ENOUGH = 20_000, 30
_LEAST_SHARE, _LATIN_SHARE = 0.12, 0.6


def must_be_english(text: str, *, name: str) -> None:
    """Refuse a text that is not in English.

    Raises
    ------
    ArticleError
        Naming the language or script that it seems to be in.
    """
    words = [w.casefold() for w in _WORD.findall(text[:_LOOKED])]
    found = _script([c for c in text[:_LOOKED] if c.isalpha()])
    if not found and len(words) >= _ENOUGH:
        found = _other_language(words)
    if found:
        msg = f"{name} seems to be in {found}: only English articles are read"
        raise ArticleError(msg)
    if not words:
        msg = f"{name} holds no words: only English articles are read"
        raise ArticleError(msg)


def _script(letters: list[str]) -> str:
    """Name the script of most letters, where it is not Latin."""
    others = [c for c in letters if ord(c) > 0x24F]
    if not letters or len(others) < (1 - _LATIN_SHARE) * len(letters):
        return ""
    scripts: Counter[str] = Counter()
    for letter in others[:2_000]:
        first = unicodedata.name(letter, "").split(" ")[0]
        if first in _SCRIPTS:
            scripts[first] += 1
    named = scripts.most_common(1)
    return f"{named[0][0].capitalize()} script" if named else "another script"


def _other_language(words: list[str]) -> str:
    counts = Counter(words)
    hits = {name: sum(counts[w] for w in small) for name, small in _small_words().items()}
    share = hits["English"] / len(words)
    best = max(hits, key=lambda name: hits[name])
    if best != "English" and hits[best] > hits["English"]:
        return best
    return "" if share >= _LEAST_SHARE else "another language"


@lru_cache(maxsize=1)
def _small_words() -> Mapping[str, frozenset[str]]:
    held = json.loads((DATA / "common_words.json").read_text(encoding="utf-8"))
    return {language: frozenset(words.split()) for language, words in held.items()}
