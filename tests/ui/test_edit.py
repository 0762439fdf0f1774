from dataclasses import replace
from datetime import date

import pytest

from geo.incident import Actor, Claim, Point, Source
from geo.placenames import fold
from geo.store import LayerStore
from tests.examples import NOW, incident
from tests.ui.conftest import check, texts


@pytest.fixture
def form(opened):
    """Open the form: on a new incident, or on the one the address names."""

    def go(*incidents, sel="", who="Ann"):
        app = opened(*incidents, **({"sel": sel} if sel else {}))
        check(app.switch_page("edit.py").run())
        app.text_input(key="who").set_value(who)
        return check(app.run())

    return go


def field(app, label):
    """Find the one widget of a label."""
    kinds = (
        app.text_input,
        app.text_area,
        app.selectbox,
        app.date_input,
        app.number_input,
        app.multiselect,
    )
    [found] = [widget for kind in kinds for widget in kind if widget.label == label]
    return found


def button(app, label):
    return next(b for b in app.button if b.label == label)


def stored(layers, name="test"):
    return {i.id: i for i in LayerStore(layers).read(name).incidents}


def test_a_new_incident_is_saved_with_what_was_typed(form, layers):
    app = form(incident("own:1"))
    field(app, "Coordinates").set_value("34.1286, 71.0896")
    field(app, "Place name").set_value("Torkham")
    field(app, "Title").set_value("Crossing closed")
    field(app, "Event type").set_value("border_closure")
    field(app, "From").set_value(date(2025, 10, 12))
    field(app, "Countries").set_value(["AFG", "PAK"])
    field(app, "Deaths, best").set_value(0)
    check(app.run())
    check(button(app, "Save the incident").click().run())

    [new] = [i for i in stored(layers).values() if i.id != "own:1"]
    assert (new.title, new.event_type, new.place_name) == (
        "Crossing closed",
        "border_closure",
        "Torkham",
    )
    assert new.start == new.end == date(2025, 10, 12)
    assert new.point == Point(71.0896, 34.1286)
    assert new.precision == "near"
    assert new.countries == ("AFG", "PAK")
    # nought was said, and unknown was not
    assert (new.deaths.low, new.deaths.best) == (None, 0)
    assert new.recorded.by == "Ann"
    assert "Saved: Crossing closed" in app.success[0].value.replace("\\", "")


@pytest.mark.parametrize(
    "typed",
    [
        "34.1286, 71.0896",
        "34°07'42.96\"N 71°05'22.56\"E",
        "42SXC 92694 78387",
        "https://www.openstreetmap.org/#map=12/34.1286/71.0896",
    ],
)
def test_coordinates_are_taken_in_any_common_form(form, typed):
    app = form(incident("own:1"))
    field(app, "Coordinates").set_value(typed)
    check(app.run())

    assert "34.1286" in texts(app).replace("\\", "")
    assert "71.0896" in texts(app).replace("\\", "")


def test_what_is_no_coordinate_gets_a_sentence_and_changes_nothing(form):
    app = form(incident("own:1"), sel="own:1")
    field(app, "Coordinates").set_value("somewhere near the river")
    check(app.run())

    assert "somewhere near the river" in texts(app)
    assert "34.1286" in texts(app).replace("\\", "")


def test_a_place_is_found_without_internet(form):
    app = form(incident("own:1"))
    field(app, "Find a place").set_value("Spin Boldak")
    check(app.run())
    found = field(app, "Places of this name")
    found.select_index(0)
    check(app.run())

    assert fold(field(app, "Place name").value) == "spin boldak"
    assert field(app, "Countries").value == ["AFG"]
    assert field(app, "How exactly is the place known?").value != "exact"


def test_an_incomplete_incident_cannot_be_saved_and_says_why(form):
    app = form(incident("own:1"))

    assert button(app, "Save the incident").disabled
    assert "first day" in texts(app)
    field(app, "From").set_value(date(2025, 10, 12))
    check(app.run())
    assert button(app, "Save the incident").disabled
    assert "title" in texts(app).lower()


def test_without_a_name_nothing_is_saved(form):
    app = form(incident("own:1"), sel="own:1", who="")
    field(app, "Title").set_value("Another")
    check(app.run())

    assert button(app, "Save the correction").disabled
    assert "Give your name above first" in texts(app)


def test_a_correction_keeps_the_old_value_in_the_journal(form, layers):
    app = form(incident("own:1", title="Old title"), sel="own:1")
    field(app, "Title").set_value("New title")
    check(app.run())
    check(button(app, "Save the correction").click().run())

    store = LayerStore(layers)
    assert stored(layers)["own:1"].title == "New title"
    newest = store.history("test")[0]
    assert newest.who == "Ann"
    [change] = store.changes("test", newest)
    assert "Old title" in change.before
    assert "New title" in change.after


