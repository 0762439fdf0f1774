"""Which words of a text speak of one and the same event?

Words of one type, place and time are one event; so are words that point back to it ("the blast").
An event without a place or a date of its own takes those of what was told just before, and says
so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from geo.extract.dates import When
from geo.extract.events import Mention
from geo.extract.link import How, Link, Spot, fineness
from geo.extract.sentences import Sentence
from geo.extract.tolls import Count
from geo.taxonomy import group_of

# the more telling type first: what one sentence calls a blast and a suicide attack is the latter
_TELLING = (
    *("suicide_attack", "mine_ied", "air_drone_strike", "shelling", "cross_border_fire"),
    *("attack_on_civilians", "abduction", "sexual_violence", "riot", "infiltration"),
    *("territory_change", "armed_clash", "explosion", "protest"),
)
_VIOLENT = frozenset(("combat", "explosive", "civilians"))
_TALKS = frozenset(("talks", "mediation", "ceasefire", "agreement"))
# words that say that force was used, but not between whom
_OPEN = re.compile(
    r"attack|raid|storm|assault|opened fire|violence|shot at|was fired|were fired|shooting",
    re.IGNORECASE,
)
_ARMED = re.compile(
    r"\b(?:soldiers?|troops|army|military|police\w*|security forces|militants? killed|checkpoint|"
    r"post|barracks|convoy|patrol|base)\b",
    re.IGNORECASE,
)
# "the village", "there": a place that was told before
_THERE = re.compile(
    r"\b(?:in|to|at|from|into|outside|near) (?:the|this|that) (?:same )?(?:village|town|city|"
    r"region|area|province|port|camp|district|island)\b|"
    r"\bthere\b(?! (?:was|were|is|are|has|have|had|will|would|could))",
    re.IGNORECASE,
)
_PARTED = re.compile(
    r"\b(?:following|after|before|later|in response|in retaliation|retaliat\w+|prompting|"
    r"leading to|led to|followed by|then|elsewhere|meanwhile|separately|also|earlier)\b",
    re.IGNORECASE,
)


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
    *,
    places: Mapping[int, Sequence[Spot]],
) -> list[Event]:
    """Put mentions that speak of one event together, in order of their first words.

    `places` are the spots of each sentence, by its number.
    """
    events: list[Event] = []
    for item in told:
        if item.mention.status == "denied":
            _deny(item, events)
            continue
        for spot in item.link.spots or (None,):
            event = _known(item, spot, events, sentences, text)
            if event is None:
                events.append(_new(item, spot))
            else:
                _add(event, item, spot)
    _inherit(events, sentences, places)
    _inherit_dates(events, sentences)
    return events


def by_victims(event: Event, tolls: Sequence[Count], sentences: Sequence[Sentence]) -> str:
    """Tell an attack on civilians from a clash, where the words of the event leave it open."""
    if event.event_type != "armed_clash" or not all(_OPEN.match(m.text) for m in event.mentions):
        return event.event_type
    hurt = {c.whom for c in tolls if c.value != 0}
    told = " ".join(sentences[m.sentence].text for m in event.mentions)
    if hurt and hurt <= {"", "civilians"} and not _ARMED.search(told):
        return "attack_on_civilians"
    return event.event_type


def _new(item: Told, spot: Spot | None) -> Event:
    return Event(
        event_type=item.mention.event_type,
        mentions=[item.mention],
        spot=spot,
        border=item.link.border,
        how=item.link.how,
        when=item.when,
        when_how=item.when_how,
        sentences=[item.mention.sentence],
    )


def _add(event: Event, item: Told, spot: Spot | None) -> None:
    event.mentions.append(item.mention)
    if item.mention.sentence not in event.sentences:
        event.sentences.append(item.mention.sentence)
    if item.mention.strength != "toll" and not (
        item.mention.strength == "weak" and item.mention.definite
    ):
        event.event_type = _more_telling(event.event_type, item.mention.event_type)
    if spot is not None and (event.spot is None or _finer(spot, event.spot)):
        event.spot, event.border, event.how = spot, None, item.link.how
    elif item.link.border and not event.placed:
        event.border, event.how = item.link.border, "border"
    if event.when is None and item.when is not None:
        event.when, event.when_how = item.when, item.when_how


def _known(
    item: Told,
    spot: Spot | None,
    events: Sequence[Event],
    sentences: Sequence[Sentence],
    text: str,
) -> Event | None:
    """Find the event that a mention speaks of, the newest first."""
    mention = item.mention
    pointed = _pointed_back(item, spot, events, sentences)
    if pointed is not None:
        return pointed
    for event in reversed(events):
        if event.mentions[-1].sentence == mention.sentence:
            if _same_here(event, item, spot, text):
                return event
        elif _same_further_on(event, item, spot, sentences):
            return event
    return None


def _same_here(event: Event, item: Told, spot: Spot | None, text: str) -> bool:
    """Whether a mention speaks of an event that its own sentence told already."""
    mention = item.mention
    widened = event.border is not None and event.spot is None
    if not (widened or _places_agree(event, spot, item.link.border)):
        return False
    if not _family(event, mention):
        return False
    if "mediation" in (event.event_type, mention.event_type):
        return True
    same = event.event_type == mention.event_type
    parted = _PARTED.search(text[event.mentions[-1].end : mention.start])
    return not parted or (same and not item.link.spots and not mention.another)


def _same_further_on(
    event: Event, item: Told, spot: Spot | None, sentences: Sequence[Sentence]
) -> bool:
    """Whether a mention speaks of an event of an earlier sentence."""
    mention = item.mention
    if mention.another or not _places_agree(event, spot, item.link.border):
        return False
    if not _dates_agree(event, item):
        return False
    if event.event_type == mention.event_type and _continues(event, mention, spot, sentences):
        return True
    near = mention.sentence - event.sentences[-1] <= 2
    return mention.definite and near and spot is None and _family(event, mention)


def _pointed_back(
    item: Told, spot: Spot | None, events: Sequence[Event], sentences: Sequence[Sentence]
) -> Event | None:
    """Find what "the attack", or a count of dead without a place, points back to."""
    mention = item.mention
    violent = [e for e in events if group_of(e.event_type).id in _VIOLENT | {"unrest"}]
    if not violent or mention.another:
        return None
    last = violent[-1]
    if mention.strength == "weak" and mention.definite and item.link.how != "clause":
        return last
    near = mention.sentence - last.sentences[-1] <= 2
    same = sentences[mention.sentence].paragraph == sentences[last.sentences[-1]].paragraph
    agrees = spot is None or (last.spot is not None and related(last.spot, spot))
    if mention.strength == "toll" and (near or same) and agrees and _dates_agree(last, item):
        return last
    return None


def _continues(
    event: Event, mention: Mention, spot: Spot | None, sentences: Sequence[Sentence]
) -> bool:
    if spot is not None and event.spot is not None:
        return True
    if spot is None and mention.indefinite and not event.placed and _told_whole(event, sentences):
        # "a truce", after another one was told
        return False
    if mention.event_type in _TALKS or mention.definite or event.border or not event.placed:
        return True
    here, there = sentences[mention.sentence], sentences[event.sentences[-1]]
    return here.paragraph == there.paragraph or there.kind == "heading"


def _told_whole(event: Event, sentences: Sequence[Sentence]) -> bool:
    """Whether an event was told in a sentence of its own, and not only announced by a heading."""
    return any(sentences[n].kind != "heading" for n in event.sentences)


def _family(event: Event, mention: Mention) -> bool:
    """Whether two types may be words for one event."""
    one, other = event.event_type, mention.event_type
    if one == other:
        return True
    if {one, other} <= _TALKS:
        return "mediation" in (one, other)
    groups = {group_of(one).id, group_of(other).id}
    if groups <= _VIOLENT:
        return one in _TELLING and other in _TELLING
    return {one, other} == {"riot", "protest"}


def _more_telling(one: str, other: str) -> str:
    if {one, other} <= _TALKS:
        return other if one == "mediation" else one
    ranked = [t for t in _TELLING if t in (one, other)]
    return ranked[0] if len({one, other}) == 2 and len(ranked) == 2 else one


def _places_agree(event: Event, spot: Spot | None, border: tuple[int, int] | None) -> bool:
    if spot is None and border is None:
        return True
    if border is not None:
        return event.border is not None or not event.placed
    if event.spot is None:
        return event.border is None
    return spot is not None and related(event.spot, spot)


def related(one: Spot, other: Spot) -> bool:
    """Whether two spots are one place, or one lies within the other."""
    a, b = one.places[0].best, other.places[0].best
    if a is None or b is None:
        return False
    if a.id == b.id:
        return True
    if a.country != b.country:
        return False
    if "country" in (a.kind, b.kind):
        return True
    ids = {p.best.id for spot in (one, other) for p in spot.places[1:] if p.best}
    return a.id in ids or b.id in ids or _within(a, b) or _within(b, a)


def _within(inner: object, outer: object) -> bool:
    kind = getattr(outer, "kind", "")
    if kind == "province":
        return getattr(inner, "admin1", "") in (
            getattr(outer, "admin1", None),
            getattr(outer, "name", None),
        )
    return (
        kind == "district"
        and bool(getattr(outer, "admin2", ""))
        and getattr(inner, "admin2", "") == getattr(outer, "admin2", None)
    )


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
    return event.when.first <= item.when.last and item.when.first <= event.when.last


def _deny(item: Told, events: Sequence[Event]) -> None:
    """Mark the newest event of its kind as denied."""
    for event in reversed(events):
        if _family(event, item.mention):
            event.denied = True
            return


def _inherit(
    events: list[Event], sentences: Sequence[Sentence], places: Mapping[int, Sequence[Spot]]
) -> None:
    """Give events without a place that of what was told just before; talks are never given one."""
    for n, event in enumerate(events):
        if event.placed:
            continue
        points = any(_THERE.search(sentences[i].text) for i in event.sentences)
        if group_of(event.event_type).id == "diplomacy" and not points:
            continue
        spot = _told_before(event, events[:n], sentences, places)
        if spot is not None:
            event.spot, event.how = spot, "previous"


def _told_before(
    event: Event,
    before: Sequence[Event],
    sentences: Sequence[Sentence],
    places: Mapping[int, Sequence[Spot]],
) -> Spot | None:
    """Find the last place of the paragraph, else that of the first violent event of the text."""
    number = event.sentences[0]
    paragraph = sentences[number].paragraph
    violent = [e for e in before if e.spot is not None and group_of(e.event_type).id != "diplomacy"]
    here = [e for e in violent if sentences[e.sentences[-1]].paragraph == paragraph]
    if here:
        return here[-1].spot
    while number > 0:
        number -= 1
        if sentences[number].paragraph != paragraph:
            break
        told = [s for s in places.get(number, ()) if s.role == "where" and fineness(s) > 1]
        if told:
            return told[-1]
    return violent[0].spot if violent else None


def _inherit_dates(events: Sequence[Event], sentences: Sequence[Sentence]) -> None:
    """Let the day told last count on within a paragraph; a threat is of the day of the report."""
    told: tuple[When, int] | None = None
    for event in events:
        paragraph = sentences[event.sentences[0]].paragraph
        if event.when is not None:
            if event.when.precision == "day" and event.when.text:
                told = (event.when, paragraph)
        elif told is not None and told[1] == paragraph and event.event_type != "threat":
            event.when, event.when_how = told[0], "before"
