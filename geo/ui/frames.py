"""Which frame does a page put the map into? One that every server process must serve.

A browser may ask one process for the frame of a page that another one has run. Streamlit serves a
component only where a page that uses it has run, so this process is told of it beforehand.
"""

from __future__ import annotations

from streamlit.components.v1.component_registry import ComponentRegistry


def serve() -> None:
    """Serve the files of the map's component from here on; Streamlit must be running."""
    import streamlit_folium  # noqa: PLC0415 only where a server runs: it declares its component

    ComponentRegistry.instance().register_component(streamlit_folium._component_func)  # noqa: SLF001 it has no other name
