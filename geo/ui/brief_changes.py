"""What changed since the last briefing, in a table and, where something moved, on a map?"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from geo.errors import AtlasError
from geo.filters import Filter
from geo.profile import fit
from geo.snapshot.changes import KINDS, changes, earlier, rows, summary
from geo.snapshot.language import language
from geo.snapshot.record import Briefing
from geo.store import Layer
from geo.text import to_markdown
from geo.ui import state


def draw(layer: Layer, asked: Filter, past: Sequence[Briefing], code: str) -> None:
    """Compare a recorded briefing with what the filters match now."""
    if not past:
        st.caption(
            "A briefing is remembered when it is downloaded. From then on this tells what was "
            "added, revised, moved or withdrawn since."
        )
        return
    spoken = language(code)
    by_id = {briefing.id: briefing for briefing in past}
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    with left:
        chosen = st.selectbox(
            "Since the briefing",
            list(by_id),
            format_func=lambda i: (
                f"{i} · {by_id[i].content['title'][:60]} · {by_id[i].last:%Y-%m-%d %H:%M} UTC"
            ),
            key="changes_since",
        )
    with right:
        own = st.checkbox("With its own filter", value=True, key="changes_own_filter")
    content = by_id[chosen].content
    profile = content["profile"]
    try:
        before = earlier(state.store(), content)
        made = changes(
            content,
            fit(layer.incidents, profile).incidents,
            query=None if own else asked,
            earlier=None if before is None else fit(before, profile).incidents,
        )
    except AtlasError as error:
        st.warning(to_markdown(f"{error}."), icon=":material/history_toggle_off:")
        return
    st.markdown(f"**{to_markdown(summary(made, spoken))}**")
    counts = {kind.capitalize(): len(made.of(kind)) for kind in KINDS}
    counts["Unchanged"] = made.unchanged
    for column, (name, count) in zip(st.columns(len(counts)), counts.items(), strict=True):
        column.metric(name, f"{count:,}")
    if before is None:
        st.caption(
            "The layer's journal does not reach back to that briefing: what changed is known by "
            "hash, the fields are not."
        )
    listed = rows(made, spoken)
    if listed:
        table = {
            "Change": [row.label for row in listed],
            "Incident": [row.title or row.id for row in listed],
            "What": [row.text for row in listed],
            "Id": [row.id for row in listed],
        }
        st.dataframe(pd.DataFrame(table), hide_index=True, key="changes_table")
