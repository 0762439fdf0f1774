from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.area import BBox
from geo.snapshot.brief import Series
from geo.snapshot.picture import compose
from geo.snapshot.sheet.base import COAST, LAND, SEA
from geo.snapshot.sheet.hexagons import RAMP, hexagon

GEOD = Geod(ellps="WGS84")


def scattered(make, count, *, west=60, south=24, precisions=("exact", "near", "district")):
    return [
        make(
            str(n),
            at=(west + n * 7.13 % 14, south + n * 3.71 % 11)
            if precisions[n % len(precisions)] not in ("province", "country")
            else None,
            precision=precisions[n % len(precisions)],
            admin1="Khost" if n % 11 == 0 else "",
            countries=("AFG",) if n % 2 else ("AFG", "PAK"),
        )
        for n in range(count)
    ]


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_hexagons_and_those_beside_them_are_all_that_is_on_the_map(make, brief):
    incidents = scattered(
        make, 420, precisions=("exact", "near", "district", "area", "province", "country")
    )
    asked = brief(incidents, frame=BBox(62, 25, 74, 36))
    overlay = compose(asked).overlay
    assert overlay.mode == "hexagons"
    held = sum(cell.count for cell in overlay.hexagons.cells)
    beside = sum(n for _, n in overlay.hexagons.beside)
    on_map = asked.selection.ledger.on_map
    assert held + beside + len(overlay.elsewhere) == on_map
    # what is known to a district, an area, a province or a country feeds no cell
    precise = {i.id for i in asked.selection.incidents if i.precision in ("exact", "near")}
    assert 0 < held <= len(precise)


@pytest.mark.parametrize(
    "frame", [BBox(60, 24, 78, 38), BBox(-20, -36, 55, 38), BBox(-180, -60, 180, 78)]
)
def test_hexagons_cover_equal_ground(make, brief, frame):
    west = 60 if frame.west == 60 else 0
    incidents = scattered(make, 320, west=west, south=5 if west < 60 else 25, precisions=("exact",))
    drawn = compose(brief(incidents, frame=frame, density="hexagons"))
    made = drawn.overlay.hexagons
    assert made.cells
    for cell in made.cells[:: max(1, len(made.cells) // 12)]:
        ring = shapely.segmentize(hexagon(cell.x, cell.y, made.across), 0.2).exterior
        ground = drawn.plane.ground(shapely.get_coordinates(ring))
        area, _ = GEOD.polygon_area_perimeter(ground[:, 0], ground[:, 1])
        assert abs(area) / 1e6 == pytest.approx(made.area_km2, rel=0.01)


def test_classes_are_those_of_the_series(make, brief):
    frame = BBox(60, 24, 78, 38)
    series = Series(name="weekly", frame=frame, breaks=(3, 9))
    drawn = compose(brief(scattered(make, 320), frame=frame, density="hexagons", series=series))
    assert drawn.overlay.hexagons.breaks == (1, 3, 9)
    other = compose(brief(scattered(make, 60), frame=frame, density="hexagons", series=series))
    # the same cells from week to week
    assert other.overlay.hexagons.area_km2 == drawn.overlay.hexagons.area_km2


def test_a_named_hexagon_has_its_value_and_a_town(make, brief):
    kabul = [make(f"k{n}", at=(69.17, 34.53), countries=("AFG",)) for n in range(40)]
    drawn = compose(brief([*kabul, *scattered(make, 300)], density="hexagons"))
    texts = {w.text for w in drawn.page.written}
    assert any(text.startswith("Kabul ") and text[6:].isdigit() for text in texts)


def test_a_hexagon_ends_at_the_coast_unless_something_happened_at_sea(make, brief):
    shore = [make(f"s{n}", at=(66.98 + n * 0.001, 24.87)) for n in range(5)]
    inland = compose(brief(shore, frame=BBox(63, 22, 70, 28), density="hexagons"))
    assert all(not cell.at_sea for cell in inland.overlay.hexagons.cells)
    sea = make("ship", at=(65.0, 23.5), precision="exact")
    with_ship = compose(brief([*shore, sea], frame=BBox(63, 22, 70, 28), density="hexagons"))
    assert sum(cell.at_sea for cell in with_ship.overlay.hexagons.cells) == 1


def test_every_class_is_darker_than_the_one_before_and_than_land_and_sea():
    shades = [luminance(colour) for colour in RAMP]
    assert shades == sorted(shades, reverse=True)
    assert all(a - b > 0.01 for a, b in pairwise(shades))
    ground = [luminance(colour) for colour in (LAND, SEA)]
    assert min(ground) - shades[0] > 0.12
    assert not set(RAMP) & {LAND, SEA, COAST}
    rgb = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (RAMP[0], LAND, SEA)])
    assert np.abs(rgb[0] - rgb[1]).max() > 60
    assert np.abs(rgb[0] - rgb[2]).max() > 60
