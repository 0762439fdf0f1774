"""Could a point lie in the country that a row names?

By the boxes of the country's parts, a degree wider: only what is surely elsewhere is doubted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import shapely

from geo.basemap import load

_MARGIN = 1.0
Box = tuple[float, float, float, float]


def may_lie_in(lon: float, lat: float, countries: Iterable[str]) -> bool:
    """Whether a point may lie in one of some countries; a country we cannot draw holds any."""
    for code in countries:
        parts = _boxes().get(code)
        if parts is None:
            return True
        for west, south, east, north in parts:
            if west <= lon <= east and south <= lat <= north:
                return True
    return False


@lru_cache(maxsize=1)
def _boxes() -> Mapping[str, tuple[Box, ...]]:
    """Answer with the boxes of each country's parts, small parts near each other in one."""
    found: dict[str, set[Box]] = {}
    frame = load("countries_overview")
    for code, shape in zip(frame["iso3"], frame.geometry, strict=True):
        for part in shapely.get_parts(shape):
            west, south, east, north = part.bounds
            box = (west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN)
            found.setdefault(str(code), set()).add(box)
    # the largest part first: most points lie there
    return {code: tuple(sorted(boxes, key=_area, reverse=True)) for code, boxes in found.items()}


def _area(box: Box) -> tuple[float, Box]:
    return (box[2] - box[0]) * (box[3] - box[1]), box
