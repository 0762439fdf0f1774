"""Do hexagons count what lies at exact places, and does the address follow the map?"""

import pytest

from geo.store import LayerStore
from tests.browser.driving import ROOT

pytestmark = pytest.mark.browser
HELD = "L.atlas.layer._data"


@pytest.fixture
def opened(visit, demo_app):
    return visit(demo_app).open()


def test_hexagons_count_exact_places_and_the_legend_counts_the_rest(opened):
    everything = opened.drawn()
    toggle = opened.map.get_by_label("Count exact places in hexagons")
    toggle.click()
    opened.map.wait_for_function(f"{HELD} && {HELD}.hexagons")
    opened.map.evaluate("L.atlas.layer._map.setZoom(4, {animate: false})")
    opened.map.wait_for_function(f"{HELD}.level === 4")
    exact = opened.map.evaluate(
        f"{HELD}.hexagons.reduce((n, h) => n + h.groups.reduce((a, b) => a + b), 0)"
    )
    layer = LayerStore(ROOT / "layers").read("afghanistan-pakistan-2025")
    known = [i for i in layer.incidents if i.precision == "exact" and i.status == "accepted"]
    assert exact == len(known)
    assert "In no hexagon" in opened.map.locator(".atlas-legend").inner_text()
    toggle.click()
    opened.map.wait_for_function(f"{HELD} && {HELD}.whole")
    assert opened.drawn() == everything
    assert opened.errors == []


def test_an_address_copied_after_the_map_moved_opens_the_same_view(opened, visit, demo_app):
    opened.map.evaluate("L.atlas.layer._map.setView([33.3, 70.2], 8.5, {animate: false})")
    opened.page.wait_for_url("**view=*")
    opened.settle()
    copied = opened.page.url.partition("?")[2]
    other = visit(demo_app).open(f"?{copied}")
    latitude, longitude, zoom = opened.view()
    assert other.view() == pytest.approx([latitude, longitude, zoom], abs=0.02)
    opened.map.evaluate("L.atlas.layer._map.panBy([120, 0], {animate: false})")
    opened.page.wait_for_function(f"location.search !== {'?' + copied!r}")
    opened.settle()
    moved = visit(demo_app).open(f"?{opened.page.url.partition('?')[2]}")
    assert moved.view() == pytest.approx(opened.view(), abs=0.02)
