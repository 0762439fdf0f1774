"""What does an import do to a layer: which incidents are new, revised, withdrawn, in conflict?

Both sides are streams in order of id, so that memory does not grow with their number.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Self

from geo.errors import LayerError
from geo.feature import read_time, write_time
from geo.incident import Incident
from geo.journal import Change
from geo.layerfile import Written, decode, encode, line_id
from geo.living import MEMBER, bare, living
from geo.merged import combine
from geo.scope import Extent, Scope, source_of
from geo.settle import Outcome, settle, withdraw
from geo.threeway import Upstream

# of each kind this many are named, and all are counted
MOST_NAMED = 1_000
WITHDRAWN = "withdrawn by source"
GONE = "withdrawn by source: not in its complete file"
# below this many a derived scope is not doubted
_FEW = 20


@dataclass(frozen=True, slots=True)
class Step:
    """What an import does to one incident, and to which of its fields."""

    id: str
    title: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which incidents an import touches, the first `MOST_NAMED` of each kind in order of id."""

    new: tuple[Step, ...] = ()
    revised: tuple[Step, ...] = ()
    withdrawn: tuple[Step, ...] = ()
    conflicts: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What an import did to a layer, or would do; every incident counts once.

    `open` counts conflicts that were reported before and still wait; `not_held` are ids that the
    source withdraws and the layer never had. `scope` is where a complete file was complete.
    """

    version: str
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    conflicts: int = 0
    open: int = 0
    duplicates: int = 0
    not_held: int = 0
    plan: Plan = Plan()
    scope: Scope | None = None

    @property
    def changed(self) -> int:
        """How many lines of the layer the import changes."""
        return self.new + self.revised + self.withdrawn + self.conflicts

    @property
    def conflict_ids(self) -> tuple[str, ...]:
        """Ids of the new conflicts, as far as they are named."""
        return tuple(step.id for step in self.plan.conflicts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How an import is to be done.

    `scope` is given where the file is complete; `withdraw` are ids that the source took back;
    `families` are the lines of merged incidents and their parts, by id.
    """

    now: datetime
    scope: Scope | None = None
    withdraw: Collection[str] = frozenset()
    families: Mapping[str, bytes]
    preview: bool = False


# how what waits or was merged begins in a line: no text can hold it
_LIVING = f'"{MEMBER}":'.encode()
_FIRST_SEEN, _UPDATED = b'"first_seen":"', b'"updated":"'
_TIME = len("2025-10-09T00:00:00Z")


def _differs_in_times_alone(ours: bytes, theirs: bytes) -> bool:
    """Whether two lines are equal but for when they were recorded: told without reading them.

    No text can hold the names, since its quotes are written with a backslash. Where a source has
    such names of its own, it is left to those who read.
    """
    if len(ours) != len(theirs):
        return False
    for name in (_FIRST_SEEN, _UPDATED):
        at = theirs.find(name) + len(name)
        if theirs.count(name) != 1 or not _is_time(ours[at : at + _TIME]):
            return False
        ours = ours[:at] + theirs[at : at + _TIME] + ours[at + _TIME :]
    return ours == theirs


@lru_cache(maxsize=1024)
def _is_time(text: bytes) -> bool:
    try:
        return write_time(read_time(text.decode())).encode() == text
    except (ValueError, OverflowError):
        return False


def _unsorted(error: Exception) -> LayerError:
    return LayerError(f"the import cannot be sorted on the disk: {error}")


class Sorted:
    """Incoming incidents in order of id, on disk rather than in memory."""

    def __init__(self, incidents: Iterable[Incident | Written]) -> None:
        try:
            self._folder = tempfile.TemporaryDirectory(prefix="incident-atlas-")
            self._database = sqlite3.connect(Path(self._folder.name) / "incoming.sqlite")
        except (OSError, sqlite3.Error) as error:
            raise _unsorted(error) from error
        try:
            self._take(incidents)
        except sqlite3.Error as error:
            self.__exit__()
            raise _unsorted(error) from error
        except BaseException:
            self.__exit__()
            raise

    def _take(self, incidents: Iterable[Incident | Written]) -> None:
        database = self._database
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("CREATE TABLE line (id TEXT PRIMARY KEY, line BLOB)")
        count = 0

        def rows() -> Iterator[tuple[str, bytes]]:
            nonlocal count
            for incident in incidents:
                count += 1
                yield incident.id, encode(incident)

        database.executemany("INSERT OR REPLACE INTO line VALUES (?, ?)", rows())
        kept = database.execute("SELECT count(*) FROM line").fetchone()[0]
        self.duplicates = count - kept

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()
        self._folder.cleanup()

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        return iter(self._database.execute("SELECT id, line FROM line ORDER BY id"))

    @cached_property
    def extent(self) -> Extent:
        """Which sources, days and countries came in; read again only where somebody asks."""
        extent = Extent()
        for _, line in self:
            extent.add(decode(line, where="import"))
        return extent

    def get(self, key: str) -> bytes | None:
        """Give the line of one id."""
        row = self._database.execute("SELECT line FROM line WHERE id = ?", (key,)).fetchone()
        return row[0] if row else None


