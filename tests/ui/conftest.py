from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from geo.layerfile import LayerMeta
from geo.store import LayerStore
from geo.studio.artist import Artist
from geo.ui import drawing
from tests.examples import NOW

MAIN = Path(__file__).resolve().parents[2] / "geo" / "ui" / "main.py"


class Here(Artist):
    """Draws in this process: what is ordered is written and read as it is for another."""

    def warm(self):
        """Nothing has to be started."""


@pytest.fixture(scope="session", autouse=True)
def _installed():
    """Look through the installed packages once, and not again for each app: they stay the same."""
    once = cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


@pytest.fixture(autouse=True)
def _drawn_here(monkeypatch):
    """Start no process for the pictures of a page; `tests/studio` and the browser do."""
    monkeypatch.setattr(drawing, "studio", Here())


@pytest.fixture
def opened(layers):
    """Open the app over a layer that holds the given incidents."""

    def run(*incidents, page="", state=None, **address):
        if incidents:
            meta = LayerMeta(title="Test layer", description="")
            LayerStore(layers).upsert("test", incidents, by="test", now=NOW, meta=meta)
        app = AppTest.from_file(str(MAIN), default_timeout=120)
        for name, value in address.items():
            app.query_params[name.rstrip("_").replace("_", "-")] = value
        for name, value in (state or {}).items():
            app.session_state[name] = value
        if page:
            app.switch_page(page)
        return check(app.run())

    return run


def check(app):
    """A page that ended in an exception is a failure, whatever it shows."""
    assert not app.exception, [error.value for error in app.exception]
    return app


def texts(app):
    """Everything a visitor reads as Markdown."""
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.warning))
