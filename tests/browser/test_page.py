"""Does a briefing's page work from disk: no request, counts that add up, map and table linked?"""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from geo.filters import Filter, select
from geo.incident import Claim, Incident, Point, Recorded, Source, Toll
from geo.snapshot import Brief, frame_for
from geo.snapshot.make import draw
from geo.store import LayerStore
from tests.browser.driving import ROOT
from tests.strategies import HOSTILE

pytestmark = pytest.mark.browser
DEMO = "afghanistan-pakistan-2025"
AS_OF = datetime(2025, 11, 25, 12, tzinfo=UTC)


def written(incidents, folder, **given):
    query = given.pop("query", Filter())
    frame = frame_for(select(incidents, query).matches)
    fields = {
        "title": "Title",
        "query": query,
        "selection": select(incidents, query, frame=frame),
        "layers": (("demo", "v1"),),
        "as_of": AS_OF,
        "frame": frame,
    }
    path = folder / "briefing.html"
    path.write_bytes(draw(Brief(**(fields | given)), fmt="html"))
    return path.as_uri()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    layer = LayerStore(ROOT / "layers").read(DEMO)
    return written(layer.incidents, tmp_path_factory.mktemp("page"))


@pytest.fixture
def opened(visit):
    def go(url, **size):
        made = visit(url, **size)
        made.page.goto(url)
        made.page.wait_for_selector("html.ready")
        made.page.wait_for_selector("#legend li")
        return made

    return go


def until(page, true):
    """Wait for an expression; the page's policy forbids the driver's own way of waiting."""
    for _ in range(100):
        if page.evaluate(true):
            return
        page.wait_for_timeout(50)
    msg = f"never came true within 5 s: {true}"
    raise AssertionError(msg)


def counts(page):
    """What the page says is shown, of how many, by place and by reason."""
    held = page.eval_on_selector("#shown", "e => ({...e.dataset})")
    return (
        int(held["shown"]),
        int(held["matched"]),
        [int(n) for n in held["places"].split()],
        [int(n) for n in held["hidden"].split()],
    )


def adds_up(page):
    shown, matched, places, hidden = counts(page)
    assert sum(places) == shown
    assert shown + sum(hidden) == matched
    said = re.sub(r"\s+", " ", page.inner_text("#shown"))
    assert said.startswith(f"Showing {shown:,} of {matched:,} incidents")
    return shown, matched


@pytest.mark.parametrize("size", [(360, 740), (768, 1024), (1366, 768)])
def test_page_opens_from_disk_asks_for_nothing_and_fits(demo, opened, size):
    width, height = size
    seen = opened(demo, width=width, height=height)
    assert seen.asked == [demo]
    assert seen.errors == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    shown, matched = adds_up(seen.page)
    assert shown == matched == seen.page.locator("#rows tr").count()
    assert seen.page.locator("#map .sign").count() > 5


def test_filters_change_counts_that_add_up(demo, opened):
    seen = opened(demo)
    page = seen.page
    everything, _ = adds_up(page)
    page.fill("#search", "kabul")
    until(page, f"Number(document.querySelector('#shown').dataset.shown) < {everything}")
    found, _ = adds_up(page)
    assert 0 < found == page.locator("#rows tr").count()
    page.fill("#search", "nothing of the kind")
    until(page, "document.querySelector('#shown').dataset.shown === '0'")
    assert page.locator("#nothing").is_visible()
    until(page, "!document.querySelector('#legend').textContent.includes('Armed clash')")
    page.click("#reset")
    assert adds_up(page)[0] == everything
    page.click("#pick-types summary")
    page.locator("#pick-types .pick-head input").first.uncheck()
    fewer, _ = adds_up(page)
    assert 0 < fewer < everything
    page.select_option("#country", "AFG")
    assert adds_up(page)[0] <= fewer
    assert seen.errors == []


def test_slider_works_by_keyboard_and_its_bars_sum_to_what_is_shown(demo, opened):
    page = opened(demo).page
    everything, _ = adds_up(page)
    before = page.inner_text("#range")
    page.focus("#from")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    shown, _ = adds_up(page)
    assert shown < everything
    assert page.inner_text("#range") != before
    assert page.get_attribute("#from", "aria-valuetext") in page.inner_text("#range")
    assert int(page.get_attribute("#bars", "data-in-range")) == shown
    page.focus("#to")
    page.keyboard.press("Home")
    adds_up(page)
    assert int(page.input_value("#to")) == int(page.input_value("#from")) + 1


def test_row_and_symbol_choose_one_another(demo, opened):
    page = opened(demo).page
    row = page.locator("#rows tr", has_text="Pakistan closes five crossings")
    row.locator("button.title").click()
    page.wait_for_selector("#map .sign.chosen")
    assert "Pakistan closes five crossings" in page.inner_text("#details h2")
    assert row.locator("button.title").get_attribute("aria-pressed") == "true"
    page.locator("#details .close").click()
    # the map is painted anew with the next frame
    until(page, "document.querySelectorAll('#map .sign.chosen').length === 0")
    symbol = page.locator('#map .sign[aria-label^="Alleged air or drone strike"]').first
    symbol.dispatch_event("click")
    page.wait_for_selector("#rows tr.chosen")
    chosen = page.locator("#rows tr.chosen")
    assert chosen.count() == 1
    assert page.inner_text("#details h2") in chosen.inner_text()


