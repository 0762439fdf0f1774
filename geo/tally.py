"""What went by, in a file that is read row by row?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from geo.incident import Incident
from geo.sources.rows import Notes, Parsed, Rejected


@dataclass(slots=True)
class Tally:
    """Counts a stream of parsed rows while it passes into the store."""

    read: int = 0
    accepted: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    precision: Counter[str] = field(default_factory=Counter)
    licences: set[str] = field(default_factory=set)
    period: tuple[date, date] | None = None
    notes: Notes = field(default_factory=Notes)

    def watch(self, rows: Parsed) -> Iterator[Incident]:
        """Let incidents through and count them; keep what was refused."""
        for row in rows:
            self.read += 1
            if isinstance(row, Rejected):
                self.rejected.append(row)
                continue
            self.accepted += 1
            self.precision[row.precision] += 1
            if row.licence:
                self.licences.add(row.licence)
            self._widen(row.start, row.end)
            yield row

    def add(self, other: Self) -> None:
        """Count what another tally counted of the rows that follow."""
        self.read += other.read
        self.accepted += other.accepted
        self.rejected += other.rejected
        self.precision.update(other.precision)
        self.licences |= other.licences
        if other.period:
            self._widen(*other.period)
        self.notes.repaired.update(other.notes.repaired)
        self.notes.flagged.update(other.notes.flagged)

    def as_json(self) -> dict[str, Any]:
        """Write the tally as JSON values."""
        return {
            "read": self.read,
            "accepted": self.accepted,
            "rejected": [[r.line, r.field, r.value, r.rule] for r in self.rejected],
            "precision": dict(self.precision),
            "licences": sorted(self.licences),
            "period": [day.isoformat() for day in self.period or ()],
            "repaired": dict(self.notes.repaired),
            "flagged": dict(self.notes.flagged),
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        """Read a tally that `as_json` wrote."""
        first, last = map(date.fromisoformat, told["period"] or ("0001-01-01",) * 2)
        return cls(
            read=told["read"],
            accepted=told["accepted"],
            rejected=[Rejected(*parts) for parts in told["rejected"]],
            precision=Counter(told["precision"]),
            licences=set(told["licences"]),
            period=(first, last) if told["period"] else None,
            notes=Notes(Counter(told["repaired"]), Counter(told["flagged"])),
        )

    def _widen(self, first: date, last: date) -> None:
        if self.period is None:
            self.period = (first, last)
        elif first < self.period[0] or last > self.period[1]:
            self.period = (min(first, self.period[0]), max(last, self.period[1]))
