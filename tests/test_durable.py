from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import pathlib
import random
import stat
import sys
import tempfile
import time
from itertools import count, pairwise

import pytest

from geo import durable, journal
from geo.errors import LayerError
from geo.store import LayerStore
from tests import writers
from tests.examples import incident
from tests.stores import NOW, border, content, imported, later, leftovers

KILLS = 30
posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals and limits")


@pytest.fixture
def store(layers):
    return border(layers)


@pytest.fixture(scope="module")
def processes():
    """Make processes that have imported everything already, so that many are cheap."""
    kinds = multiprocessing.get_all_start_methods()
    made = multiprocessing.get_context("forkserver" if "forkserver" in kinds else "spawn")
    if "forkserver" in kinds:
        made.set_forkserver_preload(["tests.writers"])
    return made


def titles(store: LayerStore) -> set[str]:
    return {i.title for i in store.read("border").incidents if i.id.startswith("ucdp:")}


def check_journal(store: LayerStore) -> list[str]:
    """Every entry follows from the one before, and the newest made the layer as it is."""
    history = store.history("border")
    assert history[0].version_after == store.version("border")
    assert history[-1].version_before == ""
    for newer, older in pairwise(history):
        assert newer.version_before == older.version_after
    return [entry.version_after for entry in history]


# killed at any moment


def test_a_killed_writer_leaves_a_whole_layer_and_loses_nothing_it_acknowledged(
    store, layers, tmp_path, processes
):
    chance = random.Random(7)
    notes = tmp_path / "acknowledged"
    store.upsert("border", writers.generation(0), by="", now=NOW)
    number = acknowledged = 0
    kept: dict[str, bytes] = {}
    for _ in range(KILLS):
        number += 1000
        notes.write_bytes(b"")
        writer = processes.Process(
            target=writers.write_for_ever, args=(str(layers), str(notes), number)
        )
        writer.start()
        begun = time.perf_counter()
        while not notes.stat().st_size and time.perf_counter() - begun < 10:
            time.sleep(0.001)
        time.sleep(chance.random() * 0.05)
        writer.kill()
        writer.join()
        lines = notes.read_text(encoding="ascii").splitlines()
        assert lines, "the writer was killed before its first write"
        acknowledged += len(lines)
        # whole: all incidents of one generation, and of one not older than the last acknowledged
        (title,) = titles(store)
        said = [int(line.split()[1]) for line in lines if line.startswith("generation")]
        assert said[-1] <= int(title.split()[1]) <= said[-1] + 1
        ids = {i.id for i in store.read("border").incidents}
        assert {line for line in lines if line.startswith("own:")} <= ids
        kept[store.version("border")] = content(store)
        # the lock died with its holder
        store.save("border", incident(f"own:t{number}"), expected=None, by="Ann", now=NOW)
        assert leftovers(layers) == []
    versions = check_journal(store)
    # a write the journal and the layer hold may have been killed before it was acknowledged
    assert acknowledged + KILLS + 2 <= len(versions) <= acknowledged + 2 * KILLS + 2
    for version in chance.sample(sorted(kept), 3):
        store.read_version("border", version)
        assert hashlib.sha256(kept[version]).hexdigest() == version


def test_what_a_killed_writer_left_is_swept_by_the_next(store, layers):
    store.create("border-2", store.read("border").meta, by="Ann", now=NOW)
    (layers / ".border.0123456789abcdef.tmp").write_bytes(b'{"type":"Feat')
    (layers / ".border-2.0123456789abcdef.tmp").write_bytes(b"")
    (layers / "notes.tmp").write_bytes(b"not ours")
    assert store.names() == ["border", "border-2"]
    store.save("border", incident(), expected=None, by="Ann", now=NOW)
    # a writer of another layer may be at work
    assert sorted(leftovers(layers)) == [".border-2.0123456789abcdef.tmp", "notes.tmp"]


# a disk that refuses


