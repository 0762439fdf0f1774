"""How does a table, CSV or XLSX, become incidents?

Headers are found by name or named by the user (`geo.sources.columns`); every row becomes an
incident or a rejection with its line.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from itertools import chain, islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from geo.errors import IncidentError, TableError
from geo.incident import cautions
from geo.sources.columns import DATE_ORDER, date_order, detect
from geo.sources.record import Reader
from geo.sources.rows import CellError, Notes, Parsed, Rejected, Row, open_text, read_rows

MAX_UNPACKED = 400_000_000
MAX_ROWS = 1_048_576
_ORDER_SAMPLE = 100_000


def read(
    source: Path, *, now: datetime, notes: Notes, columns: Mapping[str, str] | None = None
) -> Parsed:
    """Read the rows of a table as incidents.

    Parameters
    ----------
    source
        A CSV, TSV or XLSX file.
    now
        Time of record.
    notes
        Where repairs and oddities are counted.
    columns
        Headers by field, and `date_order`, where detection needs help.

    Raises
    ------
    TableError
        Where the file as a whole cannot be read.
    """
    rows = _rows(source)
    first = next((row for row in rows if isinstance(row, Row)), None)
    if first is None:
        refused = list(_rows(source))
        if not refused:
            msg = f"{source.name} has a header and no rows"
            raise TableError(msg)
        yield from (row for row in refused if isinstance(row, Rejected))
        return
    chosen = dict(columns or {})
    found = detect(tuple(first.cells), chosen=chosen)
    dates = _column(source, found["start"])
    order = date_order(dates, header=found["start"], chosen=chosen.get(DATE_ORDER, ""))
    reader = Reader(found, order, "table")
    for row in _rows(source):
        if isinstance(row, Rejected):
            yield row
            continue
        try:
            incident = reader.incident(row, now=now, notes=notes)
        except CellError as error:
            yield Rejected(row.line, error.column, error.value[:60], error.rule)
        except IncidentError as error:
            problem = error.problems[0]
            yield Rejected(row.line, problem.path, problem.value[:60], problem.rule)
        else:
            notes.flagged.update(cautions(incident))
            yield incident


def _column(source: Path, header: str) -> Iterator[str]:
    rows = (row for row in _rows(source) if isinstance(row, Row))
    return (row.cells.get(header, "") for row in islice(rows, _ORDER_SAMPLE))


def _rows(source: Path) -> Iterator[Row | Rejected]:
    with source.open("rb") as file:
        head = file.read(4)
    if head == b"PK\x03\x04":
        return _sheet(source)
    return _lines(source)


def _lines(source: Path) -> Iterator[Row | Rejected]:
    with open_text(source) as text:
        yield from read_rows(text)


def _sheet(source: Path) -> Iterator[Row | Rejected]:
    """Read the first sheet that holds something; formulas count as their stored values."""
    _check_size(source)
    try:
        book = CalamineWorkbook.from_path(source)
    except (CalamineError, OSError) as error:
        msg = f"{source.name} cannot be read as XLSX: {error}"
        raise TableError(msg) from None
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.height > MAX_ROWS:
            msg = f"sheet {name[:40]!r} has {sheet.height:,} rows: at most {MAX_ROWS:,} are read"
            raise TableError(msg)
        cells = ([_text(cell) for cell in row] for row in sheet.iter_rows())
        numbered = ((n, row) for n, row in enumerate(cells, start=1) if any(row))
        header = next(numbered, None)
        if header is None:
            continue
        yield from _named(header[1], numbered)
        return
    msg = f"{source.name} is empty: a table begins with a line of column names"
    raise TableError(msg)


def _named(header: list[str], rows: Iterable[tuple[int, list[str]]]) -> Iterator[Row | Rejected]:
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        msg = f"column {min(twice)[:60]!r} stands twice in the header: names must differ"
        raise TableError(msg)
    for line, row in rows:
        tags = sum(cell.startswith("#") for cell in row)
        if line <= 3 and tags >= 3:
            continue
        extra = [cell for cell in row[len(names) :] if cell]
        if extra:
            rule = f"a row has as many cells as the header, {len(names)}"
            yield Rejected(line, "row", extra[0][:60], rule)
            continue
        padded = chain(row, [""] * len(names))
        yield Row(line, dict(zip(names, padded, strict=False)))


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return "" if cell is None else str(cell).strip()


def _check_size(source: Path) -> None:
    """Refuse what unpacks to more than a table holds, by the sizes its parts state."""
    try:
        with zipfile.ZipFile(source) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as error:
        msg = f"{source.name} cannot be read as XLSX: {error}"
        raise TableError(msg) from None
    if unpacked > MAX_UNPACKED:
        msg = f"{source.name} unpacks to {unpacked:,} bytes: at most {MAX_UNPACKED:,} are read"
        raise TableError(msg)
