"""Where and when was an event, by the words of the text that the reader points to?

Rules of grammar and order answer first (`link`, `inherit`, `timing`); the reader knows the whole
text. It finds names that no rule and no gazetteer sees, says where the text tells no more than a
country, and is believed the sooner the farther what the rules found stands from the event.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.extract.dates import When
from geo.extract.grouping import Event
from geo.extract.link import AND, NOWHERE, ONE_FRONT, How, Spot
from geo.extract.lookup import country
from geo.extract.meaning import Array
from geo.extract.names import Name
from geo.extract.reader import Reading, summed
from geo.extract.resolve import Place

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
_HAS = re.compile(r"\s+(?:has|have|had)\s+(?:\w+\s+)?")
# a place in a list has such a part of the share of the surest one, and at least so much
_LISTED, _LISTED_LEAST = 0.6, 0.2


@dataclass(frozen=True, slots=True)
class _Named:
    """What the text names, with the pieces of each name; shapes: n x 2 bounds.

    Mentions of one place have one number in `same`. A spot may hold a name within it that no
    gazetteer has: its pieces stand in `inner`.
    """

    reading: Reading
    spots: tuple[Spot, ...]
    pieces: NDArray[np.int64]
    inner: NDArray[np.int64]
    same: NDArray[np.int64]
    unknown: tuple[Place, ...]
    nameless: NDArray[np.int64]
    # where each stands, in the order of the text, with its number: spots, then unknown names
    order: tuple[tuple[int, int, int], ...]

    def worth(self, shares: Array) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Add up what points to each spot, here alone and wherever the text names its place."""
        own = summed(shares, self.pieces) + summed(shares, self.inner)
        every = np.zeros(len(own))
        np.add.at(every, self.same, own)
        return own, every[self.same]

    def at(self, number: int, spot: Spot) -> Spot:
        """Answer with a spot by its number in the order; an unknown name is at the one given."""
        if number < len(self.spots):
            return self.spots[number]
        return replace(spot, unknown=self.unknown[number - len(self.spots)].name)


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
    named = _named(reading, spots, places)
    days = [w for w in dates if w.start < reading.end]
    of_days = reading.bounds([(w.start, w.end) for w in days])
    # what one word tells of several places is told apart by those alone
    listed = Counter(event.mentions[0] for event in events)
    more: list[Event] = []
    for event in events:
        words = reading.words_of(event.mentions[0])
        if words:
            _date(event, reading, reading.pointed("when", words)[1], days, of_days)
        if words and event.event_type not in NOWHERE and listed[event.mentions[0]] == 1:
            none, shares = reading.pointed("where", words)
            of_state = event.how == "previous" and _is_of_state(event, text, places)
            _place(event, shares, named, places)
            least = _DOUBTFUL if event.how == "previous" else _TOLD_NOWHERE
            fine = event.spot is not None and event.spot.is_fine
            if fine and (none >= least or of_state):
                _widen(event, places)
            elif event.spot is not None and event.event_type not in ONE_FRONT:
                more += _beside(event, text, shares, named)
    for event in more:
        events.insert(
            next(n for n, e in enumerate(events) if e.mentions == event.mentions) + 1, event
        )


def _named(reading: Reading, spots: Sequence[Spot], places: Sequence[Place]) -> _Named:
    """Gather what the part of a text names that was read."""
    read = [s for s in spots if s.start < reading.end]
    held = {p.name.start for s in read for p in s.places}
    homes = {s.unknown.text: s for s in reversed(read) if s.unknown is not None}
    held |= {s.unknown.start for s in read if s.unknown is not None}
    pieces, inner = [(s.start, s.end) for s in read], [_inner(s) for s in read]
    unknown = []
    for place in places:
        name, home = place.name, homes.get(place.name.text)
        if name.kind != "place" or name.start in held or name.start >= reading.end:
            continue
        if place.best is not None:
            read.append(Spot((place,), "maybe"))
            pieces.append((name.start, name.end))
            inner.append((0, 0))
        elif home is not None:
            # named again, and only there with what it lies in
            read.append(replace(home, unknown=name))
            pieces.append((0, 0))
            inner.append((name.start, name.end))
        else:
            unknown.append(place)
    numbers: dict[str, int] = {}
    for spot in read:
        numbers.setdefault(_key(spot), len(numbers))
    return _Named(
        reading,
        tuple(read),
        reading.bounds(pieces),
        reading.bounds(inner),
        np.array([numbers[_key(s)] for s in read], np.int64),
        tuple(unknown),
        reading.bounds(nameless := [(p.name.start, p.name.end) for p in unknown]),
        tuple(sorted((*span, n) for n, span in enumerate([*map(_whole, read), *nameless]))),
    )


