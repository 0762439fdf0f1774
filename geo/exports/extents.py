"""Which ground does an incident stand for: a spot, a disc, a province, or none that can be drawn?

A centroid is never given out as a place: what is known to a district or a province is the disc
or the unit, as in the picture and on the map.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import shapely
from pyproj import Geod

from geo.area import reach_km
from geo.boundaries import Unit, admin1
from geo.incident import Incident, Point

Shown = Literal["point", "disc", "unit", "none"]
_WGS84 = Geod(ellps="WGS84")
_STEPS = 64
# degrees, some 5 km, which is how far off boundaries may be: a unit says no more than its name
_UNIT_TOLERANCE = 0.05
_HALF_TURN = 180.0


@dataclass(frozen=True, slots=True)
class Ground:
    """What is drawn for an incident, in WGS 84; `spot` only where the place itself is known."""

    shown: Shown
    spot: Point | None = None
    extent: Any = None


def ground_of(incident: Incident) -> Ground:
    """Give the ground of an incident, no more exactly than it is known."""
    point, precision = incident.point, incident.precision
    if precision in ("country", "none"):
        return Ground("none")
    if precision == "exact" and point is not None:
        return Ground("point", spot=point)
    unit = _unit(incident)
    if unit is not None:
        return Ground("unit", extent=_outline(unit))
    if point is None:
        return Ground("none")
    spot = point if precision == "near" else None
    return Ground("disc", spot=spot, extent=disc(point, reach_km(incident)))


def ring(centre: Point, radius_km: float) -> list[tuple[float, float]]:
    """Corners of a circle of a true ground radius, counter-clockwise and closed."""
    turns = [360 - 360 * k / _STEPS for k in range(_STEPS)]
    lons, lats, _ = _WGS84.fwd(
        [centre.lon] * _STEPS, [centre.lat] * _STEPS, turns, [radius_km * 1000] * _STEPS
    )
    corners = [(float(lon), float(lat)) for lon, lat in zip(lons, lats, strict=True)]
    return [*corners, corners[0]]


def disc(centre: Point, radius_km: float) -> Any:
    """Area of a circle, in two parts where it crosses the 180th meridian."""
    corners = np.round(np.array(ring(centre, radius_km)), 6)
    apart = np.unwrap(corners[:, 0], period=360)
    if abs(apart[-1] - apart[0]) > _HALF_TURN:
        # around a pole: the cap down to its lowest parallel
        edge = float(corners[:, 1].min() if centre.lat > 0 else corners[:, 1].max())
        low, high = sorted((edge, 90.0 if centre.lat > 0 else -90.0))
        return shapely.box(-180, low, 180, high)
    whole = shapely.Polygon(np.column_stack((apart, corners[:, 1])))
    west, _, east, _ = whole.bounds
    if west >= -_HALF_TURN and east <= _HALF_TURN:
        return whole
    parts = []
    for turn in (-360.0, 0.0, 360.0):
        cut = shapely.box(-180 - turn, -90, 180 - turn, 90).intersection(whole)
        if not cut.is_empty:
            shift = np.array((turn, 0.0))
            parts.append(shapely.transform(cut, lambda xy, by=shift: xy + by))
    return shapely.MultiPolygon([p for p in parts if p.geom_type == "Polygon"])


@lru_cache(maxsize=1024)
def rings(extent: Any) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Rings of an area as digits: of each part its edge, then its holes, closed."""
    return tuple(
        tuple((_digits(lon), _digits(lat)) for lon, lat in line.coords)
        for part in shapely.get_parts(extent)
        for line in (part.exterior, *part.interiors)
    )


def _digits(degrees: float) -> str:
    return f"{degrees:.6f}".rstrip("0").rstrip(".")


def _unit(incident: Incident) -> Unit | None:
    """Province that stands for what is known only to there, or to less without a point."""
    if not incident.admin1 or incident.precision not in ("province", "district", "area"):
        return None
    if incident.precision != "province" and incident.point is not None:
        return None
    found = (admin1(incident.admin1, code) for code in incident.countries)
    return next((unit for unit in found if unit is not None), None)


@lru_cache(maxsize=1024)
def _simple(code: str, country: str, shape: Any) -> Any:  # noqa: ARG001 names the entry
    simple = shapely.simplify(shape, _UNIT_TOLERANCE)
    return shapely.set_precision(simple if simple.is_valid else shape, 1e-4)


def _outline(unit: Unit) -> Any:
    return _simple(unit.code, unit.country, unit.shape)
