"""Which rows of a vector file are incidents?

Points, and rows without a place, are read like Features of a foreign GeoJSON: their attributes
are the columns. A file that we exported comes back by its columns, since its shapes are drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from geo.errors import IncidentError, TableError
from geo.incident import Incident, cautions
from geo.sources import own
from geo.sources.detection import SAMPLE, Detected, detect
from geo.sources.geojson import LAT, LON, cells_of
from geo.sources.record import Reader
from geo.sources.rows import CellError, Notes, Parsed, Rejected, Row
from geo.sources.vector import BOUNDS, Layer, Shape, Vector, opened

EPSG = "epsg"
_ABOUT = {"name", "value"}
# what is drawn a tenth of a metre from where it is said to be is drawn there
_SAME_DEGREES = 1e-6
# how GDAL writes a time into a Shapefile, which has none
_GDAL_TIME = re.compile(r"([0-9]{4})/([0-9]{2})/([0-9]{2})(?: ([0-9:.]{5,12}))?(?:\+00)?")
_DAY_OR_MONTH = re.compile(r"\s*[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4}")
# how KML says when
_BEGIN, _MOMENT = "begin", "timestamp"


@dataclass(slots=True)
class _Table:
    """What a first look at the rows of a layer shows."""

    ours: bool
    filled: dict[str, None] = field(default_factory=dict)
    dates: dict[str, dict[str, None]] = field(default_factory=dict)
    sample: list[dict[str, str]] = field(default_factory=list)
    found: Detected | None = None
    fault: TableError | None = None

    def look(self, feature: Mapping[str, Any]) -> None:
        """Note which columns a row fills, and with which dates; its shape is not checked yet."""
        geometry = feature["geometry"]
        if isinstance(geometry, dict) and geometry.get("type") == "Point":
            self.filled |= {LON: None, LAT: None}
        cells = _cells({"properties": feature["properties"]})
        if len(self.sample) < SAMPLE:
            self.sample.append(cells)
        for name, cell in cells.items():
            if cell:
                self.filled[name] = None
            # only these leave open what comes first
            if _DAY_OR_MONTH.match(cell):
                self.dates.setdefault(name, {})[cell] = None


def read(
    source: Path,
    *,
    now: datetime,
    notes: Notes,
    columns: Mapping[str, str] | None = None,
    most: int = BOUNDS.unpacked,
) -> Parsed:
    """Read the rows of a vector file as incidents, numbered from 1 in rejections.

    Parameters
    ----------
    source
        A GeoPackage, zipped Shapefile, KML, KMZ, FlatGeobuf or GeoParquet file.
    now
        Time of record.
    notes
        Where repairs and oddities are counted.
    columns
        Headers by field where detection needs help, `date_order`, and `epsg` for a file that
        states no coordinate system.
    most
        Bytes that are copied or unpacked.

    Raises
    ------
    VectorError
        Where the file is of no kind that is read, is damaged, or costs more than it may.
    TableError
        Where no layer has a column we know as a date.
    """
    chosen = dict(columns or {})
    epsg = chosen.pop(EPSG, "")
    with opened(source, epsg=epsg, bounds=replace(BOUNDS, unpacked=most)) as vector:
        tables = _look(vector, chosen)
        if not tables:
            msg = f"{source.name} has no rows; what it may link to is not followed"
            raise TableError(msg)
        if any(layer.placed and not layer.crs for layer in tables):
            if epsg:
                notes.repaired["crs_given"] += 1
            else:
                notes.flagged["crs_not_stated"] += 1
        yield from _incidents(vector, tables, now=now, notes=notes)


def columns_of(source: Path, chosen: Mapping[str, str]) -> Detected | None:
    """Say how the columns of the first layer with foreign rows are understood, if there is one.

    Raises
    ------
    InputError
        Where the file as a whole cannot be read, or a choice means nothing.
    """
    given = dict(chosen)
    with opened(source, epsg=given.pop(EPSG, ""), bounds=BOUNDS) as vector:
        tables: dict[Layer, _Table] = {}
        for shape in vector.shapes(checked=False):
            table = tables.setdefault(shape.layer, _Table(own.MARKS.issubset(shape.layer.fields)))
            table.look(shape.feature)
    if not tables or any(table.ours for table in tables.values()):
        return None
    layer, table = next(iter(tables.items()))
    return _detected(layer, table, given)


def _look(vector: Vector, chosen: Mapping[str, str]) -> dict[Layer, _Table]:
    """Find the columns of every layer.

    Raises
    ------
    TableError
        Where that fails for all layers.
    """
    tables: dict[Layer, _Table] = {}
    for shape in vector.shapes(checked=False):
        table = tables.setdefault(shape.layer, _Table(own.MARKS.issubset(shape.layer.fields)))
        if not table.ours:
            table.look(shape.feature)
    if any(table.ours for table in tables.values()):
        # what the file says about itself is no row
        tables = {layer: t for layer, t in tables.items() if set(layer.fields) != _ABOUT}
    for layer, table in tables.items():
        if not table.ours:
            _detect(layer, table, chosen)
    faults = [table.fault for table in tables.values()]
    if faults and None not in faults:
        raise faults[0] or TableError()
    return tables


def _detected(layer: Layer, table: _Table, chosen: Mapping[str, str]) -> Detected:
    given = {"lat": LAT, "lon": LON} if LAT in table.filled and layer.placed else {}
    return detect(
        tuple(table.filled),
        table.sample,
        chosen={**given, **chosen},
        dates=lambda header: table.dates.get(header, {}),
    )


def _detect(layer: Layer, table: _Table, chosen: Mapping[str, str]) -> None:
    try:
        found = _detected(layer, table, chosen)
    except TableError as error:
        table.fault = error
        return
    if found.questions:
        table.fault = TableError(found.questions[0].text)
    else:
        table.found = found


def _incidents(
    vector: Vector,
    tables: Mapping[Layer, _Table],
    *,
    now: datetime,
    notes: Notes,
) -> Parsed:
    readers = {
        layer: Reader(table.found.columns, table.found.order, "geojson", axes=table.found.axes)
        for layer, table in tables.items()
        if table.found
    }
    seen: dict[object, int] = {}
    for number, shape in enumerate(_of(vector, tables), start=1):
        table = tables[shape.layer]
        try:
            _check(shape, table)
            if table.ours:
                if _is_again(shape, seen):
                    continue
                incident = _own(shape, now, notes)
            else:
                incident = _foreign(shape, number, readers[shape.layer], now=now, notes=notes)
        except CellError as error:
            yield Rejected(number, error.column, error.value[:60], error.rule)
        except IncidentError as error:
            problem = error.problems[0]
            yield Rejected(number, problem.path, problem.value[:60], problem.rule)
        else:
            notes.flagged.update(cautions(incident))
            yield incident


def _is_again(shape: Shape, seen: dict[object, int]) -> bool:
    """Whether a row of ours says again what another said.

    What is near stands in two layers, as a spot and as an area.
    """
    said = {n: cell for n, cell in shape.feature["properties"].items() if n != "shown"}
    content = hash(tuple(sorted((name, repr(cell)) for name, cell in said.items())))
    is_again = said["id"] in seen
    if seen.setdefault(said["id"], content) != content:
        rule = "stands in two rows that differ, as a point and as an area: change both alike"
        raise CellError("id", str(said["id"]), rule)
    return is_again


def _check(shape: Shape, table: _Table) -> None:
    if shape.fault:
        raise CellError("geometry", shape.layer.name, shape.fault)
    if table.fault:
        raise CellError("layer", shape.layer.name, str(table.fault))


def _of(vector: Vector, tables: Mapping[Layer, _Table]) -> Iterator[Shape]:
    return (shape for shape in vector.shapes() if shape.layer in tables)


def _foreign(shape: Shape, number: int, reader: Reader, *, now: datetime, notes: Notes) -> Incident:
    geometry = shape.feature["geometry"]
    if geometry is not None and geometry["type"] != "Point":
        rule = "an incident has a Point or null; lines and areas are context layers"
        raise CellError("geometry", geometry["type"], rule)
    return reader.incident(Row(number, _cells(shape.feature)), now=now, notes=notes)


def _cells(feature: Mapping[str, Any]) -> dict[str, str]:
    cells = cells_of(feature)
    if _BEGIN in cells and _MOMENT in cells:
        moment = cells.pop(_MOMENT)
        cells[_BEGIN] = cells[_BEGIN] or moment
        cells["start"] = cells.get("start") or cells.pop(_BEGIN)
    for name, cell in cells.items():
        time = _GDAL_TIME.fullmatch(cell) if cell[4:5] == "/" else None
        if time:
            day = f"{time[1]}-{time[2]}-{time[3]}"
            cells[name] = f"{day}T{time[4]}" if time[4] else day
    return cells


def _own(shape: Shape, now: datetime, notes: Notes) -> Incident:
    """Read a row of a table that we exported; a point that was moved alone is told."""
    cells = cells_of({"properties": shape.feature["properties"]})
    geometry = shape.feature["geometry"]
    if geometry is not None and geometry["type"] == "Point":
        drawn = geometry["coordinates"][:2]
        stated = [shape.feature["properties"].get(name) for name in ("lon", "lat")]
        if not all(_is_near(a, b) for a, b in zip(drawn, stated, strict=True)):
            shown = ", ".join(f"{degrees:.6f}" for degrees in drawn)
            rule = (
                f"lon and lat say {stated[0]}, {stated[1]}: where the point moved, change them too"
            )
            raise CellError("geometry", shown, rule)
    return own.incident(cells, now=now, notes=notes)


def _is_near(drawn: float, stated: object) -> bool:
    return isinstance(stated, (int, float)) and abs(drawn - stated) < _SAME_DEGREES
