"""Are provinces shaded instead of signs drawn, by what, and how does that read as a table?"""

from __future__ import annotations

import csv
import io
from itertools import pairwise

import numpy as np
import pandas as pd
import streamlit as st

from geo import countries
from geo.errors import AtlasError, FilterError
from geo.filters import Filter
from geo.index import Answer
from geo.indexed import IndexedLayer
from geo.regions import GUARD, Baseline, Regions, compare, count, homes
from geo.text import to_csv_cell, to_markdown
from geo.webmap import MEASURES, Measure, Shading, shade
from geo.webmap.shading import CHANGES, FEW, changed

SIGNS = "signs"
_SHOWN = {
    SIGNS: "Map: each incident",
    "incidents": "Provinces: incidents",
    "deaths": "Provinces: known deaths",
    "rate": "Provinces: incidents in 30 days",
    "change": "Provinces: change",
}
_AGAINST: dict[Baseline, str] = {"before": "the period before", "year": "a year before"}
_MOST_BREAKS = 5


def choose() -> None:
    """Draw the choice of what the map shows."""
    left, right = st.columns([1, 1], gap="small", vertical_alignment="center")
    left.selectbox(
        "What the map shows",
        [SIGNS, *MEASURES],
        key="shade",
        format_func=_SHOWN.__getitem__,
        label_visibility="collapsed",
        persist_state="session",
    )
    if st.session_state.shade == "change":
        right.segmented_control(
            "Compared with",
            list(_AGAINST),
            key="baseline",
            format_func=_AGAINST.__getitem__,
            label_visibility="collapsed",
            required=True,
            persist_state="session",
        )
    elif st.session_state.shade != SIGNS:
        right.text_input(
            "Classes from",
            key="breaks",
            placeholder="classes from 1, 5, 20 … (automatic)",
            label_visibility="collapsed",
            persist_state="session",
        )


def shading(layer: IndexedLayer, asked: Filter, answer: Answer) -> Shading | None:
    """Shade the provinces as chosen; None where signs are, or where it cannot be told."""
    chosen: str = st.session_state.shade
    if chosen == SIGNS:
        return None
    try:
        breaks = read_breaks(st.session_state.get("breaks") or "") if chosen != "change" else ()
        return shade(_regions(layer, asked, answer), _measure(chosen), breaks=breaks)
    except AtlasError as error:
        st.warning(to_markdown(f"{error}."), icon=":material/compare_arrows:")
        return None


def read_breaks(text: str) -> tuple[float, ...]:
    """Read where classes begin, such as "1, 5, 20".

    Raises
    ------
    FilterError
        When it is no rising list of up to five numbers above 0.
    """
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    try:
        found = tuple(float(part) for part in parts)
    except ValueError:
        found = (0.0,)
    rising = all(a < b for a, b in pairwise(found))
    if len(found) > _MOST_BREAKS or not rising or not all(0 < n < np.inf for n in found):
        msg = f"classes begin at {text[:60]!r}: up to {_MOST_BREAKS} rising numbers above 0"
        raise FilterError(msg)
    return found


def table(layer: IndexedLayer, asked: Filter, answer: Answer) -> None:
    """List the provinces with what was counted there, and offer it as CSV."""
    try:
        found = _regions(layer, asked, answer)
    except AtlasError as error:
        st.caption(to_markdown(f"{error}."))
        return
    frame = listed(found)
    st.dataframe(frame, height=360, hide_index=True)
    words = (
        f"{sum(unit.incidents for unit in found.units):,} in provinces, {found.beside:,} in none"
    )
    if found.compared:
        first, last = found.compared
        words += f"; before: {first} to {last}; fewer than {GUARD} in both are not compared"
    st.caption(to_markdown(f"{words}."))
    st.download_button(
        "Provinces as CSV", _csv(frame), "provinces.csv", "text/csv", icon=":material/download:"
    )


def listed(found: Regions) -> pd.DataFrame:
    """Write units as rows of a table."""
    rows = [
        {
            "Province": unit.name,
            "Country": countries.name(unit.country),
            "Incidents": unit.incidents,
            "Known deaths": unit.deaths,
            "Deaths unknown": unit.unknown,
            "In 30 days": round(unit.incidents * 30 / max(found.days, 1), 2),
        }
        | (
            {
                "Before": unit.before,
                "Times": unit.ratio.value if unit.ratio else None,
                "At least": unit.ratio.low if unit.ratio else None,
                "At most": unit.ratio.high if unit.ratio else None,
                "Change": "too few" if (n := changed(unit.ratio)) == FEW else CHANGES[n],
            }
            if found.compared
            else {}
        )
        for unit in found.units
    ]
    return pd.DataFrame(rows).round(2)


def _csv(frame: pd.DataFrame) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(frame.columns)
    writer.writerows([to_csv_cell(cell) for cell in row] for row in frame.itertuples(index=False))
    return text.getvalue().encode("utf-8-sig")


def _measure(chosen: str) -> Measure:
    return next(measure for measure in MEASURES if measure == chosen)


def _regions(layer: IndexedLayer, asked: Filter, answer: Answer) -> Regions:
    compared = st.session_state.shade == "change"
    against: Baseline | None = st.session_state.baseline if compared else None
    return _counted(layer.version, asked, against, _layer=layer, _answer=answer)


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs={Filter: repr})
def _counted(
    version: str, asked: Filter, against: Baseline | None, *, _layer: IndexedLayer, _answer: Answer
) -> Regions:
    home = _homes(version, _layer=_layer)
    if against is None:
        return count(_layer.index, home, _answer)
    return compare(_layer.index, home, asked, _answer, baseline=against)


@st.cache_resource(max_entries=4, show_spinner="Finding the province of every incident …")
def _homes(version: str, *, _layer: IndexedLayer):  # type: ignore[no-untyped-def] # noqa: ANN202, ARG001
    return homes(_layer.index)
