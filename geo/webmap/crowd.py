"""What does the map draw of very many incidents in one view?

Where few lie in view, each has its symbol; where many do, cells count them by event group, exact
places apart from others. What is known only to a province or a country is counted there in
either case, so that a view adds up. An answer has at most some twenty kilobytes, whatever the
number of incidents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal, get_args

import numpy as np

from geo import bits, hexes
from geo.area import BBox
from geo.bits import Rows, Words
from geo.cells import Cells, Pile
from geo.columns import column, numbers, read_countries
from geo.filters import Filter
from geo.indexed import IndexedLayer
from geo.taxonomy import event_types, groups
from geo.webmap.marks import country_place, marks, unit_place, unit_rings

Kind = Literal["exact", "about", "unit", "country", "hex"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# symbols of their own in one view, at most; what a list shows, at most
SYMBOLS, LISTED = 250, 200
# below so many matched incidents the browser is given all of them at once
WHOLE = 1_500
_GROUPS = tuple(group.id for group in groups())
_GROUP_OF = np.array([_GROUPS.index(kind.group) for kind in event_types()], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Crowd:
    """A filter's answer, ready for any view of it."""

    layer: IndexedLayer
    query: Filter
    rows: Words
    ongoing: Words
    uncertain: Words

    @classmethod
    def of(cls, layer: IndexedLayer, query: Filter) -> Crowd:
        """Take what matches a filter."""
        answer = layer.index.answer(query)
        return cls(layer, query, answer.rows, answer.ongoing, answer.uncertain)

    @property
    def is_small(self) -> bool:
        """Whether all of it can be given at once."""
        return bits.count(self.rows) <= WHOLE

    @cached_property
    def whole(self) -> dict[str, Any]:
        """Everything, each incident with a symbol of its own."""
        found = marks(self.layer.index, bits.rows_of(self.rows), uncertain=self.uncertain)
        return {"whole": True, **found}

    @property
    def named(self) -> dict[str, Any]:
        """Which incidents there are, for a browser that holds more of them."""
        rows = bits.rows_of(self.rows)
        uncertain = rows[bits.has(self.uncertain, rows)]
        return {"rows": rows.tolist(), "uncertain": uncertain.tolist()}

    def view(self, box: BBox, zoom: int) -> dict[str, Any]:
        """Answer one view: symbols or cells, and the counts of provinces and countries.

        `in_view` counts each incident once, also one that has a badge on two countries; `box`
        holds all that has a place.
        """
        shown, cells = self._placed(box, zoom)
        return {**self._told(box, shown, cells), "cells": cells}

    def hexagons(self, box: BBox, zoom: int) -> dict[str, Any]:
        """Answer one view with hexagons that count exact places; `beside` counts what is not.

        `level` is the zoom at which hexagons are as wide as `geo.hexes` says, `most` what the
        fullest of them holds, in view or not.
        """
        level = hexes.level_for(box, zoom)
        every, most = _hexes(self, level)
        seen = hexes.in_view(every, box, level)
        lon, lat = hexes.degrees(every.x[seen], every.y[seen])
        columns = (every.column[seen], every.line[seen], lon.round(5), lat.round(5))
        signs = [
            {"kind": "hex", "key": f"{level}-{column}-{line}", "lon": x, "lat": y, "groups": of}
            for column, line, x, y, of in zip(
                *(values.tolist() for values in (*columns, every.composition[seen])), strict=True
            )
        ]
        told = self._told(box, np.empty(0, dtype=np.int64), signs)
        exact = sum(sum(sign["groups"]) for sign in signs)
        about = int(self._about.cells(box, zoom).count.sum())
        units = sum(sum(unit["groups"]) for unit in told["units"])
        beside = {"about": about, "unit": units, "country": told["in_view"] - exact - units}
        drawn = {"cells": [], "units": [], "countries": [], "hexagons": signs}
        return {
            **told,
            **drawn,
            "level": level,
            "most": most,
            "beside": beside,
            "in_view": told["in_view"] + about,
        }

    def _told(self, box: BBox, shown: Rows, signs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Say what every view says, with the rows that have symbols and the signs that count."""
        index = self.layer.index
        units = [unit for unit in self._units if _holds(box, unit)]
        nations = [nation for nation in self._nations if _holds(box, nation)]
        seen = {nation["key"] for nation in nations}
        adrift = sum(sum(of) for codes, of in self._adrift if not seen.isdisjoint(codes))
        counted = sum(sum(sign["groups"]) for sign in (*signs, *units))
        return {
            **marks(index, shown, uncertain=self.uncertain),
            "whole": False,
            "groups": [{"label": group.label, "colour": group.colour} for group in groups()],
            "matched": bits.count(self.rows),
            "in_view": len(shown) + counted + adrift,
            "unplaced": bits.count(self.rows & ~index.mappable),
            "box": self._box,
            "units": units,
            "countries": nations,
        }

    def members(self, kind: Kind, key: str) -> Rows:
        """Rows that one sign of a view stands for.

        A cell is named by its range of rows, a hexagon by level, column and line.

        Raises
        ------
        ValueError
            Where `key` names none.
        """
        if kind in ("exact", "about"):
            low, high = (int(part) for part in key.split("-", 1))
            pile = self._exact if kind == "exact" else self._about
            bound = self.layer.index.size
            return bits.rows_between(pile.ranks.words, min(low, bound), min(high, bound))
        if kind == "hex":
            level, across, down = (int(part) for part in key.split("-", 2))
            return hexes.members(self.layer.index, self.exact, level, across, down)
        apart = bits.rows_of(self._apart)
        if kind == "unit":
            in_unit: Rows = apart[self.layer.index.places.unit[apart] == int(key)]
            return in_unit
        sets = column(self.layer.index.table, "countries")
        wanted = np.array([key in read_countries(t) for t in sets.dictionary.to_pylist()], bool)
        adrift = apart[self.layer.index.places.unit[apart] < 0]
        found: Rows = adrift[wanted[sets.indices.to_numpy()[adrift]]]
        return found

    def outlines(self, which: Sequence[int]) -> dict[str, list[list[float]]]:
        """Outlines of provinces, by their numbers."""
        return {str(n): unit_rings(self.layer.index.places.units[n]) for n in which}

    def _placed(self, box: BBox, zoom: int) -> tuple[Rows, list[dict[str, Any]]]:
        """Rows that have a symbol of their own in a view, and the cells that count the others."""
        piles = {"exact": self._exact, "about": self._about}
        alone, cells, total = [], [], 0
        for kind, pile in piles.items():
            found = pile.cells(box, zoom)
            total += int(found.count.sum())
            alone.append(found.row[found.count == 1])
            cells += self._write_cells(kind, pile, found)
        # the cells that a view touches reach a little beyond it
        if total <= SYMBOLS:
            alone, cells = [pile.rows(box) for pile in piles.values()], []
        return np.sort(np.concatenate(alone)), cells

    def _write_cells(self, kind: str, pile: Pile, found: Cells) -> list[dict[str, Any]]:
        several = found.count > 1
        low, high = found.low[several], found.high[several]
        lon, lat = self.layer.index.places.spots(found.row[several])
        # rows lie in the order of their places: the first and the last tell of all
        codes, ranks = self.layer.index.morton, pile.ranks
        first, last = ranks.member(ranks.before(low)), ranks.member(ranks.before(high) - 1)
        columns = (low, high, lon.round(5), lat.round(5), codes[first] == codes[last])
        return [
            {"kind": kind, "key": f"{low}-{high}", "lon": x, "lat": y, "groups": of}
            | ({"one": True} if one else {})
            for low, high, x, y, one, of in zip(
                *(values.tolist() for values in (*columns, found.composition[several])), strict=True
            )
        ]

    @property
    def exact(self) -> Words:
        """What lies at an exact place."""
        return self.rows & self.layer.index.places.drawn.exact

    @cached_property
    def _exact(self) -> Pile:
        return Pile(self.layer.index, self.exact)

    @cached_property
    def _about(self) -> Pile:
        return Pile(self.layer.index, self.rows & self.layer.index.places.drawn.about)

    @cached_property
    def _apart(self) -> Words:
        """What has no place of its own but can be drawn."""
        drawn = self.layer.index.places.drawn
        return self.rows & self.layer.index.mappable & ~drawn.exact & ~drawn.about

    @cached_property
    def _units(self) -> list[dict[str, Any]]:
        places, rows = self.layer.index.places, bits.rows_of(self._apart)
        rows = rows[places.unit[rows] >= 0]
        counts = self._by_group(places.unit[rows].astype(np.int64), rows, len(places.units))
        return [
            {"kind": "unit", "key": str(n), **unit_place(places.units[n]), "groups": of}
            for n, of in enumerate(counts)
            if any(of)
        ]

    @cached_property
    def _adrift(self) -> list[tuple[tuple[str, ...], list[int]]]:
        """What is known only to countries: which, and how many of each event group."""
        places, rows = self.layer.index.places, bits.rows_of(self._apart)
        rows = rows[places.unit[rows] < 0]
        sets = column(self.layer.index.table, "countries")
        texts = sets.dictionary.to_pylist()
        counts = self._by_group(sets.indices.to_numpy()[rows].astype(np.int64), rows, len(texts))
        return [(read_countries(t), of) for t, of in zip(texts, counts, strict=True) if any(of)]

    @cached_property
    def _nations(self) -> list[dict[str, Any]]:
        """Each incident under every country it names, as its badge says."""
        found: dict[str, Rows] = {}
        for codes, of in self._adrift:
            for code in codes:
                found[code] = found.get(code, np.zeros(len(of), np.int64)) + np.array(of)
        return [
            {"kind": "country", "key": code, **country_place(code), "groups": of.tolist()}
            for code, of in found.items()
        ]

    @cached_property
    def _box(self) -> list[float]:
        """West, south, east, north of every sign there is."""
        signs = (*self._units, *self._nations)
        lon, lat = ([float(sign[name]) for sign in signs] for name in ("lon", "lat"))
        rows = self._exact.ranks.words | self._about.ranks.words
        edges = self.layer.index.places.bounds(rows)
        if edges is not None:
            lon, lat = [*lon, edges[0], edges[2]], [*lat, edges[1], edges[3]]
        if not lon:
            return [-180.0, -60.0, 180.0, 78.0]
        return [min(lon), min(lat), max(lon), max(lat)]

    def _by_group(self, keys: Rows, rows: Rows, size: int) -> list[list[int]]:
        kinds = _GROUP_OF[numbers(self.layer.index.table, "event_type")[rows]]
        flat = np.bincount(keys * len(_GROUPS) + kinds, minlength=size * len(_GROUPS))
        table: list[list[int]] = flat.reshape(size, len(_GROUPS)).tolist()
        return table


# a view that moves asks for the same hexagons again
@lru_cache(maxsize=12)
def _hexes(crowd: Crowd, level: int) -> tuple[hexes.Hexes, int]:
    """All hexagons of a level, and the count of the fullest."""
    every = hexes.hexes(crowd.layer.index, crowd.exact, level)
    return every, int(every.composition.sum(axis=1).max(initial=0))


def _holds(box: BBox, place: Mapping[str, Any]) -> bool:
    across = any(west <= place["lon"] <= east for west, east in box.spans())
    return across and box.south <= place["lat"] <= box.north
