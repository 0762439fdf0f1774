"""How many incidents of which type, by admin-1 unit or by week?"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from geo.filters import Filter, Selection, first_day
from geo.incident import Incident
from geo.taxonomy import event_type
from geo.timeline import bin_start

_CHOICES = {"admin1": "admin-1 × type", "week": "week × type"}


def draw(selection: Selection, asked: Filter) -> None:
    """Draw the pivot of counts; every matched incident is in exactly one cell."""
    rows = st.segmented_control(
        "Counts by",
        list(_CHOICES),
        key="pivot",
        default="admin1",
        format_func=_CHOICES.__getitem__,
        label_visibility="collapsed",
        required=True,
    )
    if not selection.matches:
        st.caption("No incident matches, so there is nothing to count.")
        return
    st.dataframe(pivot(selection.incidents, asked, rows=rows or "admin1"), height=360)


def pivot(incidents: tuple[Incident, ...], asked: Filter, *, rows: str) -> Any:
    """Count incidents in a table of rows by event type, with totals on both sides."""
    frame = pd.DataFrame(
        {
            "row": [_unit(i) if rows == "admin1" else _week(i, asked) for i in incidents],
            "type": [event_type(i.event_type).label for i in incidents],
        }
    )
    table = pd.crosstab(frame["row"], frame["type"], margins=True, margins_name="Total")
    table.index.name = "Admin-1 unit" if rows == "admin1" else "Week from"
    table.columns.name = None
    if rows == "admin1":
        order = table.drop(index="Total").sort_values("Total", ascending=False).index
        table = table.loc[[*order, "Total"]]
    return table


def _unit(incident: Incident) -> str:
    where = "/".join(incident.countries) or "no country"
    return f"{incident.admin1 or 'unit unknown'} ({where})"


def _week(incident: Incident, asked: Filter) -> str:
    return bin_start(first_day(incident, asked), "week").isoformat()
