from datetime import date

import pytest

from tests.extract.drafting import days, drafted, types, where


def test_what_is_told_twice_is_one_incident() -> None:
    text = "A bomb exploded in Kabul on Sunday. The blast tore down a wall. The attack shocked all."
    assert types(text) == ["explosion"]


def test_gunfire_after_a_bomb_at_the_same_place_is_one_incident() -> None:
    text = "A suicide bomber struck a hotel in Mogadishu on Sunday. Gunmen then stormed the lobby."
    assert types(text) == ["suicide_attack"]


def test_another_attack_elsewhere_is_another_incident() -> None:
    text = "A bomb exploded in Kabul on Sunday. Another bomb exploded in Herat."
    assert types(text) == ["explosion", "explosion"]


def test_shelling_and_an_air_strike_told_apart_are_two() -> None:
    text = "Shells landed in Sisaket on Sunday, while jets bombed an army post near Surin."
    assert types(text) == ["shelling", "air_drone_strike"]


def test_the_same_place_on_another_day_is_another_incident() -> None:
    text = "Drones hit Kharkiv on Friday. Drones hit Kharkiv again on Sunday."
    assert days(text) == [
        (date(2025, 10, 24), date(2025, 10, 24)),
        (date(2025, 10, 26), date(2025, 10, 26)),
    ]


def test_an_event_without_a_place_takes_the_one_told_before() -> None:
    text = "Rebels fought soldiers in Goma on Sunday. Residents fled their homes."
    assert where(text) == [("Goma", "near"), ("Goma", "near")]


def test_an_event_without_a_date_takes_the_one_told_before() -> None:
    text = "Rebels fought soldiers in Goma on Saturday. Looters ransacked shops."
    assert days(text)[1] == (date(2025, 10, 25), date(2025, 10, 25))


def test_the_day_of_the_telling_is_not_the_day_of_the_event() -> None:
    text = "A bomb exploded in Kabul on Friday. Eight people were killed, police said on Sunday."
    assert days(text) == [(date(2025, 10, 24), date(2025, 10, 24))]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("The border crossing at Torkham has been closed since Friday.", 24, 27),
        ("The border crossing at Torkham was closed to goods from Saturday on.", 25, 27),
        ("Shells fell on Bajaur for the third night on Sunday.", 24, 26),
        ("Shells fell on Bajaur on Saturday and again on Sunday.", 25, 26),
        ("Troops shelled Bajaur from Friday evening to noon on Sunday.", 24, 26),
        ("Troops shelled Bajaur between Friday night and Sunday noon.", 24, 26),
    ],
)
def test_a_period_has_its_first_and_its_last_day(text: str, first: int, last: int) -> None:
    assert days(text) == [(date(2025, 10, first), date(2025, 10, last))]


def test_fighting_lasts_from_its_first_day_to_the_report() -> None:
    text = "Soldiers and rebels have been fighting in Goma since Friday."
    assert days(text) == [(date(2025, 10, 24), date(2025, 10, 27))]


def test_a_mere_mention_of_the_attack_is_no_incident() -> None:
    text = "The minister condemned the attack. He praised the police."
    assert types(text) == []


def test_a_truce_without_a_venue_is_given_no_place() -> None:
    text = "Pakistan and Afghanistan agreed on a ceasefire on Sunday."
    assert [(i.precision, i.point) for i in drafted(text)] == [("none", None)]


def test_talks_and_the_truce_they_end_in_are_one_incident() -> None:
    text = "Thailand and Cambodia agreed to stop fighting on Sunday. They met in Putrajaya."
    assert [(i.event_type, i.place_name) for i in drafted(text)] == [("ceasefire", "Putrajaya")]


def test_a_threat_is_spoken_nowhere() -> None:
    text = "In Tehran the general vowed revenge on Sunday."
    assert [(i.event_type, i.precision) for i in drafted(text)] == [("threat", "none")]


def test_the_dead_of_a_storm_are_no_attack() -> None:
    text = "A cyclone struck Quelimane on Sunday. In Beira at least ten people died."
    assert {*types(text)} == {"natural_hazard"}


def test_a_fire_in_a_riot_is_no_accident() -> None:
    text = "Rioters hurled bottles at police in Tbilisi on Sunday and a fire broke out."
    assert types(text) == ["riot"]


def test_armed_men_who_take_people_are_one_abduction() -> None:
    text = "Armed men seized ten schoolgirls in Maga on Sunday and shot dead a teacher."
    assert types(text) == ["abduction"]


def test_an_arrest_told_later_needs_no_place_of_its_own() -> None:
    text = (
        "Gunmen attacked a studio in Guayaquil on Sunday. The mayor was not there. "
        "Viewers watched. Police arrested thirteen intruders."
    )
    assert "arrest" in types(text)


def test_the_day_of_what_came_after_is_not_the_day_of_the_event() -> None:
    text = (
        "Families buried their dead on Sunday after an air strike on Bajaur. "
        "Jets had bombed the village of Mamund in Bajaur on Friday evening."
    )
    assert (date(2025, 10, 26), date(2025, 10, 26)) not in days(text)
    assert (date(2025, 10, 24), date(2025, 10, 24)) in days(text)
