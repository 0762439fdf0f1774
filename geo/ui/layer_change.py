"""How does a layer get another title, licence or name, and how is it taken back?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from geo.errors import AtlasError
from geo.layerinfo import LayerInfo
from geo.settings import layers_folder
from geo.ui import state

_LICENCES = ("CC BY 4.0", "CC BY-SA 4.0", "CC0 1.0", "Public domain", "Internal use only")


def draw(info: LayerInfo) -> None:
    """Offer the three changes side by side."""
    named = bool(st.session_state.who.strip())
    if not named:
        st.caption("Give your name above first: the journal keeps it with each change.")
    first, second, third = st.columns([1.5, 1, 1], border=True)
    with first:
        _describe(info, named=named)
    with second:
        _rename(info, named=named)
    with third:
        _retract(info, named=named)


def _describe(info: LayerInfo, *, named: bool) -> None:
    key = f"{info.name}_{info.version[:8]}"
    st.markdown("**Describe**")
    title = st.text_input("Title", info.title, key=f"title_{key}", max_chars=300)
    description = st.text_area(
        "Description", _description(info.name), key=f"description_{key}", max_chars=4_000
    )
    options = list(dict.fromkeys(filter(None, (info.licence, *_LICENCES))))
    licence = st.selectbox(
        "Licence: choose one or type what the source allows",
        options,
        index=0 if info.licence else None,
        key=f"licence_{key}",
        accept_new_options=True,
        placeholder="not stated",
    )
    st.button(
        "Save the description",
        key="describe",
        disabled=not named,
        on_click=_try,
        args=(lambda: _do_describe(info.name, title, description, licence or ""),),
    )


def _description(name: str) -> str:
    return state.store().description(name).description


def _do_describe(name: str, title: str, description: str, licence: str) -> str:
    state.store().describe(
        name, title=title, description=description, licence=licence, by=_who(), now=_now()
    )
    return f"{name} is described anew"


def _rename(info: LayerInfo, *, named: bool) -> None:
    st.markdown("**Rename the file**")
    st.code(str(layers_folder() / f"{info.name}.geojson"), language=None, wrap_lines=True)
    new = st.text_input(
        "New name", key=f"rename_{info.name}", max_chars=64, placeholder="a-z, 0-9, - and _"
    )
    st.caption(
        "Its journal and named views follow. Links with the old name lead to the new one, as long "
        "as no other layer takes it."
    )
    st.button(
        "Rename",
        key="rename",
        disabled=not (named and new.strip()),
        on_click=_try,
        args=(lambda: _do_rename(info.name, new.strip()),),
    )


def _do_rename(name: str, new: str) -> str:
    state.store().rename(name, new, by=_who(), now=_now())
    st.session_state.layer = new
    return f"{name} is now called {new}"


def _retract(info: LayerInfo, *, named: bool) -> None:
    st.markdown("**Retract**")
    reason = st.text_area("Why?", key=f"retract_{info.name}", max_chars=500, height=80)
    st.caption(
        "The layer goes to the bin with its journal and can be brought back. Nothing is deleted."
    )
    st.button(
        "Move to the bin",
        key="retract",
        icon=":material/delete:",
        disabled=not (named and reason.strip()),
        on_click=_try,
        args=(lambda: _do_retract(info.name, reason),),
    )


def _do_retract(name: str, reason: str) -> str:
    state.store().retract_layer(name, reason=reason, by=_who(), now=_now())
    state.leave_layer()
    st.session_state.layer = ""
    return f"{name} is in the bin; it can be brought back there"


def _try(act: Callable[[], str]) -> None:
    try:
        said = act()
    except AtlasError as error:
        st.session_state.layers_refused = str(error)
    else:
        st.session_state.layers_said = [said]


def _who() -> str:
    return str(st.session_state.who.strip())


def _now() -> datetime:
    return datetime.now(tz=UTC).replace(microsecond=0)
