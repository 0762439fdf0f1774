"""What does the map fetch from this server, and what else does it get? Nothing else.

{prefix}/atlas/assets/NAME             a script, style or font from a fixed list
{prefix}/atlas/basemap?bbox=&zoom=     land, water, lines, names
{prefix}/atlas/notes?bbox=             the sentences that must accompany a view
{prefix}/atlas/incidents/TOKEN?bbox=&zoom=        what a registered view draws there
{prefix}/atlas/incidents/TOKEN/about?of=3,17      what a few of its incidents say
{prefix}/atlas/incidents/TOKEN/in?kind=&key=      what the incidents under one sign say
{prefix}/atlas/incidents/TOKEN/outline?of=4,9     the outlines of some of its provinces
"""

from __future__ import annotations

import gzip
import math
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from xstatic.pkg import jquery, leaflet

from geo import bits
from geo.area import BBox
from geo.bits import Rows
from geo.claims import toll_in_words
from geo.columns import numbers
from geo.settings import DATA
from geo.taxonomy import event_type
from geo.webmap.crowd import KINDS, LISTED, Crowd
from geo.webmap.ground import ground, notes
from geo.webmap.marks import dump
from geo.webmap.views import find
from geo.words import place_in_words, when_in_words

_STATIC = Path(__file__).parent / "static"
_FONTS = ("SourceSans3_400Regular.ttf", "SourceSans3_600SemiBold.ttf")
SCRIPTS = ("asking.js", "symbols.js", "basemap.js", "layout.js", "incidents.js", "legend.js")
ASSETS = {
    "leaflet.js": Path(leaflet.BASE_DIR) / "leaflet.js",
    "leaflet.css": Path(leaflet.BASE_DIR) / "leaflet.css",
    "jquery.min.js": Path(jquery.BASE_DIR) / "jquery.min.js",
    "atlas.css": _STATIC / "atlas.css",
    **{name: _STATIC / name for name in SCRIPTS},
    **{name: DATA / "fonts" / name for name in _FONTS},
}
_KINDS = {".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf"}
_MOST_ASKED = 200
_WORTH_PACKING = 1_400
_ZOOMS = frozenset(map(str, range(19)))
_INDEX = re.compile(r"[0-9]{1,9}\Z")
_RANGE = re.compile(r"[0-9]{1,9}-[0-9]{1,9}\Z")
_KEYS = {"exact": _RANGE, "about": _RANGE, "unit": _INDEX, "country": re.compile(r"[A-Z]{3}\Z")}


def routes(prefix: str = "") -> Sequence[Route]:
    """Routes of the map, under the server's base path."""
    return [
        Route(f"{prefix}/atlas/assets/{{name}}", _asset),
        Route(f"{prefix}/atlas/basemap", _ground),
        Route(f"{prefix}/atlas/notes", _notes),
        Route(f"{prefix}/atlas/incidents/{{token}}", _incidents),
        Route(f"{prefix}/atlas/incidents/{{token}}/about", _about),
        Route(f"{prefix}/atlas/incidents/{{token}}/in", _members),
        Route(f"{prefix}/atlas/incidents/{{token}}/outline", _outline),
    ]


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ASSETS:
        return _missing("asset")
    kind = _KINDS[Path(name).suffix]
    # our own scripts may change between two starts; the rest never does
    age = "no-cache" if ASSETS[name].parent == _STATIC else "max-age=86400"
    return Response(_bytes(name), media_type=kind, headers={"Cache-Control": age})


async def _ground(request: Request) -> Response:
    box, zoom = _box(request), request.query_params.get("zoom", "")
    if box is None or zoom not in _ZOOMS:
        return _refused("basemap wants bbox=W,S,E,N in degrees and zoom from 0 to 18")
    return _json(request, await run_in_threadpool(ground, *box, int(zoom)), age=3600)


async def _notes(request: Request) -> Response:
    box = _box(request)
    if box is None:
        return _refused("notes wants bbox=W,S,E,N in degrees")
    return _json(request, await run_in_threadpool(notes, *box), age=3600)


async def _incidents(request: Request) -> Response:
    crowd = find(request.path_params["token"])
    if crowd is None:
        return _missing("view")
    if crowd.is_small:
        return _json(request, await run_in_threadpool(lambda: dump(crowd.whole)), age=3600)
    box, zoom = _box(request), request.query_params.get("zoom", "")
    if box is None or zoom not in _ZOOMS:
        return _refused("a view of many wants bbox=W,S,E,N in degrees and zoom from 0 to 18")
    seen = _wrapped(*box)
    return _json(
        request, await run_in_threadpool(lambda: dump(crowd.view(seen, int(zoom)))), age=3600
    )


