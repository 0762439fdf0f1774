"""How is an incident added or corrected by hand? In full, with the checks of an import."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import streamlit as st
from ulid import ULID

from geo.area import BBox
from geo.errors import AtlasError, IncidentError, Problem
from geo.filters import Filter, select
from geo.frame import frame_for
from geo.incident import (
    ASSESSMENTS,
    DATE_PRECISIONS,
    FIRST_YEAR,
    LAST_YEAR,
    Incident,
    Recorded,
    Toll,
)
from geo.layerfile import LayerMeta, fingerprint
from geo.settings import user_name
from geo.store import Layer
from geo.taxonomy import event_type, event_types
from geo.text import to_markdown
from geo.ui import place, records, state
from geo.ui.detail import draw as draw_detail

_NEW_LAYER = "my-incidents"


@dataclass(frozen=True, slots=True)
class Editing:
    """An incident as it was when the form opened; None is a new one."""

    before: Incident | None
    key: str
    asked: tuple[str, str]


def page() -> None:
    """Offer a new incident, or the chosen one for correction."""
    if st.session_state.as_known:
        # the past is read, not written: what is known today is corrected
        return
    layer = state.current_layer()
    editing = _editing(layer)
    title, who = st.columns([2.4, 1], vertical_alignment="bottom")
    with title:
        _heading(layer, editing)
    with who:
        st.session_state.setdefault("who", user_name())
        st.text_input(
            "Your name, for the journal",
            key="who",
            placeholder="asked once",
            persist_state="session",
        )
    for sentence in st.session_state.pop("edit_said", []):
        st.success(to_markdown(sentence), icon=":material/check:")
    incident = _form(layer, editing)
    _buttons(layer, editing, incident)


def _editing(layer: Layer | None) -> Editing:
    """Hold on to the incident as it was opened, so that another's change is noticed."""
    session = st.session_state
    wanted = (layer.name, session.selected) if layer else ("", "")
    held: Editing | None = session.get("editing")
    if held is not None and held.asked == wanted:
        return held
    before = next((i for i in layer.incidents if i.id == wanted[1]), None) if layer else None
    return _open(before, wanted)


def _open(before: Incident | None, asked: tuple[str, str]) -> Editing:
    session = st.session_state
    session.edit_count = session.get("edit_count", 0) + 1
    session.editing = Editing(before, f"edit{session.edit_count}", asked)
    session.pop("edit_conflict", None)
    held: Editing = session.editing
    return held


def _reopen(current: Incident) -> None:
    _open(current, st.session_state.editing.asked)


def _heading(layer: Layer | None, editing: Editing) -> None:
    where = to_markdown(layer.name if layer else _NEW_LAYER)
    if editing.before is None:
        st.subheader("Add an incident", anchor=False)
        if editing.asked[1]:
            st.caption(to_markdown(f"The layer has no incident {editing.asked[1][:60]!r}."))
        st.caption(
            f"It goes to the layer {where}. To correct one, choose it on the Explore page first."
        )
        return
    st.subheader("Correct an incident", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"{to_markdown(editing.before.id)} in the layer {where}. The journal keeps the old "
            "values."
        )
        st.button("Add a new one instead", on_click=_forget, type="tertiary")


def _forget() -> None:
    st.session_state.selected = ""


def _form(layer: Layer | None, editing: Editing) -> Incident | None:
    """Draw the form; answers with the incident it describes, or None with the reasons shown."""
    before, key = editing.before, editing.key
    _begin(editing)
    session = st.session_state
    with st.container(border=True):
        st.markdown("**Where**")
        where = place.draw(before, key=f"{key}_place", frame=_frame(layer, before))
    with st.container(border=True):
        st.markdown("**What and when**")
        _what_and_when(key)
    with st.container(border=True):
        st.markdown("**Who, according to whom**")
        st.caption("Actors")
        actors = records.actors(before.actors if before else (), key=f"{key}_actors")
        st.caption("Claims: each figure or kind as its claimant states it; they may disagree")
        claims = records.claims(before.claims if before else (), key=f"{key}_claims")
        st.caption("Sources")
        sources = records.sources(before.sources if before else (), key=f"{key}_sources")
        tolls = _tolls(key)
    known: dict[str, Any] = {
        "event_type": session[f"{key}_type"],
        "title": session[f"{key}_title"].strip(),
        "summary": session[f"{key}_summary"].strip(),
        "start": session[f"{key}_start"],
        "end": session[f"{key}_end"] or session[f"{key}_start"],
        "date_precision": session[f"{key}_date_precision"],
        "time": session[f"{key}_time"].strip(),
        "assessment": session[f"{key}_assessment"],
        "place_name": where.place_name,
        "admin1": where.admin1,
        "admin2": where.admin2,
        "countries": where.countries,
        "point": where.point,
        "precision": where.precision,
        "radius_km": where.radius_km,
        "located": where.located,
        "actors": actors,
        "claims": claims,
        "sources": sources,
        **tolls,
    }
    if known["start"] is None:
        session.edit_problems = (Problem("From", "empty", "an incident has a first day"),)
        return None
    try:
        if before is not None:
            return replace(before, **known)
        now = datetime.now(tz=UTC).replace(microsecond=0)
        recorded = Recorded(first_seen=now, updated=now, by="")
        return Incident(id=session[f"{key}_id"], recorded=recorded, **known)
    except IncidentError as error:
        st.session_state.edit_problems = error.problems
        return None


