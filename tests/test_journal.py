from __future__ import annotations

import errno
import hashlib
import json
from dataclasses import replace

import pytest

from geo import durable
from geo.errors import LayerCorruptError, LayerError, LayerNotFoundError
from geo.feature import to_feature
from geo.layerfile import fingerprint
from geo.store import LayerStore
from tests.examples import incident
from tests.stores import NOW, border, content, imported, later


@pytest.fixture
def store(layers):
    return border(layers)


def test_the_journal_says_when_who_what_before_and_after(store):
    store.upsert("border", [imported("ucdp:1")], by="Ben", now=later(1))
    (old,) = store.read("border").incidents
    new = replace(old, title="Right")
    store.save("border", new, expected=fingerprint(old), by="Ann", now=later(2))
    newest, middle, oldest = store.history("border")
    assert [(t.when, t.who, t.action, t.changed) for t in (newest, middle, oldest)] == [
        (later(2), "Ann", "correct", 1),
        (later(1), "Ben", "import", 1),
        (NOW, "Ann", "create", 0),
    ]
    assert newest.version_after == store.version("border")
    assert newest.version_before == middle.version_after
    assert oldest.version_before == ""
    (change,) = store.changes("border", newest)
    assert change.id == "ucdp:1"
    assert json.loads(change.before)["properties"]["title"] == "Incident ucdp:1"
    assert json.loads(change.after)["properties"]["title"] == "Right"
    assert json.loads(change.after)["properties"]["by"] == "Ann"
    (change,) = store.changes("border", middle)
    assert (change.before, json.loads(change.after)) == (None, to_feature(old))


def test_every_earlier_version_reads_back_byte_for_byte(store):
    kept = {store.version("border"): content(store)}

    def keep():
        kept[store.version("border")] = content(store)

    store.upsert("border", [imported(f"ucdp:{n}") for n in range(5)], by="", now=later(1))
    keep()
    old = store.read("border").incidents[2]
    edit = replace(old, title='A\u2028B \\ " / é')
    store.save("border", edit, expected=fingerprint(old), by="Ann", now=later(2))
    keep()
    store.save("border", incident("own:9"), expected=None, by="Ann", now=later(3))
    keep()
    fewer = [imported("ucdp:0"), imported("ucdp:7")]
    store.upsert("border", fewer, by="", now=later(4), complete=True)
    keep()
    assert len(kept) == 5
    for version, raw in kept.items():
        layer = store.read_version("border", version)
        assert layer.version == version == hashlib.sha256(raw).hexdigest()
        copy = LayerStore(store._root / "copy")
        copy._root.mkdir(exist_ok=True)
        copy._path("border").write_bytes(raw)
        assert layer == replace(copy.read("border"), version=version)


def test_the_same_state_twice_is_no_trouble(store):
    store.upsert("border", [imported("ucdp:1", title="A")], by="", now=NOW)
    first = store.version("border")
    store.upsert("border", [imported("ucdp:1", title="B")], by="", now=NOW)
    second = store.version("border")
    store.upsert("border", [imported("ucdp:1", title="A")], by="", now=NOW)
    assert store.version("border") == first
    assert store.read_version("border", second).incidents[0].title == "B"
    assert store.read_version("border", first).incidents[0].title == "A"
    assert len(store.history("border")) == 4


@pytest.mark.parametrize("version", ["", "0" * 64, "x"])
def test_a_version_that_never_was_is_not_found(store, version):
    with pytest.raises(LayerNotFoundError, match="is unknown: not in its journal"):
        store.read_version("border", version)


def damage_commit(raw: bytes) -> bytes:
    return raw.replace(b'"version":["', b'"versiom":["', 1)


def damage_change(raw: bytes) -> bytes:
    return raw.replace(b'{"after":', b'{"after";', 1)


def forge_before(raw: bytes) -> bytes:
    return raw.replace(b"Incident ucdp:1", b"Incident ucdp:7")


@pytest.mark.parametrize("damage", [damage_commit, damage_change, forge_before])
def test_a_damaged_journal_is_told_and_the_layer_still_reads_and_writes(store, layers, damage):
    store.upsert("border", [imported("ucdp:1")], by="", now=later(1))
    wanted = store.version("border")
    (old,) = store.read("border").incidents
    edit = replace(old, title="x")
    store.save("border", edit, expected=fingerprint(old), by="Ann", now=later(2))
    path = layers / ".history" / "border.jsonl"
    raw = path.read_bytes()
    if damage is damage_change:
        # the change of the newest entry
        head, opening, rest = raw.rpartition(b'{"begin":')
        path.write_bytes(head + opening + damage(rest))
    else:
        path.write_bytes(damage(raw))
    with pytest.raises(LayerCorruptError, match="journal"):
        store.read_version("border", wanted)
    assert store.read("border").incidents[0].title == "x"
    store.save("border", incident("own:1"), expected=None, by="Ann", now=later(3))


def test_what_a_crash_left_in_the_journal_does_not_count(store, layers):
    path = layers / ".history" / "border.jsonl"
    whole = path.read_bytes()
    for rest in (b'{"begin":"import"}\n{"after":"', b'{"begin":"import"}\n', b"{", b"\0" * 700):
        path.write_bytes(whole + rest)
        assert len(store.history("border")) == 1
    store.save("border", incident("own:1"), expected=None, by="Ann", now=later(1))
    assert path.read_bytes().startswith(whole + b'{"begin":"add"}\n{"after":')
    assert [t.action for t in store.history("border")] == ["add", "create"]


def test_an_entry_the_layer_never_reached_does_not_count(store, monkeypatch):
    def refused(_):
        raise OSError(errno.EIO, "Input/output error")

    before = store.version("border")
    with monkeypatch.context() as patch:
        patch.setattr(durable.Replacement, "publish", refused)
        with pytest.raises(LayerError, match="it is as it was"):
            store.save("border", incident("own:1"), expected=None, by="Ann", now=later(1))
    assert store.version("border") == before
    assert [t.action for t in store.history("border")] == ["create"]
    store.save("border", incident("own:2"), expected=None, by="Ann", now=later(2))
    assert [t.when for t in store.history("border")] == [later(2), NOW]
    assert store.read_version("border", before).incidents == ()
