"""Does text from outside stay text in a real browser, on every page that shows it?"""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings

from geo.incident import Actor, Claim, Point, Site, Source
from geo.layerfile import LayerMeta
from geo.store import LayerStore
from tests.browser.driving import serve
from tests.examples import NOW, incident
from tests.strategies import HOSTILE, texts

pytestmark = pytest.mark.browser

DRAWN = 3_000
A_PLACE = 200
# each tries to leave a trace that a page can be asked for
TRAPS = (
    "<img src=x onerror=window.hit=1>",
    "</script><script>window.hit=1</script>",
    "{{7*7}}",
    "${window.hit=1}",
    "`${window.hit=1}`",
    "javascript:window.hit=1",
    "[x](javascript:window.hit=1)",
    "![x](http://192.0.2.1/x.png)",
    '"><svg/onload=window.hit=1>',
    "$x^2$ :red[x] :material/home: ~~gone~~ **bold**",
    "=HYPERLINK(1)",
    "C:\\new\\table",
    "\u202eevil\u202c \U0001f469\u200d\U0001f680 a\u0301",
)


def trapped(n, trap):
    made = incident(
        f"own:{n}",
        title=f"{trap} {n}",
        summary=trap,
        place_name=trap,
        admin1=trap,
        admin2=trap,
        actors=(Actor(name=trap, role=trap),),
        claims=(Claim(field="event_type", value=trap, whom="all", scope=trap, claimant=trap),),
        sources=(Source(publisher=trap, title=trap, quote=trap),),
        sites=(Site(name=trap, point=Point(61.0, 37.0)),),
        point=Point(60.0 + 2 * n, 33.0),
        licence=trap,
    )
    return replace(made, native={trap: trap})


def filled(folder, incidents):
    store = LayerStore(folder)
    meta = LayerMeta(title=TRAPS[0], description=" ".join(TRAPS), licence=TRAPS[1])
    store.create("hostile", meta, by="", now=NOW)
    store.upsert("hostile", incidents, by="", now=NOW)
    return folder


@pytest.fixture(scope="module")
def trapped_app(tmp_path_factory):
    """The app over a layer whose every field is hostile."""
    made = [trapped(n, trap) for n, trap in enumerate(TRAPS)]
    with serve(filled(tmp_path_factory.mktemp("hostile"), made)) as url:
        yield url


def hit(window):
    return [frame.url for frame in window.page.frames if frame.evaluate("window.hit !== undefined")]


def clean(window):
    """Assert that nothing ran, nothing was asked for abroad and nothing broke."""
    assert hit(window) == []
    assert window.foreign() == set()
    assert window.errors == []


def test_an_incident_in_full_shows_its_text_and_runs_none(visit, trapped_app):
    window = visit(trapped_app).open()
    tip = window.map.locator(".atlas-tip b")
    panel = window.page.locator(".st-key-panel")
    for n, trap in enumerate(TRAPS):
        title = f"{trap} {n}"
        click_on(window, n)
        window.page.wait_for_url(f"**sel=own%3A{n}**")
        window.settle()
        assert tip.text_content() == title
        # spaces aside: a browser may lay them out as it likes
        assert squeezed(title) in squeezed(panel.inner_text())
        assert panel.locator(".katex, img, s").count() == 0
    clean(window)


def click_on(window, n):
    """Hover over one incident's own symbol on the map, then choose it."""
    window.map.evaluate(
        """async n => {
            const layer = L.atlas.layer;
            const rows = await layer._tell_about([...Array(13).keys()], 13);
            const at = layer._at_row.get(rows.find(row => row.id === `own:${n}`).i);
            const own = layer._hits.find(hit => hit.incidents.join() === String(at));
            layer._over = null;
            await layer._hover({ containerPoint: L.point(own.x, own.y) });
            layer._choose(at);
        }""",
        n,
    )


def squeezed(text):
    # an unseen joiner keeps the page from making links of addresses
    return re.sub(r"\s+", " ", text.replace("\u2060", "")).strip()


def test_every_page_survives_a_hostile_layer(visit, trapped_app):
    window = visit(trapped_app).open("?sel=own:1")
    page = window.page
    page.get_by_role("tab", name="Counts").click()
    window.settle()
    clean(window)
    for name in ("Add and correct", "Snapshot", "Import"):
        page.get_by_role("link", name=name).first.click()
        window.settle()
        page.wait_for_timeout(1500)
        assert page.locator('[data-testid="stException"]').count() == 0
        clean(window)


def test_three_thousand_odd_titles_reach_the_browser_letter_by_letter(visit, tmp_path):
    titles = drawn_titles()
    made = [
        incident(f"own:{n}", title=title, point=Point(60.0 + n // A_PLACE, 33.0))
        for n, title in enumerate(titles)
    ]
    with serve(filled(tmp_path, made)) as url:
        window = visit(url).open()
        assert window.drawn() == DRAWN
        shown = window.map.evaluate(
            """async () => {
                const layer = L.atlas.layer, n = layer._data.matched, found = {};
                for (let from = 0; from < n; from += 200) {
                    const of = [...Array(200).keys()].map(i => from + i).filter(i => i < n);
                    const said = await fetch(`${layer.url()}/about?of=${of.join(",")}`);
                    const rows = await said.json();
                    layer._list({ n: of.length }, rows);
                    const buttons = [...document.querySelectorAll(".atlas-card .rows button")];
                    rows.forEach((row, i) => { found[row.id] = buttons[i].firstChild.data; });
                }
                return found;
            }"""
        )
        assert shown == {f"own:{n}": title for n, title in enumerate(titles)}
        clean(window)


def drawn_titles():
    """Draw titles by hypothesis, hostile ones first."""
    found = dict.fromkeys(HOSTILE)

    @settings(max_examples=DRAWN + 1_000, database=None)
    @given(texts())
    def draw(text):
        if text.strip():
            found.setdefault(text)

    draw()
    assert len(found) >= DRAWN
    return list(found)[:DRAWN]
