"""Which place belongs to which event, and which names are no place of any?

A city that "said", a people's name, a dateline and the host of talks are where nothing was fired.
A place counts when a preposition of place leads to it, when it is what was hit or taken, or when
it stands in a chain with such a place ("Urgun, Paktika").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from geo.extract.events import Mention
from geo.extract.resolve import Place
from geo.extract.sentences import Sentence

How = Literal["clause", "sentence", "border", "previous", ""]
Role = Literal["where", "within", "maybe", "no"]

_PLACE_WORDS = (
    r"(?:(?:the|neighbou?ring|nearby|central|downtown|greater|capital|capital city of|city of|"
    r"town of|village of|province of|district of|region of|state of|port of|city|town|village|"
    r"border town of|border crossing at|border crossing of|island of|outskirts of|parts of|"
    r"areas of|suburbs? of|"
    r"(?:north|south|east|west|northeast|northwest|southeast|southwest)(?:ern)?(?:most)?|"
    r"\w+['’]s|\w+ern)\s+){0,4}"
)
_IN = re.compile(
    rf"(?<![\w-])(?:in|at|near|above|below|beyond|opposite|outside|around|across|inside|within|"
    rf"throughout|along|into|over|on|off|toward|towards|through|reached|reaching|outskirts of|"
    rf"parts? of|sector of|south of|north of|east of|west of|areas? of|districts? of|"
    rf"(?:city|town|village|province|capital|harbou?r|port|enclave|region|island|suburb|township|"
    rf"quarter|cent(?:er|re)|area|base|airport|camp|state|governorate|valley) of|"
    rf"(?:\d+ ?(?:km|kilomet(?:er|re)s|miles) (?:from|of)))\s+{_PLACE_WORDS}\Z",
    re.IGNORECASE,
)
_TO = re.compile(rf"(?<![\w-])(?:to|from|for|of)\s+{_PLACE_WORDS}\Z", re.IGNORECASE)
_HIT = re.compile(
    rf"(?<![\w-])(?:hit|struck|bombed|shelled|attacked|targeted|targeting|pounded|rocked|captured|"
    rf"seized|recaptured|retook|overran|entered|shook|hitting|striking|stormed|raided|besieged|"
    rf"visited|visits|visiting|visit)\s+{_PLACE_WORDS}\Z",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?<![\w-])between\s+(?:the\s+)?(?:\w+\s+){0,3}\Z", re.IGNORECASE)
_CHAIN = re.compile(
    r"\s*,\s*(?:in\s+)?(?:the\s+)?(?:\w+ern\s+)?\Z|"
    r"['’]s\s+(?:\w+\s+){0,2}\Z|\s+in\s+(?:the\s+)?\Z|"
    r"(?:\s+(?:province|district|city|town|region|agency|area|village|state|county|tehsil|"
    r"governorate))\s*,?\s*(?:of|in)?\s*(?:the\s+)?(?:\w+ern\s+)?\Z",
    re.IGNORECASE,
)
_AND = re.compile(
    r"\s*(?:,|,?\s+and|,?\s+or|as well as|&)\s+(?:(?:[\w'’-]+\s+){0,4}(?:in|at|near)\s+)?"
    r"(?:the\s+)?\Z",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"(?:['’]s?)?\s+(?:(?:has|have|had|also|repeatedly|later)\s+){0,3}(?:said|says|accus\w+|"
    r"denie[sd]|deny|denying|blam\w+|claim\w*|warn\w*|announce\w*|reject\w*|condemn\w*|insist\w*|"
    r"call\w*|urge\w*|wants?|vow\w*|agree\w*|maintain\w*|respond\w*|express\w*|"
    r"confirm\w*|hope\w*|summon\w*|launch\w*|attack\w*|mediat\w*|broker\w*)\b",
    re.IGNORECASE,
)
_PERPETRATOR = re.compile(
    r"(?<![\w-])(?:by|against|accused|blamed|with|to)\s+(?:the\s+)?\Z", re.IGNORECASE
)
_DATELINE_AFTER = re.compile(r"\s*(?:\([^)\n]{2,20}\)\s*)?(?:/\w+)?\s*[–—:-]{1,2}\s")
_REPORTED_FROM = re.compile(
    r"\b(?:report(?:ed|ing|s)?|correspondent|speaking|said|told \w+) "
    r"(?:from|in|by phone from)\s+\Z",
    re.IGNORECASE,
)
_BORDER = re.compile(
    r"\b(?:borders?|borderlands?|frontiers?|Durand Line|Line of Control|Line of Actual Control|"
    r"demarcation line|boundary)\b",
    re.IGNORECASE,
)
_NAMES_BORDER = re.compile(r"\s*(?:[-–]|and)?\s*\w*\s*\b(?:border|frontier)\b", re.IGNORECASE)
_MOVES = frozenset(("visit", "displacement", "territory_change", "force_posture", "infiltration"))
_FINENESS = {
    "none": 0,
    "country": 0,
    "area": 1,
    "province": 2,
    "district": 3,
    "near": 4,
    "exact": 5,
}
# authorities arrest and close at home: the state that does so says where
_AT_HOME = frozenset(("arrest", "border_closure"))
# what is said has no place but its speaker's
_SAID = frozenset(("threat", "statement"))
# how far a border may stand from the words of its event
_BORDER_NEAR = 60
_CONTEXT = 70


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with those that contain it, the finest first, and how surely it says where."""

    places: tuple[Place, ...]
    role: Role

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
    text: str, sentence: Sentence, mentions: Sequence[Mention], places: Sequence[Place]
) -> dict[int, Link]:
    """Give each mention of one sentence its places, by the number of the mention."""
    found = spots(text, sentence, [p for p in places if p.name.kind == "place"])
    given: dict[int, list[tuple[Spot, How]]] = {n: [] for n in range(len(mentions))}
    for spot in found:
        if spot.role == "no":
            continue
        number, how = _governor(spot, mentions)
        if number is not None and _fits(spot, mentions[number], text):
            given[number].append((spot, how))
    links = {}
    for n, mention in enumerate(mentions):
        chosen = _best(text, mention, given[n])
        border = _border(text, sentence, mention)
        if mention.event_type in _SAID:
            links[n] = Link()
        elif border and not any(_finer_than_country(s) for s, _ in chosen):
            links[n] = Link((), border, "border")
        elif chosen:
            links[n] = Link(tuple(s for s, _ in chosen), None, chosen[0][1])
        elif mention.event_type in _AT_HOME:
            state = [s for s in found if fineness(s) == 0 and s.places[0].best is not None]
            links[n] = Link(tuple(state[:1]), None, "sentence" if state else "")
        else:
            links[n] = Link()
    return {n: _shared(n, links, mentions) for n in links}


