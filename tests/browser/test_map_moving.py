"""Does a map of many that moves show at once what is true of its view, and nothing else?"""

import random
from datetime import date, timedelta

import pytest

from geo.incident import Point
from geo.layerfile import LayerMeta
from geo.store import LayerStore
from geo.taxonomy import event_types
from geo.webmap.crowd import WHOLE
from tests.browser.driving import serve
from tests.examples import NOW, incident

pytestmark = pytest.mark.browser
KINDS = [kind.id for kind in event_types()]
# a view in the middle of the crowd
QUERY = "?view=20,0,60,25"
# what lies on the screen, and whether it is painted from an answer that shows it
SEEN = """(() => {
    const layer = L.atlas.layer, map = layer._map, view = layer._view;
    const named = cell => `${cell.kind}/${cell.key}`;
    return {
        painted: layer._painted.zoom === map.getZoom()
            && layer._painted.corner.equals(map.containerPointToLatLng([0, 0]))
            && L.atlasShows(layer._data, L.atlasView(map)),
        legend: document.querySelector(".atlas-incident-legend summary").textContent,
        counted: view.in_view, each: layer._data.each, asks: layer.isAsking(),
        days: layer._shown_days,
        cells: Object.fromEntries(view.cells.map(cell => [named(cell), cell.n])),
        places: Object.fromEntries(view.cells.map(cell => [named(cell), [cell.x, cell.y]])),
    };
})()"""
# the same view, asked for by itself, without a margin
ALONE = """(async () => {
    const layer = L.atlas.layer, view = L.atlasView(layer._map);
    const days = layer._window ? `&from=${layer._window[0]}&to=${layer._window[1]}` : "";
    const answer = await (await fetch(`${layer.url()}?${L.atlasAsked(view)}${days}`)).json();
    const data = L.atlasUnpacked(answer, await layer._looks);
    const seen = L.atlasSigns.seen(data, layer._frame());
    layer._paint();
    const cells = seen.cells.map(cell => [`${cell.kind}/${cell.key}`, cell.n]);
    return { counted: seen.in_view, each: data.each, cells: Object.fromEntries(cells) };
})()"""
STEP = """document.querySelector(".atlas-days [aria-label='Step on']").click();"""
# the days that are chosen, and whether those that come next are at hand
CHOSEN = "(({_window: days}) => days ? `&from=${days[0]}&to=${days[1]}` : '')(L.atlas.layer)"
NEXT = """(({_next: days, _windows, _map}) => days !== undefined && Boolean(
    _windows.of(`&from=${days[0]}&to=${days[1]}`).find(L.atlasView(_map))
))(L.atlas.layer)"""
# whether the answers around this view and to the zooms beside it are at hand
AHEAD = """(() => {
    const layer = L.atlas.layer, map = layer._map, zoom = map.getZoom();
    const beside = [zoom - 1, zoom + 1].map(z => L.atlasView(map, map.getCenter(), z));
    return [...beside, L.atlasView(map, map.getCenter(), zoom, 1.5)]
        .every(view => layer._answers.find(view)) && !layer._fetching;
})()"""


def crowded():
    """Incidents at exact places, near places, in provinces and in one or two countries."""
    chance = random.Random(4)
    ways = [{}, {}, {}, {"precision": "near"}, {"precision": "country", "point": None}]
    ways.append({"precision": "province", "admin1": "Sindh", "countries": ("PAK",), "point": None})
    for n in range(2 * WHOLE):
        spot = Point(round(chance.gauss(40, 9), 4), round(chance.gauss(13, 7), 4))
        nations = ("ETH", "SOM") if n % 7 else ("ETH",)
        day = date(2025, 1, 1) + timedelta(days=n * 7 % 200)
        plain = {"point": spot, "countries": nations, "event_type": KINDS[n % len(KINDS)]}
        plain |= {"start": day, "end": day}
        yield incident(f"own:{n}", **(plain | ways[n % len(ways)]))


@pytest.fixture(scope="module")
def crowd():
    return list(crowded())


@pytest.fixture(scope="module")
def crowded_app(tmp_path_factory, crowd):
    folder = tmp_path_factory.mktemp("crowd")
    LayerStore(folder).upsert("crowd", crowd, by="", now=NOW, meta=LayerMeta(title="Crowd"))
    with serve(folder) as url:
        yield url


@pytest.fixture(scope="module")
def window(visit_once, crowded_app):
    seen = visit_once(crowded_app).open(QUERY)
    seen.map.wait_for_function(AHEAD)
    return seen, seen.view()


