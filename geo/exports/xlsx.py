"""How are incidents written as a workbook: rows, what they are, and the manifest?

The manifest is a custom XML part, which Excel keeps; each other part has its hash in it.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, unescape

import python_calamine
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from geo.errors import ZIP_ERRORS, SnapshotError
from geo.exports.stated import (
    ExportMeta,
    Row,
    about,
    cells,
    differing,
    for_xml,
    manifest_of,
    seal,
    xml_text,
)
from geo.exports.table import COLUMNS, table
from geo.filters import Selection

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_LONGEST_TEXT = 32_767
_PART = "customXml/item1.xml"
_LINKS = "xl/_rels/workbook.xml.rels"
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
_OPEN, _CLOSE = '<manifest xmlns="incident-atlas">', "</manifest>"
_MOST_BYTES = 1_000_000_000
# OSError: damaged bzip2, ValueError: a part before the file, RuntimeError: a password
_READING = (*ZIP_ERRORS, OSError, ValueError, RuntimeError)


def write(selection: Selection, meta: ExportMeta) -> bytes:
    """Write a workbook with the sheets Incidents and About."""
    manifest = manifest_of(selection, meta)
    book = Workbook(write_only=True)
    book.properties.creator = "Incident Atlas"
    book.properties.created = book.properties.modified = meta.as_of.replace(tzinfo=None)
    sheet = book.create_sheet("Incidents")
    sheet.freeze_panes = "B2"
    columns, rows = table(selection.matches)
    # what only an import reads is not in a reader's way
    for number in range(len(COLUMNS) + 1, len(columns) + 1):
        sheet.column_dimensions[get_column_letter(number)].hidden = True
    sheet.append(list(columns))
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    says = book.create_sheet("About")
    says.column_dimensions["A"].width, says.column_dimensions["B"].width = 28, 90
    for name, value in about(selection, meta, manifest):
        says.append([_cell(says, name), _cell(says, value)])
    out = io.BytesIO()
    book.save(out)
    parts = _undated(out.getvalue())
    parts[_LINKS] = _linked(parts[_LINKS])
    bare = _packed(parts)
    sealed = seal("xlsx", _rows(bare), "") | {"parts": _hashes(parts)}
    stated = for_xml(manifest.stated(**sealed))
    parts[_PART] = f"{_OPEN}{escape(stated)}{_CLOSE}".encode()
    return _packed(parts)


def recognises(data: bytes) -> bool:
    """Whether a file is a workbook."""
    return data.startswith(b"PK\3\4") and b"xl/workbook.xml" in data


def manifest_text(data: bytes) -> bytes | None:
    """Manifest within a workbook as JSON text, None where there is none."""
    text = _parts(data).get(_PART, b"").decode("utf-8", "replace")
    if not text.startswith(_OPEN) or not text.endswith(_CLOSE):
        return None
    return unescape(text[len(_OPEN) : -len(_CLOSE)]).encode()


def altered(data: bytes, written: Mapping[str, Any]) -> tuple[str, ...]:
    """Name rows, else parts of the package, that are not as they were written."""
    parts = _parts(data)
    del parts[_PART]
    now, then = _hashes(parts), written.get("parts")
    if not isinstance(then, dict):
        return ("manifest",)
    if now == then:
        return differing("xlsx", _rows(data), "", written)
    changed = sorted(name for name in {*now, *then} if now.get(name) != then.get(name))
    try:
        rows = differing("xlsx", _rows(data), "", written)
    except python_calamine.CalamineError:
        rows = ()
    return rows or tuple(changed)


def _cell(sheet: Any, value: object) -> WriteOnlyCell:
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value=value)
    cell = WriteOnlyCell(sheet, value=xml_text(value)[:_LONGEST_TEXT])
    # text stays text: openpyxl would take a leading "=" for a formula
    cell.data_type = "s"
    return cell


def _rows(book: bytes) -> list[Row]:
    """Rows of the first sheet, as any program reads them."""
    held = python_calamine.load_workbook(io.BytesIO(book)).get_sheet_by_index(0)
    rows = [
        [v if isinstance(v, (str, int, float)) else str(v) for v in r] for r in held.to_python()
    ]
    return [Row(str(values[0]) if values else "?", cells(values)) for values in rows[1:]]


def _hashes(parts: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest()[:16] for name, content in parts.items()}


def _linked(links: bytes) -> bytes:
    link = f'<Relationship Id="atlas" Type="{_TYPE}" Target="/{_PART}"/>'.encode()
    return links.replace(b"</Relationships>", link + b"</Relationships>")


def _undated(data: bytes) -> dict[str, bytes]:
    """Parts of a workbook without the time at which it was saved."""
    parts = _parts(data)
    core = "docProps/core.xml"
    parts[core] = _MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z", parts[core])
    return parts


def _parts(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if sum(info.file_size for info in infos) > _MOST_BYTES:
                msg = f"workbook unpacks to more than {_MOST_BYTES:,} bytes"
                raise SnapshotError(msg)
            if len({info.filename for info in infos}) != len(infos):
                msg = "workbook has two parts of one name"
                raise SnapshotError(msg)
            return {info.filename: _content(archive, info) for info in infos}
    except _READING as error:
        msg = f"workbook cannot be unpacked: {error}"
        raise SnapshotError(msg) from error


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Content of a part, or of a damaged one what no part can be."""
    try:
        return archive.read(info)
    except _READING:
        return b"\0damaged"


def _packed(parts: Mapping[str, bytes]) -> bytes:
    """Pack parts with one fixed date, so that equal content is equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            archive.writestr(info, content, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()
