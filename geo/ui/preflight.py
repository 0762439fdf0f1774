"""Is the picture fit to show, and what would make it so?"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from geo.snapshot.finding import Finding
from geo.text import to_markdown


def draw(findings: Sequence[Finding]) -> None:
    """List what blocks and what to mind, each with its remedy."""
    blocks = [one for one in findings if one.level == "block"]
    warns = [one for one in findings if one.level == "warn"]
    if blocks:
        count = "one thing is" if len(blocks) == 1 else f"{len(blocks)} things are"
        st.error(f"**Draft**: {count} to be settled before it is shown.", icon=":material/block:")
    elif warns:
        st.success("**Fit to show**, with this in mind:", icon=":material/task_alt:")
    else:
        st.success("**Fit to show.**", icon=":material/task_alt:")
    for one in blocks:
        st.markdown(f":red[:material/block:] {to_markdown(one.text)}")
        st.caption(to_markdown(one.remedy))
    if warns:
        with st.expander(f"{len(warns)} to mind", expanded=not blocks and len(warns) <= 3):
            for one in warns:
                st.markdown(f":orange[:material/info:] {to_markdown(one.text)}")
                st.caption(to_markdown(one.remedy))
