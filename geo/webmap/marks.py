"""What does the map draw for each matched incident, and where?

The answer is JSON of plain columns, for the browser: positions with their true radius, whole
provinces, whole countries. No text from outside but the names of provinces is in it; what an
incident says is asked for one by one, and shown as text only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import shapely

from geo import countries
from geo.area import reach_km
from geo.basemap import load
from geo.boundaries import Unit, admin1
from geo.filters import Match
from geo.incident import (
    ASSESSMENTS,
    ASSUMED_RADIUS_KM,
    PRECISIONS,
    Incident,
    Point,
    Precision,
)
from geo.taxonomy import event_types, groups

_PLACED: frozenset[Precision] = frozenset(("exact", "near", "district", "area"))
_UNIT_TOLERANCE = 0.004


def payload(matches: Sequence[Match]) -> bytes:
    """Write what the browser draws, in the order of `matches`.

    Returns
    -------
    bytes
        UTF-8 JSON: `types`, `incidents` (columns), `marks` (columns; degrees and metres),
        `units` and `countries` (each with the incidents known only to there), `unplaced`.
    """
    kinds = {kind.id: i for i, kind in enumerate(event_types())}
    marks = _Marks()
    units: dict[str, tuple[Unit, list[int]]] = {}
    nations: dict[str, list[int]] = {}
    unplaced = 0
    for i, match in enumerate(matches):
        incident = match.incident
        if not incident.mappable:
            unplaced += 1
            continue
        marks.sites(i, incident)
        unit = _unit(incident)
        if incident.point is not None and (incident.precision in _PLACED or unit is None):
            if incident.precision == "country":
                _add_countries(nations, i, incident)
            else:
                marks.add(i, incident.point, reach_km(incident), incident.precision)
        elif unit is not None:
            units.setdefault(unit.code, (unit, []))[1].append(i)
        elif not any(site.point for site in incident.sites):
            _add_countries(nations, i, incident)
    drawn = [m.incident for m in matches]
    return _dump(
        {
            "types": _types(),
            "incidents": {
                "type": [kinds[i.event_type] for i in drawn],
                "deaths": [i.deaths.figure for i in drawn],
                "assessment": [ASSESSMENTS.index(i.assessment) for i in drawn],
                "uncertain": [int(m.when == "uncertain") for m in matches],
                "precision": [PRECISIONS.index(i.precision) for i in drawn],
            },
            "marks": marks.columns,
            "units": [_write_unit(unit, members) for unit, members in units.values()],
            "countries": [_write_country(code, members) for code, members in nations.items()],
            "unplaced": unplaced,
        }
    )


class _Marks:
    """Columns of positions."""

    def __init__(self) -> None:
        names = ("incident", "lon", "lat", "radius", "precision")
        self.columns: dict[str, list[float]] = {name: [] for name in names}

    def add(self, index: int, point: Point, radius_km: float, precision: Precision) -> None:
        self.columns["incident"].append(index)
        self.columns["lon"].append(round(point.lon, 6))
        self.columns["lat"].append(round(point.lat, 6))
        self.columns["radius"].append(round(radius_km * 1000))
        self.columns["precision"].append(PRECISIONS.index(precision))

    def sites(self, index: int, incident: Incident) -> None:
        for site in incident.sites:
            if site.point is not None and site.point != incident.point:
                radius = site.radius_km or ASSUMED_RADIUS_KM.get(site.precision, 0.0)
                self.add(index, site.point, radius, site.precision)


def _unit(incident: Incident) -> Unit | None:
    """Province an incident is known to; also for a district without a point of its own."""
    if incident.precision not in ("province", "district", "area") or not incident.admin1:
        return None
    if incident.precision != "province" and incident.point is not None:
        return None
    found = (admin1(incident.admin1, code) for code in incident.countries)
    return next((unit for unit in found if unit is not None), None)


def _add_countries(nations: dict[str, list[int]], index: int, incident: Incident) -> None:
    for code in incident.countries:
        nations.setdefault(code, []).append(index)


def _types() -> list[dict[str, str]]:
    by_id = {group.id: group for group in groups()}
    return [
        {
            "label": kind.label,
            "glyph": kind.glyph,
            "group": by_id[kind.group].label,
            "colour": by_id[kind.group].colour,
            "outline": by_id[kind.group].outline,
        }
        for kind in event_types()
    ]


def _write_unit(unit: Unit, members: list[int]) -> dict[str, Any]:
    shape = shapely.simplify(unit.shape, _UNIT_TOLERANCE)
    return {
        "name": unit.name,
        "lon": unit.inner.lon,
        "lat": unit.inner.lat,
        "rings": rings(shape, digits=3),
        "incidents": members,
    }


def _write_country(code: str, members: list[int]) -> dict[str, Any]:
    frame = load("countries_overview")
    rows = frame[frame["iso3"] == code]
    lon, lat = (float(rows[c].iloc[0]) if len(rows) else 0.0 for c in ("lon", "lat"))
    return {"name": countries.name(code), "lon": lon, "lat": lat, "incidents": members}


def rings(shape: Any, *, digits: int) -> list[list[float]]:
    """Flatten the rings or lines of a geometry into lists lon, lat, lon, lat … in degrees."""
    found = []
    for part in shapely.get_parts(shape):
        lines = [part] if part.geom_type == "LineString" else shapely.get_rings(part)
        for line in lines:
            flat = shapely.get_coordinates(line).round(digits).ravel()
            found.append(flat.tolist())
    return found


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
