"""Which rows does the first filled sheet of a workbook hold?

Formulas count as their stored values, days are written as ISO.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import zip_longest
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from geo.errors import TableError
from geo.sources.rows import Rejected, Row

MAX_UNPACKED = 400_000_000
MAX_ROWS = 1_048_576


def workbook_rows(source: Path | bytes) -> Iterator[Row | Rejected]:
    """Read the first sheet that holds something, by the names in its first filled row.

    Raises
    ------
    TableError
        When the workbook is damaged, too large or empty, or a name stands twice.
    """
    _check_size(source)
    try:
        book = CalamineWorkbook.from_object(
            io.BytesIO(source) if isinstance(source, bytes) else source
        )
    except (CalamineError, OSError) as error:
        msg = f"the workbook cannot be read: {error}"
        raise TableError(msg) from None
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.height > MAX_ROWS:
            msg = f"sheet {name[:40]!r} has {sheet.height:,} rows: at most {MAX_ROWS:,} are read"
            raise TableError(msg)
        cells = ([_text(cell) for cell in row] for row in sheet.iter_rows())
        numbered = ((n, row) for n, row in enumerate(cells, start=1) if any(row))
        header = next(numbered, None)
        if header is not None:
            yield from _named([text.strip() for text in header[1]], numbered)
            return
    msg = "the workbook is empty: a table begins with a row of column names"
    raise TableError(msg)


def _named(names: list[str], rows: Iterator[tuple[int, list[str]]]) -> Iterator[Row | Rejected]:
    filled = [name for name in names if name]
    twice = {name for name in filled if filled.count(name) > 1}
    if twice:
        msg = f"column {min(twice)[:60]!r} stands twice in the header: names must differ"
        raise TableError(msg)
    for line, row in rows:
        paired = list(zip_longest(names, row, fillvalue=""))
        extra = [cell for name, cell in paired if cell and not name]
        if extra:
            yield Rejected(line, "row", extra[0][:60], "a cell stands under the name of a column")
            continue
        yield Row(line, {name: cell for name, cell in paired if name})


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return "" if cell is None else str(cell).strip()


def _check_size(source: Path | bytes) -> None:
    """Refuse what unpacks to more than a table holds, by the sizes its parts state."""
    try:
        with zipfile.ZipFile(
            io.BytesIO(source) if isinstance(source, bytes) else source
        ) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError) as error:
        msg = f"the workbook cannot be read: {error}"
        raise TableError(msg) from None
    if unpacked > MAX_UNPACKED:
        msg = f"the workbook unpacks to {unpacked:,} bytes: at most {MAX_UNPACKED:,} are read"
        raise TableError(msg)
