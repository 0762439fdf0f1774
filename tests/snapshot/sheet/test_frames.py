from __future__ import annotations

import pytest

from geo.area import BBox
from geo.boundaries import may_name_state, notes
from geo.incident import Point, Toll
from geo.snapshot.picture import compose
from geo.snapshot.sheet.furniture import scale_error
from geo.snapshot.sheet.locator import plan_locator
from geo.snapshot.sheet.projection import Plane, Rect

RECT = Rect(40, 60, 560, 330)
DISPUTED = {
    "kashmir": (BBox(72, 32, 79, 36), (75.0, 34.2), "Line of Control"),
    "western-sahara": (BBox(-18, 20.5, -7, 28.5), (-13.0, 24.5), "Berm"),
    "ukraine": (BBox(31.5, 44, 37.5, 47), (34.3, 45.3), "Crimea: disputed line"),
    "abyei": (BBox(26.5, 8.5, 30.5, 11), (28.4, 9.6), "Limit of the Abyei Area"),
    "golan": (BBox(35, 32.4, 36.6, 33.6), (35.8, 33.0), "1974 ceasefire line"),
}


@pytest.mark.parametrize("name", sorted(DISPUTED))
def test_a_disputed_frame_has_its_note_and_its_line_named_and_no_state_on_the_ground(
    make, brief, name
):
    frame, spot, label = DISPUTED[name]
    drawn = compose(brief([make(at=spot, countries=())], frame=frame))
    assert name in {note.id for note in notes(drawn.plane.extent)}
    written = {w.text: w for w in drawn.page.written}
    assert label in written
    for word, entry in written.items():
        # state names are set in spaced capitals
        if "\u2009" in word:
            west, south, east, north = entry.box
            ground = drawn.plane.ground(
                [[west, south], [east, north], [(west + east) / 2, (south + north) / 2]]
            )
            assert all(may_name_state(lon, lat, "XXX") for lon, lat in ground.tolist())


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        (BBox(62, 28, 74, 36), "laea"),
        (BBox(172, -22, -168, -10), "laea"),
        (BBox(-25, 40, 60, 60), "albers"),
        (BBox(-180, 62, 180, 90), "polar"),
        (BBox(-180, -90, 180, -60), "polar"),
        (BBox(-100, 66, 60, 84), "polar"),
        (BBox(-180, -60, 180, 78), "equal_earth"),
    ],
)
def test_projection_suits_the_extent_and_keeps_areas(frame, kind):
    plane = Plane(frame, RECT)
    assert plane.kind == kind
    # equal boxes of ground, one in the middle and one towards the edge, are equal on the page
    middle = RECT.x + RECT.width / 2, RECT.y + RECT.height / 2
    for across in (0.5, 0.35):
        spot = RECT.x + RECT.width * across, middle[1]
        lon, lat = plane.ground([spot])[0]
        if abs(lat) < 89:
            disc = plane.disc(Point(float(lon), float(lat)), 50.0)
            assert disc.area == pytest.approx(7853.9e6 * plane.scale**2, rel=0.01)


@pytest.mark.parametrize(
    ("frame", "at"),
    [
        (BBox(172, -22, -168, -10), (179.9, -16.5)),
        (BBox(-180, 62, 180, 90), (15.6, 78.2)),
        (BBox(-180, -90, 180, -60), (166.7, -77.8)),
    ],
)
def test_antimeridian_and_polar_frames_draw(make, brief, frame, at):
    drawn = compose(brief([make(at=at, precision="near", countries=())], frame=frame))
    rect = drawn.plane.rect
    assert len(drawn.overlay.placed) == 1
    x, y = drawn.overlay.placed[0].anchor
    assert rect.x < x < rect.right
    assert rect.y < y < rect.top


def test_no_scale_bar_where_it_would_lie_and_a_note_where_it_nearly_does(make, brief):
    assert scale_error(Plane(BBox(62, 28, 74, 36), RECT)) < 0.02
    assert scale_error(Plane(BBox(-180, -60, 180, 78), RECT)) > 0.08
    wide = compose(brief([make()], frame=BBox(40, 10, 80, 40)))
    texts = {w.text for w in wide.page.written}
    assert "true at the centre" in texts
    world = compose(brief([make()], frame=BBox(-180, -60, 180, 78)))
    assert not any(w.text.endswith(" km") for w in world.page.written)


def test_a_locator_helps_on_a_region_and_not_on_a_continent():
    assert plan_locator(Plane(BBox(66, 30, 74, 36), RECT), [], ()) is not None
    assert plan_locator(Plane(BBox(-20, -36, 55, 38), RECT), [], ()) is None
    crowded = [(x, y) for x in range(40, 600, 20) for y in range(60, 390, 20)]
    assert plan_locator(Plane(BBox(66, 30, 74, 36), RECT), crowded, ()) is None


def test_what_is_known_to_a_province_only_shows_no_size(make, brief):
    deadly = make(
        "1", precision="province", at=None, admin1="Khost", countries=("AFG",), deaths=Toll(9, 9, 9)
    )
    overlay = compose(brief([deadly], frame=BBox(66, 30, 74, 36))).overlay
    assert not overlay.placed
    assert [len(made.items) for made in overlay.tags] == [1]


def test_unknown_none_and_not_applicable_look_different(make, brief):
    incidents = [
        make("1", event_type="armed_clash", deaths=Toll(), at=(67, 31)),
        make("2", event_type="armed_clash", deaths=Toll(0, 0, 0), at=(69, 31)),
        make("3", event_type="talks", deaths=Toll(), at=(71, 31)),
        make("4", event_type="talks", deaths=Toll(2, 2, 2), at=(72, 33)),
    ]
    overlay = compose(brief(incidents, frame=BBox(66, 30, 74, 36))).overlay
    notes_of = {one.members[0].item.id: one.note for one in overlay.placed}
    assert notes_of == {"t:1": "?", "t:2": "0", "t:3": "", "t:4": ""}
