"""Is every incident of two briefings told once, and told right?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from geo.area import BBox
from geo.errors import SnapshotError
from geo.filters import Filter, select
from geo.incident import Point, Site, Toll
from geo.manifest import Origin, make
from geo.snapshot.changes import KINDS, changes, differences, earlier, rows, summary
from geo.snapshot.language import language
from tests.examples import incident
from tests.stores import NOW, border, later
from tests.strategies import crowds, filters

EN = language("en")
WORLD = BBox(-180, -90, 180, 90)


def manifest_for(incidents, query=None, *, layers=(("border", "v1"),), profile="internal"):
    asked = query or Filter()
    origin = Origin(title="T", query=asked, layers=layers, as_of=NOW)
    return make(
        "snapshot", origin, select(incidents, asked, frame=WORLD), frame=WORLD, profile=profile
    )


def said(then, now, **given_):
    made = changes(manifest_for(then).as_json(), now, **given_)
    return {kind: [change.id for change in made.of(kind)] for kind in KINDS}, made


@pytest.mark.parametrize("known", [True, False])
def test_added_revised_moved_withdrawn_and_unchanged_are_told_apart(known):
    then = [incident(f"own:{n}") for n in range(5)]
    now = [
        then[0],
        replace(then[1], title="Other"),
        replace(then[2], point=Point(71.5, 34.1286)),
        replace(then[3], status="retracted"),
        incident("own:9"),
    ]
    found, made = said(then, now, earlier=then if known else None)
    assert found == {
        "added": ["own:9"],
        "revised": ["own:1"],
        "moved": ["own:2"],
        "withdrawn": ["own:3", "own:4"],
    }
    assert made.unchanged == 1
    assert [change.why for change in made.of("withdrawn")] == ["retracted", "gone"]
    assert made.of("revised")[0].fields == (("title",) if known else ())
    assert len(made.moves) == known


def test_a_move_has_both_ends_and_its_length():
    then = [incident()]
    now = [replace(then[0], point=Point(71.0896, 35.1286))]
    _, made = said(then, now, earlier=then)
    (move,) = made.moves
    assert (move.start, move.end) == (then[0].point, now[0].point)
    assert move.km == pytest.approx(110.9, abs=0.2)
    assert rows(made, EN)[0].text.startswith("by 111 km")


def test_a_move_between_coarse_places_is_about():
    then = [incident(precision="district", radius_km=30.0)]
    now = [replace(then[0], point=Point(71.0896, 35.1286))]
    _, made = said(then, now, earlier=then)
    assert "about 111 km" in rows(made, EN)[0].text


def test_a_place_that_loses_its_point_moved_without_arrow():
    then = [incident()]
    now = [replace(then[0], point=None, precision="province", admin1="Kunar")]
    found, made = said(then, now, earlier=then)
    assert found["moved"] == ["own:1"]
    assert made.moves == ()
    assert "(exact place) → Kunar" in rows(made, EN)[0].text


def test_a_site_that_moves_is_a_move_of_its_incident():
    then = [incident(sites=(Site(name="A", point=Point(70, 34)),))]
    now = [replace(then[0], sites=(Site(name="A", point=Point(70.1, 34)),))]
    found, made = said(then, now, earlier=then)
    assert found["moved"] == ["own:1"]
    assert made.of("moved")[0].fields == ("sites",)


def test_differences_are_in_words():
    before = incident(deaths=Toll(3, 3, 3), assessment="claimed")
    after = replace(before, deaths=Toll(3, None, 5), assessment="disputed", summary="new")
    told = {d.field: (d.before, d.after) for d in differences(before, after, EN)}
    assert told == {
        "summary": ("", ""),
        "deaths": ("3", "3–5"),
        "assessment": ("claimed", "disputed"),
    }


def test_a_new_filter_says_what_it_no_longer_matches():
    then = [incident("own:1"), incident("own:2", event_type="talks")]
    found, made = said(then, then, query=Filter(event_types=("talks",)))
    assert found["withdrawn"] == ["own:1"]
    assert made.of("withdrawn")[0].why == "unmatched"
    assert "no longer matched" in rows(made, EN)[0].text


def test_the_journal_gives_the_earlier_version(tmp_path):
    store = border(tmp_path)
    store.save("border", incident(), expected=None, by="Ann", now=later(1))
    old = store.read("border")
    manifest = manifest_for(old.incidents, layers=(("border", old.version),))
    from geo.layerfile import fingerprint

    (one,) = old.incidents
    after = replace(one, deaths=Toll(2, 2, 2))
    store.save("border", after, expected=fingerprint(one), by="Ben", now=later(2))
    content = manifest.as_json()
    (then,) = earlier(store, content)
    made = changes(content, store.read("border").incidents, earlier=then.incidents)
    assert made.of("revised")[0].fields == ("deaths",)
    assert rows(made, EN)[0].text == "deaths: unknown → 2"
    lost = manifest_for(old.incidents, layers=(("border", "0" * 64),)).as_json()
    assert earlier(store, lost) is None


def test_an_earlier_version_that_is_not_the_briefings_gives_no_fields():
    then = [incident()]
    other = [replace(then[0], title="Not what was shown")]
    _, made = said(then, [replace(then[0], summary="x")], earlier=other)
    assert made.of("revised")[0].fields == ()
    assert not made.pairs


def test_a_public_briefing_needs_the_earlier_version():
    then = [incident("own:1"), incident("own:2")]
    content = manifest_for(then, profile="public").as_json()
    with pytest.raises(SnapshotError, match="keeps no hashes"):
        changes(content, then)
    made = changes(content, then[:1], earlier=then)
    assert [c.id for c in made.changed] == ["own:2"]
    empty = manifest_for([], profile="public").as_json()
    assert [c.kind for c in changes(empty, then).changed] == ["added", "added"]


def test_summary_counts_and_says_when_nothing_changed():
    then = [incident("own:1"), incident("own:2")]
    _, same = said(then, then)
    assert summary(same, EN) == "Nothing changed; incidents as they were: 2."
    _, made = said(then, then[:1])
    assert "1 withdrawn, 1 unchanged" in summary(made, EN)


@settings(max_examples=120, deadline=None)
@given(crowds(), crowds(), filters())
def test_every_incident_is_told_once_and_the_counts_add_up(then, now, query):
    made = changes(manifest_for(then, query).as_json(), now, earlier=then)
    old = {i.id for i in select(then, query).incidents}
    new = {i.id for i in select(now, query).incidents}
    told = [change.id for change in made.changed]
    assert len(told) == len(set(told))
    kinds = {kind: {c.id for c in made.of(kind)} for kind in KINDS}
    assert kinds["added"] == new - old
    assert kinds["withdrawn"] == old - new
    assert kinds["revised"] | kinds["moved"] <= old & new
    assert made.unchanged + len(kinds["revised"]) + len(kinds["moved"]) == len(old & new)
    # the two without the journal agree on what, and say no more
    bare = changes(manifest_for(then, query).as_json(), now)
    assert [(c.kind, c.id) for c in bare.changed] == [(c.kind, c.id) for c in made.changed]
    assert bare.moves == ()
    assert len(rows(made, EN)) == len(made.changed)
