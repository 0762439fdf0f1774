"""What does the gold set say?

`tests/gold/README.md` has the rules of annotation. One text a line; offsets count characters.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from geo.incident import UNKNOWN, DatePrecision, Point, Precision, Toll

FOLDER = Path(__file__).parent / "gold"
DEVELOPMENT, SET_ASIDE = FOLDER / "development.jsonl", FOLDER / "set_aside.jsonl"
# read by whoever tunes, and teaches nothing
TUNING = FOLDER / "tuning.jsonl"
# scored as often as wanted, and not read by whoever tunes
VALIDATION = FOLDER / "validation.jsonl"
REASONS = frozenset(
    {
        *("background", "future", "cancelled", "hypothetical", "threat_reported", "comment"),
        *("denial", "aggregate", "duplicate", "nationality", "non_event"),
    }
)
PLACE_KINDS = frozenset({"incident", "venue", "dateline", "background", "actor"})

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place with its position, if it has one; countries are ISO 3166-1 alpha-3."""

    name: str
    point: Point | None
    precision: Precision
    radius_km: float | None
    countries: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name of a place in a text, and what it is there for."""

    span: Span
    kind: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """Words that say when, and the days that they mean."""

    span: Span
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldIncident:
    """An incident that a reader finds. The first of `types` and `places` is the first choice."""

    types: tuple[str, ...]
    start: date
    end: date
    date_precision: DatePrecision
    night: bool
    places: tuple[Place, ...]
    deaths: Toll
    injured: Toll
    unclear: frozenset[str]
    evidence: tuple[Span, ...]
    optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldText:
    """One annotated text."""

    id: str
    published: date
    text: str
    incidents: tuple[GoldIncident, ...]
    not_incidents: tuple[tuple[Span, str], ...]
    named: tuple[Named, ...]
    dates: tuple[Expression, ...]


def read(path: Path) -> tuple[GoldText, ...]:
    """Read one part of the set."""
    return tuple(_text(row) for row in rows(path))


def rows(path: Path) -> list[dict[str, Any]]:
    """Read the lines of one part as they stand."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def overlap(a: Span, b: Span) -> int:
    """Count the characters that two spans share."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def _text(row: dict[str, Any]) -> GoldText:
    named = tuple(
        Named(span=(n["start"], n["end"]), kind=n["kind"], place=_place(n)) for n in row["places"]
    )
    return GoldText(
        id=row["id"],
        published=date.fromisoformat(row["published"]),
        text=row["text"],
        incidents=tuple(_incident(i, named) for i in row["incidents"]),
        not_incidents=tuple(((n["start"], n["end"]), n["reason"]) for n in row["not_incidents"]),
        named=named,
        dates=tuple(
            Expression(
                span=(d["start"], d["end"]),
                first=date.fromisoformat(d["first"]),
                last=date.fromisoformat(d["last"]),
            )
            for d in row["dates"]
        ),
    )


def _incident(row: dict[str, Any], named: tuple[Named, ...]) -> GoldIncident:
    evidence = tuple((a, b) for a, b in row["evidence"])
    first = (_place(row["place"]),) if row["place"] else ()
    others = (
        n.place
        for n in named
        if n.kind == "incident" and n.place.point and any(overlap(n.span, e) for e in evidence)
    )
    tolls = {what: row[what] or {} for what in ("deaths", "injured")}
    return GoldIncident(
        types=(row["event_type"], *row["also_types"]),
        start=date.fromisoformat(row["start"]),
        end=date.fromisoformat(row["end"]),
        date_precision=row["date_precision"],
        night=row["night"],
        # another place named in the evidence is as right, unless it says less
        places=first + tuple(p for p in others if first and _fineness(p) <= _fineness(first[0])),
        deaths=_toll(tolls["deaths"]),
        injured=_toll(tolls["injured"]),
        unclear=frozenset(what for what, toll in tolls.items() if "said" in toll),
        evidence=evidence,
        optional=row["optional"],
    )


def _place(row: dict[str, Any]) -> Place:
    return Place(
        name=row.get("name") or row["text"],
        point=None if row["lat"] is None else Point(row["lon"], row["lat"]),
        precision=row["precision"],
        radius_km=row["radius_km"],
        countries=frozenset(row["countries"]),
    )


FINENESS: dict[Precision, int] = {
    "exact": 0,
    "near": 1,
    "district": 2,
    "area": 3,
    "province": 3,
    "country": 4,
    "none": 5,
}


def _fineness(place: Place) -> int:
    return FINENESS[place.precision]


def _toll(row: dict[str, Any]) -> Toll:
    return Toll(row["low"], row["best"], row["high"]) if row else UNKNOWN
