"""Which incidents match, how certainly in time, and what does the ledger say of the rest?"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from geo.area import BBox
from geo.filters import REASONS, Filter, first_day, fold, period_of, select, widened
from geo.incident import Actor, Incident, Recorded, Site, Source, Toll
from geo.settings import ROOT
from tests.examples import NOW, incident

_RANGE = Filter(start=date(2025, 10, 9), end=date(2025, 10, 19))


def _days(text: str) -> tuple[date, date]:
    first, _, last = text.partition("/")
    return date.fromisoformat(first), date.fromisoformat(last or first)


@pytest.mark.parametrize(
    ("period", "precision", "when"),
    [
        # days: what overlaps is certain
        ("2025-10-08", "day", None),
        ("2025-10-09", "day", "within"),
        ("2025-10-19", "day", "within"),
        ("2025-10-20", "day", None),
        ("2025-10-11/2025-10-12", "day", "within"),
        ("2025-10-09/2025-10-19", "day", "within"),
        ("2025-10-08/2025-10-09", "day", "ongoing"),
        ("2025-10-19/2025-10-20", "day", "ongoing"),
        ("2025-09-01/2025-12-01", "day", "ongoing"),
        ("2025-10-07/2025-10-08", "day", None),
        # coarser: certain only when the whole span lies inside
        ("2025-10-13/2025-10-19", "week", "within"),
        ("2025-10-06/2025-10-12", "week", "uncertain"),
        ("2025-10-20/2025-10-26", "week", None),
        ("2025-10-01/2025-10-31", "month", "uncertain"),
        ("2025-09-01/2025-09-30", "month", None),
        ("2025-01-01/2025-12-31", "year", "uncertain"),
        ("2024-01-01/2024-12-31", "year", None),
    ],
)
def test_periods_lie_within_ongoing_uncertain_or_outside(
    period: str, precision: Any, when: str | None
) -> None:
    start, end = _days(period)
    one = incident(start=start, end=end, date_precision=precision)
    assert period_of(one, _RANGE) == when
    assert select([one], _RANGE).ledger.matched == (when is not None)
    certain = select([one], replace(_RANGE, uncertain=False)).ledger
    assert certain.matched == (when in ("within", "ongoing"))
    assert certain.excluded["dates"] == 1 - certain.matched


@pytest.mark.parametrize(
    ("query", "when"),
    [
        (Filter(), "within"),
        (Filter(start=date(2025, 10, 12)), "ongoing"),
        (Filter(start=date(2025, 10, 11)), "within"),
        (Filter(start=date(2025, 10, 13)), None),
        (Filter(end=date(2025, 10, 11)), "ongoing"),
        (Filter(end=date(2025, 10, 12)), "within"),
        (Filter(end=date(2025, 10, 10)), None),
    ],
)
def test_open_ranges_have_one_edge(query: Filter, when: str | None) -> None:
    night = incident(start=date(2025, 10, 11), end=date(2025, 10, 12))
    assert period_of(night, query) == when


def test_the_first_day_inside_the_range_is_counted() -> None:
    night = incident(start=date(2025, 10, 11), end=date(2025, 10, 14))
    assert first_day(night, Filter()) == date(2025, 10, 11)
    assert first_day(night, Filter(start=date(2025, 10, 13))) == date(2025, 10, 13)
    assert first_day(night, Filter(start=date(2025, 10, 1))) == date(2025, 10, 11)


_MOMENT = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "query", "reason"),
    [
        ({"status": "draft"}, Filter(), "status"),
        ({"status": "retracted"}, Filter(), "status"),
        ({}, Filter(end=date(2025, 10, 10)), "dates"),
        ({}, Filter(event_types=("protest",)), "event_type"),
        ({}, Filter(countries=("IRN",)), "country"),
        ({"countries": ()}, Filter(countries=("PAK",)), "country"),
        ({}, Filter(area=BBox(0, 0, 1, 1)), "area"),
        ({"precision": "country"}, Filter(area=BBox(0, 0, 180, 90)), "area"),
        ({}, Filter(actors=("TTP",)), "actor"),
        ({}, Filter(text="incident tanker"), "text"),
        ({}, Filter(precision=("near",)), "precision"),
        ({"deaths": Toll(0, 4, 9)}, Filter(deaths_min=5), "deaths"),
        ({"deaths": Toll(low=9)}, Filter(deaths_min=0), "deaths_unknown"),
        ({}, Filter(assessment=("disputed",)), "assessment"),
        ({}, Filter(changed_since=_MOMENT + timedelta(seconds=1)), "changed_since"),
        ({}, Filter(sources=("ucdp",)), "source"),
        # several fail: the first in the agreed order counts
        ({"status": "draft"}, Filter(end=date(2020, 1, 1), text="x"), "status"),
        ({}, Filter(countries=("IRN",), end=date(2020, 1, 1)), "dates"),
        ({}, Filter(deaths_min=1, precision=("near",)), "precision"),
        ({}, Filter(assessment=("claimed",), deaths_min=1), "deaths_unknown"),
        ({}, Filter(sources=("x",), changed_since=_MOMENT + timedelta(1)), "changed_since"),
    ],
)
def test_an_exclusion_has_one_reason(changes: dict[str, Any], query: Filter, reason: str) -> None:
    ledger = select([incident(**changes)], query).ledger
    assert {name: n for name, n in ledger.excluded.items() if n} == {reason: 1}
    assert set(ledger.excluded) == set(REASONS)


@pytest.mark.parametrize(
    ("changes", "query"),
    [
        ({"status": "draft"}, Filter(status=())),
        ({}, Filter(countries=("IRN", "AFG"))),
        ({}, Filter(countries=("PAK",))),
        ({"deaths": Toll(0, 5, 9)}, Filter(deaths_min=5)),
        ({"deaths": Toll(None, None, 5)}, Filter(deaths_min=5)),
        ({"deaths": Toll(0, 0, 0)}, Filter(deaths_min=0)),
        ({"title": "Fire at the MARKET"}, Filter(text="market fire")),
        ({"title": "Zażółć"}, Filter(text="zazo")),
        ({"title": "ﬁre Ｗide"}, Filter(text="FIRE wide")),
        ({"sites": (Site(name="Kurram", precision="district"),)}, Filter(text="kurram")),
        ({}, Filter(changed_since=_MOMENT)),
        ({}, Filter(sources=("OWN",))),
        ({"sources": (Source(publisher="UNAMA"),)}, Filter(sources=("unama", "x"))),
        ({"actors": (Actor(name="Pakistani Taliban"),)}, Filter(actors=("TTP",))),
        ({"actors": (Actor(name="militants", canonical="TTP"),)}, Filter(actors=("ttp",))),
        ({"actors": (Actor(name="Café guards"),)}, Filter(actors=("cafe guards",))),
    ],
)
def test_what_matches(changes: dict[str, Any], query: Filter) -> None:
    assert select([incident(**changes)], query).ledger.matched == 1


def _four() -> list[Incident]:
    return [
        incident("own:1"),
        incident("own:2", event_type="protest"),
        incident("own:3", event_type="protest", countries=("IRN",)),
        incident("own:4", countries=("IRN",), deaths=Toll(best=3)),
    ]


def test_a_ledger_counted_by_hand() -> None:
    ledger = select(_four(), Filter(event_types=("armed_clash",), countries=("PAK",))).ledger
    assert (ledger.total, ledger.matched) == (4, 1)
    assert {n: c for n, c in ledger.excluded.items() if c} == {"event_type": 2, "country": 1}
    # own:2 fails by its kind alone, own:4 by its country alone, own:3 by both
    assert ledger.would_return == {"status": 0, "event_type": 1, "country": 1}


def test_matched_incidents_are_placed_once() -> None:
    placed = [
        incident("own:1"),
        incident("own:2", precision="country"),
        incident("own:3", precision="none"),
        incident("own:4"),
    ]
    set_aside = frozenset({"own:4"})
    far, near = BBox(0, 0, 10, 10), BBox(60, 35, 62, 37)
    ledger = select(placed, Filter(), frame=far, set_aside=set_aside).ledger
    # what is set aside by hand is not also off the frame
    assert (ledger.on_map, ledger.off_frame) == (0, 2)
    # a country badge is drawn where any of the country is seen
    other = select(placed, Filter(), frame=near, set_aside=set_aside).ledger
    assert (other.on_map, other.off_frame) == (1, 1)
    assert (ledger.not_mappable, ledger.set_aside) == (1, 1)


def test_what_has_its_symbol_outside_the_frame_is_not_on_the_map() -> None:
    edge = BBox(71.2, 33, 73, 35)
    assert select([incident()], Filter(), frame=edge).ledger.off_frame == 1
    # its disc reaches into the frame, but nobody could count it there
    assert select([incident(precision="near")], Filter(), frame=edge).ledger.off_frame == 1


def test_matches_say_where_they_lie_to_the_area() -> None:
    crowd = [incident("own:1"), incident("own:2", precision="province")]
    found = select(crowd, Filter(area=BBox(70, 33, 72, 35)))
    assert [m.where for m in found.matches] == ["inside", "possibly"]
    assert [m.where for m in select(crowd, Filter()).matches] == [None, None]


def test_dropping_a_filter_leaves_the_others() -> None:
    query = Filter(start=date(2025, 1, 1), end=date(2025, 2, 1), uncertain=False, text="x")
    assert widened(query, "dates") == Filter(text="x")
    assert widened(query, "text") == replace(query, text="")
    assert widened(Filter(deaths_min=3), "deaths") == Filter()
    assert widened(Filter(), "status") == Filter(status=())


def test_folding_forgets_case_width_and_accents() -> None:
    assert fold("ÉCOLE ﬁn Ｘ İstanbul") == "ecole fin x istanbul"
    assert fold("ننگرهار") == fold("ننگرهار".upper())


_PROGRAM = """
import sys
from datetime import UTC, date, datetime
from geo.feature import dump, from_feature, canonical_line, to_feature
from geo.filters import select
from geo.params import read, write
from geo.timeline import timeline
from geo.words import when_in_words
lines = sys.stdin.read().splitlines()
import json
crowd = [from_feature(json.loads(line)) for line in lines]
for asked in ({"from": ["2025-10-12"]}, {"to": ["2025-10-11"]}, {"changed-since": ["2025-10-20"]}):
    query = read(asked)
    found = select(crowd, query)
    print(dump({"filter": write(query), "matched": [m.when for m in found.matches],
        "features": [to_feature(i) for i in found.incidents],
        "excluded": dict(found.ledger.excluded)}))
    print([(str(b.start), str(b.end), b.when, b.count) for b in timeline(crowd, query).bars])
    print([when_in_words(i) for i in crowd], [canonical_line(i) for i in crowd])
