"""Are provinces shaded in a real browser, and signs back when they are asked for?"""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser
_SHADED = "L.atlas.layer._map.getContainer().classList.contains('atlas-shaded')"


@pytest.mark.parametrize("width", [1366, 390])
def test_provinces_are_shaded_with_a_legend_and_signs_come_back(demo_app, visit, width):
    window = visit(demo_app, width=width).open("?map=incidents")
    page, frame = window.page, window.map
    frame.wait_for_function(_SHADED)
    legend = frame.locator(".atlas-legend:visible")
    assert legend.locator("summary").inner_text() == "Incidents by province"
    painted = """() => {
        const canvas = document.querySelector(".atlas-regions");
        const { width, height } = canvas;
        const colours = canvas.getContext("2d").getImageData(0, 0, width, height).data;
        return colours.some((value, at) => at % 4 === 3 && value === 255);
    }"""
    frame.wait_for_function(painted)
    assert page.evaluate("document.body.scrollWidth <= window.innerWidth")
    page.get_by_label("What the map shows").click()
    page.get_by_role("option", name="Map: each incident").click()
    window.settle()
    frame.wait_for_function(f"!{_SHADED}")
    assert frame.locator(".atlas-incident-legend").is_visible()
    assert "map=" not in page.url
    assert window.errors == []
    assert window.foreign() == set()
