"""Which words speak of an event, and whether it happened."""

import pytest

from geo.extract.events import mentions
from geo.extract.lexicon import event_words
from geo.extract.sentences import split
from geo.taxonomy import type_ids


def _found(text: str) -> list[tuple[str, str]]:
    return [(m.event_type, m.status) for m in mentions(split(text))]


@pytest.mark.parametrize(
    ("text", "event_type"),
    [
        ("Troops exchanged fire across the border.", "cross_border_fire"),
        ("A suicide bomber killed four guards.", "suicide_attack"),
        ("A roadside bomb hit a lorry.", "mine_ied"),
        ("Warplanes bombed the depot.", "air_drone_strike"),
        ("Mortar shells landed in the yard.", "shelling"),
        ("Explosions shook the port.", "explosion"),
        ("Gunmen kidnapped a doctor.", "abduction"),
        ("Thousands took to the streets.", "protest"),
        ("Police arrested nine men.", "arrest"),
        ("The army closed the border crossing.", "border_closure"),
        ("Hundreds fled their homes.", "displacement"),
        ("The ministers held talks.", "talks"),
        ("A truce took hold.", "ceasefire"),
        ("Rebels captured the town.", "territory_change"),
        ("An earthquake shook the valley.", "natural_hazard"),
        ("A bus plunged into the river; the bus crash killed two.", "accident"),
    ],
)
def test_words_of_an_event_say_its_type(text: str, event_type: str) -> None:
    assert event_type in {kind for kind, _ in _found(text)}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The envoys could hold talks.", "hypothetical"),
        ("If the clashes go on, all will lose.", "hypothetical"),
        ("He called for a ceasefire.", "hypothetical"),
        ("The ministers will hold talks in spring.", "planned"),
        ("The talks were cancelled.", "negated"),
        ("Police foiled a suicide attack.", "negated"),
        ("The army denied the air strike.", "denied"),
        ("The region has repeatedly seen clashes.", "history"),
        ("Clashes broke out at dawn.", "actual"),
    ],
)
def test_a_cue_says_whether_it_happened(text: str, status: str) -> None:
    assert {s for _, s in _found(text)} == {status}


@pytest.mark.parametrize(
    "text",
    ["The firms want to strike a deal.", "He had a heart attack.", "In March it was cold."],
)
def test_words_that_only_look_like_an_event_are_none(text: str) -> None:
    assert _found(text) == []


def test_the_lexicon_holds_only_types_of_the_taxonomy() -> None:
    assert {w.event_type for w in event_words()} <= type_ids()


def test_offsets_are_those_of_the_text() -> None:
    text = "It was calm. Then clashes began, and an air strike followed."
    assert all(text[m.start : m.end] == m.text for m in mentions(split(text)))
