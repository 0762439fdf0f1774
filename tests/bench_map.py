"""How long do a layer's index and its answers take, from ten thousand incidents to millions?

`python3 run.py bench map [ROWS …]`, run by hand; `bench map busy` and `bench map sessions` ask the
real server (`tests.bench_server`). Layers are seeded and clustered as events are:
3,000 hot spots with a heavy tail, a third of the incidents on one exact point of their spot. Up
to a million rows are written as a layer and indexed from it; of more, the columns are made
directly. Times are of the server's part, in this process, after a first warm-up.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from geo.area import BBox
from geo.columns import SCHEMA, columns, mercator, morton
from geo.filters import Filter
from geo.index import Index
from geo.indexed import IndexedLayer
from geo.layerfile import LayerMeta, write_head, write_lines
from geo.taxonomy import event_types
from geo.webmap.crowd import Crowd
from geo.webmap.days import during, whens
from geo.webmap.marks import dump
from tests import bench_server

ROWS = (10_000, 100_000, 1_000_000, 5_000_000)
_AS_LAYER = 1_000_000
_KINDS = [kind.id for kind in event_types()]
_NATIONS = ("AFG", "PAK", "SDN", "UKR", "MMR", "SYR", "YEM", "MLI", "NGA", "COD", "ETH", "SOM")
_VIEWS = 40


def main(sizes: list[int]) -> None:
    """Print a table of sizes."""
    print("rows       index s  bytes/row  filter ms  view ms p50/p95  kB a view p95 (gzip)")
    for size in sizes:
        index, took = made(size)
        filters, views, sent = asked(index)
        held = index.table.nbytes / size
        quick = f"{np.median(views):6.1f} / {np.percentile(views, 95):5.1f}"
        kilobytes = np.percentile(sent, 95) / 1000
        print(
            f"{size:>9,}  {took:7.1f}  {held:9.0f}  {np.median(filters):9.1f}  {quick:>15}"
            f"  {kilobytes:12.1f}",
            flush=True,
        )
        moved = windows(index)
        print(
            f"{'':>9}  days moved on, ms of this process p50/p95: "
            f"{np.median(moved):.1f} / {np.percentile(moved, 95):.1f}",
            flush=True,
        )


def windows(index: Index) -> list[float]:
    """Milliseconds of CPU for views of three years each, as the map's slider asks for them."""
    layer = IndexedLayer("bench", LayerMeta(), str(SCHEMA), index, None)  # type: ignore[arg-type]
    crowd, box = Crowd.of(layer, Filter()), BBox(-20, -40, 140, 60)
    crowd.view(box, 3)
    took = []
    for year in range(1990, 2015):
        begun = time.process_time()
        held = during(crowd, date(year, 1, 1), date(year + 2, 12, 31))
        dump({**held.view(box, 3), "when": whens(held)})
        took.append((time.process_time() - begun) * 1000)
    return took


def made(size: int) -> tuple[Index, float]:
    """Index of so many incidents, and the seconds it took from the layer's file."""
    if size > _AS_LAYER:
        begun = time.perf_counter()
        return Index(table(size)), time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layer.geojson"
        with path.open("wb") as file:
            file.write(write_head(LayerMeta()))
            file.writelines(write_lines(lines(size)))
        begun = time.perf_counter()
        index = Index(columns(path))
        return index, time.perf_counter() - begun


