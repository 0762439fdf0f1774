"""Is the difference of two colours computed as published?"""

import pytest

from geo.snapshot.colour import VISIONS, ciede2000, closest, seen_as
from geo.taxonomy import groups

# from the test data of Sharma, Wu and Dalal (2005)
SHARMA = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, 3.1571, -77.2803), (50.0, 0.0, -82.7485), 2.8615),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
    ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("one", "other", "difference"), SHARMA)
def test_differences_are_those_published(one, other, difference):
    assert ciede2000(one, other) == pytest.approx(difference, abs=1e-4)
    assert ciede2000(other, one) == pytest.approx(difference, abs=1e-4)


def test_colours_have_their_place_in_cielab():
    assert seen_as("#FFFFFF", "all") == pytest.approx((100, 0, 0), abs=0.02)
    assert seen_as("#000000", "all") == pytest.approx((0, 0, 0), abs=0.02)
    assert seen_as("#FF0000", "all") == pytest.approx((53.24, 80.09, 67.20), abs=0.05)


def test_grey_has_no_hue_and_greys_stay_grey_for_all():
    assert seen_as("#C82B6D", "grey")[1:] == pytest.approx((0, 0), abs=0.02)
    for vision in VISIONS:
        assert seen_as("#808080", vision)[1:] == pytest.approx((0, 0), abs=0.1)


def test_red_and_green_meet_without_green_cones():
    pair = {"red": "#A52A2A", "green": "#556B00"}
    plain, blind = closest(pair, "all"), closest(pair, "deuteranopia")
    assert blind.difference < plain.difference / 3


def test_the_closest_pair_is_named_and_one_colour_has_none():
    colours = {"a": "#000000", "b": "#0A0A0A", "c": "#FFFFFF"}
    assert {closest(colours, "all").one, closest(colours, "all").other} == {"a", "b"}
    assert closest({"a": "#000000"}, "all") is None


def test_the_groups_of_the_taxonomy_differ_for_all_eyes():
    colours = {g.id: g.colour for g in groups()}
    for vision in VISIONS[:-1]:
        assert closest(colours, vision).difference > 10, vision
