"""What does the licence of an incident's source allow, and what must be said with it?

`data/licences.json` has one entry a source that forbids passing on its rows or asks for words of
its own: such an incident is held back, whatever its line says. Beside them stand the licence
lines that are known to permit; a line that is not among them is never taken for a permission.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geo.errors import ReferenceDataError
from geo.filters import fold
from geo.incident import Incident
from geo.living import living
from geo.settings import DATA

# the lines that the readers of our own sources write with each incident
ACLED = "ACLED terms of use: name ACLED on every picture, do not pass on its rows"
UCDP = "CC BY 4.0, UCDP GED"
GDELT = "GDELT Project, free to use with a citation (https://www.gdeltproject.org/)"
USGS = "public domain, USGS"
GDACS = "GDACS, terms on https://www.gdacs.org"
BELLINGCAT = "Bellingcat, terms not stated"


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


@dataclass(frozen=True, slots=True)
class Permission:
    """What a licence line allows: whether rows may be passed on, whom to name, and a sentence."""

    rows_may_be_passed_on: bool
    credit: str
    sentence: str


_UNKNOWN = Permission(
    rows_may_be_passed_on=False,
    credit="",
    sentence="The licence is not known: ask before you pass the rows on.",
)


@lru_cache(maxsize=1)
def _known() -> tuple[tuple[Terms, ...], tuple[tuple[re.Pattern[str], Permission], ...]]:
    """Read what the data file says of sources, and of licence lines, the particular first."""
    path = DATA / "licences.json"
    try:
        held: Mapping[str, list[Mapping[str, Any]]] = json.loads(path.read_text(encoding="utf-8"))
        return (
            tuple(
                Terms(
                    id=row["id"],
                    name=row["name"],
                    rows=row["rows"],
                    credit=row["credit"],
                    prefixes=tuple(row["prefixes"]),
                    words=tuple(fold(word) for word in row["words"]),
                    native=tuple(row["native"]),
                )
                for row in held["sources"]
            ),
            tuple(
                (
                    # words stand alone, so that no name is found within another
                    re.compile(
                        rf"(?<![A-Za-z0-9])(?:{row['pattern']})(?![A-Za-z0-9])", re.IGNORECASE
                    ),
                    Permission(row["rows"], row["credit"], row["sentence"]),
                )
                for row in held["licences"]
            ),
        )
    except (OSError, ValueError, KeyError, TypeError, re.error) as error:
        msg = f"{path.name}: {error}"
        raise ReferenceDataError(msg) from error


def terms() -> tuple[Terms, ...]:
    """All terms of sources that are known."""
    return _known()[0]


def permission(licence: str) -> Permission:
    """Say what one licence line allows; one that is not known allows nothing."""
    return next((found for words, found in _known()[1] if words.search(licence)), _UNKNOWN)


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
