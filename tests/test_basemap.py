from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import Counter

import pytest
import shapely

from geo import basemap
from geo.area import BBox
from geo.basemap import PACK, load, within
from geo.errors import ReferenceDataError

MANIFEST = json.loads((PACK / "MANIFEST.json").read_text(encoding="utf-8"))
AREAS = ("countries", "countries_overview", "admin1", "lakes")
LINES = ("boundaries", "boundaries_overview", "admin1_lines", "rivers")


@pytest.mark.parametrize("name", sorted(MANIFEST))
def test_every_file_is_the_one_the_manifest_names(name):
    raw = (PACK / name).read_bytes()
    assert hashlib.sha256(raw).hexdigest() == MANIFEST[name]["sha256"]
    assert len(raw) == MANIFEST[name]["bytes"]
    assert MANIFEST[name]["from"]
    assert MANIFEST[name]["licence"]


def test_manifest_names_every_file_and_no_other():
    assert {p.name for p in PACK.glob("*.parquet")} == set(MANIFEST)
    assert {name.removesuffix(".parquet") for name in MANIFEST} == {*AREAS, *LINES, "towns"}


def test_pack_stays_under_ten_megabytes():
    assert sum(path.stat().st_size for path in PACK.iterdir() if path.is_file()) <= 10_000_000


def test_licences_lie_beside_the_files():
    text = (PACK / "LICENCE.txt").read_text(encoding="utf-8")
    assert "Natural Earth" in text
    assert "public domain" in text
    assert "GeoNames" in text
    assert "Creative Commons Attribution 4.0" in text


@pytest.mark.parametrize("name", [*AREAS, *LINES, "towns"])
def test_every_shape_is_there_valid_and_on_earth(name):
    frame = load(name)
    assert frame.crs.to_epsg() == 4326
    assert not frame.geometry.is_empty.any()
    assert shapely.is_valid(frame.geometry.values).all()
    west, south, east, north = frame.total_bounds
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90


def test_no_two_units_of_a_country_share_a_name():
    units = load("admin1")
    seen = Counter(
        (country, "".join(c for c in unicodedata.normalize("NFKD", name) if c.isalnum()).casefold())
        for country, name in zip(units["country"], units["name"], strict=True)
    )
    assert [key for key, times in seen.items() if times > 1] == []


def test_afghanistan_has_its_34_provinces_each_once():
    units = load("admin1")
    afghan = units[units["country"] == "AFG"]
    assert len(afghan) == 34
    assert afghan["code"].is_unique


def test_iran_has_the_31_codes_that_iso_gives_since_2020_each_once():
    units = load("admin1")
    assert sorted(units["code"][units["country"] == "IRN"]) == [f"IR-{n:02}" for n in range(31)]


@pytest.mark.parametrize("country", ["COL", "HRV", "KAZ", "LAO", "LVA", "SDN", "SLB", "UGA"])
def test_no_two_units_of_a_country_share_a_code(country):
    units = load("admin1")
    assert units["code"][units["country"] == country].is_unique


# a town inside each of the units that Natural Earth mixes up; positions from GeoNames
MIXED_UP = {
    "Bazarak": (69.5152, 35.3129, "Panjshir", "AF-PAN"),
    "Charikar": (69.1714, 35.0136, "Parwan", "AF-PAR"),
    "Nili": (66.1300, 33.7200, "Daykundi", "AF-DAY"),
    "Tarinkot": (65.8740, 32.6290, "Uruzgan", "AF-URU"),
    "Gardez": (69.2259, 33.5974, "Paktia", "AF-PIA"),
    "Sharana": (68.7890, 33.1757, "Paktika", "AF-PKA"),
    "Miran Shah": (70.0712, 33.0006, "Khyber Pakhtunkhwa", "PK-KP"),
    "Gilgit": (74.3136, 35.9200, "Gilgit-Baltistan", "PK-GB"),
    "Georgetown": (-58.1553, 6.8045, "Demerara-Mahaica", "GY-DE"),
    "Lethem": (-59.8000, 3.3800, "Upper Takutu-Upper Essequibo", "GY-UT"),
    "Bartica": (-58.6190, 6.4070, "Cuyuni-Mazaruni", "GY-CU"),
    "Karonga": (33.9333, -9.9333, "Karonga", "MW-KR"),
    "La Plata": (-57.9545, -34.9214, "Buenos Aires", "AR-B"),
    "Buenos Aires": (-58.4400, -34.6100, "Buenos Aires City", "AR-C"),
    "Kremlin": (37.6176, 55.7520, "Moscow", "RU-MOW"),
    "Kolomna": (38.7786, 55.0794, "Moscow Oblast", "RU-MOS"),
    "Bila Tserkva": (30.1121, 49.8099, "Kyiv Oblast", "UA-32"),
    "Simferopol": (34.1024, 44.9572, "Autonomous Republic of Crimea", "UA-43"),
}


