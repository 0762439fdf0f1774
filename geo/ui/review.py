"""Which drafts wait, what do they rest on, and what does a person decide?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from geo import bits, reviewing
from geo.errors import AtlasError
from geo.extract.kept import Kept, kept
from geo.filters import Filter
from geo.incident import Incident
from geo.indexed import IndexedLayer
from geo.reviewing import Done
from geo.settings import layers_folder, user_name
from geo.text import to_markdown
from geo.ui import review_form, review_intake, review_text, state

_REASONS = (
    "not an incident",
    "host city, not a place of fighting",
    "background or history",
    "threat or hypothesis",
    "told twice",
    "wrong in too much",
)


def page() -> None:
    """Show one draft after the other beside the article it comes from."""
    if st.session_state.as_known:
        # the past is read, not decided
        return
    layer = state.indexed_layer()
    state.tell_problems()
    _head(layer)
    review_intake.draw(layer.name if layer else "")
    drafts = _queue(layer) if layer else ()
    if layer is None or not drafts:
        _empty(layer)
        return
    st.session_state.review_ids = layer.index.table["id"].to_pylist()
    at = min(st.session_state.get("review_at", 0), len(drafts) - 1)
    draft = drafts[at]
    held = _article(draft)
    together = [d for d in drafts if _hash(d) == _hash(draft)]
    key = f"review_{layer.version[:8]}_{draft.id}"
    _walk(at, len(drafts))
    left, right = st.columns([1.15, 1], gap="medium")
    with right:
        form = review_form.draw(draft, key=key)
        for problem in form.problems:
            st.error(to_markdown(f"{problem}."), icon=":material/error:")
        _decide(layer, draft, form, together)
    with left:
        if held is not None:
            review_text.draw(held, draft, together)
        else:
            _without_article(draft)
        review_form.correct_place(draft, together, key=key)


def _head(layer: IndexedLayer | None) -> None:
    title, who = st.columns([2.4, 1], vertical_alignment="bottom")
    title.subheader("Review drafts", anchor=False)
    where = f"Layer {layer.name}. " if layer else ""
    title.caption(
        to_markdown(f"{where}Nothing becomes an accepted incident before a person has read it.")
    )
    with who:
        st.session_state.setdefault("who", user_name())
        st.text_input("Your name, for the journal", key="who", persist_state="session")
    for sentence in st.session_state.pop("review_said", []):
        st.success(to_markdown(sentence), icon=":material/check:")
    refused = st.session_state.pop("review_refused", "")
    if refused:
        st.error(to_markdown(f"{refused}."), icon=":material/error:")


def _empty(layer: IndexedLayer | None) -> None:
    name = f"in the layer {layer.name}" if layer else "yet"
    st.info(to_markdown(f"No draft waits {name}."), icon=":material/task_alt:")
    st.caption(
        "Drafts come from an article, above, or from machine-coded imports such as GDELT. "
        "Another layer is chosen on the Explore page."
    )
    _undo_button()


@st.cache_resource(max_entries=4, show_spinner="Reading the drafts …")
def _drafts(version: str, *, _layer: IndexedLayer) -> tuple[Incident, ...]:  # noqa: ARG001 cache key
    rows = bits.rows_of(_layer.index.answer(Filter(status=("draft",))).rows)
    return reviewing.queue(_layer.incidents(rows.tolist()))


def _queue(layer: IndexedLayer) -> tuple[Incident, ...]:
    return _drafts(layer.version, _layer=layer)


def _hash(draft: Incident) -> str:
    return next((source.sha256 for source in draft.sources if source.sha256), "")


def _article(draft: Incident) -> Kept | None:
    try:
        return kept(layers_folder(), _hash(draft))
    except AtlasError as error:
        st.warning(to_markdown(f"{error}."), icon=":material/draft:")
        return None


def _without_article(draft: Incident) -> None:
    st.markdown("**No article is kept for this draft.** It rests on:")
    quotes = [(s.publisher, s.quote or s.title or s.url) for s in draft.sources]
    for publisher, text in quotes or [("", draft.summary or draft.title)]:
        st.markdown(to_markdown(f"{publisher}: {text}" if publisher else text))
    if draft.native:
        st.caption("Codes of the source")
        st.json(dict(draft.native), expanded=False)


def _walk(at: int, count: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="review_walk"):
        st.button(
            "Back", on_click=_go, args=(at - 1,), disabled=not at, shortcut="p",
            icon=":material/arrow_back:",
        )  # fmt: skip
        st.button(
            "Next", on_click=_go, args=(at + 1,), disabled=at + 1 >= count, shortcut="n",
            icon=":material/arrow_forward:", icon_position="right",
        )  # fmt: skip
        st.markdown(f"**{at + 1:,} of {count:,}** · the most doubtful first")
        st.toggle("Two readers", key="review_two", persist_state="session", help=(
            "A first reading leaves a draft waiting; another person's accepts it."
        ))  # fmt: skip


def _go(at: int) -> None:
    st.session_state.review_at = at


def _decide(
    layer: IndexedLayer, draft: Incident, form: review_form.Form, together: list[Incident]
) -> None:
    named = bool(st.session_state.who.strip())
    first = reviewing.awaits_second(draft)
    if first:
        st.caption(to_markdown(f"Read once, by {first}: waits for a second reader."))
    with st.container(horizontal=True, key="review_buttons"):
        changed = form.corrected is not None and form.corrected != draft
        st.button(
            "Accept as corrected" if changed else "Accept",
            type="primary", shortcut="a", disabled=not named or form.corrected is None,
            on_click=_accept, args=(layer.name, draft, form.corrected), icon=":material/check:",
        )  # fmt: skip
        st.button(
            "Reject", on_click=_reject, args=(layer.name, draft), disabled=not named,
            shortcut="x", icon=":material/close:", key="review_reject",
        )  # fmt: skip
        st.button(
            "Split", on_click=_split, args=(layer.name, draft), disabled=not named, shortcut="s",
            icon=":material/call_split:", help="A second draft of the same sentences",
        )  # fmt: skip
        others = [d for d in together if d.id != draft.id]
        with st.popover("Merge", icon=":material/merge:", disabled=not (named and others)):
            other = st.selectbox(
                "Tells of the same event as", others, format_func=_line, key="review_other"
            )
            st.button(
                "Merge into this draft", type="primary", key="review_merge",
                on_click=_merge, args=(layer.name, draft, other), disabled=other is None,
            )  # fmt: skip
        _undo_button()
    st.selectbox(
        "Reason of a rejection", _REASONS, key="review_reason", accept_new_options=True,
        persist_state="session",
    )  # fmt: skip
    if not named:
        st.caption("Give your name first: the journal keeps it with each decision.")


def _line(draft: Incident) -> str:
    return to_markdown(f"{draft.start} {draft.title}"[:90])


def _undo_button() -> None:
    done = st.session_state.get("review_done", [])
    st.button(
        "Undo", on_click=_undo, disabled=not done, shortcut="u", icon=":material/undo:",
        help=to_markdown(f"Takes back: {done[-1][1].what}") if done else None,
    )  # fmt: skip


def _run(name: str, act: Callable[[str, datetime], Done], said: str) -> None:
    session = st.session_state
    try:
        done = act(session.who.strip(), datetime.now(tz=UTC).replace(microsecond=0))
    except AtlasError as error:
        session.review_refused = str(error)
        return
    session.setdefault("review_done", []).append((name, done))
    session.review_said = [said]


def _accept(name: str, draft: Incident, corrected: Incident | None) -> None:
    two = bool(st.session_state.get("review_two"))
    _run(
        name,
        lambda by, now: reviewing.accept(
            state.store(), name, draft, corrected=corrected, two_readers=two, by=by, now=now
        ),
        f"Read: {draft.title}" if two else f"Accepted: {draft.title}",
    )


def _reject(name: str, draft: Incident) -> None:
    reason = st.session_state.review_reason or ""
    _run(
        name,
        lambda by, now: reviewing.reject(state.store(), name, draft, reason=reason, by=by, now=now),
        f"Rejected: {draft.title} ({reason})",
    )


def _split(name: str, draft: Incident) -> None:
    taken = {draft.id, *st.session_state.review_ids}
    _run(
        name,
        lambda by, now: reviewing.split(state.store(), name, draft, taken, by=by, now=now),
        f"Split: {draft.title} is there twice now; correct each",
    )


def _merge(name: str, draft: Incident, other: Incident) -> None:
    _run(
        name,
        lambda by, now: reviewing.merge(state.store(), name, draft, other, by=by, now=now),
        f"Merged: {other.title} into {draft.title}",
    )


def _undo() -> None:
    session = st.session_state
    name, done = session.review_done.pop()
    now = datetime.now(tz=UTC).replace(microsecond=0)
    try:
        reviewing.undo(state.store(), name, done, by=session.who.strip() or user_name(), now=now)
    except AtlasError as error:
        session.review_refused = str(error)
        return
    session.review_said = [f"Taken back: {done.what}"]


page()
