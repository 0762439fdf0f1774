"""What does the visitor ask of a picture: title, size, frame, house, marking, language, hands?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from geo.area import BBox
from geo.filters import Match
from geo.params import read_bbox
from geo.profile import PROFILES, Profile
from geo.snapshot import DENSITIES, MARKINGS, SIZES, House, Series, frame_for
from geo.snapshot.brief import Density, Marking
from geo.snapshot.language import codes, language
from geo.snapshot.record import Briefing
from geo.snapshot.series import like
from geo.words import when_in_words

_SIZE_WORDS = {
    "slide": "Slide, 16:9",
    "a4": "A4 upright",
    "a4-landscape": "A4 across",
    "phone": "Phone",
}
_MARKING_WORDS = {"": "no marking"}
_DENSITY_WORDS = {
    "auto": "by their number",
    "numbers": "numbered, one by one",
    "groups": "numbered groups",
    "hexagons": "hexagons",
}
_PROFILE_WORDS = {
    "internal": "Internal: everything",
    "partners": "Partners: no quotes, no rows a licence forbids",
    "public": "Public: places generalised",
}
_DATA, _VIEW, _BOX = "The matched incidents", "The map view on Explore", "A box I type"
# beyond this many rows nobody picks by hand
_BY_HAND = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Everything asked for, but the filter; equal questions are equal."""

    title: str
    size: str
    frame: BBox
    marking: Marking
    language: str
    density: Density
    profile: Profile
    house: House
    series: Series | None
    order: tuple[str, ...] = ()
    callouts: tuple[tuple[str, str], ...] = ()
    set_aside: frozenset[str] = field(default_factory=frozenset)


def profile() -> Profile:
    """Who may see the picture; asked before the incidents are made fit for it."""
    chosen: Profile = st.session_state.get("brief_profile", PROFILES[0])
    return chosen


def draw(proposed: str, matches: Sequence[Match], past: Sequence[Briefing]) -> Asked:
    """Draw the form and answer with what it asks for.

    Raises
    ------
    FilterError
        Where a typed box means nothing.
    """
    title, size, frame = st.columns([2.2, 1, 1.4])
    with title:
        text = st.text_input(
            "Title: what, where, when",
            value=proposed,
            max_chars=200,
            key="brief_title",
        )
    with size:
        chosen = st.selectbox("Size", SIZES, format_func=_SIZE_WORDS.__getitem__, key="brief_size")
    with frame:
        box, series = _frame(matches, past)
    marking, spoken, seen, density = st.columns([1, 1, 1.4, 1.2])
    with marking:
        tlp = st.selectbox(
            "TLP marking",
            MARKINGS,
            format_func=lambda m: _MARKING_WORDS.get(m, f"TLP:{m.upper()}"),
            key="brief_marking",
        )
    with spoken:
        code = st.selectbox(
            "Language",
            codes(),
            format_func=lambda c: language(c).say("language.name"),
            key="brief_language",
        )
    with seen:
        st.selectbox(
            "Who may see it", PROFILES, format_func=_PROFILE_WORDS.__getitem__, key="brief_profile"
        )
    with density:
        dense = st.selectbox(
            "Incidents drawn",
            DENSITIES,
            format_func=_DENSITY_WORDS.__getitem__,
            key="brief_density",
        )
    with st.expander("House, incidents picked by hand"):
        house = _house()
        order, callouts, aside = _hands(matches)
    return Asked(
        title=text,
        size=chosen,
        frame=box,
        marking=tlp,
        language=code,
        density=dense,
        profile=profile(),
        house=house,
        series=series,
        order=order,
        callouts=callouts,
        set_aside=aside,
    )


def _frame(matches: Sequence[Match], past: Sequence[Briefing]) -> tuple[BBox, Series | None]:
    """Choose the frame; that of a past briefing is locked, with its classes, so weeks compare."""
    locked = {f"As in {b.id}: {b.content['title'][:40]}": b for b in past}
    choice = st.selectbox("Frame", (_DATA, _VIEW, _BOX, *locked), key="brief_frame")
    if choice in locked:
        held = like(locked[choice].content)
        return held.frame, held
    if choice == _VIEW and st.session_state.view:
        box: BBox = st.session_state.view
        return box, None
    if choice == _BOX:
        text = st.text_input("West, south, east, north", "60,28,76,38", key="brief_box")
        return read_bbox(text), None
    return frame_for(matches), None


def _house() -> House:
    one, two, three = st.columns([1.2, 1.2, 1])
    with one:
        producer = st.text_input("Producer", key="brief_producer", persist_state="session")
    with two:
        contact = st.text_input("Contact", key="brief_contact", persist_state="session")
    with three:
        number = st.text_input("Map number", key="brief_number", persist_state="session")
    left, right = st.columns([1.2, 1.2])
    with left:
        logo = st.file_uploader("Logo, PNG", type=["png"], key="brief_logo", max_upload_size=10)
    with right:
        template = st.file_uploader(
            "PPTX template", type=["pptx"], key="brief_template", max_upload_size=10
        )
    return House(
        producer=producer.strip(),
        contact=contact.strip(),
        map_number=number.strip(),
        logo=logo.getvalue() if logo else b"",
        template=template.getvalue() if template else b"",
    )


def _hands(
    matches: Sequence[Match],
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...], frozenset[str]]:
    """Let the visitor leave incidents out, put some first, and give some words on the map."""
    if not matches or len(matches) > _BY_HAND:
        st.caption(f"Incidents can be picked by hand where at most {_BY_HAND} match.")
        return (), (), frozenset()
    ordered = sorted(matches, key=lambda m: (m.incident.start, m.incident.end, m.incident.id))
    incidents = [match.incident for match in ordered]
    table = pd.DataFrame(
        {
            "Drawn": [True] * len(incidents),
            "Order": [None] * len(incidents),
            "Words on the map": [""] * len(incidents),
            "Date": [when_in_words(i) for i in incidents],
            "Incident": [i.title for i in incidents],
        }
    )
    edited = st.data_editor(
        table,
        key="brief_hands",
        hide_index=True,
        disabled=["Date", "Incident"],
        column_config={
            "Order": st.column_config.NumberColumn(min_value=1, step=1, width="small"),
            "Words on the map": st.column_config.TextColumn(max_chars=60),
            "Incident": st.column_config.TextColumn(width="large"),
        },
    )
    ids = [incident.id for incident in incidents]
    ranked = edited["Order"].dropna()
    order = tuple(ids[at] for at in ranked.sort_values(kind="stable").index)
    words = zip(ids, edited["Words on the map"], strict=True)
    callouts = tuple((name, said.strip()) for name, said in words if said and said.strip())
    aside = frozenset(name for name, drawn in zip(ids, edited["Drawn"], strict=True) if not drawn)
    return order, callouts, aside
