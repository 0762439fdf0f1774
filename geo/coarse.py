"""Within which province, or else which coarse cell, does a place lie?

For giving incidents to a wider circle. The answer depends on the base map alone, and asking it
again of its own answer changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from pyproj import Geod

from geo.area import reach_km
from geo.basemap import load
from geo.boundaries import admin1
from geo.incident import Incident, Located, Point, Precision

METHOD = "generalised"
# degrees; a cell is for what lies in no province, as at sea, or has no country
_CELL = 2
# covers a cell, and what may lie beyond it because the place itself is not exact
_CELL_REACH_KM = 250.0
_MOST_REACH_KM = 90.0
_WGS84 = Geod(ellps="WGS84")
_KNOWN_TO_UNIT = ("exact", "near", "district", "province")


@dataclass(frozen=True, slots=True)
class Coarse:
    """A place that many share: `name` is that of a province, empty for a cell."""

    id: str
    name: str
    point: Point
    radius_km: float
    precision: Precision

    @property
    def located(self) -> Located:
        """How the place was found: not by anyone, it was made coarse."""
        return Located(method=METHOD, id=self.id, point="representative", radius="extent")


def coarse_places(incidents: Sequence[Incident]) -> list[Coarse | None]:
    """Place each incident in a province or a cell; None where it is known to less than that."""
    rows = _rows(incidents)
    return [_place(incident, row) for incident, row in zip(incidents, rows, strict=True)]


def _rows(incidents: Sequence[Incident]) -> list[list[int]]:
    """Rows of the provinces on whose ground each incident's point lies."""
    frame = load("admin1")
    placed = [(n, i.point) for n, i in enumerate(incidents) if i.point is not None]
    found: list[list[int]] = [[] for _ in incidents]
    if not placed:
        return found
    spots = shapely.points([(p.lon, p.lat) for _, p in placed])
    which, units = frame.sindex.query(spots, predicate="intersects")
    for at, row in sorted(zip(which.tolist(), units.tolist(), strict=True)):
        found[placed[at][0]].append(row)
    return found


def _place(incident: Incident, rows: list[int]) -> Coarse | None:
    point, precision = incident.point, incident.precision
    if precision in ("country", "none"):
        return None
    if point is not None and (already := _already(incident)) is not None:
        return already
    if point is not None and precision in _KNOWN_TO_UNIT:
        countries = load("admin1")["country"]
        for row in rows:
            if countries.iat[row] in incident.countries:
                return _unit(row)
    if incident.admin1:
        for code in incident.countries:
            unit = admin1(incident.admin1, code)
            if unit is not None and (row_ := _by_place().get(_key(code, unit.name, unit.inner))):
                return _unit(row_ - 1)
    if point is None or (precision not in _KNOWN_TO_UNIT and reach_km(incident) > _MOST_REACH_KM):
        return None
    return _cell(point)


def _already(incident: Incident) -> Coarse | None:
    """Place of an incident that was made coarse before: only if it is one of ours to the digit."""
    if incident.point is None:
        return None
    for code in incident.countries:
        row = _by_place().get(_key(code, incident.admin1, incident.point))
        if row and incident.precision == "province":
            return _unit(row - 1)
    cell = _cell(incident.point)
    given = (incident.point, incident.radius_km, incident.precision)
    if given == (cell.point, cell.radius_km, cell.precision) and incident.located == cell.located:
        return cell
    return None


def _key(country: str, name: str, inner: Point) -> tuple[str, str, float, float]:
    return country, name, inner.lon, inner.lat


@lru_cache(maxsize=1)
def _by_place() -> Mapping[tuple[str, str, float, float], int]:
    """Row of each province, from 1, by country, name and the point inside it."""
    frame = load("admin1")
    columns = zip(frame["country"], frame["name"], frame["lon"], frame["lat"], strict=True)
    return {
        (str(country), str(name), float(lon), float(lat)): row
        for row, (country, name, lon, lat) in enumerate(columns, 1)
    }


@lru_cache(maxsize=8192)
def _unit(row: int) -> Coarse:
    held = load("admin1").iloc[row]
    inner = Point(float(held["lon"]), float(held["lat"]))
    corners = shapely.get_coordinates(held.geometry)
    many = len(corners)
    far = _WGS84.inv(
        np.full(many, inner.lon), np.full(many, inner.lat), corners[:, 0], corners[:, 1]
    )[2]
    # a few provinces have islands an ocean away
    radius = min(float(math.ceil(float(far.max()) / 1000)), 3000.0)
    name = str(held["name"]) or str(held["code"])
    return Coarse(f"unit:{held['code']}", name, inner, max(radius, 1.0), "province")


def _cell(point: Point) -> Coarse:
    column = min(math.floor((point.lon + 180) / _CELL), 360 // _CELL - 1)
    row = min(math.floor((point.lat + 90) / _CELL), 180 // _CELL - 1)
    centre = Point(-180.0 + _CELL * (column + 0.5), -90.0 + _CELL * (row + 0.5))
    return Coarse(f"cell:{column}:{row}", "", centre, _CELL_REACH_KM, "area")
