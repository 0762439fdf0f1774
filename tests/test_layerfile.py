from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from geo import durable
from geo.errors import LayerBusyError, LayerConflictError, LayerCorruptError, LayerError
from geo.feature import to_feature
from geo.store import LayerStore
from tests.examples import incident
from tests.stores import META, NOW, border, content, imported, later, leftovers


@pytest.fixture
def store(layers):
    return border(layers)


WHOLE = (
    b'{"type":"FeatureCollection","atlas":{"as_of":"2025-11-20T12:00:00Z","description":"",'
    b'"licence":"","schema":1,"title":""},"features":[\n'
)
FOREIGN = {
    "empty": b"",
    "text": b"not a layer at all",
    "html": b"<!doctype html><title>502</title>",
    "list": b"[]",
    "binary": bytes(range(256)),
    "half a head": WHOLE[:40],
    "head alone": WHOLE,
    "no end": WHOLE + b'{"geometry":null,"id":"a","properties":{},"type":"Feature"}\n',
    "half a line": WHOLE + b'{"geometry":null,"id":"a","prop',
    "text after the end": WHOLE + b"]}\n]}\n",
    "no Feature": WHOLE + b"[]\n]}\n",
    "deep": WHOLE + b"[" * 100_000 + b"\n]}\n",
    "no id": WHOLE + b'{"geometry":null,"properties":{},"type":"Feature"}\n]}\n',
    "order": WHOLE
    + b'{"geometry":null,"id":"b","properties":{},"type":"Feature"},\n'
    + b'{"geometry":null,"id":"a","properties":{},"type":"Feature"}\n]}\n',
    "newer": WHOLE.replace(b'"schema":1', b'"schema":2') + b"]}\n",
    "time": WHOLE.replace(b"2025-11-20T12:00:00Z", b"noon") + b"]}\n",
}


@pytest.mark.parametrize("raw", FOREIGN.values(), ids=FOREIGN)
def test_a_foreign_or_truncated_file_is_told_and_never_overwritten(store, layers, raw):
    path = layers / "other.geojson"
    path.write_bytes(raw)
    for ask in (
        lambda: store.read("other"),
        lambda: list(store.stream("other")),
        lambda: store.info("other"),
        lambda: store.version("other"),
        lambda: store.save("other", incident(), expected=None, by="Ann", now=NOW),
        lambda: store.upsert("other", [imported()], by="", now=NOW),
        lambda: store.upsert("other", [imported()], by="", now=NOW, dry_run=True),
    ):
        with pytest.raises(LayerCorruptError, match="layer 'other'"):
            ask()
        assert path.read_bytes() == raw
    with pytest.raises(LayerConflictError, match="exists already"):
        store.create("other", META, by="Ann", now=NOW)
    assert leftovers(layers) == []


def test_a_feature_that_is_no_incident_is_told_by_line_and_survives_a_write(store, layers):
    path = layers / "other.geojson"
    line = b'{"geometry":null,"id":"z","properties":{},"type":"Feature"}'
    path.write_bytes(WHOLE + line + b"\n]}\n")
    for ask in (store.read, store.info, lambda name: list(store.stream(name))):
        with pytest.raises(LayerCorruptError, match="layer 'other' line 2"):
            ask("other")
    store.save("other", incident("own:1"), expected=None, by="Ann", now=NOW)
    assert path.read_bytes().endswith(b",\n" + line + b"\n]}\n")


def test_truncation_at_any_byte_is_noticed(store, layers):
    store.upsert("border", [imported("ucdp:1"), imported("ucdp:2")], by="", now=NOW)
    raw = content(store)
    path = layers / "cut.geojson"
    for length in range(0, len(raw) - 1, 7):
        path.write_bytes(raw[:length])
        with pytest.raises(LayerCorruptError):
            store.read("cut")


