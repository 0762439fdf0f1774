"""Which names of places does the reader see that neither the gazetteer nor the model knows?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from geo.extract.events import Mention
from geo.extract.link import NOWHERE
from geo.extract.meaning import Array
from geo.extract.model import Entity
from geo.extract.names import Name
from geo.extract.reader import Reading, summed
from geo.extract.spans import whole_words

# so much tells where, of all that no known name does, and so much at a glance
_NAMED, _GLANCED = 0.4, 0.3
# and the name itself has such a part of it
_OWN = 0.5
# a piece beside the surest one belongs to the same words from such a part of its share on
_BESIDE = 0.1
_NAME = re.compile(
    r"(?!(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Febr)uary|March|April|May|June|July|"
    r"August|(?:Septem|Octo|Novem|Decem)ber|The|A|In|At|On|Near)\b)"
    r"[^\W\d_a-z][\w'’-]*"
    r"(?:[ -](?:(?:al|el|ad|de|du|del|la|e|i|ul|ur|o)[ -])?[^\W\d_a-z][\w'’-]*){0,3}"
)
# what looks like a person is a village all the same, where such words lead to it
_LED = re.compile(
    r"(?:\b(?:in|at|near|onto|into|towards?|outside|around|through|between|inside)\s+(?:the\s+)?|"
    r"\b(?:village|town|city|district|area|camp|settlement|hamlet)\s+(?:of\s+)?)\Z",
    re.IGNORECASE,
)
# so far back that is looked for
_LEAD = 24
# "Efrain Fueres, a 46-year-old father", "Efrain Fueres, 46,"
_AGED = re.compile(
    r",\s+(?:an?\s+|the\s+)?\d{1,3}(?:[ -]years?[ -]old\b|,(?!\d))|,?\s+aged\b", re.IGNORECASE
)
# who bears such a name is no place, though its post may be
_BODY = re.compile(
    r".*\b(?:Guards?|Army|Navy|Police|Forces?|Command|Brigades?|Battalions?|Regiments?|Corps|"
    r"Ministry|Bureau|Council|Committee|Commission|Party|Front|Movement|Union|Agency)"
)


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
    free = np.ones(len(reading.pieces), bool)
    for name in known:
        if name.start < reading.end:
            first, last = reading.bounds([(name.start, name.end)])[0]
            # a name may begin or end within a piece
            first -= first > 0 and reading.pieces[first - 1].end > name.start
            free[first:last] = False
    found: dict[tuple[int, int], Name] = {}
    for mention in mentions:
        words = reading.words_of(mention) if mention.status == "actual" else []
        if not words or mention.event_type in NOWHERE:
            continue
        # a glance costs little, and most words point to names that are known
        glanced = reading.glanced(words) * free
        if _pointed_name(text, glanced, reading, entities, least=_GLANCED) is None:
            continue
        shares = reading.pointed("where", words)[1] * free
        span = _pointed_name(text, shares, reading, entities, least=_NAMED)
        if span is None or any(p.endswith(f" {text[slice(*span)]}") for p in people):
            continue
        taken = (*found, *((n.start, n.end) for n in known))
        if not any(a < span[1] and span[0] < b for a, b in taken):
            found[span] = Name(*span, text[slice(*span)], "place")
    return tuple(found.values())


def _pointed_name(
    text: str, shares: Array, reading: Reading, entities: Sequence[Entity], *, least: float
) -> tuple[int, int] | None:
    """Find the name that is pointed to most, if so much is pointed to."""
    if shares.sum() < least:
        return None
    start, end = _stretch(text, shares, reading)
    names = (_whole(m, entities) for m in _NAME.finditer(text, start, end) if len(m[0]) > 2)
    spans = [span for span in names if not _is_somebody(text, *span, entities)]
    worth = summed(shares, reading.bounds(spans))
    if not spans or worth.max() < _OWN * least:
        return None
    best = spans[int(worth.argmax())]
    return best[0], _trimmed(text, *best)


def _is_somebody(text: str, start: int, end: int, entities: Iterable[Entity]) -> bool:
    """Whether a name is that of a person or a body rather than of a place."""
    if _BODY.fullmatch(text, start, end):
        return True
    if _LED.search(text, max(0, start - _LEAD), start):
        return False
    over = any(e.start < end and start < e.end and e.label == "PERSON" for e in entities)
    return _AGED.match(text, end) is not None or (over and " " in text[start:end])


def _stretch(text: str, shares: Array, reading: Reading) -> tuple[int, int]:
    """Find the words around the piece that is pointed to most."""
    first = last = int(shares.argmax())
    least = _BESIDE * shares[first]
    while first > 0 and shares[first - 1] >= least:
        first -= 1
    while last + 1 < len(shares) and shares[last + 1] >= least:
        last += 1
    return whole_words(text, reading.pieces[first].start, reading.pieces[last].end)


def _whole(name: re.Match[str], entities: Iterable[Entity]) -> tuple[int, int]:
    """Take the whole of a name, of which only a part was pointed to: "Gara" of "Mount Gara"."""
    around = (e for e in entities if e.start <= name.start() and name.end() <= e.end)
    found = next((e for e in around if _NAME.fullmatch(name.string, e.start, e.end)), None)
    return (found.start, found.end) if found is not None else name.span()


def _trimmed(text: str, start: int, end: int) -> int:
    """Leave "’s" out of a name."""
    return end - 2 if text[start:end].endswith(("'s", "’s")) else end
