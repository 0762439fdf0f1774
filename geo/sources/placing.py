"""Where did it happen, according to one row, and how exactly does the row know?

A place without a stated precision is at most "near", and few digits make no exact place. What a
row says of its country is held against its point; a doubt is counted, nothing is moved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from geo import countries
from geo.coordinates import Reading
from geo.coordinates import read as read_coordinates
from geo.errors import CoordinateError
from geo.incident import ASSUMED_RADIUS_KM, PRECISIONS, Located, Point, Precision
from geo.sources.checks import sign_is_missing
from geo.sources.extents import may_lie_in
from geo.sources.positions import Axes, OutsideGlobeError, read_pair
from geo.sources.rows import CellError, Notes

_DECIMAL = re.compile(r"[-+]?[0-9]{1,9}(?:[.,][0-9]{1,20})?\Z")
_GEO_PRECISION: Mapping[str, Precision] = {"1": "exact", "2": "near", "3": "province"}
_WHERE_PREC: Mapping[str, Precision] = dict(
    zip(
        "1234567", ("exact", "near", "district", "province", "area", "country", "area"), strict=True
    )
)
_SPECIFICITY: Mapping[str, Precision] = dict(
    zip("12345", ("exact", "near", "district", "province", "none"), strict=True)
)
_GRID = "MGRS"
_NEAR_KM = ASSUMED_RADIUS_KM["near"]
# digits that name a cell of this many metres make no exact place, and no place near a town
_TOO_COARSE_M, _FAR_TOO_COARSE_M = 2_000.0, 50_000.0


def place(
    cells: Mapping[str, str],
    columns: Mapping[str, str],
    *,
    axes: Axes,
    notes: Notes,
) -> dict[str, Any]:
    """Read countries, point, precision and radius of a row as fields of an incident.

    Parameters
    ----------
    cells, columns
        Cells and headers by field.
    axes
        How the columns of coordinates are meant.
    notes
        Where repairs and doubts are counted.

    Raises
    ------
    CellError
        Where a cell cannot be read.
    """
    codes = country_codes(cells.get("countries", ""), notes)
    reading = _reading(cells, columns, axes, notes)
    if reading and reading.point == Point(0.0, 0.0):
        # no one lives there: it is how programs write that they know no place
        notes.flagged["null_island"] += 1
        reading = None
    precision = _precision(cells, columns)
    if reading is None:
        return {"countries": codes, "precision": _without_point(cells, codes, precision)}
    if precision in ("country", "none"):
        notes.repaired["country_centroid_not_used"] += 1
        return {"countries": codes, "precision": precision if codes else "none"}
    precision = _weighed(reading, precision, notes)
    _doubt(reading.point, codes, notes)
    return {
        "countries": codes,
        "precision": precision,
        "point": reading.point,
        **_reach(reading, precision, _radius(cells, columns)),
    }


def country_codes(text: str, notes: Notes) -> tuple[str, ...]:
    """Read countries by code or name; what is no country is counted."""
    named = named_countries(text)
    codes = [code for code in named if code]
    if len(codes) < len(named):
        notes.flagged["country_unknown"] += len(named) - len(codes)
    return tuple(dict.fromkeys(codes))


@lru_cache(maxsize=4_096)
def named_countries(text: str) -> tuple[str | None, ...]:
    """Read each country that a cell names; None stands for one we do not know."""
    names = (name.strip() for name in re.split(r"[;/|]", text))
    return tuple(countries.iso3(name) for name in names if name)


def _without_point(
    cells: Mapping[str, str], codes: tuple[str, ...], precision: Precision | None
) -> Precision:
    if not codes:
        return "none"
    coarse: Precision = "province" if cells.get("admin1") else "country"
    if precision in (None, "exact", "near"):
        return coarse
    if precision in ("district", "area") and not cells.get("admin1"):
        return coarse
    return precision


def _weighed(reading: Reading, precision: Precision | None, notes: Notes) -> Precision:
    """Make a precision as coarse as the digits are."""
    if precision is None and reading.form == _GRID:
        # whoever writes a grid reference chooses how many digits are true
        notes.flagged["precision_from_digits"] += 1
        precision = "exact" if reading.precision_m <= _TOO_COARSE_M else "near"
    elif precision is None:
        notes.flagged["precision_not_stated"] += 1
        precision = "near"
    if precision == "exact" and reading.precision_m > _TOO_COARSE_M:
        notes.flagged["too_few_digits_for_exact"] += 1
        precision = "near"
    if precision == "near" and reading.precision_m > _FAR_TOO_COARSE_M:
        notes.flagged["too_few_digits_for_near"] += 1
        precision = "area"
    return precision


def _doubt(point: Point, codes: tuple[str, ...], notes: Notes) -> None:
    if codes and not may_lie_in(point.lon, point.lat, codes):
        notes.flagged["outside_stated_country"] += 1
        if sign_is_missing(point, codes):
            notes.flagged["minus_sign_may_be_missing"] += 1


def _reach(reading: Reading, precision: Precision, stated: float | None) -> dict[str, Any]:
    coarse_cell = reading.form == _GRID and reading.precision_m > _TOO_COARSE_M
    if stated is None and coarse_cell and precision == "near":
        # the cell lies within half its diagonal of its centre
        stated = round(reading.precision_m / 1000 / 2**0.5, 1)
    radius = stated if precision != "exact" else None
    if radius is None and precision in ("near", "area"):
        least = _NEAR_KM if precision == "near" else ASSUMED_RADIUS_KM["area"]
        radius = max(least, round(reading.precision_m / 1000, 1))
    if radius is None:
        radius = ASSUMED_RADIUS_KM.get(precision)
    return {
        "radius_km": radius,
        "located": Located(
            method=f"table, {reading.form}",
            point="site" if precision in ("exact", "near") else "representative",
            radius="" if radius is None else "source" if stated is not None else "assumed",
        ),
    }


def _reading(
    cells: Mapping[str, str], columns: Mapping[str, str], axes: Axes, notes: Notes
) -> Reading | None:
    lat, lon, both = cells.get("lat", ""), cells.get("lon", ""), cells.get("coordinates", "")
    if not (lat and lon):
        if lat or lon:
            notes.flagged["half_a_position"] += 1
        return _in_one_cell(both, columns, notes) if both else None
    try:
        reading = read_pair(lat, lon, axes=axes)
    except OutsideGlobeError as error:
        notes.flagged["coordinates_out_of_range"] += 1
        if "swapped" in str(error):
            notes.flagged["coordinates_surely_swapped"] += 1
        text = lat if error.axis == "lat" else lon
        raise CellError(columns[error.axis], text, str(error)) from None
    except CoordinateError:
        name, text = next(
            (pair for pair in (("lat", lat), ("lon", lon)) if not _DECIMAL.match(pair[1])),
            ("lat", lat),
        )
        rule = "must be degrees in plain digits, such as 34.5281, or 34°31'41\"N"
        raise CellError(columns[name], text, rule) from None
    _count_repairs(lat + lon, axes, notes)
    return reading


def _in_one_cell(text: str, columns: Mapping[str, str], notes: Notes) -> Reading:
    try:
        reading = read_coordinates(text)
    except CoordinateError as error:
        if "runs from" in str(error):
            notes.flagged["coordinates_out_of_range"] += 1
        raise CellError(columns["coordinates"], text, str(error)) from None
    if reading.form == "decimal comma":
        notes.repaired["decimal_comma"] += 1
    return reading


def _count_repairs(text: str, axes: Axes, notes: Notes) -> None:
    repaired = (
        ("decimal_comma", "," in text),
        ("coordinates_swapped", axes.swapped),
        ("minus_sign_added", axes.south or axes.west),
        ("degrees_without_point", axes.scale > 1),
        ("metres_to_degrees", bool(axes.epsg)),
    )
    for rule, happened in repaired:
        if happened:
            notes.repaired[rule] += 1


def _precision(cells: Mapping[str, str], columns: Mapping[str, str]) -> Precision | None:
    text = cells.get("precision", "").casefold().removesuffix(".0")
    if not text:
        return None
    header = columns["precision"].casefold()
    codes = _GEO_PRECISION
    if "where" in header:
        codes = _WHERE_PREC
    elif "specificity" in header:
        codes = _SPECIFICITY
    found = codes.get(text, text)
    if found not in PRECISIONS:
        rule = f"must be one of {' '.join(PRECISIONS)}, or a code 1 to 3 of geo_precision"
        raise CellError(columns["precision"], text, rule)
    return found


def _radius(cells: Mapping[str, str], columns: Mapping[str, str]) -> float | None:
    text = cells.get("radius_km", "").replace(",", ".")
    if not text:
        return None
    if not _DECIMAL.match(text):
        raise CellError(columns["radius_km"], text, "must be a number in plain digits")
    return float(text)
