"""What do the words of the lexicon and the sentence as a whole say together that is told?

The lexicon says where in a sentence an event stands, the coder of `geo.extract.coding` of which
type it is. Words of a type that the sentence does not tell take that which it does; what it tells
in other words gets the word that speaks most for it; and where it tells nothing, its words point
back to what was told elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from geo.extract.coding import NONE
from geo.extract.events import Mention

# a type is told that has such a share, and not much less than the surest
_LEAST, _BESIDE = 0.6, 0.7
# a sentence of such a share for none tells nothing, whatever its weaker words say; of one that is
# surer still, strong words say nothing either
_NOTHING, _NOTHING_SURELY = 0.7, 0.95
# so little is enough for a type that the lexicon sees as well, and less where its words are strong
# and the sentence tells of something
_SEEN, _SEEN_STRONGLY = 0.1, 0.02
# and from here on it is told wherever and whenever it was
_SURE = 0.9


class Coded(Protocol):
    """What a sentence tells of, and at which of its words (`geo.extract.coding.Coding`)."""

    @property
    def shares(self) -> Mapping[str, float]:
        """A share for each event type and for none."""
        ...

    def at(self, event_type: str, sentence: str) -> tuple[int, int]:
        """Find the word that speaks most for a type."""
        ...


# from a type and a span of the sentence
Spoken = Callable[[str, tuple[int, int]], Mention]


def agreed(
    mentions: Sequence[Mention], coding: Coded, sentence: str, spoken: Spoken
) -> list[Mention]:
    """Give the mentions of one sentence the types that it tells, in order.

    `spoken` makes a mention of words that the lexicon does not have.
    """
    told = _told(coding)
    kept = [m for m in mentions if _stays(m, told, coding)]
    waiting = [m for m in mentions if m not in kept]
    open_types = [t for t in told if not any(m.event_type == t for m in kept)]
    for mention in waiting:
        if not told:
            kept.append(_weakened(mention, coding))
        elif open_types:
            kept.append(replace(mention, event_type=open_types.pop(0), strength="strong"))
    kept += [spoken(t, coding.at(t, sentence)) for t in open_types]
    sure = {t for t in told if coding.shares[t] >= _SURE}
    kept = [replace(m, told=m.event_type in sure) for m in kept]
    return sorted(kept, key=lambda m: m.start)


def _stays(mention: Mention, told: Sequence[str], coding: Coded) -> bool:
    """Whether words keep their type: what did not happen does, and what is told as well."""
    if mention.status != "actual" or mention.event_type in told:
        return True
    strong = bool(told) and mention.strength == "strong"
    return strong and coding.shares[mention.event_type] >= _SEEN_STRONGLY


def _told(coding: Coded) -> list[str]:
    """List the types that a sentence tells, the surest first."""
    if coding.shares[NONE] >= _NOTHING:
        return []
    shares = {t: s for t, s in coding.shares.items() if t != NONE}
    most = max(shares.values())
    found = [t for t, share in shares.items() if share >= max(_LEAST, _BESIDE * most)]
    return sorted(found, key=lambda t: -shares[t])


def _weakened(mention: Mention, coding: Coded) -> Mention:
    """Let words that tell nothing new point back to what was told elsewhere."""
    doubted = mention.strength != "strong" or coding.shares[NONE] >= _NOTHING_SURELY
    if coding.shares[mention.event_type] >= _SEEN or not doubted:
        return mention
    return replace(mention, strength="weak", definite=True)
