"""How does everything an analyst made travel in one file, and come back with nothing lost?

One zip: layers, their journals, views, context layers, the record of briefings, the copies of
articles. Equal folders make equal bytes. A backup from elsewhere is text from outside: names, sizes
and sums are checked, every layer is read, before anything is put in place. What differs from what
is here is told and left alone, unless it is named; then what was here goes to the bin.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Literal

from geo import journal, views
from geo.backupfile import (
    JOURNAL,
    LAYER,
    MOST_FILES,
    OTHERS,
    VIEWS,
    check_other,
    checked,
    pack,
    unpacked,
    write_statement,
)
from geo.durable import Replacement
from geo.errors import ZIP_ERRORS, AtlasError, BackupError, ViewError
from geo.keeping import Keeper

What = Literal["layer", "view", "context", "briefing", "article"]
Standing = Literal["restored", "same", "newer_here", "newer_there", "conflict", "taken"]
STANDINGS: Mapping[Standing, str] = {
    "restored": "was not here: put in place",
    "same": "the same here",
    "newer_here": "the one here goes on from the backup's: kept",
    "newer_there": "the backup's goes on from the one here: left alone until you take it",
    "conflict": "both went their own way: left alone until you take it",
    "taken": "the backup's put in place; the one here is in the bin",
}


_WHAT: Mapping[str, What] = {
    "context": "context",
    "briefings": "briefing",
    "articles": "article",
}


@dataclass(frozen=True, slots=True)
class Item:
    """What a restore did, or would do, with one thing of the backup."""

    what: What
    name: str
    standing: Standing
    here: str = ""
    there: str = ""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds, as files of each kind; and why something damaged is not in it."""

    counts: Mapping[str, int]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """Everything that was in a backup, each with what became of it; and what could not be told."""

    items: tuple[Item, ...]
    problems: tuple[str, ...] = ()

    def of(self, standing: Standing) -> tuple[Item, ...]:
        """List what stands so."""
        return tuple(item for item in self.items if item.standing == standing)


def backup(folder: Path, out: IO[bytes]) -> Backup:
    """Write everything beside the layers into a zip.

    Parameters
    ----------
    folder
        The folder of the layers. The bin stays out.
    out
        An open file or a place in memory.
    """
    stated: dict[str, dict[str, Any]] = {}
    left_out: list[str] = []
    counts = {"layers": 0, "journals": 0, "views": 0, **dict.fromkeys(OTHERS, 0)}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for place, path in _found(folder, left_out):
            if len(stated) == MOST_FILES - 1:
                left_out.append(f"{place!r} and what follows: a backup holds {MOST_FILES:,} files")
                break
            try:
                with path.open("rb") as file:
                    stated[place] = pack(archive, place, file)
            except FileNotFoundError:
                # renamed or taken back while the backup ran
                continue
            except OSError as error:
                msg = f"{path.name!r} cannot be read: {error.strerror or error}"
                raise BackupError(msg) from error
            counts[place.split("/")[0].removesuffix(".json")] += 1
        write_statement(archive, stated)
    return Backup(counts, tuple(left_out))


def restore(
    source: IO[bytes] | Path,
    folder: Path,
    *,
    by: str,
    now: datetime,
    take: Collection[str] = (),
    dry_run: bool = False,
) -> Restored:
    """Bring back what a backup holds and is not here; tell everything else.

    Parameters
    ----------
    source
        The zip.
    folder
        The folder of the layers, empty or not.
    by
        Who restores, for the bin.
    now
        Time of record.
    take
        Names of layers to take from the backup although another one is here, which goes to the
        bin with its journal.
    dry_run
        Say what would be done, but write nothing.

    Raises
    ------
    BackupError
        When the file is no backup, or something in it is not as it says. Nothing was written.
    """
    with tempfile.TemporaryDirectory(prefix="incident-atlas-") as temporary:
        held = Path(temporary)
        try:
            with zipfile.ZipFile(source) as archive:
                places = unpacked(archive, held)
        except (*ZIP_ERRORS, ValueError) as error:
            msg = f"the file is no backup: {str(error)[:80]}"
            raise BackupError(msg) from error
        except OSError as error:
            msg = f"the backup cannot be unpacked: {error.strerror or error}"
            raise BackupError(msg) from error
        layers = checked(held, places)
        unknown = sorted(set(take) - layers.keys())
        if unknown:
            msg = f"layer {unknown[0][:60]!r} to take is not in the backup"
            raise BackupError(msg)
        keeper = Keeper(folder)
        work = _Work(held, keeper, folder, by, now, dry_run)
        items = [work.layer(name, layers[name], take=name in take) for name in sorted(layers)]
        items += work.others(places)
        problems: list[str] = []
        items += work.views(places, problems)
    return Restored(tuple(items), tuple(problems))


