"""How does the Folium map stay one and the same while what it shows changes?

The map is built equal on every run, so the browser keeps it, and with it the view. What
changes is a message of one line: which registered view to show, which incident is chosen.
Nothing but numbers, days and hexadecimal tokens ever reaches Folium's templates.
"""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

from geo.area import Area, BBox, Circle, Polygon
from geo.errors import FilterError
from geo.feature import read_day
from geo.incident import Point
from geo.lens import Lens
from geo.webmap.routes import SCRIPTS
from geo.webmap.shading import Shading
from geo.webmap.tiles import Tiles

_TOKEN = re.compile(r"[0-9a-f]{0,64}")
# corners of a drawn polygon, the first once more at its end
_CORNERS = 101
_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)*")


@dataclass(frozen=True, slots=True)
class Wish:
    """A filter that the visitor set on the map; `at` tells it from the one before it.

    `dates` are two days, or nothing is wished of them; `without_area` takes an area away.
    `problem` is the sentence that refuses an area.
    """

    at: int
    dates: tuple[date, date] | None = None
    area: Area | None = None
    without_area: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """The lens that a map opens with; `at` tells it from the one before it.

    The map takes it once. What the visitor does with days and hexagons then comes back under the
    same `at`, so that an answer on its way cannot undo a later opening, nor the page a later step.
    """

    at: int
    lens: Lens


@dataclass(frozen=True, slots=True)
class Told:
    """Where a map hears of views ahead of its page (`geo.webmap.ahead`), and the newest turn."""

    line: str
    turn: int


@dataclass(frozen=True, slots=True)
class Message:
    """What the visitor did on the map since the page last looked."""

    selected: str | None = None
    view: BBox | None = None
    picked: Point | None = None
    wanted: Wish | None = None
    opening: Opening | None = None


