"""Where on the page does a place lie?

Lambert's equal-area projection centred on the frame, on the pole for polar frames; Albers' for
wide bands of middle latitude; for frames wider than a hemisphere shows well, Equal Earth. Areas
are true in all. The plane's unit is the point (1/72 inch) of the page,
and discs are geodesic, so that 5 km are 5 km at every latitude.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import shapely
from pyproj import Geod, Transformer

from geo.area import BBox
from geo.incident import Point

Points = Any
_WGS84 = Geod(ellps="WGS84")
# wider than this: the world; than this: a band; poleward of these: polar; between: Albers
_WIDE_DEGREES, _BAND_DEGREES = 150.0, 50.0
_POLE, _POLAR = 85.0, 50.0
_LOW, _HIGH = 20.0, 62.0
_STEPS = 41
_DISC_STEPS = 72
_METRES_PER_POINT_ON_PAPER = 0.0254 / 72


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of the page, in points from its lower left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.y + self.height

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north on the page."""
        return self.x, self.y, self.right, self.top

    def shrunk(self, by: float) -> Rect:
        """Leave out a margin."""
        return Rect(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)


Kind = Literal["laea", "polar", "albers", "equal_earth"]


def _kind(frame: BBox, span: float) -> Kind:
    """Choose a projection by the extent."""
    tall = frame.north - frame.south
    nearest = max(frame.south, -frame.north)
    pole = max(frame.north, -frame.south) >= _POLE
    if nearest >= _POLAR and (pole or span > _WIDE_DEGREES / 2):
        return "polar"
    if span > _WIDE_DEGREES:
        return "equal_earth"
    middle = abs(frame.north + frame.south) / 2
    banded = span > _BAND_DEGREES and span > 2 * tall and nearest > 0
    return "albers" if banded and _LOW < middle < _HIGH else "laea"


def _definition(kind: Kind, frame: BBox) -> str:
    middle, sixth = (frame.south + frame.north) / 2, (frame.north - frame.south) / 6
    if kind == "equal_earth":
        return "eqearth"
    if kind == "polar":
        return f"laea +lat_0={90 if middle > 0 else -90}"
    if kind == "albers":
        return (
            f"aea +lat_0={middle:.6f} +lat_1={frame.south + sixth:.6f} "
            f"+lat_2={frame.north - sixth:.6f}"
        )
    return f"laea +lat_0={middle:.6f}"


@lru_cache(maxsize=16)
def _transformer(definition: str) -> Transformer:
    return Transformer.from_crs("EPSG:4326", definition, always_xy=True)


