from __future__ import annotations

import pytest

from geo.incident import Point
from geo.snapshot import Since
from geo.snapshot.picture import compose
from geo.snapshot.sheet.changed import Changed, draw_changed


@pytest.fixture
def drawn(make, brief):
    def go(**since):
        held = Since(briefing="ABCDEFGH", **since)
        return compose(brief([make("1"), make("2", at=(69.2, 34.5))], since=held, title="Changed"))

    return go


def explained(drawn):
    return {b.row.key: b.row.count for c in drawn.legend.columns for b in c if b.row}


def test_arrows_and_crosses_are_counted_in_the_legend(drawn):
    moved = ((Point(69.5, 34.2), Point(70.8, 34.4)),)
    found = explained(drawn(moves=moved, gone=(Point(70.1, 34.3),)))

    assert (found["went"], found["gone"]) == (1, 1)


def test_what_the_map_does_not_show_is_not_explained(drawn):
    far = Point(-60.0, -30.0)
    here = Point(70.0, 34.3)
    page = drawn(moves=((far, far), (here, here)), gone=(far,))

    assert not {"went", "gone"} & explained(page).keys()


def test_an_arrow_is_seen_where_either_end_is(drawn):
    page = drawn(moves=())
    since = Since(briefing="ABCDEFGH", moves=((Point(-60.0, 30.0), Point(70.0, 34.3)),))

    assert draw_changed(page.page, page.plane, since, draft=False) == Changed(1, 0)
