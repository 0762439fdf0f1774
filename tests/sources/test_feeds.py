"""Are hazards context, and is a quarry blast no attack?"""

import json
from collections import Counter
from datetime import date

import pytest

from geo.errors import TableError
from geo.incident import Point
from geo.sources.feeds import read
from tests.sources.tables import Said


def quake(**changes):
    """Make a Feature as USGS writes it."""
    id_ = changes.pop("id_", "zz1")
    point = changes.pop("geometry", {"type": "Point", "coordinates": [70.1, 36.5, 180.25]})
    properties = {
        "mag": 4.5,
        "place": "40km S of Invented, Afghanistan",
        # 31 December 2024, 23:59:59 UTC
        "time": 1735689599000,
        "updated": 1735690000000,
        "url": "https://earthquake.usgs.gov/earthquakes/eventpage/zz1",
        "status": "reviewed",
        "type": "earthquake",
        "title": "M 4.5 - 40km S of Invented, Afghanistan",
    }
    return {"type": "Feature", "id": id_, "geometry": point, "properties": properties | changes}


def alert(**changes):
    """Make a Feature as GDACS writes it."""
    point = changes.pop("geometry", {"type": "Point", "coordinates": [67, 30]})
    properties = {
        "eventtype": "FL",
        "eventid": 1000001,
        "episodeid": 2,
        "name": "Flood in Pakistan",
        "description": "Flood in Pakistan",
        "alertlevel": "Orange",
        "fromdate": "2025-08-01T01:00:00",
        "todate": "2025-08-20T23:00:00",
        "country": "Pakistan, Zembla",
        "affectedcountries": [{"iso3": "PAK", "countryname": "Pakistan"}],
        "severitydata": {"severity": 2, "severitytext": "Magnitude 2", "severityunit": ""},
        "url": {"report": "https://www.gdacs.org/report.aspx?eventid=1000001"},
    }
    return {"type": "Feature", "geometry": point, "properties": properties | changes}


def harm(**changes):
    """Make an item as Bellingcat's list has it, with invented text."""
    return {
        "id": "ZZ0001",
        "date": "3/7/2022",
        "latitude": "50.01",
        "longitude": "36.23",
        "location": "Invented street",
        "description": "An invented entry.",
        "sources": [{"id": "s1", "path": "https://example.org/1", "description": ""}],
        "filters": [{"key": "Means", "value": "Invented rocket artillery"}],
    } | changes


def said(*features):
    feed = {"type": "FeatureCollection", "features": list(features)}
    return Said(read, json.dumps(feed).encode())


def listed(*items):
    return Said(read, json.dumps(list(items)).encode())


def test_an_earthquake_is_a_hazard_on_its_day_in_utc():
    [found] = said(quake()).incidents

    assert (found.id, found.event_type) == ("usgs:zz1", "natural_hazard")
    assert (found.start, found.time, found.date_precision) == (
        date(2024, 12, 31),
        "23:59 UTC",
        "day",
    )
    assert (found.point, found.precision) == (Point(70.1, 36.5), "near")
    assert found.countries == ("AFG",)
    assert (found.native["mag"], found.native["depth_km"]) == ("4.5", "180.25")
    assert found.native["time_utc"] == "2024-12-31T23:59:59Z"
    assert found.licence == "public domain, USGS"


@pytest.mark.parametrize(
    ("kind", "ours"),
    [("quarry blast", "other"), ("explosion", "other"), ("chemical explosion", "other"),
     ("nuclear explosion", "other"), ("mine collapse", "accident"), ("landslide", "natural_hazard"),
     ("earthquake", "natural_hazard")],
)  # fmt: skip
def test_what_shook_the_ground_is_never_an_explosion_of_the_conflict(kind, ours):
    told = said(quake(type=kind))
    [found] = told.incidents

    assert found.event_type == ours
    assert ("does not say that anyone was attacked" in found.summary) == (ours != "natural_hazard")
    assert sum(n for k, n in told.notes.flagged.items() if k.startswith("not_natural")) == (
        ours != "natural_hazard"
    )


@pytest.mark.parametrize(
    ("place", "countries"),
    [("4km W of Castaic, CA", ()), ("9km N of Invented, Georgia", ()), ("Alaska", ()),
     ("Northern Sumatra, Indonesia", ("IDN",)), ("6km S of Invented, New Mexico", ())],
)  # fmt: skip
def test_letters_of_an_american_state_are_no_country(place, countries):
    assert said(quake(place=place)).incidents[0].countries == countries


def test_what_usgs_deleted_is_retracted():
    assert said(quake(status="deleted")).incidents[0].status == "retracted"


