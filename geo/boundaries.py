"""Which lines, areas and notes belong to this frame?

`data/boundaries.json` is the policy: the class and dash of each line, the sentence that must
accompany a frame, and the ground on which no state's name is printed. Neutral by default.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from pyproj import Geod

from geo.area import BBox
from geo.basemap import LayerName, load, within
from geo.errors import ReferenceDataError
from geo.incident import Point
from geo.settings import DATA

# Natural Earth lies 1.5 to 4 km off at the crossings of the Durand Line, our simplification
# adds half a kilometre
TOLERANCE_KM = 5.0
_WGS84 = Geod(ellps="WGS84")
_UNIT_WORDS = frozenset(
    (
        *("province", "state", "region", "governorate", "oblast", "agency", "department"),
        *("division", "district"),
    )
)
_SHARED = -1
# former names that event data still use, by code of the unit they belong to now
_FORMER = {
    # "pakhtunkwa" is how UCDP writes it
    "PK-KP": (
        *("nwfp", "n w f p", "fata", "federally administered tribal areas", "kpk"),
        "khyber pakhtunkwa",
    ),
    "PK-BA": ("baluchistan",),
    "PK-SD": ("sind",),
    "PK-JK": ("azad jammu kashmir", "azad jammu and kashmir", "ajk"),
    "PK-GB": ("northern areas", "gilgit baltistan"),
    "PK-IS": ("islamabad", "federal capital territory"),
    "AF-DAY": ("daikundi", "dai kundi", "day kundi"),
    "AF-PAN": ("panjsher", "panjshayr"),
    "AF-URU": ("oruzgan",),
    "AF-WAR": ("wardak",),
    "AF-NIM": ("nimroz",),
}


@dataclass(frozen=True, slots=True)
class LineClass:
    """How lines of one class are drawn: label for the legend, dash in points, width."""

    id: str
    label: str
    dash: tuple[float, ...]
    width: float


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that accompanies every frame it concerns."""

    id: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A first-order administrative unit with its area and a point inside it."""

    code: str
    country: str
    name: str
    inner: Point
    shape: Any


def disclaimer() -> str:
    """Give the sentence that stands under every map."""
    return str(_policy()["disclaimer"])


@lru_cache(maxsize=1)
def line_classes() -> Mapping[str, LineClass]:
    """Line classes by id, in the order legends use."""
    return {
        name: LineClass(name, row["label"], tuple(row["dash"]), row["width"])
        for name, row in _policy()["classes"].items()
    }


def lines(box: BBox, *, overview: bool = False) -> Any:
    """Boundary lines in a frame with columns `line_class`, `label` and geometry."""
    name: LayerName = "boundaries_overview" if overview else "boundaries"
    frame = within(name, box)
    styles = [_line(row) for row in frame[["left", "right", "feature"]].itertuples(index=False)]
    styled = frame.assign(
        line_class=[s[0] for s in styles], label=[s[1] for s in styles], line=[s[2] for s in styles]
    )
    return styled[styled["line_class"] != "hidden"]


def notes(box: BBox) -> tuple[Note, ...]:
    """Sentences that must accompany a frame."""
    frame = shapely.union_all([shapely.box(w, box.south, e, box.north) for w, e in box.spans()])
    found = []
    for row in _policy()["notes"]:
        area = _note_area(row["id"])
        if not area.is_empty and area.intersects(frame):
            found.append(Note(row["id"], row["name"], row["text"]))
    return tuple(found)


def may_name_state(lon: float, lat: float, code: str) -> bool:
    """Whether a country's name may be printed here: never on disputed ground."""
    if code in _nameless_codes():
        return False
    return not shapely.contains_xy(_nameless_ground(), lon, lat)


@lru_cache(maxsize=4096)
def admin1(name: str, country: str) -> Unit | None:
    """Find a unit by ISO 3166-2 code or by any spelling of its name in a country.

    A spelling that two units of the country share names neither of them.
    """
    found = admin1_row(name, country)
    if found is None:
        return None
    row = load("admin1").iloc[found]
    return Unit(
        code=str(row["code"]),
        country=str(row["country"]),
        name=str(row["name"]),
        inner=Point(float(row["lon"]), float(row["lat"])),
        shape=row.geometry,
    )


