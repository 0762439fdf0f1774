"""Which rows does a JSON list of records hold?

A list of objects, such a list under one name, or one object a line. Objects inside a record are
columns of their own, `place.lat`; lists stay JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from geo.errors import GeoJSONError, TableError
from geo.sources.rows import Rejected, Row
from geo.strictjson import Limits, parse_json

MAX_BYTES = 200_000_000
_LIMITS = Limits(
    bytes=MAX_BYTES, features=1_000_000, containers=20_000_000, properties=2_000, values=1_000_000
)
_LINE = 4_000_000
_MAX_COLUMNS = 2_000
_DEEPEST = 4
# where services put their records
_NAMES = ("data", "results", "Result", "incidents", "events", "items", "records", "rows")


def is_json(head: bytes) -> bool:
    """Whether a file begins as JSON does, and no CSV header would."""
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return bare[:1] == b"{" or (bare[:1] == b"[" and bare[1:].lstrip()[:1] in (b"{", b"]"))


def json_rows(source: Path | bytes) -> Iterator[Row | Rejected]:
    """Read records, numbered from 1; JSON lines are streamed, a list is held.

    Raises
    ------
    TableError
        When the file is no JSON, too large, or holds no list of records.
    """
    lines = _lines(source)
    first = next(lines, b"")
    if _is_record(first) and _is_record(next((line for line in lines if line.strip()), b"")):
        yield from _streamed(source)
        return
    yield from _listed(source)


def _lines(source: Path | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield from source.splitlines(keepends=True)
        return
    with source.open("rb") as file:
        while line := file.readline(_LINE):
            yield line


def _is_record(line: bytes) -> bool:
    try:
        return isinstance(parse_json(line.removeprefix(b"\xef\xbb\xbf"), limits=_LIMITS), dict)
    except GeoJSONError:
        return False


def _streamed(source: Path | bytes) -> Iterator[Row | Rejected]:
    number = 0
    for line in _lines(source):
        bare = line.removeprefix(b"\xef\xbb\xbf").strip()
        if not bare:
            continue
        number += 1
        try:
            record = parse_json(bare, limits=_LIMITS)
        except GeoJSONError as error:
            yield Rejected(number, "record", error.problems[0].value[:60], error.problems[0].rule)
            continue
        yield _row(number, record)


def _listed(source: Path | bytes) -> Iterator[Row | Rejected]:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > MAX_BYTES:
        msg = f"the JSON list has {size:,} bytes: at most {MAX_BYTES:,}, or one record a line"
        raise TableError(msg)
    raw = source if isinstance(source, bytes) else source.read_bytes()
    try:
        held = parse_json(raw.removeprefix(b"\xef\xbb\xbf"), limits=_LIMITS)
    except GeoJSONError as error:
        msg = f"the file is no JSON: {error.problems[0]}"
        raise TableError(msg) from None
    for number, record in enumerate(_records(held), start=1):
        yield _row(number, record)


def _records(held: Any) -> list[Any]:
    if isinstance(held, dict):
        if held.get("type") in ("FeatureCollection", "Feature"):
            msg = "the file is GeoJSON: import it with source geojson"
            raise TableError(msg)
        named = (held.get(name) for name in _NAMES)
        held = next((one for one in named if isinstance(one, list)), held)
    if not isinstance(held, list):
        msg = f"the JSON holds no list of records: one stands alone or under {' '.join(_NAMES)}"
        raise TableError(msg)
    return held


def _row(number: int, record: Any) -> Row | Rejected:
    if not isinstance(record, dict):
        return Rejected(number, "record", json.dumps(record)[:60], "a record is an object")
    cells = dict(_cells(record))
    if len(cells) > _MAX_COLUMNS:
        return Rejected(number, "record", f"{len(cells):,} values", "a record has at most 2,000")
    return Row(number, cells)


def _cells(record: Mapping[str, Any], path: str = "", depth: int = 1) -> Iterator[tuple[str, str]]:
    for name, value in record.items():
        header = f"{path}{name}"
        if value is None:
            yield header, ""
        elif isinstance(value, str):
            yield header, value.strip()
        elif isinstance(value, dict) and value and depth < _DEEPEST:
            yield from _cells(value, f"{header}.", depth + 1)
        else:
            yield header, json.dumps(value, ensure_ascii=False)
