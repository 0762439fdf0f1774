"""From a pasted article to incidents on the map, by keyboard, in Chromium."""

import re

import pytest

from geo.store import LayerStore
from tests.browser.driving import serve

pytestmark = pytest.mark.browser
ARTICLE = """Shelling killed three people in Khost on Tuesday, officials said.

A suicide bomber attacked a mosque in Peshawar on Monday, wounding at least 12 worshippers.

Gunmen abducted two aid workers in Kandahar on Sunday, a provincial spokesman said.

Protesters marched through Lahore on Saturday against rising prices.
"""


@pytest.fixture
def window(visit, tmp_path):
    with serve(tmp_path, GEO_USER="Ann") as url:
        window = visit(url)
        window.page.goto(url)
        window.page.get_by_role("link", name="Review", exact=True).first.click()
        window.page.get_by_label("Paste its text").fill(ARTICLE)
        window.choose_date("Reported on", "2025-10-22")
        window.page.get_by_role("button", name="Draft its incidents").click()
        # the first article loads the language model and the gazetteer
        window.page.wait_for_selector("text=sentences gave none", timeout=120_000)
        window.settle()
        window.layers = tmp_path
        yield window


def press(window, key):
    window.page.locator("h3", has_text="Review drafts").click()
    window.page.keyboard.press(key)
    window.settle()


def held(window):
    return LayerStore(window.layers).read("articles").incidents


def test_drafts_are_decided_by_keyboard_and_the_map_shows_what_was_accepted(window):
    page = window.page
    count = len(held(window))
    assert count == 4
    assert page.get_by_text(f"1 of {count}").is_visible()
    page.get_by_label("Title", exact=True).fill("Read and put right")
    page.keyboard.press("Tab")
    window.settle()
    press(window, "a")
    press(window, "a")
    press(window, "a")
    press(window, "x")
    found = held(window)
    assert [one.status for one in found].count("accepted") == 3
    assert [one.status for one in found].count("rejected") == 1
    assert "Read and put right" in [one.title for one in found]
    assert page.get_by_text("No draft waits").is_visible()
    press(window, "u")
    assert [one.status for one in held(window)].count("draft") == 1
    page.reload()
    page.get_by_text("1 of 1").wait_for()
    window.settle()
    window.errors.clear()  # Streamlit asks beside a page's own address first
    page.get_by_role("link", name="Explore").click()
    window.settle()
    assert re.match(r"3 of 4 incidents match", window.ledger())
    assert window.drawn() == 3
    assert window.foreign() == set()
    assert window.errors == []
