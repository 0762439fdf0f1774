"""Which source is asked instead of bringing a file, with which query, and what does it learn?"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import streamlit as st

from geo import countries
from geo.incoming.job import Job
from geo.incoming.order import Order
from geo.remote.secrets import Secrets
from geo.remote.telling import Outgoing, outgoing
from geo.settings import layers_folder
from geo.text import to_markdown
from geo.ui import bring_work
from geo.ui.bring_file import Held

_Words = list[tuple[str, str]]
_SOURCES = {
    "ucdp": "UCDP GED: organised violence, checked by people",
    "acled": "ACLED: political violence and protest, with your own account",
    "gdelt": "GDELT 2.0: machine-coded news, they come in as drafts",
    "usgs": "USGS: earthquakes",
    "gdacs": "GDACS: alerts of disasters",
    "bellingcat": "Bellingcat: civilian harm in Ukraine",
}
_ACLED_TYPES = [
    *("Battles", "Explosions/Remote violence", "Protests", "Riots"),
    *("Strategic developments", "Violence against civilians"),
]
_UCDP_TYPES = {"1": "state-based", "2": "non-state", "3": "one-sided"}
_KINDS = {
    "EQ": "earthquake",
    "TC": "cyclone",
    "FL": "flood",
    "VO": "volcano",
    "DR": "drought",
    "WF": "fire",
}
_ALERTS = ["green", "orange", "red"]


def choose(*, busy: bool) -> Held | None:
    """Ask for a source and its query; give its answer once it is here."""
    name = st.selectbox(
        "Source", list(_SOURCES), format_func=_SOURCES.__getitem__, key="bring_remote"
    )
    words = _FORMS[name]()
    source = name if name in ("ucdp", "acled", "gdelt") else "feed"
    secrets = _secrets()
    goes = outgoing(source, words, secrets)
    st.caption(f":material/outbound: {to_markdown(goes.sentence)}")
    _lacking(goes)
    st.button(
        f"Ask {_SOURCES[name].partition(':')[0]}",
        key="bring_ask",
        icon=":material/cloud_download:",
        disabled=busy or bool(goes.lacking),
        on_click=_ask,
        args=(source, tuple(words)),
    )
    return _answer(source, tuple(words))


def _lacking(goes: Outgoing) -> None:
    if goes.lacking:
        named = " and ".join(f"`{name}`" for name in goes.lacking)
        st.warning(
            f"This source wants an account: set {named} in the environment or in the secrets of "
            "Streamlit, and start the app again. It is never typed here.",
            icon=":material/key:",
        )


def _secrets() -> Secrets:
    """Take accounts from the environment, else from the secrets of Streamlit."""
    named: dict[str, Any] = dict(st.secrets) if st.secrets.load_if_toml_exists() else {}
    return Secrets.of({**named, **{k: v for k, v in os.environ.items() if v}})


def _ask(source: str, words: tuple[tuple[str, str], ...]) -> None:
    st.session_state.pop("bring_answer", None)
    order = Order(
        work="ask", source=source, query=words, layers=layers_folder(), now=bring_work.now()
    )
    bring_work.start(("ask", source, words), order, rows=0, secrets=_secrets())


def _answer(source: str, words: tuple[tuple[str, str], ...]) -> Held | None:
    """Show how far the question is, then keep what came."""
    session = st.session_state
    key = ("ask", source, words)
    job: Job | None = session.get("bring_job")
    if job is not None and job.order.work == "ask":
        if not bring_work.finished(job):
            return None
        if job.done:
            session.bring_answer = (session.bring_key, job, bring_work.now())
            bring_work.drop()
        else:
            _refused(job.error)
            return None
    held: tuple[Any, Job, datetime] | None = session.get("bring_answer")
    if held is None:
        if session.get("bring_ended") == key:
            st.caption("Cancelled. Nothing came in.")
        return None
    asked, job, when = held
    if asked != key:
        st.caption("The query changed: ask again to see what would come in now.")
        return None
    size = job.results.answer.stat().st_size
    st.caption(f":material/check: {size:,} bytes came at {when:%Y-%m-%d %H:%M} UTC")
    for sentence in job.said["said"]:
        st.warning(to_markdown(f"{sentence[:1].upper()}{sentence[1:]}."))
    return Held(
        key=f"answer_{id(job)}",
        name=source,
        path=job.results.answer,
        source=source,
        answer=True,
        said=tuple(job.said["said"]),
        withdraw=tuple(job.said["withdrawn"]),
    )


def _refused(error: str) -> None:
    st.error(to_markdown(f"{error}."), icon=":material/error:")
    if "could not be reached" in error:
        st.caption(
            "Is this machine online, and may it reach this host? A file fetched elsewhere can be "
            "brought under “A file” all the same."
        )


def _ucdp() -> _Words:
    st.text_input(
        "Version",
        value="25.1",
        key="bring_ucdp_version",
        help="25.1 is a year's release, 25.0.10 the candidate events of a month",
    )
    version = [("version", st.session_state.bring_ucdp_version.strip())]
    whole = st.segmented_control(
        "How much of it?",
        ["file", "part"],
        format_func={"file": "The whole file", "part": "A part, through the API"}.__getitem__,
        default="file",
        required=True,
        key="bring_ucdp_how",
    )
    if whole != "part":
        return version
    return [
        *version,
        *_countries("ucdp"),
        *_days("ucdp"),
        *_many("Type of violence", "type", _UCDP_TYPES),
    ]


def _acled() -> _Words:
    words = [*_countries("acled"), *_days("acled")]
    words += _many("Event type", "type", {name: name for name in _ACLED_TYPES})
    since = st.date_input("Changed or deleted since", value=None, key="bring_since")
    return [*words, *([("since", since.isoformat())] if isinstance(since, date) else [])]


def _gdelt() -> _Words:
    when = st.segmented_control(
        "Which quarters of an hour?",
        ["latest", "between"],
        format_func={"latest": "The latest", "between": "From … to, at most 7 days"}.__getitem__,
        default="latest",
        required=True,
        key="bring_gdelt_when",
    )
    words: _Words = [("latest", "yes")] if when != "between" else _moments()
    words += _countries("gdelt")
    if st.checkbox("News translated from other languages", key="bring_translated"):
        words.append(("translated", "yes"))
    return words


def _usgs() -> _Words:
    words = [("feed", "usgs"), *_days("usgs")]
    least = st.number_input("Least magnitude", 0.0, 10.0, 4.5, 0.5, key="bring_magnitude")
    frame = st.text_input("Frame: west, south, east, north", key="bring_bbox", placeholder="all")
    words.append(("magnitude", f"{least:g}"))
    return [*words, *([("bbox", frame.strip())] if frame.strip() else [])]


def _gdacs() -> _Words:
    words = [("feed", "gdacs"), *_days("gdacs")]
    words += _many("Alert level", "alert", {name: name for name in _ALERTS})
    return [*words, *_many("Kind", "kind", _KINDS)]


def _bellingcat() -> _Words:
    return [("feed", "bellingcat")]


_FORMS: dict[str, Callable[[], _Words]] = {
    "ucdp": _ucdp,
    "acled": _acled,
    "gdelt": _gdelt,
    "usgs": _usgs,
    "gdacs": _gdacs,
    "bellingcat": _bellingcat,
}


def _countries(name: str) -> _Words:
    known = sorted(countries.codes(), key=countries.name)
    taken = st.multiselect(
        "Countries",
        known,
        format_func=countries.name,
        key=f"bring_countries_{name}",
        placeholder="all",
    )
    return [("country", code) for code in taken]


def _days(name: str) -> _Words:
    left, right = st.columns(2)
    first = left.date_input("From", value=None, key=f"bring_from_{name}", format="YYYY-MM-DD")
    last = right.date_input("To", value=None, key=f"bring_to_{name}", format="YYYY-MM-DD")
    days = (("from", first), ("to", last))
    return [(word, day.isoformat()) for word, day in days if isinstance(day, date)]


def _moments() -> _Words:
    words = []
    for word, label, hour in (("from", "From", time(0)), ("to", "To", time(23, 45))):
        left, right = st.columns(2)
        day = left.date_input(label, value=None, key=f"bring_gdelt_{word}", format="YYYY-MM-DD")
        at = right.time_input(
            f"{label}, time in UTC", value=hour, step=900, key=f"bring_gdelt_{word}_time"
        )
        if isinstance(day, date):
            words.append((word, datetime.combine(day, at).isoformat(timespec="minutes")))
    return words


def _many(label: str, word: str, values: dict[str, str]) -> _Words:
    taken = st.multiselect(
        label,
        list(values),
        format_func=values.__getitem__,
        key=f"bring_{word}_{label}",
        placeholder="all",
    )
    return [(word, value) for value in taken]
