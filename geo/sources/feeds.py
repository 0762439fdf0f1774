"""How does a feed of hazards or of open-source research become incidents?

USGS earthquakes and GDACS alerts are context, `natural_hazard`; a quarry blast is no attack.
Bellingcat's list of civilian harm is incidents. Times of the feeds are UTC: the day of the place
is not in them, so the day is that of UTC and the hour says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from geo import countries, licences
from geo.errors import IncidentError, TableError
from geo.incident import (
    ASSUMED_RADIUS_KM,
    MAX_TEXT,
    MAX_TITLE,
    Incident,
    Located,
    Point,
    Precision,
    Recorded,
    Source,
    cautions,
    is_web_link,
)
from geo.sources.packed import json_cells, read_json
from geo.sources.rows import MAX_DECOMPRESSED, CellError, Notes, Parsed, Rejected, Row, decimal

# what USGS calls its events: natural, by people without intent, or neither said
_NATURAL = (
    *("earthquake", "ice quake", "landslide", "snow avalanche", "debris avalanche", "rockslide"),
    *("volcanic eruption", "volcanic explosion", "meteor", "meteorite"),
)
_ACCIDENTS = ("accidental explosion", "building collapse", "mine collapse", "rock burst")
_HAZARDS: Mapping[str, tuple[str, Precision]] = MappingProxyType(
    {
        "EQ": ("Earthquake", "near"),
        "VO": ("Volcano", "near"),
        "WF": ("Wildfire", "near"),
        "TC": ("Tropical cyclone", "area"),
        "FL": ("Flood", "area"),
        "DR": ("Drought", "area"),
        "TS": ("Tsunami", "area"),
    }
)
# words of Bellingcat's filters, the plainer means first
_MEANS: tuple[tuple[str, str], ...] = (
    (r"\b(mine|landmine|ied)s?\b", "mine_ied"),
    (r"\b(drone|uav|loitering|air ?strike|aerial|bomb)", "air_drone_strike"),
    (r"\b(shelling|artillery|mortar|rocket|missile|cluster)", "shelling"),
    (r"\bexplosi", "explosion"),
)
_US_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\Z", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BLAST = "A seismic record that USGS calls {kind!r}; it does not say that anyone was attacked."

_Maker = Callable[[Mapping[str, Any], Row, datetime, Notes], Incident]


def read(
    source: Path | bytes, *, now: datetime, notes: Notes, most: int = MAX_DECOMPRESSED
) -> Parsed:
    """Read a feed: GeoJSON of USGS or GDACS, or Bellingcat's list of incidents.

    A packed file unpacks to `most` bytes.

    Raises
    ------
    TableError
        When it is none of them.
    GeoJSONError
        When it is no JSON.
    """
    feed = read_json(source, most=most)
    items, make = _known(feed)
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            yield Rejected(number, "row", str(item)[:60], "an event is an object")
            continue
        row = Row(number, json_cells(item))
        try:
            incident = make(item, row, now, notes)
        except CellError as error:
            yield Rejected(number, error.column, error.value[:60], error.rule)
        except IncidentError as error:
            problem = error.problems[0]
            yield Rejected(number, problem.path, problem.value[:60], problem.rule)
        else:
            notes.flagged.update(cautions(incident))
            yield incident


def _known(feed: Any) -> tuple[list[Any], _Maker]:
    """Tell the feeds apart by what their first event holds."""
    items = feed.get("features") if isinstance(feed, dict) else feed
    if isinstance(items, list):
        first = next((item for item in items if isinstance(item, dict)), None)
        if first is None:
            return items, _usgs
        held = first.get("properties")
        if isinstance(held, dict) and {"mag", "time"} <= held.keys():
            return items, _usgs
        if isinstance(held, dict) and {"eventtype", "eventid", "alertlevel"} <= held.keys():
            return items, _gdacs
        if {"filters", "sources", "location", "date"} <= first.keys():
            return items, _bellingcat
    msg = "the feed is none we know: USGS or GDACS GeoJSON, or Bellingcat's list of incidents"
    raise TableError(msg)


def _usgs(feature: Mapping[str, Any], row: Row, now: datetime, notes: Notes) -> Incident:
    cells = row.cells
    key = str(feature.get("id", ""))
    if not key:
        raise CellError("id", key, "an event has an id")
    moment = _moment(row, "time")
    kind = cells.get("type", "") or "earthquake"
    ours = "natural_hazard" if kind in _NATURAL else "accident" if kind in _ACCIDENTS else "other"
    if ours != "natural_hazard":
        notes.flagged[f"not_natural_{kind.replace(' ', '_')[:40]}"] += 1
    place = cells.get("place", "")
    position = _object(feature.get("geometry")).get("coordinates")
    depth = position[2:3] if isinstance(position, list) else []
    stated = ("mag", "magType", "alert", "tsunami", "felt", "sig", "status", "type", "code", "net")
    native = {name: cells[name] for name in stated if cells.get(name)}
    native |= {"time_utc": f"{moment:%Y-%m-%dT%H:%M:%SZ}", "updated": cells.get("updated", "")}
    if depth and isinstance(depth[0], (int, float)):
        native["depth_km"] = f"{depth[0]:g}"
    return Incident(
        id=f"usgs:{key}",
        event_type=ours,
        title=(cells.get("title") or f"{kind.capitalize()}, {place}")[:MAX_TITLE],
        summary="" if ours == "natural_hazard" else _BLAST.format(kind=kind[:40]),
        status="retracted" if cells.get("status") == "deleted" else "accepted",
        time=f"{moment:%H:%M} UTC",
        place_name=place,
        countries=_named_country(place),
        sources=_linked("USGS", cells.get("url", "")),
        native={name: text for name, text in native.items() if text},
        licence=licences.USGS,
        **_seen(moment.date(), moment.date(), now),
        **_at(row, "near", method="USGS epicentre"),
    )


def _gdacs(feature: Mapping[str, Any], row: Row, now: datetime, notes: Notes) -> Incident:
    cells = row.cells
    kind = cells.get("eventtype", "").upper()
    if kind not in _HAZARDS:
        raise CellError("eventtype", kind, f"must be one of {' '.join(_HAZARDS)}")
    if not cells.get("eventid"):
        raise CellError("eventid", "", "an event has an id")
    shape = str(_object(feature.get("geometry")).get("type", "Point"))
    if shape != "Point":
        rule = "an incident has a Point; lines and areas are context layers"
        raise CellError("geometry", shape, rule)
    label, precision = _HAZARDS[kind]
    start, end = _utc_day(row, "fromdate"), _utc_day(row, "todate")
    if end < start:
        notes.repaired["end_before_start_not_used"] += 1
        end = start
    held = _object(feature.get("properties"))
    affected = _objects(held.get("affectedcountries"))
    named = [str(c.get("iso3") or c.get("countryname") or "") for c in affected]
    named = named or [cells.get("iso3", ""), *cells.get("country", "").split(",")]
    found = tuple(dict.fromkeys(code for n in named if (code := countries.iso3(n.strip()))))
    text = str(_object(held.get("severitydata")).get("severitytext") or "")
    report = str(_object(held.get("url")).get("report") or "")
    stated = ("eventtype", "eventid", "episodeid", "alertlevel", "alertscore", "glide", "source")
    native = {name: cells[name] for name in (*stated, "severitydata") if cells.get(name)}
    return Incident(
        # episodes are states of one event
        id=f"gdacs:{kind}{cells['eventid']}",
        event_type="natural_hazard",
        title=(cells.get("name") or cells.get("eventname") or label)[:MAX_TITLE],
        summary=". ".join(p for p in (cells.get("description", ""), text) if p)[:MAX_TEXT],
        countries=found,
        sources=_linked("GDACS", report),
        native=native,
        licence=licences.GDACS,
        **_seen(start, end, now),
        **_at(row, precision, method=f"GDACS {kind}"),
    )


def _bellingcat(item: Mapping[str, Any], row: Row, now: datetime, notes: Notes) -> Incident:
    cells = row.cells
    key = cells.get("id", "")
    if not key:
        raise CellError("id", key, "an incident has an id")
    found = _US_DATE.match(cells.get("date", ""))
    if not found:
        raise CellError("date", cells.get("date", ""), "must be a day as M/D/YYYY")
    try:
        day = date(int(found[3]), int(found[1]), int(found[2]))
    except ValueError:
        raise CellError("date", cells["date"], "is no day of the calendar") from None
    marks = _objects(item.get("filters"))
    said = "; ".join(f"{f.get('key', '')}: {f.get('value', '')}" for f in marks)
    kind = next((ours for words, ours in _MEANS if re.search(words, said, re.IGNORECASE)), None)
    if kind is None:
        notes.flagged["event_type_by_the_list"] += 1
        kind = "attack_on_civilians"
    notes.flagged["precision_not_stated"] += 1
    text = cells.get("description", "")
    place = cells.get("location", "")
    paths = [str(link.get("path") or "") for link in _objects(item.get("sources"))]
    if len(paths) != sum(map(is_web_link, paths)):
        notes.flagged["source_link_not_http"] += 1
    return Incident(
        id=f"bellingcat:{key}",
        event_type=kind,
        title=(f"Civilian harm, {place}" if place else "Civilian harm")[:MAX_TITLE],
        summary=text[:MAX_TEXT],
        place_name=place,
        sources=(
            Source(publisher="Bellingcat"),
            *dict.fromkeys(Source(url=path) for path in paths if is_web_link(path)),
        ),
        native={"filters": said} if said else {},
        licence=licences.BELLINGCAT,
        **_seen(day, day, now),
        **_at(row, "near", method="Bellingcat coordinates"),
    )


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _seen(start: date, end: date, now: datetime) -> dict[str, Any]:
    return {"start": start, "end": end, "recorded": Recorded(first_seen=now, updated=now)}


def _at(row: Row, precision: Precision, *, method: str) -> dict[str, Any]:
    """Place an event at its coordinates, with a radius that is assumed."""
    lat, lon = decimal(row, "latitude", limit=90), decimal(row, "longitude", limit=180)
    if lat is None or lon is None:
        raise CellError("latitude", "", "an event of this feed has coordinates")
    point = "site" if precision == "near" else "representative"
    return {
        "point": Point(lon, lat),
        "precision": precision,
        "radius_km": ASSUMED_RADIUS_KM[precision],
        "located": Located(method=method, point=point, radius="assumed"),  # type: ignore[arg-type]
    }


def _moment(row: Row, column: str) -> datetime:
    text = row.cells.get(column, "")
    if not re.fullmatch(r"-?[0-9]{1,15}", text, re.ASCII):
        raise CellError(column, text, "must be milliseconds since 1970 in UTC")
    try:
        return _EPOCH + timedelta(milliseconds=int(text))
    except OverflowError:
        raise CellError(column, text, "is no time of the calendar") from None


def _utc_day(row: Row, column: str) -> date:
    text = row.cells.get(column, "")
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise CellError(column, text, "must be a time as YYYY-MM-DDTHH:MM:SS") from None


def _named_country(place: str) -> tuple[str, ...]:
    """Country that a place ends with, by its full name: CA is California, Georgia is either."""
    last = place.rpartition(",")[2].strip()
    code = countries.iso3(last) if len(last) > 3 and last != "Georgia" else None
    return (code,) if code else ()


def _linked(publisher: str, url: str) -> tuple[Source, ...]:
    return (Source(publisher=publisher, url=url if is_web_link(url) else ""),)
