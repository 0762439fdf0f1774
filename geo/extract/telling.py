"""What do the words of the lexicon and the sentence as a whole say together that is told?

The lexicon says where in a sentence an event stands, the reader of `geo.extract.reader` of which
type it is. Words of a type that the sentence does not tell take that which it does; what it tells
in other words gets the word that speaks most for it; and where it tells nothing, its words point
back to what was told elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from geo.extract.events import Mention
from geo.extract.reader import TOLD, Telling

# what is told has not much less of a share than the surest
_BESIDE = 0.7
# where no type has more than this, strong words say nothing either
_NOTHING_SURELY = 0.05
# so little is enough for a type that the lexicon sees as well, and less where its words are strong
# and the sentence tells of something
_SEEN, _SEEN_STRONGLY = 0.1, 0.02
# and from here on it is told wherever and whenever it was
_SURE = 0.9


# from a type, the span of the word that speaks most for it
At = Callable[[str], tuple[int, int]]
# from a type and a span of the text
Spoken = Callable[[str, tuple[int, int]], Mention]


def agreed(
    mentions: Sequence[Mention], tellings: Sequence[Telling], at: At, spoken: Spoken
) -> list[Mention]:
    """Give the mentions of one sentence the types that it tells, in order.

    `spoken` makes a mention of words that the lexicon does not have.
    """
    shares = {t.event_type: max(t.first, t.ever) for t in tellings}
    told = _told(shares)
    kept = [m for m in mentions if _stays(m, told, shares)]
    waiting = [m for m in mentions if m not in kept]
    open_types = [t for t in told if not any(m.event_type == t for m in kept)]
    for mention in waiting:
        if not told:
            kept.append(_weakened(mention, shares))
        elif open_types:
            kept.append(replace(mention, event_type=open_types.pop(0), strength="strong"))
    kept += [spoken(t, at(t)) for t in open_types]
    sure = {t for t in told if shares[t] >= _SURE}
    kept = [replace(m, told=m.event_type in sure) for m in kept]
    return sorted(kept, key=lambda m: m.start)


def _stays(mention: Mention, told: Sequence[str], shares: Mapping[str, float]) -> bool:
    """Whether words keep their type: what did not happen does, and what is told as well."""
    if mention.status != "actual" or mention.event_type in told:
        return True
    strong = bool(told) and mention.strength == "strong"
    return strong and shares[mention.event_type] >= _SEEN_STRONGLY


def _told(shares: Mapping[str, float]) -> list[str]:
    """List the types that a sentence tells, the surest first."""
    most = max(shares.values(), default=0.0)
    found = [t for t, share in shares.items() if share >= max(TOLD, _BESIDE * most)]
    return sorted(found, key=lambda t: -shares[t])


def _weakened(mention: Mention, shares: Mapping[str, float]) -> Mention:
    """Let words that tell nothing new point back to what was told elsewhere."""
    surely = max(shares.values()) <= _NOTHING_SURELY
    if shares[mention.event_type] >= _SEEN or (mention.strength == "strong" and not surely):
        return mention
    return replace(mention, strength="weak", definite=True)