def _shared(number: int, links: dict[int, Link], mentions: Sequence[Mention]) -> Link:
    """Give an event without a place that of another in its clause."""
    mine, own = links[number], mentions[number]
    if mine.spots or mine.border or own.event_type in _SAID:
        return mine
    for n, other in links.items():
        if other.spots and other.how == "clause" and mentions[n].clause == own.clause:
            return Link(other.spots, None, "sentence")
    return mine


def spots(text: str, sentence: Sentence, places: Sequence[Place]) -> list[Spot]:
    """Read the places of a sentence with their roles, chains as one."""
    found: list[Spot] = []
    for place in places:
        between = text[found[-1].end : place.name.start] if found else ""
        last = found[-1] if found else None
        if last and _CHAIN.fullmatch(between) and _joined(last, place, between):
            found[-1] = _joined(last, place, between) or last
            continue
        role = _role(text, sentence, place)
        if last and role in ("no", "maybe") and _AND.fullmatch(between):
            role = last.role
        # a name that is known nowhere still says that it was not elsewhere
        if place.best is not None or role == "where":
            found.append(Spot((place,), role))
    return found


def _role(text: str, sentence: Sentence, place: Place) -> Role:
    name = place.name
    before = text[max(sentence.start, name.start - _CONTEXT) : name.start]
    after = text[name.end : min(sentence.end, name.end + 40)]
    reported = _is_dateline(text, sentence, place) or _REPORTED_FROM.search(before)
    if reported or _NAMES_BORDER.match(after):
        return "no"
    if _BETWEEN.search(before):
        return "no" if _stands_for_government(place) else "where"
    if _IN.search(before) or _HIT.search(before):
        return "where"
    if _TO.search(before):
        return "no" if _SAYS.match(after) else "within"
    speaks = _SAYS.match(after) or _PERPETRATOR.search(before) or _stands_for_government(place)
    return "no" if speaks else "maybe"


def _is_dateline(text: str, sentence: Sentence, place: Place) -> bool:
    name = place.name
    if name.start - sentence.start > 30:
        return False
    lead = text[sentence.start : name.start]
    if lead.strip() and not re.fullmatch(r"[A-Z\s,.'’-]*", lead):
        return False
    rest = text[name.end : min(sentence.end, name.end + 40)]
    rest = re.sub(r"\A,\s*[A-Z][\w .]{1,25}?(?=\s*[(:–—-])", "", rest)
    rest = re.sub(r"\A,?\s*[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?", "", rest)
    return bool(_DATELINE_AFTER.match(rest))


