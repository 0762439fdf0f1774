"""Which place does each name of an article mean?

Every name has candidates; the others decide between them: places are spoken of together with
their country, with their neighbours, and with the unit they lie in ("Urgun, Paktika"). A name
means one place in one article. What decided is told in words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from geo.area import distance_km
from geo.countries import name as country_name
from geo.extract.capitals import is_capital
from geo.extract.kinds import said_kind
from geo.extract.names import Name
from geo.extract.said import WITHIN, Asked, asked, contains, key_of
from geo.gazetteer import Candidate
from geo.incident import Point
from geo.placenames import fold, rough

# what each sign is worth, in powers of ten of people
_KIND = {"country": 4.5, "region": 2.0, "district": -0.6}
_HOW = {"own": 0.0, "alias": -2.0, "part": -1.5, "demonym": 0.0, "short": -2.0}
_COUNTRY, _UNIT, _NEAR, _GIVEN = 6.0, 4.0, 2.0, 3.0
_ALIKE, _WORLD_CITY, _IN_NAMESAKE = 3.0, 15.0, -2.5
_PER_WEIGHT = 7.5 / 1000
# beyond some million people a name is known without its country
_KNOWN_WEIGHT = 850
_NEAR_KM, _NEAR_MOST, _NEAR_DEGREES = 150.0, 2.0, 8
# so many neighbours are looked at: time grows with the text, not with its square
_NEIGHBOURS = 200
_ROUNDS = 4
_KEPT = 8
# a place of less weight is hardly spoken of among so many names of other countries
_NOTED, _FAMOUS, _OTHERS = 620, 750, 4
# some 160 km from another place
_CLOSE = 0.33
# two candidates nearer than this are one answer
_SAME_KM = 25.0
_SPELLED = 0.9
# a town this near to the weight of its namesake is the main one there
_MAIN_TOWN = 0.8
_CAPITAL, _UNIT_OF_TOWN = 1.5, -0.5
# what lies near the middle of these says nothing
_WIDE = ("country", "region", "province", "sea", "river", "line", "mountains")


@dataclass(frozen=True, slots=True)
class Place:
    """What a name may mean, best first; `score` 0 to 1 says how clear the first is."""

    name: Name
    candidates: tuple[Candidate, ...]
    score: float
    reasons: tuple[str, ...]

    @property
    def best(self) -> Candidate | None:
        """The place that is meant most likely."""
        return self.candidates[0] if self.candidates else None


@dataclass(frozen=True, slots=True)
class _Context:
    """What the names of the text speak of, each place counted once."""

    chosen: Mapping[str, Candidate]
    countries: Counter[str]
    units: Counter[tuple[str, str]]
    # how many names mean a place, by its id
    held: Counter[str]
    # what lies somewhere, for distances
    points: Mapping[str, Candidate]


def resolve(
    text: str, names: Sequence[Name], *, countries: Collection[str] = ()
) -> tuple[Place, ...]:
    """Decide which place each name means, by all of them together.

    Parameters
    ----------
    text, names
        An article and its names, as `geo.extract.names` finds them.
    countries
        Alpha-3 codes of countries that the article is known to be about, if any.

    Returns
    -------
    tuple
        One place for each name, in their order; without candidates where nothing is known.
    """
    every = asked(text, names).values()
    chosen = {a.key: a.candidates[0] for a in every if a.candidates}
    scored: dict[str, list[tuple[float, Candidate, tuple[str, ...]]]] = {}
    for _ in range(_ROUNDS):
        context = _context(chosen, countries)
        scored = {a.key: _scored(a, context, frozenset(countries)) for a in every if a.candidates}
        now = {key: rows[0][1] for key, rows in scored.items()}
        if now == chosen:
            break
        chosen = now
    known = {key: c for key, c in chosen.items() if c.country}
    elsewhere = _said_elsewhere(text, names, known)
    meant = {
        key: rows
        for key, rows in scored.items()
        if key not in elsewhere and not _strays(key, known)
    }
    return tuple(_place(name, meant.get(key_of(text, name), [])) for name in names)


def _said_elsewhere(
    text: str, names: Sequence[Name], known: Mapping[str, Candidate]
) -> frozenset[str]:
    """Names of which the text says that they lie in a unit of another country: "Dora, in Hatay".

    The place that is meant is one that the gazetteer lacks.
    """
    return frozenset(
        key_of(text, name)
        for name, after in pairwise(names)
        if (inner := known.get(key_of(text, name))) is not None
        and (outer := known.get(key_of(text, after))) is not None
        and inner.country != outer.country
        and inner.kind not in ("country", "region")
        and WITHIN.fullmatch(text, name.end, after.start)
        and (outer.kind == "country" or said_kind(text, after))
    )


def _strays(key: str, known: Mapping[str, Candidate]) -> bool:
    """Whether a small place lies in a country of which a text on others says nothing else.

    Most likely a place nearer by is meant, which the gazetteer lacks.
    """
    own = known.get(key)
    if own is None or own.kind in ("country", "region"):
        return False
    # what is only spelled like the name must be better known
    if own.weight >= (_NOTED if own.how == "own" else _FAMOUS):
        return False
    others = Counter(c.country for k, c in known.items() if k != key)
    if own.country in others or others.total() < _OTHERS:
        return False
    # but not where something that the text names lies close by, beyond a border
    points = {k: c for k, c in known.items() if c.kind not in _WIDE}
    return _nearness(own, key, points)[0] <= _CLOSE


def _context(chosen: Mapping[str, Candidate], given: Collection[str]) -> _Context:
    countries: Counter[str] = Counter(dict.fromkeys(given, 4))
    units: Counter[tuple[str, str]] = Counter()
    for place in {c.id: c for c in chosen.values()}.values():
        countries[place.country] += _vote(place, "country")
        units[place.country, place.admin1] += _vote(place, "province")
    del countries[""]
    points = {k: c for k, c in chosen.items() if c.kind not in _WIDE and c.lat is not None}
    return _Context(
        chosen,
        countries,
        Counter({unit: n for unit, n in units.items() if unit[1]}),
        Counter(c.id for c in chosen.values()),
        dict(list(points.items())[:_NEIGHBOURS]),
    )


def _vote(place: Candidate, whole: str) -> int:
    """Tell what a place counts for the country or unit that it lies in, or is."""
    return 3 if place.kind == whole else 2


def _shares(candidate: Candidate, key: str, context: _Context) -> tuple[float, float]:
    """Share of the other names that speak of a candidate's country, and of its unit."""
    unit = (candidate.country, candidate.admin1)
    votes, every = context.countries[candidate.country], context.countries.total()
    within, units = context.units[unit], context.units.total()
    own = context.chosen[key]
    # a name does not vouch for itself
    if context.held[own.id] == 1:
        vote = _vote(own, "country") if own.country else 0
        every -= vote
        votes -= vote if own.country == candidate.country else 0
        vote = _vote(own, "province") if own.admin1 else 0
        units -= vote
        within -= vote if (own.country, own.admin1) == unit else 0
    return votes / max(1, every), within / max(1, units) if candidate.admin1 else 0.0


