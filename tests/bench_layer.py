"""What is a layer of a given size, clustered as events are, and how is it made in seconds?

Seeded rows are written as GeoParquet, and of them the layer's lines, a row group at a time: 3,000
hot spots with a heavy tail, a third of the incidents on one exact point of their spot. The layer is
a file as the store leaves it, with the journal that knows its version; what the program derives
from it is left to the program. `python -m tests.bench_layer LAYERS` opens it once.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from geo import journal
from geo.engines.layout import METADATA
from geo.indexed import derived_folder, open_indexed
from geo.layerfile import LayerMeta, decode, encode, write_head
from geo.store import LayerStore
from geo.taxonomy import event_types
from tests.bench_rows import peak

NAME = "bench"
_AT_ONCE = 100_000
_KINDS = [kind.id for kind in event_types()]
_NATIONS = ["AFG", "PAK", "SDN", "UKR", "MMR", "SYR", "YEM", "MLI", "NGA", "COD", "ETH", "SOM"]
_PRECISIONS = ["exact", "exact", "near", "district"]
_FIRST = np.datetime64("1990-01-01")
_WHEN = datetime(2025, 11, 20, 12, tzinfo=UTC)
# a canonical line; what stands in angle brackets is a column of the row
_LINE = (
    '{"geometry":{"coordinates":[<lon>,<lat>],"type":"Point"},"id":"<id>","properties":{'
    '"actors":[{"name":"<actor>","role":"side a"}],"admin1":"","admin2":"",'
    '"assessment":"reported","by":"","claims":[],"countries":"<country>","date_precision":"day",'
    '"deaths_best":<deaths>,"deaths_high":null,"deaths_low":null,"end":"<day>",'
    '"event_type":"<kind>","first_seen":"2025-11-20T12:00:00Z","injured_best":null,'
    '"injured_high":null,"injured_low":null,"licence":"CC BY 4.0","located":null,'
    '"native":{"id":<number>,"relid":"X-<number>"},"place_name":"<place>",'
    '"precision":"<precision>","radius_km":null,"sites":[],'
    '"sources":[{"publisher":"<paper>","title":"what was reported that day"}],'
    '"start":"<day>","status":"accepted","status_reason":"",'
    '"summary":"A report of incident <number>, with who did what and to whom.","time":"",'
    '"title":"Incident <number> near <place>","updated":"2025-11-20T12:00:00Z"},'
    '"type":"Feature"}'
)


def write_layer(layers: Path, rows: int) -> None:
    """Write the layer `bench` of so many incidents and its journal, as the store would."""
    layers.mkdir(parents=True, exist_ok=True)
    seeds = layers / f".{NAME}.parquet"
    write_parquet(seeds, rows)
    digest = hashlib.sha256()
    with (layers / f"{NAME}.geojson").open("xb") as file:
        for part in _file(seeds):
            file.write(part)
            digest.update(part)
    seeds.unlink()
    journal.append(
        layers / ".history" / f"{NAME}.jsonl",
        [],
        when=_WHEN,
        who="",
        action="import",
        versions=("", digest.hexdigest()),
        heads=("", ""),
    )


def write_parquet(path: Path, rows: int) -> None:
    """Write seeded rows as GeoParquet 1.1, in order of id."""
    table = seeded(rows).replace_schema_metadata(dict(METADATA))
    pq.write_table(table, path, row_group_size=_AT_ONCE, compression="zstd")


def seeded(rows: int) -> pa.Table:
    """Draw so many incidents; the same ones each time."""
    lon, lat = places(rows)
    chance = np.random.default_rng(3)
    number = np.arange(rows)

    def any_of(names: list[str]) -> pa.Array:
        return pa.array(names).take(pa.array(chance.integers(0, len(names), rows)))

    return pa.table(
        {
            "id": _numbered("bench:", number, wide=9),
            "number": number,
            "actor": _numbered("Group ", number % 900),
            "place": _numbered("Town ", number % 5_000),
            "paper": _numbered("Paper ", number % 100),
            "day": _FIRST + chance.integers(0, 12_000, rows),
            "kind": any_of(_KINDS),
            "country": any_of(_NATIONS),
            "deaths": chance.integers(0, 30, rows),
            "precision": any_of(_PRECISIONS),
            "geometry": shapely.to_wkb(shapely.points(lon, lat)),
        }
    )


def lines(rows: int) -> Iterator[bytes]:
    """Lines of such a layer, in order of id, without a file."""
    table = seeded(rows)
    for first in range(0, rows, _AT_ONCE):
        yield from (line.encode() for line in _lines(table.slice(first, _AT_ONCE)).to_pylist())


def places(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Longitudes and latitudes, clustered."""
    chance = np.random.default_rng(1)
    spots = 3_000
    middle = chance.uniform(-20, 140, spots), chance.uniform(-30, 55, spots)
    weight = chance.pareto(1, spots) + 0.01
    spot = chance.choice(spots, rows, p=weight / weight.sum())
    spread = chance.uniform(0.01, 0.8, spots)[spot]
    away = chance.random(rows) >= 0.35
    lon, lat = (
        (axis[spot] + np.where(away, chance.normal(0, 1, rows) * spread, 0)).round(5)
        for axis in middle
    )
    return lon, np.clip(lat, -80, 80)


def opened_once(layers: Path) -> dict[str, float]:
    """Open the layer in this process: seconds, seconds of processor time, what was derived."""
    begun, clock = os.times(), time.perf_counter()
    layer = open_indexed(LayerStore(layers), NAME)
    took = time.perf_counter() - clock
    cpu = sum(os.times()[:4]) - sum(begun[:4])
    derived = sum(path.stat().st_size for path in derived_folder().glob(f"*{layer.version}*.arrow"))
    return {
        "seconds": took,
        "cpu": cpu,
        "bytes": derived / layer.index.size,
        "line": len(layer.lines) / layer.index.size,
    }


def _numbered(word: str, numbers: np.ndarray, *, wide: int = 0) -> pa.Array:
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), wide, "0")
    return pc.binary_join_element_wise(word, digits, "")


def _file(seeds: Path) -> Iterator[bytes]:
    """Write a layer's file of seeded rows, a row group at a time."""
    yield write_head(LayerMeta())
    before = b""
    for batch in pq.ParquetFile(seeds).iter_batches(batch_size=_AT_ONCE):
        made = _lines(pa.Table.from_batches([batch]))
        first = made[0].as_py().encode()
        if encode(decode(first, where=NAME)) != first:
            msg = f"{first[:80]!r} is no line as the store writes it"
            raise ValueError(msg)
        yield before + ",\n".join(made.to_pylist()).encode()
        before = b",\n"
    yield b"\n]}\n" if before else b"]}\n"


def _lines(table: pa.Table) -> pa.Array:
    """Fill the line of each row; columns at once, or millions would take minutes."""
    spots = shapely.from_wkb(table["geometry"].to_numpy())
    texts = {name: table[name].cast(pa.string()) for name in table.column_names[:-1]}
    # a number in canonical JSON is written as Python writes it
    texts["lon"] = pa.array(map(repr, shapely.get_x(spots).tolist()), pa.string())
    texts["lat"] = pa.array(map(repr, shapely.get_y(spots).tolist()), pa.string())
    parts = [piece for part in _LINE.split("<") for piece in part.split(">", 1)]
    # before the first "<" stands text alone, after it a name and text in turn
    filled = [texts[part] if n % 2 else part for n, part in enumerate(parts)]
    return pc.binary_join_element_wise(*filled, "")


if __name__ == "__main__":
    print(json.dumps({**opened_once(Path(sys.argv[1])), "peak": peak()}))
