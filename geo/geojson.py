"""Is this untrusted text really RFC 7946 GeoJSON in WGS 84?

Strict JSON first, then every rule of the standard; all problems are collected with path, value
and rule. Bounded in time, memory and depth. Nothing is fetched, no driver is asked.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import shapely

from geo.errors import GeoJSONError, Problem

_CRS84 = frozenset({"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "OGC:CRS84"})
_DEPTHS: Mapping[str, int] = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_MAX_PROBLEMS = 1000
_MAX_DIGITS = 40
_RING = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is accepted: bytes, Features, positions a geometry, properties, text, depth."""

    bytes: int
    features: int
    vertices: int = 10_000
    properties: int = 100
    text: int = 10_000
    depth: int = 20


UPLOAD = Limits(bytes=10_000_000, features=50_000)
FILE = Limits(bytes=4_000_000_000, features=20_000_000)


@dataclass(frozen=True, slots=True)
class Collection:
    """Features that passed, foreign members of the collection, and what was noticed."""

    features: tuple[dict[str, Any], ...]
    members: Mapping[str, Any]
    flagged: Mapping[str, int]


def parse(raw: bytes, *, limits: Limits = UPLOAD) -> Collection:
    """Read a FeatureCollection; a bare Feature or geometry counts as a collection of one.

    Raises
    ------
    GeoJSONError
        With every problem found (the first thousand).
    """
    value = parse_json(raw, limits=limits)
    if not isinstance(value, dict):
        _refuse("$", value, "GeoJSON is a JSON object")
    gate = _Gate(limits)
    kind = value.get("type")
    if kind == "FeatureCollection":
        features = gate.collection(value)
        members = {k: v for k, v in value.items() if k not in ("type", "features", "bbox", "crs")}
    elif kind == "Feature":
        gate.crs(value)
        gate.feature(value, "$")
        gate.flagged["wrapped"] += 1
        features, members = [value], {}
    elif kind in _DEPTHS or kind == "GeometryCollection":
        gate.crs(value)
        gate.geometry(value, "$")
        gate.flagged["wrapped"] += 1
        features, members = [{"type": "Feature", "geometry": value, "properties": {}}], {}
    else:
        _refuse("$.type", kind, "must be FeatureCollection, Feature or a geometry type")
    if gate.problems:
        raise GeoJSONError(tuple(gate.problems))
    return Collection(tuple(features), members, dict(gate.flagged))


def check_feature(feature: Any, path: str, *, limits: Limits = FILE) -> Counter[str]:
    """Check one Feature by itself, as a stream of them is read; answers what was noticed.

    Raises
    ------
    GeoJSONError
        With every problem of this Feature.
    """
    gate = _Gate(limits)
    gate.feature(feature, path)
    if gate.problems:
        raise GeoJSONError(tuple(gate.problems))
    return gate.flagged


def parse_json(raw: bytes, *, limits: Limits = UPLOAD) -> Any:
    """Read strict JSON: UTF-8, no NaN, no duplicate keys, bounded numbers and depth.

    Raises
    ------
    GeoJSONError
        Naming the first place that is not JSON.
    """
    if len(raw) > limits.bytes:
        _refuse("$", f"{len(raw):,} bytes", f"at most {limits.bytes:,} are read", shown=True)
    if not raw.strip():
        _refuse("$", "empty", "there is nothing to read", shown=True)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        rule = f"GeoJSON is UTF-8 text; byte {error.start:,} is not"
        _refuse("$", raw[:12], rule)
    if "\0" in text:
        _refuse("$", "a NUL character", "text has no NUL characters", shown=True)
    try:
        value = json.loads(
            text,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_bounded,
            object_pairs_hook=_no_duplicates,
        )
    except RecursionError:
        _refuse("$", "nested too deeply", "brackets nest at most a few hundred deep", shown=True)
    except GeoJSONError:
        raise
    except ValueError as error:
        _refuse("$", text[:40], f"is not JSON: {error}")
    if "\\u" in text:
        _no_surrogates(value)
    return value


