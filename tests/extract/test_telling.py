"""The lexicon says where an event stands, the whole sentence of which type it is."""

from __future__ import annotations

from functools import partial

from geo.extract.events import Mention, mentions, spoken
from geo.extract.reader import Telling
from geo.extract.sentences import split
from geo.extract.telling import agreed


def read(text: str, shares: dict[str, float], **words: str) -> list[Mention]:
    """Read a sentence with such shares of types; each stands at the word given for it."""
    (sentence,) = split(text)
    seen = mentions([sentence])
    every = {m.event_type: 0.0 for m in seen} | shares
    tellings = [Telling(kind, share, 0.0) for kind, share in every.items()]

    def at(kind: str) -> tuple[int, int]:
        start = text.index(words[kind])
        return start, start + len(words[kind])

    return agreed(seen, tellings, at, partial(spoken, 0, sentence))


def test_what_both_see_stays() -> None:
    (one,) = read("Shells hit Kherson on Monday.", {"shelling": 0.97})
    assert (one.event_type, one.told, one.definite) == ("shelling", True, False)


def test_words_take_the_type_that_the_sentence_tells() -> None:
    (one,) = read("Shells hit Kherson on Monday.", {"cross_border_fire": 0.9, "shelling": 0.001})
    assert (one.event_type, one.strength) == ("cross_border_fire", "strong")


def test_strong_words_keep_the_type_that_the_sentence_may_tell_as_well() -> None:
    shares = {"cross_border_fire": 0.9, "shelling": 0.05}
    found = read("Shells hit Kherson on Monday.", shares, cross_border_fire="hit")
    assert {m.event_type for m in found} == {"shelling", "cross_border_fire"}


def test_what_the_lexicon_has_no_words_for_stands_at_its_word() -> None:
    (one,) = read("Police nabbed three men in Nambol.", {"arrest": 0.95}, arrest="nabbed")
    assert (one.text, one.event_type, one.status) == ("nabbed", "arrest", "actual")


def test_where_nothing_is_told_words_point_back() -> None:
    (one,) = read("Shells hit Kherson on Monday.", {"shelling": 0.01})
    assert (one.strength, one.definite, one.told) == ("weak", True, False)


def test_strong_words_are_believed_until_the_sentence_is_sure() -> None:
    (one,) = read("Shells hit Kherson on Monday.", {"shelling": 0.01, "visit": 0.2})
    assert (one.strength, one.definite) == ("strong", False)


def test_what_is_only_feared_stays_feared() -> None:
    (one,) = read("Talks might be held in Cairo.", {"talks": 0.95})
    assert one.status == "hypothetical"
