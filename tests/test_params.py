"""Is every filter written as text read back, and garbage refused with a sentence?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.area import BBox, Circle, Polygon
from geo.errors import FilterError
from geo.filters import Filter
from geo.incident import Point
from geo.params import NAMES, read, read_bbox, write


def test_nothing_asked_is_nothing_written() -> None:
    assert write(Filter()) == {}
    assert read({}) == Filter()
    assert read({"from": [""], "bbox": [], "text": ["  "]}) == Filter()


def test_every_filter_has_one_spelling() -> None:
    asked = {
        "from": ["2025-10-09"],
        "to": ["2025-10-19"],
        "certain": ["yes"],
        "type": ["armed_clash", "shelling"],
        "country": ["AFG", "PAK"],
        "bbox": ["170,-20,-170,-10.5"],
        "actor": ["TTP"],
        "text": ["market fire"],
        "precision": ["exact", "near"],
        "deaths-min": ["10"],
        "assessment": ["disputed"],
        "status": ["draft", "accepted"],
        "changed-since": ["2025-10-20T06:30:00Z"],
        "source": ["UNAMA"],
    }
    query = read(asked)
    assert query == Filter(
        start=date(2025, 10, 9),
        end=date(2025, 10, 19),
        uncertain=False,
        event_types=("armed_clash", "shelling"),
        countries=("AFG", "PAK"),
        area=BBox(170, -20, -170, -10.5),
        actors=("TTP",),
        text="market fire",
        precision=("exact", "near"),
        deaths_min=10,
        assessment=("disputed",),
        status=("draft", "accepted"),
        changed_since=datetime(2025, 10, 20, 6, 30, tzinfo=UTC),
        sources=("UNAMA",),
    )
    assert write(query) == asked
    assert set(asked) | {"near", "polygon", "around"} == set(NAMES)


@pytest.mark.parametrize(
    ("asked", "area"),
    [
        ({"near": ["69.17,34.53,25"]}, Circle(Point(69.17, 34.53), 25)),
        (
            {"polygon": ["0,0;1,0;1,1;0,0"]},
            Polygon(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0))),
        ),
        ({"bbox": [" 1e-7, -0.0,2,3 "]}, BBox(1e-7, 0, 2, 3)),
    ],
)
def test_areas_are_read(asked: dict[str, list[str]], area: object) -> None:
    assert read(asked).area == area
    assert read(write(read(asked))) == read(asked)


def test_a_group_stands_for_its_types() -> None:
    assert read({"type": ["unrest"]}).event_types == ("protest", "riot")
    assert read({"type": ["riot", "unrest"]}).event_types == ("riot", "protest")
    # a type and a group at once: the type is meant
    assert read({"type": ["other"]}).event_types == ("other",)


def test_countries_go_by_any_name() -> None:
    assert read({"country": ["Pakistan", "af", "PAK"]}).countries == ("PAK", "AFG")


def test_any_status_can_be_asked_for() -> None:
    assert read({"status": ["any"]}).status == ()
    assert write(Filter(status=())) == {"status": ["any"]}
    assert read({"status": []}).status == ("accepted",)


def test_equal_questions_are_equal_filters() -> None:
    odd = datetime(2025, 10, 20, 6, 30, 0, 999, tzinfo=UTC)
    assert Filter(text="  a\u00a0 b ", changed_since=odd) == read(
        {"text": ["a", "b"], "changed-since": ["2025-10-20T11:30:00+05:00"]}
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("from", "yesterday"),
        ("from", "20251009"),
        ("from", "2025-W41-4"),
        ("from", "2025-02-29"),
        ("to", "2025-1-9"),
        ("certain", "maybe"),
        ("type", "battle"),
        ("country", "Taliban"),
        ("country", ""),
        ("bbox", "1,2,3"),
        ("bbox", "1,2,3,4,5"),
        ("bbox", "1_0,2,3,4"),
        ("bbox", "nan,2,3,4"),
        ("bbox", "1,2,inf,4"),
        ("bbox", "1,9,3,4"),
        ("bbox", "1,2,999,4"),
        ("near", "1,2"),
        ("near", "1,2,-5"),
        ("polygon", "0,0;1,0"),
        ("polygon", "0,0;1,1;1,0;0,1;0,0"),
        ("polygon", ";;;"),
        ("precision", "street"),
        ("deaths-min", "-1"),
        ("deaths-min", "1.5"),
        ("deaths-min", "٣"),
        ("deaths-min", "9" * 400),
        ("assessment", "true"),
        ("status", "deleted"),
        ("changed-since", "soon"),
        ("changed-since", "0001-01-01T00:00:00+14:00"),
        ("colour", "red"),
    ],
)
def test_garbage_is_refused_with_a_sentence(name: str, value: str) -> None:
    with pytest.raises(FilterError) as caught:
        read({name: [value]})
    assert name.partition("-")[0] in str(caught.value)
    assert len(str(caught.value)) < 700


def test_contradictions_are_refused() -> None:
    for asked, told in (
        ({"from": ["2025-10-09"], "to": ["2025-10-08"]}, "forward"),
        ({"from": ["2025-10-09", "2025-10-10"]}, "2 times"),
        ({"bbox": ["1,2,3,4"], "near": ["1,2,3"]}, "one area"),
    ):
        with pytest.raises(FilterError, match=told):
            read(asked)
    with pytest.raises(FilterError, match="0 or more"):
        Filter(deaths_min=-1)
    with pytest.raises(FilterError, match="zone"):
        Filter(changed_since=datetime(2025, 10, 9))  # noqa: DTZ001 that is the point


@given(st.sampled_from(sorted(NAMES)), st.lists(st.text(max_size=30), max_size=2))
def test_any_text_is_a_filter_or_a_sentence(name: str, values: list[str]) -> None:
    try:
        query = read({name: values})
    except FilterError:
        return
    assert read(write(query)) == query


def test_a_box_alone_is_read_for_views() -> None:
    assert read_bbox("60,29,71.5,36") == BBox(60, 29, 71.5, 36)


@pytest.mark.parametrize("text", ["here", "1,2,3", "1,2,3,4,5", "", "9,9,1,1"])
def test_a_box_that_means_nothing_is_a_filter_error_that_names_it(text):
    with pytest.raises(FilterError, match="bbox"):
        read_bbox(text)
