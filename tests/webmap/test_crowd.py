"""Does a view of very many add up, and stay small?"""

import gzip
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import bits
from geo.area import BBox
from geo.filters import Filter, select
from geo.incident import Point
from geo.taxonomy import event_types
from geo.webmap.crowd import EACH, SIGNS, SYMBOLS, WHOLE
from geo.webmap.margin import widened
from geo.webmap.marks import dump
from tests.examples import incident
from tests.indexes import crowd
from tests.indexes import view as registered
from tests.strategies import crowds
from tests.webmap.asgi import get

WORLD = BBox(-180, -90, 180, 90)
KINDS = [kind.id for kind in event_types()]


def scattered(count, precision="exact"):
    return [
        incident(
            f"own:{n}", precision=precision, event_type=KINDS[n % len(KINDS)],
            point=Point(60 + n % 70 * 0.21, 25 + n // 70 % 60 * 0.17),
        )
        for n in range(count)
    ]  # fmt: skip


def counts(cells):
    """Members of each cell or hexagon."""
    return [sum(of) for of in zip(*cells["groups"], strict=True)]


def counted(view):
    """Count what a view shows, by what shows it."""
    own = [view[name] for name in ("exact", "about", "hexagons") if name in view]
    tags = [sum(sum(sign["groups"]) for sign in view[name]) for name in ("units", "countries")]
    # one of several countries is in the badge of each
    again = sum(several[-1] * (len(several) - 2) for several in view["several"])
    return {
        "symbols": len(view["incidents"]["row"]),
        "cells": sum(sum(counts(cells)) for cells in own),
        "units": tags[0],
        "countries": tags[1] - again,
    }


def shown(view):
    return sum(counted(view).values())


def spots(view, name):
    """Longitude and latitude of each cell's sign."""
    size = 2 ** view["level"]
    across, down = (
        [(a + (b + 0.5) / 256) / size for a, b in zip(view[name][of], view[name][at], strict=True)]
        for of, at in (("column", "east"), ("line", "south"))
    )
    lat = [math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y)))) for y in down]
    return [(x * 360 - 180, y) for x, y in zip(across, lat, strict=True)]


@given(drawn=crowds(max_size=30), zoom=st.integers(0, 3))
def test_a_view_of_the_world_holds_what_the_ledger_counts_on_the_map(drawn, zoom):
    view = crowd(drawn, Filter(status=())).view(WORLD, zoom)
    ledger = select(drawn, Filter(status=())).ledger
    assert shown(view) == ledger.on_map
    assert view["unplaced"] == ledger.not_mappable
    assert view["matched"] == ledger.matched


@given(drawn=crowds(max_size=150))
def test_the_outermost_places_are_those_of_all_of_them(drawn):
    places = crowd(drawn, Filter(status=())).layer.index.places
    for rows in (places.drawn.exact, places.drawn.about, places.drawn.exact | places.drawn.about):
        lon, lat = places.spots(bits.rows_of(rows))
        plain = (lon.min(), lat.min(), lon.max(), lat.max()) if len(lon) else None
        assert places.bounds(rows) == plain


def test_few_in_view_have_symbols_and_many_are_counted_by_group():
    many = crowd(scattered(WHOLE + 1))
    assert not many.is_small
    far = many.view(WORLD, 2)
    assert not far["each"]
    assert counted(far)["cells"]
    assert shown(far) == WHOLE + 1
    near = many.view(BBox(60, 25, 61, 26), 8)
    assert near["each"]
    assert 0 < len(near["incidents"]["row"]) <= SYMBOLS


def test_exact_places_are_counted_apart_from_others():
    mixed = [*scattered(SYMBOLS), *(
        incident(f"near:{n}", precision="near", point=Point(60.1, 25.1)) for n in range(SYMBOLS)
    )]  # fmt: skip
    view = crowd(mixed).view(WORLD, 2)
    assert [sum(counts(view[kind])) for kind in ("exact", "about")] == [SYMBOLS, SYMBOLS]


def test_a_cell_stands_where_one_of_its_incidents_is_and_lists_them():
    many = crowd(scattered(WHOLE + 1))
    places = {(i.point.lon, i.point.lat) for i in scattered(WHOLE + 1)}
    view = many.view(BBox(59, 24, 76, 36), 5)
    cells, near = view["exact"], 360 / 2 ** view["level"] / 256
    assert len(cells["line"]) > 10
    for n, (lon, lat) in enumerate(spots(view, "exact")):
        assert any(abs(lon - x) < near and abs(lat - y) < near for x, y in places)
        key = f"{view['level']}-{cells['column'][n]}-{cells['line'][n]}"
        assert len(many.members("exact", key)) == counts(cells)[n]


def test_a_view_is_small_whatever_it_counts():
    many = crowd(scattered(4_000))
    for zoom in (3, 8, 18):
        for beyond in (0.0, 0.5, 1.0):
            view = many.view(BBox(55, 20, 80, 40), zoom, beyond=beyond)
            assert shown(view) == 4_000
            assert len(gzip.compress(dump(view), 1)) < 20_000


def view_token(incidents):
    return registered(incidents)


