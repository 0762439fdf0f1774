"""How many died or were hurt, says the text, who were they, and how surely?

"At least 12" is 12 or more; "dozens" is a number nobody gave, kept in its words; "no casualties"
is zero. A count over years or a whole country belongs to no single incident.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from geo.extract.numbers import MONTH, NUMBER, VAGUE, Number, number, numbers
from geo.extract.people import whom
from geo.extract.syntax import Syntax
from geo.extract.victims import Victims, parts, victims
from geo.incident import Whom

Field = Literal["deaths", "injured", "casualties"]

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
_NO_VICTIMS = r"met(?:re|er)s?|yards?|feet|blocks?|streets?|[ap]\.?m|o['’]clock|time"
# a number beside the word is a count whatever else the sentence says
_BESIDE: tuple[tuple[Field, str], ...] = (
    # how many of them died is not said
    (
        "casualties",
        (
            rf"\b{NUMBER}(?P<noun>(?: [\w-]+)?)\s+(?:dead|killed) (?:and|or|and/or) "
            r"(?:wounded|injured|hurt)\b"
        ),
    ),
    (
        "deaths",
        (
            rf"\b{NUMBER}(?P<noun>(?: people| others| more)?)\s+"
            r"(?:dead|killed|deaths|fatalities|burials)\b"
        ),
    ),
    ("deaths", rf"\b{NUMBER}(?P<noun>(?: more)?)\s+(?:bodies|corpses)\b"),
    (
        "injured",
        rf"\b{NUMBER}(?P<noun>(?: people| others| more)?)\s+(?:wounded|injured|hurt|injuries)\b",
    ),
    ("casualties", rf"\b(?P<vague>{VAGUE}|heavy|mass)(?P<noun>)\s+casualties\b"),
    (
        "deaths",
        (
            r"\b(?:death toll|toll|number of (?:dead|deaths|people killed))\b[^.;\d]{0,60}?"
            r"(?:\bfrom\s+\d[\d,]*\s+)?"
            rf"\b(?:to|at|of|is|was|reached|as)\s+{NUMBER}(?P<noun>)\b"
        ),
    ),
    (
        "deaths",
        rf"\bat\s+{NUMBER}(?P<noun>)\s+the number of (?:[\w-]+\s+)?(?:dead|deaths|killed)\b",
    ),
    ("deaths", rf"\b(?:the dead|put the (?:figure|number|count)) at\s+{NUMBER}(?P<noun>)\b"),
    ("deaths", rf"\bdead (?:number|numbered|numbering)\s+{NUMBER}(?P<noun>)\b"),
    (
        "injured",
        (
            r"\b(?:and|number|count|that) of (?:the )?(?:wounded|injured)\b[^.;\d]{0,60}?"
            r"(?:\bfrom\s+\d[\d,]*\s+)?"
            rf"\b(?:to|at|is|was|as)\s+{NUMBER}(?P<noun>)\b"
        ),
    ),
)
# where no grammar tells the subject
_SUBJECTS: tuple[tuple[Field, str], ...] = (
    ("deaths", rf"\b{NUMBER}(?P<noun>{_NOUNS}){_BE}\s+(?:{_DEAD})\b"),
    ("injured", rf"\b{NUMBER}(?P<noun>{_NOUNS}){_BE}\s+(?:{_HURT})\b"),
)
_LOOSE: tuple[tuple[Field, str], ...] = (
    (
        "deaths",
        (
            rf"\b(?:kill(?:s|ed|ing)?|claim(?:ed|ing) the lives of|murdered|slew|slaughtered|"
            rf"deaths of|death of|loss of|massacred|executed|shot dead|gunned down|"
            rf"(?:hacked|stabbed|beat|burn(?:ed|t)|shot|put) to death)\s+"
            rf"{NUMBER}(?P<noun>)(?!-\w|:\d|\s+(?:{_UNITS_OF_OTHER}|{_NO_VICTIMS})\b)\b"
        ),
    ),
    (
        "deaths",
        (
            rf"\b(?:left|leaving|claimed|claiming|lost|losing|cost|costing)\s+{NUMBER}"
            rf"(?P<noun>{_NOUNS})\s+(?:dead|lives|soldiers|men|fighters|troops|police\w*)\b"
        ),
    ),
    ("injured", rf"\b{NUMBER}(?P<noun>{_NOUNS})\s+(?:were|was)(?: being)?\s+(?:treated|burned)\b"),
    (
        "injured",
        (
            r"\b(?:doctors|medics|nurses|hospitals?|clinics?)\s+(?:[\w-]+\s+){0,2}?treated\s+"
            rf"{NUMBER}(?P<noun>)\b"
        ),
    ),
    (
        "injured",
        (
            rf"\b(?:injur(?:ed|ing|es)|wound(?:ed|ing|s)|hurt(?:ing)?)\s+{NUMBER}"
            rf"(?P<noun>)(?!\s+(?:{_UNITS_OF_OTHER}))\b"
        ),
    ),
)


def _compiled(patterns: Iterable[tuple[Field, str]]) -> tuple[tuple[Field, re.Pattern[str]], ...]:
    return tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in patterns)


_SURE, _WORDED, _LIKELY = (_compiled(each) for each in (_BESIDE, _SUBJECTS, _LOOSE))
# of those who were counted, some: said for itself it is no figure of an event
_ASIDE = re.compile(
    r",\s(?:[\w'’-]+\s+){0,5}?(?:of (?:them|whom)|among (?:them|whom|those))\b[^,.;:]*"
    r"(?:,|(?=[.;:]|$))|"
    r",?\s(?:including|among (?:them|whom))\s[^,.;:]*?"
    r"(?=[,.;:]|$|\s(?:were|was|have|had|has|died)\b|"
    r"\sand\s+(?:kill|wound|injur|hurt|le(?:ft|av))\w*)|"
    r"\b[\w-]+ of (?:them|whom|those|these|the (?:dead|victims|wounded|injured|killed))\b",
    re.IGNORECASE,
)
_NOT_ALL = r"(?!\s+(?:else|other))"
_REPORTED = r"(?:(?:immediate|reports?|of|reported|confirmed|known|human|any|serious)\s+){0,4}"
_NONE = re.compile(
    rf"\b(?:no|zero|without|nor any)\s+{_REPORTED}(?P<what>casualties|deaths|fatalities|"
    r"injuries|victims|loss of life|(?P<nor>one (?:was|were|had been) (?:killed|hurt|injured|"
    r"wounded|harmed)))|"
    r"\b(?:nobody|no one|none|no-one|not (?:a single|one) \w+)\s+"
    r"(?:was|were|is|had been|has been)?\s*"
    r"(?:reported\s+)?(?P<how>killed|hurt|injured|harmed|wounded|died)|"
    r"\b(?P<doing>killing|hurting|injuring|wounding|harming|killed|hurt|injured|wounded|harmed)\s+"
    rf"(?:nobody|no one|no-one){_NOT_ALL}|"
    r"\bwithout\s+(?P<sparing>killing|hurting|injuring|wounding|harming)\s+"
    rf"any(?:one|body){_NOT_ALL}",
    re.IGNORECASE,
)
_HARMED = re.compile(r"injur|hurt|wound|harm", re.IGNORECASE)
_BOTH = re.compile(r"casualt|victim", re.IGNORECASE)
_SCOPE = re.compile(
    rf"\bsince\s+(?:(?:early|late|mid|last)[ -]|\d{{1,2}} )?(?:{MONTH}\b(?:\s+(?:19|20)\d\d)?|"
    r"(?:19|20)\d\d)\b|\bsince (?:the|a) (?:\w+ )?(?:start|beginning|war|conflict|truce|"
    r"cease-?fire|coup|uprising|invasion|insurgency)\b[^,.;]{0,30}|"
    r"\btoll (?:\w+ ){0,3}?(?:this|last|past) (?:week|month|year)\b|"
    r"\b(?:this|last) year\b|\bso far (?:this year|in (?:19|20)\d\d)\b|"
    r"\bin (?:the )?(?:past|last) (?:\w+ )?(?:years?|decades?|months?)\b|"
    r"\bover (?:the )?(?:\w+ )?(?:years|decades)\b|\bcivil war\b(?!-)|"
    r"\b(?:(?:in|during|since|throughout)|(?:toll|dead|deaths|victims) of) the (?:[\w-]+ )?war\b"
    r"(?!-)|"
    r"\bthe (?:[\w-]+ )?war (?:has |had )?(?:killed|claimed|cost|left)\b|"
    r"\b[\w-]+-(?:day|week|month|year)(?:-(?:old|long))? (?:battle|war|campaign|siege|offensive|"
    r"conflict|insurgency)\b|\bin the country (?:since|between|from|over|in)\b|"
    r"\b(?:throughout|across|around|all over) the (?:country|nation|region|territory)\b|"
    r"\bnation-?wide\b|\bcountry-?wide\b|"
    r"\bin (?:(?:early |late |mid-)?[A-Z][a-z]+ )?(?:19|20)\d\d\b",
    re.IGNORECASE,
)


# "could have killed 40"
_UNREAL = re.compile(
    r"\b(?:could|would|might|may|must|should|will|not|to)\s+(?:have\s+)?\Z", re.IGNORECASE
)
_AUXILIARY = 40
_SUPERSEDED = re.compile(
    r"\b(?:earlier|first|previous|initial|preliminary) (?:counts?|tolls?|figures?|reports?|"
    r"estimates?)\b|\b(?:initially|previously|at first)\b",
    re.IGNORECASE,
)
_MENDED = re.compile(r"\b(?:but|later|now)\b", re.IGNORECASE)
# "killed three, bringing the toll this year to 90"
_TOTAL = r"(?:bringing|taking|raising|pushing|lifting)\b"
_PART = re.compile(rf";|,\s(?={_TOTAL})", re.IGNORECASE)
# "two more died of their wounds, bringing the toll to 14"
_ADDED = re.compile(
    r"\b(?:more|another|further|succumbed|(?:of|from|to) (?:the|his|her|their) (?:wounds|injuries)|"
    rf"in (?:a |the )?hospital)\b[^;]{{0,120}}?,\s{_TOTAL}[^;]{{0,60}}?\btoll\b",
    re.IGNORECASE,
)
# what is the worst of a year is not a count of that year
_WORST = re.compile(r"\b(?:\w{3,}(?:iest|est)|worst|first|most|one of)\b[^,.;:]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A count of people in the text; `value` is a number, or the words where none is given.

    A count that is `weak` (one person who is named, "nobody was hurt" as said of the dead) says
    how many only where nothing else does.
    """

    start: int
    end: int
    field: Field
    value: int | str
    low: int | None
    high: int | None
    whom: Whom
    scope: str
    weak: bool = False


