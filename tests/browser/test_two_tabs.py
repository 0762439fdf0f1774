"""Do two people at one incident learn of each other, in two real windows?"""

import pytest
from playwright.sync_api import expect

from geo.layerfile import LayerMeta
from geo.store import LayerStore
from tests.browser.driving import serve
from tests.examples import NOW, incident

pytestmark = pytest.mark.browser


def correct(window, who, title):
    page = window.page
    page.get_by_role("link", name="Correct", exact=True).click()
    page.get_by_label("Your name, for the journal").fill(who)
    page.get_by_label("Your name, for the journal").blur()
    window.settle()
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Title", exact=True).blur()
    window.settle()


def test_the_second_of_two_corrections_is_told_and_nothing_is_lost(visit, tmp_path):
    store = LayerStore(tmp_path)
    store.create("border", LayerMeta(title="Border"), by="", now=NOW)
    store.upsert("border", [incident("own:1")], by="", now=NOW)
    with serve(tmp_path) as url:
        first, second = (visit(url).open("?sel=own:1") for _ in range(2))
        correct(first, "Ada", "Ada's title")
        correct(second, "Ben", "Ben's title")
        for window in (first, second):
            window.page.get_by_role("button", name="Save the correction").click()
            window.settle()

        assert first.page.get_by_text("Saved: Ada's title").is_visible()
        told = second.page.locator('[data-testid="stAlert"]').last.inner_text()
        assert "own:1" in told
        assert "Ada" in told or "changed" in told
        [kept] = store.read("border").incidents
        assert kept.title == "Ada's title"
        # what was typed is still there
        assert second.page.get_by_label("Title", exact=True).input_value() == "Ben's title"

        second.page.get_by_role("button", name="Go on from the current version").click()
        expect(second.page.get_by_label("Title", exact=True)).to_have_value("Ada's title")
        assert (first.errors, second.errors) == ([], [])
