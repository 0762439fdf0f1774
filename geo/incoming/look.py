"""How are the columns of this file understood, and what did its header bring back to mind?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from geo.errors import TableError
from geo.sources import geojson, table, vector_incidents
from geo.sources.checks import Question
from geo.sources.detection import Detected, Found
from geo.sources.remembered import recall, recalled_from

_Looks = Callable[[Mapping[str, str]], Detected | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was found in a header, what must be asked, and what was chosen for it before.

    `chosen` is what the file is read with: what was remembered and what a person says now.
    """

    fingerprint: str
    headers: tuple[str, ...]
    found: tuple[Found, ...]
    questions: tuple[Question, ...]
    preset: str
    advice: str
    source: str
    order: str
    remembered: Mapping[str, str]
    origin: str
    chosen: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """Write it as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        found = (
            Found(**{**one, "reasons": tuple(one["reasons"]), "samples": tuple(one["samples"])})
            for one in told["found"]
        )
        asked = (Question(**{**one, "answers": tuple(one["answers"])}) for one in told["questions"])
        return cls(
            **{
                **told,
                "headers": tuple(told["headers"]),
                "found": tuple(found),
                "questions": tuple(asked),
            }
        )


def look(source: str, path: Path, chosen: Mapping[str, str]) -> Look | None:
    """Look at a file whose columns are its author's own; None where there is nothing to choose.

    Raises
    ------
    InputError
        Where the file as a whole cannot be read, or a choice means nothing.
    """
    looks = _looks(source, path)
    if looks is None:
        return None
    # what was remembered is known by the header; a choice of today must not hide it
    try:
        first = looks({})
    except TableError:
        if not chosen:
            raise
        first = looks(chosen)
    if first is None:
        return None
    remembered = recall(first.fingerprint)
    merged = {**remembered, **chosen}
    found = first
    if merged:
        try:
            found = looks(merged) or first
        except TableError:
            if not remembered:
                raise
            # what no longer fits is as good as forgotten
            remembered, merged = {}, dict(chosen)
            found = looks(merged) or first
    return Look(
        fingerprint=found.fingerprint,
        headers=found.headers,
        found=found.found,
        questions=found.questions,
        preset=found.preset,
        advice=found.advice,
        source=found.source,
        order=found.order,
        remembered=remembered,
        origin=recalled_from(found.fingerprint) if remembered else "",
        chosen=merged,
    )


def _looks(source: str, path: Path) -> _Looks | None:
    if source == "table":
        return lambda chosen: table.preview(path, columns=chosen, rows=0).detected
    if source == "geojson":
        return lambda chosen: geojson.columns_of(path, chosen)
    if source == "vector":
        return lambda chosen: vector_incidents.columns_of(path, chosen)
    return None
