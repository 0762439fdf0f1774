"""Do the Layers page and the views work in a real browser, for a mouse and for a telephone?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from geo import views
from geo.area import BBox
from geo.incident import Point
from geo.keeping import Keeper
from geo.layerfile import LayerMeta, fingerprint
from geo.views import View
from tests.browser.driving import serve
from tests.examples import NOW, incident

pytestmark = pytest.mark.browser
_ROW = 35


@pytest.fixture
def folder(tmp_path):
    made = Keeper(tmp_path / "layers")
    meta = LayerMeta(title="Test layer")
    made.upsert("test", [incident("a:1"), incident("a:2")], by="Ann", now=NOW, meta=meta)
    one = made.read("test").incidents[0]
    moved = replace(one, point=Point(71.5, 34.3), title="Moved by hand")
    made.save("test", moved, expected=fingerprint(one), by="Bo", now=NOW + timedelta(days=1))
    views.save(
        tmp_path / "layers",
        View(name="Far", layer="test", frame=BBox(60, 28, 66, 32), rule="newest-7-days"),
    )
    return tmp_path / "layers"


def _row(page, table, row):
    """Tick a row of a table: its cells are painted, not elements."""
    box = page.locator("canvas[data-testid=data-grid-canvas]").nth(table).bounding_box()
    page.mouse.click(box["x"] + 16, box["y"] + _ROW * (row + 1.5))


@pytest.mark.parametrize("width", [1366, 390])
def test_a_version_is_restored_from_the_journal(folder, visit, width):
    with serve(folder, GEO_USER="Cy") as url:
        window = visit(url, width=width, height=1400)
        page = window.page
        page.goto(f"{url}/layers")
        page.locator("canvas[data-testid=data-grid-canvas]").nth(1).wait_for()
        window.settle()
        _row(page, 1, 1)
        window.settle()
        page.get_by_role("button", name="Restore this version").click()
        page.get_by_role("button", name="Restore it").click()
        page.get_by_text("is what it was in version").wait_for()
        assert page.evaluate("document.body.scrollWidth <= window.innerWidth")
        # opened by its own address, Streamlit first looks for its server below the page
        assert [e for e in window.errors if "404" not in e] == []
        assert window.foreign() == set()
    store = Keeper(folder)
    assert store.history("test")[0].action == "restore"
    assert [i.title for i in store.read("test").incidents] == ["Incident a:1", "Incident a:2"]


def test_a_view_moves_the_map_and_the_past_has_a_banner(folder, visit):
    with serve(folder) as url:
        window = visit(url).open("?layer=test&as-known=2025-11-20")
        page = window.page
        page.get_by_text("As known on 2025-11-20").wait_for()
        assert window.drawn() == 2
        page.get_by_role("button", name="Back to what is known now").click()
        window.settle()
        assert "as-known" not in page.url
        page.get_by_label("Views").first.click()
        page.keyboard.type("Far")
        page.keyboard.press("Enter")
        window.settle()
        page.get_by_text("Opened: Far").wait_for()
        lat, lon, _ = window.view()
        assert 28 < lat < 32
        assert 60 < lon < 66
        assert "from=2025-10-05" in page.url
        assert window.errors == []
