"""Which incidents may be one event, and are they? Pair by pair, with what speaks for it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from geo import decisions, merged
from geo.duplicates import Candidate, Reason, duplicates, renew
from geo.errors import AtlasError, LayerError
from geo.incident import Incident
from geo.layerfile import fingerprint
from geo.living import bare
from geo.settings import layers_folder
from geo.store import Layer
from geo.taxonomy import event_types, groups
from geo.text import isolated, to_markdown
from geo.ui import card, decide_queue, pair_picture, state

_MOST = 200
_LEAST = 0.6
_NAMES = ("A", "B")
_KINDS = {kind.id: kind.label for kind in event_types()} | {g.id: g.label for g in groups()}


def known(layer: Layer) -> int | None:
    """Count the pairs where they were looked for already; None where they were not."""
    held = _newest(str(layers_folder()), layer.name, within=_within())
    return len(held["found"]) if held.get("version") == layer.version else None


def draw(layer: Layer) -> None:
    """Open one pair, with the way to all others."""
    st.toggle(
        "Also two incidents of one source",
        key="decide_within",
        help="A source that counts with care gives two events two ids; machine-coded news does "
        "not.",
        persist_state="session",
    )
    try:
        found = _found(layer, within=_within())
    except LayerError as error:
        st.warning(to_markdown(f"{error}."), icon=":material/hourglass_disabled:")
        return
    if not found:
        st.success(
            "No pair of incidents looks like one event: different sources were compared by place, "
            "date, type, actors, deaths and wording.",
            icon=":material/task_alt:",
        )
        return
    incidents = {i.id: i for i in layer.incidents}
    offered = {"\n".join(c.ids): c for c in found[:_MOST]}
    key = decide_queue.choose(
        "pair",
        list(offered),
        lambda ids: _label(offered[ids], incidents),
        total=len(found),
    )
    candidate = offered[key]
    _pair(layer, candidate, [incidents[id_] for id_ in candidate.ids])


def _within() -> bool:
    return bool(st.session_state.get("decide_within", False))


def _found(layer: Layer, *, within: bool) -> tuple[Candidate, ...]:
    """Find the pairs; after a decision, only what it changed is compared anew."""
    held = _newest(str(layers_folder()), layer.name, within=within)
    if held.get("version") != layer.version:
        options: dict[str, Any] = {"least": _LEAST, "within_source": within}
        with st.spinner(f"Comparing {len(layer.incidents):,} incidents …"):
            if held:
                found = renew(held["found"], held["incidents"], layer.incidents, **options)
            else:
                found = duplicates(layer.incidents, **options)
        held.update(version=layer.version, incidents=layer.incidents, found=found)
    pairs: tuple[Candidate, ...] = held["found"]
    return pairs


@st.cache_resource(max_entries=4, show_spinner=False)
def _newest(folder: str, name: str, *, within: bool) -> dict[str, Any]:  # noqa: ARG001 cache key
    return {}


def _label(candidate: Candidate, incidents: dict[str, Incident]) -> str:
    one, other = (incidents[id_] for id_ in candidate.ids)
    # the browser tells choices apart by their words: the ids make each its own
    said = f"{candidate.score:.2f} · {one.start} · {isolated(one.title[:60])} = "
    said += isolated(other.title[:60])
    return f"{said} · {one.id} = {other.id}"


def _pair(layer: Layer, candidate: Candidate, pair: list[Incident]) -> None:
    _reasons(candidate)
    one, other, where = st.columns([1, 1, 1.1])
    for column, incident, name in zip((one, other), pair, _NAMES, strict=True):
        with column, st.container(border=True):
            st.caption(f"**{name}**")
            card.draw(incident)
    with where:
        pair_picture.draw(bare(pair[0]), bare(pair[1]), names=_NAMES)
    _buttons(layer, pair)


def _reasons(candidate: Candidate) -> None:
    for positive, word in ((True, "For one event"), (False, "Against")):
        said = [_said(r) for r in candidate.reasons if (r.weight >= 0) is positive]
        if said:
            st.markdown(f"**{word}**  " + " · ".join(map(to_markdown, said)))


def _said(reason: Reason) -> str:
    """Say event types by their labels instead of their ids."""
    if reason.what != "type":
        return reason.text
    return re.sub(r"[a-z_]+", lambda word: _KINDS.get(word[0], word[0]), reason.text)


def _buttons(layer: Layer, pair: list[Incident]) -> None:
    named = decide_queue.named()
    ids = [i.id for i in pair]
    seen = {i.id: fingerprint(i) for i in pair}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        lead = st.segmented_control(
            "Type, title and summary from",
            ids,
            key=f"lead_{'_'.join(ids)}",
            default=min(pair, key=merged.vagueness).id,
            format_func=lambda id_: _NAMES[ids.index(id_)],
            required=True,
        )
        whole, refused = _whole(pair, str(lead))
        st.button(
            "Merge: one event",
            key="decide_merge",
            type="primary",
            icon=":material/merge:",
            shortcut="Alt+M",
            disabled=not named or whole is None,
            on_click=_merge,
            args=(layer.name, ids, str(lead), seen),
        )
        st.button(
            "Not the same",
            key="decide_apart",
            icon=":material/call_split:",
            shortcut="Alt+N",
            disabled=not named,
            on_click=_apart,
            args=(layer.name, ids, seen),
        )
        if not named:
            st.caption("Give your name above first: a decision is kept under it.")
    if refused:
        st.warning(to_markdown(f"{refused}."), icon=":material/rule:")
    if whole is not None:
        with st.expander("Merged, it would read", icon=":material/preview:"):
            card.draw(whole)
            st.caption(
                "Both stay in the layer as its parts, and the merge can be undone. A toll is the "
                "range they span, never a sum."
            )


def _whole(pair: list[Incident], lead: str) -> tuple[Incident | None, str]:
    """Make the merged incident without keeping it, or say why it cannot be made."""
    now = datetime.now(tz=UTC).replace(microsecond=0)
    try:
        made = merged.merge(pair, by="", now=now, lead=lead)
    except AtlasError as error:
        return None, str(error)
    return made[merged.merged_id(i.id for i in pair)], ""


def _merge(name: str, ids: list[str], lead: str, seen: dict[str, str]) -> None:
    decide_queue.attempt(
        lambda by, now: decisions.merge(
            state.store(), name, ids, by=by, now=now, lead=lead, expected=seen
        ),
        f"Merged: {' and '.join(ids)} are one event; under Merged this can be undone",
    )


def _apart(name: str, ids: list[str], seen: dict[str, str]) -> None:
    decide_queue.attempt(
        lambda by, now: decisions.set_apart(
            state.store(), name, ids, by=by, now=now, expected=seen
        ),
        f"Kept apart: {' and '.join(ids)} are not offered as one again",
    )
