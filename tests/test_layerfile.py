from __future__ import annotations

import errno
import hashlib
import io
import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import durable
from geo.errors import (
    IncidentError,
    LayerBusyError,
    LayerConflictError,
    LayerCorruptError,
    LayerError,
)
from geo.feature import from_feature, to_feature
from geo.geojson import parse
from geo.layerfile import (
    LayerMeta,
    decode,
    encode,
    fingerprint,
    line_id,
    make_version,
    read_head,
    read_lines,
    write_head,
    write_lines,
)
from geo.store import LayerStore
from tests import strategies
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
    for ask in (store.read, lambda name: list(store.stream(name))):
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


# feature lines


@given(strategies.incidents())
def test_a_line_reads_back_as_the_same_incident(given_):
    line = encode(given_)
    assert b"\n" not in line
    assert decode(line, where="here") == given_
    assert encode(decode(line, where="here")) == line
    assert line_id(line) == given_.id
    assert json.loads(line) == to_feature(given_)


@given(strategies.crowds(), st.permutations(range(8)))
def test_a_layer_file_is_lossless_and_does_not_depend_on_order(crowd, order):
    lines = {i.id: encode(i) for i in sorted(crowd, key=lambda i: order[int(i.id.split(":")[1])])}
    raw = b"".join((write_head(META), *write_lines(lines[key] for key in sorted(lines))))
    meta, read = read_lines(io.BytesIO(raw), "x")
    assert meta == META
    assert [decode(line, where="x") for line in read] == sorted(crowd, key=lambda i: i.id)
    # and every other program reads it as plain GeoJSON
    assert len(parse(raw).features) == len(crowd)
    assert make_version(meta, [lines[key] for key in sorted(lines)]) == (
        hashlib.sha256(raw).hexdigest()
    )


loose = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**39) + 1, 10**39 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
    lambda c: (
        st.lists(c, max_size=3) | st.dictionaries(st.text("aé \n", max_size=3), c, max_size=3)
    ),
    max_leaves=10,
)
LOOSE = st.dictionaries(st.text("abé", min_size=1, max_size=5), loose, max_size=5)


@given(LOOSE, LOOSE)
def test_loose_parts_come_back_as_they_went(native, extra):
    own = set(to_feature(incident())["properties"])
    extra = {key: value for key, value in extra.items() if key not in own}
    line = encode(incident(native=native, extra=extra))
    found = decode(line, where="here")
    assert (found.native, found.extra) == (native, extra)


def deep(levels: int) -> object:
    return 1 if levels == 0 else {"a": deep(levels - 1)}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (float("nan"), "finite number"),
        (float("inf"), "finite number"),
        (10**40, "finite number"),
        ("x" * 10_001, "at most 10,000 characters"),
        ("\ud800", "surrogate"),
        (date(2025, 10, 9), "must be text"),
        ("a\0b", "no NUL"),
        ({"a\0b": 2}, "a name must be text"),
        ({1, 2}, "must be text"),
        ((1, 2), "must be text"),
        (b"x", "must be text"),
        ({1: 2}, "a name must be text"),
        ({"\ud800": 2}, "a name must be text"),
        (deep(25), "at most 20 levels"),
        ([[{"a": [float("nan")]}]], "finite number"),
    ],
)
def test_what_would_not_read_back_is_not_written(store, value, told):
    before = content(store)
    for part in ("native", "extra"):
        with pytest.raises(IncidentError, match=told):
            store.upsert("border", [imported(**{part: {"x": value}})], by="", now=NOW)
        with pytest.raises(IncidentError, match=told):
            store.save("border", incident(**{part: {"x": value}}), expected=None, by="Ann", now=NOW)
    assert content(store) == before


def test_as_many_properties_as_an_upload_may_have_fit_beside_our_own(store):
    features = json.loads(encode(imported()))
    features["properties"] = {
        **{name: features["properties"][name] for name in ("event_type", "title", "start")},
        **{name: features["properties"][name] for name in ("precision", "first_seen")},
        **{f"column {n}": "x" * 10_000 if n == 7 else n for n in range(95)},
    }
    (feature,) = parse(json.dumps(features).encode()).features
    store.upsert("border", [from_feature(feature)], by="", now=NOW)
    (found,) = store.read("border").incidents
    assert len(found.extra) == 95
    assert encode(found) == store._path("border").read_bytes().split(b"\n")[1]


def test_too_many_loose_members_are_refused(store):
    with pytest.raises(IncidentError, match="501 members: at most 500 members are kept"):
        store.upsert("border", [imported(extra={f"k{n}": 1 for n in range(501)})], by="", now=NOW)


def test_a_fingerprint_names_one_state_of_one_incident():
    one = incident()
    assert fingerprint(one) == fingerprint(incident()) == hashlib.sha256(encode(one)).hexdigest()
    assert fingerprint(one) != fingerprint(incident(title="Other"))


def test_a_head_reads_back():
    for meta in (LayerMeta(), META, LayerMeta(title='"}\n]}\u2028', as_of=NOW)):
        head = write_head(meta)
        assert head.count(b"\n") == 1
        assert read_head(head, "x") == meta
