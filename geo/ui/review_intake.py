"""How does an article come in, and how much of it may leave this machine? Nothing does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import streamlit as st

from geo.errors import AtlasError
from geo.extract.article import Article, read
from geo.extract.classifier import decisions, learn
from geo.extract.kept import keep
from geo.extract.model import Model, load
from geo.extract.pipeline import extract
from geo.extract.reader import Reader
from geo.extract.reader import load as load_reader
from geo.extract.written import with_evidence
from geo.layerfile import LayerMeta
from geo.settings import layers_folder
from geo.ui import state

_TYPES = ["txt", "html", "htm", "pdf", "docx"]
_NEW_LAYER = "articles"


def draw(layer: str) -> None:
    """Take an article as text or file, and draft its incidents into the layer."""
    session = st.session_state
    opened = session.pop("review_open", not layer)
    with st.expander("Read an article", expanded=opened, icon=":material/article:"):
        left, right = st.columns([1.6, 1], gap="medium")
        with left:
            text = st.text_area(
                "Paste its text", key="review_pasted", height=180,
                placeholder="English text; it is read on this machine and sent nowhere",
            )  # fmt: skip
        with right:
            file = st.file_uploader("or drop a file", type=_TYPES, key="review_file")
            day = st.date_input(
                "Reported on", value=None, key="review_day", format="YYYY-MM-DD",
                help="The day from which “yesterday” is counted.",
            )  # fmt: skip
            publisher = st.text_input("Publisher", key="review_publisher")
        given = bool(text.strip() or file)
        st.button(
            "Draft its incidents", type="primary", key="review_draft",
            disabled=not (given and day), on_click=_draft,
            args=(layer or _NEW_LAYER, text, file, day, publisher),
        )  # fmt: skip
        if given and not day:
            st.caption("Say on which day it was reported: dates such as “on Tuesday” hang on it.")


@st.cache_resource(show_spinner="Loading the language models …")
def _models() -> tuple[Model | None, Reader | None]:
    return load(), load_reader()


def _draft(layer: str, text: str, file: Any, day: date, publisher: str) -> None:
    session, now = st.session_state, datetime.now(tz=UTC).replace(microsecond=0)
    try:
        article = _article(text, file, publisher)
        store = state.store()
        learned = learn(decisions(store.stream(layer))) if layer in store.names() else None
        model, reader = _models()
        found = extract(
            article, report_date=day, now=now, model=model, reader=reader, learned=learned
        )
        keep(layers_folder(), found)
        update = store.upsert(
            layer,
            map(with_evidence, found.drafts),
            by="",
            now=now,
            meta=LayerMeta(title="Drafts from articles"),
        )
    except AtlasError as error:
        session.review_refused = str(error)
        session.review_open = True
        return
    session.layer, session.review_at = layer, 0
    count = update.new + update.revised
    drafts = "1 draft" if len(found.drafts) == 1 else f"{len(found.drafts)} drafts"
    passed = len(found.skipped)
    none = "1 sentence gave none" if passed == 1 else f"{passed} sentences gave none"
    session.review_said = [f"{drafts}, {count} new or changed; {none}"]


def _article(text: str, file: Any, publisher: str) -> Article:
    data, name = (text.encode(), "the text") if file is None else (file.getvalue(), file.name)
    article = read(data, name=name)
    return replace(article, publisher=publisher.strip() or article.publisher)
