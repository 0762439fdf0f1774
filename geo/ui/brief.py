"""Which picture goes into the briefing? One of exactly what the filters match."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from geo.errors import FilterError, SnapshotError
from geo.filters import Filter
from geo.settings import layers_folder
from geo.snapshot import Brief
from geo.snapshot.language import language
from geo.snapshot.record import Briefing, briefings
from geo.studio import Sheet, pictures
from geo.text import to_markdown
from geo.together import Together
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
    several,
    sidebar,
    state,
)

# a quick look first, then the picture as it will be: pixels an inch
_QUICK, _FINE = 60, 150


def page() -> None:
    """Show the picture, and beside it whether it is fit to show."""
    whole = several.whole(brief_form.profile())
    state.tell_problems()
    if whole is None:
        empty.draw()
        return
    # while the page finds out what is to be drawn
    drawing.studio.warm()
    indexed = several.layer()
    if indexed is not None:
        sidebar.draw(state.store().names(), state.facets(indexed), beside=True)
    record = briefings(layers_folder())
    past = [briefing for briefing in record.briefings if _is_of(briefing, whole)]
    try:
        asked = state.query()
        form = brief_form.draw(whole.title, whole.select(asked).matches, past)
        brief = _brief(whole, asked, form)
    except FilterError as error:
        st.warning(to_markdown(f"{error}."), icon=":material/event_busy:")
        return
    state.publish(asked)
    st.markdown(ledger.line(brief.selection.ledger))
    several.tell_picture(whole, brief.selection)
    picture, changed, compared, kept = st.tabs(
        ["Picture", "What changed", "Compare periods", "Past briefings and checks"]
    )
    with picture:
        _picture(whole, form, brief)
    with changed:
        brief_changes.draw(whole.layers, asked, past, brief.language)
    with compared:
        brief_compare.draw(asked, whole.incidents, brief.language)
    with kept:
        brief_past.draw(whole.layers, record)


def _is_of(briefing: Briefing, whole: Together) -> bool:
    # of other layers incidents have other names, with which these cannot be compared
    held = [layer["name"] for layer in briefing.content["layers"]]
    return sorted(held) == sorted(layer.name for layer in whole.layers)


def _brief(whole: Together, asked: Filter, form: brief_form.Asked) -> Brief:
    taken = whole.taken
    selection = whole.select(asked, frame=form.frame, set_aside=form.set_aside)
    return Brief(
        title=form.title,
        query=asked,
        selection=selection,
        layers=whole.versions,
        as_of=whole.meta.as_of or datetime.now(tz=UTC),
        frame=form.frame,
        size=form.size,
        house=form.house,
        marking=form.marking,
        language=form.language,
        density=form.density,
        profile=taken.profile,
        series=form.series,
        order=form.order,
        callouts=form.callouts,
        set_aside=form.set_aside,
        notes=whole.notes(language(form.language).say),
        withheld=taken.withheld,
        repeated=whole.repeated(selection),
    )


def _picture(whole: Together, form: brief_form.Asked, brief: Brief) -> None:
    left, right = st.columns([2.7, 1], gap="medium")
    key = (
        repr([(layer.name, layer.version) for layer in whole.layers]),
        repr(brief.query),
        repr(form),
    )
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
            brief_files.draw(whole.name, made)
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
