"""What stands within the neatline? Everything of the map itself, drawn in one call.

A page that runs from right to left turns round all but this.
"""

from __future__ import annotations

from dataclasses import dataclass

import shapely

from geo.snapshot.language import Language
from geo.snapshot.sheet.base import Ground, draw_ground
from geo.snapshot.sheet.density import least
from geo.snapshot.sheet.fonts import Style, width
from geo.snapshot.sheet.furniture import draw_bar, plan_bar
from geo.snapshot.sheet.labels import Words, draw_labels, mentioned_in
from geo.snapshot.sheet.locator import draw_locator, plan_locator
from geo.snapshot.sheet.overlay import Asked, Overlay, draw_overlay
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.projection import Plane
from geo.snapshot.sheet.scene import Scene


@dataclass(frozen=True, slots=True)
class Mapped:
    """What the map shows: its ground and its incidents."""

    ground: Ground
    overlay: Overlay


def draw_map(
    page: Page, plane: Plane, scene: Scene, asked: Asked, *, draft: bool = False
) -> Mapped:
    """Draw the map; of a draft, only what its legend depends on.

    Incidents come first, for they decide where the scale bar is least in the way.
    """
    with page.upright(plane.rect.x, plane.rect.right):
        return _draw(page, plane, scene, asked, draft=draft)


def _draw(page: Page, plane: Plane, scene: Scene, asked: Asked, *, draft: bool) -> Mapped:
    ground = draw_ground(page, plane, draft=draft)
    spots = plane.spots([mark.point for mark in scene.marks])
    bar = plan_bar(plane, spots, asked.spoken, least(page.size))
    blocked = [bar.box] if bar else []
    locator = plan_locator(plane, spots, blocked)
    blocked += [locator.box] if locator else []
    _draw_veil(page, plane, scene)
    if not scene.drawn:
        blocked.append(_draw_nothing(page, plane, scene, asked.spoken))
    overlay = draw_overlay(page, plane, scene, ground, blocked, asked, draft=draft)
    if not draft:
        if bar:
            draw_bar(page, bar)
        if locator:
            draw_locator(page, locator)
        words = Words(asked.spoken, mentioned_in(scene.drawn))
        draw_labels(page, plane, ground, overlay, blocked, words)
        page.hold("map", page.placed(plane.rect).box)
    return Mapped(ground, overlay)


def _draw_veil(page: Page, plane: Plane, scene: Scene) -> None:
    """Veil ground beyond the frame where matched incidents lie that the frame leaves out."""
    if not scene.off_frame:
        return
    beyond = shapely.difference(shapely.box(*plane.rect.box), plane.outline)
    hidden = [plane.spot(spot) for item in scene.off_frame for spot in item.spots]
    if any(shapely.contains_xy(beyond, x, y) for x, y in hidden):
        page.shape(beyond, fill="white", alpha=0.72, z=14)
        page.shape(plane.outline, line="#77828b", lw=0.6, z=14.1, clip=plane.rect)


def _draw_nothing(
    page: Page, plane: Plane, scene: Scene, spoken: Language
) -> tuple[float, float, float, float]:
    """Say that no incident is on the map."""
    style = Style(page.size.body + 3, 700)
    matched = len(scene.off_frame) + len(scene.unplaced)
    text = spoken.say("sheet.nothing_here" if matched else "sheet.nothing_matches")
    x, y = plane.rect.x + plane.rect.width / 2, plane.rect.y + plane.rect.height / 2
    half = width(text, style) / 2 + 12
    page.box(x - half, y - 15, 2 * half, 30, fill="white", line="#77828b", lw=0.8, z=25)
    page.text(text, x, y, style, ha="center", z=26)
    return x - half, y - 15, x + half, y + 15