def test_a_layer_in_any_other_valid_form_is_read_and_keeps_its_version(store, layers):
    crowd = [imported("ucdp:2"), imported("ucdp:1")]
    store.upsert("border", crowd, by="", now=NOW)
    loose = json.loads(content(store))
    loose["features"].reverse()
    (layers / "loose.geojson").write_text(json.dumps(loose, indent=2), encoding="utf-8-sig")
    crlf = content(store).replace(b"\n", b"\r\n")
    (layers / "crlf.geojson").write_bytes(crlf)
    for name in ("loose", "crlf"):
        assert store.read(name).incidents == store.read("border").incidents
        assert store.read(name).version == store.version(name) == store.version("border")
        assert store.read_version(name, store.version(name)).incidents == tuple(crowd[::-1])
    # a correction brings it into our form
    before = store.version("loose")
    store.save("loose", incident("own:1"), expected=None, by="Ann", now=later(1))
    assert (layers / "loose.geojson").read_bytes().count(b"\n") == 5
    assert store.read_version("loose", before).incidents == tuple(crowd[::-1])


def test_a_foreign_layer_with_an_id_twice_is_refused(store, layers):
    feature = to_feature(imported("ucdp:1"))
    other = {**feature, "properties": {**feature["properties"], "title": "Other"}}
    both = {"type": "FeatureCollection", "features": [feature, other]}
    (layers / "twice.geojson").write_text(json.dumps(both), encoding="utf-8")
    with pytest.raises(LayerCorruptError, match="used once"):
        store.read("twice")


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege on Windows")
def test_a_link_is_not_followed_and_not_written_over(store, layers, tmp_path):
    secret = tmp_path / "secret.geojson"
    secret.write_bytes(content(store))
    (layers / "link.geojson").symlink_to(secret)
    (layers / "loose-end.geojson").symlink_to(tmp_path / "nowhere")
    for name in ("link", "loose-end"):
        for ask in (
            store.read,
            store.version,
            lambda name: store.save(name, incident(), expected=None, by="Ann", now=NOW),
            lambda name: store.upsert(name, [imported()], by="", now=NOW),
        ):
            with pytest.raises(LayerCorruptError, match=f"layer '{name}' cannot be read"):
                ask(name)
        with pytest.raises(LayerConflictError):
            store.create(name, META, by="Ann", now=NOW)
        assert (layers / f"{name}.geojson").is_symlink()
    assert secret.read_bytes() == content(store)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in this file system")
def test_what_is_no_regular_file_is_refused_at_once(store, layers):
    os.mkfifo(layers / "pipe.geojson")
    (layers / "folder.geojson").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(LayerCorruptError, match=f"layer '{name}'"):
            store.read(name)
        with pytest.raises(LayerError):
            store.upsert(name, [imported()], by="", now=NOW)
    assert (layers / "folder.geojson").is_dir()


def test_where_a_file_is_in_the_way_of_the_folder_the_store_says_so(tmp_path):
    (tmp_path / "layers").write_text("", encoding="ascii")
    store = LayerStore(tmp_path / "layers")
    assert store.names() == []
    with pytest.raises(LayerError, match="layer 'x' cannot be written: "):
        store.create("x", META, by="Ann", now=NOW)


def test_a_folder_that_may_not_be_written_is_a_sentence(store, monkeypatch):
    def read_only(path, mode="r", **options):
        if "x" in mode or "a" in mode or "w" in mode:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, mode, **options)

    real = Path.open
    before = content(store)
    monkeypatch.setattr(Path, "open", read_only)
    with pytest.raises(LayerError) as caught:
        store.save("border", incident(), expected=None, by="Ann", now=NOW)
    assert str(caught.value) == (
        "layer 'border' cannot be written: Permission denied; it is as it was"
    )
    assert content(store) == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_of_someone_else_reads_and_does_not_write(store, layers):
    layers.chmod(0o555)
    try:
        assert store.read("border").incidents == ()
        with pytest.raises(LayerError, match="cannot be written: Permission denied"):
            store.save("border", incident(), expected=None, by="Ann", now=NOW)
    finally:
        layers.chmod(0o755)


def test_a_layer_keeps_the_rights_that_new_files_get(store, layers):
    (layers / "plain.txt").write_text("", encoding="ascii")
    assert store._path("border").stat().st_mode == (layers / "plain.txt").stat().st_mode


def test_a_writer_that_does_not_let_go_is_named(store):
    with durable.locked(store._path("border"), timeout=1):
        with pytest.raises(LayerBusyError, match="layer 'border' is being written by someone"):
            store.save("border", incident(), expected=None, by="Ann", now=NOW)
        # who reads does not wait
        assert store.read("border").incidents == ()
    store.save("border", incident(), expected=None, by="Ann", now=NOW)
