"""What do USGS, GDACS and Bellingcat publish for this time and frame?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from geo.area import BBox
from geo.errors import AnswerError, FetchError, FilterError
from geo.fetch import Answer, Door
from geo.remote.answers import Fetched, Step, busy, read_object, silent

Feed = Literal["usgs", "gdacs", "bellingcat"]
FEEDS: tuple[Feed, ...] = get_args(Feed)
USGS = "https://earthquake.usgs.gov/fdsnws/event/1/query"
GDACS = "https://www.gdacs.org/gdacsapi/api/events/geteventlist/SEARCH"
BELLINGCAT = (
    "https://bellingcat-embeds.ams3.cdn.digitaloceanspaces.com/production/ukr/timemap/api.json"
)
USGS_MOST = 20_000
_GDACS_PAGE = 100
_GDACS_PAGES = 200
_KINDS = ("EQ", "TC", "FL", "VO", "DR", "WF")
_ALERTS = ("green", "orange", "red")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which feed and, where it can be asked, days, least magnitude, alert levels, kinds, frame."""

    feed: Feed
    start: date | None = None
    end: date | None = None
    magnitude: float | None = None
    alerts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    bbox: BBox | None = None


def fetch(door: Door, query: Query, *, url: str = "", step: Step = silent) -> Fetched:
    """Ask one feed.

    Raises
    ------
    FilterError
        Where the feed has no word for what is asked.
    FetchError
        When it cannot be reached, or answers with something else.
    """
    if query.feed == "usgs":
        return _usgs(door, query, url or USGS, step)
    if query.feed == "gdacs":
        return _gdacs(door, query, url or GDACS, step)
    body = _get(door, url or BELLINGCAT, {}, "Bellingcat", step).body
    if body[:200].lstrip()[:1] != b"[":
        msg = "Bellingcat answered with something else than its list of incidents"
        raise FetchError(msg)
    return Fetched(source="feed", data=body)


def _usgs(door: Door, query: Query, url: str, step: Step) -> Fetched:
    asked = {"format": "geojson"}
    if query.start:
        asked["starttime"] = query.start.isoformat()
    if query.end:
        # a day without an hour would end as it begins
        asked["endtime"] = f"{query.end.isoformat()}T23:59:59.999"
    if query.magnitude is not None:
        asked["minmagnitude"] = f"{query.magnitude:g}"
    if query.bbox:
        west, east = query.bbox.west, query.bbox.east
        # a frame across 180 degrees is asked for with an east above 180
        east += 360 if east < west else 0
        asked |= {"minlongitude": f"{west:g}", "minlatitude": f"{query.bbox.south:g}"}
        asked |= {"maxlongitude": f"{east:g}", "maxlatitude": f"{query.bbox.north:g}"}
    answer = _get(door, url, asked, "USGS", step)
    if not answer.body.strip():
        return Fetched(source="feed", data=_collection([]))
    found = read_object(answer, name="USGS").get("features")
    full = isinstance(found, list) and len(found) >= USGS_MOST
    said = (f"USGS gives {USGS_MOST:,} events at most: ask for a shorter time",) if full else ()
    return Fetched(source="feed", data=answer.body, said=said)


def _gdacs_words(query: Query) -> dict[str, str]:
    for name, given, known in (("kind", query.kinds, _KINDS), ("alert", query.alerts, _ALERTS)):
        wrong = [value for value in given if value not in known]
        if wrong:
            msg = f"{name} is {wrong[0][:20]!r}: must be one of {' '.join(known)}"
            raise FilterError(msg)
    asked = {"eventlist": ";".join(query.kinds or _KINDS), "pageSize": str(_GDACS_PAGE)}
    if query.start:
        asked["fromDate"] = query.start.isoformat()
    if query.end:
        asked["toDate"] = query.end.isoformat()
    if query.alerts:
        asked["alertlevel"] = ";".join(query.alerts)
    return asked


def _gdacs(door: Door, query: Query, url: str, step: Step) -> Fetched:
    asked = _gdacs_words(query)
    found: dict[str, Any] = {}
    for number in range(1, _GDACS_PAGES + 1):
        answer = _get(door, url, {**asked, "pageNumber": str(number)}, "GDACS", silent)
        if not answer.body.strip():
            break
        page = read_object(answer, name="GDACS").get("features")
        if not isinstance(page, list):
            msg = "GDACS answered without a list of features"
            raise FetchError(msg)
        before = len(found)
        for feature in page:
            found.setdefault(json.dumps(feature, sort_keys=True), feature)
        step("alerts of GDACS", len(found), None)
        if len(page) < _GDACS_PAGE or len(found) == before:
            break
    return Fetched(source="feed", data=_collection(list(found.values())))


def _get(door: Door, url: str, asked: dict[str, str], name: str, step: Step) -> Answer:
    try:
        return door.get(url, params=asked, progress=lambda n, of: step(f"bytes of {name}", n, of))
    except AnswerError as error:
        raise busy(error, name=name) from None


def _collection(features: list[Any]) -> bytes:
    held = {"type": "FeatureCollection", "features": features}
    return json.dumps(held, ensure_ascii=False).encode("utf-8", "replace")
