"""What does the map fetch from this server, and what else does it get? Nothing else.

{prefix}/atlas/assets/NAME             a script, style or font from a fixed list
{prefix}/atlas/basemap?bbox=&zoom=     land, water, lines, names
{prefix}/atlas/notes?bbox=             the sentences that must accompany a view
{prefix}/atlas/looks                   how event groups and types look
{prefix}/atlas/provinces?of=4,9&fine=  names and outlines of provinces, by their row in the pack
{prefix}/atlas/incidents/TOKEN?bbox=&zoom=        what a registered view draws there
                              &beyond=half        … and as far around it, where that is little
                              &from=&to=          … of its incidents of some days alone
                              &as=hexagons        … counted in hexagons
{prefix}/atlas/incidents/TOKEN/days               how many of it each day, week, month has
{prefix}/atlas/incidents/TOKEN/about?of=3,17      what a few of its incidents say
{prefix}/atlas/incidents/TOKEN/in?kind=&key=      what the incidents under one sign say
{prefix}/atlas/incidents/TOKEN/outline?of=4,9     the outlines of some of its provinces
{prefix}/atlas/ahead                   a WebSocket: which view comes next, answered already
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from xstatic.pkg import jquery, leaflet

from geo.settings import DATA
from geo.webmap.ahead import LINES
from geo.webmap.answers import Question, Reply, answer
from geo.webmap.shelf import Shelf

_STATIC = Path(__file__).parent / "static"
_FONTS = ("SourceSans3_400Regular.ttf", "SourceSans3_600SemiBold.ttf")
SCRIPTS = (
    *("asking.js", "frame.js", "symbols.js", "ground.js", "basemap.js", "layout.js", "answers.js"),
    *("extents.js", "signs.js", "saying.js", "incidents.js", "legend.js", "regions.js"),
    *("slider.js", "drawing.js", "hexagons.js", "ahead.js", "start.js"),
)
ASSETS = {
    "leaflet.js": Path(leaflet.BASE_DIR) / "leaflet.js",
    "leaflet.css": Path(leaflet.BASE_DIR) / "leaflet.css",
    "jquery.min.js": Path(jquery.BASE_DIR) / "jquery.min.js",
    "atlas.css": _STATIC / "atlas.css",
    **{name: _STATIC / name for name in SCRIPTS},
    **{name: DATA / "fonts" / name for name in _FONTS},
}
_KINDS = {".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf"}
# parameters of one request, in characters: two hundred rows have room
_LONGEST = 8_000
# what is told of incidents stays in no cache; the ground is everybody's
_GROUND, _VIEW = "private, max-age=3600", "private, no-store"

Ask = Callable[[Question], Awaitable[Reply]]


def routes(prefix: str = "", *, ask: Ask | None = None) -> Sequence[BaseRoute]:
    """Routes of the map, under the server's base path.

    Parameters
    ----------
    prefix
        The base path, such as "/atlas", or nothing.
    ask
        Who answers, such as `geo.webmap.Desk.ask`; this process itself unless given.
    """
    asked = ask or _here(Shelf())
    incidents = f"{prefix}/atlas/incidents/{{token}}"
    return [
        Route(f"{prefix}/atlas/assets/{{name}}", _asset),
        *(
            Route(f"{prefix}/atlas/{about}", _answered(about, asked, _GROUND))
            for about in ("basemap", "looks", "notes", "provinces")
        ),
        Route(incidents, _answered("view", asked, _VIEW)),
        *(
            Route(f"{incidents}/{about}", _answered(about, asked, _VIEW))
            for about in ("days", "about", "in", "outline")
        ),
        WebSocketRoute(f"{prefix}/atlas/ahead", partial(LINES.listen, ask=asked)),
    ]


def _here(shelf: Shelf) -> Ask:
    async def ask(question: Question) -> Reply:
        return await run_in_threadpool(answer, question, shelf.find)

    return ask


def _answered(about: str, ask: Ask, kept: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if len(request.url.query) > _LONGEST:
            return Response(f"{about} takes {_LONGEST} characters", 400, media_type="text/plain")
        packed = "gzip" in request.headers.get("accept-encoding", "")
        token = request.path_params.get("token", "")
        reply = await ask(Question(about, token, dict(request.query_params), packed))
        headers = {"Cache-Control": kept if reply.status == 200 else _VIEW}
        headers["Vary"] = "Accept-Encoding"
        if reply.packed:
            headers["Content-Encoding"] = "gzip"
        return Response(reply.body, reply.status, headers, reply.kind)

    return endpoint


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ASSETS:
        return Response("no such asset", 404, media_type="text/plain")
    kind = _KINDS[Path(name).suffix]
    # our own scripts may change between two starts; the rest never does
    age = "no-cache" if ASSETS[name].parent == _STATIC else "max-age=86400"
    return Response(_bytes(name), media_type=kind, headers={"Cache-Control": age})


@lru_cache(maxsize=len(ASSETS))
def _bytes(name: str) -> bytes:
    return ASSETS[name].read_bytes()
