"""Is a distance from points, routes and areas true to 1 %, everywhere on Earth?"""

from __future__ import annotations

import math
import random
from itertools import pairwise

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.area import classify
from geo.around import MAX_POSITIONS, Around, read_around, write_around
from geo.corridor import outline
from geo.errors import FilterError
from geo.incident import Point
from geo.params import read, write
from tests.examples import incident as example

_WGS84 = Geod(ellps="WGS84")
ROUTE = ((69.2, 34.5), (70.5, 34.4), (71.6, 34.0))
SQUARE = ((60.0, 30.0), (62.0, 30.0), (62.0, 32.0), (60.0, 32.0), (60.0, 30.0))
EAST = ((178.0, -18.0), (180.0, -18.0), (180.0, -16.0), (178.0, -16.0), (178.0, -18.0))
WEST = ((-180.0, -18.0), (-178.0, -18.0), (-178.0, -16.0), (-180.0, -16.0), (-180.0, -18.0))


def _truth(lon, lat, path):
    """Least distance to a path in km, by trying a position every 0.002 degrees."""
    best = math.inf
    for (x1, y1), (x2, y2) in pairwise(path):
        turn = -360 * round((x2 - x1) / 360)
        count = max(2, int(max(abs(x2 + turn - x1), abs(y2 - y1)) / 0.002))
        along = np.linspace(0, 1, count)
        lons, lats = x1 + (x2 + turn - x1) * along, y1 + (y2 - y1) * along
        best = min(best, _WGS84.inv(np.full(count, lon), np.full(count, lat), lons, lats)[2].min())
    return best / 1000


@pytest.mark.parametrize(
    "path",
    [
        ROUTE,
        ((179.5, -17.0), (-179.2, -16.2)),
        ((10.0, 78.0), (40.0, 84.0)),
        ((-60.0, -10.0), (-48.0, 3.0)),
        ((0.0, 89.5), (120.0, 89.5)),
    ],
    ids=["Khyber", "180th meridian", "arctic", "long", "pole"],
)
def test_distance_from_a_route_is_true(path) -> None:
    area = Around("route", 100, lines=(path,))
    draw = random.Random(4)
    for _ in range(40):
        x, y = draw.choice(path)
        lon = (x + draw.uniform(-8, 8) + 180) % 360 - 180
        lat = max(-90.0, min(90.0, y + draw.uniform(-4, 4)))
        found = 100 - area.depth(lon, lat, reach=20_000)
        assert found == pytest.approx(_truth(lon, lat, path), rel=0.005, abs=0.15)


def test_distance_from_points_is_that_of_the_ellipsoid() -> None:
    area = Around("offices", 25, points=((69.2, 34.5), (179.9, 51.0)))
    assert area.depth(-179.9, 51.0, reach=100) == pytest.approx(
        25 - _WGS84.inv(179.9, 51, -179.9, 51)[2] / 1000
    )
    assert area.depth(69.2, 34.5) == 25


def test_far_away_is_never_said_to_be_farther_than_it_is() -> None:
    area = Around("route", 10, lines=(ROUTE,))
    assert 0 > area.depth(-70.0, -33.0) >= 10 - _truth(-70.0, -33.0, ROUTE)


def test_within_an_area_depth_counts_from_its_edge() -> None:
    area = Around("aor", 0, areas=((SQUARE,),))
    assert area.depth(61.0, 31.0) == pytest.approx(_truth(61.0, 31.0, SQUARE), rel=0.005)
    assert area.depth(63.0, 31.0, reach=500) == pytest.approx(
        -_truth(63.0, 31.0, SQUARE), rel=0.005
    )


def test_the_edge_of_the_map_is_no_edge() -> None:
    both = Around("fiji", 0, areas=((EAST,), (WEST,)))
    assert both.depth(179.99, -17.0) == pytest.approx(_truth(179.99, -17.0, EAST[:2]), rel=0.01)
    # where the area really ends there, it is one
    assert Around("east", 0, areas=((EAST,),)).depth(179.99, -17.0) < 2


