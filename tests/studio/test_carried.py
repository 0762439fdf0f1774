"""Does what goes to the process that draws arrive there as it was?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.area import BBox
from geo.filters import Filter, select
from geo.incident import Point
from geo.snapshot import Brief, House, Series, Since
from geo.studio.carried import (
    read_brief,
    read_differences,
    read_incidents,
    write_brief,
    write_differences,
    write_incidents,
)
from geo.versions import compare
from tests.strategies import crowds, filters, incidents, texts

WORLD = BBox(-180, -90, 180, 90)
LATER = datetime(2025, 11, 25, 12, 0, 0, 7, tzinfo=timezone(timedelta(hours=4, minutes=30)))


def brief(of, query, **more):
    fields = {
        "title": "T",
        "query": query,
        "selection": select(of, query, frame=WORLD),
        "layers": (("a", "v1"), ("b", "")),
        "as_of": datetime(2025, 11, 25, tzinfo=UTC),
        "frame": WORLD,
    }
    return Brief(**fields | more)


@settings(max_examples=60)
@given(crowds(), filters(), texts())
def test_a_brief_of_any_filter_comes_back_equal(of, query, title):
    asked = brief(of, query, title=title)

    assert read_brief(write_brief(asked)) == asked


def test_every_part_of_a_brief_comes_back_equal():
    asked = brief(
        [],
        Filter(),
        title="x\udc80 \n line \u2028",
        as_of=LATER,
        size="phone",
        house=House(
            producer="P", contact="c", map_number="7", disclaimer="d", palette=("unrest", "other"),
            logo=b"\x89PNG\0\n", template=b"PK\n",
        ),
        marking="amber+strict",
        language="ar",
        density="groups",
        profile="partners",
        series=Series(name="weekly", frame=BBox(60, 28.5, 76, 38), breaks=(1, 5)),
        order=("a:2", "a:1"),
        callouts=(("a:1", "one\ntwo"),),
        set_aside=frozenset({"a:3", "a:4"}),
        notes=("n",),
        withheld=(("no licence", 3),),
        since=Since(
            briefing="ABCDEFGH",
            moves=((Point(1, 2.5), Point(3, 4)),),
            gone=(Point(-179.5, 0),),
        ),
        repeated=("own:1", "own:2"),
    )  # fmt: skip
    plain = brief([], Filter())
    left = {
        name for name in Brief.__dataclass_fields__ if getattr(asked, name) == getattr(plain, name)
    }

    assert read_brief(write_brief(asked)) == asked
    # of these there is nothing to choose in a brief without incidents
    assert left == {"query", "selection", "layers", "frame"}


def test_equal_briefs_are_equal_bytes():
    aside = [f"a:{n}" for n in range(40)]
    one, other = (brief([], Filter(), set_aside=frozenset(ids)) for ids in (aside, aside[::-1]))

    assert write_brief(one) == write_brief(other)
    assert write_brief(one) != write_brief(replace(other, title="U"))


@settings(max_examples=60)
@given(st.lists(st.none() | incidents(), min_size=1, max_size=4))
def test_incidents_come_back_equal_and_so_does_none(of):
    assert read_incidents(write_incidents(of)) == of


@settings(max_examples=60)
@given(crowds(), crowds())
def test_differences_come_back_with_kind_and_both_sides(before, after):
    found = compare(before, after).differences
    kinds, body = write_differences(found)

    assert read_differences(kinds, body) == [replace(one, fields=(), km=None) for one in found]
