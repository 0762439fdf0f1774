"""Which further layers do Explore and Snapshot show, and what of several can only one do?"""

from __future__ import annotations

from datetime import date
from typing import Literal

import streamlit as st

from geo.filters import Filter, Selection
from geo.indexed import IndexedLayer
from geo.store import Layer
from geo.text import to_markdown
from geo.together import Together, together
from geo.ui import ledger, state
from geo.union import Union, union

# pages that show all layers chosen, and those that work on the first alone
TOGETHER = frozenset(("", "brief"))
_ALONE = frozenset(("edit", "review", "decide"))
_PERSIST: Literal["session"] = "session"


def layer() -> IndexedLayer | None:
    """Open the layer this visitor chose, together with those chosen beside it."""
    first = state.indexed_layer()
    wanted = _beside()
    if first is None or not wanted:
        return first
    parts = [first, *(state.indexed(name) for name in wanted)]
    versions = tuple((part.name, part.version) for part in parts)
    return _united(versions, st.session_state.as_known, _parts=parts)


def layers() -> list[Layer]:
    """Read the same layers whole, as pictures want them; none where there is none."""
    first = state.current_layer()
    return [] if first is None else [first, *(state.whole(name) for name in _beside())]


def whole(profile: str) -> Together | None:
    """Make the same layers fit for those who may see a picture."""
    parts = layers()
    versions = tuple((part.name, part.version) for part in parts)
    return _fitted(versions, profile, _parts=parts) if parts else None


def _beside() -> list[str]:
    """Name the layers chosen beside the first; what is not there is left out and told."""
    names = state.store().names()
    session = st.session_state
    strange = [name for name in session.beside if name not in names]
    session.problems += [f"There is no layer {name[:60]!r}; it is left out." for name in strange]
    wanted = [name for name in session.beside if name in names and name != session.layer]
    if wanted != session.beside:
        session.beside = wanted
    return wanted


@st.cache_resource(max_entries=6, show_spinner="Making the incidents fit to be shown …")
def _fitted(
    versions: tuple[tuple[str, str], ...],  # noqa: ARG001 the cache key
    profile: str,
    *,
    _parts: list[Layer],
) -> Together:
    return together(_parts, profile)


@st.cache_resource(max_entries=2, show_spinner="Putting the layers together …")
def _united(
    versions: tuple[tuple[str, str], ...],  # noqa: ARG001 part of the cache key
    day: date | None,  # noqa: ARG001 part of the cache key
    *,
    _parts: list[IndexedLayer],
) -> Union:
    return union(_parts)


def choose(names: list[str]) -> None:
    """Draw the choice of the layers beside the first, where there are any."""
    others = [name for name in names if name != st.session_state.layer]
    if others:
        st.multiselect(
            "Together with",
            others,
            key="beside",
            placeholder="no other layer",
            on_change=state.leave_layer,
            persist_state=_PERSIST,
            help="Map, picture, ledger, timeline, table and files then hold all of them.",
        )


def say_one_alone(page: str) -> None:
    """Say on a page that works on one layer that more are chosen."""
    session = st.session_state
    if session.beside and page in _ALONE:
        more = ", ".join(session.beside)
        st.caption(
            to_markdown(f"This page works on the layer {session.layer} alone, without {more}.")
        )


def tell(shown: IndexedLayer, asked: Filter) -> None:
    """Say the ledger of each layer, and what more than one of them holds."""
    if not isinstance(shown, Union):
        return
    said = [f"{to_markdown(name)}: {ledger.line(part)}" for name, part in shown.ledgers(asked)]
    st.caption("  \n".join([*said, *_shared(shown.shared)]))


def tell_picture(shown: Together, selection: Selection) -> None:
    """Say how many of a picture's incidents are of each layer, and what more than one holds."""
    if len(shown.layers) == 1:
        return
    ids = [incident.id for incident in selection.incidents]
    said = [
        f"{to_markdown(name)}: {sum(one.endswith(f'@{name}') for one in ids):,} match"
        for name, _ in shown.versions
    ]
    st.caption("  \n".join([" · ".join(said), *_shared(shown.shared)]))


def _shared(shared: int) -> list[str]:
    if not shared:
        return []
    ids = "id stands" if shared == 1 else "ids stand"
    said = (
        f"{shared:,} {ids} in more than one of these layers: such an incident counts "
        "once in each. The same event under different ids is not looked for here."
    )
    return [said]


def correct(shown: IndexedLayer, row: int) -> None:
    """Offer to correct an incident; of several layers, to open its own alone first."""
    if not isinstance(shown, Union):
        st.page_link("edit.py", label="Correct", icon=":material/edit:")
        return
    part, at = shown.origin(row)
    st.button(
        "Open its layer alone",
        on_click=_alone,
        args=(part.name, part.incident(at).id),
        icon=":material/layers:",
        type="tertiary",
        help="Correcting works on one layer.",
    )


def origin(shown: IndexedLayer, row: int) -> None:
    """Name the layer of an incident, where there are several."""
    if isinstance(shown, Union):
        st.caption(to_markdown(f"Layer: {shown.origin(row)[0].name}"))


def versions(shown: IndexedLayer) -> tuple[tuple[str, str], ...]:
    """Name every layer that is shown, with its version."""
    parts = shown.parts if isinstance(shown, Union) else (shown,)
    return tuple((part.name, part.version) for part in parts)


def _alone(name: str, incident_id: str) -> None:
    session = st.session_state
    session.layer, session.beside, session.selected = name, [], incident_id
