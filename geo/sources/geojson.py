"""How does a Feature of a GeoJSON file become an incident?

Our own layers come back without loss. A foreign Feature is read like a row of a table: its
properties are the columns. Only Points are incidents; other geometry is refused by name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from geo.errors import IncidentError, TableError
from geo.feature import from_feature
from geo.geojson import FILE, UPLOAD, Limits, parse
from geo.incident import Incident, cautions
from geo.sources.detection import SAMPLE, Detected, detect
from geo.sources.record import Reader
from geo.sources.rows import CellError, Notes, Parsed, Rejected, Row

_OURS = ("event_type", "start", "precision", "title")
_REPAIRS = ("rewound", "wrapped", "crs_ignored", "bbox_ignored")
# headers of what a point says
LON, LAT = "geometry longitude", "geometry latitude"


def read(
    source: Path,
    *,
    now: datetime,
    notes: Notes,
    columns: Mapping[str, str] | None = None,
    limits: Limits = FILE,
) -> Parsed:
    """Read Features as incidents, numbered from 1 in rejections.

    Raises
    ------
    GeoJSONError
        When the file as a whole is no valid RFC 7946.
    TableError
        When foreign Features have no property we know as a date.
    """
    collection = parse(source.read_bytes(), limits=limits)
    for name, count in collection.flagged.items():
        (notes.repaired if name in _REPAIRS else notes.flagged)[name] += count
    foreign = [cells_of(f) for f in collection.features if not _is_ours(f)]
    reader = _reader(foreign, dict(columns or {})) if foreign else None
    for number, feature in enumerate(collection.features, start=1):
        try:
            if reader is None or _is_ours(feature):
                incident = from_feature(feature, now=now)
            else:
                incident = _foreign(feature, number, reader, now=now, notes=notes)
        except CellError as error:
            yield Rejected(number, error.column, error.value[:60], error.rule)
        except IncidentError as error:
            problem = error.problems[0]
            yield Rejected(number, problem.path, problem.value[:60], problem.rule)
        else:
            notes.flagged.update(cautions(incident))
            yield incident


def _is_ours(feature: Mapping[str, Any]) -> bool:
    properties = feature.get("properties") or {}
    return "id" in feature and all(name in properties for name in _OURS)


def columns_of(
    source: Path, chosen: Mapping[str, str], *, limits: Limits = UPLOAD
) -> Detected | None:
    """Say how the properties of foreign Features are understood; None where all are ours.

    Raises
    ------
    InputError
        Where the file as a whole cannot be read, or a choice means nothing.
    """
    features = parse(source.read_bytes(), limits=limits).features
    foreign = [cells_of(f) for f in features if not _is_ours(f)]
    return _detected(foreign, chosen) if foreign else None


def _reader(rows: list[dict[str, str]], chosen: Mapping[str, str]) -> Reader:
    found = _detected(rows, chosen)
    if found.questions:
        raise TableError(found.questions[0].text)
    return Reader(found.columns, found.order, "geojson", axes=found.axes)


def _detected(rows: list[dict[str, str]], chosen: Mapping[str, str]) -> Detected:
    headers = tuple(dict.fromkeys(name for row in rows for name in row))
    given = {"lat": LAT, "lon": LON} if LAT in headers else {}
    return detect(
        headers,
        rows[:SAMPLE],
        chosen={**given, **chosen},
        dates=lambda header: (row.get(header, "") for row in rows),
    )


def _foreign(
    feature: Mapping[str, Any], number: int, reader: Reader, *, now: datetime, notes: Notes
) -> Incident:
    geometry = feature.get("geometry")
    if geometry is not None and geometry["type"] != "Point":
        rule = "an incident has a Point or null; lines and areas are context layers"
        raise CellError("geometry", geometry["type"], rule)
    return reader.incident(Row(number, cells_of(feature)), now=now, notes=notes)


def cells_of(feature: Mapping[str, Any]) -> dict[str, str]:
    """Write a Feature as the cells of a row; nested values stay JSON."""
    cells = {}
    for name, value in (feature.get("properties") or {}).items():
        if value is None:
            cells[name] = ""
        elif isinstance(value, str):
            cells[name] = value
        else:
            cells[name] = json.dumps(value, ensure_ascii=False)
    if "id" in feature:
        cells["id"] = str(feature["id"])
    geometry = feature.get("geometry")
    if geometry is not None and geometry["type"] == "Point":
        lon, lat = geometry["coordinates"][:2]
        cells |= {LON: _plain(lon), LAT: _plain(lat)}
    return cells


def _plain(number: float) -> str:
    return f"{number:.9f}".rstrip("0").rstrip(".")
