"""What can be done to a layer as a whole: restore, describe, rename, retract, bring back?

Each is a change with a name and a time in the journal. A retracted layer lies with its journal
in a bin beside the layers; it is deleted only there, and only by whoever types its name.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from geo import journal, views
from geo.durable import Replacement, sync_folder
from geo.errors import AtlasError, LayerConflictError, LayerCorruptError, LayerError, ViewError
from geo.feature import dump, read_time, write_time
from geo.journal import Change, Spool
from geo.layerfile import Hashed, LayerMeta, line_id, opened, write_head
from geo.layername import check_name
from geo.past import as_it_was
from geo.store import LayerStore
from geo.strictjson import Limits, parse_json

BIN = ".bin"
RENAMED = ".renamed.json"
_SMALL = Limits(bytes=1_000_000, features=0, containers=20_000)
_ENTRY = re.compile(r"([a-z0-9][a-z0-9_-]{0,63})\.\d{8}T\d{6}Z(\.\d{1,4})?\Z")
_PART = 1 << 20
_MOST_STEPS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Binned:
    """A retracted layer: under which key it lies in the bin, who put it there, when and why."""

    key: str
    name: str
    who: str
    when: datetime
    reason: str


class Keeper(LayerStore):
    """The layers of one folder, for whoever looks after them."""

    def restore(self, name: str, version: str, *, by: str, now: datetime) -> str:
        """Make a layer what it was in an earlier version, as a new change; nothing is forgotten."""
        _named(by)
        with self._writing(name), Spool() as changes:
            with self._held(name) as held:
                meta, lines = as_it_was(held, self._journal(name), version)
            before: dict[str, bytes] = {}
            with self._held(name) as now_held:
                before = {line_id(line): line for line in now_held}
            after = {line_id(line): line for line in lines}
            if before == after and replace(meta, as_of=None) == replace(held.meta, as_of=None):
                msg = f"layer {name!r} holds what version {version[:12]!r} held: nothing to restore"
                raise LayerError(msg)
            for key in sorted(before.keys() | after.keys()):
                old, new = before.get(key), after.get(key)
                if old != new:
                    changes.add(Change(key, _text(old), _text(new)))
            return self._put(
                name, now_held, replace(meta, as_of=now), lines, changes, (now, by, "restore")
            )

    def description(self, name: str) -> LayerMeta:
        """Read what a layer says of itself, without its incidents."""
        with self._must_exist(name), opened(self._path(name)) as (meta, _):
            return meta

    def describe(
        self, name: str, *, title: str, description: str, licence: str, by: str, now: datetime
    ) -> str:
        """Give a layer another title, description or licence."""
        _named(by)
        with self._writing(name), self._held(name) as held:
            meta = replace(
                held.meta,
                title=title.strip(),
                description=description.strip(),
                licence=licence.strip(),
            )
            if meta == held.meta:
                msg = f"layer {name!r} is described like this already: nothing to change"
                raise LayerError(msg)
            return self._put(name, held, replace(meta, as_of=now), held, (), (now, by, "describe"))

    def rename(self, name: str, new: str, *, by: str, now: datetime) -> str:
        """Move a layer to another file name, its journal with it; the old name points to it.

        The one step that counts is the renaming of the file: a crash before it leaves the layer
        under its old name, one after it leaves it whole under the new one.
        """
        _named(by)
        check_name(new)
        if name == new:
            msg = f"layer {name!r} has this name already"
            raise LayerConflictError(msg)
        with ExitStack() as stack:
            # always in the same order, so that two who swap names do not wait for each other
            for one in sorted((name, new)):
                stack.enter_context(self._writing(one))
            with self._must_exist(name):
                self._path(name).lstat()
            if self._exists(new):
                msg = f"layer {new!r} exists already: choose another name"
                raise LayerConflictError(msg)
            self._point(name, new)
            _copy(self._journal(name), self._journal(new))
            self._path(name).rename(self._path(new))
            sync_folder(self._root)
            self._journal(name).unlink(missing_ok=True)
            with suppress(ViewError):
                # views that cannot be written follow the pointer
                views.point_to(self._root, name, new)
            with self._held(new) as held:
                meta = replace(held.meta, as_of=now)
                return self._put(new, held, meta, held, (), (now, by, f"rename from {name}"))

    def now_called(self, name: str) -> str:
        """Name that a renamed layer has today; nothing where none of that name was renamed."""
        known = self._renamed()
        for _ in range(_MOST_STEPS):
            name = known.get(name, "")
            if not name or self._exists(name):
                break
        return name if name and self._exists(name) else ""

    def retract_layer(self, name: str, *, reason: str, by: str, now: datetime) -> Binned:
        """Move a layer with its journal into the bin."""
        _named(by)
        if not reason.strip():
            msg = "reason is '': a retraction says why"
            raise LayerError(msg)
        with self._writing(name):
            with self._must_exist(name):
                self._path(name).lstat()
            entry = self._free_entry(name, now)
            binned = Binned(
                key=entry.name, name=name, who=by.strip(), when=now, reason=reason.strip()
            )
            entry.mkdir(parents=True)
            _write(entry / "entry.json", _written(binned))
            _copy(self._journal(name), entry / "journal.jsonl")
            # from here on the layer is in the bin, before it was not
            self._path(name).rename(entry / f"{name}.geojson")
            sync_folder(entry)
            sync_folder(self._root)
            self._journal(name).unlink(missing_ok=True)
        return binned

    def binned(self) -> list[Binned]:
        """List what is in the bin, the newest first; what a crash left half way is passed over."""
        found = []
        for entry in sorted((self._root / BIN).glob("*")):
            with suppress(OSError, AtlasError, ValueError, TypeError, KeyError):
                found.append(_read(entry))
        return sorted(found, key=lambda one: one.when, reverse=True)

    def bring_back(self, key: str, *, by: str, now: datetime, name: str = "") -> str:
        """Take a layer out of the bin, under its old name or another."""
        _named(by)
        binned = self._entry(key)
        name = name or binned.name
        entry = self._root / BIN / binned.key
        with self._writing(name):
            if self._exists(name):
                msg = f"layer {name!r} exists again: give another name to bring this one back"
                raise LayerConflictError(msg)
            _copy(entry / "journal.jsonl", self._journal(name))
            (entry / f"{binned.name}.geojson").rename(self._path(name))
            sync_folder(self._root)
            shutil.rmtree(entry)
            with self._held(name) as held:
                meta = replace(held.meta, as_of=now)
                return self._put(name, held, meta, held, (), (now, by, "bring back"))

    def delete(self, key: str, *, typed: str) -> None:
        """Delete a layer that lies in the bin, for ever; whoever does types its name."""
        binned = self._entry(key)
        if typed.strip() != binned.name:
            msg = f"typed is {typed[:60]!r}: type {binned.name!r} to delete it for ever"
            raise LayerError(msg)
        with self._writing(binned.name):
            shutil.rmtree(self._root / BIN / binned.key)

    def adopt(self, name: str, layer: Path, history: Path | None) -> None:
        """Put the files of a layer that is checked already in place; nothing is written over."""
        with self._writing(name):
            if self._exists(name):
                msg = f"layer {name!r} exists already"
                raise LayerConflictError(msg)
            self._journal(name).unlink(missing_ok=True)
            if history is not None:
                _copy(history, self._journal(name))
            _copy(layer, self._path(name))

    def _put(
        self,
        name: str,
        held: Hashed,
        meta: LayerMeta,
        lines: Iterable[bytes],
        changes: Iterable[Change],
        act: tuple[datetime, str, str],
    ) -> str:
        """Replace a layer, and say so in its journal."""
        head = write_head(meta)
        with Replacement(self._path(name)) as draft:
            draft.write(head)
            before = b""
            for line in lines:
                draft.write(before + line)
                before = b",\n"
            draft.write(b"\n]}\n" if before else b"]}\n")
            version = draft.seal()
            when, who, action = act
            journal.append(
                self._journal(name),
                changes,
                when=when,
                who=who.strip(),
                action=action,
                versions=(held.version, version),
                heads=(write_head(held.meta).decode(), head.decode()),
            )
            draft.publish()
        return version

    def _renamed(self) -> dict[str, str]:
        try:
            held = parse_json((self._root / RENAMED).read_bytes(), limits=_SMALL)
        except (OSError, AtlasError):
            return {}
        if not isinstance(held, dict):
            return {}
        return {k: v for k, v in held.items() if isinstance(v, str)}

    def _point(self, old: str, new: str) -> None:
        names = {**self._renamed(), old: new}
        # a name in use again points nowhere else
        names.pop(new, None)
        _write(self._root / RENAMED, (dump(names) + "\n").encode())

    def _free_entry(self, name: str, now: datetime) -> Path:
        key = f"{name}.{now:%Y%m%dT%H%M%SZ}"
        entry, number = self._root / BIN / key, 0
        while entry.exists():
            number += 1
            entry = self._root / BIN / f"{key}.{number}"
        return entry

    def _entry(self, key: str) -> Binned:
        for one in self.binned():
            if one.key == key:
                return one
        msg = f"bin entry {key[:80]!r} is unknown: there is nothing of this name in the bin"
        raise LayerError(msg)


def _named(by: str) -> None:
    if not by.strip():
        msg = "name is '': a change is kept under the name of who made it"
        raise LayerError(msg)


def _text(line: bytes | None) -> str | None:
    return None if line is None else line.decode()


def _written(binned: Binned) -> bytes:
    row = {
        "name": binned.name,
        "reason": binned.reason,
        "when": write_time(binned.when),
        "who": binned.who,
    }
    return (dump(row) + "\n").encode()


def _read(entry: Path) -> Binned:
    row = parse_json((entry / "entry.json").read_bytes(), limits=_SMALL)
    named = _ENTRY.match(entry.name)
    if not named or named[1] != row["name"]:
        msg = f"bin entry {entry.name!r} is none of ours"
        raise LayerCorruptError(msg)
    with opened(entry / f"{named[1]}.geojson"):
        pass
    return Binned(
        key=entry.name,
        name=named[1],
        who=str(row["who"]),
        when=read_time(row["when"]),
        reason=str(row["reason"]),
    )


def _copy(source: Path, target: Path) -> None:
    """Copy a file so that it is whole or not there; none where there is none."""
    try:
        file = source.open("rb")
    except FileNotFoundError:
        return
    with file:
        _write(target, iter(lambda: file.read(_PART), b""))


def _write(path: Path, parts: bytes | Iterator[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with Replacement(path) as draft:
        for part in (parts,) if isinstance(parts, bytes) else parts:
            draft.write(part)
        draft.seal()
        draft.publish()
