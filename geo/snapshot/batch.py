"""Which pictures make up a batch: one for each country, province, event type, week or month?

Each part narrows the filter further, so that its ledger still accounts for every incident of
the layer. No filter knows provinces: there the matched incidents of the others are set aside.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from geo.filters import Filter, Match, first_day
from geo.snapshot.language import Language
from geo.taxonomy import event_type
from geo.timeline import bin_end, bin_start

Each = Literal["country", "province", "type", "week", "month"]
EACH: tuple[Each, ...] = get_args(Each)
_NOT_A_NAME = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One picture of a batch: the end of its file name, what its title adds, what it holds."""

    slug: str
    label: str
    query: Filter
    set_aside: frozenset[str] = frozenset()


def parts(matches: Sequence[Match], query: Filter, *, each: Each, spoken: Language) -> list[Part]:
    """Split what a filter matches; the answer is in the order of names or of time.

    An incident of two countries stands in both pictures. An incident without a country or
    province is in none of theirs; the batch of types, weeks or months holds every incident.
    """
    if each == "country":
        codes = sorted({code for m in matches for code in m.incident.countries})
        return [
            Part(code.lower(), spoken.country(code), replace(query, countries=(code,)))
            for code in codes
        ]
    if each == "type":
        kinds = sorted({m.incident.event_type for m in matches})
        return [
            Part(
                kind.replace("_", "-"),
                spoken.kind(event_type(kind)),
                replace(query, event_types=(kind,)),
            )
            for kind in kinds
        ]
    if each == "province":
        return _provinces(matches, query)
    return _periods(matches, query, each, spoken)


def _provinces(matches: Sequence[Match], query: Filter) -> list[Part]:
    """Split by first-order unit, apart for each country that has one of that name."""
    held: dict[tuple[str, str], set[str]] = {}
    for match in matches:
        incident = match.incident
        if incident.admin1:
            key = ("-".join(incident.countries), incident.admin1)
            held.setdefault(key, set()).add(incident.id)
    every = frozenset(match.incident.id for match in matches)
    return [
        Part(_slug(f"{codes} {name}"), name, query, every - members)
        for (codes, name), members in sorted(held.items())
    ]


def _periods(matches: Sequence[Match], query: Filter, each: Each, spoken: Language) -> list[Part]:
    unit: Literal["week", "month"] = "week" if each == "week" else "month"
    starts = sorted({bin_start(first_day(m.incident, query), unit) for m in matches})
    made = []
    for start in starts:
        first = max(start, query.start) if query.start else start
        last = min(bin_end(start, unit), query.end) if query.end else bin_end(start, unit)
        named = f"{start:%G-w%V}" if unit == "week" else f"{start:%Y-%m}"
        label = spoken.say("dates.days", first=spoken.day(first), last=spoken.day(last))
        made.append(Part(named, label, replace(query, start=first, end=last)))
    return made


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_A_NAME.sub("-", plain).strip("-") or "unnamed"
