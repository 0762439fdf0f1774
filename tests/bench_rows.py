"""What do import and reading of many rows cost, beside plain geopandas with the same rows?

Each step runs once in a process of its own, so that its peak of memory is its own; the processes
that share an import are about 45 MB each beside it.
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from geo.importing import run
from geo.store import LayerStore
from tests.examples import NOW
from tests.sources.tables import GED, csv_bytes


def large(rows: int) -> None:
    """Print seconds, CPU and peak memory of import and reading, and multiples of geopandas."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "ged.csv").open("wb") as table:
            head, *_ = written(1).splitlines(keepends=True)
            table.write(head)
            for first in range(0, rows, 10_000):
                part = written(min(10_000, rows - first), first=first)
                table.write(part.split(head, 1)[1])
        size = (folder / "ged.csv").stat().st_size / 1e6
        load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
        print(f"{rows:,} rows, {size:,.0f} MB; {os.cpu_count()} processors, load {load}")
        plain = None
        for step in STEPS:
            begun = time.perf_counter()
            told = subprocess.run(
                [sys.executable, "-m", "tests.bench_rows", step, name],
                check=True,
                capture_output=True,
                text=True,
            ).stdout
            took = time.perf_counter() - begun
            plain = plain or took
            print(f"{step:<24} {took:7.1f} s {took / plain:5.2f} ×  {told.strip()}", flush=True)


def once(step: str, folder: Path) -> None:
    """Take one step in this process, and say what it cost."""
    begun = os.times()
    STEPS[step](folder)
    cpu = sum(os.times()[:4]) - sum(begun[:4])
    print(f"{cpu:7.1f} s CPU, peak {peak()}")


def peak() -> str:
    """Most memory that this process held, as Linux counts it; elsewhere it is not told."""
    told = Path("/proc/self/status")
    if not told.exists():
        return "unknown"
    held = next(line for line in told.read_text().splitlines() if line.startswith("VmHWM"))
    return f"{int(held.split()[1]) / 1024:,.0f} MB"


def plain_file(folder: Path) -> None:
    """Do what geopandas does with the rows: read the table, write its points as GeoJSON."""
    import geopandas as gpd

    frame = gpd.read_file(folder / "ged.csv")
    points = gpd.points_from_xy(frame["longitude"], frame["latitude"], crs=4326)
    frame = gpd.GeoDataFrame(frame.drop(columns="geometry", errors="ignore"), geometry=points)
    frame.to_file(folder / "plain.geojson", driver="GeoJSON")


STEPS = {
    "geopandas read + to_file": plain_file,
    "import": lambda folder: run(
        "ucdp", folder / "ged.csv", layer="bench", store=LayerStore(folder / "layers"), now=NOW
    ),
    "import again": lambda folder: run(
        "ucdp",
        folder / "ged.csv",
        layer="bench",
        store=LayerStore(folder / "layers"),
        now=NOW + timedelta(days=1),
    ),
    "read": lambda folder: LayerStore(folder / "layers").read("bench"),
}


def written(rows: int, *, first: int = 0) -> bytes:
    """Write rows of UCDP GED spread over Pakistan and thirty years."""
    return csv_bytes(
        [
            {
                **GED,
                "id": str(n),
                "where_prec": str(1 + n % 4),
                "latitude": f"{25 + n * 0.618 % 10:.5f}",
                "longitude": f"{62 + n * 0.387 % 12:.5f}",
                "date_start": f"{1990 + n % 30}-0{1 + n % 9}-15",
                "date_end": f"{1990 + n % 30}-0{1 + n % 9}-16",
            }
            for n in range(first, first + rows)
        ]
    )


if __name__ == "__main__":
    once(sys.argv[1], Path(sys.argv[2]))
