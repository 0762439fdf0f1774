"""Does a link carry the days and the form of the map, and what the map shows by them?"""

import pytest

pytestmark = pytest.mark.browser
HELD = "L.atlas.layer._data"
# everything that is painted in the view, the frame of its pixels left out
PICTURE = """(() => {
    const canvas = L.atlas.layer._canvas, data = L.atlas.layer._data;
    return [canvas.toDataURL(), JSON.stringify(data.hexagons), JSON.stringify(data.when)];
})()"""

# how often the map tells the page anything, which runs it
COUNT_TOLD = """() => {
    window.told = 0;
    window.addEventListener("message", event => {
        if (event.data && event.data.type === "streamlit:setComponentValue") window.told++;
    });
}"""


@pytest.fixture
def opened(visit, demo_app):
    return visit(demo_app).open()


def days_shown(seen):
    return seen.map.locator(".atlas-days summary").inner_text()


def narrowed_in_hexagons(seen):
    """Move the first day on by keyboard, then choose hexagons, until the address has both."""
    seen.map.locator(".atlas-days summary").click()
    seen.map.get_by_label("First day").focus()
    for _ in range(3):
        seen.page.keyboard.press("ArrowRight")
    seen.map.get_by_label("Count exact places in hexagons").click()
    seen.page.wait_for_url("**as=hexagons*")
    seen.map.wait_for_function(f"{HELD}.hexagons && {HELD}.when")
    return seen.settle()


def test_a_link_and_a_reload_show_the_same_days_in_hexagons(opened, visit, demo_app):
    narrowed_in_hexagons(opened)
    link = "?" + opened.page.url.partition("?")[2]
    assert "days=2025-" in link
    # the page of the link is opened once, so that both maps stand on the view of the address
    first = visit(demo_app).open(link)
    first.map.wait_for_function(f"{HELD}.hexagons && {HELD}.when")
    fresh = visit(demo_app).open(link)
    fresh.map.wait_for_function(f"{HELD}.hexagons && {HELD}.when")
    assert days_shown(first) == days_shown(fresh) == days_shown(opened)
    assert first.map.evaluate(PICTURE) == fresh.map.evaluate(PICTURE)
    assert first.map.evaluate(PICTURE)[1:] == opened.map.evaluate(PICTURE)[1:]
    opened.page.reload()
    opened.settle()
    opened.map.wait_for_function(f"{HELD}.hexagons && {HELD}.when")
    assert opened.map.evaluate(PICTURE) == fresh.map.evaluate(PICTURE)
    button = fresh.map.get_by_label("Count exact places in hexagons")
    assert button.get_attribute("aria-pressed") == "true"
    assert opened.errors == first.errors == fresh.errors == []


def test_all_days_and_signs_leave_the_address(opened):
    narrowed_in_hexagons(opened)
    opened.map.get_by_role("button", name="All days").click()
    opened.map.get_by_label("Count exact places in hexagons").click()
    opened.page.wait_for_function("!/days=|as=/.test(location.search)")
    opened.map.wait_for_function(f"{HELD}.whole && !{HELD}.when")
    assert opened.errors == []


def test_another_page_and_back_show_the_days_that_the_address_names(opened):
    narrowed_in_hexagons(opened)
    before = days_shown(opened)
    opened.page.get_by_role("link", name="Layers").click()
    opened.page.wait_for_url("**/layers*")
    opened.settle()
    opened.page.get_by_role("link", name="Explore").click()
    opened.settle()
    opened.map.wait_for_function(f"{HELD}.hexagons && {HELD}.when")
    assert days_shown(opened) == before
    assert "as=hexagons" in opened.page.url
    assert opened.errors == []


def test_a_filter_that_covers_fewer_days_leaves_the_picked_ones_in_the_address(opened):
    narrowed_in_hexagons(opened)
    before = days_shown(opened)
    combat = opened.page.locator(".st-key-groups button").first
    combat.click()
    opened.page.wait_for_url("**type=*")
    opened.settle()
    opened.map.wait_for_function(f"{HELD}.hexagons && {HELD}.when")
    # no combat after the 6th of November: the map shows less of the picked days
    assert days_shown(opened) != before
    assert "days=2025-10-10" in opened.page.url
    combat.click()
    opened.page.wait_for_function("!location.search.includes('type=')")
    opened.settle()
    opened.map.wait_for_function(
        f"document.querySelector('.atlas-days summary').textContent === {before!r}"
    )
    assert opened.errors == []


def test_days_without_any_match_show_all_and_say_so(visit, demo_app):
    seen = visit(demo_app).open("?days=1990-01-01,1990-01-31")
    seen.map.wait_for_function(f"{HELD}.whole && !{HELD}.when")
    assert days_shown(seen) == "Days: all, none in 1 Jan 1990 – 31 Jan 1990"
    seen.map.locator(".atlas-days summary").click()
    seen.map.get_by_role("button", name="All days").click()
    seen.page.wait_for_function("!location.search.includes('days=')")
    assert days_shown(seen) == "Days"
    assert seen.errors == []


def test_the_page_runs_once_after_a_drag_and_not_at_each_step(opened):
    opened.map.locator(".atlas-days summary").click()
    opened.page.evaluate(COUNT_TOLD)
    handle = opened.map.get_by_label("First day").bounding_box()
    y = handle["y"] + handle["height"] / 2
    mouse = opened.page.mouse
    mouse.move(handle["x"] + 7, y)
    mouse.down()
    for step in range(1, 9):
        mouse.move(handle["x"] + 7 + 12 * step, y)
        # longer than the page waits for days that rest
        opened.page.wait_for_timeout(1_700 if step == 4 else 40)
    opened.map.wait_for_function(f"{HELD}.when !== undefined")
    assert opened.page.evaluate("window.told") == 0
    assert "days=" not in opened.page.url
    mouse.up()
    opened.page.wait_for_url("**days=*")
    opened.settle()
    assert opened.page.evaluate("window.told") == 1
    assert opened.errors == []


def test_the_page_hears_of_picked_days_as_soon_as_the_pointer_leaves_the_map(opened):
    opened.map.locator(".atlas-days summary").click()
    opened.page.evaluate(COUNT_TOLD)
    told = opened.map.evaluate(
        """() => {
            document.querySelector(".atlas-days [aria-label='Step on']").click();
            const before = parent.told;
            document.documentElement.dispatchEvent(new MouseEvent("mouseleave"));
            return new Promise(done => setTimeout(() => done([before, parent.told]), 100));
        }"""
    )
    assert told == [0, 1]
    opened.page.wait_for_url("**days=*")
    assert opened.errors == []


def test_the_page_runs_once_after_a_play_and_not_at_each_step(opened):
    opened.map.locator(".atlas-days summary").click()
    opened.page.evaluate(COUNT_TOLD)
    opened.map.get_by_role("button", name="Play").click()
    shown = "document.querySelector('.atlas-days .chosen').textContent"
    for _ in range(3):
        before = opened.map.evaluate(shown)
        opened.map.wait_for_function(f"{shown} !== {before!r}")
    assert opened.page.evaluate("window.told") == 0
    opened.map.get_by_role("button", name="Pause").click()
    opened.page.wait_for_url("**days=*")
    opened.settle()
    assert opened.page.evaluate("window.told") == 1
    assert opened.errors == []
