import json

from geo.store import LayerStore
from tests.sources.tables import csv_bytes
from tests.ui.bringing import bring, button, column, give, kind, plain, settled

__all__ = ["bring"]

GERMAN = csv_bytes([{"Wann": "03/04/2025", "Was": "Explosion", "Tote": "3"}])


def radio(app, option):
    return next(one for one in app.radio if one.key.startswith(f"bring_{option}_"))


def test_a_column_is_shown_with_its_reason_and_its_values(bring):
    app = bring("a.csv", csv_bytes([{"event_date": "2025-10-11", "town": "Kabul"}]))

    assert column(app, "Date, or first day").value == "event_date"
    assert column(app, "Place").value == "town"
    assert column(app, "Latitude").value == ""
    assert "is called 'event_date'; 100% of its cells can be read as such" in plain(app)
    assert "2025-10-11" in plain(app)
    assert "no column has such a name and such values" in plain(app)


def test_what_a_header_does_not_tell_is_asked_and_can_be_said(bring):
    app = bring("table.csv", GERMAN)
    assert "Which column holds the date?" in plain(app)
    assert button(app) is None

    column(app, "Date, or first day").set_value("Wann")
    settled(app)
    assert "3 April 2025 or 4 March 2025" in plain(app)
    assert button(app) is None
    assert "date_order=" not in plain(app)

    radio(app, "date_order").set_value("dmy")
    settled(app)
    assert "**1 of 1**" in plain(app)
    assert "2025-04-03 to 2025-04-03" in plain(app)


def test_a_column_that_looks_like_dates_can_be_taken_with_a_click(bring):
    app = bring("table.csv", csv_bytes([{"Wann": "2025-04-03", "Was": "Explosion"}]))
    button(app, "bring_take_Wann").click()
    settled(app)

    assert column(app, "Date, or first day").value == "Wann"
    assert "**1 of 1**" in plain(app)


def test_a_column_can_be_left_out_and_another_field_added(bring):
    app = bring("a.csv", csv_bytes([{"date": "2025-10-11", "town": "Kabul", "Who": "A"}]))
    column(app, "Place").set_value("")
    settled(app)
    assert "left out by you" in plain(app)

    column(app, "Another field").set_value("actors")
    settled(app)
    column(app, "Actors").set_value("Who")
    settled(app)
    job = app.session_state.bring_job
    assert [actor.name for actor in job.sample[0].actors] == ["A"]
    assert job.sample[0].place_name == ""


def test_columns_of_foreign_geojson_are_shown_too(bring):
    point = {"type": "Point", "coordinates": [69.2, 34.5]}
    feature = {"type": "Feature", "geometry": point, "properties": {"Wann": "2025-10-11"}}
    app = bring("a.geojson", json.dumps(feature).encode())

    assert column(app, "Latitude").value == "geometry latitude"
    assert "the place of the Feature itself" in plain(app)
    column(app, "Date, or first day").set_value("Wann")
    settled(app)
    assert "**1 of 1**" in plain(app)


def test_a_choice_is_remembered_for_its_header_after_an_import(bring):
    app = bring("one.csv", GERMAN)
    column(app, "Date, or first day").set_value("Wann")
    settled(app)
    radio(app, "date_order").set_value("dmy")
    settled(app)
    button(app).click()
    settled(app)
    assert "The columns are remembered" in plain(app)

    give(app, "two.csv", GERMAN.replace(b"03/04", b"05/04"))
    assert "**1 of 1**" in plain(app)
    assert "2025-04-05 to 2025-04-05" in plain(app)
    assert "Remembered from border, 20" in plain(app)
    assert "remembered; 100% of its cells" in plain(app)

    button(app, "bring_forget").click()
    settled(app)
    assert "Which column holds the date?" in plain(app)
    assert button(app, "bring_forget") is None


def test_a_choice_without_an_import_is_not_remembered(bring):
    app = bring("one.csv", GERMAN)
    column(app, "Date, or first day").set_value("Wann")
    settled(app)
    app = bring_again(app)

    assert "Which column holds the date?" in plain(app)


def bring_again(app):
    count = app.session_state.bring_count
    app.file_uploader(key=f"bring_file_{count}").set_value(None)
    settled(app)
    return give(app, "two.csv", GERMAN)


def test_a_header_of_a_known_vocabulary_offers_its_own_reader(bring, layers):
    rows = [{"event_id_cnty": "PAK1", "event_date": "2025-10-11", "event_type": "Battles",
             "sub_event_type": "Armed clash", "geo_precision": "1", "latitude": "34.5",
             "longitude": "69.2", "country": "Pakistan", "fatalities": "0"}]  # fmt: skip
    app = bring("a.csv", csv_bytes(rows), source="table")

    assert "this is an acled export" in plain(app).lower()
    button(app, "bring_read_so").click()
    settled(app)
    assert kind(app).value == "acled"
    assert LayerStore(layers).read("border").incidents == ()


def test_hostile_headers_and_cells_are_text(bring):
    header = "**bold** :red[x] <b>{{7*7}}"
    rows = [{header: "2025-10-11", "place": "![x](http://x.test)"}]
    app = bring("a.csv", csv_bytes(rows))
    column(app, "Date, or first day").set_value(header)
    settled(app)

    assert "**1 of 1**" in plain(app)
    said = "\n".join(part.value for part in (*app.caption, *app.markdown))
    assert "![x](http" not in said
    assert ":red[x]" not in said


def test_an_encoding_that_stays_open_is_asked(bring):
    text = "date,place\n2025-10-11,Баку\n" * 3
    app = bring("a.csv", text.encode("cp1251"))
    if not [one for one in app.radio if one.key.startswith("bring_encoding_")]:
        # told by its letters: nothing to ask
        assert "**3 of 3**" in plain(app)
        return
    radio(app, "encoding").set_value("cp1251")
    settled(app)
    assert "Баку" in plain(app)
