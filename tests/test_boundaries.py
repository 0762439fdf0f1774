from __future__ import annotations

import csv
import json

import pytest
import shapely

from geo import boundaries
from geo.area import BBox
from geo.basemap import load
from geo.boundaries import (
    TOLERANCE_KM,
    admin1,
    disclaimer,
    distance_to_boundary_km,
    line_classes,
    lines,
    may_name_state,
    notes,
)
from geo.errors import ReferenceDataError
from geo.settings import DATA, ROOT

POLICY = json.loads((DATA / "boundaries.json").read_text(encoding="utf-8"))
WORLD = BBox(-180, -90, 180, 90)
UCDP_PAKISTAN = ROOT.parent / "shared" / "data" / "ucdp" / "hdx_conflict_data_pak.csv"

# frame, the notes that must stand under it, and the class of a line that must be in it
FRAMES = {
    "Line of Control": (BBox(73.5, 33.5, 75.5, 35.0), {"kashmir"}, "line_of_control"),
    "Aksai Chin": (BBox(77.6, 34.0, 80.4, 36.6), {"aksai-chin"}, "disputed"),
    "Durand Line": (BBox(69.0, 31.0, 72.0, 35.0), {"durand-line"}, "contested"),
    "Abyei": (BBox(28.0, 9.2, 29.0, 10.0), {"abyei"}, "disputed"),
    "Western Sahara": (BBox(-14.0, 21.0, -8.0, 27.9), {"western-sahara"}, "line_of_control"),
    "Crimea": (BBox(33.3, 44.4, 36.5, 46.3), {"ukraine"}, "disputed"),
    "Golan": (BBox(35.6, 32.7, 36.0, 33.3), {"golan"}, "line_of_control"),
    "Korea": (BBox(126.0, 37.5, 128.5, 38.7), {"korea"}, "line_of_control"),
    "Kosovo": (BBox(20.2, 41.9, 21.8, 43.2), {"kosovo"}, "disputed"),
}


@pytest.mark.parametrize(("box", "wanted", "line_class"), FRAMES.values(), ids=FRAMES)
def test_a_disputed_frame_has_its_note_and_its_line(box, wanted, line_class):
    assert wanted <= {note.id for note in notes(box)}
    for overview in (False, True):
        assert line_class in set(lines(box, overview=overview)["line_class"])


@pytest.mark.parametrize(
    ("box"),
    [BBox(-5.2, 42.0, 8.3, 51.2), BBox(-105.0, 38.0, -95.0, 42.0), BBox(-30.0, -5.0, -20.0, 5.0)],
    ids=["France", "Kansas", "Atlantic"],
)
def test_an_undisputed_frame_has_no_note(box):
    assert notes(box) == ()
    assert set(lines(box)["line_class"]) <= {"international"}


def test_a_frame_across_the_180th_meridian_sees_both_sides():
    assert {note.id for note in notes(BBox(140.0, 40.0, -170.0, 50.0))} == {"kuril"}
    assert notes(BBox(170.0, -20.0, -170.0, -10.0)) == ()


def test_kashmir_note_is_neutral_and_durand_note_names_both_views():
    by_id = {note.id: note.text for note in notes(WORLD)}
    assert "agreed upon by India and Pakistan" in by_id["kashmir"]
    assert "final status" in by_id["kashmir"]
    assert "Afghanistan" in by_id["durand-line"]
    assert "Pakistan" in by_id["durand-line"]


def test_disclaimer_does_not_speak_for_the_united_nations():
    assert disclaimer().startswith("The boundaries, names and designations shown")
    assert "United Nations" not in disclaimer()


def test_every_line_of_the_pack_has_a_known_class():
    for overview in (False, True):
        assert set(lines(WORLD, overview=overview)["line_class"]) <= set(line_classes())
    assert set(load("boundaries")["feature"]) == set(POLICY["by_feature"])


def test_only_agreed_boundaries_are_solid():
    solid = [line.id for line in line_classes().values() if not line.dash]
    assert solid == ["international"]


def test_what_natural_earth_calls_disputed_is_never_drawn_solid():
    doubtful = load("boundaries")
    doubtful = set(doubtful["ne_id"][doubtful["feature"] != "International boundary"])
    drawn = lines(WORLD)
    drawn = drawn[drawn["ne_id"].isin(doubtful)]
    assert len(drawn) > 60
    assert "international" not in set(drawn["line_class"])


def test_the_durand_line_is_dashed_and_named_though_natural_earth_is_silent():
    row = lines(WORLD)
    row = row[row["line"] == "durand-line"]
    assert row["feature"].tolist() == ["International boundary"]
    assert row["line_class"].tolist() == ["contested"]
    assert row["label"].tolist() == ["Durand Line"]
    assert line_classes()["contested"].dash == (7, 2.2)


def test_zone_limits_and_leases_are_not_drawn():
    drawn = lines(WORLD)
    assert "Lease limit" not in set(drawn["feature"])
    # the buffer zone of Cyprus is the one zone whose edges are the line itself
    zones = drawn[drawn["feature"] == "Overlay limit"]
    assert set(zones["left"]) | set(zones["right"]) == {"CNM", "CYP"}


