from collections.abc import Callable

import pytest

from geo.extract import model
from geo.extract.syntax import Syntax
from geo.extract.tolls import counts
from geo.incident import Toll
from tests.extract.drafting import drafted, extracted

Parsed = Callable[[str], Syntax]


@pytest.fixture(scope="module")
def parsed() -> Parsed:
    """Give the grammar of a text, where the language model is installed."""
    loaded = model.load()
    if loaded is None:
        pytest.skip("no language model is installed")
    return lambda text: Syntax(loaded.read(text).tokens, text)


NUMBERS = {
    "12 people were killed": ("deaths", 12, 12, 12),
    "at least 12 people died": ("deaths", 12, 12, None),
    "killing twenty-one passengers": ("deaths", 21, 21, 21),
    "between them 10 to 14 soldiers were killed": ("deaths", "10 to 14", 10, 14),
    "up to 30 fighters were killed": ("deaths", 30, None, 30),
    "more than 2,800 people were wounded": ("injured", 2800, 2800, None),
    "the death toll rose to 41": ("deaths", 41, 41, 41),
    "leaving nine dead": ("deaths", 9, 9, 9),
    "nobody died": ("deaths", 0, 0, 0),
    "at least a dozen people died": ("deaths", 12, 12, None),
    "put at 31 the number of people killed": ("deaths", 31, 31, 31),
    "killing two dozen civilians": ("deaths", 24, 24, 24),
    "wounding 3 dozen": ("injured", 36, 36, 36),
    "Not a single passenger died": ("deaths", 0, 0, 0),
    "two hundred and fifty people were killed": ("deaths", 250, 250, 250),
    "the death toll rose from 12 to 17": ("deaths", 17, 17, 17),
    "the number of wounded in the blast climbed from 20 to 31": ("injured", 31, 31, 31),
}


@pytest.mark.parametrize(("text", "expected"), NUMBERS.items())
def test_counts_of_people_are_read_with_their_bounds(
    text: str, expected: tuple[str, object, object, object]
) -> None:
    assert [(c.field, c.value, c.low, c.high) for c in counts(text, offset=0)] == [expected]


# read by the grammar: deaths, then injured, each as value, low, high
TOLD = {
    "Forty people, women and old men among them, were killed on the ferry.": [(40, 40, 40)],
    "At least 17 farmers, nine of them boys, have been killed in the valley.": [(17, 17, None)],
    "Eight guards and the driver who had brought them were killed near the dam.": [(9, 9, 9)],
    "Four Kenyan police officers were shot dead at the ford.": [(4, 4, 4)],
    "Six soldiers who had tried to cross the river were killed by rebels.": [(6, 6, 6)],
    "A total of twelve people were killed in the crash.": [(12, 12, 12)],
    "A family of five were killed in their home.": [(5, 5, 5)],
    "The strike killed a trader and his two sons.": [(3, 3, 3)],
    "The blast killed two men and a woman.": [(3, 3, 3)],
    "Rebels hacked at least 20 villagers to death.": [(20, 20, None)],
    "Nine people, two of them nurses, lost their lives in the fire.": [(9, 9, 9)],
    "At least twelve people are known to have died in the flood.": [(12, 12, None)],
    "Divers found a thirty-first body in the wreck.": [(31, 31, 31)],
    "A sixth person has died of the wounds.": [(6, 6, 6)],
    "Police arrested 14 men over the killing of 16 herders.": [(16, 16, 16)],
    "A shell killed a shepherd.": [(1, 1, 1)],
    "A mortar killed a couple and their three children.": [(5, 5, 5)],
    "A father, mother and their four children were killed in the house.": [(6, 6, 6)],
    "Two gunmen came, killing six worshippers before police shot one of them.": [(6, 6, 6)],
    "Two more people died of their wounds, bringing the death toll to 14.": [(14, 14, 14)],
    "LAGOS - Six people, three of them traders, died when a tanker blew up.": [(6, 6, 6)],
    "On Friday eleven coal miners died when the roof came down.": [(11, 11, 11)],
    "Raiders shot dead at least 80 people in the village, residents said.": [(80, 80, None)],
    "They stopped a bus, took the travellers off and shot seven men dead.": [(7, 7, 7)],
}


@pytest.mark.parametrize(("text", "expected"), TOLD.items())
def test_the_grammar_tells_how_many_were_killed(
    text: str, expected: list[tuple[int, int, int | None]], parsed: Parsed
) -> None:
    found = counts(text, syntax=parsed(text))
    assert [(c.value, c.low, c.high) for c in found if c.field == "deaths"] == expected


