"""Which words of a text speak of an event, of which type, and did it happen?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from geo.extract.clauses import Clause, clause_at, clauses
from geo.extract.lexicon import Strength, event_words, not_events, settings
from geo.extract.means import across_border, kind
from geo.extract.sentences import Sentence
from geo.extract.spans import whole_words
from geo.extract.status import EventStatus, status

_DEFINITE = re.compile(
    r"\b(?:the|this|that|these|those|his|her|its|their)\s+"
    r"(?:(?!(?:of|in|on|at|by|for|to|and|with|from|was|were|had|has|have)\b)\w+\s+){0,2}\Z",
    re.IGNORECASE,
)
# "the army accepted a truce": what begins with a verb points back to nothing
_VERB = re.compile(
    r"(?:\w+ed|took|taken|held|broke|shut|sent|drove|left|struck|shot|fought|met|began|blew|fell|"
    r"laid|put|set|gave|made|went|came|stole|sank|swore)\s",
    re.IGNORECASE,
)
_POINTS = re.compile(r"(?:the|this|these|their)\s", re.IGNORECASE)
_ANOTHER = re.compile(
    r"\b(?:subsequently|another|(?:second|third)(?! (?:rounds?|days?|time|night))|"
    r"separate(?:ly)?|other|elsewhere|different|similar)\b",
    re.IGNORECASE,
)
# "more than 60,000 people have been killed since the war began" sums up what is told singly
_SUMMED = re.compile(
    r"\b\d[\d,]*\s[^.;]{0,80}?\b(?P<since>since the (?:war|conflict|start|beginning|outbreak|"
    r"uprising|fighting|insurgency))\b",
    re.IGNORECASE,
)
_REMEMBERED = re.compile(
    r"\b(?P<since>(?:years|decades|a decade) (?:to the day )?(?:after|since))\b[^,.;]{0,80}",
    re.IGNORECASE,
)
# five words and more: what is shorter is a word set off
_QUOTATION = re.compile(r"[\"“](?:[^\"“”\s]+\s+){4}[^\"“”]*[\"”]")
_QUOTED_SHOWN = 40
_BEFORE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Words that speak of an event: where they stand, which type, which status, by which cue.

    `sentence` counts the sentences of the text; `definite` says that the words point back
    ("the blast"), `another` that they point to a further event, `told` that the sentence as a whole
    tells of that type.
    """

    start: int
    end: int
    text: str
    event_type: str
    strength: Strength
    status: EventStatus
    cue: str
    sentence: int
    clause: Clause
    definite: bool
    another: bool
    told: bool = False


def mentions(sentences: Sequence[Sentence]) -> tuple[Mention, ...]:
    """Find the events that sentences speak of, in order, none over another."""
    return tuple(m for n, sentence in enumerate(sentences) for m in _in_sentence(n, sentence))


def _in_sentence(number: int, sentence: Sentence) -> list[Mention]:
    taken = [m.span() for m in not_events().finditer(sentence.text)]
    none = len(taken)
    found: list[_Found] = []
    for words in event_words():
        if words.strength == "toll" and found:
            break
        for match in words.pattern.finditer(sentence.text):
            span = match.span()
            over = [s for s in taken if s[0] < span[1] and span[0] < s[1]]
            # what is no event only hides what lies within it
            if any(s in taken[none:] or _covers(s, span) for s in over):
                continue
            taken.append(span)
            found.append(_Found(*span, words.event_type, words.strength, fixed=words.fixed))
    if any(item.strength == "strong" for item in found):
        found = [item for item in found if item.strength == "strong"]
    found.sort(key=lambda item: item.start)
    return [_mention(number, sentence, item) for item in found]


def spoken(number: int, sentence: Sentence, event_type: str, span: tuple[int, int]) -> Mention:
    """Make a mention of words that the lexicon does not have, by the span of a part of them."""
    start, end = whole_words(sentence.text, span[0] - sentence.start, span[1] - sentence.start)
    return _mention(number, sentence, _Found(start, end, event_type, "strong", fixed=True))


@lru_cache(maxsize=64)
def _parts(text: str, offset: int) -> tuple[Clause, ...]:
    return clauses(text, offset=offset)


def _points_back(before: str, text: str, start: int) -> bool:
    return bool(
        _POINTS.match(text, start) or (_DEFINITE.search(before) and not _VERB.match(text, start))
    )


def _covers(outer: tuple[int, int], inner: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


@dataclass(frozen=True, slots=True)
class _Found:
    """Where in a sentence which words of an event stand."""

    start: int
    end: int
    event_type: str
    strength: Strength
    fixed: bool


@dataclass(frozen=True, slots=True)
class _Spoiled:
    """A stretch of a sentence in which nothing is told as done, whatever its clauses say."""

    start: int
    end: int
    status: EventStatus
    cue: str
    spares: frozenset[str] = frozenset()


@lru_cache(maxsize=64)
def _spoiled(text: str) -> tuple[_Spoiled, ...]:
    found = [
        _Spoiled(m.start(), m.end(), "quoted", m[0][:_QUOTED_SHOWN])
        for m in _QUOTATION.finditer(text)
    ]
    found += [
        _Spoiled(m.start(), m.end(), "history", m["since"])
        for pattern in (_SUMMED, _REMEMBERED)
        for m in pattern.finditer(text)
    ]
    for setting in settings():
        cue = setting.cues.search(text)
        if cue and not (setting.unless and setting.unless.search(text)):
            status = cast("EventStatus", setting.status)
            found.append(_Spoiled(0, len(text), status, cue[0], setting.spares))
    return tuple(found)


def _mention(number: int, sentence: Sentence, item: _Found) -> Mention:
    parts, spoiled = _parts(sentence.text, sentence.start), _spoiled(sentence.text)
    start, end, event_type = item.start, item.end, item.event_type
    a, b = sentence.start + start, sentence.start + end
    clause = clause_at(parts, a)
    within = sentence.text[clause.start - sentence.start : clause.end - sentence.start]
    at = a - clause.start
    over = next(
        (s for s in spoiled if s.start <= start < s.end and event_type not in s.spares), None
    )
    said, cue = (over.status, over.cue) if over else status(within, at, at + end - start)
    if event_type == "threat" and said in ("hypothetical", "planned"):
        # what is threatened lies ahead, and the threat does not
        said, cue = "actual", ""
    if not item.fixed:
        event_type = kind(event_type, within, at, at + end - start)
    if across_border(event_type, sentence.text):
        event_type = "cross_border_fire"
    before = sentence.text[max(0, start - _BEFORE) : start]
    return Mention(
        start=a,
        end=b,
        text=sentence.text[start:end],
        event_type=event_type,
        strength=item.strength,
        status=said,
        cue=cue,
        sentence=number,
        clause=clause,
        definite=_points_back(before, sentence.text, start),
        another=bool(_ANOTHER.search(within, max(0, at - _BEFORE), at)),
    )