class Plane:
    """The mapping from degrees to points of the page, fixed for one picture."""

    def __init__(self, frame: BBox, rect: Rect) -> None:
        self.rect = rect
        span = (frame.east - frame.west) % 360 or (360.0 if frame.east != frame.west else 0.0)
        self.lon0 = _wrapped(frame.west + span / 2)
        self.kind = _kind(frame, span)
        wide = self.kind == "equal_earth"
        kind = _definition(self.kind, frame)
        self._forward = _transformer(f"+proj={kind} +lon_0={self.lon0:.6f} +datum=WGS84 +type=crs")
        edge = _edge(frame.west, frame.south, frame.west + span, frame.north)
        x, y = self._forward.transform(edge[:, 0], edge[:, 1])
        west, east = float(x.min()), float(x.max())
        south, north = float(y.min()), float(y.max())
        self.scale: float = min(
            rect.width / max(east - west, 1.0),
            rect.height / max(north - south, 1.0),
        )
        self._east0 = (west + east) / 2 - rect.width / 2 / self.scale
        self._north0 = (south + north) / 2 - rect.height / 2 / self.scale
        self.outline = shapely.Polygon(self.project(edge))
        self.extent = self._extent(wide=wide)

    @property
    def origin(self) -> tuple[float, float]:
        """Where on the page the projection's own zero lies."""
        return (
            self.rect.x - self._east0 * self.scale,
            self.rect.y - self._north0 * self.scale,
        )

    @property
    def km_wide(self) -> float:
        """Width of the drawn map on the ground."""
        return self.rect.width / self.scale / 1000

    @property
    def ratio(self) -> float:
        """The number n of a scale 1:n, at the centre and at printed size."""
        return 1 / self.scale / _METRES_PER_POINT_ON_PAPER

    def project(self, lonlat: Points) -> Points:
        """Project an array of degrees, two columns, to points of the page."""
        x, y = self._forward.transform(lonlat[:, 0], lonlat[:, 1])
        return np.column_stack(
            [
                self.rect.x + (x - self._east0) * self.scale,
                self.rect.y + (y - self._north0) * self.scale,
            ]
        )

    def spot(self, point: Point) -> tuple[float, float]:
        """Project one position."""
        x, y = self.project(np.array([[point.lon, point.lat]]))[0]
        return float(x), float(y)

    def spots(self, points: Sequence[Point]) -> list[tuple[float, float]]:
        """Project many positions."""
        if not points:
            return []
        lonlat = np.array([(point.lon, point.lat) for point in points])
        return [(x, y) for x, y in self.project(lonlat).tolist()]

    def ground(self, xy: Points) -> Points:
        """Undo `project`: degrees of points on the page."""
        x = (np.asarray(xy)[:, 0] - self.rect.x) / self.scale + self._east0
        y = (np.asarray(xy)[:, 1] - self.rect.y) / self.scale + self._north0
        lon, lat = self._forward.transform(x, y, direction="INVERSE")
        return np.column_stack([lon, lat])

    def disc(self, point: Point, radius_km: float) -> Any:
        """All places within a distance, as a polygon on the page."""
        count = _DISC_STEPS
        bearings = np.linspace(0, 360, count, endpoint=False)
        lon, lat, _ = _WGS84.fwd(
            np.full(count, point.lon),
            np.full(count, point.lat),
            bearings,
            np.full(count, radius_km * 1000),
        )
        return shapely.Polygon(self.project(np.column_stack([lon, lat])))

    def shapes(self, geometries: Sequence[Any]) -> list[Any]:
        """Clip to the extent, project and thin out; answers one by one, empty ones included."""
        whole = np.asarray(geometries, dtype=object)
        if not len(whole):
            return []
        parts = []
        step = max((self.extent.north - self.extent.south) / 60, 0.02)
        for west, east in self.extent.spans():
            cut = shapely.clip_by_rect(whole, west, self.extent.south, east, self.extent.north)
            parts.append(shapely.transform(shapely.segmentize(cut, step), self.project))
        flat = [_together(pieces) for pieces in zip(*parts, strict=True)]
        return list(shapely.simplify(np.asarray(flat, dtype=object), 0.15))

    def turn(self, x: float, y: float) -> float:
        """Direction of north at a spot of the page, degrees clockwise from up."""
        lon, lat = self.ground([[x, y]])[0]
        north = self.project(np.array([[lon, min(lat + 0.05, 90.0)]]))[0]
        return math.degrees(math.atan2(north[0] - x, north[1] - y))

    def _extent(self, *, wide: bool) -> BBox:
        """Degrees that the rectangle covers, a little more than less."""
        grid_x, grid_y = np.meshgrid(
            np.linspace(self.rect.x, self.rect.right, _STEPS),
            np.linspace(self.rect.y, self.rect.top, _STEPS),
        )
        ground = self.ground(np.column_stack([grid_x.ravel(), grid_y.ravel()]))
        ground = ground[np.isfinite(ground).all(axis=1)]
        south, north = float(ground[:, 1].min()), float(ground[:, 1].max())
        # half a turn on each side, a hair less so that the edges stay two
        if wide:
            return BBox(_wrapped(self.lon0 - 179.999), south, _wrapped(self.lon0 + 179.999), north)
        for pole in (90.0, -90.0):
            x, y = self.project(np.array([[self.lon0, pole]]))[0]
            if self.rect.x <= x <= self.rect.right and self.rect.y <= y <= self.rect.top:
                edge = (south, 90.0) if pole > 0 else (-90.0, north)
                return BBox(-180.0, edge[0], 180.0, edge[1])
        turned = (ground[:, 0] - self.lon0 + 180) % 360 - 180
        west, east = float(turned.min()), float(turned.max())
        return BBox(_wrapped(self.lon0 + west), south, _wrapped(self.lon0 + east), north)


def _edge(west: float, south: float, east: float, north: float) -> Points:
    """Walk the outline of a box in many steps, as degrees."""
    lon, lat = np.linspace(west, east, _STEPS), np.linspace(south, north, _STEPS)
    return np.vstack(
        [
            np.column_stack([lon, np.full(_STEPS, south)]),
            np.column_stack([np.full(_STEPS, east), lat]),
            np.column_stack([lon[::-1], np.full(_STEPS, north)]),
            np.column_stack([np.full(_STEPS, west), lat[::-1]]),
        ]
    )


def _together(pieces: tuple[Any, ...]) -> Any:
    kept = [piece for piece in pieces if not piece.is_empty]
    if len(kept) == 1:
        return kept[0]
    return shapely.GeometryCollection([part for piece in kept for part in shapely.get_parts(piece)])


def _wrapped(lon: float) -> float:
    return lon if -180 <= lon <= 180 else (lon + 180) % 360 - 180
