"""What a complete file speaks for, and what it says nothing about."""

from datetime import date

import pytest

from geo.errors import LayerError
from geo.scope import Extent, Scope
from tests.stores import NOW, border, imported, later


def on(id_, day, *, end=None, countries=("AFG",), **changes):
    return imported(id_, start=day, end=end or day, countries=countries, **changes)


@pytest.fixture
def store(layers):
    return border(layers)


YEAR = [on(f"ucdp:{m}{n}", date(2025, m, 5 * n)) for m in (8, 9, 10) for n in (1, 2, 3, 4)]
OCTOBER = [i for i in YEAR if i.start.month == 10]


def withdrawn(store):
    return {i.id for i in store.stream("border") if i.status == "retracted"}


def test_a_monthly_file_never_withdraws_the_rest(store):
    others = [on("ucdp:900", date(2025, 10, 12), countries=("PAK",)), on("acled:1", YEAR[-1].start)]
    store.upsert("border", [*YEAR, *others], by="", now=NOW)
    # one incident of the file began the month before, one ends the month after
    long = on("ucdp:1055", date(2025, 9, 20), end=date(2025, 10, 6))
    late = on("ucdp:1056", date(2025, 10, 20), end=date(2025, 11, 9))
    november = on("ucdp:1101", date(2025, 11, 2))
    store.upsert("border", [long, late, november], by="", now=later(1))
    update = store.upsert(
        "border", [*OCTOBER[:1], *OCTOBER[2:], long, late], by="", now=later(2), complete=True
    )
    assert withdrawn(store) == {OCTOBER[1].id}
    assert (update.withdrawn, update.scope.start, update.scope.end) == (
        *(1, date(2025, 10, 5)),
        date(2025, 10, 20),
    )
    assert str(update.scope) == "ucdp, 2025-10-05 to 2025-10-20, AFG"


def test_a_stated_scope_reaches_as_far_as_it_says(store):
    store.upsert("border", YEAR, by="", now=NOW)
    scope = Scope(start=date(2025, 9, 1), end=date(2025, 10, 31), countries=frozenset({"AFG"}))
    seen = store.upsert("border", OCTOBER, by="", now=later(1), complete=scope, dry_run=True)
    assert (seen.withdrawn, withdrawn(store)) == (4, set())
    store.upsert("border", OCTOBER, by="", now=later(1), complete=scope)
    assert withdrawn(store) == {i.id for i in YEAR if i.start.month == 9}


def test_a_file_of_one_country_says_nothing_of_its_neighbour(store):
    both = on("ucdp:1", date(2025, 10, 7), countries=("AFG", "PAK"))
    theirs = on("ucdp:2", date(2025, 10, 7), countries=("PAK",))
    ours = [on(f"ucdp:{n}", date(2025, 10, n)) for n in (5, 6, 9)]
    store.upsert("border", [both, theirs, *ours], by="", now=NOW)
    store.upsert("border", [both, *ours[::2]], by="", now=later(1), complete=True)
    assert withdrawn(store) == {"ucdp:6"}


def test_a_derived_scope_that_would_withdraw_most_is_doubted(store):
    many = [on(f"ucdp:{n}", date(2025, 10, 1 + n % 28)) for n in range(60)]
    store.upsert("border", many, by="", now=NOW)
    stray = [many[0], many[27]]
    seen = store.upsert("border", stray, by="", now=later(1), complete=True, dry_run=True)
    assert seen.withdrawn == 58
    with pytest.raises(LayerError, match="withdraws 58 incidents and holds 2: state the scope"):
        store.upsert("border", stray, by="", now=later(1), complete=True)
    assert withdrawn(store) == set()
    stated = Scope(start=date(2025, 10, 1), end=date(2025, 10, 31))
    assert store.upsert("border", stray, by="", now=later(1), complete=stated).withdrawn == 58


def test_an_empty_file_is_complete_about_nothing(store):
    store.upsert("border", YEAR, by="", now=NOW)
    assert store.upsert("border", [], by="", now=later(1), complete=True).withdrawn == 0
    scope = Extent().fill(Scope())
    assert scope.as_json() == {
        "sources": [],
        "start": None,
        "end": None,
        "countries": [],
        "stated": False,
    }
    assert str(scope) == "no source, the beginning to the end, any country"
