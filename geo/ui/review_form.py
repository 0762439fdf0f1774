"""What does a draft say, and what would a reviewer rather have it say?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st

from geo import countries
from geo.area import BBox
from geo.errors import IncidentError
from geo.filters import Match
from geo.frame import frame_for
from geo.incident import (
    ASSESSMENTS,
    DATE_PRECISIONS,
    FIRST_YEAR,
    LAST_YEAR,
    PRECISIONS,
    Incident,
    Located,
    Point,
)
from geo.reviewing import evidence, score
from geo.taxonomy import event_type, event_types
from geo.text import to_markdown
from geo.ui import detail, map_panel, place

_PLACE = (
    *("place_name", "admin2", "admin1", "countries"),
    *("point", "precision", "radius_km", "located"),
)
_MAP_HEIGHT = 260
_FEW = 6
_QUOTED = 600
# degrees around a place on the map to point at
_ROOM = 2


@dataclass(frozen=True, slots=True)
class Form:
    """What the form says now: the draft as corrected, or the sentences that forbid it."""

    corrected: Incident | None
    problems: tuple[str, ...] = ()


def draw(draft: Incident, *, key: str) -> Form:
    """Draw the draft as fields, with its place on a map and the other places it may mean."""
    found = score(draft)
    st.caption(
        to_markdown(draft.id) + ("" if found is None else f" · {_doubt(found)} ({found:.2f})")
    )
    if draft.summary:
        st.markdown(f"> {to_markdown(draft.summary[:_QUOTED])}")
    chosen = _what_and_when(draft, key)
    chosen |= _where(draft, key)
    try:
        corrected = replace(draft, **chosen)
    except IncidentError as error:
        return Form(None, tuple(str(error).split("; ")))
    name = f"{key}/{hash(tuple(map(str, chosen.values())))}"
    if corrected.mappable:
        map_panel.preview((Match(corrected, "within", None),), name=name, height=_MAP_HEIGHT)
    else:
        st.info("No place: not on the map.", icon=":material/location_off:")
    reasons = evidence(draft).get("reasons")
    if isinstance(reasons, list) and reasons:
        st.markdown("\n".join(f"- {to_markdown(str(reason))}" for reason in reasons[:12]))
    with st.expander("Everything the draft says"):
        detail.draw(corrected)
    return Form(corrected)


def correct_place(draft: Incident, others: Sequence[Incident], *, key: str) -> None:
    """Draw the place as a form with a map to point at; its answer counts in `draw`.

    Where the draft has no place, the map shows those of the other drafts.
    """
    use = st.toggle("Point at the place, look it up or type it", key=f"{key}_own")
    if use:
        shown = [draft] if draft.mappable else others
        box = frame_for([Match(one, "within", None) for one in shown])
        st.session_state[f"{key}_given"] = place.draw(draft, key=f"{key}_place", frame=_wide(box))


def _doubt(found: float) -> str:
    return "sure of little" if found < 0.4 else "in doubt" if found < 0.7 else "quite sure"


def _what_and_when(draft: Incident, key: str) -> dict[str, Any]:
    kinds = [kind.id for kind in event_types()]
    left, right = st.columns([1.3, 1], gap="small")
    kind = left.selectbox(
        "Event type",
        kinds,
        index=kinds.index(draft.event_type),
        format_func=lambda id_: event_type(id_).label,
        key=f"{key}_type",
    )
    assessment = right.selectbox(
        "Assessment", ASSESSMENTS, index=ASSESSMENTS.index(draft.assessment), key=f"{key}_said"
    )
    title = st.text_input("Title", draft.title, key=f"{key}_title")
    one, two, three = st.columns(3, gap="small")
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    start, end = (
        column.date_input(
            label, day, min_value=first, max_value=last, key=f"{key}_{label}", format="YYYY-MM-DD"
        )
        for column, label, day in ((one, "From", draft.start), (two, "To", draft.end))
    )
    known = three.selectbox(
        "Date known to the",
        DATE_PRECISIONS,
        index=DATE_PRECISIONS.index(draft.date_precision),
        key=f"{key}_known",
    )
    return {
        "event_type": kind,
        "assessment": assessment,
        "title": title.strip(),
        "start": start or draft.start,
        "end": end or draft.end,
        "date_precision": known,
    }


def _where(draft: Incident, key: str) -> dict[str, Any]:
    """Take the place of the form where it was used, else of the candidate that was chosen."""
    session = st.session_state
    given: place.Place | None = session.get(f"{key}_given")
    if session.get(f"{key}_own") and given is not None:
        st.caption("The place is taken from the form below.")
        return {name: getattr(given, name) for name in _PLACE}
    options = _candidates(draft)
    said = {name: getattr(draft, name) for name in _PLACE}
    if not options:
        st.caption(to_markdown(f"Place: {draft.place_name or 'none in the text'}"))
        return said
    choices = [said, *options, {**said, **_NOWHERE}]
    chosen = st.radio(
        "Place",
        range(len(choices)),
        format_func=lambda n: _named(choices[n]),
        key=f"{key}_candidate",
    )
    return choices[chosen or 0]


_NOWHERE: dict[str, Any] = {
    **dict.fromkeys(("place_name", "admin1", "admin2"), ""),
    **dict.fromkeys(("point", "radius_km", "located")),
    "countries": (),
    "precision": "none",
}


def _candidates(draft: Incident) -> list[dict[str, Any]]:
    """Places that the name in the text may mean, without the one the draft has."""
    found = evidence(draft).get("candidates")
    rows = [row for row in (found if isinstance(found, list) else ()) if isinstance(row, Mapping)]
    places = [made for row in rows[: _FEW + 1] if (made := _candidate(row)) is not None]
    # the draft's own place is the first choice already
    return [p for p in places if _named(p) != _named({n: getattr(draft, n) for n in _PLACE})]


def _candidate(row: Mapping[str, Any]) -> dict[str, Any] | None:
    lon, lat, radius = (row.get(name) for name in ("lon", "lat", "radius_km"))
    numbers = all(n is None or type(n) in (int, float) for n in (lon, lat, radius))
    if not numbers or row.get("precision") not in PRECISIONS:
        return None
    country = str(row.get("country") or "")
    point = Point(float(lon), float(lat)) if lon is not None and lat is not None else None
    return {
        "place_name": str(row.get("name") or ""),
        "admin2": str(row.get("admin2") or ""),
        "admin1": str(row.get("admin1") or ""),
        "countries": (country,) if country else (),
        "point": None if row["precision"] in ("country", "none") else point,
        "precision": row["precision"],
        "radius_km": radius,
        "located": Located(method=f"gazetteer: {row.get('source', '')}", id=str(row.get("id", ""))),
    }


def _named(place_: Mapping[str, Any]) -> str:
    if place_["precision"] == "none":
        return "No place"
    nations = "/".join(countries.name(code) for code in place_["countries"])
    parts = dict.fromkeys((place_["place_name"], place_["admin2"], place_["admin1"], nations))
    return to_markdown(f"{', '.join(p for p in parts if p)} · {place_['precision']}")


def _wide(box: BBox) -> BBox:
    """Give a map to point at some room around the place."""
    return BBox(
        max(box.west - 2, -180),
        max(box.south - 2, -90),
        min(box.east + 2, 180),
        min(box.north + 2, 90),
    )
