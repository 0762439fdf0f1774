"""Do the days on the map narrow what is painted, and become filters only where asked?"""

import re

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def window(visit_once, demo_app):
    return visit_once(demo_app)


@pytest.fixture
def opened(window):
    """The map with its days open, all of them chosen; the page anew where a test changed it."""
    if window.page.url == "about:blank" or "from=" in window.page.url:
        window.open().map.locator(".atlas-days summary").click()
    every = window.map.get_by_role("button", name="All days")
    if every.is_visible():
        every.click()
    window.map.wait_for_function("L.atlas.layer._data.when === undefined")
    # nothing that an earlier test did is still on its way to the page
    window.map.evaluate("document.documentElement.dispatchEvent(new MouseEvent('mouseleave'))")
    window.page.wait_for_function("!location.search.includes('days=')")
    return window.settle()


def said(seen):
    text = seen.map.locator(".atlas-days .said").inner_text()
    return tuple(int(n) for n in re.findall(r"\d+", text)[:2])


def painted(seen):
    return seen.map.evaluate("L.atlas.layer._data.incidents.row.length")


def narrowed(seen):
    """Move the last day to the first by keyboard, and wait until that is painted."""
    seen.map.get_by_label("Last day").focus()
    seen.page.keyboard.press("Home")
    seen.map.wait_for_function("L.atlas.layer._data.when !== undefined")


def test_a_handle_moved_by_keyboard_narrows_the_map_and_nothing_else(opened):
    everything, ledger = painted(opened), opened.ledger()
    narrowed(opened)
    shown, matched = said(opened)
    assert 0 < painted(opened) == shown < matched == everything
    assert opened.ledger() == ledger
    assert "from=" not in opened.page.url
    opened.map.get_by_role("button", name="All days").click()
    opened.map.wait_for_function("L.atlas.layer._data.when === undefined")
    assert painted(opened) == everything
    assert opened.errors == []


def test_playing_moves_the_window_on_and_stops_at_the_end(opened):
    narrowed(opened)
    first = opened.map.locator(".atlas-days .chosen").inner_text()
    opened.map.get_by_role("button", name="Play").click()
    opened.map.wait_for_function(
        f"document.querySelector('.atlas-days .chosen').textContent !== {first!r}"
    )
    opened.map.get_by_role("button", name="Pause").click()
    opened.map.get_by_role("button", name="Step back").click()
    opened.map.wait_for_function("Number(document.querySelector('.atlas-days input').value) >= 0")
    assert opened.map.get_by_role("button", name="Play").is_visible()
    assert opened.errors == []


def test_the_days_become_the_sidebars_only_where_asked(opened):
    narrowed(opened)
    shown, _ = said(opened)
    opened.map.get_by_role("button", name="Use these dates").click()
    opened.page.wait_for_url("**from=*")
    opened.settle()
    assert opened.ledger().startswith(f"{shown} of ")
    assert opened.drawn() == shown
    assert opened.map.locator(".atlas-days .said").inner_text().startswith(f"All {shown} ")
    assert opened.errors == []
