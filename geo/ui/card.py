"""What must one see of an incident to judge it beside another?"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from geo.claims import toll_in_words
from geo.incident import Incident, Source
from geo.living import bare
from geo.parts import in_words
from geo.taxonomy import event_type
from geo.text import to_bold, to_markdown
from geo.wires import source_groups
from geo.words import when_in_words

_LONGEST = 600
_MOST_SOURCES = 8


def draw(incident: Incident) -> None:
    """Draw an incident as it stands, short; its texts are shown, never interpreted."""
    shown = bare(incident)
    st.markdown(to_bold(shown.title))
    st.caption(to_markdown(f"{shown.id} · {shown.status}, {shown.assessment}"))
    facts = {
        "When": " · ".join(p for p in (when_in_words(shown), shown.time) if p),
        "Where": in_words(shown, ("place_name",)),
        "Type": event_type(shown.event_type).label,
        "Deaths": toll_in_words(shown, "deaths"),
        "Injured": toll_in_words(shown, "injured"),
        "Actors": ", ".join(a.name for a in shown.actors),
    }
    st.markdown("  \n".join(f"**{k}**  {to_markdown(short(v))}" for k, v in facts.items() if v))
    if shown.summary:
        st.caption(to_markdown(short(shown.summary)))
    sources(shown.sources)


def sources(held: Sequence[Source]) -> None:
    """List sources by who says it in own words; copies of one text stand on one line."""
    if not held:
        st.caption("No source is recorded.")
        return
    groups = source_groups(held)
    st.markdown(f"**Sources**  {to_markdown(counted(held))}")
    lines = []
    for members in groups[:_MOST_SOURCES]:
        names = list(dict.fromkeys(_named(held[n]) for n in members))
        copies = len(members) > 1 and len(names) > 1
        text = ", ".join(names[:6]) + (f" and {len(names) - 6:,} more" if len(names) > 6 else "")
        lines.append(f"- {to_markdown(text)}" + (" *(one text)*" if copies else ""))
    if len(groups) > _MOST_SOURCES:
        lines.append(f"- and {len(groups) - _MOST_SOURCES:,} more")
    st.markdown("\n".join(lines))


def counted(held: Sequence[Source]) -> str:
    """Say how many sources there are, and how many of them are independent."""
    total, independent = len(held), len(source_groups(held))
    if total < 2:
        return "1" if held else "none"
    if independent == total:
        return f"{total:,}, each in its own words"
    return f"{total:,} listed, {independent:,} independent: copies of one text count as one"


def short(text: str) -> str:
    """Cut what is too long to compare at a glance, and show that it was."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _named(source: Source) -> str:
    return source.publisher or short(source.title or source.url) or "unnamed"