class Refusing:
    """A disk that refuses its n-th write, sync or rename, and all after it or that one alone."""

    def __init__(self, monkeypatch, nth: int, *, for_good: bool) -> None:
        self.calls: list[str] = []
        self._nth, self._for_good = nth, for_good
        for module, name in ((os, "fsync"), (pathlib.Path, "replace"), (pathlib.Path, "mkdir")):
            monkeypatch.setattr(module, name, self._counted(name, getattr(module, name)))
        opened, spooled, disk = pathlib.Path.open, tempfile.TemporaryFile, self

        def open_(path, mode="r", *args, **options):
            if "x" not in mode and "a" not in mode:
                return opened(path, mode, *args, **options)
            disk.step("open")
            return Watched(opened(path, mode, *args, **options), disk)

        monkeypatch.setattr(pathlib.Path, "open", open_)
        monkeypatch.setattr(tempfile, "TemporaryFile", lambda: Watched(spooled(), disk))

    def step(self, name: str) -> None:
        self.calls.append(name)
        refused = len(self.calls) >= self._nth if self._for_good else len(self.calls) == self._nth
        if refused:
            raise OSError(errno.ENOSPC, "No space left on device")

    def _counted(self, name, real):
        def call(*args, **options):
            self.step(name)
            return real(*args, **options)

        return call


class Watched:
    """A file whose writes are counted, and fail when the disk says so."""

    def __init__(self, file, disk: Refusing) -> None:
        self._file, self._disk = file, disk

    def __getattr__(self, name):
        return getattr(self._file, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()

    def __iter__(self):
        return iter(self._file)

    def write(self, part):
        self._disk.step("write")
        return self._file.write(part)

    def flush(self):
        self._disk.step("flush")
        self._file.flush()


def save(store):
    store.save("border", incident("own:1"), expected=None, by="Ann", now=later(1))


def upsert(store):
    crowd = [imported("ucdp:1", title="New"), imported("ucdp:2"), imported("ucdp:3")]
    store.upsert("border", crowd, by="", now=later(1))


def create(store):
    store.create("other", store.read("border").meta, by="Ann", now=later(1))


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("write", [save, upsert, create])
def test_wherever_the_disk_is_full_the_old_layer_stays(tmp_path, write, for_good):
    seen: list[str] = []
    for nth in count(1):
        folder = tmp_path / str(nth)
        store = border(folder)
        store.upsert("border", [imported("ucdp:1"), imported("ucdp:2")], by="", now=NOW)
        before, entries = content(store), store.history("border")
        with pytest.MonkeyPatch.context() as patch:
            disk = Refusing(patch, nth, for_good=for_good)
            try:
                write(store)
                problem = ""
            except LayerError as error:
                problem = str(error)
        assert leftovers(folder) == []
        if len(disk.calls) < nth:
            assert problem == ""
            break
        seen.append(disk.calls[nth - 1])
        if "is saved, but the disk did not confirm it" in problem:
            # the rename is done, only the sync of the folder failed: told, not undone
            assert disk.calls[nth - 2] == "replace"
            assert content(store) != before or store.names() == ["border", "other"]
            continue
        name = "other" if write is create else "border"
        assert problem == (
            f"layer '{name}' cannot be written: No space left on device; it is as it was"
        )
        assert content(store) == before
        assert store.names() == ["border"]
        assert store.history("border") == entries
        # and once there is room again, all goes on
        write(store)
        check_journal(store)
    assert {"open", "write", "flush", "fsync", "replace"} <= set(seen)
    assert len(seen) > 10


@posix
@pytest.mark.parametrize("limit", [0, 1, 100, 4096, 20_000])
def test_a_disk_that_is_really_full_is_a_sentence(store, layers, processes, limit):
    store.upsert("border", writers.generation(1), by="", now=NOW)
    before, entries = content(store), store.history("border")
    assert len(before) > 20_000
    here, there = processes.Pipe()
    writer = processes.Process(
        target=writers.write_on_a_full_disk, args=(str(layers), limit, there)
    )
    writer.start()
    assert here.poll(30)
    saved, imported_ = here.recv()
    writer.join()
    assert saved == "layer 'border' cannot be written: File too large; it is as it was"
    # an import is sorted on the disk first
    assert "cannot be" in imported_
    assert not imported_.startswith("leaked")
    assert content(store) == before
    assert store.history("border") == entries
    assert leftovers(layers) == []
    save(store)
    check_journal(store)


@pytest.mark.usefixtures("store")
def test_what_was_journalled_before_a_failure_is_cut_off_at_once(layers):
    path = layers / ".history" / "border.jsonl"
    before = path.read_bytes()

    def breaks():
        yield journal.Change("a", None, "{}")
        raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        journal.append(
            path, breaks(), when=NOW, who="Ann", action="add", versions=("", ""), heads=("", "")
        )
    assert path.read_bytes() == before


def test_a_write_is_synced_journalled_renamed_and_synced_in_this_order(store, layers, monkeypatch):
    log = []
    fsync, replace_ = os.fsync, pathlib.Path.replace

    def watched_sync(handle):
        seen = os.fstat(handle)
        if stat.S_ISDIR(seen.st_mode):
            log.append("folder")
        else:
            (name,) = (
                p.name for p in layers.rglob("*") if p.is_file() and p.stat().st_ino == seen.st_ino
            )
            log.append("journal" if name.endswith(".jsonl") else "layer")
        fsync(handle)

    def watched_replace(path, target):
        log.append("rename")
        return replace_(path, target)

    monkeypatch.setattr(os, "fsync", watched_sync)
    monkeypatch.setattr(pathlib.Path, "replace", watched_replace)
    save(store)
    assert log == ["layer", "journal", "rename", *(["folder"] if os.name != "nt" else [])]


def test_a_replacement_that_is_not_published_leaves_no_trace(tmp_path):
    path = tmp_path / "x.geojson"
    path.write_bytes(b"old")
    with durable.Replacement(path) as draft:
        draft.write(b"new")
        assert draft.seal() == hashlib.sha256(b"new").hexdigest()
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("x.geojson", b"old")]


