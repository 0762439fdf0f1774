"""How does the timeline look, and how does a drag over it become a date filter?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from geo.filters import Filter
from geo.histogram import histogram
from geo.index import Index
from geo.indexed import IndexedLayer
from geo.taxonomy import groups
from geo.timeline import Bar, Timeline, bin_end, bin_start

HEIGHT = 118
_FADED = "#d5d9dd"


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs={Filter: repr})
def _counted(
    version: str,  # noqa: ARG001 part of the cache key
    asked: Filter,
    *,
    _index: Index,
) -> Timeline:
    return histogram(_index, asked)


def draw(layer: IndexedLayer, asked: Filter) -> None:
    """Draw the histogram by group; dragging over it sets the dates."""
    counted = _counted(layer.version, asked, _index=layer.index)
    if not counted.bars:
        st.caption("Nothing to show over time: no incident matches the other filters.")
        return
    # a new selection state for each range, so that an old brush never lingers
    key = f"timeline_{layer.name}_{asked.start}_{asked.end}_{counted.unit}"
    st.altair_chart(
        _chart(counted),
        key=key,
        on_select=lambda: _take(key, counted),
        selection_mode=["brush"],
        height=HEIGHT,
        theme=None,
    )


def _chart(counted: Timeline) -> Any:
    shown = [g for g in groups() if any(b.group == g.id for b in counted.bars)]
    stacked = _stacked(counted.bars, [g.id for g in shown])
    rows = pd.DataFrame(
        {
            # days of the place, drawn on a UTC axis so that no browser shifts them
            "start": [f"{b.start}T00:00:00Z" for b in counted.bars],
            "stop": [f"{b.end}T23:59:59Z" for b in counted.bars],
            "group": [next(g.label for g in shown if g.id == b.group) for b in counted.bars],
            "state": [b.when for b in counted.bars],
            "count": [b.count for b in counted.bars],
            "bottom": [bottom for bottom, _ in stacked],
            "top": [top for _, top in stacked],
        }
    )
    rows["said"] = [
        f"{counted.unit} of {start[:10]}, {group}: {count} {state}"
        for start, group, count, state in zip(
            rows["start"], rows["group"], rows["count"], rows["state"], strict=True
        )
    ]
    scale = alt.Scale(domain=[g.label for g in shown], range=[g.colour for g in shown])
    colour = alt.Color("group:N", scale=scale, legend=None)
    tip = [
        alt.Tooltip("start:T", title=f"{counted.unit} of", format="%-d %b %Y"),
        alt.Tooltip("group:N", title="event group"),
        alt.Tooltip("state:N", title="dates"),
        alt.Tooltip("count:Q", title="incidents"),
    ]
    axis_y = alt.Axis(tickCount=3, tickMinStep=1, format="d", grid=True, gridColor="#e6e8ea")
    base = alt.Chart(rows).encode(
        x=alt.X("start:T", scale=alt.Scale(type="utc"), title=None, axis=_days_axis(counted)),
        x2="stop:T",
        y=alt.Y("bottom:Q", title=None, axis=axis_y),
        y2="top:Q",
        tooltip=tip,
        description="said:N",
    )
    in_range = alt.datum.state != "outside"
    return (
        base.mark_rect(stroke="white", strokeWidth=0.6)
        .encode(
            color=alt.condition(in_range, colour, alt.value(_FADED)),
            opacity=alt.condition(alt.datum.state == "uncertain", alt.value(0.45), alt.value(1.0)),
        )
        .add_params(alt.selection_interval(name="brush", encodings=["x"]))
        .properties(padding={"left": 2, "right": 6, "top": 4, "bottom": 0})
        .configure_view(stroke=None)
        .configure_axis(
            labelColor="#55606a", labelFont="Source Sans Pro, Source Sans 3, sans-serif"
        )
    )


def _days_axis(counted: Timeline) -> Any:
    """Name days as people write them; the year where the bars span more than one."""
    years = {day.year for bar in counted.bars for day in (bar.start, bar.end)}
    written = "%b %Y" if counted.unit in ("month", "year") else "%-d %b"
    if len(years) > 1 and counted.unit not in ("month", "year"):
        written = "%-d %b %y"
    return alt.Axis(grid=False, format="%Y" if counted.unit == "year" else written, tickCount=8)


def _stacked(bars: Sequence[Bar], order: list[str]) -> list[tuple[int, int]]:
    """Bottom and top of each bar: groups in legend order, what is in range below the rest."""
    states = ("in range", "uncertain", "outside")
    heights: Counter[date] = Counter()
    placed: dict[int, tuple[int, int]] = {}
    for i in sorted(
        range(len(bars)),
        key=lambda i: (bars[i].start, states.index(bars[i].when), order.index(bars[i].group)),
    ):
        bottom = heights[bars[i].start]
        heights[bars[i].start] += bars[i].count
        placed[i] = (bottom, heights[bars[i].start])
    return [placed[i] for i in range(len(bars))]


def _take(key: str, counted: Timeline) -> None:
    """Turn a brush into whole units of days."""
    brushed = st.session_state[key].get("selection", {}).get("brush", {})
    edges = brushed.get("start") or []
    if len(edges) != 2:
        return
    first, last = (_day(edge) for edge in edges)
    st.session_state.f_from = bin_start(first, counted.unit)
    st.session_state.f_to = bin_end(bin_start(last, counted.unit), counted.unit)


def _day(edge: float) -> date:
    return datetime.fromtimestamp(edge / 1000, tz=UTC).date()