def test_retracting_keeps_the_incident_and_leaves_it_out(form, layers):
    app = form(incident("own:1"), incident("own:2"), sel="own:1")
    field(app, "Why is it taken back?").set_value("Reported twice")
    check(app.run())
    check(button(app, "Retract").click().run())

    kept = stored(layers)["own:1"]
    assert (kept.status, kept.status_reason) == ("retracted", "Reported twice")
    check(app.switch_page("explore.py").run())
    line = next(e.value for e in app.markdown if "incidents match" in e.value)
    assert line.startswith("**1 of 2**")
    assert "1 not accepted" in line


def test_retracting_asks_for_a_reason(form, layers):
    app = form(incident("own:1"), sel="own:1")
    check(button(app, "Retract").click().run())

    assert stored(layers)["own:1"].status == "accepted"
    assert "reason" in " ".join(e.value for e in app.error)


def test_the_second_of_two_corrections_is_told_and_loses_nothing(form, opened, layers):
    first = form(incident("own:1", title="Start"), sel="own:1")
    second = opened(sel="own:1")
    check(second.switch_page("edit.py").run())
    second.text_input(key="who").set_value("Ben")
    check(second.run())
    for app, title in ((first, "By Ann"), (second, "By Ben")):
        field(app, "Title").set_value(title)
        check(app.run())
    check(button(first, "Save the correction").click().run())
    check(button(second, "Save the correction").click().run())

    assert stored(layers)["own:1"].title == "By Ann"
    assert "own:1" in second.error[0].value.replace("\\", "")
    assert field(second, "Title").value == "By Ben"
    check(button(second, "Go on from the current version").click().run())
    assert field(second, "Title").value == "By Ann"


def test_the_first_incident_makes_the_first_layer(form, layers):
    app = form()
    field(app, "Title").set_value("Talks")
    field(app, "Event type").set_value("talks")
    field(app, "How exactly is the place known?").set_value("none")
    field(app, "From").set_value(date(2025, 10, 18))
    check(app.run())
    check(button(app, "Save the incident").click().run())

    assert LayerStore(layers).names() == ["my-incidents"]
    [made] = stored(layers, "my-incidents").values()
    assert (made.precision, made.point) == ("none", None)


def test_a_correction_changes_only_what_was_changed(form, layers):
    before = incident(
        "own:1",
        actors=(Actor(name="TTP", role="attacker", canonical="TTP"),),
        claims=(
            Claim(field="deaths", value=3, whom="all", claimant="A", low=2, high=4),
            Claim(field="posts_captured", value=21, claimant="B"),
        ),
        sources=(Source(publisher="P", url="https://example.org/a", sha256="a" * 64),),
        native={"code": "7"},
        summary="Two lines\nof text",
    )
    app = form(before, sel="own:1")
    [kept] = stored(layers).values()
    field(app, "Title").set_value("New title")
    check(app.run())
    check(button(app, "Save the correction").click().run())
    [after] = stored(layers).values()

    assert replace(after, title=kept.title, recorded=kept.recorded) == kept


def test_an_address_with_an_unknown_incident_opens_one_form_and_keeps_it(form):
    app = form(incident("own:1"), sel="nothing")
    field(app, "Title").set_value("Half a title")
    check(app.run())

    assert field(app, "Title").value == "Half a title"
    assert "no incident 'nothing'" in texts(app).replace("\\", "")


def test_the_same_id_in_another_layer_is_another_incident(form, layers):
    app = form(incident("own:1", title="Here"), sel="own:1")
    there = incident("own:1", title="There")
    LayerStore(layers).upsert("zone", [there], by="Ann", now=NOW)
    app.session_state.layer = "zone"
    check(app.run())

    assert field(app, "Title").value == "There"


def test_an_incident_of_any_year_that_a_layer_holds_can_be_opened(form):
    for day in (date(1800, 1, 1), date(2100, 12, 31)):
        app = form(incident("own:1", start=day, end=day), sel="own:1")
        assert field(app, "From").value == day


def test_a_position_given_to_what_had_no_place_is_not_dropped(form, layers):
    app = form(incident("own:1", point=None, precision="none"), sel="own:1")
    field(app, "Coordinates").set_value("34.1286, 71.0896")
    check(app.run())
    check(button(app, "Save the correction").click().run())

    assert stored(layers)["own:1"].point == Point(71.0896, 34.1286)
    assert stored(layers)["own:1"].precision == "near"
