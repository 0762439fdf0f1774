"""What kinds of incidents and filters are there? Hypothesis strategies for tests to share.

`incidents()` draws any valid incident; `crowds()` draws lists with distinct ids from small pools
of dates, places and names, so that `filters()` of the same pools match some and not others.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from geo.area import Area, BBox, Circle, Polygon
from geo.filters import Filter
from geo.incident import (
    ASSESSMENTS,
    PRECISIONS,
    STATUSES,
    WHOM,
    Actor,
    Claim,
    Incident,
    Located,
    Point,
    Recorded,
    Site,
    Source,
    Toll,
)
from geo.taxonomy import type_ids

# text that has broken map, page, picture or spreadsheet somewhere
HOSTILE = (
    "{{7*7}}",
    "{% raw %}",
    "{# note #}",
    "${alert(1)}",
    "`${alert(1)}`",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<!-- -->",
    "]]>",
    "&lt;b&gt;",
    "&#x3c;",
    "'; alert(1); '",
    '" onmouseover="alert(1)',
    "javascript:alert(1)",
    "=HYPERLINK(1)",
    "+1+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "＝1+1",
    "'=1",
    "C:\\new\\table\\u0041",
    "100 % \\frac{1}{2} $x^2$",
    "_underlined_ *starred* ~~struck~~ `code`",
    "![x](http://example.org/x.png)",
    "[x](http://example.org)",
    "http://example.org www.example.org a@example.org",
    ":red[x] :material/home: :smile: :sunglasses:",
    "# heading",
    "1. one",
    "a -> b <- c -- d >= e",
    "| a | b |",
    "line one\nline two",
    "\u202eright to left\u202c",
    "\u2028\u2029\u00a0\u200b\ufeff",
    "نگرهار کندهار",  # real script, right to left
    "Zażółć e\u0301 ﬁ Ⅻ",
    "👩‍👩‍👧‍👦🇦🇫",
    "\U0010ffff\ufffe\x80",
)
_CONTROL = "".join(map(chr, (*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F)))
NOW = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)
# strategies are made once: making them anew for each draw costs more than the drawing
_ODD = st.text(st.characters(exclude_categories=("Cs",), exclude_characters=_CONTROL), max_size=12)
_TEXTS = st.one_of(
    st.sampled_from(("", "a", *HOSTILE)),
    st.tuples(st.sampled_from(HOSTILE), _ODD).map("".join),
    _ODD,
)
_FILLED = _TEXTS.filter(str.strip)
_NAMES = st.sampled_from(("TTP", "Pakistani Taliban", "Islamic State", "A", "Ä", "ｗide", "x;y"))
_COUNTRIES = st.sampled_from(("AFG", "PAK", "IRN", "FJI", "XKX"))
_PUBLISHERS = st.sampled_from(("UNAMA", "unama", "Example News", ""))
_FIRST = date(2025, 9, 20)
_DAYS = st.integers(0, 60).map(lambda n: _FIRST + timedelta(days=n))
_MOMENTS = st.integers(0, 60 * 86_400).map(
    lambda n: datetime(2025, 9, 20, tzinfo=UTC) + timedelta(seconds=n)
)
_COUNTS = st.one_of(st.none(), st.integers(0, 30), st.just(10_000_000))
_TOLLS = st.one_of(st.just(Toll()), st.builds(Toll, _COUNTS, _COUNTS, _COUNTS))
_EDGES = st.sampled_from((-180.0, -179.5, 0.0, -0.0, 34.5, 69.25, 179.9999999, 180.0))


def _short(number: float) -> float:
    return round(number, 4)


_LON, _LAT = st.floats(-180, 180), st.floats(-90, 90)
_NEAR = st.builds(Point, st.floats(60, 75).map(_short), st.floats(28, 38).map(_short))
_POINTS = st.one_of(
    _NEAR,
    _NEAR,
    st.builds(Point, _EDGES, _EDGES.filter(lambda n: abs(n) <= 90)),
    st.builds(Point, _LON, _LAT),
)
_LOCATED = st.one_of(
    st.none(),
    st.builds(
        Located,
        method=_TEXTS,
        id=_TEXTS,
        point=st.sampled_from(("site", "representative")),
        radius=st.sampled_from(("", "source", "extent", "assumed")),
    ),
)
_RADII = st.one_of(st.none(), st.sampled_from((1, 5.0, 25.0, 400.0)), st.floats(0.001, 3_000))


def _place(precision: Any, point: Point, *, pin: bool) -> dict[str, Any]:
    needs, allows = precision in ("exact", "near"), precision not in ("country", "none")
    return {"precision": precision, "point": point if needs or (allows and pin) else None}


_PLACES = st.builds(_place, st.sampled_from(PRECISIONS), _POINTS, pin=st.booleans())
_SITES = st.builds(
    lambda place, **parts: Site(**place, **parts),
    _PLACES,
    name=_FILLED,
    admin1=_TEXTS,
    country=st.one_of(st.just(""), _COUNTRIES),
    located=_LOCATED,
    radius_km=_RADII,
)
_ACTORS = st.builds(
    Actor,
    name=st.one_of(_NAMES, _FILLED),
    role=_TEXTS,
    canonical=st.one_of(st.just(""), _NAMES),
)
_FIGURES = st.builds(
    Claim,
    field=st.sampled_from(("deaths", "injured")),
    value=st.one_of(st.integers(0, 300), st.sampled_from(("dozens", "several"))),
    low=_COUNTS,
    high=_COUNTS,
    whom=st.sampled_from(WHOM),
    scope=st.sampled_from(("", "", "four provinces")),
    claimant=_TEXTS,
    source=_TEXTS,
)
_CLAIMS = st.one_of(
    _FIGURES,
    _FIGURES,
    st.builds(Claim, field=st.sampled_from(("event_type", "actor")), value=_FILLED),
)
_LINKS = st.sampled_from(("", "https://example.org/a?b=c&d='e'", "HTTP://example.org/ä"))
_SOURCES = st.builds(
    Source,
    publisher=st.one_of(_PUBLISHERS, _TEXTS),
    title=_TEXTS,
    url=_LINKS,
    archived_url=_LINKS,
    published=st.one_of(st.none(), _DAYS),
    retrieved=st.one_of(st.none(), _DAYS),
    language=st.sampled_from(("", "en", "ps")),
    quote=_TEXTS,
)
_PERIODS = st.sampled_from(
    (*(("day", n) for n in (0, 0, 0, 1, 5)), ("week", 6), ("month", 29), ("year", 364))
)


def _incident(
    place: dict[str, Any],
    period: tuple[Any, int],
    moments: tuple[datetime, datetime],
    **parts: Any,
) -> Incident:
    coarse, longer = period
    first_seen, updated = sorted(moments)
    by = parts.pop("by")
    return Incident(
        **place,
        date_precision=coarse,
        end=parts["start"] + timedelta(days=longer),
        recorded=Recorded(first_seen=first_seen, updated=updated, by=by),
        **parts,
    )


_PARTS: dict[str, st.SearchStrategy[Any]] = {
    "event_type": st.sampled_from(sorted(type_ids())),
    "start": _DAYS,
    "countries": st.lists(_COUNTRIES, max_size=2, unique=True).map(tuple),
    "deaths": _TOLLS,
    "status": st.sampled_from(("accepted", "accepted", "accepted", *STATUSES)),
    "assessment": st.sampled_from(ASSESSMENTS),
    "radius_km": _RADII,
    "by": _NAMES,
}
# what no filter reads is left out of crowds, so that many fit into a second
_MORE: dict[str, st.SearchStrategy[Any]] = {
    "id": st.sampled_from(("ucdp:1", "own:01J", "demo:ä", "x")),
    "title": _FILLED,
    "summary": _TEXTS,
    "time": st.sampled_from(("", "23:30", "night")),
    "place_name": _TEXTS,
    "admin1": _TEXTS,
    "admin2": _TEXTS,
    "located": _LOCATED,
    "sites": st.lists(_SITES, max_size=2).map(tuple),
    "actors": st.lists(_ACTORS, max_size=2).map(tuple),
    "claims": st.lists(_CLAIMS, max_size=3).map(tuple),
    "sources": st.lists(_SOURCES, max_size=2).map(tuple),
    "injured": _TOLLS,
    "status_reason": _TEXTS,
    "native": st.sampled_from(({}, {"code": 7, "ratio": 0.5, "deep": {"list": [None, ""]}})),
    "extra": st.sampled_from(({}, {"marker-color": "#f00", "größe": None, "n": 1})),
    "licence": st.sampled_from(("", "CC BY 4.0")),
}
_LEAN: dict[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from(("A fight", "Ä {{7*7}}", "ﬁre", "＝1")),
    "sites": st.one_of(st.just(()), _PLACES.map(lambda place: (Site(name="s", **place),))),
    "actors": st.lists(st.builds(Actor, name=_NAMES, canonical=_NAMES), max_size=1).map(tuple),
    "sources": st.lists(st.builds(Source, publisher=_PUBLISHERS), max_size=1).map(tuple),
}
_TIMES = st.tuples(_MOMENTS, _MOMENTS)
_FULL = st.builds(_incident, _PLACES, _PERIODS, _TIMES, **_PARTS, **_MORE)
_SLIM = st.builds(_incident, _PLACES, _PERIODS, _TIMES, id=st.just("?"), **_PARTS, **_LEAN)


def texts() -> st.SearchStrategy[str]:
    """Text that an incident may hold: plain, odd Unicode, hostile, and mixtures."""
    return _TEXTS


def days() -> st.SearchStrategy[date]:
    """Calendar days of two months, so that periods and ranges often overlap."""
    return _DAYS


def moments() -> st.SearchStrategy[datetime]:
    """Times of record, to the second."""
    return _MOMENTS


def points() -> st.SearchStrategy[Point]:
    """Positions: any, round ones at the edges of the world, and many in one small region."""
    return _POINTS


def tolls() -> st.SearchStrategy[Toll]:
    """Low, best and high, each perhaps unknown and not always in order."""
    return _TOLLS


def claims() -> st.SearchStrategy[Claim]:
    """Statements about figures and kinds, some of wider scope."""
    return _CLAIMS


def sources() -> st.SearchStrategy[Source]:
    """Publications, with links or without."""
    return _SOURCES


def sites() -> st.SearchStrategy[Site]:
    """Further named places of an incident."""
    return _SITES


def incidents() -> st.SearchStrategy[Incident]:
    """Any valid incident, every field in use."""
    return _FULL


def crowds(*, max_size: int = 8) -> st.SearchStrategy[list[Incident]]:
    """Draw layers of incidents with distinct ids; only fields that filters read are varied."""
    kinds = ("ucdp", "own", "demo")
    return st.lists(_SLIM, max_size=max_size).map(
        lambda drawn: [replace(one, id=f"{kinds[n % 3]}:{n}") for n, one in enumerate(drawn)]
    )


_BOXES = st.one_of(
    st.just(BBox(60.0, 29.0, 71.5, 36.0)),
    st.builds(
        lambda w, e, a, b: BBox(w, min(a, b), e, max(a, b)),
        *(n.map(_short) for n in (_LON, _LON, _LAT, _LAT)),
    ),
)
_CIRCLES = st.builds(Circle, _POINTS, st.one_of(st.just(300.0), st.floats(0.001, 20_000)))


def boxes() -> st.SearchStrategy[BBox]:
    """Boxes, some of which cross the 180th meridian."""
    return _BOXES


def circles() -> st.SearchStrategy[Circle]:
    """Circles of 1 m to 20 000 km."""
    return _CIRCLES


def _star(lon: float, lat: float, radii: list[float]) -> Polygon:
    turn = 2 * math.pi / len(radii)
    ring = [
        (_short(lon + r * math.cos(i * turn)), _short(lat + r * math.sin(i * turn)))
        for i, r in enumerate(radii)
    ]
    return Polygon((*ring, ring[0]))


_POLYGONS = st.builds(
    _star,
    st.floats(61, 74),
    st.floats(29, 37),
    st.lists(st.floats(0.3, 6), min_size=5, max_size=12),
)


def polygons() -> st.SearchStrategy[Polygon]:
    """Stars of five to twelve corners about a place: valid rings, many of them concave."""
    return _POLYGONS


_AREAS = st.one_of(_BOXES, _CIRCLES, _POLYGONS)


def areas() -> st.SearchStrategy[Area]:
    """Every kind of area."""
    return _AREAS


def _some(values: tuple[Any, ...]) -> st.SearchStrategy[tuple[Any, ...]]:
    few = st.lists(st.sampled_from(values), max_size=4, unique=True).map(tuple)
    return st.one_of(st.just(()), st.just(()), few, st.just(values))


def _filter(start: date | None, end: date | None, **parts: Any) -> Filter:
    if start and end and start > end:
        start, end = end, start
    return Filter(start=start, end=end, **parts)


_FILTERS = st.builds(
    _filter,
    st.one_of(st.none(), _DAYS),
    st.one_of(st.none(), _DAYS),
    uncertain=st.booleans(),
    status=st.one_of(st.just(("accepted",)), _some(STATUSES)),
    event_types=_some(tuple(sorted(type_ids()))),
    countries=_some(("AFG", "PAK", "IRN")),
    area=st.one_of(st.none(), st.none(), _AREAS),
    actors=_some(("ttp", "Islamic State", "a", "{{7*7}}")),
    text=st.one_of(st.just(""), st.sampled_from(("a", "A e", "7*7", "ﬁ", "ä")), _TEXTS),
    precision=_some(PRECISIONS),
    deaths_min=st.one_of(st.none(), st.integers(0, 30)),
    assessment=_some(ASSESSMENTS),
    changed_since=st.one_of(st.none(), st.none(), _MOMENTS),
    sources=_some(("ucdp", "Unama", "own", "", "{{7*7}}")),
)


def filters() -> st.SearchStrategy[Filter]:
    """Any valid filter; about half of its parts ask nothing."""
    return _FILTERS
