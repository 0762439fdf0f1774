"""What is an incident?

A frozen, validated record with an honest place: every field is checked once, here, whoever
brings it (import, form, article, file). `geo.feature` turns it into a GeoJSON Feature and back.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from geo.countries import codes as country_codes
from geo.errors import IncidentError, Problem
from geo.records import (
    ASSESSMENTS,
    DATE_PRECISIONS,
    POINT_KINDS,
    PRECISIONS,
    RADIUS_ORIGINS,
    STATUSES,
    UNKNOWN,
    WHOM,
    Actor,
    Assessment,
    Claim,
    DatePrecision,
    Located,
    Point,
    PointKind,
    Precision,
    RadiusOrigin,
    Recorded,
    Site,
    Source,
    Status,
    Toll,
    Whom,
)
from geo.taxonomy import type_ids

__all__ = [
    "ASSESSMENTS",
    "ASSUMED_RADIUS_KM",
    "DATE_PRECISIONS",
    "FIRST_YEAR",
    "LAST_YEAR",
    "MAX_RADIUS_KM",
    "MAX_TEXT",
    "MAX_TITLE",
    "POINT_KINDS",
    "PRECISIONS",
    "RADIUS_ORIGINS",
    "STATUSES",
    "UNKNOWN",
    "WHOM",
    "Actor",
    "Assessment",
    "Claim",
    "DatePrecision",
    "Incident",
    "Located",
    "Point",
    "PointKind",
    "Precision",
    "RadiusOrigin",
    "Recorded",
    "Site",
    "Source",
    "Status",
    "Toll",
    "Whom",
    "cautions",
    "is_web_link",
]

# radius in km that is assumed, and marked so, where neither source nor unit gives one
ASSUMED_RADIUS_KM: Mapping[str, float] = MappingProxyType(
    {"near": 25.0, "district": 30.0, "province": 120.0, "area": 50.0}
)
MAX_TEXT = 10_000
MAX_TITLE = 300
_MAX_ID = 200
MAX_RADIUS_KM = 3_000.0
FIRST_YEAR, LAST_YEAR = 1800, 2100

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LINK = re.compile(r"https?://[^\s/?#]+[^\s]*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident: what, when, where, who, according to whom.

    `start` and `end` are calendar days of the place, inclusive; they are never shifted by a
    time zone. `point` is None unless source, gazetteer or hand gave one. `extra` keeps unknown
    properties of an imported Feature.

    Raises
    ------
    IncidentError
        With every broken rule, when a field does not fit the data model.
    """

    id: str
    event_type: str
    title: str
    start: date
    end: date
    precision: Precision
    recorded: Recorded
    date_precision: DatePrecision = "day"
    time: str = ""
    summary: str = ""
    place_name: str = ""
    admin2: str = ""
    admin1: str = ""
    countries: tuple[str, ...] = ()
    point: Point | None = None
    radius_km: float | None = None
    located: Located | None = None
    sites: tuple[Site, ...] = ()
    actors: tuple[Actor, ...] = ()
    claims: tuple[Claim, ...] = ()
    deaths: Toll = UNKNOWN
    injured: Toll = UNKNOWN
    sources: tuple[Source, ...] = ()
    status: Status = "accepted"
    status_reason: str = ""
    assessment: Assessment = "reported"
    native: Mapping[str, Any] = field(default_factory=dict, hash=False)
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)
    licence: str = ""

    def __post_init__(self) -> None:
        problems = tuple(_problems(self))
        if problems:
            raise IncidentError(problems)

    @property
    def mappable(self) -> bool:
        """Whether anything about the place can be drawn: a point, a site or a country."""
        return (
            self.point is not None
            or any(site.point for site in self.sites)
            or (self.precision != "none" and bool(self.countries))
        )


def cautions(incident: Incident) -> tuple[str, ...]:
    """Name what is odd about an incident but no reason to refuse it."""
    found = []
    for name, toll in (("deaths", incident.deaths), ("injured", incident.injured)):
        if toll.low is not None and toll.best is not None and toll.low > toll.best:
            found.append(f"{name}_low_above_best")
        if toll.best is not None and toll.high is not None and toll.best > toll.high:
            found.append(f"{name}_best_above_high")
        if toll.low is not None and toll.high is not None and toll.low > toll.high:
            found.append(f"{name}_low_above_high")
    if incident.point == Point(0.0, 0.0):
        found.append("null_island")
    if not incident.countries:
        found.append("no_country")
    return tuple(found)


