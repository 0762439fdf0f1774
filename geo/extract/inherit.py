"""What does an event that lacks a place or a date take from what was told before?

The place of the event told before, or one named just before; the country spoken of at last, and
never more than that. Talks that name no venue were where the report comes from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from geo.extract.capitals import capital_of, is_capital
from geo.extract.dates import When
from geo.extract.grouping import Event, related
from geo.extract.link import NOWHERE, Spot
from geo.extract.lookup import country
from geo.extract.lookup import places as candidates
from geo.extract.resolve import Place
from geo.extract.sentences import Sentence
from geo.taxonomy import group_of

_VENUED = frozenset(("talks", "agreement", "ceasefire", "mediation"))
_FOUGHT = frozenset(("armed_clash", "shelling", "cross_border_fire", "air_drone_strike"))
_NEAR, _FAR = 3, 8
# so many sentences open a text, and so many after them tell the same in detail
_OPENING, _AHEAD = 2, 3
# nobody points back over more events than this
_REMEMBERED = 60
# so near before its words stands who did it
_SUBJECT = 30
_NAMED = re.compile(
    r"\b(?:in|at|near|outside)\s+(?:the\s+(?:[a-z]+\s+){1,2}of\s+)?"
    r"((?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|"
    r"August|September|October|November|December)[A-Z][a-z]\w+)"
)
# what was everywhere or somewhere else was not where the last thing was
_ELSEWHERE = re.compile(
    r"\b(?:elsewhere(?! in)|nationwide|countrywide|(?:across|around|throughout|all over) the "
    r"(?:country|nation)|(?:several|many|other|dozens of|various) "
    r"(?:cities|towns|provinces|regions))\b",
    re.IGNORECASE,
)
# a part of the town that the text is about
_PART_OF_TOWN = re.compile(
    r"\b(?:the (?:city|town|village|capital|airport|port|harbou?r|prison|station|hospital|"
    r"university|market|mosque|church|camp|suburbs?|outskirts)|downtown)\b",
    re.IGNORECASE,
)
_CAPITAL = re.compile(
    r"(?:['’]s|\b(?:the|\w+(?:an|ese|ish|i)))\s+capital\b(?! (?:punish|market|control))"
)
_THERE = re.compile(
    r"\b(?:there|the (?:village|town|city|area|scene|site|camp|region|province|district))\b",
    re.IGNORECASE,
)


def inherit(
    events: Sequence[Event],
    sentences: Sequence[Sentence],
    named: Sequence[tuple[int, Spot]],
    places: Sequence[Place],
    dateline: Spot | None,
    dates: Sequence[When],
    report: date,
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
    dates
        What the text says of time, up to the day of the report.
    report
        The day of the report.
    """
    for n, event in enumerate(events):
        if event.event_type in NOWHERE:
            event.spot, event.border, event.how = None, None, ""
        elif not event.placed:
            spot = _place(
                event, events[max(0, n - _REMEMBERED) : n], sentences, named, places, dateline
            )
            if spot is not None:
                event.spot, event.how = spot, "previous"
        if _CAPITAL.search(_clause(event, sentences)):
            event.spot = _capital(_nation(event, places) or event.spot) or event.spot
        if event.when is None:
            _date(event, events, sentences, dates)
        if event.when is None and event.event_type == "threat":
            # words that no day is told of are news of the day
            at = event.mentions[0].start
            event.when, event.when_how = When(at, at, "", report, report, "day"), "ongoing"


def _place(
    event: Event,
    before: Sequence[Event],
    sentences: Sequence[Sentence],
    named: Sequence[tuple[int, Spot]],
    places: Sequence[Place],
    dateline: Spot | None,
) -> Spot | None:
    here = event.sentences[0]
    if event.event_type == "visit" or _THERE.search(sentences[here].text):
        near = [e.spot for e in before if e.spot is not None and _since(e, here) <= _NEAR]
        if near:
            return near[-1]
    if _PART_OF_TOWN.search(_clause(event, sentences)):
        violent = [
            e
            for e in before
            if _is_fine(e.spot)
            and group_of(e.event_type).id != "diplomacy"
            and _since(e, here) <= _FAR
        ]
        if violent:
            return _latest(violent, here)[0].spot
    if event.event_type in _VENUED:
        found = _venue(here, before, dateline)
        return found or _country(event, sentences[here], places, alone=True)
    if group_of(event.event_type).id == "diplomacy":
        return None
    if _names_unknown(event, sentences[here], places) or _ELSEWHERE.search(
        _clause(event, sentences)
    ):
        return _country(event, sentences[here], places)
    acting = bool(_acting(event, places))
    return (
        _scene(here, before, sentences, named)
        or (None if acting else _ahead(here, before, named))
        or _one_scene(before)
        or _country(event, sentences[here], places)
    )


