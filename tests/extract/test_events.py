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
