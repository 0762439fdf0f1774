"""Places of the gazetteer: those of the news, their names, and what was read by hand."""

from __future__ import annotations

import csv
import sqlite3
from collections import defaultdict
from contextlib import closing

import pytest
import shapely

from geo import basemap
from geo.area import distance_km
from geo.gazetteer import Candidate, locate, named
from geo.gazetteer_entry import NAMES
from geo.gazetteer_index import database
from geo.gazetteer_sources import SUPPLEMENT
from geo.incident import Point
from geo.placenames import fold


def first(name: str) -> Candidate:
    return locate(name)[0]


def supplement() -> list[dict[str, str]]:
    with SUPPLEMENT.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# what the reference list of places asks for; a line or an area: within it
@pytest.mark.parametrize(
    ("name", "lat", "lon", "km"),
    [
        *(("Torkham", 34.19, 71.07, 10), ("Angoor Ada", 32.52, 69.27, 10)),
        *(("Ghulam Khan", 33.14, 70.02, 10), ("Spin Boldak", 31.0, 66.4, 10)),
        *(("Chaman", 30.92, 66.45, 10), ("Parachinar", 33.9, 70.1, 10)),
        *(("Khost", 33.34, 69.92, 10), ("Urgun", 32.95, 69.18, 10)),
        *(("Ghazni", 33.55, 68.42, 10), ("Arghandi", 34.47, 68.93, 10)),
        *(("Kharlachi", 33.83, 69.96, 10), ("Istanbul", 41.01, 28.95, 10)),
        *(("Doha", 25.29, 51.53, 10), ("Riyadh", 24.69, 46.72, 10)),
        *(("Kurram", 33.7, 70.2, 40), ("Bajaur", 34.75, 71.5, 30)),
        *(("Paktika", 32.5, 68.8, 60), ("Nangarhar", 34.2, 70.3, 60)),
        *(("Barmal", 32.65, 69.35, 30), ("Dand Patan", 33.7, 70.05, 30)),
        ("Durand Line", 32.5, 69.5, 100),
        *(("Rafah crossing", 31.25, 34.26, 10), ("Khan Younis", 31.34, 34.3, 10)),
        *(("El Fasher", 13.63, 25.35, 10), ("Goma", -1.68, 29.23, 10)),
        *(("Chasiv Yar", 48.59, 37.84, 10), ("Kakhovka Dam", 46.78, 33.37, 10)),
        *(("Snake Island", 45.26, 30.2, 10), ("Ain al-Asad", 33.79, 42.44, 10)),
        *(("Al-Tanf", 33.5, 38.67, 10), ("Fordow", 34.88, 51.0, 10)),
        *(("Myawaddy", 16.69, 98.51, 10), ("Preah Vihear temple", 14.39, 104.68, 10)),
        *(("Pahalgam", 34.01, 75.32, 10), ("Stepanakert", 39.82, 46.75, 10)),
        *(("Sambisa Forest", 11.25, 13.4, 60), ("Donbas", 48.4, 38.3, 160)),
        *(("Catatumbo", 8.7, -73.0, 70), ("Cabo Delgado", -12.4, 39.3, 200)),
        *(("Tigray", 14.0, 38.7, 180), ("Rakhine", 20.1, 93.6, 230)),
        *(("Darfur", 13.2, 24.9, 400), ("Line of Control", 34.1, 74.0, 260)),
        *(("Kidal", 18.44, 1.41, 10), ("Bunagana", -1.3, 29.59, 10)),
        *(("Las Anod", 8.48, 47.36, 10), ("Mirebalais", 18.83, -72.1, 10)),
    ],
)
def test_places_of_the_news_are_found_where_they_are(
    name: str, lat: float, lon: float, km: float
) -> None:
    found = first(name)
    assert found.point is not None
    assert distance_km(found.point, Point(lon, lat)) <= km


@pytest.mark.parametrize("name", ["Kabul", "Khost", "Ghazni", "Istanbul", "Doha", "Gao", "Goma"])
def test_on_a_tie_the_city_comes_before_every_unit_of_its_name(name: str) -> None:
    assert first(name).kind == "town"
    assert named(fold(name))[0].kind == "town"


