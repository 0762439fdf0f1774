"""What did a layer look like on a day, and how is it opened as it was?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import streamlit as st

from geo.errors import AtlasError
from geo.journal import Transaction
from geo.layerinfo import LayerInfo
from geo.settings import layers_folder
from geo.store import Layer
from geo.text import to_markdown
from geo.ui import known, layer_journal, state
from geo.versions import known_on, last_moment


def draw(info: LayerInfo) -> None:
    """Ask for a day, say what was known on it, and open Explore on it."""
    steps = layer_journal.history(info.name, info.version)
    newest = steps[0].when if steps else info.as_of or datetime.now(tz=UTC)
    oldest = steps[-1].when if steps else newest
    chosen = st.date_input(
        "As known at the end of (UTC)",
        value=newest.astimezone(UTC).date(),
        min_value=date(1990, 1, 1),
        max_value=max(newest.astimezone(UTC).date(), datetime.now(tz=UTC).date()),
        key=f"known_day_{info.name}",
        format="YYYY-MM-DD",
        width=220,
    )
    day = chosen if isinstance(chosen, date) else None
    if day is None:
        return
    try:
        layer = _layer(str(layers_folder()), info.name, info.version, day)
    except AtlasError as error:
        st.warning(to_markdown(f"{error}."), icon=":material/event_busy:")
        _reach(steps, oldest)
        return
    later = sum(step.when > last_moment(day) for step in steps)
    since = f"{later:,} later changes are left out" if later else "nothing changed since"
    st.markdown(
        f"**{len(layer.incidents):,} incidents** were known on {day}; the layer holds "
        f"{info.incidents:,} now, {since}. Version {layer.version[:8]}."
    )
    st.button(
        f"Explore as known on {day}",
        type="primary",
        key="known_open",
        icon=":material/history:",
        on_click=_open,
        args=(day,),
    )
    if st.session_state.pop("known_go", False):
        st.switch_page("explore.py")
    st.caption(
        f"The address of that view can be mailed: it says as-known={day}. In a terminal: "
        "--known-on with query, export and snapshot."
    )


def _reach(steps: list[Transaction], oldest: datetime) -> None:
    if steps:
        st.caption(f"The journal of this layer reaches back to {oldest:%Y-%m-%d %H:%M} UTC.")


@st.cache_resource(max_entries=8, show_spinner="Reading the layer as it was …")
def _layer(folder: str, name: str, version: str, day: date) -> Layer:  # noqa: ARG001 cache key
    return known_on(state.store(), name, last_moment(day))


def _open(day: date) -> None:
    known.look_at(day)
    st.session_state.known_go = True