def test_the_policy_names_only_what_the_pack_holds():
    units, countries, drawn = load("admin1"), load("countries"), lines(WORLD)
    for row in (*POLICY["notes"], *POLICY["no_state_name"]):
        assert set(row.get("units", ())) <= set(units["code"]), row["id"]
        assert set(row.get("codes", ())) <= set(countries["code"]), row["id"]
        assert set(row.get("countries", ())) <= set(countries["iso3"]), row["id"]
        assert set(row.get("lines", ())) <= set(drawn["line"]), row["id"]
    known = {note["id"] for note in POLICY["notes"]}
    hidden = {row["id"] for row in POLICY["lines"] if row["class"] == "hidden"}
    assert {row["note"] for row in POLICY["lines"] if "note" in row} <= known
    assert {row["id"] for row in POLICY["lines"]} - hidden == set(drawn["line"]) - {""}
    assert {row["class"] for row in POLICY["lines"]} <= {*line_classes(), "hidden"}


def test_every_note_is_one_or_two_sentences_that_fit_a_slide():
    for note in notes(WORLD):
        assert note.text.endswith(".")
        assert len(note.text) <= 200, note.id


DISPUTED_GROUND = {
    "Srinagar": (74.80, 34.09, "IND"),
    "Muzaffarabad": (73.47, 34.37, "PAK"),
    "Leh": (77.58, 34.16, "IND"),
    "Gilgit": (74.31, 35.92, "PAK"),
    "Aksai Chin": (79.50, 35.20, "CHN"),
    "Itanagar": (93.60, 27.10, "IND"),
    "Simferopol": (34.10, 44.95, "RUS"),
    "Sevastopol": (33.52, 44.61, "UKR"),
    "Katzrin": (35.69, 32.99, "ISR"),
    "Abyei": (28.44, 9.59, "SDN"),
    "Halaib": (36.60, 22.20, "EGY"),
}


@pytest.mark.parametrize(
    ("lon", "lat", "code"), DISPUTED_GROUND.values(), ids=DISPUTED_GROUND.keys()
)
def test_no_state_is_named_on_disputed_ground(lon, lat, code):
    assert not may_name_state(lon, lat, code)


@pytest.mark.parametrize("code", ["SAH", "KAS", "SOL", "CYN", "CNM"])
def test_ground_without_a_recognised_state_is_never_named_as_one(code):
    assert not may_name_state(2.35, 48.85, code)


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [(77.2, 28.6, "IND"), (69.2, 34.5, "AFG"), (30.5, 50.4, "UKR"), (2.35, 48.85, "FRA")],
)
def test_a_state_is_named_on_its_own_ground(lon, lat, code):
    assert may_name_state(lon, lat, code)


SPELLINGS = {
    ("Khyber Pakhtunkhwa", "PAK"): "PK-KP",
    ("khyber pakhtunkhwa PROVINCE", "PAK"): "PK-KP",
    ("Khyber Pakhtunkwa province", "PAK"): "PK-KP",
    ("N.W.F.P.", "PAK"): "PK-KP",
    ("Federally Administered Tribal Areas", "PAK"): "PK-KP",
    ("Baluchistan", "PAK"): "PK-BA",
    ("Northern Areas", "PAK"): "PK-GB",
    ("Azad Jammu & Kashmir", "PAK"): "PK-JK",
    ("PK-SD", "PAK"): "PK-SD",
    ("Paktya province", "AFG"): "AF-PIA",
    ("Paktika", "AFG"): "AF-PKA",
    ("Ghor", "AFG"): "AF-GHO",
    ("Ghōr", "AFG"): "AF-GHO",
    ("Sari Pul", "AFG"): "AF-SAR",
    ("Sar-e Pol", "AFG"): "AF-SAR",
    ("Dai Kundi", "AFG"): "AF-DAY",
    ("Uruzgan", "AFG"): "AF-URU",
    ("Oruzgan", "AFG"): "AF-URU",
    ("Panjsher", "AFG"): "AF-PAN",
    ("Kyiv", "UKR"): "UA-30",
    ("Kyiv Oblast", "UKR"): "UA-32",
    ("Moscow Oblast", "RUS"): "RU-MOS",
    ("Buenos Aires", "ARG"): "AR-B",
    ("Sana'a", "YEM"): "YE-SN",
    ("Punjab", "IND"): "IN-PB",
    ("Punjab", "PAK"): "PK-PB",
    ("Dhaka Division", "BGD"): "BD-C",
}


@pytest.mark.parametrize(("name", "country"), SPELLINGS)
def test_a_unit_is_found_by_any_spelling(name, country):
    found = admin1(name, country)
    assert found is not None
    assert found.code == SPELLINGS[name, country]
    assert found.country == country
    assert shapely.contains_xy(found.shape, found.inner.lon, found.inner.lat)


