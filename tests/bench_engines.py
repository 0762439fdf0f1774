"""What does a query of landed rows cost, and how does that grow with the rows?

`python3 run.py bench engines [ROWS …] [--memory 256MB] [--spark] [--keep FOLDER]`, run by hand.
Rows are those of `tests.bench_map`: seeded, clustered as events are. Each DuckDB query runs in a
process of its own, so that its peak of memory is its own; of three runs the quickest counts.
Spark, local with two threads, keeps one session for all; what it needs to start is told apart.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

from geo.area import BBox, Circle, Polygon
from geo.engines.land import land
from geo.engines.open import opened
from geo.filters import Filter
from geo.incident import Point
from tests.bench_layer import lines
from tests.bench_rows import peak

ROWS = (1_000_000, 10_000_000)
_TURN = np.linspace(0, 2 * np.pi, 61)[:-1]
_RING = [
    (round(66 + (6 + np.cos(5 * t)) * np.cos(t), 4), round(33 + 4 * np.sin(t), 4)) for t in _TURN
]
_PERIOD = {"start": date(2005, 1, 1), "end": date(2015, 12, 31)}
QUERIES = {
    "nothing asked": Filter(),
    "dates, types, countries": Filter(
        **_PERIOD, event_types=("shelling", "talks", "protest"), countries=("AFG", "PAK")
    ),
    "actor, deaths": Filter(actors=("group 7", "Group 8"), deaths_min=10),
    "two words": Filter(text="report 4711"),
    "box": Filter(area=BBox(60, 29, 75, 38)),
    "circle of 500 km": Filter(area=Circle(Point(69, 34), 500)),
    "polygon of 60 corners": Filter(area=Polygon((*_RING, _RING[0]))),
    "all but the actor": Filter(
        **_PERIOD,
        event_types=("shelling", "talks", "protest", "riot", "arrest"),
        countries=("AFG", "PAK"),
        deaths_min=10,
        text="report town",
        area=Polygon((*_RING, _RING[0])),
    ),
}


def main(options: argparse.Namespace) -> None:
    """Print a table for each size and engine."""
    with tempfile.TemporaryDirectory() as fresh:
        for size in options.rows:
            folder = (options.keep or Path(fresh)) / str(size)
            if not folder.exists():
                begun = time.process_time()
                land(lines(size), folder, layer="bench")
                print(f"made and landed in {time.process_time() - begun:,.0f} s CPU")
            held = sum(path.stat().st_size for path in folder.rglob("*.parquet")) / 1e6
            load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
            print(f"{size:,} rows, {held:,.0f} MB; {os.cpu_count()} processors, load {load}")
            print(f"{'':<36}{'ledger':>9}{'CPU':>9}{'1,000 of them':>15}{'matched':>12}")
            if options.spark:
                spark(folder)
                continue
            for name in QUERIES:
                told = ("duckdb", str(folder), name, options.memory or "")
                here = [sys.executable, "-m", "tests.bench_engines", "--one", *told]
                subprocess.run(here, check=True)


def one(folder: str, name: str, memory: str) -> None:
    """Ask DuckDB one query in this process, and say what it cost."""
    with opened(f"duckdb:{folder}", memory=memory or None) as rows:
        runs = [asked(rows, name) for _ in range(3)]
    print(f"duckdb {name:<29}{told(runs)}  peak {peak()}", flush=True)


def spark(folder: Path) -> None:
    """Ask Spark every query in one session."""
    begun = time.perf_counter()
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    machine = jvm(session.sparkContext._gateway.proc.pid)

    def clock() -> float:
        # name of the program, which may hold anything, ends with the last bracket
        fields = (machine / "stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    with opened(f"spark:{folder}") as rows:
        print(f"spark  session and schema: {time.perf_counter() - begun:.1f} s")
        first = asked(rows, "nothing asked", clock)
        print(f"spark  first query: {first[0]:.1f} s, {first[1]:.1f} s CPU")
        for name in QUERIES:
            runs = [asked(rows, name, clock) for _ in range(2)]
            print(f"spark  {name:<29}{told(runs)}", flush=True)
    held = next(t for t in (machine / "status").read_text().splitlines() if "VmHWM" in t)
    print(f"spark  peak of the JVM {int(held.split()[1]) / 1024:,.0f} MB")
    session.stop()


def jvm(pid: int) -> Path:
    """Where Linux tells of the JVM that a launcher started or became."""
    for folder in Path("/proc").glob("[0-9]*"):
        lines = (folder / "status").read_text(errors="replace").splitlines()
        fields = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        if fields["Name"] == "java" and str(pid) in (fields["PPid"], fields["Pid"]):
            return folder
    msg = "no JVM was found, or this is not Linux"
    raise SystemExit(msg)


def asked(
    rows, name: str, clock: Callable[[], float] = time.process_time
) -> tuple[float, float, float, int]:
    """Seconds and CPU of the ledger, seconds of the first thousand matches, and how many match."""
    from geo.engines.ledger import Asked

    begun, worked = time.perf_counter(), clock()
    query = Asked(rows, QUERIES[name])
    account = query.account()
    took, cpu = time.perf_counter() - begun, clock() - worked
    begun = time.perf_counter()
    for _ in query.matches(1_000):
        pass
    return took, cpu, time.perf_counter() - begun, account.ledger.matched


def told(runs: list[tuple[float, float, float, int]]) -> str:
    """Write the quickest of some runs in one line."""
    took, cpu, page = (min(run[part] for run in runs) for part in range(3))
    return f"{took:7.2f} s{cpu:7.2f} s{page:13.2f} s{runs[0][3]:12,}"


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("rows", type=int, nargs="*", default=ROWS)
    wanted.add_argument("--memory", help="what DuckDB may hold, such as 256MB")
    wanted.add_argument("--spark", action="store_true", help="ask Spark instead of DuckDB")
    wanted.add_argument("--keep", type=Path, help="where made rows are kept for the next time")
    wanted.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    given = wanted.parse_args()
    if given.one:
        one(*given.one[1:])
    else:
        main(given)
