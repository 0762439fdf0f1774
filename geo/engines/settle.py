"""Which rows lie in an area, where arithmetic alone cannot say?

An engine is asked for the different places that lie between the bounds; `geo.area` says where
each of them lies, exactly as for an incident in memory; its answer goes back to the engine as a
table that is joined. So no answer is an estimate, and what travels are places, not rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from geo.area import Area, BBox, Polygon, lies
from geo.around import Around
from geo.engines.bounds import bounds, touching
from geo.engines.layout import read_sites
from geo.errors import EngineError
from geo.incident import Point

REACHED, SITES_SHOWN = "reached", "sites_shown"
# a minute or so of geodesics; beyond it a smaller area, or a copy on one machine, is quicker
MOST_PLACES = 1_000_000
_Places: TypeAlias = Iterable[tuple[float, float, float]]
_PLACE = ("lon", "lat", "reach_km")


def with_area(rows: Any, area: Area, matters: Any, *, most: int = MOST_PLACES) -> Any:
    """Add the column `REACHED`: whether a row lies in an area, or may.

    Parameters
    ----------
    rows, area
        Which rows, and where.
    matters
        Of which rows the answer changes anything; of others it may be wrong.
    most
        Different places that are measured one by one, at most.

    Raises
    ------
    EngineError
        When too many different places would have to be measured.
    """
    verdict = bounds(rows.lon, rows.lat, rows.reach_km, area)
    between = rows.filter(matters & verdict.perhaps & ~verdict.surely)
    places = _fetched(between.select(*_PLACE).distinct(), "places at the edge of the area", most)
    lon, lat, reach = (places[name].to_numpy() for name in _PLACE)
    hit = places.filter(pa.array(_reaching(lon, lat, reach, area)))

    def reaches(held: _Places) -> bool:
        return any(lies(Point(x, y), r, area) != "outside" for x, y, r in held)

    sites = _sites(rows.filter(matters), reaches, most)
    rows = rows.mutate(surely_=verdict.surely.fill_null(False))  # noqa: FBT003 its own signature
    rows = _joined(rows, hit, _PLACE, "edge_")
    rows = _joined(rows, sites, ("sites",), "site_")
    found = rows.mutate(**{REACHED: rows.surely_ | rows.edge_ | rows.site_})
    return found.drop("surely_", "edge_", "site_")


def with_sites_shown(rows: Any, frame: BBox, *, most: int = MOST_PLACES) -> Any:
    """Add the column `SITES_SHOWN`: whether any further place of a row lies in a frame."""
    sites = _sites(
        rows,
        lambda held: any(frame.contains(Point(lon, lat)) for lon, lat, _ in held),
        most,
    )
    return _joined(rows, sites, ("sites",), SITES_SHOWN)


def _sites(rows: Any, holds: Callable[[_Places], bool], most: int) -> pa.Table:
    """Those of the different sets of sites of which something holds."""
    different = rows.filter(rows.sites.notnull()).select("sites").distinct()
    found = _fetched(different, "sets of sites", most)
    hit = [holds(read_sites(text)) for text in found["sites"].to_pylist()]
    return found.filter(pa.array(hit, pa.bool_()))


def _fetched(rows: Any, what: str, most: int) -> pa.Table:
    found = rows.limit(most + 1).to_pyarrow()
    if found.num_rows > most:
        msg = (
            f"area has more than {most:,} {what} that must be measured one by one: "
            "ask for a smaller one, or ask without it"
        )
        raise EngineError(msg)
    return found


def _joined(rows: Any, hit: pa.Table, keys: tuple[str, ...], name: str) -> Any:
    """Mark the rows whose keys are among those found."""
    if not hit.num_rows:
        return rows.mutate(**{name: ibis.literal(value=False)})
    renamed = {f"{key}_": hit[key] for key in keys}
    held = ibis.memtable(pa.table(renamed).cast(_kinds(hit, keys)))
    both = rows.left_join(held, [rows[key] == held[f"{key}_"] for key in keys])
    marked = both.mutate(**{name: both[f"{keys[0]}_"].notnull()})
    return marked.drop(*renamed)


def _kinds(hit: pa.Table, keys: tuple[str, ...]) -> pa.Schema:
    return pa.schema([(f"{key}_", hit.schema.field(key).type) for key in keys])


def _reaching(
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
    reach: npt.NDArray[np.float64],
    area: Area,
) -> npt.NDArray[np.bool_]:
    """Which places lie in an area, or may."""
    hit, maybe = np.zeros((2, len(lon)), dtype=np.bool_)
    maybe[:] = True
    if isinstance(area, (Polygon, Around)):
        # most are plainly within: the same question as `lies` asks first, asked of all at once
        shape = area.shape if isinstance(area, Around) else shapely.Polygon(area.ring)
        shapely.prepare(shape)
        hit = np.asarray(shapely.covers(shape, shapely.points(lon, lat)), dtype=np.bool_)
        if isinstance(area, Polygon):
            maybe = touching(lon, lat, reach, shape)
    rest = np.flatnonzero(maybe & ~hit)
    places = zip(lon[rest].tolist(), lat[rest].tolist(), reach[rest].tolist(), strict=True)
    hit[rest] = [lies(Point(x, y), r, area) != "outside" for x, y, r in places]
    return hit