def _scored(
    one: Asked, context: _Context, given: frozenset[str]
) -> list[tuple[float, Candidate, tuple[str, ...]]]:
    rows = []
    nations = {c.country for c in one.candidates if c.kind == "country"}
    towns = _towns(one.candidates)
    told = _told_of_towns(one)
    others = [c for key in one.listed if (c := context.chosen.get(key)) is not None]
    for candidate in one.candidates:
        worth, why = one.said.get(candidate.id, (0.0, ""))
        # unless the text says more of the unit: "Daraa, Syria" may be either, "Daraa province" not
        of_town = told.get(candidate.country, 0.0)
        unit = candidate.kind in ("province", "district") and worth <= of_town
        # a bare name that a town and its unit share means the town, however many live around it
        town = towns.get(candidate.country, 0) if unit else 0
        main = _MAIN_TOWN * candidate.weight <= town < candidate.weight
        score, reasons = _alone(candidate, town if main else candidate.weight), []
        score += _spelling(candidate, one.key)
        score += worth
        if why:
            reasons.append(why)
        if candidate.country in nations and candidate.kind != "country":
            score += _IN_NAMESAKE
        if unit and candidate.country in towns:
            score += _UNIT_OF_TOWN
        if candidate.country in given:
            score += _GIVEN
        share, within = _shares(candidate, one.key, context)
        score += _COUNTRY * share + _UNIT * within
        if share > 0:
            reasons.append(f"{country_name(candidate.country)} is spoken of")
        if within > 0:
            reasons.append(f"other names lie in {candidate.admin1}")
        near, nearest = _nearness(candidate, one.key, context.points)
        score += _NEAR * near
        if nearest:
            reasons.append(nearest)
        if any(c.kind == candidate.kind and c.country == candidate.country for c in others):
            score += _ALIKE
            reasons.append("listed with others of its kind")
        rows.append((score, candidate, tuple(reasons)))
    # the id decides between equals, so that the answer never changes
    rows.sort(key=lambda row: (-row[0], row[1].id))
    return rows


