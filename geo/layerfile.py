"""How is a layer laid out in its file?

A GeoJSON FeatureCollection of which the first line is the head, the last line the end, and
every line between one canonical Feature, ordered by id: it can be streamed, merged and hashed
line by line. Files that people drop into the folder in any other valid form are read too.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from geo.errors import AtlasError, LayerCorruptError
from geo.feature import canonical_line, dump, from_feature, read_time, write_time
from geo.geojson import FILE, check_feature, parse, parse_json
from geo.incident import Incident

SCHEMA = 1
_TAIL = b"]}\n"
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


def write_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Write Feature lines and the end."""
    first = True
    for line in lines:
        yield line if first else b",\n" + line
        first = False
    yield _TAIL if first else b"\n" + _TAIL


def encode(incident: Incident) -> bytes:
    """Write an incident as its line."""
    return canonical_line(incident).encode()


def decode(line: bytes, *, where: str) -> Incident:
    """Read an incident from its line, through the gate that all GeoJSON passes."""
    try:
        feature = parse_json(line, limits=FILE)
        check_feature(feature, where)
        return from_feature(feature)
    except AtlasError as error:
        msg = f"{where}: {error}"
        raise LayerCorruptError(msg) from error


def line_id(line: bytes) -> str:
    """Id of a Feature line, without reading the rest of it where that can be helped."""
    found = _ID.match(line)
    return str(json.loads(found[1] if found else line) if found else json.loads(line)["id"])


def read_lines(file: BinaryIO, name: str) -> tuple[LayerMeta, Iterator[bytes]]:
    """Read a layer file: its head, and its Feature lines in order of id.

    Raises
    ------
    LayerCorruptError
        When the file is no layer; the iterator raises it too, where the damage is further down.
    """
    head = file.readline(1_000_000)
    if head.startswith(b'{"type":"FeatureCollection"') and head.endswith(b'"features":[\n'):
        opened = _guard(name, lambda: parse_json(head.rstrip() + b"]}", limits=FILE))
        return _meta(opened.get("atlas"), name), _canonical(file, name)
    file.seek(0)
    found = _guard(name, lambda: parse(file.read(FILE.bytes + 1), limits=FILE))
    meta = _meta(found.members.get("atlas"), name)
    incidents = _guard(
        name, lambda: [from_feature(feature, now=meta.as_of) for feature in found.features]
    )
    return meta, iter(sorted_lines(incidents))


def sorted_lines(incidents: Iterable[Incident]) -> list[bytes]:
    """Write incidents as lines in order of id."""
    return [encode(incident) for incident in sorted(incidents, key=lambda i: i.id)]


def fingerprint(incident: Incident) -> str:
    """Name one state of one incident: the SHA-256 of its canonical line."""
    return hashlib.sha256(encode(incident)).hexdigest()


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
        except (ValueError, KeyError, TypeError) as error:
            msg = f"layer {name!r} line {number}: no Feature with an id ({error})"
            raise LayerCorruptError(msg) from error
        if key <= before:
            msg = f"layer {name!r} line {number}: id {key[:60]!r} is not in order"
            raise LayerCorruptError(msg)
        before = key
        yield line
    msg = f"layer {name!r}: the file ends before its end; it is incomplete"
    raise LayerCorruptError(msg)


def _meta(atlas: Any, name: str) -> LayerMeta:
    given: Mapping[str, Any] = atlas if isinstance(atlas, dict) else {}
    try:
        as_of = read_time(given["as_of"]) if given.get("as_of") else None
    except (ValueError, TypeError):
        msg = f"layer {name!r}: atlas.as_of is {given['as_of']!r}, must be an ISO 8601 time"
        raise LayerCorruptError(msg) from None
    texts = {part: str(given.get(part) or "") for part in ("title", "description", "licence")}
    return LayerMeta(**texts, as_of=as_of)


def _guard(name: str, step: Any) -> Any:
    try:
        return step()
    except AtlasError as error:
        msg = f"layer {name!r}: {error}"
        raise LayerCorruptError(msg) from error
