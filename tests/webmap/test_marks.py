import json

from geo.incident import Point, Site, Toll
from geo.webmap.marks import dump
from tests.examples import incident
from tests.indexes import crowd


def written(*incidents):
    return dump(crowd(incidents).whole)


def drawn(*incidents):
    return json.loads(written(*incidents))


def test_an_exact_place_is_a_mark_without_a_radius():
    answer = drawn(incident())

    assert answer["marks"]["lon"] == [71.0896]
    assert answer["marks"]["lat"] == [34.1286]
    assert answer["marks"]["radius"] == [0]
    assert answer["units"] == answer["countries"] == []


def test_a_near_place_has_its_radius_in_metres_and_an_assumed_one_where_none_is_given():
    answer = drawn(incident("a", precision="near", radius_km=7.5), incident("b", precision="near"))

    assert answer["marks"]["radius"] == [7_500, 25_000]


def test_a_province_is_its_polygon_and_no_point_is_sent_for_it():
    answer = drawn(incident(precision="province", admin1="Balochistan", countries=("PAK",)))

    assert answer["marks"]["lon"] == []
    assert answer["units"][0]["name"] == "Balochistan"
    assert answer["units"][0]["incidents"] == [0]
    assert len(answer["units"][0]["rings"][0]) > 100


def test_incidents_of_one_province_share_its_polygon():
    answer = drawn(
        *(incident(i, precision="province", admin1="Sindh", countries=("PAK",)) for i in "abc")
    )

    assert [unit["incidents"] for unit in answer["units"]] == [[0, 1, 2]]


def test_an_unknown_province_with_a_point_is_a_disc_not_a_pin():
    answer = drawn(incident(precision="province", admin1="Nowhere"))

    assert answer["marks"]["radius"] == [120_000]


def test_a_country_is_a_badge_on_each_of_its_countries():
    answer = drawn(incident(precision="country"))

    assert [c["name"] for c in answer["countries"]] == ["Afghanistan", "Pakistan"]
    assert answer["marks"]["lon"] == []


def test_an_incident_without_a_place_is_counted_and_nothing_is_drawn():
    answer = drawn(incident(precision="none", countries=()))

    assert answer["unplaced"] == 1
    assert answer["marks"]["lon"] == answer["units"] == answer["countries"] == []


def test_each_site_is_a_mark_of_the_same_incident():
    sites = (Site(name="A", point=Point(66.4, 30.9)), Site(name="B", point=Point(71.1, 34.1)))
    answer = drawn(incident(precision="country", sites=sites))

    assert answer["marks"]["incident"] == [0, 0]
    assert answer["marks"]["lon"] == [66.4, 71.1]
    assert answer["countries"] == []


def test_unknown_deaths_stay_unknown_and_are_not_zero():
    answer = drawn(incident("a"), incident("b", deaths=Toll(0, 0, 0)))

    assert answer["incidents"]["deaths"] == [None, 0]


def test_no_text_of_an_incident_is_in_the_payload():
    hostile = "</script><img src=x onerror=alert(1)>{{7*7}}"
    sent = written(incident(title=hostile, summary=hostile, place_name=hostile))

    assert b"alert" not in sent
    assert b"7*7" not in sent
