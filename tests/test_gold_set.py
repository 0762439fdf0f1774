import hashlib
import json
from datetime import date
from itertools import combinations, product

import pytest

from geo.area import distance_km
from geo.countries import codes
from geo.incident import ASSESSMENTS, DATE_PRECISIONS, PRECISIONS
from geo.taxonomy import type_ids
from tests.bench_sentences import NONE, SENTENCES
from tests.gold_set import (
    DEVELOPMENT,
    PLACE_KINDS,
    REASONS,
    SET_ASIDE,
    TUNING,
    VALIDATION,
    read,
    rows,
)

PARTS = {path: rows(path) for path in (DEVELOPMENT, TUNING, VALIDATION, SET_ASIDE)}
TEXTS = [row for part in PARTS.values() for row in part]
# of the set-aside texts as they were written: whoever changes one says so here
AS_WRITTEN = "c7218ee7c8a9821b6f4887ee1cbf9c10b5f4d5cec4c0fb611735addc26a91244"
every_text = pytest.mark.parametrize("row", TEXTS, ids=lambda row: row["id"])


def lands(texts):
    return {
        c for row in texts for i in row["incidents"] if i["place"] for c in i["place"]["countries"]
    }


def test_there_are_enough_texts_of_enough_countries():
    assert len(TEXTS) >= 60
    assert len(PARTS[SET_ASIDE]) >= 30
    assert len(lands(TEXTS)) >= 40
    assert all(len(lands(part)) >= 10 for part in PARTS.values())
    for part in PARTS.values():
        assert 0.05 <= sum(not row["incidents"] for row in part) / len(part) <= 0.2


def test_the_types_occur_widely():
    found = {i["event_type"] for row in TEXTS for i in row["incidents"]}
    assert found == type_ids()


def test_no_text_is_in_both_parts():
    names = [row["id"] for row in TEXTS]
    assert len(names) == len(set(names))
    assert len({row["text"] for row in TEXTS}) == len(TEXTS)


@pytest.mark.parametrize("parts", list(combinations(PARTS, 2)), ids=lambda two: two[1].stem)
def test_no_incident_is_told_in_two_parts(parts):
    seen, unseen = ([i for t in read(p) for i in t.incidents] for p in parts)
    for one, other in product(seen, unseen):
        alike = one.types[0] == other.types[0] and one.start <= other.end and other.start <= one.end
        spots = [i.places[0].point for i in (one, other) if alike and i.places]
        if len(spots) == 2 and all(spots):
            assert distance_km(*spots) > 25, (one, other)


def test_the_set_aside_texts_are_those_that_were_written():
    lines = SET_ASIDE.read_text(encoding="utf-8").splitlines()
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == AS_WRITTEN


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


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_a_part_is_read_whole(path):
    texts = read(path)
    assert [t.id for t in texts] == sorted(row["id"] for row in PARTS[path])
    assert sum(len(t.incidents) for t in texts) > 100


def test_the_bank_of_sentences_has_every_type_and_none():
    bank = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    assert {row["type"] for row in bank} == type_ids() | {NONE}
    assert all({*row["also"]} <= type_ids() and row["text"].strip() for row in bank)
    assert len({row["text"] for row in bank}) == len(bank)
