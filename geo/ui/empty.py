"""What does a visitor read where there is no layer yet?"""

from __future__ import annotations

import streamlit as st

from geo.settings import layers_folder


def draw() -> None:
    """Explain how the first layer comes to be."""
    st.subheader("No layer yet")
    st.markdown(
        "Incidents live in **layers**: GeoJSON files in the folder below. "
        "There are three ways to make the first one."
    )
    st.code(str(layers_folder()), language=None)
    one, two, three = st.columns(3, border=True)
    with one:
        st.markdown(
            "**Import a file, or ask a source**  \n"
            "GeoJSON, tables, UCDP GED and more, with a map and a report."
        )
        st.page_link("bring.py", label="Open Import", icon=":material/upload_file:")
    with two:
        st.markdown("**Add an incident by hand**  \nWith a click on the map or typed coordinates.")
        st.page_link("edit.py", label="Open Add and correct", icon=":material/edit_location_alt:")
    with three:
        st.markdown("**From a terminal**  \nThe same door, for large files.")
        st.code("python -m geo import ucdp FILE.csv --layer NAME", language=None, wrap_lines=True)
