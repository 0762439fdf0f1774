"""What lies in this file, plain or packed, and how is it read without being unpacked to disk?

A zip gives one member as a stream; names that lead elsewhere, links, several tables and what
unpacks to far more than it weighs are refused. JSON gives its objects as rows.
"""

from __future__ import annotations

import gzip
import io
import json
import stat
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from geo.errors import ZIP_ERRORS, TableError
from geo.sources.rows import MAX_DECOMPRESSED, Rejected, Row
from geo.strictjson import Limits, parse_json

MAX_MEMBERS = 100
# text of events packs to a tenth or a thirtieth, a bomb to a thousandth
MAX_RATIO = 200
_SMALL = 1_000_000
# the likelier first: a text beside a table says something about it
_ENDINGS = ((".csv", ".tsv"), (".json", ".geojson"), (".txt",))
_PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_JSON = Limits(
    bytes=1_000_000_000,
    features=20_000_000,
    containers=200_000_000,
    properties=1_000,
    values=1_000_000,
)
_WORKBOOK = "[Content_Types].xml"


def open_packed(source: Path | bytes, *, most: int = MAX_DECOMPRESSED) -> BinaryIO:
    """Open a plain file, a gzip file or the one table of a zip as a stream of bytes.

    Parameters
    ----------
    source
        The file.
    most
        Bytes after unpacking that are read at most.

    Raises
    ------
    TableError
        At once or while it is read, when an archive is damaged, a bomb or not one table.
    """
    raw: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    head = raw.read(4)
    weight = raw.seek(0, io.SEEK_END)
    raw.seek(0)
    try:
        if head[:2] == b"\x1f\x8b":
            packed: Any = gzip.GzipFile(fileobj=raw)
            return io.BufferedReader(_Bounded("gzip file", packed, raw, weight, most))
        if head[:2] == b"PK":
            packed, weight = _member(raw)
            return io.BufferedReader(_Bounded("zip archive", packed, raw, weight, most))
    except TableError:
        raw.close()
        raise
    return raw


def open_table(source: Path | bytes, *, most: int = MAX_DECOMPRESSED) -> io.TextIOBase:
    """Open a table, plain or packed, as UTF-8 text."""
    return io.TextIOWrapper(open_packed(source, most=most), encoding="utf-8-sig", newline="")


def is_workbook(source: Path | bytes) -> bool:
    """Whether a file is an XLSX workbook, which is a zip too."""
    raw: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    with raw:
        if raw.read(2) != b"PK":
            return False
        raw.seek(0)
        try:
            with zipfile.ZipFile(raw) as archive:
                return _WORKBOOK in archive.namelist()
        except (*ZIP_ERRORS, ValueError):
            return False


def is_json(source: Path | bytes) -> bool:
    """Whether a file, unpacked, begins as a JSON object or list does."""
    with open_packed(source) as raw:
        head = raw.read(200).removeprefix(b"\xef\xbb\xbf").lstrip()
    return head[:1] in (b"{", b"[")


def read_json(source: Path | bytes, *, most: int = MAX_DECOMPRESSED) -> Any:
    """Read a JSON file, plain or packed.

    Raises
    ------
    GeoJSONError
        Where it is not strict JSON.
    """
    with open_packed(source, most=min(most, _JSON.bytes)) as raw:
        return parse_json(raw.read(), limits=_JSON)


def json_rows(
    value: Any, *, lists: tuple[str, ...], needed: tuple[str, ...] = ()
) -> Iterator[Row | Rejected]:
    """Read a list of objects, or the Features of a collection, as rows numbered from 1.

    Parameters
    ----------
    value
        What a JSON text holds.
    lists
        Names under which the list may lie in an object.
    needed
        Names that the first row shows to be there; a later row without one has it empty.

    Raises
    ------
    TableError
        When there is no such list.
    """
    found = value
    if isinstance(value, dict):
        found = next((value[name] for name in (*lists, "features") if name in value), None)
    if not isinstance(found, list):
        msg = f"the JSON holds no list of events: it must be a list or have {' or '.join(lists)}"
        raise TableError(msg)
    first = True
    for number, item in enumerate(found, start=1):
        if not isinstance(item, dict):
            yield Rejected(number, "row", str(item)[:60], "an event is an object")
            continue
        cells = json_cells(item)
        yield Row(number, cells if first else dict.fromkeys(needed, "") | cells)
        first = False


