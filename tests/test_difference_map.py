"""Does the picture of a comparison show each change once, and the same for the same versions?"""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image

from geo.difference_map import draw
from geo.incident import Incident, Point
from geo.plain_maps import MOST_TAGS
from geo.versions import compare
from tests.examples import incident


def _at(id_: str, lon: float, lat: float) -> Incident:
    return incident(id_, point=Point(lon, lat))


def test_equal_versions_make_equal_bytes() -> None:
    old = [_at("a:1", 69, 34), _at("a:2", 70, 33)]
    new = [_at("a:1", 69.4, 34.2), incident("a:3", title="$x^2$ {{7*7}}")]
    made = draw(compare(old, new).differences)
    again = draw(compare(old, new).differences)
    assert made is not None
    assert made == again
    assert (made.shown, made.outside, made.without_point) == (3, 0, 0)
    assert Image.open(io.BytesIO(made.png)).size == (1140, 779)


def test_every_change_is_shown_or_counted() -> None:
    near = [_at(f"a:{n}", 69 + n / 10, 34) for n in range(8)]
    far = _at("b:1", 29, 41)
    unplaced = incident("c:1", precision="country")
    made = draw(compare([], [*near, far, unplaced]).differences)
    assert made is not None
    assert (made.shown, made.outside, made.without_point) == (8, 1, 1)


def test_without_points_there_is_no_picture() -> None:
    assert draw(compare([], [incident("c:1", precision="country")]).differences) is None
    assert draw(()) is None


def test_the_180th_meridian_is_crossed_the_short_way() -> None:
    old = [_at("a:1", 179.5, -17), _at("a:2", -179.5, -17)]
    moved = [replace(old[0], point=Point(-179.2, -17.5)), replace(old[1], title="x")]
    made = draw(compare(old, moved).differences)
    assert made is not None
    assert made.frame.west > made.frame.east
    assert made.shown == 2


def test_more_changes_than_tags_are_still_drawn() -> None:
    many = [_at(f"a:{n:03}", 60 + n % 20, 28 + n // 20) for n in range(MOST_TAGS + 20)]
    made = draw(compare([], many).differences)
    assert made is not None
    assert made.shown + made.outside == len(many)
