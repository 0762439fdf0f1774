"""What does every source answer with, and how is a table's text opened safely?

A parser yields incidents and rejections in the order of the file and counts what it repaired
or noticed. Nothing is dropped in silence, and no file is held whole.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO

from geo.errors import InputError, TableError
from geo.incident import Incident

MAX_DECOMPRESSED = 4_000_000_000
_MAX_CELL = 131_072
_MAX_COLUMNS = 2_000
_WHOLE = re.compile(r"-?[0-9]{1,9}\Z")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,9}(?:\.[0-9]{1,20})?\Z")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9:.]{1,20}Z?)?\Z")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row, Feature or cell that was refused: where, which value, which rule."""

    line: int
    field: str
    value: str
    rule: str


@dataclass(slots=True)
class Notes:
    """Counts that a parser keeps while it reads."""

    repaired: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table by header, and the line it begins on."""

    line: int
    cells: dict[str, str]


class CellError(InputError):
    """One cell breaks a rule; the row is rejected, the file goes on."""

    def __init__(self, column: str, value: str, rule: str) -> None:
        self.column, self.value, self.rule = column, value, rule
        super().__init__(f"{column} is {value[:60]!r}: {rule}")


Parsed = Iterator[Incident | Rejected]


def open_text(
    source: Path | bytes, *, gz: bool = False, most: int = MAX_DECOMPRESSED
) -> io.TextIOBase:
    """Open a table as UTF-8 text, a gzip file too where a source is known to come so."""
    raw: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    head = raw.read(4)
    raw.seek(0)
    packed = {b"\x1f\x8b": "gzip", b"PK": "zip"}.get(head[:2], "")
    if packed == "gzip" and gz:
        raw = _Bounded(raw, most)  # type: ignore[assignment]
    elif packed:
        raw.close()
        msg = f"the file is a {packed} archive: unpack it first"
        raise TableError(msg)
    return io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")


def read_rows(
    text: io.TextIOBase, *, delimiter: str | None = None, tags: bool = False
) -> Iterator[Row | Rejected]:
    """Read a delimited table with its header; a HXL tag row under it is answered only if asked.

    Raises
    ------
    TableError
        When the file as a whole is no table: empty, not UTF-8, columns twice, an open quote.
    """
    csv.field_size_limit(_MAX_CELL)
    try:
        first = text.readline(1_000_000)
    except UnicodeDecodeError:
        raise TableError(_NOT_UTF8) from None
    if not first.strip():
        msg = "the file is empty: a table begins with a line of column names"
        raise TableError(msg)
    chosen = delimiter or _delimiter(first)
    lines = _Lines(first, text)
    reader = csv.reader(lines, delimiter=chosen, strict=True)
    header = _header(reader)
    while True:
        begun = lines.count + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error):
                msg = f"a quote opened in line {begun} is never closed"
                raise TableError(msg) from None
            yield Rejected(begun, "row", str(error), "a cell holds at most 131,072 characters")
            continue
        except UnicodeDecodeError:
            raise TableError(_NOT_UTF8) from None
        if not any(cells) or (is_hxl(cells, begun) and not tags):
            continue
        yield _row(begun, header, cells)


def _row(line: int, header: list[str], cells: list[str]) -> Row | Rejected:
    if len(cells) != len(header):
        rule = f"a row has as many cells as the header, {len(header)}"
        return Rejected(line, "row", f"{len(cells)} cells", rule)
    if "\0" in "".join(cells):
        return Rejected(line, "row", "a NUL character", "text has no NUL characters")
    return Row(line, dict(zip(header, map(str.strip, cells), strict=True)))


def whole(row: Row, column: str) -> int | None:
    """Read a whole number in plain digits; None where the cell is empty or absent."""
    text = row.cells.get(column, "")
    if not text:
        return None
    text = text.removesuffix(".0")
    if not (_WHOLE.match(text) and text.isascii()):
        raise CellError(column, text, "must be a whole number in plain digits")
    return int(text)


def count(row: Row, column: str) -> int | None:
    """Read a number of people."""
    number = whole(row, column)
    if number is not None and number < 0:
        raise CellError(column, str(number), "a number of people is not negative")
    return number


def decimal(row: Row, column: str, *, limit: float) -> float | None:
    """Read a coordinate in plain decimal digits."""
    text = row.cells.get(column, "")
    if not text:
        return None
    if not (_DECIMAL.match(text) and text.isascii()):
        raise CellError(column, text, "must be decimal degrees in plain digits, such as 34.5281")
    number = float(text)
    if abs(number) > limit:
        raise CellError(column, text, f"must lie between -{limit:g} and {limit:g}")
    return number


def day(row: Row, column: str) -> date:
    """Read a calendar day as written; a time of day after it is passed over, never converted."""
    text = row.cells.get(column, "")
    found = _DAY.match(text)
    if not (found and text.isascii()):
        rule = "must be a day as YYYY-MM-DD; other orders are ambiguous"
        raise CellError(column, text, rule)
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise CellError(column, text, "is no day of the calendar") from None


_NOT_UTF8 = "the file is not UTF-8 text: save it as CSV UTF-8 and try again"


class _Lines:
    """Feeds lines to csv and counts them; a lone carriage return ends a line too, nothing else."""

    def __init__(self, first: str, rest: io.TextIOBase) -> None:
        self.count = 0
        self._first = first
        self._rest = rest

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line, self._first = self._first or self._rest.readline(4_000_000), ""
        if not line:
            raise StopIteration
        self.count += 1
        bare = line.rstrip("\r\n")
        return line if bare == line else f"{bare}\n"


class _Bounded(io.RawIOBase):
    """Stops a gzip stream that unpacks to more than anyone's event data."""

    def __init__(self, packed: BinaryIO, most: int) -> None:
        self._packed = packed
        self._stream = gzip.GzipFile(fileobj=packed)
        self._left = self._most = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except (OSError, EOFError) as error:
            msg = f"the gzip file is damaged: {error}"
            raise TableError(msg) from None
        self._left -= len(data)
        if self._left < 0:
            msg = f"the gzip file unpacks to more than {self._most:,} bytes"
            raise TableError(msg)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        self._packed.close()
        super().close()


def _delimiter(header: str) -> str:
    return max(",;\t|", key=header.count)


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        header = [name.strip() for name in next(reader)]
    except csv.Error as error:
        rule = "every quote is closed and a name holds at most 131,072 characters"
        msg = f"the header cannot be read: {error}; {rule}"
        raise TableError(msg) from None
    except UnicodeDecodeError:
        raise TableError(_NOT_UTF8) from None
    _check_header(header)
    return header


def _check_header(header: list[str]) -> None:
    if len(header) > _MAX_COLUMNS:
        msg = f"the table has {len(header):,} columns: at most {_MAX_COLUMNS:,} are read"
        raise TableError(msg)
    twice = [name for name, n in Counter(name.casefold() for name in header).items() if n > 1]
    if twice:
        msg = f"column {twice[0][:60]!r} stands twice in the header: names must differ"
        raise TableError(msg)


def is_hxl(cells: Iterable[str], line: int) -> bool:
    """Whether a row under the header holds HXL tags, which describe columns and no event."""
    return line <= 3 and sum(cell.strip().startswith("#") for cell in cells) >= 3
