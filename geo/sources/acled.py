"""How does a row of ACLED become an incident?

The export of the website (CSV, XLSX; 31 columns, older ones too) and the rows of the API are one
vocabulary. ACLED's figure is one conservative number, and its 0 also stands where nothing was
reported: it is kept among the native codes and becomes an unknown toll, not "none died".
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from geo import countries, licences
from geo.actors import canonical
from geo.errors import IncidentError, TableError
from geo.incident import (
    ASSUMED_RADIUS_KM,
    MAX_TITLE,
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
from geo.sources.columns import DATE_ORDER, DateOrder, date_order
from geo.sources.days import read_days
from geo.sources.packed import is_json, is_workbook, json_rows, open_table, read_json
from geo.sources.rows import (
    MAX_DECOMPRESSED,
    CellError,
    Notes,
    Parsed,
    Rejected,
    Row,
    count,
    decimal,
    read_rows,
    whole,
)
from geo.sources.unfolding import check_workbook
from geo.sources.workbook import workbook_rows
from geo.taxonomy import event_type, from_acled
from geo.text import from_csv_cell

COLUMNS = (
    *("event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type"),
    *("sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2"),
    *("inter2", "interaction", "civilian_targeting", "iso", "region", "country", "admin1"),
    *("admin2", "admin3", "location", "latitude", "longitude", "geo_precision", "source"),
    *("source_scale", "notes", "fatalities", "tags", "timestamp"),
)
NEEDED = ("event_id_cnty", "event_date", "sub_event_type", "latitude", "geo_precision")
PRECISION: Mapping[int, Precision] = MappingProxyType({1: "exact", 2: "near", 3: "province"})
DATE_PRECISION: Mapping[int, DatePrecision] = MappingProxyType({1: "day", 2: "week", 3: "month"})
# what an event of this kind is at least, where its sub-type is new to us
_PARENTS: Mapping[str, str] = MappingProxyType(
    {
        "battles": "armed_clash",
        "explosions/remote violence": "explosion",
        "violence against civilians": "attack_on_civilians",
        "protests": "protest",
        "riots": "riot",
    }
)
# said by the incident's own fields, so not repeated among its native codes
_SPOKEN = frozenset(
    (
        *("event_date", "year", "actor1", "actor2", "assoc_actor_1", "assoc_actor_2"),
        *("country", "admin1", "admin2", "location", "latitude", "longitude", "source", "notes"),
    )
)
_SHORT_YEAR = re.compile(r"([0-9]{1,2}[-/. ](?:[A-Za-z]{3,9}|[0-9]{1,2})[-/. ])([0-9]{2})\Z")
_FIRST_YEAR = 97


def read(
    source: Path | bytes,
    *,
    now: datetime,
    notes: Notes,
    columns: Mapping[str, str] | None = None,
    most: int = MAX_DECOMPRESSED,
) -> Parsed:
    """Read ACLED rows as incidents.

    Parameters
    ----------
    source
        A CSV or XLSX export, or an answer of the API.
    now
        Time of record.
    notes
        Where repairs and oddities are counted.
    columns
        `date_order` alone, `dmy` or `mdy`, where a file of numeric dates leaves it open.
    most
        Bytes to which a packed file may unpack.

    Raises
    ------
    TableError
        When it is no ACLED table, is monadic, or leaves day and month open.
    """
    chosen = dict(columns or {})
    wrong = [name for name in chosen if name != DATE_ORDER]
    if wrong:
        msg = f"column {wrong[0][:40]!r} is given: ACLED has columns of its own; tell {DATE_ORDER}"
        raise TableError(msg)
    rows = _opener(source, most)
    order = _look(rows(), chosen.get(DATE_ORDER, ""))
    for row in rows():
        if isinstance(row, Rejected):
            yield row
            continue
        try:
            incident = _incident(_plain(row), order, now, notes)
        except CellError as error:
            yield Rejected(row.line, error.column, error.value[:60], error.rule)
        except IncidentError as error:
            problem = error.problems[0]
            yield Rejected(row.line, problem.path, problem.value[:60], problem.rule)
        else:
            notes.flagged.update(cautions(incident))
            yield incident


def _opener(source: Path | bytes, most: int) -> Callable[[], Iterator[Row | Rejected]]:
    """Open a file as rows that can be gone through twice."""
    if is_workbook(source):
        # looked through once, though it is read twice
        checked = check_workbook(source)
        return lambda: workbook_rows(source, checked=checked)
    if is_json(source):
        answer = read_json(source, most=most)
        return lambda: json_rows(answer, lists=("data",), needed=NEEDED)
    return lambda: _lines(source, most)


def _lines(source: Path | bytes, most: int) -> Iterator[Row | Rejected]:
    with open_table(source, most=most) as text:
        yield from read_rows(text)


def _look(rows: Iterator[Row | Rejected], chosen: str) -> DateOrder:
    """Go through a file once: is it ACLED's, one row an event, and how are its dates ordered?"""
    found = (row for row in rows if isinstance(row, Row))
    first = next(found, None)
    if first is None:
        return ""
    missing = [name for name in NEEDED if name not in first.cells]
    if missing:
        msg = f"no ACLED header: column {missing[0]!r} is missing"
        raise TableError(msg)
    seen: dict[str, tuple[str, str]] = {}

    def dates() -> Iterator[str]:
        for row in chain((first,), found):
            key = row.cells["event_id_cnty"]
            here = row.cells.get("timestamp", ""), row.cells.get("actor1", "")
            stamp, actor = seen.setdefault(key, here)
            if key and stamp == here[0] and actor != here[1]:
                msg = (
                    f"event {key[:40]!r} stands in the file once for each actor (line {row.line}): "
                    "it is a monadic export; export it as dyadic, one row an event"
                )
                raise TableError(msg)
            yield _full_year(row.cells["event_date"])

    # not lazily: a monadic file may have ISO dates in its first rows
    return date_order(tuple(dict.fromkeys(dates())), header="event_date", chosen=chosen)