def test_an_alert_is_a_hazard_over_its_days_in_its_countries():
    [found] = said(alert()).incidents

    assert (found.id, found.event_type) == ("gdacs:FL1000001", "natural_hazard")
    assert (found.start, found.end) == (date(2025, 8, 1), date(2025, 8, 20))
    assert (found.precision, found.located.point) == ("area", "representative")
    assert found.countries == ("PAK",)
    assert found.summary == "Flood in Pakistan. Magnitude 2"
    assert found.sources[0].url.startswith("https://www.gdacs.org/report")
    assert (found.native["alertlevel"], found.native["episodeid"]) == ("Orange", "2")
    assert said(alert(affectedcountries=None)).incidents[0].countries == ("PAK",)
    assert said(alert(eventtype="eq")).incidents[0].precision == "near"


def test_an_alert_that_ends_before_it_begins_lasts_a_day():
    told = said(alert(todate="2025-07-01T00:00:00"))

    assert told.incidents[0].end == date(2025, 8, 1)
    assert told.notes.repaired == {"end_before_start_not_used": 1}


def test_harm_to_civilians_is_an_incident_with_its_links():
    [found] = listed(harm()).incidents

    assert (found.id, found.event_type) == ("bellingcat:ZZ0001", "shelling")
    # month first, as the list writes it
    assert found.start == date(2022, 3, 7)
    assert (found.point, found.precision) == (Point(36.23, 50.01), "near")
    assert [s.url for s in found.sources] == ["", "https://example.org/1"]
    assert found.native["filters"] == "Means: Invented rocket artillery"


def test_harm_without_a_means_is_an_attack_and_told():
    told = listed(harm(filters=[]), harm(sources=[{"path": "javascript:alert(1)"}]))

    assert told.incidents[0].event_type == "attack_on_civilians"
    assert told.notes.flagged["event_type_by_the_list"] == 1
    assert told.notes.flagged["precision_not_stated"] == 2
    assert [s.url for s in told.incidents[1].sources] == [""]
    assert told.notes.flagged["source_link_not_http"] == 1


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (quake(id_=""), "id"),
        (quake(time="soon"), "time"),
        (quake(time=10**13), "start"),
        (quake(time=10**15 * 9), "time"),
        (quake(time=10**14 * 9), "time"),
        (quake(geometry=None), "latitude"),
        (quake(geometry={"type": "Point", "coordinates": [1, 95]}), "latitude"),
        (quake(geometry="x"), "latitude"),
        ({"type": "Feature", "properties": None, "id": "q"}, "time"),
        ("text", "row"),
        (quake(time=-(10**13)), "start"),
    ],
)
def test_a_bad_feature_is_rejected_alone(item, field):
    told = said(quake(id_="a"), item, quake(id_="b"))

    assert [found.id for found in told.incidents] == ["usgs:a", "usgs:b"]
    assert [(gone.line, gone.field) for gone in told.rejected] == [(2, field)]


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (alert(eventtype="XX"), "eventtype"),
        (alert(eventid=None), "eventid"),
        (alert(fromdate=None), "fromdate"),
        (alert(geometry={"type": "Polygon", "coordinates": []}), "geometry"),
        ({"type": "Feature", "properties": {}}, "eventtype"),
    ],
)
def test_a_bad_alert_is_rejected_alone(item, field):
    told = said(alert(), item)

    assert len(told.incidents) == 1
    assert [(gone.line, gone.field) for gone in told.rejected] == [(2, field)]


@pytest.mark.parametrize(
    ("item", "field"),
    [(harm(id=None), "id"), (harm(date="13/7/2022"), "date"), (harm(date="7.3.2022"), "date"),
     (harm(latitude="north"), "latitude"), ({}, "id"), (7, "row")],
)  # fmt: skip
def test_a_bad_item_is_rejected_alone(item, field):
    told = listed(harm(), item)

    assert len(told.incidents) == 1
    assert [(gone.line, gone.field) for gone in told.rejected] == [(2, field)]


@pytest.mark.parametrize("feed", [b"{}", b"7", b'[{"a": 1}]', b'{"features": [{"type": "x"}]}'])
def test_a_feed_that_is_none_of_them_is_told(feed):
    with pytest.raises(TableError, match="the feed is none we know"):
        Said(read, feed)


def test_an_empty_feed_is_no_error():
    assert said().read == 0


def test_a_real_week_of_earthquakes_comes_in_whole(shared):
    told = Said(read, shared / "data" / "usgs" / "earthquakes.json")

    assert (len(told.incidents), told.rejected) == (1707, [])
    assert Counter(found.event_type for found in told.incidents) == {
        "natural_hazard": 1679,
        "other": 28,
    }
    assert told.notes.flagged["not_natural_explosion"] == 15
    assert told.notes.flagged["not_natural_quarry_blast"] == 13
