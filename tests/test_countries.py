"""Does every scheme's code find its country, and no other?"""

import pytest

from geo.countries import codes, from_fips, from_gw, from_numeric, iso3


@pytest.mark.parametrize(
    ("code", "country"),
    [("AF", "AFG"), ("PK", "PAK"), ("AS", "AUS"), ("UP", "UKR"), ("IZ", "IRQ"), ("SU", "SDN"),
     ("OD", "SSD"), ("GZ", "PSE"), ("WE", "PSE"), ("KV", "XKX"), ("CG", "COD"), ("CF", "COG"),
     ("RI", "SRB"), ("RB", "SRB"), ("KN", "PRK"), ("KS", "KOR"), ("EI", "IRL"), ("SW", "SWE"),
     ("SZ", "CHE"), ("AG", "DZA"), ("AU", "AUT"), ("IS", "ISR"), ("TU", "TUR"), ("BM", "MMR"),
     ("OS", None), ("", None), ("XX", None)],
)  # fmt: skip
def test_fips_10_4_is_not_iso(code, country):
    assert from_fips(code) == country
    assert from_fips(f" {code.lower()} ") == country


def test_every_country_but_two_has_letters_of_fips_and_all_but_kosovo_a_number():
    lettered = {from_fips(a + b) for a in _LETTERS for b in _LETTERS} - {None}
    numbered = {from_numeric(n) for n in range(1000)} - {None}

    # FIPS counts these two with Finland and the Netherlands
    assert codes() - lettered == {"ALA", "BES"}
    assert codes() - numbered == {"XKX"}
    assert lettered | numbered <= codes()


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def test_numbers_of_two_schemes_and_names_agree():
    assert from_numeric(586) == from_gw(770) == iso3("Pakistan") == "PAK"
    assert from_numeric(4) == from_gw(700) == iso3("af") == "AFG"
    assert from_gw(9999) is None
