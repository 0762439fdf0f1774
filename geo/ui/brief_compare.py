"""Did more happen in one period than in another, or can that not be told?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from geo.errors import SnapshotError
from geo.filters import Filter
from geo.incident import Incident
from geo.snapshot.compare import (
    By,
    Comparison,
    Days,
    before,
    compare,
    coverage,
    label,
    line_verdict,
    notes,
    verdict,
)
from geo.snapshot.language import Language, language
from geo.text import to_markdown

_BY: dict[By, str] = {"group": "Event group", "country": "Country", "admin1": "Province"}
_COLOURS = ("#1d4e6b", "#9fb3c2")


def draw(asked: Filter, incidents: Sequence[Incident], code: str) -> None:
    """Compare two periods on one scale; the filters apply to both, but for their dates."""
    covered = coverage(incidents)
    if covered is None:
        st.caption("No accepted incident has an exact day, so there is nothing to compare.")
        return
    spoken = language(code)
    period = _asked(asked, covered)
    one, two, three, four, five = st.columns([1, 1, 1, 1, 1])
    start = one.date_input("Period from", period.start, key="compare_from")
    end = two.date_input("to (inclusive)", period.end, key="compare_to")
    other = before(period)
    other_start = three.date_input("Measured against, from", other.start, key="compare_other_from")
    other_end = four.date_input("to (inclusive) ", other.end, key="compare_other_to")
    by = five.selectbox("Lines by", list(_BY), format_func=_BY.__getitem__, key="compare_by")
    if not all(isinstance(day, date) for day in (start, end, other_start, other_end)):
        st.caption("Give all four days.")
        return
    try:
        made = compare(incidents, asked, Days(start, end), Days(other_start, other_end), by=by)
    except SnapshotError as error:
        st.warning(to_markdown(f"{error}."), icon=":material/event_busy:")
        return
    st.markdown(f"#### {to_markdown(verdict(made, spoken))}")
    left, right = st.columns([1, 1.3], gap="medium")
    with left:
        st.altair_chart(_chart(made, spoken), width="stretch")
    with right:
        st.dataframe(_table(made, spoken), hide_index=True, key="compare_table")
    for note in notes(made, spoken):
        st.caption(to_markdown(note))


def _asked(asked: Filter, covered: Days) -> Days:
    """Dates of the filter, else the newest seven days of the data."""
    if asked.start and asked.end:
        return Days(asked.start, asked.end)
    return Days(max(covered.end - timedelta(days=6), covered.start), covered.end)


def _chart(made: Comparison, spoken: Language) -> Any:
    """Draw both rates on one scale."""
    periods = [(made.other, _COLOURS[1]), (made.period, _COLOURS[0])]
    table = pd.DataFrame(
        {
            "period": [
                f"{spoken.day(p.days.start)} – {spoken.day(p.days.end)}" for p, _ in periods
            ],
            "a day": [p.a_day or 0.0 for p, _ in periods],
            "count": [p.count for p, _ in periods],
            "colour": [colour for _, colour in periods],
        }
    )
    return (
        alt.Chart(table)
        .mark_bar(height=26)
        .encode(
            x=alt.X("a day:Q", title="incidents a covered day", axis=alt.Axis(tickCount=4)),
            y=alt.Y("period:N", title=None, sort=None, axis=alt.Axis(labelLimit=220)),
            color=alt.Color("colour:N", scale=None),
            tooltip=["period:N", alt.Tooltip("a day:Q", format=".2f"), "count:Q"],
        )
        .properties(height=130)
    )


def _table(made: Comparison, spoken: Language) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _BY[made.by]: [label(line, made.by, spoken) for line in made.lines],
            "Period": [line.count for line in made.lines],
            "Before": [line.other for line in made.lines],
            "What may be said": [line_verdict(made, line, spoken) for line in made.lines],
        }
    )
