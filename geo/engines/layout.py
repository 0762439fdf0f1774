"""What does a layer look like as Parquet, so that any engine answers a filter as we do?

What no engine does as Python does is done once, when rows are landed: text is folded, spellings
of actors are resolved, places get their reach, and the line of the layer stands beside them
whole. What is left to an engine is comparing, counting and looking into lists.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.columns import UNKNOWN, column, numbers, of_lines, read_countries
from geo.filters import fold
from geo.index import publishers, spellings
from geo.places import Places
from geo.records import ASSESSMENTS, DATE_PRECISIONS, PRECISIONS, STATUSES
from geo.settings import DATA
from geo.taxonomy import event_types

# raise it when columns or the way they are made change
_LAYOUT = 1
_names = pa.list_(pa.field("item", pa.string(), nullable=False))
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("mark", "layer", "version")),
        *((name, pa.string()) for name in ("id", "event_type", "status", "assessment")),
        ("start", pa.date32()),
        ("end", pa.date32()),
        ("date_precision", pa.string()),
        ("updated", pa.int64()),
        *((name, pa.string()) for name in ("title", "place_name", "admin1")),
        ("countries", _names),
        ("precision", pa.string()),
        *((name, pa.float64()) for name in ("lon", "lat", "reach_km")),
        ("sites", pa.string()),
        ("unit", pa.string()),
        ("mappable", pa.bool_()),
        ("deaths", pa.int64()),
        ("actors", _names),
        ("sources", _names),
        ("text", pa.string()),
        ("feature", pa.string()),
        ("geometry", pa.binary()),
    ]
)
# GeoParquet 1.1; without a CRS it is longitude and latitude on WGS 84
METADATA: Mapping[str, str] = {
    "geo": json.dumps(
        {
            "version": "1.1.0",
            "primary_column": "geometry",
            "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}},
        }
    )
}


@lru_cache(maxsize=1)
def mark() -> str:
    """Name the layout and the data it was made with: rows of another mark answer otherwise."""
    digest = hashlib.sha256()
    for name in ("actors.json", "taxonomy.json"):
        digest.update((DATA / name).read_bytes())
    return f"{_LAYOUT}-{digest.hexdigest()[:12]}"


def rows(lines: Sequence[bytes], *, layer: str, version: str = "") -> pa.Table:
    """Write canonical lines of a layer as rows, in their order.

    Parameters
    ----------
    lines
        Features as `geo.layerfile.encode` writes them.
    layer, version
        Whose they are, and at which version; "" where they were never in the store.
    """
    found = of_lines(bytearray(b"".join(line + b"\n" for line in lines)))
    count = found.num_rows
    places = Places(found)
    codes = {
        "event_type": tuple(kind.id for kind in event_types()),
        "status": STATUSES,
        "assessment": ASSESSMENTS,
        "date_precision": DATE_PRECISIONS,
        "precision": PRECISIONS,
    }
    made: dict[str, Any] = {
        "mark": _same(mark(), count),
        "layer": _same(layer, count),
        "version": _same(version or None, count),
        **{name: column(found, name) for name in ("id", "title", "place_name", "updated")},
        **{name: pa.array(of).take(column(found, name)) for name, of in codes.items()},
        "start": column(found, "start").cast(pa.date32()),
        "end": column(found, "end").cast(pa.date32()),
        "admin1": column(found, "admin1").dictionary_decode(),
        "countries": _lists(column(found, "countries"), read_countries),
        **{name: _or_null(numbers(found, name), places.pinned) for name in ("lon", "lat")},
        "reach_km": _or_null(places.reach, places.pinned),
        "sites": _sites(places),
        "unit": _units(places),
        "mappable": pa.array(_mappable(found, places)),
        "deaths": _or_null(numbers(found, "deaths"), numbers(found, "deaths") != UNKNOWN),
        "actors": _lists(column(found, "actors"), lambda text: sorted(spellings(text))),
        "sources": _sources(found),
        "text": column(found, "text"),
        "feature": pa.array([line.decode() for line in lines], pa.string()),
        "geometry": _geometry(found, places),
    }
    return pa.table({field.name: made[field.name].cast(field.type) for field in SCHEMA}, SCHEMA)


def unit_key(country: str, code: str, name: str) -> str:
    """Name a province as the column `unit` does."""
    return json.dumps([country, code, name], ensure_ascii=False)


def read_sites(text: str) -> list[tuple[float, float, float]]:
    """Read the places that the column `sites` holds: degrees, and how far off they may be."""
    return [
        (lon, lat, reach)
        for site in text.split(";")
        for lon, lat, reach in [map(float, site.split(","))]
    ]


def _same(text: str | None, count: int) -> Any:
    return pa.repeat(pa.scalar(text, pa.string()), count)


def _lists(sets: Any, read: Any) -> Any:
    """Read each different text of a column once into the list it stands for."""
    different = pa.array([list(read(text)) for text in sets.dictionary.to_pylist()], _names)
    return different.take(sets.indices)


def _or_null(values: Any, known: Any) -> Any:
    return pa.array(values, mask=~known)


def _sites(places: Places) -> Any:
    sites = places.sites
    told: list[str | None] = [None] * places.size
    held = zip(
        *(part.tolist() for part in (sites.row, sites.lon, sites.lat, sites.reach)), strict=True
    )
    for row, group in groupby(held, key=lambda site: site[0]):
        told[row] = ";".join(f"{lon!r},{lat!r},{reach!r}" for _, lon, lat, reach in group)
    return pa.array(told, pa.string())


def _units(places: Places) -> Any:
    # a row without a province takes the null behind the last one
    named = [unit_key(unit.country, unit.code, unit.name) for unit in places.units]
    keys = pa.array([*named, None], pa.string())
    return keys.take(pa.array(np.where(places.unit < 0, len(places.units), places.unit)))


def _mappable(found: pa.Table, places: Places) -> Any:
    sets = column(found, "countries")
    known = np.array([bool(text) for text in sets.dictionary.to_pylist()], dtype=np.bool_)
    placed = numbers(found, "precision") != PRECISIONS.index("none")
    return places.spotted | (placed & known[sets.indices.to_numpy()])


def _sources(found: pa.Table) -> Any:
    """Names under which the source filter finds each row: publishers, and the id's beginning."""
    prefixes = pc.replace_substring_regex(column(found, "id"), "(?s):.*", "").dictionary_encode()
    sets = column(found, "publishers")
    many = len(sets.dictionary)
    key = prefixes.indices.to_numpy().astype(np.int64) * many + sets.indices.to_numpy()
    unique, inverse = np.unique(key, return_inverse=True)
    starts = [fold(text) for text in prefixes.dictionary.to_pylist()]
    names = [publishers(text) for text in sets.dictionary.to_pylist()]
    different = [sorted({starts[k // many], *names[k % many]}) for k in unique.tolist()]
    return pa.array(different, _names).take(pa.array(inverse.ravel()))


def _geometry(found: pa.Table, places: Places) -> Any:
    lon, lat = (numbers(found, name)[places.pinned] for name in ("lon", "lat"))
    shapes = np.full(places.size, None, dtype=object)
    shapes[places.pinned] = shapely.to_wkb(shapely.points(lon, lat))
    return pa.array(shapes, pa.binary())
