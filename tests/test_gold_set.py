import hashlib
from datetime import date

import pytest

from geo.countries import codes
from geo.incident import ASSESSMENTS, DATE_PRECISIONS, PRECISIONS
from geo.taxonomy import type_ids
from tests.gold_set import DEVELOPMENT, PLACE_KINDS, REASONS, SET_ASIDE, read, rows

HALVES = {path: rows(path) for path in (DEVELOPMENT, SET_ASIDE)}
TEXTS = [row for half in HALVES.values() for row in half]
every_text = pytest.mark.parametrize("row", TEXTS, ids=lambda row: row["id"])


def test_there_are_enough_texts_of_enough_countries():
    assert len(TEXTS) >= 60
    lands = {
        c for row in TEXTS for i in row["incidents"] if i["place"] for c in i["place"]["countries"]
    }
    assert len(lands) >= 40
    assert 5 <= sum(not row["incidents"] for row in TEXTS) <= 8


def test_the_types_occur_widely():
    found = {i["event_type"] for row in TEXTS for i in row["incidents"]}
    assert found == type_ids()


def test_no_text_is_in_both_halves():
    names = [row["id"] for row in TEXTS]
    assert len(names) == len(set(names))
    assert len({row["text"] for row in TEXTS}) == len(TEXTS)


def test_the_halves_alternate_by_hash_and_so_are_not_chosen():
    expected = {DEVELOPMENT: set(), SET_ASIDE: set()}
    for some in (True, False):
        names = [row["id"] for row in TEXTS if bool(row["incidents"]) == some]
        names.sort(key=lambda name: hashlib.sha256(name.encode()).hexdigest())
        expected[DEVELOPMENT] |= set(names[0::2])
        expected[SET_ASIDE] |= set(names[1::2])
    assert {path: {row["id"] for row in half} for path, half in HALVES.items()} == expected


@every_text
def test_a_text_is_short_news_with_sources(row):
    assert 60 <= len(row["text"].split()) <= 250
    assert row["sources"]
    assert all(s["publisher"] and s["title"] for s in row["sources"])
    assert date(2022, 1, 1) <= date.fromisoformat(row["published"]) <= date(2025, 12, 31)


@every_text
def test_offsets_hold_the_words_they_say(row):
    for part in ("places", "dates", "not_incidents"):
        for item in row[part]:
            assert row["text"][item["start"] : item["end"]] == item["text"]
            assert item["text"].strip() == item["text"] != ""
    for incident in row["incidents"]:
        assert incident["evidence"]
        for start, end in incident["evidence"]:
            words = row["text"][start:end]
            assert words.strip() == words != ""


@every_text
def test_words_are_those_of_the_vocabulary(row):
    assert {n["reason"] for n in row["not_incidents"]} <= REASONS
    assert {n["kind"] for n in row["places"]} <= PLACE_KINDS
    for incident in row["incidents"]:
        assert {incident["event_type"], *incident["also_types"]} <= type_ids()
        assert incident["date_precision"] in DATE_PRECISIONS
        assert incident["assessment"] in ASSESSMENTS


@every_text
def test_places_are_on_earth_and_have_a_point_unless_they_are_countries(row):
    places = [*row["places"], *(i["place"] for i in row["incidents"] if i["place"])]
    for place in places:
        assert place["precision"] in PRECISIONS
        assert place["countries"]
        assert set(place["countries"]) <= codes()
        assert (place["lat"] is None) == (place["precision"] == "country")
        if place["lat"] is not None:
            assert abs(place["lat"]) <= 90
            assert abs(place["lon"]) <= 180
            assert place["radius_km"] > 0


@every_text
def test_days_are_in_order_and_incidents_lie_before_the_report(row):
    for incident in row["incidents"]:
        assert incident["start"] <= incident["end"] <= row["published"]
        if incident["night"]:
            length = date.fromisoformat(incident["end"]) - date.fromisoformat(incident["start"])
            assert length.days <= 1
    assert all(d["first"] <= d["last"] for d in row["dates"])


@every_text
def test_figures_are_in_order(row):
    for incident in row["incidents"]:
        for toll in (incident["deaths"], incident["injured"]):
            known = (
                [toll[k] for k in ("low", "best", "high") if toll[k] is not None] if toll else []
            )
            assert known == sorted(known)
            assert not toll or bool(known) != ("said" in toll)


@pytest.mark.parametrize("path", HALVES, ids=lambda path: path.stem)
def test_a_half_is_read_whole(path):
    texts = read(path)
    assert [t.id for t in texts] == sorted(row["id"] for row in HALVES[path])
    assert sum(len(t.incidents) for t in texts) > 100
