"""Does the Layers page show what happened to a layer, and do with it what it says?"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest

from geo import views
from geo.backup import backup
from geo.incident import Point, Recorded, Toll
from geo.keeping import Keeper
from geo.layerfile import LayerMeta, fingerprint
from geo.lens import Lens
from geo.ui import layer_journal
from geo.views import View
from tests.examples import NOW, incident
from tests.ui.conftest import check, texts


@pytest.fixture
def keeper(layers):
    """A layer with a past: imported, then moved, revised, retracted and added to."""
    made = Keeper(layers)
    first = [
        incident("a:1"),
        incident("a:2", deaths=Toll(best=3)),
        incident("a:3"),
        incident("a:4"),
    ]
    meta = LayerMeta(title="Test layer", licence="CC BY 4.0")
    made.upsert("test", first, by="Ann", now=NOW, meta=meta)
    day = timedelta(days=1)
    for n, (key, change) in enumerate(
        (
            ("a:1", {"point": Point(71.5, 34.3)}),
            ("a:2", {"deaths": Toll(best=5), "title": "<b>*Bold*</b>"}),
            ("a:3", {"status": "retracted", "status_reason": "twice"}),
        ),
        start=1,
    ):
        one = next(i for i in made.read("test").incidents if i.id == key)
        made.save(
            "test", replace(one, **change), expected=fingerprint(one), by="Bo", now=NOW + n * day
        )
    made.upsert("test", [incident("a:9")], by="Ann", now=NOW + 4 * day)
    return made


@pytest.fixture
def page(opened):
    def go(section="", aside="", **options):
        app = opened(page="layers.py", **options)
        if any(widget.key == "who" for widget in app.text_input):
            app.text_input(key="who").set_value("Cy")
        if section:
            app.segmented_control(key="layers_section").set_value(section)
        if aside:
            app.segmented_control(key="layers_aside").set_value(aside)
        return check(app.run())

    return go


def press(app, label):
    return check(next(b for b in app.button if b.label == label).click().run())


def plain(app):
    return "\n".join(e.value for e in (*app.success, *app.error, *app.info)).replace("\\", "")


def steps(keeper, name="test"):
    return [(step.action, step.who) for step in keeper.history(name)]


def test_layers_and_their_journal_are_listed(keeper, page):
    app = page()
    listed, journal = app.dataframe[0].value, app.dataframe[1].value
    assert listed.iloc[0]["Title"] == "Test layer"
    assert listed.iloc[0]["Incidents"] == 5
    assert listed.iloc[0]["Licence"] == "CC BY 4.0"
    assert listed.iloc[0]["Version"] == keeper.version("test")[:8]
    assert list(journal["Who"]) == ["Ann", "Bo", "Bo", "Bo", "Ann"]
    assert list(journal["What"]) == [
        "import",
        "incident retracted",
        "incident corrected",
        "incident corrected",
        "import",
    ]


def test_without_layers_the_page_says_how_the_first_comes(page):
    app = page()
    assert any("No layer yet" in s.value for s in app.subheader)


@pytest.mark.usefixtures("keeper")
def test_a_damaged_layer_does_not_hide_the_others(page, layers):
    (layers / "broken.geojson").write_text("{", encoding="utf-8")
    app = page()
    assert "layer 'broken'" in plain(app)
    assert list(app.dataframe[0].value["Layer"]) == ["test"]


@pytest.mark.usefixtures("keeper")
def test_a_layer_without_a_journal_says_so(page, layers):
    (layers / ".history" / "test.jsonl").unlink()
    assert "has no journal" in plain(page())
    assert "one version only" in plain(page("compare"))


def test_a_long_journal_is_paged(page, layers):
    store = Keeper(layers)
    store.upsert("test", [incident("a:1")], by="Ann", now=NOW)
    for n in range(45):
        meta = {"title": f"Title {n}", "description": "", "licence": ""}
        store.describe("test", **meta, by="Bo", now=NOW + timedelta(minutes=n + 1))
    app = page()
    assert len(app.dataframe[1].value) == 20
    assert "46 changes, the newest first" in texts(app)
    check(app.number_input[0].set_value(3).run())
    assert len(app.dataframe[1].value) == 6
    assert app.dataframe[1].value.iloc[-1]["What"] == "import"


def test_two_versions_are_compared_on_map_and_table(keeper, page):
    app = page("compare")
    app.selectbox[0].set_value(keeper.history("test")[-1].version_after)
    check(app.run())
    rows = app.dataframe[1].value
    assert list(rows["What"]) == ["+ new", "≠ revised", "→ moved", "− withdrawn"]
    assert "deaths: 3 → 5" in rows.iloc[1]["Before → after"]
    assert rows.iloc[2]["Before → after"].startswith("moved 42 km")
    assert "retracted (twice)" in rows.iloc[3]["Before → after"]
    said = texts(app).replace("*", "")
    assert "1 new, 1 revised, 1 moved, 1 withdrawn, 1 unchanged" in said
    assert "Numbers are those of the table" in texts(app)


def test_an_earlier_version_is_restored_under_a_name(keeper, page, monkeypatch):
    first = keeper.history("test")[-1]
    earlier = keeper.read_version("test", first.version_after)
    app = page()
    # rows of a table cannot be chosen in this test; the browser tests do it
    real = layer_journal.st.dataframe

    def choose(frame, **options):
        shown = real(frame, **options)
        return {"selection": {"rows": [4]}} if options.get("on_select") == "rerun" else shown

    monkeypatch.setattr(layer_journal.st, "dataframe", choose)
    check(app.run())
    press(app, "Restore it")
    assert keeper.read("test").incidents == earlier.incidents
    assert steps(keeper)[0] == ("restore", "Cy")
    assert "test is what it was in version" in plain(app)


def test_a_layer_is_described_with_its_licence(keeper, page):
    app = page("change")
    next(w for w in app.text_input if w.label == "Title").set_value("*New* title")
    next(w for w in app.selectbox if w.label.startswith("Licence")).set_value("CC0 1.0")
    check(app.run())
    press(app, "Save the description")
    meta = keeper.read("test").meta
    assert (meta.title, meta.licence) == ("*New* title", "CC0 1.0")
    assert steps(keeper)[0] == ("describe", "Cy")


def test_a_layer_is_renamed_and_old_links_lead_to_it(keeper, page, opened):
    app = page("change")
    next(w for w in app.text_input if w.label == "New name").set_value("frontier")
    check(app.run())
    press(app, "Rename")
    assert keeper.names() == ["frontier"]
    assert "test is now called frontier" in plain(app)
    again = opened(layer="test")
    assert "is now called" in texts(again)
    assert again.session_state.layer == "frontier"


def test_a_name_that_is_none_is_refused(keeper, page):
    app = page("change")
    next(w for w in app.text_input if w.label == "New name").set_value("../etc")
    check(app.run())
    press(app, "Rename")
    assert "layer name is '../etc'" in plain(app)
    assert keeper.names() == ["test"]


def test_a_retracted_layer_comes_back_from_the_bin(keeper, page):
    before = keeper.read("test").incidents
    app = page("change", aside="bin")
    next(w for w in app.text_area if w.label == "Why?").set_value("twice")
    check(app.run())
    press(app, "Move to the bin")
    assert keeper.names() == []
    assert "by Cy: twice" in texts(app).replace("\\", "")
    # not deleted before its name is typed
    delete = next(b for b in app.button if b.label == "Delete for ever")
    assert delete.disabled
    press(app, "Bring back")
    assert keeper.read("test").incidents == before


def test_a_binned_layer_is_deleted_by_its_typed_name(keeper, page):
    keeper.create("other", LayerMeta(), by="Ann", now=NOW)
    keeper.retract_layer("other", reason="x", by="Ann", now=NOW)
    app = page(aside="bin")
    next(w for w in app.text_input if w.label.startswith("Type other")).set_value("other")
    check(app.run())
    press(app, "Delete for ever")
    assert keeper.binned() == []
    assert keeper.names() == ["test"]


@pytest.mark.usefixtures("keeper")
def test_changes_wait_for_a_name(opened):
    app = opened(page="layers.py")
    app.segmented_control(key="layers_section").set_value("change")
    check(app.run())
    for label in ("Save the description", "Rename", "Move to the bin"):
        assert next(b for b in app.button if b.label == label).disabled


@pytest.mark.usefixtures("keeper")
def test_as_known_on_a_day_opens_explore_read_only(page):
    app = page("known")
    app.date_input[0].set_value(date(2025, 11, 20))
    check(app.run())
    assert "4 incidents** were known on 2025-11-20" in texts(app)
    press(app, "Explore as known on 2025-11-20")
    assert app.session_state.as_known == date(2025, 11, 20)


@pytest.mark.usefixtures("keeper")
def test_the_address_opens_a_layer_as_it_was_known(opened):
    app = opened(as_known="2025-11-20")
    said = texts(app).replace("\\", "")
    assert "As known on 2025-11-20 (UTC), read-only: 4 incidents" in said
    assert "4 of 4" in said
    assert app.query_params["as-known"] == "2025-11-20"
    check(app.switch_page("edit.py").run())
    assert "read, not written" in texts(app).replace("\\", "")
    assert not [b for b in app.button if b.label == "Save the incident"]
    press(app, "Back to what is known now")
    assert [b for b in app.button if b.label == "Save the incident"]


@pytest.mark.usefixtures("keeper")
def test_a_day_before_the_layer_is_told_and_shows_nothing_of_today(opened):
    app = opened(as_known="2020-01-01")
    assert "was not known on 2020-01-01" in plain(app)
    assert "incidents match" not in texts(app)
    press(app, "Back to what is known now")
    assert "4 of 5" in texts(app)


@pytest.mark.parametrize("day", ["yesterday", "2025-13-01", "2025", "<b>"])
@pytest.mark.usefixtures("keeper")
def test_a_day_that_means_nothing_is_told(opened, day):
    app = opened(as_known=day)
    assert "as-known is " in texts(app).replace("\\", "")
    assert "4 of 5" in texts(app)


@pytest.mark.usefixtures("keeper")
def test_a_view_is_saved_opened_and_removed(opened, layers):
    app = opened(from_="2025-10-01", to="2025-10-31", view="60,28,76,38")
    app.text_input(key="view_name").set_value("Week *x*")
    app.radio(key="view_rule").set_value("last-full-week")
    check(app.run())
    press(app, "Save the view")
    [view] = views.read(layers).views
    assert (view.name, view.rule, view.query.start) == ("Week *x*", "last-full-week", None)
    assert view.frame is not None

    other = opened()
    check(other.selectbox(key="view_chosen").set_value("Week *x*").run())
    # the newest incident is of Saturday 11 October: the last full week ends on the 5th
    assert other.session_state.f_from == date(2025, 9, 29)
    assert other.session_state.f_to == date(2025, 10, 5)
    assert other.session_state.view == view.frame

    check(other.switch_page("layers.py").run())
    press(other, "Remove")
    assert views.read(layers).views == ()


@pytest.mark.usefixtures("keeper")
def test_a_view_keeps_the_days_and_hexagons_of_the_map_but_a_rule_brings_its_own_days(
    opened, layers
):
    app = opened(days="2025-10-06,2025-10-12", as_="hexagons")
    for name, rule in (("days", ""), ("rule", "last-full-week")):
        app.text_input(key="view_name").set_value(name)
        app.radio(key="view_rule").set_value(rule)
        check(app.run())
        press(app, "Save the view")
    shown = Lens((date(2025, 10, 6), date(2025, 10, 12)), hexagons=True)
    assert {view.name: view.lens for view in views.read(layers).views} == {
        "days": shown,
        "rule": Lens(hexagons=True),
    }

    other = opened()
    check(other.selectbox(key="view_chosen").set_value("days").run())
    assert other.session_state.opening.lens == shown
    assert other.query_params["days"] == "2025-10-06,2025-10-12"


@pytest.mark.usefixtures("keeper")
def test_a_taken_name_and_a_lost_layer_are_told(opened, layers):
    views.save(layers, View(name="one", layer="nothing"))
    app = opened()
    check(app.selectbox(key="view_chosen").set_value("one").run())
    assert "there is no layer 'nothing'" in texts(app).replace("\\", "")
    app.text_input(key="view_name").set_value("one")
    check(app.run())
    press(app, "Save the view")
    assert "exists already" in texts(app)


@pytest.mark.usefixtures("keeper")
def test_damaged_views_are_told_and_the_page_works(opened, layers):
    (layers / "views.json").write_text("{", encoding="utf-8")
    app = opened()
    assert "cannot be read" in texts(app)
    assert "4 of 5" in texts(app)


def test_a_backup_is_taken_back_with_a_report(keeper, page, layers):
    out = io.BytesIO()
    backup(layers, out)
    keeper.describe("test", title="Later", description="", licence="", by="Bo", now=NOW)
    keeper.create("other", LayerMeta(), by="Ann", now=NOW)
    keeper.retract_layer("other", reason="x", by="Ann", now=NOW)
    app = page(aside="backup")
    app.file_uploader(key="backup_file").upload("all.zip", out.getvalue(), "application/zip")
    check(app.run())
    report = app.dataframe[-1].value
    assert list(report["Here"]) == ["the one here goes on from the backup's: kept"]
    app.multiselect(key="backup_take").set_value(["test"])
    check(app.run())
    press(app, "Restore 1")
    assert keeper.read("test").meta.title == "Test layer"
    assert {one.name for one in keeper.binned()} == {"other", "test"}


@pytest.mark.usefixtures("keeper")
def test_a_file_that_is_no_backup_is_refused(page):
    app = page(aside="backup")
    app.file_uploader(key="backup_file").upload("all.zip", b"PK no", "application/zip")
    check(app.run())
    assert "no backup" in plain(app)


def test_the_journal_says_in_words_what_became_of_a_conflict(page, layers):
    store = Keeper(layers)
    first = replace(incident("b:1"), recorded=Recorded(first_seen=NOW, updated=NOW))
    store.upsert("test", [first], by="", now=NOW)
    held = store.read("test").incidents[0]
    ours = replace(held, title="Ours")
    day = timedelta(days=1)
    store.save("test", ours, expected=fingerprint(held), by="Ann", now=NOW + day)
    store.upsert("test", [replace(first, title="Theirs")], by="", now=NOW + 2 * day)
    newest = store.history("test")[0]
    said = layer_journal._changes(str(layers), "test", newest.version_after, newest)
    assert list(said["Fields"]) == ["conflict with the source"]
    page("compare")
    assert "No incident says anything else" in texts(page("compare"))
