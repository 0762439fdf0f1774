"""What differs between two versions of a layer: what is new, revised, moved, withdrawn?

Every incident counts once. One whose place changed is moved, whatever else changed with it; one
taken back is withdrawn, whether it is gone or stays in the layer as retracted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any, Literal

from geo.area import distance_km
from geo.claims import toll_in_words
from geo.errors import LayerNotFoundError
from geo.feature import write_time
from geo.incident import Incident, Point
from geo.store import Layer, LayerStore
from geo.taxonomy import event_type
from geo.threeway import GROUPS
from geo.words import place_in_words, when_in_words

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


def last_moment(day: date) -> datetime:
    """End of a day, UTC: what was known on it was recorded until then."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)


def fields(before: Incident, after: Incident) -> tuple[FieldChange, ...]:
    """Say part by part how an incident was and how it is; equal parts are left out."""
    said = []
    for group in GROUPS:
        if all(attrgetter(name)(before) == attrgetter(name)(after) for name in group):
            continue
        words = _WORDS.get(group[0], _plain(group))
        old, new = words(before), words(after)
        if old == new:
            # what words do not tell apart is shown as it is kept
            old, new = _plain(group)(before), _plain(group)(after)
        said.append(FieldChange(_NAMES.get(group[0], group[0].replace("_", " ")), old, new))
    return tuple(said)


def _difference(before: Incident | None, after: Incident | None) -> Difference | None:
    if before is None or after is None:
        kind: Kind = "added" if before is None else "withdrawn"
        return Difference(kind=kind, before=before, after=after)
    changed = fields(before, after)
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


def _plain(group: Sequence[str]) -> Callable[[Incident], str]:
    def words(incident: Incident) -> str:
        return "; ".join(_kept(getattr(incident, name)) for name in group)

    return words


def _kept(value: Any) -> str:
    if value is None or value in ("", (), {}):
        return "nothing"
    return str(value)


def _place(incident: Incident) -> str:
    parts = [place_in_words(incident) or "no place named", incident.precision]
    if incident.point:
        parts.append(f"{incident.point.lat:.4f}, {incident.point.lon:.4f}")
    if incident.radius_km:
        parts.append(f"within {incident.radius_km:g} km")
    return " · ".join(parts)


def _status(incident: Incident) -> str:
    reason = incident.status_reason
    return f"{incident.status} ({reason})" if reason else incident.status


def _claims(incident: Incident) -> str:
    said = [
        f"{c.field} {c.value} {c.whom}" + (f" by {c.claimant}" if c.claimant else "")
        for c in incident.claims
    ]
    return "; ".join(said) or "nothing"


_NAMES = {
    "start": "date",
    "place_name": "place",
    "native": "the source's own codes",
    "extra": "further properties",
}
_WORDS: Mapping[str, Callable[[Incident], str]] = {
    "event_type": lambda i: event_type(i.event_type).label,
    "start": when_in_words,
    "place_name": _place,
    "actors": lambda i: ", ".join(a.name for a in i.actors) or "nothing",
    "claims": _claims,
    "deaths": lambda i: toll_in_words(i, "deaths"),
    "injured": lambda i: toll_in_words(i, "injured"),
    "sources": lambda i: ", ".join(s.publisher or s.title or s.url for s in i.sources) or "nothing",
    "sites": lambda i: ", ".join(s.name for s in i.sites) or "nothing",
    "status": _status,
}
