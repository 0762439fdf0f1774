"""Which incidents match, and why not the others?

The plain definition: one pass, one exclusion reason an incident, a ledger that adds up.
Everything quicker (`geo.index`) must give equal answers.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Literal

from geo.actors import canonical
from geo.area import Area, BBox, Where, classify
from geo.errors import FilterError
from geo.incident import Assessment, Incident, Precision, Status
from geo.sight import shows

When = Literal["within", "ongoing", "uncertain"]
# an incident that fails several filters is counted under the first of these
REASONS = (
    *("status", "dates", "event_type", "country", "area", "actor", "text", "precision"),
    *("deaths", "deaths_unknown", "assessment", "changed_since", "source"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is asked for. An empty part asks nothing; several values of one part mean "or".

    `start` and `end` are inclusive calendar days. `uncertain` keeps incidents whose coarse date
    only partly overlaps them. `area` keeps what lies inside or possibly inside.
    """

    start: date | None = None
    end: date | None = None
    uncertain: bool = True
    status: tuple[Status, ...] = ("accepted",)
    event_types: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    area: Area | None = None
    actors: tuple[str, ...] = ()
    text: str = ""
    precision: tuple[Precision, ...] = ()
    deaths_min: int | None = None
    assessment: tuple[Assessment, ...] = ()
    changed_since: datetime | None = None
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.start and self.end and self.start > self.end:
            msg = f"from {self.start} is after to {self.end}: the range must run forward"
            raise FilterError(msg)
        if self.deaths_min is not None and self.deaths_min < 0:
            msg = f"deaths-min is {self.deaths_min}: must be 0 or more"
            raise FilterError(msg)
        if self.changed_since is not None:
            if self.changed_since.utcoffset() is None:
                msg = f"changed-since is {self.changed_since}: a time of record carries its zone"
                raise FilterError(msg)
            # times of record are whole seconds; equal questions are equal filters
            since = self.changed_since.astimezone(UTC).replace(microsecond=0)
            object.__setattr__(self, "changed_since", since)
        object.__setattr__(self, "text", " ".join(self.text.split()))

    @property
    def active(self) -> tuple[str, ...]:
        """Names of the filters that can exclude something, in ledger order."""
        asked = {
            "status": bool(self.status),
            "dates": bool(self.start or self.end),
            "event_type": bool(self.event_types),
            "country": bool(self.countries),
            "area": self.area is not None,
            "actor": bool(self.actors),
            "text": bool(self.text),
            "precision": bool(self.precision),
            "deaths": self.deaths_min is not None,
            "assessment": bool(self.assessment),
            "changed_since": self.changed_since is not None,
            "source": bool(self.sources),
        }
        return tuple(name for name, is_asked in asked.items() if is_asked)


@dataclass(frozen=True, slots=True)
class Match:
    """An incident that matches, and how certainly in time and space."""

    incident: Incident
    when: When
    where: Where | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Where every incident went. `total = matched + sum(excluded)`, always.

    matched = on_map + off_frame + not_mappable + set_aside = within + ongoing + uncertain.
    """

    total: int
    matched: int
    within: int
    ongoing: int
    uncertain: int
    on_map: int
    off_frame: int
    not_mappable: int
    set_aside: int
    excluded: Mapping[str, int] = field(hash=False)
    would_return: Mapping[str, int] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Selection:
    """The answer: what matched, in the order given, and the ledger of the rest."""

    matches: tuple[Match, ...]
    ledger: Ledger

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """The matched incidents alone."""
        return tuple(match.incident for match in self.matches)


def select(
    incidents: Iterable[Incident],
    query: Filter,
    *,
    frame: BBox | None = None,
    set_aside: frozenset[str] = frozenset(),
) -> Selection:
    """Apply a filter and account for every incident.

    Parameters
    ----------
    incidents
        All incidents of the layers in question.
    query
        What is asked for.
    frame
        The extent drawn; matched incidents of which it shows nothing are counted as `off_frame`.
    set_aside
        Ids of matched incidents left out of the picture by hand.
    """
    checks = _checks(query)
    matches: list[Match] = []
    excluded: Counter[str] = Counter()
    only: Counter[str] = Counter()
    places: Counter[str] = Counter()
    total = 0
    for incident in incidents:
        total += 1
        failed = [reason for check in checks if (reason := check(incident))]
        if failed:
            excluded[failed[0]] += 1
            if len(failed) == 1:
                only[_filter_of(failed[0])] += 1
            continue
        where = classify(incident, query.area) if query.area else None
        matches.append(Match(incident, period_of(incident, query) or "within", where))
        places[_place(incident, frame, set_aside)] += 1
    when = Counter(match.when for match in matches)
    ledger = Ledger(
        total=total,
        matched=len(matches),
        within=when["within"],
        ongoing=when["ongoing"],
        uncertain=when["uncertain"],
        on_map=places["on_map"],
        off_frame=places["off_frame"],
        not_mappable=places["not_mappable"],
        set_aside=places["set_aside"],
        excluded={reason: excluded[reason] for reason in REASONS},
        would_return={name: only[name] for name in query.active},
    )
    return Selection(tuple(matches), ledger)


def period_of(incident: Incident, query: Filter) -> When | None:
    """Say how an incident's period lies to the dates asked for; None is outside."""
    start, end = query.start or date.min, query.end or date.max
    if incident.end < start or incident.start > end:
        return None
    if incident.start >= start and incident.end <= end:
        return "within"
    return "ongoing" if incident.date_precision == "day" else "uncertain"


