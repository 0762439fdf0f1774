"""What do the matched incidents look like as rows, and which one is chosen?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from geo.claims import toll_in_words
from geo.filters import When
from geo.incident import Incident
from geo.index import Answer, newest
from geo.indexed import IndexedLayer
from geo.taxonomy import event_type
from geo.words import place_in_words, when_in_words

# each is read from the layer anew where the filter changes
ROWS = 200
_WHEN = {"within": "", "ongoing": "ongoing", "uncertain": "date uncertain"}


def draw(layer: IndexedLayer, answer: Answer) -> None:
    """Draw the table; choosing a row chooses the incident."""
    matched = answer.ledger.matched
    pages = max(-(-matched // ROWS), 1)
    page = 1
    if pages > 1:
        left, right = st.columns([1, 5], vertical_alignment="bottom")
        page = int(left.number_input("Page", 1, pages, key="table_page", persist_state="session"))
        right.caption(
            f"Newest first: {(page - 1) * ROWS + 1:,} to {min(page * ROWS, matched):,} of "
            f"{matched:,}; the downloads hold all of them."
        )
    rows = newest(layer.index, answer.rows, first=(page - 1) * ROWS, count=ROWS)
    shown = tuple(layer.incidents(rows.tolist()))
    ids = [incident.id for incident in shown]
    chosen = st.session_state.selected
    row = ids.index(chosen) if chosen in ids else None
    # one key as long as nothing is chosen, so that a browser puts other rows into the table that
    # it has; what is chosen, and where it stands, make another, which is marked from the start
    key = "table" if row is None else f"table_{row}_{chosen}"
    st.dataframe(
        _frame(shown, layer.whens(answer, rows)),
        key=key,
        hide_index=True,
        height=360,
        on_select=lambda: _take(key, ids),
        selection_mode="single-row",
        selection_default={"selection": {"rows": [row]}} if row is not None else None,
        column_config={
            "Incident": st.column_config.TextColumn(width="large"),
            "Source": st.column_config.LinkColumn(width="small", display_text=r"https?://([^/]+)"),
        },
        placeholder="",
    )


def _frame(rows: Sequence[Incident], whens: Sequence[When]) -> Any:
    return pd.DataFrame(
        {
            "Date": [when_in_words(i) for i in rows],
            "Event type": [event_type(i.event_type).label for i in rows],
            "Incident": [i.title for i in rows],
            "Place": [place_in_words(i) for i in rows],
            "Precision": [i.precision for i in rows],
            "Deaths": [toll_in_words(i, "deaths") for i in rows],
            "Injured": [toll_in_words(i, "injured") for i in rows],
            "Assessment": [i.assessment for i in rows],
            "In range": [_WHEN[when] for when in whens],
            "Source": [next((s.url for s in i.sources if s.url), None) for i in rows],
            "Id": [i.id for i in rows],
        }
    )


def _take(key: str, ids: list[str]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    st.session_state.selected = ids[rows[0]] if rows else ""
    # the map brings what was chosen here into view
    st.session_state.look = st.session_state.get("look", 0) + 1
    # of the whole page, not of the table alone
    st.rerun()
