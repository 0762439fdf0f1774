"""What differs between two versions of a layer, on a map and in a table?"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from geo import basemap, boundaries
from geo.errors import SnapshotError
from geo.journal import Transaction
from geo.layerinfo import LayerInfo
from geo.plain_maps import MOST_TAGS, SIGNS, DifferenceMap
from geo.settings import layers_folder
from geo.studio import pictures
from geo.taxonomy import event_type
from geo.text import to_markdown
from geo.ui import drawing, layer_journal, state
from geo.versions import KINDS, Comparison, Difference, compare
from geo.words import place_in_words, when_in_words

_ROWS = 2_000
_WORDS = {"added": "new", "revised": "revised", "moved": "moved", "withdrawn": "withdrawn"}
_LONGEST = 400


def draw(info: LayerInfo) -> None:
    """Let two versions be chosen, and show every incident that differs."""
    steps = layer_journal.history(info.name, info.version)
    if len(steps) < 2:
        st.info(
            "There is one version only: with the next change, two can be compared.",
            icon=":material/difference:",
        )
        return
    by_version = {step.version_after: step for step in reversed(steps)}
    versions = list(reversed(by_version))
    left, right = st.columns(2)
    with left:
        # the last version after which an incident changed
        changed = next((n for n, v in enumerate(versions) if by_version[v].changed), 0)
        default = min(changed + 1, len(versions) - 1)
        before = _choose("From", versions, by_version, info, default=default)
    with right:
        after = _choose("To", versions, by_version, info, default=0)
    if before == after:
        st.caption("Choose two versions that differ.")
        return
    made = _compared(str(layers_folder()), info.name, info.version, before, after)
    counts = ", ".join(f"**{n:,}** {_WORDS[kind]}" for kind, n in made.counts().items())
    st.markdown(f"{counts}, {made.unchanged:,} unchanged")
    if not made.differences:
        st.caption(
            "No incident says anything else: title, description or licence changed, or what waits "
            "for a decision."
        )
        return
    left, right = st.columns([1, 1.1])
    with left:
        _map(made, before, after)
    with right:
        _table(made)


def _choose(
    label: str,
    versions: list[str],
    steps: dict[str, Transaction],
    info: LayerInfo,
    *,
    default: int,
) -> str:
    return st.selectbox(
        label,
        versions,
        index=default,
        key=f"compare_{label}_{info.name}_{info.version[:8]}",
        format_func=lambda version: layer_journal.said(steps[version]),
    )


@st.cache_resource(max_entries=8, show_spinner="Comparing …")
def _compared(folder: str, name: str, version: str, before: str, after: str) -> Comparison:  # noqa: ARG001 cache key
    store = state.store()
    old, new = (store.read_version(name, one).incidents for one in (before, after))
    return compare(old, new)


@st.cache_resource(max_entries=8, show_spinner="Drawing …")
def _drawn(before: str, after: str, *, _made: Comparison) -> DifferenceMap | None:  # noqa: ARG001 cache key
    return pictures.differences(_made.differences, by=drawing.studio)


def _map(made: Comparison, before: str, after: str) -> None:
    try:
        picture = _drawn(before, after, _made=made)
    except SnapshotError as error:
        drawing.tell(error, key="compare_again")
        return
    if picture is None:
        st.caption("None of them has a point: they are in the table alone.")
        return
    signs = ", ".join(f"{SIGNS[kind]} {_WORDS[kind]}" for kind in KINDS)
    st.image(picture.png, width="stretch")
    parts = [f"Numbers are those of the table; {signs}, the arrow from where it was."]
    parts.append("A hollow sign is a place that is not exact.")
    if picture.shown > MOST_TAGS:
        parts.append("Too many for tags: the signs stand without numbers.")
    if picture.outside:
        parts.append(f"Outside the picture: {picture.outside:,}.")
    if picture.without_point:
        parts.append(f"Without a point, in the table alone: {picture.without_point:,}.")
    st.caption(to_markdown(" ".join(parts)))
    notes = boundaries.notes(picture.frame)
    names = ", ".join(note.name for note in notes[:3])
    more = f" and {len(notes) - 3:,} more" if len(notes) > 3 else ""
    with st.expander(to_markdown(f"Boundaries: {names}{more}" if names else "Boundaries")):
        said = [*(note.text for note in notes), boundaries.disclaimer(), basemap.CREDIT]
        st.caption(to_markdown(" ".join(said)))


def _table(made: Comparison) -> None:
    shown = made.differences[:_ROWS]
    if len(made.differences) > _ROWS:
        st.caption(f"The first {_ROWS:,} of {len(made.differences):,} differences.")
    st.dataframe(
        _frame(shown),
        hide_index=True,
        height="content" if len(shown) <= 8 else 420,
        key="compare_table",
        column_config={
            "No.": st.column_config.NumberColumn(width=45),
            "What": st.column_config.TextColumn(width=100),
            "Before → after": st.column_config.TextColumn(width="large"),
            "Incident": st.column_config.TextColumn(width="medium"),
        },
    )


def _frame(differences: tuple[Difference, ...]) -> Any:
    incidents = [one.incident for one in differences]
    return pd.DataFrame(
        {
            "No.": list(range(1, len(differences) + 1)),
            "What": [f"{SIGNS[one.kind]} {_WORDS[one.kind]}" for one in differences],
            "Incident": [i.title for i in incidents],
            "Before → after": [_said(one) for one in differences],
            "Date": [when_in_words(i) for i in incidents],
            "Event type": [event_type(i.event_type).label for i in incidents],
            "Place": [place_in_words(i) for i in incidents],
            "Id": [i.id for i in incidents],
        }
    )


def _said(one: Difference) -> str:
    parts = [f"{_distance(one.km)}"] if one.km else []
    parts += [f"{f.field}: {f.before[:_LONGEST]} → {f.after[:_LONGEST]}" for f in one.fields]
    if one.after is None:
        parts.append("no longer in the layer")
    return "; ".join(parts)


def _distance(km: float) -> str:
    return f"moved {km:,.0f} km" if km >= 10 else f"moved {km:.1f} km"
