"""How far apart are two places, and how exactly is each known? A plain picture of both.

Drawn as on the maps: colour and silhouette are the event type, a hollow sign is a place that is
not exact, and a disc to scale is the ground on which it may lie.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import matplotlib.patheffects as effects
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, PathPatch

from geo import basemap
from geo.area import BBox, distance_km, reach_km
from geo.ground import INCHES, INK, fitted, ground, spot_in
from geo.incident import Incident
from geo.plain_maps import PairMap, distance_in_words
from geo.snapshot.sheet.symbols import outline
from geo.taxonomy import event_type, group_of

_DPI = 190
_KM_A_DEGREE = 111.2
_LEAST_DEGREES = 0.12
_MOST_REACH_KM = 300.0
# points: half a sign, and how close two may stand before they move apart
_SIGN, _APART = 10.0, 26.0
_TOWNS = 9
_HALO = [effects.withStroke(linewidth=2.4, foreground="white")]
_TAG = {"boxstyle": "round,pad=.22", "facecolor": INK, "edgecolor": "white", "linewidth": 0.8}
_ROUND = (1, 2, 5)


def draw(one: Incident, other: Incident, names: tuple[str, str]) -> PairMap | None:
    """Draw two incidents, or two states of one; None where neither has a point.

    `names` are short words of our own, such as A and B.
    """
    placed = [(i, name) for i, name in zip((one, other), names, strict=True) if i.point]
    if not placed:
        return None
    frame = _frame([incident for incident, _ in placed])
    figure = Figure(figsize=INCHES, dpi=_DPI)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    width = ground(axes, frame)
    page = figure.add_axes((0, 0, 1, 1))
    page.set_axis_off()
    page.set_xlim(0, 72 * INCHES[0])
    page.set_ylim(0, 72 * INCHES[1])
    scale = 72 * INCHES[0] / width, 72 * INCHES[1] / (frame.north - frame.south)
    spots = [_on_page(incident, frame, scale) for incident, _ in placed]
    for (incident, _), spot in zip(placed, spots, strict=True):
        _disc(page, incident, spot, scale[1] / _KM_A_DEGREE)
    _towns(page, frame, scale, spots)
    km = None
    if one.point and other.point:
        km = distance_km(one.point, other.point)
        _distance(page, km, spots)
    for (incident, name), spot, shown in zip(placed, spots, _moved_apart(spots), strict=True):
        _sign(page, incident, name, spot, shown)
    _bar(page, scale[1] / _KM_A_DEGREE)
    out = io.BytesIO()
    # no date and no program: equal incidents make equal bytes
    canvas.print_png(out, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return PairMap(out.getvalue(), frame, km)


def _frame(placed: Sequence[Incident]) -> BBox:
    """Hold both places with the ground on which they may lie."""
    first = placed[0].point
    edges = []
    for incident in placed:
        point = incident.point
        if point is None or first is None:
            continue
        reach = min(reach_km(incident), _MOST_REACH_KM) * 1.1 / _KM_A_DEGREE
        wide = reach / max(math.cos(math.radians(point.lat)), 0.05)
        lon = first.lon + (point.lon - first.lon + 180) % 360 - 180
        edges.append((lon - wide, point.lat - reach, lon + wide, point.lat + reach))
    west, south = (min(edge[n] for edge in edges) for n in (0, 1))
    east, north = (max(edge[n] for edge in edges) for n in (2, 3))
    # two states of one place have no extent of their own
    across, tall = max((east - west) * 0.16, 0.01), max((north - south) * 0.22, 0.01)
    box = BBox(
        _wrapped(west - across),
        max(south - tall, -88.0),
        _wrapped(east + across),
        min(north + tall, 88.0),
    )
    return fitted(box, least=_LEAST_DEGREES)


def _wrapped(lon: float) -> float:
    return (lon + 180) % 360 - 180


def _on_page(incident: Incident, frame: BBox, scale: tuple[float, float]) -> tuple[float, float]:
    lon, lat = spot_in(incident.point, frame) or (frame.west, frame.south)
    return (lon - frame.west) * scale[0], (lat - frame.south) * scale[1]


def _disc(page: Axes, incident: Incident, spot: tuple[float, float], km: float) -> None:
    reach = reach_km(incident)
    if incident.precision == "exact" or not reach:
        return
    colour = group_of(incident.event_type).colour
    across = 2 * reach * km
    page.add_patch(Ellipse(spot, across, across, facecolor=colour, alpha=0.13, zorder=1))
    page.add_patch(
        Ellipse(spot, across, across, fill=False, edgecolor=colour, linewidth=1.1, zorder=2)
    )


def _towns(
    page: Axes,
    frame: BBox,
    scale: tuple[float, float],
    spots: Sequence[tuple[float, float]],
) -> None:
    """Name the largest towns, where neither sign nor another name stands."""
    wide, tall = (72 * inches for inches in INCHES)
    taken = [(x - 34, y - 24, x + 34, y + 24) for x, y in spots]
    taken += [(0, 0, 150, 26), (320, 0, 432, 26)]
    found = basemap.within("towns", frame).sort_values(["population", "name"], ascending=False)
    named = 0
    for row in found.head(60).itertuples():
        shape: shapely.Point = row.geometry
        x = ((shape.x - frame.west) % 360) * scale[0]
        y = (shape.y - frame.south) * scale[1]
        across = len(row.name) * 4.6 + 8
        box = (x - 4, y - 6, x + across, y + 6)
        if box[2] > wide - 3 or box[0] < 3 or box[1] < 3 or box[3] > tall - 3:
            continue
        if any(box[0] < r and box[2] > a and box[1] < t and box[3] > b for a, b, r, t in taken):
            continue
        taken.append(box)
        page.plot(x, y, marker="s", markersize=2.4, color="#5b6670", zorder=3)
        # a name from outside is no mathematics
        page.text(
            *(x + 4, y, row.name),
            fontsize=7.6,
            color="#4a545d",
            va="center",
            path_effects=_HALO,
            parse_math=False,
            zorder=3,
        )
        named += 1
        if named == _TOWNS:
            return


def _distance(page: Axes, km: float, spots: Sequence[tuple[float, float]]) -> None:
    if math.dist(*spots) > 3:
        (x, y), (u, v) = spots
        page.plot([x, u], [y, v], color=INK, linewidth=1.0, linestyle=(0, (4, 2.5)), zorder=4)
    page.text(
        *(72 * INCHES[0] - 10, 12, f"{distance_in_words(km)} apart" if km else "the same point"),
        fontsize=8.6,
        fontweight="bold",
        color=INK,
        ha="right",
        va="center",
        path_effects=_HALO,
        zorder=9,
    )


def _moved_apart(spots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Where the signs stand: at their places, or beside them where they would hide each other."""
    if len(spots) == 1 or math.dist(*spots) >= _APART:
        return list(spots)
    (x, y), (u, v) = spots
    middle, half = ((x + u) / 2, (y + v) / 2), _APART / 2 + 4
    way = 1 if x <= u else -1
    return [(middle[0] - way * half, middle[1] + half), (middle[0] + way * half, middle[1] + half)]


