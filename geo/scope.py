"""What does a file claim to be complete about: which sources, days and countries?

Outside of that, what a file lacks says nothing. A monthly file is complete for its month and
not for the year.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from geo.incident import Incident


def source_of(incident_id: str) -> str:
    """Give the part of an id that names the source, colon included; '' where none does."""
    return incident_id[: incident_id.find(":") + 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a file is complete; before `Extent.fill`, a part that is None is to be derived.

    `countries` are stated: whatever lies wholly within them is in scope. `together` is derived:
    the very combinations of countries that the file holds. `stated` says whether any of it was.
    """

    sources: frozenset[str] | None = None
    start: date | None = None
    end: date | None = None
    countries: frozenset[str] | None = None
    together: frozenset[frozenset[str]] | None = None
    stated: bool = False

    def holds(self, incident: Incident) -> bool:
        """Whether an incident would be in the file if the source still had it."""
        found = frozenset(incident.countries)
        return (
            (self.sources is None or source_of(incident.id) in self.sources)
            and (self.start is None or incident.start >= self.start)
            and (self.end is None or incident.end <= self.end)
            and (self.countries is None or (bool(found) and found <= self.countries))
            and (self.together is None or found in self.together)
        )

    def as_json(self) -> dict[str, Any]:
        """Write the scope as JSON values, every key present."""
        codes = self.countries or {code for some in self.together or () for code in some}
        return {
            "sources": sorted(s.removesuffix(":") for s in self.sources or ()),
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
            "countries": sorted(codes),
            "stated": self.stated,
        }

    def __str__(self) -> str:
        said = self.as_json()
        return (
            f"{', '.join(said['sources']) or 'no source'}, "
            f"{said['start'] or 'the beginning'} to {said['end'] or 'the end'}, "
            f"{', '.join(said['countries']) or 'any country'}"
        )


class Extent:
    """What a stream of incidents covers, gathered while it passes.

    A file belongs to its period by first or by last days, and we do not know by which: only days
    that hold either way are claimed, so that a long incident does not stretch them.
    """

    def __init__(self) -> None:
        self._days: tuple[date, date] | None = None
        self._sources: set[str] = set()
        self._together: set[frozenset[str]] = set()

    def add(self, incident: Incident) -> None:
        """Take one incident into account."""
        first, last = self._days or (incident.end, incident.start)
        self._days = (min(first, incident.end), max(last, incident.start))
        self._sources.add(source_of(incident.id))
        self._together.add(frozenset(incident.countries))

    def fill(self, asked: Scope) -> Scope:
        """Complete a scope by what is not stated."""
        first, last = self._days or (None, None)
        dated = not (asked.start is None and asked.end is None)
        if dated:
            first, last = asked.start, asked.end
        return replace(
            asked,
            sources=frozenset(self._sources) if asked.sources is None else asked.sources,
            start=first,
            end=last,
            together=frozenset(self._together) if asked.countries is None else None,
            stated=dated or asked.countries is not None,
        )