@lru_cache(maxsize=4096)
def admin1_row(name: str, country: str) -> int | None:
    """Find the row of a unit in the pack, as `admin1` does."""
    spelled = ((country, _fold(name)), (country, _key(name)))
    found = next((_spellings()[way] for way in spelled if way in _spellings()), None)
    if found is not None:
        return found
    # a code that Natural Earth gives to several units decides nothing either
    frame = load("admin1")
    coded = np.flatnonzero((frame["code"] == name) & (frame["code"] != ""))
    return int(coded[0]) if len(coded) == 1 else None


def distance_to_boundary_km(lon: float, lat: float) -> float:
    """Geodesic distance to the nearest drawn boundary; infinite where none is near."""
    around = BBox(
        max(lon - 3, -180.0), max(lat - 3, -90.0), min(lon + 3, 180.0), min(lat + 3, 90.0)
    )
    near = lines(around)
    if near.empty:
        return float("inf")
    # degrees of longitude shrink with latitude: measure on a plane of true proportions
    stretch = np.cos(np.radians(lat))
    squeezed = shapely.transform(near.geometry.values, lambda xy: xy * (stretch, 1.0))
    here = shapely.Point(lon * stretch, lat)
    edge = shapely.get_point(shapely.shortest_line(here, shapely.union_all(squeezed)), 1)
    return float(_WGS84.inv(lon, lat, edge.x / stretch, edge.y)[2]) / 1000


def _line(row: Any) -> tuple[str, str, str]:
    pair = {row.left, row.right}
    for rule in _policy()["lines"]:
        if pair == set(rule["between"]) and rule.get("feature", row.feature) == row.feature:
            return rule["class"], rule["name"], rule["id"]
    return _policy()["by_feature"].get(row.feature, "disputed"), "", ""


@lru_cache(maxsize=1)
def _policy() -> dict[str, Any]:
    path = DATA / "boundaries.json"
    try:
        loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"{path.name}: {error}"
        raise ReferenceDataError(msg) from error
    return loaded


@lru_cache(maxsize=64)
def _note_area(note_id: str) -> Any:
    row = next(r for r in _policy()["notes"] if r["id"] == note_id)
    parts = [_area(row)]
    if "lines" in row:
        every = lines(BBox(-180, -90, 180, 90))
        chosen = every[every["line"].isin(row["lines"])]
        parts.append(shapely.union_all(chosen.geometry.values))
    return shapely.union_all(parts)


def _area(row: Mapping[str, Any]) -> Any:
    units, countries = load("admin1"), load("countries")
    parts = [shapely.box(*box) for box in row.get("areas", ())]
    parts += list(units.geometry[units["code"].isin(row.get("units", ()))])
    parts += list(countries.geometry[countries["iso3"].isin(row.get("countries", ()))])
    return shapely.union_all(parts)


@lru_cache(maxsize=1)
def _nameless_ground() -> Any:
    ground = shapely.union_all([_area(row) for row in _policy()["no_state_name"]])
    shapely.prepare(ground)
    return ground


@lru_cache(maxsize=1)
def _nameless_codes() -> frozenset[str]:
    return frozenset(code for row in _policy()["no_state_name"] for code in row.get("codes", ()))


@lru_cache(maxsize=1)
def _spellings() -> Mapping[tuple[str, str], int]:
    """Row of the pack by country and spelling; the nearer spelling wins.

    Nearest is a unit's own name, then that name without the word for "province", then its other
    names. "Kyiv" is so the city, and "Kyiv Oblast" the region around it.
    """
    frame = load("admin1")
    ways: tuple[dict[tuple[str, str], set[int]], ...] = ({}, {}, {})
    columns = zip(frame["country"], frame["code"], frame["name"], frame["other"], strict=True)
    for i, (country, code, name, other) in enumerate(columns):
        others = (*other.split("|"), *_FORMER.get(code, ()))
        spelled = ([_fold(name)], [_key(name)], [f(text) for text in others for f in (_fold, _key)])
        for way, keys in zip(ways, spelled, strict=True):
            for key in filter(None, keys):
                way.setdefault((country, key), set()).add(i)
    found: dict[tuple[str, str], int] = {}
    for way in ways:
        # what two units share on a nearer level is not given to a third on a farther one
        for spelling, rows in way.items():
            found.setdefault(spelling, rows.pop() if len(rows) == 1 else _SHARED)
    return {spelling: row for spelling, row in found.items() if row != _SHARED}


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.split())


def _key(text: str) -> str:
    return " ".join(word for word in _fold(text).split() if word not in _UNIT_WORDS)