def asked(index: Index) -> tuple[list[float], list[float], list[int]]:
    """Milliseconds of new filters and of views of each, and bytes of the views."""
    layer = IndexedLayer("bench", LayerMeta(), str(SCHEMA), index, None)  # type: ignore[arg-type]
    Crowd.of(layer, Filter()).view(BBox(-20, -40, 140, 60), 3)
    chance = np.random.default_rng(2)
    filters, views, sent = [], [], []
    for _ in range(_VIEWS // 4):
        first = date(1995, 1, 1) + timedelta(days=int(chance.integers(0, 5_000)))
        kinds = tuple(chance.choice(_KINDS, 12, replace=False).tolist())
        query = Filter(start=first, end=first + timedelta(days=4_000), event_types=kinds)
        begun = time.perf_counter()
        crowd = Crowd.of(layer, query)
        filters.append((time.perf_counter() - begun) * 1000)
        for zoom in (3, 5, 7, 9):
            wide, high = 1366 * 360 / 256 / 2**zoom, 500 * 180 / 256 / 2**zoom
            west, south = chance.uniform(0, 100), chance.uniform(-20, 45)
            box = BBox(west - wide / 8, south, min(west + wide * 7 / 8, 180), min(south + high, 84))
            begun = time.perf_counter()
            body = dump(crowd.view(box, zoom))
            views.append((time.perf_counter() - begun) * 1000)
            sent.append(len(gzip.compress(body, 1)))
    return filters, views, sent


def lines(size: int):
    """Lines of a layer, in order of id."""
    lon, lat = places(size)
    chance = np.random.default_rng(3)
    days = chance.integers(0, 12_000, size)
    kinds = chance.integers(0, len(_KINDS), size)
    nations = chance.integers(0, len(_NATIONS), size)
    deaths = chance.integers(0, 30, size)
    precision = chance.choice(["exact", "exact", "near", "district"], size)
    for n in range(size):
        day = (date(1990, 1, 1) + timedelta(days=int(days[n]))).isoformat()
        properties = {
            "actors": [{"name": f"Group {n % 900}", "role": "side a"}], "admin1": "", "admin2": "",
            "assessment": "reported", "by": "", "claims": [], "countries": _NATIONS[nations[n]],
            "date_precision": "day", "deaths_best": int(deaths[n]), "deaths_high": None,
            "deaths_low": None, "end": day, "event_type": _KINDS[kinds[n]],
            "first_seen": "2025-11-20T12:00:00Z", "injured_best": None, "injured_high": None,
            "injured_low": None, "licence": "CC BY 4.0", "located": None,
            "native": {"id": n, "relid": f"X-{n}"}, "place_name": f"Town {n % 5_000}",
            "precision": str(precision[n]), "radius_km": None, "sites": [],
            "sources": [{"publisher": f"Paper {n % 100}", "title": "what was reported that day"}],
            "start": day, "status": "accepted", "status_reason": "",
            "summary": f"A report of incident {n}, with who did what and to whom.", "time": "",
            "title": f"Incident {n} near town {n % 5_000}", "updated": "2025-11-20T12:00:00Z",
        }  # fmt: skip
        point = {"coordinates": [float(lon[n]), float(lat[n])], "type": "Point"}
        feature = {
            "geometry": point, "id": f"bench:{n:09}", "properties": properties, "type": "Feature",
        }  # fmt: skip
        yield json.dumps(feature, separators=(",", ":")).encode()


def places(size: int):
    """Longitudes and latitudes, clustered."""
    chance = np.random.default_rng(1)
    spots = 3_000
    middle = chance.uniform(-20, 140, spots), chance.uniform(-30, 55, spots)
    weight = chance.pareto(1, spots) + 0.01
    spot = chance.choice(spots, size, p=weight / weight.sum())
    spread = chance.uniform(0.01, 0.8, spots)[spot]
    away = chance.random(size) >= 0.35
    lon, lat = (
        (axis[spot] + np.where(away, chance.normal(0, 1, size) * spread, 0)).round(5)
        for axis in middle
    )
    return lon, np.clip(lat, -80, 80)


def table(size: int) -> pa.Table:
    """Columns of as many incidents, as `geo.columns` makes them, without their texts."""
    lon, lat = places(size)
    chance = np.random.default_rng(3)
    x, y = mercator(lon, lat)
    order = pa.array(np.argsort(morton(x, y), kind="stable"))
    day = chance.integers(7_300, 19_300, size).astype(np.int32)
    row = np.arange(size)

    def named(of: np.ndarray, many: int, word: str):
        names = pa.array([f"{word} {n}" for n in range(many)])
        return pa.DictionaryArray.from_arrays(pa.array(of.astype(np.int32)), names)

    nations = pa.DictionaryArray.from_arrays(
        pa.array(chance.integers(0, len(_NATIONS), size).astype(np.int32)), pa.array(_NATIONS)
    )
    site = columns_of_sites()
    held = {
        "event_type": chance.integers(0, len(_KINDS), size).astype(np.uint8),
        "status": np.ones(size, np.uint8),
        "precision": chance.choice([0, 0, 1, 2], size).astype(np.uint8),
        "assessment": np.zeros(size, np.uint8),
        "date_precision": np.zeros(size, np.uint8),
        "start": day, "end": day, "updated": np.zeros(size, np.int64),
        "deaths": chance.integers(0, 30, size), "x": x, "y": y, "lon": lon, "lat": lat,
        "radius_km": np.full(size, np.nan), "countries": nations,
        "admin1": named(row * 0, 1, ""), "actors": named(row % 900, 900, "group"),
        "publishers": named(row % 100, 100, "paper"), "sites": pa.nulls(size, site),
    }  # fmt: skip
    return pa.table(held).take(order).combine_chunks()


def columns_of_sites() -> pa.DataType:
    """Type of the column `sites`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "none.geojson"
        path.write_bytes(write_head(LayerMeta()) + b"".join(write_lines([])))
        return columns(path).schema.field("sites").type


if __name__ == "__main__":
    verb = sys.argv[1] if len(sys.argv) > 1 else ""
    if verb in ("busy", "sessions"):
        bench_server.main(verb, sys.argv[2:])
    else:
        main([int(size) for size in sys.argv[1:]] or list(ROWS))
