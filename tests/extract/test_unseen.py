"""Do marks that nobody sees part words, or move offsets?"""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from geo.extract.article import read
from geo.extract.pipeline import Extraction, extract
from geo.extract.unseen import seen
from tests.examples import NOW

TEXT = "Shelling killed three people in Khost on Tuesday, officials said.\n\nNobody else was hurt."
MARKS = "\u200b\u200f\u00ad\u2060"


def told(text: str) -> Extraction:
    article = read(text.encode(), name="the text")
    return extract(article, report_date=date(2025, 10, 23), now=NOW)


def test_unseen_marks_change_nothing_but_the_offsets() -> None:
    plain, marked = told(TEXT), told("\u200b".join(TEXT))
    assert [d.incident.event_type for d in marked.drafts] == ["shelling"]
    for one, other in zip(plain.drafts, marked.drafts, strict=True):
        assert one.incident.place_name == other.incident.place_name
        assert one.incident.start == other.incident.start
        assert one.incident.deaths == other.incident.deaths


def test_offsets_count_the_text_as_it_is_kept() -> None:
    found = told("\u200f".join(TEXT))
    parts = [p for d in found.drafts for p in (*d.evidence.sentences, *d.evidence.spans)]
    for part in (*parts, *found.skipped):
        assert found.article.text[part.start : part.end] == part.text


@given(st.lists(st.sampled_from([*"ab .", *MARKS]), max_size=40).map("".join))
def test_a_stretch_without_marks_is_found_in_the_kept_text(text: str) -> None:
    clean = seen(text)
    assert clean.text == "".join(c for c in text if c not in MARKS)
    for start in range(len(clean.text)):
        a, b = clean.span(start, start + 1)
        assert text[a:b] == clean.text[start]
