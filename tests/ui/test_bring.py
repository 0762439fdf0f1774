import json

import pytest

from geo.feature import to_feature
from geo.store import LayerStore
from tests.examples import incident
from tests.sources.tables import csv_bytes, ged
from tests.ui.bringing import bring, button, kind, plain, settled
from tests.ui.conftest import check

__all__ = ["bring"]


def test_a_file_is_reported_before_anything_is_written(bring, layers):
    app = bring("ged.csv", ged({}, {"where_prec": "6"}, {"best": "many"}))

    assert "**2 of 3** incidents can come in · 1 rejected" in plain(app)
    assert "2 new, 0 revised, 0 unchanged" in plain(app)
    assert "2014-06-15 to 2014-06-15" in plain(app)
    assert "exact 1, country 1" in plain(app)
    rejected = app.dataframe[0].value
    assert rejected["line"].tolist() == [4]
    assert rejected["field"].tolist() == ["best"]
    assert LayerStore(layers).read("border").incidents == ()


def test_a_click_writes_what_the_report_said(bring, layers):
    app = bring("ged.csv", ged({}, {}))
    assert button(app).label == "Import 2 incidents"
    button(app).click()
    settled(app)

    assert "border: 2 new, 0 revised, 0 unchanged" in plain(app)
    store = LayerStore(layers)
    assert [i.id for i in store.read("border").incidents] == ["ucdp:1", "ucdp:2"]
    assert store.history("border")[0].who == "Ann"
    # the next file finds an empty page
    assert button(app) is None


def test_without_a_layer_everything_is_new_and_nothing_can_be_written(bring, layers):
    app = bring("ged.csv", ged({}), layer="")

    assert "**1 of 1**" in plain(app)
    assert "No layer is chosen yet" in plain(app)
    assert button(app).disabled
    assert LayerStore(layers).names() == ["border"]


@pytest.mark.parametrize(
    ("name", "data", "source"),
    [
        ("a.csv", b"event_id_cnty,event_date,event_type,sub_event_type\n", "acled"),
        ("a.txt", b"\t".join([b"1"] * 61) + b"\n", "gdelt"),
        ("a.kml", b"<kml/>", "vector"),
        ("a.ods", b"PK", "table"),
        ("a.json", b'[{"date": "2025-10-11"}]', "table"),
        ("b.json", b'{"type": "FeatureCollection", "features": []}', "geojson"),
    ],
)
def test_a_vocabulary_is_told_by_its_first_lines_else_by_its_ending(bring, name, data, source):
    assert kind(bring(name, data)).value == source


def test_what_an_import_would_change_is_listed(bring):
    before = incident("own:1", title="Before")
    after = json.dumps(to_feature(incident("own:1", title="After"))).encode()
    app = bring("a.geojson", after, layer="test", incidents=(before,))

    assert "1 revised" in plain(app)
    assert ["title"] in [
        frame.value["Fields"].tolist() for frame in app.dataframe if "Fields" in frame.value
    ]


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.csv", b"", "the file is empty"),
        ("a.geojson", b"{", "is not JSON"),
        ("a.xlsx", b"PK\x03\x04", "cannot be read as XLSX"),
        ("ged.csv", b"a,b\n1,2\n", "no UCDP GED header"),
        ("a.gz", b"\x1f\x8bnothing", "damaged"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(bring, layers, name, data, sentence):
    app = bring(name, data, source="ucdp" if name == "ged.csv" else None)

    assert sentence in plain(app)
    assert button(app) is None
    assert LayerStore(layers).read("border").incidents == ()


@pytest.mark.parametrize("name", ["../../x.csv", "a b.{{7*7}}.csv", "y" * 300 + ".csv", ".csv"])
def test_the_name_of_a_file_is_no_path_and_no_markup(bring, name):
    app = bring(name, csv_bytes([{"date": "2025-10-11"}]), source="table")

    assert "**1 of 1**" in plain(app)


def test_without_a_name_nothing_is_written(bring):
    app = bring("ged.csv", ged({}), who="")

    assert button(app).disabled
    assert "Give your name first" in plain(app)


def test_hostile_cells_are_shown_as_they_are(bring):
    app = bring("ged.csv", ged({"latitude": "<img src=x>"}, {"latitude": "{{7*7}}"}))

    assert app.dataframe[-1].value["value"].tolist() == ["<img src=x>", "{{7*7}}"]


def test_rejected_rows_are_counted_by_reason(bring):
    app = bring("ged.csv", ged({"best": "many"}, {"best": "some"}, {"latitude": "x"}))

    reasons = app.dataframe[0].value
    assert reasons["Rows"].tolist() == [2, 1]
    assert reasons["Lines"].tolist() == ["2, 3", "4"]


def test_an_import_into_an_existing_layer_says_what_changes(bring):
    app = bring("ged.csv", ged({}), layer="test", incidents=(incident("own:1"),))

    assert "1 new" in plain(app)
    button(app).click()
    settled(app)
    check(app.switch_page("explore.py").run())
    assert "**2 of 2**" in plain(app)


def test_every_problem_of_a_refused_file_is_listed(bring):
    point = {"type": "Point", "coordinates": [200, 95]}
    features = [{"type": "Feature", "geometry": point, "properties": {}} for _ in range(3)]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    app = bring("a.geojson", data)

    assert app.error
    assert app.dataframe[-1].value["line"].tolist() == [1, 1, 2, 2, 3, 3]


def test_what_the_store_refuses_is_no_success(bring, layers):
    app = bring("ged.csv", ged({}))
    (layers / "border.geojson").write_text("{", encoding="utf-8")
    button(app).click()
    settled(app)

    assert not app.success
    assert any("border" in error.value for error in app.error)


def test_another_layer_starts_without_the_incident_and_view_of_the_last(bring):
    app = bring("ged.csv", ged({}), incidents=(incident("own:1"),))
    app.session_state.selected = "own:1"
    app.session_state.layer = "test"
    button(app).click()
    settled(app)

    assert app.session_state.layer == "border"
    assert app.session_state.selected == ""


def test_the_same_file_again_changes_nothing(bring):
    app = bring("a.geojson", json.dumps(to_feature(incident("own:1"))).encode(), layer="test",
                incidents=(incident("own:1"),))  # fmt: skip

    assert "1 unchanged" in plain(app)
    assert button(app).disabled
    assert "The layer holds all of it already" in plain(app)