def first_day(incident: Incident, query: Filter) -> date:
    """Day on which the histogram counts an incident: its first inside the range."""
    return max(incident.start, query.start) if query.start else incident.start


def fold(text: str) -> str:
    """Reduce text for comparison: case, width and accents do not matter."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def widened(query: Filter, name: str) -> Filter:
    """Drop one filter by its ledger name, as the "widen" suggestions offer."""
    empty = Filter(status=())
    parts = {
        "dates": ("start", "end", "uncertain"),
        "event_type": ("event_types",),
        "country": ("countries",),
        "actor": ("actors",),
        "deaths": ("deaths_min",),
        "source": ("sources",),
    }.get(name, (name,))
    return replace(query, **{part: getattr(empty, part) for part in parts})


def _filter_of(reason: str) -> str:
    return "deaths" if reason == "deaths_unknown" else reason


def _place(incident: Incident, frame: BBox | None, set_aside: frozenset[str]) -> str:
    if incident.id in set_aside:
        return "set_aside"
    if not incident.mappable:
        return "not_mappable"
    return "on_map" if frame is None or shows(frame, incident) else "off_frame"


_Check = Callable[[Incident], str | None]


def _checks(query: Filter) -> list[_Check]:
    """One check for each active filter, in ledger order; a check answers with its reason."""
    words = fold(query.text).split()
    wanted_actors = {fold(canonical(name)) for name in query.actors}
    wanted_sources = {fold(name) for name in query.sources}
    countries = set(query.countries)
    least = query.deaths_min or 0

    def dates(incident: Incident) -> bool:
        when = period_of(incident, query)
        return when is None or (when == "uncertain" and not query.uncertain)

    def deaths(incident: Incident) -> str | None:
        figure = incident.deaths.figure
        if figure is None:
            return "deaths_unknown"
        return "deaths" if figure < least else None

    def plain(name: str, fails: Callable[[Incident], bool]) -> _Check:
        return lambda incident: name if fails(incident) else None

    since = query.changed_since
    every: dict[str, _Check] = {
        "status": plain("status", lambda i: i.status not in query.status),
        "dates": plain("dates", dates),
        "event_type": plain("event_type", lambda i: i.event_type not in query.event_types),
        "country": plain("country", lambda i: countries.isdisjoint(i.countries)),
        "area": plain(
            "area",
            lambda i: query.area is not None and classify(i, query.area) in ("outside", "unknown"),
        ),
        "actor": plain("actor", lambda i: not _has_actor(i, wanted_actors)),
        "text": plain("text", lambda i: not _has_words(i, words)),
        "precision": plain("precision", lambda i: i.precision not in query.precision),
        "deaths": deaths,
        "assessment": plain("assessment", lambda i: i.assessment not in query.assessment),
        "changed_since": plain(
            "changed_since", lambda i: since is not None and i.recorded.updated < since
        ),
        "source": plain("source", lambda i: wanted_sources.isdisjoint(source_names(i))),
    }
    return [every[name] for name in query.active]


def source_names(incident: Incident) -> set[str]:
    """Folded names under which the source filter finds an incident."""
    return {fold(s.publisher) for s in incident.sources if s.publisher} | {
        fold(incident.id.partition(":")[0])
    }


def _has_actor(incident: Incident, wanted: set[str]) -> bool:
    return any(
        fold(name) in wanted
        for actor in incident.actors
        for name in (*_spellings(actor.name), *_spellings(actor.canonical))
        if name
    )


def _spellings(name: str) -> tuple[str, str]:
    return name, canonical(name)


def _has_words(incident: Incident, words: list[str]) -> bool:
    text = _searchable(incident)
    return all(word in text for word in words)


def _searchable(incident: Incident) -> str:
    parts = [incident.title, incident.summary, incident.place_name, incident.admin2]
    parts += [incident.admin1, incident.id]
    parts += [text for a in incident.actors for text in (a.name, a.canonical)]
    parts += [text for s in incident.sources for text in (s.publisher, s.title)]
    parts += [site.name for site in incident.sites]
    return fold("\n".join(parts))
