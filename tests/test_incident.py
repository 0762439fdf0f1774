"""Does an incident hold only what the data model allows?"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from geo.errors import IncidentError
from geo.feature import canonical_line, from_feature, to_feature
from geo.incident import (
    Actor,
    Claim,
    Incident,
    Located,
    Point,
    Recorded,
    Site,
    Source,
    Toll,
    cautions,
    is_web_link,
)
from tests.examples import NOW, incident

_REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"id_": ""}, "id"),
    ({"id_": "x" * 201}, "id"),
    ({"title": " "}, "title"),
    ({"title": "x" * 301}, "title"),
    ({"title": 5}, "title"),
    ({"summary": "bell \x07"}, "summary"),
    ({"summary": "half a pair \ud800"}, "summary"),
    ({"summary": "x" * 10_001}, "summary"),
    ({"event_type": "battle"}, "event_type"),
    ({"start": date(2025, 10, 12)}, "end"),
    ({"start": datetime(2025, 10, 11, tzinfo=UTC)}, "start"),
    ({"start": date(1799, 12, 31)}, "start"),
    ({"end": date(2101, 1, 1)}, "end"),
    ({"date_precision": "hour"}, "date_precision"),
    ({"precision": "town"}, "precision"),
    ({"point": None}, "point"),
    ({"point": None, "precision": "near"}, "point"),
    ({"point": Point(71, 34), "precision": "country"}, "point"),
    ({"point": Point(71, 34), "precision": "none"}, "point"),
    ({"point": Point(180.1, 34)}, "lon"),
    ({"point": Point(71, -90.5)}, "lat"),
    ({"point": Point(float("nan"), 34)}, "lon"),
    ({"point": Point("71", 34)}, "lon"),  # type: ignore[arg-type]
    ({"radius_km": 0}, "radius_km"),
    ({"radius_km": 3_001}, "radius_km"),
    ({"radius_km": "25"}, "radius_km"),
    ({"countries": ("AF",)}, "countries"),
    ({"countries": ("TAL",)}, "countries"),
    ({"status": "deleted"}, "status"),
    ({"assessment": "true"}, "assessment"),
    ({"deaths": Toll(best=-1)}, "deaths_best"),
    ({"deaths": Toll(best=1.5)}, "deaths_best"),  # type: ignore[arg-type]
    ({"injured": Toll(high=True)}, "injured_high"),
    ({"located": Located(point="middle")}, "located.point"),  # type: ignore[arg-type]
    ({"located": Located(radius="guess")}, "located.radius"),  # type: ignore[arg-type]
    ({"located": Located(method="\x00")}, "located.method"),
    ({"actors": (Actor(name=""),)}, "actors[0].name"),
    ({"actors": (Actor(name=5),)}, "actors[0].name"),  # type: ignore[arg-type]
    ({"claims": (Claim(field="", value=1),)}, "claims[0].field"),
    ({"claims": (Claim(field="deaths", value=""),)}, "claims[0].value"),
    ({"claims": (Claim(field="deaths", value=-1),)}, "claims[0].value"),
    ({"claims": (Claim(field="deaths", value=2.5),)}, "claims[0].value"),  # type: ignore[arg-type]
    ({"claims": (Claim(field="actor", value=["x"]),)}, "claims[0].value"),  # type: ignore[arg-type]
    ({"claims": (Claim(field="deaths", value=1, whom="men"),)}, "claims[0].whom"),  # type: ignore[arg-type]
    ({"claims": (Claim(field="deaths", value=1, high=-2),)}, "claims[0].high"),
    ({"sources": (Source(url="javascript:alert(1)"),)}, "sources[0].url"),
    ({"sources": (Source(archived_url="//example.org"),)}, "sources[0].archived_url"),
    ({"sources": (Source(publisher=7),)}, "sources[0].publisher"),  # type: ignore[arg-type]
    ({"sources": (Source(published="2025-10-11"),)}, "sources[0].published"),  # type: ignore[arg-type]
    ({"sites": (Site(name="", point=Point(1, 1)),)}, "sites[0].name"),
    ({"sites": (Site(name="x"),)}, "sites[0].point"),
    ({"sites": (Site(name="x", point=Point(1, 91)),)}, "sites[0].lat"),
    ({"sites": (Site(name="x", precision="country", country="XX"),)}, "sites[0].countries"),
    (
        {"sites": (Site(name="x", precision="area", located=Located(id="\x1b")),)},
        "sites[0].located.id",
    ),
]


@pytest.mark.parametrize(("changes", "path"), _REFUSED)
def test_a_broken_field_is_refused_by_name(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(IncidentError) as caught:
        incident(**changes)
    assert path in [problem.path for problem in caught.value.problems]


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(IncidentError) as caught:
        incident(title="", event_type="x", countries=("QQ",))
    assert {p.path for p in caught.value.problems} == {"title", "event_type", "countries"}
    assert str(caught.value).count("; ") == 2


def test_a_huge_value_is_shown_short() -> None:
    with pytest.raises(IncidentError) as caught:
        incident(event_type="x" * 5_000)
    assert len(caught.value.problems[0].value) < 70


def test_times_of_record_are_whole_seconds_of_utc() -> None:
    pago = timezone(timedelta(hours=-11))
    odd = datetime(2025, 10, 11, 23, 30, 15, 999_999, tzinfo=pago)
    recorded = Recorded(first_seen=odd, updated=odd)
    assert recorded.updated == datetime(2025, 10, 12, 10, 30, 15, tzinfo=UTC)
    assert recorded.updated.tzinfo is UTC


def test_a_time_of_record_without_zone_is_refused() -> None:
    naive = datetime(2025, 10, 11)  # noqa: DTZ001 that is the point
    with pytest.raises(IncidentError, match="first_seen"):
        incident(recorded=Recorded(first_seen=naive, updated=NOW))


def test_figures_out_of_order_are_a_warning_and_no_refusal() -> None:
    odd = incident(deaths=Toll(5, 3, 2), injured=Toll(None, 9, 8))
    assert cautions(odd) == (
        "deaths_low_above_best",
        "deaths_best_above_high",
        "deaths_low_above_high",
        "injured_best_above_high",
    )


def test_the_origin_of_coordinates_and_a_missing_country_are_cautioned() -> None:
    assert cautions(incident(point=Point(0.0, 0.0), countries=())) == ("null_island", "no_country")
    assert cautions(incident()) == ()


def test_unknown_is_not_zero() -> None:
    assert not Toll().known
    assert Toll(best=0).known
    assert Toll().figure is None
    assert Toll(best=0, high=7).figure == 0
    assert Toll(low=2, high=7).figure == 7
    assert Toll(low=2).figure is None


@pytest.mark.parametrize(
    ("changes", "mappable"),
    [
        ({}, True),
        ({"precision": "country"}, True),
        ({"precision": "none"}, False),
        ({"precision": "none", "sites": (Site(name="x", point=Point(70, 34)),)}, True),
        ({"precision": "district", "point": None}, True),
        ({"precision": "district", "point": None, "countries": ()}, False),
    ],
)
def test_what_can_be_drawn(changes: dict[str, Any], mappable: bool) -> None:  # noqa: FBT001
    assert incident(**changes).mappable is mappable


@pytest.mark.parametrize(
    ("text", "is_link"),
    [
        ("https://example.org/a?b#c", True),
        ("HTTP://EXAMPLE.ORG", True),
        ("https://", False),
        ("https:///path", False),
        ("http://a b", False),
        (" https://example.org", False),
        ("javascript:alert(1)//https://example.org", False),
        ("data:text/html,x", False),
        ("https://example.org\n", False),
    ],
)
def test_only_web_addresses_are_links(text: str, is_link: bool) -> None:  # noqa: FBT001
    assert is_web_link(text) is is_link


def test_a_feature_is_flat_where_other_programs_filter() -> None:
    properties = to_feature(incident(deaths=Toll(1, None, 9)))["properties"]
    assert properties["countries"] == "AFG;PAK"
    assert properties["start"] == "2025-10-11"
    assert properties["deaths_low"] == 1
    assert properties["deaths_best"] is None
    assert properties["deaths_high"] == 9
    assert properties["first_seen"] == "2025-11-20T12:00:00Z"


def test_a_place_without_coordinates_is_null_geometry() -> None:
    feature = to_feature(incident(precision="country"))
    assert feature["geometry"] is None
    assert feature["id"] == "own:1"


def test_the_canonical_line_is_one_line_and_says_no_nan() -> None:
    line = canonical_line(incident(summary="one\ntwo\u2028three"))
    assert "\n" not in line
    assert line.startswith('{"geometry":{"coordinates":[71.0896,34.1286],"type":"Point"}')
    with pytest.raises(ValueError, match="JSON"):
        canonical_line(incident(native={"x": float("nan")}))


_LEAST = {
    "event_type": "protest",
    "title": "A",
    "start": "2025-10-09",
    "precision": "country",
    "countries": "PAK",
}


def _read(now: datetime | None = NOW, **changes: Any) -> Incident:
    return from_feature({"id": "x", "geometry": None, "properties": _LEAST | changes}, now=now)


def test_a_foreign_feature_needs_little() -> None:
    read = _read()
    assert read.end == date(2025, 10, 9)
    assert read.status == "accepted"
    assert read.date_precision == "day"
    assert read.recorded == Recorded(first_seen=NOW, updated=NOW)


def test_unknown_properties_come_back() -> None:
    read = _read(colour="red", nested={"a": [1, None]})
    assert read.extra == {"colour": "red", "nested": {"a": [1, None]}}
    assert json.loads(canonical_line(read))["properties"]["colour"] == "red"


@pytest.mark.parametrize(("feature_id", "found"), [("a", "a"), (7, "7"), (None, "from properties")])
def test_the_id_is_text_and_null_is_no_id(feature_id: object, found: str) -> None:
    properties = _LEAST | {"id": "from properties"}
    feature = {"id": feature_id, "geometry": None, "properties": properties}
    assert from_feature(feature, now=NOW).id == found


@pytest.mark.parametrize(
    "day", ["20251009", "2025-W41-4", "2025-10-9", "2025-10-09T00:00", "9.10.2025", "", 20251009]
)
def test_only_plain_calendar_days_are_dates(day: object) -> None:
    with pytest.raises(IncidentError, match="start"):
        _read(start=day)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"first_seen": "yesterday"}, "first_seen"),
        ({"updated": "0001-01-01T00:00:00+05:00"}, "first_seen"),
        ({"updated": 5}, "first_seen"),
        ({"native": []}, "native"),
        ({"actors": {}}, "actors"),
        ({"actors": ["TTP"]}, r"actors\[0\]"),
        ({"actors": [{"name": "A", "rank": "x"}]}, r"actors\[0\]"),
        ({"actors": [{}]}, r"actors\[0\]"),
        ({"claims": [{"field": "deaths"}]}, r"claims\[0\]"),
        ({"sites": [{"name": "x", "lon": 3}]}, r"sites\[0\]"),
        ({"sites": [{"name": "x", "lon": "3", "lat": 4}]}, r"sites\[0\].lon"),
        ({"sites": [{"name": "x", "located": []}]}, r"sites\[0\].located"),
        ({"sources": [{"published": "2025"}]}, "published"),
        ({"countries": 5}, "properties"),
        ({"countries": [["AFG"]]}, "properties"),
        ({"event_type": {}}, "properties"),
        ({"precision": ["exact"]}, "precision"),
        ({"title": 5}, "title"),
        ({"located": "by hand"}, "located"),
    ],
)
def test_a_foreign_value_of_the_wrong_kind_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(IncidentError, match=told):
        _read(**changes)


def test_a_line_is_no_incident() -> None:
    line = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
    with pytest.raises(IncidentError, match=r"geometry\.type"):
        from_feature({"id": "x", "geometry": line, "properties": _LEAST}, now=NOW)


def test_a_record_says_when_it_came_in() -> None:
    with pytest.raises(IncidentError, match="first_seen"):
        _read(now=None)
