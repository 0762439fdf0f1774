"""Do named views come back as they were saved, and ask for the right days of the data?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import views
from geo.area import BBox
from geo.errors import ViewError
from geo.filters import Filter
from geo.lens import Lens
from geo.params import read as read_filter
from geo.views import RULES, View, newest, period
from tests.examples import incident
from tests.strategies import boxes, filters

NAMES = st.text(
    st.characters(categories=("L", "N", "P", "S"), include_characters=" "), min_size=1, max_size=40
).filter(str.strip)


@st.composite
def named(draw: st.DrawFn) -> View:
    query = draw(filters())
    rule = draw(st.sampled_from(sorted(RULES)))
    if rule:
        query = replace(query, start=None, end=None)
    frame = draw(st.none() | boxes())
    days = None if rule else draw(st.none() | st.tuples(st.dates(), st.dates()).map(sorted))
    lens = Lens((days[0], days[1]) if days else None, draw(st.booleans()))
    return View(name=draw(NAMES), layer="border", query=query, frame=frame, lens=lens, rule=rule)


@given(st.lists(named(), max_size=4, unique_by=lambda view: view.name))
def test_what_is_written_reads_back_as_it_was(made: list[View]) -> None:
    rows = [views.write_row(view) for view in made]
    data = views.write_file(rows)
    again = [views.read_row(row) for row in views.read_file(data)]
    assert sorted(again, key=lambda v: v.name) == sorted(made, key=lambda v: v.name)
    # equal views make equal bytes, in whatever order they were saved
    assert views.write_file([views.write_row(view) for view in reversed(made)]) == data


@pytest.mark.parametrize(
    ("rule", "day", "expected"),
    [
        # 19 October 2025 is a Sunday
        ("last-full-week", "2025-10-19", ("2025-10-13", "2025-10-19")),
        ("last-full-week", "2025-10-18", ("2025-10-06", "2025-10-12")),
        ("last-full-week", "2025-10-20", ("2025-10-13", "2025-10-19")),
        ("last-full-week", "2026-01-01", ("2025-12-22", "2025-12-28")),
        ("last-full-month", "2025-10-31", ("2025-10-01", "2025-10-31")),
        ("last-full-month", "2025-10-30", ("2025-09-01", "2025-09-30")),
        ("last-full-month", "2024-03-01", ("2024-02-01", "2024-02-29")),
        ("newest-7-days", "2025-03-02", ("2025-02-24", "2025-03-02")),
    ],
)
def test_a_rule_means_days_of_the_data(rule: Any, day: str, expected: tuple[str, str]) -> None:
    found = period(rule, date.fromisoformat(day))
    assert tuple(map(str, found)) == expected


def test_a_coarse_date_does_not_carry_the_period_into_days_without_data() -> None:
    some = [
        incident("a:1", start=date(2025, 10, 11), end=date(2025, 10, 14)),
        incident("a:2", start=date(2025, 1, 1), end=date(2025, 12, 31), date_precision="year"),
        incident("a:3", start=date(2025, 11, 2), end=date(2025, 11, 2), status="draft"),
    ]
    assert newest(some, Filter()) == date(2025, 10, 14)
    assert newest(some, Filter(status=())) == date(2025, 11, 2)
    assert newest([], Filter()) is None


def test_a_rule_fills_the_dates_and_nothing_else() -> None:
    view = View(name="Week", layer="border", query=Filter(text="x"), rule="last-full-week")
    asked = view.asked([incident(start=date(2025, 10, 19), end=date(2025, 10, 19))])
    assert asked == Filter(text="x", start=date(2025, 10, 13), end=date(2025, 10, 19))
    assert view.asked([]) == Filter(text="x")


def test_a_view_is_saved_replaced_and_removed(tmp_path: Path) -> None:
    one = View(name="Border  week", layer="border", frame=BBox(60, 28, 76, 38))
    views.save(tmp_path, one)
    assert views.read(tmp_path).named("Border week") == one
    with pytest.raises(ViewError, match="'Border week' exists already"):
        views.save(tmp_path, one)
    other = replace(one, query=read_filter({"type": ["protest"]}))
    views.save(tmp_path, other, replacing=True)
    assert views.read(tmp_path).views == (other,)
    views.remove(tmp_path, "Border week")
    assert views.read(tmp_path).views == ()
    with pytest.raises(ViewError, match="unknown: there is none"):
        views.remove(tmp_path, "Border week")


GARBAGE = [
    7,
    None,
    {},
    {"name": "x"},
    {"name": "x", "layer": "../etc"},
    {"name": "x", "layer": "border", "filter": ["a"]},
    {"name": "x", "layer": "border", "filter": {"from": ["soon"]}},
    {"name": "x", "layer": "border", "filter": {"from": "2025-01-01"}},
    {"name": "x", "layer": "border", "frame": [1, 2, 3]},
    {"name": "x", "layer": "border", "frame": [1, 2, 3, True]},
    {"name": "x", "layer": "border", "frame": [0, 91, 1, 92]},
    {"name": "x", "layer": "border", "period": "yesterday"},
    {"name": "x", "layer": "border", "period": ["newest-7-days"]},
    {"name": "x", "layer": "border", "period": "newest-7-days", "filter": {"to": ["2025-01-01"]}},
    {"name": "x\n\x00", "layer": "border"},
    {"name": " ", "layer": "border"},
    {"name": "x" * 81, "layer": "border"},
    {"name": "x", "layer": "border", "run": "rm"},
]


@pytest.mark.parametrize("row", GARBAGE, ids=str)
def test_garbage_is_told_and_the_others_open(tmp_path: Path, row: Any) -> None:
    good = {"name": "good", "layer": "border"}
    (tmp_path / "views.json").write_text(
        json.dumps({"schema": views.SCHEMA, "views": [row, good]}), encoding="utf-8"
    )
    found = views.read(tmp_path)
    assert [view.name for view in found.views] == ["good"]
    [problem] = found.problems
    assert "view 1 of views.json was not understood" in problem
    # and a save does not throw it away
    views.save(tmp_path, View(name="new", layer="border"))
    held = json.loads((tmp_path / "views.json").read_text(encoding="utf-8"))
    assert row in held["views"]
    assert [view.name for view in views.read(tmp_path).views] == ["good", "new"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema":"other"}', '{"a":1,"a":2}', "\x00"])
def test_a_damaged_file_is_told_and_never_written_over(tmp_path: Path, text: str) -> None:
    path = tmp_path / "views.json"
    path.write_text(text, encoding="utf-8")
    found = views.read(tmp_path)
    assert found.views == ()
    assert "views.json cannot be read" in found.problems[0]
    with pytest.raises(ViewError, match="cannot be read"):
        views.save(tmp_path, View(name="new", layer="border"))
    assert path.read_text(encoding="utf-8") == text


def test_views_follow_a_layer_that_is_renamed(tmp_path: Path) -> None:
    views.point_to(tmp_path, "border", "frontier")
    assert not (tmp_path / "views.json").exists()
    views.save(tmp_path, View(name="one", layer="border"))
    views.save(tmp_path, View(name="two", layer="other"))
    views.point_to(tmp_path, "border", "frontier")
    assert [(v.name, v.layer) for v in views.read(tmp_path).views] == [
        ("one", "frontier"),
        ("two", "other"),
    ]


def test_a_view_of_several_layers_reads_back_and_follows_each_name(tmp_path: Path) -> None:
    views.save(tmp_path, View(name="all", layer="other", beside=("border", "third")))
    views.point_to(tmp_path, "border", "frontier")
    (view,) = views.read(tmp_path).views
    assert view.layers == ("other", "frontier", "third")


def test_a_view_of_one_layer_is_written_as_ever() -> None:
    assert "beside" not in views.write_row(View(name="one", layer="border"))


@pytest.mark.parametrize("beside", ["border", [1], ["../etc"], ["border"], ["a", "a"], {"a": 1}])
def test_layers_beside_that_mean_nothing_are_told(beside: Any) -> None:
    with pytest.raises(ViewError):
        views.read_row({"name": "x", "layer": "border", "beside": beside})