def is_web_link(url: str) -> bool:
    """Whether a text is an http or https address, the only links ever offered."""
    return bool(_LINK.match(url))


def _problems(incident: Incident) -> Iterator[Problem]:
    yield from _text_problems(incident)
    yield from _period_problems(incident)
    yield from _place_problems(
        "", incident.point, incident.precision, incident.radius_km, incident.countries
    )
    yield from _located_problems("", incident.located)
    for i, site in enumerate(incident.sites):
        countries = (site.country,) if site.country else ()
        where = f"sites[{i}]."
        yield from _named(f"{where}name", site.name, "a site needs a name")
        yield from _located_problems(where, site.located)
        yield from _place_problems(where, site.point, site.precision, site.radius_km, countries)
    yield from _choice("event_type", incident.event_type, type_ids())
    yield from _choice("date_precision", incident.date_precision, DATE_PRECISIONS)
    yield from _choice("status", incident.status, STATUSES)
    yield from _choice("assessment", incident.assessment, ASSESSMENTS)
    for name, toll in (("deaths", incident.deaths), ("injured", incident.injured)):
        # nearly all injured are unknown
        for part in ("low", "best", "high") if toll != UNKNOWN else ():
            yield from _count(f"{name}_{part}", getattr(toll, part))
    for i, actor in enumerate(incident.actors):
        yield from _named(f"actors[{i}].name", actor.name, "an actor needs a name")
    for i, claim in enumerate(incident.claims):
        yield from _claim_problems(f"claims[{i}].", claim)
    for i, source in enumerate(incident.sources):
        yield from _source_problems(f"sources[{i}].", source)


def _claim_problems(where: str, claim: Claim) -> Iterator[Problem]:
    yield from _named(f"{where}field", claim.field, "a claim says what it is about")
    if claim.field in ("deaths", "injured") and not isinstance(claim.value, str):
        yield from _count(f"{where}value", claim.value)
    if type(claim.value) not in (int, str) or claim.value == "":
        rule = "a claim states a whole number or a text"
        yield Problem(f"{where}value", _shown(claim.value), rule)
    yield from _choice(f"{where}whom", claim.whom, WHOM)
    yield from _count(f"{where}low", claim.low)
    yield from _count(f"{where}high", claim.high)


def _source_problems(where: str, source: Source) -> Iterator[Problem]:
    for name in ("url", "archived_url"):
        url = getattr(source, name)
        if isinstance(url, str) and url and not is_web_link(url):
            rule = "a link starts with http:// or https://"
            yield Problem(f"{where}{name}", _shown(url), rule)
    for name in ("published", "retrieved"):
        day = getattr(source, name)
        if day is not None and type(day) is not date:
            yield Problem(f"{where}{name}", _shown(day), "must be a calendar day YYYY-MM-DD")


def _located_problems(where: str, located: Located | None) -> Iterator[Problem]:
    if located is None:
        return
    for name in ("method", "id"):
        yield from _text(f"{where}located.{name}", getattr(located, name), MAX_TEXT)
    yield from _choice(f"{where}located.point", located.point, POINT_KINDS)
    yield from _choice(f"{where}located.radius", located.radius, RADIUS_ORIGINS)


_TEXTS = ("summary", "time", "place_name", "admin1", "admin2", "status_reason", "licence")
_PARTS = {kind: fields(kind) for kind in (Actor, Claim, Source, Site)}
_texts_of = attrgetter("id", "title", *_TEXTS, "recorded.by")
_parts_of: Mapping[type[Any], attrgetter[Any]] = {
    kind: attrgetter(*(p.name for p in parts)) for kind, parts in _PARTS.items()
}
_MUST_BE_TEXT: Mapping[type[Any], list[bool]] = {
    kind: [p.type == "str" for p in parts] for kind, parts in _PARTS.items()
}


def _texts_fit(incident: Incident) -> bool:
    """Whether all texts surely keep their rules: most do, and are looked at in one go."""
    texts: list[str] = [*_texts_of(incident)]
    for item in (*incident.actors, *incident.claims, *incident.sources, *incident.sites):
        kind = type(item)
        for value, is_text in zip(_parts_of[kind](item), _MUST_BE_TEXT[kind], strict=True):
            if is_text or isinstance(value, str):
                texts.append(value)
    try:
        joined = "".join(texts)
    except TypeError:
        return False
    return (
        len(joined) <= MAX_TEXT
        and len(incident.id) <= _MAX_ID
        and len(incident.title) <= MAX_TITLE
        and not (incident.id.isspace() or incident.title.isspace())
        and bool(incident.id and incident.title)
        and not _CONTROL.search(joined)
    )


