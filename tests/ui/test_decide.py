"""Does the Decide page show what waits, in words, and do with it what it says?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo import decisions
from geo.incident import Actor, Point, Source, Toll
from geo.layerfile import LayerMeta, fingerprint
from geo.living import living
from geo.store import LayerStore
from tests.stores import NOW, imported, later
from tests.ui.conftest import check, texts

WIRE = "Twelve soldiers died when fighters stormed a post near the crossing on Saturday"
RAID = imported(
    "ucdp:1",
    title="Clash at the crossing",
    actors=(Actor(name="TTP"),),
    sources=tuple(Source(publisher=p, title=WIRE) for p in ("A", "B", "C", "D", "E")),
)
SAME = imported(
    "acled:1",
    title="Raid on a post",
    actors=(Actor(name="TTP"),),
    point=Point(71.12, 34.14),
    precision="near",
    radius_km=25.0,
)


@pytest.fixture
def store(layers):
    return LayerStore(layers)


@pytest.fixture
def page(opened, store):
    """Open the page over a layer that holds the incidents given."""

    def go(*incidents, section="", who="Ann", **state):
        if incidents:
            store.upsert("test", incidents, by="", now=NOW, meta=LayerMeta(title="Test layer"))
        app = opened(page="decide.py", state=state)
        app.text_input(key="who").set_value(who)
        if section:
            app.segmented_control(key="decide_section").set_value(section)
        return check(app.run())

    return go


@pytest.fixture
def torn(store):
    """A layer in which a source says something else than a correction, of several incidents."""

    def make(*ids, ours=None, theirs=None):
        first = [imported(key, actors=(Actor(name="TTP"),)) for key in ids]
        store.upsert("test", first, by="", now=NOW, meta=LayerMeta(title="Test layer"))
        for key in ids:
            old = held(store, key)
            new = replace(old, **(ours or {"title": "Ours", "deaths": Toll(2, 2, 2)}))
            store.save("test", new, expected=fingerprint(old), by="Amina", now=later(1))
        says = theirs or {"title": "Theirs", "deaths": Toll(7, 7, 7), "summary": "More is known"}
        store.upsert("test", [replace(one, **says) for one in first], by="", now=later(2))

    return make


def held(store, key):
    return next(i for i in store.read("test").incidents if i.id == key)


def press(app, label):
    return check(next(b for b in app.button if b.label == label).click().run())


def plain(app):
    said = (*app.success, *app.warning, *app.info, *app.error)
    whole = "\n".join([texts(app), *(e.value for e in said)])
    # neither escapes nor the marks that keep a direction to itself are read
    return whole.translate(dict.fromkeys(map(ord, "\\\u2068\u2069")))


def tabs(app):
    return app.segmented_control(key="decide_section").options


def test_a_quiet_layer_says_that_nothing_waits(page):
    assert "No conflict waits" in plain(page(RAID))
    assert "No pair of incidents" in plain(page(section="same"))
    assert "Nothing is merged" in plain(page(section="merged"))


def test_without_a_layer_the_way_to_one_is_shown(opened):
    app = opened(page="decide.py")
    assert app.subheader[0].value == "No layer yet"


def test_a_conflict_shows_three_sides_in_words_and_who(torn, page):
    torn("ucdp:1")
    said = plain(page())
    for words in ("Incident ucdp:1", "Ours", "Theirs", "Ours, by Amina", "2025-11-20 12:01 UTC"):
        assert words in said
    assert "Only the source changed this: it is taken over in any case" in said
    assert "Toll(" not in said


def test_all_ours_keeps_the_correction_and_opens_the_next(torn, page, store):
    torn("ucdp:1", "ucdp:2")
    app = page()
    assert tabs(app)[0] == "Conflicts · 2"
    press(app, "All ours")
    kept = held(store, "ucdp:1")
    assert (kept.title, kept.deaths.best, kept.summary) == ("Ours", 2, "More is known")
    assert "Decided: Ours (ucdp:1)" in plain(app)
    assert app.selectbox(key="decide_conflict").value == "ucdp:2"
    entry = store.history("test")[0]
    assert (entry.action, entry.who) == ("decide", "Ann")
    press(app, "All theirs")
    assert held(store, "ucdp:2").title == "Theirs"
    assert "No conflict waits" in plain(app)


def test_each_part_is_chosen_for_itself(torn, page, store):
    torn("ucdp:1")
    app = page()
    [deaths] = [c for c in app.segmented_control if c.key.endswith("_deaths")]
    deaths.set_value("theirs")
    check(app.run())
    assert "1 from theirs, 1 from ours" in plain(app)
    press(app, "Decide as chosen")
    decided = held(store, "ucdp:1")
    assert (decided.title, decided.deaths.best) == ("Ours", 7)


@pytest.mark.parametrize(("label", "title"), [("Keep ours", "Ours"), ("Take theirs", "Theirs")])
def test_where_one_part_is_open_two_buttons_are_the_choice(torn, page, store, label, title):
    torn("ucdp:1", ours={"title": "Ours"}, theirs={"title": "Theirs"})
    app = page()
    assert [b.label for b in app.button if b.label.startswith(("All", "Decide"))] == []
    press(app, label)
    assert held(store, "ucdp:1").title == title


def test_places_that_differ_are_drawn_with_their_distance(torn, page):
    torn("ucdp:1", ours={"point": Point(71.5, 34.3)}, theirs={"point": Point(71.0, 34.0)})
    assert "Ours and theirs lie 57 km apart" in plain(page())


def test_who_decides_in_a_second_tab_is_told_and_nothing_is_lost(torn, page, store):
    torn("ucdp:1")
    app = page()
    seen = held(store, "ucdp:1")
    moved = replace(seen, title="By another")
    store.save("test", moved, expected=fingerprint(seen), by="Ben", now=later(3))
    press(app, "All theirs")
    said = plain(app)
    assert "changed by Ben" in said
    assert "Nothing was changed" in said
    assert held(store, "ucdp:1").title == "By another"
    assert len([s for s in store.history("test") if s.action == "decide"]) == 0


def test_skip_and_back_go_round(torn, page):
    torn("ucdp:1", "ucdp:2")
    app = page()
    press(app, "Skip")
    assert app.selectbox(key="decide_conflict").value == "ucdp:2"
    press(app, "Skip")
    assert app.selectbox(key="decide_conflict").value == "ucdp:1"
    press(app, "Back")
    assert app.selectbox(key="decide_conflict").value == "ucdp:2"


def test_without_a_name_nothing_is_decided(torn, page):
    torn("ucdp:1")
    app = page(who="")
    assert all(b.disabled for b in app.button if b.label in ("All ours", "All theirs"))
    assert "Give your name above first" in plain(app)


def test_a_pair_is_shown_with_reasons_and_copies_count_once(page):
    app = page(RAID, SAME, section="same")
    said = plain(app)
    assert "3 km apart, both known to within 28 km" in said
    assert "both Armed clash" in said
    assert "5 listed, 1 independent: copies of one text count as one" in said
    assert "near this place, within 25 km" in said
    assert "A and B lie 3.1 km apart" in said
    assert "Merged, it would read" in [e.label for e in app.expander]
    assert tabs(app)[1] == "One event?"
    # counted from the next run on: the search is made when the section is opened
    assert tabs(check(app.run()))[1] == "One event? · 1"


def test_a_merge_takes_the_chosen_lead_and_is_undone_to_the_line(page, store, layers):
    app = page(RAID, SAME, section="same")
    before = (layers / "test.geojson").read_bytes().splitlines()[1:]
    lead = next(c for c in app.segmented_control if c.key.startswith("lead_"))
    assert lead.value == "ucdp:1"
    lead.set_value("acled:1")
    check(app.run())
    press(app, "Merge: one event")
    assert "are one event" in plain(app)
    [whole] = [i for i in store.read("test").incidents if living(i).merged_from]
    assert whole.title == "Raid on a post"
    app.segmented_control(key="decide_section").set_value("merged")
    check(app.run())
    assert list(app.dataframe[0].value["Id"]) == ["acled:1", "ucdp:1"]
    press(app, "Undo the merge")
    assert "every part is back" in plain(app)
    assert (layers / "test.geojson").read_bytes().splitlines()[1:] == before


def test_what_is_not_the_same_is_not_offered_again(page, store):
    app = page(RAID, SAME, replace(SAME, id="gdelt:1", point=Point(71.0, 34.1)), section="same")
    offered = app.selectbox(key="decide_pair").options
    press(app, "Not the same")
    assert len(app.selectbox(key="decide_pair").options) == len(offered) - 1
    assert store.history("test")[0].action == "set apart"


def test_a_merge_of_what_changed_meanwhile_is_refused_kindly(page, store):
    app = page(RAID, SAME, section="same")
    seen = held(store, "ucdp:1")
    new = replace(seen, title="By another")
    store.save("test", new, expected=fingerprint(seen), by="Ben", now=later(3))
    press(app, "Merge: one event")
    assert "changed by Ben" in plain(app)
    assert not any(living(i).merged_from for i in store.read("test").incidents)


def test_a_pair_with_an_open_conflict_says_what_comes_first(torn, page, store):
    torn("ucdp:1")
    store.upsert("test", [SAME], by="", now=later(4))
    app = page(section="same")
    assert "decide it before merging" in plain(app)
    assert next(b for b in app.button if b.key == "decide_merge").disabled


def test_a_part_of_a_merge_of_merges_is_undone_from_above(page, store):
    third = replace(SAME, id="gdelt:1")
    store.upsert("test", [RAID, SAME, third], by="", now=NOW, meta=LayerMeta())
    inner = decisions.merge(store, "test", ["ucdp:1", "acled:1"], by="Ann", now=later(1))
    decisions.merge(store, "test", [inner, "gdelt:1"], by="Ann", now=later(2))
    app = page(section="merged")
    assert [b.disabled for b in app.button if b.label == "Undo the merge"] == [False, True]
    assert "undo that merge first" in plain(app)


def test_text_from_outside_is_shown_as_it_is(torn, page):
    odd = "<b>*bold*</b> [x](javascript:alert(1)) $y$"
    torn("ucdp:1", ours={"title": odd}, theirs={"title": f"{odd}!"})
    app = page()
    assert odd in plain(app)
    assert odd not in texts(app)


def test_the_past_is_read_and_not_decided(torn, opened):
    torn("ucdp:1")
    app = opened(page="decide.py", as_known="2025-11-20")
    assert "Go back to decide what is open" in plain(app)
    assert not any(b.label.startswith("All") for b in app.button)


def test_explore_says_how_many_conflicts_wait(torn, opened):
    torn("ucdp:1", "ucdp:2")
    app = opened()
    assert "2 conflicts wait for a decision" in [e.proto.label for e in app.get("page_link")]
