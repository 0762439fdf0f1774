"""Where does a pair of cells point, once it is known how its columns are meant?

What a column as a whole shows (degrees without their point, metres, a lost sign) is decided
before by `checks`; here one pair is read by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.coordinates import Reading, read_angle
from geo.errors import CoordinateError, TableError
from geo.incident import Point

_SIGNS = {
    "": (),
    "as_written": (),
    "swapped": ("swapped",),
    "south": ("south",),
    "west": ("west",),
    "south_west": ("south", "west"),
}
AXES_CHOICES = tuple(name for name in _SIGNS if name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """How the numbers in two columns are meant.

    `scale` divides degrees that lost their point; `epsg` names the projection of metres.
    """

    swapped: bool = False
    south: bool = False
    west: bool = False
    scale: int = 1
    epsg: int = 0


AS_WRITTEN = Axes()


class OutsideGlobeError(CoordinateError):
    """A latitude or longitude that no place on Earth has."""

    def __init__(self, axis: str, rule: str) -> None:
        self.axis = axis
        super().__init__(rule)


def axes_named(*, axes: str, scale: str, epsg: str) -> Axes:
    """Read what a user says of a pair of columns.

    Raises
    ------
    TableError
        Where a choice means nothing.
    """
    if axes not in _SIGNS:
        msg = f"axes is {axes[:20]!r}: must be one of {' '.join(AXES_CHOICES)}"
        raise TableError(msg)
    if scale and not (scale.isascii() and scale.strip("0") == "1" and 2 <= len(scale) <= 10):
        msg = f"scale is {scale[:20]!r}: must be 10, 100, 1000 and so on"
        raise TableError(msg)
    if epsg and not (epsg.isascii() and epsg.isdigit() and len(epsg) <= 6):
        msg = f"epsg is {epsg[:20]!r}: must be the number of a map projection, such as 32642"
        raise TableError(msg)
    meant = dict.fromkeys(_SIGNS[axes], True)
    made = Axes(**meant, scale=int(scale or 1), epsg=int(epsg or 0))
    if made.epsg:
        _transformer(made.epsg)
    return made


def read_pair(lat: str, lon: str, *, axes: Axes) -> Reading:
    """Read the cells of a latitude and a longitude.

    Raises
    ------
    OutsideGlobeError
        Where the numbers lie on no globe.
    CoordinateError
        Where a cell is no angle.
    """
    if axes.swapped:
        lat, lon = lon, lat
    (y, fine_y), (x, fine_x) = read_angle(lat, axis="lat"), read_angle(lon, axis="lon")
    metres = min(fine_y, fine_x)
    if axes.epsg:
        return _projected(x, y, axes.epsg)
    if axes.scale > 1:
        x, y, metres = x / axes.scale, y / axes.scale, metres / axes.scale
    y = -abs(y) if axes.south else y
    x = -abs(x) if axes.west else x
    if abs(y) > 90:
        hint = "; latitude and longitude may be swapped" if abs(x) <= 90 else ""
        raise OutsideGlobeError("lat", f"must lie between -90 and 90{hint}")
    if abs(x) > 180:
        raise OutsideGlobeError("lon", "must lie between -180 and 180")
    plain = _is_decimal(lat) and _is_decimal(lon)
    return Reading(Point(x, y), metres, "decimal degrees" if plain else "degrees")


def _is_decimal(text: str) -> bool:
    return not text.strip().strip("+-0123456789.,\u2212°")


def _projected(x: float, y: float, epsg: int) -> Reading:
    lon, lat = _transformer(epsg).transform(x, y)
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise OutsideGlobeError("lat", f"must be metres of EPSG:{epsg}")
    return Reading(Point(round(lon, 6), round(lat, 6)), 1.0, f"EPSG:{epsg}")


@lru_cache(maxsize=8)
def _transformer(epsg: int) -> Any:
    try:
        crs = CRS.from_epsg(epsg)
    except CRSError:
        msg = f"epsg is {epsg}: it is the number of no map projection"
        raise TableError(msg) from None
    return Transformer.from_crs(crs, 4326, always_xy=True)
