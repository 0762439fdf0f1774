from datetime import date

from geo.incident import Claim, Point, Source, Toll
from geo.lens import Lens
from geo.text import to_markdown
from geo.webmap import Opening
from tests.examples import incident
from tests.ui.conftest import check, texts

OCTOBER = (
    incident(
        "own:a", start=date(2025, 10, 9), end=date(2025, 10, 9), event_type="air_drone_strike"
    ),
    incident("own:b", start=date(2025, 10, 11), end=date(2025, 10, 12)),
    incident("own:c", start=date(2025, 10, 15), end=date(2025, 10, 15), countries=("PAK",)),
    incident(
        "own:d",
        start=date(2025, 10, 1),
        end=date(2025, 10, 31),
        date_precision="month",
        precision="none",
        event_type="talks",
    ),
)


def ledger(app):
    return next(e.value for e in app.markdown if "incidents match" in e.value)


def test_an_empty_folder_explains_itself(opened):
    app = opened()

    assert app.subheader[0].value == "No layer yet"
    assert "three ways" in texts(app)


def test_every_incident_is_in_the_ledger(opened):
    app = opened(*OCTOBER)

    assert ledger(app).startswith("**4 of 4** incidents match")
    assert "3 on the map, 1 without a place" in ledger(app)


def test_dates_part_what_is_within_ongoing_and_uncertain(opened):
    app = opened(*OCTOBER)
    app.sidebar.date_input(key="f_from").set_value(date(2025, 10, 12))
    app.sidebar.date_input(key="f_to").set_value(date(2025, 10, 19))
    check(app.run())

    assert "**3 of 4**" in ledger(app)
    assert "1 within the dates, 1 ongoing across an edge, 1 of uncertain date" in ledger(app)
    assert "1 outside the dates" in ledger(app)


def test_a_filter_offers_what_its_absence_would_return(opened):
    app = opened(*OCTOBER, type_="armed_clash")

    assert "**2 of 4**" in ledger(app)
    button = next(b for b in app.button if b.label.startswith("+2"))
    check(button.click().run())
    assert "**4 of 4**" in ledger(app)


def test_a_group_button_chooses_all_its_types(opened):
    app = opened(*OCTOBER)
    check(app.button(key="group_combat").click().run())

    assert "**2 of 4**" in ledger(app)
    assert app.query_params["type"] == [
        "armed_clash", "cross_border_fire", "infiltration", "territory_change"
    ]  # fmt: skip


def test_the_address_opens_the_same_filter_and_incident(opened):
    app = opened(*OCTOBER, from_="2025-10-10", to="2025-10-12", country="AFG", sel="own:b")

    assert "**2 of 4**" in ledger(app)
    assert app.sidebar.date_input(key="f_from").value == date(2025, 10, 10)
    assert app.sidebar.multiselect(key="f_countries").value == ["AFG"]
    assert "Incident own\\:b" in texts(app)


def test_what_the_page_shows_is_written_to_the_address(opened):
    app = opened(*OCTOBER)
    app.sidebar.text_input(key="f_text").set_value("own:c")
    check(app.run())

    assert app.query_params["layer"] == "test"
    assert app.query_params["text"] == "own:c"


def test_garbage_in_the_address_gets_a_sentence_and_hides_nothing(opened):
    app = opened(*OCTOBER, from_="soon", type_="clash", view="1,2", layer="nowhere", foo="1")

    assert "**4 of 4**" in ledger(app)
    said = app.warning[0].value
    for odd in ("soon", "clash", "1\\,2", "nowhere", "foo"):
        assert odd in said


def test_days_and_hexagons_of_the_map_stay_in_the_address_while_filters_change(opened):
    app = opened(*OCTOBER, days="2025-10-09,2025-10-12", as_="hexagons")
    app.sidebar.text_input(key="f_text").set_value("own:c")
    check(app.run())

    assert app.query_params["days"] == "2025-10-09,2025-10-12"
    assert app.query_params["as"] == "hexagons"
    days = (date(2025, 10, 9), date(2025, 10, 12))
    assert app.session_state.opening == Opening(0, Lens(days, hexagons=True))
    assert "**1 of 4**" in ledger(app)


