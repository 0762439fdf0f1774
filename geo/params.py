"""How is a filter written as text, for the command line, the address bar and a manifest?

One vocabulary for all three: a mapping of names to lists of text. `read` refuses garbage with
a sentence; `write` leaves out what asks nothing, so an empty filter is an empty mapping.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from geo.area import Area, BBox, Circle, Polygon
from geo.around import Around, read_around, write_around
from geo.countries import iso3
from geo.errors import FilterError
from geo.feature import read_day, read_time, write_time
from geo.filters import Filter
from geo.incident import ASSESSMENTS, PRECISIONS, STATUSES, Point
from geo.taxonomy import event_types, groups, type_ids

Params = Mapping[str, Sequence[str]]
NAMES: Mapping[str, str] = {
    "from": "first day, YYYY-MM-DD",
    "to": "last day, YYYY-MM-DD, inclusive",
    "certain": "yes leaves out incidents whose coarse date only partly overlaps",
    "type": "event type or a whole group, such as armed_clash or combat",
    "country": "ISO 3166-1 alpha-3 code or English name",
    "bbox": "W,S,E,N in degrees; W > E crosses the 180th meridian",
    "near": "LON,LAT,KM",
    "polygon": "LON,LAT;LON,LAT;… closed ring",
    "around": "NAME,KM|p:… points |l:… routes |a:… areas, as near-context writes it",
    "actor": "any spelling of an actor",
    "text": "words that must all occur",
    "precision": " ".join(PRECISIONS),
    "deaths-min": "at least this many deaths (best figure, else high)",
    "assessment": " ".join(ASSESSMENTS),
    "status": " ".join(STATUSES) + " any (default accepted)",
    "changed-since": "new or changed since, YYYY-MM-DD or a time",
    "source": "publisher, or the part of the id before the colon",
}
_DEFAULT_STATUS = ("accepted",)
_ANY = "any"
_Value = TypeVar("_Value")


def read(params: Params) -> Filter:
    """Read a filter from text.

    Raises
    ------
    FilterError
        Naming the first filter whose value means nothing.
    """
    for name in params:
        if name not in NAMES:
            msg = f"filter {name[:40]!r} is unknown: use one of {' '.join(NAMES)}"
            raise FilterError(msg)
    areas = [name for name in _AREAS if params.get(name)]
    if len(areas) > 1:
        msg = f"filters {' and '.join(areas)} are both given: one area at a time"
        raise FilterError(msg)
    return Filter(
        start=_one(params, "from", read_day),
        end=_one(params, "to", read_day),
        uncertain=not (_one(params, "certain", _yes) or False),
        event_types=_types(params.get("type", ())),
        countries=_many(params, "country", _country),
        area=_one(params, areas[0], _AREAS[areas[0]]) if areas else None,
        actors=tuple(dict.fromkeys(params.get("actor", ()))),
        text=" ".join(params.get("text", ())),
        precision=_many(params, "precision", _choice(PRECISIONS)),
        deaths_min=_one(params, "deaths-min", _whole),
        assessment=_many(params, "assessment", _choice(ASSESSMENTS)),
        status=_statuses(params),
        changed_since=_one(params, "changed-since", read_time),
        sources=tuple(dict.fromkeys(params.get("source", ()))),
    )


def write(query: Filter) -> dict[str, list[str]]:
    """Write a filter as text; `read(write(f)) == f`."""
    status: list[str] = [*query.status] or [_ANY]
    written: dict[str, list[str]] = {
        "from": [query.start.isoformat()] if query.start else [],
        "to": [query.end.isoformat()] if query.end else [],
        "certain": [] if query.uncertain else ["yes"],
        "type": list(query.event_types),
        "country": list(query.countries),
        **(_write_area(query.area) if query.area else {}),
        "actor": list(query.actors),
        "text": [query.text] if query.text else [],
        "precision": list(query.precision),
        "deaths-min": [] if query.deaths_min is None else [str(query.deaths_min)],
        "assessment": list(query.assessment),
        "status": [] if query.status == _DEFAULT_STATUS else status,
        "changed-since": [write_time(query.changed_since)] if query.changed_since else [],
        "source": list(query.sources),
    }
    return {name: values for name, values in written.items() if values}


def read_bbox(text: str) -> BBox:
    """Read W,S,E,N.

    Raises
    ------
    FilterError
        Naming the text.
    """
    return _read("bbox", text, lambda numbers: BBox(*_numbers(numbers, 4)))


def read_as_of(text: str) -> datetime:
    """Read the time that stands for that of the data.

    Raises
    ------
    FilterError
        Naming the text.
    """
    try:
        return read_time(text.strip())
    except (ValueError, OverflowError):
        msg = f"as-of is {text[:60]!r}: must be YYYY-MM-DD or a time such as 2025-10-12T14:00Z"
        raise FilterError(msg) from None


def _one(params: Params, name: str, reader: Callable[[str], _Value]) -> _Value | None:
    values = [value for value in params.get(name, ()) if value.strip()]
    if not values:
        return None
    if len(values) > 1:
        msg = f"filter {name} is given {len(values)} times: it takes one value"
        raise FilterError(msg)
    return _read(name, values[0], reader)


def _many(params: Params, name: str, reader: Callable[[str], Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(_read(name, value, reader) for value in params.get(name, ())))


def _read(name: str, value: str, reader: Callable[[str], _Value]) -> _Value:
    try:
        return reader(value.strip())
    except FilterError:
        raise
    except (ValueError, TypeError, OverflowError):
        msg = f"filter {name} is {value[:60]!r}: {NAMES[name]}"
        raise FilterError(msg) from None


def _yes(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError
    return text == "yes"


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise ValueError
    return int(text)


def _choice(allowed: Sequence[str]) -> Callable[[str], str]:
    def read_choice(text: str) -> str:
        if text not in allowed:
            raise ValueError
        return text

    return read_choice


def _statuses(params: Params) -> tuple[Any, ...]:
    chosen = _many(params, "status", _choice((*STATUSES, _ANY)))
    return () if _ANY in chosen else chosen or _DEFAULT_STATUS


def _country(text: str) -> str:
    code = iso3(text)
    if code is None:
        raise ValueError
    return code


def _types(values: Sequence[str]) -> tuple[str, ...]:
    members = {g.id: tuple(t.id for t in event_types() if t.group == g.id) for g in groups()}
    chosen: dict[str, None] = {}
    for value in values:
        # "other" is both a type and a group: the type is meant, so that a written filter reads back
        if value in type_ids():
            chosen[value] = None
        elif value in members:
            chosen |= dict.fromkeys(members[value])
        else:
            msg = (
                f"filter type is {value[:60]!r}: use a group ({' '.join(members)}) "
                f"or one of {' '.join(sorted(type_ids()))}"
            )
            raise FilterError(msg)
    return tuple(chosen)


def _numbers(text: str, count: int) -> tuple[float, ...]:
    parts = tuple(float(part) for part in text.split(","))
    if len(parts) != count or not all(map(math.isfinite, parts)) or "_" in text:
        raise ValueError
    return parts


def _near(text: str) -> Circle:
    lon, lat, km = _numbers(text, 3)
    return Circle(Point(lon, lat), km)


def _polygon(text: str) -> Polygon:
    ring = tuple(_numbers(part, 2) for part in text.split(";"))
    return Polygon(tuple((lon, lat) for lon, lat in ring))


_AREAS: Mapping[str, Callable[[str], Area]] = {
    "bbox": read_bbox,
    "near": _near,
    "polygon": _polygon,
    "around": read_around,
}


def _write_area(area: Area) -> dict[str, list[str]]:
    if isinstance(area, BBox):
        numbers = (area.west, area.south, area.east, area.north)
        return {"bbox": [",".join(map(_short, numbers))]}
    if isinstance(area, Circle):
        numbers3 = (area.centre.lon, area.centre.lat, area.radius_km)
        return {"near": [",".join(map(_short, numbers3))]}
    if isinstance(area, Around):
        return {"around": [write_around(area)]}
    return {"polygon": [";".join(f"{_short(lon)},{_short(lat)}" for lon, lat in area.ring)]}


def _short(number: float) -> str:
    return repr(number).removesuffix(".0")