def _inner(spot: Spot) -> tuple[int, int]:
    """Find the name in a spot that no gazetteer has, where it does not stand between others."""
    name = spot.unknown
    if name is None or spot.start <= name.start < spot.end:
        return 0, 0
    return name.start, name.end


def _whole(spot: Spot) -> tuple[int, int]:
    """Find where a spot stands: from a name in it that no gazetteer has to what it lies in."""
    name = spot.unknown
    if name is None:
        return spot.start, spot.end
    return name.start, spot.end if name.end <= spot.start < name.end + _BEHIND else name.end


def _key(spot: Spot) -> str:
    return spot.unknown.text if spot.unknown is not None else _id(spot)


def _place(event: Event, shares: Array, named: _Named, places: Sequence[Place]) -> None:
    own, worth = named.worth(shares)
    # of several mentions of a place the one that is pointed to most
    best = int(np.lexsort((own, worth))[-1]) if len(own) else None
    nameless = summed(shares, named.nameless)
    last = int(nameless.argmax()) if len(nameless) else None
    least = _SURE[event.how if event.placed else ""]
    if event.how == "previous" and event.placed:
        # what is pointed to and is no name: "the police station", which is where it was told before
        least = max(least, float(shares.sum() - own.sum() - nameless.sum()))
    if last is not None and nameless[last] >= max(least, worth[best] if best is not None else 0):
        found = _somewhere(event, named.spots, places, named.reading, named.unknown[last].name)
        if found is not None:
            event.border = None
            event.spot, event.how = found
    elif best is not None and worth[best] >= least and not _same(event.spot, named.spots[best]):
        event.spot, event.border, event.how = named.spots[best], None, "sentence"


def _beside(event: Event, text: str, shares: Array, named: _Named) -> list[Event]:
    """Find places named in one breath with that of an event, to which its words point as well."""
    if event.spot is None:
        return []
    name, order = event.spot.unknown or event.spot.places[0].name, named.order
    at = bisect_right(order, name.start, key=lambda o: o[0]) - 1
    if at < 0 or order[at][1] <= name.start:
        return []
    first = last = at
    while first > 0 and AND.fullmatch(text, order[first - 1][1], order[first][0]):
        first -= 1
    while last + 1 < len(order) and AND.fullmatch(text, order[last][1], order[last + 1][0]):
        last += 1
    listed = order[first : last + 1]
    worth = summed(shares, named.reading.bounds([(a, b) for a, b, _ in listed]))
    least = max(_LISTED * float(worth[at - first]), _LISTED_LEAST)
    found = [
        named.at(number, event.spot)
        for n, (_, _, number) in enumerate(listed, start=first)
        if n != at and worth[n - first] >= least
    ]
    return [
        replace(event, spot=spot, sentences=list(event.sentences), mentions=list(event.mentions))
        for spot in found
    ]


def _date(
    event: Event,
    reading: Reading,
    shares: Array,
    dates: Sequence[When],
    of_dates: NDArray[np.int64],
) -> None:
    worth = summed(shares, of_dates)
    best = int(worth.argmax()) if len(worth) else None
    when, own = event.when, 0.0
    if when is not None:
        own = float(summed(shares, reading.bounds([(when.start, when.end)]))[0])
    least = _SURE_WHEN[event.when_how if when is not None else ""]
    if best is not None and worth[best] >= least and own < _DOUBTED:
        event.when, event.when_how = dates[best], "sentence"


def _is_of_state(event: Event, text: str, places: Sequence[Place]) -> bool:
    """Whether a state is said to have arrested people, which tells of no town: "France has …"."""
    at = event.mentions[0].start
    return event.event_type == "arrest" and any(
        p.best is not None and p.best.kind == "country" and _HAS.fullmatch(text, p.name.end, at)
        for p in places
        if 0 <= at - p.name.end < _BEHIND
    )


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
