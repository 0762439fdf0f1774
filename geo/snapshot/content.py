"""What does a briefing say, before anything is drawn? One content for every format.

Slide, PDF, PPTX, DOCX and HTML take their numbers and words from here, so that they agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from geo.claims import contested
from geo.filters import Match, When
from geo.incident import Incident
from geo.manifest import Manifest
from geo.sight import shows
from geo.snapshot.brief import Brief, manifest_of
from geo.snapshot.language import Language, language
from geo.snapshot.words import filter_in_words, ledger_in_words
from geo.taxonomy import EventType, Group, event_type, group_of
from geo.timeline import Timeline, timeline

Shown = Literal["on_map", "off_frame", "not_mappable", "set_aside"]
_MOST_TYPES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of "what happened where": its number stands on the map too.

    `deaths` is a figure, a range, "claims differ" or "unknown", in words.
    """

    number: int
    incident: Incident
    when: When
    kind: EventType
    group: Group
    day: str
    place: str
    deaths: str
    assessment: str
    precision: str
    sources: str
    callout: str
    shown: Shown


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure: the number as it is printed, what it counts, and what it leaves out."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything a briefing says; `rows` are numbered from 1 in the order of the table."""

    title: str
    subtitle: str
    figures: tuple[Figure, ...]
    rows: tuple[Row, ...]
    timeline: Timeline
    ledger: str
    alt: str
    manifest: Manifest
    language: Language

    @property
    def id(self) -> str:
        """The ID that is printed: that of the manifest."""
        return self.manifest.id


def content_of(brief: Brief) -> Content:
    """Say what a brief says."""
    spoken = language(brief.language)
    matches = brief.selection.matches
    rows = tuple(_row(n, match, brief, spoken) for n, match in enumerate(_ordered(brief), 1))
    subtitle = filter_in_words(brief.query, matches, spoken)
    return Content(
        title=brief.title,
        subtitle=subtitle,
        figures=_figures(brief.selection.incidents, spoken),
        rows=rows,
        timeline=timeline(brief.selection.incidents, brief.query),
        ledger=ledger_in_words(brief.selection.ledger, spoken),
        alt=_alt(brief, subtitle, spoken),
        manifest=manifest_of(brief),
        language=spoken,
    )


def _ordered(brief: Brief) -> list[Match]:
    """Incidents chosen by hand first, in their order, then the rest by day."""
    at = {name: n for n, name in enumerate(brief.order)}
    last = len(at)
    return sorted(
        brief.selection.matches,
        key=lambda m: (
            at.get(m.incident.id, last),
            m.incident.start,
            m.incident.end,
            m.incident.id,
        ),
    )


def _row(number: int, match: Match, brief: Brief, spoken: Language) -> Row:
    incident = match.incident
    return Row(
        number=number,
        incident=incident,
        when=match.when,
        kind=event_type(incident.event_type),
        group=group_of(incident.event_type),
        day=days_in_words(incident, spoken),
        place=incident.place_name or _place(incident, spoken),
        deaths=toll_in_words(incident, spoken),
        assessment=spoken.say(f"assessment.{incident.assessment}"),
        precision=spoken.say(f"precision.{incident.precision}"),
        sources=spoken.listed(dict.fromkeys(s.publisher for s in incident.sources if s.publisher)),
        callout=dict(brief.callouts).get(incident.id, ""),
        shown=_shown(incident, brief),
    )


def _shown(incident: Incident, brief: Brief) -> Shown:
    if incident.id in brief.set_aside:
        return "set_aside"
    if not incident.mappable:
        return "not_mappable"
    return "on_map" if shows(brief.frame, incident) else "off_frame"


def _place(incident: Incident, spoken: Language) -> str:
    """Name the unit and countries of an incident whose place has no name."""
    nations = spoken.say("words.and_both").join(map(spoken.country, incident.countries))
    named = (incident.admin2, incident.admin1, nations)
    return spoken.listed(dict.fromkeys(part for part in named if part))


def days_in_words(incident: Incident, spoken: Language) -> str:
    """Say when, without the year, and no more exactly than it is known."""
    start, end = incident.start, incident.end
    if incident.date_precision != "day":
        return spoken.coarse(start, incident.date_precision)
    return spoken.short_period(start, end)


def toll_in_words(incident: Incident, spoken: Language) -> str:
    """Say how many died: a number, a range, "claims differ" or "unknown"."""
    toll = incident.deaths
    low, best, high = toll.low, toll.best, toll.high
    if contested(incident, "deaths"):
        if low is not None and high is not None and low != high:
            return spoken.say("deaths.differ_between", low=low, high=high)
        return spoken.say("deaths.differ")
    known = sorted({n for n in (low, best, high) if n is not None})
    if not known:
        return spoken.say("deaths.unknown")
    if len(known) > 1:
        key = "between" if best is None else "best"
        return spoken.say(f"deaths.{key}", low=known[0], high=known[-1], best=best)
    if best is None and (low is None or high is None):
        # the only figure is a bound
        return spoken.say(f"deaths.at_{'most' if low is None else 'least'}", n=known[0])
    return spoken.number(known[0])


def _figures(incidents: tuple[Incident, ...], spoken: Language) -> tuple[Figure, ...]:
    """Count incidents, deaths where there is one figure, and places known exactly."""
    matched = len(incidents)
    settled = [i for i in incidents if i.deaths.known and not contested(i, "deaths")]
    differ = sum(contested(i, "deaths") for i in incidents)
    unknown = matched - len(settled) - differ
    exact = sum(i.precision == "exact" for i in incidents)
    made = [Figure(spoken.number(matched), spoken.say("figures.incidents", n=matched))]
    if settled:
        total, note = _sum(settled, spoken), ""
        if differ or unknown:
            total = spoken.say("figures.and_unknown", sum=total)
            note = spoken.say("figures.not_added", differ=differ, unknown=unknown)
        made.append(Figure(total, spoken.say("figures.killed", n=len(settled)), note))
    made.append(
        Figure(
            spoken.number(exact),
            spoken.say("figures.exact"),
            spoken.say("figures.coarse", n=matched - exact) if matched > exact else "",
        )
    )
    return tuple(made)


def _sum(settled: Iterable[Incident], spoken: Language) -> str:
    """Add up tolls that have one figure, as a range where any is a range."""
    ends = [
        sorted(n for n in (i.deaths.low, i.deaths.best, i.deaths.high) if n is not None)
        for i in settled
    ]
    low, high = sum(each[0] for each in ends), sum(each[-1] for each in ends)
    if low == high:
        return spoken.number(low)
    return spoken.say("deaths.between", low=low, high=high)


def _alt(brief: Brief, subtitle: str, spoken: Language) -> str:
    """Say in words what the picture shows; its numbers are the ledger's."""
    ledger = brief.selection.ledger
    counted = Counter(event_type(i.event_type) for i in brief.selection.incidents)
    most = spoken.listed(
        spoken.say("alt.type", type=spoken.kind(kind), n=n)
        for kind, n in counted.most_common(_MOST_TYPES)
    )
    counts = {
        "matched": ledger.matched,
        "total": ledger.total,
        "on_map": ledger.on_map,
        "off_frame": ledger.off_frame,
        "not_mappable": ledger.not_mappable,
    }
    if ledger.set_aside:
        counted_all = spoken.say("alt.counts_set_aside", set_aside=ledger.set_aside, **counts)
    else:
        counted_all = spoken.say("alt.counts", **counts)
    said = [spoken.say("alt.picture", title=brief.title, subtitle=subtitle), counted_all]
    if most:
        said.append(spoken.say("alt.types", types=most))
    return " ".join(said)
