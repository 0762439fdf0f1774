"""Which pages are there? The frame around every page, and where a surprise is caught."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from geo.errors import AtlasError, LayerCorruptError, LayerUnreadError
from geo.text import to_markdown
from geo.ui import known, look, reading, several, sidebar, state

st.set_page_config(
    page_title="Incident Atlas",
    page_icon=str(Path(__file__).with_name("icon.png")),
    layout="wide",
    initial_sidebar_state=330,
)
look.apply()
state.begin()
page = st.navigation(
    [
        st.Page("explore.py", title="Explore", icon=":material/explore:", default=True),
        st.Page("edit.py", title="Add and correct", icon=":material/edit_location_alt:"),
        st.Page("review.py", title="Review", icon=":material/fact_check:"),
        st.Page("brief.py", title="Snapshot", icon=":material/photo_library:"),
        st.Page("bring.py", title="Import", icon=":material/upload_file:"),
        st.Page("decide.py", title="Decide", icon=":material/rule:"),
        st.Page("layers.py", title="Layers", icon=":material/layers:"),
    ],
    position="top",
)
state.enter(page.url_path)
known.banner(page.url_path)
several.say_one_alone(page.url_path)
try:
    page.run()
except LayerUnreadError as unread:
    sidebar.choose_alone(state.store().names(), beside=page.url_path in several.TOGETHER)
    reading.draw(unread)
except LayerCorruptError as error:
    st.error(to_markdown(f"{error}."), icon=":material/error:")
    # a damaged layer does not bar the way to the others
    sidebar.choose_alone(state.store().names(), beside=page.url_path in several.TOGETHER)
except AtlasError as error:
    st.error(to_markdown(f"{error}."), icon=":material/error:")
