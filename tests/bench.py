"""How long do the main steps take, as multiples of what plain geopandas needs for the same rows?

`python3 run.py bench [ROWS]`, run by hand; times are the best of three, in this process.
`python3 run.py bench --rows N` measures import and reading alone, beside plain geopandas in the
same run, each step once in a process of its own, so that its peak of memory is its own.
"""

import argparse
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.exports import ExportMeta, export
from geo.filters import Filter, select
from geo.gazetteer import locate
from geo.importing import run
from geo.snapshot import Brief, frame_for
from geo.snapshot.make import draw
from geo.store import LayerStore
from tests.bench_rows import large, written
from tests.examples import NOW

ROWS = 20_000


def main(rows: int) -> None:
    """Print a table of steps, seconds and multiples."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "ged.csv"
        table.write_bytes(written(rows))
        plain = best(lambda: baseline(table, Path(folder) / "plain.geojson"))
        print(f"{rows:,} rows; geopandas, CSV to GeoJSON: {plain:.2f} s")
        count = 0

        def bring() -> None:
            nonlocal count
            count += 1
            store = LayerStore(Path(folder) / f"layers{count}")
            run("ucdp", table, layer="bench", store=store, now=NOW)

        steps = {"import, with journal and report": best(bring)}
        store = LayerStore(Path(folder) / "layers1")
        steps["read the layer"] = best(lambda: store.read("bench"))
        layer = store.read("bench")
        asked = Filter(countries=("PAK",), text="town")
        steps["filter and ledger"] = best(lambda: select(layer.incidents, asked))
        found = select(layer.incidents, Filter())
        locate("Kabul")
        steps["look 100 places up"] = best(lambda: [locate(f"Spin Bolduk{n}") for n in range(100)])
        meta = ExportMeta(title="", layers=(), query=Filter(), as_of=NOW)
        for fmt in ("geojson", "csv"):
            steps[f"export as {fmt}"] = best(lambda fmt=fmt: export(found, fmt, meta=meta))
        frame = frame_for(found.matches)
        framed = select(layer.incidents, Filter(), frame=frame)
        brief = Brief(
            title="Bench", query=Filter(), selection=framed, layers=(), as_of=NOW, frame=frame
        )
        steps["slide as PNG"] = best(lambda: draw(brief, fmt="png"))
    for name, seconds in steps.items():
        print(f"{name:<34} {seconds:6.2f} s  {seconds / plain:5.1f} ×")


def best(step) -> float:
    """Seconds of the quickest of three runs."""
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        step()
        took.append(time.perf_counter() - begun)
    return min(took)


def baseline(source: Path, target: Path) -> None:
    """Read the rows and write the points, with nothing checked or counted."""
    frame = pd.read_csv(source)
    points = gpd.points_from_xy(frame["longitude"], frame["latitude"], crs=4326)
    gpd.GeoDataFrame(frame, geometry=points).to_file(target, driver="GeoJSON")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("few", type=int, nargs="?", default=ROWS, help="rows for every step")
    asked.add_argument("--rows", type=int, help="rows for import and reading alone")
    given = asked.parse_args()
    if given.rows:
        large(given.rows)
    else:
        main(given.few)
