"""Do columns say the same in few bytes as in many?"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from geo.columns import narrow, numbers, widened

_whole = st.integers(-(2**63), 2**63 - 1) | st.integers(-1, 300)
_row = st.tuples(
    _whole, _whole, st.none() | st.floats(0.1, 3_000), st.sampled_from(["", "AFG", "AFG;PAK"])
)


@given(st.lists(_row, max_size=300))
def test_narrow_columns_hold_the_same_values_and_are_widened_to_the_same_types(
    rows: list[tuple[int, int, float | None, str]],
) -> None:
    updated, deaths, radius, nations = zip(*rows, strict=True) if rows else ((), (), (), ())
    table = pa.table(
        {
            "updated": pa.array(updated, pa.int64()),
            "deaths": pa.array(deaths, pa.int64()),
            "radius_km": pa.array(radius, pa.float64()),
            "countries": pa.array(nations, pa.string()).dictionary_encode(),
        }
    )
    small = narrow(table)
    for name in ("updated", "deaths"):
        assert small[name].to_pylist() == table[name].to_pylist()
    np.testing.assert_array_equal(numbers(small, "radius_km"), numbers(table, "radius_km"))
    assert small["countries"].to_pylist() == table["countries"].to_pylist()
    assert widened(small).equals(table)


def test_codes_and_small_numbers_take_a_byte_and_larger_ones_what_they_need() -> None:
    table = pa.table({"deaths": [-1, 127], "updated": [0, 2**31 - 1], "offset": [0, 2**31]})
    assert [str(field.type) for field in narrow(table).schema] == ["int8", "int32", "int64"]
    many = pa.table({"countries": pa.array([str(n) for n in range(129)]).dictionary_encode()})
    assert str(narrow(many)["countries"].type.index_type) == "int16"
    assert str(narrow(many.slice(0, 0))["countries"].type.index_type) == "int16"
