"""How does a person decide on drafts: accept, correct, reject, split, merge, and take that back?

Drafts are incidents of a layer with the status "draft", whoever drafted them: an article, or a
machine-coded import. What a draft rests on is its member `evidence`; who decided what, and when,
is written into its member `review` and stays with the incident. Each decision is one entry of the
layer's journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from geo.claims import toll_from_claims
from geo.edits import check_expected
from geo.errors import LayerError
from geo.feature import write_time
from geo.incident import Incident, Recorded
from geo.layerfile import fingerprint
from geo.store import LayerStore

EVIDENCE, REVIEW = "evidence", "review"
# parts of an incident that a reviewer corrects
_PARTS = (
    *("event_type", "title", "summary", "start", "end", "date_precision", "assessment"),
    *("place_name", "admin1", "admin2", "countries", "point", "precision", "radius_km", "located"),
)


@dataclass(frozen=True, slots=True)
class Done:
    """A decision that can be taken back: incidents as they were and as they became, by id."""

    what: str
    before: Mapping[str, Incident | None]
    after: Mapping[str, Incident]


def queue(incidents: Iterable[Incident]) -> tuple[Incident, ...]:
    """Order drafts by doubt, the most doubtful first; those without a score come last."""
    drafts = [incident for incident in incidents if incident.status == "draft"]
    return tuple(sorted(drafts, key=lambda i: (score(i) is None, score(i) or 0.0, i.id)))


def score(incident: Incident) -> float | None:
    """How sure the draft is of itself, 0 to 1, where it says so."""
    found = evidence(incident).get("score")
    return float(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def evidence(incident: Incident) -> Mapping[str, Any]:
    """Read what a draft rests on: `sentences`, `spans`, `candidates`, `score`, `reasons`."""
    found = incident.extra.get(EVIDENCE)
    return found if isinstance(found, Mapping) else {}


def reviews(incident: Incident) -> tuple[Mapping[str, Any], ...]:
    """List who decided what, oldest first: `when`, `who`, `what`."""
    found = incident.extra.get(REVIEW)
    return tuple(r for r in found if isinstance(r, Mapping)) if isinstance(found, list) else ()


def awaits_second(incident: Incident) -> str:
    """Name of the first reader of a draft that waits for a second one; else nothing."""
    last = reviews(incident)[-1:]
    first = last and last[0].get("what") == "read"
    return str(last[0].get("who", "")) if first and incident.status == "draft" else ""


def accept(
    store: LayerStore,
    name: str,
    draft: Incident,
    *,
    corrected: Incident | None = None,
    two_readers: bool = False,
    by: str,
    now: datetime,
) -> Done:
    """Accept a draft, as it is or as corrected.

    With `two_readers` the first reading leaves it a draft; another person's accepts it. A second
    reader who corrects something becomes the first reader of what is new.

    Raises
    ------
    LayerError
        When the first reader would be the second too.
    LayerConflictError
        When the draft changed since it was shown.
    """
    wanted = corrected or draft
    changed = [part for part in _PARTS if getattr(wanted, part) != getattr(draft, part)]
    first = awaits_second(draft)
    if two_readers and first == by and not changed:
        msg = f"name is {by!r}: the second reader is another person than the first"
        raise LayerError(msg)
    what = f"corrected {', '.join(changed)}" if changed else "accepted"
    if two_readers and (not first or changed):
        after = _noted(_noted(wanted, what, by, now) if changed else wanted, "read", by, now)
    else:
        noted = _noted(wanted, what, by, now)
        after = replace(noted, status="accepted", status_reason="")
    return _apply(store, name, what, {draft.id: (draft, after)}, by, now)


def reject(
    store: LayerStore, name: str, draft: Incident, *, reason: str, by: str, now: datetime
) -> Done:
    """Reject a draft; it stays in the layer with the reason, and is not drafted again.

    Raises
    ------
    LayerError
        Without a reason.
    """
    if not reason.strip():
        msg = "reason is '': a rejection says why"
        raise LayerError(msg)
    noted = _noted(draft, f"rejected: {reason.strip()}", by, now)
    after = replace(noted, status="rejected", status_reason=reason.strip())
    return _apply(store, name, "rejected", {draft.id: (draft, after)}, by, now)


def split(
    store: LayerStore, name: str, draft: Incident, taken: Iterable[str], *, by: str, now: datetime
) -> Done:
    """Make a second draft of the same evidence, to be corrected by itself.

    `taken` are the ids that the layer holds.
    """
    held = set(taken)
    new_id = next(n for k in range(2, len(held) + 3) if (n := f"{draft.id}-{k}") not in held)
    part = _noted(replace(draft, id=new_id), f"split from {draft.id}", by, now)
    before = _noted(draft, f"split into {new_id}", by, now)
    return _apply(store, name, "split", {draft.id: (draft, before), new_id: (None, part)}, by, now)


def merge(
    store: LayerStore, name: str, into: Incident, other: Incident, *, by: str, now: datetime
) -> Done:
    """Make one draft of two that tell of one event.

    `into` keeps its type, place, period and title; claims, actors, sources and evidence are
    joined, and the tolls follow from the claims. The other is rejected with the reason.
    """
    if into.id == other.id:
        msg = f"draft {into.id!r}: a draft cannot be merged with itself"
        raise LayerError(msg)
    claims = tuple(dict.fromkeys((*into.claims, *other.claims)))
    joined = replace(
        into,
        claims=claims,
        deaths=toll_from_claims(claims, "deaths"),
        injured=toll_from_claims(claims, "injured"),
        actors=tuple(dict.fromkeys((*into.actors, *other.actors))),
        sources=tuple(dict.fromkeys((*into.sources, *other.sources))),
        extra={**into.extra, EVIDENCE: _joined(evidence(into), evidence(other))},
    )
    reason = f"the same event as {into.id}"
    gone = replace(_noted(other, f"merged into {into.id}", by, now), status="rejected")
    after = {
        into.id: (into, _noted(joined, f"merged with {other.id}", by, now)),
        other.id: (other, replace(gone, status_reason=reason)),
    }
    return _apply(store, name, "merged", after, by, now)


def undo(store: LayerStore, name: str, done: Done, *, by: str, now: datetime) -> None:
    """Take a decision back: the incidents become what they were.

    Raises
    ------
    LayerConflictError
        When one of them changed since.
    """

    def change(found: Mapping[str, Incident]) -> dict[str, Incident | None]:
        for key, after in done.after.items():
            check_expected(name, key, found.get(key), fingerprint(after))
        return dict(done.before)

    store.edit(name, set(done.before), change, action="undo review", by=by, now=now)


def _apply(
    store: LayerStore,
    name: str,
    what: str,
    steps: Mapping[str, tuple[Incident | None, Incident]],
    by: str,
    now: datetime,
) -> Done:
    after = {
        key: replace(
            made, recorded=Recorded(first_seen=made.recorded.first_seen, updated=now, by=by)
        )
        for key, (_, made) in steps.items()
    }

    def change(found: Mapping[str, Incident]) -> dict[str, Incident | None]:
        for key, (before, _) in steps.items():
            expected = fingerprint(before) if before else None
            check_expected(name, key, found.get(key), expected)
        return dict(after)

    store.edit(name, set(steps), change, action="review", by=by, now=now)
    return Done(what, {key: before for key, (before, _) in steps.items()}, after)


def _dated(incident: Incident, by: str, now: datetime) -> Incident:
    first = incident.recorded.first_seen
    return replace(incident, recorded=Recorded(first_seen=first, updated=now, by=by))


def _noted(incident: Incident, what: str, by: str, now: datetime) -> Incident:
    """Add a line to what stays with the incident."""
    line = {"when": write_time(now), "who": by, "what": what}
    return replace(incident, extra={**incident.extra, REVIEW: [*reviews(incident), line]})


def _joined(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Join what two drafts rest on, each part once and in the order of the text."""
    made = {**other, **one}
    for part in ("sentences", "spans", "candidates", "reasons"):
        both = [*one.get(part, ()), *other.get(part, ())]
        once = [item for n, item in enumerate(both) if item not in both[:n]]
        if part in ("sentences", "spans"):
            once.sort(key=lambda item: (item["start"], item["end"]))
        made[part] = once
    return made
