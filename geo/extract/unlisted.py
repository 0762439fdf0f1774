"""Which names of places does the reader see that neither the gazetteer nor the model knows?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from geo.extract.events import Mention
from geo.extract.meaning import Array
from geo.extract.model import Entity
from geo.extract.names import Name
from geo.extract.reader import Reading
from geo.extract.spans import share, whole_words

# a name that nothing else sees has such a share of what tells where, and this at a glance
_NAMED, _GLANCED = 0.4, 0.3
# a piece beside the surest one belongs to the same words from such a part of its share on
_BESIDE = 0.1
_NAME = re.compile(
    r"(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Febr)uary|March|April|May|June|July|"
    r"August|(?:Septem|Octo|Novem|Decem)ber|The\b|A\b|In\b|At\b|On\b|Near\b)"
    r"[^\W\d_a-z][\w'’-]*"
    r"(?:[ -](?:(?:al|el|ad|de|du|del|la|e|i|ul|ur|o)[ -])?[^\W\d_a-z][\w'’-]*){0,3}(?: \d{1,3}\b)?"
)
# what looks like a person's whole name is a village all the same, where such words lead to it
_LED = re.compile(
    r"(?:\b(?:in|at|near|on|onto|of|from|to|into|towards?|outside|around|through|between|and|or|"
    r"called|village|town|district|area|camp|settlement|the)\s+|[,(:]\s*|['’]s\s+|\n)\Z"
)
# "Efrain Fueres, a 46-year-old father", "Efrain Fueres, 46,"
_AGED = re.compile(r",?\s+(?:(?:an?|the|aged)\s+)?\d{1,3}(?:[ -]years?[ -]old\b|,)|,?\s+aged\b")
# who bears such a name is no place, though its post may be
_BODY = re.compile(
    r".*\b(?:Guards?|Army|Navy|Police|Forces?|Command|Brigade|Battalion|Regiment|Corps|Ministry|"
    r"Bureau|Council|Committee|Commission|Party|Front|Movement|Union|Agency)"
)
_NOWHERE = frozenset(("threat", "statement"))


def unnamed(
    text: str,
    reading: Reading,
    mentions: Iterable[Mention],
    known: Sequence[Name],
    entities: Sequence[Entity],
) -> tuple[Name, ...]:
    """Find names of places that tell where something was, and that nothing else took for names.

    Whom the text names in full is no place either where it names them in short.
    """
    people = {text[e.start : e.end] for e in entities if e.label == "PERSON"}
    starts = np.array([p.start for p in reading.pieces])
    ends = np.array([p.end for p in reading.pieces])
    free = np.ones(len(starts), bool)
    for name in known:
        free[(starts < name.end) & (name.start < ends)] = False
    found: dict[tuple[int, int], Name] = {}
    for mention in mentions:
        words = reading.words_of(mention) if mention.status == "actual" else []
        if not words or mention.event_type in _NOWHERE:
            continue
        # a glance costs little, and most words point to names that are known
        glanced = reading.glanced(words) * free
        if _pointed_name(text, glanced, starts, ends, entities, least=_GLANCED) is None:
            continue
        shares = reading.pointed("where", words)[1] * free
        best = _pointed_name(text, shares, starts, ends, entities, least=_NAMED)
        if best is None or any(p.endswith(f" {text[slice(*best)]}") for p in people):
            continue
        span = best[0], _trimmed(text, *best)
        if not any(a < span[1] and span[0] < b for a, b in found):
            found[span] = Name(*span, text[slice(*span)], "place")
    return tuple(found.values())


def _pointed_name(
    text: str,
    shares: Array,
    starts: Array,
    ends: Array,
    entities: Sequence[Entity],
    *,
    least: float,
) -> tuple[int, int] | None:
    """Find the name that is pointed to most, if so much is pointed to."""
    if shares.sum() < least:
        return None
    start, end = _stretch(text, shares, starts, ends)
    names = (_whole(m, entities) for m in _NAME.finditer(text, start, end) if len(m[0]) > 2)
    spans = [span for span in names if not _is_somebody(text, *span, entities)]
    return max(spans, key=lambda span: share(shares, starts, *span), default=None)


def _is_somebody(text: str, start: int, end: int, entities: Iterable[Entity]) -> bool:
    """Whether a name is that of a person or a body rather than of a place."""
    if _BODY.fullmatch(text, start, end) or _AGED.match(text, end):
        return True
    over = any(e.start < end and start < e.end and e.label == "PERSON" for e in entities)
    return over and " " in text[start:end] and not _LED.search(text, max(0, start - 20), start)


def _stretch(text: str, shares: Array, starts: Array, ends: Array) -> tuple[int, int]:
    """Find the words around the piece that is pointed to most."""
    first = last = int(shares.argmax())
    least = _BESIDE * shares[first]
    while first > 0 and shares[first - 1] >= least:
        first -= 1
    while last + 1 < len(shares) and shares[last + 1] >= least:
        last += 1
    return whole_words(text, int(starts[first]), int(ends[last]))


def _whole(name: re.Match[str], entities: Iterable[Entity]) -> tuple[int, int]:
    """Take the whole of a name, of which only a part was pointed to: "Gara" of "Mount Gara"."""
    around = (e for e in entities if e.start <= name.start() and name.end() <= e.end)
    found = next((e for e in around if _NAME.fullmatch(name.string, e.start, e.end)), None)
    return (found.start, found.end) if found is not None else name.span()


def _trimmed(text: str, start: int, end: int) -> int:
    """Leave "’s" out of a name."""
    return end - 2 if text[start:end].endswith(("'s", "’s")) else end
