"""Which of the waiting ones is open, what comes next, and what does a decision answer?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import streamlit as st

from geo.errors import AtlasError, LayerConflictError


def choose(kind: str, keys: Sequence[str], label: Callable[[str], str], *, total: int) -> str:
    """Let one of `keys` be opened; where the open one is gone, the next in its place.

    `total` says how many there are where not all are offered.
    """
    session = st.session_state
    name = f"decide_{kind}"
    if session.get(name) not in keys:
        at = min(session.get(f"{name}_at", 0), len(keys) - 1)
        session[name] = keys[at]
    session[f"{name}_at"] = at = keys.index(session[name])
    shown = f" shown, {total:,} in all" if total > len(keys) else ""
    left, right = st.columns([3.2, 1], vertical_alignment="bottom")
    left.selectbox(f"{at + 1:,} of {len(keys):,}{shown}", keys, key=name, format_func=label)
    with right, st.container(horizontal=True, gap="small"):
        for word, step, icon, stroke in (
            ("Back", -1, ":material/chevron_left:", "Alt+Left"),
            ("Skip", 1, ":material/chevron_right:", "Alt+Right"),
        ):
            st.button(
                word,
                key=f"{name}_{word}",
                icon=icon,
                shortcut=stroke,
                disabled=len(keys) < 2,
                on_click=_step,
                args=(name, list(keys), step),
            )
    chosen: str = session[name]
    return chosen


def _step(name: str, keys: list[str], step: int) -> None:
    at = (keys.index(st.session_state[name]) + step) % len(keys)
    st.session_state[name] = keys[at]


def attempt(act: Callable[[str, datetime], object], done: str) -> None:
    """Do what was decided, under the visitor's name; what is refused becomes a sentence."""
    session = st.session_state
    now = datetime.now(tz=UTC).replace(microsecond=0)
    try:
        act(session.who.strip(), now)
    except LayerConflictError as error:
        session.decide_refused = f"{error}. Nothing was changed: this is how it stands now"
    except AtlasError as error:
        session.decide_refused = str(error)
    else:
        session.decide_said = done


def named() -> bool:
    """Whether the visitor gave the name that a decision is kept under."""
    return bool(st.session_state.who.strip())
