"""Do cells hold every incident once, whatever the view?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geo import bits
from geo.area import BBox
from geo.cells import Pile, _finest, _level_of, _ranges, by_country
from geo.filters import Filter, select
from geo.incident import Incident
from geo.taxonomy import group_of, groups
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
    counted = sum(int(pile.cells(_WORLD, min(zoom, 3)).count.sum()) for pile in piles)
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
    cells = pile.cells(box, zoom)
    by_id = {incident.id: incident for incident in crowd}
    names = [group.id for group in groups()]
    for at in range(len(cells.count)):
        rows = bits.rows_between(pile.ranks.words, int(cells.low[at]), int(cells.high[at]))
        assert cells.row[at] in rows
        members = [by_id[i] for i in index.table["id"].take(rows).to_pylist()]
        counted = [sum(group_of(i.event_type).id == name for i in members) for name in names]
        assert cells.composition[at].tolist() == counted
        assert cells.count[at] == sum(counted) == len(members)
    assert np.isin(pile.rows(box), bits.rows_of(pile.ranks.words)).all()


@given(box=boxes(), zoom=st.integers(0, 22))
@example(box=BBox(10, -80, 10.00001, 80), zoom=22)
@example(box=BBox(-170, 10, 170, 10.00001), zoom=22)
@example(box=BBox(179.999995, -80, -179.999995, 80), zoom=22)
def test_a_view_however_narrow_asks_for_few_cells(box: BBox, zoom: int) -> None:
    nothing = np.empty(0, dtype=np.uint64)
    assert len(_ranges(nothing, box, _level_of(box))[0]) <= 16
    assert len(_ranges(nothing, box, min(zoom + 2, _finest(box)))[0]) <= 5_000


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