class _Gate:
    """Collects what is wrong and what was noticed while walking one document."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.problems: list[Problem] = []
        self.flagged: Counter[str] = Counter()

    def fault(self, path: str, value: object, rule: str) -> None:
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(Problem(path, _shown(value), rule))

    def collection(self, value: dict[str, Any]) -> list[dict[str, Any]]:
        self.crs(value)
        if "bbox" in value:
            self.flagged["bbox_ignored"] += 1
        features = value.get("features")
        if not isinstance(features, list):
            self.fault("$.features", features, "must be a list of Features")
            return []
        if len(features) > self.limits.features:
            rule = f"at most {self.limits.features:,} are read"
            self.fault("$.features", f"{len(features):,} Features", rule)
            return []
        seen: dict[str, int] = {}
        for i, feature in enumerate(features):
            path = f"$.features[{i}]"
            self.feature(feature, path)
            if isinstance(feature, dict) and "id" in feature:
                key = str(feature["id"])
                if key in seen:
                    rule = f"an id is used once; features[{seen[key]}] has it too"
                    self.fault(f"{path}.id", feature["id"], rule)
                seen.setdefault(key, i)
        return features

    def crs(self, value: dict[str, Any]) -> None:
        if "crs" not in value:
            return
        crs = value["crs"]
        properties = crs.get("properties") if isinstance(crs, dict) else None
        name = properties.get("name") if isinstance(properties, dict) else None
        if isinstance(name, str) and name in _CRS84:
            self.flagged["crs_ignored"] += 1
            return
        rule = "RFC 7946 is WGS 84 longitude, latitude (CRS84); convert the file first"
        self.fault("$.crs", crs, rule)

    def feature(self, value: Any, path: str) -> None:
        if not isinstance(value, dict) or value.get("type") != "Feature":
            self.fault(path, value, 'must be an object of type "Feature"')
            return
        if "id" in value and type(value["id"]) not in (str, int, float):
            self.fault(f"{path}.id", value["id"], "must be text or a number")
        if "geometry" not in value:
            self.fault(f"{path}.geometry", None, "must be there, a geometry or null")
        elif value["geometry"] is not None:
            self.geometry(value["geometry"], f"{path}.geometry")
        if "properties" not in value:
            self.fault(f"{path}.properties", None, "must be there, an object or null")
            return
        properties = value["properties"]
        if properties is None:
            return
        if not isinstance(properties, dict):
            self.fault(f"{path}.properties", properties, "must be an object or null")
            return
        if len(properties) > self.limits.properties:
            rule = f"at most {self.limits.properties} are read"
            self.fault(f"{path}.properties", f"{len(properties)} members", rule)
        self.value(properties, f"{path}.properties")

    def value(self, top: Any, path: str) -> None:
        """Check depth and text lengths without recursion."""
        waiting = [(top, 1, path)]
        while waiting:
            value, depth, where = waiting.pop()
            if depth > self.limits.depth:
                self.fault(where[:120], "nested too deeply", f"at most {self.limits.depth} levels")
                return
            if isinstance(value, str):
                if len(value) > self.limits.text:
                    rule = f"at most {self.limits.text:,} characters are kept"
                    self.fault(where, f"{len(value):,} characters", rule)
            elif isinstance(value, dict):
                waiting += [(v, depth + 1, f"{where}.{k[:40]}") for k, v in value.items()]
            elif isinstance(value, list):
                waiting += [(v, depth + 1, f"{where}[{i}]") for i, v in enumerate(value)]

    def geometry(self, value: Any, path: str) -> None:
        if not isinstance(value, dict):
            self.fault(path, value, "must be a geometry object")
            return
        kind = value.get("type")
        if kind == "GeometryCollection":
            parts = value.get("geometries")
            if not isinstance(parts, list):
                self.fault(f"{path}.geometries", parts, "must be a list of geometries")
                return
            if len(parts) > self.limits.vertices:
                rule = f"at most {self.limits.vertices:,} are read"
                self.fault(f"{path}.geometries", f"{len(parts):,} geometries", rule)
                return
            for i, part in enumerate(parts):
                where = f"{path}.geometries[{i}]"
                if isinstance(part, dict) and part.get("type") == "GeometryCollection":
                    self.fault(where, "GeometryCollection", "collections do not nest (3.1.8)")
                else:
                    self.geometry(part, where)
        elif not isinstance(kind, str) or kind not in _DEPTHS:
            self.fault(f"{path}.type", kind, "must be a geometry type of RFC 7946")
        else:
            self.coordinates(value, kind, path)

    def coordinates(self, value: dict[str, Any], kind: str, path: str) -> None:
        before = len(self.problems)
        where = f"{path}.coordinates"
        if "coordinates" not in value:
            self.fault(where, None, "must be there")
            return
        count = 0
        for position, spot in _positions(value["coordinates"], _DEPTHS[kind], where):
            count += 1
            if count > self.limits.vertices:
                rule = f"at most {self.limits.vertices:,} positions are read"
                self.fault(where, "too many positions", rule)
                return
            self.position(position, spot)
        if len(self.problems) == before:
            self.shape(value, kind, where)

    def position(self, position: Any, path: str) -> None:
        if not isinstance(position, list) or len(position) not in (2, 3):
            self.fault(path, position, "a position is [longitude, latitude] or with height")
            return
        if not all(type(n) in (int, float) and math.isfinite(n) for n in position):
            self.fault(path, position, "coordinates are finite numbers")
            return
        lon, lat = position[:2]
        if not -180 <= lon <= 180:
            self.fault(f"{path}[0]", lon, "longitude runs from -180 to 180")
        if not -90 <= lat <= 90:
            hint = "; longitude comes first" if -90 <= lon <= 90 else ""
            self.fault(f"{path}[1]", lat, f"latitude runs from -90 to 90{hint}")
        if (lon, lat) == (0, 0):
            self.flagged["null_island"] += 1

    def shape(self, value: dict[str, Any], kind: str, path: str) -> None:
        coordinates = value["coordinates"]
        if kind in ("LineString", "MultiLineString"):
            for line in [coordinates] if kind == "LineString" else coordinates:
                if len(line) < 2:
                    self.fault(path, line, "a line has two or more positions")
        if kind in ("Polygon", "MultiPolygon"):
            for polygon in [coordinates] if kind == "Polygon" else coordinates:
                self.polygon(polygon, path)

    def polygon(self, rings: list[Any], path: str) -> None:
        for i, ring in enumerate(rings):
            if len(ring) < _RING:
                self.fault(path, f"{len(ring)} positions", "a ring has four or more positions")
                return
            if ring[0] != ring[-1]:
                self.fault(path, ring[-1], "a ring ends where it began")
                return
            flat = [position[:2] for position in ring]
            if shapely.LinearRing(flat).is_ccw == bool(i):
                # 3.1.6: a parser should not refuse the other winding; we turn it round
                ring.reverse()
                self.flagged["rewound"] += 1
        if rings:
            shape = shapely.Polygon(
                [p[:2] for p in rings[0]], [[p[:2] for p in ring] for ring in rings[1:]]
            )
            if not shape.is_valid:
                self.fault(path, shapely.is_valid_reason(shape), "a polygon must not cross itself")


def _positions(value: Any, depth: int, path: str) -> Iterator[tuple[Any, str]]:
    if depth == 0:
        yield value, path
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from _positions(part, depth - 1, f"{path}[{i}]")
    else:
        yield value, path


def _no_constant(token: str) -> NoReturn:
    msg = f"{token} is no JSON number"
    raise ValueError(msg)


def _finite(token: str) -> float:
    number = float(token)
    if not math.isfinite(number):
        msg = f"{token[:20]} is too large a number"
        raise ValueError(msg)
    return number


def _bounded(token: str) -> int:
    if len(token) > _MAX_DIGITS:
        msg = f"{token[:20]}… has {len(token):,} digits"
        raise ValueError(msg)
    return int(token)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(k for k, n in Counter(k for k, _ in pairs).items() if n > 1)
        msg = f"the member {twice[:40]!r} stands twice in one object"
        raise ValueError(msg)
    return found


def _no_surrogates(top: Any) -> None:
    waiting = [top]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if _SURROGATE.search(value):
                _refuse("$", ascii(value[:20]), "half a surrogate pair is no text", shown=True)
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value


def _refuse(path: str, value: object, rule: str, *, shown: bool = False) -> NoReturn:
    text = str(value) if shown else _shown(value)
    raise GeoJSONError((Problem(path, text, rule),))


def _shown(value: object) -> str:
    # the outermost layer only: a hostile value may nest thousands deep
    if isinstance(value, dict):
        return f"an object with {len(value)} members"
    if isinstance(value, list) and (len(value) > _RING or any(isinstance(v, list) for v in value)):
        return f"a list of {len(value)}"
    text = ascii(value) if isinstance(value, str) and _SURROGATE.search(value) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
