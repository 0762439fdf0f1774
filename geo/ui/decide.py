"""What do the sources leave open, and how is it decided? Conflicts, one event or two, merges."""

from __future__ import annotations

import streamlit as st

from geo.incident import Incident
from geo.living import living
from geo.settings import layers_folder, user_name
from geo.text import to_markdown
from geo.ui import decide_conflicts, decide_merged, decide_same, empty, open_conflicts, state

_SECTIONS = {"conflicts": "Conflicts", "same": "One event?", "merged": "Merged"}


def page() -> None:
    """Show what waits in the chosen layer."""
    if st.session_state.as_known:
        # the past is read, not written: what is open today is decided
        return
    layer = state.current_layer()
    state.tell_problems()
    if layer is None:
        empty.draw()
        return
    _head()
    _said()
    open_ = open_conflicts.of(layer)
    merged = _merged(str(layers_folder()), layer.name, layer.version, _incidents=layer.incidents)
    counts = {
        "conflicts": len(open_),
        "same": decide_same.known(layer),
        "merged": len(merged),
    }
    section = st.segmented_control(
        "What is to be decided?",
        list(_SECTIONS),
        key="decide_section",
        default="conflicts",
        format_func=lambda key: _SECTIONS[key] + _count(counts[key]),
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )
    with st.container(key="decide"):
        if section == "same":
            decide_same.draw(layer)
        elif section == "merged":
            decide_merged.draw(layer, merged)
        else:
            decide_conflicts.draw(layer, open_)


def _count(number: int | None) -> str:
    return "" if number is None else f" · {number:,}"


def _head() -> None:
    st.subheader("Decide", anchor=False)
    left, right = st.columns([2.4, 1], vertical_alignment="bottom")
    with left:
        st.selectbox(
            "Layer",
            state.store().names(),
            key="layer",
            on_change=state.leave_layer,
            persist_state="session",
        )
    with right:
        st.session_state.setdefault("who", user_name())
        st.text_input(
            "Your name, for the journal",
            key="who",
            placeholder="asked once",
            persist_state="session",
        )


def _said() -> None:
    done = st.session_state.pop("decide_said", "")
    if done:
        st.success(to_markdown(f"{done}."), icon=":material/check:")
    refused = st.session_state.pop("decide_refused", "")
    if refused:
        st.warning(to_markdown(f"{refused}."), icon=":material/sync_problem:")


@st.cache_resource(max_entries=4, show_spinner=False)
def _merged(
    folder: str,  # noqa: ARG001 part of the cache key
    name: str,  # noqa: ARG001 part of the cache key
    version: str,  # noqa: ARG001 part of the cache key
    *,
    _incidents: tuple[Incident, ...],
) -> list[Incident]:
    """Find the merged incidents, the newest first."""
    found = [i for i in _incidents if living(i).merged_from]
    return sorted(found, key=lambda i: (i.recorded.updated, i.id), reverse=True)


page()