def _sign(
    page: Axes,
    incident: Incident,
    name: str,
    spot: tuple[float, float],
    shown: tuple[float, float],
) -> None:
    if shown != spot:
        page.plot(*zip(spot, shown, strict=True), color=INK, linewidth=0.8, zorder=5)
        page.plot(*spot, marker="o", markersize=3.2, color=INK, zorder=5)
    kind, group = event_type(incident.event_type), group_of(incident.event_type)
    hollow = incident.precision != "exact"
    shape = outline(group.outline, *shown, _SIGN)
    page.add_patch(PathPatch(shape, facecolor="white", edgecolor="white", linewidth=2.6, zorder=6))
    page.add_patch(
        PathPatch(
            shape,
            facecolor="white" if hollow else group.colour,
            edgecolor=group.colour,
            linewidth=1.3,
            zorder=7,
        )
    )
    glyph = outline(kind.glyph, *shown, _SIGN)
    ink = group.colour if hollow else "white"
    page.add_patch(PathPatch(glyph, facecolor=ink, edgecolor="none", zorder=8))
    page.annotate(
        name,
        xy=shown,
        xytext=(0, _SIGN + 9),
        textcoords="offset points",
        ha="center",
        va="center",
        fontsize=8.6,
        fontweight="bold",
        color="white",
        bbox=_TAG,
        zorder=9,
    )


def _bar(page: Axes, points_a_km: float) -> None:
    """Draw a scale bar of a round length."""
    room = 90 / points_a_km
    power = 10.0 ** math.floor(math.log10(room))
    km = max(n * power for n in _ROUND if n * power <= room)
    end = 12 + km * points_a_km
    page.plot([12, 12, end, end], [14, 10, 10, 14], color=INK, linewidth=1.1, zorder=9)
    page.text(end + 5, 11.5, f"{km:g} km", fontsize=8, color=INK, va="center", path_effects=_HALO)
