"""One event, many reports: what is offered as one, and what is not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from geo.decisions import merge, set_apart, unmerge
from geo.duplicates import Candidate, compare, duplicates, renew
from geo.errors import LayerError
from geo.incident import Actor, Incident, Point, Source, Toll
from geo.merged import merged_id
from geo.sources import ucdp
from geo.sources.rows import Notes
from tests.stores import NOW, border, imported, later

DAY = date(2025, 10, 11)
RAID = imported(
    "ucdp:1",
    title="Clash at the Torkham crossing",
    actors=(Actor(name="TTP"), Actor(name="Government of Pakistan")),
    deaths=Toll(4, 5, 9),
)
SAME = imported(
    "acled:X1",
    title="Torkham: armed clash between TTP and soldiers",
    point=Point(71.1, 34.13),
    precision="near",
    radius_km=25.0,
    actors=(Actor(name="Tehreek-e-Taliban Pakistan"),),
    deaths=Toll(None, 6, None),
)
OTHER = imported(
    "acled:X2",
    title="Crowd demands higher wages",
    event_type="protest",
    actors=(Actor(name="Truck drivers"),),
    deaths=Toll(0, 0, 0),
)


def found(*crowd, **options):
    return [c.ids for c in duplicates(crowd, **options)]


def test_two_reports_of_one_event_are_offered_with_reasons():
    (candidate,) = duplicates([RAID, SAME, OTHER])
    assert candidate.ids == ("acled:X1", "ucdp:1")
    assert 0.6 <= candidate.score <= 1
    said = {r.what: r.text for r in candidate.reasons}
    assert said["place"] == "1 km apart, both known to within 28 km"
    assert said["time"] == "same day"
    assert said["type"] == "both armed_clash"
    assert said["actors"] == "both name tehrik-i-taliban pakistan"
    assert said["deaths"] == "tolls agree on 6"


def test_same_place_and_day_but_another_event_scores_low():
    assert compare(RAID, OTHER).score < 0.3
    # one thing that differs is enough to fall well below the true pair
    for changes in (
        {"event_type": "protest"},
        {"actors": (Actor(name="Truck drivers"),)},
        {"deaths": Toll(60, 60, 60)},
    ):
        assert compare(RAID, replace(SAME, **changes)).score < compare(RAID, SAME).score - 0.15
    unlike = replace(SAME, actors=(Actor(name="Truck drivers"),), deaths=Toll(60, 60, 60))
    assert compare(RAID, unlike).score < 0.4
    assert found(RAID, unlike) == []


@pytest.mark.parametrize(
    ("changes", "offered"),
    [
        ({"start": DAY + timedelta(1), "end": DAY + timedelta(1)}, True),
        ({"start": DAY + timedelta(3), "end": DAY + timedelta(3)}, False),
        ({"start": date(2025, 10, 1), "end": date(2025, 10, 31), "date_precision": "month"}, True),
        ({"point": Point(71.9, 34.13)}, False),
        ({"precision": "province", "radius_km": 120.0, "point": Point(71.9, 34.13)}, True),
        ({"countries": ("IRN",)}, False),
        ({"status": "rejected"}, False),
        ({"status": "draft"}, True),
        ({"id": "ucdp:2"}, False),
    ],
)
def test_what_can_meet_is_offered(changes, offered):
    assert bool(found(RAID, replace(SAME, **changes), least=0.5)) is offered


def test_within_a_source_only_when_asked():
    twin = replace(RAID, id="ucdp:2")
    assert found(RAID, twin) == []
    assert found(RAID, twin, within_source=True) == [("ucdp:1", "ucdp:2")]


def test_two_articles_are_two_sources_and_one_article_is_one():
    one, other = replace(RAID, id="article:aaaa:1"), replace(RAID, id="article:bbbb:1")
    assert found(one, other, replace(RAID, id="article:aaaa:2")) == [
        ("article:aaaa:1", "article:bbbb:1"),
        ("article:aaaa:2", "article:bbbb:1"),
    ]


def test_across_the_180th_meridian():
    east = replace(RAID, point=Point(179.99, -17.0), countries=("FJI",))
    west = replace(SAME, point=Point(-179.99, -17.0), countries=("FJI",))
    assert found(east, west) == [("acled:X1", "ucdp:1")]


def test_one_text_in_two_incidents_is_told():
    text = "Twelve soldiers died when fighters stormed a post near the crossing on Saturday"
    one = replace(RAID, sources=(Source(publisher="A", title=text),))
    other = replace(SAME, sources=(Source(publisher="B", title=text),))
    assert compare(one, other).score > compare(RAID, SAME).score
    assert "the same text" in compare(one, other).reasons[-1].text


def test_what_has_no_position_is_compared_by_country_and_province():
    nowhere = replace(SAME, point=None, precision="province", radius_km=None, admin1="Nangarhar")
    assert found(replace(RAID, admin1="Nangarhar"), nowhere, least=0.5) != []
    assert found(RAID, replace(nowhere, countries=("IRN",)), least=0.0) == []


def test_the_order_of_the_layer_does_not_matter():
    crowd = [RAID, SAME, OTHER, replace(SAME, id="gdelt:3"), replace(RAID, id="own:1")]
    assert duplicates(crowd) == duplicates(crowd[::-1])
    scores = [c.score for c in duplicates(crowd)]
    assert scores == sorted(scores, reverse=True)
    assert duplicates([]) == ()


def test_what_is_far_from_any_likeness_scores_nothing():
    far = replace(OTHER, start=date(2020, 1, 1), end=date(2020, 1, 1), countries=("IRN",))
    assert compare(RAID, far).score < 0.1
    assert isinstance(compare(RAID, far), Candidate)


def offered(store):
    return [c.ids for c in duplicates(store.stream("border"))]


def test_a_pair_that_was_told_apart_is_never_offered_again(layers):
    store = border(layers)
    third = replace(SAME, id="gdelt:3")
    store.upsert("border", [RAID, SAME, third], by="", now=NOW)
    assert len(offered(store)) == 3
    set_apart(store, "border", ["ucdp:1", "acled:X1"], by="Ann", now=later(1))
    assert offered(store) == [("acled:X1", "gdelt:3"), ("gdelt:3", "ucdp:1")]
    # an import changes nothing about that, nor is it a correction
    newer = [replace(RAID, summary="More"), replace(SAME, summary="More"), third]
    assert store.upsert("border", newer, by="", now=later(2)).revised == 2
    assert ("acled:X1", "ucdp:1") not in offered(store)
    # nor does merging one of the two with a third
    whole = merge(store, "border", ["gdelt:3", "ucdp:1"], by="Ann", now=later(3))
    assert offered(store) == []
    unmerge(store, "border", whole, by="Ann", now=later(4))
    assert offered(store) == [("acled:X1", "gdelt:3"), ("gdelt:3", "ucdp:1")]


def test_one_incident_is_not_told_apart_from_itself(layers):
    store = border(layers)
    with pytest.raises(LayerError, match="1 incident is given"):
        set_apart(store, "border", ["ucdp:1", "ucdp:1"], by="Ann", now=later(1))


def test_a_flood_that_would_take_minutes_is_refused_in_one_sentence(monkeypatch):
    monkeypatch.setattr("geo.duplicates._MOST_PAIRS", 3)
    crowd = [replace(RAID, id=f"{source}:{n}") for source in "ab" for n in range(3)]
    with pytest.raises(LayerError, match="more than 3 pairs of incidents meet in time and place"):
        duplicates(crowd)


@pytest.mark.campaign
def test_a_second_source_of_the_same_incidents_is_found_among_28_000(shared):
    rows = ucdp.read(shared / "data" / "ucdp" / "ged_merged_28k.csv.gz", now=NOW, notes=Notes())
    known = [row for row in rows if isinstance(row, Incident)]
    again = [replace(i, id=f"other:{i.id}", title=i.title.upper()) for i in known[::10]]
    found = {c.ids for c in duplicates([*known, *again])}
    # whatever a second source reports at the same place and day is offered
    assert len([i for i in known[::10] if (f"other:{i.id}", i.id) in found]) > 0.99 * len(again)


def test_after_a_decision_only_changes_are_compared_and_nothing_is_missed(layers):
    store = border(layers)
    crowd = [RAID, SAME, OTHER, replace(SAME, id="gdelt:3"), replace(RAID, id="own:1")]
    store.upsert("border", crowd, by="", now=NOW)
    steps = (
        lambda: set_apart(store, "border", ["ucdp:1", "acled:X1"], by="Ann", now=later(1)),
        lambda: merge(store, "border", ["ucdp:1", "gdelt:3"], by="Ann", now=later(2)),
        lambda: store.upsert("border", [replace(OTHER, id="usgs:9")], by="", now=later(3)),
        lambda: unmerge(store, "border", merged_id(["ucdp:1", "gdelt:3"]), by="Ann", now=later(4)),
    )
    before = store.read("border").incidents
    found = duplicates(before, least=0.3)
    for step in steps:
        step()
        after = store.read("border").incidents
        found = renew(found, before, after, least=0.3)
        assert found == duplicates(after, least=0.3)
        before = after
