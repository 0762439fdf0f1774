"""How is a layer opened for questions about all of it, without reading each incident?

Three derived files lie in the cache folder, named by the version of the layer: its lines as they
are, so that one incident can be read from its place, its columns, and its texts for searching,
packed; mapped into memory and shared by all who ask. All can be deleted at any time.
"""

from __future__ import annotations

import mmap
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo import bits
from geo.area import classify
from geo.bits import Rows
from geo.columns import SCHEMA, column, columns, numbers
from geo.filters import Filter, Match, Selection, When
from geo.incident import Incident
from geo.index import Answer, Index
from geo.layerfile import (
    Hashed,
    LayerMeta,
    decode,
    encode,
    make_version,
    opened,
    read_head,
    write_head,
    write_lines,
)
from geo.settings import cache_folder
from geo.store import Layer, LayerStore
from geo.texts import Packed
from geo.version import Passed, digest_of, note, passed

# derived files that nobody opened for so long are made anew when they are wanted
_KEPT_SECONDS = 30 * 24 * 3600
# looked through in a fraction of a millisecond
_PIECE = 1 << 20
# what is done, how much of it, and of how much where that is known
Step = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True, eq=False)
class IndexedLayer:
    """A layer at one version: its columns at once, its incidents one by one."""

    name: str
    meta: LayerMeta
    version: str
    index: Index
    lines: mmap.mmap

    def incident(self, row: int) -> Incident:
        """Read one incident."""
        at = int(numbers(self.index.table, "offset")[row])
        return self._read(self.lines[at : self.lines.find(b"\n", at)])

    def _read(self, line: bytes) -> Incident:
        return decode(line.rstrip(b","), where=f"layer {self.name!r}")

    def incidents(self, rows: Iterable[int]) -> Iterator[Incident]:
        """Read some incidents, in the order asked for."""
        return map(self.incident, rows)

    def incidents_with(self, words: str) -> Iterator[Incident]:
        """Read the incidents of which the line holds these words, such as a rare member's name."""
        sought, at = words.encode(), 0
        while (at := self._next(sought, at)) >= 0:
            start, end = self.lines.rfind(b"\n", 0, at) + 1, self.lines.find(b"\n", at)
            if start:
                # the first line is the head of the layer
                yield self._read(self.lines[start:end])
            at = end

    def _next(self, sought: bytes, at: int) -> int:
        """Find the next place of some bytes, a piece at a time, so that others have their turn."""
        while at < len(self.lines):
            # what lies across two pieces lies in one that overlaps the next
            found = self.lines.find(sought, at, at + _PIECE + len(sought))
            if found >= 0:
                return found
            at += _PIECE
        return -1

    def row_of(self, incident_id: str) -> int | None:
        """Find the row of an incident."""
        found = pc.index(column(self.index.table, "id"), incident_id).as_py()
        return None if found < 0 else int(found)

    def holds(self, answer: Answer, row: int) -> bool:
        """Whether an answer has a row."""
        return bool(bits.has(answer.rows, np.array([row]))[0])

    def selection(self, query: Filter, answer: Answer) -> Selection:
        """Read every incident that answers a filter, in order of id, as files want them."""
        rows = bits.rows_of(answer.rows)
        ids = self.index.table["id"].take(pa.array(rows)).to_numpy(zero_copy_only=False)
        rows = rows[np.argsort(ids, kind="stable")]
        whens = self.whens(answer, rows)
        matches = tuple(
            Match(incident, when, classify(incident, query.area) if query.area else None)
            for incident, when in zip(self.incidents(rows.tolist()), whens, strict=True)
        )
        return Selection(matches, answer.ledger)

    def whens(self, answer: Answer, rows: Rows) -> list[When]:
        """Say how each row's period lies to the dates asked for."""
        ongoing, uncertain = (bits.has(part, rows) for part in (answer.ongoing, answer.uncertain))
        return [
            "ongoing" if o else "uncertain" if u else "within"
            for o, u in zip(ongoing.tolist(), uncertain.tolist(), strict=True)
        ]


def open_indexed(store: LayerStore, name: str, *, step: Step = lambda *_: None) -> IndexedLayer:
    """Open a layer as it is now; `step` is told what is done where it is read first.

    Raises
    ------
    LayerNotFoundError
        Where there is none.
    LayerCorruptError
        Where the file was changed by hand and is no layer any more.
    """
    folder = derived_folder()
    with _temporary(folder, "geojson") as copy:
        store.link(name, copy)
        version = digest_of(copy)
        if version != store.last_written(name):
            # not as the store wrote it: whoever wrote it, every line passes the gate first
            version = _checked(copy, name, version, step)
        lines, *_ = _files(folder, version)
        if copy.exists():
            copy.replace(lines)
        of = lines.stat().st_size
    return _open(folder, name, version, lambda done: step("bytes indexed", done, of))


def unchecked(store: LayerStore, name: str) -> str:
    """Name what must pass the gate, line by line, before a layer is opened: the hash of its file.

    Nothing ("") where the store wrote it, or where that was done.

    Raises
    ------
    LayerNotFoundError
        Where there is none.
    LayerCorruptError
        When it is no file of its own.
    """
    digest = store.digest(name)
    if digest == store.last_written(name):
        return ""
    known = passed(digest)
    made = _files(derived_folder(), known.canonical) if known else ()
    return "" if known and all(path.exists() for path in made) else digest


