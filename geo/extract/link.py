"""Which place belongs to which event, and which names are no place of any?

A city that "said", a people's name, a dateline and the host of talks are where nothing was fired.
A place counts when a preposition of place leads to it, when it is what was hit or taken, or when
it stands in a chain with such a place ("Urgun, Paktika").
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from geo.extract.events import Mention
from geo.extract.names import Name
from geo.extract.resolve import Place
from geo.extract.roles import BETWEEN, CONTEXT, Role, is_dateline
from geo.extract.roles import role as role_of
from geo.extract.said import LYING
from geo.extract.sentences import Sentence
from geo.extract.syntax import Syntax
from geo.placenames import fold, rough

How = Literal["clause", "sentence", "border", "previous", ""]

_CHAIN = re.compile(
    r"\s*,\s*(?:(?:just |some |about )?(?:[\w.,]+ (?:km|kilomet(?:er|re)s|miles) )?"
    r"(?:in|outside|near|north|south|east|west|part|capital)\s+(?:of\s+)?)?(?:the\s+)?"
    r"(?:\w+ern\s+)?(?:\w+\s+)?\Z|"
    r"\s*,\s*(?:an?|the)\s+(?:[\w-]+\s+){1,6}(?:in|of|near)\s+(?:the\s+)?(?:\w+ern\s+)?\Z|"
    r"['’]s\s+(?:(?!in\b|at\b|near\b|on\b|to\b)[\w-]+\s+){0,3}(?:of\s+)?\Z|"
    r"\s+(?:in|on)\s+(?:the\s+)?(?:\w+ern\s+){0,2}\Z|"
    r"\s*\(\Z|"
    r"(?:\s+(?:province|district|city|town|region|agency|area|village|state|county|tehsil|"
    r"governorate|quarter|suburb|neighbou?rhood|sector))\s*,?\s*(?:of|in)?\s*(?:the\s+)?"
    r"(?:\w+ern\s+)?\Z",
    re.IGNORECASE,
)
# "the Red Sea harbour of Hodeidah", "the Darfur city of Nyala"
_ATTRIBUTE = re.compile(
    r"\s+(?:[a-z][\w-]+\s+){0,2}(?:port|harbou?r|city|town|village|resort|island|suburb|district|"
    r"crossing|camp|base|settlement|capital|stronghold|hub|enclave|hamlet|towns|cities|villages|"
    r"districts|communities)(?:\s+(?:city|town))?"
    r"\s+(?:of\s+)?"
)
_OUTSIDE = re.compile(
    r",\s*(?:just |some |about )?.{0,25}\b(?:outside|near|(?:north|south|east|west) of)\b"
)
# what stands between places that are told in one breath
AND = re.compile(
    r"(?:\s+on\s+(?:\w+day|\d{1,2} \w+|\w+ \d{1,2}))?"
    r"\s*(?:,|,?\s+and|,?\s+or|as well as|&)\s+(?:in\s+|at\s+|near\s+)?(?:the\s+)?\Z",
    re.IGNORECASE,
)
_BORDER = re.compile(
    r"\b(?:(?-i:borders?|borderlands?|frontiers?)(?! (?:guards?|police|forces?|security|"
    r"villages?|towns?|posts?|crossings?|points?|troops|cit(?:y|ies)|districts?))|"
    r"Durand Line|Line of Control|Line of Actual Control|demarcation line|boundary)\b",
    re.IGNORECASE,
)
_INTO = re.compile(
    r"\b(?:into|to|towards?|reached|entered)\s+(?:neighbou?ring\s+)?\Z", re.IGNORECASE
)
_MOVES = frozenset(("visit", "displacement", "territory_change", "force_posture", "infiltration"))
# words are spoken anywhere
NOWHERE = frozenset(("threat", "statement"))
ONE_FRONT = frozenset(("armed_clash", "border_closure"))
# a region that reaches farther is a part of the world
_WIDE_KM = 500.0
# a town of less weight is not what the name of a province means
_CITY = 550
# so many sentences may hold a dateline
_OPENING = 2
_KIND_SAID = re.compile(
    r"\s+(?:(?P<province>province|region|state|oblast|governorate|prefecture|wilaya)|"
    r"(?P<district>district|county|tehsil|raion|agency|cercle|department))\b|"
)
_SUREST: tuple[tuple[Role, How, bool], ...] = (
    *(("where", "clause", True), ("where", "sentence", True), ("within", "clause", True)),
    *(("maybe", "clause", True), ("where", "clause", False), ("within", "clause", False)),
    ("within", "sentence", True),
    *(("where", "sentence", False), ("maybe", "sentence", True), ("within", "sentence", False)),
)
# so far a place stands at most from the words of its own event, in the steps of `syntax`
_NEAR_WAY = 3.0
# how far a border may stand from the words of its event
_BORDER_NEAR = 60


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with those that contain it, the finest first, and how surely it says where."""

    places: tuple[Place, ...]
    role: Role
    # a name within the finest of them that no gazetteer has
    unknown: Name | None = None

    @property
    def is_fine(self) -> bool:
        """Whether it says more than a country or a part of the world."""
        best = self.places[0].best
        if best is None or best.kind in ("country", "line"):
            return False
        return best.kind != "region" or (best.radius_km or math.inf) < _WIDE_KM

    @property
    def start(self) -> int:
        """Offset of its first name."""
        return min(p.name.start for p in self.places)

    @property
    def end(self) -> int:
        """Offset after its last name."""
        return max(p.name.end for p in self.places)


