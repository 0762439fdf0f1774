"""Does DuckDB answer every filter as the plain definition does?"""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.area import BBox, Circle, Polygon, lies
from geo.errors import EngineError, FilterError
from geo.filters import Filter, select
from geo.incident import Incident, Point
from tests.engines.crowded import every_area, rows
from tests.examples import incident
from tests.strategies import boxes, crowds, filters, polygons

ibis = pytest.importorskip("ibis", reason="ibis is not installed (requirements-dev.txt)")
pytest.importorskip("duckdb", reason="duckdb is not installed (requirements-dev.txt)")

from geo.engines.bounds import bounds, touching  # noqa: E402 what was asked for above
from geo.engines.ledger import Asked, sql  # noqa: E402 what was asked for above
from geo.engines.settle import REACHED, with_area  # noqa: E402 what was asked for above

# of ibis' own calls to DuckDB
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
_numbers = count()
EVERY = ibis.literal(value=True)


@pytest.fixture(scope="module")
def duck():
    held = ibis.duckdb.connect()
    yield held
    held.disconnect()


def held(duck, table: pa.Table):
    return duck.create_table(f"t{next(_numbers)}", table, temp=True)


@settings(max_examples=80)
@given(
    crowd=crowds(max_size=12),
    query=filters(),
    area=st.none() | every_area(),
    frame=st.none() | boxes(),
    data=st.data(),
)
def test_duckdb_and_plain_definition_agree_on_every_ledger(
    duck,
    crowd: list[Incident],
    query: Filter,
    area: object,
    frame: BBox | None,
    data: st.DataObject,
) -> None:
    query = replace(query, area=area) if area else query
    aside = frozenset(data.draw(st.sets(st.sampled_from([i.id for i in crowd]))) if crowd else ())
    ordered = sorted(crowd, key=lambda i: i.id)
    plain = select(ordered, query, frame=frame, set_aside=aside)
    asked = Asked(held(duck, rows(crowd)), query, frame=frame, set_aside=aside)
    account = asked.account()
    assert account.ledger == plain.ledger
    assert account.layers == ((("crowd", None),) if crowd else ())
    assert tuple(asked.matches(len(crowd) + 1)) == plain.matches
    assert tuple(asked.matches(2)) == plain.matches[:2]


@settings(max_examples=60)
@given(area=every_area(), seed=st.integers(0, 2**32 - 1))
def test_arithmetic_is_never_surer_than_the_measured_distance(duck, area, seed) -> None:
    places = _places_about(area, seed)
    lon, lat, reach = places.T
    found = held(duck, pa.table({"n": range(len(lon)), "lon": lon, "lat": lat, "reach_km": reach}))
    verdict = bounds(found.lon, found.lat, found.reach_km, area)
    told = found.mutate(surely=verdict.surely, perhaps=verdict.perhaps).order_by("n").to_pyarrow()
    for place, surely, perhaps in zip(
        places.tolist(), told["surely"].to_pylist(), told["perhaps"].to_pylist(), strict=True
    ):
        x, y, r = place
        there = lies(Point(x, y), r, area) != "outside"
        assert there or not surely
        assert perhaps or not there


@given(area=polygons(), seed=st.integers(0, 2**32 - 1))
def test_degrees_are_never_narrower_than_the_measured_distance(area, seed) -> None:
    lon, lat, reach = _places_about(area, seed).T
    shape = shapely.Polygon(area.ring)
    met = touching(lon, lat, reach, shape)
    for x, y, r, touches in zip(*(a.tolist() for a in (lon, lat, reach, met)), strict=True):
        assert touches or lies(Point(x, y), r, area) == "outside"


