"""Where sentences begin and end."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.extract.sentences import split


def _texts(text: str) -> list[str]:
    return [s.text for s in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One fell. Two rose.", ["One fell.", "Two rose."]),
        ("Gen. A. Khan of the U.S. Army said so. He left.", None),
        ('"We fled." They were safe.', ['"We fled."', "They were safe."]),
        ("It began at 4 a.m. on Monday. Shops shut.", None),
        ("He met Dr. Noor at No. 12. Then he left.", None),
        ("Is it over? Nobody knows! So it goes…", None),
    ],
)
def test_a_full_stop_ends_a_sentence_but_not_a_short_form(
    text: str, expected: list[str] | None
) -> None:
    found = _texts(text)
    assert found == (expected or found)
    assert len(found) == (3 if "nobody" in text.casefold() else 2)


def test_marks_without_a_word_end_no_sentence() -> None:
    assert _texts("Why? ... He fled. ? ! Then a bang.") == [
        *("Why?", "... He fled.", "? ! Then a bang."),
    ]


def test_a_line_break_within_a_paragraph_is_a_space() -> None:
    text = "Officials of both\nAfghanistan and Pakistan met.\nThey parted."
    assert _texts(text) == ["Officials of both\nAfghanistan and Pakistan met.", "They parted."]


def test_headings_and_bullets_stand_alone() -> None:
    text = "Blast in the north\n\nA bomb went off. Two died.\n\n- shops shut\n- roads blocked\n"
    found = [(s.kind, s.text) for s in split(text)]
    assert found[0] == ("heading", "Blast in the north")
    assert [kind for kind, _ in found].count("bullet") == 2


@given(st.text(alphabet="ab .?!\n\"-•1AB,'", max_size=300))
def test_nothing_of_a_text_is_lost(text: str) -> None:
    found = split(text)
    assert all(text[s.start : s.end] == s.text for s in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    held = "".join(s.text for s in found)
    assert "".join(held.split()) == "".join(text.split())


def test_the_time_is_bounded_whatever_the_text() -> None:
    begun = time.process_time()
    for text in ("?" * 100_000, "? " * 50_000, "a" * 200_000, "\n" * 200_000, "A. " * 60_000):
        split(text)
    assert time.process_time() - begun < 10
    assert max(len(s.text) for s in split("word " * 20_000)) <= 2_000
