"""Does a view of very many add up, and stay small?"""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import bits
from geo.area import BBox
from geo.filters import Filter, select
from geo.incident import Point
from geo.taxonomy import event_types
from geo.webmap.crowd import SYMBOLS, WHOLE
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


def shown(view):
    signs = (*view["cells"], *view["units"])
    return len(view["incidents"]["row"]) + sum(sum(sign["groups"]) for sign in signs)


@given(drawn=crowds(max_size=30), zoom=st.integers(0, 3))
def test_a_view_of_the_world_holds_what_the_ledger_counts_on_the_map(drawn, zoom):
    view = crowd(drawn, Filter(status=())).view(WORLD, zoom)
    ledger = select(drawn, Filter(status=())).ledger
    assert view["in_view"] == ledger.on_map
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
    assert far["cells"]
    assert shown(far) == far["in_view"] == WHOLE + 1
    near = many.view(BBox(60, 25, 61, 26), 8)
    assert near["cells"] == []
    assert 0 < len(near["incidents"]["row"]) <= SYMBOLS


def test_exact_places_are_counted_apart_from_others():
    mixed = [*scattered(SYMBOLS), *(
        incident(f"near:{n}", precision="near", point=Point(60.1, 25.1)) for n in range(SYMBOLS)
    )]  # fmt: skip
    cells = crowd(mixed).view(WORLD, 2)["cells"]
    counts = {kind: sum(sum(c["groups"]) for c in cells if c["kind"] == kind) for kind in
              ("exact", "about")}  # fmt: skip
    assert counts == {"exact": SYMBOLS, "about": SYMBOLS}


def test_a_cell_stands_where_one_of_its_incidents_is_and_lists_them():
    many = crowd(scattered(WHOLE + 1))
    spots = {(i.point.lon, i.point.lat) for i in scattered(WHOLE + 1)}
    for cell in many.view(WORLD, 3)["cells"]:
        assert any(abs(cell["lon"] - x) + abs(cell["lat"] - y) < 1e-4 for x, y in spots)
        assert len(many.members(cell["kind"], cell["key"])) == sum(cell["groups"])


def test_a_view_is_small_whatever_it_counts():
    many = crowd(scattered(4_000))
    for zoom in (3, 8, 18):
        view = many.view(BBox(55, 20, 80, 40), zoom)
        assert shown(view) == view["in_view"] == 4_000
        assert len(gzip.compress(dump(view), 1)) < 20_000


def view_token(incidents):
    return registered(incidents)


@pytest.mark.parametrize(
    "query", ["", "?bbox=1,2,3", "?bbox=1,2,3,4&zoom=99", "?bbox=3,2,1,4&zoom=3"]
)
def test_a_view_of_many_that_means_nothing_is_refused(query):
    answer = get(f"/atlas/incidents/{view_token(scattered(WHOLE + 1))}{query}")
    assert answer.status == 400
    assert b"bbox=W,S,E,N" in answer.body


def test_what_lies_under_a_sign_is_told():
    token = view_token(scattered(WHOLE + 1))
    view = get(f"/atlas/incidents/{token}?bbox=50,20,80,40&zoom=4").json()
    cell = view["cells"][0]
    rows = get(f"/atlas/incidents/{token}/in?kind={cell['kind']}&key={cell['key']}").json()
    assert len(rows) == min(sum(cell["groups"]), 200)
    assert {row["precision"] for row in rows} == {"exact"}


@pytest.mark.parametrize(
    "query",
    ["", "kind=exact&key=", "kind=exact&key=1", "kind=exact&key=-1-4", "kind=other&key=1-2",
     "kind=unit&key=x", "kind=country&key=../x", "kind=unit&key=%C2%B2"],
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
    exact = sum(sum(sign["groups"]) for sign in view["hexagons"])
    assert exact + sum(view["beside"].values()) == view["in_view"]
    assert view["in_view"] == select(drawn, query).ledger.on_map
    for sign in view["hexagons"]:
        assert len(held.members("hex", sign["key"])) == sum(sign["groups"]) <= view["most"]


def test_a_cell_of_one_place_says_so_since_no_zoom_divides_it():
    here = [incident(f"own:{n}") for n in range(SYMBOLS)]
    beside = incident("own:beside", point=Point(71.0897, 34.1287))
    there = [incident(f"own:there{n}", point=Point(20, 10)) for n in range(SYMBOLS)]
    cells = crowd([*here, beside, *there]).view(WORLD, 2)["cells"]
    assert {sum(cell["groups"]): cell.get("one", False) for cell in cells} == {
        SYMBOLS: True,
        SYMBOLS + 1: False,
    }
