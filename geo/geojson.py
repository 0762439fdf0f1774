"""Is this untrusted text really RFC 7946 GeoJSON in WGS 84?

Strict JSON first, then every rule of the standard; all problems are collected with path, value
and rule. Bounded in time, memory and depth. Nothing is fetched, no driver is asked.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from geo.errors import GeoJSONError, Problem
from geo.strictjson import FILE, UPLOAD, Limits, parse_json, refuse, shown

__all__ = ["FILE", "UPLOAD", "Collection", "Limits", "check_feature", "parse", "parse_json"]

_CRS84 = frozenset({"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "OGC:CRS84"})
_DEPTHS: Mapping[str, int] = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
# 7.1: members that define one kind of object must not stand in another
_FOREIGN: Mapping[str, tuple[str, ...]] = {
    "FeatureCollection": ("geometry", "properties", "coordinates", "geometries"),
    "Feature": ("features", "coordinates", "geometries"),
    "geometry": ("geometry", "properties", "features"),
}
_MAX_PROBLEMS = 1000
_RING = 4
_CORNERS = 3


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
        refuse("$", value, "GeoJSON is a JSON object")
    gate = _Gate(limits)
    kind = value.get("type")
    members: dict[str, Any] = {}
    if kind == "FeatureCollection":
        features = gate.collection(value)
        members = {k: v for k, v in value.items() if k not in ("type", "features", "bbox", "crs")}
        # what an export states of itself grows with its rows; the file is bounded all the same
        gate.value(members, "$", longest=limits.bytes)
    elif kind == "Feature":
        gate.feature(value, "$")
        gate.flagged["wrapped"] += 1
        features = [value]
    elif isinstance(kind, str) and (kind in _DEPTHS or kind == "GeometryCollection"):
        gate.geometry(value, "$")
        gate.flagged["wrapped"] += 1
        features = [{"type": "Feature", "geometry": value, "properties": {}}]
    else:
        refuse("$.type", kind, "must be FeatureCollection, Feature or a geometry type")
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


class _Gate:
    """Collects what is wrong and what was noticed while walking one document."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.problems: list[Problem] = []
        self.flagged: Counter[str] = Counter()

    def fault(self, path: str, value: object, rule: str) -> None:
        self.told(path, shown(value), rule)

    def told(self, path: str, what: str, rule: str) -> None:
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(Problem(path, what, rule))

    def collection(self, value: dict[str, Any]) -> list[dict[str, Any]]:
        self.members(value, "FeatureCollection", "$")
        features = value.get("features")
        if not isinstance(features, list):
            self.fault("$.features", features, "must be a list of Features")
            return []
        if len(features) > self.limits.features:
            rule = f"at most {self.limits.features:,} are read"
            self.told("$.features", f"{len(features):,} Features", rule)
            return []
        seen: dict[str, int] = {}
        for i, feature in enumerate(features):
            path = f"$.features[{i}]"
            self.feature(feature, path)
            if isinstance(feature, dict) and type(feature.get("id")) in (str, int, float):
                key = str(feature["id"])
                if key in seen:
                    rule = f"an id is used once; features[{seen[key]}] has it too"
                    self.fault(f"{path}.id", feature["id"], rule)
                seen.setdefault(key, i)
        return features

    def members(self, value: dict[str, Any], kind: str, path: str) -> None:
        """Check what may stand in any object: crs, bbox, and no member of another kind."""
        for name in _FOREIGN[kind]:
            if name in value:
                rule = f"a {kind} has no such member (RFC 7946, 7.1)"
                self.fault(f"{path}.{name}", value[name], rule)
        if "bbox" in value:
            self.flagged["bbox_ignored"] += 1
            box = value["bbox"]
            if not (isinstance(box, list) and len(box) in (4, 6) and all(map(_is_number, box))):
                self.fault(f"{path}.bbox", box, "must be a list of four or six numbers")
        if "crs" in value:
            self.crs(value["crs"], f"{path}.crs")

    def crs(self, crs: Any, path: str) -> None:
        properties = crs.get("properties") if isinstance(crs, dict) else None
        name = properties.get("name") if isinstance(properties, dict) else None
        if isinstance(name, str) and name in _CRS84:
            self.flagged["crs_ignored"] += 1
            return
        rule = "RFC 7946 is WGS 84 longitude, latitude (CRS84); convert the file first"
        self.fault(path, crs, rule)

    def feature(self, value: Any, path: str) -> None:
        if not isinstance(value, dict) or value.get("type") != "Feature":
            self.fault(path, value, 'must be an object of type "Feature"')
            return
        self.members(value, "Feature", path)
        if "id" in value and type(value["id"]) not in (str, int, float):
            self.fault(f"{path}.id", value["id"], "must be text or a number")
        if "geometry" not in value:
            self.told(f"{path}.geometry", "missing", "must be there, a geometry or null")
        elif value["geometry"] is not None:
            self.geometry(value["geometry"], f"{path}.geometry")
        if "properties" not in value:
            self.told(f"{path}.properties", "missing", "must be there, an object or null")
            return
        properties = value["properties"]
        if properties is None:
            return
        if not isinstance(properties, dict):
            self.fault(f"{path}.properties", properties, "must be an object or null")
            return
        if len(properties) > self.limits.properties:
            rule = f"at most {self.limits.properties} are read"
            self.told(f"{path}.properties", f"{len(properties)} members", rule)
        # nearly all properties are plain; only what is not is walked again to be named
        if not _plain(properties, self.limits):
            self.value(properties, f"{path}.properties")

    def value(self, top: Any, path: str, *, longest: int | None = None) -> None:
        """Check depth, number and text lengths of loose JSON, without recursion."""
        waiting = [(path, _members(top))]
        count = 0
        while waiting:
            where, members = waiting[-1]
            name, value = next(members, (None, None))
            if name is None:
                waiting.pop()
                continue
            count += 1
            if count > self.limits.values:
                self.told(path, "too many values", f"at most {self.limits.values:,} are read")
                return
            if "\0" in name:
                self.fault(where, name, "a name has no NUL characters")
            if isinstance(value, str):
                self.text(value, f"{where}{name}", longest or self.limits.text)
            elif isinstance(value, (dict, list)):
                if len(waiting) >= self.limits.depth:
                    rule = f"at most {self.limits.depth} levels"
                    self.told(where[:120], "nested too deeply", rule)
                    return
                waiting.append((f"{where}{name}", _members(value)))

    def text(self, value: str, path: str, longest: int) -> None:
        if len(value) > longest:
            rule = f"at most {longest:,} characters are kept"
            self.told(path, f"{len(value):,} characters", rule)
        if "\0" in value:
            self.fault(path, value, "text has no NUL characters")

    def geometry(self, value: Any, path: str) -> None:
        if not isinstance(value, dict):
            self.fault(path, value, "must be a geometry object")
            return
        self.members(value, "geometry", path)
        kind = value.get("type")
        if kind == "GeometryCollection":
            parts = value.get("geometries")
            if not isinstance(parts, list):
                self.fault(f"{path}.geometries", parts, "must be a list of geometries")
                return
            if len(parts) > self.limits.vertices:
                rule = f"at most {self.limits.vertices:,} are read"
                self.told(f"{path}.geometries", f"{len(parts):,} geometries", rule)
                return
            for i, part in enumerate(parts):
                where = f"{path}.geometries[{i}]"
                if isinstance(part, dict) and part.get("type") == "GeometryCollection":
                    self.told(where, "GeometryCollection", "collections do not nest (3.1.8)")
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
            self.told(where, "missing", "must be there")
            return
        spots = _positions(value["coordinates"], _DEPTHS[kind], where)
        for count, (position, spot) in enumerate(spots, start=1):
            if count > self.limits.vertices:
                rule = f"at most {self.limits.vertices:,} positions are read"
                self.told(where, "too many positions", rule)
                return
            self.position(position, spot)
        if len(self.problems) == before:
            self.shape(value, kind, where)

    def position(self, position: Any, path: str) -> None:
        if not isinstance(position, list) or len(position) not in (2, 3):
            self.fault(path, position, "a position is [longitude, latitude] or with height")
            return
        if not all(map(_is_number, position)):
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
                self.told(path, f"{len(ring)} positions", "a ring has four or more positions")
                return
            if ring[0] != ring[-1]:
                self.fault(path, ring[-1], "a ring ends where it began")
                return
            flat = [(position[0], position[1]) for position in ring]
            if len(set(flat)) < _CORNERS:
                self.fault(path, flat[0], "a ring has three or more different corners")
                return
            if shapely.LinearRing(flat).is_ccw == bool(i):
                # 3.1.6: a parser should not refuse the other winding; we turn it round
                ring.reverse()
                self.flagged["rewound"] += 1
        if rings:
            outer, *holes = ([(p[0], p[1]) for p in ring] for ring in rings)
            shape = shapely.Polygon(outer, holes)
            if not shape.is_valid:
                self.told(path, shapely.is_valid_reason(shape), "a polygon must not cross itself")


