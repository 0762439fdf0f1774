"""How is a layer laid out in its file?

A GeoJSON FeatureCollection of which the first line is the head, the last line the end, and
every line between one canonical Feature, ordered by id: it can be streamed, merged and hashed
line by line. Files that people drop into the folder in any other valid form are read too.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from geo.errors import AtlasError, IncidentError, LayerCorruptError, Problem
from geo.feature import Pool, canonical_line, dump, from_feature, read_time, write_time
from geo.geojson import FILE, check_feature, parse, surely_passes
from geo.incident import Incident
from geo.strictjson import parse_canonical, parse_json, shown

SCHEMA = 1
# well below what is read back in one Feature, which holds our own members too
_MAX_LOOSE = FILE.properties // 2
_TAIL = b"]}\n"
_PART = 1 << 20
_UNWRITABLE = re.compile(r"[\0\ud800-\udfff]")
_ID = re.compile(
    rb'\{"geometry":(?:null|\{"coordinates":\[[^\]]*\],"type":"Point"\}),"id":("(?:[^"\\]|\\.)*")'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerMeta:
    """What a layer says of itself; `as_of` is the time of its last accepted change."""

    title: str = ""
    description: str = ""
    as_of: datetime | None = None
    licence: str = ""
    schema: int = SCHEMA


def write_head(meta: LayerMeta) -> bytes:
    """Write the first line."""
    atlas = {
        "schema": meta.schema,
        "title": meta.title,
        "description": meta.description,
        "as_of": write_time(meta.as_of) if meta.as_of else None,
        "licence": meta.licence,
    }
    return f'{{"type":"FeatureCollection","atlas":{dump(atlas)},"features":[\n'.encode()


def read_head(head: bytes, name: str) -> LayerMeta:
    """Read the first line."""
    opened = _guard(name, lambda: parse_json(head.rstrip() + b"]}", limits=FILE))
    return _meta(opened.get("atlas"), name)


def write_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Write Feature lines and the end."""
    first = True
    for line in lines:
        yield line if first else b",\n" + line
        first = False
    yield _TAIL if first else b"\n" + _TAIL


class Written(NamedTuple):
    """An incident that was checked and written already: its id and its line."""

    id: str
    line: bytes


def encode(incident: Incident | Written) -> bytes:
    """Write an incident as its line.

    Raises
    ------
    IncidentError
        When its loose parts, `native` and `extra`, would not read back as they are.
    """
    if isinstance(incident, Written):
        return incident.line
    for name in ("native", "extra"):
        if loose := getattr(incident, name):
            if len(loose) > _MAX_LOOSE:
                rule = f"at most {_MAX_LOOSE} members are kept"
                raise IncidentError((Problem(name, f"{len(loose):,} members", rule),))
            if _is_short_text(loose):
                continue
            problem = next(_loose_problems(loose, f"incident {incident.id!r} {name}"), None)
            if problem:
                raise IncidentError((problem,))
    return canonical_line(incident).encode()


def decode(line: bytes, *, where: str, pool: Pool | None = None) -> Incident:
    """Read an incident from its line, through the gate that all GeoJSON passes."""
    try:
        feature = parse_canonical(line)
        if not surely_passes(feature, line):
            feature = parse_json(line, limits=FILE) if feature is None else feature
            check_feature(feature, where)
        return from_feature(feature, pool=pool)
    except AtlasError as error:
        msg = f"{where}: {error}"
        raise LayerCorruptError(msg) from error


def decoded(lines: Iterable[bytes], name: str) -> Iterator[Incident]:
    """Read the incidents of a layer, whose equal parts are held once."""
    pool = Pool()
    for number, line in enumerate(lines, start=2):
        yield decode(line, where=f"layer {name!r} line {number}", pool=pool)


def line_id(line: bytes) -> str:
    """Id of a Feature line, without reading the rest of it where that can be helped."""
    found = _ID.match(line)
    return str(json.loads(found[1] if found else line) if found else json.loads(line)["id"])


@contextmanager
def opened(path: Path, *, name: str = "") -> Iterator[tuple[LayerMeta, Iterator[bytes]]]:
    """Open a layer file: its head and its lines, to be streamed; `name` is told where it is none.

    Raises
    ------
    FileNotFoundError
        Where there is none.
    LayerCorruptError
        When it is no layer; the iterator raises it too, where the damage is further down.
    """
    with plain(path) as file:
        meta, lines = read_lines(file, name or path.stem)
        yield meta, _then_close(lines, file)


def plain(path: Path) -> BufferedReader:
    """Open a layer file that is a file of its own.

    Raises
    ------
    FileNotFoundError
        Where there is none.
    LayerCorruptError
        When it is anything else.
    """
    # a link could lead out of the folder, and a pipe would wait for ever
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise
    except OSError as error:
        msg = f"layer {path.stem!r} cannot be read: {error.strerror}"
        raise LayerCorruptError(msg) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        msg = f"layer {path.stem!r} is not a regular file"
        raise LayerCorruptError(msg)
    return os.fdopen(handle, "rb")


