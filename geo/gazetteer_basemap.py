"""Which places does the base map give to the gazetteer? Countries, provinces, rivers."""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import shapely
from pyproj import Geod

from geo import basemap
from geo.countries import countries
from geo.gazetteer_entry import COUNTRY, LEAST, Entry, named, points
from geo.incident import MAX_RADIUS_KM
from geo.placenames import fold
from geo.settings import DATA

LANGUAGES = DATA / "languages"
_ISO_CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}\Z")
_WGS84 = Geod(ellps="WGS84")
_APART_DEGREES = 0.75


def nations() -> Iterator[Entry]:
    """Countries of ISO 3166-1, in every language of the briefings."""
    spelled = _spelled()
    labels = _labels()
    for nation in countries().values():
        ref = f"iso3166-1:{nation.iso3}"
        point = points().get(ref) or labels.get(nation.iso3)
        yield Entry(
            ref=ref,
            name=nation.name,
            aliases=(
                *nation.variants,
                nation.iso3,
                *named(ref, "alias"),
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
            demonyms=named(ref, "demonym"),
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


def units(
    people: Mapping[tuple[str, str], int], further: Mapping[tuple[str, str], str]
) -> Iterator[Entry]:
    """First-order units, weighed by the people of their towns."""
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
        lon, lat = points().get(ref, (float(row["lon"]), float(row["lat"])))
        others = [text for i in rows for text in frame["other"].iloc[i].split("|")]
        yield Entry(
            ref=ref,
            name=name,
            aliases=(
                *others,
                *(row["ur"], row["fa"], row["ar"]),
                f"{name} Province",
                *further.get((country, name), "").split("|"),
                *named(ref, "alias"),
            ),
            kind="province",
            lat=lat,
            lon=lon,
            country=country,
            admin1=name,
            precision="province",
            radius_km=reach_km(shapes[rows], lon, lat),
            radius_from="extent",
            weight=people.get((country, name), LEAST["district"]),
            source="Natural Earth",
            licence="public domain",
            demonyms=named(ref, "demonym"),
            shorts=named(ref, "short"),
        )


def unit_ref(code: str, country: str, name: str) -> str:
    """Id of a unit of the base map: its ISO code, where it has one."""
    return f"iso3166-2:{code}" if _ISO_CODE.match(code) else f"unit:{country}-{fold(name)}"


def reach_km(shapes: Any, lon: float, lat: float) -> float:
    """Distance from a unit's inner point to its farthest corner."""
    corners = shapely.get_coordinates(shapely.convex_hull(shapely.geometrycollections(shapes)))
    away = _WGS84.inv(np.full(len(corners), lon), np.full(len(corners), lat), *corners.T)[2]
    return min(float(math.ceil(float(away.max()) / 1000)), MAX_RADIUS_KM)


def rivers() -> Iterator[Entry]:
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
                weight=LEAST["river"],
                source="Natural Earth",
                licence="public domain",
            )
