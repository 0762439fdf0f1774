"""How long does a picture take, how much memory, how large are the files?

`python3 run.py bench snapshot [ROWS]`, run by hand. Each step is a process of its own, so that
cold is cold and memory is that of one picture; warm is the second picture of a process.
"""

import json
import resource
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta

ROWS = 100_000
DAY = date(2025, 1, 1)
NOW = datetime(2025, 12, 31, tzinfo=UTC)


def main(rows: int) -> None:
    """Print a table: step, seconds cold and warm, peak memory, size."""
    print(f"{'step':<30} {'cold s':>7} {'warm s':>7} {'peak MB':>8} {'kB':>7}")
    for count, fmt in (
        *((50, fmt) for fmt in ("png", "pdf", "svg", "pptx", "docx", "html")),
        (rows, "png"),
        (rows, "pdf"),
    ):
        answer = subprocess.run(
            [sys.executable, "-m", "tests.bench_snapshot", "step", str(count), fmt],
            check=True,
            capture_output=True,
            text=True,
        )
        cold, warm, peak, size = json.loads(answer.stdout.splitlines()[-1])
        name = f"{fmt.upper()} slide, {count:,} incidents"
        print(f"{name:<30} {cold:7.2f} {warm:7.2f} {peak:8.0f} {size / 1000:7.0f}", flush=True)


def step(count: int, fmt: str) -> None:
    """Draw twice and print seconds, peak memory in MB above the data, and bytes."""
    begun = time.perf_counter()
    from geo.filters import Filter, select
    from geo.snapshot import Brief, frame_for
    from geo.snapshot.make import draw

    imported = time.perf_counter() - begun
    incidents = seeded(count)
    held = peak()
    took = []
    for _ in range(2):
        begun = time.perf_counter()
        query = Filter()
        frame = frame_for(select(incidents, query).matches)
        brief = Brief(
            title="Bench: incidents in Pakistan, 2025",
            query=query,
            selection=select(incidents, query, frame=frame),
            layers=(("bench", "v1"),),
            as_of=NOW,
            frame=frame,
        )
        data = draw(brief, fmt=fmt)
        took.append(time.perf_counter() - begun)
    # of few incidents the data are nothing: what the process needs is what counts
    most = peak() - (held if count > 1_000 else 0)
    print(json.dumps([imported + took[0], took[1], most, len(data)]))


def seeded(count: int) -> list:
    """Spread incidents over Pakistan and a year, half of them clustered, by fixed steps."""
    from geo.incident import Incident, Point, Recorded, Source, Toll

    kinds = ("armed_clash", "explosion", "protest", "air_drone_strike", "arrest")
    recorded = Recorded(first_seen=NOW, updated=NOW)
    source = (Source(publisher="Bench"),)
    made = []
    for n in range(count):
        near = n % 2
        lon = 70.5 + (n * 0.618 % 1) * (1.5 if near else 5) - (0 if near else 4)
        lat = 33.0 + (n * 0.755 % 1) * (1.2 if near else 4) - (0 if near else 5)
        day = DAY + timedelta(days=n * 7 % 365)
        made.append(
            Incident(
                id=f"bench:{n}",
                event_type=kinds[n % 5],
                title=f"Incident {n}",
                start=day,
                end=day,
                precision="exact" if n % 3 else "near",
                point=Point(round(lon, 5), round(lat, 5)),
                place_name=f"Place {n % 97}",
                countries=("PAK",),
                deaths=Toll(n % 4, n % 4, n % 4),
                sources=source,
                licence="CC BY 4.0",
                recorded=recorded,
            )
        )
    return made


def peak() -> float:
    """Peak memory of this process in MB."""
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    if sys.argv[1:2] == ["step"]:
        step(int(sys.argv[2]), sys.argv[3])
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else ROWS)
