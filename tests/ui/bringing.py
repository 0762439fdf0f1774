"""How does a test bring something? The page works in another process, which is waited for."""

import pytest

from geo.layerfile import LayerMeta
from geo.store import LayerStore
from tests.examples import NOW
from tests.ui.conftest import check, texts


@pytest.fixture
def bring(opened, layers, tmp_path, monkeypatch):
    """Open the import page and give it a file and a layer."""
    # what is remembered of headers lies in the cache
    monkeypatch.setenv("GEO_CACHE", str(tmp_path / "cache"))
    # AppTest cannot type a new option into a widget, so the layer is there and empty
    LayerStore(layers).create("border", LayerMeta(title="Border"), by="", now=NOW)

    def go(name, data, *, layer="border", source=None, who="Ann", incidents=(), wait=True):
        app = opened(*incidents, page="bring.py", state={"who": who})
        return give(app, name, data, layer=layer, source=source, wait=wait)

    return go


def give(app, name, data, *, layer="border", source=None, wait=True):
    """Give an open import page a file and a layer, and wait for what it finds."""
    count = app.session_state.bring_count
    app.file_uploader(key=f"bring_file_{count}").set_value((name, data, "application/octet-stream"))
    if layer:
        app.selectbox(key=f"bring_layer_{count}").set_value(layer)
    if not wait:
        return check(app.run())
    settled(app)
    if source:
        kind(app).set_value(source)
        settled(app)
    return app


def settled(app):
    """Run the page until nothing is read, asked or written any more."""
    check(app.run())
    job = app.session_state.get("bring_job", None)
    if job is None:
        return app
    if job.wait(60):
        return check(app.run())
    msg = "the work did not end within its time"
    raise AssertionError(msg)


def kind(app):
    """The choice of what the file is."""
    return next(box for box in app.selectbox if box.label == "What is it?")


def column(app, label):
    """The choice of a column by the words of its field."""
    return next(box for box in app.selectbox if box.label == label)


def plain(app):
    """Everything a visitor reads, without the signs that keep it text."""
    said = [texts(app), *(e.value for e in (*app.error, *app.success, *app.info))]
    return "\n".join(said).replace("\\", "").replace("\u2060", "")


def button(app, key="bring_write"):
    """The button of a key, or nothing."""
    return next((one for one in app.button if one.key == key), None)