@pytest.mark.parametrize(("lon", "lat", "name", "code"), MIXED_UP.values(), ids=MIXED_UP)
def test_a_town_lies_in_the_unit_of_the_right_name(lon, lat, name, code):
    units = load("admin1")
    found = units[shapely.contains_xy(units.geometry.values, lon, lat)]
    assert found[["name", "code"]].to_numpy().tolist() == [[name, code]]


@pytest.mark.parametrize("wrong", ["K.P.", "F.A.T.A.", "Northern Areas", "Sind", "Baluchistan"])
def test_pakistan_has_no_unit_under_a_former_name(wrong):
    units = load("admin1")
    assert wrong not in set(units["name"][units["country"] == "PAK"])


def test_tribal_areas_are_part_of_khyber_pakhtunkhwa():
    units = load("admin1")
    assert "PK-TA" not in set(units["code"])
    assert sorted(units["code"][units["country"] == "PAK"]) == [
        *("PK-BA", "PK-GB", "PK-IS", "PK-JK", "PK-KP", "PK-PB", "PK-SD"),
    ]


def test_urdu_and_persian_names_are_not_a_neighbours():
    units = load("admin1").set_index("code")
    assert units.loc["AF-PAN", "fa"] == units.loc["AF-PAN", "ur"] == "پنجشیر"
    assert units.loc["AF-DAY", "fa"] == units.loc["AF-DAY", "ur"] == "دایکندی"
    assert units.loc["AF-URU", "fa"] != units.loc["AF-DAY", "fa"]


def test_a_part_of_a_state_carries_the_code_of_the_state():
    countries = load("countries").set_index("code")
    assert countries.loc["SOL", "iso3"] == "SOM"
    assert countries.loc["CYN", "iso3"] == "CYP"
    assert countries.loc["SAH", "iso3"] == "ESH"
    assert countries.loc["KOS", "iso3"] == "XKX"
    # ground that no state's code may claim
    assert countries.loc["KAS", "iso3"] == ""


def test_an_inner_line_keeps_off_the_outer_boundary():
    # 72.0 E, 34.0 N is deep in Khyber Pakhtunkhwa, Torkham on the Durand Line
    inner = load("admin1_lines").set_index("country").geometry
    assert inner["PAK"].distance(shapely.Point(71.0931, 34.1278)) > 0.05
    assert inner["PAK"].distance(shapely.Point(72.25, 33.90)) < 0.05


def test_towns_hold_capitals_and_the_border_districts():
    towns = load("towns")
    class_of = towns[towns["country"].isin(["AF", "PK"])].set_index("name")["class"]
    assert class_of["Kabul"] == class_of["Islamabad"] == 0
    assert class_of["Peshawar"] == 1
    for name in ("Miran Shah", "Wana", "Parachinar", "Chaman", "Battagram"):
        assert class_of[name] == 2


def test_towns_hold_no_impossible_population():
    towns = load("towns")
    assert towns[towns["name"] == "Battagram"]["population"].tolist() == [0]
    assert "Fale old settlement" not in set(towns["name"])


def test_within_answers_with_what_touches_the_box():
    found = within("countries", BBox(69.0, 31.0, 72.0, 35.0))
    assert set(found["code"]) == {"AFG", "PAK"}


def test_within_minds_the_180th_meridian():
    fiji = within("towns", BBox(177.0, -19.0, -179.0, -16.0))
    assert {"Suva", "Nadi", "Labasa"} <= set(fiji["name"])
    # the same edges the other way round are the rest of the world
    rest = within("towns", BBox(-179.0, -19.0, 177.0, -16.0))
    assert "Suva" not in set(rest["name"])
    assert "Lusaka" in set(within("towns", BBox(-179.0, -19.0, 177.0, -15.0))["name"])


def test_version_names_pack_and_policy():
    assert len(basemap.version()) == 12
    assert basemap.version() == basemap.version()


def test_version_changes_with_the_policy(monkeypatch, tmp_path):
    before = basemap.version()
    (tmp_path / "boundaries.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(basemap, "DATA", tmp_path)
    basemap.version.cache_clear()
    try:
        assert basemap.version() != before
    finally:
        basemap.version.cache_clear()


@pytest.mark.parametrize("content", [None, b"", b"PAR1 and no more"])
def test_a_damaged_or_missing_file_is_a_sentence(monkeypatch, tmp_path, content):
    if content is not None:
        (tmp_path / "towns.parquet").write_bytes(content)
    monkeypatch.setattr(basemap, "PACK", tmp_path)
    with pytest.raises(ReferenceDataError, match="base map layer 'towns' cannot be read"):
        load.__wrapped__("towns")
