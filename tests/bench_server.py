"""How do views answer while others work, and what do twenty visitors cost in ten minutes?

`python3 run.py bench map busy [ROWS [FOLDER]]` measures views of one visitor alone, then while a
second makes pictures without a pause and a third imports 350,000 rows. `bench map sessions
[MINUTES [ROWS [FOLDER]]]` lets twenty visitors pan at once. Both ask the real server over
keep-alive connections; FOLDER keeps the layer for the next time. Whoever asks and whoever
disturbs are processes of their own.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from geo.incoming.job import Job
from geo.incoming.order import Order
from tests.bench_layer import write_layer
from tests.browser.driving import ROOT, serve
from tests.streamlit_session import Session

DEMO = "afghanistan-pakistan-2025"
_FILTERS = ("", "from=2001-01-01&to=2009-12-31", "type=shelling&type=armed_clash")


def busy(rows: int = 1_000_000, folder: Path | None = None) -> None:
    """Print milliseconds of views: alone, and beside two busy neighbours."""
    with _served(rows, folder) as (url, layers):
        with Session(url) as visitor:
            token = visitor.token(f"layer=bench&{_FILTERS[1]}")
        _panned(url, [token], count=60, seed=1)
        _told("alone", _panned(url, [token], count=400, seed=2))
        with _neighbour("picture", url), _neighbour("import", str(layers)):
            time.sleep(8)
            _told("beside a picture and an import", _panned(url, [token], seconds=40, seed=3))
        with _neighbour("picture", url):
            time.sleep(5)
            _told("beside a picture", _panned(url, [token], seconds=20, seed=4))
        with _neighbour("explore", url):
            time.sleep(5)
            _told("beside new filters", _panned(url, [token], seconds=20, seed=5))


def sessions(
    minutes: float = 10, rows: int = 1_000_000, folder: Path | None = None, visitors: int = 20
) -> None:
    """Print what visitors who pan at once wait, what fails, and how memory grows."""
    with _served(rows, folder) as (url, _):
        took: list[list[float]] = [[] for _ in range(visitors)]
        failed: list[str] = []
        tokens = []
        for number in range(visitors):
            with Session(url) as visitor:
                tokens.append(visitor.token(f"layer=bench&{_FILTERS[number % len(_FILTERS)]}"))
        grown = [_memory()]

        def visit(number: int) -> None:
            # a look a second, as somebody pans
            until = time.monotonic() + minutes * 60
            try:
                took[number] += _panned(
                    url, [tokens[number]], seconds=until - time.monotonic(), seed=number, pause=0.8
                )
            except (OSError, AssertionError, http.client.HTTPException) as error:
                failed.append(repr(error))

        threads = [threading.Thread(target=visit, args=(n,)) for n in range(visitors)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(min(60, minutes * 6))
            grown.append(_memory())
        for thread in threads:
            thread.join()
        _told(f"{visitors} visitors, {minutes:g} min", [ms for of in took for ms in of])
        print(f"failed: {len(failed)} {failed[:1]}")
        for name in grown[0]:
            print(f"memory of {name}, a look a minute: {[look.get(name) for look in grown]} MB")


def _told(what: str, took: list[float]) -> None:
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    p50, p95, p99 = np.percentile(took, (50, 95, 99)) if took else (0, 0, 0)
    print(
        f"{what:<34} {len(took):>6} views  p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f}"
        f"  max {max(took, default=0):7.1f} ms  load {load}",
        flush=True,
    )


def _panned(
    url: str,
    tokens: list[str],
    *,
    seed: int,
    count: int = sys.maxsize,
    seconds: float = 3_600,
    pause: float = 0.02,
) -> list[float]:
    """Milliseconds of one view after the other, on one connection that is kept."""
    chance = np.random.default_rng(seed)
    host = urlsplit(url)
    line = http.client.HTTPConnection(host.hostname or "", host.port, timeout=60)
    took: list[float] = []
    until = time.monotonic() + seconds
    while len(took) < count and time.monotonic() < until:
        zoom = int(chance.choice((3, 5, 7, 9)))
        wide, high = 1366 * 360 / 256 / 2**zoom, 500 * 180 / 256 / 2**zoom
        west, south = chance.uniform(-20, 100), chance.uniform(-20, 45)
        box = f"{west:.4f},{south:.4f},{min(west + wide, 179):.4f},{min(south + high, 84):.4f}"
        asked = f"{host.path}/atlas/incidents/{chance.choice(tokens)}?bbox={box}&zoom={zoom}"
        begun = time.perf_counter()
        line.request("GET", asked, headers={"Accept-Encoding": "gzip"})
        answer = line.getresponse()
        body = answer.read()
        took.append((time.perf_counter() - begun) * 1000)
        assert answer.status == 200, (answer.status, body[:200])
        time.sleep(pause)
    line.close()
    return took


@contextlib.contextmanager
def _served(rows: int, folder: Path | None):
    with tempfile.TemporaryDirectory() as temporary:
        place = folder or Path(temporary)
        layers = place / "layers"
        if not (layers / "bench.geojson").exists():
            write_layer(layers, rows)
        shutil.copy(ROOT / "layers" / f"{DEMO}.geojson", layers)
        with serve(layers, GEO_CACHE=str(place / "cache")) as url:
            yield url, layers


@contextlib.contextmanager
def _neighbour(kind: str, of: str):
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench_server", kind, of],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            yield
        finally:
            assert process.stdin
            process.stdin.close()
            assert process.stdout
            print(f"    {kind}: {process.stdout.read().decode().strip()}", flush=True)


def _until_told(work) -> None:
    """Do a work again and again until the input ends, and print how often."""
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    done, begun = 0, time.monotonic()
    while not over.is_set():
        work(done)
        done += 1
    print(json.dumps({"done": done, "seconds": round(time.monotonic() - begun)}))


def _picture(url: str, number: int) -> None:
    with Session(url) as visitor:
        visitor.run("brief", f"layer={DEMO}&deaths-min={number % 40}&text={number}")


def _explore(url: str, number: int) -> None:
    with Session(url) as visitor:
        visitor.token(f"layer=bench&from=19{95 - number % 9}-01-{number % 28 + 1:02}")


def _import(_layers: str, number: int) -> None:
    from tests.bench_rows import written

    with tempfile.TemporaryDirectory() as name:
        table = Path(name) / "ged.csv"
        with table.open("wb") as file:
            head, *_ = written(1).splitlines(keepends=True)
            file.write(head)
            for first in range(0, 350_000, 10_000):
                file.write(written(10_000, first=first).split(head, 1)[1])
        order = Order(
            work="write",
            source="ucdp",
            layers=Path(name) / f"layers{number}",
            now=datetime.now(tz=UTC).replace(microsecond=0),
            path=table,
            layer="beside",
        )
        job = Job(order)
        while not job.wait(1):
            pass
        assert job.done, job.error


def _memory() -> dict[str, int]:
    """Resident megabytes of the server's processes, by what they run."""
    found: dict[str, int] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            words = (status.parent / "cmdline").read_bytes().split(b"\0")
            parent = next(x for x in status.read_text().splitlines() if x.startswith("PPid"))
            if _descends(int(parent.split()[1])) and words[0]:
                held = next(x for x in status.read_text().splitlines() if x.startswith("VmRSS"))
                name = " ".join(w.decode() for w in words[1:4])
                found[name] = found.get(name, 0) + int(held.split()[1]) // 1024
    return found


def _descends(pid: int) -> bool:
    while pid > 1:
        if pid == os.getpid():
            return True
        try:
            told = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return False
        pid = int(next(x for x in told.splitlines() if x.startswith("PPid")).split()[1])
    return False


def main(verb: str, told: list[str]) -> None:
    """Take one of the two measures, as it was told in the command."""
    minutes = [float(told.pop(0))] if verb == "sessions" and told else []
    rows = [int(told.pop(0))] if told else []
    folder = Path(told.pop(0)) if told else None
    if verb == "busy":
        busy(*rows, folder=folder)
    else:
        sessions(*(minutes or [10.0]), *rows, folder=folder)


if __name__ == "__main__":
    kind, of = sys.argv[1:]
    work = {"picture": _picture, "explore": _explore, "import": _import}[kind]
    _until_told(lambda number: work(of, number))
