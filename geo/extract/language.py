"""Is this text in English?

By its letters and by the small words that every English text is held together with; no more is
asked of it. Short texts get the benefit of the doubt.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from geo.errors import ArticleError

_SMALL = frozenset(
    """the of and to in a that is was for on with as at by from it an be were are has have had
    this which their its after said not but he they who his been more than between""".split()
)
_OTHERS = {
    "French": "le la les des une dans et est que pour sur par avec qui au du ont aux ses".split(),
    "Spanish": "el los las una en es que por con para del se su al como fue más y".split(),
    "German": "der die das und ist von den mit dem im für auf ein eine nicht sich bei nach".split(),
    "Portuguese": "os das dos uma em não que por com para do da se foi no na mais ao".split(),
    "Italian": "il gli della di che per con non una del nel alla sono è dei le ha".split(),
    "Turkish": "ve bir bu için ile da de olarak olan daha çok sonra olduğu kadar".split(),
    "Indonesian": "yang dan di dengan untuk pada dari ini tidak dalam akan oleh itu".split(),
    "Dutch": "de het een van en dat die niet met voor op zijn aan ook bij naar".split(),
}
_SCRIPTS = ("ARABIC", "CYRILLIC", "CJK", "HANGUL", "HIRAGANA", "KATAKANA", "DEVANAGARI", "HEBREW",
            "BENGALI", "THAI", "GREEK", "ETHIOPIC", "GEORGIAN", "ARMENIAN", "MYANMAR", "TAMIL")
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
    share = sum(w in _SMALL for w in words) / len(words)
    counts = Counter(words)
    rival, hits = max(
        ((name, sum(counts[w] for w in small)) for name, small in _OTHERS.items()),
        key=lambda pair: pair[1],
    )
    if hits / len(words) > share:
        return rival
    return "" if share >= _LEAST_SHARE else "another language"
