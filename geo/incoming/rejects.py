"""How does a person get the rejected rows back, to mend them and bring them again?

As CSV: why first, then, where a table has rows of its own, the row as it stands in the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from geo.sources import ucdp
from geo.sources.columns import ENCODING
from geo.sources.opening import open_table
from geo.sources.rows import Notes, Rejected, Row
from geo.text import to_csv_cell

_WHY = ("rejected line", "rejected field", "rejected value", "rejected rule")


def rejects(
    rejected: Sequence[Rejected], source: str, path: Path | None, columns: Mapping[str, str]
) -> Iterator[bytes]:
    """Write rejected rows as UTF-8 CSV whose cells no spreadsheet takes for a formula.

    Parameters
    ----------
    rejected
        Why, and on which lines.
    source, path, columns
        The file they come from and how it was read; no file where there are only reasons.
    """
    held = _rows(source, path, columns, {one.line for one in rejected}) if path else {}
    headers = tuple(dict.fromkeys(name for cells in held.values() for name in cells))
    # spreadsheets take a file without this mark for one in their own letters
    yield b"\xef\xbb\xbf"
    yield _line((*_WHY, *headers))
    for one in rejected:
        cells = held.get(one.line, {})
        why = (one.line, one.field, one.value, one.rule)
        yield _line((*why, *(cells.get(name, "") for name in headers)))


def _rows(
    source: str, path: Path, columns: Mapping[str, str], lines: set[int]
) -> dict[int, dict[str, str]]:
    rows: Iterator[Row | Rejected]
    if source == "table":
        rows = open_table(path, notes=Notes(), encoding=columns.get(ENCODING, "")).rows()
    elif source == "ucdp":
        rows = ucdp.rows(path)
    else:
        return {}
    return {row.line: row.cells for row in rows if isinstance(row, Row) and row.line in lines}


def _line(cells: Sequence[object]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow([to_csv_cell(cell) for cell in cells])
    return out.getvalue().encode("utf-8", "replace")
