"""Which filters can a visitor set, and what do their values look like?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Literal

import streamlit as st

from geo import countries
from geo.facets import Facets
from geo.filters import Filter
from geo.incident import ASSESSMENTS, PRECISIONS, STATUSES
from geo.periods import Period, presets
from geo.taxonomy import event_type, event_types, groups
from geo.text import to_markdown
from geo.ui import saved, several, state

_PRECISION_WORDS = {
    "exact": "exact place",
    "near": "near a place",
    "district": "district",
    "province": "province",
    "area": "area or line",
    "country": "country",
    "none": "no place",
}
_PERSIST: Literal["session"] = "session"


def draw(names: list[str], facets: Facets, *, beside: bool = False) -> None:
    """Draw every filter in the sidebar; `beside` offers further layers together with the first."""
    with st.sidebar:
        choose_layer(names, beside=beside)
        saved.draw()
        _dates(facets)
        _types(facets)
        _choose("Country", "f_countries", facets.countries, countries.name)
        _choose("Actor", "f_actors", facets.actors, str)
        st.text_input(
            "Text",
            key="f_text",
            placeholder="words in title, summary, place, sources",
            persist_state=_PERSIST,
        )
        with st.expander("More filters", expanded=_more_is_active()):
            _more(facets)
        st.button("Clear all filters", on_click=state.show, args=(Filter(),), width="stretch")


def choose_layer(names: list[str], *, beside: bool = False) -> None:
    """Draw the choice of the layer, and of those beside it where a page can show several."""
    st.selectbox("Layer", names, key="layer", on_change=_new_layer, persist_state=_PERSIST)
    if beside:
        several.choose(names)


def choose_alone(names: list[str], *, beside: bool) -> None:
    """Draw the choice of the layer where the page itself could not be drawn."""
    with st.sidebar:
        choose_layer(names, beside=beside)
    # Streamlit takes this for another widget than the page's own, which must be told the value
    st.session_state.chosen_alone = True


def _dates(facets: Facets) -> None:
    today = datetime.now(tz=UTC).date()
    first, last = facets.period or (today, today)
    offered = presets(first, last)
    st.selectbox(
        "Dates",
        offered,
        key="preset",
        index=None,
        placeholder="Choose a period …",
        format_func=lambda period: period.label,
        on_change=_take_preset,
        help="Relative to the newest incident of the layer, not to today.",
    )
    left, right = st.columns(2, gap="small")
    for column, label, key in ((left, "From", "f_from"), (right, "To", "f_to")):
        chosen = st.session_state.get(key)
        column.date_input(
            label,
            key=key,
            value=None,
            # a day from the address bar may lie outside what the layer covers
            min_value=min(first, chosen or first).replace(month=1, day=1),
            max_value=max(last, chosen or last).replace(month=12, day=31),
            format="YYYY-MM-DD",
            persist_state=_PERSIST,
        )


def _take_preset() -> None:
    period: Period | None = st.session_state.preset
    if period is None:
        return
    everything = period.label == "All dates"
    st.session_state.f_from = None if everything else period.start
    st.session_state.f_to = None if everything else period.end
    st.session_state.preset = None


def _types(facets: Facets) -> None:
    present = set(facets.event_types) | set(st.session_state.f_types)
    offered = [
        g for g in groups() if any(t.group == g.id and t.id in present for t in event_types())
    ]
    st.caption("Event type")
    with st.container(horizontal=True, gap="small", key="groups"):
        for group in offered:
            st.button(
                group.label,
                key=f"group_{group.id}",
                on_click=_toggle_group,
                args=(group.id,),
                type="primary" if _whole_group(group.id) else "secondary",
                help=f"All types of {group.label.lower()}",
            )
    _choose(
        "Event type",
        "f_types",
        {t.id: facets.event_types.get(t.id, 0) for t in event_types() if t.id in present},
        lambda id_: event_type(id_).label,
        hidden=True,
    )


def _members(group_id: str) -> list[str]:
    return [t.id for t in event_types() if t.group == group_id]


def _whole_group(group_id: str) -> bool:
    return set(_members(group_id)) <= set(st.session_state.f_types)


def _toggle_group(group_id: str) -> None:
    chosen = set(st.session_state.f_types)
    chosen ^= (
        set(_members(group_id)) if _whole_group(group_id) else set(_members(group_id)) - chosen
    )
    st.session_state.f_types = [t.id for t in event_types() if t.id in chosen]


def _more(facets: Facets) -> None:
    _choose("Location precision", "f_precision", PRECISIONS, _PRECISION_WORDS.__getitem__)
    st.number_input(
        "Deaths, at least",
        key="f_deaths",
        value=None,
        min_value=0,
        # what an address may ask for: Streamlit drops a value beyond its widget in silence
        max_value=99_999_999,
        step=1,
        help="Best figure, else the high one. Unknown is not zero: such incidents are left out "
        "and counted.",
        persist_state=_PERSIST,
    )
    _choose("Assessment", "f_assessment", ASSESSMENTS, str)
    _choose("Status", "f_status", STATUSES, str)
    _choose("Source", "f_sources", facets.sources, str)
    st.date_input(
        "New or changed since",
        key="f_since",
        value=None,
        min_value=date.min,
        max_value=date.max,
        format="YYYY-MM-DD",
        persist_state=_PERSIST,
    )
    st.toggle(
        "Certain dates only",
        key="f_certain",
        persist_state=_PERSIST,
        help="Leaves out incidents whose week, month or year only partly overlaps the dates.",
    )
    area = st.session_state.f_area
    if area:
        st.caption(to_markdown(f"Area: {area[0]} {area[1][:80]}"))
        st.button("Clear the area", on_click=_set_area, args=(None,), width="stretch")
    elif st.session_state.view:
        box = st.session_state.view
        text = f"{box.west:.4f},{box.south:.4f},{box.east:.4f},{box.north:.4f}"
        label = "Only what the map shows now"
        st.button(label, on_click=_set_area, args=(("bbox", text),), width="stretch")


def _set_area(area: tuple[str, str] | None) -> None:
    st.session_state.f_area = area


def _more_is_active() -> bool:
    asked = st.session_state
    plain = (asked.f_precision, asked.f_assessment, asked.f_sources, asked.f_since, asked.f_certain)
    return (
        any(plain)
        or asked.f_deaths is not None
        or asked.f_status != ["accepted"]
        or (asked.f_area is not None)
    )


def _choose(
    label: str,
    key: str,
    values: Mapping[str, int] | Iterable[str],
    word: Callable[[str], str],
    *,
    hidden: bool = False,
) -> None:
    counts = values if isinstance(values, Mapping) else {}
    # a value from the address bar stays choosable where the layer does not have it
    options = list(dict.fromkeys((*values, *st.session_state[key])))

    def shown(value: str) -> str:
        return f"{word(value)} ({counts[value]:,})" if counts.get(value) else word(value)

    st.multiselect(
        label,
        options,
        key=key,
        format_func=shown,
        placeholder="all",
        label_visibility="collapsed" if hidden else "visible",
        persist_state=_PERSIST,
    )


def _new_layer() -> None:
    state.leave_layer()
