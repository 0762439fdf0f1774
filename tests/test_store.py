from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace

import pytest

from geo.errors import LayerConflictError, LayerError, LayerNameError, LayerNotFoundError
from geo.filters import Filter, select
from geo.incident import Recorded, Toll
from geo.layerfile import LayerMeta, fingerprint
from geo.store import LayerStore
from tests.examples import incident
from tests.stores import META, NOW, border, content, imported, later, leftovers


@pytest.fixture
def store(layers):
    return border(layers)


def test_a_new_layer_is_empty_and_says_what_it_is(store):
    layer = store.read("border")
    assert layer.incidents == ()
    assert layer.meta == replace(META, as_of=NOW)
    assert json.loads(content(store)) == {
        "type": "FeatureCollection",
        "atlas": {
            "schema": 1,
            "title": "Border",
            "description": "Two weeks in October",
            "as_of": "2025-11-20T12:00:00Z",
            "licence": "CC BY 4.0",
        },
        "features": [],
    }


def test_a_layer_is_made_once(store):
    before = content(store)
    with pytest.raises(LayerConflictError, match="layer 'border' exists already"):
        store.create("border", META, by="Ben", now=NOW)
    assert content(store) == before


def test_version_is_the_sha256_of_the_file(store):
    store.upsert("border", [imported("ucdp:2"), imported("ucdp:1")], by="", now=later(1))
    assert store.version("border") == hashlib.sha256(content(store)).hexdigest()
    assert store.read("border").version == store.version("border")


def test_version_of_a_file_as_it_was_written_is_told_without_reading_its_lines(store, monkeypatch):
    store.save("border", incident("own:1"), expected=None, by="Ann", now=later(1))
    version = store.read("border").version
    monkeypatch.setattr("geo.version.opened", lambda _: pytest.fail("read line by line"))
    assert store.version("border") == version


def test_version_of_a_file_changed_by_hand_is_not_the_one_that_was_written(store):
    store.save("border", incident("own:1"), expected=None, by="Ann", now=later(1))
    path = store._path("border")
    path.write_bytes(path.read_bytes().replace(b'"own:1"', b'"own:2"'))
    assert store.version("border") == hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(path.read_bytes().replace(b",", b", "))
    assert store.version("border") == store.read("border").version


def test_version_of_an_old_file_is_remembered_but_never_stale(store):
    path = store._path("border")
    os.utime(path, ns=(0, 0))
    first = store.version("border")
    assert store.version("border") == first
    store.save("border", incident("own:1"), expected=None, by="Ann", now=later(1))
    os.utime(path, ns=(0, 0))
    assert store.version("border") == hashlib.sha256(path.read_bytes()).hexdigest() != first


def test_same_incidents_make_the_same_bytes_in_any_order(layers):
    one, two = LayerStore(layers / "1"), LayerStore(layers / "2")
    crowd = [imported(f"ucdp:{n}") for n in range(20)]
    one.upsert("x", crowd, by="Ann", now=NOW, meta=META)
    two.upsert("x", crowd[7:], by="Ben", now=NOW, meta=META)
    two.upsert("x", crowd[:7], by="Cid", now=NOW)
    assert one._path("x").read_bytes() == two._path("x").read_bytes()


def test_a_line_is_a_feature_and_the_lines_are_in_order(store):
    crowd = [imported("ucdp:10"), imported("ucdp:9"), imported("own:Ä"), imported("own:a")]
    store.upsert("border", crowd, by="", now=NOW)
    rows = content(store).decode().splitlines()[1:-1]
    assert [json.loads(row.rstrip(","))["id"] for row in rows] == [
        *("own:a", "own:Ä", "ucdp:10", "ucdp:9"),
    ]


def test_read_and_stream_answer_alike(store):
    crowd = [imported(f"ucdp:{n}") for n in range(5)]
    store.upsert("border", crowd, by="", now=NOW)
    assert tuple(store.stream("border")) == store.read("border").incidents == tuple(crowd)


