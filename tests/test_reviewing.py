"""Do decisions on drafts stay with the incident, and can each be taken back?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo import reviewing
from geo.errors import LayerConflictError, LayerError
from geo.incident import Claim, Incident, Source
from geo.settings import layers_folder
from geo.store import LayerStore
from tests.examples import NOW, incident
from tests.stores import later

BY = {"by": "Ann", "now": later(5)}


def draft(id_: str, score: float | None = 0.5, **changes: object) -> Incident:
    sentence = {"start": len(id_), "end": 40, "text": id_}
    extra = {"evidence": {"score": score, "sentences": [sentence], "reasons": [id_]}}
    return incident(id_, status="draft", status_reason="", extra=extra, **changes)


@pytest.fixture
def store() -> LayerStore:
    made = LayerStore(layers_folder())
    drafts = [draft("article:a:1", 0.9), draft("article:a:2", 0.2), incident("own:1")]
    made.upsert("border", drafts, by="", now=NOW)
    return made


def held(store: LayerStore) -> dict[str, Incident]:
    return {one.id: one for one in store.read("border").incidents}


def test_the_most_doubtful_draft_comes_first(store: LayerStore) -> None:
    coded = draft("gdelt:1", None)
    waiting = reviewing.queue([*held(store).values(), coded])
    assert [one.id for one in waiting] == ["article:a:2", "article:a:1", "gdelt:1"]


def test_an_accepted_draft_says_who_accepted_it_and_keeps_its_evidence(store: LayerStore) -> None:
    first = held(store)["article:a:1"]
    reviewing.accept(store, "border", first, **BY)
    now = held(store)["article:a:1"]
    assert now.status == "accepted"
    assert reviewing.evidence(now) == reviewing.evidence(first)
    [line] = reviewing.reviews(now)
    assert (line["who"], line["what"]) == ("Ann", "accepted")
    assert store.history("border")[0].who == "Ann"


def test_a_correction_names_what_was_corrected(store: LayerStore) -> None:
    first = held(store)["article:a:1"]
    better = replace(first, event_type="shelling", title="Better")
    reviewing.accept(store, "border", first, corrected=better, **BY)
    now = held(store)["article:a:1"]
    assert (now.event_type, now.title, now.status) == ("shelling", "Better", "accepted")
    assert reviewing.reviews(now)[-1]["what"] == "corrected event_type, title"


def test_a_rejection_says_why(store: LayerStore) -> None:
    first = held(store)["article:a:1"]
    with pytest.raises(LayerError, match="says why"):
        reviewing.reject(store, "border", first, reason=" ", **BY)
    reviewing.reject(store, "border", first, reason="a host city", **BY)
    now = held(store)["article:a:1"]
    assert (now.status, now.status_reason) == ("rejected", "a host city")


def test_every_decision_can_be_taken_back_to_the_byte(store: LayerStore) -> None:
    before = held(store)
    one, two = before["article:a:1"], before["article:a:2"]
    for decide in (
        lambda: reviewing.accept(store, "border", one, **BY),
        lambda: reviewing.reject(store, "border", one, reason="no", **BY),
        lambda: reviewing.split(store, "border", one, before, **BY),
        lambda: reviewing.merge(store, "border", one, two, **BY),
    ):
        done = decide()
        assert held(store) != before
        reviewing.undo(store, "border", done, **BY)
        assert held(store) == before


def test_what_was_changed_since_is_not_taken_back(store: LayerStore) -> None:
    first = held(store)["article:a:1"]
    done = reviewing.accept(store, "border", first, **BY)
    again = held(store)["article:a:1"]
    reviewing.reject(store, "border", again, reason="no", by="Bo", now=later(9))
    with pytest.raises(LayerConflictError, match="Bo"):
        reviewing.undo(store, "border", done, **BY)
    with pytest.raises(LayerConflictError, match="Bo"):
        reviewing.accept(store, "border", first, **BY)


def test_a_second_reader_is_another_person(store: LayerStore) -> None:
    first = held(store)["article:a:1"]
    reviewing.accept(store, "border", first, two_readers=True, **BY)
    read = held(store)["article:a:1"]
    assert read.status == "draft"
    assert reviewing.awaits_second(read) == "Ann"
    with pytest.raises(LayerError, match="another person"):
        reviewing.accept(store, "border", read, two_readers=True, **BY)
    reviewing.accept(store, "border", read, two_readers=True, by="Bo", now=later(6))
    assert held(store)["article:a:1"].status == "accepted"


def test_what_a_second_reader_corrects_waits_for_another_reading(store: LayerStore) -> None:
    reviewing.accept(store, "border", held(store)["article:a:1"], two_readers=True, **BY)
    read = held(store)["article:a:1"]
    better = replace(read, title="Better")
    reviewing.accept(
        store, "border", read, corrected=better, two_readers=True, by="Bo", now=later(6)
    )
    assert reviewing.awaits_second(held(store)["article:a:1"]) == "Bo"


def test_split_drafts_rest_on_the_same_evidence(store: LayerStore) -> None:
    first = held(store)["article:a:1"]
    reviewing.split(store, "border", first, held(store), **BY)
    again = held(store)
    reviewing.split(store, "border", again["article:a:1"], again, **BY)
    found = held(store)
    assert {"article:a:1", "article:a:1-2", "article:a:1-3"} <= set(found)
    assert reviewing.evidence(found["article:a:1-2"]) == reviewing.evidence(first)


def test_merged_drafts_join_claims_sources_and_sentences() -> None:
    store = LayerStore(layers_folder())
    claims = [
        Claim(field="deaths", value=n, whom="all", claimant=c) for n, c in ((3, "A"), (5, "B"))
    ]
    one, two = (
        draft(f"article:a:{n}", claims=(claim,), sources=(Source(publisher=claim.claimant),))
        for n, claim in enumerate(claims, start=1)
    )
    store.upsert("border", [one, two], by="", now=NOW)
    found = held(store)
    reviewing.merge(store, "border", found[one.id], found[two.id], **BY)
    found = held(store)
    assert found[one.id].claims == tuple(claims)
    assert (found[one.id].deaths.low, found[one.id].deaths.high) == (3, 5)
    assert [s.publisher for s in found[one.id].sources] == ["A", "B"]
    texts = [s["text"] for s in reviewing.evidence(found[one.id])["sentences"]]
    assert texts == ["article:a:1", "article:a:2"]
    assert found[two.id].status_reason == "the same event as article:a:1"
    with pytest.raises(LayerError, match="itself"):
        reviewing.merge(store, "border", found[one.id], found[one.id], **BY)


def test_evidence_of_any_shape_from_a_foreign_file_is_no_error() -> None:
    for odd in (None, 7, [], {"score": True}, {"score": "0.5"}):
        one = incident(extra={"evidence": odd, "review": odd})
        assert reviewing.score(one) is None
        assert reviewing.reviews(one) == ()
