"""How does a person decide what the sources leave open: conflicts, one event or two?

Each decision is one entry of the layer's journal, under the name of who made it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from geo import merged, settle
from geo.edits import check_expected
from geo.errors import LayerError
from geo.incident import Incident
from geo.living import bare, dress, living
from geo.settle import Difference
from geo.store import LayerStore

_Expected = Mapping[str, str]
_NOTHING: _Expected = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Waiting:
    """An incident whose conflict waits for a decision."""

    incident: Incident
    differences: tuple[Difference, ...]


def conflicts(store: LayerStore, name: str) -> Iterator[Waiting]:
    """List the open conflicts of a layer, in order of id."""
    yield from waiting(store.stream(name))


def waiting(incidents: Iterable[Incident]) -> Iterator[Waiting]:
    """Find the open conflicts among incidents of a layer."""
    for incident in incidents:
        differences = settle.show(incident)
        # one that a correction ended since is left for the next import to clear away
        if any(difference.clashes for difference in differences):
            yield Waiting(incident, differences)


def decide(
    store: LayerStore,
    name: str,
    incident_id: str,
    *,
    theirs: bool | Collection[str],
    by: str,
    now: datetime,
    expected: str | None = None,
) -> str:
    """Decide a conflict and answer with the layer's new version.

    Parameters
    ----------
    store, name
        The layer.
    incident_id
        Which incident.
    theirs
        True takes what the source says, False keeps ours, names of fields take those alone; what
        only the source changed is taken in any case.
    by, now
        Who decides, and the time of record.
    expected
        `fingerprint` of the incident as it was shown, where it was.
    """

    def change(found: Mapping[str, Incident]) -> dict[str, Incident | None]:
        held = _one(found, incident_id, name)
        if expected is not None:
            check_expected(name, incident_id, held, expected)
        return {incident_id: settle.decide(held, theirs=theirs, by=by, now=now)}

    return store.edit(name, {incident_id}, change, action="decide", by=by, now=now)


def merge(
    store: LayerStore,
    name: str,
    ids: Collection[str],
    *,
    by: str,
    now: datetime,
    lead: str = "",
    expected: _Expected = _NOTHING,
) -> str:
    """Merge incidents that report one event, and answer with the id of the merged one.

    `lead` is the part whose type, title and summary it takes; by default the one with the finest
    place. `expected` has the `fingerprint` of each incident as it was shown, where it was.
    """
    wanted = sorted(set(ids))

    def change(found: Mapping[str, Incident]) -> dict[str, Incident | None]:
        _check(name, found, expected)
        parts = [_one(found, key, name) for key in wanted]
        if whole in found:
            msg = f"incident {whole!r} is in layer {name!r} already, merged from the same parts"
            raise LayerError(msg)
        return merged.merge(parts, by=by, now=now, lead=lead)

    whole = merged.merged_id(wanted)
    store.edit(name, {*wanted, whole}, change, action="merge", by=by, now=now)
    return whole


def unmerge(
    store: LayerStore,
    name: str,
    incident_id: str,
    *,
    by: str,
    now: datetime,
    expected: _Expected = _NOTHING,
) -> str:
    """Undo a merge and answer with the layer's new version.

    The parts come back as they would be without it; what was corrected in the merged incident
    goes with it, and stays in the journal. `expected` as for `merge`.
    """
    ids = {incident_id}
    for incident in store.stream(name):
        if incident.id == incident_id:
            ids |= set(living(incident).merged_from)
            break

    def change(found: Mapping[str, Incident]) -> dict[str, Incident | None]:
        _check(name, found, expected)
        return merged.unmerge(_one(found, incident_id, name), found)

    return store.edit(name, ids, change, action="unmerge", by=by, now=now)


def set_apart(
    store: LayerStore,
    name: str,
    ids: Collection[str],
    *,
    by: str,
    now: datetime,
    expected: _Expected = _NOTHING,
) -> str:
    """Keep that incidents are not the same event: they are never offered as one again.

    `expected` as for `merge`.
    """
    wanted = sorted(set(ids))
    if len(wanted) < 2:
        msg = f"{len(wanted)} incident is given: two or more are told apart"
        raise LayerError(msg)

    def change(found: Mapping[str, Incident]) -> dict[str, Incident | None]:
        _check(name, found, expected)
        done: dict[str, Incident | None] = {}
        for key in wanted:
            held = _one(found, key, name)
            state = living(held)
            others = tuple(sorted({*state.not_same, *wanted} - {key}))
            done[key] = dress(bare(held), replace(state, not_same=others))
        return done

    return store.edit(name, wanted, change, action="set apart", by=by, now=now)


def _check(name: str, found: Mapping[str, Incident], expected: _Expected) -> None:
    for key, seen in expected.items():
        check_expected(name, key, found.get(key), seen)


def _one(found: Mapping[str, Incident], key: str, name: str) -> Incident:
    if key not in found:
        msg = f"incident {key!r} is not in layer {name!r}"
        raise LayerError(msg)
    return found[key]
