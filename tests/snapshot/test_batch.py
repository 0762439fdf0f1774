from __future__ import annotations

from datetime import date

import pytest

from geo.filters import Filter, select
from geo.snapshot.batch import EACH, parts
from geo.snapshot.language import language

ENGLISH = language("en")


@pytest.fixture
def incidents(make):
    return [
        make("a", day=date(2025, 10, 9), countries=("AFG", "PAK"), admin1="Kunar"),
        make("b", day=date(2025, 10, 12), admin1="Kunar", event_type="talks"),
        make("c", day=date(2025, 10, 13), admin1="Khyber Pakhtunkhwa"),
        make("d", day=date(2025, 11, 1), countries=()),
    ]


def split(incidents, each, query=Filter()):  # noqa: B008 frozen
    made = parts(select(incidents, query).matches, query, each=each, spoken=ENGLISH)
    found = {}
    for part in made:
        matches = select(incidents, part.query, set_aside=part.set_aside).matches
        found[part.slug] = [m.incident.id for m in matches if m.incident.id not in part.set_aside]
    return found


def test_a_border_clash_stands_in_the_picture_of_both_countries(incidents):
    assert split(incidents, "country") == {"afg": ["t:a"], "pak": ["t:a", "t:b", "t:c"]}


def test_weeks_begin_on_monday_and_are_named_by_iso(incidents):
    assert split(incidents, "week") == {
        "2025-w41": ["t:a", "t:b"],
        "2025-w42": ["t:c"],
        "2025-w44": ["t:d"],
    }


def test_a_part_never_reaches_beyond_the_dates_asked_for(incidents):
    asked = Filter(start=date(2025, 10, 10), end=date(2025, 10, 14))
    made = parts(select(incidents, asked).matches, asked, each="month", spoken=ENGLISH)
    assert [(part.query.start, part.query.end) for part in made] == [(asked.start, asked.end)]
    assert made[0].label == "10 October 2025–14 October 2025"


def test_provinces_of_one_name_in_two_countries_are_two_pictures(incidents):
    assert split(incidents, "province") == {
        "afg-pak-kunar": ["t:a"],
        "pak-khyber-pakhtunkhwa": ["t:c"],
        "pak-kunar": ["t:b"],
    }


def test_types_hold_every_incident_once(incidents):
    found = split(incidents, "type")
    assert sorted(name for held in found.values() for name in held) == [
        "t:a",
        "t:b",
        "t:c",
        "t:d",
    ]


@pytest.mark.parametrize("each", EACH)
def test_nothing_matched_makes_no_picture(each):
    assert split([], each) == {}
