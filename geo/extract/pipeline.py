"""How does an article become draft incidents, and what of it becomes none?

Every sentence ends up either as evidence of a draft or among the skipped, with its reason.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import TypeVar

from geo.extract.article import Article
from geo.extract.attribution import attribution
from geo.extract.classifier import Classifier
from geo.extract.dates import When, dates, of_events
from geo.extract.drafts import Draft, Mark, Material, draft
from geo.extract.events import Mention, mentions, spoken
from geo.extract.grouping import Event, Told, group, is_new
from geo.extract.inherit import inherit
from geo.extract.link import Link, Spot, dateline, link, spots
from geo.extract.model import Model
from geo.extract.names import names
from geo.extract.owners import owned
from geo.extract.pointing import point
from geo.extract.reader import Reader, Reading
from geo.extract.resolve import Place, resolve
from geo.extract.sentences import Sentence, split
from geo.extract.syntax import Syntax
from geo.extract.telling import agreed
from geo.extract.timing import BACKGROUND, is_background, lasting, when_of
from geo.extract.twins import without_twins
from geo.extract.unlisted import unnamed
from geo.extract.unseen import Seen, seen

_WHY = {
    "hypothetical": "may happen or is wanted, but is not told as done",
    "planned": "is announced, and lies ahead",
    "negated": "did not happen",
    "denied": "is denied",
    "quoted": "stands in a quotation",
    "history": "is background: it tells of former times",
}


# so many sentences are read as a whole; a longer article is no news
_READ = 600

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A sentence from which no draft was made, and why."""

    start: int
    end: int
    text: str
    reason: str


_Part = TypeVar("_Part", Sentence, Mark, Skipped)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an article gave: drafts in the order of the text, and every other sentence."""

    article: Article
    report_date: date
    drafts: tuple[Draft, ...]
    skipped: tuple[Skipped, ...]


def extract(
    article: Article,
    *,
    report_date: date,
    now: datetime,
    model: Model | None = None,
    reader: Reader | None = None,
    learned: Classifier | None = None,
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
    reader
        What tells the types of whole sentences, and where they were and when; without one the
        lexicon and rules do so alone.
    learned
        What people decided on drafts before; it changes the order of doubt, and no draft.
    """
    clean = seen(article.text)
    made = _extracted(replace(article, text=clean.text), report_date, now, model, reader, learned)
    return made if clean.kept is None else _as_kept(made, article, clean)


def _extracted(
    article: Article,
    report_date: date,
    now: datetime,
    model: Model | None,
    reader: Reader | None,
    learned: Classifier | None,
) -> Extraction:
    text = article.text
    sentences = split(text)
    seen_names = model.read(text) if model else None
    named = names(text, seen_names.entities if seen_names else None)
    places = resolve(text, named)
    found = of_events(dates(text, report_date), report_date)
    entities = seen_names.entities if seen_names else ()
    reading = None
    if reader is not None:
        reading = reader.read(text, sentences[:_READ], places, found, entities)
        if reading is not None and not reading.makes_sense(dated=bool(found)):
            reading = None
    seen_words = _spoken(sentences, reading)
    if reading is not None and (more := unnamed(text, reading, seen_words, named, entities)):
        places = resolve(text, sorted((*named, *more), key=lambda name: name.start))
    syntax = Syntax(seen_names.tokens, text) if seen_names else None
    told = _told(text, sentences, seen_words, places, found, report_date, syntax)
    events = group(told, sentences, text, reading)
    wheres = _where(text, sentences, places)
    past = [w for w in found if w.last <= report_date]
    start = dateline(text, sentences, places)
    inherit(events, sentences, wheres, places, start, past, report_date)
    if reading is not None:
        recent = [w for w in past if not is_background(w, report_date)]
        point(events, text, reading, _chains(text, sentences, places), places, recent)
        events = without_twins(events, reading)
    for event in events:
        if event.when is not None:
            first = event.mentions[0]
            event.when = lasting(first, event.when, sentences[first.sentence], report_date)
    aged = _aged(sentences, found, report_date)
    tolls = owned(sentences, events, seen_words, aged, wheres=wheres, syntax=syntax)
    material = Material(
        article=article,
        report_date=report_date,
        now=now,
        sentences=sentences,
        places=places,
        dated=any(w.last <= report_date for w in found),
        said={n: attribution(s.text) for n, s in enumerate(sentences)},
        learned=learned,
    )
    drafts = tuple(
        draft(event, tolls.get(id(event), ()), number=n, of=material)
        for n, event in enumerate(events, start=1)
    )
    return Extraction(
        article,
        report_date,
        drafts,
        _skipped(sentences, events, seen_words, found, report_date, reading),
    )


def _spoken(sentences: Sequence[Sentence], reading: Reading | None) -> tuple[Mention, ...]:
    """Find the words that speak of events, of the types that their sentences tell."""
    found = mentions(sentences)
    if reading is None:
        return found
    parts = _parted(sentences, found, lambda m: m.start)
    told: list[Mention] = []
    for number, (sentence, here) in enumerate(zip(sentences, parts, strict=True)):
        tellings = reading.tellings(number)
        told += (
            agreed(
                here,
                tellings,
                partial(reading.at, number),
                partial(spoken, number, sentence),
            )
            if tellings
            else here
        )
    return tuple(told)


