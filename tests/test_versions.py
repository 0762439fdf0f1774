"""Is every difference between two versions named, once, with how it was and how it is?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given

from geo.decisions import merge, unmerge
from geo.errors import LayerNotFoundError
from geo.incident import Incident, Point, Toll
from geo.layerfile import encode, fingerprint
from geo.store import LayerStore
from geo.versions import caught_up, compare, fields, known_on
from tests.examples import incident
from tests.stores import META, NOW, border, imported, later
from tests.strategies import crowds


def test_new_revised_moved_and_withdrawn_are_told_apart() -> None:
    same, gone, taken = incident("a:1"), incident("a:2"), incident("a:3")
    revised, moved = incident("a:4", deaths=Toll(best=3)), incident("a:5")
    made = compare(
        [same, gone, taken, revised, moved],
        [
            same,
            replace(taken, status="retracted", status_reason="a duplicate"),
            replace(revised, deaths=Toll(best=5)),
            replace(moved, point=Point(71.5, 34.1286), title="Elsewhere"),
            incident("a:6"),
        ],
    )
    assert [(d.kind, d.incident.id) for d in made.differences] == [
        ("added", "a:6"),
        ("revised", "a:4"),
        ("moved", "a:5"),
        ("withdrawn", "a:2"),
        ("withdrawn", "a:3"),
    ]
    assert made.unchanged == 1
    assert made.counts() == {"added": 1, "revised": 1, "moved": 1, "withdrawn": 2}
    by_id = {d.incident.id: d for d in made.differences}
    [deaths] = by_id["a:4"].fields
    assert (deaths.field, deaths.before, deaths.after) == ("deaths", "3", "5")
    assert [f.field for f in by_id["a:5"].fields] == ["title", "place"]
    assert by_id["a:5"].km == pytest.approx(37.9, abs=0.3)
    [status] = by_id["a:3"].fields
    assert status.after == "retracted (a duplicate)"


def test_unknown_is_not_nought_in_a_change() -> None:
    [change] = fields(incident(), incident(deaths=Toll(best=0)))
    assert (change.before, change.after) == ("unknown", "0")


def test_a_change_that_words_do_not_show_is_shown_as_kept() -> None:
    one, other = (incident(deaths=Toll(best=3, low=low)) for low in (None, 3))
    [change] = fields(one, other)
    assert change.before != change.after


@given(crowds(), crowds())
def test_every_incident_of_either_version_counts_once(
    old: list[Incident], new: list[Incident]
) -> None:
    made = compare(old, new)
    ids = {i.id for i in old} | {i.id for i in new}
    assert len(made.differences) + made.unchanged == len(ids)
    assert compare(new, new).differences == ()
    # looking back, the same incidents differ
    back = compare(new, old)
    assert {d.incident.id for d in back.differences} == {d.incident.id for d in made.differences}
    said = {d.incident.id for d in made.differences}
    mine, yours = ({i.id: i for i in side} for side in (old, new))
    for key in mine.keys() & yours.keys():
        recorded = mine[key].recorded
        equal = encode(mine[key]) == encode(replace(yours[key], recorded=recorded))
        assert (key not in said) == equal


def test_as_known_on_is_the_last_change_until_then(tmp_path: Path) -> None:
    store = border(tmp_path)
    store.upsert("border", [imported("ucdp:1")], by="Ann", now=later(60))
    one = store.read("border").incidents[0]
    store.save(
        "border",
        replace(one, title="Corrected"),
        expected=fingerprint(one),
        by="Bo",
        now=NOW + timedelta(days=3),
    )
    titles = {
        days: [i.title for i in known_on(store, "border", NOW + timedelta(days=days)).incidents]
        for days in (0, 1, 2, 3, 9)
    }
    assert titles == {
        0: [],
        1: ["Incident ucdp:1"],
        2: ["Incident ucdp:1"],
        3: ["Corrected"],
        9: ["Corrected"],
    }
    with pytest.raises(LayerNotFoundError, match="was not known on 2025-11-19"):
        known_on(store, "border", NOW - timedelta(days=1))


def test_a_layer_without_a_journal_says_how_far_back_it_is_known(tmp_path: Path) -> None:
    store = border(tmp_path)
    (tmp_path / ".history" / "border.jsonl").unlink()
    assert known_on(store, "border", later(5)).meta.title == META.title
    with pytest.raises(LayerNotFoundError, match="it has no journal"):
        known_on(store, "border", datetime(2020, 1, 1, tzinfo=UTC))
    store = LayerStore(tmp_path)
    new = incident("own:1", start=date(2025, 1, 1), end=date(2025, 1, 1))
    store.save("border", new, expected=None, by="Ann", now=later(60))
    # the journal begins later, but says since when that version stood
    assert known_on(store, "border", later(5)).incidents == ()
    with pytest.raises(LayerNotFoundError, match="journal begins"):
        known_on(store, "border", datetime(2020, 1, 1, tzinfo=UTC))


def test_a_layer_read_before_is_caught_up_to_what_it_is_now(tmp_path: Path) -> None:
    store = border(tmp_path)
    store.upsert("border", [imported(f"a:{n}") for n in range(5)], by="", now=NOW)
    read = store.read("border")
    assert caught_up(store, read) is None
    one = read.incidents[1]
    store.save(
        *("border", replace(one, title="New")), expected=fingerprint(one), by="Ann", now=later(1)
    )
    whole = merge(store, "border", ["a:0", "a:3"], by="Ann", now=later(2))
    merged = caught_up(store, read)
    assert merged == store.read("border")
    assert merged is not None
    unmerge(store, "border", whole, by="Ann", now=later(3))
    store.upsert("border", [imported("b:1")], by="", now=later(4))
    assert caught_up(store, merged) == caught_up(store, read) == store.read("border")
    # what nothing changed is the very same object, so nobody need compare it
    assert merged.incidents[2] is read.incidents[2]


def test_what_the_journal_does_not_lead_to_is_read_anew(tmp_path: Path) -> None:
    store = border(tmp_path)
    store.upsert("border", [imported("a:1")], by="", now=NOW)
    read = store.read("border")
    store.upsert("border", [imported("a:2"), imported("a:3")], by="", now=later(1))
    assert caught_up(store, read, most=1) is None
    assert caught_up(store, replace(read, version="f" * 64)) is None
    journal = tmp_path / ".history" / "border.jsonl"
    journal.write_bytes(journal.read_bytes()[:-40] + b"\n")
    assert caught_up(store, read) is None