def _spelling(candidate: Candidate, key: str) -> float:
    """Give back what an alias loses, where it only spells the own name another way."""
    alike = candidate.how == "alias" and _is_spelling(candidate, key)
    return -_SPELLED * _HOW["alias"] if alike else 0.0


def _is_spelling(candidate: Candidate, key: str) -> bool:
    """Whether a name is the own one in another spelling, or without the word "City"."""
    return rough(fold(candidate.name).removesuffix(" city")) == rough(key)


def _towns(candidates: Sequence[Candidate]) -> dict[str, int]:
    """Weight of the largest town among candidates, by its country."""
    found: dict[str, int] = {}
    for c in candidates:
        if c.kind == "town" and c.how != "part":
            found[c.country] = max(found.get(c.country, 0), c.weight)
    return found


def _told_of_towns(one: Asked) -> dict[str, float]:
    """Say how much the words beside a name speak for a town of it, by its country."""
    found: dict[str, float] = {}
    for c in one.candidates:
        if c.kind == "town":
            found[c.country] = max(found.get(c.country, 0.0), one.said.get(c.id, (0.0, ""))[0])
    return found


def _alone(candidate: Candidate, weight: int) -> float:
    """How likely a candidate of this weight is meant where nothing else is said."""
    known = max(0, weight - _KNOWN_WEIGHT) / 1000
    return (
        weight * _PER_WEIGHT
        + known * _WORLD_CITY
        + _KIND.get(candidate.kind, 0)
        + _HOW[candidate.how]
        + (_CAPITAL if is_capital(candidate) else 0.0)
    )


def _nearness(candidate: Candidate, key: str, points: Mapping[str, Candidate]) -> tuple[float, str]:
    """How much lies near a candidate, at most 2, and what lies nearest."""
    if candidate.kind in _WIDE or candidate.lat is None or candidate.lon is None:
        return 0.0, ""
    here = Point(candidate.lon, candidate.lat)
    total, nearest, name = 0.0, math.inf, ""
    for other_key, other in points.items():
        lat, lon = other.lat or 0.0, other.lon or 0.0
        if other_key == key or other.id == candidate.id or abs(lat - here.lat) > _NEAR_DEGREES:
            continue
        km = distance_km(here, Point(lon, lat))
        total += math.exp(-km / _NEAR_KM)
        if km < nearest:
            nearest, name = km, other.name
    said = f"{nearest:.0f} km from {name}" if nearest <= 2 * _NEAR_KM else ""
    return min(total, _NEAR_MOST), said


def _place(name: Name, rows: list[tuple[float, Candidate, tuple[str, ...]]]) -> Place:
    if not rows:
        return Place(name, (), 0.0, ("no place of this name is known",))
    best, first, reasons = rows[0]
    rivals = [score for score, c, _ in rows[1:] if not _same(first, c)]
    clear = 1 / (1 + math.exp(-(best - max(rivals)))) if rivals else 1.0
    if not rivals:
        reasons = ("the only place of this name", *reasons)
    elif not reasons:
        reasons = ("the largest place of this name",)
    scale = {"own": 1.0, "demonym": 1.0, "alias": 0.97}.get(first.how, 0.8)
    return Place(name, tuple(c for _, c, _ in rows[:_KEPT]), round(clear * scale, 3), reasons)


def _same(one: Candidate, other: Candidate) -> bool:
    """Whether two answers are one: near each other, or a city and the unit of its name."""
    if contains(one, other) or contains(other, one):
        return fold(one.name) == fold(other.name)
    if None in (one.lat, one.lon, other.lat, other.lon):
        return one.id == other.id
    a, b = Point(one.lon or 0.0, one.lat or 0.0), Point(other.lon or 0.0, other.lat or 0.0)
    return distance_km(a, b) <= _SAME_KM
