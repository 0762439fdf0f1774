"""Do the values of a column look like what its name promises?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from geo import countries
from geo.coordinates import read, read_angle
from geo.errors import CoordinateError
from geo.incident import is_web_link
from geo.sources.days import read_days
from geo.sources.rows import CellError

_COUNT = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+\Z|[0-9]{1,9}(?:\.0+)?\Z")
_SHORT_INT = re.compile(r"[0-9]{1,2}(?:\.0+)?\Z")
_YEAR = re.compile(r"(?:1[89]|20)[0-9]{2}(?:\.0+)?\Z")
# a plain pair of small numbers may be anything
_DECIMALS = re.compile(r"[.,][0-9]{2}")
_ABSENT = frozenset(("", "na", "n/a", "null", "none", "-", "--", "unknown", "nil", "."))


def is_absent(text: str) -> bool:
    """Whether a cell says in a word that it holds nothing."""
    return text.casefold() in _ABSENT


def share(field: str, values: Sequence[str]) -> float | None:
    """Share of values that a field can take; None where any text will do or nothing is there."""
    test = _TESTS.get(field)
    if test is None or not values:
        return None
    return sum(map(test, values)) / len(values)


def is_position(text: str) -> bool:
    """Whether one cell surely holds both coordinates of a place."""
    try:
        found = read(text)
    except CoordinateError:
        return False
    return found.form != "decimal" or bool(_DECIMALS.search(text))


def is_day(text: str) -> bool:
    """Whether a cell names days, in whichever order its numbers stand."""
    return _reads(text, "dmy") or _reads(text, "mdy")


def _reads(text: str, order: str) -> bool:
    try:
        read_days(text, column="", order="dmy" if order == "dmy" else "mdy")
    except CellError:
        return False
    return True


def _is_lat(text: str) -> bool:
    return _is_angle(text, "lat")


def _is_lon(text: str) -> bool:
    return _is_angle(text, "lon")


def _is_angle(text: str, axis: str) -> bool:
    try:
        # what lies outside the globe may be metres: that is asked, not passed over
        read_angle(text, axis="lat" if axis == "lat" else "lon")
    except CoordinateError:
        return False
    return True


def _is_country(text: str) -> bool:
    return any(countries.iso3(part.strip()) for part in re.split(r"[;/|,]", text) if part.strip())


def _is_name(text: str) -> bool:
    return not is_position(text)


def _fits(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: bool(pattern.match(text)) and text.isascii()


_COUNTS = ("deaths_low", "deaths_best", "deaths_high", "injured_low", "injured_best")
_TESTS: Mapping[str, Callable[[str], bool]] = {
    "lat": _is_lat,
    "lon": _is_lon,
    "coordinates": is_position,
    "start": is_day,
    "end": is_day,
    "start_year": _fits(_YEAR),
    "start_month": _fits(_SHORT_INT),
    "start_day": _fits(_SHORT_INT),
    "countries": _is_country,
    "place_name": _is_name,
    "source_url": is_web_link,
    **dict.fromkeys((*_COUNTS, "injured_high"), _fits(_COUNT)),
}