def _stands_for_government(place: Place) -> bool:
    """Whether a bare name may well mean a state: a country, or the capital of one."""
    best = place.best
    return best is None or best.kind in ("country", "region", "capital")


def _joined(last: Spot, place: Place, between: str) -> Spot | None:
    """Join a name to the one before it, where one of them contains the other."""
    if place.best is None:
        return None
    inner = last.places[0]
    if "’" in between or "'" in between:
        # "Pakistan's Khyber": the container comes first
        if _contains(inner, place):
            return Spot((place, *last.places), last.role)
        return None
    if _contains(place, last.places[-1]):
        return Spot((*last.places, place), last.role)
    return None


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
    """Find the event of a place: the one before it in its clause, else the one after."""
    same = [n for n, m in enumerate(mentions) if m.clause.start <= spot.start < m.clause.end]
    before = [n for n in same if mentions[n].start <= spot.start]
    after = [n for n in same if mentions[n].start > spot.start]
    if before:
        return before[-1], "clause"
    if after:
        return after[0], "clause"
    earlier = [n for n, m in enumerate(mentions) if m.end <= spot.start]
    later = [n for n, m in enumerate(mentions) if m.start >= spot.end]
    if earlier:
        return earlier[-1], "sentence"
    return (later[0], "sentence") if later else (None, "")


def _fits(spot: Spot, mention: Mention, text: str) -> bool:
    """Whether a place in this role can be where an event of this type was."""
    if spot.role != "within":
        return True
    lead = text[max(0, spot.start - 12) : spot.start].casefold()
    if mention.event_type in _MOVES:
        return True
    # "the shelling of Kherson": only right behind its event
    return "of " in lead and 0 <= spot.start - mention.end <= 12


def _best(text: str, mention: Mention, given: list[tuple[Spot, How]]) -> list[tuple[Spot, How]]:
    """Keep the surest places of an event: the finest, nearest one and those listed with it."""
    for role, how in (
        *(("where", "clause"), ("within", "clause"), ("where", "sentence")),
        *(("maybe", "clause"), ("maybe", "sentence"), ("within", "sentence")),
    ):
        chosen = [pair for pair in given if pair[0].role == role and pair[1] == how]
        if not chosen:
            continue
        finest = max(fineness(spot) for spot, _ in chosen)
        others = [p for p in given if p[0].role == "where" and fineness(p[0]) > max(finest, 0)]
        if finest <= 0 and others:
            # "across Iran", and further on in the sentence "at Natanz"
            chosen, finest = others, max(fineness(spot) for spot, _ in others)
        fine = [pair for pair in chosen if fineness(pair[0]) == finest]
        nearest = min(fine, key=lambda pair: _gap(pair[0], mention))
        listed = [pair for pair in fine if _listed_with(text, pair[0], nearest[0], fine)]
        # between two towns is one stretch of road
        lead = text[max(0, listed[0][0].start - _CONTEXT) : listed[0][0].start]
        return listed[:1] if _BETWEEN.search(lead) else listed
    return []


def fineness(spot: Spot) -> int:
    """Rank how exactly a spot says where: a country least, a building or a crossing most."""
    best = spot.places[0].best
    return 4 if best is None else _FINENESS[best.precision]


def _gap(spot: Spot, mention: Mention) -> int:
    return max(spot.start - mention.end, mention.start - spot.end, 0)


def _listed_with(text: str, spot: Spot, other: Spot, among: list[tuple[Spot, How]]) -> bool:
    """Whether two spots stand in one list: "Khost, Paktika and Kunar"."""
    first, last = sorted((spot.start, other.start))
    row = sorted((s for s, _ in among if first <= s.start <= last), key=lambda s: s.start)
    return all(_AND.fullmatch(text[a.end : b.start]) for a, b in pairwise(row))


def _finer_than_country(spot: Spot) -> bool:
    best = spot.places[0].best
    return spot.role in ("where", "within") and best is not None and best.kind != "country"


def _border(text: str, sentence: Sentence, mention: Mention) -> tuple[int, int] | None:
    """Find the border that an event was at, if its clause names one close by."""
    if mention.event_type in (
        "border_closure",
        "talks",
        "visit",
        "agreement",
        "mediation",
        "statement",
    ):
        return None
    first = max(mention.clause.start, mention.start - _BORDER_NEAR, sentence.start)
    last = min(mention.clause.end, mention.end + _BORDER_NEAR)
    found = _BORDER.search(text, first, last)
    return found.span() if found else None
