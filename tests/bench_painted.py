"""When is a page of the browser benchmark painted, and what did the browser receive for it?

Each measure runs in the page: it acts, waits for the first frame that finds what is shown changed,
which puts it on the screen, and for the next, which comes when that is done.
A map that moved is painted when its canvas lies over the new view and was painted from an answer
that shows it, with the cells of its zoom; what was painted for another view counts for nothing.
"""

from __future__ import annotations

import random
import statistics
import time
from typing import Any

from playwright.sync_api import Page

# nobody waits for longer: a map that does not answer by then is cut off
LONGEST_MS = 30_000
# and a page is opened but once, so that more patience tells how long its clicks take
OPENING_MS = 120_000
_MOVES = 20
# groups to click on, from the address on: no filter that was answered before
_SLOWLY = (4, 6, 3)
_AFTER_MS = 300
# what the map asks and tells by itself is over
_RESTED_MS = 3_000
# what is on the screen now; null while it is being made
_SHOWN = """
const frames = () => [...document.querySelectorAll("iframe")].map(one => one.contentWindow);
const atlas = () => {
  for (const one of frames()) {
    if (one && one.L && one.L.atlas && one.L.atlas.layer) return one.L.atlas.layer;
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
READY = "kind => {" + _SHOWN + "return shown() !== null; }"
# whether a Folium map has a marker, or anything at all on its canvas
_DRAWN = (
    """() => { const kind = "folium";"""
    + _SHOWN
    + """
  const inked = canvas => canvas.getContext("2d")
    .getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
  return frames().some(one => one && one.L && (one.document.querySelector(".leaflet-marker-icon")
    || [...one.document.querySelectorAll("canvas")].some(inked)));
}"""
)
_CLICK = (
    """async ([kind, at, longest]) => {"""
    + _SHOWN
    + """
  const button = document.querySelectorAll(".st-key-groups button")[at], before = shown();
  const app = document.querySelector("[data-testid=stApp]").dataset, begun = performance.now();
  button.click();
  for (;;) {
    await frame();
    const now = shown();
    if (performance.now() - begun > longest) return null;
    if (now !== null && now !== before) break;
  }
  await frame();
  const painted = performance.now() - begun;
  while (app.testScriptState !== "notRunning") {
    await frame();
    if (performance.now() - begun > 2 * longest) throw new Error("the page came to no end");
  }
  return [painted, performance.now() - begun];
}"""
)
# the run of the page before is over, and there is something to click on
_IDLE = """() => document.querySelector(".st-key-groups button")
  && document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning" """
# moves or zooms the map, moves the first day to a share of all bars, or steps the days on
_MOVE = (
    """async ([dx, dy, zoom, share, longest]) => { const kind = "atlas";"""
    + _SHOWN
    + """
  const layer = atlas(), map = layer._map, before = layer._data, begun = performance.now();
  const { L } = frames().find(one => one.L && one.L.atlas && one.L.atlas.layer === layer);
  if (zoom) map.setZoom(map.getZoom() + zoom, { animate: false });
  else if (dx || dy) map.panBy([dx, dy], { animate: false });
  else if (share !== null) {
    const handle = map.getContainer().querySelector(".atlas-days [aria-label='First day']");
    handle.value = Math.round(share * handle.max);
    handle.dispatchEvent(new Event("input"));
  }
  else map.getContainer().querySelector(".atlas-days [aria-label='Step on']").click();
  const painted = () => layer._data && !layer.isAsking()
    && (zoom || dx || dy || layer._data !== before)
    && L.atlasShows(layer._data, L.atlasView(map)) && layer._painted.zoom === map.getZoom()
    && layer._painted.corner.equals(map.containerPointToLatLng([0, 0]));
  do {
    await frame();
    if (performance.now() - begun > longest) throw new Error("the map painted nothing");
  } while (!painted());
  await frame();
  return performance.now() - begun;
}"""
)
_PANS = [(300, 0, 0), (0, 0, 1), (-200, 150, 0), (0, 0, 1), (250, -100, 0), (0, 0, -1), (0, 0, -1)]
_MOVES_OF = {
    "moves": [(*pan, None) for pan in _PANS],
    "days": [(0, 0, 0, None)],
    # as nobody drags, so that no answer is at hand: never where it was, nor on as before
    "jumps": [(0, 0, 0, at / 22) for at in random.Random(1).sample(range(1, 21), _MOVES)],
}
_ALL_DAYS = (
    """() => { const kind = "atlas";"""
    + _SHOWN
    + """
  const container = atlas()._map.getContainer();
  const buttons = [...container.querySelectorAll(".atlas-days button")];
  buttons.find(one => one.textContent === "All days").click();
}"""
)


def clicked(page: Page, kind: str, at: int) -> tuple[float, float] | None:
    """Click on a filter; milliseconds until the map is painted, and until the whole page is there.

    None where the former takes too long.
    """
    page.wait_for_function(_IDLE, timeout=OPENING_MS)
    took = page.evaluate(_CLICK, [kind, at, LONGEST_MS])
    return None if took is None else (float(took[0]), float(took[1]))


def drawn(page: Page) -> bool:
    """Whether a Folium map shows anything: one that fails is quick."""
    return bool(page.evaluate(_DRAWN))


def moved(page: Page, sent: dict[str, int]) -> dict[str, list[float]]:
    """Pan and zoom, step the days on, let them jump: ms until painted, kilobytes of each view."""
    found: dict[str, list[float]] = {}
    for name, steps in _MOVES_OF.items():
        took, kilobytes = [], []
        page.evaluate(_ALL_DAYS)
        page.wait_for_timeout(_RESTED_MS)
        for turn in range(_MOVES):
            before = sent["views"]
            took.append(page.evaluate(_MOVE, [*steps[turn % len(steps)], LONGEST_MS]))
            page.wait_for_timeout(_AFTER_MS)
            kilobytes.append((sent["views"] - before) / 1000)
        found |= {name: took, f"{name}_kilobytes": kilobytes}
    return found


def throttled(page: Page, address: str) -> dict[str, float]:
    """First paint and a click with the browser's processor four times slower."""
    wire = page.context.new_cdp_session(page)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    first = visited(page, "atlas", address)
    page.wait_for_timeout(3_000)
    clicks = []
    for at in _SLOWLY:
        took = clicked(page, "atlas", at)
        clicks.append(took[0] if took else LONGEST_MS)
        page.wait_for_timeout(1_000)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return {"first": first, "click": statistics.median(clicks)}


def visited(page: Page, kind: str, address: str) -> float:
    """Go to a page; seconds until it is painted."""
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function(READY, arg=kind, timeout=OPENING_MS, polling=20)
    return time.perf_counter() - begun


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
