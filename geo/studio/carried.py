"""How do a brief, and incidents that are compared, become bytes, and come back equal?

Incidents travel as the lines that a layer holds. Equal briefs are equal bytes.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from geo.area import BBox
from geo.feature import Pool
from geo.filters import Ledger, Match, Selection
from geo.incident import Incident, Point
from geo.layerfile import decode, encode
from geo.params import read, write
from geo.snapshot.brief import Brief, Series, Since
from geo.snapshot.house import House
from geo.versions import Difference

_WHERE = "picture"
# parts of a brief that JSON gives back as they are, and those that it gives back as lists
_PLAIN = ("title", "size", "marking", "language", "density", "profile")
_LISTS = ("order", "notes", "repeated")
_PAIRS = ("layers", "callouts", "withheld")
_FILES = ("logo", "template")


def write_brief(brief: Brief) -> bytes:
    """Write a brief: a line of what is asked, then a line for each incident that matches."""
    house = {f.name: getattr(brief.house, f.name) for f in fields(House)}
    head = {
        **{name: getattr(brief, name) for name in (*_PLAIN, *_LISTS, *_PAIRS)},
        "query": write(brief.query),
        "ledger": asdict(brief.selection.ledger),
        "as_of": brief.as_of.isoformat(),
        "frame": edges(brief.frame),
        "house": house | {name: b64encode(house[name]).decode() for name in _FILES},
        "series": asdict(brief.series) | {"frame": edges(brief.series.frame)}
        if brief.series
        else None,
        "set_aside": sorted(brief.set_aside),
        "since": asdict(brief.since) if brief.since else None,
    }
    lines = (_write_match(match) for match in brief.selection.matches)
    return b"\n".join((json.dumps(head).encode(), *lines))


def read_brief(data: bytes) -> Brief:
    """Read what `write_brief` wrote."""
    first, *lines = data.split(b"\n")
    head = json.loads(first)
    pool = Pool()
    matches = tuple(_read_match(line, pool) for line in lines)
    series, since, house = head["series"], head["since"], head["house"]
    kept: dict[str, Any] = {
        **{name: head[name] for name in _PLAIN},
        **{name: tuple(head[name]) for name in _LISTS},
        **{name: tuple(map(tuple, head[name])) for name in _PAIRS},
    }
    return Brief(
        **kept,
        query=read(head["query"]),
        selection=Selection(matches, Ledger(**head["ledger"])),
        as_of=datetime.fromisoformat(head["as_of"]),
        frame=BBox(*head["frame"]),
        house=House(
            **house
            | {name: b64decode(house[name]) for name in _FILES}
            | {"palette": tuple(house["palette"])}
        ),
        series=Series(
            name=series["name"], frame=BBox(*series["frame"]), breaks=tuple(series["breaks"])
        )
        if series
        else None,
        set_aside=frozenset(head["set_aside"]),
        since=_read_since(since) if since else None,
    )


def write_incidents(incidents: Iterable[Incident | None]) -> bytes:
    """Write incidents, one line each; where there is none, the line is empty."""
    return b"\n".join(b"" if one is None else encode(one) for one in incidents)


def read_incidents(data: bytes) -> list[Incident | None]:
    """Read what `write_incidents` wrote."""
    pool = Pool()
    return [decode(x, where=_WHERE, pool=pool) if x else None for x in data.split(b"\n")]


def write_differences(differences: Sequence[Difference]) -> tuple[list[str], bytes]:
    """Write what a picture of differences shows: the kind of each, and both its sides."""
    sides = (side for one in differences for side in (one.before, one.after))
    return [one.kind for one in differences], write_incidents(sides)


def read_differences(kinds: Sequence[Any], data: bytes) -> list[Difference]:
    """Read what `write_differences` wrote."""
    sides = iter(read_incidents(data))
    return [Difference(kind=kind, before=next(sides), after=next(sides)) for kind in kinds]


def edges(box: BBox) -> list[float]:
    """Write a frame: west, south, east, north."""
    return [box.west, box.south, box.east, box.north]


def _write_match(match: Match) -> bytes:
    return f"{match.when} {match.where or '-'} ".encode() + encode(match.incident)


def _read_match(line: bytes, pool: Pool) -> Match:
    when, where, written = line.split(b" ", 2)
    incident = decode(written, where=_WHERE, pool=pool)
    said: Any = when.decode(), None if where == b"-" else where.decode()
    return Match(incident, *said)


def _read_since(since: Mapping[str, Any]) -> Since:
    return Since(
        briefing=since["briefing"],
        moves=tuple((Point(**start), Point(**end)) for start, end in since["moves"]),
        gone=tuple(Point(**spot) for spot in since["gone"]),
    )
