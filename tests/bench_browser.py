"""How long from a click on a filter until the map is painted, beside the usual ways to draw one?

`python3 run.py bench browser [--rows N …] [--maps NAME …] [--turns N] [--readme]`, run by hand on a
machine that does nothing else. The real app runs in Chromium over seeded layers; for the other maps
the same page runs with another map in the same place (`tests.bench_maps`), so filter, ledger, table
and panel cost all of them alike. *Floor* is the page without any map, until its run is over. A map
that takes longer than a minute is ended and said to; the next size is then not tried with it.
pydeck draws with WebGL in software here, so its milliseconds are an upper bound.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page, sync_playwright

from geo.layerfile import LayerMeta, write_head, write_lines
from tests.bench_chart import write_readme
from tests.bench_map import lines
from tests.browser.conftest import FLAGS
from tests.browser.driving import serve

ROWS = (1_000, 10_000, 100_000, 350_000, 1_000_000)
MAPS = ("floor", "atlas", "GeoJson", "MarkerCluster", "FastMarkerCluster", "pydeck")
_LONGEST_MS = 60_000
_PANS = 12
# the address asks for all groups but one, so that each click leaves most incidents
_QUERY = "?layer=bench&" + "&".join(
    f"type={group}" for group in ("combat", "explosive", "civilians", "unrest", "control")
)
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
# what is on the screen now; null while it is being made
_SHOWN = """
const atlas = () => {
  for (const frame of document.querySelectorAll("iframe")) {
    const leaflet = frame.contentWindow && frame.contentWindow.L;
    if (leaflet && leaflet.atlas && leaflet.atlas.layer) return leaflet.atlas.layer;
  }
  return null;
};
const frame = () => new Promise(done => requestAnimationFrame(done));
const shown = {
  atlas: () => {
    const layer = atlas();
    return layer && layer._data && layer._shown === layer._token ? layer._token : null;
  },
  floor: () => {
    const all = [...document.querySelectorAll("[data-testid=stCaptionContainer]")];
    const own = all.find(one => one.innerText.startsWith("bench "));
    const app = document.querySelector("[data-testid=stApp]");
    return own && app.dataset.testScriptState === "notRunning" ? own.innerText : null;
  },
  pydeck: () => window.benchDrawn > 1 ? window.benchDrawn : null,
  folium: () => window.benchPainted ?? null,
}[kind];
"""
_CLICK = (
    """async ([kind, at, longest]) => {"""
    + _SHOWN
    + """
  const button = document.querySelectorAll(".st-key-groups button")[at], before = shown();
  const begun = performance.now();
  button.click();
  for (;;) {
    await frame();
    const now = shown();
    if (now !== null && now !== before) break;
    if (performance.now() - begun > longest) return -1;
  }
  await frame(); await frame();
  return performance.now() - begun;
}"""
)
_READY = "kind => {" + _SHOWN + "return shown() !== null; }"
_MOVE = (
    """async ([dx, dy, zoom]) => { const kind = "atlas";"""
    + _SHOWN
    + """
  const layer = atlas(), map = layer._map, before = layer._data, begun = performance.now();
  if (zoom) map.setZoom(map.getZoom() + zoom, { animate: false });
  else map.panBy([dx, dy], { animate: false });
  while (!layer._data.whole && layer._data === before) {
    await frame();
    if (performance.now() - begun > 10000) return -1;
  }
  await frame(); await frame();
  return performance.now() - begun;
}"""
)


def main(rows: list[int], maps: list[str], turns: int) -> dict[str, Any]:
    """Measure each map at each size, print a line for each, and answer with all of it."""
    found: dict[str, Any] = {"machine": machine(), "maps": {name: {} for name in maps}}
    print(f"{found['machine']}\nmap                     rows  first s  click ms  n  kB a click")
    with tempfile.TemporaryDirectory() as folder:
        given_up: set[str] = set()
        for size in rows:
            layers = layer_of(size, Path(folder) / str(size))
            for name in maps:
                if name in given_up:
                    continue
                one = measured(name, layers, Path(folder) / "cache", turns)
                found["maps"][name][size] = one
                print(told(name, size, one), flush=True)
                if one["clicks"] is None:
                    given_up.add(name)
            shutil.rmtree(layers)
    return found


def machine() -> str:
    """Say on what was measured."""
    return f"{platform.system()}, {os.cpu_count()} processors, Python {platform.python_version()}"


def layer_of(size: int, folder: Path) -> Path:
    """Write a layer of so many incidents into a folder of its own."""
    folder.mkdir()
    with (folder / "bench.geojson").open("wb") as file:
        file.write(write_head(LayerMeta()))
        file.writelines(write_lines(lines(size)))
    return folder


def measured(name: str, layers: Path, cache: Path, turns: int) -> dict[str, Any]:
    """Open the page with one map and click; times in milliseconds, None where it took too long."""
    kind = name if name in ("atlas", "floor", "pydeck") else "folium"
    one: dict[str, Any] = {"first": None, "clicks": None, "kilobytes": None, "moves": []}
    environment = {"GEO_BENCH_MAP": name, "GEO_CACHE": str(cache)}
    with serve(layers, app="tests/bench_app.py", **environment) as url, browser(kind) as page:
        try:
            # the first visit derives the index; what is measured is a visit after it
            for _ in range(2):
                begun = time.perf_counter()
                page.goto(f"{url}/{_QUERY}", wait_until="commit")
                page.wait_for_function(_READY, arg=kind, timeout=3 * _LONGEST_MS, polling=20)
                one["first"] = time.perf_counter() - begun
            page.wait_for_timeout(1_500)
            sent = counted(page)
            clicks = []
            for turn in range(turns):
                before = sum(sent.values())
                took = page.evaluate(_CLICK, [kind, turn % 5, _LONGEST_MS])
                if took < 0:
                    return one
                page.wait_for_timeout(400)
                clicks.append((took, (sum(sent.values()) - before) / 1000))
                if sum(ms for ms, _ in clicks) > 2 * _LONGEST_MS:
                    break
            one["clicks"] = [ms for ms, _ in clicks]
            one["kilobytes"] = statistics.median(kb for _, kb in clicks)
            if kind == "atlas":
                one |= moved(page, sent) | {"slow": throttled(page, url)}
        except Error as error:
            print(f"{name}: {str(error).splitlines()[0][:120]}", file=sys.stderr)
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


def counted(page: Page) -> dict[str, int]:
    """Count what the browser receives from here on, in bytes as they travel."""
    sent = {"socket": 0, "http": 0, "views": 0}
    asked: set[str] = set()
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")

    def take(event: dict[str, Any]) -> None:
        said = event["response"]
        length = len(said["payloadData"])
        sent["socket"] += length * 3 // 4 if said.get("opcode") == 2 else length

    def ask(event: dict[str, Any]) -> None:
        if "/atlas/incidents/" in event["request"]["url"]:
            asked.add(event["requestId"])

    def end(event: dict[str, Any]) -> None:
        sent["views" if event["requestId"] in asked else "http"] += int(event["encodedDataLength"])

    wire.on("Network.webSocketFrameReceived", take)
    wire.on("Network.requestWillBeSent", ask)
    wire.on("Network.loadingFinished", end)
    return sent


def moved(page: Page, sent: dict[str, int]) -> dict[str, Any]:
    """Pan and zoom; milliseconds until painted, and the kilobytes of each view."""
    took, kilobytes = [], []
    steps = [(300, 0, 0), (0, 0, 1), (-200, 150, 0), (0, 0, 1), (250, -100, 0), (0, 0, -1)]
    for turn in range(_PANS):
        before = sent["views"]
        took.append(page.evaluate(_MOVE, list(steps[turn % len(steps)])))
        page.wait_for_timeout(500)
        kilobytes.append((sent["views"] - before) / 1000)
    return {"moves": took, "view_kilobytes": kilobytes}


def throttled(page: Page, url: str) -> dict[str, float]:
    """First paint and a click with the browser's processor four times slower."""
    wire = page.context.new_cdp_session(page)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    begun = time.perf_counter()
    page.goto(f"{url}/{_QUERY}", wait_until="commit")
    page.wait_for_function(_READY, arg="atlas", timeout=3 * _LONGEST_MS, polling=20)
    first = time.perf_counter() - begun
    page.wait_for_timeout(3_000)
    clicks = []
    for at in range(3):
        clicks.append(page.evaluate(_CLICK, ["atlas", at, _LONGEST_MS]))
        page.wait_for_timeout(1_000)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return {"first": first, "click": statistics.median(clicks)}