# a town on the ground that ISO 3166-2 gives the code; positions from GeoNames
CODED = {
    "AF-PIA": ("AFG", 69.2259, 33.5974),  # Gardez
    "AF-PKA": ("AFG", 68.7890, 33.1757),  # Sharana
    "CO-DC": ("COL", -74.0818, 4.6097),  # Bogotá
    "IR-03": ("IRN", 46.2919, 38.0800),  # Tabriz
    "IR-04": ("IRN", 45.0761, 37.5527),  # Urmia
    "IR-05": ("IRN", 47.0650, 34.3142),  # Kermanshah
    "IR-06": ("IRN", 48.6842, 31.3190),  # Ahvaz
    "IR-07": ("IRN", 52.5311, 29.6103),  # Shiraz
    "IR-10": ("IRN", 51.6746, 32.6525),  # Isfahan
    "IR-11": ("IRN", 60.8629, 29.4963),  # Zahedan
    "IR-12": ("IRN", 46.9988, 35.3150),  # Sanandaj
    "IR-23": ("IRN", 51.4215, 35.6944),  # Tehran
    "IR-30": ("IRN", 50.9916, 35.8327),  # Karaj
    "KZ-ALM": ("KAZ", 78.3739, 45.0156),  # Taldykorgan
    "LA-VT": ("LAO", 102.6000, 17.9667),  # Vientiane
    "LV-085": ("LVA", 25.7642, 56.5068),  # Sala
    "LV-086": ("LVA", 24.3590, 57.7531),  # Salacgrīva
    "SD-DC": ("SDN", 23.4711, 12.9094),  # Zalingei
    "SD-DE": ("SDN", 26.1258, 11.4619),  # El Daein
    "SD-DS": ("SDN", 24.8807, 12.0489),  # Nyala
    "SB-WE": ("SLB", 157.1998, -8.2227),  # Noro
    "UG-114": ("UGA", 31.1572, -0.4031),  # Lyantonde
    "UG-218": ("UGA", 34.3311, 1.0112),  # Bududa
    "UG-316": ("UGA", 31.9387, 2.8139),  # Amuru
    "UG-416": ("UGA", 31.4116, 2.1178),  # Buliisa
}


@pytest.mark.parametrize("code", CODED)
def test_a_code_finds_the_ground_that_iso_gives_it(code):
    country, lon, lat = CODED[code]
    found = admin1(code, country)
    assert found is not None
    assert shapely.contains_xy(found.shape, lon, lat)


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("", "AFG"),
        ("Province", "AFG"),
        ("Atlantis", "AFG"),
        ("Nangarhar", "PAK"),
        ("Nangarhar", "XXX"),
        ("Nangarhar", ""),
        # two provinces were called so
        ("Southern Province", "AFG"),
        # Natural Earth gives one code to all cantons
        ("BA-BIH", "BIH"),
    ],
)
def test_a_spelling_that_decides_nothing_finds_nothing(name, country):
    assert admin1(name, country) is None


def test_every_unit_is_found_by_its_own_name():
    units = load("admin1")
    named = zip(units["name"], units["country"], units["code"], strict=True)
    lost = [(n, c) for n, c, code in named if (u := admin1(n, c)) is None or u.code != code]
    assert lost == []


@pytest.mark.skipif(not UCDP_PAKISTAN.exists(), reason=f"{UCDP_PAKISTAN.name} is not here")
def test_every_province_ucdp_names_in_pakistan_is_known():
    with UCDP_PAKISTAN.open(encoding="utf-8-sig", newline="") as file:
        names = {row["adm_1"] for row in csv.DictReader(file) if row["country"] == "Pakistan"}
    assert len(names) > 5
    assert [name for name in names if name and admin1(name, "PAK") is None] == []


def test_torkham_lies_closer_to_the_line_than_we_can_tell():
    # the crossing at 34.1278 N, 71.0931 E stands on the boundary itself
    assert distance_to_boundary_km(71.0931, 34.1278) < 2.5 < TOLERANCE_KM


def test_distance_to_the_boundary_grows_with_the_road_inland():
    # Landi Kotal is 6 km and Peshawar some 45 km from the line in a straight line
    assert 3 < distance_to_boundary_km(71.1470, 34.0999) < 10
    assert 30 < distance_to_boundary_km(71.5785, 34.0080) < 55


def test_where_no_boundary_is_near_the_distance_is_infinite():
    assert distance_to_boundary_km(-30.0, 0.0) == float("inf")
    assert distance_to_boundary_km(0.0, 90.0) == float("inf")
    assert distance_to_boundary_km(180.0, -17.0) == float("inf")


def test_a_damaged_policy_is_a_sentence(monkeypatch, tmp_path):
    (tmp_path / "boundaries.json").write_text("{", encoding="utf-8")
    monkeypatch.setattr(boundaries, "DATA", tmp_path)
    with pytest.raises(ReferenceDataError, match=r"boundaries\.json"):
        boundaries._policy.__wrapped__()
