"""What differs between two versions of a layer: what is new, revised, moved, withdrawn?

Every incident counts once. One whose place changed is moved, whatever else changed with it; one
taken back is withdrawn, whether it is gone or stays in the layer as retracted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Literal

from geo.area import distance_km
from geo.errors import LayerCorruptError, LayerNotFoundError
from geo.feature import write_time
from geo.incident import Incident, Point
from geo.layerfile import decode, read_head
from geo.living import MEMBER
from geo.parts import name_of, told_apart
from geo.store import Layer, LayerStore
from geo.threeway import GROUPS

Kind = Literal["added", "revised", "moved", "withdrawn"]
KINDS: tuple[Kind, ...] = ("added", "revised", "moved", "withdrawn")
_PLACE = ("point", "precision", "radius_km")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One part of an incident as it was and as it is, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What became of one incident; `before` or `after` is None where there was or is none.

    `km` says how far its point moved, where both versions have one.
    """

    kind: Kind
    before: Incident | None
    after: Incident | None
    fields: tuple[FieldChange, ...] = ()
    km: float | None = None

    @property
    def incident(self) -> Incident:
        """The incident as it is, else as it was."""
        found = self.after or self.before
        if found is None:
            msg = "a difference has an incident on one side at least"
            raise ValueError(msg)
        return found

    @property
    def spots(self) -> tuple[Point | None, Point | None]:
        """Where it was and where it is."""
        return (
            self.before.point if self.before else None,
            self.after.point if self.after else None,
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every incident of either version, once; the changed ones kind by kind, then by id."""

    differences: tuple[Difference, ...]
    unchanged: int

    def counts(self) -> Mapping[Kind, int]:
        """How many of each kind, all kinds named."""
        found = Counter(one.kind for one in self.differences)
        return {kind: found[kind] for kind in KINDS}


def compare(before: Sequence[Incident], after: Sequence[Incident]) -> Comparison:
    """Compare two versions of a layer, incident by incident."""
    old = {i.id: i for i in before}
    new = {i.id: i for i in after}
    found = []
    unchanged = 0
    for key in sorted(old.keys() | new.keys()):
        difference = _difference(old.get(key), new.get(key))
        if difference is None:
            unchanged += 1
        else:
            found.append(difference)
    found.sort(key=lambda one: KINDS.index(one.kind))
    return Comparison(tuple(found), unchanged)


def known_on(store: LayerStore, name: str, moment: datetime) -> Layer:
    """Read a layer as it was known at a moment, by its journal.

    Raises
    ------
    LayerNotFoundError
        When the layer was not known yet, or its journal does not reach back so far.
    """
    history = store.history(name)
    for step in history:
        if step.when <= moment:
            return store.read_version(name, step.version_after)
    when = write_time(moment)
    if not history:
        now = store.read(name)
        if now.meta.as_of is not None and now.meta.as_of <= moment:
            return now
        msg = f"layer {name!r} as known on {when} is unknown: it has no journal"
        raise LayerNotFoundError(msg)
    oldest = history[-1]
    if oldest.version_before:
        then = store.read_version(name, oldest.version_before)
        if then.meta.as_of is not None and then.meta.as_of <= moment:
            return then
    began = write_time(oldest.when)
    msg = f"layer {name!r} was not known on {when}: its journal begins at {began}"
    raise LayerNotFoundError(msg)


def caught_up(store: LayerStore, layer: Layer, *, most: int = 2_000) -> Layer | None:
    """Bring a layer that was read before up to what it is now, by the few changes since.

    None where the journal does not lead from one to the other, or over more than `most` changes:
    then it is read anew.
    """
    try:
        history = store.history(layer.name)
        led = [step.version_after for step in history]
        steps = history[: led.index(layer.version)] if layer.version in led else []
        if not steps or not steps[0].head_after or sum(s.changed for s in steps) > most:
            return None
        incidents = {i.id: i for i in layer.incidents}
        for step in reversed(steps):
            for change in store.changes(layer.name, step):
                incidents.pop(change.id, None)
                if change.after is not None:
                    where = f"journal of layer {layer.name!r}"
                    incidents[change.id] = decode(change.after.encode(), where=where)
        meta = read_head(steps[0].head_after.encode(), layer.name)
    except LayerCorruptError:
        # a damaged journal does not bar the way to a sound layer
        return None
    found = tuple(incidents[key] for key in sorted(incidents))
    return Layer(layer.name, meta, steps[0].version_after, found)


def last_moment(day: date) -> datetime:
    """End of a day, UTC: what was known on it was recorded until then."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)


def fields(before: Incident, after: Incident) -> tuple[FieldChange, ...]:
    """Say part by part how an incident was and how it is; equal parts are left out."""
    said = []
    for group in GROUPS:
        if all(attrgetter(name)(before) == attrgetter(name)(after) for name in group):
            continue
        old, new = told_apart(group, before, after)
        said.append(FieldChange(name_of(group), old, new))
    return tuple(said)


def _difference(before: Incident | None, after: Incident | None) -> Difference | None:
    if before is None or after is None:
        kind: Kind = "added" if before is None else "withdrawn"
        return Difference(kind=kind, before=before, after=after)
    changed = fields(_seen(before), _seen(after))
    if not changed:
        return None
    kind, km = "revised", None
    if after.status == "retracted" != before.status:
        kind = "withdrawn"
    elif any(getattr(before, name) != getattr(after, name) for name in _PLACE):
        kind = "moved"
        if before.point and after.point:
            km = distance_km(before.point, after.point)
    return Difference(kind=kind, before=before, after=after, fields=changed, km=km)


def _seen(incident: Incident) -> Incident:
    """Take the memory off, but leave the status: a part of a merged incident is retracted."""
    if MEMBER not in incident.extra:
        return incident
    return replace(incident, extra={n: v for n, v in incident.extra.items() if n != MEMBER})
