import pytest

from tests.extract.drafting import types

BESIDE = {
    "Guests were killed in a drone strike in Marib on Sunday.": "air_drone_strike",
    "Raiders attacked a hamlet near Bankass on Sunday.": "attack_on_civilians",
    "Rebels attacked a garrison near Menaka on Sunday.": "armed_clash",
    "Five volunteers of a relief agency were killed in Bor on Sunday.": "attack_on_civilians",
    "Two constables died in Quetta on Sunday.": "armed_clash",
}


@pytest.mark.parametrize(("text", "kind"), BESIDE.items(), ids=[*BESIDE.values()])
def test_open_words_of_violence_are_typed_by_what_stands_beside_them(text: str, kind: str) -> None:
    assert types(text)[:1] == [kind]


def test_aircraft_that_are_hit_strike_nobody() -> None:
    assert "air_drone_strike" not in types("Four planes were damaged in Saki on Sunday.")


def test_a_helicopter_under_fire_was_no_air_strike() -> None:
    text = "A rescue helicopter came under fire near Malakal on Sunday."
    assert types(text) == ["armed_clash"]
