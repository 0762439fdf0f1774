"""Where did it happen, as pointed at, looked up or typed, and how exactly is that known?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from geo import countries
from geo.area import BBox
from geo.coordinates import read, to_decimal
from geo.errors import CoordinateError
from geo.gazetteer import Candidate, locate
from geo.incident import PRECISIONS, Incident, Located, Point, Precision
from geo.text import to_markdown
from geo.ui import map_panel
from geo.ui.detail import PRECISION_SENTENCES

_WITHOUT_POINT = ("country", "none")


@dataclass(frozen=True, slots=True)
class Place:
    """What the form knows about the place."""

    place_name: str
    admin2: str
    admin1: str
    countries: tuple[str, ...]
    point: Point | None
    precision: Precision
    radius_km: float | None
    located: Located | None


def draw(before: Incident | None, *, key: str, frame: BBox) -> Place:
    """Draw the place part of the form, its map on a frame; answers with what it says now."""
    session = st.session_state
    _begin(before, key)
    picked = session.pop("map_picked", None)
    if picked is not None:
        _set_point(key, picked, "map click", "")
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        map_panel.pick(height=520, start=frame, mark=session[f"{key}_point"])
        st.caption("Click on the map to point at the place.")
    with right:
        _search(key)
        st.text_input(
            "Coordinates",
            key=f"{key}_typed",
            placeholder="34.1286, 71.0896 · 34°07'43\"N … · 42SXC… · map link",
            on_change=_take_typed,
            args=(key,),
        )
        _report(key)
        st.selectbox(
            "How exactly is the place known?",
            PRECISIONS,
            key=f"{key}_precision",
            help="A pin is drawn only for an exact place.",
        )
        sentence = PRECISION_SENTENCES[session[f"{key}_precision"]]
        st.caption(sentence if sentence.endswith(".") else f"{sentence}; give the radius if known.")
        st.number_input(
            "Radius in km",
            key=f"{key}_radius",
            value=None,
            min_value=0.0,
            max_value=3000.0,
            disabled=session[f"{key}_precision"] in ("exact", *_WITHOUT_POINT),
        )
        st.text_input("Place name", key=f"{key}_name")
        one, two = st.columns(2)
        one.text_input("Province (admin1)", key=f"{key}_admin1")
        two.text_input("District (admin2)", key=f"{key}_admin2")
        st.multiselect(
            "Countries",
            sorted(countries.codes(), key=countries.name),
            key=f"{key}_countries",
            format_func=countries.name,
            help="Several where a border is fought over.",
            placeholder="none",
        )
    return _place(key)


def _begin(before: Incident | None, key: str) -> None:
    session = st.session_state
    if f"{key}_point" in session:
        return
    session[f"{key}_point"] = before.point if before else None
    session[f"{key}_located"] = before.located if before else None
    session[f"{key}_precision"] = before.precision if before else "near"
    session[f"{key}_radius"] = before.radius_km if before else None
    session[f"{key}_name"] = before.place_name if before else ""
    session[f"{key}_admin1"] = before.admin1 if before else ""
    session[f"{key}_admin2"] = before.admin2 if before else ""
    session[f"{key}_countries"] = list(before.countries) if before else []
    session[f"{key}_problem"] = ""


def _search(key: str) -> None:
    asked = st.text_input(
        "Find a place", key=f"{key}_asked", placeholder="town, crossing, district, province"
    )
    if not asked.strip():
        return
    with st.spinner("Looking it up …"):
        found = locate(asked, limit=8)
    if not found:
        st.caption(to_markdown(f"No place is called {asked[:60]!r}. Point at it or type it."))
        return
    st.selectbox(
        "Places of this name",
        found,
        index=None,
        key=f"{key}_found_{asked}",
        format_func=_candidate,
        placeholder=f"{len(found)} found: choose one",
        on_change=_take_found,
        args=(key, f"{key}_found_{asked}"),
    )


def _candidate(place: Candidate) -> str:
    where = ", ".join(p for p in (place.admin2, place.admin1, countries.name(place.country)) if p)
    return f"{place.name} ({place.kind}) · {where} · {place.precision}"


def _take_found(key: str, widget: str) -> None:
    session = st.session_state
    chosen: Candidate | None = session[widget]
    if chosen is None:
        return
    # a country, and a district of unknown position, have no point
    session[f"{key}_point"], session[f"{key}_problem"] = chosen.point, ""
    session[f"{key}_located"] = chosen.located
    session[f"{key}_precision"] = chosen.precision
    session[f"{key}_radius"] = chosen.radius_km
    session[f"{key}_name"] = chosen.name
    session[f"{key}_admin1"], session[f"{key}_admin2"] = chosen.admin1, chosen.admin2
    session[f"{key}_countries"] = [chosen.country] if chosen.country else []


def _take_typed(key: str) -> None:
    session = st.session_state
    text = session[f"{key}_typed"]
    if not text.strip():
        return
    try:
        reading = read(text)
    except CoordinateError as error:
        session[f"{key}_problem"] = str(error)
        return
    _set_point(key, reading.point, f"coordinates typed as {reading.form}", "")
    if reading.precision_m > 1500:
        session[f"{key}_precision"] = "near"
        session[f"{key}_radius"] = round(reading.precision_m / 1000, 1)


def _set_point(key: str, point: Point, method: str, id_: str) -> None:
    session = st.session_state
    session[f"{key}_point"], session[f"{key}_problem"] = point, ""
    session[f"{key}_located"] = Located(method=method, id=id_)
    if session[f"{key}_precision"] in _WITHOUT_POINT:
        # what was pointed at is not dropped because the place was unknown before
        session[f"{key}_precision"] = "near"


def _report(key: str) -> None:
    session = st.session_state
    if session[f"{key}_problem"]:
        st.warning(to_markdown(f"{session[f'{key}_problem']}."), icon=":material/wrong_location:")
    point, located = session[f"{key}_point"], session[f"{key}_located"]
    if point is None:
        st.caption("No position yet.")
    else:
        by = f" · {located.method}" if located and located.method else ""
        st.markdown(to_markdown(f"{to_decimal(point)}{by}"))


def _place(key: str) -> Place:
    session = st.session_state
    precision: Precision = session[f"{key}_precision"]
    radius: Any = session[f"{key}_radius"]
    without = precision in _WITHOUT_POINT
    return Place(
        place_name=session[f"{key}_name"].strip(),
        admin2=session[f"{key}_admin2"].strip(),
        admin1=session[f"{key}_admin1"].strip(),
        countries=tuple(session[f"{key}_countries"]),
        point=None if without else session[f"{key}_point"],
        precision=precision,
        radius_km=None if without or precision == "exact" or not radius else float(radius),
        located=None if without else session[f"{key}_located"],
    )
