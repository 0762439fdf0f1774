"""What does a layer remember of an incident besides what it says of the event?

What its source said last, an open conflict, what it was merged from or into, and with which it
is not the same. All of it is one member of the Feature, `atlas_living`: so the journal, an older
version and a backup hold it too, and a crash cannot part it from the incident.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from geo.errors import AtlasError
from geo.incident import STATUSES, Incident, Status
from geo.layerfile import decode, encode

MEMBER = "atlas_living"
# what a line of a merged incident or of a part of one holds, and hardly another
MARK = b'"merged_'
# an incident inside another is kept as text in pieces: no depth of its own, no text too long
_PIECE = 8_000
_MOST_IDS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Both changed the same part: what the source said before, None if unknown, and says now."""

    base: Incident | None
    theirs: Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A part of a merged incident: of which one, and its status before."""

    into: str
    status: Status
    status_reason: str

    @property
    def reason(self) -> str:
        """Why the part is retracted."""
        return f"merged into {self.into}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Living:
    """The memory of one incident.

    `said` is what the source said last, where a person decided against it; else the journal
    knows. `not_same` names incidents that were judged to be other events.
    """

    said: Incident | None = None
    conflict: Conflict | None = None
    folded: Folded | None = None
    merged_from: tuple[str, ...] = ()
    not_same: tuple[str, ...] = ()


_NOTHING = Living()


def living(incident: Incident) -> Living:
    """Read the memory of an incident; text that is no memory of ours counts as none."""
    value = incident.extra.get(MEMBER)
    return _NOTHING if value is None else _read(incident, value) or _NOTHING


def bare(incident: Incident) -> Incident:
    """Take the memory off: the incident as its source or a person has it, no part of another."""
    value = incident.extra.get(MEMBER)
    state = None if value is None else _read(incident, value)
    if state is None:
        return incident
    extra = {name: part for name, part in incident.extra.items() if name != MEMBER}
    if state.folded is None:
        return replace(incident, extra=extra)
    was = state.folded
    return replace(incident, extra=extra, status=was.status, status_reason=was.status_reason)


def dress(incident: Incident, state: Living) -> Incident:
    """Put a memory on a bare incident; `bare` and `living` take it apart again."""
    written = _write(state)
    if not written:
        return incident
    extra = {**incident.extra, MEMBER: written}
    if state.folded is None:
        return replace(incident, extra=extra)
    was = replace(state.folded, status=incident.status, status_reason=incident.status_reason)
    extra[MEMBER] = _write(replace(state, folded=was))
    return replace(incident, extra=extra, status="retracted", status_reason=was.reason)


def forget(incident: Incident) -> Incident:
    """Give the incident as it stands, without what does not leave the house.

    Of its memory only the ids of its parts stay: they say whose terms bind it.
    """
    if MEMBER not in incident.extra:
        return incident
    extra = {name: part for name, part in incident.extra.items() if name != MEMBER}
    kept = _write(Living(merged_from=living(incident).merged_from))
    return replace(incident, extra={**extra, MEMBER: kept} if kept else extra)


def _write(state: Living) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if state.said:
        written["said"] = _pieces(state.said)
    if state.conflict:
        base = state.conflict.base
        written["conflict"] = {
            "base": _pieces(base) if base else None,
            "theirs": _pieces(state.conflict.theirs),
        }
    if was := state.folded:
        written["merged_into"] = {
            "id": was.into,
            "status": was.status,
            "status_reason": was.status_reason,
        }
    for name in ("merged_from", "not_same"):
        if ids := getattr(state, name):
            written[name] = list(ids)
    return written


def _pieces(incident: Incident) -> list[str]:
    text = encode(incident).decode()
    return [text[n : n + _PIECE] for n in range(0, len(text), _PIECE)]


def _read(incident: Incident, value: Any) -> Living | None:
    """Read what `_write` wrote; a file from outside may hold anything in its place."""
    if not isinstance(value, Mapping):
        return None
    try:
        return Living(
            said=_whole(incident, value["said"]) if "said" in value else None,
            conflict=_conflict(incident, value["conflict"]) if "conflict" in value else None,
            folded=_folded(incident, value["merged_into"]) if "merged_into" in value else None,
            merged_from=_ids(value.get("merged_from", [])),
            not_same=_ids(value.get("not_same", [])),
        )
    except (AtlasError, KeyError, TypeError, ValueError):
        return None


def _conflict(incident: Incident, value: Any) -> Conflict:
    base = value["base"]
    return Conflict(
        base=None if base is None else _whole(incident, base),
        theirs=_whole(incident, value["theirs"]),
    )


def _whole(incident: Incident, pieces: Any) -> Incident:
    found = decode("".join(pieces).encode(), where=f"memory of incident {incident.id!r}")
    if found.id != incident.id or MEMBER in found.extra:
        msg = f"memory of incident {incident.id!r} is about {found.id!r}"
        raise ValueError(msg)
    return found


def _folded(incident: Incident, value: Any) -> Folded | None:
    into, status, reason = value["id"], value["status"], value["status_reason"]
    if not (isinstance(into, str) and isinstance(reason, str) and status in STATUSES):
        msg = f"{value!r} names no incident and status"
        raise ValueError(msg)
    was = Folded(into=into, status=status, status_reason=reason)
    # whoever gave the part another status by hand took it out of the merged incident
    still = (incident.status, incident.status_reason) == ("retracted", was.reason)
    return was if still else None


def _ids(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
        msg = f"{value!r} is no list of ids"
        raise ValueError(msg)
    return tuple(value[:_MOST_IDS])
