"""What changed since the last briefing, in a table and, where something moved, on a map?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from geo.errors import AtlasError, SnapshotError
from geo.filters import Filter, select
from geo.manifest import frame_in
from geo.snapshot import Brief, Since, frame_for
from geo.snapshot.changes import KINDS, ChangeRow, Changes, changes, earlier, rows, summary
from geo.snapshot.language import Language, language
from geo.snapshot.record import Briefing
from geo.store import Layer
from geo.studio import pictures
from geo.text import to_bold, to_markdown
from geo.together import Together, together
from geo.ui import drawing, state


def draw(layers: Sequence[Layer], asked: Filter, past: Sequence[Briefing], code: str) -> None:
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
    whole = together(layers, profile)
    try:
        before = earlier(state.store(), content)
        made = changes(
            content,
            whole.incidents,
            query=None if own else asked,
            earlier=None if before is None else together(before, profile).incidents,
        )
    except AtlasError as error:
        st.warning(to_markdown(f"{error}."), icon=":material/history_toggle_off:")
        return
    st.markdown(to_bold(summary(made, spoken)))
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
    _map(whole, content, made, listed, spoken)
    if listed:
        table = {
            "Change": [row.label for row in listed],
            "Incident": [row.title or row.id for row in listed],
            "What": [row.text for row in listed],
            "Id": [row.id for row in listed],
        }
        st.dataframe(pd.DataFrame(table), hide_index=True, key="changes_table")


def _map(
    whole: Together,
    content: Mapping[str, Any],
    made: Changes,
    listed: Sequence[ChangeRow],
    spoken: Language,
) -> None:
    """Draw what is new, revised or moved, with arrows; and crosses where something is gone."""
    ids = {change.id for kind in KINDS for change in made.of(kind)}
    shown = [incident for incident in whole.incidents if incident.id in ids]
    since = Since(
        briefing=content["id"],
        moves=tuple((move.start, move.end) for move in made.moves),
        gone=made.gone,
    )
    if not shown and not since.gone:
        return
    every = Filter(status=())
    frame = frame_in(content) or frame_for(select(shown, every).matches)
    brief = Brief(
        title=f"{content['title']}: {summary(made, spoken)}",
        query=every,
        selection=select(shown, every, frame=frame),
        layers=whole.versions,
        as_of=whole.meta.as_of or datetime.now(tz=UTC),
        frame=frame,
        language=spoken.code,
        callouts=tuple((row.id, f"{row.label}: {row.text or row.title}") for row in listed),
        since=since,
    )
    try:
        st.image(
            _drawn(
                (
                    repr([layer.version for layer in whole.layers]),
                    repr(ids),
                    content["id"],
                    spoken.code,
                ),
                _brief=brief,
            )
        )
    except SnapshotError as error:
        drawing.tell(error, key="changes_again")


@st.cache_data(max_entries=8, show_spinner="Drawing …")
def _drawn(key: tuple[str, ...], *, _brief: Brief) -> bytes:  # noqa: ARG001 the cache key
    by = drawing.studio
    return pictures.write(pictures.sheet(_brief, by=by), "png", by=by, dpi=120)
