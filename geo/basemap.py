"""What does the base map pack hold? Reads the files of `data/basemap`, which never change."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any, Literal

import shapely

from geo.area import BBox
from geo.errors import ReferenceDataError
from geo.settings import DATA

PACK = DATA / "basemap"
LayerName = Literal[
    "countries",
    "countries_overview",
    "boundaries",
    "boundaries_overview",
    "admin1",
    "admin1_lines",
    "lakes",
    "rivers",
    "towns",
]
CREDIT = "Natural Earth (public domain); towns: GeoNames (CC BY 4.0)"


@lru_cache(maxsize=16)
def load(name: LayerName) -> Any:
    """Read a layer of the pack as a GeoDataFrame in WGS 84; callers must not change it."""
    import geopandas as gpd  # noqa: PLC0415 costs half a second, and most commands draw nothing

    path = PACK / f"{name}.parquet"
    try:
        frame = gpd.read_parquet(path)
    except (OSError, ValueError) as error:
        msg = f"base map layer {name!r} cannot be read: {error}"
        raise ReferenceDataError(msg) from error
    # built once here, so that threads only ever read it
    _ = frame.sindex
    return frame


def within(name: LayerName, box: BBox) -> Any:
    """Rows of a layer that touch a box, the 180th meridian minded."""
    frame = load(name)
    found: set[int] = set()
    for west, east in box.spans():
        # by shape: the bounding box of a country on the 180th meridian is the whole world
        area = shapely.box(west, box.south, east, box.north)
        found.update(frame.sindex.query(area, predicate="intersects").tolist())
    return frame.iloc[sorted(found)]


@lru_cache(maxsize=1)
def version() -> str:
    """Name the pack and the boundary policy by their content, 12 characters."""
    digest = hashlib.sha256((PACK / "MANIFEST.json").read_bytes())
    digest.update((DATA / "boundaries.json").read_bytes())
    return digest.hexdigest()[:12]
