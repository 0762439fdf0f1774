"""Which rules does a part of an incident break: a text, a place, a figure, a source?"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date

from geo.countries import codes as country_codes
from geo.errors import Problem
from geo.records import (
    POINT_KINDS,
    PRECISIONS,
    RADIUS_ORIGINS,
    UNKNOWN,
    WHOM,
    Claim,
    Located,
    Point,
    Precision,
    Source,
    Toll,
)

MAX_TEXT = 10_000
MAX_TITLE = 300
MAX_ID = 200
MAX_RADIUS_KM = 3_000.0
FIRST_YEAR, LAST_YEAR = 1800, 2100

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LINK = re.compile(r"https?://[^\s/?#]+[^\s]*\Z", re.IGNORECASE)


def is_web_link(url: str) -> bool:
    """Whether a text is an http or https address, the only links ever offered."""
    return bool(_LINK.match(url))


def is_placed(point: Point | None, precision: Precision, radius_km: float | None) -> bool:
    """Whether point, precision and radius surely fit together."""
    if radius_km is not None and not (type(radius_km) is float and 0 < radius_km <= MAX_RADIUS_KM):
        return False
    if point is None:
        return precision in PRECISIONS and precision not in ("exact", "near")
    return (
        precision in PRECISIONS
        and precision not in ("country", "none")
        and type(point.lon) is float
        and type(point.lat) is float
        and -180 <= point.lon <= 180
        and -90 <= point.lat <= 90
    )


def is_counted(toll: Toll) -> bool:
    """Whether the figures of a toll surely are numbers of people."""
    return toll is UNKNOWN or all(
        part is None or (type(part) is int and 0 <= part <= 10_000_000)
        for part in (toll.low, toll.best, toll.high)
    )


def claim_problems(where: str, claim: Claim) -> Iterator[Problem]:
    """Name what is wrong with a claim."""
    yield from name_problems(f"{where}field", claim.field, "a claim says what it is about")
    if claim.field in ("deaths", "injured") and not isinstance(claim.value, str):
        yield from count_problems(f"{where}value", claim.value)
    if type(claim.value) not in (int, str) or claim.value == "":
        rule = "a claim states a whole number or a text"
        yield Problem(f"{where}value", shown(claim.value), rule)
    yield from choice_problems(f"{where}whom", claim.whom, WHOM)
    yield from count_problems(f"{where}low", claim.low)
    yield from count_problems(f"{where}high", claim.high)


def source_problems(where: str, source: Source) -> Iterator[Problem]:
    """Name what is wrong with a source."""
    for name in ("url", "archived_url"):
        url = getattr(source, name)
        if isinstance(url, str) and url and not is_web_link(url):
            rule = "a link starts with http:// or https://"
            yield Problem(f"{where}{name}", shown(url), rule)
    for name in ("published", "retrieved"):
        day = getattr(source, name)
        if day is not None and type(day) is not date:
            yield Problem(f"{where}{name}", shown(day), "must be a calendar day YYYY-MM-DD")


def located_problems(where: str, located: Located | None) -> Iterator[Problem]:
    """Name what is wrong with how a place was found."""
    if located is None:
        return
    for name in ("method", "id"):
        yield from text_problems(f"{where}located.{name}", getattr(located, name), MAX_TEXT)
    yield from choice_problems(f"{where}located.point", located.point, POINT_KINDS)
    yield from choice_problems(f"{where}located.radius", located.radius, RADIUS_ORIGINS)


def name_problems(path: str, value: object, rule: str) -> Iterator[Problem]:
    """Name what is wrong where a name is needed."""
    if isinstance(value, str) and not value.strip():
        yield Problem(path, repr(value), rule)


def text_problems(path: str, value: str, limit: int) -> Iterator[Problem]:
    """Name what is wrong with a text."""
    if not isinstance(value, str):
        yield Problem(path, shown(value), "must be text")
    elif len(value) > limit:
        yield Problem(path, f"{len(value)} characters long", f"at most {limit:,} are kept")
    elif CONTROL.search(value):
        yield Problem(path, shown(value), "control characters are not text")


def place_problems(
    where: str,
    point: Point | None,
    precision: Precision,
    radius_km: float | None,
    countries: tuple[str, ...],
) -> Iterator[Problem]:
    """Name what is wrong with a place."""
    yield from choice_problems(f"{where}precision", precision, PRECISIONS)
    for code in countries:
        if code not in country_codes():
            rule = "must be an ISO 3166-1 alpha-3 code"
            yield Problem(f"{where}countries", shown(code), rule)
    if point is not None:
        for name, value, limit in (("lon", point.lon, 180.0), ("lat", point.lat, 90.0)):
            if type(value) not in (int, float) or not math.isfinite(value) or abs(value) > limit:
                rule = f"must be a number from {-limit:g} to {limit:g}"
                yield Problem(f"{where}{name}", shown(value), rule)
    if point is None and precision in ("exact", "near"):
        rule = f"precision {precision!r} needs coordinates; a place without is coarser"
        yield Problem(f"{where}point", "missing", rule)
    if point is not None and precision in ("country", "none"):
        rule = f"precision {precision!r} has no coordinates: a centroid is not a place"
        yield Problem(f"{where}point", f"{point.lon}, {point.lat}", rule)
    if radius_km is not None and not (
        type(radius_km) in (int, float)
        and math.isfinite(radius_km)
        and 0 < radius_km <= MAX_RADIUS_KM
    ):
        rule = f"must be a number of km above 0 and at most {MAX_RADIUS_KM:g}"
        yield Problem(f"{where}radius_km", shown(radius_km), rule)


def choice_problems(
    path: str, value: object, allowed: tuple[str, ...] | frozenset[str]
) -> Iterator[Problem]:
    """Name a value that is none of those allowed."""
    if value not in allowed:
        listed = allowed if isinstance(allowed, tuple) else sorted(allowed)
        yield Problem(path, shown(value), "must be one of " + " ".join(v for v in listed if v))


def count_problems(path: str, value: object) -> Iterator[Problem]:
    """Name a value that is no number of people."""
    if value is not None and (type(value) is not int or not 0 <= value <= 10_000_000):
        rule = "must be a whole number of people from 0 to 10,000,000, or unknown"
        yield Problem(path, shown(value), rule)


def shown(value: object) -> str:
    """Show a value in a sentence, cut short."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…'"
