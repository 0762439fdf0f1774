"""Which frame shows these places well: not cut off, not shrunk by one far outlier?"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from geo.area import BBox, reach_km
from geo.basemap import load
from geo.filters import Match
from geo.incident import Incident

WORLD = BBox(-180.0, -60.0, 180.0, 78.0)
_KM_A_DEGREE = 111.2
_LEAST_DEGREES = 1.2
_MARGIN = 0.1
# beyond this many places the outermost half percent on each side may fall outside
_MANY = 200


def frame_for(matches: Sequence[Match]) -> BBox:
    """Choose a frame for matched incidents; the world where none has a place.

    The narrowest band of longitudes is taken, across the 180th meridian where that is it.
    """
    spots = [spot for match in matches for spot in _spots(match.incident)]
    if not spots:
        codes = {code for match in matches for code in match.incident.countries}
        spots = _countries(codes)
    if not spots:
        return WORLD
    lon, lat, reach = (np.asarray(column) for column in zip(*spots, strict=True))
    south, north = _trimmed(lat - reach, lat + reach)
    start = _band_start(lon)
    turned = (lon - start) % 360
    wide = reach / np.maximum(np.cos(np.radians(lat)), 0.05)
    west, east = _trimmed(turned - wide, turned + wide)
    south, north = _padded(south, north)
    west, east = _padded(west, east)
    if east - west >= 350:
        west, east = -180.0 - start, 180.0 - start
    return BBox(
        _wrapped(west + start),
        max(round(south, 4), -89.0),
        _wrapped(east + start),
        min(round(north, 4), 89.0),
    )


def _spots(incident: Incident) -> list[tuple[float, float, float]]:
    """Longitude, latitude and reach in degrees of latitude of each position."""
    found = []
    if incident.point is not None and incident.precision not in ("country", "none"):
        point = incident.point
        found.append((point.lon, point.lat, min(reach_km(incident), 150.0) / _KM_A_DEGREE))
    found += [(s.point.lon, s.point.lat, 0.0) for s in incident.sites if s.point]
    return found


def _countries(codes: set[str]) -> list[tuple[float, float, float]]:
    frame = load("countries_overview")
    rows = frame[frame["iso3"].isin(codes)]
    return [
        (float(lon), float(lat), 3.0) for lon, lat in zip(rows["lon"], rows["lat"], strict=True)
    ]


def _trimmed(low: np.ndarray, high: np.ndarray) -> tuple[float, float]:
    if len(low) <= _MANY:
        return float(low.min()), float(high.max())
    return float(np.quantile(low, 0.005)), float(np.quantile(high, 0.995))


def _band_start(lon: np.ndarray) -> float:
    """West edge of the narrowest band that holds all longitudes: east of the widest gap."""
    ordered = np.unique(lon % 360)
    gaps = np.diff(ordered, append=ordered[0] + 360)
    edge = float(ordered[(int(np.argmax(gaps)) + 1) % len(ordered)])
    # keep room for reach and margin west of the first place
    return edge - 20.0


def _padded(low: float, high: float) -> tuple[float, float]:
    margin = max((high - low) * _MARGIN, (_LEAST_DEGREES - (high - low)) / 2)
    return low - margin, high + margin


def _wrapped(lon: float) -> float:
    if math.isclose(lon, 180.0) or math.isclose(lon, -180.0):
        return math.copysign(180.0, lon)
    return round((lon + 180) % 360 - 180, 4)
