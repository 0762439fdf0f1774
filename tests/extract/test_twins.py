"""Events that one sentence tells in words for two types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import pytest

from geo.extract.dates import When
from geo.extract.grouping import Event
from geo.extract.link import Spot
from geo.extract.lookup import places
from geo.extract.names import Name
from geo.extract.reader import Telling
from geo.extract.resolve import Place
from geo.extract.twins import without_twins


@dataclass
class Told:
    """A reading that says how surely each type is told for the first time."""

    firsts: Mapping[str, float] = field(default_factory=dict)

    def telling(self, _: int, event_type: str) -> Telling:
        return Telling(event_type, self.firsts.get(event_type, 0.0), 0.0)


def event(kind: str, town: str = "Goma", day: int = 23, sentence: int = 0) -> Event:
    place = Place(Name(0, len(town), town, "place"), places(town)[:1], 1.0, ())
    when = When(0, 0, "", date(2025, 10, day), date(2025, 10, day), "day")
    return Event(kind, [], Spot((place,), "where"), when=when, sentences=[sentence])


def left(*events: Event, **firsts: float) -> list[str]:
    reading = cast("Any", Told(firsts))
    return [e.event_type for e in without_twins(events, reading)]


def test_a_riot_in_which_people_were_attacked_is_one_event_of_the_surer_type() -> None:
    assert left(event("riot"), event("attack_on_civilians"), attack_on_civilians=0.8, riot=0.5) == [
        "attack_on_civilians"
    ]
    assert left(event("riot"), event("attack_on_civilians"), riot=0.6) == ["riot"]


def test_the_one_that_is_left_has_the_words_of_both() -> None:
    (kept,) = without_twins([event("riot"), event("protest")], cast("Any", Told()))
    assert kept.sentences == [0]


@pytest.mark.parametrize(
    "other",
    [
        event("attack_on_civilians", town="Bukavu"),
        event("attack_on_civilians", day=24),
        event("attack_on_civilians", sentence=1),
        event("looting"),
        event("displacement"),
    ],
)
def test_another_place_day_sentence_or_cause_and_effect_stay_two(other: Event) -> None:
    assert left(event("riot"), other) == ["riot", other.event_type]
