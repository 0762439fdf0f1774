"""Which picture goes into the briefing? One of exactly what the filters match."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from geo.errors import FilterError, SnapshotError
from geo.filters import Filter, select
from geo.incident import Incident
from geo.profile import Fitted, fit
from geo.settings import layers_folder
from geo.snapshot import Brief
from geo.snapshot.language import language
from geo.snapshot.record import Briefing, briefings
from geo.store import Layer
from geo.studio import Sheet, pictures
from geo.text import to_markdown
from geo.ui import (
    brief_changes,
    brief_compare,
    brief_files,
    brief_form,
    brief_past,
    drawing,
    empty,
    ledger,
    preflight,
    sidebar,
    state,
)

# a quick look first, then the picture as it will be: pixels an inch
_QUICK, _FINE = 60, 150


def page() -> None:
    """Show the picture, and beside it whether it is fit to show."""
    layer = state.current_layer()
    state.tell_problems()
    if layer is None:
        empty.draw()
        return
    # while the page finds out what is to be drawn
    drawing.studio.warm()
    indexed = state.indexed_layer()
    if indexed is not None:
        sidebar.draw(state.store().names(), state.facets(indexed))
    record = briefings(layers_folder())
    past = [briefing for briefing in record.briefings if _is_of(briefing, layer)]
    try:
        asked = state.query()
        fitted = _fitted(
            layer.name, layer.version, brief_form.profile(), _incidents=layer.incidents
        )
        form = brief_form.draw(layer, select(fitted.incidents, asked).matches, past)
        brief = _brief(layer, asked, fitted, form)
    except FilterError as error:
        st.warning(to_markdown(f"{error}."), icon=":material/event_busy:")
        return
    state.publish(asked)
    st.markdown(ledger.line(brief.selection.ledger))
    picture, changed, compared, kept = st.tabs(
        ["Picture", "What changed", "Compare periods", "Past briefings and checks"]
    )
    with picture:
        _picture(layer, form, brief)
    with changed:
        brief_changes.draw(layer, asked, past, brief.language)
    with compared:
        brief_compare.draw(asked, fitted.incidents, brief.language)
    with kept:
        brief_past.draw(layer, record)


def _is_of(briefing: Briefing, layer: Layer) -> bool:
    # of several layers incidents have other names, with which one alone cannot be compared
    return [held["name"] for held in briefing.content["layers"]] == [layer.name]


@st.cache_resource(max_entries=6, show_spinner="Making the incidents fit to be shown …")
def _fitted(
    name: str,  # noqa: ARG001 part of the cache key
    version: str,  # noqa: ARG001 part of the cache key
    profile: str,
    *,
    _incidents: tuple[Incident, ...],
) -> Fitted:
    return fit(_incidents, profile)


def _brief(layer: Layer, asked: Filter, fitted: Fitted, form: brief_form.Asked) -> Brief:
    return Brief(
        title=form.title,
        query=asked,
        selection=select(fitted.incidents, asked, frame=form.frame, set_aside=form.set_aside),
        layers=((layer.name, fitted.version(layer.version)),),
        as_of=layer.meta.as_of or datetime.now(tz=UTC),
        frame=form.frame,
        size=form.size,
        house=form.house,
        marking=form.marking,
        language=form.language,
        density=form.density,
        profile=fitted.profile,
        series=form.series,
        order=form.order,
        callouts=form.callouts,
        set_aside=form.set_aside,
        notes=fitted.notes(language(form.language).say),
        withheld=fitted.withheld,
    )


def _picture(layer: Layer, form: brief_form.Asked, brief: Brief) -> None:
    left, right = st.columns([2.7, 1], gap="medium")
    key = (layer.name, layer.version, repr(brief.query), repr(form))
    with left:
        place = st.empty()
    with right:
        rest = st.container()
    try:
        with place, st.spinner("Drawing the picture …"):
            made = _made(key, _brief=brief)
            quick = _drawn(key, _QUICK, _made=made)
        place.image(quick, width="stretch")
        with rest:
            preflight.draw(made.findings)
            brief_files.draw(layer, made)
        fine = 0 if brief.size == "phone" else _FINE
        place.image(_drawn(key, fine, _made=made), width="stretch")
    except SnapshotError as error:
        with place.container():
            drawing.tell(error, key="picture_again")


@st.cache_resource(max_entries=3, show_spinner=False)
def _made(key: tuple[str, ...], *, _brief: Brief) -> Sheet:  # noqa: ARG001 the cache key
    return pictures.sheet(_brief, by=drawing.studio)


@st.cache_data(max_entries=24, show_spinner=False)
def _drawn(key: tuple[str, ...], dpi: int, *, _made: Sheet) -> bytes:  # noqa: ARG001 the cache key
    return pictures.write(_made, "png", by=drawing.studio, dpi=dpi or None)


page()
