"""Which rows does the first filled sheet of a workbook hold?

XLSX and ODS. Formulas count as their stored values, days are written as ISO; text that says NA,
None or 007 stays the text it is.
"""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from geo.errors import TableError
from geo.sources.rows import Rejected, Row, is_hxl
from geo.sources.unfolding import check_workbook


def workbook_rows(source: Path | bytes, *, checked: str = "") -> Iterator[Row | Rejected]:
    """Read the first sheet that holds something, by the names in its first filled row.

    A row of HXL tags is answered like any other, its cells beginning with #. `checked` is what
    `check_workbook` answered, if it was asked before.

    Raises
    ------
    TableError
        When the workbook is damaged, too large or empty, or a name stands twice.
    """
    kind = checked or check_workbook(source)
    try:
        book = CalamineWorkbook.from_object(
            io.BytesIO(source) if isinstance(source, bytes) else source
        )
        names = book.sheet_names
    except (CalamineError, OSError, ValueError) as error:
        msg = f"the workbook cannot be read as {kind}: {error}"
        raise TableError(msg) from None
    for name in names:
        try:
            sheet = book.get_sheet_by_name(name)
        except CalamineError as error:
            msg = f"sheet {name[:40]!r} cannot be read as {kind}: {error}"
            raise TableError(msg) from None
        cells = ([_text(cell) for cell in row] for row in sheet.iter_rows())
        numbered = ((n, row) for n, row in enumerate(cells, start=1) if any(row))
        header = next(numbered, None)
        if header is not None:
            yield from _named(header[1], numbered)
            return
    msg = "the workbook is empty: a table begins with a row of column names"
    raise TableError(msg)


def _named(header: list[str], rows: Iterable[tuple[int, list[str]]]) -> Iterator[Row | Rejected]:
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()
    twice = [name for name, n in Counter(name.casefold() for name in names).items() if n > 1]
    if twice:
        msg = f"column {twice[0][:60]!r} stands twice in the header: names must differ"
        raise TableError(msg)
    for line, row in rows:
        extra = [cell for cell in row[len(names) :] if cell]
        if extra and not is_hxl(row, line):
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
        if cell.is_integer():
            return str(int(cell))
        return format(Decimal(repr(cell)), "f") if math.isfinite(cell) else repr(cell)
    return "" if cell is None else str(cell).strip()