@pytest.fixture
def opened(window):
    """The map as the page opened it: its view, all days, no answer at hand but what that needs."""
    seen, (lat, lon, zoom) = window
    seen.map.evaluate(
        f"""(async () => {{
            const layer = L.atlas.layer;
            layer._map.setView([{lat}, {lon}], {zoom}, {{reset: true}});
            layer.open(null, false);
            await layer._asking.got;
            // what it does by itself a second later
            setTimeout(() => layer._reach(true));
        }})()"""
    )
    seen.map.wait_for_function(AHEAD)
    assert seen.view() == pytest.approx([lat, lon, zoom])
    return seen


def moved(seen, how):
    """Move the map and say, in the same turn of the browser, what it shows."""
    return seen.map.evaluate(f"(() => {{ L.atlas.layer._map.{how}; return {SEEN}; }})()")


@pytest.mark.parametrize(
    "how",
    [
        "panBy([300, -80], {animate: false})",
        "setZoom(L.atlas.layer._map.getZoom() - 1, {animate: false})",
        "setZoom(L.atlas.layer._map.getZoom() + 1, {animate: false})",
        "setZoom(L.atlas.layer._map.getZoom() + 0.25, {animate: false})",
    ],
)
def test_a_move_is_painted_at_once_and_says_what_the_view_alone_would(opened, how):
    at_once = moved(opened, how)
    assert at_once["painted"]
    assert not at_once["asks"]
    assert at_once["legend"].startswith(f"{at_once['counted']:,} in view")
    alone = opened.map.evaluate(ALONE)
    assert alone["cells"] == at_once["cells"]
    assert alone["counted"] == at_once["counted"] > 0
    assert opened.errors == []


def test_a_cell_stays_the_same_while_the_map_is_moved(opened):
    before = opened.map.evaluate(SEEN)
    after = moved(opened, "panBy([137, 41], {animate: false})")
    both = before["cells"].keys() & after["cells"].keys()
    assert len(both) > 10
    for key in both:
        assert before["cells"][key] == after["cells"][key]
        assert before["places"][key] == after["places"][key]


def test_the_whole_crowd_is_in_the_view_of_the_world(opened, crowd):
    opened.map.evaluate("L.atlas.layer._map.setView([15, 45], 2, {animate: false})")
    opened.map.wait_for_function(f"!({SEEN}).asks && ({SEEN}).painted")
    assert opened.map.evaluate(SEEN)["counted"] == len(crowd)


def test_symbols_of_a_near_view_are_counted_where_they_stand(opened, crowd):
    """Compare with the positions themselves, whichever answer shows the view."""
    for lat, lon in ((13, 40), (11.2, 42.6), (16, 37)):
        opened.map.evaluate(f"L.atlas.layer._map.setView([{lat}, {lon}], 8.5, {{animate: false}})")
        opened.map.wait_for_function(f"!({SEEN}).asks && ({SEEN}).painted && ({SEEN}).each")
        west, south, east, north = opened.map.evaluate(
            "L.atlas.layer._map.getBounds().toBBoxString().split(',').map(Number)"
        )
        there = sum(
            1
            for i in crowd
            if i.point and west <= i.point.lon <= east and south <= i.point.lat <= north
        )
        badges = opened.map.evaluate(
            "L.atlas.layer._view.countries.length + L.atlas.layer._view.units.length"
        )
        if not badges:
            assert opened.map.evaluate(SEEN)["counted"] == there > 0


def test_a_view_that_no_answer_shows_is_not_counted_as_another(opened):
    held = opened.map.evaluate(
        f"""(() => {{
            const layer = L.atlas.layer, real = window.fetch;
            window.release = () => {{ window.fetch = real; layer._drop(); layer._rested(); }};
            window.fetch = (_, asked) => new Promise((_, fail) =>
                asked?.signal?.addEventListener("abort", () => fail(asked.signal.reason)));
            layer._map.setZoom(layer._map.getZoom() + 3, {{animate: false}});
            return [({SEEN}).painted, layer._hits.length, ({SEEN}).legend];
        }})()"""
    )
    assert held == [False, 0, "Counting …"]
    opened.map.evaluate("window.release()")
    opened.map.wait_for_function(f"!({SEEN}).asks && ({SEEN}).painted")
    assert opened.map.evaluate(SEEN)["legend"].endswith("in view")
    assert opened.errors == []


