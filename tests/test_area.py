"""Is a place of any precision put inside, possibly inside or outside an area, as distances say?"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo.area import Area, BBox, Circle, Polygon, Where, classify, distance_km, reach_km
from geo.errors import FilterError
from geo.incident import Incident, Point, Site
from tests import strategies
from tests.examples import incident

_GEOD = Geod(ellps="WGS84")


def _at(point: Point, reach: float | None = None) -> Incident:
    if reach is None:
        return incident(point=point)
    return incident(point=point, precision="near", radius_km=reach)


def _moved(point: Point, azimuth: float, km: float) -> Point:
    lon, lat, _ = _GEOD.fwd(point.lon, point.lat, azimuth, km * 1000)
    return Point(lon, lat)


def test_a_degree_of_latitude_is_111_km() -> None:
    # the published length of the degree of latitude at the equator and about 45 degrees, WGS 84
    assert distance_km(Point(0, -0.5), Point(0, 0.5)) == pytest.approx(110.574, abs=0.01)
    assert distance_km(Point(0, 44.5), Point(0, 45.5)) == pytest.approx(111.132, abs=0.01)
    assert distance_km(Point(0, 0), Point(1, 0)) == pytest.approx(111.320, abs=0.01)


@pytest.mark.parametrize("lat", [0.0, 35.0, 60.0])
@pytest.mark.parametrize("lon", [0.0, 69.2, 179.999])
def test_a_circle_of_5_km_is_5_km_within_a_hundredth(lat: float, lon: float) -> None:
    circle = Circle(Point(lon, lat), 5.0)
    for azimuth in range(0, 360, 10):
        assert classify(_at(_moved(circle.centre, azimuth, 4.95)), circle) == "inside"
        assert classify(_at(_moved(circle.centre, azimuth, 5.05)), circle) == "outside"


@pytest.mark.parametrize(
    ("km", "reach", "where"),
    [
        (0.0, 5.0, "inside"),
        (14.0, 5.0, "inside"),
        (16.0, 5.0, "possibly"),
        (24.0, 5.0, "possibly"),
        (26.0, 5.0, "outside"),
        (0.0, 25.0, "possibly"),
        (19.9, None, "inside"),
        (20.1, None, "outside"),
    ],
)
def test_a_disc_is_inside_a_circle_only_as_a_whole(
    km: float, reach: float | None, where: Where
) -> None:
    centre = Point(71.0, 34.0)
    assert classify(_at(_moved(centre, 77, km), reach), Circle(centre, 20.0)) == where


def test_an_assumed_radius_counts_where_none_is_given() -> None:
    assert reach_km(incident()) == 0
    assert reach_km(incident(precision="near")) == 25
    assert reach_km(incident(precision="district")) == 30
    assert reach_km(incident(precision="province")) == 120
    assert reach_km(incident(precision="area")) == 50
    assert reach_km(incident(precision="area", radius_km=7.5)) == 7.5


def test_no_location_is_unknown_and_the_most_certain_site_speaks() -> None:
    box = BBox(70, 33, 72, 35)
    far, here = Site(name="far", point=Point(0, 0)), Site(name="here", point=Point(71, 34))
    vague = Site(name="vague", point=Point(71.9, 34), precision="near")
    nowhere = incident(precision="country")
    assert classify(nowhere, box) == "unknown"
    assert classify(replace(nowhere, sites=(far,)), box) == "outside"
    assert classify(replace(nowhere, sites=(far, vague)), box) == "possibly"
    assert classify(replace(nowhere, sites=(far, vague, here)), box) == "inside"


@pytest.mark.parametrize(
    ("lon", "where"),
    [
        *((lon, "inside") for lon in (170, 175, 180, -180, -175, -170)),
        *((lon, "outside") for lon in (-169.9, 169.9, 0)),
    ],
)
def test_a_box_may_cross_the_180th_meridian(lon: float, where: Where) -> None:
    assert classify(_at(Point(lon, -17.0)), BBox(170, -20, -170, -10)) == where


def test_discs_reach_over_the_180th_meridian() -> None:
    # 0.5 degrees of longitude at 17 degrees south are 53 km
    fiji = BBox(170, -20, 180, -10)
    assert classify(_at(Point(-179.5, -17), 60), fiji) == "possibly"
    assert classify(_at(Point(-179.5, -17), 50), fiji) == "outside"
    ring = ((170.0, -20.0), (180.0, -20.0), (180.0, -10.0), (170.0, -10.0), (170.0, -20.0))
    assert classify(_at(Point(-179.5, -17), 60), Polygon(ring)) == "possibly"
    assert classify(_at(Point(-179.5, -17), 50), Polygon(ring)) == "outside"


def test_the_whole_world_has_no_edge() -> None:
    world = BBox(-180, -90, 180, 90)
    for point in (Point(180, 90), Point(-180, -90), Point(179.99, 0), Point(0, 89.9)):
        assert classify(_at(point, 3_000), world) == "inside"


def test_a_polygon_far_north_is_measured_on_the_ground() -> None:
    # at 60 degrees a degree of longitude is half as long: the west edge, 56 km away, is nearest
    ring = ((10.0, 58.0), (14.0, 58.0), (14.0, 60.9), (10.0, 60.9), (10.0, 58.0))
    place = Point(11.0, 60.0)
    assert classify(_at(place, 50), Polygon(ring)) == "inside"
    assert classify(_at(place, 60), Polygon(ring)) == "possibly"


def _edges(area: Area) -> np.ndarray:
    """Positions all along the boundary of an area."""
    if isinstance(area, Circle):
        around = np.linspace(0, 360, 1_500)
        full = np.full_like(around, 1.0)
        lon, lat, _ = _GEOD.fwd(
            full * area.centre.lon, full * area.centre.lat, around, full * area.radius_km * 1000
        )
        return np.column_stack([lon, lat])
    if isinstance(area, BBox):
        east = area.east + (360 if area.east < area.west else 0)
        corners = [(area.west, area.south), (east, area.south), (east, area.north)]
        corners += [(area.west, area.north), (area.west, area.south)]
    else:
        corners = list(area.ring)
    parts = [np.linspace(a, b, 1_000) for a, b in pairwise(corners)]
    return np.concatenate(parts)


def _brute(point: Point, reach: float, area: Area) -> Where | None:
    """Classify by measuring to every position of the boundary; None is too close to call."""
    edge = _edges(area)
    here = np.full(len(edge), point.lon), np.full(len(edge), point.lat)
    away = float(_GEOD.inv(*here, edge[:, 0], edge[:, 1])[2].min()) / 1000
    if isinstance(area, Circle):
        within = distance_km(point, area.centre) <= area.radius_km
    elif isinstance(area, BBox):
        within = area.contains(point)
    else:
        within = bool(shapely.Polygon(area.ring).covers(shapely.Point(point.lon, point.lat)))
    if abs(away - reach) < 3 + 0.03 * reach:
        return None
    if away < reach:
        return "possibly"
    return "inside" if within else "outside"


_REGION = st.builds(Point, st.floats(55, 80), st.floats(22, 44))
_NORTH = st.builds(Point, st.floats(-180, 180), st.floats(-72, 72))
_REACH = st.floats(1, 400)


@given(_REGION, _REACH, strategies.polygons())
def test_polygons_agree_with_brute_force(point: Point, reach: float, area: Polygon) -> None:
    assert _brute(point, reach, area) in (None, classify(_at(point, reach), area))


@given(_NORTH, _REACH, st.floats(-180, 180), st.floats(-70, 60), st.floats(1, 40))
def test_boxes_agree_with_brute_force(
    point: Point, reach: float, west: float, south: float, size: float
) -> None:
    east = math.remainder(west + size, 360)
    area = BBox(west, south, east, min(south + size / 2, 72))
    assert _brute(point, reach, area) in (None, classify(_at(point, reach), area))


@given(_REGION, _REACH, st.builds(Circle, _REGION, st.floats(1, 1_500)))
def test_circles_agree_with_brute_force(point: Point, reach: float, area: Circle) -> None:
    assert _brute(point, reach, area) in (None, classify(_at(point, reach), area))


def test_areas_that_mean_nothing_are_refused() -> None:
    square = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0))
    bow = ((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0))
    assert Polygon(square).ring == square
    for build, told in (
        (lambda: BBox(0, 5, 1, 4), "south"),
        (lambda: BBox(-181, 0, 1, 4), "west"),
        (lambda: BBox(0, 0, math.inf, 4), "east"),
        (lambda: BBox(0, 0, 1, 91), "north"),
        (lambda: Circle(Point(0, 91), 1), "south"),
        (lambda: Circle(Point(0, 0), 0), "radius"),
        (lambda: Circle(Point(0, 0), math.nan), "radius"),
        (lambda: Circle(Point(0, 0), 20_001), "radius"),
        (lambda: Polygon(square[:3]), "positions"),
        (lambda: Polygon((*square[:3], (0.5, 0.5))), "positions"),
        (lambda: Polygon(bow), "crosses"),
        (lambda: Polygon(((0.0, 0.0), (200.0, 0.0), (1.0, 1.0), (0.0, 0.0))), "west"),
    ):
        with pytest.raises(FilterError, match=told):
            build()