def _plain(row: Row) -> Row:
    return Row(row.line, {name: from_csv_cell(text) for name, text in row.cells.items()})


def _incident(row: Row, order: DateOrder, now: datetime, notes: Notes) -> Incident:
    cells = row.cells
    key = cells["event_id_cnty"]
    if not key:
        raise CellError("event_id_cnty", key, "a row has the id of its event")
    kind = _kind(cells, notes)
    start, end, date_precision = _period(row, order, notes)
    precision, point = _place(row)
    radius = ASSUMED_RADIUS_KM.get(precision)
    return Incident(
        id=f"acled:{key}",
        event_type=kind,
        title=_title(cells, event_type(kind).label),
        summary=cells.get("notes", ""),
        start=start,
        end=end,
        date_precision=date_precision,
        place_name=cells.get("location", ""),
        admin1=cells.get("admin1", ""),
        admin2=cells.get("admin2", ""),
        countries=_countries(row, notes),
        point=point,
        precision=precision,
        radius_km=radius,
        located=Located(
            method=f"ACLED geo_precision {cells['geo_precision']}",
            point="representative" if precision == "province" else "site",
            radius="" if radius is None else "assumed",
        ),
        actors=_actors(cells),
        deaths=_deaths(row, notes),
        sources=tuple(
            dict.fromkeys(Source(publisher=name) for name in _listed(cells.get("source", "")))
        ),
        recorded=Recorded(first_seen=now, updated=now),
        native={name: text for name, text in cells.items() if text and name not in _SPOKEN},
        licence=licences.ACLED,
    )


def _kind(cells: Mapping[str, str], notes: Notes) -> str:
    parent, sub = cells.get("event_type", ""), cells["sub_event_type"]
    found = from_acled(parent, sub)
    if found:
        return found
    found = _PARENTS.get(" ".join(parent.casefold().split()))
    # ACLED itself writes Demostrations too
    if found is None and cells.get("disorder_type", "").casefold().startswith("demo"):
        found = "protest"
    notes.flagged["event_type_by_its_group" if found else "event_type_unknown"] += 1
    return found or "other"


def _period(row: Row, order: DateOrder, notes: Notes) -> tuple[date, date, DatePrecision]:
    text = row.cells["event_date"]
    whole_year = _full_year(text)
    if whole_year != text:
        notes.repaired["year_of_two_digits"] += 1
    day, end, precision = read_days(whole_year, column="event_date", order=order)
    if precision != "day":
        raise CellError("event_date", text, "must be a day; time_precision says how exact it is")
    code = whole(row, "time_precision")
    if code is not None and code not in DATE_PRECISION:
        raise CellError("time_precision", str(code), "must be 1 (day), 2 (week) or 3 (month)")
    if code == 2:
        # the day only stands for its week
        day -= timedelta(days=day.weekday())
        return day, day + timedelta(days=6), "week"
    if code == 3:
        last = calendar.monthrange(day.year, day.month)[1]
        return day.replace(day=1), day.replace(day=last), "month"
    return day, end, "day"


def _full_year(text: str) -> str:
    """Write out a year of two digits; ACLED begins in 1997."""
    found = _SHORT_YEAR.match(text.strip())
    if not found:
        return text
    return f"{found[1]}{19 if int(found[2]) >= _FIRST_YEAR else 20}{found[2]}"


def _place(row: Row) -> tuple[Precision, Point]:
    code = whole(row, "geo_precision")
    if code is None or code not in PRECISION:
        rule = "must be 1 (exact), 2 (near) or 3 (province)"
        raise CellError("geo_precision", row.cells["geo_precision"], rule)
    lat, lon = decimal(row, "latitude", limit=90), decimal(row, "longitude", limit=180)
    if lat is None or lon is None:
        raise CellError("latitude", "", "an event of ACLED has coordinates")
    return PRECISION[code], Point(lon, lat)


def _countries(row: Row, notes: Notes) -> tuple[str, ...]:
    number = whole(row, "iso")
    code = (
        (countries.from_numeric(number) if number else None)
        or countries.iso3(row.cells.get("iso3", ""))
        or countries.iso3(row.cells.get("country", ""))
    )
    if code is None:
        notes.flagged["country_unknown"] += 1
    return (code,) if code else ()


def _deaths(row: Row, notes: Notes) -> Toll:
    number = count(row, "fatalities")
    if number == 0:
        notes.flagged["fatalities_zero_or_unknown"] += 1
    return Toll(best=number) if number else Toll()


def _actors(cells: Mapping[str, str]) -> tuple[Actor, ...]:
    made = []
    for side, number in (("side A", 1), ("side B", 2)):
        beside = _listed(cells.get(f"assoc_actor_{number}", ""))
        named = [(cells.get(f"actor{number}", "").strip(), side)]
        named += [(name, f"with {side}") for name in beside]
        made += [Actor(name=n, role=role, canonical=canonical(n)) for n, role in named if n]
    return tuple(dict.fromkeys(made))


def _title(cells: Mapping[str, str], kind: str) -> str:
    sides = " – ".join(cells[side] for side in ("actor1", "actor2") if cells.get(side))
    said = ", ".join(part for part in (sides, cells.get("location", "")) if part)
    return ": ".join(part for part in (kind, said) if part)[:MAX_TITLE]


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
