"""What does the map fetch from this server, and what else does it get? Nothing else.

{prefix}/atlas/assets/NAME             a script, style or font from a fixed list
{prefix}/atlas/basemap?bbox=&zoom=     land, water, lines, names
{prefix}/atlas/notes?bbox=             the sentences that must accompany a view
{prefix}/atlas/incidents/TOKEN         what a registered view draws
{prefix}/atlas/incidents/TOKEN/about?of=3,17    what a few of its incidents say
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from xstatic.pkg import jquery, leaflet

from geo.claims import toll_in_words
from geo.settings import DATA
from geo.taxonomy import event_type
from geo.webmap.ground import ground, notes
from geo.webmap.views import find
from geo.words import place_in_words, when_in_words

_STATIC = Path(__file__).parent / "static"
_FONTS = ("SourceSans3_400Regular.ttf", "SourceSans3_600SemiBold.ttf")
SCRIPTS = ("symbols.js", "basemap.js", "layout.js", "incidents.js", "legend.js")
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
_ZOOMS = frozenset(map(str, range(19)))
_INDEX = re.compile(r"[0-9]{1,9}\Z")


def routes(prefix: str = "") -> Sequence[Route]:
    """Routes of the map, under the server's base path."""
    return [
        Route(f"{prefix}/atlas/assets/{{name}}", _asset),
        Route(f"{prefix}/atlas/basemap", _ground),
        Route(f"{prefix}/atlas/notes", _notes),
        Route(f"{prefix}/atlas/incidents/{{token}}", _incidents),
        Route(f"{prefix}/atlas/incidents/{{token}}/about", _about),
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
    return _json(await run_in_threadpool(ground, *box, int(zoom)), age=3600)


async def _notes(request: Request) -> Response:
    box = _box(request)
    if box is None:
        return _refused("notes wants bbox=W,S,E,N in degrees")
    return _json(await run_in_threadpool(notes, *box), age=3600)


async def _incidents(request: Request) -> Response:
    view = find(request.path_params["token"])
    if view is None:
        return _missing("view")
    return _json(await run_in_threadpool(lambda: view.payload), age=3600)


async def _about(request: Request) -> Response:
    view = find(request.path_params["token"])
    if view is None:
        return _missing("view")
    asked = request.query_params.get("of", "").split(",")[:_MOST_ASKED]
    chosen = [int(text) for text in asked if _INDEX.match(text)]
    rows = []
    for i in chosen:
        if i >= len(view.matches):
            return _refused(f"of names {i}, the view has {len(view.matches)} incidents")
        incident = view.matches[i].incident
        rows.append(
            {
                "i": i,
                "id": incident.id,
                "title": incident.title,
                "type": event_type(incident.event_type).label,
                "when": when_in_words(incident),
                "place": place_in_words(incident),
                "precision": incident.precision,
                "deaths": toll_in_words(incident, "deaths"),
                "assessment": incident.assessment,
            }
        )
    return _json(json.dumps(rows, ensure_ascii=False).encode(), age=3600)


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


def _json(body: bytes, *, age: int) -> Response:
    headers = {"Cache-Control": f"private, max-age={age}"}
    return Response(body, media_type="application/json", headers=headers)


def _missing(what: str) -> Response:
    return Response(f"no such {what}", status_code=404, media_type="text/plain")


def _refused(sentence: str) -> Response:
    return Response(sentence, status_code=400, media_type="text/plain")
