"""Which column of this file holds what, why, and what must the visitor say of it?"""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from geo.incoming.look import Look
from geo.sources.checks import Question
from geo.sources.columns import AXES, DATE_ORDER, ENCODING, EPSG, NAMES, SCALE
from geo.sources.detection import Found
from geo.sources.remembered import remember
from geo.text import to_markdown
from geo.ui import bring_file, bring_work

_WORDS = {
    "id": "Id",
    "title": "Title",
    "summary": "Summary",
    "event_type": "Event type",
    "parent_type": "Broader event type",
    "type_of_violence": "Type of violence",
    "start": "Date, or first day",
    "end": "Last day",
    "start_year": "Year",
    "start_month": "Month",
    "start_day": "Day of month",
    "date_precision": "Date precision",
    "time": "Local time",
    "place_name": "Place",
    "admin1": "Province",
    "admin2": "District",
    "countries": "Country",
    "lat": "Latitude",
    "lon": "Longitude",
    "coordinates": "Coordinates in one column",
    "precision": "Location precision",
    "radius_km": "Radius in km",
    "deaths_low": "Deaths, low",
    "deaths_best": "Deaths",
    "deaths_high": "Deaths, high",
    "injured_low": "Injured, low",
    "injured_best": "Injured",
    "injured_high": "Injured, high",
    "actors": "Actors",
    "actor1": "First actor",
    "actor2": "Second actor",
    "claims": "Claims",
    "sources": "Source",
    "source_url": "Link to the source",
    "status": "Status",
    "assessment": "Assessment",
    "licence": "Licence",
}
# offered even where nothing was found for them
_ALWAYS = ("start", "event_type", "place_name", "countries", "lat", "lon", "deaths_best", "sources")
_OFFERED = 3
_ORDERS = {"dmy": "Day first", "mdy": "Month first"}
_AXES = {
    "swapped": "They are swapped",
    "west": "West of Greenwich: the minus sign is lost",
    "south": "South of the equator: the minus sign is lost",
    "south_west": "South-west: both minus signs are lost",
    "as_written": "They are right as they stand",
}
_ENCODINGS = ("utf-8", "cp1252", "cp1251", "cp1256", "iso8859_2", "utf-16", "gb18030")


def chosen(key: str) -> dict[str, str]:
    """Answer with what the visitor chose for a file by now, by field or option."""
    held: dict[str, dict[str, str]] = st.session_state.setdefault("bring_chosen", {})
    return held.setdefault(key, {})


def draw(look: Look, key: str, *, height: int) -> None:
    """Draw a row for each field, and what must be asked above them."""
    st.markdown(f"**Columns** · {_summary(look)}")
    _memory(look, key)
    _advice(look, key)
    for question in look.questions:
        _ask(question, look, key)
    if DATE_ORDER in look.chosen and not look.questions:
        _date_order(look, key)
    found = {one.field: one for one in look.found}
    fields = _fields(look, found)
    with st.container(height=height, key="bring_columns"):
        for field in fields:
            _row(field, found.get(field), look, key)
        rest = [field for field in NAMES if field not in fields]
        st.selectbox(
            "Another field",
            rest,
            index=None,
            format_func=_WORDS.__getitem__,
            key=f"bring_more_{key}",
            placeholder="add a field",
            on_change=_add,
            args=(key,),
        )


def ask_after(error: str, key: str) -> None:
    """Offer what a refusal asks for, where it asks for something a visitor can say."""
    if f"{DATE_ORDER}=" in error:
        _radio(DATE_ORDER, "Which comes first in its dates?", _ORDERS, key)
    if f"{ENCODING}=" in error or ENCODING in chosen(key):
        names = dict.fromkeys(_ENCODINGS)
        _radio(ENCODING, "How are its letters written?", {name: name for name in names}, key)
    if f"{EPSG}=" in error or EPSG in chosen(key):
        _number(EPSG, "EPSG code of its coordinates", key)


def _summary(look: Look) -> str:
    used = {one.header for one in look.found}
    unused = [header for header in look.headers if header not in used]
    known = f", known as {look.preset}" if look.preset else ""
    left = ""
    if unused:
        shown = ", ".join(header[:30] for header in unused[:4])
        more = f" and {len(unused) - 4} more" if len(unused) > 4 else ""
        left = f" · kept as they are: {shown}{more}"
    count = len(look.headers)
    return to_markdown(f"{len(used)} of {count} understood{known}{left}")


def _memory(look: Look, key: str) -> None:
    if not look.remembered:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="bring_memory"):
        named = ", ".join(_word(name) for name in look.remembered)
        origin = look.origin or "an earlier import"
        st.caption(
            f":material/history: {to_markdown(f'Remembered from {origin}: {named}')}",
            width="stretch",
        )
        st.button(
            "Forget it", key="bring_forget", type="tertiary", on_click=_forget, args=(look, key)
        )


def _forget(look: Look, key: str) -> None:
    try:
        remember(look.fingerprint, {})
    except OSError as error:
        st.session_state.bring_refused = f"it could not be forgotten: {error.strerror}"
    chosen(key).clear()
    bring_work.drop()


def _advice(look: Look, key: str) -> None:
    if not look.advice:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="bring_advice"):
        st.caption(
            f":material/lightbulb: {to_markdown(look.advice[:1].upper() + look.advice[1:])}",
            width="stretch",
        )
        if look.source in bring_file.SOURCES:
            st.button(
                "Read it so",
                key="bring_read_so",
                on_click=_read_so,
                args=(key, look.source),
            )


