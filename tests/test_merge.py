from __future__ import annotations

from dataclasses import replace

import pytest

from geo.incident import Point, Recorded, Toll
from geo.layerfile import fingerprint
from geo.living import bare
from geo.store import LayerStore
from tests.examples import incident
from tests.stores import META, NOW, border, content, imported, later, leftovers


@pytest.fixture
def store(layers):
    return border(layers)


def test_an_import_counts_and_a_second_one_changes_nothing(store):
    crowd = [imported(f"ucdp:{n}") for n in range(10)]
    first = store.upsert("border", crowd, by="", now=later(1))
    assert (first.new, first.revised, first.unchanged) == (10, 0, 0)
    before, entries = content(store), len(store.history("border"))
    again = [replace(i, recorded=Recorded(first_seen=later(7), updated=later(7))) for i in crowd]
    second = store.upsert("border", again, by="", now=later(7))
    assert (second.new, second.revised, second.unchanged, second.conflicts) == (0, 0, 10, 0)
    assert second.version == first.version
    assert content(store) == before
    assert len(store.history("border")) == entries


def test_an_import_makes_the_layer_it_needs(layers):
    store = LayerStore(layers)
    update = store.upsert("new", [imported()], by="Ann", now=NOW, meta=META)
    assert store.read("new").meta == replace(META, as_of=NOW)
    assert store.version("new") == update.version


def test_an_empty_import_makes_no_layer(layers):
    store = LayerStore(layers)
    assert store.upsert("new", [], by="Ann", now=NOW).version == ""
    assert store.names() == []


def test_of_two_with_one_id_the_last_counts_and_is_reported(store):
    update = store.upsert(
        "border",
        [imported("ucdp:1", title="Old"), imported("ucdp:2"), imported("ucdp:1", title="New")],
        by="",
        now=NOW,
    )
    assert (update.new, update.duplicates) == (2, 1)
    assert [i.title for i in store.read("border").incidents] == ["New", "Incident ucdp:2"]


def test_a_revision_keeps_first_seen_and_dates_the_update(store):
    store.upsert("border", [imported("ucdp:1")], by="", now=NOW)
    new = replace(
        imported("ucdp:1", title="More is known"),
        recorded=Recorded(first_seen=later(5), updated=later(5)),
    )
    update = store.upsert("border", [new], by="", now=later(5))
    assert (update.new, update.revised, update.unchanged) == (0, 1, 0)
    (found,) = store.read("border").incidents
    assert found.title == "More is known"
    assert found.recorded == Recorded(first_seen=NOW, updated=later(5))


def test_a_dry_run_counts_and_writes_nothing(store, layers):
    store.upsert("border", [imported("ucdp:1"), imported("ucdp:2")], by="", now=NOW)
    before = {p.name: p.read_bytes() for p in layers.rglob("*") if p.is_file()}
    crowd = [imported("ucdp:1", title="Other"), imported("ucdp:2"), imported("ucdp:3")]
    update = store.upsert("border", crowd, by="", now=later(1), dry_run=True)
    assert (update.new, update.revised, update.unchanged) == (1, 1, 1)
    assert update.version == store.version("border")
    assert {p.name: p.read_bytes() for p in layers.rglob("*") if p.is_file()} == before


def test_a_dry_run_into_a_new_layer_makes_none(layers):
    store = LayerStore(layers / "none")
    update = store.upsert("new", [imported()], by="", now=NOW, dry_run=True)
    assert (update.new, update.version) == (1, "")
    assert not (layers / "none").exists()


def test_an_import_that_fails_half_way_changes_nothing(store):
    def breaks():
        yield imported("ucdp:1")
        msg = "the source broke off"
        raise RuntimeError(msg)

    before = content(store)
    with pytest.raises(RuntimeError, match="broke off"):
        store.upsert("border", breaks(), by="", now=NOW)
    assert content(store) == before
    assert leftovers(store._root) == []


