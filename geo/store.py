"""How does a layer survive crashes and two analysts, and what did it look like then?

A write is: lock, compare, temporary file in the same folder, fsync, journal, rename, fsync of
the folder. Readers never lock. A layer's version is the SHA-256 of its canonical content.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from geo import journal
from geo.errors import (
    LayerBusyError,
    LayerConflictError,
    LayerCorruptError,
    LayerError,
    LayerNameError,
    LayerNotFoundError,
)
from geo.feature import dump, write_time
from geo.incident import Incident, Recorded
from geo.journal import Change, Transaction
from geo.layerfile import (
    LayerMeta,
    decode,
    encode,
    fingerprint,
    line_id,
    read_lines,
    write_head,
    write_lines,
)
from geo.merge import Merge, Sorted, Update

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{p}{i}" for p in ("com", "lpt") for i in range(10)))
)
_STALE_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as read at one moment."""

    name: str
    meta: LayerMeta
    version: str
    incidents: tuple[Incident, ...]


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """What a list of layers says of each."""

    name: str
    title: str
    incidents: int
    period: tuple[date, date] | None
    event_types: Mapping[str, int]
    version: str
    as_of: datetime | None
    licence: str


class LayerStore:
    """The layers of one folder."""

    def __init__(self, root: Path, *, lock_timeout: float = 10.0) -> None:
        self._root = root
        self._lock_timeout = lock_timeout
        root.mkdir(parents=True, exist_ok=True)

    def names(self) -> list[str]:
        """List the layers."""
        found = (path.stem for path in self._root.glob("*.geojson"))
        return sorted(name for name in found if _NAME.match(name) and name not in _RESERVED)

    def read(self, name: str) -> Layer:
        """Read a layer whole."""
        with self._open(name) as file:
            meta, lines = read_lines(file, name)
            incidents = tuple(_decoded(lines, name))
        return Layer(name, meta, self.version(name), incidents)

    def stream(self, name: str) -> Iterator[Incident]:
        """Read a layer one incident at a time, in order of id."""
        with self._open(name) as file:
            yield from _decoded(read_lines(file, name)[1], name)

    def version(self, name: str) -> str:
        """Name the content of a layer."""
        path = self._path(name)
        with self._open(name) as file:
            seen = os.fstat(file.fileno())
        return _hash(path, seen.st_mtime_ns, seen.st_size, seen.st_ino)

    def info(self, name: str) -> LayerInfo:
        """Describe a layer."""
        layer = self.read(name)
        days = [day for i in layer.incidents for day in (i.start, i.end)]
        return LayerInfo(
            name=name,
            title=layer.meta.title,
            incidents=len(layer.incidents),
            period=(min(days), max(days)) if days else None,
            event_types=dict(Counter(i.event_type for i in layer.incidents).most_common()),
            version=layer.version,
            as_of=layer.meta.as_of,
            licence=layer.meta.licence,
        )

    def create(self, name: str, meta: LayerMeta, *, by: str, now: datetime) -> str:
        """Make an empty layer and answer with its version."""
        with self._locked(name):
            if self._path(name).exists():
                msg = f"layer {name!r} exists already: choose another name"
                raise LayerConflictError(msg)
            return self._write(name, replace(meta, as_of=now), [], [], _Act(now, by, "create"))

    def upsert(
        self,
        name: str,
        incidents: Iterable[Incident],
        *,
        by: str,
        now: datetime,
        meta: LayerMeta | None = None,
        complete: bool = False,
        dry_run: bool = False,
    ) -> Update:
        """Bring incidents of a source into a layer; memory does not grow with their number.

        Parameters
        ----------
        name
            The layer; it is made where there is none.
        incidents
            In any order; of two with one id the last counts.
        by
            Who imports, for the journal.
        now
            Time of record.
        meta
            Title, description and licence of a layer that is made.
        complete
            Whether what the source no longer has was withdrawn; it is kept as retracted.
        dry_run
            Count, but write nothing.

        Notes
        -----
        An incident that a person corrected is never overwritten: where the source differs it
        counts as a conflict and ours is kept.
        """
        with Sorted(incidents) as incoming, self._locked(name):
            exists = self._path(name).exists()
            old_meta, lines = self._lines(name) if exists else (meta or LayerMeta(), iter(()))
            merge = Merge(name, incoming, now=now, complete=complete)
            with tempfile.TemporaryFile() as body, tempfile.TemporaryFile() as changed:
                for line, change in merge.run(lines):
                    body.write(line + b"\n")
                    if change is not None:
                        changed.write(_pack(change))
                update = replace(merge.update, duplicates=incoming.duplicates)
                version = self.version(name) if exists else ""
                changes_made = update.new + update.revised + update.withdrawn
                if not dry_run and (changes_made or not exists):
                    body.seek(0)
                    changed.seek(0)
                    version = self._write(
                        name,
                        replace(old_meta, as_of=now),
                        (line.rstrip(b"\n") for line in body),
                        map(_unpack, changed),
                        _Act(now, by, "import"),
                    )
        return replace(update, version=version)

    def save(
        self, name: str, incident: Incident, *, expected: str | None, by: str, now: datetime
    ) -> str:
        """Add or correct one incident and answer with the layer's new version.

        Parameters
        ----------
        name
            The layer.
        incident
            The incident as it shall be.
        expected
            `fingerprint` of the incident as it was read; None to add a new one.
        by
            Who says so; it stands in the incident and in the journal.
        now
            Time of record.

        Raises
        ------
        LayerConflictError
            When someone else changed or added the incident since it was read.
        """
        if not by.strip():
            msg = "name is '': a change is kept under the name of who made it"
            raise LayerError(msg)
        action = "add" if expected is None else "correct"
        if incident.status == "retracted" and expected is not None:
            action = "retract"
        with self._locked(name):
            meta, lines = self._lines(name)
            current: Incident | None = None
            before: str | None = None
            rest: list[bytes] = []
            for line in lines:
                if line_id(line) == incident.id:
                    before = line.decode()
                    current = decode(line, where=f"layer {name!r}")
                else:
                    rest.append(line)
            _check_expected(name, incident.id, current, expected)
            first = current.recorded.first_seen if current else now
            recorded = Recorded(first_seen=first, updated=now, by=by)
            after = encode(replace(incident, recorded=recorded))
            rest.append(after)
            change = Change(incident.id, before, after.decode())
            return self._write(
                name,
                replace(meta, as_of=now),
                sorted(rest, key=line_id),
                [change],
                _Act(now, by, action),
            )

    def retract(self, name: str, incident: Incident, *, reason: str, by: str, now: datetime) -> str:
        """Take an incident back: it stays in the layer, excluded, with the reason."""
        if not reason.strip():
            msg = "reason is '': a retraction says why"
            raise LayerError(msg)
        after = replace(incident, status="retracted", status_reason=reason.strip())
        return self.save(name, after, expected=fingerprint(incident), by=by, now=now)

    def history(self, name: str) -> list[Transaction]:
        """List what led to the layer as it is, newest first."""
        return journal.leading_to(self._journal(name), self.version(name))

    def read_version(self, name: str, version: str) -> Layer:
        """Read a layer as it was, by undoing the journal; the result is checked by its hash."""
        meta, current = self._lines(name)
        lines = {line_id(line): line for line in current}
        head, at = write_head(meta), self.version(name)
        for transaction in self.history(name):
            if at == version:
                break
            for change in transaction.changes:
                if change.before is None:
                    lines.pop(change.id, None)
                else:
                    lines[change.id] = change.before.encode()
            head, at = transaction.head_before.encode(), transaction.version_before
        if at != version or not head:
            msg = f"version {version[:12]!r} of layer {name!r} is unknown: not in its journal"
            raise LayerNotFoundError(msg)
        ordered = [lines[key] for key in sorted(lines)]
        content = b"".join((head, *write_lines(ordered)))
        if version != self.version(name) and hashlib.sha256(content).hexdigest() != version:
            msg = f"version {version[:12]!r} of layer {name!r}: its journal is damaged"
            raise LayerCorruptError(msg)
        with tempfile.TemporaryFile() as file:
            file.write(content)
            file.seek(0)
            meta, _ = read_lines(file, name)
        return Layer(name, meta, version, tuple(_decoded(iter(ordered), name)))

    def _path(self, name: str) -> Path:
        if not _NAME.match(name) or name in _RESERVED:
            msg = (
                f"layer name is {name[:80]!r}: use up to 64 of a-z, 0-9, - and _, "
                "beginning with a letter or digit"
            )
            raise LayerNameError(msg)
        return self._root / f"{name}.geojson"

    def _journal(self, name: str) -> Path:
        return self._path(name).parent / ".history" / f"{name}.jsonl"

    @contextmanager
    def _open(self, name: str) -> Iterator[BinaryIO]:
        try:
            # a link could lead out of the folder
            handle = os.open(self._path(name), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except FileNotFoundError:
            msg = f"layer {name!r} is unknown: there is {', '.join(self.names()) or 'none'}"
            raise LayerNotFoundError(msg) from None
        except OSError as error:
            msg = f"layer {name!r} cannot be read: {error.strerror}"
            raise LayerCorruptError(msg) from error
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                msg = f"layer {name!r} is not a regular file"
                raise LayerCorruptError(msg)
            yield file

    def _lines(self, name: str) -> tuple[LayerMeta, Iterator[bytes]]:
        """Open a layer to stream its lines; the file closes with the stream."""
        opened = self._open(name)
        file = opened.__enter__()
        try:
            meta, lines = read_lines(file, name)
        except BaseException:
            opened.__exit__(None, None, None)
            raise

        def streamed() -> Iterator[bytes]:
            try:
                yield from lines
            finally:
                opened.__exit__(None, None, None)

        return meta, streamed()

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        self._path(name)
        # the lock is never the data file and is never deleted: unlinking a lock is a race
        lock = FileLock(self._root / f".{name}.lock", timeout=self._lock_timeout)
        try:
            lock.acquire()
        except Timeout:
            msg = f"layer {name!r} is being written by someone else: try again"
            raise LayerBusyError(msg) from None
        try:
            self._sweep(name)
            yield
        finally:
            lock.release()

    def _sweep(self, name: str) -> None:
        """Remove what a killed writer left, once it is a day old."""
        for path in self._root.glob(f".{name}.*.tmp"):
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                path.unlink(missing_ok=True)

    def _write(
        self,
        name: str,
        meta: LayerMeta,
        lines: Iterable[bytes],
        changes: Iterable[Change],
        act: _Act,
    ) -> str:
        path = self._path(name)
        exists = path.exists()
        version_before = self.version(name) if exists else ""
        head_before = write_head(self._lines(name)[0]).decode() if exists else ""
        head = write_head(meta)
        handle, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".tmp", dir=self._root)
        try:
            digest = hashlib.sha256()
            with os.fdopen(handle, "wb") as file:
                for part in chain((head,), write_lines(lines)):
                    file.write(part)
                    digest.update(part)
                file.flush()
                os.fsync(file.fileno())
            transaction = Transaction(
                when=act.when,
                who=act.who,
                action=act.action,
                version_before=version_before,
                version_after=digest.hexdigest(),
                head_before=head_before,
                head_after=head.decode(),
                changes=(),
            )
            journal.append(self._journal(name), transaction, changes)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(self._root)
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Act:
    when: datetime
    who: str
    action: str


def _check_expected(
    name: str, incident_id: str, current: Incident | None, expected: str | None
) -> None:
    found = fingerprint(current) if current else None
    if found == expected:
        return
    if current is None:
        msg = f"incident {incident_id!r} is no longer in layer {name!r}"
    elif expected is None:
        msg = f"incident {incident_id!r} is in layer {name!r} already: correct that one"
    else:
        who = current.recorded.by or "an import"
        when = write_time(current.recorded.updated)
        msg = f"incident {incident_id!r} was changed by {who} at {when}, after you opened it"
    raise LayerConflictError(msg)


def _decoded(lines: Iterator[bytes], name: str) -> Iterator[Incident]:
    for number, line in enumerate(lines, start=2):
        yield decode(line, where=f"layer {name!r} line {number}")


def _pack(change: Change) -> bytes:
    return dump([change.id, change.before, change.after]).encode() + b"\n"


def _unpack(line: bytes) -> Change:
    return Change(*json.loads(line))


@lru_cache(maxsize=64)
def _hash(path: Path, mtime_ns: int, size: int, inode: int) -> str:  # noqa: ARG001 cache key
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
