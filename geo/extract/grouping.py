"""Which words of a text speak of one and the same event?

Words of one type, place and time are one event; so are words that point back to it ("the blast").
An event without a place or a date of its own takes those of what was told just before, and says
so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from geo.extract.dates import When
from geo.extract.events import Mention
from geo.extract.lexicon import Strength
from geo.extract.link import AND, How, Link, Spot
from geo.extract.reader import TOLD, Reading
from geo.extract.sentences import Sentence
from geo.gazetteer import Candidate
from geo.taxonomy import group_of

# the more telling type first: what one sentence calls a blast and a suicide attack is the latter
_TELLING = (
    *("suicide_attack", "mine_ied", "air_drone_strike", "shelling", "cross_border_fire"),
    *("explosion", "infiltration", "territory_change", "abduction", "attack_on_civilians"),
    *("armed_clash",),
    *("riot", "protest"),
)
_VIOLENT = frozenset(("combat", "explosive", "civilians"))
_TALKS_TELLING = ("ceasefire", "agreement", "talks", "mediation")
_TALKS = frozenset(_TALKS_TELLING)
_SURENESS: dict[Strength, int] = {"strong": 2, "weak": 1, "toll": 0}
# what was done with one of these was not done with another
_MEANS = frozenset(("air_drone_strike", "shelling", "suicide_attack", "mine_ied"))
# the dead may be those of any of these
_HAZARDS = frozenset(("natural_hazard", "accident"))
_DEADLY = _HAZARDS | {"riot", "protest"}
# what was begun was an event, wherever and whenever
_BEGAN = re.compile(
    r"\s+(?:was|were|has been|had been)\s+(?:declared|announced|established|agreed|reached|signed|"
    r"arranged|launched|begun|imposed|concluded)\b",
    re.IGNORECASE,
)
# what is only spoken needs no place
_WORDS = frozenset(("threat", "statement"))
# what a sentence tells as done is an event of its own, wherever it was
_DONE = frozenset(
    (
        *("arrest", "displacement", "looting", "riot", "border_closure", "force_posture"),
        *("abduction", "protest", "statement", "accident", "other"),
    )
)
_FINITE = re.compile(
    r"\b(?:\w+ed|fled|took|taken|held|stole|stolen|broke|broken|burnt|set|shut|sent|drove|driven|"
    r"left)\b",
    re.IGNORECASE,
)
# so many sentences back what has no place and no date still speaks of the same
_BACK = 2
# nobody points back over more events than this
_REMEMBERED = 60
# so many events are asked for what is told again, and the surest from such a share on taken
_ASKED, _SAME = 20, 0.5
# with less of a share a sentence that tells something for the first time tells another event
_OTHER = 0.2
# what no sentence tells for the first time with so much of a share is no event of the text; strong
# words with a place beside them need less
_NEW, _NEW_IN_PLACE = 0.1, 0.03
# so many sentences at the beginning tell what a text is about
_OPENING = 2


@dataclass(slots=True)
class Event:
    """One event as it grows over the sentences that speak of it."""

    event_type: str
    mentions: list[Mention]
    spot: Spot | None = None
    border: tuple[int, int] | None = None
    how: How = ""
    when: When | None = None
    when_how: str = ""
    sentences: list[int] = field(default_factory=list)
    denied: bool = False

    @property
    def placed(self) -> bool:
        """Whether a place or a border was found for it."""
        return self.spot is not None or self.border is not None


@dataclass(frozen=True, slots=True)
class Told:
    """One mention with what stands beside it."""

    mention: Mention
    link: Link
    when: When | None
    when_how: str


def group(
    told: Sequence[Told],
    sentences: Sequence[Sentence],
    text: str,
    reading: Reading | None = None,
) -> list[Event]:
    """Put mentions that speak of one event together, in order of their first words.

    What neither place nor date sets apart from what was told before, and what the opening of the
    text does not tell, is an event of its own only in the words of a single type. A `reading` of
    the text says as well what is told again.
    """
    events: list[Event] = []
    for item in told:
        if item.mention.status == "denied":
            _deny(item, events)
            continue
        last: Spot | None = None
        for spot in item.link.spots or (None,):
            event = _known(item, spot, events, sentences)
            # what one word tells of two places in one breath is not told again
            listed = spot and last and AND.fullmatch(text, last.end, spot.start)
            last = spot
            if reading is not None and event is not None and _is_anew(item, event, reading):
                event = None
            elif reading is not None and event is None and not listed:
                event = _retold(item, events, reading)
            if event is not None:
                _add(event, item, spot)
            elif _stands_alone(item, text) or _is_first(item, events):
                events.append(_new(item, spot, events))
    if reading is None:
        return events
    return [e for e in events if is_new(e.event_type, e.sentences, reading, plain=_is_plain(e))]


def is_new(
    event_type: str, sentences: Sequence[int], reading: Reading, *, plain: bool = False
) -> bool:
    """Whether one of some sentences tells a type for the first time, as the whole text reads.

    `plain` are strong words with a place beside them.
    """
    least = _NEW_IN_PLACE if plain else _NEW
    tellings = [reading.telling(number, event_type) for number in sentences]
    return None in tellings or any(t.first >= least for t in tellings if t is not None)


def _is_plain(event: Event) -> bool:
    strong = any(m.strength == "strong" and not m.definite for m in event.mentions)
    return strong and event.how == "clause"


def _stands_alone(item: Told, text: str) -> bool:
    """Whether a mention can be an event: it has a place, a date, or opens the text."""
    mention = item.mention
    if mention.definite and mention.strength != "strong":
        return False
    if item.link.spots or item.link.border or item.when is not None:
        beside = item.link.how != "sentence" or item.when is not None
        return mention.strength == "strong" or beside
    if not mention.definite and (mention.told or _BEGAN.match(text, mention.end)):
        return True
    if mention.event_type in _WORDS:
        return mention.strength == "strong"
    if mention.event_type in _DONE and mention.strength == "strong" and not mention.definite:
        return bool(_FINITE.search(mention.text))
    return mention.sentence < _OPENING and not mention.definite


def _is_first(item: Told, events: Sequence[Event]) -> bool:
    """Whether words that point back point to nothing that was told: then they tell it."""
    mention = item.mention
    group = group_of(mention.event_type).id
    return (
        mention.definite
        and mention.strength == "strong"
        and (group in _VIOLENT or mention.event_type in _HAZARDS)
        and not any(group_of(e.event_type).id in (group, *_VIOLENT) for e in events)
    )


def _new(item: Told, spot: Spot | None, before: Sequence[Event]) -> Event:
    kind = item.mention.event_type
    if item.mention.strength == "toll":
        deadly = (e for e in reversed(before) if e.event_type in _HAZARDS or _is_violent(e))
        last = next(deadly, None)
        if last is not None and last.event_type in _HAZARDS:
            # "at least ten people died" where a storm was told of
            kind = last.event_type
    return Event(
        event_type=kind,
        mentions=[item.mention],
        spot=spot,
        border=item.link.border,
        how=item.link.how,
        when=item.when,
        when_how=item.when_how,
        sentences=[item.mention.sentence],
    )


def _is_violent(event: Event) -> bool:
    return group_of(event.event_type).id in _VIOLENT


def _add(event: Event, item: Told, spot: Spot | None) -> None:
    event.mentions.append(item.mention)
    if item.mention.sentence not in event.sentences:
        event.sentences.append(item.mention.sentence)
    event.event_type = _more_telling(event, item.mention)
    if spot is not None and (event.spot is None or _finer(spot, event.spot)):
        event.spot, event.border, event.how = spot, None, item.link.how
    elif item.link.border and not event.placed:
        event.border, event.how = item.link.border, "border"
    if event.when is None and item.when is not None:
        event.when, event.when_how = item.when, item.when_how


def _known(
    item: Told, spot: Spot | None, events: Sequence[Event], sentences: Sequence[Sentence]
) -> Event | None:
    """Find the event that a mention speaks of, the newest first."""
    kind = item.mention.event_type
    newest = events[: -_REMEMBERED - 1 : -1]
    alike = [e for e in newest if e.event_type == kind]
    for event in (*alike, *(e for e in newest if e.event_type != kind)):
        if not _family(event, item.mention) or not _places_agree(event, item, spot):
            continue
        if _dates_agree(event, item) and _follows(event, item, spot, sentences):
            return event
    return None


def _retold(item: Told, events: Sequence[Event], reading: Reading) -> Event | None:
    """Find the event of which a sentence tells again, by the reading of the whole text."""
    mention = item.mention
    telling = reading.telling(mention.sentence, mention.event_type)
    if telling is None or telling.ever <= telling.first:
        return None
    found = [
        (reading.tells_too(mention.sentence, words), event)
        for event in events[: -_ASKED - 1 : -1]
        if _family(event, mention)
        and _dates_agree(event, item)
        and (words := reading.words_of(event.mentions[0]))
    ]
    share, event = max(found, key=lambda pair: pair[0], default=(0.0, None))
    return event if share > _SAME else None


def _is_anew(item: Told, event: Event, reading: Reading) -> bool:
    """Whether strong words tell another event than one that place and date would allow."""
    mention = item.mention
    if mention.strength != "strong" or mention.definite:
        return False
    telling = reading.telling(mention.sentence, mention.event_type)
    words = reading.words_of(event.mentions[0])
    if telling is None or telling.first < TOLD or not words:
        return False
    if mention.sentence in event.sentences:
        return reading.are_apart(words, reading.words_of(mention))
    return reading.tells_too(mention.sentence, words) < _OTHER


def _follows(event: Event, item: Told, spot: Spot | None, sentences: Sequence[Sentence]) -> bool:
    """Whether a mention goes on with an event, where place and date do not speak against it."""
    mention, last = item.mention, event.sentences[-1]
    same = event.event_type == mention.event_type
    near = sentences[last].paragraph == sentences[mention.sentence].paragraph
    headed = same and not any(sentences[n].kind != "heading" for n in event.sentences)
    if last == mention.sentence or mention.another or headed:
        return last == mention.sentence or headed
    if spot is not None and event.spot is not None:
        return same or mention.definite or near
    if event.event_type in _TALKS and not same and not mention.definite:
        return mention.sentence - last == 1 and not (event.placed and item.link.spots)
    if spot is None and item.link.border is None:
        if mention.strength == "strong" and item.when is not None and not (near and same):
            return mention.definite
        return near or mention.definite or mention.sentence - last <= _BACK
    unplaced = not event.placed and mention.strength == "toll"
    return (near and unplaced) or (same and (near or sentences[last].kind == "heading"))


def _family(event: Event, mention: Mention) -> bool:
    """Whether two types may be words for one event."""
    one, other = event.event_type, mention.event_type
    if one == other or {one, other} <= _TALKS:
        return True
    groups = {group_of(one).id, group_of(other).id}
    # people led away after an attack are an event of their own: begun with that, the attack was
    # its means. A fire is that of the riot or the strike that its sentence tells of
    led_away = other == "abduction" and one == "attack_on_civilians"
    after = other == "accident" and groups <= _VIOLENT | {"other", "unrest"}
    if led_away or after:
        return event.sentences[-1] == mention.sentence
    if mention.strength == "toll" and one in _DEADLY:
        return True
    newest = event.mentions[-1]
    if {one, other} <= _MEANS and newest.clause != mention.clause and not mention.definite:
        return False
    if groups <= _VIOLENT:
        return one in _TELLING and other in _TELLING
    return {one, other} == {"riot", "protest"}


def _more_telling(event: Event, mention: Mention) -> str:
    """Choose the type of surer words; of equally sure ones that which tells more."""
    one, other = event.event_type, mention.event_type
    if {one, other} <= _TALKS:
        return min(one, other, key=_TALKS_TELLING.index)
    surest = max(_SURENESS[m.strength] for m in event.mentions[-_REMEMBERED:-1])
    if surest != _SURENESS[mention.strength]:
        return one if surest > _SURENESS[mention.strength] else other
    if {one, other} == {"abduction", "attack_on_civilians"}:
        # what is told first is what it was
        return one
    if (
        one in _TELLING
        and other in _TELLING
        and (other in _MEANS or mention.sentence == event.sentences[0])
    ):
        return min(one, other, key=_TELLING.index)
    # what a later sentence says tells with what, and not anew what it was
    return one


def _places_agree(event: Event, item: Told, spot: Spot | None) -> bool:
    border = item.link.border
    if spot is None and border is None:
        return True
    if border is not None:
        return event.border is not None or not event.placed
    if event.spot is None:
        # "crossed the border … were fighting in Kursk"
        groups = {group_of(event.event_type).id, group_of(item.mention.event_type).id}
        here = event.sentences[-1] == item.mention.sentence
        return event.border is None or (here and groups == {"combat"})
    return spot is not None and related(event.spot, spot)


def related(one: Spot, other: Spot) -> bool:
    """Whether two spots are one place, or one lies within the other."""
    a, b = one.places[0].best, other.places[0].best
    if a is None or b is None:
        return False
    if one.unknown and other.unknown and one.unknown.text != other.unknown.text:
        return False
    if a.id == b.id:
        return True
    if a.country != b.country:
        return False
    if "country" in (a.kind, b.kind):
        return True
    ids = {p.best.id for spot in (one, other) for p in spot.places[1:] if p.best}
    return a.id in ids or b.id in ids or _within(a, b) or _within(b, a)


def _within(inner: Candidate, outer: Candidate) -> bool:
    if outer.kind == "province":
        return inner.admin1 in (outer.admin1, outer.name)
    return outer.kind == "district" and bool(outer.admin2) and inner.admin2 == outer.admin2


def _finer(one: Spot, other: Spot) -> bool:
    order = ("country", "region", "province", "district")
    a, b = one.places[0].best, other.places[0].best
    if a is None or b is None or a.kind == b.kind:
        return False
    rank = {kind: n for n, kind in enumerate(order)}
    return rank.get(a.kind, 9) > rank.get(b.kind, 9)


def _dates_agree(event: Event, item: Told) -> bool:
    if event.when is None or item.when is None:
        return True
    if item.when_how == "before" or event.when_how == "before":
        return True
    coarse = {event.when.precision, item.when.precision} & {"month", "year"}
    if coarse and event.when.precision != item.when.precision and not item.mention.definite:
        return False
    return event.when.first <= item.when.last and item.when.first <= event.when.last


def _deny(item: Told, events: Sequence[Event]) -> None:
    """Mark the newest event of its kind as denied."""
    for event in reversed(events):
        if _family(event, item.mention):
            event.denied = True
            return