def test_claims_stand_side_by_side_and_links_are_safe(demo, opened):
    page = opened(demo).page
    page.locator("#rows button.title", has_text="Night of fighting").click()
    table = page.locator("#details .claims table").first
    assert {"200", "58", "23", "9"} <= set(table.locator("td").all_inner_texts())
    links = page.locator("#details a")
    assert links.count() > 0
    for n in range(links.count()):
        assert links.nth(n).get_attribute("href").startswith("http")
        assert "noopener" in links.nth(n).get_attribute("rel")


def test_map_moves_and_zooms_by_keyboard(demo, opened):
    page = opened(demo).page
    at = "document.querySelector('#map > g').getAttribute('transform')"
    page.focus("#map")
    home = page.evaluate(at)
    page.keyboard.press("+")
    nearer = page.evaluate(at)
    page.keyboard.press("ArrowRight")
    assert len({home, nearer, page.evaluate(at)}) == 3
    page.keyboard.press("0")
    assert page.evaluate(at) == home


def incident(number, **given):
    fields = {
        "id": f"t:{number}",
        "event_type": "armed_clash",
        "title": f"Incident {number}",
        "start": date(2025, 10, 1) + timedelta(days=number % 40),
        "end": date(2025, 10, 1) + timedelta(days=number % 40),
        "precision": "exact",
        "point": Point(69 + number % 17 / 10, 33 + number % 13 / 10),
        "countries": ("AFG",),
        "recorded": Recorded(first_seen=AS_OF, updated=AS_OF),
    }
    return Incident(**(fields | given))


def test_hostile_text_runs_nowhere(opened, tmp_path):
    texts = [
        t for t in HOSTILE if t.strip() and not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", t)
    ]
    layer = [
        incident(
            n,
            title=text,
            summary=text,
            place_name=text,
            claims=(Claim(field="deaths", value=text, claimant=text, source=text),),
            sources=(
                Source(publisher=text, title=text, quote=text, url="https://example.org/'\"<x>"),
            ),
        )
        for n, text in enumerate(texts)
    ]
    url = written(layer, tmp_path, title=" ".join(texts))
    seen = opened(url)
    page = seen.page
    assert page.evaluate("document.querySelectorAll('script').length") == 3
    titles = page.locator("#rows button.title")
    for n in range(titles.count()):
        titles.nth(n).evaluate("e => e.click()")
    shown = page.locator("#rows button.title").all_text_contents()
    assert set(texts) == set(shown)
    assert (
        page.evaluate("document.querySelectorAll('img, iframe, svg[onload], #rows script').length")
        == 0
    )
    assert seen.asked == [url]
    assert seen.errors == []


def test_legend_lists_what_is_in_view_and_counts_it(opened, tmp_path):
    layer = [
        incident(1),
        incident(2, event_type="riot", assessment="disputed", deaths=Toll(1, 1, 1)),
    ]
    page = opened(written(layer, tmp_path)).page
    said = page.inner_text("#legend")
    assert "Armed clash" in said
    assert "Riot" in said
    assert "disputed" in said
    assert "claimed" not in said
    assert "province" not in said
    page.fill("#search", "Incident 1")
    until(page, "!document.querySelector('#legend').textContent.includes('Riot')")


def test_six_thousand_incidents_are_counted_whole(opened, tmp_path):
    layer = [incident(n) for n in range(6_416)]
    seen = opened(written(layer, tmp_path))
    page = seen.page
    assert adds_up(page) == (6_416, 6_416)
    assert "6,416 incidents in this view" in page.inner_text("#in-view")
    labels = page.locator("#map .sign").evaluate_all(
        "all => all.map(e => e.getAttribute('aria-label'))"
    )
    numbers = [int(re.match(r"[\d,]+", label)[0].replace(",", "")) for label in labels]
    assert sum(numbers) == 6_416
    assert seen.errors == []


def test_uncertain_dates_can_be_left_out(opened, tmp_path):
    month = incident(
        3, date_precision="month", start=date(2025, 9, 15), end=date(2025, 10, 14), title="Some day"
    )
    query = Filter(start=date(2025, 10, 1), end=date(2025, 11, 30))
    page = opened(written([incident(1), incident(2), month], tmp_path, query=query)).page
    assert adds_up(page) == (3, 3)
    page.check("#certain")
    assert adds_up(page) == (2, 3)
    assert "of uncertain date 1" in page.inner_text("#shown")


def test_page_prints(demo, opened):
    page = opened(demo).page
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible()
    assert page.locator("#map").is_visible()
    assert page.locator("#rows tr").first.is_visible()
    assert len(page.pdf(format="A4")) > 20_000


def test_set_aside_is_counted_apart(opened, tmp_path):
    layer = [incident(1), incident(2)]
    frame = frame_for(select(layer, Filter()).matches)
    chosen = select(layer, Filter(), frame=frame, set_aside=frozenset({"t:1"}))
    url = written(layer, tmp_path, selection=chosen, set_aside=frozenset({"t:1"}))
    page = opened(url).page
    assert counts(page)[2] == [1, 0, 0, 1]
    assert "1 set aside" in page.inner_text("#shown")
