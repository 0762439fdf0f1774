"""Are spellings of countries and actors one country and one actor, and never two?"""

from __future__ import annotations

import json
import re

import pytest

from geo import countries
from geo.actors import canonical
from geo.settings import DATA


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("AFG", "AFG"),
        ("af", "AFG"),
        ("Afghanistan", "AFG"),
        (" pakistan ", "PAK"),
        ("Côte d'Ivoire", "CIV"),
        ("COTE D IVOIRE", "CIV"),
        ("Ivory Coast", "CIV"),
        ("DR Congo (Zaire)", "COD"),
        ("Myanmar (Burma)", "MMR"),
        ("Kosovo", "XKX"),
        ("Taliban", None),
        ("", None),
        ("!!", None),
    ],
)
def test_a_country_has_many_names(text: str, code: str | None) -> None:
    assert countries.iso3(text) == code


def test_every_country_of_the_standard_is_known() -> None:
    # ISO 3166-1 has 249 entries; Kosovo goes by its user-assigned code
    assert len(countries.codes()) == 250
    assert all(re.fullmatch(r"[A-Z]{3}", code) for code in countries.codes())
    assert len({c.iso2 for c in countries.countries().values()}) == 250
    assert countries.name("AFG") == "Afghanistan"
    assert countries.name("ZZZ") == "ZZZ"


def test_no_spelling_is_two_countries() -> None:
    owner: dict[str, str] = {}
    for country in countries.countries().values():
        for spelling in (country.name, *country.variants, country.iso2, country.iso3):
            assert countries.iso3(spelling) == country.iso3, spelling
            assert owner.setdefault(spelling.casefold(), country.iso3) == country.iso3


def test_state_numbers_of_ucdp_are_known() -> None:
    # Gleditsch and Ward's list: Afghanistan 700, Pakistan 770, India 750, Yemen 678 and 679
    known = {n: countries.from_gw(n) for n in (700, 770, 750, 678, 2, 365)}
    assert known == {700: "AFG", 770: "PAK", 750: "IND", 678: "YEM", 2: "USA", 365: "RUS"}
    assert countries.from_gw(0) is None
    numbers = [n for c in countries.countries().values() for n in c.gw]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize(
    "spelling",
    [
        "TTP",
        "ttp",
        "Tehrik-i-Taliban Pakistan",
        "Tehreek-e-Taliban Pakistan",
        "tehrik e taliban pakistan",
        "Pakistani Taliban",
    ],
)
def test_ttp_is_one_actor_under_all_its_spellings(spelling: str) -> None:
    assert canonical(spelling) == "Tehrik-i-Taliban Pakistan"


def test_an_unknown_actor_stands_for_itself() -> None:
    for name in ("Border guards", "", "!!", "نگهبانان"):
        assert canonical(name) == name


def test_no_alias_is_two_actors() -> None:
    rows = json.loads((DATA / "actors.json").read_text(encoding="utf-8"))
    for row in rows:
        for spelling in (row["name"], *row["aliases"]):
            assert canonical(spelling) == row["name"], spelling
