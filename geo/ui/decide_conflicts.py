"""Where a source and a correction disagree: what said whom, and which of them holds?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from geo import decisions
from geo.decisions import Waiting
from geo.incident import Incident
from geo.layerfile import fingerprint
from geo.living import bare, living
from geo.parts import name_of, told_apart
from geo.scope import source_of
from geo.store import Layer
from geo.text import isolated, to_markdown
from geo.threeway import GROUPS
from geo.ui import card, decide_queue, pair_picture, state

_MOST = 500
_SIDES = {"ours": "Keep ours", "theirs": "Take theirs"}


def draw(layer: Layer, waiting: Sequence[Waiting]) -> None:
    """Open one conflict, with the way to all others."""
    if not waiting:
        st.success(
            "No conflict waits. Where a source changes what somebody corrected here, both sides "
            "are kept and shown on this page.",
            icon=":material/task_alt:",
        )
        return
    offered = {w.incident.id: w for w in waiting[:_MOST]}
    key = decide_queue.choose(
        "conflict", list(offered), lambda id_: _label(offered[id_].incident), total=len(waiting)
    )
    _one(layer, offered[key].incident, {d.field: d.clashes for d in offered[key].differences})


def _label(incident: Incident) -> str:
    # the browser tells choices apart by their words: the id makes each its own
    return f"{isolated(incident.title[:90])} · {incident.start} · {incident.id}"


def _one(layer: Layer, held: Incident, differing: dict[str, bool]) -> None:
    conflict, ours = living(held).conflict, bare(held)
    if conflict is None:
        return
    theirs = conflict.theirs
    who = ours.recorded.by or "somebody"
    source = _source(held)
    st.markdown(f"##### {to_markdown(ours.title)}")
    st.caption(
        to_markdown(
            f"{held.id} · corrected by {isolated(who)}, {ours.recorded.updated:%Y-%m-%d %H:%M} "
            f"UTC · {source} says something else since"
        )
    )
    parts = [group for group in GROUPS if not differing.keys().isdisjoint(group)]
    # what is to be decided comes before what is merely told
    parts.sort(key=lambda group: not _clashes(group, differing))
    placed = any("point" in group for group in parts) and (ours.point or theirs.point)
    left, right = st.columns([1.7, 1]) if placed else (st.container(), None)
    with left:
        taken = _parts(held, parts, differing)
    if right is not None:
        with right:
            pair_picture.draw(
                replace(ours, recorded=theirs.recorded), theirs, names=("ours", "theirs")
            )
    _buttons(layer, held, taken, clashing=sum(_clashes(g, differing) for g in parts))


def _parts(
    held: Incident, parts: Sequence[tuple[str, ...]], differing: dict[str, bool]
) -> list[str]:
    """Lay out each part in its three states; answers with fields of those taken from theirs."""
    conflict, ours = living(held).conflict, bare(held)
    if conflict is None:
        return []
    taken = []
    alone = sum(_clashes(group, differing) for group in parts) == 1
    for group in parts:
        states = [ours, conflict.theirs, *([conflict.base] if conflict.base else [])]
        said = told_apart(group, *states)
        with st.container(border=True):
            st.markdown(f"**{name_of(group).capitalize()}**")
            before, mine, new = st.columns(3)
            was = said[2] if conflict.base else "not known"
            _side(before, "Before", was)
            _side(mine, f"Ours, by {isolated(ours.recorded.by or 'somebody')}", said[0])
            _side(new, f"Theirs, from {_source(held)}", said[1])
            if not _clashes(group, differing):
                st.caption("Only the source changed this: it is taken over in any case.")
                continue
            if alone:
                continue
            chosen = st.segmented_control(
                f"Which {name_of(group)} holds?",
                list(_SIDES),
                key=f"side_{held.id}_{fingerprint(held)[:8]}_{group[0]}",
                default="ours",
                format_func=_SIDES.__getitem__,
                label_visibility="collapsed",
                required=True,
            )
            if chosen == "theirs":
                taken.append(next(name for name in group if differing.get(name)))
    return taken


def _side(column: st.delta_generator.DeltaGenerator, label: str, text: str) -> None:
    with column:
        st.caption(to_markdown(label))
        st.markdown(to_markdown(card.short(text)))


def _source(held: Incident) -> str:
    return source_of(held.id).rstrip(":") or "the source"


def _clashes(group: tuple[str, ...], differing: dict[str, bool]) -> bool:
    return any(differing.get(name, False) for name in group)


def _buttons(layer: Layer, held: Incident, taken: list[str], *, clashing: int) -> None:
    named = decide_queue.named()
    offered: list[tuple[str, bool | list[str], str]] = [
        ("Decide as chosen", taken, "Alt+Enter"),
        ("All ours", False, "Alt+O"),
        ("All theirs", True, "Alt+T"),
    ]
    if clashing == 1:
        # where one part alone is open, the buttons are the choice
        offered = [("Keep ours", False, "Alt+O"), ("Take theirs", True, "Alt+T")]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for label, theirs, stroke in offered:
            st.button(
                label,
                key=f"decide_{label}",
                type="primary" if label == "Decide as chosen" else "secondary",
                disabled=not named,
                shortcut=stroke,
                on_click=_decide,
                args=(layer.name, held),
                kwargs={"theirs": theirs},
            )
        if not named:
            st.caption("Give your name above first: a decision is kept under it.")
        elif 0 < len(taken) < clashing:
            st.caption(f"{len(taken)} from theirs, {clashing - len(taken)} from ours.")


def _decide(name: str, held: Incident, *, theirs: bool | list[str]) -> None:
    seen = fingerprint(held)
    decide_queue.attempt(
        lambda by, now: decisions.decide(
            state.store(), name, held.id, theirs=theirs, by=by, now=now, expected=seen
        ),
        f"Decided: {isolated(held.title[:120])} ({held.id})",
    )
