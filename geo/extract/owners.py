"""Which event does each count of people belong to?

The event whose words stand nearest in the grammar of the sentence, or the one told just before.
A sentence that names another place than that of the event counts for the event of that place, or
for none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from geo.area import distance_km
from geo.extract.events import Mention
from geo.extract.grouping import Event, related
from geo.extract.link import Spot
from geo.extract.sentences import Sentence
from geo.extract.syntax import Syntax
from geo.extract.tolls import Count, counts
from geo.taxonomy import group_of

_VIOLENT = frozenset(("combat", "explosive", "civilians", "unrest", "other"))
# so many sentences on, a count still belongs to the event told last
_TOLL_REACH = 2
# so many sentences open a text
_OPENING = 2
# so far a place stands at most, in the steps of `syntax`, from people who were killed there
_BESIDE = 3.0
# so near two places are one
_NEAR_KM = 30.0
# "in Kyiv", "in the capital Kyiv"
_LINKS = 2
_WHERE = frozenset(("in", "at", "near", "around", "outside", "on"))

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Telling:
    """What is known of a text when its counts are given away."""

    sentences: Sequence[Sentence]
    violent: Sequence[Event]
    # by the number of their sentence: events, the words of each by its `id()`, and places
    here: Mapping[int, Sequence[Event]]
    words: Mapping[int, Mapping[int, Sequence[Mention]]]
    wheres: Mapping[int, Sequence[Spot]]
    syntax: Syntax | None


def owned(
    sentences: Sequence[Sentence],
    events: Sequence[Event],
    spoken: Sequence[Mention],
    aged: Collection[int],
    *,
    wheres: Sequence[tuple[int, Spot]] = (),
    syntax: Syntax | None = None,
) -> dict[int, list[Count]]:
    """Give each count to the event it stands with, or to the one told just before.

    Parameters
    ----------
    sentences, events, spoken
        In the order of the text; an event that is given a count rests on its sentence too.
    aged
        Numbers of sentences that tell of what is long past.
    wheres
        Places where something happened, with the numbers of their sentences.
    syntax
        The grammar of the text, where a language model is installed.

    Returns
    -------
    dict
        The counts of each event, by its `id()`.
    """
    given: dict[int, list[Count]] = {}
    violent = [e for e in events if group_of(e.event_type).id in _VIOLENT]
    here = _by_sentence((n, e) for e in violent for n in {m.sentence for m in e.mentions})
    words = {id(e): _by_sentence((m.sentence, m) for m in e.mentions) for e in violent}
    of = _Telling(sentences, violent, here, words, _by_sentence(wheres), syntax)
    untold = {m.sentence for m in spoken if m.status != "actual"}
    for number, sentence in enumerate(sentences):
        if number in aged:
            continue
        for count in counts(sentence.text, offset=sentence.start, syntax=syntax):
            # that nobody was hurt is told by words that say what did not happen
            told = number not in untold or count.value == 0
            event = _owner(count, number, of, told=told)
            if event is not None:
                given.setdefault(id(event), []).append(count)
                if number not in event.sentences:
                    event.sentences.append(number)
    return {event: settled(found) for event, found in given.items()}


def _by_sentence(told: Iterable[tuple[int, _T]]) -> dict[int, list[_T]]:
    found: dict[int, list[_T]] = {}
    for number, what in told:
        found.setdefault(number, []).append(what)
    return found


def settled(found: Sequence[Count]) -> list[Count]:
    """Leave out what says how many only where nothing else does."""
    sure = {c.field for c in found if not c.weak}
    return [c for c in found if not c.weak or c.field not in sure]


def _owner(count: Count, number: int, of: _Telling, *, told: bool) -> Event | None:
    here = of.here.get(number)
    if here:
        nearest = min(here, key=lambda e: (_way(count, e, number, of), _gap(count, e, number, of)))
        return _at_its_place(nearest, count, number, of)
    if count.scope or not told:
        return None
    # a sentence that tells an event again has none of its words, but its people
    again = next((e for e in reversed(of.violent) if number in e.sentences), None)
    before = again or _told_before(number, of) or _told_next(number, of)
    return None if before is None else _at_its_place(before, count, number, of)


def _told_before(number: int, of: _Telling) -> Event | None:
    """Find the event told last before a sentence, in its paragraph or not far before."""
    paragraph = of.sentences[number].paragraph
    last = {id(e): max((n for n in e.sentences if n < number), default=-1) for e in of.violent}
    before = [
        e
        for e in of.violent
        if (n := last[id(e)]) >= 0
        and (of.sentences[n].paragraph == paragraph or number - n <= _TOLL_REACH)
    ]
    return max(before, key=lambda e: last[id(e)], default=None)


def _told_next(number: int, of: _Telling) -> Event | None:
    """Find the event that the sentences after the opening tell, where the opening counts."""
    if number >= _OPENING:
        return None
    after = [e for e in of.violent if number < min(e.sentences) <= number + _TOLL_REACH]
    return min(after, key=lambda e: min(e.sentences), default=None)


def _at_its_place(event: Event, count: Count, number: int, of: _Telling) -> Event | None:
    """Take the event of the place where people were killed or hurt, if that is another place."""
    named = [spot for spot in of.wheres.get(number, ()) if _is_beside(count, spot, of)]
    if event.spot is None or not named or _is_at(event, named):
        return event
    there = [e for e in of.violent if _is_at(e, named)]
    return min(there, key=lambda e: abs(e.sentences[-1] - number), default=None)


def _is_beside(count: Count, spot: Spot, of: _Telling) -> bool:
    """Whether the grammar says that a count is one of a place: "66 were killed in Irumu"."""
    if of.syntax is None or spot.role != "where":
        return False
    name = spot.places[0].name
    at = (name.start, name.end)
    near = of.syntax.way((count.start, count.end), at) <= _BESIDE
    return near and any(w.casefold() in _WHERE for w in of.syntax.governors(at)[:_LINKS])


def _is_at(event: Event, named: Sequence[Spot]) -> bool:
    return event.spot is not None and any(_is_one(event.spot, spot) for spot in named)


def _is_one(one: Spot, other: Spot) -> bool:
    """Whether two spots are one place, or too near to be told apart."""
    if related(one, other):
        return True
    a, b = one.places[0].best, other.places[0].best
    if a is None or b is None or a.point is None or b.point is None:
        return False
    return distance_km(a.point, b.point) <= max(_NEAR_KM, a.radius_km or 0, b.radius_km or 0)


def _way(count: Count, event: Event, number: int, of: _Telling) -> float:
    """Measure how near a count stands to an event in the grammar of their sentence."""
    if of.syntax is None:
        return 0.0
    here = of.words[id(event)][number]
    return min(of.syntax.way((count.start, count.end), (m.start, m.end)) for m in here)


def _gap(count: Count, event: Event, number: int, of: _Telling) -> int:
    here = of.words[id(event)][number]
    return min(max(m.start - count.end, count.start - m.end, 0) for m in here)
