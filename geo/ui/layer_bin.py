"""What lies in the bin, how does it come back, and how is it deleted for ever?"""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from geo.errors import AtlasError
from geo.keeping import Binned
from geo.settings import user_name
from geo.text import to_bold, to_markdown
from geo.ui import state

_SHOWN = 50


def draw() -> None:
    """List retracted layers, each with the way back."""
    found = state.store().binned()
    if not found:
        st.caption("The bin is empty. A retracted layer lies here with its journal.")
        return
    st.session_state.setdefault("who", user_name())
    for one in found[:_SHOWN]:
        _entry(one)
    if len(found) > _SHOWN:
        st.caption(f"The newest {_SHOWN} of {len(found):,} are shown.")


def _entry(one: Binned) -> None:
    named = bool(st.session_state.who.strip())
    with st.container(border=True):
        st.markdown(to_bold(one.name))
        st.caption(
            to_markdown(f"Retracted {one.when:%Y-%m-%d %H:%M} UTC by {one.who}: {one.reason}")
        )
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            taken = one.name in state.store().names()
            name = one.name
            if taken:
                name = st.text_input(
                    f"{one.name} is in use: back under the name",
                    f"{one.name[:60]}-2",
                    key=f"back_name_{one.key}",
                    max_chars=64,
                )
            st.button(
                "Bring back",
                key=f"back_{one.key}",
                icon=":material/undo:",
                disabled=not named,
                on_click=_back,
                args=(one, name),
            )
            with st.popover("Delete for ever …"):
                typed = st.text_input(
                    f"Type {one.name} to delete it with its journal, for ever",
                    key=f"typed_{one.key}",
                )
                st.button(
                    "Delete for ever",
                    key=f"delete_{one.key}",
                    disabled=typed.strip() != one.name,
                    on_click=_delete,
                    args=(one, typed),
                )
        if not named:
            st.text_input(
                "Your name, for the journal",
                key=f"bin_who_{one.key}",
                on_change=_take_name,
                args=(one.key,),
            )


def _take_name(key: str) -> None:
    st.session_state.who = st.session_state[f"bin_who_{key}"]


def _back(one: Binned, name: str) -> None:
    session = st.session_state
    now = datetime.now(tz=UTC).replace(microsecond=0)
    try:
        state.store().bring_back(one.key, by=session.who.strip(), now=now, name=name.strip())
    except AtlasError as error:
        session.layers_refused = str(error)
    else:
        session.layers_said = [f"{name} is back, with its journal"]
        session.layer = name


def _delete(one: Binned, typed: str) -> None:
    try:
        state.store().delete(one.key, typed=typed)
    except AtlasError as error:
        st.session_state.layers_refused = str(error)
    else:
        st.session_state.layers_said = [f"{one.name} is deleted for ever"]