def _as_kept(made: Extraction, article: Article, clean: Seen) -> Extraction:
    """Tell everything by the offsets of the text as it is kept, unseen marks and all."""

    def moved(part: _Part) -> _Part:
        start, end = clean.span(part.start, part.end)
        return replace(part, start=start, end=end, text=article.text[start:end])

    def kept(draft: Draft) -> Draft:
        of = draft.evidence
        sentences, spans = tuple(map(moved, of.sentences)), tuple(map(moved, of.spans))
        return replace(draft, evidence=replace(of, sentences=sentences, spans=spans))

    drafts, skipped = tuple(map(kept, made.drafts)), tuple(map(moved, made.skipped))
    return replace(made, article=article, drafts=drafts, skipped=skipped)


def _skipped(
    sentences: Sequence[Sentence],
    events: Sequence[Event],
    spoken: Sequence[Mention],
    found: Sequence[When],
    report: date,
    reading: Reading | None,
) -> tuple[Skipped, ...]:
    used = {n for event in events for n in event.sentences}
    spoken_in = _parted(sentences, spoken, lambda m: m.start)
    dated = _parted(sentences, found, lambda w: w.start)
    return tuple(
        Skipped(s.start, s.end, s.text, _reason(s, spoken_in[n], dated[n], report, reading))
        for n, s in enumerate(sentences)
        if n not in used
    )


def _told(
    text: str,
    sentences: Sequence[Sentence],
    spoken: Sequence[Mention],
    places: Sequence[Place],
    found: Sequence[When],
    report: date,
    syntax: Syntax | None,
) -> list[Told]:
    """Put place and date beside each mention that tells of something done, or denied."""
    told: list[Told] = []
    named = _parted(sentences, places, lambda p: p.name.start)
    dated = _parted(sentences, found, lambda w: w.start)
    spoken_in = _parted(sentences, spoken, lambda m: m.start)
    for sentence, here, within, when_said in zip(sentences, spoken_in, named, dated, strict=True):
        links = link(text, sentence, here, within, syntax)
        for n, mention in enumerate(here):
            if mention.status not in ("actual", "denied"):
                continue
            when, how = when_of(mention, sentence, when_said, report)
            if when is not None and (when.first > report or is_background(when, report)):
                continue
            told += _by_place(mention, links[n], when, how, when_said)
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


def _where(
    text: str, sentences: Sequence[Sentence], places: Sequence[Place]
) -> list[tuple[int, Spot]]:
    """Find the places that are the where of something, with the number of their sentence."""
    named = _parted(sentences, places, lambda p: p.name.start)
    return [
        (number, spot)
        for number, (sentence, within) in enumerate(zip(sentences, named, strict=True))
        for spot in spots(text, sentence, within)
        if spot.role in ("where", "within") and spot.is_fine
    ]


def _chains(text: str, sentences: Sequence[Sentence], places: Sequence[Place]) -> list[Spot]:
    named = _parted(sentences, places, lambda p: p.name.start)
    return [
        spot
        for sentence, within in zip(sentences, named, strict=True)
        for spot in spots(text, sentence, within)
    ]


def _aged(sentences: Sequence[Sentence], found: Sequence[When], report: date) -> frozenset[int]:
    """List the numbers of sentences that date what they tell long before the report."""
    return frozenset(
        number
        for number, here in enumerate(_parted(sentences, found, lambda w: w.start))
        if here and all(is_background(when, report) for when in here)
    )


def _parted(
    sentences: Sequence[Sentence], items: Sequence[_T], start: Callable[[_T], int]
) -> list[list[_T]]:
    """Give each sentence what begins within it."""
    parts: list[list[_T]] = [[] for _ in sentences]
    begins = [sentence.start for sentence in sentences]
    for item in items:
        number = bisect_right(begins, start(item)) - 1
        if number >= 0 and start(item) < sentences[number].end:
            parts[number].append(item)
    return parts


def _reason(
    sentence: Sentence,
    here: Sequence[Mention],
    found: Sequence[When],
    report: date,
    reading: Reading | None,
) -> str:
    if not here:
        return "no words of an event"
    mention = here[0]
    if mention.status != "actual":
        return f"{mention.text!r} {_WHY[mention.status]}: {mention.cue!r}"
    when, _ = when_of(mention, sentence, found, report)
    if when is not None and when.first > report:
        return f"{mention.text!r} lies ahead: {when.text!r} is after {report}"
    if when is not None and is_background(when, report):
        recent = report - when.last <= BACKGROUND
        how = "spans a longer time" if recent else f"is long before {report}"
        return f"{mention.text!r} is background: {when.text!r} {how}"
    if mention.definite and mention.strength != "strong":
        why = "goes back to an event, and none told before it fits"
    elif reading is not None and not is_new(mention.event_type, [mention.sentence], reading):
        why = "tells of no new event, as the whole text reads"
    else:
        why = "points to no event of its own: no place or date beside it"
    return f"{mention.text!r} {why}"
