"""How does an article become draft incidents, and what of it becomes none?

Every sentence ends up either as evidence of a draft or among the skipped, with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import TypeVar

from geo.extract.article import Article
from geo.extract.dates import When, dates
from geo.extract.drafts import Draft, Mark, Material, draft
from geo.extract.events import Mention, mentions
from geo.extract.grouping import Event, Told, by_victims, group
from geo.extract.link import Spot, link, spots
from geo.extract.model import Model
from geo.extract.names import names
from geo.extract.resolve import Place, resolve
from geo.extract.sentences import Sentence, split
from geo.extract.timing import BACKGROUND, when_of
from geo.extract.tolls import Count, counts, scope_of
from geo.extract.unseen import Seen, seen
from geo.taxonomy import group_of

_VIOLENT = frozenset(("combat", "explosive", "civilians", "unrest", "other"))
# what is told in sums over months as often as of a day
_COUNTED = frozenset(("displacement", "territory_change", "arrest", "abduction"))
_WHY = {
    "hypothetical": "may happen or is wanted, but is not told as done",
    "planned": "is announced, and lies ahead",
    "negated": "did not happen",
    "denied": "is denied",
    "history": "is background: it tells of former times",
}


@dataclass(frozen=True, slots=True)
class Skipped:
    """A sentence from which no draft was made, and why."""

    start: int
    end: int
    text: str
    reason: str


_Span = TypeVar("_Span", Sentence, Mark, Skipped)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an article gave: drafts in the order of the text, and every other sentence."""

    article: Article
    report_date: date
    drafts: tuple[Draft, ...]
    skipped: tuple[Skipped, ...]


def extract(
    article: Article, *, report_date: date, now: datetime, model: Model | None = None
) -> Extraction:
    """Draft the incidents that an article tells of; nothing is asked from the network.

    Parameters
    ----------
    article
        Its text is taken as it is: offsets of the answer count its characters.
    report_date
        The day from which "yesterday" is counted.
    now
        Time of record of the drafts.
    model
        A language model of `geo.extract.model`; without one the gazetteer finds names alone.
    """
    clean = seen(article.text)
    text = clean.text
    sentences = split(text)
    places = resolve(text, names(text, model=model))
    found = dates(text, report_date)
    spoken = mentions(sentences)
    told = _told(text, sentences, spoken, places, found, report_date)
    events = group(told, sentences, text, places=_spots(text, sentences, places))
    tolls = _tolls(sentences, events, spoken)
    for event in events:
        event.event_type = by_victims(event, tolls.get(id(event), ()), sentences)
    material = Material(
        article=article,
        text=text,
        report_date=report_date,
        now=now,
        sentences=sentences,
        places=places,
        dated=any(w.last <= report_date for w in found),
        shared=Counter(n for event in events for n in event.sentences),
    )
    drafts = tuple(
        draft(event, tolls.get(id(event), ()), number=n, of=material)
        for n, event in enumerate(events, start=1)
    )
    used = {n for event in events for n in event.sentences}
    skipped = tuple(
        Skipped(s.start, s.end, s.text, _reason(n, s, spoken, found, report_date))
        for n, s in enumerate(sentences)
        if n not in used
    )
    made = Extraction(article, report_date, drafts, skipped)
    return made if clean.kept is None else _as_kept(made, clean)


def _as_kept(made: Extraction, clean: Seen) -> Extraction:
    """Tell everything by the offsets of the text as it is kept, unseen marks and all."""
    text = made.article.text

    def moved(span: _Span) -> _Span:
        start, end = clean.span(span.start, span.end)
        return replace(span, start=start, end=end, text=text[start:end])

    drafts = tuple(
        Draft(
            d.incident,
            replace(
                d.evidence,
                sentences=tuple(map(moved, d.evidence.sentences)),
                spans=tuple(map(moved, d.evidence.spans)),
            ),
        )
        for d in made.drafts
    )
    return replace(made, drafts=drafts, skipped=tuple(map(moved, made.skipped)))


