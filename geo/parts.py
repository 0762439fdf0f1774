"""How is one part of an incident said in words: its date, its place, its claims?

A part is a group of fields of which one means nothing without the others (`geo.threeway.GROUPS`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from geo.claims import toll_in_words
from geo.incident import Claim, Incident, Precision, Source
from geo.taxonomy import event_type
from geo.words import place_in_words, when_in_words

PRECISION_WORDS: Mapping[Precision, str] = {
    "exact": "exact place",
    "near": "near this place",
    "district": "known to the district",
    "province": "known to the province",
    "area": "known to an area or line",
    "country": "known to the country",
    "none": "no place",
}
_NOTHING = "nothing"


def name_of(group: Sequence[str]) -> str:
    """Name a part as a reader would."""
    return _NAMES.get(group[0], group[0].replace("_", " "))


def in_words(incident: Incident, group: Sequence[str]) -> str:
    """Say a part of an incident; "nothing" where it is empty."""
    words = _WORDS.get(group[0])
    return words(incident) if words else as_kept(incident, group)


def told_apart(group: Sequence[str], *states: Incident) -> tuple[str, ...]:
    """Say a part of several states; as it is kept, where words do not tell any two apart."""
    if group[0] in ("native", "extra"):
        return _codes([getattr(state, group[0]) for state in states])
    said = tuple(in_words(state, group) for state in states)
    kept = tuple(as_kept(state, group) for state in states)
    return said if len(set(said)) == len(set(kept)) else kept


def as_kept(incident: Incident, group: Sequence[str]) -> str:
    """Write a part as its fields hold it."""
    return "; ".join(_kept(getattr(incident, name)) for name in group)


def _codes(states: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Say only the codes in which the states differ."""
    names = sorted({name for state in states for name in state})
    differ = [n for n in names if len({repr(state.get(n)) for state in states}) > 1]
    return tuple(
        "; ".join(f"{n} {state[n]}" for n in differ if n in state) or _NOTHING for state in states
    )


def _kept(value: Any) -> str:
    if value is None or value in ("", (), {}):
        return _NOTHING
    return str(value)


def _place(incident: Incident) -> str:
    parts = [place_in_words(incident) or "no place named", PRECISION_WORDS[incident.precision]]
    if incident.radius_km:
        parts[-1] += f", within {incident.radius_km:g} km"
    if incident.point:
        parts.append(f"{incident.point.lat:.4f}, {incident.point.lon:.4f}")
    return " · ".join(parts)


def _status(incident: Incident) -> str:
    reason = incident.status_reason
    return f"{incident.status} ({reason})" if reason else incident.status


def _claims(incident: Incident) -> str:
    return "; ".join(map(_claim, incident.claims)) or _NOTHING


def _claim(claim: Claim) -> str:
    value = f"{claim.value:,}" if isinstance(claim.value, int) else str(claim.value)
    if claim.low is not None and claim.high is not None and claim.low != claim.high:
        value += f" ({claim.low:,}–{claim.high:,})"
    said = " ".join(filter(None, (claim.field.replace("_", " "), value, claim.whom)))
    if claim.claimant:
        said += f" by {claim.claimant}"
    return f"{said}, covering {claim.scope}" if claim.scope else said


def _source(source: Source) -> str:
    return source.publisher or source.title or source.url


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
    "actors": lambda i: ", ".join(a.name for a in i.actors) or _NOTHING,
    "claims": _claims,
    "deaths": lambda i: toll_in_words(i, "deaths"),
    "injured": lambda i: toll_in_words(i, "injured"),
    "sources": lambda i: ", ".join(map(_source, i.sources)) or _NOTHING,
    "sites": lambda i: ", ".join(s.name for s in i.sites) or _NOTHING,
    "status": _status,
}
