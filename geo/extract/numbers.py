"""Which whole number do digits or words say?"""

from __future__ import annotations

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES = {
    **{word: n for n, word in enumerate(_ONES)},
    **{word: 10 * n for n, word in enumerate(_TENS, start=2)},
    "a": 1,
    "an": 1,
    "a couple of": 2,
    "half a dozen": 6,
    "a dozen": 12,
    "two dozen": 24,
    "a hundred": 100,
}
# words of a number, the longest first; "a" and "an" are left to whoever knows what follows
WORDS = (
    rf"(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[1:10])}))?|half a dozen|a dozen|two dozen|"
    rf"a hundred|{'|'.join(sorted(_ONES[1:], key=len, reverse=True))}"
)
DIGITS = r"\d{1,3}(?:,\d{3})+|\d{1,7}"


def number(text: str) -> int | None:
    """Read a whole number, or None where the words are none."""
    word = text.casefold().strip()
    digits = word.replace(",", "")
    if digits.isascii() and digits.isdigit():
        return int(digits)
    if word in _VALUES:
        return _VALUES[word]
    tens, _, ones = word.replace("-", " ").partition(" ")
    if tens in _TENS and ones in _ONES:
        return _VALUES[tens] + _VALUES[ones]
    return None
