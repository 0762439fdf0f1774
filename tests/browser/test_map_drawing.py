"""Does what is drawn on the map become the page's filter, and is what is wrong refused?"""

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(visit, demo_app):
    return visit(demo_app).open()


def at(seen, x, y):
    box = seen.page.locator('iframe[title="streamlit_folium.st_folium"]').bounding_box()
    return box["x"] + x, box["y"] + y


def corner(seen, x, y):
    before = seen.map.locator(".atlas-sheet circle").count()
    seen.page.mouse.click(*at(seen, x, y))
    # two clicks in one breath would be a double click
    seen.page.wait_for_timeout(600)
    return seen.map.locator(".atlas-sheet circle").count() - before


def hint(seen):
    return seen.map.locator(".atlas-hint").inner_text()


def test_a_rectangle_becomes_the_filter_and_is_taken_away(opened):
    before = opened.ledger()
    opened.map.get_by_label("Filter by a rectangle").click()
    opened.page.mouse.move(*at(opened, 150, 90))
    opened.page.mouse.down()
    opened.page.mouse.move(*at(opened, 380, 260), steps=4)
    opened.page.mouse.up()
    opened.page.wait_for_url("**bbox=*")
    opened.settle()
    assert "outside the area" in opened.ledger()
    assert opened.page.get_by_role("button", name="Clear the area").is_visible()
    opened.map.get_by_label("Remove the area").click()
    opened.page.wait_for_function("!location.href.includes('bbox=')")
    opened.settle()
    assert opened.ledger() == before
    assert opened.errors == []


def test_a_polygon_is_refused_where_it_crosses_itself_and_closed_by_enter(opened):
    opened.map.get_by_label("Filter by a polygon").click()
    assert [corner(opened, x, y) for x, y in [(150, 90), (380, 90), (150, 260)]] == [1, 1, 1]
    assert corner(opened, 330, 40) == 0
    assert "cross another" in hint(opened)
    opened.page.keyboard.press("Backspace")
    assert opened.map.locator(".atlas-sheet circle").count() == 2
    opened.page.keyboard.press("Enter")
    assert "three corners" in hint(opened)
    assert corner(opened, 380, 260) == 1
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_url("**polygon=*")
    opened.settle()
    assert "outside the area" in opened.ledger()
    assert opened.errors == []


def test_escape_draws_nothing(opened):
    opened.map.get_by_label("Filter by a polygon").click()
    corner(opened, 150, 90)
    opened.page.keyboard.press("Escape")
    assert not opened.map.locator(".atlas-sheet").is_visible()
    opened.settle()
    assert "polygon=" not in opened.page.url
    assert opened.errors == []
