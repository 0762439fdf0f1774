import pytest

from tests.extract.drafting import extracted, types

SPOKEN = {
    "A suicide bomber struck a checkpoint in Kabul on Sunday.": "suicide_attack",
    "A lorry ran over a mine near Kandahar on Sunday.": "mine_ied",
    "Drones hit a fuel depot in Kharkiv on Sunday.": "air_drone_strike",
    "Jets pounded houses in Gaza City on Sunday.": "air_drone_strike",
    "Mortar shells landed in Aleppo on Sunday.": "shelling",
    "A blast shook a market in Quetta on Sunday.": "explosion",
    "Gunmen opened fire on worshippers in Peshawar on Sunday.": "attack_on_civilians",
    "Soldiers and rebels fought in Goma on Sunday.": "armed_clash",
    "Rebels captured the town of Kidal on Sunday.": "territory_change",
    "Bandits kidnapped forty pupils in Kaduna on Sunday.": "abduction",
    "Crowds threw stones at police in Nairobi on Sunday.": "riot",
    "Thousands marched through Tbilisi on Sunday.": "protest",
    "Police arrested three men in Istanbul on Sunday.": "arrest",
    "Families fled their homes in Rutshuru on Sunday.": "displacement",
    "Looters emptied shops: looting went on in Khartoum on Sunday.": "looting",
    "Both sides signed a peace agreement in Doha on Sunday.": "agreement",
    "Envoys sat down in Geneva on Sunday.": "talks",
    "A ceasefire was declared on Sunday.": "ceasefire",
    "The president visited Ankara on Sunday.": "visit",
    "The general vowed revenge on Sunday.": "threat",
    "The government declared a state of emergency on Sunday.": "statement",
    "An earthquake struck Herat on Sunday.": "natural_hazard",
    "A ferry capsized near Mombasa on Sunday.": "accident",
    "A coup brought soldiers to power in Niamey on Sunday.": "other",
}

TOLD_OTHERWISE = {
    "A device hidden in a cart went off in Herat on Sunday.": "mine_ied",
    "Grenades were thrown at a town hall in Mitrovica on Sunday.": "explosion",
    "Artillery pounded Bakhmut on Sunday.": "shelling",
    "Warplanes bombed Raqqa on Sunday.": "air_drone_strike",
    "The army fired howitzers across the border near Torkham on Sunday.": "cross_border_fire",
    "A widow was dragged from a market in Gao by armed men on Sunday.": "abduction",
    "Mobs attacked police stations in Sylhet on Sunday.": "riot",
    "Residents torched the courthouse in Limbe on Sunday.": "riot",
    "Pupils filled Victory Square in Chisinau on Sunday.": "protest",
    "A second suspect was caught in Lyon on Sunday.": "arrest",
    "Some 9,000 people fled Kaya on Sunday.": "displacement",
    "Everyone in Vik was told to leave on Sunday.": "displacement",
    "The army stationed special troops in Pristina on Sunday.": "force_posture",
    "The president ordered 3,000 more soldiers into Durango on Sunday.": "force_posture",
    "Rifles were carried off from a depot in Kismayo on Sunday.": "looting",
    "The envoys put their signatures to a declaration in Jeddah on Sunday.": "agreement",
    "The king set foot in Dakar on Sunday.": "visit",
    "Hillsides gave way above Manizales on Sunday.": "natural_hazard",
    "A canopy over the entrance of a station came down in Nis on Sunday.": "accident",
    "Police freed the hostages in Sirte on Sunday.": "other",
    "The general told his men on Sunday to cease fire in Taiz.": "ceasefire",
    "Militants kill four workers in Turbat on Sunday.": "attack_on_civilians",
}


@pytest.mark.parametrize(("text", "kind"), TOLD_OTHERWISE.items(), ids=[*TOLD_OTHERWISE])
def test_events_are_told_in_many_words(text: str, kind: str) -> None:
    assert types(text)[:1] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Doctors are fighting for his life in Bogota on Sunday.",
        "Nurses in Adre treated survivors of rape on Sunday.",
        "Flags flew at half-mast in Kosovo on Sunday.",
        "Others hijacked their movement in Pokhara on Sunday.",
        "The premier toured evacuation centres.",
    ],
)
def test_words_of_life_and_politics_are_no_event(text: str) -> None:
    assert not {"armed_clash", "sexual_violence", "abduction", "displacement"} & {*types(text)}


def test_an_object_stands_behind_its_verb() -> None:
    text = "Guards have taken up posts by the port in Noumea on Sunday."
    assert "territory_change" not in types(text)


@pytest.mark.parametrize(("text", "kind"), SPOKEN.items(), ids=[*SPOKEN.values()])
def test_words_of_events_give_their_type(text: str, kind: str) -> None:
    assert types(text)[:1] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "The bakers fought a price war in Cairo on Sunday.",
        "Critics aimed a barrage of angry questions at the minister in Paris on Sunday.",
        "The singer had a heart attack in Madrid on Sunday.",
        "Displaced people cooked rice in Port Sudan on Sunday.",
        "He attended the climate conference in Dubai on Sunday.",
    ],
)
def test_words_that_only_look_like_an_event_give_none(text: str) -> None:
    assert types(text) == []


def test_the_means_tells_more_than_the_victims() -> None:
    assert types("A drone killed four villagers; a missile hit Kharkiv on Sunday.") == [
        "air_drone_strike"
    ]


def test_those_who_protest_are_no_protest_beside_what_was_done_to_them() -> None:
    assert types("Soldiers shot dead two protesters in Maputo on Sunday.") == [
        "attack_on_civilians"
    ]


def test_a_quotation_is_no_event() -> None:
    text = '"They shelled us all through the night in Kherson," an old woman said.'
    assert types(text) == []
    assert "stands in a quotation" in extracted(text).skipped[0].reason


def test_a_short_quotation_is_only_a_word_set_off() -> None:
    assert types('The "deadly blast" in Kabul on Sunday broke windows.') == ["explosion"]


def test_what_is_imagined_is_no_event() -> None:
    assert types("In the scenario, drones attack the port of Tallinn on Sunday.") == []


def test_who_is_held_by_protesters_was_not_arrested() -> None:
    assert types("Seventeen soldiers are being held by protesters in Kabul on Sunday.") == [
        "abduction"
    ]
    assert types("Three men are being held by police in Kabul on Sunday.") == ["arrest"]


def test_a_town_or_a_rally_that_is_held_was_not_abducted() -> None:
    assert "abduction" not in types("The town of Bunagana was held by rebels on Sunday.")
    assert "abduction" not in types("A rally was held by residents in Lagos on Sunday.")
