"""How many died or were hurt, says the text, who were they, and how surely?

"At least 12" is 12 or more; "dozens" is a number nobody gave, kept in its words; "no casualties"
is zero. A count over years or a whole country belongs to no single incident.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from geo.incident import Whom

Field = Literal["deaths", "injured", "casualties"]

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
_EXACT = {"a dozen": 12, "two dozen": 24, "half a dozen": 6, "a hundred": 100, "an": 1, "a": 1}
_DIGITS = r"\d{1,3}(?:,\d{3})+|\d{1,7}"
_WORDS = (
    rf"(?:{'|'.join(_TENS)})(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|"
    rf"{'|'.join(sorted(_UNITS, key=len, reverse=True))}|half a dozen|a dozen|two dozen|a hundred"
)
_VAGUE = (
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
_NUMBER = (
    rf"(?:(?P<bound>{_BOUND})\s+)?(?:(?:another|a further|an additional|the|all|other)\s+)?"
    rf"(?:(?P<vague>{_VAGUE})|"
    rf"(?P<low>{_DIGITS}|{_WORDS})(?:\s*(?:-|–|to|and|or)\s*(?P<high>{_DIGITS}|{_WORDS}))?)"
)
_NOUNS = r"(?:\s+(?!and\b|were\b|was\b|killed\b|dead\b|but\b)[\w'’-]+){0,6}?"
_DEAD = (
    r"killed|dead|died|slain|martyred|perished|lost (?:their|his|her) li(?:ves|fe)|murdered|"
    r"shot dead|drowned|executed|beheaded|massacred|lynched"
)
_HURT = r"injured|wounded|hurt|maimed|hospitali[sz]ed"
_BE = (
    r"(?:\s+(?:were|was|have been|had been|has been|are|have|had|being|left|feared|also|reported|"
    r"confirmed|gravely|seriously|critically|believed)){0,6}"
)

_UNITS_OF_OTHER = r"hours?|days?|weeks?|months?|years?|minutes?|km|kilomet\w+|miles|per ?cent|times"
_PATTERNS: tuple[tuple[Field, str], ...] = (
    ("deaths", rf"\b{_NUMBER}(?P<noun>{_NOUNS}){_BE}\s+(?:{_DEAD})\b"),
    ("injured", rf"\b{_NUMBER}(?P<noun>{_NOUNS}){_BE}\s+(?:{_HURT})\b"),
    (
        "deaths",
        (
            rf"\b(?:kill(?:s|ed|ing)?|claim(?:ed|ing) the lives of|murdered|slew|slaughtered|"
            rf"deaths of|death of|loss of|massacred|executed)\s+"
            rf"{_NUMBER}(?P<noun>)(?!\s+(?:{_UNITS_OF_OTHER}))\b"
        ),
    ),
    (
        "deaths",
        (
            rf"\b(?:left|leaving|claimed|claiming|lost|losing|cost|costing)\s+{_NUMBER}"
            rf"(?P<noun>{_NOUNS})\s+(?:dead|lives|soldiers|men|fighters|troops|police\w*)\b"
        ),
    ),
    ("deaths", rf"\bdead (?:number|numbered|numbering)\s+{_NUMBER}(?P<noun>)\b"),
    ("injured", rf"\b{_NUMBER}(?P<noun>{_NOUNS})\s+(?:were|was)(?: being)?\s+(?:treated|burned)\b"),
    (
        "injured",
        (
            rf"\b(?:injur(?:ed|ing|es)|wound(?:ed|ing|s)|hurt(?:ing)?)\s+{_NUMBER}"
            rf"(?P<noun>)(?!\s+(?:{_UNITS_OF_OTHER}))\b"
        ),
    ),
    (
        "deaths",
        (
            rf"\b(?:death toll|toll|number of (?:dead|deaths|people killed))\b[^.;\d]{{0,40}}?"
            rf"\b(?:to|at|of|is|was|reached|as)\s+{_NUMBER}(?P<noun>)\b"
        ),
    ),
    ("deaths", rf"\b{_NUMBER}(?P<noun>)\s+(?:deaths|fatalities|dead|bodies)\b"),
    ("injured", rf"\b{_NUMBER}(?P<noun>)\s+(?:injuries|wounded)\b"),
    ("casualties", rf"\b(?P<vague>{_VAGUE}|heavy|mass)(?P<noun>)\s+casualties\b"),
)
_COUNTED = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _PATTERNS)
_NONE = re.compile(
    r"\b(?:no|without(?: any)?|nor any)\s+(?:\w+\s+){0,3}?(?P<what>casualties|deaths|fatalities|"
    r"injuries|victims|loss of life|one (?:was|were|had been) (?:killed|hurt|injured|wounded))|"
    r"\b(?P<body>nobody|no one|none|no-one)\s+(?:was|were|had been|has been)?\s*"
    r"(?P<how>killed|hurt|injured|harmed|wounded|died)",
    re.IGNORECASE,
)
_KINDS: tuple[tuple[Whom, str], ...] = (
    (
        "civilians",
        (
            r"civilians?|women|children|child|villagers?|residents?|worshippers?|passengers?|"
            r"students?|farmers?|workers?|journalists?|pilgrims?|patients?|shoppers?|girls?|boys?|"
            r"labourers?|miners?|tourists?|mourners?|teachers?|pupils?|bystanders?|cricketers?|"
            r"displaced|worshipers?|protesters?|demonstrators?|inhabitants?"
        ),
    ),
    (
        "security forces",
        (
            r"soldiers?|troops|policem[ae]n|police(?: officers?)?|officers?|security (?:personnel|"
            r"forces?)|guards?|servicem[ae]n|paramilitar\w+|personnel|peacekeepers?|army|marines?"
        ),
    ),
    (
        "fighters",
        (
            r"militants?|insurgents?|fighters?|rebels?|terrorists?|gunmen|gunman|attackers?|"
            r"assailants?|militiam[ae]n|jihadists?|commanders?|bombers?|extremists?"
        ),
    ),
)
_WHOM = tuple((whom, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)) for whom, pattern in _KINDS)
_SCOPE = re.compile(
    r"\bsince\s+(?:(?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December)\s+)?(?:19|20)\d\d\b|\bsince the (?:start|beginning|war|conflict)\b[^,.;]{0,30}|"
    r"\b(?:this|last) year\b|\bso far (?:this year|in (?:19|20)\d\d)\b|"
    r"\bin (?:the )?(?:past|last) (?:\w+ )?(?:years?|decades?|months?)\b|"
    r"\bover (?:the )?(?:\w+ )?(?:years|decades)\b|\b(?:the|civil|whole) war\b|"
    r"\bin (?:(?:early |late |mid-)?[A-Z][a-z]+ )?(?:19|20)\d\d\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A count of people in the text; `value` is a number, or the words where none is given."""

    start: int
    end: int
    field: Field
    value: int | str
    low: int | None
    high: int | None
    whom: Whom
    scope: str


