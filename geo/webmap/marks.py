"""What does the map draw for each incident in view, and where?

The answer is JSON of plain columns, for the browser: positions with their true radius, whole
provinces, whole countries. No text from outside but the names of provinces is in it; what an
incident says is asked for one by one, and shown as text only.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from geo import bits, countries
from geo.basemap import load
from geo.bits import Rows, Words
from geo.boundaries import Unit
from geo.columns import UNKNOWN, column, numbers, read_countries
from geo.index import Index
from geo.records import PRECISIONS
from geo.taxonomy import event_types, groups

_COUNTRY = PRECISIONS.index("country")
_UNIT_TOLERANCE = 0.004


def marks(index: Index, rows: Rows, *, uncertain: Words) -> dict[str, Any]:
    """Say what the browser draws for these rows, each with a symbol of its own.

    Returns
    -------
    dict
        `incidents` (columns, in the order of `rows`), `marks` (columns; `incident` is a place in
        `incidents`, positions in degrees, radius in metres; the first of an incident is where it
        lies among others), `units` and `countries` (each with the incidents known only to there),
        `unplaced`.
    """
    table, places = index.table, index.places
    precision = numbers(table, "precision")[rows].tolist()
    mappable = bits.has(index.mappable, rows)
    in_unit = mappable & (places.unit[rows] >= 0)
    pinned = places.pinned[rows]
    # a country's own point stands for the country, not for a place in it
    own = pinned & ~in_unit & (numbers(table, "precision")[rows] != _COUNTRY)
    drawn = _Marks()
    for i in np.flatnonzero(mappable).tolist():
        row = int(rows[i])
        lon, lat = (float(numbers(table, name)[row]) for name in ("lon", "lat"))
        if own[i]:
            drawn.add(i, lon, lat, float(places.reach[row]), precision[i])
        for at_lon, at_lat, km, known in places.sites_of(row):
            if (at_lon, at_lat) != (lon, lat):
                drawn.add(i, at_lon, at_lat, km, known)
    adrift = mappable & ~in_unit & ~own & (pinned | ~places.spotted[rows])
    units: dict[int, list[int]] = {}
    for i in np.flatnonzero(in_unit).tolist():
        units.setdefault(int(places.unit[rows[i]]), []).append(i)
    nations: dict[str, list[int]] = {}
    named = column(table, "countries").take(pa.array(rows)).to_pylist()
    for i in np.flatnonzero(adrift).tolist():
        for code in read_countries(named[i]):
            nations.setdefault(code, []).append(i)
    deaths = numbers(table, "deaths")[rows].tolist()
    return {
        "incidents": {
            "row": rows.tolist(),
            "type": numbers(table, "event_type")[rows].tolist(),
            "deaths": [None if n == UNKNOWN else n for n in deaths],
            "assessment": numbers(table, "assessment")[rows].tolist(),
            "uncertain": bits.has(uncertain, rows).astype(int).tolist(),
            "precision": precision,
        },
        "marks": drawn.columns,
        "units": [
            {**unit_place(places.units[n]), "rings": unit_rings(places.units[n]), "incidents": of}
            for n, of in units.items()
        ],
        "countries": [{**country_place(code), "incidents": of} for code, of in nations.items()],
        "unplaced": int((~mappable).sum()),
    }


class _Marks:
    """Columns of positions."""

    def __init__(self) -> None:
        names = ("incident", "lon", "lat", "radius", "precision")
        self.columns: dict[str, list[float]] = {name: [] for name in names}

    def add(self, index: int, lon: float, lat: float, km: float, precision: int) -> None:
        values = (index, round(lon, 6), round(lat, 6), round(km * 1000), precision)
        for held, value in zip(self.columns.values(), values, strict=True):
            held.append(value)


@lru_cache(maxsize=1)
def looks() -> bytes:
    """Write how each event group and each type looks, in the order of their codes."""
    kinds = [{"label": group.label, "colour": group.colour} for group in groups()]
    return dump({"groups": kinds, "types": _types()})


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


def unit_place(unit: Unit) -> dict[str, Any]:
    """Name of a province and where its count stands, degrees."""
    return {"name": unit.name, "lon": unit.inner.lon, "lat": unit.inner.lat}


@lru_cache(maxsize=512)
def unit_rings(unit: Unit) -> list[list[float]]:
    """Outline of a province, as flat lists of degrees."""
    return rings(shapely.simplify(unit.shape, _UNIT_TOLERANCE), digits=3)


@lru_cache(maxsize=512)
def country_place(code: str) -> dict[str, Any]:
    """Name of a country and where its count stands, degrees."""
    frame = load("countries_overview")
    rows = frame[frame["iso3"] == code]
    lon, lat = (float(rows[c].iloc[0]) if len(rows) else 0.0 for c in ("lon", "lat"))
    return {"name": countries.name(code), "lon": lon, "lat": lat}


def rings(shape: Any, *, digits: int) -> list[list[float]]:
    """Flatten the rings or lines of a geometry into lists lon, lat, lon, lat … in degrees."""
    found = []
    for part in shapely.get_parts(shape):
        lines = [part] if part.geom_type == "LineString" else shapely.get_rings(part)
        for line in lines:
            flat = shapely.get_coordinates(line).round(digits).ravel()
            found.append(flat.tolist())
    return found


def dump(value: Any) -> bytes:
    """Write what the browser reads."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
