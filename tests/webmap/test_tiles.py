import pytest

from geo.errors import InputError
from geo.webmap.policy import content_security_policy
from geo.webmap.tiles import chosen


def test_no_tiles_are_online_unless_chosen():
    assert chosen({}) is None
    assert chosen({"GEO_TILES": " "}) is None


def test_a_choice_says_who_sees_what():
    tiles = chosen({"GEO_TILES": "OpenStreetMap.Mapnik"})

    assert tiles is not None
    assert tiles.host == "https://tile.openstreetmap.org"
    assert "tile.openstreetmap.org sees" in tiles.warning
    assert "https://tile.openstreetmap.org" in content_security_policy(tiles.host)


def test_an_unknown_provider_is_named_in_the_refusal():
    with pytest.raises(InputError, match=r"'No\.Such'"):
        chosen({"GEO_TILES": "No.Such"})


def test_a_provider_that_wants_a_key_is_refused():
    with pytest.raises(InputError, match="asks for a key"):
        chosen({"GEO_TILES": "Thunderforest.OpenCycleMap"})
