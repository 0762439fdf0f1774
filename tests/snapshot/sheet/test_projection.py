from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.area import BBox
from geo.incident import Point
from geo.snapshot.picture import compose
from geo.snapshot.sheet.discs import hatch
from geo.snapshot.sheet.projection import Plane, Rect

RECT = Rect(40, 60, 640, 360)
GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize("lat", [0.0, 35.0, 60.0])
def test_a_disc_of_five_km_is_five_km_on_the_page(make, brief, lat):
    drawn = compose(
        brief(
            [make(precision="near", radius_km=5.0, at=(70.0, lat))],
            frame=BBox(69.6, lat - 0.3, 70.4, lat + 0.3),
        )
    )
    plane = drawn.plane
    disc = plane.disc(Point(70.0, lat), 5.0)
    edge = plane.ground(shapely.get_coordinates(disc.exterior))
    count = len(edge)
    _, _, metres = GEOD.inv(np.full(count, 70.0), np.full(count, lat), edge[:, 0], edge[:, 1])
    assert np.allclose(metres, 5000, rtol=0.01)
    # and on paper: as wide as a bar of ten km would be
    west, south, east, north = disc.bounds
    bar = 10_000 * plane.scale
    assert east - west == pytest.approx(bar, rel=0.01)
    assert north - south == pytest.approx(bar, rel=0.01)


@pytest.mark.parametrize("lat", [0.0, 35.0, 60.0])
def test_a_disc_at_the_edge_of_a_wide_frame_keeps_its_area(lat):
    plane = Plane(BBox(60, lat - 8, 80, lat + 8), RECT)
    disc = plane.disc(Point(79.0, lat + 7.0), 5.0)
    assert disc.area == pytest.approx(np.pi * (5000 * plane.scale) ** 2, rel=0.01)


@pytest.mark.parametrize(
    "frame", [BBox(62, 28, 74, 36), BBox(170, -25, -170, -10), BBox(-180, -60, 180, 78)]
)
def test_the_whole_frame_lies_in_the_rectangle(frame):
    plane = Plane(frame, RECT)
    west, south, east, north = plane.outline.bounds
    assert west >= RECT.x - 0.01
    assert south >= RECT.y - 0.01
    assert east <= RECT.right + 0.01
    assert north <= RECT.top + 0.01


def test_ground_undoes_project():
    plane = Plane(BBox(62, 28, 74, 36), RECT)
    there = np.array([[66.4, 31.0], [71.07, 34.19]])
    assert np.allclose(plane.ground(plane.project(there)), there, atol=1e-6)


def test_north_points_up_in_the_middle_and_turns_towards_the_edges():
    plane = Plane(BBox(50, 40, 90, 60), RECT)
    assert plane.turn(RECT.x + 320, RECT.y + 180) == pytest.approx(0, abs=0.01)
    assert plane.turn(RECT.right, RECT.y + 180) < -5
    assert plane.turn(RECT.x, RECT.y + 180) > 5


def test_hatch_lines_stay_within_their_shape():
    disc = shapely.Point(100, 100).buffer(30)
    lines = hatch(disc)
    assert lines.length > 0
    assert disc.buffer(0.01).covers(lines)
    assert hatch(shapely.Polygon()).is_empty
