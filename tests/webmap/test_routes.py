import json

import pytest

from geo.taxonomy import event_types
from geo.webmap.routes import ASSETS
from tests.examples import incident
from tests.indexes import view as registered
from tests.webmap.asgi import get


def view(*incidents):
    return registered(incidents)


@pytest.mark.parametrize("name", sorted(ASSETS))
def test_every_asset_is_served_with_its_type(name):
    answer = get(f"/atlas/assets/{name}")

    kinds = {"js": "text/javascript", "css": "text/css", "ttf": "font/ttf"}
    assert answer.status == 200
    assert answer.headers["content-type"].startswith(kinds[name.rsplit(".", 1)[1]])
    assert len(answer.body) > 500


@pytest.mark.parametrize("name", ["app.py", "..%2fapp.py", "../../app.py", "leaflet.js.map", ""])
def test_nothing_beside_the_fixed_list_is_served(name):
    assert get(f"/atlas/assets/{name}").status == 404


def test_routes_stand_under_the_base_path():
    assert get("/at/las/atlas/assets/atlas.css", prefix="/at/las").status == 200
    assert get("/atlas/assets/atlas.css", prefix="/at/las").status == 404


def test_a_registered_view_is_found_by_its_token():
    token = view(incident())

    assert get(f"/atlas/incidents/{token}").json()["marks"]["lon"] == [71.0896]


def test_an_unknown_token_finds_nothing():
    assert get("/atlas/incidents/0123456789abcdef01234567").status == 404
    assert get("/atlas/incidents/0123/about?of=0").status == 404


def test_what_incidents_say_comes_as_data_with_its_text_intact():
    hostile = "</script><b>{{7*7}}${alert(1)}"
    token = view(incident("own:a", title=hostile))
    answer = get(f"/atlas/incidents/{token}/about?of=0")

    assert answer.headers["content-type"] == "application/json"
    assert answer.json()[0]["title"] == hostile
    assert answer.json()[0]["id"] == "own:a"


def test_an_index_beyond_the_view_is_refused():
    token = view(incident())

    assert get(f"/atlas/incidents/{token}/about?of=5").status == 400


def test_a_number_that_is_none_is_passed_over():
    token = view(incident())

    for odd in ("9" * 5_000, "%C2%B2", "-1", ""):
        assert get(f"/atlas/incidents/{token}/about?of={odd}").json() == []


@pytest.mark.parametrize(
    "query",
    ["", "bbox=1,2,3", "bbox=a,b,c,d&zoom=3", "bbox=1,2,3,4&zoom=99", "bbox=1,2,3,nan&zoom=3",
     "bbox=3,2,1,4&zoom=3", "bbox=1,2,3,4&zoom=-1", "bbox=1,2,3,4&zoom=%C2%B2",
     "bbox=1e9,2,3e9,4&zoom=3"],
)  # fmt: skip
def test_a_view_that_means_nothing_is_refused_with_a_sentence(query):
    answer = get(f"/atlas/basemap?{query}")

    assert answer.status == 400
    assert b"bbox=W,S,E,N" in answer.body


def test_the_base_map_holds_land_lines_and_names_of_the_view():
    answer = get("/atlas/basemap?bbox=60,28,75,38&zoom=6").json()

    assert answer["land"]
    assert {"contested", "line_of_control"} <= set(answer["lines"])
    assert "Kabul" in [town[0] for town in answer["names"]["towns"]]
    assert "Durand Line" in [line[0] for line in answer["names"]["lines"]]


def test_a_view_beyond_the_180th_meridian_is_answered_in_its_own_longitudes():
    answer = get("/atlas/basemap?bbox=170,-22,190,-10&zoom=5").json()
    lons = [lon for ring in answer["land"] for lon in ring[::2]]

    assert any(lon > 180 for lon in lons)
    assert all(170 <= lon <= 190 for lon in lons)


def test_no_state_is_named_on_disputed_ground():
    names = [
        row[0] for row in get("/atlas/basemap?bbox=-20,20,0,32&zoom=5").json()["names"]["countries"]
    ]

    assert "Morocco" in names
    assert not [name for name in names if "Sahara" in name]


def test_notes_accompany_the_view_they_concern():
    named = [note["name"] for note in get("/atlas/notes?bbox=60,28,75,36").json()]

    assert "Durand Line" in named
    assert get("/atlas/notes?bbox=0,44,5,48").json() == []


def test_every_answer_carries_the_security_headers():
    headers = get("/atlas/assets/atlas.css").headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))

    assert headers["x-content-type-options"] == "nosniff"
    assert policy["default-src"] == policy["connect-src"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert not [
        word for value in policy.values() for word in value.split() if "://" in word or word == "*"
    ]


def test_answers_are_plain_json():
    token = view(incident(title="\u202e \u2028 end"))

    json.loads(get(f"/atlas/incidents/{token}/about?of=0").body)


def test_a_view_in_hexagons_is_told_whatever_its_size_and_lists_what_one_counts():
    token = view(incident())
    answer = get(f"/atlas/incidents/{token}?bbox=60,25,75,40&zoom=5&as=hexagons").json()
    hexagons = answer["hexagons"]
    (column,), (line,) = hexagons["column"], hexagons["line"]
    assert sum(of[0] for of in hexagons["groups"]) == answer["most"] == 1
    key = f"{answer['level']}-{column}-{line}"
    listed = get(f"/atlas/incidents/{token}/in?kind=hex&key={key}").json()
    assert [row["id"] for row in listed] == ["own:1"]
    assert get(f"/atlas/incidents/{token}/in?kind=hex&key=5-3").status == 400


def test_looks_of_groups_and_types_are_told_once_for_all_views():
    answer = get("/atlas/looks")
    told = answer.json()
    assert answer.headers["cache-control"] == "private, max-age=3600"
    assert len(told["types"]) == len(event_types())
    assert {kind["group"] for kind in told["types"]} <= {group["label"] for group in told["groups"]}
    assert "types" not in get(f"/atlas/incidents/{view(incident())}").json()
