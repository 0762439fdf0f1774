"""Where and when was an event, by the words of the text that the reader points to?

Rules of grammar and order answer first (`link`, `inherit`, `timing`); the reader knows the whole
text. It finds names that no rule and no gazetteer sees, says where the text tells no more than a
country, and is believed the sooner the farther what the rules found stands from the event.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from geo.extract.dates import When
from geo.extract.grouping import Event
from geo.extract.link import AND, ONE_FRONT, How, Spot
from geo.extract.lookup import country
from geo.extract.meaning import Array
from geo.extract.names import Name
from geo.extract.reader import Reading
from geo.extract.resolve import Place
from geo.extract.spans import share

# from such a share on words are believed beside what the rules found in the event's own clause,
# in its own sentence, and elsewhere; and that no words tell where it was
_SURE = {"clause": 0.3, "border": 0.4, "sentence": 0.2, "previous": 0.1, "": 0.1}
# a place that was only told before is doubted the sooner
_TOLD_NOWHERE, _DOUBTFUL = 0.4, 0.25
# the same of days, where what the rules found has less than the last
_SURE_WHEN = {"clause": 0.7, "sentence": 0.6, "ongoing": 0.6, "before": 0.4, "": 0.4}
_DOUBTED = 0.3
# a place named so few sentences before is likely near a name that no gazetteer has
_BACK = 3
# and one that is named behind it, so close
_BEHIND = 40
# a place in a list has such a part of the share of the surest one, and at least so much
_LISTED, _LISTED_LEAST = 0.6, 0.2
_NOWHERE = frozenset(("threat", "statement"))


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
    held |= {s.unknown.start for s in spots if s.unknown is not None}
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
    worth = _together(known, [share(shares, starts, *_named(s)) for s in known])
    best = max(range(len(known)), key=worth.__getitem__, default=None)
    least = _SURE[event.how if event.placed else ""]
    nameless = [share(shares, starts, p.name.start, p.name.end) for p in unknown]
    last = max(range(len(unknown)), key=nameless.__getitem__, default=None)
    # what is pointed to and is no name: "the police station", which is where it was told before
    spans = {*map(_named, known), *((p.name.start, p.name.end) for p in unknown)}
    inner = sum(share(shares, starts, *span) for span in spans)
    if event.how == "previous" and event.placed:
        least = max(least, float(shares.sum()) - inner)
    if last is not None and nameless[last] >= max(least, worth[best] if best is not None else 0):
        found = _somewhere(event, known, places, reading, unknown[last].name)
        if found is not None:
            event.border = None
            event.spot, event.how = found
    elif best is not None and worth[best] >= least and not _same(event.spot, known[best]):
        event.spot, event.border, event.how = known[best], None, "sentence"


def _named(spot: Spot) -> tuple[int, int]:
    """Find where a spot is named, with a name in it that no gazetteer has."""
    inner = spot.unknown
    if inner is None or not -_BEHIND < inner.start - spot.start < _BEHIND:
        return spot.start, spot.end
    return min(inner.start, spot.start), max(inner.end, spot.end)


def _together(known: Sequence[Spot], shares: Sequence[float]) -> list[float]:
    """Add up what points to the same place, wherever the text names it."""
    keys = [s.unknown.text if s.unknown else _id(s) for s in known]
    each = dict.fromkeys(keys, 0.0)
    for key, worth in zip(keys, shares, strict=True):
        each[key] += worth
    return [each[key] for key in keys]


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
    least = _LISTED * share(shares, starts, *spans[at])
    found = [
        every[span]
        for n, span in enumerate(spans[first : last + 1], start=first)
        if n != at and share(shares, starts, *span) >= max(least, _LISTED_LEAST)
    ]
    return [
        replace(event, spot=spot, sentences=list(event.sentences), mentions=list(event.mentions))
        for spot in found
    ]


def _date(event: Event, shares: Array, starts: Array, dates: Sequence[When]) -> None:
    worth = [share(shares, starts, w.start, w.end) for w in dates]
    best = max(range(len(dates)), key=worth.__getitem__, default=None)
    when = event.when
    own = share(shares, starts, when.start, when.end) if when is not None else 0.0
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


def _id(spot: Spot | None) -> str:
    best = spot.places[0].best if spot is not None else None
    return best.id if best is not None else ""


def _same(one: Spot | None, other: Spot) -> bool:
    inner = one.unknown.text if one is not None and one.unknown is not None else ""
    finer = other.unknown is not None and other.unknown.text != inner
    return bool(_id(other)) and _id(one) == _id(other) and not finer
