"""What event types are there, how do they look, and what do other schemes' codes become?

`data/taxonomy.json` owns the list, the colours, the shapes and the crosswalks; this module
reads it. Colours are fixed for years: filtering never changes how a type looks.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from geo.errors import InputError, ReferenceDataError
from geo.settings import DATA

Scheme = Literal["acled", "ucdp", "cameo", "plover"]
_STEP = re.compile(r"([MLCZ])((?: ?-?[0-9]+(?:\.[0-9]+)?)*)")
_NUMBERS = {"M": 1, "L": 1, "C": 3, "Z": 0}


@dataclass(frozen=True, slots=True)
class Group:
    """A family of event types: one colour and one silhouette (SVG path, 24 by 24)."""

    id: str
    label: str
    colour: str
    outline: str


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of incident: its group and its pictogram (SVG path, 24 by 24)."""

    id: str
    label: str
    group: str
    glyph: str


@lru_cache(maxsize=1)
def groups() -> tuple[Group, ...]:
    """All groups, in the order legends use."""
    return tuple(Group(**row) for row in _file()["groups"])


@lru_cache(maxsize=1)
def event_types() -> tuple[EventType, ...]:
    """All event types, in the order legends use."""
    return tuple(EventType(**row) for row in _file()["types"])


@lru_cache(maxsize=1)
def type_ids() -> frozenset[str]:
    """List the ids that an incident's `event_type` may have."""
    return frozenset(kind.id for kind in event_types())


def event_type(type_id: str) -> EventType:
    """Look up an event type by id."""
    try:
        return _by_id()[type_id]
    except KeyError:
        near = difflib.get_close_matches(type_id, type_ids(), n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        msg = f"event_type is {type_id[:60]!r}: no such type{hint}"
        raise InputError(msg) from None


@lru_cache(maxsize=256)
def group_of(type_id: str) -> Group:
    """Group of an event type."""
    wanted = event_type(type_id).group
    return next(group for group in groups() if group.id == wanted)


def from_acled(event: str, sub_event: str) -> str | None:
    """Translate ACLED's event and sub-event type, however they are capitalised."""
    wanted = (_key(event), _key(sub_event))
    for kind, sub, ours in _crosswalk("acled", "from"):
        if (_key(kind), _key(sub)) == wanted:
            return str(ours)
    return None


def from_ucdp(type_of_violence: str) -> str | None:
    """Translate UCDP's type of violence; UCDP does not code the means."""
    return _text(_crosswalk("ucdp", "from").get(str(type_of_violence).strip()))


def from_cameo(code: str) -> str | None:
    """Translate a CAMEO code by its longest known prefix."""
    known = _crosswalk("cameo", "from")
    return next((known[code[:n]] for n in range(len(code), 1, -1) if code[:n] in known), None)


def from_plover(event: str) -> str | None:
    """Translate a PLOVER event type."""
    return _text(_crosswalk("plover", "from").get(event.strip().upper()))


def to_code(scheme: Scheme, type_id: str) -> str | tuple[str, str] | None:
    """Translate one of our types; ACLED answers with event and sub-event type."""
    code = _crosswalk(scheme, "to").get(event_type(type_id).id)
    return (code[0], code[1]) if isinstance(code, list) else code


def unmapped(scheme: Scheme) -> tuple[str, ...]:
    """List our types that have no counterpart in a scheme."""
    known: Mapping[str, Any] = _crosswalk(scheme, "to")
    return tuple(kind.id for kind in event_types() if kind.id not in known)


@lru_cache(maxsize=128)
def path_vertices(path: str) -> tuple[tuple[tuple[float, float], ...], tuple[str, ...]]:
    """Split an SVG path of absolute M, L, C and Z into vertices and one command for each.

    A closing Z repeats the first vertex of its part, as matplotlib wants it.
    """
    if not path.startswith("M") or _STEP.sub("", path):
        msg = f"path {path[:40]!r} is not made of absolute M, L, C and Z"
        raise ReferenceDataError(msg)
    vertices: list[tuple[float, float]] = []
    commands: list[str] = []
    first = (0.0, 0.0)
    for command, text in _STEP.findall(path):
        numbers = [float(n) for n in text.split()]
        if len(numbers) != 2 * _NUMBERS[command]:
            msg = f"path {path[:40]!r} has a {command} with {len(numbers)} numbers"
            raise ReferenceDataError(msg)
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command == "M":
            first = pairs[0]
        vertices += pairs or [first]
        commands += [command] * (len(pairs) or 1)
    return tuple(vertices), tuple(commands)


@lru_cache(maxsize=1)
def _by_id() -> Mapping[str, EventType]:
    return {kind.id: kind for kind in event_types()}


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    path = DATA / "taxonomy.json"
    try:
        loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"{path.name}: {error}"
        raise ReferenceDataError(msg) from error
    return loaded


def _crosswalk(scheme: Scheme, way: Literal["from", "to"]) -> Any:
    return _file()["crosswalks"][scheme][way]


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
