"""Does a workbook unfold to more than a table holds?

Two cells at opposite corners make a grid of billions; a text that is kept once may be shown a
million times; a row of an ODS may repeat itself. The readers build all of that in memory, so the
XML is looked through first, without building anything.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.parsers import expat

from geo.errors import ZIP_ERRORS, TableError

MAX_UNPACKED = 400_000_000
MAX_ROWS = 1_048_576
MAX_CELLS = 20_000_000
MAX_TEXT = 400_000_000
# each is held several times over while an ODS is unfolded
MAX_ODS_CELLS = 5_000_000
_STEP = 262_144
_CORNER = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")
_SHARED = "sharedstrings.xml"


def check_workbook(source: Path | bytes) -> str:
    """Answer with the kind of workbook, XLSX or ODS, once it is known to be of bearable size.

    Raises
    ------
    TableError
        When the file is damaged, no workbook, or unfolds to too much.
    """
    try:
        with zipfile.ZipFile(
            io.BytesIO(source) if isinstance(source, bytes) else source
        ) as archive:
            return _check(archive)
    except (*ZIP_ERRORS, OSError) as error:
        msg = f"the workbook cannot be read as XLSX: {error}"
        raise TableError(msg) from None
    except (expat.ExpatError, ValueError, RuntimeError) as error:
        if isinstance(error, TableError):
            raise
        msg = f"the workbook cannot be read as XLSX or ODS: {error}"
        raise TableError(msg) from None


def _check(archive: zipfile.ZipFile) -> str:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED:
        msg = f"the workbook unpacks to {unpacked:,} bytes: at most {MAX_UNPACKED:,} are read"
        raise TableError(msg)
    if "content.xml" in names:
        _read(archive, "content.xml", _OdsCells())
        return "ODS"
    if "xl/workbook.xml" not in {name.lower() for name in names}:
        msg = "the file is a zip archive and no workbook: unpack it, or save it as XLSX or ODS"
        raise TableError(msg)
    texts = _Texts()
    for part in parts:
        if part.filename.lower().endswith(_SHARED):
            _read(archive, part.filename, texts)
    for part in parts:
        # a sheet may bear any name: whatever is XML is looked through
        if not part.filename.lower().endswith(_SHARED) and _is_xml(archive, part.filename):
            _read(archive, part.filename, _XlsxCells(texts.lengths))
    return "XLSX"


def _is_xml(archive: zipfile.ZipFile, name: str) -> bool:
    with archive.open(name) as part:
        return part.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")


def _read(archive: zipfile.ZipFile, name: str, watcher: _Watcher) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = watcher.begin
    parser.EndElementHandler = watcher.end
    parser.CharacterDataHandler = watcher.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with archive.open(name) as content:
        while part := content.read(_STEP):
            parser.Parse(part)
        parser.Parse(b"", True)  # noqa: FBT003 expat takes no keywords


def _refuse_doctype(*_: object) -> None:
    msg = "the workbook declares a document type, which no spreadsheet does"
    raise TableError(msg)


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


class _Watcher:
    """Sees the XML of a part pass by."""

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """See an element begin."""

    def end(self, tag: str) -> None:
        """See an element end."""

    def text(self, data: str) -> None:
        """See text, which may come in pieces."""


class _Texts(_Watcher):
    """Lengths of the texts that cells share."""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def begin(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 as expat calls
        if _local(tag) == "si":
            self.lengths.append(0)

    def text(self, data: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(data)


class _XlsxCells(_Watcher):
    """The grid that the filled cells of a sheet span, and the text they show."""

    def __init__(self, lengths: list[int]) -> None:
        self._lengths = lengths
        self._index: list[str] = []
        self._row = self._column = self._rows = self._columns = self._shown = 0
        self._shared = self._reading = False

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "c":
            corner = _CORNER.match(attributes.get("r", ""))
            self._column = _column(corner[1]) if corner else self._column + 1
            self._row = int(corner[2]) if corner else self._row
            self._shared = attributes.get("t") == "s"
        elif name == "row":
            stated = attributes.get("r", "")
            self._row = int(stated) if stated.isdigit() and len(stated) < 9 else self._row + 1
            self._column = 0
        elif name in ("v", "is", "f"):
            self._reading = name == "v" and self._shared
            self._rows = max(self._rows, self._row)
            self._columns = max(self._columns, self._column)

    def text(self, data: str) -> None:
        if self._reading:
            self._index.append(data)

    def end(self, tag: str) -> None:
        name = _local(tag)
        if name == "v" and self._reading:
            said = "".join(self._index).strip()
            self._index.clear()
            self._reading = False
            number = int(said) if said.isascii() and said.isdigit() and len(said) < 9 else -1
            self._shown += self._lengths[number] if 0 <= number < len(self._lengths) else 0
            if self._shown > MAX_TEXT:
                msg = f"the workbook shows more than {MAX_TEXT:,} characters of repeated text"
                raise TableError(msg)
        elif name == "row" and (self._rows > MAX_ROWS or self._rows * self._columns > MAX_CELLS):
            msg = (
                f"a sheet spans {self._rows:,} rows of {self._columns:,} cells: at most "
                f"{MAX_ROWS:,} rows and {MAX_CELLS:,} cells are read"
            )
            raise TableError(msg)


class _OdsCells(_Watcher):
    """The filled cells of an ODS, with the rows and cells that repeat themselves."""

    def __init__(self) -> None:
        self._total = self._row = self._rows = self._columns = 0
        self._filled = False

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "table-row":
            self._row, self._rows = 0, _repeated(attributes, "rows")
        elif name in ("table-cell", "covered-table-cell"):
            self._columns = _repeated(attributes, "columns")
            self._filled = any(_local(key).endswith("value") for key in attributes)

    def text(self, data: str) -> None:
        self._filled = self._filled or bool(data.strip())

    def end(self, tag: str) -> None:
        name = _local(tag)
        if name in ("table-cell", "covered-table-cell"):
            self._row += self._columns if self._filled else 0
            self._filled = False
        elif name == "table-row":
            self._total += self._row * self._rows
            if self._total > MAX_ODS_CELLS:
                msg = f"the workbook unfolds to more than {MAX_ODS_CELLS:,} filled cells"
                raise TableError(msg)


def _repeated(attributes: dict[str, Any], what: str) -> int:
    wanted = f"number-{what}-repeated"
    text = next((v for k, v in attributes.items() if _local(k) == wanted), "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 1


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