@dataclass(frozen=True, slots=True)
class _Work:
    held: Path
    keeper: Keeper
    folder: Path
    by: str
    now: datetime
    dry_run: bool

    def layer(self, name: str, there: str, *, take: bool) -> Item:
        """Put one layer in place, or say why not."""
        layer = self.held / LAYER.format(name)
        history = self.held / JOURNAL.format(name)
        kept = history if history.exists() else None
        if name not in self.keeper.names():
            if not self.dry_run:
                self.keeper.adopt(name, layer, kept)
            return Item("layer", name, "restored", "", there)
        here = self.keeper.version(name)
        if here == there:
            return Item("layer", name, "same", here, there)
        known_here = {step.version_before for step in self.keeper.history(name)}
        known_there = (
            {step.version_before for step in journal.leading_to(kept, there)} if kept else set()
        )
        standing: Standing = "conflict"
        if there in known_here:
            standing = "newer_here"
        elif here in known_there:
            standing = "newer_there"
        if take:
            standing = "taken"
            if not self.dry_run:
                reason = "replaced by the one of a backup"
                self.keeper.retract_layer(name, reason=reason, by=self.by, now=self.now)
                self.keeper.adopt(name, layer, kept)
        return Item("layer", name, standing, here, there)

    def others(self, places: Collection[str]) -> Iterator[Item]:
        """Put context layers, records of briefings and articles in place where there are none."""
        for place in sorted(places):
            kind, _, name = place.partition("/")
            if kind not in OTHERS:
                continue
            target = self.folder / OTHERS[kind][0] / name
            data = (self.held / place).read_bytes()
            standing: Standing = "restored"
            if target.exists():
                standing = "same" if target.read_bytes() == data else "conflict"
            elif not self.dry_run:
                target.parent.mkdir(parents=True, exist_ok=True)
                with Replacement(target) as draft:
                    draft.write(data)
                    draft.seal()
                    draft.publish()
            yield Item(_WHAT[kind], Path(name).stem, standing)

    def views(self, places: Collection[str], problems: list[str]) -> Iterator[Item]:
        """Add the views whose names are free; what cannot be read or kept is told."""
        if VIEWS not in places:
            return
        here = {view.name: view for view in views.read(self.folder).views}
        there = views.read(self.held)
        problems += [f"in the backup: {problem}" for problem in there.problems]
        for view in there.views:
            standing: Standing = "restored"
            if view.name in here:
                standing = "same" if here[view.name] == view else "conflict"
            elif not self.dry_run:
                try:
                    views.save(self.folder, view)
                except ViewError as error:
                    problems.append(str(error))
                    continue
            yield Item("view", view.name, standing)


def _found(folder: Path, left_out: list[str]) -> Iterator[tuple[str, Path]]:
    """Every file that belongs into a backup, in a fixed order.

    A layer is read before its journal: what is written in between stands in the journal alone,
    where it does not count, and nothing that the layer holds is without its history.
    """
    keeper = Keeper(folder)
    for name in keeper.names():
        try:
            keeper.version(name)
        except AtlasError as error:
            # one damaged layer must not spoil the way back for the others
            left_out.append(str(error))
            continue
        yield LAYER.format(name), folder / f"{name}.geojson"
        history = folder / ".history" / f"{name}.jsonl"
        if history.is_file() and not history.is_symlink():
            yield JOURNAL.format(name), history
    if (folder / views.FILE).is_file():
        yield VIEWS, folder / views.FILE
    for kind in OTHERS:
        yield from _beside(folder, kind, left_out)


def _beside(folder: Path, kind: str, left_out: list[str]) -> Iterator[tuple[str, Path]]:
    beside, pattern, _ = OTHERS[kind]
    for path in sorted((folder / beside).glob("*")):
        if not re.fullmatch(pattern, path.name, re.ASCII) or path.is_symlink():
            continue
        place = f"{kind}/{path.name}"
        try:
            check_other(kind, path)
        except AtlasError as error:
            # what would be refused later must not spoil the way back for the rest
            left_out.append(f"{place[:40]}: {error}")
        except OSError as error:
            left_out.append(f"{place[:40]} cannot be read: {error.strerror or error}")
        else:
            yield place, path
