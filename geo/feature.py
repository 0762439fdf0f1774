"""How is an incident written as a GeoJSON Feature, and read back?

Lossless both ways. Flat scalars, so that QGIS and kepler.gl can filter; lists of records
(actors, claims, sources, sites) nested. One Feature is one line of canonical JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar

from geo.errors import IncidentError, Problem
from geo.incident import (
    UNKNOWN,
    Actor,
    Claim,
    Incident,
    Located,
    Point,
    Recorded,
    Site,
    Source,
    Toll,
)

_TEXTS = (
    *("event_type", "title", "summary", "date_precision", "time", "place_name", "admin1"),
    *("admin2", "precision", "status", "status_reason", "assessment", "licence"),
)
_DEFAULTS = {"date_precision": "day", "status": "accepted", "assessment": "reported"}
_KNOWN = frozenset(
    (
        *_TEXTS,
        *("start", "end", "countries", "radius_km", "first_seen", "updated", "by"),
        *(f"{name}_{part}" for name in ("deaths", "injured") for part in ("low", "best", "high")),
        *("actors", "claims", "sources", "sites", "located", "native"),
    )
)
_texts_of = attrgetter(*_TEXTS)
# made once: a new encoder for every line costs as much as the line
_CANONICAL = json.JSONEncoder(
    ensure_ascii=False,
    allow_nan=False,
    sort_keys=True,
    separators=(",", ":"),
    # what is written came out of JSON or of our own records: it holds no circle
    check_circular=False,
)
_BARE = {name: _DEFAULTS.get(name, "") for name in _TEXTS}
_FIGURES = {name: (f"{name}_low", f"{name}_best", f"{name}_high") for name in ("deaths", "injured")}
# texts and records that a pool holds: those that come again come early
_POOLED = 100_000
_Record = TypeVar("_Record", Actor, Claim, Located, Site, Source)
_NAMES: Mapping[type[Any], tuple[str, ...]] = {
    kind: tuple(item.name for item in fields(kind))
    for kind in (Actor, Claim, Source, Site, Located)
}
_parts_of = {kind: attrgetter(*names) for kind, names in _NAMES.items()}


def to_feature(incident: Incident) -> dict[str, Any]:
    """Write an incident as a GeoJSON Feature (RFC 7946), ready for `json.dumps`."""
    deaths, injured = incident.deaths, incident.injured
    properties: dict[str, Any] = {
        **dict(zip(_TEXTS, _texts_of(incident), strict=True)),
        "start": incident.start.isoformat(),
        "end": incident.end.isoformat(),
        "countries": ";".join(incident.countries),
        "radius_km": incident.radius_km,
        "first_seen": write_time(incident.recorded.first_seen),
        "updated": write_time(incident.recorded.updated),
        "by": incident.recorded.by,
        "actors": [_write_record(a) for a in incident.actors],
        "claims": [_write_record(c) for c in incident.claims],
        "sources": [_write_record(s) for s in incident.sources],
        "sites": [_write_record(s) for s in incident.sites],
        "located": _write_record(incident.located) if incident.located else None,
        "native": dict(incident.native),
        "deaths_low": deaths.low,
        "deaths_best": deaths.best,
        "deaths_high": deaths.high,
        "injured_low": injured.low,
        "injured_best": injured.best,
        "injured_high": injured.high,
    }
    if incident.extra:
        # an unknown property never replaces one of ours
        properties = {**incident.extra, **properties}
    return {
        "type": "Feature",
        "id": incident.id,
        "geometry": _write_point(incident.point),
        "properties": properties,
    }


class Pool:
    """Equal parts of many incidents, held once: texts, and records that are texts alone."""

    __slots__ = ("_records", "_texts")

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._records: dict[tuple[Any, ...], Any] = {}

    @property
    def share(self) -> Callable[[str, str], str]:
        """Answer `share(text, text)` with the equal text seen first; it forgets nothing."""
        texts = self._texts
        return texts.setdefault if len(texts) < _POOLED else texts.get

    def record(self, key: tuple[Any, ...]) -> Any:
        """Give the record that was kept under a key, None where there is none."""
        return self._records.get(key)

    def keep(self, key: tuple[Any, ...], record: object) -> None:
        """Keep a record under what it was made of, which must be texts alone.

        1, 1.0 and true are equal keys and different values, and no text is equal to them.
        """
        if len(self._records) < _POOLED:
            self._records[key] = record


def from_feature(
    feature: Mapping[str, Any], *, now: datetime | None = None, pool: Pool | None = None
) -> Incident:
    """Read a Feature that passed `geo.geojson` as an incident.

    Parameters
    ----------
    feature
        A GeoJSON Feature; its geometry is a Point or null.
    now
        Time of record for a Feature that has none, as a first import of foreign data.
    pool
        What this incident shares with others that are read.

    Raises
    ------
    IncidentError
        With every broken rule.
    """
    raw = feature.get("properties") or {}
    given = {name: value for name, value in raw.items() if value is not None}
    pool = pool or Pool()
    share, get = pool.share, given.get
    texts: dict[str, Any] = {
        name: share(text, text) if type(text := get(name, bare)) is str else text
        for name, bare in _BARE.items()
    }
    try:
        return Incident(
            id=_read_id(feature, given),
            point=_read_point(feature.get("geometry")),
            start=_read_day(given, "start"),
            end=_read_day(given, "end" if "end" in given else "start"),
            countries=_read_countries(given.get("countries", "")),
            radius_km=given.get("radius_km"),
            located=_read_shared(Located, given["located"], "located", pool)
            if "located" in given
            else None,
            sites=_read_records(Site, given, "sites", pool),
            actors=_read_records(Actor, given, "actors", pool),
            claims=_read_records(Claim, given, "claims", pool),
            sources=_read_records(Source, given, "sources", pool),
            deaths=_read_toll(given, "deaths"),
            injured=_read_toll(given, "injured"),
            recorded=_read_recorded(given, now, pool),
            native={
                share(name, name): share(part, part) if type(part) is str else part
                for name, part in _read_mapping(given, "native").items()
            },
            extra={} if raw.keys() <= _KNOWN else {n: raw[n] for n in raw if n not in _KNOWN},
            **texts,
        )
    except (TypeError, AttributeError) as error:
        problem = Problem(
            "properties", type(error).__name__, f"a value has the wrong type: {error}"
        )
        raise IncidentError((problem,)) from error


def canonical_line(incident: Incident) -> str:
    """Write the one line of JSON by which an incident is stored, hashed and compared."""
    return dump(to_feature(incident))


def dump(value: object) -> str:
    """Write canonical JSON: sorted keys, no spaces, no NaN, text as it is."""
    return _CANONICAL.encode(value)


@lru_cache(maxsize=1024)
def write_time(moment: datetime) -> str:
    """Write a time of record as UTC to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def read_time(text: str) -> datetime:
    """Read a time of record; a plain date is its first second in UTC."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def read_day(text: object) -> date:
    """Read a calendar day YYYY-MM-DD, or raise ValueError."""
    if not isinstance(text, str):
        msg = f"day is {text!r}: must be YYYY-MM-DD"
        raise ValueError(msg)  # noqa: TRY004 as for any other text that is no day
    return _day(text)


@lru_cache(maxsize=65_536)
def _day(text: str) -> date:
    # fromisoformat alone would also take 20251009 and 2025-W41-4
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        msg = f"day is {text!r}: must be YYYY-MM-DD"
        raise ValueError(msg)
    return date.fromisoformat(text)


def _write_point(point: Point | None) -> dict[str, Any] | None:
    return (
        None
        if point is None
        else {"type": "Point", "coordinates": [float(point.lon), float(point.lat)]}
    )


def _write_record(record: Actor | Claim | Located | Site | Source) -> dict[str, Any]:
    kind = type(record)
    written: dict[str, Any] = {}
    for name, value in zip(_NAMES[kind], _parts_of[kind](record), strict=True):
        if value is None or value == "":
            continue
        if isinstance(value, str):
            written[name] = value
        elif isinstance(value, date):
            written[name] = value.isoformat()
        elif isinstance(value, Point):
            written |= {"lon": float(value.lon), "lat": float(value.lat)}
        elif isinstance(value, Located):
            written[name] = _write_record(value)
        else:
            written[name] = value
    return written


def _read_id(feature: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    found = feature.get("id")
    return str(given.get("id", "") if found is None else found)


def _read_point(geometry: Any) -> Point | None:
    if geometry is None:
        return None
    if geometry.get("type") != "Point":
        rule = "an incident has a Point or null; lines and areas are context layers"
        raise IncidentError((Problem("geometry.type", repr(geometry.get("type")), rule),))
    lon, lat = geometry["coordinates"][:2]
    return Point(float(lon), float(lat))


def _read_day(given: Mapping[str, Any], name: str) -> date:
    text = given.get(name, "")
    try:
        return read_day(text)
    except ValueError:
        rule = "must be a calendar day YYYY-MM-DD"
        raise IncidentError((Problem(name, repr(text)[:60], rule),)) from None


def _read_countries(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else _codes(value)


@lru_cache(maxsize=4_096)
def _codes(text: str) -> tuple[str, ...]:
    return tuple([code for code in text.split(";") if code])


def _read_toll(given: Mapping[str, Any], name: str) -> Toll:
    low, best, high = _FIGURES[name]
    if low in given or best in given or high in given:
        return Toll(given.get(low), given.get(best), given.get(high))
    return UNKNOWN


def _read_recorded(given: Mapping[str, Any], now: datetime | None, pool: Pool) -> Recorded:
    texts = (given.get("first_seen"), given.get("updated"), given.get("by"))
    if not _are_texts(texts):
        return _make_recorded(given, now)
    key = (Recorded, *texts, now)
    found: Recorded | None = pool.record(key)
    if found is None:
        found = _make_recorded(given, now)
        pool.keep(key, found)
    return found


def _make_recorded(given: Mapping[str, Any], now: datetime | None) -> Recorded:
    try:
        first = read_time(given["first_seen"]) if "first_seen" in given else now
        last = read_time(given["updated"]) if "updated" in given else now or first
    except (ValueError, TypeError, OverflowError):
        shown = f"{given.get('first_seen')!r}, {given.get('updated')!r}"[:60]
        rule = "must be ISO 8601 times"
        raise IncidentError((Problem("first_seen, updated", shown, rule),)) from None
    if first is None or last is None:
        problem = Problem("first_seen", "missing", "a record says when it came in")
        raise IncidentError((problem,))
    return Recorded(first_seen=first, updated=last, by=str(given.get("by", "")))


def _read_mapping(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = given.get(name, {})
    if not isinstance(value, dict):
        raise IncidentError((Problem(name, repr(value)[:60], "must be a JSON object"),))
    return value


def _read_records(
    kind: type[_Record], given: Mapping[str, Any], name: str, pool: Pool
) -> tuple[_Record, ...]:
    items = given.get(name, [])
    if items == []:
        return ()
    if not isinstance(items, list):
        raise IncidentError((Problem(name, repr(items)[:60], "must be a list of records"),))
    read = [_read_shared(kind, item, f"{name}[{i}]", pool) for i, item in enumerate(items)]
    return tuple(read)


def _are_texts(values: Iterable[Any]) -> bool:
    try:
        "".join(values)
    except TypeError:
        return False
    return True


def _read_shared(kind: type[_Record], item: Any, path: str, pool: Pool) -> _Record:
    if type(item) is not dict:
        return _read_record(kind, item, path)
    key = (kind, *item, *item.values())
    try:
        found: _Record | None = pool.record(key)
    except TypeError:
        # it holds a list or an object
        return _read_record(kind, item, path)
    if found is None:
        found = _read_record(kind, item, path)
        if _are_texts(item.values()):
            pool.keep(key, found)
    return found


def _read_record(kind: type[_Record], item: Any, path: str) -> _Record:
    if not isinstance(item, dict):
        raise IncidentError((Problem(path, repr(item)[:60], "must be a JSON object"),))
    values = {name: value for name, value in item.items() if value is not None}
    if kind is Site and "lon" in values and "lat" in values:
        values["point"] = Point(values.pop("lon"), values.pop("lat"))
    if kind is Site and "located" in values:
        values["located"] = _read_record(Located, values["located"], f"{path}.located")
    for name in ("published", "retrieved"):
        if kind is Source and name in values:
            values[name] = _read_day(values, name)
    unknown = values.keys() - set(_NAMES[kind])
    if unknown:
        rule = f"a {kind.__name__.lower()} has only " + " ".join(_NAMES[kind])
        raise IncidentError((Problem(path, repr(sorted(unknown))[:60], rule),))
    try:
        return kind(**values)
    except TypeError as error:
        raise IncidentError((Problem(path, repr(item)[:60], str(error)),)) from None