def test_a_large_unit_is_meant_before_a_small_town_of_its_name() -> None:
    for name, country in (("Ontario", "CAN"), ("Victoria", "AUS"), ("Quebec", "CAN")):
        best = named(fold(name))[0]
        assert (best.kind, best.country) == ("province", country) or best.country == "HKG"


def test_units_bear_the_names_of_their_own_script() -> None:
    assert first("ولایت پکتیکا").name == "Paktika"
    assert first("Бахмутський район").name == "Bakhmut"
    assert first("کرمان").country == "IRN"


def test_peoples_and_short_forms_are_known_to_readers_of_texts_alone() -> None:
    assert [(c.name, c.how) for c in named("afghan")] == [("Afghanistan", "demonym")]
    assert any(c.name == "Kentucky" for c in named("ky"))
    assert all(c.name != "Afghanistan" or c.how != "demonym" for c in locate("Afghan"))


def test_the_end_of_a_name_is_found_where_no_place_bears_it_whole() -> None:
    assert {c.how for c in named("boldak")} == {"part"}
    assert "part" not in {c.how for c in named("khan")}


def test_rivers_and_airports_are_found() -> None:
    assert first("Euphrates").kind == "river"
    assert first("Euphrates").precision == "area"
    assert first("Heathrow Airport").country == "GBR"
    assert first("Bagram airbase").country == "AFG"


def test_places_read_by_hand_are_many_and_rounded_and_none_is_exact() -> None:
    rows = [row for row in supplement() if row["source"].startswith("general knowledge")]
    assert len([row for row in rows if row["note"] != "world"]) > 400
    for row in rows:
        assert row["precision"] in ("near", "district", "province", "area"), row["name"]
        assert float(row["radius_km"]) > 0
        assert len(row["lat"].partition(".")[2]) <= 4


def test_places_read_by_hand_lie_in_their_country() -> None:
    frame = basemap.load("countries")
    # in the sea, on ground that the map gives to none, or to another state de facto
    apart = {"sea", "island", "reef", "lake", "bridge"}
    of: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in supplement():
        if row["country"] not in ("", "UKR") and row["kind"] not in apart:
            of[row["country"]].append(row)
    for country, rows in of.items():
        shape = shapely.union_all(frame.geometry[frame["iso3"] == country].to_numpy())
        shapely.prepare(shape)
        points = shapely.points([(float(r["lon"]), float(r["lat"])) for r in rows])
        near = shapely.dwithin(shape, points, 0.1)
        assert near.all(), [r["name"] for r, good in zip(rows, near, strict=True) if not good]


def test_every_further_name_belongs_to_a_place() -> None:
    with closing(sqlite3.connect(database())) as index:
        refs = {ref for (ref,) in index.execute("SELECT ref FROM place")}
    with NAMES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["ref"] for row in rows} <= refs
    assert {row["how"] for row in rows} == {"alias", "demonym", "short"}


@pytest.mark.parametrize(
    ("name", "country", "lat", "lon"),
    [
        *(("Bulo Marer", "SOM", 1.63, 44.50), ("Nyabibwe", "COD", -1.97, 28.86)),
        *(("Jarinje", "XKX", 43.23, 20.69), ("Kupwara", "IND", 34.53, 74.26)),
        *(("Al Lataminah", "SYR", 35.32, 36.62), ("Pont-Sonde", "HTI", 19.15, -72.61)),
        *(("Kuriga", "NGA", 10.70, 6.99), ("Malaya Loknya", "RUS", 51.29, 35.17)),
    ],
)
def test_places_of_the_newest_wars_are_found(
    name: str, country: str, lat: float, lon: float
) -> None:
    found = next(c for c in locate(name) if c.country == country and c.point)
    assert found.point is not None
    assert distance_km(found.point, Point(lon, lat)) < 25


def test_units_are_found_by_the_names_of_the_news() -> None:
    for name in ("West Darfur", "Hodeidah province", "Deir al-Zor", "Salahuddin", "Galgaduud"):
        assert any(c.kind == "province" for c in named(fold(name.removesuffix(" province"))))
