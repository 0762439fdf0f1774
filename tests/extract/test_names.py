"""Names in texts: what is one, of which kind, and that offsets are kept."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.extract import model
from geo.extract.names import Name, names

NEWS = (
    "TORKHAM: Afghan and Pakistani forces exchanged fire near Torkham on Monday, officials in "
    "Nangarhar province said. Shells hit Spin Boldak and Angoor Ada, a teacher at Kabul "
    "University said. Mr Khan visited Urgun, Paktika. Talks are held in Doha, Istanbul and Riyadh."
)
PLACES = {"Torkham", "Spin Boldak", "Angoor Ada", "Nangarhar", "Urgun", "Paktika", "Doha"}
PLACES |= {"Istanbul", "Riyadh", "TORKHAM"}
BOTH = pytest.mark.parametrize("with_model", [True, False])


def found(text: str, *, with_model: bool) -> tuple[Name, ...]:
    loaded = model.load() if with_model else None
    if with_model and loaded is None:
        pytest.skip("the language model is not installed")
    return names(text, loaded.read(text).entities if loaded else None)


def of_kind(text: str, kind: str, *, with_model: bool = False) -> set[str]:
    return {n.text for n in found(text, with_model=with_model) if n.kind == kind}


@BOTH
def test_places_of_the_news_are_named_with_and_without_a_model(*, with_model: bool) -> None:
    assert of_kind(NEWS, "place", with_model=with_model) >= PLACES


@BOTH
def test_peoples_are_told_from_places(*, with_model: bool) -> None:
    assert of_kind(NEWS, "demonym", with_model=with_model) == {"Afghan", "Pakistani"}


def test_a_place_within_an_organisation_is_no_place_of_its_own() -> None:
    assert "Kabul" in of_kind(NEWS, "inside", with_model=True)
    assert "Kabul" not in of_kind(NEWS, "place", with_model=True)


@BOTH
def test_a_word_for_the_kind_and_a_possessive_do_not_belong_to_the_name(
    *, with_model: bool
) -> None:
    text = "Fighting in Paktika province and in Sudan's El Fasher went on."
    assert of_kind(text, "place", with_model=with_model) >= {"Paktika", "Sudan", "El Fasher"}


@BOTH
def test_a_state_is_found_by_its_short_form(*, with_model: bool) -> None:
    text = "A man from Frankfort, Ky., was there. He is an M.D., they say, not Dr. Jones."
    assert "Ky." in of_kind(text, "place", with_model=with_model)
    assert "M.D." not in of_kind(text, "place", with_model=with_model)


@BOTH
def test_a_country_of_several_words_is_one_name(*, with_model: bool) -> None:
    text = "It spread in the Democratic Republic of the Congo and in Burkina Faso."
    expected = {"Democratic Republic of the Congo", "Burkina Faso"}
    assert of_kind(text, "place", with_model=with_model) == expected


@BOTH
@pytest.mark.parametrize("text", ["", " ", "no names at all", "?" * 500, "\n\n", "42 7", "é" * 90])
def test_a_text_without_names_has_none(text: str, *, with_model: bool) -> None:
    assert found(text, with_model=with_model) == ()


@given(st.text(alphabet=st.sampled_from("aK .,'’-\n\u200bÉé中ك1(") | st.characters(), max_size=80))
@settings(max_examples=60, deadline=None)
def test_names_are_in_order_and_none_lies_over_another(text: str) -> None:
    taken = names(f"{text} In Kabul, Afghan {text}", None)
    assert all(0 <= n.start < n.end for n in taken)
    assert all(a.end <= b.start for a, b in pairwise(taken))


@given(st.lists(st.sampled_from(NEWS.split()), max_size=40).map(" ".join))
@settings(max_examples=40, deadline=None)
def test_the_text_of_a_name_is_what_stands_there(text: str) -> None:
    assert all(text[n.start : n.end] == n.text for n in names(text, None))


@BOTH
@pytest.mark.parametrize(
    "text",
    [
        "?" * 20_000,
        "'’" * 10_000,
        "a-" * 10_000,
        "\u200b\u200f" * 10_000,
        "U.S." * 5_000,
        "A" * 20_000,
        "KABUL " * 3_000,
        "Kabul, " * 3_000,
        " " * 20_000,
    ],
    ids=["marks", "quotes", "dashes", "unseen", "points", "letters", "capitals", "list", "spaces"],
)
def test_time_is_bounded(text: str, *, with_model: bool) -> None:
    found("Warm in Kabul.", with_model=with_model)
    begun = time.process_time()
    found(text, with_model=with_model)
    # some hundred times what it takes, so that a busy machine does not fail it
    assert time.process_time() - begun < 20


def test_a_name_with_an_article_in_it_is_one_name() -> None:
    text = "Pictures from Wad an-Noora in Sudan show graves, said people in Khartoum."
    assert "Wad an-Noora" in of_kind(text, "place")


def test_a_name_with_small_words_is_taken_whole() -> None:
    text = "Fighters seized the army's headquarters in Rostov-on-Don in Russia on Saturday."
    assert "Rostov-on-Don" in of_kind(text, "place", with_model=True)


def test_small_letters_name_no_place() -> None:
    text = "Thirty-eight worshippers were led into the bush near Ilorin in Nigeria."
    assert "bush" not in of_kind(text, "place", with_model=True)
