"""Where do the rows of a layer's columns lie, and what of them does a frame or an area hold?

The same questions as `geo.sight` and `geo.area`, asked once for each different place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geo import bits
from geo.area import Area, BBox, lies
from geo.bits import Flags, Rows, Words
from geo.boundaries import Unit
from geo.columns import asked, column, numbers, read_countries
from geo.incident import ASSUMED_RADIUS_KM, Point
from geo.records import PRECISIONS
from geo.sight import shows_country, shows_unit, unit_at

# words of rows that are looked at in one go
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Sites:
    """Further named places: of which row each is, where, and how far off it may be."""

    row: npt.NDArray[np.int64]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    reach: npt.NDArray[np.float64]
    precision: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Sets of rows by how they are drawn: at an exact place, at another, in a province."""

    exact: Words
    about: Words
    in_unit: Words


class Places:
    """Points, sites, provinces and countries of every row."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self.size: int = table.num_rows

    def reaching(self, area: Area) -> Flags:
        """Rows that lie in an area, or may: any of their places does."""
        there = np.zeros(self.size, dtype=np.bool_)
        pinned = np.flatnonzero(self.pinned)
        lon, lat = numbers(self.table, "lon")[pinned], numbers(self.table, "lat")[pinned]
        there[pinned] = _lie(lon, lat, self.reach[pinned], area)
        sites = self.sites
        there[sites.row[_lie(sites.lon, sites.lat, sites.reach, area)]] = True
        return there

    def seen(self, frame: BBox) -> Flags:
        """Rows of which a frame shows the place, the province or the country."""
        unit = np.array([shows_unit(frame, u) for u in self.units], np.bool_)
        seen: Flags = (self.pinned & (self.unit < 0)) & _in_box(
            numbers(self.table, "lon"), numbers(self.table, "lat"), frame
        )
        in_unit = self.unit >= 0
        seen[in_unit] |= unit[self.unit[in_unit]]
        sites = self.sites
        seen[sites.row[_in_box(sites.lon, sites.lat, frame)]] = True
        adrift = np.flatnonzero(~self.spotted & ~in_unit)
        nations = asked(
            column(self.table, "countries"),
            lambda text: any(shows_country(frame, code) for code in read_countries(text)),
        )
        seen[adrift] = nations[adrift]
        return seen

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Provinces to hatch, by the numbers in `unit`."""
        return self._hatched[0]

    @cached_property
    def unit(self) -> npt.NDArray[np.int32]:
        """For each row the number of the province that stands for it, or -1."""
        return self._hatched[1]

    @cached_property
    def _hatched(self) -> tuple[tuple[Unit, ...], npt.NDArray[np.int32]]:
        admin1, countries = column(self.table, "admin1"), column(self.table, "countries")
        precision = numbers(self.table, "precision").astype(np.int64)
        key = admin1.indices.to_numpy().astype(np.int64) * len(countries.dictionary)
        key += countries.indices.to_numpy()
        key = (key * len(PRECISIONS) + precision) * 2 + self.pinned
        unique, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        names, sets = admin1.dictionary.to_pylist(), countries.dictionary.to_pylist()
        found: dict[Unit, int] = {}
        number = np.full(len(unique), -1, dtype=np.int32)
        for at, row in enumerate(first):
            unit = unit_at(
                names[admin1.indices[row].as_py()],
                read_countries(sets[countries.indices[row].as_py()]),
                PRECISIONS[precision[row]],
                pinned=bool(self.pinned[row]),
            )
            if unit is not None:
                number[at] = found.setdefault(unit, len(found))
        return tuple(found), number[inverse]

    @cached_property
    def pinned(self) -> Flags:
        """Rows that have a point of their own."""
        pinned: Flags = ~np.isnan(numbers(self.table, "lon"))
        return pinned

    @cached_property
    def spotted(self) -> Flags:
        """Rows that have a point, or a site with one."""
        spotted = self.pinned.copy()
        spotted[self.sites.row] = True
        return spotted

    @cached_property
    def drawn(self) -> Drawn:
        """How each row is drawn: at a place of its own, or counted with others like it."""
        precision = numbers(self.table, "precision")
        placed = self.spotted & (self.unit < 0)
        # a country's point stands for the country
        placed &= ~(self.pinned & (precision == PRECISIONS.index("country")))
        exact = placed & (precision == PRECISIONS.index("exact"))
        return Drawn(bits.pack(exact), bits.pack(placed & ~exact), bits.pack(self.unit >= 0))

    @cached_property
    def reach(self) -> npt.NDArray[np.float64]:
        """How far from its point each row may lie, in km."""
        assumed = np.array([ASSUMED_RADIUS_KM.get(p, 0.0) for p in PRECISIONS])
        given = numbers(self.table, "radius_km")
        return np.where(np.isnan(given), assumed[numbers(self.table, "precision")], given)

    def spots(self, rows: Rows) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Degrees at which rows are drawn: of their point, else of their first site."""
        lon, lat = (numbers(self.table, name)[rows] for name in ("lon", "lat"))
        for at in np.flatnonzero(np.isnan(lon)):
            lon[at], lat[at], *_ = self.sites_of(int(rows[at]))[0]
        return lon, lat

    def bounds(self, rows: Words) -> tuple[float, float, float, float] | None:
        """West, south, east and north of where rows are drawn that have a place; None of none.

        Where the outermost of 64 neighbours lies is known, so that few of them are looked at.
        """
        found = []
        for axis, sign, least, order in self._outermost:
            best = np.inf
            for first in range(0, len(order), _AT_ONCE):
                part = order[first : first + _AT_ONCE]
                if least[part[0]] >= best:
                    break
                part = part[rows[part] != 0]
                if len(part):
                    values = sign * self.spots(bits.rows_in(rows, part))[axis]
                    best = min(best, float(values.min()))
            if np.isinf(best):
                return None
            found.append(sign * best)
        west, south, east, north = found
        return west, south, east, north

    @cached_property
    def _outermost(self) -> list[tuple[int, int, npt.NDArray[np.float64], Rows]]:
        """For each side: how far each word of rows reaches at most, and the words in that order."""
        spots = [numbers(self.table, name).copy() for name in ("lon", "lat")]
        row, first = np.unique(self.sites.row, return_index=True)
        lost = ~self.pinned[row]
        for values, of_sites in zip(spots, (self.sites.lon, self.sites.lat), strict=True):
            values[row[lost]] = of_sites[first[lost]]
        sides = []
        for sign, axis in ((1, 0), (1, 1), (-1, 0), (-1, 1)):
            padded = np.full(bits.words_for(self.size) * 64, np.inf)
            padded[: self.size] = np.where(np.isnan(spots[axis]), np.inf, sign * spots[axis])
            least = padded.reshape(-1, 64).min(axis=1)
            sides.append((axis, sign, least, np.argsort(least)))
        return sides

    def sites_of(self, row: int) -> list[tuple[float, float, float, int]]:
        """Sites of one row that have a point: degrees, km, and place in the list of precisions."""
        sites = self.sites
        part = slice(*np.searchsorted(sites.row, (row, row + 1)))
        return list(
            zip(
                *(values[part].tolist() for values in (sites.lon, sites.lat, sites.reach)),
                sites.precision[part].tolist(),
                strict=True,
            )
        )

    @cached_property
    def sites(self) -> Sites:
        """Sites that have a point, of all rows."""
        lists = column(self.table, "sites")
        rows = pc.list_parent_indices(lists).to_numpy()
        flat = pc.list_flatten(lists)
        lon, lat, radius = (
            _floats(pc.struct_field(flat, name)) for name in ("lon", "lat", "radius_km")
        )
        named = pc.fill_null(pc.struct_field(flat, "precision"), "exact").to_pylist()
        assumed = np.array([ASSUMED_RADIUS_KM.get(p, 0.0) for p in named])
        reach = np.where(np.isnan(radius) | (radius == 0), assumed, radius)
        there = ~np.isnan(lon)
        codes = np.array([PRECISIONS.index(p) for p in named], dtype=np.uint8)
        return Sites(
            rows[there].astype(np.int64), lon[there], lat[there], reach[there], codes[there]
        )


def _lie(
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
    reach: npt.NDArray[np.float64],
    area: Area,
) -> Flags:
    """Which places lie in an area, or may; each different place is asked about once."""
    if not len(lon):
        return np.zeros(0, dtype=np.bool_)
    places, inverse = np.unique(np.stack([lon, lat, reach], axis=1), axis=0, return_inverse=True)
    there = [lies(Point(x, y), r, area) != "outside" for x, y, r in places.tolist()]
    return np.array(there, dtype=np.bool_)[inverse.ravel()]


def _in_box(lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64], box: BBox) -> Flags:
    across = np.zeros(len(lon), dtype=np.bool_)
    for west, east in box.spans():
        across |= (lon >= west) & (lon <= east)
    return across & (lat >= box.south) & (lat <= box.north)


def _floats(numbers: Any) -> npt.NDArray[np.float64]:
    return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.float64)
