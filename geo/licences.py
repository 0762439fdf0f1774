"""What does the licence of an incident's source allow, and what must be said with it?

`data/licences.json` has one entry a source that forbids passing on its rows or asks for words of
its own. Whatever is not listed may be passed on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geo.errors import ReferenceDataError
from geo.filters import fold
from geo.incident import Incident
from geo.living import living
from geo.settings import DATA


@dataclass(frozen=True, slots=True)
class Terms:
    """How the rows of one source are known, whether they may be passed on, and its credit."""

    id: str
    name: str
    rows: bool
    credit: str
    prefixes: tuple[str, ...]
    words: tuple[str, ...]
    native: tuple[str, ...]


@lru_cache(maxsize=1)
def terms() -> tuple[Terms, ...]:
    """All terms that are known."""
    path = DATA / "licences.json"
    try:
        rows: list[Mapping[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return tuple(
            Terms(
                id=row["id"],
                name=row["name"],
                rows=row["rows"],
                credit=row["credit"],
                prefixes=tuple(row["prefixes"]),
                words=tuple(fold(word) for word in row["words"]),
                native=tuple(row["native"]),
            )
            for row in rows
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path.name}: {error}"
        raise ReferenceDataError(msg) from error


def terms_of(incident: Incident) -> tuple[Terms, ...]:
    """Terms that bind an incident: known by its id, licence, publishers or native codes.

    A merged incident is bound by the terms of all its parts.
    """
    ids = (incident.id, *living(incident).merged_from)
    prefixes = {fold(key.partition(":")[0]) for key in ids}
    said = fold("\n".join((incident.licence, *(s.publisher for s in incident.sources))))
    letters = "".join(c if c.isalnum() else " " for c in said)
    spoken = f" {' '.join(letters.split())} "
    return tuple(
        term
        for term in terms()
        if not prefixes.isdisjoint(term.prefixes)
        or any(f" {word} " in spoken for word in term.words)
        or any(name in incident.native for name in term.native)
    )


def may_pass_on(incident: Incident) -> bool:
    """Whether an incident's row may be given to others."""
    return all(term.rows for term in terms_of(incident))
