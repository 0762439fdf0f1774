"""Does the map ask only what the server can answer, at every zoom and while a filter changes?"""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser
_HOLD = """async () => {
    const layer = L.atlas.layer, shown = layer._token, asked = [], real = window.fetch;
    layer._about.clear();
    window.fetch = url => { asked.push(String(url)); return Promise.resolve(new Response("[]")); };
    layer._token = "0123456789abcdef01234567";
    layer._tell_about([0], 1);
    layer._choose(layer._data.incidents.row[0]);
    layer._token = shown;
    window.fetch = real;
    return [asked, shown];
}"""


def test_the_nearest_zoom_asks_for_boxes_that_have_room(demo_app, visit):
    window = visit(demo_app).open()
    frame = window.map
    for lat, lon in ((34.5432, 69.1765), (89, 10), (-89, 10)):
        frame.evaluate(f"L.atlas.layer._map.setView([{lat}, {lon}], 14, {{animate: false}})")
        window.settle()
    window.page.wait_for_timeout(500)
    assert window.errors == []


def test_a_map_that_is_folded_away_asks_for_boxes_that_have_room(demo_app, visit):
    window = visit(demo_app).open()
    window.map.evaluate(
        """() => {
            const map = L.atlas.layer._map;
            map.setZoom(9, { animate: false });
            map.getContainer().style.height = "3px";
            map.invalidateSize(false);
        }"""
    )
    window.settle()
    assert window.errors == []


def test_what_is_painted_is_asked_of_the_view_it_came_from(demo_app, visit):
    window = visit(demo_app).open()
    asked, shown = window.map.evaluate(_HOLD)
    assert len(asked) == 2
    assert all(f"/atlas/incidents/{shown}/about?of=" in url for url in asked)
