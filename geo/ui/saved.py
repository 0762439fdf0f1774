"""Which named views are there, and how does the present one become one of them?"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geo import views
from geo.errors import AtlasError, FilterError
from geo.lens import Lens
from geo.settings import layers_folder
from geo.text import to_markdown
from geo.ui import map_panel, several, state
from geo.views import RULES, View


def draw() -> None:
    """Draw the choice of a view, and the way to save the one shown."""
    found = views.read(layers_folder())
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="views"):
        st.selectbox(
            "Views",
            [view.name for view in found.views],
            index=None,
            key="view_chosen",
            placeholder="Open a view …" if found.views else "None saved yet",
            disabled=not found.views,
            on_change=_open,
        )
        with st.popover("Save", help="Save layers, filters and map view under a name"):
            _save()
    said = st.session_state.pop("view_said", "")
    if said:
        st.caption(to_markdown(said))
    for problem in found.problems[:3]:
        st.caption(to_markdown(f"{problem}."))


def opened(view: View) -> None:
    """Show a view: its layers, its filter with the dates its rule means now, its map."""
    session = st.session_state
    store = state.store()
    there = store.names()
    names = [one if one in there else store.now_called(one) for one in view.layers]
    for asked, name in zip(view.layers, names, strict=True):
        if not name:
            session.view_said = f"{view.name}: there is no layer {asked!r}."
            return
    if [session.layer, *session.beside] != names:
        state.leave_layer()
        session.layer, session.beside = names[0], names[1:]
    try:
        layers = several.layers()
    except AtlasError as error:
        session.view_said = f"{error}."
        return
    query = view.asked(i for layer in layers for i in layer.incidents)
    session.filter = query
    state.show(query)
    session.selected = ""
    if view.frame is not None:
        session.view = view.frame
        map_panel.look_at("+".join(names), view.frame)
    if view.frame is not None or view.lens != Lens():
        state.look_through(view.lens)
    rule = f", {RULES[view.rule]}: {query.start} to {query.end}" if view.rule else ""
    session.view_said = f"Opened: {view.name}{rule}"


def _open() -> None:
    session = st.session_state
    name = session.view_chosen
    session.view_chosen = None
    if not name:
        return
    try:
        opened(views.read(layers_folder()).named(name))
    except AtlasError as error:
        session.view_said = f"{error}."


def _save() -> None:
    st.text_input("Name", key="view_name", max_chars=views.LONGEST_NAME)
    st.radio(
        "Period",
        list(RULES),
        key="view_rule",
        format_func=lambda rule: RULES[rule].capitalize(),
        help="A rule follows the newest incident of the layer, never today.",
    )
    st.checkbox("With the map view", value=True, key="view_framed")
    st.checkbox("Replace one of the same name", key="view_replacing")
    st.button("Save the view", type="primary", key="view_save", on_click=_write, width="stretch")


def _write() -> None:
    session = st.session_state
    try:
        query = state.query()
        rule = session.view_rule
        lens = session.lens if session.view_framed else Lens()
        view = View(
            name=session.view_name,
            layer=session.layer,
            beside=tuple(session.beside),
            query=replace(query, start=None, end=None) if rule else query,
            frame=session.view if session.view_framed else None,
            lens=replace(lens, days=None) if rule else lens,
            rule=rule,
        )
        views.save(layers_folder(), view, replacing=session.view_replacing)
    except (AtlasError, FilterError) as error:
        session.view_said = f"Not saved: {error}."
    else:
        session.view_said = f"Saved: {view.name}"
