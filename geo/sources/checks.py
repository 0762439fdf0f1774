"""What do the coordinates of a table show as a whole, which no single row can?

Columns that hold each other's values, degrees without their point, metres, a sign that got lost,
one position for a crowd of rows. What is sure is said; what is likely is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from geo.coordinates import read_angle
from geo.errors import CoordinateError
from geo.incident import Point
from geo.sources.columns import AXES, EPSG, SCALE
from geo.sources.extents import may_lie_in
from geo.sources.positions import Axes

# a share that is more than a few odd rows, and the fewest rows that show anything
_MOST = 0.9
_ROWS = 5
_SCALES = tuple(10**n for n in range(2, 9))
_PILE_ROWS = 10
_PILE_SHARE = 0.01
_MAX_PLACES = 200_000


@dataclass(frozen=True, slots=True)
class Question:
    """What only the person who brings a table can say, and the answers it takes."""

    option: str
    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """The cells of latitude and longitude of a row, and the countries it names."""

    lat: str
    lon: str
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """How a pair of columns is meant, why, and what stays to be asked."""

    axes: Axes
    reasons: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class _Spot:
    lat: float
    lon: float
    countries: tuple[str, ...]


def examine(pairs: Sequence[Pair], *, names: tuple[str, str], chosen: Axes | None) -> Finding:
    """Find how the numbers of a pair of columns are meant.

    Parameters
    ----------
    pairs
        The first rows that have both cells.
    names
        Headers of latitude and longitude.
    chosen
        What the user said; nothing else is then proposed.
    """
    if chosen is not None:
        return Finding(chosen)
    spots = [spot for spot in map(_spot, pairs) if spot]
    if not spots:
        return Finding(Axes())
    if _share(spots, lambda s: abs(s.lat) > 180 or abs(s.lon) > 180) >= 0.5:
        return _huge(spots, names)
    crossed = _share(spots, lambda s: abs(s.lat) > 90 >= abs(s.lon))
    if crossed >= _MOST:
        said = f"{names[0]} holds longitudes and {names[1]} latitudes in {crossed:.0%} of the rows"
        return Finding(Axes(swapped=True), (said,))
    return _against_countries(spots, names)


def sign_is_missing(point: Point, countries: tuple[str, ...]) -> bool:
    """Whether a point outside its country lies inside when it gets a minus sign."""
    turned = ((-point.lon, point.lat), (point.lon, -point.lat), (-point.lon, -point.lat))
    return any(may_lie_in(lon, lat, countries) for lon, lat in turned)


class Piles:
    """Counts the rows that share a position, for as many positions as memory should hold."""

    def __init__(self) -> None:
        self._rows: Counter[Point] = Counter()
        self._total = 0

    def add(self, point: Point) -> None:
        """Count one row."""
        self._total += 1
        if point in self._rows or len(self._rows) < _MAX_PLACES:
            self._rows[point] += 1

    def rows(self) -> int:
        """Answer how many rows stand on positions that look like one point for a whole area."""
        least = max(_PILE_ROWS, self._total * _PILE_SHARE)
        return sum(n for n in self._rows.values() if n >= least)


def _spot(pair: Pair) -> _Spot | None:
    try:
        lat, lon = read_angle(pair.lat, axis="lat")[0], read_angle(pair.lon, axis="lon")[0]
    except CoordinateError:
        return None
    return _Spot(lat, lon, pair.countries)


def _share(spots: Sequence[_Spot], is_so: Callable[[_Spot], bool]) -> float:
    return sum(map(is_so, spots)) / len(spots)


def _huge(spots: Sequence[_Spot], names: tuple[str, str]) -> Finding:
    """Judge numbers that are no degrees: without their point, or metres."""
    known = [spot for spot in spots if spot.countries]
    whole = all(spot.lat.is_integer() and spot.lon.is_integer() for spot in spots)
    if whole and known:
        fits = [n for n in _SCALES if _share(known, lambda s, n=n: _fits(s, n)) >= _MOST]  # type: ignore[misc]
        if len(fits) == 1:
            said = f"whole numbers divided by {fits[0]:,} lie in the countries that rows name"
            return Finding(Axes(scale=fits[0]), (said,))
    first = spots[0]
    text = (
        f"columns {names[0]!r} and {names[1]!r} hold numbers such as {first.lat:.0f} and "
        f"{first.lon:.0f}, which are no degrees: if they are metres of a map projection, say "
        f"which with {EPSG}=NUMBER (UTM zone 42N is {EPSG}=32642)"
    )
    answers = [f"{EPSG}=NUMBER"]
    if whole:
        text += f"; if they are degrees without their point, say so with {SCALE}=10000 or the like"
        answers.append(f"{SCALE}=NUMBER")
    return Finding(Axes(), (), (Question(EPSG, text, tuple(answers)),))


def _fits(spot: _Spot, scale: int) -> bool:
    lat, lon = spot.lat / scale, spot.lon / scale
    return abs(lat) <= 90 and abs(lon) <= 180 and may_lie_in(lon, lat, spot.countries)


def _against_countries(spots: Sequence[_Spot], names: tuple[str, str]) -> Finding:
    """Ask about columns that put nearly all rows outside the countries they name."""
    known = [spot for spot in spots if spot.countries]
    if len(known) < _ROWS:
        return Finding(Axes())
    outside = _share(known, lambda s: not may_lie_in(s.lon, s.lat, s.countries))
    if outside < _MOST:
        return Finding(Axes())
    readings: tuple[tuple[str, Callable[[_Spot], _Spot]], ...] = (
        ("swapped", lambda s: replace(s, lat=s.lon, lon=s.lat)),
        ("west", lambda s: replace(s, lon=-abs(s.lon))),
        ("south", lambda s: replace(s, lat=-abs(s.lat))),
        ("south_west", lambda s: replace(s, lat=-abs(s.lat), lon=-abs(s.lon))),
    )
    for name, turn in readings:
        turned = [turn(spot) for spot in known]
        inside = _share(
            turned, lambda s: abs(s.lat) <= 90 and may_lie_in(s.lon, s.lat, s.countries)
        )
        if inside >= _MOST:
            how = name if name == "swapped" else f"with the minus sign of {name.replace('_', ' ')}"
            text = (
                f"columns {names[0]!r} and {names[1]!r} put {outside:.0%} of the rows outside the "
                f"country they name, and {how} {inside:.0%} lie inside: say {AXES}={name} or "
                f"{AXES}=as_written"
            )
            answers = (f"{AXES}={name}", f"{AXES}=as_written")
            return Finding(Axes(), (), (Question(AXES, text, answers),))
    return Finding(Axes())
