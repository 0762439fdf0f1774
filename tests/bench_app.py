"""The app that `tests.bench_browser` runs: ours, with the map that GEO_BENCH_MAP names."""

import os
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from xstatic.pkg import leaflet_markercluster

from geo.webmap import middleware, routes

_navigation = st.navigation


@cache
def exchange() -> None:
    """Exchange the map; streamlit-folium is only served where a run of a page imports it."""
    from tests.bench_maps import install

    install(os.environ["GEO_BENCH_MAP"])


def navigation(*given, **named):
    """Exchange the map before the first page."""
    exchange()
    return _navigation(*given, **named)


st.navigation = navigation
app = st.App(
    str(Path(__file__).parents[1] / "geo/ui/main.py"),
    routes=[*routes(""), Mount("/bench", StaticFiles(directory=leaflet_markercluster.BASE_DIR))],
    middleware=middleware(),
)
