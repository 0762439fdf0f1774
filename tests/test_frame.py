import pytest
from hypothesis import given

from geo.area import BBox
from geo.filters import Filter, select
from geo.frame import WORLD, frame_for
from geo.incident import Point
from tests.examples import incident
from tests.strategies import crowds


def framed(*incidents):
    return frame_for(select(incidents, Filter()).matches)


def at(lon, lat, **changes):
    return incident(f"own:{lon},{lat}", point=Point(lon, lat), **changes)


def test_nothing_to_show_is_the_world():
    assert framed() == WORLD
    assert framed(incident(precision="none", countries=())) == WORLD


def test_one_place_has_room_around_it():
    box = framed(at(71.0, 34.0))

    assert box.east - box.west == pytest.approx(1.2, abs=0.2)
    assert box.contains(Point(71.0, 34.0))


def test_a_disc_is_framed_whole():
    box = framed(at(71.0, 34.0, precision="near", radius_km=100.0))

    # 100 km are 0.9 degrees of latitude and 1.09 of longitude here
    assert box.south < 33.1
    assert box.north > 34.9
    assert box.west < 69.92
    assert box.east > 72.08


def test_places_on_both_sides_of_the_180th_meridian_make_a_narrow_frame():
    box = framed(at(178.0, -18.0), at(-175.0, -21.0))

    assert box.west > box.east
    assert (box.east - box.west) % 360 < 15


def test_an_incident_known_only_to_its_country_frames_the_country():
    box = framed(incident(precision="country", countries=("PAK",)))

    assert BBox(60, 20, 80, 40).contains(
        Point((box.west + box.east) / 2, (box.south + box.north) / 2)
    )


@given(crowds())
def test_a_frame_holds_every_place_of_a_few(crowd):
    box = framed(*crowd)

    assert -90 <= box.south < box.north <= 90
    for one in crowd:
        if one.point and one.precision not in ("country", "none") and one.status == "accepted":
            assert box.contains(one.point) or abs(one.point.lat) > 85