def _nation(event: Event, places: Sequence[Place]) -> Spot | None:
    """Find whose capital a clause names: "in the Iraqi capital"."""
    clause = event.mentions[0].clause
    people = [p for p in places if p.name.kind == "demonym"]
    named = [p for p in _states(people) if clause.start <= p.name.start < clause.end]
    return Spot((named[-1],), "where") if len(named) == 1 else None


def _capital(spot: Spot | None) -> Spot | None:
    """Find the capital of a country that a clause names by that word: "Nepal's capital"."""
    best = spot.places[0].best if spot else None
    if spot is None or best is None or best.kind != "country":
        return None
    name = capital_of(best.country)
    found = [c for c in candidates(name) if is_capital(c) and c.country == best.country]
    place = replace(spot.places[0], candidates=(found[0],)) if found else None
    return Spot((place, *spot.places), spot.role) if place else None


def _is_fine(spot: Spot | None) -> bool:
    return spot is not None and spot.is_fine


def _clause(event: Event, sentences: Sequence[Sentence]) -> str:
    first = event.mentions[0]
    sentence = sentences[event.sentences[0]]
    return sentence.text[first.clause.start - sentence.start : first.clause.end - sentence.start]


def _ahead(here: int, before: Sequence[Event], named: Sequence[tuple[int, Spot]]) -> Spot | None:
    """Find the place of what opens a text, which may be told a few sentences later."""
    if here >= _OPENING or any(e.spot is not None for e in before):
        return None
    later = [s for n, s in named if here < n <= here + _AHEAD]
    return later[0] if later else None


def _names_unknown(event: Event, sentence: Sentence, places: Sequence[Place]) -> bool:
    """Whether words tell where an event was by a name that no gazetteer has."""
    first = event.mentions[0]
    if first.text.endswith(" ") and sentence.text[first.end - sentence.start :][:1].isupper():
        # "took " stands before the name of what was taken
        return True
    clause = sentence.text[first.clause.start - sentence.start : first.clause.end - sentence.start]
    known = [(p.name.start, p.name.end) for p in places if p.best is not None]
    return any(
        not any(
            a < first.clause.start + m.end() and first.clause.start + m.start(1) < b
            for a, b in known
        )
        for m in _NAMED.finditer(clause)
    )


def _venue(here: int, before: Sequence[Event], dateline: Spot | None) -> Spot | None:
    """Find where talks were: where those told just before were, or where the report is from."""
    venues = [e for e in before if e.event_type in _VENUED and e.spot is not None]
    if venues and _since(venues[-1], here) <= 1:
        return venues[-1].spot
    if dateline is not None and here < _NEAR:
        return dateline
    fought = [e.spot for e in before if e.spot is not None and e.event_type in _FOUGHT]
    best = fought[-1].places[0].best if fought else None
    # a truce holds in the region of the fighting, of which a town would say too little
    if best is None:
        return None
    alone = all(s.places[0].best is not None and s.places[0].best.id == best.id for s in fought)
    return fought[-1] if alone or best.kind in ("region", "province") else None


def _scene(
    here: int,
    before: Sequence[Event],
    sentences: Sequence[Sentence],
    named: Sequence[tuple[int, Spot]],
) -> Spot | None:
    """Find where what was told just before happened, or a place that was named just before."""
    paragraph = sentences[here].paragraph
    diplomacy = [e for e in before if group_of(e.event_type).id == "diplomacy"]
    held = [e for e in before if e.spot is not None and e not in diplomacy]
    near = [
        e.spot
        for e in _latest(held, here)
        if sentences[_told_last(e, here)].paragraph == paragraph
        or here - _told_last(e, here) < _NEAR
    ]
    venues = [e.spot for e in diplomacy]
    close_by = [spot for n, spot in named if 0 <= here - n < _NEAR and spot not in venues]
    # a town says more than the country that what was told before has
    return next((s for s in (*near, *close_by[::-1]) if _is_fine(s)), None) or next(
        iter(near), None
    )