@dataclass(frozen=True, slots=True)
class Link:
    """Where an event was: spots, or a border without a point; and how that is known."""

    spots: tuple[Spot, ...] = ()
    border: tuple[int, int] | None = None
    how: How = ""


def link(
    text: str,
    sentence: Sentence,
    mentions: Sequence[Mention],
    places: Sequence[Place],
    syntax: Syntax | None,
) -> dict[int, Link]:
    """Give each mention of one sentence its places, by the number of the mention.

    Without a grammar of the text, commas and conjunctions say what belongs together.
    """
    found = spots(text, sentence, [p for p in places if p.name.kind == "place"])
    given: dict[int, list[tuple[Spot, How]]] = {n: [] for n in range(len(mentions))}
    for spot in found:
        number, how = _governor(spot, mentions)
        if syntax is not None and number is not None:
            number, how = _by_grammar(spot, mentions, syntax, number)
        if number is not None and _fits(spot, mentions[number], text):
            given[number].append((spot, how))
    links = {}
    for n, mention in enumerate(mentions):
        chosen = _best(given[n])
        if mention.event_type in ONE_FRONT:
            chosen = _first_of_lists(text, chosen)
        border = _border(text, sentence, mention, mentions)
        if border and not any(_finer_than_country(s) for s, _ in chosen):
            links[n] = Link((), border, "border")
        elif chosen:
            links[n] = Link(tuple(s for s, _ in chosen), None, chosen[0][1])
        else:
            links[n] = Link()
    return links


def spots(text: str, sentence: Sentence, places: Sequence[Place]) -> list[Spot]:
    """Read the places of a sentence with their roles, chains as one."""
    found: list[Spot] = []
    unknown: Place | None = None
    for place in (_meant(text, p) for p in places if p.name.kind == "place"):
        if place.name.text.islower():
            continue
        if place.best is None:
            unknown = place
            continue
        inner, unknown = unknown, None
        if inner is not None and _is_chain(text[inner.name.end : place.name.start]):
            role = role_of(text, sentence, inner)
            found.append(Spot((place,), "where" if role == "where" else "maybe", inner.name))
            continue
        between = text[found[-1].end : place.name.start] if found else ""
        last = found[-1] if found else None
        if last and _is_chain(between) and _joined(last, place, between):
            found[-1] = replace(_joined(last, place, between) or last, unknown=last.unknown)
            continue
        role = role_of(text, sentence, place)
        if last and last.role != "no" and _ATTRIBUTE.fullmatch(between) and _is_wide(last):
            found[-1] = Spot((place, *last.places), "where" if role == "within" else last.role)
            continue
        if last and AND.fullmatch(between):
            if BETWEEN.search(text, max(sentence.start, last.start - CONTEXT), last.start):
                continue
            if role in ("no", "maybe"):
                role = last.role
        found.append(Spot((place,), role))
    return [s for s in found if s.role in ("where", "maybe", "within")]


