"""Does a frame show anything of an incident: its place, its province, its country?

A disc that only reaches into the frame does not count: its middle, where the symbol would stand,
lies outside.
"""

from __future__ import annotations

from functools import lru_cache

import shapely

from geo.area import BBox
from geo.basemap import load
from geo.boundaries import Unit, admin1
from geo.incident import Incident

_UNIT_PRECISIONS = ("province", "district", "area")


def shows(frame: BBox, incident: Incident) -> bool:
    """Whether a frame shows a mappable incident."""
    spots = [site.point for site in incident.sites if site.point]
    unit = unit_of(incident)
    if unit is None and incident.point is not None:
        spots.append(incident.point)
    if any(frame.contains(spot) for spot in spots):
        return True
    if unit is not None:
        return _shows_unit(frame, unit.country, unit.code, unit.name)
    return not spots and any(_shows_country(frame, code) for code in incident.countries)


def unit_of(incident: Incident) -> Unit | None:
    """Province to hatch: for what is known only to there, or to less without a point."""
    if not incident.admin1 or incident.precision not in _UNIT_PRECISIONS:
        return None
    if incident.precision != "province" and incident.point is not None:
        return None
    found = (_admin1(incident.admin1, code) for code in incident.countries)
    return next((unit for unit in found if unit is not None), None)


@lru_cache(maxsize=8192)
def _admin1(name: str, country: str) -> Unit | None:
    return admin1(name, country)


@lru_cache(maxsize=4096)
def _shows_unit(frame: BBox, country: str, code: str, name: str) -> bool:
    table = load("admin1")
    rows = table[(table["country"] == country) & (table["code"] == code) & (table["name"] == name)]
    return _meets(frame, rows.geometry.values)


@lru_cache(maxsize=4096)
def _shows_country(frame: BBox, code: str) -> bool:
    table = load("countries_overview")
    return _meets(frame, table[table["iso3"] == code].geometry.values)


def _meets(frame: BBox, shapes: object) -> bool:
    boxes = [shapely.box(west, frame.south, east, frame.north) for west, east in frame.spans()]
    return any(bool(shapely.intersects(shapes, box).any()) for box in boxes)