@pytest.mark.parametrize(
    "query",
    ["", "?bbox=1,2,3", "?bbox=1,2,3,4&zoom=99", "?bbox=3,2,1,4&zoom=3",
     "?bbox=1,2,3,4&zoom=3&beyond=9"],
)  # fmt: skip
def test_a_view_of_many_that_means_nothing_is_refused(query):
    answer = get(f"/atlas/incidents/{view_token(scattered(WHOLE + 1))}{query}")
    assert answer.status == 400
    assert b"bbox=W,S,E,N" in answer.body


def test_what_lies_under_a_sign_is_told():
    token = view_token(scattered(WHOLE + 1))
    view = get(f"/atlas/incidents/{token}?bbox=50,20,80,40&zoom=4").json()
    cells = view["exact"]
    key = f"{view['level']}-{cells['column'][0]}-{cells['line'][0]}"
    rows = get(f"/atlas/incidents/{token}/in?kind=exact&key={key}").json()
    assert len(rows) == min(counts(cells)[0], 200)
    assert {row["precision"] for row in rows} == {"exact"}


@pytest.mark.parametrize(
    "query",
    ["", "kind=exact&key=", "kind=exact&key=1", "kind=exact&key=-1-4", "kind=exact&key=1-4",
     "kind=other&key=1-2", "kind=unit&key=x", "kind=country&key=../x", "kind=unit&key=%C2%B2"],
)  # fmt: skip
def test_a_sign_that_is_none_is_refused(query):
    token = view_token(scattered(WHOLE + 1))
    assert get(f"/atlas/incidents/{token}/in?{query}").status == 400


def test_a_province_known_by_number_alone_is_outlined():
    there = incident(precision="province", admin1="Sindh", countries=("PAK",), point=None)
    token = registered([there])
    assert len(get(f"/atlas/incidents/{token}/outline?of=0").json()["0"][0]) > 100
    assert get(f"/atlas/incidents/{token}/outline?of=7").status == 400


def test_an_incident_that_the_filter_left_out_is_not_told():
    hidden = [incident("own:1"), incident("own:2", status="draft")]
    token = registered(hidden)
    told = [get(f"/atlas/incidents/{token}/about?of={row}").status for row in (0, 1)]
    assert sorted(told) == [200, 400]
    assert json.dumps(get(f"/atlas/incidents/{token}").json()).count("own:2") == 0


@given(drawn=crowds(max_size=30), zoom=st.integers(0, 3))
def test_hexagons_and_what_is_counted_beside_sum_to_what_is_on_the_map(drawn, zoom):
    query = Filter(status=())
    held = crowd(drawn, query)
    view = held.hexagons(WORLD, zoom)
    assert shown(view) == select(drawn, query).ledger.on_map
    hexagons = view["hexagons"]
    for n, count in enumerate(counts(hexagons)):
        key = f"{view['level']}-{hexagons['column'][n]}-{hexagons['line'][n]}"
        assert len(held.members("hex", key)) == count <= view["most"]


def test_a_cell_of_one_place_says_so_since_no_zoom_divides_it():
    here = [incident(f"own:{n}") for n in range(SYMBOLS)]
    beside = incident("own:beside", point=Point(71.0897, 34.1287))
    there = [incident(f"own:there{n}", point=Point(20, 10)) for n in range(SYMBOLS)]
    cells = crowd([*here, beside, *there]).view(WORLD, 2)["exact"]
    assert {count: n in cells["one"] for n, count in enumerate(counts(cells))} == {
        SYMBOLS: True,
        SYMBOLS + 1: False,
    }


def test_a_margin_holds_the_view_and_the_same_cells():
    many = crowd(scattered(4_000))
    box = BBox(62, 27, 66, 30)
    near, far = (many.view(box, 7, beyond=beyond) for beyond in (0.0, 0.5))
    west, south, east, north = far["held"]
    assert west < box.west < box.east < east
    assert south < box.south < box.north < north
    assert near["level"] == far["level"]
    assert cells_of(near) <= cells_of(far)


def cells_of(view):
    cells = view["exact"]
    return set(zip(cells["column"], cells["line"], counts(cells), strict=True))


def test_a_margin_never_makes_an_answer_larger_than_a_view_may_be():
    # a place in each cell of a screen of sixteen by six, and two in most
    crowded = [
        incident(f"own:{n}", point=Point(n % 90 * 0.7, n // 90 % 40 * 0.7)) for n in range(7_200)
    ]
    view = crowd(crowded).view(BBox(10, 5, 32, 14), 7, beyond=1.0)
    assert len(view["exact"]["line"]) + len(view["about"]["line"]) <= SIGNS
    few = crowd(scattered(4_000)).view(BBox(62, 27, 64, 28.5), 9, beyond=1.0)
    assert few["each"]
    assert SYMBOLS < len(few["incidents"]["row"]) <= EACH


def test_a_box_is_widened_across_the_180th_meridian_and_up_to_the_world():
    wide = widened(BBox(170, -10, -170, 10), 0.5)
    assert (wide.west, wide.east) == (160, -160)
    assert wide.south == pytest.approx(-wide.north)
    whole = widened(BBox(-100, -85, 100, 85), 0.5)
    assert (whole.west, whole.east) == (-180, 180)
    assert whole.north == -whole.south == pytest.approx(85.05, abs=0.01)
