"""What happened where? The map, its ledger, its timeline, the table, one incident in full."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from geo.errors import FilterError
from geo.filters import Filter
from geo.index import Answer
from geo.indexed import IndexedLayer
from geo.text import to_bold, to_markdown
from geo.ui import (
    counts,
    detail,
    downloads,
    empty,
    ledger,
    map_panel,
    open_conflicts,
    several,
    sidebar,
    state,
    table,
)
from geo.ui import timeline as timeline_panel

PANEL_HEIGHT = 400


def page() -> None:
    """Show the layer this visitor chose, through the filter this visitor set."""
    layer = several.layer()
    state.tell_problems()
    if layer is None:
        empty.draw()
        return
    try:
        asked = state.query()
    except FilterError as error:
        st.warning(to_markdown(f"{error}."), icon=":material/event_busy:")
    else:
        with map_panel.first(layer, asked):
            answer = state.answer(layer, asked)
        _explore(layer, asked, answer)
        state.publish(asked)
    # after the map, which then fetches its view while the rest is drawn
    sidebar.draw(state.store().names(), state.facets(layer), beside=True)


def _explore(layer: IndexedLayer, asked: Filter, answer: Answer) -> None:
    head = st.container()
    left, right = st.columns([2.3, 1], gap="small")
    with left:
        map_panel.say_what_tiles_reveal()
        map_panel.draw(layer, answer, height=PANEL_HEIGHT)
    with head:
        st.markdown(ledger.line(answer.ledger))
        several.tell(layer, asked)
    with left:
        timeline_panel.draw(layer, asked)
    with right, st.container(height=PANEL_HEIGHT + timeline_panel.HEIGHT + 16, key="panel"):
        _panel(layer, asked, answer)
    _results(layer, asked, answer)


@st.fragment
def _results(layer: IndexedLayer, asked: Filter, answer: Answer) -> None:
    """Draw the matched incidents as rows, counts or files: the tab that is open, no other."""
    draws: dict[str, Callable[[], None]] = {
        "Table": lambda: table.draw(layer, answer),
        "Counts": lambda: counts.draw(layer, asked, answer),
        "Download": lambda: downloads.draw(layer, asked, answer),
    }
    tabs = st.tabs(list(draws), key="results", on_change="rerun")
    for tab, draw in zip(tabs, draws.values(), strict=True):
        if tab.open:
            with tab:
                draw()


def _panel(layer: IndexedLayer, asked: Filter, answer: Answer) -> None:
    """Show the chosen incident, else the layer and what would widen the view."""
    chosen = st.session_state.selected
    row = layer.row_of(chosen) if chosen else None
    if row is None:
        if chosen:
            st.caption(to_markdown(f"The layer has no incident {chosen[:60]!r}."))
        st.markdown(to_bold(layer.meta.title or layer.name))
        if layer.meta.description:
            st.caption(to_markdown(layer.meta.description))
        # of several layers, each is decided by itself
        if len(several.versions(layer)) == 1:
            open_conflicts.link(layer)
        ledger.suggestions(answer.ledger, asked)
        if not answer.ledger.matched:
            st.info("No incident matches all filters together.", icon=":material/filter_alt_off:")
        st.caption("Choose an incident on the map or in the table to see its claims and sources.")
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("Close", on_click=_close, icon=":material/close:", type="tertiary")
        several.correct(layer, row)
    if not layer.holds(answer, row):
        st.caption("This incident does not match the filters.")
    several.origin(layer, row)
    detail.draw(layer.incident(row))


def _close() -> None:
    st.session_state.selected = ""


page()
