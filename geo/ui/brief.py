"""Which picture goes into the briefing? One of exactly what the filters match."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from geo.area import BBox
from geo.errors import FilterError
from geo.filters import Match, select
from geo.params import read_bbox
from geo.snapshot import SIZES, Brief, House, draw, frame_for, manifest_of
from geo.store import Layer
from geo.text import to_markdown
from geo.ui import empty, ledger, sidebar, state
from geo.verify import verify

_SIZE_WORDS = {
    "slide": "Slide, 16:9",
    "a4": "A4 upright",
    "a4-landscape": "A4 across",
    "phone": "Phone",
}
_MIME = {"png": "image/png", "pdf": "application/pdf", "svg": "image/svg+xml"}
_FRAMES = ("The matched incidents", "The map view on Explore", "A box I type")


def page() -> None:
    """Show the picture and offer it as a file."""
    layer = state.current_layer()
    state.tell_problems()
    if layer is None:
        empty.draw()
        return
    facets = state.facets(layer.name, layer.version, _incidents=layer.incidents)
    sidebar.draw(state.store().names(), facets)
    try:
        brief = _brief(layer)
    except FilterError as error:
        st.warning(to_markdown(f"{error}."), icon=":material/event_busy:")
        return
    state.publish(brief.query)
    st.markdown(ledger.line(brief.selection.ledger))
    picture = _picture(layer.version, brief, "png", 150)
    left, right = st.columns([2.6, 1], gap="medium")
    with left:
        st.image(picture, width="stretch")
    with right:
        st.caption(
            f"ID **{manifest_of(brief).id}** is printed in the picture. Filter, ledger and data "
            "version are embedded in every file, so that it can be checked later."
        )
        for fmt, mime in _MIME.items():
            st.download_button(
                f"Download {fmt.upper()}",
                data=partial(_picture, layer.version, brief, fmt, 150),
                file_name=f"{layer.name}-{manifest_of(brief).id}.{fmt}",
                mime=mime,
                key=f"picture_{fmt}",
                on_click="ignore",
                width="stretch",
                type="primary" if fmt == "png" else "secondary",
            )
        with st.expander("Check a picture"):
            _check(layer)


def _brief(layer: Layer) -> Brief:
    """Read what to draw from the widgets."""
    asked = state.query()
    found = state.selection(layer, asked)
    title, size, frame, producer = st.columns([2, 1, 1.3, 1])
    with title:
        text = st.text_input(
            "Title", value=layer.meta.title or layer.name, max_chars=200, key="brief_title"
        )
    with size:
        chosen = st.selectbox(
            "Size", SIZES, format_func=lambda s: _SIZE_WORDS.get(s, s), key="brief_size"
        )
    with frame:
        choice = st.selectbox("Frame", _FRAMES, key="brief_frame")
        box = _frame(choice, found.matches)
    with producer:
        name = st.text_input("Producer", key="brief_producer", persist_state="session")
    return Brief(
        title=text,
        query=asked,
        selection=select(layer.incidents, asked, frame=box),
        layers=((layer.name, layer.version),),
        as_of=layer.meta.as_of or datetime.now(tz=UTC),
        frame=box,
        size=chosen,
        house=House(producer=name),
    )


def _frame(choice: str, matches: Sequence[Match]) -> BBox:
    if choice == _FRAMES[1] and st.session_state.view:
        box: BBox = st.session_state.view
        return box
    if choice == _FRAMES[2]:
        text = st.text_input("West, south, east, north", "60,28,76,38", key="brief_box")
        return read_bbox(text)
    return frame_for(matches)


@st.cache_data(max_entries=24, show_spinner="Drawing …", hash_funcs={Brief: repr})
def _picture(version: str, brief: Brief, fmt: str, dpi: int) -> bytes:  # noqa: ARG001 cache key
    return draw(brief, fmt=fmt, dpi=dpi)


def _check(layer: Layer) -> None:
    """Say whether a picture still shows what the layer holds."""
    file = st.file_uploader("PNG or SVG", type=["png", "svg"], key="check_file")
    if file is None:
        st.caption("It proves sameness with the layer, not who made the picture.")
        return
    verdict = verify(file.getvalue(), layer.incidents, version=layer.version)
    said = {
        "same": "Same: the picture shows what the layer holds now.",
        "data_changed": "The data changed since the picture was made.",
        "altered": "Altered: the picture is not as it was made.",
        "no_manifest": "No manifest: the file was not made here, or lost it on the way.",
    }[verdict.result]
    st.markdown(f"**{said}**")
    for name in ("added", "revised", "moved", "withdrawn"):
        ids = getattr(verdict, name)
        if ids:
            st.caption(to_markdown(f"{len(ids)} {name}: {', '.join(ids[:20])}"))


page()
