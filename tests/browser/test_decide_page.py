"""Can a person work through what is open in a real browser, by keys and on a telephone?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.incident import Actor, Point, Source, Toll
from geo.keeping import Keeper
from geo.layerfile import LayerMeta, fingerprint
from geo.living import living
from tests.browser.driving import serve
from tests.stores import NOW, imported, later

pytestmark = pytest.mark.browser
WIRE = "Twelve soldiers died when fighters stormed a post near the crossing on Saturday"


@pytest.fixture
def folder(tmp_path):
    """A layer with two conflicts and one pair that may be one event."""
    made = Keeper(tmp_path / "layers")
    actors = (Actor(name="TTP"),)
    raid = imported("ucdp:1", actors=actors, sources=(Source(publisher="A", title=WIRE),))
    quiet = [imported(f"ucdp:{n}", point=Point(66.0 + n, 31.0)) for n in (2, 3)]
    made.upsert("test", [raid, *quiet], by="", now=NOW, meta=LayerMeta(title="Test layer"))
    for n, old in enumerate(i for i in made.read("test").incidents if i.id != "ucdp:1"):
        new = replace(old, title="سيطرة على المعبر" if n else "Ours", point=Point(68.5, 31.2))
        made.save("test", new, expected=fingerprint(old), by="Amina", now=later(1))
    says = {"title": "Theirs", "point": Point(68.0, 31.4), "deaths": Toll(7, 7, 7)}
    made.upsert("test", [replace(one, **says) for one in quiet], by="", now=later(2))
    post = imported(
        "acled:1", actors=actors, point=Point(71.12, 34.14), precision="near", radius_km=25.0
    )
    made.upsert("test", [post], by="", now=later(3))
    return tmp_path / "layers"


@pytest.mark.parametrize("width", [1366, 390])
def test_what_is_open_is_worked_through(folder, visit, width):
    with serve(folder, GEO_USER="Cy") as url:
        window = visit(url, width=width, height=1000)
        page = window.page
        page.goto(f"{url}/decide?layer=test")
        page.get_by_text("Conflicts · 2").wait_for()
        window.settle()
        page.keyboard.press("Alt+o")
        page.get_by_text("(ucdp:2)").and_(page.get_by_text("Decided")).wait_for()
        page.get_by_text("Conflicts · 1").wait_for()
        window.settle()
        assert page.evaluate("document.body.scrollWidth <= window.innerWidth")
        page.get_by_role("button", name="All theirs").click()
        page.get_by_text("No conflict waits").wait_for()
        page.get_by_text("One event?").first.click()
        page.get_by_text("For one event").wait_for()
        window.settle()
        assert page.evaluate("document.body.scrollWidth <= window.innerWidth")
        page.get_by_role("button", name="Merge: one event").click()
        page.get_by_text("are one event").wait_for()
        page.get_by_text("Merged · 1").click()
        page.get_by_role("button", name="Undo the merge").click()
        page.get_by_text("every part is back").wait_for()
        # opened by its own address, Streamlit first looks for its server below the page
        assert [e for e in window.errors if "404" not in e] == []
        assert window.foreign() == set()
    store = Keeper(folder)
    done = [(step.action, step.who) for step in store.history("test")][:4]
    assert done == [("unmerge", "Cy"), ("merge", "Cy"), ("decide", "Cy"), ("decide", "Cy")]
    assert [i.title for i in store.read("test").incidents][2:] == ["Ours", "Theirs"]
    assert not any(living(i).merged_from for i in store.read("test").incidents)
