"""How does a layer survive crashes and two analysts, and what did it look like then?

A write is: lock, compare, write beside, sync, journal, rename. Readers never lock. A layer's
version is the SHA-256 of its canonical content.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from geo import journal
from geo.durable import Replacement, locked, share
from geo.edits import Edits, check_expected
from geo.errors import LayerConflictError, LayerError, LayerNotFoundError
from geo.incident import Incident, Recorded
from geo.journal import Change, Spool, Transaction
from geo.layerfile import (
    Hashed,
    LayerMeta,
    Written,
    decode,
    decoded,
    fingerprint,
    line_id,
    opened,
    write_head,
    write_lines,
)
from geo.layername import check_name, is_name
from geo.living import MARK
from geo.merge import Merge, Order, Sorted, Update
from geo.past import as_it_was
from geo.scope import Scope
from geo.threeway import Upstream
from geo.version import digest_of, version_of


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as read at one moment."""

    name: str
    meta: LayerMeta
    version: str
    incidents: tuple[Incident, ...]


class LayerStore:
    """The layers of one folder."""

    def __init__(self, root: Path, *, lock_timeout: float = 10.0) -> None:
        self._root = root
        self._lock_timeout = lock_timeout

    def names(self) -> list[str]:
        """List the layers."""
        found = (path.stem for path in self._root.glob("*.geojson"))
        return sorted(name for name in found if is_name(name))

    def read(self, name: str) -> Layer:
        """Read a layer whole."""
        with self._held(name) as held, _without_search():
            incidents = tuple(decoded(held, name))
        return Layer(name, held.meta, held.version, incidents)

    def stream(self, name: str) -> Iterator[Incident]:
        """Read a layer one incident at a time, in order of id."""
        with self._held(name) as held:
            yield from decoded(held, name)

    def version(self, name: str) -> str:
        """Name the content of a layer."""
        with self._must_exist(name):
            return version_of(self._path(name), written=self.last_written(name))

    def digest(self, name: str) -> str:
        """Hash the layer's file as it is, whoever wrote it."""
        with self._must_exist(name):
            return digest_of(self._path(name))

    def link(self, name: str, target: Path) -> None:
        """Put the layer's file, as it is now, under a second name; later writes leave it alone."""
        with self._must_exist(name):
            share(self._path(name), target)

    def last_written(self, name: str) -> str:
        """Name the version that was written last; "" where the journal does not say."""
        return journal.last_version(self._journal(name))

    def create(self, name: str, meta: LayerMeta, *, by: str, now: datetime) -> str:
        """Make an empty layer and answer with its version."""
        with self._writing(name):
            if self._exists(name):
                msg = f"layer {name!r} exists already: choose another name"
                raise LayerConflictError(msg)
            act = _Act(now, by, "create")
            return self._write(name, None, replace(meta, as_of=now), [], [], act)

    def upsert(
        self,
        name: str,
        incidents: Iterable[Incident | Written],
        *,
        by: str,
        now: datetime,
        meta: LayerMeta | None = None,
        complete: bool | Scope = False,
        withdraw: Collection[str] = (),
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
            Where the incidents are all that the source has: what it lacks there was withdrawn,
            and is kept as retracted. True stands for what the incidents themselves cover.
        withdraw
            Ids that the source took back.
        dry_run
            Say what would be done, but write nothing.

        Notes
        -----
        What a person corrected is never overwritten. Where the source changed the same part of an
        incident since, it is a conflict: ours is kept, and theirs beside it until somebody decides;
        where it changed another part, that is taken over. A merged incident follows its parts.
        """
        self._path(name)
        with Sorted(incidents) as incoming, ExitStack() as stack:
            if not dry_run:
                stack.enter_context(self._writing(name))
            held = stack.enter_context(self._held(name)) if self._exists(name) else None
            upstream = Upstream(self._journal(name), lambda: self.version(name))
            order = Order(
                now=now,
                scope=Scope() if complete is True else complete or None,
                withdraw=frozenset(withdraw),
                families=self._families(name) if held else {},
                preview=dry_run,
            )
            merge = Merge(name, incoming, upstream, order)
            through = merge.run(iter(held or ()))
            if dry_run:
                for _ in through:
                    pass
                return replace(merge.update, version=held.version if held else "")
            changes = stack.enter_context(Spool())

            def lines() -> Iterator[bytes]:
                for line, change in through:
                    if change is not None:
                        changes.add(change)
                    yield line

            new_meta = replace(held.meta if held else meta or LayerMeta(), as_of=now)
            version = self._write(
                *(name, held, new_meta, lines(), changes, _Act(now, by, "import")),
                unless=lambda: not merge.update.changed,
            )
        return replace(merge.update, version=version)

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
        _must_be_named(by)
        action = "add" if expected is None else "correct"
        if incident.status == "retracted" and expected is not None:
            action = "retract"

        def corrected(before: bytes | None) -> Incident:
            current = decode(before, where=f"layer {name!r}") if before else None
            check_expected(name, incident.id, current, expected)
            first = current.recorded.first_seen if current else now
            return replace(incident, recorded=Recorded(first_seen=first, updated=now, by=by))

        return self._edit(name, Edits({incident.id: corrected}), _Act(now, by, action))

    def edit(
        self,
        name: str,
        ids: Collection[str],
        change: Callable[[Mapping[str, Incident]], Mapping[str, Incident | None]],
        *,
        action: str,
        by: str,
        now: datetime,
    ) -> str:
        """Change several incidents at once and answer with the layer's new version.

        `change` is given those of `ids` that the layer holds, and answers with what shall be
        there: an incident by its id, or None where one is to go.
        """
        _must_be_named(by)
        with self._writing(name):
            with self._held(name) as held:
                lines = ((line_id(line), line) for line in held)
                found = {
                    key: decode(line, where=f"layer {name!r}") for key, line in lines if key in ids
                }
            after = change(found)
            made = {key: partial(_given, incident) for key, incident in after.items()}
            return self._edit(name, Edits(made), _Act(now, by, action), locked=True)

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

    def changes(self, name: str, transaction: Transaction) -> Iterator[Change]:
        """Read what one entry of the history changed, before and after."""
        return journal.changes(self._journal(name), transaction)

    def read_version(self, name: str, version: str) -> Layer:
        """Read a layer as it was, by undoing the journal; the result is checked by its hash."""
        with self._held(name) as held:
            meta, lines = as_it_was(held, self._journal(name), version)
        return Layer(name, meta, version, tuple(decoded(lines, name)))

    def _families(self, name: str) -> dict[str, bytes]:
        with self._held(name) as held:
            return {line_id(line): line for line in held if MARK in line}

    def _edit(self, name: str, edits: Edits, act: _Act, *, locked: bool = False) -> str:
        with ExitStack() as stack:
            if not locked:
                stack.enter_context(self._writing(name))
            held = stack.enter_context(self._held(name))
            meta = replace(held.meta, as_of=act.when)
            return self._write(name, held, meta, edits.apply(held), edits.changes, act)

    def _path(self, name: str) -> Path:
        check_name(name)
        return self._root / f"{name}.geojson"

    def _journal(self, name: str) -> Path:
        return self._path(name).parent / ".history" / f"{name}.jsonl"

    def _exists(self, name: str) -> bool:
        # a link that leads nowhere is there too, and is not written over
        return os.path.lexists(self._path(name))

    @contextmanager
    def _must_exist(self, name: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            msg = f"layer {name!r} is unknown: there is {', '.join(self.names()) or 'none'}"
            raise LayerNotFoundError(msg) from None

    @contextmanager
    def _held(self, name: str) -> Iterator[Hashed]:
        """Open a layer to stream its lines."""
        path = self._path(name)
        with ExitStack() as stack:
            with self._must_exist(name):
                meta, lines = stack.enter_context(opened(path))
            yield Hashed(meta, lines)

    @contextmanager
    def _writing(self, name: str) -> Iterator[None]:
        """Hold the lock of a layer; whatever the disk refuses becomes a sentence."""
        path = self._path(name)
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            with locked(path, timeout=self._lock_timeout):
                yield
        except OSError as error:
            msg = f"layer {name!r} cannot be written: {error.strerror or error}; it is as it was"
            raise LayerError(msg) from error

    def _write(
        self,
        name: str,
        held: Hashed | None,
        meta: LayerMeta,
        lines: Iterable[bytes],
        changes: Iterable[Change],
        act: _Act,
        *,
        unless: Callable[[], bool] = lambda: False,
    ) -> str:
        """Replace a layer by lines made from what it held; `changes` are read after them."""
        head = write_head(meta)
        with Replacement(self._path(name)) as draft:
            draft.write(head)
            for part in write_lines(lines):
                draft.write(part)
            if unless():
                return held.version if held else ""
            version = draft.seal()
            journal.append(
                self._journal(name),
                changes,
                when=act.when,
                who=act.who,
                action=act.action,
                versions=(held.version if held else "", version),
                heads=(write_head(held.meta).decode() if held else "", head.decode()),
            )
            draft.publish()
        return version


@dataclass(frozen=True, slots=True)
class _Act:
    when: datetime
    who: str
    action: str


@contextmanager
def _without_search() -> Iterator[None]:
    """Make many records that hold no circles, without Python looking for circles in them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _must_be_named(by: str) -> None:
    if not by.strip():
        msg = "name is '': a change is kept under the name of who made it"
        raise LayerError(msg)


def _given(incident: Incident | None, _: bytes | None) -> Incident | None:
    return incident
