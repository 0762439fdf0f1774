"""Which named views are kept beside the layers, and what does each ask?"""

from __future__ import annotations

import streamlit as st

from geo import params, views
from geo.errors import AtlasError
from geo.settings import layers_folder
from geo.text import to_bold, to_markdown
from geo.ui import saved
from geo.views import RULES, View


def draw() -> None:
    """List the views; each can be opened on Explore or removed."""
    found = views.read(layers_folder())
    for problem in found.problems:
        st.warning(to_markdown(f"{problem}."), icon=":material/link_off:")
    if not found.views:
        st.caption(
            "No view is saved yet. On Explore, set filters and dates, then choose Save beside "
            "Views: layers, filters, map view and a rule for the dates are kept under a name."
        )
        return
    for number, view in enumerate(found.views):
        _entry(number, view)
    if st.session_state.pop("view_go", False):
        st.switch_page("explore.py")


def _entry(number: int, view: View) -> None:
    with st.container(border=True):
        left, right = st.columns([3, 1.2], vertical_alignment="center")
        with left:
            st.markdown(to_bold(view.name))
            st.caption(to_markdown(_asks(view)))
        with right, st.container(horizontal=True, gap="small"):
            st.button("Open", key=f"view_open_{number}", on_click=_open, args=(view,))
            st.button("Remove", key=f"view_remove_{number}", on_click=_remove, args=(view,))


def _asks(view: View) -> str:
    asked = [f"{name} {' '.join(values)}" for name, values in params.write(view.query).items()]
    parts = [f"Layer{'s' if view.beside else ''} {' + '.join(view.layers)}"]
    if view.rule:
        parts.append(RULES[view.rule])
    parts += asked or ["every accepted incident"]
    if view.frame:
        parts.append("with its map view")
    if view.lens.days:
        parts.append("{} to {} on the map".format(*view.lens.days))
    if view.lens.hexagons:
        parts.append("in hexagons")
    return " · ".join(parts)


def _open(view: View) -> None:
    saved.opened(view)
    st.session_state.view_go = True


def _remove(view: View) -> None:
    try:
        views.remove(layers_folder(), view.name)
    except AtlasError as error:
        st.session_state.layers_refused = str(error)
    else:
        st.session_state.layers_said = [f"The view {view.name} is removed; its layer is untouched"]
