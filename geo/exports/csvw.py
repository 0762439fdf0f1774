"""How are incidents written as CSV, with W3C "CSV on the Web" metadata beside it?

A table holds rows alone, so filter, ledger and manifest stand in the metadata file. The two are
checked together; a table by itself says nothing.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from geo.errors import SnapshotError
from geo.exports.stated import ExportMeta, Row, cells, differing, in_short, manifest_of, seal
from geo.exports.table import table as made_table
from geo.feature import dump
from geo.filters import Selection
from geo.flat import COUNTS, NUMBERS
from geo.text import from_csv_cell, to_csv_cell

_BESIDE = b"\0csv with metadata\0"
_CONTEXT = "http://www.w3.org/ns/csvw"


def write(selection: Selection, meta: ExportMeta) -> bytes:  # noqa: ARG001 rows alone
    """Write rows whose cells no spreadsheet takes for formulas."""
    columns, rows = made_table(selection.matches)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([to_csv_cell("" if v is None else v) for v in row])
    # the mark makes spreadsheets read UTF-8
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def metadata(selection: Selection, *, meta: ExportMeta, name: str) -> bytes:
    """Write what stands beside the CSV file called `name`.

    By the standard it is called `name` with "-metadata.json" after it.
    """
    manifest = manifest_of(selection, meta)
    head, rows = _rows(write(selection, meta))
    short = in_short(selection, meta, manifest)
    sealed = seal("csv", rows, dump([head, short]))
    held = {
        "@context": _CONTEXT,
        "url": name,
        "tableSchema": {"columns": [_column(column) for column in head], "primaryKey": "id"},
        "notes": [short | {"manifest": json.loads(manifest.stated(**sealed))}],
    }
    return json.dumps(held, ensure_ascii=False, allow_nan=False, indent=1).encode() + b"\n"


def joined(table: bytes, beside: bytes) -> bytes:
    """Put a table and its metadata file together, to be checked as one."""
    return _BESIDE + len(beside).to_bytes(8, "big") + beside + table


def recognises(data: bytes) -> bool:
    """Whether this is a table joined with its metadata."""
    return data.startswith(_BESIDE)


def manifest_text(data: bytes) -> bytes | None:
    """Manifest within the metadata as JSON text, None where there is none."""
    note = _note(_parted(data)[0])
    if note is None or "manifest" not in note:
        return None
    return dump(note["manifest"]).encode("utf-8", "backslashreplace")


def altered(data: bytes, written: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what is not as it was written, by what the manifest states of the table."""
    beside, table = _parted(data)
    note = _note(beside) or {}
    short = {name: value for name, value in note.items() if name != "manifest"}
    try:
        head, rows = _rows(table)
    except (csv.Error, UnicodeDecodeError):
        return ("document",)
    return differing("csv", rows, dump([head, short]), written)


def _column(name: str) -> dict[str, str]:
    kind = "integer" if name in COUNTS else "number" if name in NUMBERS else "string"
    return {"name": name, "titles": name, "datatype": kind}


def _rows(table: bytes) -> tuple[list[str], list[Row]]:
    read = list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline=""), strict=True))
    head, *rows = read or [[]]
    return head, [Row(from_csv_cell(cell[0]) if cell else "?", cells(cell)) for cell in rows]


def _parted(data: bytes) -> tuple[bytes, bytes]:
    start = len(_BESIDE) + 8
    end = start + int.from_bytes(data[len(_BESIDE) : start], "big")
    return data[start:end], data[end:]


def _note(beside: bytes) -> dict[str, Any] | None:
    try:
        held = json.loads(beside)
    except (ValueError, RecursionError) as error:
        msg = f"metadata cannot be read: {error}"
        raise SnapshotError(msg) from error
    if not isinstance(held, dict) or held.get("@context") != _CONTEXT:
        return None
    notes = held.get("notes")
    return notes[0] if isinstance(notes, list) and notes and isinstance(notes[0], dict) else None
