import os
import shutil
from contextlib import contextmanager

import pytest

from tests.browser.driving import ROOT, Visit, serve

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="package")
def chromium():
    """A browser; without one the tests are skipped, or fail where it is required."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        reason = "no Chromium on this machine"
        if os.environ.get("GEO_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def windows(chromium):
    """Open windows on a running app; each remembers its requests and errors."""
    contexts = []

    def opened(url, *, width=1366, height=768):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="en-GB", accept_downloads=True
        )
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


@pytest.fixture
def visit(chromium):
    """Open windows for one test."""
    with windows(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def visit_once(chromium):
    """Open windows that all tests of a module share; each begins with a state of its own."""
    with windows(chromium) as opened:
        yield opened


@pytest.fixture(scope="package")
def demo_app(tmp_path_factory):
    """The app over a copy of the demo layer."""
    folder = tmp_path_factory.mktemp("layers")
    shutil.copy(ROOT / "layers" / "afghanistan-pakistan-2025.geojson", folder)
    with serve(folder) as url:
        yield url
