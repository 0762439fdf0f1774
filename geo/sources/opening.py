"""Which rows does a table hold, whatever kind of file it is?

CSV and its kin in any encoding, workbooks, JSON lists. A table is opened once to look at its
beginning and again, from its start, to be read; it is never held whole but where JSON needs it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from geo.errors import TableError
from geo.sources.encoding import UTF8, Encoding, find_encoding, open_encoded
from geo.sources.jsonlist import is_json, json_rows
from geo.sources.presets import is_raw_gdelt
from geo.sources.rows import Notes, Rejected, Row, is_hxl, open_text, read_rows
from geo.sources.unfolding import check_workbook
from geo.sources.workbook import workbook_rows

_HEAD = 4_096
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Table:
    """A table that can be read again and again: what kind it is, and how its text is encoded."""

    source: Path | bytes
    kind: str
    encoding: Encoding
    checked: str = ""

    def rows(self) -> Iterator[Row | Rejected]:
        """Read every row from the start, but a row of tags."""
        return (row for row in self._all() if not _is_tags(row))

    def beginning(self, most: int) -> tuple[list[Row], dict[str, str]]:
        """Answer with the first rows that can be read, and the HXL tags by header."""
        rows: list[Row] = []
        tags: dict[str, str] = {}
        for row in self._all():
            if len(rows) == most:
                break
            if _is_tags(row) and isinstance(row, Row):
                tags = {h: cell.strip() for h, cell in row.cells.items() if cell.startswith("#")}
            elif isinstance(row, Row):
                rows.append(row)
        return rows, tags

    def column(self, header: str, most: int) -> Iterator[str]:
        """Read the cells of one column."""
        rows = (row for row in self.rows() if isinstance(row, Row))
        return (row.cells.get(header, "") for row in islice(rows, most))

    def _all(self) -> Iterator[Row | Rejected]:
        if self.kind == "workbook":
            yield from workbook_rows(self.source, checked=self.checked)
        elif self.kind == "json":
            yield from json_rows(self.source)
        else:
            with open_encoded(self.source, self.encoding) as text:
                yield from read_rows(text, tags=True)


def open_table(source: Path | bytes, *, notes: Notes, encoding: str = "") -> Table:
    """Look at the first bytes of a file and say how its rows are read.

    Raises
    ------
    TableError
        When it is no table of ours, or its encoding stays open.
    """
    head = _head(source)
    plain = Encoding(UTF8, inferred=False)
    if head[:4] == b"PK\x03\x04":
        # looked through once, however often it is read
        return Table(source, "workbook", plain, check_workbook(source))
    if head[:4] == _OLD_EXCEL:
        msg = "the file is a workbook of before 2007: save it as XLSX, ODS or CSV and try again"
        raise TableError(msg)
    if is_json(head):
        return Table(source, "json", plain)
    if is_raw_gdelt(head.split(b"\n", 1)[0].decode("utf-8", errors="replace").split("\t")):
        msg = "the file is a raw GDELT export without a header: import it with source gdelt"
        raise TableError(msg)
    # what is packed is refused as such, not for its letters
    open_text(source).close()
    found = find_encoding(source, chosen=encoding)
    if found.inferred:
        notes.repaired[f"read_as_{found.name.replace('-', '_')}"] += 1
    return Table(source, "text", found)


def headers_of(rows: list[Row]) -> tuple[str, ...]:
    """Every column of some rows; records of a JSON list need not all have the same."""
    if rows and all(row.cells.keys() == rows[0].cells.keys() for row in rows):
        return tuple(rows[0].cells)
    seen: Mapping[str, None] = dict.fromkeys(name for row in rows for name in row.cells)
    return tuple(seen)


def _head(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[:_HEAD]
    with source.open("rb") as file:
        return file.read(_HEAD)


def _is_tags(row: Row | Rejected) -> bool:
    return isinstance(row, Row) and row.line <= 3 and is_hxl(row.cells.values(), row.line)
