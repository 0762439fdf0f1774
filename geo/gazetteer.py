"""Where is this name, and how exactly?

Answers offline from the index of `geo.gazetteer_index`: exact names first, then beginnings,
single words and close spellings. What a name cannot say is not made up: a town is never exact,
a country and a district of unknown position have no coordinates.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

from geo.countries import iso3
from geo.errors import FilterError
from geo.gazetteer_index import ALIAS, DEMONYM, OWN, SHORT, TAIL, database, opened
from geo.incident import Located, Point, Precision
from geo.placenames import fold, near_misses, rough

RadiusFrom = Literal["", "source", "extent", "assumed"]
# how the asked name belongs to the place
How = Literal["own", "alias", "part", "demonym", "short"]

_MAX_NAME = 120
_EXACT = {OWN: 0.95, ALIAS: 0.93, TAIL: 0.7}
_PREFIX = {OWN: 0.75, ALIAS: 0.72, TAIL: 0.6}
_CLOSE = 0.65
# how much a place's importance may add, and what a place of another kind than asked loses
_IMPORTANCE, _OTHER_KIND, _OTHER_UNIT = 0.05, 0.15, 0.2
_SHORTEST_PREFIX, _SHORTEST_CLOSE = 3, 4
_ALIKE = 0.85
_ROWS = 60
_HOW: dict[int, How] = {
    OWN: "own",
    ALIAS: "alias",
    TAIL: "part",
    DEMONYM: "demonym",
    SHORT: "short",
}
# words that say what kind of place is meant
_KINDS = {
    "district": "district",
    "agency": "district",
    "tehsil": "tehsil",
    "province": "province",
    "governorate": "province",
    "oblast": "province",
    "region": "province",
    "state": "province",
    "city": "town",
    "town": "town",
    "village": "village",
    "crossing": "crossing",
    "border crossing": "crossing",
}
_SAME_KIND = {"village": ("village", "town", "locality"), "tehsil": ("tehsil", "district")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that a name may mean; `score` is 1 for the best match there can be.

    `lat` and `lon` are None where no position is known; those of a country serve distances, its
    `point` is None. `radius_from` says whether the radius comes from the source, the extent of
    the place, or is assumed. `weight` says how likely the place is meant where nothing else is
    known, 0 to 1000, about the logarithm of its people.
    """

    name: str
    id: str
    kind: str
    lat: float | None
    lon: float | None
    country: str
    admin1: str
    admin2: str
    precision: Precision
    radius_km: float | None
    radius_from: RadiusFrom
    score: float
    source: str
    licence: str
    weight: int = 0
    how: How = "own"

    @property
    def point(self) -> Point | None:
        """Where an incident of this place may be put; a country's middle is not a place."""
        if self.lat is None or self.lon is None or self.precision == "country":
            return None
        return Point(self.lon, self.lat)

    @property
    def located(self) -> Located:
        """How an incident placed here says that it was located."""
        whole = self.precision in ("exact", "near")
        return Located(
            method=f"gazetteer: {self.source}",
            id=self.id,
            point="site" if whole else "representative",
            radius=self.radius_from,
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked: the folded name, with and without the word for its kind."""

    keys: tuple[str, ...]
    kind: str
    country: str
    units: tuple[str, ...]


def locate(name: str, *, country: str = "", limit: int = 10) -> tuple[Candidate, ...]:
    """Find places by name, best first; an unknown name gives none.

    Parameters
    ----------
    name
        A place name in any script; "Urgun, Paktika" or "Khost province" narrow it.
    country
        Only in this country: a code or a name.
    limit
        At most so many places.

    Raises
    ------
    FilterError
        When `country` is no country.
    """
    asked = _read(name, country or "")
    if not asked.keys or limit < 1:
        return ()
    with closing(opened(database())) as index:
        scores = _exact(index, asked)
        for place, score in _beginnings(index, asked) if len(scores) < limit else ():
            scores.setdefault(place, score)
        if not scores:
            scores = _close(index, asked)
        found = [_place(index, place, score, asked) for place, score in scores.items()]
    # the id decides between equals, so that the order never changes
    found.sort(key=lambda c: (-c.score, c.lat is None, -c.weight, c.id))
    return tuple(found[:limit])


def named(key: str) -> tuple[Candidate, ...]:
    """Places that bear exactly this folded name, most likely first, peoples and short forms too.

    The end of a longer name ("Boldak") is asked for only where no place bears it whole. Answers
    are remembered: texts name the same places again and again.
    """
    return _named(database(), key)


@lru_cache(maxsize=20_000)
def _named(path: Path, key: str) -> tuple[Candidate, ...]:
    with closing(opened(path)) as index:
        rows = _bearing(index, key, whole=True) or _bearing(index, key, whole=False)
    return tuple(_candidate(row, score=_EXACT.get(how, 0.0), how=how) for how, *row in rows)


def _bearing(index: sqlite3.Connection, key: str, *, whole: bool) -> list[Any]:
    return index.execute(
        f"SELECT how, {_COLUMNS} FROM name JOIN place ON place.id = name.place"  # noqa: S608 our own names
        " WHERE key = :key AND (how = :tail) != :whole ORDER BY place.weight DESC LIMIT :rows",
        {"key": key, "tail": TAIL, "whole": whole, "rows": _ROWS},
    ).fetchall()


def _read(name: str, country: str) -> _Asked:
    first, *rest = (part.strip() for part in name[:_MAX_NAME].split(","))
    code = iso3(country) if country else ""
    if code is None:
        msg = f"country is {country[:60]!r}: must be an ISO 3166-1 code or an English name"
        raise FilterError(msg)
    units = []
    for part in rest:
        nation = iso3(part)
        if nation is None:
            units.append(_without_kind(fold(part))[0])
        else:
            code = code or nation
    key = fold(first)
    short, kind = _without_kind(key)
    keys = tuple(dict.fromkeys(k for k in (key, short) if k))
    return _Asked(keys, kind, code, tuple(unit for unit in units if unit))


def _without_kind(key: str) -> tuple[str, str]:
    """Take the word for a kind of place off a name, if there is one: "khost", "province"."""
    for word in sorted(_KINDS, key=len, reverse=True):
        if key.endswith(f" {word}"):
            return key.removesuffix(f" {word}"), _KINDS[word]
        if key.startswith(f"{word} of "):
            return key.removeprefix(f"{word} of "), _KINDS[word]
    return key, ""


def _exact(index: sqlite3.Connection, asked: _Asked) -> dict[int, tuple[float, int]]:
    scores: dict[int, tuple[float, int]] = {}
    for key in asked.keys:
        rows = index.execute(
            "SELECT place, how, weight FROM name WHERE key = :key AND how <= :tail"
            " AND (:country = '' OR country = :country) ORDER BY how, weight DESC LIMIT :rows",
            {"key": key, "tail": TAIL, "country": asked.country, "rows": _ROWS},
        )
        for place, how, weight in rows:
            _keep_best(scores, place, _EXACT[how] + _IMPORTANCE * weight / 1000, how)
    return scores


def _beginnings(index: sqlite3.Connection, asked: _Asked) -> list[tuple[int, tuple[float, int]]]:
    """Places of which a name, or a later word of the name, begins like this."""
    key = asked.keys[-1]
    if len(key) < _SHORTEST_PREFIX:
        return []
    rows = index.execute(
        "SELECT place, how, weight FROM name WHERE key > :key AND key < :end"
        " AND how <= :tail AND (:country = '' OR country = :country)"
        " ORDER BY weight DESC LIMIT :rows",
        {
            "key": key,
            "end": f"{key}\U0010ffff",
            "tail": TAIL,
            "country": asked.country,
            "rows": _ROWS,
        },
    )
    scores: dict[int, tuple[float, int]] = {}
    for place, how, weight in rows:
        _keep_best(scores, place, _PREFIX[how] + _IMPORTANCE * weight / 1000, how)
    return list(scores.items())


def _close(index: sqlite3.Connection, asked: _Asked) -> dict[int, tuple[float, int]]:
    """Places spelled nearly so: same consonants, or one consonant apart."""
    key = asked.keys[-1]
    shape = rough(key)
    if len(key) < _SHORTEST_CLOSE or not shape:
        return {}
    shapes = {shape, *(near_misses(shape) if len(shape) >= _SHORTEST_CLOSE else ())}
    rows = index.execute(
        f"SELECT key FROM rough WHERE rough IN ({','.join('?' * len(shapes))})"  # noqa: S608 only marks
        " AND length(key) BETWEEN ? AND ?",
        (*shapes, len(key) - 2, len(key) + 3),
    )
    plain = key.replace(" ", "")
    alike: dict[str, float] = {}
    matcher = SequenceMatcher(b=plain, autojunk=False)
    for (other,) in rows:
        matcher.set_seq1(other.replace(" ", ""))
        if matcher.quick_ratio() >= _ALIKE and (ratio := matcher.ratio()) >= _ALIKE:
            alike[other] = ratio
    scores: dict[int, tuple[float, int]] = {}
    for other in sorted(alike, key=lambda k: (-alike[k], k))[:_ROWS]:
        found = index.execute(
            "SELECT place, weight FROM name WHERE key = :key AND how = :own"
            " AND (:country = '' OR country = :country) ORDER BY weight DESC LIMIT :rows",
            {"key": other, "own": OWN, "country": asked.country, "rows": _ROWS},
        )
        for place, weight in found:
            _keep_best(scores, place, _CLOSE * alike[other] + _IMPORTANCE * weight / 1000, OWN)
    return scores


def _keep_best(scores: dict[int, tuple[float, int]], place: int, score: float, how: int) -> None:
    if place not in scores or score > scores[place][0]:
        scores[place] = (score, how)


_COLUMNS = (
    "place.name, ref, kind, lat, lon, place.country, admin1, admin2, precision, radius_km,"
    " radius_from, source, licence, place.weight"
)


def _place(
    index: sqlite3.Connection, place: int, found: tuple[float, int], asked: _Asked
) -> Candidate:
    row = index.execute(f"SELECT {_COLUMNS} FROM place WHERE id = ?", (place,)).fetchone()  # noqa: S608 our own names
    score, how = found
    candidate = _candidate(row, score=score, how=how)
    if asked.kind and candidate.kind not in _SAME_KIND.get(asked.kind, (asked.kind,)):
        score -= _OTHER_KIND
    within = {fold(candidate.admin1), fold(candidate.admin2)}
    if asked.units and within.isdisjoint(asked.units):
        score -= _OTHER_UNIT
    return replace(candidate, score=round(max(score, 0.0), 3))


def _candidate(row: Sequence[object], *, score: float, how: int) -> Candidate:
    name, ref, kind, lat, lon, country, admin1, admin2, precision, radius, basis, source, *rest = (
        row
    )
    licence, weight = rest
    return Candidate(
        name=str(name),
        id=str(ref),
        kind=str(kind),
        lat=cast("float | None", lat),
        lon=cast("float | None", lon),
        country=str(country),
        admin1=str(admin1),
        admin2=str(admin2),
        precision=cast("Precision", precision),
        radius_km=cast("float | None", radius),
        radius_from=cast("RadiusFrom", basis),
        score=score,
        source=str(source),
        licence=str(licence),
        weight=cast("int", weight),
        how=_HOW[how],
    )
