"""How does a row of UCDP GED become an incident?

Columns are found by name, so every release since 2019, gzip, zip, GeoJSON, answers of the API
and the HDX form with its HXL row are read; a candidate file without a header has the 49 columns
of `COLUMNS`. Codes: UCDP GED codebook. Licence: CC BY 4.0.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from geo import countries, licences
from geo.actors import canonical
from geo.errors import IncidentError, TableError
from geo.incident import (
    Actor,
    DatePrecision,
    Incident,
    Located,
    Point,
    Precision,
    Recorded,
    Source,
    Toll,
    cautions,
)
from geo.sources.packed import is_json, json_rows, open_table, read_json
from geo.sources.rows import (
    MAX_DECOMPRESSED,
    CellError,
    Notes,
    Parsed,
    Rejected,
    Row,
    count,
    day,
    decimal,
    read_rows,
    whole,
)
from geo.taxonomy import event_type, from_ucdp

NEEDED = ("id", "type_of_violence", "where_prec", "date_start", "date_end", "latitude")
COLUMNS = (
    *("id", "relid", "year", "active_year", "code_status", "type_of_violence"),
    *("conflict_dset_id", "conflict_new_id", "conflict_name", "dyad_dset_id", "dyad_new_id"),
    *("dyad_name", "side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id"),
    *("side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office"),
    *("source_date", "source_headline", "source_original", "where_prec", "where_coordinates"),
    *("where_description", "adm_1", "adm_2", "latitude", "longitude", "geom_wkt"),
    *("priogrid_gid", "country", "country_id", "region", "event_clarity", "date_prec"),
    *("date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"),
    *("best", "high", "low", "gwnoa", "gwnob"),
)
# an id and a relid, where a header would have names
_NO_HEADER = re.compile(r'"?[0-9]{1,9}"?,"?(?:[A-Z]{2,4}-|[0-9]+"?,)')
# where_prec: precision, radius in km, whether UCDP itself states that radius
PRECISION: Mapping[int, tuple[Precision, float | None, bool]] = MappingProxyType(
    {
        1: ("exact", None, True),
        2: ("near", 25.0, True),
        3: ("district", 30.0, False),
        4: ("province", 120.0, False),
        5: ("area", 50.0, False),
        6: ("country", None, True),
        7: ("area", 50.0, False),
    }
)
DATE_PRECISION: Mapping[int, DatePrecision] = MappingProxyType(
    {1: "day", 2: "day", 3: "week", 4: "month", 5: "year"}
)
# in the order in which they are written
_NATIVE = sorted(
    (
        *("relid", "code_status", "type_of_violence", "conflict_new_id", "conflict_name"),
        *("dyad_new_id", "dyad_name", "side_a_new_id", "side_b_new_id", "number_of_sources"),
        *("where_prec", "where_coordinates", "where_description", "latitude", "longitude"),
        *("priogrid_gid", "country_id", "event_clarity", "date_prec", "deaths_a", "deaths_b"),
        *("deaths_civilians", "deaths_unknown", "gwnoa", "gwnob"),
    )
)


def read(
    source: Path | bytes, *, now: datetime, notes: Notes, most: int = MAX_DECOMPRESSED
) -> Parsed:
    """Read UCDP GED rows as incidents; a packed file unpacks to `most` bytes.

    Raises
    ------
    TableError
        When the file has no UCDP GED header.
    """
    yield from parse(rows(source, most=most), now=now, notes=notes)


def parse(rows: Iterable[Row | Rejected], *, now: datetime, notes: Notes) -> Parsed:
    """Read rows as incidents, each by itself.

    Raises
    ------
    TableError
        When the rows have no UCDP GED header.
    """
    checked, recorded = False, Recorded(first_seen=now, updated=now)
    for row in rows:
        if isinstance(row, Rejected):
            yield row
            continue
        if not checked:
            missing = [name for name in NEEDED if name not in row.cells]
            if missing:
                msg = f"no UCDP GED header: column {missing[0]!r} is missing"
                raise TableError(msg)
            checked = True
        try:
            incident = _incident(row, recorded, notes)
        except CellError as error:
            yield Rejected(row.line, error.column, error.value[:60], error.rule)
        except IncidentError as error:
            problem = error.problems[0]
            yield Rejected(row.line, problem.path, problem.value, problem.rule)
        else:
            notes.flagged.update(cautions(incident))
            yield incident


def rows(source: Path | bytes, *, most: int = MAX_DECOMPRESSED) -> Iterator[Row | Rejected]:
    """Read the rows of a file, which are not yet understood."""
    if is_json(source):
        yield from json_rows(read_json(source, most=most), lists=("Result",), needed=NEEDED)
        return
    with open_table(source, most=most) as text:
        try:
            first = text.readline(1_000_000)
        except UnicodeDecodeError:
            msg = "the file is not UTF-8 text: save it as CSV UTF-8 and try again"
            raise TableError(msg) from None
        if not _NO_HEADER.match(first):
            yield from read_rows(_Lines([first], text))
            return
        # one line more than the file has
        for row in read_rows(_Lines([",".join(COLUMNS) + "\n", first], text), delimiter=","):
            if isinstance(row, Row):
                yield Row(row.line - 1, row.cells)
            else:
                yield Rejected(row.line - 1, row.field, row.value, row.rule)


class _Lines(io.TextIOBase):
    """Lines that were looked at already, or stand for a header, then the rest of a text."""

    def __init__(self, first: list[str], rest: io.TextIOBase) -> None:
        self._first, self._rest = first, rest

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        return self._first.pop(0) if self._first else self._rest.readline(size)


def _incident(row: Row, recorded: Recorded, notes: Notes) -> Incident:
    cells = row.cells
    key = cells["id"]
    if not key:
        raise CellError("id", key, "a row has an id")
    precision, radius, stated = _precision(row)
    kind = from_ucdp(cells["type_of_violence"])
    if kind is None:
        rule = "must be 1, 2 or 3"
        raise CellError("type_of_violence", cells["type_of_violence"], rule)
    start, end = day(row, "date_start"), day(row, "date_end")
    if end < start:
        raise CellError("date_end", str(end), f"must not be before date_start {start}")
    coarse = precision not in ("exact", "near")
    point = None if precision in ("country", "none") else _point(row)
    if precision == "country":
        notes.repaired["country_centroid_not_used"] += 1
    _notice(cells, notes)
    return Incident(
        id=f"ucdp:{key}",
        event_type=kind,
        title=_title(cells, event_type(kind).label),
        summary=cells.get("conflict_name", ""),
        start=start,
        end=end,
        date_precision=DATE_PRECISION.get(whole(row, "date_prec") or 1, "year"),
        place_name=cells.get("where_coordinates", ""),
        admin1=_unit(cells.get("adm_1", ""), " province"),
        admin2=_unit(cells.get("adm_2", ""), " district"),
        countries=_countries(row),
        point=point,
        precision=precision,
        radius_km=radius,
        located=Located(
            method="UCDP GED where_prec " + cells["where_prec"],
            point="representative" if coarse else "site",
            radius="" if radius is None else "source" if stated else "assumed",
        ),
        actors=tuple(
            Actor(name=cells[side], role=role, canonical=canonical(cells[side]))
            for side, role in (("side_a", "side A"), ("side_b", "side B"))
            if cells.get(side)
        ),
        deaths=Toll(count(row, "low"), count(row, "best"), count(row, "high")),
        sources=_sources(cells),
        recorded=recorded,
        native={name: cells[name] for name in _NATIVE if cells.get(name)},
        licence=licences.UCDP,
    )


def _notice(cells: Mapping[str, str], notes: Notes) -> None:
    """Count what UCDP itself says is not settled."""
    if cells.get("number_of_sources") == "-1":
        notes.flagged["sources_not_recorded"] += 1
    if cells.get("event_clarity") == "2":
        notes.flagged["aggregate_of_several_events"] += 1
    if cells.get("code_status", "Clear").casefold() != "clear":
        notes.flagged["code_status_not_clear"] += 1


def _precision(row: Row) -> tuple[Precision, float | None, bool]:
    code = whole(row, "where_prec")
    if code is None or code not in PRECISION:
        raise CellError("where_prec", row.cells["where_prec"], "must be 1 to 7")
    return PRECISION[code]


def _point(row: Row) -> Point:
    lat, lon = decimal(row, "latitude", limit=90), decimal(row, "longitude", limit=180)
    if lat is None or lon is None:
        raise CellError("latitude", "", "a place of this where_prec has coordinates")
    return Point(lon, lat)


def _countries(row: Row) -> tuple[str, ...]:
    number = whole(row, "country_id")
    code = (
        countries.iso3(row.cells.get("iso3", ""))
        or (countries.from_gw(number) if number is not None else None)
        or countries.iso3(row.cells.get("country", ""))
    )
    if code is None:
        raise CellError("country", row.cells.get("country", ""), "is no country we know")
    return (code,)


def _title(cells: Mapping[str, str], kind: str) -> str:
    sides = " – ".join(cells[side] for side in ("side_a", "side_b") if cells.get(side))
    place = cells.get("where_coordinates", "")
    return ": ".join(part for part in (kind, ", ".join(p for p in (sides, place) if p)) if part)[
        :300
    ]


def _unit(text: str, suffix: str) -> str:
    return text.removesuffix(suffix)


def _sources(cells: Mapping[str, str]) -> tuple[Source, ...]:
    """Read the parallel lists of newer releases; headlines are the publishers' and stay out."""
    offices = [part.strip() for part in cells.get("source_office", "").split(";")]
    days = [part.strip() for part in cells.get("source_date", "").split(";")]
    if not any(offices):
        return (Source(publisher="UCDP GED"),)
    found = []
    for i, office in enumerate(offices):
        if office:
            found.append(
                Source(publisher=office, published=_day(days[i]) if i < len(days) else None)
            )
    return tuple(dict.fromkeys(found))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text[:10].isascii() else None
    except ValueError:
        return None
