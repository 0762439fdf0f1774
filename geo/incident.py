"""What is an incident?

A frozen, validated record with an honest place: every field is checked once, here, whoever
brings it (import, form, article, file). `geo.feature` turns it into a GeoJSON Feature and back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date
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
from geo.rules import (
    CONTROL,
    FIRST_YEAR,
    LAST_YEAR,
    MAX_ID,
    MAX_RADIUS_KM,
    MAX_TEXT,
    MAX_TITLE,
    choice_problems,
    claim_problems,
    count_problems,
    is_counted,
    is_placed,
    is_web_link,
    located_problems,
    name_problems,
    place_problems,
    shown,
    source_problems,
    text_problems,
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
        if not _surely_fits(self) and (found := tuple(_problems(self))):
            raise IncidentError(found)

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


def _surely_fits(incident: Incident) -> bool:
    """Whether a plain incident, as most are, surely keeps every rule: looked at in one go.

    What it does not look at, claims and sites, it leaves to `_problems`, as all that is odd.
    """
    start, end, recorded, located = (
        incident.start,
        incident.end,
        incident.recorded,
        incident.located,
    )
    return (
        not (incident.claims or incident.sites)
        and type(start) is date
        and type(end) is date
        and start <= end
        and start.year >= FIRST_YEAR
        and end.year <= LAST_YEAR
        and recorded.first_seen.tzinfo is UTC
        and recorded.updated.tzinfo is UTC
        and incident.event_type in type_ids()
        and incident.date_precision in DATE_PRECISIONS
        and incident.status in STATUSES
        and incident.assessment in ASSESSMENTS
        and is_placed(incident.point, incident.precision, incident.radius_km)
        and country_codes().issuperset(incident.countries)
        and (located is None or (located.point in POINT_KINDS and located.radius in RADIUS_ORIGINS))
        and all(is_counted(toll) for toll in (incident.deaths, incident.injured))
        and _texts_fit(incident)
        and not any(actor.name.isspace() or not actor.name for actor in incident.actors)
        and not any(True for source in incident.sources for _ in source_problems("", source))
    )


def _problems(incident: Incident) -> Iterator[Problem]:
    yield from _text_problems(incident)
    yield from _period_problems(incident)
    yield from place_problems(
        "", incident.point, incident.precision, incident.radius_km, incident.countries
    )
    yield from located_problems("", incident.located)
    for i, site in enumerate(incident.sites):
        countries = (site.country,) if site.country else ()
        where = f"sites[{i}]."
        yield from name_problems(f"{where}name", site.name, "a site needs a name")
        yield from located_problems(where, site.located)
        yield from place_problems(where, site.point, site.precision, site.radius_km, countries)
    yield from choice_problems("event_type", incident.event_type, type_ids())
    yield from choice_problems("date_precision", incident.date_precision, DATE_PRECISIONS)
    yield from choice_problems("status", incident.status, STATUSES)
    yield from choice_problems("assessment", incident.assessment, ASSESSMENTS)
    for name, toll in (("deaths", incident.deaths), ("injured", incident.injured)):
        # nearly all injured are unknown
        for part in ("low", "best", "high") if toll != UNKNOWN else ():
            yield from count_problems(f"{name}_{part}", getattr(toll, part))
    for i, actor in enumerate(incident.actors):
        yield from name_problems(f"actors[{i}].name", actor.name, "an actor needs a name")
    for i, claim in enumerate(incident.claims):
        yield from claim_problems(f"claims[{i}].", claim)
    for i, source in enumerate(incident.sources):
        yield from source_problems(f"sources[{i}].", source)


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
    if incident.located is not None:
        texts += (incident.located.method, incident.located.id)
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
        and len(incident.id) <= MAX_ID
        and len(incident.title) <= MAX_TITLE
        and not (incident.id.isspace() or incident.title.isspace())
        and bool(incident.id and incident.title)
        and not CONTROL.search(joined)
    )


def _text_problems(incident: Incident) -> Iterator[Problem]:
    if _texts_fit(incident):
        return
    limits = {"id": MAX_ID, "title": MAX_TITLE}
    for name in (*limits, *_TEXTS):
        yield from text_problems(name, getattr(incident, name), limits.get(name, MAX_TEXT))
    yield from text_problems("by", incident.recorded.by, MAX_TEXT)
    for name in ("id", "title"):
        yield from name_problems(name, getattr(incident, name), "must not be empty")
    for name in ("actors", "claims", "sources", "sites"):
        for i, item in enumerate(getattr(incident, name)):
            for part in _PARTS[type(item)]:
                value = getattr(item, part.name)
                # types are checked at run time too: JSON from outside holds anything
                if part.type == "str" or isinstance(value, str):
                    yield from text_problems(f"{name}[{i}].{part.name}", value, MAX_TEXT)


def _period_problems(incident: Incident) -> Iterator[Problem]:
    for name in ("start", "end"):
        day = getattr(incident, name)
        if type(day) is not date:
            yield Problem(name, shown(day), "must be a calendar day YYYY-MM-DD")
            return
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            yield Problem(name, day.isoformat(), f"the year must be {FIRST_YEAR}-{LAST_YEAR}")
    if incident.end < incident.start:
        rule = f"must not be before start {incident.start}"
        yield Problem("end", incident.end.isoformat(), rule)
    for name in ("first_seen", "updated"):
        if (moment := getattr(incident.recorded, name)).utcoffset() is None:
            yield Problem(name, str(moment), "a time of record carries its zone")