def open_version(version: str) -> IndexedLayer | None:
    """Open what this or another process indexed; None where its derived files are gone."""
    try:
        return _open(derived_folder(), "", version, lambda _: None)
    except FileNotFoundError:
        return None


def keep(layer: IndexedLayer) -> None:
    """See to it that other processes can open what is open here, whoever deleted its files."""
    folder = derived_folder()
    lines, *_ = _files(folder, layer.version)
    if not lines.exists():
        with _temporary(lines.parent, "geojson") as copy:
            with copy.open("xb") as file:
                file.write(layer.lines)
            copy.replace(lines)
    packed = layer.index.texts
    # of several layers each is kept for itself
    if isinstance(packed, Packed) and not _derived(folder, layer.version):
        _save(layer.index.table, packed, folder, layer.version)


def index_layer(layer: Layer) -> IndexedLayer:
    """Open a layer that was read already, such as one as it was known on a day."""
    folder = derived_folder()
    if not (folder / f"layer-{layer.version}.geojson").exists():
        with _temporary(folder, "geojson") as copy:
            _write(copy, layer.meta, map(encode, layer.incidents))
            copy.replace(folder / f"layer-{layer.version}.geojson")
    return _open(folder, layer.name, layer.version, lambda _: None)


def index_incidents(incidents: Iterable[Incident]) -> IndexedLayer:
    """Open incidents that are in no layer, such as those an import would bring."""
    ordered = tuple(sorted(incidents, key=attrgetter("id")))
    meta = LayerMeta()
    return index_layer(Layer("", meta, make_version(meta, map(encode, ordered)), ordered))


def _open(folder: Path, name: str, version: str, tell: Callable[[int], None]) -> IndexedLayer:
    lines, index, texts = _files(folder, version)
    if not _derived(folder, version):
        _save(*columns(lines, tell=tell), folder, version)
        _forget_old(folder)
    # not the lines: they may be the layer's own file under a second name
    os.utime(index)
    with lines.open("rb") as file:
        meta = read_head(file.readline(), name)
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    table = pa.ipc.open_file(pa.memory_map(str(index))).read_all()
    return IndexedLayer(name, meta, version, Index(table, Packed.mapped(texts)), mapped)


def _files(folder: Path, version: str) -> tuple[Path, Path, Path]:
    index, texts = (folder / f"{kind}-{version}-{SCHEMA}.arrow" for kind in ("index", "texts"))
    return folder / f"layer-{version}.geojson", index, texts


def _derived(folder: Path, version: str) -> bool:
    return all(path.exists() for path in _files(folder, version)[1:])


def _save(table: pa.Table, packed: Packed, folder: Path, version: str) -> None:
    _, index, texts = _files(folder, version)
    with _temporary(folder, "arrow") as made:
        with made.open("xb") as file:
            file.write(packed.held)
        made.replace(texts)
    with _temporary(folder, "arrow") as made:
        with pa.OSFile(str(made), "wb") as sink, pa.ipc.new_file(sink, table.schema) as out:
            # one batch, so that each column is one stretch of the file
            out.write_table(table, max_chunksize=max(table.num_rows, 1))
        made.replace(index)


def _checked(path: Path, name: str, digest: str, step: Step) -> str:
    """Have a file pass the gate, once; answer the version of its canonical form.

    That form takes the place of the file, unless it lies in the cache already.
    """
    known = passed(digest)
    if known and _files(path.parent, known.canonical)[0].exists():
        path.unlink()
        return known.canonical
    step("lines checked", 0, None)
    with _temporary(path.parent, "geojson") as made:
        with opened(path, name=name) as (meta, lines):
            held = Hashed(meta, lines)
            _write(made, meta, _through_gate(held, name, path.stat().st_size, step))
        made.replace(path)
    found = Passed(held.version, digest_of(path))
    note(digest, found)
    return found.canonical


def _through_gate(lines: Iterable[bytes], name: str, size: int, step: Step) -> Iterator[bytes]:
    """Read each incident, and write it again."""
    done = 0
    for number, line in enumerate(lines, start=2):
        yield encode(decode(line, where=f"layer {name!r} line {number}"))
        done += len(line) + 2
        step("bytes checked", min(done, size), size)


def _write(path: Path, meta: LayerMeta, lines: Iterable[bytes]) -> None:
    with path.open("xb") as file:
        file.write(write_head(meta))
        file.writelines(write_lines(lines))


def derived_folder() -> Path:
    """Folder of what is derived from layers, by their version; deletable at any time."""
    folder = cache_folder() / "indexes"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _temporary(folder: Path, ending: str) -> Iterator[Path]:
    path = folder / f".{secrets.token_hex(8)}.{ending}"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _forget_old(folder: Path) -> None:
    oldest = time.time() - _KEPT_SECONDS
    for index in folder.glob("index-*.arrow"):
        if index.stat().st_mtime < oldest:
            version = index.stem.split("-")[1]
            index.unlink(missing_ok=True)
            (folder / f"layer-{version}.geojson").unlink(missing_ok=True)
            index.with_name(index.name.replace("index", "texts", 1)).unlink(missing_ok=True)
