"""Which layers are there, what happened to them, and how are they looked after?"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from geo.errors import AtlasError, LayerUnreadError
from geo.layerinfo import LayerInfo, describe
from geo.settings import layers_folder, user_name
from geo.text import to_markdown
from geo.ui import (
    empty,
    layer_backup,
    layer_bin,
    layer_change,
    layer_compare,
    layer_journal,
    layer_known,
    layer_views,
    state,
)

_SECTIONS = {
    "journal": "Versions and journal",
    "compare": "Compare two versions",
    "known": "As known on a day",
    "change": "Describe, rename, retract",
}
_ASIDE = {"views": "Named views", "bin": "Bin", "backup": "Backup"}


def page() -> None:
    """List the layers; for the chosen one, show its past and what can be done with it."""
    st.subheader("Layers", anchor=False)
    _said()
    infos, damaged, unread = _infos()
    for sentence in damaged:
        st.error(to_markdown(f"{sentence}."), icon=":material/error:")
    for sentence in unread:
        st.info(to_markdown(f"{sentence}."), icon=":material/hourglass_top:")
    if infos:
        _list(infos)
        _chosen(infos)
    else:
        empty.draw()
    st.space("small")
    st.markdown("##### For all layers")
    aside = st.segmented_control(
        "For all layers",
        list(_ASIDE),
        key="layers_aside",
        default="views",
        format_func=_ASIDE.__getitem__,
        label_visibility="collapsed",
        required=True,
    )
    if aside == "bin":
        layer_bin.draw()
    elif aside == "backup":
        layer_backup.draw()
    else:
        layer_views.draw()


def _said() -> None:
    for sentence in st.session_state.pop("layers_said", []):
        st.success(to_markdown(sentence), icon=":material/check:")
    refused = st.session_state.pop("layers_refused", "")
    if refused:
        st.error(to_markdown(f"{refused}."), icon=":material/error:")


def _infos() -> tuple[list[LayerInfo], list[str], list[str]]:
    """Describe every layer; one that is damaged or not read yet does not hide the others."""
    store = state.store()
    infos, damaged, unread = [], [], []
    for name in store.names():
        try:
            infos.append(_info(str(layers_folder()), name, state.version(name)))
        except LayerUnreadError as error:
            unread.append(str(error))
        except AtlasError as error:
            damaged.append(str(error))
    return infos, damaged, unread


@st.cache_resource(max_entries=200, show_spinner="Reading the layers …")
def _info(folder: str, name: str, version: str) -> LayerInfo:  # noqa: ARG001 part of the cache key
    return describe(state.as_it_is(name), version=version)


def _list(infos: list[LayerInfo]) -> None:
    names = [info.name for info in infos]
    if st.session_state.layer not in names:
        now = state.store().now_called(st.session_state.layer) if st.session_state.layer else ""
        st.session_state.layer = now or names[0]
    row = names.index(st.session_state.layer)
    key = f"layers_list_{st.session_state.layer}_{len(names)}"
    st.dataframe(
        _frame(infos),
        key=key,
        hide_index=True,
        height="content" if len(infos) <= 6 else 248,
        on_select=lambda: _take(key, names),
        selection_mode="single-row",
        selection_default={"selection": {"rows": [row]}},
        column_config={
            "Title": st.column_config.TextColumn(width="medium"),
            "Licence": st.column_config.TextColumn(width="small"),
        },
    )


def _frame(infos: list[LayerInfo]) -> Any:
    return pd.DataFrame(
        {
            "Title": [info.title or "(no title)" for info in infos],
            "Layer": [info.name for info in infos],
            "Incidents": [info.incidents for info in infos],
            "Period": [
                f"{info.period[0]} to {info.period[1]}" if info.period else "no dates"
                for info in infos
            ],
            "As of (UTC)": [f"{i.as_of:%Y-%m-%d %H:%M:%S}" if i.as_of else "" for i in infos],
            "Licence": [" ".join(info.licence.split()) or "not stated" for info in infos],
            "Size": [_size(info.name) for info in infos],
            "Version": [info.version[:8] for info in infos],
        }
    )


def _size(name: str) -> str:
    try:
        size = (layers_folder() / f"{name}.geojson").stat().st_size
    except OSError:
        return ""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(size / 1000, 0.1):.1f} kB"


def _take(key: str, names: list[str]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    chosen = names[rows[0]] if rows else st.session_state.layer
    if chosen != st.session_state.layer:
        state.leave_layer()
        st.session_state.layer = chosen


def _chosen(infos: list[LayerInfo]) -> None:
    info = next(info for info in infos if info.name == st.session_state.layer)
    left, right = st.columns([2.4, 1], vertical_alignment="bottom")
    with left:
        st.markdown(f"##### {to_markdown(info.title or info.name)}")
        st.caption(to_markdown(f"Layer {info.name}, version {info.version[:12]}"))
    with right:
        st.session_state.setdefault("who", user_name())
        st.text_input(
            "Your name, for the journal",
            key="who",
            placeholder="asked once",
            persist_state="session",
        )
    section = st.segmented_control(
        "What about this layer?",
        list(_SECTIONS),
        key="layers_section",
        default="journal",
        format_func=_SECTIONS.__getitem__,
        label_visibility="collapsed",
        required=True,
    )
    if section == "compare":
        layer_compare.draw(info)
    elif section == "known":
        layer_known.draw(info)
    elif section == "change":
        layer_change.draw(info)
    else:
        layer_journal.draw(info)


page()
