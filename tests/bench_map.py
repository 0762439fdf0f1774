"""How long do a layer's index and its answers take, from ten thousand incidents to millions?

`python3 run.py bench map [ROWS …]`, run by hand; `bench map busy` and `bench map sessions` ask the
real server (`tests.bench_server`). Layers are seeded (`tests.bench_layer`) and indexed from their
files; views are asked for with their margin. Times are of the server's part, in this process,
after a first warm-up.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from geo.area import BBox
from geo.columns import SCHEMA, columns
from geo.filters import Filter
from geo.index import Index
from geo.indexed import IndexedLayer
from geo.layerfile import LayerMeta
from geo.taxonomy import event_types
from geo.webmap.crowd import Crowd
from geo.webmap.days import during, whens
from geo.webmap.marks import dump
from tests import bench_server
from tests.bench_layer import NAME, write_layer

ROWS = (10_000, 100_000, 1_000_000, 5_000_000)
_KINDS = [kind.id for kind in event_types()]
_VIEWS = 40


def main(sizes: list[int]) -> None:
    """Print a table of sizes."""
    print("rows       index s  bytes/row  filter ms  view ms p50/p95  kB a view p95 (gzip)")
    for size in sizes:
        index, took = made(size)
        filters, views, sent = asked(index)
        # columns, and texts as they lie packed
        held = (index.table.nbytes + index.texts.held.size) / size  # type: ignore[attr-defined]
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
        dump({**held.view(box, 3, beyond=0.5), "when": whens(held)})
        took.append((time.process_time() - begun) * 1000)
    return took


def made(size: int) -> tuple[Index, float]:
    """Index of so many incidents, and the seconds it took from the layer's file."""
    with tempfile.TemporaryDirectory() as folder:
        write_layer(Path(folder), size)
        begun = time.perf_counter()
        index = Index(*columns(Path(folder) / f"{NAME}.geojson"))
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
            body = dump(crowd.view(box, zoom, beyond=0.5))
            views.append((time.perf_counter() - begun) * 1000)
            sent.append(len(gzip.compress(body, 1)))
    return filters, views, sent


if __name__ == "__main__":
    verb = sys.argv[1] if len(sys.argv) > 1 else ""
    if verb in ("busy", "sessions"):
        bench_server.main(verb, sys.argv[2:])
    else:
        main([int(size) for size in sys.argv[1:]] or list(ROWS))
