"""How long from a click on a filter until the map is painted, beside the usual ways to draw one?

`python3 run.py bench browser [--rows N …] [--maps NAME …] [--turns N] [--readme]`, run by hand on a
machine that does nothing else; all sizes take some twenty minutes and 8 GB of disk. The real app
runs in Chromium over seeded layers (`tests.bench_layer`); for the other maps the same page runs
with another map in the same place (`tests.bench_maps`), so filter, ledger, table and panel cost all
of them alike. *Floor* is the page without any map, until its run is over; a map may be painted
before that, as ours is, which hears of a filter ahead of its page. A map that is not painted within
half a minute is cut off, and said to be; larger sizes are then not tried with it. pydeck draws with
WebGL in software here, so its milliseconds are an upper bound. Opening a page may take two minutes:
a map that takes longer was never clicked on, and no ratio is told of it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Error, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.bench_chart import write_readme
from tests.bench_layer import NAME, write_layer
from tests.bench_painted import (
    LONGEST_MS,
    OPENING_MS,
    clicked,
    counted,
    drawn,
    moved,
    throttled,
    visited,
)
from tests.browser.conftest import FLAGS
from tests.browser.driving import ROOT, serve

ROWS = (1_000, 10_000, 100_000, 350_000, 1_000_000, 5_000_000)
MAPS = ("floor", "atlas", "GeoJson", "MarkerCluster", "FastMarkerCluster", "pydeck")
# of a slow map fewer clicks are measured
_CLICKING_MS = 40_000
# the address asks for five of seven groups; each click takes one away or adds one, so that no
# filter comes twice and 67 to 83 % of all incidents match, three quarters in the mean
_QUERY = f"?layer={NAME}&" + "&".join(
    f"type={group}" for group in ("combat", "explosive", "civilians", "control", "diplomacy")
)
_CLICKS = (0, 6, 2, 3, 6, 0, 3, 6, 1, 2)
# what the other maps get as Streamlit comes, but for its limit, which large ones would break
_PLAIN = {
    "STREAMLIT_SERVER_ENABLE_WEBSOCKET_COMPRESSION": "false",
    "STREAMLIT_SERVER_MAX_MESSAGE_SIZE": "2000",
}
_SOFTWARE_GL = ("--enable-unsafe-swiftshader", "--use-gl=angle", "--use-angle=swiftshader")
_COUNT_DRAWS = """if (window === window.top && window.WebGL2RenderingContext) {
  for (const name of ["drawArraysInstanced", "drawElementsInstanced"]) {
    const draw = WebGL2RenderingContext.prototype[name];
    WebGL2RenderingContext.prototype[name] = function (...given) {
      window.benchDrawn = given[given.length - 1];
      return draw.apply(this, given);
    };
  }
}"""


def main(rows: list[int], maps: list[str], turns: int, out: Path | None = None) -> dict[str, Any]:
    """Measure each map at each size, print a line for each, and answer with all of it."""
    found: dict[str, Any] = {"machine": machine(), "layers": {}, "maps": {n: {} for n in maps}}
    print(f"{found['machine']}\n{'map':<18} {'rows':>9}  first s  click ms  n  kB a click  × floor")
    given_up: set[str] = set()
    for size in rows:
        with tempfile.TemporaryDirectory() as folder:
            layers, cache = Path(folder) / "layers", Path(folder) / "cache"
            write_layer(layers, size)
            found["layers"][size] = opened = opened_once(layers, cache)
            print(
                f"{'opened once':<18} {size:>9,}  {opened['seconds']:7.2f}"
                f"   {opened['cpu']:.1f} s of processor time, peak {opened['peak']};"
                f" derived {opened['bytes']:.0f} bytes an incident beside a line of"
                f" {opened['line']:.0f}",
                flush=True,
            )
            for name in maps:
                if name not in given_up:
                    found["maps"][name][size] = one = measured(name, layers, cache, turns)
                    print(told(name, size, one, found["maps"].get("floor", {})), flush=True)
                    given_up |= {name} if one["clicks"] is None else set()
        if out:
            out.write_text(json.dumps(found, indent=1))
    return found


def machine() -> str:
    """Say on what was measured."""
    return f"{platform.system()}, {os.cpu_count()} processors, Python {platform.python_version()}"


def opened_once(layers: Path, cache: Path) -> dict[str, Any]:
    """Open the layer for the first time, in a process of its own, and say what that cost."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench_layer", str(layers)],
        cwd=ROOT,
        env={**os.environ, "GEO_CACHE": str(cache)},
        check=True,
        capture_output=True,
    )
    return dict(json.loads(told.stdout))


