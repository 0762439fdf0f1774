"""What is one event when several incidents report it?

A merged incident is made from its parts and nothing else: the same parts give the same incident.
It carries every claim, source, site and actor; where the parts disagree, each keeps its word as
a claim, and a toll is the range they span, never a sum. The parts stay in the layer, retracted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import TypeVar

from geo.actors import canonical
from geo.area import reach_km
from geo.errors import LayerError
from geo.incident import (
    DATE_PRECISIONS,
    MAX_TEXT,
    PRECISIONS,
    Actor,
    Assessment,
    Claim,
    Incident,
    Recorded,
    Status,
    Toll,
)
from geo.living import Folded, Living, bare, dress, living

MOST_PARTS = 50
_T = TypeVar("_T")
_WEIGHT: tuple[Assessment, ...] = ("disputed", "corroborated", "reported", "claimed")
# what a person looked at and accepted counts before what nobody did
_STANDING: tuple[Status, ...] = ("accepted", "draft", "rejected", "retracted")


def merged_id(ids: Iterable[str]) -> str:
    """Name a merged incident after its parts."""
    digest = hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()
    return f"merged:{digest[:16]}"


def combine(parts: Sequence[Incident]) -> Incident:
    """Make one incident of several bare ones that report the same event.

    The first leads: type, title and summary are its own. Place and dates each come whole from
    the part that knows them best: a point of one with the precision of another would be a place
    nobody stated. What its source withdrew adds nothing, while another part stands. Native codes
    are kept by name, those of an earlier part first: they tell whose terms bind the whole.
    """
    live = [part for part in parts if part.status != "retracted"] or parts
    first = live[0]
    placed = min(live, key=vagueness)
    dated = min(live, key=lambda p: (DATE_PRECISIONS.index(p.date_precision), p.end - p.start))
    countries = (code for part in (placed, *live) for code in part.countries)
    status = min((part.status for part in live), key=_STANDING.index)
    return Incident(
        id=merged_id(part.id for part in parts),
        event_type=first.event_type,
        title=first.title,
        summary=first.summary,
        **{name: getattr(dated, name) for name in ("start", "end", "date_precision", "time")},
        **{
            name: getattr(placed, name)
            for name in (
                *("place_name", "admin1", "admin2", "point"),
                *("precision", "radius_km", "located"),
            )
        },
        countries=_once(countries),
        sites=_once(site for part in live for site in part.sites),
        actors=_once(a for part in live for a in part.actors),
        claims=_once(claim for part in live for claim in _claims(part, live)),
        deaths=_span(part.deaths for part in live),
        injured=_span(part.injured for part in live),
        sources=_once(source for part in live for source in part.sources),
        status=status,
        status_reason=next((p.status_reason for p in live if p.status == status), ""),
        assessment=_assessment(live),
        native={name: code for part in reversed(live) for name, code in part.native.items()},
        licence="; ".join(_once(part.licence for part in live if part.licence))[:MAX_TEXT],
        recorded=Recorded(
            first_seen=min(part.recorded.first_seen for part in parts),
            updated=max(part.recorded.updated for part in parts),
        ),
    )


def origins(
    merged: Incident, parts: Iterable[Incident]
) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Say of every actor, claim, site and source which parts state it; none: added by hand."""
    known = [bare(part) for part in parts]
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for name in ("actors", "claims", "sites", "sources"):
        held = {part.id: {_key(item) for item in _stated(part, name, known)} for part in known}
        found[name] = tuple(
            tuple(id_ for id_, keys in held.items() if _key(item) in keys)
            for item in getattr(merged, name)
        )
    return found


