"""How is the real app started and driven? Streamlit in a process of its own, Chromium headless."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def _chromium():
    return shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def chromium():
    """A browser; without one the tests are skipped, or fail where it is required."""
    path = _chromium()
    if path is None:
        reason = "no Chromium on this machine"
        if os.environ.get("GEO_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """One window on the app, and everything it asked for or complained about."""

    page: object
    url: str
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, query=""):
        self.page.goto(f"{self.url}/{query}")
        self.settle()
        return self

    def settle(self):
        """Wait until the page has stopped running and the map has painted."""
        self.page.wait_for_timeout(400)
        self.page.wait_for_selector('[data-testid="stStatusWidget"]', state="detached")
        self.page.wait_for_timeout(300)

    @property
    def map(self):
        """The frame of the map, once it has painted a view."""
        self.page.wait_for_selector('iframe[title="streamlit_folium.st_folium"]')
        for _ in range(100):
            for frame in self.page.frames:
                if "streamlit_folium" in frame.url and frame.evaluate(
                    "Boolean(window.L && L.atlas && L.atlas.layer && L.atlas.layer._data)"
                ):
                    return frame
            self.page.wait_for_timeout(100)
        raise AssertionError("the map painted nothing within 10 s")

    def drawn(self):
        """How many incidents the map holds."""
        return self.map.evaluate("L.atlas.layer._data.incidents.type.length")

    def ledger(self):
        return self.page.locator('[data-testid="stMarkdown"]', has_text="incidents match").first.inner_text()

    def choose_date(self, label, day):
        """Type a day into a date field, as YYYYMMDD into its parts."""
        parts = self.page.get_by_role("group", name=label, exact=True).get_by_role("spinbutton")
        parts.first.click()
        self.page.keyboard.type(day.replace("-", ""))
        self.page.keyboard.press("Enter")
        self.settle()

    def foreign(self):
        """Hosts other than this machine that were asked for anything."""
        hosts = {url.split("/")[2] for url in self.asked if "//" in url}
        return {h for h in hosts if h and not h.startswith(("localhost:", "127.0.0.1:"))}


@pytest.fixture
def visit(chromium):
    """Open windows on a running app; each remembers its requests and errors."""
    contexts = []

    def opened(url, *, width=1366, height=768):
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="en-GB")
        contexts.append(context)
        page = context.new_page()
        visit = Visit(page, url)
        page.on("request", lambda request: visit.asked.append(request.url))
        page.on("pageerror", lambda error: visit.errors.append(str(error)))
        page.on(
            "console",
            lambda message: visit.errors.append(message.text) if message.type == "error" else None,
        )
        page.on("dialog", lambda dialog: (visit.errors.append("a dialog opened"), dialog.dismiss()))
        return visit

    yield opened
    for context in contexts:
        context.close()


@contextmanager
def serve(layers, **environment):
    """Run the app on a free port over a folder of layers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    env = {**os.environ, "GEO_LAYERS": str(layers), "GEO_USER": "", **environment}
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://localhost:{port}"
        finally:
            process.terminate()
            process.wait(timeout=10)


def _wait(url, process):
    for _ in range(300):
        if process.poll() is not None:
            raise AssertionError(f"the app ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError("the app did not answer within 30 s")


@pytest.fixture(scope="session")
def demo_app(tmp_path_factory):
    """The app over a copy of the demo layer."""
    folder = tmp_path_factory.mktemp("layers")
    shutil.copy(ROOT / "layers" / "afghanistan-pakistan-2025.geojson", folder)
    with serve(folder) as url:
        yield url
