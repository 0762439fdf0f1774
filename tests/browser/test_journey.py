"""Does the real app do its main job in a real browser, without a word to the internet?"""

import io
import json
import re
import zipfile

import pytest
from PIL import Image
from pyproj import Geod

pytestmark = pytest.mark.browser

# the five fights of the demo between 9 and 19 October 2025, counted in the layer file
COMBAT_IN_OCTOBER = {f"afpak2025:{n}" for n in ("04", "05", "06", "12", "13")}
LEDGER = "5 of 25 incidents match"


@pytest.fixture
def filtered(visit, demo_app):
    """A window on combat from 9 to 19 October, set by hand."""
    window = visit(demo_app).open()
    window.page.get_by_role("button", name="Combat", exact=True).click()
    window.settle()
    window.choose_date("From", "2025-10-09")
    window.choose_date("To", "2025-10-19")
    assert window.ledger().startswith(LEDGER)
    return window


def held(window):
    """Ids of the incidents the map holds."""
    return set(
        window.map.evaluate(
            """async () => {
                const layer = L.atlas.layer, of = layer._data.incidents.row.join(",");
                const view = `${layer.options.prefix}/atlas/incidents/${layer._token}`;
                return (await (await fetch(`${view}/about?of=${of}`)).json()).map(row => row.id);
            }"""
        )
    )


def test_map_ledger_table_timeline_and_address_agree(filtered):
    page = filtered.page

    assert held(filtered) == COMBAT_IN_OCTOBER
    assert filtered.soon(filtered.rows, 5) == 5
    assert "from=2025-10-09" in page.url
    assert "to=2025-10-19" in page.url
    assert set(re.findall(r"type=([a-z_]+)", page.url)) == {
        "armed_clash", "cross_border_fire", "infiltration", "territory_change",
    }  # fmt: skip
    assert filtered.ledger() == (
        "5 of 25 incidents match · left out: 7 outside the dates, 13 other types"
    )
    assert filtered.soon(lambda: in_range(filtered), 5) == 5
    assert filtered.foreign() == set()
    assert filtered.errors == []


def in_range(window):
    """Sum of the timeline's bars inside the dates, as they are told to a screen reader."""
    bars = window.page.locator('[data-testid="stVegaLiteChart"] svg.marks path[aria-label]')
    said = [bar.get_attribute("aria-label") for bar in bars.all()]
    return sum(int(n) for text in said for n in re.findall(r": (\d+) in range$", text))


def test_reload_and_a_second_window_show_the_same(filtered, visit, demo_app):
    page = filtered.page
    filtered.map.evaluate("L.atlas.layer._map.setView([33.5, 70.2], 8, {animate: false})")
    page.wait_for_url("**view=**")
    filtered.settle()
    before = (filtered.ledger(), held(filtered), filtered.rows(), filtered.view())
    address = page.url

    page.reload()
    filtered.settle()
    second = visit(demo_app)
    second.page.goto(address)
    second.settle()

    for window in (filtered, second):
        assert window.soon(window.rows, before[2]) == before[2]
        assert (window.ledger(), held(window)) == before[:2]
        assert window.view() == pytest.approx(before[3], abs=0.02)
        assert window.errors == []


def test_a_filter_never_moves_the_map(visit, demo_app):
    window = visit(demo_app).open()
    window.map.evaluate("L.atlas.layer._map.setView([33.5, 70.2], 7.5, {animate: false})")
    window.settle()
    before = window.view()
    window.page.get_by_role("button", name="Explosive", exact=True).click()
    window.settle()

    assert window.ledger().startswith("7 of 25")
    assert window.view() == before


def test_the_pictures_ledger_is_the_pages(filtered, tmp_path):
    page = filtered.page
    page.get_by_role("link", name="Snapshot").click()
    page.wait_for_selector('[data-testid="stImage"] img')
    filtered.settle()
    assert filtered.ledger().startswith(LEDGER)
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG", exact=True).click()
    file = tmp_path / "picture.png"
    download.value.save_as(file)
    with Image.open(io.BytesIO(file.read_bytes())) as picture:
        stated = next(json.loads(text) for text in picture.text.values() if '"ledger"' in text)

    ledger = stated["ledger"]
    assert (ledger["matched"], ledger["total"]) == (5, 25)
    assert ledger["excluded"]["dates"] == 7
    assert ledger["excluded"]["event_type"] == 13
    assert set(stated["incidents"]) == COMBAT_IN_OCTOBER
    assert filtered.foreign() == set()
    assert filtered.errors == []


