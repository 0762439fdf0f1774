"""Which conflicts of the chosen layer wait for a decision? Counted once a version."""

from __future__ import annotations

import streamlit as st

from geo.decisions import Waiting, waiting
from geo.incident import Incident
from geo.indexed import IndexedLayer
from geo.living import MEMBER
from geo.settings import layers_folder
from geo.store import Layer


def of(layer: Layer) -> list[Waiting]:
    """Find the open conflicts of a layer, in order of id."""
    return _found(str(layers_folder()), layer.name, layer.version, _incidents=layer.incidents)


def link(layer: IndexedLayer) -> None:
    """Say on another page how many wait, where any do."""
    if st.session_state.as_known:
        # what was open then is not what is decided now
        return
    count = len(_held(layer.version, _layer=layer))
    if count:
        words = "conflict waits" if count == 1 else "conflicts wait"
        st.page_link("decide.py", label=f"{count:,} {words} for a decision", icon=":material/rule:")


@st.cache_resource(max_entries=4, show_spinner=False)
def _found(
    folder: str,  # noqa: ARG001 part of the cache key
    name: str,  # noqa: ARG001 part of the cache key
    version: str,  # noqa: ARG001 part of the cache key
    *,
    _incidents: tuple[Incident, ...],
) -> list[Waiting]:
    return list(waiting(_incidents))


@st.cache_resource(max_entries=8, show_spinner=False)
def _held(version: str, *, _layer: IndexedLayer) -> list[Waiting]:  # noqa: ARG001 cache key
    return list(waiting(_layer.incidents_with(f'"{MEMBER}"')))