def _places_about(area: object, seed: int) -> np.ndarray:
    """Places at the edge of an area: about its corners, and where its distance ends."""
    chance = np.random.default_rng(seed)
    if isinstance(area, BBox):
        spots = [(area.west, area.south), (area.east, area.north)]
        far = 0.0
    elif isinstance(area, Circle):
        spots, far = [(area.centre.lon, area.centre.lat)], area.radius_km
    elif isinstance(area, Polygon):
        spots, far = list(area.ring), 0.0
    else:
        spots, far = [*area.points, *(s for path in area.paths() for s in path)], area.km
    at = np.array(spots)[chance.integers(0, len(spots), 60)]
    reach = chance.choice([0.0, 5.0, 25.0, 120.0, 2_000.0], 60)
    turn = chance.uniform(0, 2 * np.pi, 60)
    # a degree of latitude is about 111 km; a little more or less than the distance counted
    degrees = (far + reach) / 111.2 * chance.choice([0.98, 0.995, 1.0, 1.005, 1.02], 60)
    degrees += chance.choice([0.0, 1e-9, 0.01, 0.3], 60)
    lat = np.clip(at[:, 1] + degrees * np.sin(turn), -90, 90)
    narrow = np.maximum(np.cos(np.radians(at[:, 1])), 0.05)
    lon = (at[:, 0] + degrees * np.cos(turn) / narrow + 180) % 360 - 180
    return np.stack([lon, lat, reach], axis=1)


def test_what_lies_in_the_ring_of_doubt_is_measured(duck) -> None:
    centre = Point(70.0, 34.0)
    # 99.9 and 100.1 km due north: on a sphere nobody knows
    crowd = [
        incident("own:nearer", point=Point(70.0, 34.9007)),
        incident("own:farther", point=Point(70.0, 34.9025)),
    ]
    query = Filter(area=Circle(centre, 100.0))
    plain = select(crowd, query)
    assert [m.incident.id for m in plain.matches] == ["own:nearer"]
    found = Asked(held(duck, rows(crowd)), query)
    assert {m.incident.id for m in found.matches(9)} == {m.incident.id for m in plain.matches}


def test_an_area_with_too_much_at_its_edge_is_refused(duck) -> None:
    crowd = [incident(f"own:{n}", point=Point(59.67 + n / 1000, 34.0)) for n in range(9)]
    triangle = Polygon(((59.0, 33.0), (62.0, 33.0), (61.0, 36.0), (59.0, 33.0)))
    with pytest.raises(EngineError, match="more than 3 places"):
        with_area(held(duck, rows(crowd)), triangle, EVERY, most=3)
    whole = with_area(held(duck, rows(crowd)), triangle, EVERY)
    assert whole[REACHED].sum().to_pyarrow().as_py() == 9


def test_rows_landed_with_other_spellings_are_refused(duck) -> None:
    old = rows([incident()])
    old = old.set_column(0, "mark", pa.array(["0-000000000000"]))
    with pytest.raises(EngineError, match="land them again"):
        Asked(held(duck, old), Filter()).account()


@pytest.mark.parametrize("dialect", ["bigquery", "duckdb", "postgres"])
@given(query=filters().map(lambda query: replace(query, area=None)))
@settings(max_examples=15)
def test_a_filter_without_an_area_is_one_statement(dialect: str, query: Filter) -> None:
    written = sql(query, dialect, table="events")
    assert written.startswith("SELECT")
    assert "events" in written


def test_the_statement_written_for_duckdb_gives_the_ledger(duck) -> None:
    crowd = [incident(f"own:{n}", event_type=t) for n, t in enumerate(("talks", "riot", "talks"))]
    duck.create_table("told", rows(crowd), temp=True)
    written = sql(Filter(event_types=("talks",)), "duckdb", table="told")
    (row,) = duck.raw_sql(written).fetchall()
    names = [column[0] for column in duck.raw_sql(written).description]
    told = dict(zip(names, row, strict=True))
    assert (told["total"], told["matched"], told["excluded_event_type"]) == (3, 2, 1)


def test_an_area_is_not_written_as_a_statement() -> None:
    with pytest.raises(FilterError, match="geodesic"):
        sql(Filter(area=BBox(60, 30, 70, 40)), "bigquery")