def _frame(layer: Layer | None, before: Incident | None) -> BBox:
    """Choose what the map shows first: the incident, the view left on Explore, or the layer."""
    if before is not None and before.mappable:
        return frame_for(select((before,), Filter(status=(before.status,))).matches)
    if st.session_state.view:
        view: BBox = st.session_state.view
        return view
    return frame_for(state.selection(layer, Filter()).matches if layer else ())


def _begin(editing: Editing) -> None:
    session, before, key = st.session_state, editing.before, editing.key
    if f"{key}_type" in session:
        return
    session[f"{key}_id"] = before.id if before else f"own:{ULID()}"
    session[f"{key}_type"] = before.event_type if before else "armed_clash"
    for name in ("title", "summary", "time"):
        session[f"{key}_{name}"] = getattr(before, name) if before else ""
    session[f"{key}_start"] = before.start if before else None
    session[f"{key}_end"] = before.end if before else None
    session[f"{key}_date_precision"] = before.date_precision if before else "day"
    session[f"{key}_assessment"] = before.assessment if before else "reported"
    for name in ("deaths", "injured"):
        toll = getattr(before, name) if before else Toll()
        for part in ("low", "best", "high"):
            session[f"{key}_{name}_{part}"] = getattr(toll, part)


def _what_and_when(key: str) -> None:
    one, two, three = st.columns([1, 2, 1])
    one.selectbox(
        "Event type",
        [kind.id for kind in event_types()],
        key=f"{key}_type",
        format_func=lambda id_: event_type(id_).label,
    )
    two.text_input("Title", key=f"{key}_title", max_chars=300)
    three.selectbox("Assessment", ASSESSMENTS, key=f"{key}_assessment")
    columns = st.columns(4)
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    for column, label, name in ((columns[0], "From", "start"), (columns[1], "To", "end")):
        column.date_input(
            label, key=f"{key}_{name}", min_value=first, max_value=last, format="YYYY-MM-DD"
        )
    columns[2].selectbox("Date known to the", DATE_PRECISIONS, key=f"{key}_date_precision")
    columns[3].text_input("Local time", key=f"{key}_time", placeholder="such as 03:00, night")
    st.text_area("Summary, in your own words", key=f"{key}_summary", height=80)


def _tolls(key: str) -> dict[str, Toll]:
    st.caption("Deaths and injured: only what may be said of this incident alone; empty is unknown")
    columns = st.columns(6)
    made = {}
    for i, name in enumerate(("deaths", "injured")):
        parts = [
            columns[3 * i + j].number_input(
                f"{name.capitalize()}, {part}", key=f"{key}_{name}_{part}", min_value=0, step=1
            )
            for j, part in enumerate(("low", "best", "high"))
        ]
        made[name] = Toll(*(None if part is None else int(part) for part in parts))
    return made


def _buttons(layer: Layer | None, editing: Editing, incident: Incident | None) -> None:
    session = st.session_state
    if incident is None:
        for problem in session.pop("edit_problems", ()):
            st.warning(to_markdown(f"{problem}."), icon=":material/rule:")
    conflict = session.get("edit_conflict")
    if conflict:
        st.error(to_markdown(f"{conflict}."), icon=":material/sync_problem:")
        _show_current(editing)
    ready = incident is not None and session.who.strip()
    changed = editing.before is None or incident != editing.before
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Save the incident" if editing.before is None else "Save the correction",
            type="primary",
            disabled=not (ready and changed),
            on_click=_save,
            args=(layer, editing, incident),
        )
        if not session.who.strip():
            st.caption("Give your name above first: a change is kept under it.")
        if editing.before is not None and editing.before.status != "retracted":
            with st.popover("Retract …", icon=":material/undo:"):
                st.text_input("Why is it taken back?", key=f"{editing.key}_why")
                st.caption("It stays in the layer, left out of maps and counts, with the reason.")
                st.button(
                    "Retract",
                    on_click=_retract,
                    args=(layer, editing, editing.before),
                    key="retract",
                )


def _save(layer: Layer | None, editing: Editing, incident: Incident) -> None:
    store, session = state.store(), st.session_state
    now = datetime.now(tz=UTC).replace(microsecond=0)
    name = layer.name if layer else _NEW_LAYER
    expected = fingerprint(editing.before) if editing.before else None
    try:
        if layer is None:
            store.create(name, LayerMeta(title="My incidents"), by=session.who, now=now)
        store.save(name, incident, expected=expected, by=session.who.strip(), now=now)
    except AtlasError as error:
        session.edit_conflict = str(error)
    else:
        _done(incident, "Saved")


def _retract(layer: Layer, editing: Editing, before: Incident) -> None:
    session = st.session_state
    now = datetime.now(tz=UTC).replace(microsecond=0)
    try:
        state.store().retract(
            layer.name,
            before,
            reason=session[f"{editing.key}_why"],
            by=session.who.strip(),
            now=now,
        )
    except AtlasError as error:
        session.edit_conflict = str(error)
    else:
        _done(before, "Retracted")


def _done(incident: Incident, word: str) -> None:
    session = st.session_state
    session.pop("editing", None)
    session.pop("edit_conflict", None)
    session.selected = incident.id
    session.edit_said = [f"{word}: {incident.title} ({incident.id})"]


def _show_current(editing: Editing) -> None:
    """Show what the other visitor saved, and offer to go on from there."""
    layer = state.current_layer()
    if layer is None or editing.before is None:
        return
    current = next((i for i in layer.incidents if i.id == editing.before.id), None)
    if current is None:
        return
    with st.expander("The incident as it stands now"):
        draw_detail(current)
    st.button("Go on from the current version", on_click=_reopen, args=(current,))


page()