def test_a_hole_is_outside() -> None:
    hole = ((60.8, 30.8), (60.8, 31.2), (61.2, 31.2), (61.2, 30.8), (60.8, 30.8))
    area = Around("aor", 5, areas=((SQUARE, hole),))
    assert -20 < area.depth(61.0, 31.0, reach=100) < 0
    assert area.depth(60.81, 31.0) > 0


def test_the_whole_world_has_no_edge() -> None:
    world = ((-180.0, -90.0), (180.0, -90.0), (180.0, 90.0), (-180.0, 90.0), (-180.0, -90.0))
    assert Around("world", 0, areas=((world,),)).depth(0, 0) == math.inf


def test_an_area_may_be_larger_than_half_the_world() -> None:
    most = ((-170.0, -80.0), (170.0, -80.0), (170.0, 80.0), (-170.0, 80.0), (-170.0, -80.0))
    area = Around("most", 0, areas=((most,),))
    assert area.depth(0.0, 0.0) > 5_000
    away = _WGS84.inv(179, 0, 170, 0)[2] / 1000
    assert area.depth(179.0, 0.0, reach=2_000) == pytest.approx(-away, rel=0.001)


@pytest.mark.parametrize(
    ("lon", "radius", "where"),
    [
        (69.2, 5.0, "inside"),
        (69.45, 5.0, "possibly"),
        (69.45, 1.0, "inside"),
        (75.0, 5.0, "outside"),
    ],
)
def test_a_place_known_roughly_is_possibly_near(lon, radius, where) -> None:
    incident = example(point=Point(lon, 34.5), precision="near", radius_km=radius)
    assert classify(incident, Around("offices", 25, points=((69.2, 34.5),))) == where


@pytest.mark.parametrize(
    "area",
    [
        Around("offices", 150, points=((69.2, 34.5), (179.5, -17.0))),
        Around("route", 60, lines=(ROUTE, ((179.5, -17.0), (-179.2, -16.2)))),
        Around("aor", 200, areas=((SQUARE,), (EAST,), (WEST,))),
        Around("north", 400, points=((20.0, 88.0),)),
    ],
    ids=lambda area: area.name,
)
def test_what_is_drawn_is_what_is_counted(area) -> None:
    drawn = outline(area)
    assert drawn.is_valid
    west, _, east, _ = drawn.bounds
    assert -180 <= west <= east <= 180
    draw = random.Random(7)
    spots = list(area.points) + [s for path in area.paths() for s in path]
    for _ in range(150):
        x, y = draw.choice(spots)
        lon = (x + draw.uniform(-6, 6) + 180) % 360 - 180
        lat = max(-89.9, min(89.9, y + draw.uniform(-6, 6)))
        depth = area.depth(lon, lat, reach=2_000)
        if abs(depth) > 0.01 * area.km + 0.2:
            assert drawn.covers(shapely.Point(lon, lat)) is (depth > 0), (lon, lat, depth)


def test_a_filter_reads_back_as_it_was_written() -> None:
    hole = ((60.8, 30.8), (60.8, 31.2), (61.2, 31.2), (61.2, 30.8), (60.8, 30.8))
    area = Around("aor-east@0123456789ab", 2.5, ((1.0, 2.5),), (ROUTE,), ((SQUARE, hole), (EAST,)))
    assert read_around(write_around(area)) == area
    query = read({"around": [write_around(area)]})
    assert query.area == area
    assert read(write(query)) == query
    assert {query.area: 1}[area] == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "x,5",
        "x,5|",
        "x,5|q:1,2",
        "x,5|p:1",
        "x,5|p:1,2,3",
        "x,5|p:1_0,2",
        "x,nan|p:1,2",
        "x,0|p:1,2",
        "x,-1|a:0,0;1,0;1,1;0,0",
        "x,2000|p:1,2",
        "x,5|p:1,91",
        "x,5|p:nan,2",
        "X y,5|p:1,2",
        "x,5|a:0,0;1,1;0,0",
        "x,5|a:0,0;2,2;2,0;0,2;0,0",
        "x,5|l:",
        "x,5|p:" + ";".join(["1,2"] * (MAX_POSITIONS + 1)),
    ],
)
def test_what_means_nothing_is_refused(text) -> None:
    if not text:
        assert read({"around": [text]}).area is None
        return
    with pytest.raises(FilterError, match="around"):
        read({"around": [text]})