def test_days_and_a_form_that_mean_nothing_get_a_sentence_each_and_leave_the_address(opened):
    app = opened(*OCTOBER, days="2025-10-12,2025-10-09", as_="cubes")

    said = app.warning[0].value.replace("\\", "")
    assert "days is '2025-10-12,2025-10-09': must be FROM,TO" in said
    assert "as is 'cubes': must be one of signs hexagons" in said
    assert app.session_state.lens == Lens()
    assert not {"days", "as"} & set(app.query_params)


def test_another_page_and_back_open_the_map_anew_through_the_same_lens(opened):
    app = opened(*OCTOBER, as_="hexagons")
    check(app.switch_page("layers.py").run())
    check(app.switch_page("explore.py").run())

    assert app.session_state.opening.at > 0
    assert app.session_state.opening.lens == Lens(hexagons=True)
    assert app.query_params["as"] == "hexagons"


def test_a_range_that_runs_backward_gets_a_sentence(opened):
    app = opened(*OCTOBER)
    app.sidebar.date_input(key="f_from").set_value(date(2025, 10, 19))
    app.sidebar.date_input(key="f_to").set_value(date(2025, 10, 12))
    check(app.run())

    assert "must run forward" in app.warning[0].value


def test_no_match_says_so_and_offers_a_way_back(opened):
    app = opened(*OCTOBER, text="no such word")

    assert "**0 of 4**" in ledger(app)
    assert "No incident matches" in app.info[0].value
    assert any(b.label == "+4 without text" for b in app.button)


def test_claims_that_conflict_stand_side_by_side_and_no_bare_total_is_shown(opened):
    claims = (
        Claim(field="deaths", value=58, claimant="Kabul", source="A"),
        Claim(field="deaths", value=23, claimant="Islamabad", source="B"),
    )
    app = opened(incident(claims=claims, deaths=Toll(23, None, 58)), sel="own:1")

    assert "23–58, claims differ".replace("–", "–") in texts(app).replace("\\", "")
    rows = next(d.value for d in app.dataframe if "Claimant" in d.value.columns)
    assert list(rows["Claimant"]) == ["Kabul", "Islamabad"]


def test_a_hostile_title_is_shown_as_it_is_and_means_nothing(opened):
    hostile = "{{7*7}} ${alert(1)} </script> [x](javascript:alert(1)) $x^2$ :red[a] <b>"
    app = opened(incident(title=hostile), sel="own:1")

    assert to_markdown(hostile) in texts(app)
    assert hostile not in texts(app)


def test_only_web_addresses_become_links(opened):
    sources = (
        Source(publisher="Good", url="https://example.org/a(b)?c=<d>"),
        Source(publisher="Only a name"),
    )
    app = opened(incident(sources=sources), sel="own:1")

    assert "- [Good](<https://example.org/a(b)?c=%3Cd%3E>)" in texts(app)
    assert "- Only a name" in texts(app)


def test_a_place_near_a_boundary_says_that_the_map_does_not_decide_the_side(opened):
    app = opened(incident(point=Point(71.0896, 34.1286)), sel="own:1")

    assert "the side is not decided by the map" in texts(app)


def test_a_layer_that_was_changed_by_hand_outside_is_reported_not_shown_half(opened, layers):
    opened(*OCTOBER)
    path = layers / "test.geojson"
    path.write_text(path.read_text(encoding="utf-8")[:-30], encoding="utf-8")
    app = opened()

    assert app.error
    assert "test" in app.error[0].value


def test_a_filter_from_the_address_goes_along_to_other_pages(opened):
    app = opened(*OCTOBER, from_="2025-10-12", type_="armed_clash", text="own", country="AFG")
    before = ledger(app)
    for page in ("brief.py", "edit.py", "brief.py", "explore.py"):
        check(app.switch_page(page).run())
        if page != "edit.py":
            assert ledger(app).split(" · ")[0] == before.split(" · ")[0]


def test_any_status_in_the_address_means_any(opened):
    taken_back = incident("own:e", status="retracted", status_reason="never happened")
    app = opened(*OCTOBER, taken_back, status="any")

    assert "**5 of 5**" in ledger(app)


