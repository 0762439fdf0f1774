"""What do the matched incidents look like as rows, and which one is chosen?"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from geo.claims import toll_in_words
from geo.filters import Filter, Match, Selection
from geo.taxonomy import event_type
from geo.words import place_in_words, when_in_words

ROWS = 2_000
_WHEN = {"within": "", "ongoing": "ongoing", "uncertain": "date uncertain"}


def draw(name: str, version: str, asked: Filter, selection: Selection) -> None:
    """Draw the table; choosing a row chooses the incident."""
    matches = _newest_first(selection)
    shown = matches[:ROWS]
    if len(matches) > ROWS:
        st.caption(f"The newest {ROWS:,} of {len(matches):,}; the downloads hold all of them.")
    chosen = st.session_state.selected
    ids = [m.incident.id for m in shown]
    row = ids.index(chosen) if chosen in ids else None
    # the key carries the choice, so that one made on the map is marked here too
    key = f"table_{name}_{version[:8]}_{abs(hash(repr(asked)))}_{chosen}"
    st.dataframe(
        _frame(shown),
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


def _frame(matches: tuple[Match, ...]) -> Any:
    rows = [m.incident for m in matches]
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
            "In range": [_WHEN[m.when] for m in matches],
            "Source": [next((s.url for s in i.sources if s.url), None) for i in rows],
            "Id": [i.id for i in rows],
        }
    )


def _newest_first(selection: Selection) -> tuple[Match, ...]:
    ordered = sorted(selection.matches, key=lambda m: m.incident.id)
    return tuple(sorted(ordered, key=lambda m: m.incident.start, reverse=True))


def _take(key: str, ids: list[str]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    st.session_state.selected = ids[rows[0]] if rows else ""
    # the map brings what was chosen here into view
    st.session_state.look = st.session_state.get("look", 0) + 1