"""


def test_days_never_shift_with_the_time_zone() -> None:
    from geo.feature import canonical_line

    midnight = Recorded(
        first_seen=datetime(2025, 10, 19, 23, 59, 59, tzinfo=UTC),
        updated=datetime(2025, 10, 20, 0, 0, 0, tzinfo=UTC),
    )
    crowd = [
        incident("own:1", start=date(2025, 10, 11), end=date(2025, 10, 12)),
        incident("own:2", start=date(2025, 10, 12), end=date(2025, 10, 12), recorded=midnight),
        incident("own:3", start=date(2025, 10, 1), end=date(2025, 10, 31), date_precision="month"),
    ]
    lines = "\n".join(map(canonical_line, crowd))
    said = {
        zone: subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            input=lines.encode(),
            env={**os.environ, "TZ": zone, "PYTHONUTF8": "1"},
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout
        for zone in ("UTC", "Pacific/Pago_Pago", "Pacific/Kiritimati")
    }
    assert said["Pacific/Pago_Pago"] == said["UTC"] == said["Pacific/Kiritimati"]
    assert b'"matched":["ongoing","within","uncertain"]' in said["UTC"]
    assert b'"matched":["ongoing","uncertain"]' in said["UTC"]
    # the second in UTC, wherever the program runs
    assert b'"filter":{"changed-since":["2025-10-20T00:00:00Z"]}' in said["UTC"]
    assert NOW.isoformat().encode()[:10] in said["UTC"]
