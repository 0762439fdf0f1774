"""Places that neither rules nor the gazetteer see, by the words that the reader points to."""

from __future__ import annotations

from datetime import date

import pytest

from geo.extract import model, reader
from geo.extract.drafts import Draft
from tests.extract.drafting import extracted

REPORT = date(2024, 5, 16)


@pytest.fixture(scope="module")
def models() -> tuple[model.Model, reader.Reader]:
    loaded, taught = model.load(), reader.load()
    if loaded is None or taught is None:
        pytest.skip("a model is not installed")
    return loaded, taught


def drafts(models: tuple[model.Model, reader.Reader], text: str) -> dict[str, Draft]:
    loaded, taught = models
    found = extracted(text, REPORT, model=loaded, reader=taught).drafts
    return {draft.incident.event_type: draft for draft in found}


UNKNOWN = (
    "MAIDUGURI, Nigeria - Gunmen on motorcycles shot dead eleven farmers at Kwalandiri on Tuesday, "
    "a local councillor said. The governor of Borno State called an urgent meeting in Maiduguri "
    "on Wednesday and promised to send more soldiers to the villages."
)


def test_a_village_that_nothing_knows_is_named_and_not_placed_elsewhere(models) -> None:
    incident = drafts(models, UNKNOWN)["attack_on_civilians"].incident
    assert incident.place_name == "Kwalandiri"
    assert incident.countries == ("NGA",)
    assert incident.point is None or incident.admin1 == "Borno"


def test_two_events_have_their_own_places(models) -> None:
    text = (
        "A car bomb exploded outside a police station in Peshawar on Monday, killing four "
        "officers. Hours later, militants abducted three engineers from a road camp near Bannu, "
        "the provincial government said in Lahore."
    )
    found = drafts(models, text)
    blast, taken = found["explosion"].incident, found["abduction"].incident
    assert blast.place_name == "Peshawar"
    assert taken.place_name.startswith("Bann")