def test_map_ledger_and_timeline_stand_together_on_a_small_laptop(visit, demo_app):
    window = visit(demo_app, width=1366, height=768).open()
    page = window.page
    assert window.drawn() == 25

    for part in (
        page.locator('[data-testid="stMarkdown"]', has_text="incidents match").first,
        page.locator('iframe[title="streamlit_folium.st_folium"]'),
        page.locator('[data-testid="stVegaLiteChart"]'),
    ):
        box = part.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 768
        assert box["x"] + box["width"] <= 1366
    # nothing is wider than a phone either
    page.set_viewport_size({"width": 390, "height": 800})
    window.settle()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # a panel that says little takes little room there
    assert page.locator(".st-key-panel").bounding_box()["height"] < 400


def test_the_incident_without_a_place_has_a_row_and_no_pin(visit, demo_app):
    window = visit(demo_app).open("?text=48-hour")

    assert window.ledger() == (
        "1 of 25 incidents match · 0 on the map, 1 without a place · "
        "left out: 24 without these words"
    )
    assert window.soon(window.rows, 1) == 1
    assert window.map.evaluate("L.atlas.layer._data.marks.lon.length") == 0


def test_an_incident_chosen_in_the_table_is_told_in_full_and_in_the_address(visit, demo_app):
    window = visit(demo_app).open("?sel=afpak2025:14")
    panel = window.page.locator(".st-key-panel")

    assert "strike or tanker fire?" in panel.inner_text()
    assert "Claims about" in panel.inner_text()
    assert window.map.evaluate("L.atlas.layer._selected") >= 0
    panel.get_by_role("button", name="Close").click()
    window.settle()
    assert "sel=" not in window.page.url


# whether the map shows the ground of the first of the matched incidents
IN_SIGHT = """(() => {
    const { _map: map, _data: data } = L.atlas.layer;
    return map.getBounds().contains([data.marks.lat[0], data.marks.lon[0]]);
})()"""


@pytest.fixture(scope="module")
def talks(visit_once, demo_app):
    """A window on the talks, for tests that leave it as it is."""
    return visit_once(demo_app).open("?type=talks")


@pytest.mark.parametrize("latitude", [0, 35, 60])
def test_a_disc_of_five_kilometres_is_five_kilometres_on_the_map(talks, latitude):
    half = talks.map.evaluate(
        f"(() => {{ const r = L.atlas.reach({latitude}, 5000); return [r.lon, r.lat] }})()"
    )
    earth = Geod(ellps="WGS84")
    east = earth.inv(20, latitude, 20 + half[0], latitude)[2]
    north = earth.inv(20, latitude, 20, latitude + half[1])[2]

    assert east == pytest.approx(5000, rel=0.01)
    assert north == pytest.approx(5000, rel=0.01)


def test_garbage_in_the_address_becomes_a_sentence(visit, demo_app):
    query = "?from=31.12.2025&type=%3Cscript%3E&view=9,9&colour=red&sel=%27%3Balert(1)//&bbox=1"
    window = visit(demo_app).open(query)
    text = window.page.locator('[data-testid="stAlert"]').first.inner_text()

    for word in ("31.12.2025", "<script>", "'9,9'", "'colour'", "bbox"):
        assert word in text
    assert window.ledger().startswith("25 of 25")
    assert window.errors == []


def test_the_days_in_the_page_are_those_of_the_place_in_every_time_zone(chromium, demo_app):
    texts = set()
    for zone in ("Pacific/Pago_Pago", "Pacific/Kiritimati"):
        context = chromium.new_context(timezone_id=zone, locale="en-GB")
        page = context.new_page()
        page.goto(f"{demo_app}/?from=2025-10-11&to=2025-10-12")
        grid = page.locator('canvas[data-testid="data-grid-canvas"] table').first
        grid.wait_for(state="attached")
        page.wait_for_timeout(1500)
        texts.add(grid.inner_text() + page.url.partition("?")[2])
        context.close()

    assert len(texts) == 1


def test_a_drag_over_the_timeline_becomes_dates(visit, demo_app):
    window = visit(demo_app).open()
    box = window.page.locator('[data-testid="stVegaLiteChart"] svg.marks').bounding_box()
    window.page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + 40)
    window.page.mouse.down()
    window.page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 50, steps=8)
    window.page.mouse.up()
    window.page.wait_for_url("**from=2025-10-1*")
    window.settle()
    matched = int(window.ledger().split(" of ")[0])

    assert 0 < matched < 25
    assert window.drawn() == matched
    assert window.soon(window.rows, matched) == matched
    assert window.soon(lambda: in_range(window), matched) == matched