class Merge:
    """Two streams in order of id become one, and every incident is counted once."""

    def __init__(self, name: str, incoming: Sorted, upstream: Upstream, order: Order) -> None:
        self._where = f"layer {name!r}"
        self._incoming = incoming
        self._upstream = upstream
        self._order = order
        self._counts: Counter[str] = Counter()
        self._named: dict[str, list[Step]] = {}
        self._lacking = 0
        self._found: set[str] = set()
        self._known: dict[str, Outcome] = {}
        self._within: set[str] = set()

    @property
    def update(self) -> Update:
        """What was done so far."""
        counts = {n: self._counts[n] for n in Update.__dataclass_fields__ if n in self._counts}
        return Update(
            version="",
            duplicates=self._incoming.duplicates,
            not_held=len(set(self._order.withdraw) - self._found),
            plan=Plan(**{what: tuple(steps) for what, steps in self._named.items()}),
            scope=self._scope,
            **counts,
        )

    def run(self, lines: Iterator[bytes]) -> Iterator[tuple[bytes, Change | None]]:
        """Answer with every line of the result, and its change where there is one."""
        theirs = iter(self._incoming)
        waiting = next(theirs, None)
        for line in lines:
            key = line_id(line)
            while waiting is not None and waiting[0] < key:
                yield self._new(*waiting)
                waiting = next(theirs, None)
            new = None
            if waiting is not None and waiting[0] == key:
                new, waiting = waiting[1], next(theirs, None)
            yield self._done(key, line, self._outcome(key, line, new))
        while waiting is not None:
            yield self._new(*waiting)
            waiting = next(theirs, None)
        self._doubt()

    @cached_property
    def _scope(self) -> Scope | None:
        asked = self._order.scope
        return None if asked is None else self._incoming.extent.fill(asked)

    def _new(self, key: str, line: bytes) -> tuple[bytes, Change]:
        if key not in self._order.withdraw:
            self._counts["new"] += 1
            named = self._named.setdefault("new", [])
            if len(named) < MOST_NAMED:
                named.append(Step(key, decode(line, where="import").title))
            return line, Change(key, None, line.decode())
        # published and taken back at once: it comes in as what it is
        self._found.add(key)
        incident = decode(line, where="import")
        gone = replace(incident, status="retracted", status_reason=WITHDRAWN)
        self._note("withdrawn", gone)
        after = encode(gone)
        return after, Change(key, None, after.decode())

    def _outcome(self, key: str, line: bytes, theirs: bytes | None) -> Outcome:
        if key in self._known:
            return self._known[key]
        if key in self._order.withdraw:
            self._found.add(key)
            outcome = self._withdrawn(decode(line, where=self._where), WITHDRAWN, named=True)
        elif theirs is not None:
            outcome = self._both(line, theirs)
        elif key in self._order.families:
            outcome = self._of_parts(line)
        else:
            outcome = self._missing(key, line)
        if key in self._order.families:
            self._known[key] = outcome
        return outcome

    def _both(self, line: bytes, theirs: bytes) -> Outcome:
        if line == theirs or (_LIVING not in line and _differs_in_times_alone(line, theirs)):
            return Outcome("unchanged")
        held, new = decode(line, where=self._where), decode(theirs, where="import")
        plain = MEMBER not in held.extra and MEMBER not in new.extra
        if plain and encode(replace(new, recorded=held.recorded)) == line:
            return Outcome("unchanged")
        return settle(held, new, said=self._said, now=self._order.now)

    def _missing(self, key: str, line: bytes) -> Outcome:
        scope = self._scope
        if scope is None or source_of(key) not in (scope.sources or ()):
            return Outcome("absent")
        held = decode(line, where=self._where)
        if not scope.holds(held):
            return Outcome("absent")
        outcome = self._withdrawn(held, GONE)
        self._lacking += outcome.what == "withdrawn"
        return outcome

    def _of_parts(self, line: bytes) -> Outcome:
        """Bring what changed in the parts of a merged incident into it."""
        held = decode(line, where=self._where)
        families = self._order.families
        keys = living(held).merged_from
        # a file from outside may name parts that are not there, or go round in a circle
        if not keys or held.id in self._within or not all(key in families for key in keys):
            return self._missing(held.id, line)
        self._within.add(held.id)
        before = [decode(families[key], where=self._where) for key in keys]
        after = [
            self._outcome(part.id, families[part.id], self._incoming.get(part.id)).incident or part
            for part in before
        ]
        self._within.discard(held.id)
        if after == before:
            return Outcome("absent")
        said, new = (
            replace(combine([bare(part) for part in parts]), id=held.id)
            for parts in (before, after)
        )
        outcome = settle(held, new, said=lambda _: said, now=self._order.now)
        return replace(outcome, what="absent") if outcome.what == "unchanged" else outcome

    def _withdrawn(self, held: Incident, reason: str, *, named: bool = False) -> Outcome:
        return withdraw(held, reason=reason, said=self._said, now=self._order.now, named=named)

    def _said(self, ours: Incident) -> Incident | None:
        return self._upstream.said(ours) if ours.recorded.by else ours

    def _done(self, key: str, line: bytes, outcome: Outcome) -> tuple[bytes, Change | None]:
        if outcome.what != "absent":
            self._note(outcome.what, outcome.incident, outcome.fields)
        if outcome.incident is None:
            return line, None
        after = encode(outcome.incident)
        return after, Change(key, line.decode(), after.decode())

    def _note(self, what: str, incident: Incident | None, fields: tuple[str, ...] = ()) -> None:
        self._counts[what] += 1
        if incident is not None:
            named = self._named.setdefault(what, [])
            if len(named) < MOST_NAMED:
                named.append(Step(incident.id, incident.title, fields))

    def _doubt(self) -> None:
        """Refuse to withdraw most of a layer on the word of a scope that nobody stated."""
        held = self._counts["revised"] + self._counts["unchanged"] + self._counts["new"]
        if self._order.preview or self._scope is None or self._scope.stated:
            return
        if self._lacking > max(_FEW, held):
            msg = (
                f"the complete file withdraws {self._lacking:,} incidents and holds {held:,}: "
                f"state the scope it is complete for (derived: {self._scope})"
            )
            raise LayerError(msg)