def _is_chain(between: str) -> bool:
    """Whether words between two names may say that one lies in the other."""
    return bool(_CHAIN.fullmatch(between) or LYING.fullmatch(between))


def _alike(one: str, other: str) -> bool:
    """Whether a town and a unit bear one name: "Kherson", "Khersons'ka"."""
    return rough(fold(one))[:4] == rough(fold(other))[:4]


def _is_wide(spot: Spot) -> bool:
    best = spot.places[0].best
    return best is not None and best.kind in (
        *("country", "region", "province", "district", "sea", "river", "lake", "valley", "island"),
        *("mountains", "desert"),
    )


def _meant(text: str, place: Place) -> Place:
    """Take the unit rather than its capital, where the text calls it one ("Kursk region")."""
    said = _KIND_SAID.match(text, place.name.end)
    kind = (said and said.lastgroup) or ""
    best = place.best
    if best is None or (kind and best.kind in ("province", "district")):
        return place
    if not kind and best.kind == "province":
        # called a region elsewhere in the text, and here by its bare name
        kind = "town"
    if not kind:
        return place
    units = [
        c
        for c in place.candidates
        if c.kind == kind and c.country == best.country and _alike(c.name, best.name)
        if kind != "town" or c.weight >= _CITY
    ]
    if not units:
        return place
    return replace(
        place, candidates=(units[0], *(c for c in place.candidates if c is not units[0]))
    )


def dateline(text: str, sentences: Sequence[Sentence], places: Sequence[Place]) -> Spot | None:
    """Find where a report comes from, if it says so at its beginning."""
    for sentence in sentences[:_OPENING]:
        for place in places:
            within = sentence.start <= place.name.start < sentence.end
            spot = Spot((place,), "maybe")
            if within and spot.is_fine and is_dateline(text, sentence, place):
                return spot
    return None


def _joined(last: Spot, place: Place, between: str) -> Spot | None:
    """Join a name to the one before it, where one of them contains the other."""
    inner = last.places[0]
    if _OUTSIDE.search(between):
        # "Krasnogorsk, just outside Moscow" tells of the former
        return Spot((*last.places, place), last.role)
    if "’" in between or "'" in between:
        # "Pakistan's Khyber": the container comes first
        if _contains(last.places[-1], place):
            if last.places[-1] is inner:
                return Spot((place, *last.places), last.role)
            return Spot((*last.places, place), last.role) if _contains(place, inner) else None
        return None
    outer = _contains(place, last.places[-1]) or _unit_of(place, inner)
    # what is named together with what it lies in is told as a place
    role = "where" if last.role == "maybe" else last.role
    return Spot((*last.places, place), role) if outer else None


def _unit_of(place: Place, inner: Place) -> bool:
    """Whether a province right behind a town is likely its own, though the gazetteer has another.

    Provinces are redrawn, and gazetteers keep the old ones.
    """
    one, other = place.best, inner.best
    if one is None or other is None:
        return False
    towns = ("town", "village", "locality")
    return one.kind == "province" and other.kind in towns and one.country == other.country


def _contains(outer: Place, inner: Place) -> bool:
    one, other = outer.best, inner.best
    if one is None or other is None or one.id == other.id or one.country != other.country:
        return False
    if one.kind == "country":
        return other.kind != "country"
    if one.kind == "province":
        return other.admin1 in (one.admin1, one.name)
    return one.kind == "district" and other.admin2 in (one.admin2, one.name)


