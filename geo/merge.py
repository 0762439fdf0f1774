"""What does an import do to a layer: which incidents are new, revised, unchanged, in conflict?

Both sides are streams in order of id, so that memory does not grow with their number.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from geo.incident import Incident
from geo.journal import Change
from geo.layerfile import decode, encode, line_id

_NAMED_CONFLICTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What an import did to a layer, or would do."""

    version: str
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    conflicts: int = 0
    duplicates: int = 0
    conflict_ids: tuple[str, ...] = ()


class Sorted:
    """Incoming incidents in order of id, on disk rather than in memory."""

    def __init__(self, incidents: Iterable[Incident]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="incident-atlas-")
        self._database = sqlite3.connect(Path(self._folder.name) / "incoming.sqlite")
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("CREATE TABLE line (id TEXT PRIMARY KEY, line BLOB) WITHOUT ROWID")
        count = 0

        def rows() -> Iterator[tuple[str, bytes]]:
            nonlocal count
            for incident in incidents:
                count += 1
                yield incident.id, encode(incident)

        try:
            self._database.executemany("INSERT OR REPLACE INTO line VALUES (?, ?)", rows())
        except BaseException:
            self.__exit__()
            raise
        kept = self._database.execute("SELECT count(*) FROM line").fetchone()[0]
        self.duplicates = count - kept
        self.sources = {
            row[0]
            for row in self._database.execute(
                "SELECT DISTINCT substr(id, 1, instr(id, ':')) FROM line"
            )
        }

    def __enter__(self) -> Sorted:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()
        self._folder.cleanup()

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        return iter(self._database.execute("SELECT id, line FROM line ORDER BY id"))


class Merge:
    """Two streams in order of id become one, and every incident is counted once."""

    def __init__(self, name: str, incoming: Sorted, *, now: datetime, complete: bool) -> None:
        self._where = f"layer {name!r}"
        self._incoming = incoming
        self._now = now
        self._complete = complete
        self.update = Update(version="")

    def run(self, lines: Iterator[bytes]) -> Iterator[tuple[bytes, Change | None]]:
        """Answer with every line of the result, and its change where there is one."""
        theirs = iter(self._incoming)
        waiting = next(theirs, None)
        for line in lines:
            key = line_id(line)
            while waiting is not None and waiting[0] < key:
                yield self._new(*waiting)
                waiting = next(theirs, None)
            if waiting is not None and waiting[0] == key:
                yield self._both(line, waiting[1])
                waiting = next(theirs, None)
            else:
                yield self._missing(line, key)
        while waiting is not None:
            yield self._new(*waiting)
            waiting = next(theirs, None)

    def _new(self, key: str, line: bytes) -> tuple[bytes, Change]:
        self._count("new")
        return line, Change(key, None, line.decode())

    def _both(self, line: bytes, theirs: bytes) -> tuple[bytes, Change | None]:
        if line == theirs:
            self._count("unchanged")
            return line, None
        ours = decode(line, where=self._where)
        new = decode(theirs, where="import")
        if replace(new, recorded=ours.recorded) == ours:
            self._count("unchanged")
            return line, None
        if ours.recorded.by and not new.recorded.by:
            ids = (*self.update.conflict_ids, ours.id)[:_NAMED_CONFLICTS]
            self.update = replace(self.update, conflict_ids=ids)
            self._count("conflicts")
            return line, None
        self._count("revised")
        recorded = replace(new.recorded, first_seen=ours.recorded.first_seen, updated=self._now)
        after = encode(replace(new, recorded=recorded))
        return after, Change(ours.id, line.decode(), after.decode())

    def _missing(self, line: bytes, key: str) -> tuple[bytes, Change | None]:
        if not self._complete or key[: key.find(":") + 1] not in self._incoming.sources:
            return line, None
        ours = decode(line, where=self._where)
        if ours.status == "retracted":
            return line, None
        self._count("withdrawn")
        recorded = replace(ours.recorded, updated=self._now)
        reason = "no longer in the source"
        gone = replace(ours, status="retracted", status_reason=reason, recorded=recorded)
        after = encode(gone)
        return after, Change(key, line.decode(), after.decode())

    def _count(self, what: str) -> None:
        self.update = replace(self.update, **{what: getattr(self.update, what) + 1})
