"""Is the visitor looking at the past? A banner over every page, and the way back."""

from __future__ import annotations

from datetime import date

import streamlit as st

from geo.errors import AtlasError
from geo.text import to_bold
from geo.ui import state

# the pages that look after layers themselves show them as they are
_TODAY = frozenset(("layers", "bring"))

_WRITING = {"edit": "add or correct an incident", "decide": "decide what is open"}


def banner(page: str) -> None:
    """Say over a page that it shows a layer as it was known on a day, and offer the way back."""
    day: date | None = st.session_state.as_known
    if day is None or page in _TODAY:
        return
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key="as_known_banner",
    ):
        st.markdown(f":material/history: {to_bold(_said(day, page))}", width="content")
        st.button(
            "Back to what is known now",
            key="as_known_back",
            on_click=leave,
            icon=":material/update:",
            type="primary",
        )


def look_at(day: date) -> None:
    """Show the chosen layer as it was known on a day."""
    st.session_state.as_known = day
    st.session_state.selected = ""


def leave() -> None:
    """Go back to what is known now."""
    st.session_state.as_known = None
    st.session_state.selected = ""


def _said(day: date, page: str) -> str:
    if page in _WRITING:
        return (
            f"You are looking at the layer as known on {day}: that is read, not written. "
            f"Go back to {_WRITING[page]}."
        )
    try:
        layer = state.current_layer()
    except AtlasError:
        # the page says what is wrong, under this banner
        return f"As known on {day}."
    if layer is None:
        return f"As known on {day}."
    return (
        f"As known on {day} (UTC), read-only: {len(layer.incidents):,} incidents, "
        f"version {layer.version[:8]}. Later changes are not shown."
    )
