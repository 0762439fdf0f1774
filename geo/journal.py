"""Who changed what in a layer, when, and what stood there before?

One file of JSON lines beside each layer. A transaction is its change lines and, last, its
commit line; it is on disk before the layer is replaced. What a crash left without a commit, or
with a commit the layer never reached, does not count.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from geo.feature import dump, read_time, write_time


@dataclass(frozen=True, slots=True)
class Change:
    """One incident before and after, as Feature lines; None where there was or is none."""

    id: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One accepted write: the head line and version on both sides, and its changes."""

    when: datetime
    who: str
    action: str
    version_before: str
    version_after: str
    head_before: str
    head_after: str
    changes: tuple[Change, ...]


def append(path: Path, transaction: Transaction, changes: Iterable[Change]) -> None:
    """Write a transaction durably; what an earlier crash left unfinished is cut off first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.truncate(_committed_bytes(path))
        for change in changes:
            row = {"id": change.id, "before": change.before, "after": change.after}
            file.write(dump(row).encode() + b"\n")
        commit = {
            "commit": write_time(transaction.when),
            "who": transaction.who,
            "action": transaction.action,
            "version": [transaction.version_before, transaction.version_after],
            "head": [transaction.head_before, transaction.head_after],
        }
        file.write(dump(commit).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> Iterator[Transaction]:
    """Read the transactions, oldest first; unfinished ones are passed over."""
    changes: list[Change] = []
    for row in _rows(path):
        if "commit" not in row:
            changes.append(Change(row["id"], row["before"], row["after"]))
            continue
        yield Transaction(
            when=read_time(row["commit"]),
            who=row["who"],
            action=row["action"],
            version_before=row["version"][0],
            version_after=row["version"][1],
            head_before=row["head"][0],
            head_after=row["head"][1],
            changes=tuple(changes),
        )
        changes = []


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


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        for line in file:
            if not line.endswith(b"\n"):
                return
            try:
                yield json.loads(line)
            except ValueError:
                return


def _committed_bytes(path: Path) -> int:
    """Length of the journal up to the end of its last commit line."""
    end = committed = 0
    with path.open("rb") as file:
        for line in file:
            end += len(line)
            if line.startswith(b'{"action":') and line.endswith(b"\n"):
                committed = end
    return committed
