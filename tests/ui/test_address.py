"""Is every address read back as it was written, and is what means nothing named in a sentence?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from geo.area import BBox
from geo.filters import Filter
from geo.lens import Lens
from geo.ui.address import Address, read_address, write_address
from tests.strategies import filters

FULL = Address(
    layers=("north", "south"),
    filter=Filter(countries=("AFG", "PAK"), area=BBox(60, 29, 75, 39)),
    selected="own:c@north",
    view=BBox(-12.5, 28, 76.1234, 38),
    lens=Lens((date(2025, 10, 9), date(2025, 10, 12)), hexagons=True),
    shade="change",
    baseline="year",
    as_known=date(2025, 11, 20),
)


@pytest.mark.parametrize("address", [FULL, Address(layers=("one",)), Address()])
def test_what_is_written_is_read_back(address):
    assert read_address(write_address(address)) == (address, [])


@given(filters())
def test_every_filter_comes_back_from_an_address(asked):
    address = Address(layers=("one",), filter=asked)
    assert read_address(write_address(address)) == (address, [])


def test_an_address_has_one_spelling():
    assert write_address(FULL) == {
        "layer": ["north", "south"],
        "country": ["AFG", "PAK"],
        "bbox": ["60,29,75,39"],
        "sel": ["own:c@north"],
        "view": ["-12.5,28,76.1234,38"],
        "days": ["2025-10-09,2025-10-12"],
        "as": ["hexagons"],
        "map": ["change"],
        "against": ["year"],
        "as-known": ["2025-11-20"],
    }


def test_an_empty_address_asks_for_nothing():
    assert read_address({}) == (Address(), [])
    assert read_address({"layer": [], "map": [""], "view": [], "from": [""]}) == (Address(), [])


ODD = {
    "as": ("stars", "as is 'stars': must be one of signs hexagons"),
    "map": ("stars", "map is 'stars': must be one of signs incidents"),
    "against": ("never", "against is 'never': must be one of before year"),
    "view": ("1,2", "view is '1,2': must be W,S,E,N"),
    "days": ("2025-10-12", "days is '2025-10-12': must be FROM,TO"),
    "as-known": ("soon", "as-known is 'soon': must be YYYY-MM-DD"),
    "from": ("soon", "from is 'soon'"),
    "colour": ("red", "asks for 'colour', which is not a filter"),
}


@pytest.mark.parametrize("name", ODD)
def test_a_value_that_means_nothing_is_named_with_its_parameter(name):
    text, sentence = ODD[name]
    address, problems = read_address({name: [text], "country": ["AFG"]})

    assert address == Address(filter=Filter(countries=("AFG",)))
    assert len(problems) == 1
    assert sentence in problems[0]


def test_of_two_areas_the_first_counts_and_the_second_is_told():
    address, problems = read_address({"bbox": ["60,29,75,39"], "near": ["34.5,69.2,50"]})

    assert address.filter == Filter(area=BBox(60, 29, 75, 39))
    assert ["bbox and near" in problem for problem in problems] == [True]


def test_each_odd_value_has_its_own_sentence():
    _, problems = read_address({name: [text] for name, (text, _) in ODD.items()})
    assert len(problems) == len(ODD)