def merge(
    parts: Sequence[Incident], *, by: str, now: datetime, lead: str = ""
) -> dict[str, Incident | None]:
    """Merge incidents as they are held: the merged one, and each part retracted into it.

    Raises
    ------
    LayerError
        Where they cannot be one: too few or many, or a part of another already.
    """
    if not 2 <= len(parts) <= MOST_PARTS:
        msg = f"{len(parts)} incidents are given: 2 to {MOST_PARTS} are merged at a time"
        raise LayerError(msg)
    for part in parts:
        if part.status == "retracted":
            why = part.status_reason or "no reason given"
            msg = f"incident {part.id!r} is retracted ({why}): only live ones are merged"
            raise LayerError(msg)
        if living(part).conflict:
            msg = f"incident {part.id!r} has an open conflict: decide it before merging"
            raise LayerError(msg)
    if lead and lead not in {part.id for part in parts}:
        msg = f"lead is {lead!r}: must be one of the incidents that are merged"
        raise LayerError(msg)
    leading = min(parts, key=lambda p: (p.id != lead, vagueness(p), -len(p.sources), p.id))
    # the order of the parts is kept: so the same one leads when they change
    ordered = [leading, *sorted((p for p in parts if p is not leading), key=attrgetter("id"))]
    whole = combine([bare(part) for part in ordered])
    state = Living(merged_from=tuple(part.id for part in ordered))
    recorded = replace(whole.recorded, updated=now, by=by)
    done: dict[str, Incident | None] = {whole.id: dress(replace(whole, recorded=recorded), state)}
    for part in parts:
        was = Folded(into=whole.id, status=part.status, status_reason=part.status_reason)
        done[part.id] = dress(bare(part), replace(living(part), folded=was))
    return done


def unmerge(whole: Incident, parts: Mapping[str, Incident]) -> dict[str, Incident | None]:
    """Undo a merge: every part as it would be without it, the merged incident gone.

    Raises
    ------
    LayerError
        When it was not merged, or is a part of another by now.
    """
    state = living(whole)
    if not state.merged_from:
        msg = f"incident {whole.id!r} was not merged from others: there is nothing to undo"
        raise LayerError(msg)
    if state.folded:
        msg = f"incident {whole.id!r} was merged into {state.folded.into!r}: undo that one first"
        raise LayerError(msg)
    done: dict[str, Incident | None] = {whole.id: None}
    for key in state.merged_from:
        part = parts.get(key)
        if part is None:
            msg = f"part {key!r} of incident {whole.id!r} is not in the layer: it cannot come back"
            raise LayerError(msg)
        memory = living(part)
        # what somebody took out of it by hand stays as that person left it
        if memory.folded and memory.folded.into == whole.id:
            done[key] = dress(bare(part), replace(memory, folded=None))
    return done


def _claims(part: Incident, among: Sequence[Incident]) -> Iterator[Claim]:
    """Give a part's claims, and its word on what the others say differently."""
    for claim in part.claims:
        yield claim if claim.source else replace(claim, source=part.id)
    if any(other.event_type != part.event_type for other in among):
        yield Claim(field="event_type", value=part.event_type, source=part.id)
    for name in ("deaths", "injured"):
        toll: Toll = getattr(part, name)
        differs = any(getattr(other, name) != toll for other in among)
        said = any(claim.field == name and not claim.scope for claim in part.claims)
        if toll.known and differs and not said:
            yield Claim(
                field=name, value=_figure(toll), low=toll.low, high=toll.high, source=part.id
            )


def _figure(toll: Toll) -> int:
    stated = (toll.best, toll.high, toll.low)
    return next(number for number in stated if number is not None)


def _span(tolls: Iterable[Toll]) -> Toll:
    """Span what the parts say of the same people; best only where they agree on it."""
    known = [toll for toll in tolls if toll.known]
    if not known or all(toll == known[0] for toll in known):
        return known[0] if known else Toll()
    stated = [n for t in known for n in (t.low, t.best, t.high) if n is not None]
    bests = {toll.best for toll in known}
    return Toll(min(stated), bests.pop() if len(bests) == 1 else None, max(stated))


def _assessment(parts: Sequence[Incident]) -> Assessment:
    return min((part.assessment for part in parts), key=_WEIGHT.index)


def vagueness(part: Incident) -> tuple[int, float]:
    """How coarsely a place is known: the smaller, the finer."""
    return PRECISIONS.index(part.precision), reach_km(part)


def _stated(part: Incident, name: str, among: Sequence[Incident]) -> Iterable[object]:
    stated: Iterable[object] = getattr(part, name)
    return _claims(part, among) if name == "claims" else stated


def _key(item: object) -> object:
    """Tell what is the same: an actor under two spellings is one, whatever else as it is."""
    if isinstance(item, Actor):
        return (item.canonical or canonical(item.name)).casefold(), item.role
    return item


def _once(items: Iterable[_T]) -> tuple[_T, ...]:
    seen: dict[object, _T] = {}
    for item in items:
        seen.setdefault(_key(item), item)
    return tuple(seen.values())
