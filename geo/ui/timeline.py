"""How does the timeline look, and how does a drag over it become a date filter?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
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
    st.vega_lite_chart(
        _rows(counted),
        _chart(counted),
        key=key,
        on_select=lambda: _take(key, counted),
        selection_mode=["brush"],
        height=HEIGHT,
        theme=None,
    )


def _rows(counted: Timeline) -> pa.Table:
    """Write what is drawn, a row for each bar."""
    labels = {group.id: group.label for group in groups()}
    stacked = _stacked(counted.bars, list(labels))
    return pa.table(
        {
            # days of the place, drawn on a UTC axis so that no browser shifts them
            "start": [f"{b.start}T00:00:00Z" for b in counted.bars],
            "stop": [f"{b.end}T23:59:59Z" for b in counted.bars],
            "group": [labels[b.group] for b in counted.bars],
            "state": [b.when for b in counted.bars],
            "count": [b.count for b in counted.bars],
            "bottom": [bottom for bottom, _ in stacked],
            "top": [top for _, top in stacked],
            "said": [
                f"{counted.unit} of {b.start}, {labels[b.group]}: {b.count} {b.when}"
                for b in counted.bars
            ],
        }
    )


def _chart(counted: Timeline) -> dict[str, Any]:
    """Say how the rows are drawn.

    Nothing in it follows the counts, only their unit and whether they span years: while it stays
    equal, a browser puts other rows into the chart that it has instead of making it anew.
    """
    colours = {group.label: group.colour for group in groups()}
    scale = {"domain": list(colours), "range": list(colours.values())}
    tip = [
        {
            "field": "start",
            "type": "temporal",
            "title": f"{counted.unit} of",
            "format": "%-d %b %Y",
        },
        {"field": "group", "type": "nominal", "title": "event group"},
        {"field": "state", "type": "nominal", "title": "dates"},
        {"field": "count", "type": "quantitative", "title": "incidents"},
    ]
    axis_y = {"tickCount": 3, "tickMinStep": 1, "format": "d", "gridColor": "#e6e8ea"}
    return {
        "mark": {"type": "rect", "stroke": "white", "strokeWidth": 0.6},
        "encoding": {
            "x": {
                "field": "start",
                "type": "temporal",
                "scale": {"type": "utc"},
                "title": None,
                "axis": _days_axis(counted),
            },
            "x2": {"field": "stop"},
            "y": {
                "field": "bottom",
                "type": "quantitative",
                "title": None,
                "axis": {**axis_y, "grid": True},
            },
            "y2": {"field": "top"},
            "color": {
                "condition": {
                    "test": "datum.state !== 'outside'",
                    "field": "group",
                    "type": "nominal",
                    "scale": scale,
                    "legend": None,
                },
                "value": _FADED,
            },
            "opacity": {
                "condition": {"test": "datum.state === 'uncertain'", "value": 0.45},
                "value": 1,
            },
            "tooltip": tip,
            "description": {"field": "said", "type": "nominal"},
        },
        "params": [{"name": "brush", "select": {"type": "interval", "encodings": ["x"]}}],
        "padding": {"left": 2, "right": 6, "top": 4, "bottom": 0},
        "config": {
            "view": {"stroke": None},
            "axis": {
                "labelColor": "#55606a",
                "labelFont": "Source Sans Pro, Source Sans 3, sans-serif",
            },
        },
    }


def _days_axis(counted: Timeline) -> dict[str, Any]:
    """Name days as people write them; the year where the bars span more than one."""
    years = {day.year for bar in counted.bars for day in (bar.start, bar.end)}
    written = "%b %Y" if counted.unit in ("month", "year") else "%-d %b"
    if len(years) > 1 and counted.unit not in ("month", "year"):
        written = "%-d %b %y"
    return {"grid": False, "format": "%Y" if counted.unit == "year" else written, "tickCount": 8}


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
