"""What does an import do to a layer: which incidents are new, revised, unchanged, in conflict?

Both sides are streams in order of id, so that memory does not grow with their number.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Self

from geo.errors import LayerError
from geo.feature import read_time, write_time
from geo.incident import Incident
from geo.journal import Change
from geo.layerfile import Written, decode, encode, line_id
from geo.threeway import Upstream, reconcile

_NAMED_CONFLICTS = 100
_GONE = "no longer in the source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What an import did to a layer, or would do; every incident counts once."""

    version: str
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    conflicts: int = 0
    duplicates: int = 0
    conflict_ids: tuple[str, ...] = ()

    @property
    def changed(self) -> int:
        """How many incidents the import changes."""
        return self.new + self.revised + self.withdrawn


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
        # the part of an id up to its colon names the source
        sources = database.execute("SELECT DISTINCT substr(id, 1, instr(id, ':')) FROM line")
        self.sources = frozenset(row[0] for row in sources)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()
        self._folder.cleanup()

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        return iter(self._database.execute("SELECT id, line FROM line ORDER BY id"))


class Merge:
    """Two streams in order of id become one, and every incident is counted once."""

    def __init__(
        self, name: str, incoming: Sorted, upstream: Upstream, *, now: datetime, complete: bool
    ) -> None:
        self._where = f"layer {name!r}"
        self._incoming = incoming
        self._upstream = upstream
        self._now = now
        self._complete = complete
        self._counts: Counter[str] = Counter()
        self._conflict_ids: list[str] = []

    @property
    def update(self) -> Update:
        """What was counted until now."""
        return Update(
            version="",
            duplicates=self._incoming.duplicates,
            conflict_ids=tuple(self._conflict_ids),
            **self._counts,
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
        if line == theirs or _differs_in_times_alone(line, theirs):
            return self._kept("unchanged", line)
        ours = decode(line, where=self._where)
        new = decode(theirs, where="import")
        if encode(replace(new, recorded=ours.recorded)) == line:
            return self._kept("unchanged", line)
        said = self._upstream.said(ours) if ours.recorded.by else ours
        merged = reconcile(said, ours, new)
        if merged is None:
            return self._conflict(ours, line)
        if merged is ours:
            return self._kept("unchanged", line)
        by = new.recorded.by if said is ours else ours.recorded.by
        return self._changed("revised", ours, line, merged, by=by)

    def _missing(self, line: bytes, key: str) -> tuple[bytes, Change | None]:
        if not self._complete or key[: key.find(":") + 1] not in self._incoming.sources:
            return line, None
        ours = decode(line, where=self._where)
        if ours.status == "retracted":
            return line, None
        said = self._upstream.said(ours) if ours.recorded.by else ours
        if said is None:
            # a person's own entry: no source can withdraw it
            return line, None
        merged = reconcile(said, ours, replace(said, status="retracted", status_reason=_GONE))
        if merged is None:
            return self._conflict(ours, line)
        if merged is ours:
            return line, None
        return self._changed("withdrawn", ours, line, merged, by=ours.recorded.by)

    def _kept(self, what: str, line: bytes) -> tuple[bytes, None]:
        self._count(what)
        return line, None

    def _conflict(self, ours: Incident, line: bytes) -> tuple[bytes, None]:
        if len(self._conflict_ids) < _NAMED_CONFLICTS:
            self._conflict_ids.append(ours.id)
        return self._kept("conflicts", line)

    def _changed(
        self, what: str, ours: Incident, line: bytes, merged: Incident, *, by: str
    ) -> tuple[bytes, Change]:
        self._count(what)
        recorded = replace(ours.recorded, updated=self._now, by=by)
        after = encode(replace(merged, recorded=recorded))
        return after, Change(ours.id, line.decode(), after.decode())

    def _count(self, what: str) -> None:
        self._counts[what] += 1