def test_the_dead_and_the_hurt_of_one_sentence_are_told_apart(parsed: Parsed) -> None:
    for text in (
        "Five miners were killed and eleven injured when the roof came down.",
        "In the port the toll reached five dead and eleven wounded.",
        "Besides the five dead, eleven were injured, some four of them gravely.",
        "Five miners were killed; eleven people were taken to hospital.",
        "Five people including two boys were killed and eleven others were wounded.",
        "The blast killed five people including two boys and wounded eleven.",
    ):
        found = counts(text, syntax=parsed(text))
        assert [(c.field, c.value) for c in found] == [("deaths", 5), ("injured", 11)], text


@pytest.mark.parametrize(
    "text",
    [
        "The bomb could have killed 40 people.",
        "Four kilometres away two houses burned and a dog was killed.",
        "Seven of the dead were teachers.",
        "Three of them died later.",
        "The general was not hurt.",
        "The army speaks of 900 killed and wounded.",
    ],
)
def test_parts_of_a_toll_and_what_did_not_happen_are_no_toll(text: str, parsed: Parsed) -> None:
    found = counts(text, syntax=parsed(text))
    assert [c for c in found if c.field != "casualties"] == []


@pytest.mark.parametrize(
    ("text", "scoped"),
    [
        ("More than 300 people have been killed since April.", True),
        ("Sixty people were killed throughout the country.", True),
        ("Some 900 soldiers were killed in the four-month battle.", True),
        ("Sixty people were killed, the worst attack in the country this year.", False),
        ("Two men were killed on Monday; 70 have died since the war began.", False),
    ],
)
def test_a_count_is_of_more_than_one_event_where_its_words_say_so(
    text: str, *, scoped: bool, parsed: Parsed
) -> None:
    assert bool(counts(text, syntax=parsed(text))[0].scope) is scoped


def test_that_nobody_was_hurt_says_that_nobody_died_as_well() -> None:
    [found] = drafted("A bomb exploded in Kabul on Sunday. Nobody was hurt.")
    assert (found.deaths, found.injured) == (Toll(0, 0, 0), Toll(0, 0, 0))
    [found] = drafted("A bomb exploded in Kabul on Sunday. Two men died, nobody was injured.")
    assert (found.deaths, found.injured) == (Toll(2, 2, 2), Toll(0, 0, 0))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A landmine went off among children, killing nine of them.", ("deaths", 9)),
        ("Police stopped 25 men, eleven of whom died.", ("deaths", 11)),
        ("They asked for the travellers' papers and shot seven of them dead.", ("deaths", 7)),
        ("A shell hit a queue of traders and wounded six of them.", ("injured", 6)),
    ],
)
def test_how_many_of_them_were_killed_counts_where_nothing_else_does(
    text: str, expected: tuple[str, int], parsed: Parsed
) -> None:
    found = [(c.field, c.value, c.weak) for c in counts(text, syntax=parsed(text))]
    assert found == [(*expected, True)]


def test_of_those_who_were_shot_those_who_died_are_all_the_dead(parsed: Parsed) -> None:
    text = "Gunmen shot 25 people, eleven of whom died."
    found = [(c.field, c.value, c.weak) for c in counts(text, syntax=parsed(text))]
    assert found == [("deaths", 11, False)]


@pytest.mark.parametrize(
    "text",
    [
        "A journalist was gunned down 200 metres from a police station.",
        "Police shot dead 16-year-old Hamza Khan.",
        "He was shot dead around 8 pm near the market.",
        "She was gunned down two blocks from a school.",
    ],
)
def test_distances_hours_and_ages_behind_a_killing_count_nobody(text: str, parsed: Parsed) -> None:
    assert [c for c in counts(text, syntax=parsed(text)) if c.value != 1] == []


def test_as_many_of_each_side_are_not_one_toll() -> None:
    [found] = drafted(
        "At least five soldiers were killed in clashes in Goma on Sunday. Five rebels were also "
        "killed there."
    )
    assert found.deaths.best is None


@pytest.mark.parametrize(
    ("text", "scoped"),
    [
        ("At least 12 people were killed in the war-torn city.", False),
        ("Raiders killed 80 people as efforts to halt the war got under way.", False),
        ("Some 900 people have been killed in the war.", True),
        ("The war has killed 900 people.", True),
    ],
)
def test_a_war_that_is_only_spoken_of_makes_no_count_one_of_it(
    text: str, *, scoped: bool, parsed: Parsed
) -> None:
    assert [bool(c.scope) for c in counts(text, syntax=parsed(text))] == [scoped]


