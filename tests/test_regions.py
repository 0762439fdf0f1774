"""Does every incident have one province or none, and is a change only called one where it is?"""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
import shapely
from hypothesis import HealthCheck, given, settings

from geo.basemap import load
from geo.boundaries import admin1_row
from geo.errors import FilterError
from geo.filters import Filter, select
from geo.incident import Incident, Point
from geo.indexed import index_incidents
from geo.regions import Regions, compare, count, homes
from geo.sight import unit_of
from tests.examples import incident
from tests.strategies import crowds, filters

KABUL, KANDAHAR = Point(69.17, 34.53), Point(65.7, 31.6)


def plain_home(one: Incident) -> int:
    """Row of the base map in which an incident lies, told one by one."""
    unit = unit_of(one)
    named = (admin1_row(one.admin1, code) for code in one.countries)
    stated = next((row for row in named if row is not None), -1)
    if unit is not None:
        return stated
    if one.point is None or one.precision not in ("exact", "near", "district"):
        return -1
    around = load("admin1").sindex.query(
        shapely.Point(one.point.lon, one.point.lat), predicate="intersects"
    )
    return int(min(around)) if len(around) else stated


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(crowd=crowds(), query=filters())
def test_units_and_what_lies_beside_add_up_to_what_matches(
    crowd: list[Incident], query: Filter
) -> None:
    layer = index_incidents(crowd)
    answer = layer.index.answer(query)
    found = count(layer.index, homes(layer.index), answer)
    matched = select(crowd, query).incidents
    expected = Counter(plain_home(one) for one in matched)
    assert found.beside == expected.pop(-1, 0)
    assert {unit.row: unit.incidents for unit in found.units} == expected
    deaths = [n for one in matched if (n := _deaths(one)) is not None and plain_home(one) >= 0]
    assert sum(unit.deaths for unit in found.units) == sum(deaths)
    assert sum(unit.unknown for unit in found.units) == len(matched) - found.beside - len(deaths)


def _deaths(one: Incident) -> int | None:
    return one.deaths.best if one.deaths.best is not None else one.deaths.high


def many(point: Point, days: list[date]) -> list[Incident]:
    return [
        incident(f"t:{point.lon}-{n}", point=point, start=day, end=day, countries=("AFG",))
        for n, day in enumerate(days)
    ]


def between(crowd: list[Incident], first: date, last: date, *, baseline: str = "before") -> Regions:
    layer = index_incidents(crowd)
    query = Filter(start=first, end=last)
    answer = layer.index.answer(query)
    return compare(layer.index, homes(layer.index), query, answer, baseline=baseline)


def test_more_is_said_only_where_chance_does_not_explain_it() -> None:
    february = [date(2025, 2, day) for day in range(1, 25)]
    january = [date(2025, 1, day) for day in (4, 9)]
    crowd = many(KABUL, january + february) + many(KANDAHAR, january + february[:3])
    found = between(crowd, date(2025, 2, 1), date(2025, 2, 24), baseline="before")
    kabul, kandahar = found.units
    assert (kabul.name, kabul.incidents, kabul.before) == ("Kabul", 24, 1)
    assert kabul.ratio is not None
    assert kabul.ratio.low > 1
    # three against one are too few for any word
    assert (kandahar.incidents, kandahar.before, kandahar.ratio) == (3, 1, None)


def test_a_province_where_it_fell_silent_is_listed() -> None:
    january, february = date(2025, 1, 20), date(2025, 2, 24)
    crowd = many(KABUL, [january] * 9) + many(KANDAHAR, [date(2025, 1, 1), february])
    found = between(crowd, date(2025, 2, 1), february)
    assert [(u.name, u.incidents, u.before) for u in found.units] == [
        ("Kandahar", 1, 0),
        ("Kabul", 0, 9),
    ]
    silent = found.units[1].ratio
    assert silent is not None
    assert silent.high < 1


def test_a_coarse_date_is_counted_and_not_compared() -> None:
    days = [date(2025, 2, 10)] * 6 + [date(2025, 1, 5)] * 6
    month = incident(
        "t:month",
        point=KABUL,
        start=date(2025, 1, 1),
        end=date(2025, 2, 28),
        date_precision="month",
        countries=("AFG",),
    )
    found = between([*many(KABUL, days), month], date(2025, 2, 1), date(2025, 2, 28))
    assert (found.units[0].incidents, found.units[0].before) == (7, 6)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (Filter(), "set From and To"),
        (Filter(start=date(2025, 1, 2), end=date(2025, 1, 9)), "does not reach back to 2024-12-25"),
        (Filter(start=date(2026, 1, 2), end=date(2026, 1, 9)), "lies outside"),
    ],
)
def test_a_period_that_is_not_covered_is_not_compared(query: Filter, said: str) -> None:
    layer = index_incidents(many(KABUL, [date(2025, 1, 1), date(2025, 2, 1)]))
    answer = layer.index.answer(query)
    with pytest.raises(FilterError, match=said):
        compare(layer.index, homes(layer.index), query, answer, baseline="before")


def test_a_year_before_the_29th_of_february_is_the_28th() -> None:
    crowd = many(KABUL, [date(2023, 1, 1), date(2024, 2, 29)])
    found = between(crowd, date(2024, 2, 1), date(2024, 2, 29), baseline="year")
    assert found.compared == (date(2023, 2, 1), date(2023, 2, 28))


def test_an_empty_layer_has_no_province() -> None:
    layer = index_incidents([])
    found = count(layer.index, homes(layer.index), layer.index.answer(Filter()))
    assert (found.units, found.beside, found.days) == ((), 0, 0)
