"""How would the very same page answer with another map in the place of ours?

Filter, ledger, table and panel are the product's own in every case, so that what differs is the
map: none (the floor), or one of the usual ways to put points on one.
"""

from __future__ import annotations

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st
from branca.element import MacroElement
from folium.plugins import FastMarkerCluster, MarkerCluster
from folium.template import Template
from streamlit_folium import st_folium

from geo import bits
from geo.columns import numbers
from geo.taxonomy import event_types
from geo.ui import map_panel

_LEAFLET, _CLUSTER = "/atlas/assets/leaflet", "/bench/MarkerCluster"
_TYPES = np.array([kind.id for kind in event_types()])
_HEIGHT = 400


class _Painted(MacroElement):
    """Tells the page's window that the map's script has run; the next frame draws what it made."""

    _template = Template(
        "{% macro script(this, kwargs) %}setTimeout(() => {"
        "window.top.benchPainted = {{ this.turn }}; });{% endmacro %}"
    )

    def __init__(self, turn: int) -> None:
        super().__init__()
        self._name, self.turn = "Painted", turn


def matched(layer, answer) -> pd.DataFrame:
    """Positions and words of what matches, as one would hand them to a map."""
    rows, table = bits.rows_of(answer.rows), layer.index.table
    days = numbers(table, "start")[rows].astype("datetime64[D]")
    return pd.DataFrame(
        {
            "lon": numbers(table, "lon")[rows],
            "lat": numbers(table, "lat")[rows],
            "event_type": _TYPES[numbers(table, "event_type")[rows]],
            "day": np.datetime_as_string(days),
        }
    ).dropna()


def nothing(layer, answer, *, height: int) -> None:  # noqa: ARG001 as the map takes it
    """Draw the floor: a line of text that changes with the filter."""
    st.caption(f"bench {answer.ledger.matched} {_turn()}")


def markers(frame: pd.DataFrame, group: folium.FeatureGroup) -> None:
    """Add one marker each, with its tooltip."""
    cluster = MarkerCluster().add_to(group)
    for row in frame.itertuples():
        folium.Marker((row.lat, row.lon), tooltip=f"{row.event_type} {row.day}").add_to(cluster)


def fast(frame: pd.DataFrame, group: folium.FeatureGroup) -> None:
    """Add points alone, as the quickest of Folium's clusters takes them."""
    # its own marker needs an icon set that is not here
    marker = "function (row) { return L.marker(new L.LatLng(row[0], row[1])); }"
    FastMarkerCluster(frame[["lat", "lon"]].to_numpy().tolist(), callback=marker).add_to(group)


def shapes(frame: pd.DataFrame, group: folium.FeatureGroup) -> None:
    """Add circles with tooltips, from GeoJSON."""
    points = gpd.GeoDataFrame(
        frame[["event_type", "day"]],
        geometry=gpd.points_from_xy(frame["lon"], frame["lat"]),
        crs=4326,
    )
    circle = folium.CircleMarker(radius=4, weight=0, fill=True, fill_color="#d62728")
    tip = folium.GeoJsonTooltip(["event_type", "day"])
    folium.GeoJson(points, marker=circle, tooltip=tip).add_to(group)


def deck(layer, answer, *, height: int) -> None:
    """Draw every point with pydeck."""
    import pydeck

    points = pydeck.Layer(
        "ScatterplotLayer",
        # one name, so that it is updated and not made anew
        id="bench",
        data=matched(layer, answer)[["lon", "lat", "event_type"]],
        get_position="[lon,lat]",
        get_radius=3,
        radius_units="'pixels'",
        get_fill_color=[200, 30, 30, 160],
        pickable=True,
    )
    seen = pydeck.ViewState(latitude=10, longitude=60, zoom=1.5)
    tip = {"text": "{event_type}"}
    chart = pydeck.Deck(map_style=None, initial_view_state=seen, layers=[points], tooltip=tip)
    st.pydeck_chart(chart, height=height, key="bench")


def folium_map(add):
    """Draw a Folium map that stays, with a group of points that is replaced."""

    def draw(layer, answer, *, height: int) -> None:
        made = folium.Map(
            location=[10, 60], zoom_start=2, maxZoom=18, tiles=None, prefer_canvas=True
        )
        made.default_js = [
            ("leaflet", f"{_LEAFLET}.js"),
            ("jquery", "/atlas/assets/jquery.min.js"),
            ("cluster", "/bench/leaflet.markercluster.js"),
        ]
        made.default_css = [
            ("leaflet", f"{_LEAFLET}.css"),
            ("cluster", f"{_CLUSTER}.css"),
            ("looks", f"{_CLUSTER}.Default.css"),
        ]
        group = folium.FeatureGroup("bench")
        add(matched(layer, answer), group)
        group.add_child(_Painted(_turn()))
        st_folium(
            made,
            key="bench",
            height=height,
            use_container_width=True,
            returned_objects=[],
            feature_group_to_add=group,
        )

    return draw


def _turn() -> int:
    st.session_state.bench_turn = st.session_state.get("bench_turn", 0) + 1
    return st.session_state.bench_turn


MAPS = {
    "floor": nothing,
    "MarkerCluster": folium_map(markers),
    "FastMarkerCluster": folium_map(fast),
    "GeoJson": folium_map(shapes),
    "pydeck": deck,
}


def install(name: str) -> None:
    """Put a map in the place of ours, in every page of this process."""
    for plugin in (MarkerCluster, FastMarkerCluster):
        plugin.default_js, plugin.default_css = [], []
    if name in MAPS:
        map_panel.draw = st.fragment(MAPS[name])