def told(name: str, size: int, one: dict[str, Any]) -> str:
    """Write one line of the table."""
    if one["clicks"] is None:
        return f"{name:<18} {size:>9,}  not within a minute"
    line = f"{name:<18} {size:>9,}  {one['first']:7.2f}  {statistics.median(one['clicks']):8.0f}"
    line += f"  {len(one['clicks'])}  {one['kilobytes']:8.0f}"
    if one["moves"]:
        p95 = sorted(one["moves"])[int(0.95 * (len(one["moves"]) - 1))]
        line += f"   move {statistics.median(one['moves']):.0f}/{p95:.0f} ms"
        line += f", {max(one['view_kilobytes']):.0f} kB; at a quarter of the speed first"
        line += f" {one['slow']['first']:.1f} s, click {one['slow']['click']:.0f} ms"
    return line


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=list(ROWS))
    parser.add_argument("--maps", nargs="+", choices=MAPS, default=list(MAPS))
    parser.add_argument("--turns", type=int, default=10)
    parser.add_argument("--readme", action="store_true", help="write table and chart")
    parser.add_argument("--out", type=Path, help="write all figures as JSON")
    asked = parser.parse_args()
    figures = main(asked.rows, asked.maps, asked.turns)
    if asked.out:
        asked.out.write_text(json.dumps(figures, indent=1))
    if asked.readme:
        write_readme(figures)
