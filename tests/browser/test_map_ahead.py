"""Does the map show the next filter ahead of its page, and never an older one after it?"""

import pytest

from geo.layerfile import LayerMeta
from geo.store import LayerStore
from tests.browser.driving import serve
from tests.browser.test_map_moving import ALONE, QUERY, SEEN, crowded
from tests.examples import NOW

pytestmark = pytest.mark.browser
# what each page finds on the map when it tells of its view: was it there already?
WATCH = """() => {
    const layer = L.atlas.layer, show = L.atlas.show;
    window.pages = [];
    L.atlas.show = (token, ...rest) => {
        const there = layer._shown === token && !layer.isAsking();
        window.pages.push({ there, told: rest.at(-1) });
        show(token, ...rest);
    };
}"""


@pytest.fixture(scope="module")
def crowded_app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crowd")
    LayerStore(folder).upsert("crowd", crowded(), by="", now=NOW, meta=LayerMeta(title="Crowd"))
    with serve(folder) as url:
        yield url


def toggle(window, group):
    window.page.get_by_role("button", name=group, exact=True).first.click()
    window.settle()
    return window.map


def test_a_filter_is_on_the_map_before_its_page_and_counts_what_the_view_alone_would(
    visit, crowded_app
):
    groups = ("combat", "explosive", "civilians", "unrest", "control", "diplomacy")
    window = visit(crowded_app).open("&".join((QUERY, *(f"type={group}" for group in groups))))
    window.map.evaluate(WATCH)
    frame = toggle(window, "Combat")
    [page] = frame.evaluate("window.pages")
    assert page["there"]
    seen, alone = frame.evaluate(SEEN), frame.evaluate(ALONE)
    assert seen["cells"] == alone["cells"]
    assert seen["counted"] == alone["counted"] > 0
    matched = int(window.ledger().split(" of ")[0].replace(",", ""))
    assert window.drawn() == matched
    assert window.errors == []


def test_few_incidents_are_on_the_map_before_their_page_too(visit, demo_app):
    window = visit(demo_app).open()
    window.map.evaluate(WATCH)
    frame = toggle(window, "Combat")
    assert [page["there"] for page in frame.evaluate("window.pages")] == [True]
    assert window.ledger().startswith(f"{window.drawn()} of 25")
    assert window.errors == []


def test_hexagons_and_chosen_days_stay_with_the_next_filter(visit, crowded_app):
    window = visit(crowded_app).open(f"{QUERY}&as=hexagons&days=2025-02-01,2025-03-01")
    window.map.evaluate(WATCH)
    days = window.map.evaluate(SEEN)["days"]
    assert days
    frame = toggle(window, "Combat")
    assert [page["there"] for page in frame.evaluate("window.pages")] == [True]
    assert frame.evaluate("Boolean(L.atlas.layer._data.hexagons)")
    assert frame.evaluate(SEEN)["days"] == days
    assert window.errors == []


def test_a_page_that_was_overtaken_changes_nothing_on_the_map(visit, demo_app):
    window = visit(demo_app).open()
    window.map.evaluate(WATCH)
    frame = toggle(window, "Combat")
    [page] = frame.evaluate("window.pages")
    shown = frame.evaluate("L.atlas.layer._token")
    older = page["told"] | {"turn": page["told"]["turn"] - 1}
    frame.evaluate("older => L.atlas.show('', -1, 0, null, null, null, older)", older)
    assert frame.evaluate("L.atlas.layer._token") == shown
    # another session of the same window counts anew
    other = {"line": "0" * 48, "turn": 0}
    frame.evaluate("other => L.atlas.show('', -1, 0, null, null, null, other)", other)
    assert frame.evaluate("L.atlas.layer._token") == ""


def test_without_a_line_the_map_hears_of_the_filter_with_its_page(visit, demo_app):
    window = visit(demo_app)
    window.page.route_web_socket("**/atlas/ahead", lambda line: line.close())
    window.open()
    window.map.evaluate(WATCH)
    frame = toggle(window, "Combat")
    assert not any(page["there"] for page in frame.evaluate("window.pages"))
    assert window.ledger().startswith(f"{window.drawn()} of 25")


def test_a_line_that_broke_is_taken_up_again_with_the_next_page(visit, demo_app):
    window = visit(demo_app)
    lines = []

    def hold(line):
        lines.append(line)
        line.connect_to_server()

    window.page.route_web_socket("**/atlas/ahead", hold)
    window.open()
    window.map.evaluate(WATCH)
    lines[0].close()
    toggle(window, "Combat")
    frame = toggle(window, "Explosive")
    assert len(lines) == 2
    assert [page["there"] for page in frame.evaluate("window.pages")] == [False, True]


def test_a_window_hears_nothing_of_what_another_one_does(visit, demo_app):
    one, other = (visit(demo_app).open() for _ in range(2))
    before = other.map.evaluate("L.atlas.layer._token")
    toggle(one, "Combat")
    assert other.map.evaluate("L.atlas.layer._token") == before
