"""How does a table become incidents: CSV, TSV, XLSX, ODS or a JSON list?

The first rows show which column holds what (`geo.sources.detection`); then the file is read from
its start, and every row becomes an incident or a rejection with its line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from geo.errors import IncidentError, TableError
from geo.incident import Incident, Point, cautions
from geo.sources import own, presets
from geo.sources.checks import Piles, Question
from geo.sources.columns import ENCODING
from geo.sources.detection import SAMPLE, Detected, detect
from geo.sources.opening import Table, headers_of, open_table
from geo.sources.record import Reader
from geo.sources.rows import CellError, Notes, Parsed, Rejected, Row

_ORDER_SAMPLE = 100_000
_ReadRow = Callable[..., Incident]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a table looks like before anything is brought in.

    The first rows as they stand, the points they would get (None where a row gets none), and
    what must be answered first.
    """

    detected: Detected
    rows: tuple[Mapping[str, str], ...]
    points: tuple[Point | None, ...]
    questions: tuple[Question, ...]


def read(
    source: Path | bytes, *, now: datetime, notes: Notes, columns: Mapping[str, str] | None = None
) -> Parsed:
    """Read the rows of a table as incidents.

    Parameters
    ----------
    source
        A CSV, TSV, XLSX or ODS file, or a JSON list of records.
    now
        Time of record.
    notes
        Where repairs and oddities are counted.
    columns
        Headers by field, and the options of `geo.sources.columns`, where detection needs help.

    Raises
    ------
    TableError
        Where the file as a whole cannot be read, or a question about it is open.
    """
    chosen = dict(columns or {})
    table = open_table(source, notes=notes, encoding=chosen.get(ENCODING, ""))
    first, tags = table.beginning(SAMPLE)
    if not first:
        refused = [row for row in table.rows() if isinstance(row, Rejected)]
        if not refused:
            msg = f"{_name(source)} has a header and no rows"
            raise TableError(msg)
        yield from refused
        return
    found = _detect(table, first, tags, chosen)
    if found.questions:
        raise TableError(found.questions[0].text)
    if found.source:
        notes.flagged[f"source_{found.source}_knows_this_table_better"] += 1
    read_row, piles = _reader(found), Piles()
    for row in table.rows():
        made = _made(row, read_row, now=now, notes=notes)
        if isinstance(made, Incident):
            notes.flagged.update(cautions(made))
            if made.point:
                piles.add(made.point)
        yield made
    if found.preset != presets.ATLAS and (piled := piles.rows()):
        notes.flagged["one_position_for_many_rows"] += piled


def preview(
    source: Path | bytes, *, columns: Mapping[str, str] | None = None, rows: int = 5
) -> Preview:
    """Show how a table would be read, by its first rows.

    Raises
    ------
    TableError
        Where the file as a whole cannot be read, or a choice means nothing.
    """
    chosen, notes = dict(columns or {}), Notes()
    table = open_table(source, notes=notes, encoding=chosen.get(ENCODING, ""))
    first, tags = table.beginning(SAMPLE)
    if not first:
        msg = f"{_name(source)} has a header and no rows"
        raise TableError(msg)
    found = _detect(table, first, tags, chosen)
    shown = first[: max(0, rows)]
    points: list[Point | None] = []
    if not any(q.option in ("start", "date_order") for q in found.questions):
        # the time of record is in no preview
        when, read_row = datetime(1970, 1, 1, tzinfo=UTC), _reader(found)
        made = [_made(row, read_row, now=when, notes=notes) for row in shown]
        points = [one.point if isinstance(one, Incident) else None for one in made]
    return Preview(
        detected=found,
        rows=tuple(dict(row.cells) for row in shown),
        points=tuple(points),
        questions=found.questions,
    )


def _detect(
    table: Table, first: list[Row], tags: Mapping[str, str], chosen: Mapping[str, str]
) -> Detected:
    return detect(
        headers_of(first),
        [row.cells for row in first],
        chosen=chosen,
        tags=tags,
        dates=lambda header: table.column(header, _ORDER_SAMPLE),
    )


def _reader(found: Detected) -> _ReadRow:
    if found.preset != presets.ATLAS:
        return Reader(found.columns, found.order, "table", axes=found.axes).incident
    names = {header: name for name, header in found.columns.items()}

    def read_own(row: Row, *, now: datetime, notes: Notes) -> Incident:
        cells = {names.get(header, header): cell for header, cell in row.cells.items()}
        return own.incident(cells, now=now, notes=notes, order=found.order)

    return read_own


def _made(
    row: Row | Rejected, read_row: _ReadRow, *, now: datetime, notes: Notes
) -> Incident | Rejected:
    if isinstance(row, Rejected):
        return row
    try:
        return read_row(row, now=now, notes=notes)
    except CellError as error:
        return Rejected(row.line, error.column, error.value[:60], error.rule)
    except IncidentError as error:
        problem = error.problems[0]
        return Rejected(row.line, problem.path, problem.value[:60], problem.rule)


def _name(source: Path | bytes) -> str:
    return "the table" if isinstance(source, bytes) else source.name