def measured(name: str, layers: Path, cache: Path, turns: int) -> dict[str, Any]:
    """Open the page with one map and click; times in milliseconds, None where it took too long."""
    kind = name if name in ("atlas", "floor", "pydeck") else "folium"
    one: dict[str, Any] = {"first": None, "clicks": None, "kilobytes": None, "failed": None}
    environment = {"GEO_BENCH_MAP": name, "GEO_CACHE": str(cache)}
    environment |= {} if name in ("atlas", "floor") else _PLAIN
    with serve(layers, app="tests/bench_app.py", **environment) as url, browser(kind) as page:
        try:
            # the first visit maps the columns; what is measured is a visit after it
            for _ in range(2):
                one["first"] = visited(page, kind, f"{url}/{_QUERY}")
            page.wait_for_timeout(1_500)
            if kind == "folium" and not drawn(page):
                one["failed"] = "it drew nothing"
                return one
            sent = counted(page)
            clicks: list[tuple[float, float, float]] = []
            for group in _CLICKS[:turns]:
                if sum(ms for ms, *_ in clicks) > _CLICKING_MS:
                    break
                before = sum(sent.values())
                took = clicked(page, kind, group)
                if took is None:
                    return one
                page.wait_for_timeout(400)
                clicks.append((*took, (sum(sent.values()) - before) / 1000))
            one["clicks"], one["pages"], kilobytes = map(list, zip(*clicks, strict=True))
            one["kilobytes"] = statistics.median(kilobytes)
            if kind == "atlas":
                one |= moved(page, sent) | {"slow": throttled(page, f"{url}/{_QUERY}")}
        except PlaywrightTimeout:
            one["failed"] = f"not opened within {OPENING_MS // 1000} s"
        except Error as error:
            one["failed"] = str(error).splitlines()[0][:120]
    return one


@contextmanager
def browser(kind: str) -> Iterator[Page]:
    """Open one window."""
    flags = [f for f in FLAGS if kind != "pydeck" or f != "--disable-gpu"]
    flags += _SOFTWARE_GL if kind == "pydeck" else ()
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(
            executable_path=path, args=[*flags, "--js-flags=--max-old-space-size=8192"]
        )
        page = window.new_page(viewport={"width": 1366, "height": 768})
        page.add_init_script(_COUNT_DRAWS)
        yield page
        window.close()


def told(name: str, size: int, one: dict[str, Any], floor: dict[int, dict[str, Any]]) -> str:
    """Write one line of the table."""
    if one["failed"]:
        return f"{name:<18} {size:>9,}  failed: {one['failed']}"
    if one["clicks"] is None:
        return f"{name:<18} {size:>9,}  cut off: not painted within {LONGEST_MS // 1000} s"
    median = statistics.median(one["clicks"])
    line = f"{name:<18} {size:>9,}  {one['first']:7.2f}  {median:8.0f}"
    line += f"  {len(one['clicks']):>2}  {one['kilobytes']:9,.0f}"
    if floor.get(size, {}).get("clicks"):
        line += f"  {median / statistics.median(floor[size]['clicks']):7.2f}"
    if "moves" in one:
        line += f"\n{'':<18} the whole page {statistics.median(one['pages']):.0f} ms"
        for what in ("moves", "days", "jumps"):
            p50, p95 = np.percentile(one[what], (50, 95))
            most = max(one[f"{what}_kilobytes"])
            line += f"\n{'':<18} {what} {p50:.0f}/{p95:.0f} ms (p50/p95), a view ≤ {most:.0f} kB"
        line += f"\n{'':<18} at a quarter of the speed first {one['slow']['first']:.1f} s,"
        line += f" click {one['slow']['click']:.0f} ms"
    return line


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=list(ROWS))
    parser.add_argument("--maps", nargs="+", choices=MAPS, default=list(MAPS))
    parser.add_argument(
        "--turns", type=int, default=len(_CLICKS), choices=range(1, len(_CLICKS) + 1)
    )
    parser.add_argument("--readme", action="store_true", help="write table and chart")
    parser.add_argument("--out", type=Path, help="write figures as JSON after each size")
    asked = parser.parse_args()
    figures = main(asked.rows, asked.maps, asked.turns, asked.out)
    if asked.readme:
        write_readme(figures)
