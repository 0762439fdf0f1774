from datetime import date

import pytest

from geo.extract import model, reader
from tests.examples import SHARED
from tests.extract.drafting import extracted

ARTICLE = SHARED / "data" / "demo" / "article.txt"


@pytest.fixture(scope="module", params=["lexicon alone", "with both models"])
def found(request: pytest.FixtureRequest):
    if not ARTICLE.is_file():
        pytest.skip("the example article is not beside the repository")
    both = request.param == "with both models"
    loaded, taught = (model.load(), reader.load()) if both else (None, None)
    if both and (loaded is None or taught is None):
        pytest.skip("a model is not installed")
    text = ARTICLE.read_text(encoding="utf-8")
    return extracted(text, date(2025, 10, 27), model=loaded, reader=taught)


def test_the_talks_are_in_the_city_and_going_on(found) -> None:
    [talks] = [d.incident for d in found.drafts if d.incident.event_type == "talks"]
    assert (talks.countries, talks.precision) == (("TUR",), "near")
    assert (talks.start, talks.end) == (date(2025, 10, 27), date(2025, 10, 27))


def test_the_explosions_are_claimed_and_in_the_city(found) -> None:
    [blast] = [d.incident for d in found.drafts if d.incident.event_type == "explosion"]
    assert (blast.place_name, blast.precision, blast.assessment) == ("Kabul", "near", "claimed")
    assert any(a.role == "alleged attacker" and a.name == "Pakistan" for a in blast.actors)


def test_the_offensive_is_an_area_with_a_toll_in_words(found) -> None:
    [clash] = [d.incident for d in found.drafts if d.incident.event_type == "armed_clash"]
    assert (clash.precision, clash.point, clash.countries) == ("area", None, ("AFG", "PAK"))
    assert clash.deaths.best is None
    assert [c.value for c in clash.claims if c.field == "casualties"] == ["numerous casualties"]


def test_the_failed_ceasefire_and_the_truce_are_two_without_a_place(found) -> None:
    first, second = [d.incident for d in found.drafts if d.incident.event_type == "ceasefire"]
    assert {first.precision, second.precision} == {"none"}
    assert [a.name for a in second.actors if a.role == "mediator"] == ["Qatar", "Turkiye"]


def test_the_visit_is_to_a_country(found) -> None:
    [visit] = [d.incident for d in found.drafts if d.incident.event_type == "visit"]
    assert (visit.countries, visit.precision, visit.point) == (("IND",), "country", None)


def test_nothing_comes_of_warnings_and_proposals(found) -> None:
    skipped = " ".join(s.text for s in found.skipped)
    assert "open war" in skipped
    assert "intelligence sharing" in skipped
    assert "provide coordinates" in skipped
    assert len(found.drafts) == 6
