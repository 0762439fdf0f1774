"""Is each part of an incident said in words, and are different states told apart?"""

from __future__ import annotations

from geo.incident import Claim, Toll
from geo.parts import in_words, name_of, told_apart
from geo.threeway import GROUPS
from tests.examples import incident


def group(first: str) -> tuple[str, ...]:
    return next(g for g in GROUPS if g[0] == first)


def test_every_part_has_a_name_and_words() -> None:
    one = incident(claims=(Claim(field="deaths", value=1200, low=900, high=1500, claimant="ISPR"),))
    said = {name_of(g): in_words(one, g) for g in GROUPS}
    assert said["date"] == "2025-10-11"
    assert said["event type"] == "Armed clash"
    assert said["claims"] == "deaths 1,200 (900–1,500) by ISPR"
    assert said["deaths"] == "unknown"
    assert "exact place" in said["place"]
    assert said["summary"] == "nothing"


def test_states_that_words_make_alike_are_shown_as_they_are_kept() -> None:
    one, other = incident(deaths=Toll(None, 3, None)), incident(deaths=Toll(3, 3, 3))
    first, second = told_apart(group("deaths"), one, other)
    assert first != second


def test_of_the_sources_codes_only_those_that_differ_are_said() -> None:
    one = incident(native={"a": 1, "b": 2})
    other = incident(native={"a": 1, "b": 3, "c": 4})
    assert told_apart(group("native"), one, other) == ("b 2", "b 3; c 4")
