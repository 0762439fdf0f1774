import json
import re
from datetime import date

import pytest
from streamlit_folium import _get_feature_group_string, generate_leaflet_string

from geo.area import BBox, Circle, Polygon
from geo.incident import Point
from geo.lens import Lens
from geo.webmap.scene import Message, Opening, Told, atlas_map, push, read_message

BOX = BBox(60, 28, 75, 38)


def script(**options):
    made = atlas_map(BOX, **options)
    made.render()
    return generate_leaflet_string(made)


def test_the_same_arguments_give_the_same_map():
    assert script() == script()


def test_the_map_loads_nothing_from_other_hosts():
    made = atlas_map(BOX, prefix="/base")
    links = [link for _, link in (*made.default_js, *made.default_css)]

    assert all(link.startswith("/base/atlas/assets/") for link in links)
    assert "http" not in script(prefix="/base")


def test_the_map_itself_ends_where_its_ground_and_its_answers_do():
    # max_zoom of Folium is one of tiles, of which there are none
    assert re.search(r'"maxZoom": 14\b', script())


def test_a_message_says_where_the_map_hears_of_the_next_view():
    made = atlas_map(BOX)
    told = Told("ab" * 24, 7)
    text = _get_feature_group_string(push("ab12", told=told), map=made)
    assert json.dumps({"line": "ab" * 24, "turn": 7}) in text
    assert "null);" in _get_feature_group_string(push("ab12"), map=made)


def test_a_message_differs_for_every_view():
    made = atlas_map(BOX)
    texts = {_get_feature_group_string(push(token), map=made) for token in ("ab12", "cd34")}

    assert len(texts) == 2


@pytest.mark.parametrize("token", ["a_b", "x');alert(1)//", "{{7*7}}", "A" * 10])
def test_only_hexadecimal_tokens_reach_the_template(token):
    with pytest.raises(ValueError, match="hexadecimal"):
        push(token)


@pytest.mark.parametrize("prefix", ["//evil", "/a b", '/"><script>', "/{{7*7}}"])
def test_an_odd_base_path_is_refused(prefix):
    with pytest.raises(ValueError, match="base path"):
        atlas_map(BOX, prefix=prefix)


def test_a_marked_position_is_two_numbers():
    text = _get_feature_group_string(push("", mark=Point(71.1, 34.1)), map=atlas_map(BOX))

    assert 'L.atlas.show("", -1, 0, [71.1, 34.1], null, null, null);' in text


@pytest.mark.parametrize(
    "value",
    [None, [], "x", 3, {"view": "1,2,3,4"}, {"view": [1, 2, 3]}, {"view": [1, 2, 3, float("nan")]},
     {"view": [0, 95, 1, 99]}, {"picked": [1, 200]}, {"selected": 7}, {"selected": "x" * 501}],
)  # fmt: skip
def test_an_odd_message_from_the_map_counts_as_none(value):
    assert read_message(value) == Message()


def test_a_view_across_the_180th_meridian_is_read():
    message = read_message({"view": [170, -20, 190, -10], "selected": "own:1", "picked": [181, 3]})

    assert message.view == BBox(170, -20, -170, -10)
    assert message.selected == "own:1"
    assert message.picked == Point(-179, 3)


def test_a_view_of_the_whole_world_has_no_edge():
    assert read_message({"view": [-300, -80, 300, 80]}).view == BBox(-180, -80, 180, 80)


RING = [[60, 30], [65, 30], [65, 35], [60, 30]]


def wished(**wish):
    return read_message({"wanted": {"at": 7, **wish}}).wanted


def test_a_wish_names_days_or_an_area_or_takes_the_area_away():
    assert wished(dates=["2025-10-01", "2025-10-03"]).dates == (
        date(2025, 10, 1),
        date(2025, 10, 3),
    )
    assert wished(area={"bbox": [170, -20, -170, 10]}).area == BBox(170, -20, -170, 10)
    assert wished(area={"ring": RING}).area == Polygon(tuple((x, y) for x, y in RING))
    assert wished(area=None).without_area


@pytest.mark.parametrize(
    "wish",
    [{}, {"dates": ["2025-10-03", "2025-10-01"]}, {"dates": ["x", "y"]}, {"dates": [1, 2]},
     {"area": "bbox"}, {"area": {"bbox": [1, 2, 3]}}, {"area": {"ring": [[1, 2, 3]]}},
     {"area": {"ring": [[0, n / 10] for n in range(102)]}}, {"at": "7", "area": None}],
)  # fmt: skip
def test_an_odd_wish_counts_as_none(wish):
    assert wished(**wish) is None


def test_an_area_that_crosses_itself_is_refused_with_a_sentence():
    eight = [[0, 0], [10, 10], [10, 0], [0, 10], [0, 0]]
    found = wished(area={"ring": eight})
    assert found.area is None
    assert found.problem == "polygon crosses itself: draw a ring that does not."


@pytest.mark.parametrize(
    ("area", "said"),
    [(BBox(170, 0, -170, 10), '{"ring": [[170, 0], [170, 10], [190, 10], [190, 0]]}'),
     (Circle(Point(71.5, 34.5), 20), '{"centre": [71.5, 34.5], "km": 20}'), (None, "null")],
)  # fmt: skip
def test_the_area_filtered_by_is_told_in_numbers(area, said):
    text = _get_feature_group_string(push("", area=area), map=atlas_map(BOX))
    assert f'L.atlas.show("", -1, 0, null, {said}, null, null);' in text


OPENING = Opening(3, Lens((date(2025, 10, 9), date(2025, 10, 12)), hexagons=True))
TOLD = {"at": 3, "days": ["2025-10-09", "2025-10-12"], "hexagons": True}


def test_a_lens_is_told_as_days_and_comes_back_as_it_was():
    text = _get_feature_group_string(push("", opening=OPENING), map=atlas_map(BOX))
    told = text.partition("null, null, ")[2].partition(", null);")[0]

    assert json.loads(told) == TOLD
    assert read_message({"opening": json.loads(told)}).opening == OPENING


@pytest.mark.parametrize(
    "odd",
    [{"at": "3"}, {"days": "2025-10-09"}, {"days": ["2025-10-12", "2025-10-09"]},
     {"days": [None, None]}, {"hexagons": 1}, {"hexagons": None}],
)  # fmt: skip
def test_an_odd_lens_from_the_map_counts_as_none(odd):
    assert read_message({"opening": {**TOLD, **odd}}).opening is None