def test_a_headline_that_leaves_out_at_least_makes_no_toll_exact() -> None:
    [found] = drafted(
        "Bomb kills 23 in Kabul\n\nA bomb in Kabul killed at least 23 people on Sunday."
    )
    assert found.deaths == Toll(23, 23, None)


def test_a_person_who_is_named_is_one_of_those_who_are_counted() -> None:
    text = "A bomb killed 14 people in Kabul on Sunday. A teacher was killed at the gate."
    [found] = extracted(text, model=model.load()).drafts
    assert found.incident.deaths == Toll(14, 14, 14)


def test_how_old_people_are_counts_nobody(parsed: Parsed) -> None:
    text = "The bomb wounded a man, 58, and his wife, 55."
    assert [(c.field, c.value) for c in counts(text, syntax=parsed(text))] == [("injured", 2)]
    text = "A guard, 23 and newly married, died at the gate."
    assert [(c.value, c.weak) for c in counts(text, syntax=parsed(text))] == [(1, True)]
    text = "Gunmen killed Omar Hadi, 34, at his house."
    assert [(c.value, c.weak) for c in counts(text, syntax=parsed(text))] == [(1, True)]


def test_a_number_of_two_words_counts_the_wounded_for_themselves(parsed: Parsed) -> None:
    text = "Two hundred people were killed, and three thousand wounded."
    found = [(c.field, c.value) for c in counts(text, syntax=parsed(text))]
    assert found == [("deaths", 200), ("injured", 3000)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A bomb killed three people, bringing the death toll this month to 90.", 90),
        ("A strike killed two men, bringing the toll since the truce to 331.", 331),
    ],
)
def test_a_wider_toll_leaves_the_count_beside_it(text: str, expected: int, parsed: Parsed) -> None:
    first, second = counts(text, syntax=parsed(text))
    assert (first.scope, second.value) == ("", expected)
    assert second.scope


def test_what_police_said_later_stands_against_what_was_first_reported(parsed: Parsed) -> None:
    text = "Initially 20 people were reported killed, but police later said six had died."
    found = [(c.value, c.weak) for c in counts(text, syntax=parsed(text))]
    assert found == [(20, True), (6, False)]


def test_an_earlier_count_gives_way_to_the_later_one() -> None:
    [found] = drafted(
        "A bomb exploded in Kabul on Sunday. Police said 14 people were killed. "
        "An earlier count had put the dead at nine."
    )
    assert found.deaths == Toll(14, 14, 14)


def test_people_killed_at_another_place_are_not_counted_for_this_one() -> None:
    loaded = model.load()
    if loaded is None:
        pytest.skip("no language model is installed")
    first = "A bomb exploded in Kabul on Sunday, killing 14 people. "
    for more in ("Four people were hurt in Kabul.", "Four people were hurt in Herat."):
        found = extracted(first + more, model=loaded).drafts[0].incident
        assert found.injured.best == (4 if "Kabul" in more else None), more


@pytest.mark.parametrize("text", ["dozens were killed", "more than a dozen people died"])
def test_what_nobody_counted_stays_in_words(text: str) -> None:
    [found] = counts(text, offset=0)
    assert isinstance(found.value, str)
    assert (found.low, found.high) == (None, None)


@pytest.mark.parametrize("text", ["killed two hours later", "1,350 burnt cars", "in 2023 he died"])
def test_other_numbers_are_no_counts_of_people(text: str) -> None:
    assert list(counts(text, offset=0)) == []


def test_a_count_goes_to_the_event_told_before_it() -> None:
    [found] = drafted("A bomb exploded in Kabul on Sunday. At least 14 people were killed.")
    assert found.deaths == Toll(14, 14, None)


def test_counts_that_contradict_each_other_give_no_best() -> None:
    [found] = drafted(
        "A bomb exploded in Kabul on Sunday. Police said 14 people were killed. "
        "A doctor said 21 people were killed."
    )
    assert (found.deaths.low, found.deaths.best, found.deaths.high) == (14, None, 21)


def test_the_count_of_a_former_event_is_not_taken() -> None:
    [found] = drafted(
        "A bomb exploded in Kabul on Sunday. At the same gate 80 people were killed in May 2017."
    )
    assert found.deaths == Toll(None, None, None)