def counts(text: str, *, offset: int = 0, syntax: Syntax | None = None) -> tuple[Count, ...]:
    """Find the counts of a sentence; `offset` is where it begins in the whole text.

    With the grammar of the text a count is read from the phrase that a verb of death or injury
    governs, without it from the words around a number.
    """
    found = list(_none(text, offset))
    shown = _ASIDE.sub(lambda aside: " " * len(aside[0]), text)
    _add(found, _matched(_SURE, shown, offset, sure=True))
    if syntax is not None:
        seen = list(numbers(shown, offset=offset))
        span = (offset, offset + len(text))
        said = [n for n in seen if not _is_taken(n, found)]
        _add(found, _governed(victims(syntax, span, said)))
        _add(found, _matched(_LIKELY, shown, offset))
        aside = [n for n in numbers(text, offset=offset) if not _is_taken(n, seen)]
        _add(found, _governed(parts(syntax, span, aside)))
    else:
        _add(found, _matched((*_WORDED, *_LIKELY), shown, offset))
    before = _before_mended(text, offset)
    added = _added(text, offset, found)
    return tuple(
        replace(
            c,
            scope=_scope(text, c.start - offset) if c.value != 0 else "",
            weak=c.weak or c.start in before,
        )
        for c in sorted(found, key=lambda c: c.start)
        if c.field != "deaths" or c.start not in added
    )