def _told(
    text: str,
    sentences: Sequence[Sentence],
    spoken: Sequence[Mention],
    places: Sequence[Place],
    found: Sequence[When],
    report: date,
) -> list[Told]:
    """Put place and date beside each mention that tells of something done, or denied."""
    told: list[Told] = []
    for number, group_ in groupby(spoken, key=lambda m: m.sentence):
        here, sentence = list(group_), sentences[number]
        within = [p for p in places if sentence.start <= p.name.start < sentence.end]
        links = link(text, sentence, here, within)
        for n, mention in enumerate(here):
            if mention.status not in ("actual", "denied"):
                continue
            when, how = when_of(mention, sentence, found, report)
            if _set_aside(mention, sentence, when, report):
                continue
            told.append(Told(mention, links[n], when, how))
    return told


def _set_aside(mention: Mention, sentence: Sentence, when: When | None, report: date) -> str:
    """Say why a mention of something done is no incident of this report, if it is none."""
    if when is not None and when.first > report:
        return f"{mention.text!r} lies ahead: {when.text!r} is after {report}"
    if when is not None and report - when.last > BACKGROUND:
        return f"{mention.text!r} is background: {when.text!r} is long before {report}"
    if when is not None and when.last - when.first > BACKGROUND:
        return f"{mention.text!r} is told of a longer time: {when.text!r}"
    scope = scope_of(sentence.text)
    if scope and (mention.strength != "strong" or mention.event_type in _COUNTED):
        return f"{mention.text!r} is told of a longer time: {scope!r}"
    return ""


def _spots(
    text: str, sentences: Sequence[Sentence], places: Sequence[Place]
) -> dict[int, list[Spot]]:
    named = [p for p in places if p.name.kind == "place"]
    return {
        n: spots(text, s, [p for p in named if s.start <= p.name.start < s.end])
        for n, s in enumerate(sentences)
    }


def _tolls(
    sentences: Sequence[Sentence], events: Sequence[Event], spoken: Sequence[Mention]
) -> dict[int, list[Count]]:
    """Give each count to the event it stands with, or to the one told just before."""
    given: dict[int, list[Count]] = {}
    for number, sentence in enumerate(sentences):
        found = counts(sentence.text, offset=sentence.start)
        if not found:
            continue
        for count in found:
            event = _owner(count, number, sentences, events, spoken)
            if event is not None:
                given.setdefault(id(event), []).append(count)
                if number not in event.sentences:
                    event.sentences.append(number)
    return given


def _owner(
    count: Count,
    number: int,
    sentences: Sequence[Sentence],
    events: Sequence[Event],
    spoken: Sequence[Mention],
) -> Event | None:
    violent = [e for e in events if group_of(e.event_type).id in _VIOLENT]
    here = [e for e in violent if number in e.sentences]
    if here:
        return min(here, key=lambda e: _gap(count, e, number))
    if count.scope or any(m.sentence == number and m.status != "actual" for m in spoken):
        return None
    paragraph = sentences[number].paragraph
    best: tuple[int, Event] | None = None
    for event in violent:
        last = max((n for n in event.sentences if n < number), default=None)
        if last is None or (sentences[last].paragraph != paragraph and number - last > 2):
            continue
        if best is None or last >= best[0]:
            best = (last, event)
    if best is None or (count.value == 0 and number - best[0] > 1):
        return None
    return best[1]


def _gap(count: Count, event: Event, number: int) -> int:
    return (
        min(
            max(m.start - count.end, count.start - m.end, 0)
            for m in event.mentions
            if m.sentence == number
        )
        if any(m.sentence == number for m in event.mentions)
        else 10_000
    )


def _reason(
    number: int,
    sentence: Sentence,
    spoken: Sequence[Mention],
    found: Sequence[When],
    report: date,
) -> str:
    here = [m for m in spoken if m.sentence == number]
    if not here:
        return "no words of an event"
    mention = here[0]
    if mention.status != "actual":
        return f"{mention.text!r} {_WHY[mention.status]}: {mention.cue!r}"
    when, _ = when_of(mention, sentence, found, report)
    return _set_aside(mention, sentence, when, report) or f"{mention.text!r} is a part of no event"