class _Start(MacroElement):
    """Starts our layers on the map."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "L.atlas.start({{ this._parent.get_name() }}, {{ this.settings|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "AtlasStart"
        self.settings = settings


class _Push(MacroElement):
    """Tells the living map what to show."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "L.atlas.show({{ this.token|tojson }}, {{ this.selected }}, {{ this.look }}, "
        "{{ this.mark|tojson }}, {{ this.area|tojson }}, {{ this.opening|tojson }}, "
        "{{ this.told|tojson }});"
        "L.atlas.shade({{ this.shading|tojson }});"
        "{% endmacro %}"
    )

    def __init__(
        self,
        token: str,
        selected: int,
        look: int,
        mark: Point | None,
        area: Area | None,
        shading: Shading | None,
        opening: Opening | None,
        told: Told | None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "AtlasPush"
        self.token, self.selected, self.look = token, selected, look
        self.shading = None if shading is None else shading.message
        self.mark = None if mark is None else [float(mark.lon), float(mark.lat)]
        self.area = None if area is None else _outline(area)
        self.opening = None if opening is None else _open(opening)
        self.told = None if told is None else {"line": told.line, "turn": int(told.turn)}


def atlas_map(
    box: BBox,
    *,
    prefix: str = "",
    pick: bool = False,
    filters: bool = False,
    beside_legend: bool = False,
    tiles: Tiles | None = None,
) -> folium.Map:
    """Build the map; equal arguments give an equal map.

    Parameters
    ----------
    box
        What is in view at the start.
    prefix
        The server's base path, such as "/atlas", or nothing.
    pick
        Whether a click chooses a position instead of an incident.
    filters
        Whether the map offers days to narrow to, and areas to draw, which the page can take over.
    beside_legend
        Whether the box is fitted into what the legend leaves free, instead of the whole map.
    tiles
        Online tiles to draw under everything, where chosen at the start.
    """
    if not _PREFIX.fullmatch(prefix):
        msg = f"base path is {prefix!r}: letters, digits and . _ ~ - between slashes"
        raise ValueError(msg)
    made = folium.Map(
        tiles=None,
        zoom_control=True,
        control_scale=True,
        world_copy_jump=True,
        # Leaflet's own name: Folium gives max_zoom to its tiles alone
        maxZoom=14,
        zoom_snap=0.25,
    )
    assets = f"{prefix}/atlas/assets"
    made.default_js = [
        ("leaflet", f"{assets}/leaflet.js"),
        ("jquery", f"{assets}/jquery.min.js"),
        *((name, f"{assets}/{name}") for name in SCRIPTS),
    ]
    made.default_css = [
        ("leaflet_css", f"{assets}/leaflet.css"),
        ("atlas_css", f"{assets}/atlas.css"),
    ]
    settings = {
        "prefix": prefix,
        "pick": pick,
        "filters": filters,
        "box": asdict(box),
        "beside": beside_legend,
    }
    if tiles:
        settings["tiles"] = {"url": tiles.url, "credit": tiles.credit, "zoom": tiles.max_zoom}
    made.add_child(_Start(settings))
    return made


def push(
    token: str,
    *,
    selected: int = -1,
    look: int = 0,
    mark: Point | None = None,
    area: Area | None = None,
    shading: Shading | None = None,
    opening: Opening | None = None,
    told: Told | None = None,
) -> folium.FeatureGroup:
    """Write the message that changes what the living map shows.

    Parameters
    ----------
    token
        A view from `geo.webmap.register`, or nothing for an empty map.
    selected
        Index of the chosen incident in the view, -1 for none.
    look
        A count that grows when the map should bring the chosen incident into view.
    mark
        A position to mark, on a map that picks one.
    area
        What the page filters by, to be outlined.
    shading
        Provinces to shade instead of showing incidents.
    opening
        Days and form to open with, taken once.
    told
        On which line the map hears of views ahead of its page, and how often it was told.
    """
    if not _TOKEN.fullmatch(token):
        msg = f"view token is {token!r}: hexadecimal digits only"
        raise ValueError(msg)
    group = folium.FeatureGroup("atlas")
    group.add_child(_Push(token, int(selected), int(look), mark, area, shading, opening, told))
    return group


def _open(opening: Opening) -> dict[str, Any]:
    days = opening.lens.days
    return {
        "at": int(opening.at),
        "days": None if days is None else [day.isoformat() for day in days],
        "hexagons": bool(opening.lens.hexagons),
    }


def _outline(area: Area) -> dict[str, Any]:
    """Write an area as numbers; one around named places has its own layers, and no outline."""
    if isinstance(area, Circle):
        return {"centre": [float(area.centre.lon), float(area.centre.lat)], "km": area.radius_km}
    if isinstance(area, BBox):
        east = area.east + 360 * (area.east < area.west)
        ring = [(area.west, area.south), (area.west, area.north), (east, area.north)]
        return {"ring": [*map(list, ring), [east, area.south]]}
    return {"ring": [list(at) for at in area.ring]} if isinstance(area, Polygon) else {}


def read_message(value: Any) -> Message:
    """Read what the map sent; anything odd in it counts as absent."""
    if not isinstance(value, dict):
        return Message()
    selected = value.get("selected")
    return Message(
        selected=selected if isinstance(selected, str) and len(selected) <= 500 else None,
        view=_view(value.get("view")),
        picked=_point(value.get("picked")),
        wanted=_wish(value.get("wanted")),
        opening=_opening(value.get("opening")),
    )


def _opening(value: Any) -> Opening | None:
    if not isinstance(value, dict) or type(value.get("at")) is not int:
        return None
    days, hexagons = value.get("days"), value.get("hexagons")
    known = None if days is None else _days(days)
    if type(hexagons) is not bool or (days is not None and known is None):
        return None
    return Opening(value["at"], Lens(known, hexagons))


def _wish(value: Any) -> Wish | None:
    if not isinstance(value, dict) or type(value.get("at")) is not int:
        return None
    at, dates = value["at"], _days(value.get("dates"))
    if dates:
        return Wish(at, dates)
    if "area" not in value:
        return None
    if value["area"] is None:
        return Wish(at, without_area=True)
    try:
        area = _area(value["area"])
    except FilterError as error:
        return Wish(at, problem=f"{error}.")
    return None if area is None else Wish(at, area=area)


def _area(drawn: Any) -> Area | None:
    """Read what was drawn; a FilterError says what is wrong with an area that means something."""
    if not isinstance(drawn, dict):
        return None
    box, ring = drawn.get("bbox"), drawn.get("ring")
    if isinstance(box, list) and _numbers(box, 4):
        return BBox(*map(float, box))
    if not isinstance(ring, list) or len(ring) > _CORNERS or not all(_numbers(p, 2) for p in ring):
        return None
    return Polygon(tuple((float(lon), float(lat)) for lon, lat in ring))


def _days(pair: Any) -> tuple[date, date] | None:
    if not isinstance(pair, list) or len(pair) != 2:
        return None
    try:
        first, last = map(read_day, pair)
    except ValueError:
        return None
    return (first, last) if first <= last else None


def _view(edges: Any) -> BBox | None:
    if not _numbers(edges, 4):
        return None
    west, south, east, north = edges
    if east - west >= 360:
        west, east = -180.0, 180.0
    if not -90 <= south <= north <= 90:
        return None
    return BBox(_wrapped(west), south, _wrapped(east), north)


def _point(pair: Any) -> Point | None:
    if not _numbers(pair, 2) or not -90 <= pair[1] <= 90:
        return None
    return Point(_wrapped(pair[0]), pair[1])


def _numbers(value: Any, count: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) == count
        and all(type(n) in (int, float) and math.isfinite(n) for n in value)
    )


def _wrapped(lon: float) -> float:
    return lon if -180 <= lon <= 180 else (lon + 180) % 360 - 180
