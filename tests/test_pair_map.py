"""Does the picture of two places say how far apart they are, and stay the same for the same?"""

from __future__ import annotations

import io

import pytest
from PIL import Image

from geo.incident import Incident, Point
from geo.pair_map import draw
from geo.plain_maps import distance_in_words
from tests.examples import incident

NAMES = ("A", "B")


def _at(lon: float, lat: float, **changes: object) -> Incident:
    return incident("a:1", point=Point(lon, lat), **changes)


def test_equal_places_make_equal_bytes() -> None:
    one, other = _at(71.0, 34.0), _at(71.2, 34.1, precision="near", radius_km=25.0)
    made = draw(one, other, NAMES)
    assert made is not None
    assert made == draw(one, other, NAMES)
    assert made.km == pytest.approx(21.5, abs=0.5)
    assert Image.open(io.BytesIO(made.png)).size == (1140, 779)


def test_both_places_and_their_discs_are_in_the_picture() -> None:
    wide = _at(71.0, 34.0, precision="province", radius_km=120.0)
    made = draw(_at(71.9, 34.4), wide, NAMES)
    assert made is not None
    assert made.frame.contains(Point(71.9, 34.4))
    # 120 km are 1.08 degrees of latitude
    assert made.frame.south < 34.0 - 1.08
    assert made.frame.north > 34.0 + 1.08


def test_the_same_place_twice_is_not_the_world() -> None:
    made = draw(_at(71.0, 34.0), _at(71.0, 34.0), NAMES)
    assert made is not None
    assert made.km == 0
    assert made.frame.north - made.frame.south < 0.5


def test_the_180th_meridian_does_not_part_neighbours() -> None:
    made = draw(_at(179.9, -17.0), _at(-179.9, -17.0), NAMES)
    assert made is not None
    assert made.frame.west > made.frame.east
    assert made.km == pytest.approx(21, abs=1)


def test_what_has_no_point_is_not_drawn() -> None:
    nowhere = incident("b:1", precision="country")
    assert draw(nowhere, nowhere, NAMES) is None
    alone = draw(_at(71.0, 34.0), nowhere, NAMES)
    assert alone is not None
    assert alone.km is None


def test_a_distance_is_said_as_exactly_as_it_helps() -> None:
    assert [distance_in_words(km) for km in (0.044, 0.5, 3.14, 1234.6)] == [
        "44 m",
        "0.5 km",
        "3.1 km",
        "1,235 km",
    ]
