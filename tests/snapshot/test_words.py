from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from geo.area import BBox, Circle, Polygon
from geo.filters import Filter, select
from geo.incident import Point
from geo.snapshot.language import language
from geo.snapshot.words import filter_in_words, ledger_in_words

ENGLISH = language("en")


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (date(2025, 10, 9), date(2025, 10, 9), "9 October 2025"),
        (date(2025, 10, 9), date(2025, 10, 19), "9–19 October 2025"),
        (date(2025, 10, 9), date(2025, 11, 25), "9 October – 25 November 2025"),
        (date(2024, 12, 30), date(2025, 1, 2), "30 December 2024 – 2 January 2025"),
    ],
)
def test_period_says_what_days_share_once(start, end, said):
    assert ENGLISH.period(start, end) == said


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (Filter(), "All dates · all event types"),
        (Filter(start=date(2025, 10, 9)), "From 9 October 2025 · all event types"),
        (Filter(end=date(2025, 10, 9)), "To 9 October 2025 · all event types"),
        (
            Filter(
                start=date(2025, 10, 9),
                end=date(2025, 10, 19),
                uncertain=False,
                event_types=("shelling", "riot"),
                countries=("AFG", "PAK"),
                deaths_min=5,
            ),
            (
                "9–19 October 2025 · certain dates only · Shelling or Riot · "
                "Afghanistan or Pakistan · 5 or more deaths"
            ),
        ),
        (
            Filter(event_types=("protest", "riot", "talks")),
            "All dates · Unrest (all types) or Talks",
        ),
        (
            Filter(area=BBox(66, 30, 72, 35), actors=("TTP",), text=" two  words "),
            (
                "All dates · all event types · in or possibly in the box 30°N 66°E to 35°N 72°E · "
                "involving TTP · with the words “two words”"
            ),
        ),
        (
            Filter(area=Circle(Point(-71.07, -34.19), 25), assessment=("claimed", "disputed")),
            (
                "All dates · all event types · in or possibly within 25 km of 34.19°S 71.07°W · "
                "claimed or disputed"
            ),
        ),
        (
            Filter(
                area=Polygon(((0, 0), (1, 0), (1, 1), (0, 0))),
                precision=("exact", "near"),
                status=("draft",),
                changed_since=datetime(2025, 11, 1, 6, 30, tzinfo=UTC),
                sources=("a", "b", "c", "d", "e", "f"),
            ),
            (
                "All dates · all event types · in or possibly in a drawn area · "
                "place known to: exact place or near · status: draft · "
                "new or changed since 1 November 2025, 06:30 UTC · "
                "according to a, b, c, d or 2 more"
            ),
        ),
        (Filter(status=()), "All dates · all event types · any status"),
    ],
)
def test_filter_in_words(query, said):
    assert filter_in_words(query, (), ENGLISH) == said


def test_open_dates_say_what_the_data_cover(make):
    incidents = [make("1"), make("2", day=date(2025, 11, 3))]
    said = filter_in_words(Filter(), select(incidents, Filter()).matches, ENGLISH)
    assert said == "All dates: 12 October – 3 November 2025 · all event types"


def test_ledger_names_what_is_gone_and_what_is_set_aside(make):
    incidents = [make("1"), make("2", event_type="riot"), make("3", status="draft"), make("4")]
    query = Filter(event_types=("border_closure",))
    ledger = select(incidents, query, set_aside=frozenset(("t:4",))).ledger
    assert ledger_in_words(ledger, ENGLISH) == (
        "Ledger: 2 of 4 incidents match = 2 within the dates + 0 ongoing + 0 of uncertain date "
        "= 1 on the map + 0 outside the frame + 0 not mappable + 1 set aside. "
        "Not matched: status 1, other event types 1."
    )
