"""Which briefings left this place, and what did each say?

One file a briefing ID in `.briefings/` beside the layers: its manifest, and each file made of
it. So a picture whose metadata a messenger stripped can still be looked up by its printed ID.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from geo.durable import Replacement, locked
from geo.errors import LayerBusyError, LayerError, SnapshotError
from geo.feature import dump, read_time, write_time
from geo.manifest import Manifest, check_shape, identity

FOLDER = ".briefings"
_SCHEMA = "incident-atlas/briefing/1"
_ID = re.compile(r"[A-Z2-7]{8}\Z")
_MOST_BYTES = 64_000_000
_MOST_NAME = 200
_LOCK_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One file made of a briefing: its format and name, when it was recorded, and by whom."""

    format: str
    name: str
    when: datetime
    by: str = ""

    def __post_init__(self) -> None:
        if self.when.utcoffset() is None:
            msg = f"time of record is {self.when}: it carries its zone"
            raise SnapshotError(msg)


@dataclass(frozen=True, slots=True)
class Briefing:
    """A recorded briefing: what its manifest says, and the files made of it, oldest first."""

    id: str
    content: Mapping[str, Any]
    issues: tuple[Issue, ...]

    @property
    def last(self) -> datetime:
        """When the newest of its files was recorded."""
        return max(issue.when for issue in self.issues)


@dataclass(frozen=True, slots=True)
class Record:
    """All recorded briefings, the newest first, and a sentence for each file that is damaged."""

    briefings: tuple[Briefing, ...]
    damaged: tuple[str, ...]


def record(layers: Path, manifest: Manifest, issue: Issue) -> Briefing:
    """Remember a file that was made; the same briefing in another format joins its record.

    Parameters
    ----------
    layers
        The folder of the layers.
    manifest
        What the file states.
    issue
        The file. Recording one of the same format, name, time and maker again changes nothing.

    Raises
    ------
    SnapshotError
        When the record cannot be written; the file that was made is not touched.
    """
    folder = layers / FOLDER
    path = _path(folder, manifest.id)
    with _writing(manifest.id):
        folder.mkdir(parents=True, exist_ok=True)
        with locked(path, timeout=_LOCK_SECONDS):
            try:
                known = _read(path).issues
            except (FileNotFoundError, SnapshotError):
                # a damaged record is written anew: the manifest is at hand
                known = ()
            kept = (*known, _clean(issue))
            issues = tuple(sorted(dict.fromkeys(kept), key=lambda i: (i.when, i.format, i.name)))
            briefing = Briefing(manifest.id, manifest.as_json(), issues)
            with Replacement(path) as draft:
                draft.write(_written(briefing))
                draft.seal()
                draft.publish()
    return briefing


def briefings(layers: Path) -> Record:
    """List what is recorded; a damaged file is named, the others are read."""
    found: list[Briefing] = []
    damaged: list[str] = []
    for path in sorted((layers / FOLDER).glob("*.json")):
        if not _ID.match(path.stem):
            continue
        try:
            found.append(_read(path))
        except FileNotFoundError:
            continue
        except SnapshotError as error:
            damaged.append(str(error))
    found.sort(key=lambda one: one.id)
    found.sort(key=lambda one: one.last, reverse=True)
    return Record(tuple(found), tuple(damaged))


def find(layers: Path, briefing_id: str) -> Briefing:
    """Look up a briefing by the ID printed in its picture.

    Raises
    ------
    SnapshotError
        When the text is no ID, none is recorded under it, or its record is damaged.
    """
    text = briefing_id.strip().upper()
    path = _path(layers / FOLDER, text)
    try:
        return _read(path)
    except FileNotFoundError:
        msg = f"briefing {text!r} is unknown: it is not in the record beside these layers"
        raise SnapshotError(msg) from None


def _path(folder: Path, briefing_id: str) -> Path:
    # the only way from an ID to a path: eight letters and digits lead nowhere else
    if not _ID.match(briefing_id):
        msg = f"briefing ID is {briefing_id[:20]!r}: must be 8 of A to Z and 2 to 7"
        raise SnapshotError(msg)
    return folder / f"{briefing_id}.json"


def _written(briefing: Briefing) -> bytes:
    held = {
        "schema": _SCHEMA,
        "id": briefing.id,
        "manifest": dict(briefing.content),
        "issues": [
            {"format": i.format, "name": i.name, "when": write_time(i.when), "by": i.by}
            for i in briefing.issues
        ],
    }
    return (dump(held) + "\n").encode("utf-8", "backslashreplace")


def _read(path: Path) -> Briefing:
    """Read one record; FileNotFoundError where there is none, SnapshotError where damaged."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        return _briefing(data, path.stem)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, TypeError, KeyError, RecursionError, SnapshotError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)[:80]
        msg = f"record of briefing {path.stem!r} is damaged ({reason}): make the briefing again"
        raise SnapshotError(msg) from error


def _briefing(data: bytes, name: str) -> Briefing:
    if len(data) > _MOST_BYTES:
        msg = f"more than {_MOST_BYTES:,} bytes"
        raise ValueError(msg)
    held = json.loads(data)
    content = check_shape(held["manifest"])
    if held["schema"] != _SCHEMA or not name == held["id"] == identity(content):
        msg = "its manifest is another's"
        raise ValueError(msg)
    issues = tuple(_issue(row) for row in held["issues"])
    if not issues:
        msg = "it names no file"
        raise ValueError(msg)
    return Briefing(name, content, issues)


def _issue(row: Mapping[str, Any]) -> Issue:
    texts = [row[name] for name in ("format", "name", "when", "by")]
    if not all(isinstance(text, str) for text in texts):
        msg = "a file is described by texts"
        raise ValueError(msg)
    fmt, name, when, by = texts
    return Issue(format=fmt, name=name, when=read_time(when), by=by)


def _clean(issue: Issue) -> Issue:
    """Keep the bare name of a file and whole seconds, as they are written."""
    bare = re.split(r"[/\\]", issue.name)[-1][:_MOST_NAME]
    when = read_time(write_time(issue.when))
    return Issue(format=issue.format[:20], name=bare, when=when, by=issue.by[:_MOST_NAME])


@contextmanager
def _writing(briefing_id: str) -> Iterator[None]:
    try:
        yield
    except LayerBusyError:
        msg = f"record of briefing {briefing_id!r} is being written by someone else: try again"
        raise SnapshotError(msg) from None
    except (OSError, LayerError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        msg = f"record of briefing {briefing_id!r} cannot be written: {reason}"
        raise SnapshotError(msg) from error
