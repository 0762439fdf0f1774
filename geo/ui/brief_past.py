"""Which briefings left this place, and does a file at hand still show what its layers hold?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.errors import SnapshotError
from geo.settings import layers_folder
from geo.snapshot.record import Record, find
from geo.store import Layer
from geo.text import to_bold, to_markdown

if TYPE_CHECKING:
    from geo.verify import Verdict

_SAID = {
    "same": "Same: it shows what the {held} now.",
    "data_changed": "The data changed since it was made.",
    "altered": "Altered: the file is not as it was made.",
    "no_manifest": "No manifest: the file was not made here, or lost it on the way. "
    "If an ID is printed in it, look that up.",
}
_TYPES = ["png", "svg", "pdf", "pptx", "docx", "html"]


def draw(layers: Sequence[Layer], record: Record) -> None:
    """Check a file or an ID; list what was made."""
    for sentence in record.damaged:
        st.warning(to_markdown(f"{sentence}."), icon=":material/broken_image:")
    held, of = ("layer holds", "layer") if len(layers) == 1 else ("layers hold", "layers")
    left, right = st.columns(2, gap="medium")
    with left:
        file = st.file_uploader("Check a file", type=_TYPES, key="check_file", max_upload_size=10)
        if file is not None:
            # what reads pictures brings matplotlib along, and few check one
            from geo.verify import verify  # noqa: PLC0415

            _say(lambda: verify(file.getvalue(), layers), held)
    with right:
        asked = st.text_input("Look up the ID printed in a picture", key="check_id", max_chars=12)
        if asked.strip():
            _look_up(layers, asked, held)
    st.caption(f"A check proves sameness with the {of}, not who made the file.")
    if not record.briefings:
        st.caption("No briefing was downloaded yet; those that are will be listed here.")
        return
    st.dataframe(_table(record), hide_index=True, key="past")


def _look_up(layers: Sequence[Layer], asked: str, held: str) -> None:
    try:
        briefing = find(layers_folder(), asked)
    except SnapshotError as error:
        st.warning(to_markdown(f"{error}."), icon=":material/search_off:")
        return
    st.markdown(to_bold(briefing.content["title"]))
    files = "; ".join(f"{i.name}, {i.when:%Y-%m-%d %H:%M} UTC" for i in briefing.issues)
    st.caption(to_markdown(files))
    from geo.verify import verify_content  # noqa: PLC0415 as above

    _say(lambda: verify_content(briefing.content, layers), held)


def _say(check: Callable[[], Verdict], held: str) -> None:
    try:
        verdict = check()
    except SnapshotError as error:
        # made of other layers than this page shows
        st.warning(to_markdown(f"{error}."), icon=":material/layers:")
        return
    st.markdown(f"**{_SAID[verdict.result].format(held=held)}**")
    for name in ("added", "revised", "moved", "withdrawn", "parts"):
        listed = getattr(verdict, name)
        if listed:
            st.caption(to_markdown(f"{len(listed)} {name}: {', '.join(listed[:20])}"))


def _table(record: Record) -> pd.DataFrame:
    rows = [(b, issue) for b in record.briefings for issue in b.issues]
    return pd.DataFrame(
        {
            "ID": [b.id for b, _ in rows],
            "Title": [b.content["title"] for b, _ in rows],
            "File": [issue.name for _, issue in rows],
            "Made (UTC)": [f"{issue.when:%Y-%m-%d %H:%M}" for _, issue in rows],
            "By": [issue.by for _, issue in rows],
            "Incidents": [b.content["ledger"]["matched"] for b, _ in rows],
            "Profile": [b.content["profile"] for b, _ in rows],
            "Data as of": [b.content["as_of"] for b, _ in rows],
        }
    )