def test_what_no_widget_could_hold_still_counts(opened):
    # Streamlit drops a value beyond the bounds of its widget in silence
    assert "**0 of 4**" in ledger(opened(*OCTOBER, deaths_min="5000000"))
    assert "**0 of 4**" in ledger(opened(*OCTOBER, changed_since="2300-01-01"))
    assert "**4 of 4**" in ledger(opened(*OCTOBER, changed_since="1980-01-01"))


def test_the_time_of_day_in_the_address_is_kept(opened):
    app = opened(*OCTOBER, changed_since="2025-10-20T12:30:00Z")
    assert app.session_state.filter.changed_since.hour == 12

    app.sidebar.date_input(key="f_since").set_value(date(2025, 10, 21))
    check(app.run())
    since = app.session_state.filter.changed_since
    assert (since.day, since.hour) == (21, 0)


def test_much_garbage_in_the_address_is_told_in_few_lines(opened):
    app = opened(*OCTOBER, **{f"x{n}": "1" for n in range(300)})

    assert app.warning[0].value.count("\n") == 6
    assert "294 more of the kind" in app.warning[0].value


def test_a_damaged_layer_does_not_bar_the_way_to_the_others(opened, layers):
    (layers / "a-broken.geojson").write_text("{not json", encoding="utf-8")
    app = opened(*OCTOBER)
    assert "a\\-broken" in app.error[0].value
    app.sidebar.selectbox(key="layer").set_value("test")
    check(app.run())

    assert not app.error
    assert "**4 of 4**" in ledger(app)


def test_the_map_opens_on_the_layer_where_nothing_matches(opened):
    app = opened(*OCTOBER, from_="2030-01-01")
    start, ours = app.session_state["explore_map_start_test"]

    assert ours
    assert start.contains(OCTOBER[0].point)
    assert start.east - start.west < 10


def test_provinces_are_shaded_and_listed_as_the_address_asks(opened):
    app = opened(*OCTOBER, map="incidents")

    assert app.selectbox(key="shade").value == "incidents"
    app.session_state["results"] = "Counts"
    check(app.run()).segmented_control(key="pivot").set_value("place")
    check(app.run())
    assert "in provinces" in texts(app)


def test_only_the_open_tab_is_drawn_and_keeps_its_choice(opened):
    app = opened(*OCTOBER)
    assert len(app.dataframe) == 1
    assert not app.download_button
    app.session_state["results"] = "Counts"
    check(app.run()).segmented_control(key="pivot").set_value("week")
    check(app.run())
    for tab in ("Download", "Counts"):
        app.session_state["results"] = tab
        check(app.run())

    assert app.segmented_control(key="pivot").value == "week"


def marked(app, row):
    """Rows that are marked in the table that has `own:a`, which is chosen, in this row."""
    return app.session_state[f"table_{row}_own:a"]["selection"]["rows"]


def test_the_chosen_incident_stays_marked_where_a_filter_moves_its_row(opened):
    app = opened(*OCTOBER, sel="own:a")
    ids = list(app.dataframe[0].value["Id"])
    assert marked(app, ids.index("own:a")) == [ids.index("own:a")]
    app.sidebar.multiselect(key="f_types").set_value(["air_drone_strike"])
    check(app.run())
    fewer = list(app.dataframe[0].value["Id"])
    assert fewer.index("own:a") != ids.index("own:a")
    assert marked(app, fewer.index("own:a")) == [fewer.index("own:a")]
    app.sidebar.multiselect(key="f_types").set_value(["talks"])
    check(app.run())
    assert app.session_state["table"]["selection"]["rows"] == []
    assert app.session_state["selected"] == "own:a"


def test_a_change_without_dates_says_what_is_missing(opened):
    app = opened(*OCTOBER, map="change")

    assert "set From and To first" in app.warning[0].value
    assert app.session_state["baseline"] == "before"


def test_classes_that_do_not_rise_get_a_sentence(opened):
    app = opened(*OCTOBER, map="incidents")
    app.text_input(key="breaks").set_value("5, 1")
    check(app.run())

    assert "rising numbers" in app.warning[0].value