def counts(text: str, *, offset: int = 0) -> tuple[Count, ...]:
    """Find the counts of a sentence; `offset` is where it begins in the whole text."""
    found = list(_none(text, offset))
    taken = [(c.start, c.end) for c in found]
    for name, pattern in _COUNTED:
        for match in pattern.finditer(text):
            number = _number_span(match)
            span = (offset + number[0], offset + number[1])
            if any(a < span[1] and span[0] < b for a, b in taken):
                continue
            made = _count(name, match, text, span)
            if made is not None:
                taken.append(span)
                found.append(made)
    return tuple(sorted(found, key=lambda c: c.start))


def _number_span(match: re.Match[str]) -> tuple[int, int]:
    named = match.groupdict()
    starts = [match.start(g) for g in ("bound", "vague", "low") if named.get(g)]
    ends = [match.end(g) for g in ("vague", "low", "high") if named.get(g)]
    return min(starts), max(ends)


def _count(name: Field, match: re.Match[str], text: str, span: tuple[int, int]) -> Count | None:
    named = match.groupdict()
    bound = (named.get("bound") or "").casefold()
    whom = _whom(f"{named.get('noun') or ''} {_next_words(text, match)}")
    scope = _SCOPE.search(text)
    worded, low, high = _figures(name, match, text, bound)
    if worded is None:
        return None
    return Count(
        start=span[0],
        end=span[1],
        field=name,
        value=worded,
        low=low,
        high=high,
        whom=whom,
        scope=scope[0] if scope else "",
    )


def _figures(
    name: Field, match: re.Match[str], text: str, bound: str
) -> tuple[int | str | None, int | None, int | None]:
    """Read value, low and high; without a value it is no count, and in words no number."""
    named = match.groupdict()
    if named.get("vague") or (bound and named["low"].casefold().endswith("dozen")):
        return match[0] if name == "casualties" else text[slice(*_number_span(match))], None, None
    value, other = _value(named["low"]), _value(named.get("high") or "")
    if value is None or _is_year(named["low"], bound):
        return None, None, None
    if other is not None and other > value:
        return f"{named['low']} to {named['high']}", value, other
    return value, None if bound in _MOST else value, None if bound in _LEAST else value


def _none(text: str, offset: int) -> Iterator[Count]:
    for match in _NONE.finditer(text):
        said = (match["what"] or match["how"] or "").casefold()
        fields: tuple[Field, ...] = ("deaths",)
        if "casualt" in said and text[max(0, match.start() - 12) : match.start()].rstrip().endswith(
            "gave"
        ):
            continue
        if re.search(r"injur|hurt|wounded|harmed", said):
            fields = ("injured",)
        if re.search(r"casualt|victim|harmed", said):
            fields = ("deaths", "injured")
        for name in fields:
            yield Count(
                start=offset + match.start(),
                end=offset + match.end(),
                field=name,
                value=0,
                low=0,
                high=0,
                whom="all",
                scope="",
            )


def _next_words(text: str, match: re.Match[str]) -> str:
    noun = match.groupdict().get("noun")
    return "" if noun else text[match.end() : match.end() + 25]


def _whom(words: str) -> Whom:
    for whom, pattern in _WHOM:
        if pattern.search(words):
            return whom
    return ""


def _value(text: str) -> int | None:
    word = text.casefold()
    if word in _EXACT:
        return _EXACT[word]
    digits = word.replace(",", "")
    if digits.isdigit():
        return int(digits)
    if word in _UNITS:
        return _UNITS[word]
    tens, _, unit = word.replace("-", " ").partition(" ")
    if tens in _TENS:
        return _TENS[tens] + _UNITS.get(unit, 0)
    return None


def _is_year(text: str, bound: str) -> bool:
    return not bound and text.isdigit() and len(text) == 4 and text[:2] in ("19", "20")
