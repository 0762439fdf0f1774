"""How do two places stand in a page, side by side on one picture?"""

from __future__ import annotations

import streamlit as st

from geo import basemap, boundaries
from geo.errors import SnapshotError
from geo.incident import Incident
from geo.plain_maps import PairMap, distance_in_words
from geo.studio import pictures
from geo.text import to_markdown
from geo.ui import drawing


def draw(one: Incident, other: Incident, *, names: tuple[str, str]) -> None:
    """Draw both places as exactly as they are known, and say what the picture cannot."""
    try:
        picture = _drawn(one, other, names)
    except SnapshotError as error:
        drawing.tell(error, key="pair_again")
        return
    if picture is None:
        st.caption("Neither has a position: there is nothing to draw.")
        return
    st.image(picture.png, width="stretch")
    parts = (
        [f"{names[0].capitalize()} and {names[1]} lie {distance_in_words(picture.km)} apart."]
        if picture.km
        else []
    )
    for incident, name in ((one, names[0]), (other, names[1])):
        if incident.point is None:
            parts.append(f"{name.capitalize()} has no position and is not drawn.")
    parts.append("A hollow sign is a place that is not exact; it may lie anywhere in its disc.")
    st.caption(to_markdown(" ".join(parts)))
    notes = boundaries.notes(picture.frame)
    with st.expander("Boundaries"):
        text = [*(note.text for note in notes), boundaries.disclaimer(), basemap.CREDIT]
        st.caption(to_markdown(" ".join(text)))


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs={Incident: repr})
def _drawn(one: Incident, other: Incident, names: tuple[str, str]) -> PairMap | None:
    return pictures.pair(one, other, names, by=drawing.studio)
