"""How is one event written as a draft incident, with what it rests on?

What the text does not say stays unknown: no place gives no point, "dozens" no number, and an
event that nothing dates is widened to a coarse period that says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from geo import countries
from geo.claims import toll_from_claims
from geo.extract.article import Article
from geo.extract.attribution import Attribution
from geo.extract.classifier import NONE, Classifier
from geo.extract.dates import When
from geo.extract.grouping import Event
from geo.extract.lookup import places as candidates_of
from geo.extract.parties import parties, united
from geo.extract.resolve import Place
from geo.extract.sentences import Sentence
from geo.extract.timing import assumed
from geo.extract.tolls import Count
from geo.gazetteer import Candidate
from geo.incident import (
    MAX_TITLE,
    Actor,
    Assessment,
    Claim,
    DatePrecision,
    Incident,
    Located,
    Precision,
    Recorded,
    Source,
    Toll,
)
from geo.taxonomy import event_type

_MOST_QUOTED = 2_000
# a share of past decisions that says something
_DECIDED = 0.5
# what stands between a name that no gazetteer has and a town beside it, not around it
_BESIDE = re.compile(
    r"\b(?:near|outside|close to|not far from|(?:north|south|east|west)[\w-]* of|"
    r"(?:(?P<far>\d{1,3})[ -])?(?:km|kilomet(?:re|er)s?|miles?))\b",
    re.IGNORECASE,
)
# so far from the town it may lie, in km, and so much farther than the text says
_FAR, _ABOUT = 30.0, 10.0
_POINTS = frozenset(("exact", "near"))
_HOW_SURE = {"clause": 1.0, "border": 0.8, "sentence": 0.75, "previous": 0.5, "": 0.6}
_WHEN_SURE = {"clause": 1.0, "sentence": 0.9, "ongoing": 0.9, "before": 0.7, "": 0.5}
_STRENGTH_SURE = {"strong": 1.0, "weak": 0.7, "toll": 0.6}


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text, and what it was read as."""

    start: int
    end: int
    text: str
    what: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a draft rests on: sentences, spans, the places its name may mean, score and reasons.

    `score` from 0 to 1 orders drafts by doubt; it is no probability.
    """

    sentences: tuple[Sentence, ...]
    spans: tuple[Mark, ...]
    candidates: tuple[Candidate, ...]
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft incident with its evidence."""

    incident: Incident
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What all drafts of one article are made from; `learned` is what people decided on others."""

    article: Article
    report_date: date
    now: datetime
    sentences: Sequence[Sentence]
    places: Sequence[Place]
    dated: bool
    said: Mapping[int, Attribution]
    learned: Classifier | None


def draft(event: Event, tolls: Sequence[Count], *, number: int, of: Material) -> Draft:
    """Write one event as a draft incident."""
    numbers = sorted(event.sentences)
    said = [of.said[n] for n in numbers]
    own = of.said[event.mentions[0].sentence]
    claims = _claims(tolls, own)
    start, end, precision, when_reason = _period(event, of)
    place, place_reason, candidates = _place(event, of)
    label = event_type(event.event_type).label
    where = str(place.get("place_name") or "")
    quote = " ".join(" ".join(of.sentences[n].text.split()) for n in numbers)[:_MOST_QUOTED]
    score, doubts = _score(event, of, quote)
    incident = Incident(
        id=f"article:{of.article.sha256[:8]}:{number}",
        event_type=event.event_type,
        title=f"{label}, {where}"[:MAX_TITLE] if where else label,
        summary=quote,
        start=start,
        end=end,
        date_precision=precision,
        time=event.when.part_of_day if event.when else "",
        actors=_actors(event, of),
        claims=claims,
        deaths=_toll(claims, "deaths"),
        injured=_toll(claims, "injured"),
        sources=(_source(of.article, quote),),
        status="draft",
        status_reason="drafted from an article; not yet reviewed",
        assessment=_assessment(event, said),
        recorded=Recorded(first_seen=of.now, updated=of.now),
        **place,
    )
    evidence = Evidence(
        sentences=tuple(of.sentences[n] for n in numbers),
        spans=_spans(event, tolls, of),
        candidates=candidates,
        score=score,
        reasons=(f"{event.mentions[0].text!r}: {label}", place_reason, when_reason, *doubts),
    )
    return Draft(incident, evidence)


def _period(event: Event, of: Material) -> tuple[date, date, DatePrecision, str]:
    when = event.when
    if when is None:
        start, end, precision = assumed(of.report_date, dated=of.dated)
        return start, end, precision, f"no date in the text: the {precision} before the report"
    if event.when_how == "ongoing":
        return when.first, when.last, "day", "told as going on: the day of the report"
    if when.since:
        return when.first, when.last, when.precision, f"since {when.text!r}, to the report"
    last = min(when.last, max(of.report_date, when.first))
    how = " of what was told before" if event.when_how == "before" else ""
    return when.first, last, when.precision, f"date{how}: {when.text!r}"


def _place(event: Event, of: Material) -> tuple[dict[str, Any], str, tuple[Candidate, ...]]:
    if event.border is not None:
        return _border(event, of)
    if event.spot is None:
        return {"precision": "none"}, "no place in the text", ()
    finest = event.spot.places[0]
    best = finest.best
    if best is None:
        return {"precision": "none"}, f"{finest.name.text!r} is no place that is known", ()
    how = {"clause": "beside the event", "sentence": "in the same sentence"}
    reason = f"place {finest.name.text!r}: {how.get(event.how, 'from what was told before')}"
    if event.spot.unknown is not None:
        reason += f"; {event.spot.unknown.text!r}, named with it, is in no gazetteer"
    held: dict[str, Any] = {
        "place_name": event.spot.unknown.text if event.spot.unknown else best.name,
        "countries": (best.country,) if best.country else (),
        "precision": _precision(event, best),
        "located": best.located,
    }
    if best.kind == "country":
        if event.spot.unknown is None:
            held["place_name"] = countries.name(best.country)
        return {**held, "precision": "country", "located": None}, reason, finest.candidates
    held |= {"admin1": best.admin1, "admin2": best.admin2, "radius_km": _radius(event, of)}
    if best.point is not None and best.precision not in ("country", "none"):
        held["point"] = best.point
    elif (unit := _province(best)) is not None:
        # where the district lies within its province is not known, and is not made up
        held |= {"precision": "province", "point": unit.point, "radius_km": unit.radius_km}
        held["located"] = unit.located
        reason += f"; it has no position of its own, {unit.name} stands for it"
    elif best.precision in ("exact", "near"):
        held["precision"] = "district"
    return held, reason, finest.candidates


def _precision(event: Event, best: Candidate) -> Precision:
    """Take the precision of a place; what is only likely near a town is in its district."""
    assumed = event.spot is not None and event.spot.unknown is not None and event.how == "previous"
    return "district" if assumed and best.precision in _POINTS else best.precision


def _radius(event: Event, of: Material) -> float | None:
    """Take the radius of a place; a name with it that no gazetteer has may lie farther off."""
    spot = event.spot
    best = spot.places[0].best if spot is not None else None
    if spot is None or best is None:
        return None
    if spot.unknown is None or best.precision not in _POINTS:
        return best.radius_km
    first, second = sorted((spot.unknown, spot.places[0].name), key=lambda name: name.start)
    said = _BESIDE.search(of.article.text, first.end, second.start)
    if said is None and event.how != "previous":
        return best.radius_km
    far = float(said["far"]) + _ABOUT if said is not None and said["far"] else _FAR
    return max(best.radius_km or 0.0, far)


def _province(place: Candidate) -> Candidate | None:
    """Find the province that a place without a position lies in."""
    if place.kind != "district" or not place.admin1:
        return None
    return next(
        (
            c
            for c in candidates_of(place.admin1)
            if c.kind == "province" and c.country == place.country and c.point is not None
        ),
        None,
    )


def _border(event: Event, of: Material) -> tuple[dict[str, Any], str, tuple[Candidate, ...]]:
    sentence = of.sentences[event.mentions[0].sentence]
    here = _countries(p for p in of.places if sentence.start <= p.name.start < sentence.end)
    everywhere = _countries(of.places)
    pair = [code for code, _ in everywhere.most_common(2)]
    if len(here) == 2:
        pair = sorted(here)
    pair = sorted(pair)
    name = "–".join(countries.name(code) for code in pair) + " border"
    words = of.article.text[slice(*event.border)] if event.border else ""
    return (
        {
            "place_name": name.strip(),
            "countries": tuple(pair),
            "precision": "area",
            "located": Located(method="article: a border, without a point", point="representative"),
        },
        f"{words!r} names a border, not a point",
        (),
    )


def _countries(places: Any) -> Counter[str]:
    found: Counter[str] = Counter()
    for place in places:
        if place.best is not None and place.best.country:
            found[place.best.country] += 1
    return found


def _actors(event: Event, of: Material) -> tuple[Actor, ...]:
    return united(
        parties(of.sentences[n].text, event.event_type)
        for n in dict.fromkeys(m.sentence for m in event.mentions)
    )


def _claims(tolls: Sequence[Count], said: Attribution) -> tuple[Claim, ...]:
    claims = [
        Claim(
            field=c.field,
            value=c.value,
            low=c.low if c.low != c.high else None,
            high=c.high if c.low != c.high else None,
            whom=c.whom,
            scope=c.scope,
            claimant=said.claimant[:200],
        )
        for c in tolls
    ]
    if said.blamed:
        claims.append(Claim(field="actor", value=said.blamed, claimant=said.claimant[:200]))
    return tuple(dict.fromkeys(claims))


def _toll(claims: Sequence[Claim], field: str) -> Toll:
    """Derive a toll; "at least 12" gives a least and a best figure, and no greatest one."""
    held = [c for c in claims if c.field == field and not c.scope]
    if len(held) == 1:
        value, low, high = (_whole(v) for v in (held[0].value, held[0].low, held[0].high))
        if value is not None:
            exact = low is None and high is None
            return Toll(value, value, value) if exact else Toll(low, value, high)
    values, kinds = {_whole(c.value) for c in held}, {c.whom for c in held if c.whom}
    if (
        len(values) == 1
        and len(kinds) < 2
        and None not in values
        and any(_is_least(c) for c in held)
    ):
        # a headline that leaves out "at least" makes no figure exact
        value = next(iter(values))
        return Toll(value, value, None)
    return toll_from_claims(held, field)


def _is_least(claim: Claim) -> bool:
    return claim.low == claim.value and claim.high is None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _assessment(event: Event, said: Sequence[Attribution]) -> Assessment:
    if event.denied or any(s.denied for s in said):
        return "disputed"
    return "claimed" if any(s.claimed for s in said) else "reported"


def _source(article: Article, quote: str) -> Source:
    return Source(
        publisher=article.publisher,
        title=article.title,
        url=article.url,
        archived_url=article.archived_url,
        published=article.published,
        retrieved=article.retrieved,
        language=article.language,
        sha256=article.sha256,
        quote=quote,
    )


def _spans(event: Event, tolls: Sequence[Count], of: Material) -> tuple[Mark, ...]:
    text = of.article.text

    def mark(start: int, end: int, what: str) -> Mark:
        return Mark(start, end, text[start:end], what)

    marks = [mark(m.start, m.end, "event") for m in event.mentions]
    if event.spot is not None:
        marks += [mark(p.name.start, p.name.end, "place") for p in event.spot.places]
    if event.border is not None:
        marks.append(mark(*event.border, "place"))
    if isinstance(event.when, When) and event.when.text:
        marks.append(mark(event.when.start, event.when.end, "date"))
    marks += [mark(c.start, c.end, c.field) for c in tolls]
    return tuple(sorted(set(marks), key=lambda m: (m.start, m.end, m.what)))


def _score(event: Event, of: Material, quote: str) -> tuple[float, tuple[str, ...]]:
    strength = max(_STRENGTH_SURE[m.strength] for m in event.mentions)
    score = strength * _HOW_SURE[event.how] * _WHEN_SURE[event.when_how]
    doubts = []
    if strength < 1:
        doubts.append("the words may mean something else")
    if event.spot is not None:
        sure = event.spot.places[0].score
        score *= 0.5 + sure / 2
        if sure < 0.8:
            doubts.append("the name may mean another place")
    if of.sentences[event.mentions[0].sentence].kind == "heading":
        score *= 0.9
        doubts.append("told first in a heading")
    if of.learned is not None:
        chances = of.learned.chances(quote)
        decided = max(chances, key=lambda outcome: chances[outcome])
        if decided != event.event_type and chances[decided] > _DECIDED:
            score *= 1 - chances[decided] / 2
            what = "no incident" if decided == NONE else event_type(decided).label
            doubts.append(f"people called drafts with such words: {what}")
    return round(score, 3), tuple(doubts)
