"""Which frame suits a picture: the main body of the incidents, not a few far ones?

A meeting in a far capital must not shrink the fighting to a dot. What stays outside is counted
and named in the picture.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pyproj import Geod

from geo.area import BBox
from geo.filters import Match
from geo.frame import frame_for as frame_of_all
from geo.incident import Incident, Point

_WGS84 = Geod(ellps="WGS84")
# left out: at most this share, and only farther than this many times the upper quartile
_FAR_SHARE = 0.25
_FAR_TIMES = 2.5
_FAR_LEAST_KM = 300.0
_FEW = 4
# of more than these, the outermost half percent is left out by `geo.frame` already
_MANY = 60


def frame_for(matches: Sequence[Match]) -> BBox:
    """Choose a frame for a picture of matched incidents; the world where none has a place."""
    placed = [(match, spot) for match in matches if (spot := _spot(match.incident))]
    if not _FEW <= len(placed) <= _MANY:
        return frame_of_all(matches)
    lon = np.array([spot.lon for _, spot in placed])
    lat = np.array([spot.lat for _, spot in placed])
    centre = _median(lon, lat)
    count = len(placed)
    far = _WGS84.inv(np.full(count, centre.lon), np.full(count, centre.lat), lon, lat)[2] / 1000
    limit = max(float(np.quantile(far, 0.75)) * _FAR_TIMES, _FAR_LEAST_KM)
    kept = [match for (match, _), km in zip(placed, far, strict=True) if km <= limit]
    if count - len(kept) > _FAR_SHARE * count:
        return frame_of_all(matches)
    return frame_of_all(kept)


def _spot(incident: Incident) -> Point | None:
    if incident.point is not None:
        return incident.point
    return next((site.point for site in incident.sites if site.point), None)


def _median(lon: np.ndarray, lat: np.ndarray) -> Point:
    """Middle of the places, with longitudes counted from the widest gap between them."""
    ordered = np.sort(lon % 360)
    gaps = np.diff(ordered, append=ordered[0] + 360)
    start = float(ordered[(int(np.argmax(gaps)) + 1) % len(ordered)])
    middle = float(np.median((lon - start) % 360)) + start
    return Point((middle + 180) % 360 - 180, float(np.median(lat)))
