"""Who changed a layer, when and what; and how does an earlier version come back?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pandas as pd
import streamlit as st

from geo.errors import AtlasError
from geo.journal import Transaction
from geo.layerinfo import LayerInfo
from geo.living import MEMBER
from geo.settings import layers_folder
from geo.text import to_bold, to_markdown
from geo.ui import state

PAGE = 20
_SHOWN = 200
_LONGEST = 160
_WORDS = {
    "create": "layer made",
    "add": "incident added",
    "correct": "incident corrected",
    "retract": "incident retracted",
    "decide": "conflict decided",
    "merge": "merged into one event",
    "unmerge": "merge undone",
    "set apart": "told apart",
    "restore": "earlier version restored",
    "describe": "described anew",
    "bring back": "brought back from the bin",
}
# of what an incident remembers: as it came, and as it went
_MEMORY = {
    "conflict": ("conflict with the source", "conflict settled"),
    "merged_into": ("became a part of another", "stands alone again"),
    "merged_from": ("merged from others", "merge undone"),
}


def draw(info: LayerInfo) -> None:
    """Draw the journal a page at a time; a chosen entry tells what it changed."""
    steps = history(info.name, info.version)
    if not steps:
        st.info(
            "This layer has no journal: its file came from elsewhere, or was changed outside "
            "Incident Atlas. The next change begins one.",
            icon=":material/history_toggle_off:",
        )
        return
    pages = -(-len(steps) // PAGE)
    number = 1
    if pages > 1:
        left, right = st.columns([1, 3], vertical_alignment="bottom")
        with left:
            number = int(
                st.number_input(
                    f"Page of {pages:,}", 1, pages, key=f"journal_page_{info.name}", step=1
                )
            )
        right.caption(f"{len(steps):,} changes, the newest first")
    first = (number - 1) * PAGE
    shown = steps[first : first + PAGE]
    key = f"journal_{info.name}_{info.version[:8]}_{number}"
    choice = st.dataframe(
        _frame(shown),
        key=key,
        hide_index=True,
        height="content",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "When (UTC)": st.column_config.TextColumn(width=150),
            "Who": st.column_config.TextColumn(width="medium"),
            "What": st.column_config.TextColumn(width="medium"),
            "Incidents changed": st.column_config.NumberColumn(width="small"),
        },
    )
    rows = choice["selection"]["rows"]
    if not rows or rows[0] >= len(shown):
        st.caption("Choose an entry to see what it changed, or to go back to it.")
        return
    _entry(info, shown[rows[0]])


@st.cache_data(max_entries=16, show_spinner="Reading the journal …")
def _history(folder: str, name: str, version: str) -> list[Transaction]:  # noqa: ARG001 cache key
    return state.store().history(name)


def history(name: str, version: str) -> list[Transaction]:
    """Read what led to a version of a layer, newest first; remembered between reruns."""
    return _history(str(layers_folder()), name, version)


def said(step: Transaction) -> str:
    """Say when, who and what on one line."""
    return (
        f"{when(step)} · {what(step)} by {step.who or 'unnamed'} · "
        f"{step.changed:,} changed · {step.version_after[:8]}"
    )


def what(step: Transaction) -> str:
    """Say what was done."""
    return _WORDS.get(step.action, step.action)


def when(step: Transaction) -> str:
    """Say when, to the second, UTC."""
    return f"{step.when.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _frame(steps: list[Transaction]) -> Any:
    return pd.DataFrame(
        {
            "When (UTC)": [when(step) for step in steps],
            "Who": [step.who or "unnamed" for step in steps],
            "What": [what(step) for step in steps],
            "Incidents changed": [step.changed for step in steps],
            "Version": [step.version_after[:8] for step in steps],
        }
    )


def _entry(info: LayerInfo, step: Transaction) -> None:
    st.markdown(to_bold(said(step)))
    if step.head_before and step.head_before != step.head_after:
        _heads(step)
    if step.changed:
        st.dataframe(
            _changes(str(layers_folder()), info.name, info.version, step),
            hide_index=True,
            height="content" if step.changed <= 8 else 300,
            key=f"entry_{step.version_after[:12]}",
        )
        if step.changed > _SHOWN:
            st.caption(
                f"The first {_SHOWN:,} of {step.changed:,}; Compare two versions shows all of them."
            )
    if step.version_after == info.version:
        st.caption("This is the layer as it is now.")
        return
    with st.popover("Restore this version …", icon=":material/restore:"):
        st.markdown(
            to_markdown(
                f"The layer becomes what it was on {when(step)}, as a new change under your name. "
                "Nothing is forgotten: what it is now stays in the journal and can be restored too."
            )
        )
        st.button(
            "Restore it",
            type="primary",
            key=f"restore_{step.version_after[:12]}",
            on_click=_restore,
            args=(info.name, step.version_after),
            disabled=not st.session_state.who.strip(),
        )
        if not st.session_state.who.strip():
            st.caption("Give your name first: the journal keeps it with the change.")


def _heads(step: Transaction) -> None:
    """Say how title, description and licence changed."""
    old, new = (_head(text) for text in (step.head_before, step.head_after))
    for name in ("title", "description", "licence"):
        before, after = str(old.get(name, "")), str(new.get(name, ""))
        if before != after:
            text = f"{before[:_LONGEST] or 'nothing'} → {after[:_LONGEST] or 'nothing'}"
            st.markdown(f"{name.capitalize()}: {to_markdown(text)}")


def _head(text: str) -> dict[str, Any]:
    try:
        atlas = json.loads(text.rstrip() + "]}")["atlas"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return atlas if isinstance(atlas, dict) else {}


@st.cache_data(max_entries=32, show_spinner=False)
def _changes(folder: str, name: str, version: str, step: Transaction) -> Any:  # noqa: ARG001 key
    changes = list(islice(state.store().changes(name, step), _SHOWN))
    return pd.DataFrame(
        {
            "What": [_kind(change.before, change.after) for change in changes],
            "Incident": [_title(change.after or change.before) for change in changes],
            "Fields": [_fields(change.before, change.after) for change in changes],
            "Id": [change.id for change in changes],
        }
    )


def _kind(before: str | None, after: str | None) -> str:
    if before is None:
        return "new"
    return "gone" if after is None else "changed"


def _properties(line: str | None) -> dict[str, Any]:
    held = json.loads(line) if line else {}
    properties: dict[str, Any] = held.get("properties") or {}
    return properties | {"place": held.get("geometry")}


def _title(line: str | None) -> str:
    return str(_properties(line).get("title", ""))


def _fields(before: str | None, after: str | None) -> str:
    if before is None or after is None:
        return ""
    old, new = _properties(before), _properties(after)
    aside = {"updated", "first_seen", "by"}
    names = [n for n in new | old if n not in aside and old.get(n) != new.get(n)]
    return ", ".join(_field(n, old.get(n), new.get(n)) for n in names)[:500]


def _field(name: str, old: Any, new: Any) -> str:
    if name == MEMBER:
        return _memory(old or {}, new or {})
    name = name.replace("_", " ")
    plain = all(value is None or isinstance(value, (str, int, float)) for value in (old, new))
    if not plain:
        return name
    texts = [
        "unknown" if value is None else "nothing" if value == "" else str(value)[:60]
        for value in (old, new)
    ]
    return f"{name}: {texts[0]} → {texts[1]}"


def _memory(old: dict[str, Any], new: dict[str, Any]) -> str:
    """Say what became of a conflict or a merge."""
    said = [
        words[name not in new] for name, words in _MEMORY.items() if (name in old) != (name in new)
    ]
    if old.get("not_same") != new.get("not_same"):
        said.append("told apart from others")
    return ", ".join(said) or "what its source said"


def _restore(name: str, version: str) -> None:
    session = st.session_state
    now = datetime.now(tz=UTC).replace(microsecond=0)
    try:
        state.store().restore(name, version, by=session.who.strip(), now=now)
    except AtlasError as error:
        session.layers_refused = str(error)
    else:
        session.layers_said = [f"{name} is what it was in version {version[:8]}"]