def _text_problems(incident: Incident) -> Iterator[Problem]:
    if _texts_fit(incident):
        return
    limits = {"id": _MAX_ID, "title": MAX_TITLE}
    for name in (*limits, *_TEXTS):
        yield from _text(name, getattr(incident, name), limits.get(name, MAX_TEXT))
    yield from _text("by", incident.recorded.by, MAX_TEXT)
    for name in ("id", "title"):
        yield from _named(name, getattr(incident, name), "must not be empty")
    for name in ("actors", "claims", "sources", "sites"):
        for i, item in enumerate(getattr(incident, name)):
            for part in _PARTS[type(item)]:
                value = getattr(item, part.name)
                # types are checked at run time too: JSON from outside holds anything
                if part.type == "str" or isinstance(value, str):
                    yield from _text(f"{name}[{i}].{part.name}", value, MAX_TEXT)


def _named(path: str, value: object, rule: str) -> Iterator[Problem]:
    if isinstance(value, str) and not value.strip():
        yield Problem(path, repr(value), rule)


def _text(path: str, value: str, limit: int) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(path, _shown(value), "must be text")
    elif len(value) > limit:
        yield Problem(path, f"{len(value)} characters long", f"at most {limit:,} are kept")
    elif _CONTROL.search(value):
        yield Problem(path, _shown(value), "control characters are not text")


def _period_problems(incident: Incident) -> Iterator[Problem]:
    for name in ("start", "end"):
        day = getattr(incident, name)
        if type(day) is not date:
            yield Problem(name, _shown(day), "must be a calendar day YYYY-MM-DD")
            return
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            yield Problem(name, day.isoformat(), f"the year must be {FIRST_YEAR}-{LAST_YEAR}")
    if incident.end < incident.start:
        rule = f"must not be before start {incident.start}"
        yield Problem("end", incident.end.isoformat(), rule)
    for name in ("first_seen", "updated"):
        if (moment := getattr(incident.recorded, name)).utcoffset() is None:
            yield Problem(name, str(moment), "a time of record carries its zone")


def _place_problems(
    where: str,
    point: Point | None,
    precision: Precision,
    radius_km: float | None,
    countries: tuple[str, ...],
) -> Iterator[Problem]:
    yield from _choice(f"{where}precision", precision, PRECISIONS)
    for code in countries:
        if code not in country_codes():
            rule = "must be an ISO 3166-1 alpha-3 code"
            yield Problem(f"{where}countries", _shown(code), rule)
    if point is not None:
        for name, value, limit in (("lon", point.lon, 180.0), ("lat", point.lat, 90.0)):
            if type(value) not in (int, float) or not math.isfinite(value) or abs(value) > limit:
                rule = f"must be a number from {-limit:g} to {limit:g}"
                yield Problem(f"{where}{name}", _shown(value), rule)
    if point is None and precision in ("exact", "near"):
        rule = f"precision {precision!r} needs coordinates; a place without is coarser"
        yield Problem(f"{where}point", "missing", rule)
    if point is not None and precision in ("country", "none"):
        rule = f"precision {precision!r} has no coordinates: a centroid is not a place"
        yield Problem(f"{where}point", f"{point.lon}, {point.lat}", rule)
    if radius_km is not None and not (
        type(radius_km) in (int, float)
        and math.isfinite(radius_km)
        and 0 < radius_km <= MAX_RADIUS_KM
    ):
        rule = f"must be a number of km above 0 and at most {MAX_RADIUS_KM:g}"
        yield Problem(f"{where}radius_km", _shown(radius_km), rule)


def _choice(
    path: str, value: object, allowed: tuple[str, ...] | frozenset[str]
) -> Iterator[Problem]:
    if value not in allowed:
        listed = allowed if isinstance(allowed, tuple) else sorted(allowed)
        yield Problem(path, _shown(value), "must be one of " + " ".join(v for v in listed if v))


def _count(path: str, value: object) -> Iterator[Problem]:
    if value is not None and (type(value) is not int or not 0 <= value <= 10_000_000):
        rule = "must be a whole number of people from 0 to 10,000,000, or unknown"
        yield Problem(path, _shown(value), rule)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…'"
