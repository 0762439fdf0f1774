"""How do incidents come into a layer, from a file or a source? With a report to read out loud."""

from __future__ import annotations

from typing import Any

import streamlit as st

from geo.incoming.job import Job
from geo.incoming.look import Look
from geo.incoming.order import Order
from geo.settings import layers_folder, user_name
from geo.text import to_markdown
from geo.ui import (
    bring_columns,
    bring_file,
    bring_preview,
    bring_source,
    bring_work,
    state,
)
from geo.ui.bring_file import Held

_HEIGHT = 520
_FROM = {"file": "A file", "source": "A source, asked now"}


def page() -> None:
    """Take a file or an answer, report on it, and write it only when told to."""
    st.session_state.setdefault("bring_count", 0)
    st.subheader("Import", anchor=False)
    writing = bring_work.settle()
    _told()
    left, right = st.columns([1.4, 1], gap="large")
    with left:
        where = st.segmented_control(
            "From where?",
            list(_FROM),
            format_func=_FROM.__getitem__,
            default="file",
            required=True,
            key="bring_from",
        )
        # drawn while a file is written, too: what is not drawn is forgotten
        held = bring_source.choose(busy=writing) if where == "source" else bring_file.choose()
    with right:
        layer = _layer()
    if writing:
        return
    if held is None:
        if where == "file":
            bring_work.drop()
            _empty()
        return
    _try(held, layer)


def _told() -> None:
    """Say once what the last import did, or why it did nothing."""
    said: list[str] = st.session_state.pop("bring_said", [])
    if said:
        st.success("  \n".join(map(to_markdown, said)), icon=":material/check:")
        st.page_link("explore.py", label="See it on the map", icon=":material/explore:")
    noted = st.session_state.pop("bring_noted", "")
    if noted:
        st.info(to_markdown(noted), icon=":material/info:")
    refused = st.session_state.pop("bring_refused", "")
    if refused:
        st.error(to_markdown(f"{refused[:1].upper()}{refused[1:]}."), icon=":material/error:")


def _layer() -> str:
    layer = st.selectbox(
        "Into which layer? Choose one, or type the name of a new one",
        state.store().names(),
        index=None,
        key=f"bring_layer_{st.session_state.bring_count}",
        accept_new_options=True,
        placeholder="layer name",
    )
    st.session_state.setdefault("who", user_name())
    st.text_input("Your name, for the journal", key="who", persist_state="session")
    st.caption("Nothing is written before you have read the report. A file stays on this machine.")
    return layer or ""


def _empty() -> None:
    st.info(
        "Choose a file to see its columns, a map of what would come in, and a report on every "
        "row. A layer can be chosen before or after.",
        icon=":material/upload_file:",
    )


def _try(held: Held, layer: str) -> None:
    """Read the file in the background and show what was found, columns first."""
    chosen = bring_columns.chosen(held.key)
    key = (held.key, held.source, layer, *sorted(chosen.items()))
    job = bring_work.started(
        key,
        lambda: Order(
            work="try",
            source=held.source,
            path=held.path,
            answer=held.answer,
            layers=layers_folder(),
            layer=layer,
            now=bring_work.now(),
            columns=dict(chosen),
            withdraw=held.withdraw,
        ),
        rows=held.rows,
    )
    if job is None:
        bring_work.again()
        return
    if not bring_work.finished(job):
        return
    report = job.report if job.done or job.error else None
    if job.error:
        _refused(job, report, held)
    if job.done and report:
        bring_preview.head(report, layer=layer)
        _button(held, layer, job, report)
    look = _look(job, held)
    if look is None:
        if job.done and report:
            bring_preview.drawn(job, report, height=_HEIGHT)
    elif job.done and report:
        left, right = st.columns([1.15, 1], gap="medium")
        with left:
            bring_columns.draw(look, held.key, height=_HEIGHT)
        with right:
            bring_preview.drawn(job, report, height=_HEIGHT)
    else:
        bring_columns.draw(look, held.key, height=_HEIGHT)
    if job.done and report:
        bring_preview.details(job, report)


def _look(job: Job, held: Held) -> Look | None:
    """Give how the columns are understood, the last that is known for this file."""
    if job.look is not None:
        st.session_state.bring_look = (held.key, held.source, job.look)
    kept: tuple[str, str, Look] | None = st.session_state.get("bring_look")
    return kept[2] if kept and kept[:2] == (held.key, held.source) else None


def _refused(job: Job, report: dict[str, Any] | None, held: Held) -> None:
    st.error(to_markdown(f"{job.error}."), icon=":material/error:")
    bring_columns.ask_after(job.error, held.key)
    if report:
        bring_preview.rejected(job, report)


def _button(held: Held, layer: str, job: Job, report: dict[str, Any]) -> None:
    who = st.session_state.who.strip()
    comes = report["new"] + report["revised"]
    changes = comes + report["withdrawn"] + report["conflicts"]
    look = job.look
    order = Order(
        work="write",
        source=held.source,
        path=held.path,
        answer=held.answer,
        layers=layers_folder(),
        layer=layer,
        by=who,
        now=bring_work.now(),
        columns=look.chosen if look else job.order.columns,
        withdraw=held.withdraw,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Import {comes:,} incidents"
            if comes or not changes
            else f"Import {changes:,} changes",
            type="primary",
            key="bring_write",
            disabled=not (who and layer and changes),
            on_click=_write,
            args=(order, report["accepted"], look.fingerprint if look else ""),
        )
        if not layer:
            st.caption("Choose a layer first, or type the name of a new one.", width="stretch")
        elif not who:
            st.caption(
                "Give your name first: the journal keeps it with the change.", width="stretch"
            )
        elif not changes:
            st.caption("The layer holds all of it already.", width="stretch")


def _write(order: Order, rows: int, fingerprint: str) -> None:
    bring_work.write(order, rows=rows, fingerprint=fingerprint)


page()
