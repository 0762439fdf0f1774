"""Do hexagons hold every exact place once, each in the nearest?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import bits
from geo.area import BBox
from geo.columns import numbers
from geo.filters import Filter, select
from geo.hexes import degrees, hexes, in_view, level_for, members
from geo.incident import Incident
from geo.sight import shows
from tests.strategies import boxes, crowds
from tests.test_index import index_of

_WORLD = BBox(-180, -90, 180, 90)
_SETTINGS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@_SETTINGS
@given(crowd=crowds(max_size=20), level=st.integers(0, 14))
def test_hexagons_sum_to_the_exact_places_that_the_ledger_has_on_the_map(
    tmp_path: Path, crowd: list[Incident], level: int
) -> None:
    index = index_of(tmp_path, crowd)
    query = Filter(status=(), precision=("exact",))
    found = hexes(index, index.answer(query).rows & index.places.drawn.exact, level)
    # one without a point of its own is drawn in its province or country, if at all
    placed = [i for i in crowd if i.point or any(site.point for site in i.sites)]
    ledger = select(placed, query).ledger
    assert found.composition.sum() == ledger.on_map == ledger.matched
    assert all(shows(_WORLD, i) for i in placed if i.precision == "exact")


@_SETTINGS
@given(crowd=crowds(max_size=20), level=st.integers(0, 14))
def test_a_hexagon_lists_what_it_counts_and_each_lies_in_the_nearest(
    tmp_path: Path, crowd: list[Incident], level: int
) -> None:
    index = index_of(tmp_path, crowd)
    rows = index.places.drawn.exact
    found = hexes(index, rows, level)
    seen: list[int] = []
    for at in range(len(found.x)):
        held = members(index, rows, level, int(found.column[at]), int(found.line[at]))
        assert len(held) == found.composition[at].sum()
        seen += held.tolist()
        for row in held:
            x, y = (float(numbers(index.table, name)[row]) for name in ("x", "y"))
            apart = np.hypot(found.x - x, found.y - y)
            assert apart[at] <= apart.min() * (1 + 1e-9) + 1
    assert sorted(seen) == bits.rows_of(rows).tolist()


@given(box=boxes(), zoom=st.integers(0, 18))
def test_a_level_is_that_of_the_map_or_less(box: BBox, zoom: int) -> None:
    assert 0 <= level_for(box, zoom) <= zoom


@_SETTINGS
@given(crowd=crowds(max_size=20), box=boxes())
def test_what_lies_in_a_view_lies_in_one_of_its_hexagons(
    tmp_path: Path, crowd: list[Incident], box: BBox
) -> None:
    index = index_of(tmp_path, crowd)
    found = hexes(index, index.places.drawn.exact, 4)
    seen = in_view(found, box, 4)
    shown = found.composition[seen].sum()
    lon, lat = index.places.spots(bits.rows_of(index.places.drawn.exact))
    across = np.zeros(len(lon), bool)
    for west, east in box.spans():
        across |= (lon >= west) & (lon <= east)
    assert shown >= (across & (lat >= box.south) & (lat <= box.north) & (abs(lat) < 85)).sum()
    assert all(np.abs(degrees(found.x, found.y)[1]) <= 90)
