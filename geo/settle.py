"""What becomes of one incident when its source speaks again?

Taken over, kept as corrected here, or a conflict that waits for a person: it is kept with the
incident, so that the same statement is reported once and can be decided at any later time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from geo.errors import LayerError
from geo.incident import Incident
from geo.living import Conflict, Living, bare, dress, living
from geo.threeway import clashes, differences, reconcile, take

# `open` is a conflict that was reported before; `absent` is not in the import at all
What = Literal["new", "revised", "unchanged", "withdrawn", "conflicts", "open", "absent"]
_Said = Callable[[Incident], Incident | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import does to one incident; None where its line stays as it is."""

    what: What
    incident: Incident | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field of a conflict in its three states; `clashes` where both sides changed it."""

    field: str
    base: object
    ours: object
    theirs: object
    clashes: bool

    def as_json(self) -> dict[str, Any]:
        """Write the difference as JSON values."""
        sides = {side: _plain(getattr(self, side)) for side in ("base", "ours", "theirs")}
        return {"field": self.field, "clashes": self.clashes, **sides}


def settle(held: Incident, new: Incident, *, said: _Said, now: datetime) -> Outcome:
    """Compare what is held with what the source says now.

    Parameters
    ----------
    held
        The incident as the layer holds it.
    new
        What the source says.
    said
        Answers for a bare incident what its source said before; None where that is unknown.
    now
        Time of record.
    """
    state, ours = living(held), bare(held)
    by = new.recorded.by
    new = replace(bare(new), recorded=ours.recorded)
    base = _base(state, ours, said)
    # a person may have ended a conflict by a correction: then nothing clashes any more
    if state.conflict and _alike(state.conflict.theirs, new) and clashes(base, ours, new):
        return Outcome("open")
    merged = reconcile(base, ours, new)
    if merged is None:
        waiting = replace(state, conflict=Conflict(base=base, theirs=new))
        return Outcome("conflicts", dress(ours, waiting), clashes(base, ours, new))
    # once a person decided, the journal alone no longer tells what the source said last
    told = new if state.said or state.conflict else None
    if state.said and _alike(state.said, new):
        told = state.said
    after = replace(state, conflict=None, said=told)
    if merged is ours:
        if after == state:
            return Outcome("unchanged")
        return Outcome("revised", dress(ours, after), ("conflict",))
    # the name of a person stays on what they corrected
    untouched = base is ours or (base is not None and _alike(base, ours))
    recorded = replace(ours.recorded, updated=now, by=by if untouched else ours.recorded.by)
    fields = differences(ours, merged)
    return Outcome("revised", dress(replace(merged, recorded=recorded), after), fields)


def withdraw(
    held: Incident, *, reason: str, said: _Said, now: datetime, named: bool = False
) -> Outcome:
    """Note that the source took an incident back: it stays, retracted with the reason.

    `named` says that the source names it; what is merely missing in a file is left alone where
    it is a person's own.
    """
    state, ours = living(held), bare(held)
    if ours.status == "retracted":
        return Outcome("unchanged" if named else "absent")
    base = _base(state, ours, said)
    if base is None and not named:
        return Outcome("absent")
    last = state.conflict.theirs if state.conflict else base or ours
    gone = replace(last, status="retracted", status_reason=reason, recorded=ours.recorded)
    outcome = settle(held, gone, said=said, now=now)
    if outcome.incident is not None and bare(outcome.incident).status == "retracted":
        # the retraction is the source's; the name of who corrected the rest stays
        return replace(outcome, what="withdrawn", fields=())
    return Outcome("absent") if outcome.what == "unchanged" and not named else outcome


def show(held: Incident) -> tuple[Difference, ...]:
    """Lay an open conflict out, field by field; empty where there is none."""
    conflict, ours = living(held).conflict, bare(held)
    if conflict is None:
        return ()
    base, theirs = conflict.base, conflict.theirs
    clashing = set(clashes(base, ours, theirs))
    changed = {*differences(base, theirs)} if base else {*differences(ours, theirs)}
    return tuple(
        Difference(
            field=name,
            base=getattr(base, name) if base else None,
            ours=getattr(ours, name),
            theirs=getattr(theirs, name),
            clashes=name in clashing,
        )
        for name in differences(ours, theirs)
        if name in changed or name in clashing
    )


def decide(held: Incident, *, theirs: bool | Collection[str], by: str, now: datetime) -> Incident:
    """Decide an open conflict.

    Parameters
    ----------
    held
        The incident with its conflict.
    theirs
        True takes all that the source changed, False keeps ours where both changed; or the names
        of the fields of the source's that are taken. What only the source changed is taken in
        any case.
    by, now
        Who decides, and the time of record.

    Raises
    ------
    LayerError
        Where there is no open conflict, or a field is not part of it.
    """
    state, ours = living(held), bare(held)
    if state.conflict is None:
        msg = f"incident {held.id!r} has no open conflict"
        raise LayerError(msg)
    shown = show(held)
    if not isinstance(theirs, bool):
        unknown = sorted(set(theirs) - {d.field for d in shown})
        if unknown:
            known = ", ".join(d.field for d in shown)
            msg = (
                f"field {unknown[0]!r} is not in conflict: incident {held.id!r} differs in {known}"
            )
            raise LayerError(msg)
    chosen = {
        d.field
        for d in shown
        if theirs is True or not d.clashes or (theirs is not False and d.field in theirs)
    }
    after = take(ours, state.conflict.theirs, chosen)
    recorded = replace(ours.recorded, updated=now, by=by)
    decided = replace(state, conflict=None, said=state.conflict.theirs)
    return dress(replace(after, recorded=recorded), decided)


def _base(state: Living, ours: Incident, said: _Said) -> Incident | None:
    if state.conflict:
        return state.conflict.base
    return state.said or said(ours)


def _alike(one: Incident, other: Incident) -> bool:
    return not differences(one, other)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        found = {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
        return {name: part for name, part in found.items() if part not in ("", None)}
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return dict(value)
    return value.isoformat() if isinstance(value, date) else value
