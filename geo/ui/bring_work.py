"""What is being read, asked or written for this visitor, how far is it, and what ends it?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from geo.errors import AtlasError
from geo.incoming.job import Job
from geo.incoming.order import Order
from geo.remote.secrets import Secrets
from geo.sources.remembered import remember
from geo.text import to_markdown
from geo.ui import state

# what is done within this time is shown at once, without a bar
_AT_ONCE = 1.5
_BUSY = {
    "ask": "Asking the source",
    "try": "Reading the file; nothing is written",
    "write": "Writing the layer",
}


def now() -> datetime:
    """Time of record."""
    return datetime.now(tz=UTC).replace(microsecond=0)


def started(key: tuple[Any, ...], order: Callable[[], Order], *, rows: int) -> Job | None:
    """Give the job of this key, started if need be; None where the visitor ended it."""
    session = st.session_state
    if session.get("bring_ended") == key:
        return None
    if session.get("bring_key") != key:
        start(key, order(), rows=rows)
    job: Job = session.bring_job
    return job


def start(key: tuple[Any, ...], order: Order, *, rows: int, secrets: Secrets | None = None) -> None:
    """Start a job in place of any other."""
    session = st.session_state
    drop()
    session.bring_key, session.bring_rows = key, rows
    session.bring_job = Job(order, secrets)


def drop() -> None:
    """End what is under way; a file that is written is left to be written."""
    session = st.session_state
    job: Job | None = session.pop("bring_job", None)
    session.pop("bring_key", None)
    session.pop("bring_ended", None)
    if job is not None and job.running:
        job.cancel()


def finished(job: Job) -> bool:
    """Wait a moment; show how far it is where it takes longer."""
    if job.running and not job.wait(_AT_ONCE):
        _progress()
        return False
    return True


@st.fragment(run_every=0.7)
def _progress() -> None:
    job: Job | None = st.session_state.get("bring_job")
    if job is None or not job.running:
        st.rerun()
        return
    what, done, of = job.step
    known = of or (st.session_state.bring_rows if what == "incidents read" else None)
    with st.container(border=True, key="bring_progress"):
        st.markdown(f"**{_BUSY[job.order.work]}** …")
        if known:
            about = "" if of else "about "
            text = f"{done:,} of {about}{known:,} {what}"
            st.progress(min(done / known, 1.0), text=to_markdown(text))
        else:
            st.caption(to_markdown(f"{done:,} {what}" if what.endswith("read") else _said(job)))
        st.button(
            "Cancel",
            key="bring_cancel",
            icon=":material/close:",
            on_click=_cancel,
            help="The layer stays as it is",
        )


def _said(job: Job) -> str:
    what, done, _ = job.step
    if what == "starting":
        asked = job.order.work == "ask"
        return "a host that does not answer is asked again for some seconds" if asked else what
    if what.endswith("layer"):
        return f"{done:,} incidents read; {what}"
    return f"{done:,} {what}"


def _cancel() -> None:
    session = st.session_state
    job: Job = session.bring_job
    key = session.bring_key
    job.cancel()
    if job.order.work == "write":
        return
    drop()
    session.bring_ended = key


def again() -> None:
    """Say that something was ended, and offer to begin it anew."""
    with st.container(border=True, key="bring_again"):
        st.markdown("**Cancelled.** Nothing was written.")
        st.button("Start again", key="bring_restart", on_click=drop, icon=":material/replay:")


def write(order: Order, *, rows: int, fingerprint: str) -> None:
    """Begin to write a file into its layer."""
    session = st.session_state
    session.bring_before = _version(order.layer)
    session.bring_print = fingerprint
    # what was tried is shown again if this is cancelled, and what is written stays until then
    session.bring_tried = (session.bring_key, session.bring_job)
    session.bring_kept = (session.get("bring_upload"), session.get("bring_answer"))
    start(("write",), order, rows=rows)


def settle() -> bool:
    """Look after a file that is being written; whether it still is."""
    session = st.session_state
    job: Job | None = session.get("bring_job")
    if job is None or job.order.work != "write":
        return False
    if not finished(job):
        return True
    drop()
    tried = session.pop("bring_tried")
    session.pop("bring_kept")
    if job.done:
        _done(job)
    elif job.cancelled and _version(job.order.layer) == session.bring_before:
        session.bring_noted = f"Cancelled: {_named(job)} is as it was."
        session.bring_key, session.bring_job = tried
    elif job.cancelled:
        session.bring_noted = f"It was too late to cancel: {_named(job)} holds the import."
    else:
        session.bring_refused = job.error
    return False


def _done(job: Job) -> None:
    session, layer = st.session_state, job.order.layer
    report = job.report or {}
    if session.layer != layer:
        state.leave_layer()
    session.layer = layer
    counts = [
        f"{report[name]:,} {word}"
        for name, word in (
            ("new", "new"),
            ("revised", "revised"),
            ("unchanged", "unchanged"),
            ("withdrawn", "withdrawn"),
            ("conflicts", "to be decided"),
        )
        if report[name] or name in ("new", "revised", "unchanged")
    ]
    session.bring_said = [f"{layer}: {', '.join(counts)}"]
    if session.bring_print and job.order.columns:
        try:
            day = now().date().isoformat()
            remember(session.bring_print, job.order.columns, origin=f"{layer}, {day}")
            session.bring_said.append("The columns are remembered for files with this header.")
        except OSError as error:
            session.bring_refused = f"the columns could not be remembered: {error.strerror}"
    # the next file finds an empty page
    session.bring_count += 1
    session.pop("bring_upload", None)
    session.pop("bring_answer", None)


def _named(job: Job) -> str:
    return f"layer {job.order.layer!r}"


def _version(layer: str) -> str:
    try:
        return state.store().version(layer)
    except AtlasError:
        return ""
