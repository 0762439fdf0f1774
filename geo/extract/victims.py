"""Whom does the grammar of a sentence say was killed or hurt, and how many are they?

A verb of death or injury tells by its voice which of its phrases names the victims. What one
phrase coordinates ("ten soldiers and 19 gunmen were killed") is one figure; what only stands
beside it ("26 people, 16 of them children,") is a part of it, and no figure of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from geo.extract.numbers import Number, ordinal
from geo.extract.people import whom
from geo.extract.phrases import PREDICATES, Member, Phrases
from geo.extract.syntax import Syntax
from geo.incident import Whom

_Fate = Literal["deaths", "injured", "hospital"]
_KILLED = frozenset(
    (
        *("killed", "kills", "killing", "murdered", "slain", "slaughtered", "massacred"),
        *("executed", "beheaded", "lynched", "assassinated", "martyred", "murdering"),
        *("slaughtering", "executing", "gunned"),
    )
)
_DIED = frozenset(("died", "dies", "perished", "drowned", "succumbed"))
_HURT = frozenset(
    (
        *("injured", "injures", "injuring", "wounded", "wounds", "wounding", "hurt", "hurting"),
        *("maimed", "maiming", "hospitalised", "hospitalized"),
    )
)
_DEATHS = frozenset(("killing", "killings", "death", "deaths", "murder", "murders", "loss"))
_WOUNDS = frozenset(("injuries", "wounds", "burns"))
_SUFFERED = frozenset(("suffered", "sustained", "suffering", "received"))
_LOST = frozenset(("lost", "losing", "claimed", "claiming", "cost", "costing", "took", "taking"))
_HOSPITAL = frozenset(("hospital", "hospitals", "clinic", "clinics"))
_LIVES = frozenset(("life", "lives"))
_BODY = frozenset(("body", "corpse"))
# "shot seven men dead": what became of an object
_RESULTS = ("advcl", "oprd", "acomp")
# where soldiers fell
_FIGHTS = frozenset(
    ("ambush", "fighting", "battle", "combat", "clash", "clashes", "action", "exchange")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Victims:
    """People that one phrase says were killed or hurt.

    `weak` says that no number tells how many, only that it is one person, or that hurt is meant
    where only a hospital is named.
    """

    start: int
    end: int
    field: Literal["deaths", "injured"]
    value: int | str
    low: int | None
    high: int | None
    whom: Whom
    weak: bool


def victims(syntax: Syntax, span: tuple[int, int], said: Sequence[Number]) -> Iterator[Victims]:
    """Find who was killed or hurt in a sentence; `said` are the numbers that may count them."""
    sentence = Phrases(syntax, span, said)
    taken: set[tuple[str, int]] = set()
    for at in sentence.words:
        for field, heads in _told(sentence, at):
            for head in heads:
                if head not in sentence.words or (field, head) in taken:
                    continue
                members = [
                    m
                    for m in sentence.people(head, in_a_row=field == "deaths")
                    if (field, m.at) not in taken
                ]
                taken |= {(field, m.at) for m in members}
                if members:
                    yield _victims(syntax, field, members)


def parts(syntax: Syntax, span: tuple[int, int], said: Sequence[Number]) -> Iterator[Victims]:
    """Find how many of those told before were killed or hurt: "a bomb killed two of them".

    They are no figure beside one of all, and so are weak; but in "shot 25, eleven of whom died" no
    more is told of all than that they were shot.
    """
    sentence = Phrases(syntax, span, said)
    for at in sentence.words:
        word = syntax.word(at).casefold()
        if word in _KILLED or word in _HURT:
            heads = syntax.governed(at, "dobj")
        elif word in _DIED and syntax.label(at) == "relcl":
            heads = syntax.governed(at, "nsubj")
        elif word == "dead" and syntax.label(at) in ("advcl", *PREDICATES):
            heads = syntax.governed(syntax.head(at), "dobj")
        else:
            continue
        for head in heads:
            number = sentence.number(head)
            if number is not None and sentence.is_part(head) and sentence.is_real(at):
                member = Member(head, number.value, number.low, number.high, number)
                found = _victims(syntax, "injured" if word in _HURT else "deaths", [member])
                shot = syntax.word(syntax.head(syntax.head(at))).casefold() == "shot"
                yield replace(found, weak=not (word in _DIED and shot))


def _told(sentence: Phrases, at: int) -> Iterator[tuple[_Fate, list[int]]]:
    """Read what one word says of death or injury: which, and of whom."""
    of, word = sentence.syntax, sentence.syntax.word(at).casefold()
    above = of.word(of.head(at)).casefold()
    if heads := _dead(sentence, at, word, above):
        yield "deaths", heads
    elif word in _KILLED or word in _DIED or word in _HURT:
        if sentence.is_real(at):
            fate: _Fate = "injured" if word in _HURT else "deaths"
            yield fate, sentence.sufferers(at, dies=word in _DIED)
    elif word == "dead" and not of.governed(at, "det"):
        # "shot seven men dead beside the road"
        shot = of.governed(of.head(at), "dobj") if of.label(at) in _RESULTS else []
        yield "deaths", sentence.sufferers(at, dies=True) or shot
    elif word == "fell" and _FIGHTS & _in(of, at):
        fallen = sentence.sufferers(at, dies=True)
        yield "deaths", [n for n in fallen if not sentence.is_number(n)]
    elif word in _WOUNDS and above in _SUFFERED:
        yield "injured", sentence.sufferers(of.head(at), dies=True)
    elif word in _WOUNDS and above == "with":
        yield "injured", [of.head(of.head(at))]
    elif word in _HOSPITAL and above in ("in", "to"):
        yield "hospital", sentence.sufferers(of.head(of.head(at)), dies=True)


def _dead(sentence: Phrases, at: int, word: str, above: str) -> list[int]:
    """Find whom a noun of death speaks of: "the killing of", "to death", "lost their lives"."""
    of = sentence.syntax
    if word in _DEATHS and (prep := [n for n in of.governed(at, "prep") if of.word(n) == "of"]):
        return [n for p in prep for n in of.governed(p, "pobj")]
    if word == "death" and above == "to":
        verb = of.head(of.head(at))
        return of.governed(verb, "dobj") or sentence.sufferers(verb, dies=True)
    if word in _LIVES and above in _LOST:
        return _lives(sentence, at, of.head(at))
    return [at] if word in _BODY and ordinal(of.before(of.start(at))) else []


def _in(syntax: Syntax, verb: int) -> set[str]:
    """Name what a verb happened in."""
    within = [
        n for n in syntax.governed(verb, "prep") if syntax.word(n).casefold() in ("in", "during")
    ]
    return {syntax.word(n).casefold() for p in within for n in syntax.governed(p, "pobj")}


def _lives(sentence: Phrases, lives: int, verb: int) -> list[int]:
    """Find whose lives were lost: those counted, those named with "of", or who lost them."""
    of = sentence.syntax
    if sentence.number(lives) is not None:
        return [lives]
    named = [n for p in of.governed(lives, "prep") for n in of.governed(p, "pobj")]
    if named:
        return named
    return sentence.sufferers(verb, dies=True) if of.word(verb).casefold()[:3] == "los" else []


def _victims(syntax: Syntax, field: _Fate, members: Sequence[Member]) -> Victims:
    """Put together what one phrase coordinates; with a part that nobody counted it is no number."""
    first, last = members[0], members[-1]
    start = first.number.start if first.number else syntax.start(first.at)
    end = max(syntax.end(last.at), last.number.end if last.number else 0)
    kinds = [_whom(syntax, m) for m in members]
    lows, highs = [m.low for m in members], [m.high for m in members]
    value: int | str = first.value
    if len(members) > 1:
        counted = [m.value for m in members if isinstance(m.value, int)]
        whole = len(counted) == len(members)
        value = sum(counted) if whole else " and ".join(str(m.value) for m in members)
    return Victims(
        start=start,
        end=first.number.end if first.number and len(members) == 1 else end,
        field="deaths" if field == "deaths" else "injured",
        value=value,
        low=None if None in lows else sum(n or 0 for n in lows),
        high=None if None in highs else sum(n or 0 for n in highs),
        whom=kinds[0] if len(set(kinds)) == 1 else "",
        weak=field == "hospital" or (len(members) == 1 and first.number is None and value == 1),
    )


def _whom(syntax: Syntax, member: Member) -> Whom:
    """Name the kind of people by the noun and what stands in front of it."""
    start = member.number.end if member.number else syntax.start(member.at)
    number = member.number
    counting = syntax.within(number.start, number.end) if number else ()
    named = [p for at in (member.at, *counting) for p in syntax.governed(at, "prep")]
    words = [*syntax.governed(member.at, "compound", "amod"), member.at]
    if member.number is not None:
        words += [n for p in named if syntax.word(p) == "of" for n in syntax.governed(p, "pobj")]
    return whom(" ".join(syntax.word(n) for n in sorted(words) if syntax.end(n) > start))