def _one_scene(before: Sequence[Event]) -> Spot | None:
    """Find the one place of all that was told, if there is but one."""
    told = [e.spot for e in before if e.spot and group_of(e.event_type).id != "diplomacy"]
    fine = [s for s in told if s.is_fine]
    alone = all(related(one, fine[0]) for one in fine)
    return max(fine, key=lambda s: len(s.places)) if fine and alone else None


def _told_last(event: Event, here: int) -> int:
    """Find the last sentence up to one that speaks of an event."""
    return max((n for n in event.sentences if n <= here), default=here)


def _since(event: Event, here: int) -> int:
    return here - _told_last(event, here)


def _latest(events: Sequence[Event], here: int) -> list[Event]:
    """Order events by the sentence that told them last; of one sentence the first comes first."""
    return sorted(events, key=lambda e: _since(e, here))


def _country(
    event: Event, sentence: Sentence, places: Sequence[Place], *, alone: bool = False
) -> Spot | None:
    """Find the country that the sentence names, or else the one that the text names most.

    `alone` asks for one that is spoken of far more than any other: a truce has two sides.
    """
    known = [p for p in places if p.best is not None and p.best.country]
    named_places = [p for p in known if p.name.kind == "place"] or known
    counted = Counter(p.best.country for p in named_places if p.best is not None)
    if not counted:
        return None
    most = counted.most_common(2)
    if alone and len(most) > 1 and most[0][1] < 2 * most[1][1]:
        return None
    here = [p for p in _states(places) if sentence.start <= p.name.start < sentence.end]
    named = _acting(event, places) or [p for p in here if p.name.kind == "place"]
    codes = [p.best.country for p in named if p.best is not None]
    code = max(codes, key=counted.__getitem__) if codes and not alone else most[0][0]
    first = next(p for p in places if p.best is not None and p.best.country == code)
    whole = country(code)
    return Spot((replace(first, candidates=(whole,)),), "maybe") if whole is not None else None


def _acting(event: Event, places: Sequence[Place]) -> list[Place]:
    """Find whose forces acted: "Turkish police have detained" tells of Turkey."""
    begins = event.mentions[0].start
    return [p for p in _states(places) if 0 <= begins - p.name.start < _SUBJECT][-1:]


def _states(places: Sequence[Place]) -> list[Place]:
    return [p for p in places if p.best is not None and p.best.kind == "country"]


def _is_day(when: When | None) -> bool:
    return when is not None and when.precision == "day" and bool(when.text)


def _at_one_place(one: Event, other: Event) -> bool:
    a = one.spot.places[0].best if one.spot else None
    b = other.spot.places[0].best if other.spot else None
    return a is not None and b is not None and a.id == b.id and a.kind != "country"


def _dated_ahead(here: int, sentences: Sequence[Sentence], dates: Sequence[When]) -> When | None:
    """Find the day of what opens a text, which may be told a few sentences later."""
    if here >= _OPENING:
        return None
    last = sentences[min(here + _AHEAD, len(sentences) - 1)].end
    later = [w for w in dates if sentences[here].end <= w.start < last and w.precision == "day"]
    return later[0] if later else None


def _date(
    event: Event, events: Sequence[Event], sentences: Sequence[Sentence], dates: Sequence[When]
) -> None:
    """Give the date told last in the paragraph, or else the first of the text."""
    paragraph = sentences[event.sentences[0]].paragraph
    dated = [e for e in events if e.when is not None and e.when_how != "before"]
    near = [
        e
        for e in dated
        if sentences[e.sentences[-1]].paragraph == paragraph
        and e.sentences[0] <= event.sentences[0]
    ]
    if event.event_type == "threat":
        close = [e for e in near if _since(e, event.sentences[0]) <= 1 and _is_day(e.when)]
        if close:
            event.when, event.when_how = _latest(close, event.sentences[0])[0].when, "before"
        return
    here = event.sentences[0]
    first = next(s.start for s in sentences if s.paragraph == paragraph)
    beside = [w for w in dates if first <= w.start < sentences[here].start and w.precision == "day"]
    if not near and beside:
        event.when, event.when_how = beside[-1], "before"
        return
    told = _dated_ahead(here, sentences, dates)
    if told is not None and not near:
        event.when, event.when_how = told, "before"
        return
    there = [e for e in near if _at_one_place(e, event)]
    for other in (*_latest(there, here), *_latest(near, here), *dated):
        if other.when is not None and other.when.precision == "day" and other.when.text:
            event.when, event.when_how = other.when, "before"
            return
