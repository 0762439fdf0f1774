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


def test_two_places_in_one_breath_are_two_strikes(models) -> None:
    text = "Russian glide bombs hit Derhachi and Tsyrkuny in Kharkiv region on Tuesday."
    loaded, taught = models
    found = extracted(text, REPORT, model=loaded, reader=taught).drafts
    assert [d.incident.place_name for d in found] == ["Derhachi", "Tsyrkuny"]


def test_another_bomb_on_another_day_is_not_the_first_told_again(models) -> None:
    text = (
        "A car bomb exploded on the edge of the Syrian city of Manbij on Monday, killing at least "
        "15 people and wounding 15 others. On Saturday four civilians were killed and nine were "
        "wounded when a car blew up in the centre of the same city."
    )
    loaded, taught = models
    found = extracted(text, REPORT, model=loaded, reader=taught).drafts
    assert [d.incident.start.isoformat() for d in found] == ["2024-05-13", "2024-05-11"]


def test_places_and_events_are_marked_by_whole_words(models) -> None:
    text = (
        "Kenya landslide: search goes on\n\nAt least 21 people are dead after a hillside came down "
        "on homes at Chesongoch, in the county of Elgeyo Marakwet, in the night to Saturday."
    )
    loaded, taught = models
    for draft in extracted(text, REPORT, model=loaded, reader=taught).drafts:
        for mark in draft.evidence.spans:
            around = text[mark.start - 1 : mark.start + 1], text[mark.end - 1 : mark.end + 1]
            assert not any(pair.isalnum() for pair in around if len(pair) == 2), mark


def test_a_village_beside_a_town_is_not_put_into_it(models) -> None:
    text = (
        "Militiamen hacked at least 36 villagers to death at Mukondaru, about 45 kilometres south "
        "of Beni, in the east of the Democratic Republic of Congo, on Tuesday."
    )
    incident = drafts(models, text)["attack_on_civilians"].incident
    assert (incident.place_name, incident.radius_km) == ("Mukondaru", 55.0)


def test_what_is_told_of_a_whole_country_is_in_no_town(models) -> None:
    text = (
        "Nanterre saw a third night of riots on Thursday. France has detained 1,311 people since "
        "Tuesday, Interior Minister Gerald Darmanin said."
    )
    incident = drafts(models, text)["arrest"].incident
    assert (incident.countries, incident.precision) == (("FRA",), "country")


def test_a_person_named_in_short_is_no_place(models) -> None:
    text = (
        "BISHKEK - Kyrgyz President Sadyr Japarov and his Tajik guest, Emomali Rahmon, signed a "
        "treaty on Thursday. The accord was concluded after talks during Rahmon's state visit, "
        "which began on Wednesday."
    )
    loaded, taught = models
    for draft in extracted(text, REPORT, model=loaded, reader=taught).drafts:
        assert "Rahmon" not in draft.incident.place_name


def test_a_bar_that_only_the_text_knows_is_in_the_town_named_with_it(models) -> None:
    text = (
        "Gunmen killed six people and injured five in a bar on the edge of Mexico City, police "
        "said on Monday. They opened fire at the Bling Bar in Cuautitlán Izcalli on Saturday night."
    )
    for draft in extracted(text, REPORT, model=models[0], reader=models[1]).drafts:
        assert draft.incident.admin1 == "State of Mexico", draft.incident


def test_neither_a_person_nor_a_body_is_a_place(models) -> None:
    text = (
        "TUNIS - Protesters in Mezzouna burned tyres on Tuesday and smashed a car before gathering "
        "outside the National Guard post. Troops fired at them, residents said, and Efrain Fueres, "
        "a 46-year-old father, was shot dead the same evening."
    )
    found = extracted(text, REPORT, model=models[0], reader=models[1]).drafts
    assert found
    assert {d.incident.place_name for d in found} <= {"Mezzouna", "National Guard post"}


POINTED = {
    "Officials in Kharkiv met on Sunday. Ukraine condemned it. Drones hit Kharkiv and Sumy on "
    "Monday, killing six.": {"Kharkiv", "Sumy"},
    "Ukraine said shells hit Zzorivka and Kkamianka, in Kherson region, on Monday, killing six.": {
        "Zzorivka",
        "Kkamianka",
    },
    "Gunmen came to Zzambuk, a small and mostly Christian farming village in Kaduna state, on "
    "Monday. They attacked it, killing six people.": {"Zzambuk"},
    "ABUJA - In Zzambuk, a 12-year-old girl was shot dead by gunmen on Monday, police in Nigeria "
    "said.": {"Zzambuk"},
}


@pytest.mark.parametrize(("text", "places"), POINTED.items())
def test_places_are_those_that_the_words_point_to(models, text: str, places: set[str]) -> None:
    found = extracted(text, REPORT, model=models[0], reader=models[1]).drafts
    fought = [d.incident for d in found if d.incident.event_type not in ("talks", "visit")]
    assert {i.place_name for i in fought} == places
