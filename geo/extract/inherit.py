"""What does an event that lacks a place or a date take from what was told before?

The place of the event told before, or one named just before; the country spoken of at last, and
never more than that. Talks that name no venue were where the report comes from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from geo.extract.grouping import Event
from geo.extract.link import Spot
from geo.extract.resolve import Place
from geo.extract.sentences import Sentence
from geo.taxonomy import group_of

_VENUED = frozenset(("talks", "agreement", "ceasefire", "mediation"))
# words are spoken anywhere
_NOWHERE = frozenset(("threat", "statement"))
_NEAR = 3


def inherit(
    events: Sequence[Event],
    sentences: Sequence[Sentence],
    named: Sequence[tuple[int, Spot]],
    places: Sequence[Place],
    dateline: Spot | None,
) -> None:
    """Complete events in place, and say with `previous` and `before` that it was done.

    Parameters
    ----------
    events, sentences
        In the order of the text.
    named
        Places that are the where of something, with the number of their sentence.
    places
        All names of the text that are known.
    dateline
        Where the report comes from.
    """
    for n, event in enumerate(events):
        if event.event_type in _NOWHERE:
            event.spot, event.border, event.how = None, None, ""
        elif not event.placed:
            spot = _place(event, events[:n], sentences, named, places, dateline)
            if spot is not None:
                event.spot, event.how = spot, "previous"
        if event.when is None:
            _date(event, events, sentences)


def _place(
    event: Event,
    before: Sequence[Event],
    sentences: Sequence[Sentence],
    named: Sequence[tuple[int, Spot]],
    places: Sequence[Place],
    dateline: Spot | None,
) -> Spot | None:
    here = event.sentences[0]
    if group_of(event.event_type).id == "diplomacy":
        venues = [e for e in before if e.event_type in _VENUED and e.spot is not None]
        if event.event_type not in _VENUED:
            return None
        if venues and here - venues[-1].sentences[-1] <= 1:
            return venues[-1].spot
        return dateline if here < _NEAR else None
    paragraph = sentences[here].paragraph
    for other in reversed(before):
        last = other.sentences[-1]
        close = sentences[last].paragraph == paragraph or here - last < _NEAR
        if other.spot is not None and group_of(other.event_type).id != "diplomacy" and close:
            return other.spot
    close_by = [spot for n, spot in named if 0 <= here - n < _NEAR]
    if close_by:
        return close_by[-1]
    return _country(sentences[here], places)


def _country(sentence: Sentence, places: Sequence[Place]) -> Spot | None:
    """Find the country that the sentence names, or else the one that the text names most."""
    known = [p for p in places if p.best is not None and p.best.kind == "country"]
    named = [p for p in known if p.name.kind == "place"] or known
    within = [p for p in named if sentence.start <= p.name.start < sentence.end]
    if not known:
        return None
    counted = Counter(p.best.country for p in places if p.best is not None)
    first = max(within or named, key=lambda p: counted[p.best.country if p.best else ""])
    return Spot((first,), "maybe")


def _date(event: Event, events: Sequence[Event], sentences: Sequence[Sentence]) -> None:
    """Give the date told last in the paragraph, or else the first of the text."""
    paragraph = sentences[event.sentences[0]].paragraph
    dated = [e for e in events if e.when is not None and e.when_how != "before"]
    near = [
        e
        for e in dated
        if sentences[e.sentences[-1]].paragraph == paragraph
        and e.sentences[0] <= event.sentences[0]
    ]
    for other in (*reversed(near), *dated):
        if other.when is not None and other.when.precision == "day" and not other.when.since:
            event.when, event.when_how = other.when, "before"
            return
