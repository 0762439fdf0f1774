"""Does the map show the next filter ahead of its page, and never an older one after it?"""

import pytest

from geo.layerfile import LayerMeta
from geo.store import LayerStore
from tests.browser.driving import serve
from tests.browser.test_map_moving import ALONE, CHOSEN, QUERY, SEEN, crowded
from tests.examples import NOW

pytestmark = pytest.mark.browser
# keeps from the map what its page tells, so that what it shows it heard over its line
HUSH = """() => {
    const show = L.atlas.show;
    window.pages = [];
    L.atlas.show = (...told) => { window.pages.push(told); };
    window.before = L.atlas.layer._token;
    window.tell = () => { L.atlas.show = show; for (const told of window.pages) show(...told); };
}"""
TOLD = """L.atlas.layer._token !== window.before && L.atlas.layer._shown === L.atlas.layer._token
    && !L.atlas.layer.isAsking()"""


@pytest.fixture(scope="module")
def crowded_app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crowd")
    LayerStore(folder).upsert("crowd", crowded(), by="", now=NOW, meta=LayerMeta(title="Crowd"))
    with serve(folder) as url:
        yield url


def toggle(window, group):
    window.page.get_by_role("button", name=group, exact=True).first.click()
    window.settle()


def heard(window, group):
    """Filter by a group, and wait until the map has heard of it over its line."""
    window.map.evaluate(HUSH)
    toggle(window, group)
    window.map.wait_for_function(TOLD)
    return window.map


def test_the_map_shows_a_filter_without_its_page_and_counts_what_the_view_alone_would(
    visit, crowded_app
):
    groups = ("combat", "explosive", "civilians", "unrest", "control", "diplomacy")
    window = visit(crowded_app).open("&".join((QUERY, *(f"type={group}" for group in groups))))
    frame = heard(window, "Combat")
    seen, alone = frame.evaluate(SEEN), frame.evaluate(ALONE)
    assert seen["cells"] == alone["cells"]
    assert seen["counted"] == alone["counted"] > 0
    matched = int(window.ledger().split(" of ")[0].replace(",", ""))
    assert window.drawn() == matched
    # the page then tells of the same view
    told = frame.evaluate("L.atlas.layer._token")
    frame.evaluate("window.tell()")
    assert frame.evaluate("L.atlas.layer._token") == told
    assert window.errors == []


def test_few_incidents_need_no_page_either(visit, demo_app):
    window = visit(demo_app).open()
    heard(window, "Combat")
    assert window.ledger().startswith(f"{window.drawn()} of 25")
    assert window.errors == []


def test_hexagons_and_chosen_days_stay_with_the_next_filter(visit, crowded_app):
    window = visit(crowded_app).open(f"{QUERY}&as=hexagons&days=2025-02-01,2025-03-01")
    frame = heard(window, "Combat")
    assert frame.evaluate("Boolean(L.atlas.layer._data.hexagons)")
    assert frame.evaluate(SEEN)["days"] == frame.evaluate(CHOSEN) != ""
    assert window.errors == []


def test_an_area_is_in_the_legend_as_soon_as_it_is_outlined(visit, demo_app):
    window = visit(demo_app).open("?bbox=60,25,80,40")
    row = ".atlas-incident-legend >> text=area filtered by"
    frame = window.map
    frame.wait_for_selector(row)
    window.page.get_by_role("button", name="Clear the area").click()
    window.settle()
    frame.wait_for_selector(row, state="detached")


def test_a_page_that_was_overtaken_changes_nothing_on_the_map(visit, demo_app):
    window = visit(demo_app).open()
    frame = heard(window, "Combat")
    shown = frame.evaluate("L.atlas.layer._token")
    frame.evaluate(
        """() => {
            const told = window.pages.at(-1).at(-1);
            window.pages = [["", -1, 0, null, null, null, { ...told, turn: told.turn - 1 }]];
            window.tell();
        }"""
    )
    assert frame.evaluate("L.atlas.layer._token") == shown
    # another session in the same window counts its turns anew
    other = {"line": "0" * 48, "turn": 0}
    frame.evaluate("other => L.atlas.show('', -1, 0, null, null, null, other)", other)
    assert frame.evaluate("L.atlas.layer._token") == ""


def test_without_a_line_the_map_hears_of_the_filter_with_its_page(visit, demo_app):
    window = visit(demo_app)
    window.page.route_web_socket("**/atlas/ahead", lambda line: line.close())
    window.open()
    window.map.evaluate(HUSH)
    toggle(window, "Combat")
    assert not window.map.evaluate(TOLD)
    window.map.evaluate("window.tell()")
    window.map.wait_for_function(TOLD)
    assert window.ledger().startswith(f"{window.drawn()} of 25")


def test_a_line_that_broke_is_taken_up_again_with_the_next_page(visit, demo_app):
    window = visit(demo_app)
    lines = []

    def hold(line):
        lines.append(line)
        line.connect_to_server()

    window.page.route_web_socket("**/atlas/ahead", hold)
    window.open()
    assert window.map
    lines[0].close()
    toggle(window, "Combat")
    heard(window, "Explosive")
    assert len(lines) == 2


def test_a_window_hears_nothing_of_what_another_one_does(visit, demo_app):
    one, other = (visit(demo_app).open() for _ in range(2))
    before = other.map.evaluate("L.atlas.layer._token")
    heard(one, "Combat")
    assert other.map.evaluate("L.atlas.layer._token") == before
