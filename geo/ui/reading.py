"""Which layer must be read first, where is that done, and how far is it?

A file that the store did not write passes the gate line by line. A large one does so in a
process of its own, one for all visitors, and the page shows how far it is.
"""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from geo.errors import LayerUnreadError
from geo.incoming.job import Job
from geo.incoming.order import Order
from geo.indexed import unchecked
from geo.settings import layers_folder
from geo.store import LayerStore
from geo.text import to_bold, to_markdown

# what is smaller is read within a second, while the page waits
_LARGE = 5_000_000
# what is done within this time is shown at once, without a bar
_AT_ONCE = 1.5


def must_be_read(store: LayerStore, name: str) -> None:
    """Refuse to open a large layer that must be read first.

    Raises
    ------
    LayerUnreadError
        Which is no damage: `draw` sees to it.
    """
    digest = unchecked(store, name)
    if digest and (layers_folder() / f"{name}.geojson").stat().st_size > _LARGE:
        raise LayerUnreadError(name, digest)


def draw(unread: LayerUnreadError) -> None:
    """Have a layer read, and show how far that is."""
    # the header of the page covers what begins at its very top
    st.space("small")
    folder = str(layers_folder())
    job = _job(folder, unread.name, unread.digest)
    if not job.wait(_AT_ONCE):
        _progress(job, unread.name)
        return
    # the next look finds the layer read, or reads it anew
    _job.clear(folder, unread.name, unread.digest)
    if job.done:
        st.rerun()
    st.error(to_markdown(f"{job.error}."), icon=":material/error:")
    st.button("Read it again", icon=":material/replay:")


@st.cache_resource(max_entries=4, show_spinner=False)
def _job(folder: str, name: str, digest: str) -> Job:  # noqa: ARG001 part of the cache key
    return Job(
        Order(work="read", source="", layers=layers_folder(), layer=name, now=datetime.now(tz=UTC))
    )


@st.fragment(run_every=0.7)
def _progress(job: Job, name: str) -> None:
    if not job.running:
        st.rerun()
    what, done, of = job.step
    with st.container(border=True, key="reading_progress"):
        st.markdown(f"Reading the layer {to_bold(name)} …")
        if of:
            read, size = (round(n / 1_000_000) for n in (done, of))
            text = f"{read:,} of {size:,} MB {what.removeprefix('bytes ')}"
            if what == "bytes indexed" and done >= of:
                text = "putting the index in order"
            st.progress(min(done / of, 1.0), text=to_markdown(text))
        else:
            st.caption(to_markdown(what))
        st.caption(
            "This file was not written here, so every incident in it is checked once. Other "
            "layers can be used meanwhile."
        )
