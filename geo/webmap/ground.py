"""What lies under this view: land, water, lines and the names that may be printed?

Answers a bounding box and a zoom level with JSON in degrees, clipped and simplified to what a
screen can show. Views beyond the 180th meridian are answered in their own longitudes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import shapely

from geo.area import BBox
from geo.basemap import LayerName, within
from geo.boundaries import TOLERANCE_KM, line_classes, lines, may_name_state
from geo.boundaries import notes as notes_in
from geo.webmap.marks import rings

_OVERVIEW_ZOOM = 5
_UNIT_ZOOM, _RIVER_ZOOM = 5, 4
_MOST_TOWNS = 140
_LEAST_POPULATION = {5: 1_000_000, 6: 400_000, 7: 120_000, 8: 50_000, 9: 20_000}
_TOLERANCE = f"Lines and towns are right to about {TOLERANCE_KM:g} km."


@lru_cache(maxsize=64)
def ground(west: float, south: float, east: float, north: float, zoom: int) -> bytes:
    """Write the base map of a view as JSON; longitudes may exceed ±180."""
    tolerance = 360 / (256 * 2**zoom) * 0.7
    land: list[list[float]] = []
    answer: dict[str, Any] = {"rivers": [], "lakes": [], "units": [], "lines": {}}
    names: dict[str, list[list[Any]]] = {"countries": [], "lines": [], "towns": [], "units": []}
    for box, shift in _worlds(west, south, east, north):
        painter = _Painter(box, shift, tolerance, zoom)
        land += painter.land()
        if zoom >= _RIVER_ZOOM:
            answer["rivers"] += painter.parts("rivers")
        answer["lakes"] += painter.parts("lakes")
        if zoom >= _UNIT_ZOOM:
            answer["units"] += painter.parts("admin1_lines")
        painter.lines(answer["lines"], names["lines"])
        names["countries"] += painter.countries()
        names["towns"] += painter.towns()
        names["units"] += painter.units()
    classes = {c.id: {"dash": c.dash, "width": c.width} for c in line_classes().values()}
    return _dump(
        answer
        | {"zoom": zoom, "land": land, "classes": classes, "names": names, "tolerance": _TOLERANCE}
    )


@lru_cache(maxsize=128)
def notes(west: float, south: float, east: float, north: float) -> bytes:
    """Write the sentences that must accompany a view."""
    found = {
        note.id: {"name": note.name, "text": note.text}
        for box, _ in _worlds(west, south, east, north)
        for note in notes_in(box)
    }
    return _dump(list(found.values()))


class _Painter:
    """One frame of the pack at one zoom, moved to the longitudes of the view."""

    def __init__(self, box: BBox, shift: float, tolerance: float, zoom: int) -> None:
        self._box, self._shift, self._tolerance, self._zoom = box, shift, tolerance, zoom
        self._overview = zoom <= _OVERVIEW_ZOOM
        self._digits = 2 if zoom < _OVERVIEW_ZOOM else 4

    def land(self) -> list[list[float]]:
        # one ring direction for all, so that neighbours filled together leave no gap
        name: LayerName = "countries_overview" if self._overview else "countries"
        return self._flat(shapely.orient_polygons(within(name, self._box).geometry.values))

    def parts(self, name: LayerName) -> list[list[float]]:
        frame = within(name, self._box)
        if "rank" in frame:
            frame = frame[frame["rank"] <= self._zoom]
        return self._flat(frame.geometry.values)

    def lines(self, found: dict[str, list[list[float]]], labels: list[list[Any]]) -> None:
        frame = lines(self._box, overview=self._overview)
        for line_class, part in frame.groupby("line_class"):
            found.setdefault(str(line_class), []).extend(self._flat(part.geometry.values))
        named = frame[frame["label"] != ""]
        for text, part in named.groupby("label"):
            label = self._label(str(text), part.geometry.values)
            if label:
                labels.append(label)

    def countries(self) -> list[list[Any]]:
        frame = within("countries_overview", self._box)
        # where two names would collide, the browser keeps the first
        west, south, east, north = shapely.bounds(frame.geometry.values).T
        frame = frame.assign(size=-(east - west) * (north - south)).sort_values(["rank", "size"])
        rows = zip(frame["name"], frame["code"], frame["rank"], frame["lon"], frame["lat"])  # noqa: B905
        return [
            [name, lon + self._shift, lat]
            for name, code, rank, lon, lat in rows
            if rank <= self._zoom + 1 and may_name_state(lon, lat, code)
        ]

    def towns(self) -> list[list[Any]]:
        frame = within("towns", self._box)
        least = _LEAST_POPULATION.get(self._zoom, 0 if self._zoom > 5 else 10**9)
        seats = 1 if self._zoom > 5 else 0
        kept = frame[(frame["class"] <= seats) | (frame["population"] >= least)]
        if self._zoom < 4:
            kept = kept[:0]
        kept = kept.sort_values(["class", "population"], ascending=[True, False])[:_MOST_TOWNS]
        spots = shapely.get_coordinates(kept.geometry.values).round(4)
        rows = zip(kept["name"], spots.tolist(), kept["class"], strict=True)
        return [[name, x + self._shift, y, int(kind)] for name, (x, y), kind in rows]

    def units(self) -> list[list[Any]]:
        if self._zoom < 6:
            return []
        frame = within("admin1", self._box)
        rows = zip(frame["name"], frame["lon"], frame["lat"], strict=True)
        return [[name, lon + self._shift, lat] for name, lon, lat in rows if name]

    def _flat(self, shapes: Any) -> list[list[float]]:
        box = self._box
        clipped = shapely.clip_by_rect(shapes, box.west, box.south, box.east, box.north)
        simple = shapely.simplify(shapely.get_parts(clipped), self._tolerance)
        # islands and ponds smaller than a pixel are left out
        bounds = shapely.bounds(simple)
        size = np.fmax(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
        kept = simple[size > self._tolerance]
        if self._shift:
            kept = shapely.transform(kept, lambda xy: np.add(xy, (self._shift, 0.0)))
        return [ring for shape in kept for ring in rings(shape, digits=self._digits)]

    def _label(self, text: str, shapes: Any) -> list[Any] | None:
        """Place and slope of a line's name, on its longest part in view."""
        box = self._box
        clipped = shapely.clip_by_rect(shapes, box.west, box.south, box.east, box.north)
        parts = [p for p in shapely.get_parts(clipped) if p.geom_type == "LineString"]
        if not parts:
            return None
        merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(parts)))
        line = max(merged, key=lambda part: part.length)
        if line.length < self._tolerance * 160:
            return None
        a, middle, b = (line.interpolate(at, normalized=True) for at in (0.44, 0.5, 0.56))
        rise = _mercator(b.y) - _mercator(a.y)
        angle = -math.atan2(rise, math.radians(b.x - a.x))
        if abs(angle) > math.pi / 2:
            angle -= math.copysign(math.pi, angle)
        return [text, round(middle.x + self._shift, 4), round(middle.y, 4), round(angle, 3)]


def _worlds(west: float, south: float, east: float, north: float) -> Iterator[tuple[BBox, float]]:
    """Split a view that leaves ±180 into boxes inside it, each with its shift in degrees."""
    for shift in (-360.0, 0.0, 360.0):
        left, right = max(west - shift, -180.0), min(east - shift, 180.0)
        if left < right and south < north:
            yield BBox(left, max(south, -90.0), right, min(north, 90.0)), shift


def _mercator(lat: float) -> float:
    return math.asinh(math.tan(math.radians(lat)))


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
