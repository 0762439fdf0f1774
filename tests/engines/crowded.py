"""What do the tests of the engines share: rows of incidents, and areas of every kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from geo.around import Around
from geo.engines import layout
from geo.incident import Incident
from geo.layerfile import encode
from tests.strategies import areas

_PLACES = st.tuples(
    st.floats(55, 80).map(lambda n: round(n, 3)), st.floats(25, 40).map(lambda n: round(n, 3))
)
_BEND = st.lists(_PLACES, min_size=2, max_size=4).map(tuple)


def _block(west: float, south: float, wide: float, high: float) -> Any:
    east, north = min(west + wide, 180), min(south + high, 90)
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


_BLOCKS = st.builds(
    _block, st.floats(-180, 178), st.floats(-90, 88), st.floats(0.5, 20), st.floats(0.5, 20)
)


def arounds() -> st.SearchStrategy[Around]:
    """Surroundings of points, of routes, and of a block anywhere on Earth."""
    km = st.one_of(st.just(50.0), st.floats(0.5, 900))
    return st.one_of(
        st.builds(lambda points, km: Around("a", km, points=points), _BEND, km),
        st.builds(lambda line, km: Around("a", km, lines=(line,)), _BEND, km),
        st.builds(lambda ring, km: Around("a", km, areas=((ring,),)), _BLOCKS, st.just(0.0) | km),
    )


def every_area() -> st.SearchStrategy[Any]:
    """Boxes, circles, polygons and surroundings."""
    return st.one_of(areas(), arounds())


def rows(incidents: Iterable[Incident], layer: str = "crowd") -> pa.Table:
    """Rows of incidents, in order of id."""
    ordered = sorted(incidents, key=lambda incident: incident.id)
    made = layout.rows([encode(incident) for incident in ordered], layer=layer)
    return made.drop_columns("geometry")
