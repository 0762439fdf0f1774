"""Does a frame show anything of an incident: its place, its province, its country?

A disc that only reaches into the frame does not count: its middle, where the symbol would stand,
lies outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely

from geo.area import BBox
from geo.basemap import load
from geo.boundaries import Unit, admin1
from geo.incident import Incident
from geo.records import Precision

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
        return shows_unit(frame, unit)
    return not spots and any(shows_country(frame, code) for code in incident.countries)


def unit_of(incident: Incident) -> Unit | None:
    """Province to hatch: for what is known only to there, or to less without a point."""
    return unit_at(
        incident.admin1, incident.countries, incident.precision, pinned=incident.point is not None
    )


def unit_at(
    admin1: str, countries: Sequence[str], precision: Precision, *, pinned: bool
) -> Unit | None:
    """Province to hatch for a place of these words; `pinned` says that it has a point."""
    if not admin1 or precision not in _UNIT_PRECISIONS:
        return None
    if precision != "province" and pinned:
        return None
    found = (_admin1(admin1, code) for code in countries)
    return next((unit for unit in found if unit is not None), None)


@lru_cache(maxsize=8192)
def _admin1(name: str, country: str) -> Unit | None:
    return admin1(name, country)


def shows_unit(frame: BBox, unit: Unit) -> bool:
    """Whether a frame shows any of a province."""
    return _shows_unit(frame, unit.country, unit.code, unit.name)


@lru_cache(maxsize=4096)
def _shows_unit(frame: BBox, country: str, code: str, name: str) -> bool:
    table = load("admin1")
    rows = table[(table["country"] == country) & (table["code"] == code) & (table["name"] == name)]
    return _meets(frame, rows.geometry.values)


@lru_cache(maxsize=4096)
def shows_country(frame: BBox, code: str) -> bool:
    """Whether a frame shows any of a country."""
    table = load("countries_overview")
    return _meets(frame, table[table["iso3"] == code].geometry.values)


def shown_units(frame: BBox) -> frozenset[tuple[str, str, str]]:
    """Country, code and name of every province of which a frame shows anything."""
    table = load("admin1")
    seen = table[_met(frame, table.geometry.values)]
    return frozenset(zip(seen["country"], seen["code"], seen["name"], strict=True))


def shown_countries(frame: BBox) -> frozenset[str]:
    """Codes of every country of which a frame shows anything."""
    table = load("countries_overview")
    return frozenset(table[_met(frame, table.geometry.values)]["iso3"])


def _meets(frame: BBox, shapes: object) -> bool:
    return bool(_met(frame, shapes).any())


def _met(frame: BBox, shapes: object) -> npt.NDArray[np.bool_]:
    boxes = [shapely.box(west, frame.south, east, frame.north) for west, east in frame.spans()]
    met: npt.NDArray[np.bool_] = np.logical_or.reduce(
        [shapely.intersects(shapes, b) for b in boxes]
    )
    return met
