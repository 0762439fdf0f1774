"""Which spellings of a place name count as the same, or as close?

`fold` forgets case, accents and punctuation; `rough` also forgets vowels and doubled letters,
so that "Angur Ada" and "Angoor Adda" meet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_WORDS = re.compile(r"[^\W_]+")
# letters that no decomposition takes apart; signs for a sound that Latin script lacks are dropped
_LETTERS = str.maketrans(
    {0x131: "i", 0xF8: "o", 0x142: "l", 0x111: "d", 0xF0: "d", 0xFE: "th", 0xE6: "ae", 0x153: "oe"}
    | dict.fromkeys((0x27, 0x60, 0x2018, 0x2019, 0x2BB, 0x2BC, 0x2BE, 0x2BF, 0x2CC), None)
    # marks of direction and of joining are not seen
    | dict.fromkeys((0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x61C, 0xFEFF), None)
    | dict.fromkeys((*range(0x2060, 0x206A),), None)
)
_SOUNDS = str.maketrans({"q": "k", "c": "k", "w": "v", "x": "k", "j": "j", "y": None})
_VOWELS = re.compile(r"[aeiou ]+")
_DOUBLED = re.compile(r"(.)\1+")
_CONSONANTS = "bdfghjklmnprstvz"


def fold(name: str) -> str:
    """Reduce a name to lower-case words without accents, parted by single spaces."""
    # most names of a gazetteer are one plain word
    if name.isascii() and name.isalpha():
        return name.lower()
    text = name.casefold().translate(_LETTERS)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join([c for c in text if not unicodedata.combining(c)])
    return " ".join(_WORDS.findall(text))


def rough(key: str) -> str:
    """Reduce a folded Latin name to its first letter and consonants; "" for other scripts."""
    if not key.isascii() or not key:
        return ""
    sounds = key.replace("kh", "k").replace("gh", "g").replace("ck", "k").replace("ph", "f")
    sounds = sounds.translate(_SOUNDS)
    first, rest = sounds[:1], sounds[1:]
    return _DOUBLED.sub(r"\1", first + _VOWELS.sub("", rest))


def near_misses(key: str) -> Iterator[str]:
    """Rough keys one consonant away: one missing, one too many, one wrong, two swapped."""
    for i in range(len(key)):
        yield key[:i] + key[i + 1 :]
        if i + 1 < len(key):
            yield key[:i] + key[i + 1] + key[i] + key[i + 2 :]
        for letter in _CONSONANTS:
            yield key[:i] + letter + key[i + 1 :]
    for i in range(len(key) + 1):
        for letter in _CONSONANTS:
            yield key[:i] + letter + key[i:]
