"""Is a large file that came from elsewhere read beside the page, and opened afterwards?"""

from __future__ import annotations

import shutil

import pytest

from geo.settings import ROOT, cache_folder
from geo.ui import reading
from tests.ui.conftest import check, texts

DEMO = "afghanistan-pakistan-2025"


@pytest.fixture
def foreign(layers, monkeypatch, tmp_path):
    """The demo layer under another name, large enough and never read before."""
    monkeypatch.setenv("GEO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(reading, "_LARGE", 1_000)
    path = layers / "copied.geojson"
    shutil.copy(ROOT / "layers" / f"{DEMO}.geojson", path)
    return path


@pytest.mark.usefixtures("foreign")
def test_it_is_read_in_a_process_of_its_own(opened, monkeypatch):
    monkeypatch.setattr(reading, "_AT_ONCE", 60)
    # the page itself checks no line
    monkeypatch.setattr("geo.indexed._through_gate", None)
    app = opened(layer="copied")
    assert "25 of 25 incidents match" in texts(app).replace("**", "")
    assert list(cache_folder().glob("passed-*/*"))


def test_progress_is_shown_while_other_layers_can_be_chosen(foreign, opened, monkeypatch):
    monkeypatch.setattr(reading, "_AT_ONCE", 0)
    shutil.copy(foreign, foreign.with_name("other.geojson"))
    monkeypatch.setattr(reading, "_LARGE", foreign.stat().st_size - 1)
    app = opened(layer="copied")
    assert "Reading the layer **copied**" in texts(app)
    assert app.selectbox(key="layer").options == ["copied", "other"]


def test_damage_is_told_with_its_line(foreign, opened, monkeypatch):
    monkeypatch.setattr(reading, "_AT_ONCE", 60)
    foreign.write_bytes(foreign.read_bytes().replace(b"armed_clash", b"picnic"))
    app = opened(layer="copied")
    assert "picnic" in app.error[0].value
    assert app.selectbox(key="layer").value == "copied"
    # once it is mended, it opens
    foreign.write_bytes(foreign.read_bytes().replace(b"picnic", b"armed_clash"))
    check(next(b for b in app.button if b.label == "Read it again").click().run())
    assert "25 of 25 incidents match" in texts(app).replace("**", "")


@pytest.mark.usefixtures("foreign")
def test_the_list_of_layers_says_which_was_not_read(opened):
    app = opened(page="layers.py")
    assert "was not read yet" in app.info[0].value
    assert not app.error
