"""How does an article become draft incidents, and what of it becomes none?

Every sentence ends up either as evidence of a draft or among the skipped, with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from geo.extract import model as models
from geo.extract.article import Article
from geo.extract.attribution import attribution
from geo.extract.dates import When, dates
from geo.extract.drafts import Draft, Material, draft
from geo.extract.events import Mention, mentions
from geo.extract.grouping import Event, Told, group
from geo.extract.inherit import inherit
from geo.extract.link import Link, Spot, dateline, link, spots
from geo.extract.model import Model
from geo.extract.names import names
from geo.extract.resolve import Place, resolve
from geo.extract.sentences import Sentence, split
from geo.extract.timing import is_background, when_of
from geo.extract.tolls import Count, counts
from geo.taxonomy import group_of

_VIOLENT = frozenset(("combat", "explosive", "civilians", "unrest", "other"))
# so many sentences on, a count still belongs to the event told last
_TOLL_REACH = 2
_WHY = {
    "hypothetical": "may happen or is wanted, but is not told as done",
    "planned": "is announced, and lies ahead",
    "negated": "did not happen",
    "denied": "is denied",
    "quoted": "stands in a quotation",
    "history": "is background: it tells of former times",
}


@dataclass(frozen=True, slots=True)
class Skipped:
    """A sentence from which no draft was made, and why."""

    start: int
    end: int
    text: str
    reason: str


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
    text = article.text
    sentences = split(text)
    places = resolve(text, names(text, model=model))
    found = dates(text, report_date)
    spoken = mentions(sentences)
    told = _told(text, sentences, spoken, places, found, report_date)
    events = group(told, sentences, text)
    named = [(n, s) for n, sentence in enumerate(sentences) for s in _where(text, sentence, places)]
    past = [w for w in found if w.last <= report_date]
    inherit(events, sentences, named, places, dateline(text, sentences, places), past)
    tolls = _tolls(sentences, events, spoken, found, report_date)
    material = Material(
        article=article,
        report_date=report_date,
        now=now,
        sentences=sentences,
        places=places,
        dated=any(w.last <= report_date for w in found),
        said={n: attribution(s.text) for n, s in enumerate(sentences)},
    )
    drafts = tuple(
        draft(event, tolls.get(id(event), ()), number=n, of=material)
        for n, event in enumerate(events, start=1)
    )
    used = {n for event in events for n in event.sentences}
    skipped = tuple(
        Skipped(s.start, s.end, s.text, _reason(n, s, spoken, told, found, report_date))
        for n, s in enumerate(sentences)
        if n not in used
    )
    return Extraction(article, report_date, drafts, skipped)


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
    for number, sentence in enumerate(sentences):
        here = [m for m in spoken if m.sentence == number]
        if not here:
            continue
        within = [p for p in places if sentence.start <= p.name.start < sentence.end]
        links = link(text, sentence, here, within)
        for n, mention in enumerate(here):
            if mention.status not in ("actual", "denied"):
                continue
            when, how = when_of(mention, sentence, found, report)
            if when is not None and (when.first > report or is_background(when, report)):
                continue
            told += _by_place(mention, links[n], when, how, found)
    return told


def _by_place(
    mention: Mention, link: Link, when: When | None, how: str, dates: Sequence[When]
) -> list[Told]:
    """Part one mention by places where each has a date of its own behind it."""
    here = [w for w in dates if mention.clause.start <= w.start < mention.clause.end]
    if len(link.spots) < 2 or len(here) != len(link.spots):
        return [Told(mention, link, when, how)]
    return [
        Told(mention, replace(link, spots=(spot,)), own, how)
        for spot, own in zip(link.spots, here, strict=True)
    ]


def _where(text: str, sentence: Sentence, places: Sequence[Place]) -> list[Spot]:
    within = [p for p in places if sentence.start <= p.name.start < sentence.end]
    return [s for s in spots(text, sentence, within) if s.role in ("where", "within") and s.is_fine]


def _tolls(
    sentences: Sequence[Sentence],
    events: Sequence[Event],
    spoken: Sequence[Mention],
    dates: Sequence[When],
    report: date,
) -> dict[int, list[Count]]:
    """Give each count to the event it stands with, or to the one told just before."""
    given: dict[int, list[Count]] = {}
    for number, sentence in enumerate(sentences):
        dated = [w for w in dates if sentence.start <= w.start < sentence.end]
        if dated and all(is_background(w, report) for w in dated):
            continue
        found = counts(sentence.text, offset=sentence.start)
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
    here = [e for e in violent if any(m.sentence == number for m in e.mentions)]
    if here:
        return min(here, key=lambda e: _gap(count, e, number))
    if count.scope or any(m.sentence == number and m.status != "actual" for m in spoken):
        return None
    paragraph = sentences[number].paragraph
    last = {id(e): max((n for n in e.sentences if n < number), default=-1) for e in violent}
    before = [
        e
        for e in violent
        if (n := last[id(e)]) >= 0
        and (sentences[n].paragraph == paragraph or number - n <= _TOLL_REACH)
    ]
    return max(before, key=lambda e: last[id(e)], default=None)


def _gap(count: Count, event: Event, number: int) -> int:
    return min(
        max(m.start - count.end, count.start - m.end, 0)
        for m in event.mentions
        if m.sentence == number
    ) if any(m.sentence == number for m in event.mentions) else 10_000


def _reason(
    number: int,
    sentence: Sentence,
    spoken: Sequence[Mention],
    told: Sequence[Told],
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
    if when is not None and when.first > report:
        return f"{mention.text!r} lies ahead: {when.text!r} is after {report}"
    if when is not None:
        return f"{mention.text!r} is background: {when.text!r} is long before {report}"
    return f"{mention.text!r} points to no event of its own: no place, no date"


def load_model() -> Model | None:
    """Load the language model that is installed, if there is one."""
    return models.load()
