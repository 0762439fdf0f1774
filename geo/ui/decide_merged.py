"""Which incidents were merged from others, from which, and how do those come back?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from geo import decisions
from geo.claims import toll_in_words
from geo.incident import Incident
from geo.layerfile import fingerprint
from geo.living import bare, living
from geo.store import Layer
from geo.taxonomy import event_type
from geo.text import isolated, to_bold, to_markdown
from geo.ui import card, decide_queue, state
from geo.words import place_in_words, when_in_words

_PAGE = 10


def draw(layer: Layer, merged: Sequence[Incident]) -> None:
    """List the merged incidents a page at a time, each with its parts and the way back."""
    if not merged:
        st.info(
            "Nothing is merged in this layer. Under One event? two reports can be made one.",
            icon=":material/merge:",
        )
        return
    pages = -(-len(merged) // _PAGE)
    number = 1
    if pages > 1:
        number = int(
            st.number_input(f"Page of {pages:,}", 1, pages, key="merged_page", step=1, width=160)
        )
    wanted = merged[(number - 1) * _PAGE : number * _PAGE]
    ids = {key for one in wanted for key in living(one).merged_from}
    parts = {i.id: i for i in layer.incidents if i.id in ids}
    for one in wanted:
        _entry(layer.name, one, parts)


def _entry(name: str, one: Incident, parts: dict[str, Incident]) -> None:
    memory = living(one)
    held = [parts[key] for key in memory.merged_from if key in parts]
    with st.container(border=True):
        st.markdown(to_bold(one.title))
        st.caption(
            to_markdown(
                f"{when_in_words(one)} · {isolated(place_in_words(one) or 'no place named')} · "
                f"deaths {toll_in_words(one, 'deaths')} · sources {card.counted(one.sources)}"
            )
        )
        st.dataframe(
            _frame(held),
            hide_index=True,
            height="content",
            key=f"parts_{one.id}",
            column_config={"Title": st.column_config.TextColumn(width="medium")},
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button(
                "Undo the merge",
                key=f"undo_{one.id}",
                icon=":material/undo:",
                disabled=not decide_queue.named() or memory.folded is not None,
                on_click=_undo,
                args=(name, one.id, fingerprint(one)),
            )
            st.caption(to_markdown(_consequence(one)))


def _consequence(one: Incident) -> str:
    folded = living(one).folded
    if folded:
        return f"It is a part of {folded.into} by now: undo that merge first."
    if not decide_queue.named():
        return "Give your name above first: a decision is kept under it."
    who, when = isolated(one.recorded.by), f"{one.recorded.updated:%Y-%m-%d %H:%M} UTC"
    return (
        f"Merged or changed last by {who}, {when}. "
        "Undoing gives back every line; corrections made to the whole stay in the journal."
    )


def _frame(parts: Sequence[Incident]) -> Any:
    shown = [bare(part) for part in parts]
    return pd.DataFrame(
        {
            "Title": [i.title for i in shown],
            "Date": [when_in_words(i) for i in shown],
            "Event type": [event_type(i.event_type).label for i in shown],
            "Deaths": [toll_in_words(i, "deaths") for i in shown],
            "Place": [place_in_words(i) for i in shown],
            "Id": [i.id for i in shown],
        }
    )


def _undo(name: str, key: str, seen: str) -> None:
    decide_queue.attempt(
        lambda by, now: decisions.unmerge(
            state.store(), name, key, by=by, now=now, expected={key: seen}
        ),
        "Undone: every part is back as it was",
    )