def json_cells(item: Mapping[str, Any]) -> dict[str, str]:
    """Write an object, or a Feature with its point, as the cells of a row."""
    if item.get("type") != "Feature" or not isinstance(item.get("properties"), dict):
        return {name: _cell(value) for name, value in item.items()}
    cells = {name: _cell(value) for name, value in item["properties"].items()}
    lon, lat = point_of(item)
    cells.setdefault("longitude", lon)
    cells.setdefault("latitude", lat)
    return cells


def point_of(feature: Mapping[str, Any]) -> tuple[str, str]:
    """Longitude and latitude of a Feature that is a Point, as text; else both are empty."""
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return "", ""
    position = geometry.get("coordinates")
    if not isinstance(position, list) or len(position) < 2:
        return "", ""
    return _cell(position[0]), _cell(position[1])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float):
        return f"{value:.9f}".rstrip("0").rstrip(".")
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _member(raw: BinaryIO) -> tuple[Any, int]:
    """Find the one table of a zip; whoever wrote a name that leads elsewhere is not trusted."""
    try:
        archive = zipfile.ZipFile(raw)
        parts = archive.infolist()
    except (*ZIP_ERRORS, ValueError, OSError) as error:
        msg = f"the zip archive is damaged: {error}"
        raise TableError(msg) from None
    if len(parts) > MAX_MEMBERS:
        msg = f"the zip archive holds {len(parts):,} files: at most {MAX_MEMBERS} are looked at"
        raise TableError(msg)
    for part in parts:
        _check(part)
    if any(part.filename == _WORKBOOK for part in parts):
        msg = "the file is a workbook: save its sheet as CSV"
        raise TableError(msg)
    found = ([part for part in parts if _ends(part, endings)] for endings in _ENDINGS)
    tables = next(filter(None, found), [])
    if len(tables) != 1:
        names = ", ".join(part.filename for part in tables)[:80] or "none"
        msg = f"the zip archive holds {len(tables)} tables ({names}): it must hold exactly one"
        raise TableError(msg)
    try:
        return archive.open(tables[0]), tables[0].compress_size
    except (*ZIP_ERRORS, ValueError, RuntimeError, OSError) as error:
        msg = f"the zip archive is damaged: {error}"
        raise TableError(msg) from None


def _check(part: zipfile.ZipInfo) -> None:
    path = PurePosixPath(part.filename.replace("\\", "/"))
    name = repr(part.filename[:60])
    if path.is_absolute() or ".." in path.parts or ":" in part.filename:
        msg = f"the zip archive holds {name}: a name must not lead out of the archive"
        raise TableError(msg)
    if stat.S_ISLNK(part.external_attr >> 16):
        msg = f"the zip archive holds {name}, a link: only files are read"
        raise TableError(msg)
    if part.flag_bits & 1:
        msg = f"the zip archive holds {name} under a password: unpack it first"
        raise TableError(msg)
    if part.compress_type not in _PLAIN_METHODS:
        msg = f"the zip archive holds {name} packed by method {part.compress_type}: only 8 is read"
        raise TableError(msg)


def _ends(part: zipfile.ZipInfo, endings: tuple[str, ...]) -> bool:
    path = PurePosixPath(part.filename)
    hidden = not path.parts or path.name.startswith(".") or path.parts[0] == "__MACOSX"
    return not hidden and not part.is_dir() and path.suffix.lower() in endings


class _Bounded(io.RawIOBase):
    """Stops a packed stream that unpacks to more than anyone's event data."""

    def __init__(self, kind: str, stream: Any, raw: BinaryIO, weight: int, most: int) -> None:
        self._kind, self._stream, self._raw = kind, stream, raw
        self._read, self._most = 0, most
        self._fair = max(_SMALL, weight * MAX_RATIO)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except (*ZIP_ERRORS, OSError) as error:
            msg = f"the {self._kind} is damaged: {error}"
            raise TableError(msg) from None
        self._read += len(data)
        if self._read > self._most:
            msg = f"the {self._kind} unpacks to more than {self._most:,} bytes"
            raise TableError(msg)
        if self._read > self._fair:
            msg = f"the {self._kind} unpacks to more than {MAX_RATIO} times its size"
            raise TableError(msg)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        self._raw.close()
        super().close()