def corrected(store, **changes) -> None:
    (old,) = store.read("border").incidents
    store.save("border", replace(old, **changes), expected=fingerprint(old), by="Ann", now=later(1))


def test_a_hand_correction_survives_the_same_import(store):
    store.upsert("border", [imported("ucdp:1", title="Wrong")], by="", now=NOW)
    corrected(store, title="Right")
    before = content(store)
    update = store.upsert("border", [imported("ucdp:1", title="Wrong")], by="", now=later(2))
    assert (update.unchanged, update.revised, update.conflicts) == (1, 0, 0)
    assert content(store) == before


def test_an_upstream_change_of_a_corrected_field_is_a_conflict(store):
    store.upsert("border", [imported("ucdp:1", title="Wrong")], by="", now=NOW)
    corrected(store, title="Right")
    (before,) = store.read("border").incidents
    update = store.upsert("border", [imported("ucdp:1", title="Newer")], by="", now=later(2))
    assert (update.unchanged, update.revised, update.conflicts) == (0, 0, 1)
    assert update.conflict_ids == ("ucdp:1",)
    (held,) = store.read("border").incidents
    assert bare(held) == before


def test_an_upstream_change_of_another_field_is_taken_over(store):
    store.upsert("border", [imported("ucdp:1", title="Wrong")], by="", now=NOW)
    corrected(store, title="Right")
    new = imported("ucdp:1", title="Wrong", deaths=Toll(None, 7, None))
    update = store.upsert("border", [new], by="", now=later(2))
    assert (update.unchanged, update.revised, update.conflicts) == (0, 1, 0)
    (found,) = store.read("border").incidents
    assert (found.title, found.deaths.best) == ("Right", 7)
    assert found.recorded == Recorded(first_seen=NOW, updated=later(2), by="Ann")
    # and the correction is still known as one, two imports later
    again = imported("ucdp:1", title="Wrong", deaths=Toll(None, 8, None))
    assert store.upsert("border", [again], by="", now=later(3)).revised == 1
    (found,) = store.read("border").incidents
    assert (found.title, found.deaths.best) == ("Right", 8)
    newer = imported("ucdp:1", title="Newer", deaths=Toll(None, 8, None))
    assert store.upsert("border", [newer], by="", now=later(4)).conflicts == 1


def test_a_place_is_one_thing(store):
    """Our point with their precision would be a place nobody stated."""
    store.upsert("border", [imported("ucdp:1")], by="", now=NOW)
    corrected(store, precision="district", radius_km=30.0)
    moved = imported("ucdp:1", point=Point(70.0, 33.0))
    assert store.upsert("border", [moved], by="", now=later(2)).conflicts == 1
    (found,) = store.read("border").incidents
    assert (found.precision, found.point) == ("district", Point(71.0896, 34.1286))


def test_when_the_source_agrees_with_the_correction_nothing_is_left_to_do(store):
    store.upsert("border", [imported("ucdp:1", title="Wrong")], by="", now=NOW)
    corrected(store, title="Right")
    update = store.upsert("border", [imported("ucdp:1", title="Right")], by="", now=later(2))
    assert (update.unchanged, update.conflicts) == (1, 0)


def test_a_retraction_by_hand_survives_an_import(store):
    store.upsert("border", [imported("ucdp:1")], by="", now=NOW)
    store.retract("border", imported("ucdp:1"), reason="A duplicate.", by="Ann", now=later(1))
    store.upsert("border", [imported("ucdp:1", summary="More")], by="", now=later(2))
    (found,) = store.read("border").incidents
    assert (found.status, found.status_reason) == ("retracted", "A duplicate.")
    assert found.summary == "More"


def test_an_own_entry_is_not_overwritten_by_a_source_of_the_same_id(store):
    store.save("border", incident("x:1", title="Mine"), expected=None, by="Ann", now=NOW)
    update = store.upsert("border", [imported("x:1", title="Theirs")], by="", now=later(1))
    assert update.conflicts == 1
    assert store.read("border").incidents[0].title == "Mine"