def _positions(value: Any, depth: int, path: str) -> Iterator[tuple[Any, str]]:
    if depth == 0:
        yield value, path
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from _positions(part, depth - 1, f"{path}[{i}]")
    else:
        yield value, path


def _plain(top: dict[str, Any], limits: Limits) -> bool:
    """Whether loose JSON keeps all limits; what `value` says of it in words."""
    waiting: list[tuple[Any, int]] = [(top, 1)]
    count = 0
    while waiting:
        holder, level = waiting.pop()
        count += len(holder)
        if type(holder) is dict and "\0" in "".join(holder):
            return False
        parts = holder.values() if type(holder) is dict else holder
        if _is_short_text(parts, limits):
            continue
        for part in parts:
            if type(part) is str:
                if len(part) > limits.text or "\0" in part:
                    return False
            elif type(part) in (dict, list):
                if level >= limits.depth:
                    return False
                waiting.append((part, level + 1))
    return count <= limits.values


def _is_short_text(parts: Iterable[Any], limits: Limits) -> bool:
    """Whether all is text that surely fits, as most native codes are: looked at in one go."""
    try:
        text = "".join(parts)
    except TypeError:
        return False
    return len(text) <= limits.text and "\0" not in text


def _members(value: Any) -> Iterator[tuple[str, Any]]:
    """Go through the members of an object or list, named as a path names them."""
    if isinstance(value, dict):
        # the start of a long name is enough to find it
        return ((f".{key[:40]}", part) for key, part in value.items())
    return ((f"[{i}]", part) for i, part in enumerate(value))


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]