def _governor(spot: Spot, mentions: Sequence[Mention]) -> tuple[int | None, How]:
    """Find the event that a place belongs to: the one before it in its clause, else after."""
    for n, mention in enumerate(mentions):
        if mention.start <= spot.start < mention.end:
            return n, "clause"
    same = [n for n, m in enumerate(mentions) if m.clause.start <= spot.start < m.clause.end]
    before = [n for n in same if mentions[n].end <= spot.start]
    after = [n for n in same if mentions[n].start >= spot.end]
    if before:
        return before[-1], "clause"
    if after:
        return after[0], "clause"
    earlier = [n for n, m in enumerate(mentions) if m.end <= spot.start]
    later = [n for n, m in enumerate(mentions) if m.start >= spot.end]
    if earlier:
        return earlier[-1], "sentence"
    return (later[0], "sentence") if later else (None, "")


def _by_grammar(
    spot: Spot, mentions: Sequence[Mention], syntax: Syntax, likely: int
) -> tuple[int, How]:
    """Find the event that stands nearest to a place in the grammar of its sentence."""
    name = spot.places[0].name
    ways = [syntax.way((name.start, name.end), (m.start, m.end)) for m in mentions]
    nearest = min(range(len(mentions)), key=lambda n: (ways[n], n != likely))
    within = mentions[nearest].start <= spot.start < mentions[nearest].end
    return nearest, "clause" if within or ways[nearest] <= _NEAR_WAY else "sentence"


def _fits(spot: Spot, mention: Mention, text: str) -> bool:
    """Whether a place in this role can be where an event of this type was."""
    best = spot.places[0].best
    if mention.event_type == "displacement" and best is not None and best.kind == "country":
        # "slipped into China" tells where they went
        return not _INTO.search(text, max(0, spot.start - CONTEXT), spot.start)
    if spot.role != "within":
        return True
    lead = text[max(0, spot.start - 12) : spot.start].casefold()
    if mention.event_type in _MOVES:
        return True
    # "the shelling of Kherson": only right behind its event
    return "of " in lead and 0 <= spot.start - mention.end <= 12


def _best(given: list[tuple[Spot, How]]) -> list[tuple[Spot, How]]:
    """Keep the surest places of an event, the finer instead of those that contain them."""
    for role, how, fine in _SUREST:
        chosen = [
            (spot, at)
            for spot, at in given
            if spot.role == role and at == how and spot.is_fine == fine
        ]
        if chosen:
            return [
                pair
                for pair in chosen
                if not any(
                    _contains(pair[0].places[0], other.places[0])
                    for other, _ in chosen
                    if other is not pair[0]
                )
            ]
    return []


def _finer_than_country(spot: Spot) -> bool:
    return spot.role in ("where", "within") and spot.is_fine


def _first_of_lists(text: str, given: list[tuple[Spot, How]]) -> list[tuple[Spot, How]]:
    """Keep the first of places in one breath: one front, one closure."""
    kept = given[:1]
    for (last, _), pair in pairwise(given):
        if not AND.fullmatch(text[last.end : pair[0].start]):
            kept.append(pair)
    return kept


def _border(
    text: str, sentence: Sentence, mention: Mention, others: Sequence[Mention]
) -> tuple[int, int] | None:
    """Find the border that an event was at, if its clause names one close by."""
    if mention.event_type in ("talks", "visit", "agreement", "mediation", "statement"):
        return None
    first = max(mention.clause.start, mention.start - _BORDER_NEAR, sentence.start)
    last = min(mention.clause.end, mention.end + _BORDER_NEAR)
    found = _BORDER.search(text, first, last)
    if found is None or min(others, key=lambda m: _gap(m, *found.span())) is not mention:
        return None
    return found.span()


def _gap(mention: Mention, start: int, end: int) -> int:
    return max(start - mention.end, mention.start - end, 0)
