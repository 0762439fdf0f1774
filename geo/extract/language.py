"""Is this text English? What is not is refused plainly, since every later stage reads English."""

from __future__ import annotations

import re

from geo.errors import ArticleError

# words that make up about two fifths of any English prose, and hardly any of another language's
_COMMON = frozenset(
    (
        *("the", "of", "and", "to", "in", "that", "is", "was", "for", "on", "with", "as", "by"),
        *("at", "from", "it", "were", "be", "this", "have", "has", "had", "are", "not", "but"),
        *("which", "his", "their", "its", "been", "after", "said", "who", "they", "he", "she"),
        *("we", "an", "or"),
    )
)
_WORD = re.compile(r"[^\W\d_]+")
_LOOKED_AT = 20_000
_LEAST_SHARE, _FEW_WORDS, _LEAST_LATIN = 0.16, 12, 0.7


def must_be_english(text: str) -> None:
    """Refuse a text in another language or script.

    Raises
    ------
    ArticleError
        With what was counted. A text of few words is let through if it is in Latin letters.
    """
    letters = [c for c in text[:_LOOKED_AT] if c.isalpha()]
    if not letters:
        msg = "article has no words: there is nothing to read"
        raise ArticleError(msg)
    latin = sum(c < "\u0250" for c in letters) / len(letters)
    if latin < _LEAST_LATIN:
        msg = f"article is {1 - latin:.0%} in other than Latin letters: only English is read"
        raise ArticleError(msg)
    words = [word.lower() for word in _WORD.findall(text[:_LOOKED_AT])]
    share = sum(word in _COMMON for word in words) / len(words)
    if len(words) >= _FEW_WORDS and share < _LEAST_SHARE:
        told = f"{share:.0%} common English words"
        msg = f"article does not read as English ({told}): only English is read"
        raise ArticleError(msg)
