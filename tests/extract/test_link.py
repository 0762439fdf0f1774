from tests.extract.drafting import drafted, types, where


def test_a_village_in_a_province_is_one_place() -> None:
    [(_, precision)] = where(
        "A bomb exploded in Gardez, in Afghanistan's Paktia province, on Sunday."
    )
    assert precision == "near"


def test_a_region_is_not_its_capital() -> None:
    [(_, precision)] = where("Soldiers fought in Russia's Kursk region on Sunday.")
    assert precision == "province"


def test_cities_that_were_each_struck_are_incidents_of_their_own() -> None:
    names = {name for name, _ in where("Missiles struck Kharkiv and Odesa on Sunday.")}
    assert names == {"Kharkiv", "Odesa"}


def test_crossings_closed_in_one_breath_are_one_incident() -> None:
    assert types("The crossings at Torkham and Chaman were shut on Sunday.") == ["border_closure"]


def test_places_with_dates_of_their_own_take_them() -> None:
    found = drafted("The rebels had taken Hama on Thursday and Aleppo on Saturday.")
    assert [i.start.day for i in found] == [23, 25]
    assert found[1].place_name == "Aleppo"


def test_a_capital_that_speaks_is_no_place() -> None:
    found = drafted("Moscow said its jets had bombed Kharkiv on Sunday.")
    assert [i.place_name for i in found] == ["Kharkiv"]


def test_a_state_whose_leader_came_is_no_place() -> None:
    found = drafted("Qatar's emir held talks with Syria's president in Damascus on Sunday.")
    assert [i.place_name for i in found] == ["Damascus"]


def test_the_dateline_is_no_place_of_violence() -> None:
    found = drafted("KYIV — Two missiles hit Kharkiv on Sunday.")
    assert [i.place_name for i in found] == ["Kharkiv"]


def test_the_name_of_a_party_is_no_place() -> None:
    found = drafted("Hamas said fighting went on in Gaza City on Sunday.")
    assert all(i.countries == ("PSE",) for i in found)


def test_a_border_is_an_area_without_a_point() -> None:
    [found] = drafted("Troops of Pakistan and Afghanistan fought on the border on Sunday.")
    assert (found.precision, found.point, found.countries) == ("area", None, ("AFG", "PAK"))


def test_a_country_has_no_point() -> None:
    [found] = drafted("Drones struck targets across Ukraine on Sunday.")
    assert (found.precision, found.point, found.countries) == ("country", None, ("UKR",))


def test_an_unknown_place_is_not_taken_for_the_last_one() -> None:
    text = (
        "A bomb exploded in Kabul on Saturday, the third in Afghanistan within days. "
        "Gunmen opened fire on passengers near Qworbaxx on Sunday."
    )
    assert [i.precision for i in drafted(text)] == ["near", "country"]


def one(text: str) -> tuple[str, str]:
    [incident] = drafted(text)
    return incident.place_name, incident.precision


def test_what_follows_a_name_may_say_that_it_was_there() -> None:
    assert one("Smoke rose over Kharkiv, which missiles had hit on Sunday.")[0] == "Kharkiv"


def test_a_port_of_a_sea_is_the_port() -> None:
    text = "A missile struck a warehouse in the Black Sea port of Odesa on Sunday."
    assert one(text)[0] == "Odesa"


def test_a_capital_is_a_place_where_something_happened_in_it() -> None:
    text = "A man blew himself up beside a court in Islamabad on Sunday, police said."
    assert one(text)[0] == "Islamabad"


def test_a_capital_by_that_word_is_the_town() -> None:
    text = "A bomb exploded in Nepal's capital on Sunday."
    assert one(text) == ("Kathmandu", "near")


def test_where_people_fled_to_is_not_where_they_fled_from() -> None:
    text = (
        "Shells fell on Lashio on Sunday, in Myanmar. "
        "Some 2,000 people were displaced and fled into China."
    )
    assert {i.countries for i in drafted(text)} == {("MMR",)}


def test_a_part_of_a_town_is_of_the_town_that_was_told_of() -> None:
    text = (
        "Gunmen stormed a prison in Port-au-Prince on Saturday. The government met. "
        "Ministers spoke on the radio. Nobody resigned. "
        "Four policemen were killed in a shooting around the airport on Sunday."
    )
    assert drafted(text)[-1].countries == ("HTI",)
    assert drafted(text)[-1].precision == "near"


def test_a_bare_name_of_town_and_unit_is_the_town() -> None:
    assert one("A bomb exploded in Mandalay in Myanmar on Sunday.")[1] == "near"
    assert one("A bomb exploded in the Mandalay region on Sunday.")[1] == "province"