async def _about(request: Request) -> Response:
    crowd = find(request.path_params["token"])
    if crowd is None:
        return _missing("view")
    asked = request.query_params.get("of", "").split(",")[:_MOST_ASKED]
    rows = np.array([int(text) for text in asked if _INDEX.match(text)], dtype=np.int64)
    strange = rows[rows >= crowd.layer.index.size]
    if not len(strange):
        strange = rows[~bits.has(crowd.rows, rows)]
    if len(strange):
        return _refused(f"of names {strange[0]}, which the view does not hold")
    return _json(request, await run_in_threadpool(_say, crowd, rows), age=3600)


async def _members(request: Request) -> Response:
    crowd = find(request.path_params["token"])
    if crowd is None:
        return _missing("view")
    kind, key = (request.query_params.get(name, "") for name in ("kind", "key"))
    if kind not in KINDS or not _KEYS[kind].match(key):
        return _refused("in wants kind=exact, about, unit or country, and the key of a sign")

    def answer() -> bytes:
        return _say(crowd, crowd.members(kind, key)[:LISTED])

    return _json(request, await run_in_threadpool(answer), age=3600)


async def _outline(request: Request) -> Response:
    crowd = find(request.path_params["token"])
    if crowd is None:
        return _missing("view")
    asked = request.query_params.get("of", "").split(",")[:_MOST_ASKED]
    which = [int(text) for text in asked if _INDEX.match(text)]
    if any(n >= len(crowd.layer.index.places.units) for n in which):
        return _refused("outline wants of=NUMBERS of provinces in the view")
    return _json(request, await run_in_threadpool(lambda: dump(crowd.outlines(which))), age=3600)


def _say(crowd: Crowd, rows: Rows) -> bytes:
    """Write what some incidents say, and where each stands, if it stands anywhere."""
    lon, lat = (numbers(crowd.layer.index.table, name)[rows] for name in ("lon", "lat"))
    spots = [
        None if math.isnan(x) else [y, x] for x, y in zip(lon.tolist(), lat.tolist(), strict=True)
    ]
    return dump(
        [
            {
                "i": row,
                "at": at,
                "id": incident.id,
                "title": incident.title,
                "type": event_type(incident.event_type).label,
                "when": when_in_words(incident),
                "place": place_in_words(incident),
                "precision": incident.precision,
                "deaths": toll_in_words(incident, "deaths"),
                "assessment": incident.assessment,
            }
            for row, at, incident in zip(
                rows.tolist(), spots, crowd.layer.incidents(rows.tolist()), strict=True
            )
        ]
    )


@lru_cache(maxsize=len(ASSETS))
def _bytes(name: str) -> bytes:
    return ASSETS[name].read_bytes()


def _box(request: Request) -> tuple[float, float, float, float] | None:
    try:
        edges = [float(text) for text in request.query_params.get("bbox", "").split(",")]
    except ValueError:
        return None
    if len(edges) != 4 or not all(math.isfinite(e) and abs(e) <= 720 for e in edges):
        return None
    west, south, east, north = edges
    if west >= east or south >= north:
        return None
    return west, max(south, -90.0), east, min(north, 90.0)


def _wrapped(west: float, south: float, east: float, north: float) -> BBox:
    """Bring a view that may lie in another copy of the world back to this one."""
    if east - west >= 360:
        return BBox(-180, south, 180, north)
    west, east = ((edge + 180) % 360 - 180 for edge in (west, east))
    return BBox(west, south, east, north)


def _json(request: Request, body: bytes, *, age: int) -> Response:
    headers = {"Cache-Control": f"private, max-age={age}", "Vary": "Accept-Encoding"}
    if len(body) > _WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        # the quickest level takes a millisecond and leaves a third
        body, headers["Content-Encoding"] = gzip.compress(body, 1, mtime=0), "gzip"
    return Response(body, media_type="application/json", headers=headers)


def _missing(what: str) -> Response:
    return Response(f"no such {what}", status_code=404, media_type="text/plain")


def _refused(sentence: str) -> Response:
    return Response(sentence, status_code=400, media_type="text/plain")
