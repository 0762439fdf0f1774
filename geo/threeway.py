"""Whose change is it: the source's, a person's, or both at once?

An import compares three states of an incident: what the source said last time, what it says
now, and what people made of it here. Parts that belong together, such as point, precision and
radius, change together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import cached_property
from operator import attrgetter
from pathlib import Path

from geo import journal
from geo.incident import Incident
from geo.layerfile import decode
from geo.living import bare

# every field but id and recorded, in groups of which one part means nothing without the others
GROUPS: tuple[tuple[str, ...], ...] = (
    ("event_type",),
    ("title",),
    ("summary",),
    ("start", "end", "date_precision", "time"),
    (
        *("place_name", "admin2", "admin1", "countries"),
        *("point", "precision", "radius_km", "located"),
    ),
    ("sites",),
    ("actors",),
    ("claims",),
    ("deaths",),
    ("injured",),
    ("sources",),
    ("status", "status_reason"),
    ("assessment",),
    ("native",),
    ("extra",),
    ("licence",),
)
# what is not a person's doing
_BY_SOURCES = frozenset(("import", "create"))


def reconcile(base: Incident | None, ours: Incident, theirs: Incident) -> Incident | None:
    """Bring what the source changed into what people corrected.

    Answers `ours` itself where the source changed nothing, and None where both changed the same
    part in different ways, or where it is unknown what the source said before.
    """
    taken: dict[str, object] = {}
    for group in GROUPS:
        mine, new = _part(ours, group), _part(theirs, group)
        if mine == new:
            continue
        old = None if base is None else _part(base, group)
        if new == old:
            continue
        if mine != old:
            return None
        taken |= {name: getattr(theirs, name) for name in group}
    return replace(ours, **taken) if taken else ours  # type: ignore[arg-type]


def clashes(base: Incident | None, ours: Incident, theirs: Incident) -> tuple[str, ...]:
    """Name the fields that both sides changed, in different ways."""
    found: list[str] = []
    for group in GROUPS:
        mine, new = _part(ours, group), _part(theirs, group)
        old = None if base is None else _part(base, group)
        if new not in (mine, old) and mine != old:
            found += _different(ours, theirs, group)
    return tuple(found)


def differences(one: Incident, other: Incident) -> tuple[str, ...]:
    """Name the fields in which two states of an incident differ, in the order of `GROUPS`."""
    return tuple(name for group in GROUPS for name in _different(one, other, group))


def take(ours: Incident, theirs: Incident, names: Collection[str]) -> Incident:
    """Take fields over from the other side; what means nothing alone comes with its group."""
    groups = [group for group in GROUPS if not set(group).isdisjoint(names)]
    return replace(ours, **{n: getattr(theirs, n) for g in groups for n in g})


class Upstream:
    """What the source said last of the incidents that people changed, from the journal."""

    def __init__(self, path: Path, version: Callable[[], str]) -> None:
        self._path = path
        # asked for only where it is needed: naming a version reads the layer once
        self._version = version

    def said(self, ours: Incident) -> Incident | None:
        """Give a bare incident as its source had it; None where that is unknown or it has none."""
        if ours.id in self._said:
            return self._said[ours.id]
        # nobody changed it here; without the journal of its beginning that is not certain
        return ours if self._is_complete or not ours.recorded.by else None

    @cached_property
    def _led(self) -> list[journal.Transaction]:
        return journal.leading_to(self._path, self._version())[::-1]

    @property
    def _is_complete(self) -> bool:
        return bool(self._led) and not self._led[0].version_before

    @cached_property
    def _said(self) -> dict[str, Incident | None]:
        """Replay the imports alone, for the incidents that people touched."""
        touched = {
            change.id
            for transaction in self._led
            if transaction.action not in _BY_SOURCES
            for change in journal.changes(self._path, transaction)
        }
        said: dict[str, Incident | None] = dict.fromkeys(touched)
        for transaction in self._led if touched else ():
            if transaction.action not in _BY_SOURCES:
                continue
            for change in journal.changes(self._path, transaction):
                if change.id in touched and change.after is not None:
                    said[change.id] = _replayed(said[change.id], change, self._path.stem)
        return said


def _replayed(said: Incident | None, change: journal.Change, name: str) -> Incident:
    """Apply what one import changed to what the source had said until then."""
    where = f"journal of layer {name!r}"
    after = bare(decode((change.after or "").encode(), where=where))
    if said is None or change.before is None:
        return after
    before = bare(decode(change.before.encode(), where=where))
    changed = [n for g in GROUPS if _part(before, g) != _part(after, g) for n in g]
    values: dict[str, object] = {name: getattr(after, name) for name in changed}
    return replace(said, **values)  # type: ignore[arg-type]


def _different(one: Incident, other: Incident, group: tuple[str, ...]) -> list[str]:
    return [name for name in group if getattr(one, name) != getattr(other, name)]


def _part(incident: Incident, group: tuple[str, ...]) -> object:
    return attrgetter(*group)(incident)
