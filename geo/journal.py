"""Who changed what in a layer, when, and what stood there before?

One file of JSON lines beside each layer. A transaction is its opening line, its change lines
and, last, its commit line; it is on disk before the layer is replaced. What a crash left without
a commit, or with a commit the layer never reached, does not count.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Self

from geo.durable import sync_folder
from geo.errors import LayerCorruptError
from geo.feature import dump, read_time, write_time

# canonical JSON sorts its keys: these begin an opening line and a commit line, and no other
_OPENING, _COMMIT = b'{"begin":', b'{"action":'
_TAIL_BYTES = 65_536
# lines written in one go
_BLOCK = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One incident before and after, as Feature lines; None where there was or is none."""

    id: str
    before: str | None
    after: str | None


class Spool:
    """Changes of one write that is under way, on disk rather than in memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 closed by __exit__

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # a full disk fails a second time here, on what is still buffered
        with suppress(OSError):
            self._file.close()

    def add(self, change: Change) -> None:
        """Add a change."""
        self._file.write(_written(change))

    def __iter__(self) -> Iterator[Change]:
        for line in self.lines():
            yield _read_change(line)

    def lines(self) -> Iterator[bytes]:
        """Read the changes as the journal writes them."""
        self._file.seek(0)
        yield from self._file


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One accepted write: the head line and version on both sides, and how much it changed.

    `offset` is where it begins in the journal; `changes` reads them from there.
    """

    when: datetime
    who: str
    action: str
    version_before: str
    version_after: str
    head_before: str
    head_after: str
    changed: int
    offset: int


def append(
    path: Path,
    changes: Iterable[Change],
    *,
    when: datetime,
    who: str,
    action: str,
    versions: tuple[str, str],
    heads: tuple[str, str],
) -> None:
    """Write a transaction durably; what an earlier crash left unfinished is cut off first.

    Where the disk refuses, the journal is left as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    # unbuffered, so that a full disk fails at the write and not again when the file is closed
    with path.open("ab", buffering=0) as file:
        start = _committed_bytes(path)
        file.truncate(start)
        commit = {
            "commit": write_time(when),
            "who": who,
            "action": action,
            "version": list(versions),
            "head": list(heads),
        }
        try:
            _write_all(file, f"{dump({'begin': action})}\n".encode())
            lines = changes.lines() if isinstance(changes, Spool) else map(_written, changes)
            while block := b"".join(islice(lines, _BLOCK)):
                _write_all(file, block)
            _write_all(file, f"{dump(commit)}\n".encode())
            os.fsync(file.fileno())
        except BaseException:
            file.truncate(start)
            raise
    if is_new:
        sync_folder(path.parent)


def read(path: Path) -> Iterator[Transaction]:
    """Read the transactions, oldest first; unfinished ones are passed over.

    Raises
    ------
    LayerCorruptError
        Where a commit line is damaged.
    """
    offset = end = changed = 0
    for line in _lines(path):
        if line.startswith(_OPENING):
            offset, changed = end, 0
        elif line.startswith(_COMMIT):
            yield _transaction(line, path, changed=changed, offset=offset)
        else:
            changed += 1
        end += len(line)


def last_version(path: Path) -> str:
    """Name the version that the last transaction made, or "" where the end does not tell."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL_BYTES))
            end = file.read()
    except FileNotFoundError:
        return ""
    *_, last = end.removesuffix(b"\n").split(b"\n")
    if not (end.endswith(b"\n") and last.startswith(_COMMIT)):
        return ""
    return _transaction(last, path, changed=0, offset=0).version_after


def leading_to(path: Path, version: str) -> list[Transaction]:
    """List the transactions that led to a version, newest first.

    Begins with the one that made `version`; a transaction the layer never reached is passed over.
    """
    led: list[Transaction] = []
    for transaction in reversed(list(read(path))):
        if transaction.version_after == version:
            led.append(transaction)
            version = transaction.version_before
    return led


def changes(path: Path, transaction: Transaction) -> Iterator[Change]:
    """Read what a transaction changed, one incident at a time.

    Raises
    ------
    LayerCorruptError
        Where a change line is damaged.
    """
    with path.open("rb") as file:
        file.seek(transaction.offset)
        file.readline()
        for line in islice(file, transaction.changed):
            try:
                yield _read_change(line)
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise _damaged(path, line) from error


def _transaction(line: bytes, path: Path, *, changed: int, offset: int) -> Transaction:
    try:
        row = json.loads(line)
        return Transaction(
            when=read_time(row["commit"]),
            who=row["who"],
            action=row["action"],
            version_before=row["version"][0],
            version_after=row["version"][1],
            head_before=row["head"][0],
            head_after=row["head"][1],
            changed=changed,
            offset=offset,
        )
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise _damaged(path, line) from error


def _damaged(path: Path, line: bytes) -> LayerCorruptError:
    msg = f"the journal of layer {path.stem!r} is damaged: {line[:40]!r} is no line of ours"
    return LayerCorruptError(msg)


def _lines(path: Path) -> Iterator[bytes]:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        for line in file:
            if not line.endswith(b"\n"):
                return
            yield line


def _committed_bytes(path: Path) -> int:
    """Length of the journal up to the end of its last commit line."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL_BYTES))
        *_, last = file.read().removesuffix(b"\n").split(b"\n")
        file.seek(max(0, size - 1))
        if file.read() == b"\n" and last.startswith(_COMMIT):
            return size
    end = committed = 0
    for line in _lines(path):
        end += len(line)
        if line.startswith(_COMMIT):
            committed = end
    return committed


def _written(change: Change) -> bytes:
    row = {"id": change.id, "before": change.before, "after": change.after}
    return f"{dump(row)}\n".encode()


def _read_change(line: bytes) -> Change:
    row = json.loads(line)
    return Change(row["id"], row["before"], row["after"])


def _write_all(file: BinaryIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        # an unbuffered file may take a part only
        rest = rest[file.write(rest) :]