# several at once


def test_four_writers_at_once_lose_no_edit(store, layers, tmp_path, processes):
    store.upsert("border", [imported(f"ucdp:{n}") for n in range(5)], by="", now=NOW)
    people = ("Ann", "Ben", "Cid", "Dot")
    started = [
        processes.Process(target=writers.edit, args=(str(layers), who, str(tmp_path / who)))
        for who in people
    ]
    for process in started:
        process.start()
    for process in started:
        process.join(60)
    assert [process.exitcode for process in started] == [0, 0, 0, 0]
    reports = [line.split() for who in people for line in (tmp_path / who).read_text().splitlines()]
    added = {row[1] for row in reports if row[0] == "added"}
    corrected = {(row[1], row[2]) for row in reports if row[0] == "corrected"}
    conflicts = [row for row in reports if row[0] == "conflict"]
    assert len(added) == 40
    assert len(corrected) + len(conflicts) == 40
    found = {i.id: i for i in store.read("border").incidents}
    assert added == {key for key in found if key.startswith("own:")}
    # what was acknowledged stands in the journal, and each edit began where the last one ended
    check_journal(store)
    edits = []
    state: dict[str, str] = {}
    for entry in reversed(store.history("border")):
        for change in store.changes("border", entry):
            assert change.before == state.get(change.id)
            state[change.id] = change.after
            if entry.action == "correct":
                edits.append((change.id, json.loads(change.after)["properties"]["title"]))
    assert set(edits) == corrected
    assert len(edits) == len(corrected)
    assert {key: json.loads(line)["properties"]["title"] for key, line in state.items()} == {
        key: i.title for key, i in found.items()
    }


def test_a_reader_sees_one_version_whole_while_others_write(store, layers, tmp_path, processes):
    store.upsert("border", writers.generation(0), by="", now=NOW)
    notes = tmp_path / "acknowledged"
    notes.write_bytes(b"")
    writer = processes.Process(target=writers.write_for_ever, args=(str(layers), str(notes), 1))
    writer.start()
    try:
        while not notes.stat().st_size:
            time.sleep(0.001)
        seen: list[str] = []
        # on a busy machine the writer may rest for a while: read on until it has written
        while len(seen) < 25 or (len(set(seen)) <= 3 and len(seen) < 2_000):
            layer = store.read("border")
            assert len({i.title for i in layer.incidents if i.id.startswith("ucdp:")}) == 1
            # the version is that of the very content that was read
            assert store.read_version("border", layer.version) == layer
            seen.append(layer.version)
    finally:
        writer.kill()
        writer.join()
    assert len(set(seen)) > 3


@pytest.mark.skipif(sys.platform != "linux", reason="locks of this kind are proven on Linux")
@pytest.mark.usefixtures("store")
def test_a_lock_is_free_as_soon_as_its_holder_is_gone(layers, tmp_path, processes):
    notes = tmp_path / "acknowledged"
    notes.write_bytes(b"")
    writer = processes.Process(target=writers.write_for_ever, args=(str(layers), str(notes), 1))
    writer.start()
    while not notes.stat().st_size:
        time.sleep(0.001)
    writer.kill()
    writer.join()
    begun = time.perf_counter()
    LayerStore(layers, lock_timeout=0.05).save(
        "border", incident("own:z"), expected=None, by="Ann", now=NOW
    )
    assert time.perf_counter() - begun < 2
