"""How does one row of a table with known columns become an incident?

What the row does not say stays unknown. A place without a stated precision is at most "near":
a pin needs someone's word that the place is exact.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from geo import countries
from geo.actors import canonical
from geo.coordinates import Reading
from geo.coordinates import read as read_coordinates
from geo.errors import CoordinateError
from geo.incident import (
    ASSESSMENTS,
    ASSUMED_RADIUS_KM,
    DATE_PRECISIONS,
    PRECISIONS,
    STATUSES,
    Actor,
    DatePrecision,
    Incident,
    Located,
    Point,
    Precision,
    Recorded,
    Source,
    Toll,
    is_web_link,
)
from geo.sources.columns import DateOrder
from geo.sources.days import read_days
from geo.sources.rows import CellError, Notes, Row
from geo.taxonomy import event_type, event_types, from_acled, from_plover, from_ucdp
from geo.text import from_csv_cell

_NUMBER = re.compile(r"[0-9]{1,9}(?:\.0+)?\Z")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,9}(?:[.,][0-9]{1,20})?\Z")
_GEO_PRECISION: Mapping[str, Precision] = {"1": "exact", "2": "near", "3": "province"}
_WHERE_PREC: Mapping[str, Precision] = dict(
    zip(
        "1234567", ("exact", "near", "district", "province", "area", "country", "area"), strict=True
    )
)
_TIME_PRECISION: Mapping[str, DatePrecision] = {"1": "day", "2": "week", "3": "month"}
_NEAR_KM = ASSUMED_RADIUS_KM["near"]


@dataclass(frozen=True, slots=True)
class Reader:
    """How the rows of one table are read: headers by field, order of dates, id prefix."""

    columns: Mapping[str, str]
    order: DateOrder
    prefix: str

    def incident(self, row: Row, *, now: datetime, notes: Notes) -> Incident:
        """Read one row.

        Raises
        ------
        CellError, IncidentError
            Where the row breaks a rule.
        """
        cells = {
            name: from_csv_cell(row.cells[header]).strip()
            for name, header in self.columns.items()
            if header in row.cells
        }
        start, end, date_precision = self._period(cells)
        kind = _kind(cells, notes)
        named = cells.get("place_name", "")
        title = cells.get("title") or ", ".join(
            part for part in (event_type(kind).label, named or cells.get("admin1", "")) if part
        )
        if len(title) > 300:
            notes.repaired["title_shortened"] += 1
        return Incident(
            id=self._id(cells, row),
            event_type=kind,
            title=title[:300],
            summary=cells.get("summary", ""),
            start=start,
            end=end,
            date_precision=date_precision,
            time=cells.get("time", ""),
            place_name=named,
            admin1=cells.get("admin1", ""),
            admin2=cells.get("admin2", ""),
            **_place(cells, self.columns, notes),
            actors=_actors(cells),
            deaths=_toll(cells, "deaths"),
            injured=_toll(cells, "injured"),
            sources=_sources(cells, notes),
            status=_choice(cells, "status", STATUSES) or "accepted",
            assessment=_choice(cells, "assessment", ASSESSMENTS) or "reported",
            recorded=Recorded(first_seen=now, updated=now),
            native={
                header: text
                for header, text in row.cells.items()
                if text and header not in self.columns.values()
            },
            licence=cells.get("licence", ""),
        )

    def _id(self, cells: Mapping[str, str], row: Row) -> str:
        given = cells.get("id", "")
        if ":" in given:
            return given
        if given:
            return f"{self.prefix}:{given}"
        # the same row is the same incident in every file that holds it
        content = json.dumps(row.cells, sort_keys=True, ensure_ascii=False)
        return f"table:{hashlib.sha256(content.encode()).hexdigest()[:16]}"

    def _period(self, cells: Mapping[str, str]) -> tuple[date, date, DatePrecision]:
        column = self.columns["start"]
        start, end, precision = read_days(cells.get("start", ""), column=column, order=self.order)
        if cells.get("end"):
            column = self.columns["end"]
            _, end, other = read_days(cells["end"], column=column, order=self.order)
            precision = precision if other == "day" else other
        stated = cells.get("date_precision", "").casefold()
        stated = _TIME_PRECISION.get(stated, stated)
        if stated and stated not in DATE_PRECISIONS:
            rule = f"must be one of {' '.join(DATE_PRECISIONS)}"
            raise CellError(self.columns["date_precision"], stated, rule)
        return start, end, stated or precision


def _kind(cells: Mapping[str, str], notes: Notes) -> str:
    """Translate a kind by our ids and labels, then by ACLED's and PLOVER's names."""
    text, parent = cells.get("event_type", ""), cells.get("parent_type", "")
    plain = text.casefold().replace("-", " ").replace("_", " ")
    for kind in event_types():
        if plain in (kind.id.replace("_", " "), kind.label.casefold().replace("-", " ")):
            return kind.id
    coded = from_ucdp(cells.get("type_of_violence", ""))
    found = from_acled(parent, text) or from_plover(text) or coded
    if found is None:
        notes.flagged["event_type_unknown" if text else "event_type_missing"] += 1
        return "other"
    return found


def _place(cells: Mapping[str, str], columns: Mapping[str, str], notes: Notes) -> dict[str, Any]:
    codes = _countries(cells, notes)
    reading = _reading(cells, columns, notes)
    precision = _precision(cells, columns)
    if reading is None:
        coarse: Precision = "province" if cells.get("admin1") and codes else "country"
        if precision in (None, "exact", "near", "district", "area") and not cells.get("admin1"):
            precision = coarse
        if precision in (None, "exact", "near"):
            precision = coarse
        if not codes:
            precision = "none"
        return {"countries": codes, "precision": precision}
    if precision in ("country", "none"):
        notes.repaired["country_centroid_not_used"] += 1
        return {"countries": codes, "precision": precision if codes else "none"}
    stated = _decimal(cells, "radius_km", columns)
    if precision is None:
        notes.flagged["precision_not_stated"] += 1
        precision = "near"
    if precision == "exact" and reading.precision_m > 2000:
        notes.flagged["too_few_digits_for_exact"] += 1
        precision = "near"
    radius = stated if precision != "exact" else None
    if precision == "near" and radius is None:
        radius = max(_NEAR_KM, round(reading.precision_m / 1000, 1))
    if radius is None:
        radius = ASSUMED_RADIUS_KM.get(precision)
    return {
        "countries": codes,
        "precision": precision,
        "point": reading.point,
        "radius_km": radius,
        "located": Located(
            method=f"table, {reading.form}",
            point="site" if precision in ("exact", "near") else "representative",
            radius="" if radius is None else "source" if stated is not None else "assumed",
        ),
    }


def _reading(cells: Mapping[str, str], columns: Mapping[str, str], notes: Notes) -> Reading | None:
    lat, lon, both = cells.get("lat", ""), cells.get("lon", ""), cells.get("coordinates", "")
    if not (lat and lon):
        if not both:
            return None
        try:
            return read_coordinates(both)
        except CoordinateError as error:
            raise CellError(columns["coordinates"], both, str(error)) from None
    for name, text, limit in (("lat", lat, 90), ("lon", lon, 180)):
        if not (_DECIMAL.match(text) and text.isascii()):
            raise CellError(columns[name], text, "must be decimal degrees in plain digits")
        if abs(float(text.replace(",", "."))) > limit:
            hint = "; latitude and longitude may be swapped" if name == "lat" else ""
            raise CellError(columns[name], text, f"must lie between -{limit} and {limit}{hint}")
    if "," in lat + lon:
        notes.repaired["decimal_comma"] += 1
    lat, lon = lat.replace(",", "."), lon.replace(",", ".")
    digits = max(len(lat.partition(".")[2]), len(lon.partition(".")[2]))
    return Reading(Point(float(lon), float(lat)), 111_320 / 10**digits, "decimal degrees")


def _precision(cells: Mapping[str, str], columns: Mapping[str, str]) -> Precision | None:
    text = cells.get("precision", "").casefold().removesuffix(".0")
    if not text:
        return None
    codes = _WHERE_PREC if "where" in columns["precision"].casefold() else _GEO_PRECISION
    found = codes.get(text, text)
    if found not in PRECISIONS:
        rule = f"must be one of {' '.join(PRECISIONS)}, or a code 1 to 3 of geo_precision"
        raise CellError(columns["precision"], text, rule)
    return found


def _countries(cells: Mapping[str, str], notes: Notes) -> tuple[str, ...]:
    codes = []
    for name in re.split(r"[;/|]", cells.get("countries", "")):
        if not name.strip():
            continue
        code = countries.iso3(name.strip())
        if code is None:
            notes.flagged["country_unknown"] += 1
        else:
            codes.append(code)
    return tuple(dict.fromkeys(codes))


def _toll(cells: Mapping[str, str], name: str) -> Toll:
    parts = []
    for part in ("low", "best", "high"):
        text = cells.get(f"{name}_{part}", "").replace(",", "")
        if text and not (_NUMBER.match(text) and text.isascii()):
            column = f"{name}_{part}"
            raise CellError(column, text, "must be a whole number in plain digits")
        parts.append(int(float(text)) if text else None)
    return Toll(*parts)


def _actors(cells: Mapping[str, str]) -> tuple[Actor, ...]:
    named = [(name, "") for name in cells.get("actors", "").split(";")]
    named += [(cells.get("actor1", ""), "side A"), (cells.get("actor2", ""), "side B")]
    made = []
    for text, role in named:
        name = text.strip()
        inner = re.fullmatch(r"(.+) \(([^()]{1,60})\)", name)
        if inner and not role:
            name, role = inner[1], inner[2]  # noqa: PLW2901 as our own export writes it
        if name:
            made.append(Actor(name=name, role=role, canonical=canonical(name)))
    return tuple(dict.fromkeys(made))


def _sources(cells: Mapping[str, str], notes: Notes) -> tuple[Source, ...]:
    url = cells.get("source_url", "")
    if url and not is_web_link(url):
        notes.flagged["source_link_not_http"] += 1
        url = ""
    names = [name.strip() for name in cells.get("sources", "").split(";") if name.strip()]
    if not names:
        return (Source(url=url),) if url else ()
    first, *others = names
    made = [Source(publisher=first, url=url), *(Source(publisher=name) for name in others)]
    return tuple(dict.fromkeys(made))


def _choice(cells: Mapping[str, str], name: str, allowed: Iterable[str]) -> Any:
    text = cells.get(name, "").casefold()
    if text and text not in allowed:
        rule = f"must be one of {' '.join(allowed)}"
        raise CellError(name, text, rule)
    return text


def _decimal(cells: Mapping[str, str], name: str, columns: Mapping[str, str]) -> float | None:
    text = cells.get(name, "").replace(",", ".")
    if not text:
        return None
    if not _DECIMAL.match(text):
        raise CellError(columns[name], text, "must be a number in plain digits")
    return float(text)
