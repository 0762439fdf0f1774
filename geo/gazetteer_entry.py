"""What is one place of the gazetteer, and how likely is it meant?"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from geo.settings import DATA

NAMES = DATA / "gazetteer_names.csv"
POINTS = DATA / "gazetteer_points.csv"
# how likely a place is meant where nothing else is said, 0 to 1000: as a town of so many people
COUNTRY = 1000
LEAST = {"region": 700, "sea": 800, "site": 650, "line": 600, "province": 500, "crossing": 500}
LEAST |= {"river": 500, "island": 500, "mountains": 500, "lake": 450, "valley": 400, "base": 400}
LEAST |= {"town": 300, "district": 250}
LEAST_OF_ALL = 250
MILLION_30 = 7.5


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
    demonyms: tuple[str, ...] = ()
    shorts: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _further_names() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Words of `data/gazetteer_names.csv` by the place they belong to and how."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    with NAMES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["ref"], row["how"]].append(row["word"])
    return {key: tuple(words) for key, words in found.items()}


def named(ref: str, how: str) -> tuple[str, ...]:
    """Words of `data/gazetteer_names.csv` that belong to a place in one way."""
    return _further_names().get((ref, how), ())


def weight_of(people: float) -> int:
    """How likely a place of so many people is meant, 0 to 1000 at 30 million."""
    return min(1000, int(1000 * math.log10(people + 1) / MILLION_30))


@lru_cache(maxsize=1)
def points() -> Mapping[str, tuple[float, float]]:
    """Longitude and latitude that `data/gazetteer_points.csv` gives to countries and units."""
    with POINTS.open(encoding="utf-8", newline="") as file:
        return {r["ref"]: (float(r["lon"]), float(r["lat"])) for r in csv.DictReader(file)}
