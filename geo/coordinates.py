"""Where do typed coordinates point, and how exactly?

Decimal degrees, degrees-minutes-seconds, MGRS, WKT points, geo: addresses and map links; read as
text only, nothing is ever fetched.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import mgrs
from mgrs.core import MGRSError

from geo.errors import CoordinateError
from geo.incident import Point

_MAX = 500
_NUMBER = r"[-+]?[0-9]{1,3}(?:\.[0-9]{1,15})?"
_PAIR = re.compile(rf"\s*({_NUMBER})\s*[,;\s]\s*({_NUMBER})\s*\Z")
_COMMA_PAIR = re.compile(
    r"\s*([-+]?[0-9]{1,3},[0-9]{1,15})\s*[;\s]\s*([-+]?[0-9]{1,3},[0-9]{1,15})\s*\Z"
)
_MGRS = re.compile(
    r"\s*([0-9]{1,2}[C-HJ-NP-X])\s*([A-HJ-NP-Z][A-HJ-NP-V])\s*([0-9]{1,5})?\s*([0-9]{1,10})?\s*\Z",
    re.IGNORECASE,
)
_HALF_MGRS = re.compile(r"\s*[A-HJ-NP-Z][A-HJ-NP-V]\s*[0-9]{2,5}\s*[0-9]{2,5}\s*\Z", re.IGNORECASE)
_GEO = re.compile(
    rf"geo:({_NUMBER}),({_NUMBER})(?:,-?[0-9.]+)?((?:;[^;?\s]*)*)(?:\?\S*)?\Z", re.IGNORECASE
)
_WKT = re.compile(
    rf"(?:SRID=([0-9]{{1,6}});)?\s*POINT\s*(?:ZM|Z|M)?\s*\(\s*({_NUMBER})\s+({_NUMBER})"
    r"(?:\s+[-+0-9.eE]{1,30}){0,2}\s*\)\Z",
    re.IGNORECASE,
)
_WKT_WORD = re.compile(
    r"(?:SRID=[0-9]{1,6};)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\b",
    re.IGNORECASE,
)
_BETWEEN = r"(?:,|%2C|~)(?:\+|%20)?"
_ASKED = re.compile(
    rf"[?&](?:q|query|ll|center|daddr|cp)=(?:loc:)?({_NUMBER}){_BETWEEN}({_NUMBER})", re.IGNORECASE
)
# each pattern holds latitude, then longitude
_LINKS = (
    re.compile(rf"!3d({_NUMBER})!4d({_NUMBER})"),
    re.compile(rf"@({_NUMBER}),({_NUMBER})"),
    _ASKED,
    re.compile(rf"[?&#]m?lat=({_NUMBER})&(?:m?lon|lng)=({_NUMBER})"),
    re.compile(rf"#map=[0-9.]{{1,5}}/({_NUMBER})/({_NUMBER})"),
)
# these two write longitude first
_LONGITUDE_FIRST = re.compile(r"https?://[^/]*\b(?:yandex|2gis)\.", re.IGNORECASE)
_METRES_PER_DEGREE = 111_320.0
_MGRS_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """A position, the size in metres of the cell its digits name, and the form it was typed in."""

    point: Point
    precision_m: float
    form: str


def read(text: str) -> Reading:
    """Read coordinates as people type them, latitude first.

    Raises
    ------
    CoordinateError
        Saying what is wrong, or which forms are understood.
    """
    if len(text) > _MAX:
        msg = f"coordinates are {len(text):,} characters long: at most {_MAX} are read"
        raise CoordinateError(msg)
    # a typographic minus is how encyclopedias print it
    plain = text.replace("\u2212", "-").strip()
    for reader in _READERS:
        found = reader(plain)
        if found is not None:
            return found
    msg = (
        f"coordinates are {plain[:60]!r}: write latitude, longitude such as 34.5281, 69.1723, "
        "degrees such as 34°31'41\"N 69°10'20\"E, MGRS such as 42SWD1579820717, or a map link"
    )
    raise CoordinateError(msg)


def read_angle(text: str, *, axis: Literal["lat", "lon"]) -> tuple[float, float]:
    """Read one latitude or longitude: the degrees, and the metres its last digit stands for.

    Degrees outside the globe are answered as they are: what they mean is for the table to say.

    Raises
    ------
    CoordinateError
        Where the text is no angle, or names a hemisphere of the other axis.
    """
    plain = text[:_MAX].replace("\u2212", "-").strip()
    found = _LONE_NUMBER.match(plain)
    if found:
        number, shift = found[1].replace(",", "."), int(found[2] or 0)
        value = float(f"{number}e{shift}")
        return value, _METRES_PER_DEGREE / 10 ** min(20, max(0, _decimals(number) - shift))
    plain = _signs(plain)
    letters = _HEMISPHERE.findall(plain)
    expected = "NS" if axis == "lat" else "EW"
    if len(letters) > 1 or any(letter not in expected for letter in letters):
        msg = f"{axis} is {text[:40]!r}: it carries {expected[0]} or {expected[1]} once at most"
        raise CoordinateError(msg)
    minus = plain.startswith("-")
    angle = _angle(plain.lstrip("+-"))
    if angle is None or (minus and letters):
        msg = f"{axis} is {text[:40]!r}: must be degrees such as 34.5281 or 34°31'41\"N"
        raise CoordinateError(msg)
    return (-angle[0] if minus else angle[0]), angle[1]


def to_decimal(point: Point) -> str:
    """Write latitude, longitude in decimal degrees, five decimals (about a metre)."""
    return f"{point.lat:.5f}, {point.lon:.5f}"


def to_dms(point: Point) -> str:
    """Write degrees, minutes and seconds with hemispheres."""
    return f"{_dms(point.lat, 'NS')} {_dms(point.lon, 'EW')}"


def to_mgrs(point: Point) -> str:
    """Write MGRS to the metre; at the poles, where MGRS differs, UPS letters are written."""
    text = _to_grid(point.lat, point.lon)
    head, digits = text[: -2 * _MGRS_DIGITS], text[-2 * _MGRS_DIGITS :]
    return f"{head[:-2]} {head[-2:]} {digits[:_MGRS_DIGITS]} {digits[_MGRS_DIGITS:]}"


def _decimal(text: str) -> Reading | None:
    # a degree sign at the end of a number says nothing new
    plain = re.sub(r"°(?=\s*[,;]|\s|\Z)", "", text)
    found = _PAIR.match(plain)
    form = "decimal"
    if found is None:
        found = _COMMA_PAIR.match(plain)
        form = "decimal comma"
    if found is None:
        return None
    lat, lon = (part.replace(",", ".") for part in found.groups())
    return _reading(lat, lon, form)


def _geo(text: str) -> Reading | None:
    if not re.match("geo:", text, re.IGNORECASE):
        return None
    found = _GEO.match(text)
    options = dict(
        part.lower().partition("=")[::2] for part in (found[3] if found else "").split(";") if part
    )
    if found is None or options.get("crs", "wgs84") != "wgs84":
        msg = f"geo address {text[:60]!r} is not geo:latitude,longitude in WGS 84"
        raise CoordinateError(msg)
    # telephones write geo:0,0?q=latitude,longitude
    found = _ASKED.search(text) or found
    reading = _reading(found[1], found[2], "geo address")
    stated = options.get("u", "")
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", stated):
        return replace(reading, precision_m=max(reading.precision_m, float(stated)))
    return reading


def _link(text: str) -> Reading | None:
    if not re.match(r"https?://", text, re.IGNORECASE):
        return None
    for pattern in _LINKS:
        found = pattern.search(text)
        if found:
            lat, lon = found.groups()
            if pattern is _ASKED and _LONGITUDE_FIRST.match(text):
                lat, lon = lon, lat
            return _reading(lat, lon, "map link")
    msg = f"map link {text[:60]!r} holds no coordinates: copy the long form of the link"
    raise CoordinateError(msg)


def _wkt(text: str) -> Reading | None:
    if not _WKT_WORD.match(text):
        return None
    found = _WKT.match(text)
    if found is None or found[1] not in (None, "4326"):
        msg = f"WKT is {text[:60]!r}: an incident has POINT (longitude latitude) in WGS 84"
        raise CoordinateError(msg)
    return _reading(found[3], found[2], "WKT")


def _grid(text: str) -> Reading | None:
    found = _MGRS.match(text)
    if found is None:
        if _HALF_MGRS.match(text):
            msg = f"MGRS {text[:30]!r} lacks its grid zone: write it in front, such as 42S"
            raise CoordinateError(msg)
        return None
    zone, square, *rest = found.groups()
    digits = "".join(part or "" for part in rest)
    if len(digits) % 2 or not 2 <= len(digits) <= 2 * _MGRS_DIGITS:
        rule = "it takes an even number of digits from 2 to 10; a bare 100 km square is no place"
        msg = f"MGRS {text[:30]!r} has {len(digits)} digits: {rule}"
        raise CoordinateError(msg)
    half = len(digits) // 2
    cell = 10.0 ** (_MGRS_DIGITS - half)
    prefix = f"{zone}{square}".upper()
    east, north = digits[:half], digits[half:]
    try:
        # digits that go on with a 5 name the middle of the cell, not its corner
        lat, lon = _from_grid(prefix, east + "50000", north + "50000")
        corners = [_from_grid(prefix, east + a * 5, north + b * 5) for a in "09" for b in "09"]
    except MGRSError as error:
        msg = f"MGRS {text[:30]!r} is no place: {error}"
        raise CoordinateError(msg) from None
    # the library takes any band letter and answers far away: some corner, or a few metres
    # from it where a zone begins there, must lead back to the same zone and band
    nudges = [(dlat, dlon) for dlat in (-2e-5, 2e-5) for dlon in (-2e-4, 2e-4)]
    around = [(lat + dlat, lon + dlon) for lat, lon in corners for dlat, dlon in nudges]
    if zone.upper().zfill(3) not in {_to_grid(*spot)[:3] for spot in around}:
        msg = f"MGRS {text[:30]!r} is no place: its zone and its square do not fit each other"
        raise CoordinateError(msg)
    return Reading(Point(round(lon, 6), round(lat, 6)), cell, "MGRS")


def _from_grid(prefix: str, east: str, north: str) -> tuple[float, float]:
    """Answer with latitude and longitude of the first five digits of each."""
    with warnings.catch_warnings():
        # a latitude outside the band is only warned of; it is checked by the way back
        warnings.simplefilter("ignore", RuntimeWarning)
        found = mgrs.MGRS().toLatLon(f"{prefix}{east[:_MGRS_DIGITS]}{north[:_MGRS_DIGITS]}")
    return float(found[0]), float(found[1])


def _to_grid(lat: float, lon: float) -> str:
    # a tenth of a metre is enough, and at the equator more would be rounded across it
    lat, lon = round(lat, 6) + 0.0, (lon + 180) % 360 - 180
    return str(mgrs.MGRS().toMGRS(lat, lon, MGRSPrecision=_MGRS_DIGITS))


_HEMISPHERE = re.compile(r"[NSEW]")
_LONE_NUMBER = re.compile(
    r"([-+]?[0-9]{1,9}(?:[.,][0-9]{0,20})?)(?:[eE]([-+][0-9]{1,3}))?\s*°?\Z", re.ASCII
)
_ANGLE_NUMBER = r"([0-9]{1,3}(?:[.,][0-9]{1,15})?)"
_ANGLE = re.compile(
    rf"\s*{_ANGLE_NUMBER}\s*[°:]?\s*(?:{_ANGLE_NUMBER}\s*[':]?\s*(?:{_ANGLE_NUMBER}\s*\"?)?)?\s*\Z"
)
# signs and words that mean one thing; whole words only
_SIGNS = (
    (re.compile(r"[º˚]|\bdeg(?:rees?)?\b\.?", re.IGNORECASE), "°"),
    (re.compile(r"[′’‘ʹ´`]|\bmin(?:utes?)?\b\.?", re.IGNORECASE), "'"),
    (re.compile(r"''|[″”“ʺ]|\bsec(?:onds?)?\b\.?", re.IGNORECASE), '"'),
    (re.compile(r"\b(?:latitude|longitude|lat|long|lon)\b[.:]?", re.IGNORECASE), " "),
    (re.compile(r"\b([NSEW])(?:orth|outh|ast|est)\b", re.IGNORECASE), r"\1"),
)


def _degrees(text: str) -> Reading | None:
    plain = _signs(text)
    spots = [found.start() for found in _HEMISPHERE.finditer(plain)]
    if len(spots) != 2:
        return None
    cut = spots[1] if spots[0] == 0 else spots[0] + 1
    axes = [plain[spot] in "NS" for spot in spots]
    if axes[0] == axes[1]:
        msg = f"coordinates are {text[:60]!r}: one of them is N or S, the other E or W"
        raise CoordinateError(msg)
    first, second = (_angle(part.strip(" ,;/")) for part in (plain[:cut], plain[cut:]))
    if first is None or second is None:
        return None
    lat, lon = (first, second) if axes[0] else (second, first)
    return _point(lat[0], lon[0], max(lat[1], lon[1]), "degrees")


def _signs(text: str) -> str:
    """Write the signs of degrees, minutes, seconds and hemispheres in one way."""
    for pattern, sign in _SIGNS:
        text = pattern.sub(sign, text)
    return text.upper().strip(" ,;")


def _angle(text: str) -> tuple[float, float] | None:
    """Read one angle with its hemisphere: degrees, and metres that its last digit stands for."""
    found = _ANGLE.match(_HEMISPHERE.sub(" ", text))
    if found is None:
        return None
    parts = [part.replace(",", ".") for part in found.groups() if part]
    if any("." in part for part in parts[:-1]):
        return None
    for name, part in zip(("minutes", "seconds"), parts[1:], strict=False):
        if float(part) >= 60:
            msg = f"{name} are {part} in {text[:30]!r}: they run from 0 to below 60"
            raise CoordinateError(msg)
    degrees = sum(float(part) / 60**i for i, part in enumerate(parts))
    unit = _METRES_PER_DEGREE / 60 ** (len(parts) - 1)
    south_or_west = bool(re.search("[SW]", text))
    return -degrees if south_or_west else degrees, unit / 10 ** _decimals(parts[-1])


def _decimals(number: str) -> int:
    return len(number.partition(".")[2])


def _reading(lat: str, lon: str, form: str) -> Reading:
    decimals = min(_decimals(lat), _decimals(lon))
    return _point(float(lat), float(lon), _METRES_PER_DEGREE / 10**decimals, form)


def _point(lat: float, lon: float, precision_m: float, form: str) -> Reading:
    if abs(lat) > 90:
        hint = "; longitude and latitude look swapped" if abs(lon) <= 90 else ""
        msg = f"latitude is {lat:g}: it runs from -90 to 90{hint}"
        raise CoordinateError(msg)
    if abs(lon) > 180:
        msg = f"longitude is {lon:g}: it runs from -180 to 180"
        raise CoordinateError(msg)
    return Reading(Point(lon, lat), precision_m, form)


def _dms(value: float, letters: str) -> str:
    # tenths of a second first, so that 59.96 seconds never print as 60.0
    tenths = round(abs(value) * 36_000)
    minutes, seconds = divmod(tenths, 600)
    degrees, minutes = divmod(minutes, 60)
    return f"{degrees}°{minutes:02d}'{seconds / 10:04.1f}\"{letters[value < 0]}"


_READERS: tuple[Callable[[str], Reading | None], ...] = (
    *(_link, _geo, _wkt, _decimal, _grid, _degrees),
)