def test_a_stream_that_is_left_early_closes_its_file(store):
    store.upsert("border", [imported(f"ucdp:{n}") for n in range(5)], by="", now=NOW)
    stream = store.stream("border")
    assert next(stream).id == "ucdp:0"
    stream.close()


def test_names_are_sorted_and_leave_out_what_is_no_layer(store, layers):
    store.create("aaa", LayerMeta(), by="Ann", now=NOW)
    for other in ("UPPER.geojson", "con.geojson", "a b.geojson", "notes.txt", ".x.geojson"):
        (layers / other).write_text("{}", encoding="utf-8")
    assert store.names() == ["aaa", "border"]


def test_a_folder_that_is_not_there_has_no_layers(tmp_path):
    store = LayerStore(tmp_path / "not" / "yet")
    assert store.names() == []
    assert not (tmp_path / "not").exists()
    store.create("x", LayerMeta(), by="Ann", now=NOW)
    assert store.names() == ["x"]


def test_an_unknown_layer_is_named_with_those_there_are(store):
    for ask in (
        store.read,
        store.version,
        store.digest,
        store.history,
        lambda n: [*store.stream(n)],
    ):
        with pytest.raises(LayerNotFoundError, match="layer 'nowhere' is unknown: there is border"):
            ask("nowhere")


BAD_NAMES = (
    *("", ".", "..", "../x", "../../etc/passwd", "/etc/passwd", "a/b", "a\\b", "..\\b", "C:x"),
    *("CON", "con", "nul", "com1", "lpt9", "prn", "aux", "NUL.geojson", "a.geojson", ".hidden"),
    *("a\n", "a\x00b", "a b", " a", "a ", "A", "-rf", "_x", "~", "$HOME", "`id`", "${x}", "a:b"),
    *("é", "ａ", "a\u202eb", "%2e%2e%2f", "..%c0%af", "x" * 65, "x" * 300, "a|b", "a*", "a?"),
)


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_is_no_name_is_refused_everywhere(store, layers, name):
    before = sorted(path.name for path in layers.rglob("*"))
    for ask in (
        store.read,
        store.version,
        store.digest,
        store.history,
        lambda n: [*store.stream(n)],
        lambda n: store.create(n, META, by="Ann", now=NOW),
        lambda n: store.upsert(n, [imported()], by="", now=NOW),
        lambda n: store.save(n, incident(), expected=None, by="Ann", now=NOW),
        lambda n: store.retract(n, incident(), reason="no", by="Ann", now=NOW),
        lambda n: store.read_version(n, "0" * 64),
    ):
        with pytest.raises(LayerNameError, match="layer name is"):
            ask(name)
    assert sorted(path.name for path in layers.rglob("*")) == before


@pytest.mark.parametrize("name", ["a", "0", "a-b_c", "x" * 64, "console", "com", "lpt10x"])
def test_a_good_name_is_taken(store, name):
    store.create(name, LayerMeta(), by="Ann", now=NOW)
    assert name in store.names()


def test_a_saved_incident_reads_back_equal_but_for_the_record(store):
    given = incident("own:1", deaths=Toll(1, 2, 3), summary="Fire was exchanged.")
    store.save("border", given, expected=None, by="Ann", now=later(1))
    (found,) = store.read("border").incidents
    assert replace(found, recorded=given.recorded) == given
    assert found.recorded == Recorded(first_seen=later(1), updated=later(1), by="Ann")
    assert store.read("border").meta.as_of == later(1)


def test_a_correction_keeps_first_seen(store):
    store.save("border", incident("own:1"), expected=None, by="Ann", now=later(1))
    (old,) = store.read("border").incidents
    new = replace(old, title="Corrected")
    store.save("border", new, expected=fingerprint(old), by="Ben", now=later(9))
    (found,) = store.read("border").incidents
    assert found.title == "Corrected"
    assert found.recorded == Recorded(first_seen=later(1), updated=later(9), by="Ben")


