"""Which number do these words say: exactly, at least, at most, or only roughly?

"At least 12" is 12 or more; "dozens" is a number nobody gave, and stays in its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from geo.extract.people import is_person

_UNITS = {
    word: n
    for n, word in enumerate(
        (
            *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
            *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
            *("eighteen", "nineteen"),
        ),
        start=1,
    )
}
_TENS = {
    word: n
    for n, word in zip(
        range(20, 100, 10),
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
        strict=True,
    )
}
_MANY = {"dozen": 12, "hundred": 100, "thousand": 1000}
_ORDINALS = {
    word: n
    for n, word in enumerate(
        (
            *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"),
            *("ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth"),
            *("sixteenth", "seventeenth", "eighteenth", "nineteenth"),
        ),
        start=1,
    )
} | {word.replace("y", "ieth"): n for word, n in _TENS.items()}
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d{1,7})(?!\s+(?:dozen|hundred|thousand|million|billion)\b)"
_SMALL = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|"
    rf"{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
)
# "two dozen", "three hundred and fifty"
_WORDS = (
    rf"half a dozen|"
    rf"(?:a|\d{{1,3}}|{_SMALL})\s+(?:dozen|(?:hundred|thousand)(?:\s+and\s+{_SMALL})?)\b|"
    rf"{_SMALL}(?!\s+(?:dozen|hundred|thousand|million|billion)\b)"
)
VAGUE = (
    r"(?:several |many |a few )?(?:dozens|scores|hundreds|thousands|tens)"
    r"(?: of (?:people|thousands))?|"
    r"several|numerous|many|multiple|a (?:large |great )?number of|a great many|a handful of|"
    r"more than a dozen|over a dozen|about a dozen|some|a few"
)
_BOUND = (
    r"at least|no fewer than|no less than|not less than|more than|over|upwards of|as many as|"
    r"up to|at most|fewer than|less than|around|about|some|nearly|almost|approximately|roughly|"
    r"an estimated|close to"
)
_LEAST = frozenset(
    {
        *("at least", "no fewer than", "no less than", "not less than", "more than", "over"),
        "upwards of",
    }
)
_MOST = frozenset(("up to", "as many as", "at most", "fewer than", "less than"))
# a pattern for others to build on, with the groups bound, vague, low and high
NUMBER = (
    rf"(?:(?P<bound>{_BOUND})\s+)?(?:(?:another|a further|an additional|the|all|other)\s+)?"
    rf"(?:(?P<vague>{VAGUE})|"
    rf"(?P<low>{_DIGITS}|{_WORDS})(?:(?:[-–]|\s+(?:to|or)\s+)(?P<high>{_DIGITS}|{_WORDS}))?)"
)
# "between 10 and 14"
_BETWEEN = rf"between\s+(?P<from>{_DIGITS}|{_WORDS})\s+and\s+(?P<to>{_DIGITS}|{_WORDS})"
_SAID = re.compile(rf"(?<![\w.])(?:{_BETWEEN}|{NUMBER})(?![\w%]|[.,]\d|-\w)", re.IGNORECASE)
# a name of a month, short or long
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_MONTH_BEFORE = re.compile(rf"\b{MONTH}\.?\s+\Z")
_MONTH_AFTER = re.compile(rf"\s+(?:of\s+)?{MONTH}\b")
# an age stands between commas behind whose it is
_NAMED_BEFORE = re.compile(r"(?P<who>[^\W\d_][\w'’-]*),\s\Z")
_ASIDE_OF = re.compile(r"\d{1,3}(?:[,.;)]|\s+and\b|\Z)")
_NAME_LENGTH = 40
# so long are a month and a space before a day
_MONTH_LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number in the text; `value` is its words where it is no single figure."""

    start: int
    end: int
    value: int | str
    low: int | None
    high: int | None


def numbers(text: str, *, offset: int = 0) -> Iterator[Number]:
    """Find the numbers of a sentence; `offset` is where it begins in the whole text."""
    for match in _SAID.finditer(text):
        found = number(match, offset=offset)
        if found is not None and not _is_age(text, match.start()):
            yield found


def number(match: re.Match[str], *, offset: int = 0) -> Number | None:
    """Read what a match of `NUMBER` says; a year says no number."""
    named = match.groupdict()
    if named.get("from"):
        low, high = _value(named["from"]), _value(named["to"])
        ends = (match.start(), match.end())
    else:
        starts = [match.start(g) for g in ("bound", "vague", "low") if named.get(g)]
        stops = [match.end(g) for g in ("vague", "low", "high") if named.get(g)]
        low, high = _value(named.get("low") or ""), _value(named.get("high") or "")
        ends = (min(starts), max(stops))
    start, end = offset + ends[0], offset + ends[1]
    bound = " ".join((named.get("bound") or "").casefold().split())
    said = named.get("low") or ""
    if named.get("vague") or (bound not in ("", "at least") and said.casefold().endswith("dozen")):
        words = match.string[slice(*ends)]
        return Number(start=start, end=end, value=words, low=None, high=None)
    if low is None or (not bound and high is None and _is_of_a_date(match.string, said, *ends)):
        return None
    if high is not None and high > low:
        words = f"{named.get('from') or said} to {named.get('to') or named.get('high')}"
        return Number(start=start, end=end, value=words, low=low, high=high)
    return Number(
        start=start,
        end=end,
        value=low,
        low=None if bound in _MOST else low,
        high=None if bound in _LEAST else low,
    )


def _is_age(text: str, start: int) -> bool:
    """Whether a number tells how old somebody is: "a man, 58,"."""
    named = _NAMED_BEFORE.search(text, max(0, start - _NAME_LENGTH), start)
    if named is None or not _ASIDE_OF.match(text, start):
        return False
    return named["who"][0].isupper() or is_person(named["who"])


def ordinal(word: str) -> int | None:
    """Read "fifth", "23rd" or "twenty-third"."""
    word = word.casefold()
    tens, dash, unit = word.partition("-")
    if dash and tens in _TENS and unit in _ORDINALS:
        return _TENS[tens] + _ORDINALS[unit]
    digits = re.fullmatch(r"(\d{1,4})(?:st|nd|rd|th)", word)
    return int(digits[1]) if digits else _ORDINALS.get(word)


def _value(text: str) -> int | None:
    word = " ".join(text.casefold().split())
    if word == "half a dozen":
        return 6
    many = next((m for m in _MANY if f" {m}" in word), "")
    if many:
        first, _, rest = word.partition(f" {many}")
        times = 1 if first == "a" else _value(first)
        return None if times is None else times * _MANY[many] + (_value(rest[5:]) or 0)
    digits = word.replace(",", "")
    if digits.isdigit():
        return int(digits)
    if word in _UNITS:
        return _UNITS[word]
    tens, _, unit = word.replace("-", " ").partition(" ")
    if tens in _TENS:
        return _TENS[tens] + _UNITS.get(unit, 0)
    return None


def _is_of_a_date(text: str, said: str, start: int, end: int) -> bool:
    """Whether a number is a year, or the day of a month."""
    if not said.isdigit():
        return False
    year = len(said) == len("2000") and said[:2] in ("19", "20")
    before = _MONTH_BEFORE.search(text, max(0, start - _MONTH_LENGTH), start)
    return year or before is not None or _MONTH_AFTER.match(text, end) is not None