def test_a_row_chosen_in_the_table_is_chosen_on_the_map(visit, demo_app):
    window = visit(demo_app).open("?text=tanker")
    assert window.soon(window.rows, 1) == 1
    grid = window.page.locator('canvas[data-testid="data-grid-canvas"]').first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    window.page.mouse.click(box["x"] + 17, box["y"] + 52)
    window.page.wait_for_url("**sel=afpak2025%3A14**")
    window.settle()

    assert "strike or tanker fire?" in window.page.locator(".st-key-panel").inner_text()
    assert window.map.evaluate("L.atlas.layer._chosen()") == 0


def test_one_incident_after_the_other_is_chosen_on_the_map(visit, demo_app):
    # the mark of the first in the table once took the second choice back
    window = visit(demo_app).open()
    for place in (3, 8, 3, 14):
        chosen = window.map.evaluate(
            """async at => {
                const layer = L.atlas.layer, [row] = await layer._tell_about([at], 1);
                layer._choose(layer._data.incidents.row[at]);
                return row.id;
            }""",
            place,
        )
        window.page.wait_for_url(f"**sel={chosen.replace(':', '%3A')}**")
        window.settle()
        assert window.map.evaluate("L.atlas.layer._chosen()") == place


def test_an_incident_chosen_in_the_table_comes_into_view(visit, demo_app):
    # its row in the layer is not its place among the few that match
    window = visit(demo_app).open("?text=tanker&view=20,40,24,43")
    assert not window.map.evaluate(IN_SIGHT)
    grid = window.page.locator('canvas[data-testid="data-grid-canvas"]').first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    window.page.mouse.click(box["x"] + 17, box["y"] + 52)
    window.page.wait_for_url("**sel=afpak2025%3A14**")
    window.map.wait_for_function(IN_SIGHT)
    assert window.errors == []


def test_a_click_on_the_forms_map_becomes_the_place(visit, demo_app):
    window = visit(demo_app).open("?view=69,33,72,35")
    window.page.get_by_role("link", name="Add and correct").click()
    window.page.wait_for_selector('iframe[title="streamlit_folium.st_folium"]')
    window.settle()
    frame = next(f for f in window.page.frames if "streamlit_folium" in f.url)
    frame.wait_for_selector(".atlas-pick")
    x, y = frame.evaluate(
        """() => {
            const spot = L.atlas.layer._map.latLngToContainerPoint([34.1286, 71.0896]);
            return [spot.x, spot.y];
        }"""
    )
    box = window.page.locator("iframe").bounding_box()
    # the middle of a pixel: the map may begin at a part of one, and the mouse points at whole ones
    window.page.mouse.click(box["x"] + x + 0.5, box["y"] + y + 0.5)
    told = window.page.get_by_text("map click")
    told.wait_for()
    lat, lon = map(float, told.inner_text().split(" · ")[0].split(", "))

    # a pixel of this view is 0.0055 degrees wide
    assert lat == pytest.approx(34.1286, abs=0.006)
    assert lon == pytest.approx(71.0896, abs=0.006)
    assert window.foreign() == set()
    assert window.errors == []


@pytest.mark.parametrize("kind", ["GeoJSON", "CSV", "XLSX", "KML"])
def test_each_download_holds_the_matched_incidents_alone(talks, tmp_path, kind):
    talks.page.get_by_role("tab", name="Download").click()
    with talks.page.expect_download() as download:
        talks.page.get_by_role("button", name=f"Download {kind}").click()
    file = tmp_path / "incidents"
    download.value.save_as(file)
    held = file.read_bytes()
    if kind == "XLSX":
        with zipfile.ZipFile(file) as parts:
            held = b"".join(map(parts.read, parts.namelist()))

    assert b"Second round of talks in Istanbul" in held
    assert b"Third round in Istanbul ends without agreement" in held
    assert b"Immediate ceasefire agreed in Doha" not in held


def test_a_filter_from_the_address_goes_along_to_the_snapshot_page(visit, demo_app):
    window = visit(demo_app).open("?from=2025-10-09&to=2025-10-19&type=talks&type=agreement")
    assert window.ledger().startswith("1 of 25")
    for link in ("Snapshot", "Add and correct", "Explore"):
        window.page.get_by_role("link", name=link).first.click()
        window.page.wait_for_timeout(1500)
        window.settle()
        if link != "Add and correct":
            assert window.ledger().startswith("1 of 25")
    assert "from=2025-10-09" in window.page.url