@pytest.mark.parametrize("key", ["own:0", "own:15", "own:9"], ids=["first", "middle", "last"])
def test_a_new_incident_finds_its_place_in_order(store, key):
    store.upsert("border", [imported(f"own:{n}") for n in (1, 2, 3)], by="", now=NOW)
    store.save("border", incident(key), expected=None, by="Ann", now=NOW)
    ids = [found.id for found in store.read("border").incidents]
    assert ids == sorted([*("own:1", "own:2", "own:3"), key])


def test_the_second_of_two_writers_is_told_and_loses_nothing(store):
    store.save("border", incident("own:1", title="First"), expected=None, by="Ann", now=NOW)
    (seen_by_both,) = store.read("border").incidents
    token = fingerprint(seen_by_both)
    ann = replace(seen_by_both, title="Ann's")
    store.save("border", ann, expected=token, by="Ann", now=later(1))
    before = content(store)
    ben = replace(seen_by_both, title="Ben's")
    with pytest.raises(LayerConflictError, match=r"'own:1' was changed by Ann at 2025-11-20T12:01"):
        store.save("border", ben, expected=token, by="Ben", now=later(2))
    assert content(store) == before
    assert len(store.history("border")) == 3


def test_edits_of_different_incidents_do_not_conflict(store):
    store.upsert("border", [imported("ucdp:1"), imported("ucdp:2")], by="", now=NOW)
    one, two = store.read("border").incidents
    edit_one, edit_two = replace(one, title="One"), replace(two, title="Two")
    store.save("border", edit_one, expected=fingerprint(one), by="Ann", now=NOW)
    store.save("border", edit_two, expected=fingerprint(two), by="Ben", now=NOW)
    assert [i.title for i in store.read("border").incidents] == ["One", "Two"]


def test_adding_what_is_there_already_is_a_conflict(store):
    store.save("border", incident("own:1"), expected=None, by="Ann", now=NOW)
    with pytest.raises(LayerConflictError, match="is in layer 'border' already"):
        store.save("border", incident("own:1"), expected=None, by="Ben", now=NOW)


def test_correcting_what_is_gone_is_a_conflict(store):
    with pytest.raises(LayerConflictError, match="'own:1' is no longer in layer 'border'"):
        store.save("border", incident("own:1"), expected="0" * 64, by="Ann", now=NOW)


def test_a_change_without_a_name_is_refused(store):
    with pytest.raises(LayerError, match="kept under the name"):
        store.save("border", incident("own:1"), expected=None, by="  ", now=NOW)


def test_saving_into_a_layer_that_is_not_there_makes_none(store):
    with pytest.raises(LayerNotFoundError):
        store.save("nowhere", incident("own:1"), expected=None, by="Ann", now=NOW)
    assert store.names() == ["border"]


def test_a_retracted_incident_stays_excluded_with_its_reason(store):
    store.upsert("border", [imported("ucdp:1"), imported("ucdp:2")], by="", now=NOW)
    first, _ = store.read("border").incidents
    store.retract("border", first, reason=" Counted twice. ", by="Ann", now=later(1))
    kept = store.read("border").incidents
    assert [(i.id, i.status, i.status_reason) for i in kept] == [
        ("ucdp:1", "retracted", "Counted twice."),
        ("ucdp:2", "accepted", ""),
    ]
    ledger = select(kept, Filter()).ledger
    assert (ledger.total, ledger.matched, ledger.excluded["status"]) == (2, 1, 1)
    assert store.history("border")[0].action == "retract"


def test_a_retraction_says_why(store):
    store.upsert("border", [imported("ucdp:1")], by="", now=NOW)
    with pytest.raises(LayerError, match="a retraction says why"):
        store.retract("border", imported("ucdp:1"), reason=" ", by="Ann", now=NOW)


def test_what_cannot_be_written_is_refused_before_the_disk_is_touched(store):
    before = content(store)
    changed = incident("own:1")
    object.__setattr__(changed, "extra", {"n": float("nan")})
    with pytest.raises(ValueError, match=r"JSON|nan"):
        store.save("border", changed, expected=None, by="Ann", now=NOW)
    assert content(store) == before
    assert leftovers(store._root) == []