def _read_so(key: str, source: str) -> None:
    st.session_state[bring_file.source_key(key)] = source
    chosen(key).clear()


def _fields(look: Look, found: dict[str, Found]) -> list[str]:
    """Fields in the order of an incident: what was found, named, or is offered always."""
    whole = "coordinates" in found
    shown = {*found, *(name for name in look.chosen if name in NAMES)}
    for name in _ALWAYS:
        if not (whole and name in ("lat", "lon")) and not (
            name == "start" and "start_year" in found
        ):
            shown.add(name)
    first = [name for name in ("start", "start_year", "lat", "lon", "coordinates") if name in shown]
    return [*first, *(name for name in NAMES if name in shown and name not in first)]


def _row(field: str, found: Found | None, look: Look, key: str) -> None:
    name, box, why = st.columns([1.05, 1.5, 2.6], vertical_alignment="center", gap="small")
    name.markdown(f"**{_WORDS[field]}**" if found else _WORDS[field])
    widget = f"bring_column_{key}_{field}"
    st.session_state[widget] = chosen(key).get(field, found.header if found else "")
    box.selectbox(
        _WORDS[field],
        ["", *look.headers],
        format_func=lambda header: header or "not in this file",
        key=widget,
        label_visibility="collapsed",
        on_change=_choose,
        args=(key, field, widget),
    )
    why.caption(_why(field, found, look, key))


def _why(field: str, found: Found | None, look: Look, key: str) -> str:
    if found is None:
        if look.chosen.get(field) == "":
            return "left out by you"
        return "no column has such a name and such values"
    reasons: Iterable[str] = found.reasons
    if field not in chosen(key):
        # whoever read the file named it on behalf of somebody
        by = "remembered" if field in look.remembered else "the place of the Feature itself"
        reasons = (by if one == "named by you" else one for one in found.reasons)
    said = "; ".join(reasons)
    samples = " · ".join(f"\u2068{sample[:28]}\u2069" for sample in found.samples)
    # each part on its own line, so that letters from right to left turn no sentence round
    return (
        f"{to_markdown(said)}  \n*{to_markdown(samples)}*" if samples.strip() else to_markdown(said)
    )


def _choose(key: str, option: str, widget: str) -> None:
    value = st.session_state[widget]
    if value is not None:
        chosen(key)[option] = str(value)


def _add(key: str) -> None:
    field = st.session_state[f"bring_more_{key}"]
    if field:
        chosen(key)[field] = ""
        st.session_state[f"bring_more_{key}"] = None


def _ask(question: Question, look: Look, key: str) -> None:
    with st.container(border=True, key=f"bring_question_{question.option}"):
        if question.option == DATE_ORDER:
            st.markdown(f":material/help: {_sentence(question.text)}")
            if DATE_ORDER in look.chosen:
                st.markdown("Mend these dates in the file, or take another column.")
            _date_order(look, key)
        elif question.option == AXES:
            st.markdown(f":material/help: {_sentence(question.text)}")
            names = [answer.partition("=")[2] for answer in question.answers]
            _radio(AXES, "How are they meant?", {name: _AXES[name] for name in names}, key)
        elif question.option == EPSG:
            st.markdown(f":material/help: {_sentence(question.text)}")
            _number(EPSG, "Metres: EPSG code of the projection (UTM zone 42N is 32642)", key)
            if any(answer.startswith(SCALE) for answer in question.answers):
                _number(SCALE, "Degrees without their point: divide by", key)
        else:
            st.markdown(
                ":material/help: **Which column holds the date?** Choose it in the first row below."
            )
            for answer in question.answers[:_OFFERED]:
                header = answer.partition("=")[2]
                st.button(
                    f"Take {to_markdown(header[:60])}, whose cells are dates",
                    key=f"bring_take_{header}",
                    on_click=chosen(key).update,
                    args=({"start": header},),
                )


def _sentence(text: str) -> str:
    """Leave out of a question what is meant for a command line."""
    plain = text.partition(": say ")[0].partition(": if they are")[0]
    return to_markdown(f"{plain[:1].upper()}{plain[1:]}.")


def _date_order(look: Look, key: str) -> None:
    samples = next((one.samples for one in look.found if one.field == "start"), ())
    such = " and ".join(samples[:2]) or "these"
    _radio(DATE_ORDER, f"Which comes first in dates such as {such}?", _ORDERS, key)


def _radio(option: str, label: str, words: dict[str, str], key: str) -> None:
    widget = f"bring_{option}_{key}"
    now = chosen(key).get(option)
    st.session_state[widget] = now if now in words else None
    st.radio(
        to_markdown(label),
        list(words),
        index=None,
        format_func=words.__getitem__,
        key=widget,
        horizontal=True,
        on_change=_choose,
        args=(key, option, widget),
    )


def _number(option: str, label: str, key: str) -> None:
    widget = f"bring_{option}_{key}"
    held = chosen(key).get(option, "")
    st.session_state[widget] = int(held) if held.isdigit() else None
    st.number_input(
        label,
        min_value=1,
        max_value=10**9,
        step=1,
        value=None,
        key=widget,
        on_change=_choose,
        args=(key, option, widget),
    )


def _word(name: str) -> str:
    return _WORDS.get(name, {DATE_ORDER: "order of dates"}.get(name, name)).lower()