def _before_mended(text: str, offset: int) -> range:
    """Say up to where a sentence counts what was mended later: "initially 20, but later six"."""
    first = _SUPERSEDED.search(text)
    if first is None:
        return range(0)
    turn = _MENDED.search(text, first.end())
    return range(offset, offset + (turn.start() if turn else len(text)))


def _added(text: str, offset: int, found: Sequence[Count]) -> range:
    """Say where a sentence counts those by whom a toll grew, if it gives the toll itself."""
    grown = _ADDED.search(text)
    total = grown is not None and any(
        c.field == "deaths" and c.start >= offset + grown.end() for c in found
    )
    return range(offset, offset + grown.end()) if grown is not None and total else range(0)


def _add(found: list[Count], more: Iterable[Count]) -> None:
    """Add what stands on words of its own."""
    found += [c for c in more if not _is_taken(c, found)]


def _is_taken(what: Count | Number, found: Iterable[Count | Number]) -> bool:
    return any(c.start < what.end and what.start < c.end for c in found)


def _matched(
    patterns: Iterable[tuple[Field, re.Pattern[str]]], text: str, offset: int, *, sure: bool = False
) -> Iterator[Count]:
    taken: list[Count] = []
    for name, pattern in patterns:
        for match in pattern.finditer(text):
            said = number(match, offset=offset)
            if said is None or _is_taken(said, taken) or _is_unreal(text, match.start()):
                continue
            beside = match["noun"] or ("" if sure else text[match.end() : match.end() + 25])
            taken.append(
                Count(
                    start=said.start,
                    end=said.end,
                    field=name,
                    value=match[0] if name == "casualties" and not said.low else said.value,
                    low=said.low,
                    high=said.high,
                    whom=whom(beside),
                    scope="",
                )
            )
            yield taken[-1]