def read_lines(file: BinaryIO, name: str) -> tuple[LayerMeta, Iterator[bytes]]:
    """Read a layer file: its head, and its Feature lines in order of id.

    Raises
    ------
    LayerCorruptError
        When the file is no layer; the iterator raises it too, where the damage is further down.
    """
    head = file.readline(1_000_000)
    if head.startswith(b'{"type":"FeatureCollection"') and head.rstrip().endswith(b'"features":['):
        return read_head(head, name), _canonical(file, name)
    file.seek(0)
    # asked for at once, room for the largest layer would be taken for the smallest
    parts = islice(iter(lambda: file.read(_PART), b""), FILE.bytes // _PART + 1)
    found = _guard(name, lambda: parse(b"".join(parts), limits=FILE))
    meta = _meta(found.members.get("atlas"), name)
    incidents = _guard(
        name, lambda: [from_feature(feature, now=meta.as_of) for feature in found.features]
    )
    lines = {incident.id: encode(incident) for incident in incidents}
    if len(lines) != len(incidents):
        msg = f"layer {name!r}: an id stands twice; it must be used once"
        raise LayerCorruptError(msg)
    return meta, iter([lines[key] for key in sorted(lines)])


class Hashed:
    """Lines of a layer on their way through; once they are through, the version they make."""

    def __init__(self, meta: LayerMeta, lines: Iterator[bytes]) -> None:
        self.meta = meta
        self.version = ""
        self._lines = lines

    def __iter__(self) -> Iterator[bytes]:
        digest, before = hashlib.sha256(write_head(self.meta)), b""
        for line in self._lines:
            digest.update(before + line)
            before = b",\n"
            yield line
        digest.update(b"\n" + _TAIL if before else _TAIL)
        self.version = digest.hexdigest()


def make_version(meta: LayerMeta, lines: Iterable[bytes]) -> str:
    """Name the content of a layer: the SHA-256 of its file in canonical form."""
    held = Hashed(meta, iter(lines))
    for _ in held:
        pass
    return held.version


def fingerprint(incident: Incident) -> str:
    """Name one state of one incident: the SHA-256 of its canonical line."""
    return hashlib.sha256(encode(incident)).hexdigest()


def _then_close(lines: Iterator[bytes], file: BinaryIO) -> Iterator[bytes]:
    yield from lines
    # Windows replaces no file that is open
    file.close()


def _canonical(file: BinaryIO, name: str) -> Iterator[bytes]:
    before = ""
    for number, raw in enumerate(file, start=2):
        line = raw.rstrip(b"\r\n").removesuffix(b",")
        if line == b"]}":
            if file.read(1):
                msg = f"layer {name!r} line {number + 1}: text after the end"
                raise LayerCorruptError(msg)
            return
        try:
            key = line_id(line)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            msg = f"layer {name!r} line {number}: no Feature with an id ({error})"
            raise LayerCorruptError(msg) from error
        if key <= before:
            msg = f"layer {name!r} line {number}: id {key[:60]!r} is not in order"
            raise LayerCorruptError(msg)
        before = key
        yield line
    msg = f"layer {name!r}: the file ends before its end; it is incomplete"
    raise LayerCorruptError(msg)


def _loose_problems(value: Any, path: str, depth: int = 2) -> Iterator[Problem]:
    """Find what the gate would refuse when the layer is read again."""
    if isinstance(value, str):
        if len(value) > FILE.text or not _writes(value):
            rule = f"text has at most {FILE.text:,} characters, no NUL and no half surrogate pairs"
            yield Problem(path, shown(value), rule)
    elif isinstance(value, (Mapping, list)):
        if depth > FILE.depth:
            yield Problem(path, "nested too deeply", f"at most {FILE.depth} levels")
            return
        members = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, part in members:
            if isinstance(value, Mapping) and not (isinstance(key, str) and _writes(key)):
                yield Problem(path, shown(key), "a name must be text")
            yield from _loose_problems(part, f"{path}.{str(key)[:40]}", depth + 1)
    elif not (
        value is None
        or type(value) is bool
        or (type(value) is int and abs(value) < 10**39)
        or (type(value) is float and math.isfinite(value))
    ):
        yield Problem(path, shown(value), "must be text, a finite number, true, false or null")


def _is_short_text(loose: Mapping[Any, Any]) -> bool:
    """Whether all is text that surely fits, as in nearly every row: looked at in one go."""
    try:
        text = "".join(loose) + "".join(loose.values())
    except TypeError:
        return False
    return len(text) <= FILE.text and _writes(text)


def _writes(text: str) -> bool:
    return not _UNWRITABLE.search(text)


def _meta(atlas: Any, name: str) -> LayerMeta:
    given: Mapping[str, Any] = atlas if isinstance(atlas, dict) else {}
    schema = given.get("schema", SCHEMA)
    if schema != SCHEMA:
        msg = f"layer {name!r}: atlas.schema is {schema!r}, this program reads {SCHEMA}"
        raise LayerCorruptError(msg)
    try:
        as_of = read_time(given["as_of"]) if given.get("as_of") else None
    except (ValueError, TypeError):
        msg = f"layer {name!r}: atlas.as_of is {given['as_of']!r}, must be an ISO 8601 time"
        raise LayerCorruptError(msg) from None
    title, description, licence = (
        str(given.get(part) or "") for part in ("title", "description", "licence")
    )
    return LayerMeta(title=title, description=description, as_of=as_of, licence=licence)


def _guard(name: str, step: Any) -> Any:
    try:
        return step()
    except AtlasError as error:
        msg = f"layer {name!r}: {error}"
        raise LayerCorruptError(msg) from error
