from __future__ import annotations

import math

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.snapshot.sheet.placing import Placed, clusters, field_of, seat, settle
from geo.snapshot.sheet.projection import Rect

RECT = Rect(30, 40, 560, 330)
spots = st.tuples(
    st.floats(RECT.x, RECT.right, allow_nan=False), st.floats(RECT.y, RECT.top, allow_nan=False)
)
near = st.tuples(st.floats(300, 340), st.floats(180, 220))


def sign(spot, *, r=9.0, ring=0.0, side=12.0):
    return Placed(*spot, r, (), spot, "7", "?", ring, side, 10.0)


def overlap(a, b):
    across = min(a[2], b[2]) - max(a[0], b[0])
    up = min(a[3], b[3]) - max(a[1], b[1])
    return across > 0.01 and up > 0.01


@settings(max_examples=60, deadline=None)
@given(st.lists(spots | near, max_size=25), st.lists(st.floats(0, 60), min_size=25, max_size=25))
def test_signs_never_overlap_or_leave_the_map(at, rings):
    blocked = [(40.0, 50.0, 180.0, 90.0)]
    wanted = [sign(s, ring=r if r > 2.2 else 0.0) for s, r in zip(at, rings, strict=False)]
    field = field_of(RECT, blocked, shapely.LineString([(30, 60), (590, 300)]), at)
    placed, lost = settle(wanted, field)
    assert len(placed) + len(lost) == len(at)
    boxes = [one.box for one in placed] + blocked
    for i, box in enumerate(boxes):
        assert box[0] >= RECT.x
        assert box[1] >= RECT.y
        assert box[2] <= RECT.right
        assert box[3] <= RECT.top
        assert not any(overlap(box, other) for other in boxes[i + 1 :])


@settings(max_examples=60, deadline=None)
@given(st.lists(near, min_size=1, max_size=8), st.floats(2.5, 80))
def test_a_disc_is_never_hidden_behind_its_own_sign(at, ring):
    wanted = [sign(s, ring=ring) for s in at]
    placed, _ = settle(wanted, field_of(RECT, (), shapely.LineString(), at))
    turns = np.linspace(0, 2 * math.pi, 180)
    for one in placed:
        x = one.anchor[0] + ring * np.cos(turns)
        y = one.anchor[1] + ring * np.sin(turns)
        west, south, east, north = one.box
        hidden = (x > west) & (x < east) & (y > south) & (y < north)
        assert hidden.mean() < 0.5


def test_a_sign_makes_way_for_a_border_and_keeps_a_leader():
    border = shapely.LineString([(100, 200), (500, 200)])
    placed, _ = settle([sign((300.0, 200.0))], field_of(RECT, (), border))
    assert placed[0].moved
    assert placed[0].anchor == (300.0, 200.0)
    assert not shapely.box(*placed[0].box).intersects(border)


def test_a_lone_sign_stands_on_its_place():
    placed, _ = settle([sign((300.0, 200.0))], field_of(RECT, (), shapely.LineString()))
    assert not placed[0].moved


@settings(max_examples=60, deadline=None)
@given(st.lists(spots | near, max_size=400), st.floats(8, 60))
def test_clusters_hold_each_spot_once_and_stay_small(at, reach):
    groups = clusters(at, reach)
    assert sorted(i for group in groups for i in group) == list(range(len(at)))
    for group in groups:
        own = np.array([at[i] for i in group])
        assert np.ptp(own, axis=0).max() <= 2 * reach + 0.01


def test_a_box_finds_no_seat_where_all_is_taken():
    everywhere = [(0.0, 0.0, 900.0, 900.0)]
    field = field_of(RECT, everywhere, shapely.LineString())
    assert seat(np.array([[300.0, 200.0]]), (-5, -5, 5, 5), (300.0, 200.0), field, ()) is None
