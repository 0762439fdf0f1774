"""How do all layers leave in one file, and come back from it?"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from geo.backup import STANDINGS, Restored, backup, restore
from geo.errors import AtlasError
from geo.settings import layers_folder, user_name
from geo.text import to_markdown


def draw() -> None:
    """Offer the backup as a file, and take one."""
    left, right = st.columns(2, border=True)
    with left:
        _make()
    with right:
        _take()


def _make() -> None:
    st.markdown("**Make a backup**")
    st.caption(
        "Layers with their journals, named views, context layers, the record of briefings and the "
        "copies of articles, in one zip. The bin stays out. Equal layers make equal bytes."
    )
    st.download_button(
        "Download the backup",
        data=_made,
        file_name="incident-atlas-backup.zip",
        mime="application/zip",
        key="backup_download",
        on_click="ignore",
        icon=":material/archive:",
    )
    st.caption("In a terminal: python -m geo backup FILE.zip")


def _made() -> bytes:
    out = io.BytesIO()
    backup(layers_folder(), out)
    return out.getvalue()


def _take() -> None:
    st.markdown("**Restore from a backup**")
    file = st.file_uploader(
        "A backup, up to 10 MB (larger ones: python -m geo restore FILE.zip)",
        type=["zip"],
        key="backup_file",
        max_upload_size=10,
    )
    if file is None:
        st.caption("What is here already is compared, told and left alone.")
        return
    st.session_state.setdefault("who", user_name())
    try:
        seen = _restored(file.getvalue(), take=(), dry_run=True)
    except (AtlasError, OSError) as error:
        st.error(to_markdown(f"{error}."), icon=":material/error:")
        return
    _report(seen)
    differing = [
        item.name
        for item in seen.items
        if item.what == "layer" and item.standing in ("newer_here", "newer_there", "conflict")
    ]
    take: list[str] = []
    if differing:
        take = st.multiselect(
            "Take from the backup all the same; the one here goes to the bin",
            differing,
            key="backup_take",
            placeholder="none",
        )
    count = len(seen.of("restored")) + len(take)
    named = bool(st.session_state.who.strip())
    st.button(
        f"Restore {count:,}",
        type="primary",
        key="backup_restore",
        disabled=not (count and (named or not take)),
        on_click=_write,
        args=(file.getvalue(), tuple(take)),
    )
    if take and not named:
        st.caption("Give your name above first: the bin keeps it.")


def _report(seen: Restored) -> None:
    for problem in seen.problems:
        st.warning(to_markdown(f"{problem}."))
    if not seen.items:
        st.caption("The backup is empty.")
        return
    frame: Any = pd.DataFrame(
        {
            "What": [item.what for item in seen.items],
            "Name": [item.name for item in seen.items],
            "Here": [STANDINGS[item.standing] for item in seen.items],
        }
    )
    few = len(seen.items) <= 8
    st.dataframe(frame, hide_index=True, height="content" if few else 300, key="backup_report")


def _restored(data: bytes, *, take: tuple[str, ...], dry_run: bool) -> Restored:
    return restore(
        io.BytesIO(data),
        layers_folder(),
        by=st.session_state.who.strip(),
        now=datetime.now(tz=UTC).replace(microsecond=0),
        take=take,
        dry_run=dry_run,
    )


def _write(data: bytes, take: tuple[str, ...]) -> None:
    try:
        made = _restored(data, take=take, dry_run=False)
    except (AtlasError, OSError) as error:
        st.session_state.layers_refused = str(error)
        return
    done = [*made.of("restored"), *made.of("taken")]
    st.session_state.layers_said = [f"Restored: {', '.join(item.name for item in done)[:300]}"]
