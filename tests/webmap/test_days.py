"""Does a window of days hold what a filter for these days would, and do the bars add up?"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import bits
from geo.filters import Filter, select
from geo.webmap.crowd import WHOLE
from geo.webmap.days import days, during, whens
from tests.examples import incident
from tests.indexes import crowd
from tests.indexes import view as registered
from tests.strategies import crowds
from tests.webmap.asgi import get

DAY = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def ids(of):
    return set(of.layer.index.ids(of.rows))


@given(drawn=crowds(max_size=20), two=st.tuples(DAY, DAY), own=DAY, certain=st.booleans())
def test_a_window_holds_what_the_filter_with_these_days_would(drawn, two, own, certain):
    first, last = sorted(two)
    query = Filter(status=(), start=own, uncertain=not certain)
    held = during(crowd(drawn, query), first, last)
    if last < own:
        assert ids(held) == set()
        return
    asked = select(drawn, replace(query, start=max(first, own), end=last))
    assert ids(held) == {match.incident.id for match in asked.matches}
    assert whens(held) == {
        "within": asked.ledger.within,
        "ongoing": asked.ledger.ongoing,
        "uncertain": asked.ledger.uncertain,
    }


@given(drawn=crowds(max_size=20), own=st.none() | DAY)
def test_bars_count_each_matched_incident_once_and_leave_no_day_out(drawn, own):
    of = crowd(drawn, Filter(status=(), start=own))
    found = days(of)
    assert sum(found["counts"]) == bits.count(of.rows)
    begins = [date.fromisoformat(day) for day in found["starts"]]
    ends = [date.fromisoformat(day) for day in found["ends"]]
    assert len(begins) == len(ends) == len(found["counts"])
    assert all(b == a + timedelta(days=1) for a, b in zip(ends, begins[1:], strict=False))
    if begins:
        assert ids(during(of, begins[0], ends[-1])) == ids(of)


def test_of_few_only_the_names_are_told_and_of_many_a_view():
    on = [date(2025, 10, 1), date(2025, 10, 9)]
    few = [incident(f"own:{day}", start=day, end=day) for day in on]
    answer = get(f"/atlas/incidents/{registered(few)}?from=2025-10-08&to=2025-10-10").json()
    assert len(answer["rows"]) == 1
    assert answer["when"] == {"within": 1, "ongoing": 0, "uncertain": 0}
    many = [
        incident(f"own:{n}", start=day, end=day)
        for n in range(WHOLE + 1)
        for day in [date(2025, 1, 1) + timedelta(days=n % 50)]
    ]
    token = registered(many)
    shown = get(
        f"/atlas/incidents/{token}?bbox=-180,-80,180,80&zoom=2&from=2025-01-01&to=2025-01-01"
    ).json()
    assert shown["matched"] == shown["when"]["within"] == sum(n % 50 == 0 for n in range(WHOLE + 1))
    told = get(f"/atlas/incidents/{token}/days").json()
    assert told["matched"] == sum(told["counts"]) == WHOLE + 1
    assert told["unit"] == "day"


@pytest.mark.parametrize(
    "asked",
    ["from=2025-10-09", "to=2025-10-09", "from=2025-10-09&to=2025-10-08", "from=x&to=2025-10-08",
     "from=20251009&to=2025-10-10", "from=&to=", "from=2025-13-01&to=2025-13-02"],
)  # fmt: skip
def test_an_odd_window_is_refused_with_a_sentence(asked):
    answer = get(f"/atlas/incidents/{registered([incident()])}?{asked}")
    assert answer.status == 400
    assert b"from=YYYY-MM-DD and to=YYYY-MM-DD" in answer.body
