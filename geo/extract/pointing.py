"""Where and when was an event, by the words of the text that the reader points to?

Rules of grammar and order answer first (`link`, `inherit`, `timing`); the reader knows the whole
text. It finds names that no rule and no gazetteer sees, says where the text tells no more than a
country, and is believed the sooner the farther what the rules found stands from the event.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from geo.extract.dates import When
from geo.extract.events import Mention
from geo.extract.grouping import Event
from geo.extract.link import AND, ONE_FRONT, How, Spot
from geo.extract.lookup import country
from geo.extract.meaning import Array
from geo.extract.model import Entity
from geo.extract.names import Name
from geo.extract.reader import Reading
from geo.extract.resolve import Place
from geo.extract.spans import whole_words

# from such a share on words are believed beside what the rules found in the event's own clause,
# in its own sentence, and elsewhere; and that no words tell where it was
_SURE = {"clause": 0.3, "border": 0.4, "sentence": 0.2, "previous": 0.1, "": 0.1}
# a place that was only told before is doubted the sooner
_TOLD_NOWHERE, _DOUBTFUL = 0.4, 0.25
# the same of days, where what the rules found has less than the last
_SURE_WHEN = {"clause": 0.7, "sentence": 0.6, "ongoing": 0.6, "before": 0.4, "": 0.4}
_DOUBTED = 0.3
# a name that nothing else sees has such a share of what tells where, and this at a glance
_NAMED, _GLANCED = 0.4, 0.3
# a place named so few sentences before is likely near a name that no gazetteer has
_BACK = 3
# and one that is named behind it, so close
_BEHIND = 40
# a piece beside the surest one belongs to the same words from such a part of its share on
_BESIDE = 0.1
_NAME = re.compile(
    r"(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Febr)uary|March|April|May|June|July|"
    r"August|(?:Septem|Octo|Novem|Decem)ber|The\b|A\b|In\b|At\b|On\b|Near\b)"
    r"[^\W\d_a-z][\w'’-]*"
    r"(?:[ -](?:(?:al|el|ad|de|du|del|la|e|i|ul|ur|o)[ -])?[^\W\d_a-z][\w'’-]*){0,3}"
)
# a place in a list has such a part of the share of the surest one, and at least so much
_LISTED, _LISTED_LEAST = 0.6, 0.2
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
    spans = [_whole(m, entities) for m in _NAME.finditer(text, start, end) if len(m[0]) > 2]
    return max(spans, key=lambda span: _share(shares, starts, *span), default=None)


def point(
    events: list[Event],
    text: str,
    reading: Reading,
    spots: Sequence[Spot],
    places: Sequence[Place],
    dates: Sequence[When],
) -> None:
    """Give events the places and days that the reader points to; `dates` are those that may be.

    What is told of several places in one breath becomes an event of each, put in behind the first.
    """
    held = {p.name.start for s in spots for p in s.places}
    named = [p for p in places if p.name.kind == "place" and p.name.start not in held]
    known = [*spots, *(Spot((p,), "maybe") for p in named if p.best is not None)]
    unknown = [p for p in named if p.best is None]
    starts = np.array([p.start for p in reading.pieces])
    # what one word tells of several places is told apart by those alone
    listed = Counter(event.mentions[0] for event in events)
    more: list[Event] = []
    for event in events:
        words = reading.words_of(event.mentions[0])
        if words:
            _date(event, reading.pointed("when", words)[1], starts, dates)
        if words and event.event_type not in _NOWHERE and listed[event.mentions[0]] == 1:
            none, shares = reading.pointed("where", words)
            _place(event, shares, starts, known, unknown, places, reading)
            least = _DOUBTFUL if event.how == "previous" else _TOLD_NOWHERE
            if none >= least and event.spot is not None and event.spot.is_fine:
                _widen(event, places)
            elif event.spot is not None and event.event_type not in ONE_FRONT:
                more += _beside(event, text, shares, starts, known, unknown)
    for event in more:
        events.insert(
            next(n for n, e in enumerate(events) if e.mentions == event.mentions) + 1, event
        )


def _place(
    event: Event,
    shares: Array,
    starts: Array,
    known: Sequence[Spot],
    unknown: Sequence[Place],
    places: Sequence[Place],
    reading: Reading,
) -> None:
    worth = [_share(shares, starts, s.start, s.end) for s in known]
    best = max(range(len(known)), key=worth.__getitem__, default=None)
    least = _SURE[event.how if event.placed else ""]
    nameless = [_share(shares, starts, p.name.start, p.name.end) for p in unknown]
    last = max(range(len(unknown)), key=nameless.__getitem__, default=None)
    if last is not None and nameless[last] >= max(least, worth[best] if best is not None else 0):
        found = _somewhere(event, known, places, reading, unknown[last].name)
        if found is not None:
            event.border = None
            event.spot, event.how = found
    elif best is not None and worth[best] >= least and not _same(event.spot, known[best]):
        event.spot, event.border, event.how = known[best], None, "sentence"


def _beside(
    event: Event,
    text: str,
    shares: Array,
    starts: Array,
    known: Sequence[Spot],
    unknown: Sequence[Place],
) -> list[Event]:
    """Find places named in one breath with that of an event, to which its words point as well."""
    if event.spot is None:
        return []
    own = event.spot.unknown or event.spot.places[0].name
    every = {(s.start, s.end): s for s in known} | {
        (p.name.start, p.name.end): replace(event.spot, unknown=p.name) for p in unknown
    }
    spans = sorted(every)
    at = next((n for n, (a, b) in enumerate(spans) if a <= own.start < b), None)
    if at is None:
        return []
    first = last = at
    while first > 0 and AND.fullmatch(text, spans[first - 1][1], spans[first][0]):
        first -= 1
    while last + 1 < len(spans) and AND.fullmatch(text, spans[last][1], spans[last + 1][0]):
        last += 1
    least = _LISTED * _share(shares, starts, *spans[at])
    found = [
        every[span]
        for n, span in enumerate(spans[first : last + 1], start=first)
        if n != at and _share(shares, starts, *span) >= max(least, _LISTED_LEAST)
    ]
    return [
        replace(event, spot=spot, sentences=list(event.sentences), mentions=list(event.mentions))
        for spot in found
    ]


def _date(event: Event, shares: Array, starts: Array, dates: Sequence[When]) -> None:
    worth = [_share(shares, starts, w.start, w.end) for w in dates]
    best = max(range(len(dates)), key=worth.__getitem__, default=None)
    when = event.when
    own = _share(shares, starts, when.start, when.end) if when is not None else 0.0
    least = _SURE_WHEN[event.when_how if when is not None else ""]
    if best is not None and worth[best] >= least and own < _DOUBTED:
        event.when, event.when_how = dates[best], "sentence"


def _widen(event: Event, places: Sequence[Place]) -> None:
    """Leave of a place no more than its country."""
    finest = event.spot.places[0] if event.spot is not None else None
    code = finest.best.country if finest is not None and finest.best is not None else ""
    named = (p for p in places if p.best and p.best.kind == "country" and p.best.country == code)
    first, whole = next(named, finest), country(code)
    if first is not None and whole is not None:
        event.spot = Spot((replace(first, candidates=(whole,)),), "maybe")
        event.how = "previous"


def _share(shares: Array, starts: Array, start: int, end: int) -> float:
    """Add up what is pointed to between two offsets."""
    a, b = np.searchsorted(starts, (start, end))
    return float(shares[a:b].sum())


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


def _somewhere(
    event: Event, spots: Sequence[Spot], places: Sequence[Place], reading: Reading, name: Name
) -> tuple[Spot, How] | None:
    """Keep a name that no gazetteer has with the place beside or before it, or else the country."""
    if event.spot is not None and event.how in ("clause", "sentence") and event.spot.is_fine:
        return replace(event.spot, unknown=name), "sentence"
    number = reading.sentence_at(name.start)
    near = [
        s
        for s in spots
        if s.is_fine and s.role in ("where", "within") and not s.start <= name.start < s.end
        if 0 <= number - reading.sentence_at(s.start) <= _BACK
        if s.start - name.end < _BEHIND
    ]
    if near:
        nearest = min(near, key=lambda s: abs(s.start - name.start))
        return replace(nearest, unknown=name), "previous"
    counted = Counter(p.best.country for p in places if p.best is not None and p.best.country)
    best = event.spot.places[0].best if event.spot else None
    code = best.country if best is not None and best.country else ""
    if not code and counted:
        code = counted.most_common(1)[0][0]
    whole = country(code)
    if whole is None:
        return None
    return Spot((Place(name, (whole,), 0.5, ("named with it",)),), "maybe", name), "sentence"


def _same(one: Spot | None, other: Spot) -> bool:
    a, b = one.places[0].best if one else None, other.places[0].best
    return a is not None and b is not None and a.id == b.id
