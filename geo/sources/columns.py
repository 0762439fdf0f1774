"""What do the tables analysts have call the fields of an incident?

The vocabulary alone: which column is taken, and why, is the business of `detection`.
"""

from __future__ import annotations

import calendar
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from geo.errors import TableError

DateOrder = Literal["", "dmy", "mdy"]
DATE_ORDER = "date_order"
# how coordinates are to be read where the table leaves it open
AXES, SCALE, EPSG = "axes", "scale", "epsg"
ENCODING = "encoding"
OPTIONS = (DATE_ORDER, AXES, SCALE, EPSG, ENCODING)
# a field's own name first, then the names other tables give it, the likelier ones first
NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("event id cnty", "event id", "incident id", "eventid", "uid", "uuid", "ref"),
    "title": ("headline", "event title", "incident title", "incident name", "name", "event"),
    "summary": ("notes", "description", "details", "comment", "comments", "text", "what"),
    "event_type": (
        *("sub event type", "incident type", "type of event", "attack type", "type"),
        *("category", "event category", "kind", "eventrootcode", "alertlevel"),
    ),
    "parent_type": ("event type",),
    "type_of_violence": (),
    "start": (
        *("event date", "date start", "start date", "incident date", "date", "datetime"),
        *("timestamp", "occurred", "date of incident", "sqldate", "acq date", "event day"),
        *("datum", "fecha", "data", "дата", "تاریخ", "day", "time", "from"),
    ),
    "end": ("date end", "end date", "to", "until"),
    "start_year": ("iyear", "event year", "year", "yr"),
    "start_month": ("imonth", "event month", "month"),
    "start_day": ("iday", "day of month", "day"),
    "date_precision": ("time precision",),
    "time": ("local time", "time of day"),
    "place_name": (
        *("place", "location", "location name", "site", "town", "city", "village"),
        *("where coordinates", "locality"),
    ),
    "admin1": ("adm1", "adm 1", "province", "state", "region", "governorate", "adm1 name"),
    "admin2": ("adm2", "adm 2", "district", "county", "adm2 name"),
    "countries": ("country", "iso3", "iso", "country code", "nation"),
    "lat": (),
    "lon": (),
    "coordinates": (
        *("coords", "lat lon", "latlon", "lat long", "position", "gps", "mgrs", "geo", "wkt"),
        *("geom", "geometry", "map link", "geolocation"),
    ),
    "precision": ("geo precision", "where prec", "location precision", "geographic precision"),
    "radius_km": ("radius", "uncertainty km"),
    "deaths_low": ("low", "killed low"),
    "deaths_best": ("fatalities", "deaths", "killed", "best", "nkill", "dead", "deaths total"),
    "deaths_high": ("high", "killed high"),
    "injured_low": (),
    "injured_best": ("injured", "wounded", "nwound"),
    "injured_high": (),
    "actors": ("actor", "perpetrator", "parties"),
    "actor1": ("side a", "actor 1"),
    "actor2": ("side b", "actor 2"),
    "claims": (),
    "sources": ("source", "publisher", "source name", "source office"),
    "source_url": ("url", "link", "source link", "sourceurl", "source urls"),
    "status": (),
    "assessment": (),
    "licence": ("license",),
}
# words that name an axis anywhere in a header, the surest first
LAT_WORDS = (
    *("latitude", "lat", "latitud", "breitengrad", "breite", "широта", "خط العرض", "y coord"),
    *("ycoord", "northing", "y"),
)
LON_WORDS = (
    *("longitude", "lon", "lng", "long", "longitud", "laengengrad", "langengrad", "lange"),
    *("долгота", "خط الطول", "x coord", "xcoord", "easting", "x"),
)
# words beside an axis that say nothing of their own
AXIS_NOISE = frozenset(("dd", "wgs84", "decimal", "deg", "degrees", "coord", "coordinate"))
# positions of something else than the incident
HELPERS = frozenset(
    (
        *("shore", "actor1geo", "actor2geo", "centroid", "source", "home", "destination", "port"),
        *("actor1", "actor2", "origin", "headquarters", "office", "reporter"),
    )
)
# https://hxlstandard.org: hashtag and the attribute that must stand with it
HXL: tuple[tuple[str, str, str], ...] = (
    ("lat", "#geo", "lat"),
    ("lon", "#geo", "lon"),
    ("coordinates", "#geo", "coord"),
    ("start", "#date", "start"),
    ("end", "#date", "end"),
    ("start", "#date", "occurred"),
    ("start", "#date", ""),
    ("admin1", "#adm1", "name"),
    ("admin1", "#adm1", ""),
    ("admin2", "#adm2", "name"),
    ("admin2", "#adm2", ""),
    ("countries", "#country", "code"),
    ("countries", "#country", "name"),
    ("countries", "#country", ""),
    ("place_name", "#loc", "name"),
    ("place_name", "#loc", ""),
    ("deaths_best", "#affected", "killed"),
    ("injured_best", "#affected", "injured"),
    ("id", "#event", "id"),
    ("event_type", "#event", "type"),
    ("title", "#event", "name"),
    ("summary", "#description", ""),
    ("sources", "#meta", "source"),
    ("source_url", "#meta", "url"),
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_APART = re.compile(r"[\W_]+")
_NUMERIC_DAY = re.compile(r"\s*([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})\b")


def key(header: str) -> str:
    """Fold a header to plain words: case, accents, camel case and separators say nothing."""
    text = unicodedata.normalize("NFKD", _CAMEL.sub(" ", header)).casefold()
    plain = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(_APART.sub(" ", plain).split())


def fingerprint(headers: Sequence[str]) -> str:
    """Name a header, in its order, by its content."""
    return hashlib.sha256("\x1f".join(headers).encode()).hexdigest()[:16]


def check_chosen(headers: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Answer with the fields that a user named, without the options.

    Raises
    ------
    TableError
        Where a chosen field or header does not exist.
    """
    named = {k: v for k, v in chosen.items() if k not in OPTIONS}
    for name, header in named.items():
        if name not in NAMES:
            msg = (
                f"column field is {name[:40]!r}: must be one of {' '.join(NAMES)} "
                f"{' '.join(OPTIONS)}"
            )
            raise TableError(msg)
        if header and header not in headers:
            shown = ", ".join(headers[:30])
            msg = f"column {header[:60]!r} for {name} is not in the table, which has: {shown}"
            raise TableError(msg)
    return named


def date_order(values: Iterable[str], *, header: str, chosen: str = "") -> DateOrder:
    """Decide whether a column of dates such as 03/07/2025 begins with day or month.

    Raises
    ------
    TableError
        Where the values leave it open, or contradict each other or the choice.
    """
    if chosen not in ("", "dmy", "mdy"):
        msg = f"{DATE_ORDER} is {chosen[:20]!r}: must be dmy or mdy"
        raise TableError(msg)
    example, firsts, seconds = None, 0, 0
    for value in values:
        parts = _NUMERIC_DAY.match(value)
        if parts:
            example = example or parts
            firsts, seconds = max(firsts, int(parts[1])), max(seconds, int(parts[2]))
    if example is None:
        return ""
    if firsts > 12 and seconds > 12:
        msg = f"column {header!r} mixes dates that begin with the day and with the month"
        raise TableError(msg)
    seen: DateOrder = "dmy" if firsts > 12 else "mdy" if seconds > 12 else ""
    if chosen and seen and chosen != seen:
        msg = f"{DATE_ORDER} is {chosen!r}, but column {header!r} has values only {seen} explains"
        raise TableError(msg)
    if not (seen or chosen):
        msg = (
            f"column {header!r} may begin with day or month, such as {example[0].strip()!r}, "
            f"{_both(example)}: say which with {DATE_ORDER}=dmy or {DATE_ORDER}=mdy"
        )
        raise TableError(msg)
    return seen or ("dmy" if chosen == "dmy" else "mdy")


def _both(example: re.Match[str]) -> str:
    """Say both days that a numeric date may be."""
    first, second, year = (int(part) for part in example.groups())
    if not (first and second):
        return "a day that no calendar has"
    names = calendar.month_name
    return f"{first} {names[second]} {year} or {second} {names[first]} {year}"
