"""Which words of the article does a draft rest on?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import streamlit as st

from geo.extract.kept import Kept
from geo.incident import Incident
from geo.reviewing import evidence
from geo.text import to_bold, to_markdown

# one colour of Streamlit's for each thing a stretch of text was read as
_COLOURS = {"event": "orange", "place": "blue", "date": "green", "deaths": "red", "injured": "red"}
_SENTENCE, _OTHER, _SPAN = "yellow", "gray", "violet"
_LEGEND = (
    ":yellow-background[sentence of this draft] :gray-background[of another draft] "
    ":orange-background[event] :blue-background[place] :green-background[date] "
    ":red-background[deaths, injured]"
)
# characters shown at once; more of a long text stays around the draft
_SHOWN = 12_000
HEIGHT = 560


def draw(held: Kept, current: Incident, drafts: Sequence[Incident]) -> None:
    """Show the article with what each draft rests on; its text is shown, never interpreted."""
    article = held.article
    origin = " · ".join(
        part for part in (article.publisher, article.url, f"reported {held.report_date}") if part
    )
    if article.title:
        st.markdown(to_bold(article.title))
    st.caption(to_markdown(origin))
    first = min((s["start"] for s in _parts(current, "sentences")), default=0)
    start = max(0, first - _SHOWN // 3) if len(article.text) > _SHOWN else 0
    end = start + _SHOWN
    with st.container(height=HEIGHT, key="review_article"):
        if start:
            st.caption(f"… {start:,} characters before")
        for paragraph in marked(article.text, current, drafts, start=start, end=end):
            st.markdown(paragraph)
        if end < len(article.text):
            st.caption(f"{len(article.text) - end:,} characters after …")
    st.markdown(_LEGEND)
    if held.skipped:
        with st.expander(f"{len(held.skipped):,} sentences gave no draft"):
            for one in held.skipped[:200]:
                st.markdown(f"{to_markdown(one.text)}  \n:gray[{to_markdown(one.reason)}]")


def marked(
    text: str, current: Incident, drafts: Iterable[Incident], *, start: int, end: int
) -> list[str]:
    """Write a stretch of the text as Markdown paragraphs, each character coloured at most once."""
    end = min(end, len(text))
    layers = [
        *((s, _OTHER) for d in drafts if d.id != current.id for s in _parts(d, "sentences")),
        *((s, _SENTENCE) for s in _parts(current, "sentences")),
        *((s, _COLOURS.get(s.get("what", ""), _SPAN)) for s in _parts(current, "spans")),
    ]
    edges = {start, end, *(n + 1 for n in range(start, end) if text[n] == "\n")}
    edges |= {n for part, _ in layers for n in (part["start"], part["end"]) if start < n < end}
    written, paragraph = [], ""
    for a, b in pairwise(sorted(edges)):
        # the last that covers a stretch is the most particular
        colour = next((c for p, c in reversed(layers) if p["start"] <= a and b <= p["end"]), "")
        paragraph += _coloured(text[a:b], colour)
        if text[b - 1] == "\n":
            written.append(paragraph)
            paragraph = ""
    return [p for p in (*written, paragraph) if p.strip()]


def _coloured(text: str, colour: str) -> str:
    inner = text.strip()
    if not inner or not colour:
        return to_markdown(text)
    before, after = (" " if text[n].isspace() else "" for n in (0, -1))
    # what a sentence was read by stands out of it
    bold = "" if colour in (_SENTENCE, _OTHER) else "**"
    return f"{before}:{colour}-background[{bold}{to_markdown(inner)}{bold}]{after}"


def _parts(incident: Incident, name: str) -> list[Mapping[str, Any]]:
    """Parts of the evidence that name a stretch of text; anything odd in a file is left out."""
    found = evidence(incident).get(name)
    return [
        part
        for part in (found if isinstance(found, list) else ())
        if isinstance(part, Mapping)
        and all(type(part.get(edge)) is int for edge in ("start", "end"))
        and 0 <= part["start"] < part["end"]
    ]
