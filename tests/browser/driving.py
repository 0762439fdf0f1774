"""How is the real app started and driven? Streamlit in a process of its own, Chromium headless."""

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import requests

ROOT = Path(__file__).resolve().parents[2]
LOCAL = {"localhost", "127.0.0.1"}


@dataclass
class Visit:
    """One window on the app, and everything it asked for or complained about."""

    page: object
    url: str
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, query=""):
        """Go to the first page and wait until it has run."""
        self.page.goto(f"{self.url}/{query}")
        self.page.wait_for_selector('[data-testid="stAppViewContainer"] h1, iframe, table')
        return self.settle()

    def settle(self):
        """Wait until the page has not been running for a while."""
        self.page.wait_for_timeout(300)
        # how long it was still before says nothing
        self.page.evaluate("window.stillSince = 0")
        self.page.wait_for_function(
            """() => {
                const app = document.querySelector('[data-testid=stApp]');
                const still = app && app.dataset.testScriptState === 'notRunning';
                window.stillSince = still ? window.stillSince || Date.now() : 0;
                return still && Date.now() - window.stillSince > 500;
            }"""
        )
        return self

    @property
    def map(self):
        """The frame of the map, once it holds a view."""
        self.page.wait_for_selector('iframe[title="streamlit_folium.st_folium"]')
        for _ in range(100):
            for frame in self.page.frames:
                if "streamlit_folium" in frame.url and frame.evaluate(
                    """Boolean(window.L && L.atlas && L.atlas.layer && L.atlas.layer._data
                        && L.atlas.layer._shown === L.atlas.layer._token)"""
                ):
                    return frame
            self.page.wait_for_timeout(100)
        msg = "the map painted nothing within 10 s"
        raise AssertionError(msg)

    def drawn(self):
        """How many incidents the map draws from, in this view or beside it."""
        return self.map.evaluate(
            "L.atlas.layer._data.matched ?? L.atlas.layer._data.incidents.row.length"
        )

    def view(self):
        """Where the map looks: centre and zoom."""
        return self.map.evaluate(
            """(() => {
                const map = L.atlas.layer._map, centre = map.getCenter();
                return [centre.lat, centre.lng, map.getZoom()];
            })()"""
        )

    def ledger(self):
        """The sentence above the map."""
        line = self.page.locator('[data-testid="stMarkdown"]', has_text="incidents match").first
        return re.sub(r"\s+", " ", line.inner_text())

    def rows(self):
        """How many rows the table has, its header left out."""
        table = self.page.locator("canvas[data-testid=data-grid-canvas]").first
        return int(table.locator("table").get_attribute("aria-rowcount")) - 1

    def soon(self, read, expected):
        """Read until it is as expected, for 10 s: table and chart are drawn after the page."""
        for _ in range(100):
            found = read()
            if found == expected:
                break
            self.page.wait_for_timeout(100)
        return found

    def choose_date(self, label, day):
        """Type a day (YYYY-MM-DD) into a date field, part after part."""
        parts = self.page.get_by_role("group", name=label, exact=True).get_by_role("spinbutton")
        parts.first.click()
        self.page.keyboard.type(day.replace("-", ""))
        # the field takes the day over when its calendar closes
        self.page.mouse.click(self.page.viewport_size["width"] / 2, 56)
        self.settle()

    def foreign(self):
        """Hosts other than this machine that were asked for anything."""
        hosts = {urlsplit(url).hostname for url in self.asked}
        return {host for host in hosts if host} - LOCAL


@contextmanager
def serve(layers, *, app="app.py", base="", **environment):
    """Run the app on a free port over a folder of layers, under a base path such as "/atlas"."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", app, "--server.port", str(port)]
    command += ["--server.baseUrlPath", base] if base else []
    env = {**os.environ, "GEO_LAYERS": str(layers), "GEO_USER": "", **environment}
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait(f"http://127.0.0.1:{port}{base}/_stcore/health", process)
            yield f"http://localhost:{port}{base}"
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                # too busy to hear of it
                process.kill()


def _wait(url, process):
    for _ in range(300):
        if process.poll() is not None:
            msg = f"the app ended with {process.returncode}"
            raise AssertionError(msg)
        try:
            if requests.get(url, timeout=1).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.1)
    msg = "the app did not answer within 30 s"
    raise AssertionError(msg)
