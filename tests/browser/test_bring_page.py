"""Does a field office's table come in: columns mended, seen on a map, written, explored?"""

import re

import pytest

from tests.browser.driving import serve

pytestmark = pytest.mark.browser

TABLE = (
    "Wann,Was,Breitengrad,Längengrad,Tote,Ort\n"
    "03/04/2025,Explosion,34.53,69.17,3,Kabul\n"
    "05/04/2025,Explosion,31.61,65.71,viele,Kandahar\n"
    "06/04/2025,Shelling,34.34,62.20,1,Herat\n"
)


@pytest.fixture
def app(tmp_path):
    """The app without a layer, with a cache of its own."""
    layers = tmp_path / "layers"
    layers.mkdir()
    with serve(layers, GEO_USER="Ann", GEO_CACHE=str(tmp_path / "cache")) as url:
        yield url


def choose(window, label, option):
    # a list that opens while the page is drawn anew closes again
    page = window.settle().page
    page.get_by_role("combobox", name=label, exact=True).click()
    page.keyboard.type(option)
    page.keyboard.press("Enter")


def test_a_table_becomes_incidents_on_the_map(visit, app):
    window = visit(app)
    page = window.page
    page.goto(app)
    page.get_by_role("link", name="Import", exact=True).first.click()
    page.get_by_text("From where?").wait_for()
    window.settle()
    layer = page.get_by_role("combobox", name=re.compile("Into which layer"))
    layer.click()
    page.keyboard.type("field")
    page.keyboard.press("Enter")
    table = {"name": "office.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    page.locator("input[type=file]").set_input_files(table)

    page.get_by_text("Which column holds the date?").wait_for()
    choose(window, "Date, or first day", "Wann")
    page.get_by_text("Day first", exact=True).click()
    page.get_by_text("incidents can come in").wait_for()
    assert window.drawn() == 3
    choose(window, "Deaths", "Tote")
    page.get_by_text("1 rejected").first.wait_for()
    assert window.drawn() == 2
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the 1 rejected rows").click()
    assert "viele" in download.value.path().read_text(encoding="utf-8-sig")

    page.get_by_role("button", name="Import 2 incidents").click()
    page.get_by_text("field: 2 new").wait_for()
    page.get_by_text("The columns are remembered").wait_for()
    page.get_by_role("link", name="See it on the map").click()
    window.settle()
    assert window.ledger().startswith("2 of 2 incidents match")
    assert window.drawn() == 2
    assert window.foreign() == set()
    assert window.errors == []
