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
from geo.cells import Cells, Pile, level_for, within
from geo.columns import column, numbers, read_countries
from geo.filters import Filter
from geo.indexed import IndexedLayer
from geo.taxonomy import event_types, groups
from geo.webmap.margin import widest
from geo.webmap.marks import country_place, marks, unit_place, unit_rings

Kind = Literal["exact", "about", "unit", "country", "hex"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# symbols of their own in one view, at most, and with its margin; what a list shows, at most
SYMBOLS, EACH, LISTED = 250, 600, 200
# cells or hexagons of a view that has a margin, at most
SIGNS = 900
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

    def view(self, box: BBox, zoom: int, *, beyond: float = 0.0) -> dict[str, Any]:
        """Answer one view: symbols or cells, and the counts of provinces and countries.

        `held` is the box that is answered: the view, widened by a share of its sides as far as that
        costs little (`geo.webmap.margin`). Of `each` in it there is a symbol, else cells of a
        `level` count them, and only what is alone in one has its own.
        """
        level = level_for(box, zoom)
        seen = self._cells(box, level)
        if sum(int(found.count.sum()) for found in seen) <= SYMBOLS:
            # the cells that a view touches reach a little beyond it
            held, rows = widest(box, beyond, self._rows, lambda rows: len(rows) <= EACH)
            return {**self._told(held, np.sort(rows)), "each": True}
        held, piles = widest(
            box, beyond, lambda wide: seen if wide == box else self._cells(wide, level), _are_few
        )
        alone = np.concatenate([found.row[found.count == 1] for found in piles])
        exact, about = piles
        return {
            **self._told(held, np.sort(alone)),
            "each": False,
            "level": level,
            "exact": self._write(self._exact, exact, level),
            "about": self._write(self._about, about, level),
        }

    def hexagons(self, box: BBox, zoom: int, *, beyond: float = 0.0) -> dict[str, Any]:
        """Answer one view with hexagons that count exact places; cells `about` count the others.

        `level` is the zoom at which hexagons are as wide as `geo.hexes` says, `most` what the
        fullest of them holds, in view or not.
        """
        level, coarse = hexes.level_for(box, zoom), level_for(box, zoom)
        every, most = _hexes(self, level)

        def find(wide: BBox) -> tuple[Rows, Cells]:
            return hexes.in_view(every, wide, level), self._about.cells(wide, coarse)

        held, (seen, about) = widest(
            box, beyond, find, lambda found: len(found[0]) + len(found[1].count) <= SIGNS
        )
        hexagons = {
            "column": every.column[seen].tolist(),
            "line": every.line[seen].tolist(),
            "groups": every.composition[seen].T.tolist(),
        }
        return {
            **self._told(held, np.empty(0, dtype=np.int64)),
            "each": False,
            "level": level,
            "most": most,
            "hexagons": hexagons,
            "about": {"level": coarse, **self._write(self._about, about, coarse, least=1)},
        }

    def _told(self, held: BBox, shown: Rows) -> dict[str, Any]:
        """Say what every view says, with the rows that have symbols."""
        index = self.layer.index
        nations = [nation for nation in self._nations if _holds(held, nation)]
        seen = {nation["key"] for nation in nations}
        several = [[*codes, sum(of)] for codes, of in self._adrift if len(seen & {*codes}) > 1]
        return {
            **marks(index, shown, uncertain=self.uncertain),
            "whole": False,
            "held": [held.west, held.south, held.east, held.north],
            "matched": bits.count(self.rows),
            "unplaced": bits.count(self.rows & ~index.mappable),
            "box": self._box,
            "units": [unit for unit in self._units if _holds(held, unit)],
            "countries": nations,
            # what the badges of several countries count together, last
            "several": several,
        }

    def members(self, kind: Kind, key: str) -> Rows:
        """Rows that one sign of a view stands for.

        Cells and hexagons are named by level, column and line.

        Raises
        ------
        ValueError
            Where `key` names none.
        """
        if kind in ("exact", "about", "hex"):
            level, across, down = (int(part) for part in key.split("-", 2))
            if kind == "hex":
                return hexes.members(self.layer.index, self.exact, level, across, down)
            pile = self._exact if kind == "exact" else self._about
            return pile.members(level, across, down)
        apart = self._apart
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

    def _cells(self, box: BBox, level: int) -> tuple[Cells, ...]:
        """Count what a box touches in cells: exact places, and those that are not."""
        return tuple(pile.cells(box, level) for pile in (self._exact, self._about))

    def _rows(self, box: BBox) -> Rows:
        return np.concatenate([pile.rows(box) for pile in (self._exact, self._about)])

    def _write(self, pile: Pile, found: Cells, level: int, *, least: int = 2) -> dict[str, Any]:
        """Write cells of at least so many as columns: which, where in it its sign stands, how many.

        `one` lists the cells that hold no more than one place, which no zoom divides.
        """
        picked = found.count >= least
        column, line, low, high, row = (
            part[picked] for part in (found.column, found.line, found.low, found.high, found.row)
        )
        east, south = within(self.layer.index, row, level, column, line)
        # rows lie in the order of their places: the first and the last tell of all
        codes, ranks = self.layer.index.morton, pile.ranks
        first, last = ranks.member(ranks.before(low)), ranks.member(ranks.before(high) - 1)
        columns = {"column": column, "line": line, "east": east, "south": south}
        return {
            **{name: values.tolist() for name, values in columns.items()},
            "groups": found.composition[picked].T.tolist(),
            "one": np.flatnonzero(codes[first] == codes[last]).tolist(),
        }

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
    def _apart(self) -> Rows:
        """What has no place of its own but can be drawn."""
        drawn = self.layer.index.places.drawn
        return bits.rows_of(self.rows & self.layer.index.mappable & ~drawn.exact & ~drawn.about)

    @cached_property
    def _units(self) -> list[dict[str, Any]]:
        places, rows = self.layer.index.places, self._apart
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
        places, rows = self.layer.index.places, self._apart
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


def _are_few(piles: Sequence[Cells]) -> bool:
    return sum(len(found.count) for found in piles) <= SIGNS


def _holds(box: BBox, place: Mapping[str, Any]) -> bool:
    across = any(west <= place["lon"] <= east for west, east in box.spans())
    return across and box.south <= place["lat"] <= box.north