def test_without_its_journal_a_corrected_incident_is_still_protected(store, layers):
    store.upsert("border", [imported("ucdp:1", title="Wrong")], by="", now=NOW)
    corrected(store, title="Right")
    (layers / ".history" / "border.jsonl").unlink()
    new = imported("ucdp:1", title="Wrong", summary="More")
    assert store.upsert("border", [new], by="", now=later(2)).conflicts == 1
    assert store.read("border").incidents[0].title == "Right"


def test_a_colleagues_layer_can_be_imported_again_and_again(store):
    """Names on incidents that came with the file are not corrections made here."""
    theirs = incident("own:1", title="One")
    store.upsert("border", [theirs], by="", now=NOW)
    newer = replace(
        theirs, title="Two", recorded=Recorded(first_seen=NOW, updated=later(3), by="Cid")
    )
    assert store.upsert("border", [newer], by="", now=later(4)).revised == 1
    (found,) = store.read("border").incidents
    assert (found.title, found.recorded.by) == ("Two", "Cid")


def test_a_complete_import_retracts_what_its_source_no_longer_has(store):
    crowd = [imported(f"ucdp:{n}") for n in (1, 2, 3)]
    store.upsert("border", [*crowd, imported("usgs:1")], by="", now=NOW)
    assert store.upsert("border", crowd[:2], by="", now=later(1)).withdrawn == 0
    update = store.upsert("border", crowd[:2], by="", now=later(2), complete=True)
    assert (update.unchanged, update.withdrawn) == (2, 1)
    status = {i.id: (i.status, i.status_reason) for i in store.read("border").incidents}
    assert status == {
        "ucdp:1": ("accepted", ""),
        "ucdp:2": ("accepted", ""),
        "ucdp:3": ("retracted", "withdrawn by source: not in its complete file"),
        "usgs:1": ("accepted", ""),
    }
    again = store.upsert("border", crowd[:2], by="", now=later(3), complete=True)
    assert (again.withdrawn, again.version) == (0, update.version)
    back = store.upsert("border", crowd, by="", now=later(4), complete=True)
    assert back.revised == 1
    assert {i.status for i in store.read("border").incidents} == {"accepted"}


def test_a_complete_import_leaves_own_entries_alone(store):
    store.save("border", incident("01JC0000", title="Mine"), expected=None, by="Ann", now=NOW)
    store.upsert("border", [imported("7"), imported("8")], by="", now=NOW)
    update = store.upsert("border", [imported("7")], by="", now=later(1), complete=True)
    assert update.withdrawn == 1
    assert {i.id: i.status for i in store.read("border").incidents} == {
        "01JC0000": "accepted",
        "7": "accepted",
        "8": "retracted",
    }


def test_a_correction_stays_when_the_source_withdraws_the_incident(store):
    crowd = [imported("ucdp:1", title="Wrong"), imported("ucdp:2")]
    store.upsert("border", crowd, by="", now=NOW)
    old = store.read("border").incidents[0]
    token = fingerprint(old)
    store.save("border", replace(old, title="Right"), expected=token, by="Ann", now=later(1))
    update = store.upsert("border", crowd[1:], by="", now=later(2), complete=True)
    assert (update.withdrawn, update.conflicts) == (1, 0)
    found = store.read("border").incidents[0]
    assert (found.title, found.status, found.recorded.by) == ("Right", "retracted", "Ann")


def test_withdrawing_what_a_person_accepted_is_a_conflict(store):
    crowd = [imported("ucdp:1", status="draft"), imported("ucdp:2")]
    store.upsert("border", crowd, by="", now=NOW)
    old = store.read("border").incidents[0]
    token = fingerprint(old)
    store.save("border", replace(old, status="accepted"), expected=token, by="Ann", now=later(1))
    update = store.upsert("border", crowd[1:], by="", now=later(2), complete=True)
    assert (update.withdrawn, update.conflicts) == (0, 1)
    assert store.read("border").incidents[0].status == "accepted"