def test_days_leave_no_answer_of_before_at_hand(opened):
    before = opened.map.evaluate(SEEN)["counted"]
    opened.map.evaluate("L.atlas.layer.setWindow(['1999-01-01', '1999-01-02'])")
    opened.map.wait_for_function(f"!({SEEN}).asks && L.atlas.layer._data.when")
    assert opened.map.evaluate(SEEN)["counted"] == 0 < before
    assert moved(opened, "panBy([90, 0], {animate: false})")["counted"] == 0


def test_days_that_step_on_are_painted_at_once_and_say_what_they_alone_would(opened):
    opened.map.evaluate(STEP)
    seen = set()
    for _ in range(3):
        opened.map.wait_for_function(f"!({SEEN}).asks && {NEXT}")
        at_once = opened.map.evaluate(f"(() => {{ {STEP} return {SEEN}; }})()")
        assert at_once["painted"]
        assert not at_once["asks"]
        assert at_once["days"] == opened.map.evaluate(CHOSEN) != ""
        alone = opened.map.evaluate(ALONE)
        assert alone["cells"] == at_once["cells"]
        assert alone["counted"] == at_once["counted"] > 0
        seen.add(at_once["days"])
    assert len(seen) == 3
    assert opened.errors == []


def test_signs_of_picked_days_stay_where_they_stand_when_the_map_has_come_to_rest(opened):
    standing = "JSON.stringify(L.atlas.layer._hits.map(({x, y, n}) => [x, y, n]))"
    opened.map.evaluate(STEP)
    opened.map.wait_for_function(f"!({SEEN}).asks && {NEXT}")
    before = opened.map.evaluate(standing)
    # what lies around is at hand by now
    opened.map.wait_for_function(AHEAD)
    assert opened.map.evaluate(standing) == before != "[]"


def test_days_that_outrun_their_answers_are_painted_on_the_way_and_end_where_they_ended(opened):
    shown = opened.map.evaluate(
        """(async () => {
            const layer = L.atlas.layer, real = window.fetch, shown = [], slow = 80;
            const wait = ms => new Promise(done => setTimeout(done, ms));
            window.fetch = (...asked) => wait(slow).then(() => real(...asked));
            const note = () => shown.push(layer._shown_days);
            layer.on("drawn", note);
            const last = document.querySelectorAll(".atlas-days input")[1];
            for (let at = Number(last.max) - 1; at > 4; at--) {
                last.value = at;
                last.oninput();
                await wait(slow / 4);
            }
            while (layer.isAsking()) await wait(slow);
            layer.off("drawn", note);
            window.fetch = real;
            return shown;
        })()"""
    )
    assert len(set(shown)) > 3
    assert shown[-1] == opened.map.evaluate(CHOSEN)
    # a last day that moves back is never painted forth
    assert shown == sorted(shown, reverse=True)
    alone, now = opened.map.evaluate(ALONE), opened.map.evaluate(SEEN)
    assert alone["cells"] == now["cells"]
    assert alone["counted"] == now["counted"] > 0
    assert opened.errors == []


def test_days_whose_answer_fails_hold_up_none_that_came_after(opened):
    opened.map.evaluate(
        """(() => {
            const real = window.fetch;
            window.fetch = () => {
                window.fetch = real;
                return Promise.reject(new TypeError("lost"));
            };
            const [, last] = document.querySelectorAll(".atlas-days input");
            for (const back of [2, 4]) { last.value = Number(last.max) - back; last.oninput(); }
        })()"""
    )
    opened.map.wait_for_function(f"!({SEEN}).asks && ({SEEN}).days === {CHOSEN}")
    assert opened.map.evaluate(SEEN)["counted"] == opened.map.evaluate(ALONE)["counted"] > 0
    assert opened.errors == []


def test_a_drag_is_painted_on_and_less_motion_is_respected(visit, crowded_app):
    seen = visit(crowded_app)
    seen.page.emulate_media(reduced_motion="reduce")
    seen.open(QUERY).map.wait_for_function(AHEAD)
    box = seen.page.locator('iframe[title="streamlit_folium.st_folium"]').bounding_box()
    x, y = box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.6
    seen.page.mouse.move(x, y)
    seen.page.mouse.down()
    seen.page.mouse.move(x - 90, y - 30, steps=6)
    seen.map.wait_for_function(f"({SEEN}).painted")
    seen.page.mouse.up()
    zoomed = moved(seen, "setZoom(L.atlas.layer._map.getZoom() - 1)")
    assert zoomed["painted"]
    assert moved(seen, "panBy([200, 0])")["painted"]
    assert seen.errors == []
