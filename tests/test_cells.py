"""Do cells hold every incident once, whatever the view?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geo import bits
from geo.area import BBox
from geo.cells import Cells, Pile, _level_of, _touched, by_country, level_for, within
from geo.columns import numbers
from geo.filters import Filter, select
from geo.incident import Incident
from geo.taxonomy import group_of, groups
from geo.webmap.margin import widened
from tests.examples import incident as made
from tests.strategies import boxes, crowds
from tests.test_index import index_of

_WORLD = BBox(-180, -90, 180, 90)
_ANY = Filter(status=())
_SETTINGS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@_SETTINGS
@given(crowd=crowds(max_size=20), zoom=st.integers(0, 14))
def test_cells_provinces_and_countries_sum_to_the_ledger(
    tmp_path: Path, crowd: list[Incident], zoom: int
) -> None:
    index = index_of(tmp_path, crowd)
    answer = index.answer(_ANY)
    drawn = index.places.drawn
    piles = [Pile(index, answer.rows & part) for part in (drawn.exact, drawn.about)]
    # the number of cells is bounded by the view, not by the world: ask a coarse zoom
    level = level_for(_WORLD, min(zoom, 3))
    counted = sum(int(pile.cells(_WORLD, level).count.sum()) for pile in piles)
    apart = answer.rows & index.mappable & ~drawn.exact & ~drawn.about
    in_unit = bits.count(apart & drawn.in_unit)
    nations = by_country(index, apart & ~drawn.in_unit)
    assert counted + in_unit + sum(nations.values()) == select(crowd, _ANY).ledger.on_map


@_SETTINGS
@given(crowd=crowds(max_size=20), box=boxes(), zoom=st.integers(0, 5))
def test_a_cell_counts_its_rows_by_group(
    tmp_path: Path, crowd: list[Incident], box: BBox, zoom: int
) -> None:
    index = index_of(tmp_path, crowd)
    pile = Pile(index, index.places.drawn.exact)
    level = level_for(box, zoom)
    cells = pile.cells(box, level)
    by_id = {incident.id: incident for incident in crowd}
    names = [group.id for group in groups()]
    for at in range(len(cells.count)):
        rows = bits.rows_between(pile.ranks.words, int(cells.low[at]), int(cells.high[at]))
        assert cells.row[at] in rows
        cell = level, int(cells.column[at]), int(cells.line[at])
        assert pile.members(*cell).tolist() == rows.tolist()
        members = [by_id[i] for i in index.table["id"].take(rows).to_pylist()]
        counted = [sum(group_of(i.event_type).id == name for i in members) for name in names]
        assert cells.composition[at].tolist() == counted
        assert cells.count[at] == sum(counted) == len(members)
    assert np.isin(pile.rows(box), bits.rows_of(pile.ranks.words)).all()
    east, south = within(index, cells.row, level, cells.column, cells.line)
    assert ((east >= 0) & (east < 256) & (south >= 0) & (south < 256)).all()
    # a place stands where its column and line say, to a 256th of a cell
    steps = numbers(index.table, "x")[cells.row] / 2**32 * 2**level
    assert np.allclose(cells.column + (east + 0.5) / 256, steps, atol=0.51 / 256)


@_SETTINGS
@given(crowd=crowds(max_size=20), box=boxes(), share=st.floats(0.1, 1), zoom=st.integers(0, 5))
def test_a_cell_is_the_same_in_a_view_that_moved(
    tmp_path: Path, crowd: list[Incident], box: BBox, share: float, zoom: int
) -> None:
    index = index_of(tmp_path, crowd)
    pile, level = Pile(index, index.places.drawn.exact), level_for(box, zoom)

    def named(cells: Cells) -> dict[tuple[int, int], int]:
        places = zip(cells.column.tolist(), cells.line.tolist(), strict=True)
        return dict(zip(places, cells.count.tolist(), strict=True))

    near, far = (named(pile.cells(b, level)) for b in (box, widened(box, share)))
    assert near.items() <= far.items()


@pytest.mark.parametrize("cell", [(0, 0, 0), (25, 0, 0), (3, 8, 0), (3, 0, 8), (99, 1, 1)])
def test_a_cell_that_no_level_has_holds_nothing(tmp_path: Path, cell: tuple[int, int, int]) -> None:
    index = index_of(tmp_path, [made()])
    assert Pile(index, index.places.drawn.exact).members(*cell).tolist() == []


@given(box=boxes(), zoom=st.integers(0, 22))
@example(box=BBox(10, -80, 10.00001, 80), zoom=22)
@example(box=BBox(-170, 10, 170, 10.00001), zoom=22)
@example(box=BBox(179.999995, -80, -179.999995, 80), zoom=22)
def test_a_view_however_narrow_asks_for_few_cells(box: BBox, zoom: int) -> None:
    assert len(_touched(box, _level_of(box))[0]) <= 16
    assert len(_touched(box, level_for(box, zoom))[0]) <= 5_000


@_SETTINGS
@given(crowd=crowds(max_size=20), box=boxes())
def test_a_view_lists_what_lies_in_it(tmp_path: Path, crowd: list[Incident], box: BBox) -> None:
    index = index_of(tmp_path, crowd)
    pile = Pile(index, index.places.drawn.exact)
    found = set(index.table["id"].take(pile.rows(box)).to_pylist())
    for incident in crowd:
        # the map's square ends at 85 degrees, and its steps are a hundredth of a metre
        if incident.point and abs(incident.point.lat) < 85 and incident.precision == "exact":
            edge = min(
                abs(incident.point.lat - box.south),
                abs(incident.point.lat - box.north),
                abs(incident.point.lon - box.west),
                abs(incident.point.lon - box.east),
            )
            if edge > 1e-6:
                assert (incident.id in found) == box.contains(incident.point)
