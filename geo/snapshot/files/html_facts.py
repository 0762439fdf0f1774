"""What does the page of a briefing know of each incident, and where does it stand on the map?

Whatever is here can be read by whoever has the file: nothing but what the brief's selection
holds, and quotes only where the file stays inside the house. Texts repeat, so each stands once
in a list and everything else refers to it by number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
from pyproj import Geod

from geo import countries
from geo.claims import contested
from geo.filters import fold
from geo.incident import ASSESSMENTS, PRECISIONS, Claim, Incident, Source, is_web_link
from geo.snapshot.brief import Brief
from geo.snapshot.content import Content, Row
from geo.snapshot.files.html_ground import FINE, country_spot, flat, spot
from geo.snapshot.language import Language
from geo.snapshot.sheet.projection import Plane
from geo.snapshot.sheet.scene import Item, Mark, Scene
from geo.snapshot.sheet.symbols import radius
from geo.taxonomy import event_types

MOST = 10_000
SHOWN = ("on_map", "off_frame", "not_mappable", "set_aside")
WHENS = ("within", "ongoing", "uncertain")
# a disc of more than this radius is no ellipse any more in most projections
_ROUND_KM = 150.0
_DAY_ZERO = date(1970, 1, 1).toordinal()
_WGS84 = Geod(ellps="WGS84")


class Texts:
    """Texts by number; the empty text is 0."""

    def __init__(self) -> None:
        self._at: dict[str, int] = {"": 0}

    def at(self, text: str) -> int:
        """Give the number of a text."""
        return self._at.setdefault(text, len(self._at))

    def listed(self) -> list[str]:
        """All texts in the order of their numbers."""
        return list(self._at)


def chosen(content: Content, brief: Brief) -> tuple[Row, ...]:
    """Rows that the file holds: all, or where they are too many, the most recent.

    Incidents put first by hand stay in.
    """
    if len(content.rows) <= MOST:
        return content.rows
    first = set(brief.order)
    latest = sorted(
        content.rows,
        key=lambda row: (
            row.incident.id not in first,
            -row.incident.start.toordinal(),
            row.number,
        ),
    )
    return tuple(sorted(latest[:MOST], key=lambda row: row.number))


def facts(rows: Sequence[Row], brief: Brief, spoken: Language) -> dict[str, Any]:
    """Write what is known of each incident."""
    texts = Texts()
    kinds = {kind.id: n for n, kind in enumerate(event_types())}
    years = {day.year for row in rows for day in (row.incident.start, row.incident.end)}
    written = [_fact(row, brief, spoken, kinds, texts, dated=len(years) > 1) for row in rows]
    return {"texts": texts.listed(), "incidents": written}


def day_number(day: date) -> int:
    """Count days from 1 January 1970."""
    return day.toordinal() - _DAY_ZERO


def _fact(
    row: Row,
    brief: Brief,
    spoken: Language,
    kinds: dict[str, int],
    texts: Texts,
    *,
    dated: bool,
) -> list[Any]:
    """One incident; `base.js` names the parts in the same order. `dated` says the year too."""
    i = row.incident
    deaths = None if contested(i, "deaths") else i.deaths.figure
    held = " ".join(
        (i.admin1, i.admin2, *(a.canonical for a in i.actors), *(s.name for s in i.sites))
    )
    return [
        row.number,
        texts.at(i.title),
        texts.at(i.summary),
        kinds[i.event_type],
        day_number(i.start),
        day_number(i.end),
        int(i.date_precision == "day"),
        WHENS.index(row.when),
        texts.at(_days(i, spoken) if dated and i.date_precision == "day" else row.day),
        texts.at(i.start.isoformat()),
        texts.at(row.place),
        texts.at(_where(i, spoken)),
        [texts.at(code) for code in i.countries],
        PRECISIONS.index(i.precision),
        ASSESSMENTS.index(i.assessment),
        SHOWN.index(row.shown),
        texts.at(row.deaths),
        deaths,
        round(radius(deaths), 2),
        texts.at(row.callout),
        texts.at(_located(i, spoken)),
        [[texts.at(a.name), texts.at(a.role)] for a in i.actors],
        [_claim(claim, spoken, texts) for claim in i.claims],
        [_source(source, brief, spoken, texts) for source in i.sources],
        texts.at(i.licence),
        texts.at(i.id),
        texts.at(fold(held)),
    ]


def _days(incident: Incident, spoken: Language) -> str:
    first, last = spoken.day(incident.start), spoken.day(incident.end)
    return first if first == last else spoken.say("dates.days", first=first, last=last)


def _where(incident: Incident, spoken: Language) -> str:
    nations = " / ".join(spoken.country(code) for code in incident.countries)
    parts = (incident.place_name, incident.admin2, incident.admin1, nations)
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _located(incident: Incident, spoken: Language) -> str:
    """Say how exactly the place is known, and how it was found."""
    said = [spoken.say(f"html.located.{incident.precision}")]
    if incident.radius_km and incident.point is not None and incident.precision != "exact":
        km = f"{incident.radius_km:g}"
        assumed = incident.located is not None and incident.located.radius == "assumed"
        said.append(spoken.say(f"html.located.{'assumed' if assumed else 'radius'}", km=km))
    if incident.located is not None:
        if incident.located.point == "representative":
            said.append(spoken.say("html.located.representative"))
        by = " ".join(part for part in (incident.located.method, incident.located.id) if part)
        if by:
            said.append(spoken.say("html.located.by", method=by))
    return " ".join(said)


def _claim(claim: Claim, spoken: Language, texts: Texts) -> list[int]:
    value = spoken.number(claim.value) if isinstance(claim.value, int) else claim.value
    if claim.low is not None and claim.high is not None and claim.low != claim.high:
        value = spoken.say("deaths.between", low=claim.low, high=claim.high)
    known = spoken.words["html"]["claim_fields"]
    field = known.get(claim.field, claim.field.replace("_", " "))
    whom = spoken.words["html"]["whom"].get(claim.whom, claim.whom)
    parts = (field, value, whom, claim.scope, claim.claimant, claim.source)
    return [texts.at(part) for part in parts]


def _source(source: Source, brief: Brief, spoken: Language, texts: Texts) -> list[int]:
    link = next((url for url in (source.url, source.archived_url) if is_web_link(url)), "")
    published = spoken.day(source.published) if source.published else ""
    quote = source.quote if brief.profile == "internal" else ""
    parts = (source.publisher, source.title, link, published, quote)
    return [texts.at(part) for part in parts]


def marks(scene: Scene, plane: Plane, rows: Sequence[Row]) -> dict[str, Any]:
    """Write positions, discs, hatched provinces and tags of countries, by the order of rows."""
    at = {row.incident.id: n for n, row in enumerate(rows)}
    kept = [mark for mark in scene.marks if mark.item.id in at]
    discs: dict[tuple[float, float, float], int] = {}
    positions = []
    spots = _spots(plane, kept)
    for mark, (x, y) in zip(kept, spots, strict=True):
        key = (mark.point.lon, mark.point.lat, mark.radius_km)
        disc = discs.setdefault(key, len(discs)) if mark.radius_km and not mark.exact else -1
        positions.append([at[mark.item.id], x, y, PRECISIONS.index(mark.precision), disc])
    units = [(unit, _members(items, at)) for unit, items in scene.units]
    shapes = plane.shapes([unit.shape for unit, _ in scene.units])
    nations = [(code, _members(items, at)) for code, items in scene.nations]
    return {
        "positions": positions,
        "discs": _discs(plane, list(discs)),
        "units": [
            [unit.name, *spot(plane, plane.spot(unit.inner)), flat(plane, [shape]), members]
            for (unit, members), shape in zip(units, shapes, strict=True)
            if members
        ],
        "nations": [
            [countries.name(code), *place, members]
            for code, members in nations
            if members and (place := country_spot(plane, code)) is not None
        ],
    }


def _members(items: Sequence[Item], at: dict[str, int]) -> list[int]:
    return [at[item.id] for item in items if item.id in at]


def _spots(plane: Plane, kept: Sequence[Mark]) -> list[list[int]]:
    if not kept:
        return []
    xy = plane.project(np.array([[m.point.lon, m.point.lat] for m in kept], dtype=float))
    return [spot(plane, each) for each in xy]


def _discs(plane: Plane, keys: Sequence[tuple[float, float, float]]) -> list[list[Any]]:
    """Discs of true radius: an ellipse as middle and two half axes, or an outline if large."""
    if not keys:
        return []
    lon, lat, km = (np.array(column, dtype=float) for column in zip(*keys, strict=True))
    ends = []
    for bearing in (0.0, 90.0, 180.0, 270.0):
        there = _WGS84.fwd(lon, lat, np.full(len(lon), bearing), km * 1000)
        ends.append(plane.project(np.column_stack(there[:2])))
    north, east, south, west = ends
    middle = (north + south + east + west) / 4
    made: list[list[Any]] = []
    for n, (one_lon, one_lat, radius_km) in enumerate(keys):
        if radius_km > _ROUND_KM:
            shape = _outline(plane, one_lon, one_lat, radius_km)
            made.append([flat(plane, [shape])])
            continue
        a, b = (east[n] - west[n]) / 2, (north[n] - south[n]) / 2
        axes = [round(float(v) * FINE, 1) for v in (a[0], -a[1], b[0], -b[1])]
        made.append([*spot(plane, middle[n]), *axes])
    return made


def _outline(plane: Plane, lon: float, lat: float, radius_km: float) -> Any:
    bearings = np.linspace(0, 360, 72, endpoint=False)
    every = np.ones(72)
    there = _WGS84.fwd(lon * every, lat * every, bearings, radius_km * 1000 * every)
    xy = plane.project(np.column_stack(there[:2]))
    shape = shapely.Polygon(xy) if np.isfinite(xy).all() else shapely.Polygon()
    return shape if shape.is_valid else shapely.Polygon()
