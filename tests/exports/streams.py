"""What is there to read in a file, however it is packed? For searches that must find nothing."""

from __future__ import annotations

import gzip
import io
import re
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing

import pyarrow.parquet as pq

from geo.incident import Incident
from geo.snapshot.files.png import chunks

_FLATE = re.compile(rb"stream\r?\n")


def streams(data: bytes) -> Iterator[bytes]:
    """Give a file's bytes, and those of everything packed in it."""
    yield data
    if data.startswith(b"PK\3\4"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from streams(archive.read(name))
    elif data.startswith(b"\x1f\x8b"):
        yield from streams(gzip.decompress(data))
    elif data.startswith(b"SQLite format 3\0"):
        yield from _tables(data)
    elif data.startswith(b"PAR1"):
        file = pq.ParquetFile(io.BytesIO(data))
        yield from (part for pair in file.metadata.metadata.items() for part in pair)
        yield repr(file.metadata.to_dict()).encode()
        yield from _values(v for row in file.read().to_pylist() for v in row.values())
    elif data.startswith(b"\x89PNG"):
        for kind, body in chunks(data):
            yield from _inflated(body, range(len(body) if kind != b"IDAT" else 1))
    elif data.startswith(b"%PDF"):
        yield from _inflated(data, (found.end() for found in _FLATE.finditer(data)))


def traces(incidents: Iterable[Incident]) -> list[bytes]:
    """Give every form in which a true coordinate may stand in a file."""
    found = []
    for incident in incidents:
        spots = [incident.point, *(site.point for site in incident.sites)]
        for value in (v for spot in spots if spot for v in (spot.lon, spot.lat)):
            text = f"{value:.9f}"
            # three decimals, cut and rounded, and with a comma
            cut, rounded = text[: text.index(".") + 4], f"{value:.3f}"
            found += [t.encode() for t in (cut, rounded, cut.replace(".", ","))]
            found += [struct.pack(form, value) for form in ("<d", ">d", "<f", ">f")]
    return list(dict.fromkeys(found))


def _tables(data: bytes) -> Iterator[bytes]:
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(data)
        names = [n for (n,) in base.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        for name in names:
            yield name.encode()
            read = base.execute(f'SELECT * FROM "{name}"')  # noqa: S608 our own file
            yield from _values(v for row in read for v in row)


def _values(values: Iterable[object]) -> Iterator[bytes]:
    for value in values:
        if isinstance(value, bytes):
            yield value
        elif isinstance(value, float):
            yield struct.pack("<d", value)
            yield repr(value).encode()
        elif value is not None:
            yield str(value).encode()


def _inflated(data: bytes, starts: Iterable[int]) -> Iterator[bytes]:
    for start in starts:
        if data[start : start + 1] != b"\x78":
            continue
        try:
            yield zlib.decompressobj().decompress(data[start:])
        except zlib.error:
            continue