def _governed(who: Iterable[Victims]) -> Iterator[Count]:
    for found in who:
        yield Count(
            start=found.start,
            end=found.end,
            field=found.field,
            value=found.value,
            low=found.low,
            high=found.high,
            whom=found.whom,
            scope="",
            weak=found.weak,
        )


def _is_unreal(text: str, at: int) -> bool:
    return _UNREAL.search(text, max(0, at - _AUXILIARY), at) is not None


def _none(text: str, offset: int) -> Iterator[Count]:
    for match in _NONE.finditer(text):
        said = next(match[g] for g in ("what", "how", "doing", "sparing") if match[g])
        if "casualt" in said and text[: match.start()].rstrip().endswith("gave"):
            continue
        unhurt, both = _HARMED.search(said), _BOTH.search(said)
        for name in ("deaths", "injured") if unhurt or both else ("deaths",):
            yield Count(
                start=offset + match.start(),
                end=offset + match.end(),
                field=name,
                value=0,
                low=0,
                high=0,
                whom="",
                scope="",
                weak=bool(unhurt) and name == "deaths",
            )


def _scope(text: str, at: int) -> str:
    """Find what says, in the part of the sentence that counts, that more was counted."""
    start = max((m.end() for m in _PART.finditer(text, 0, at)), default=0)
    end = _PART.search(text, at)
    part = text[start : end.start() if end else len(text)]
    found = _SCOPE.search(_WORST.sub(lambda worst: " " * len(worst[0]), part))
    return found[0] if found else ""
