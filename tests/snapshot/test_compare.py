"""Does a comparison claim no more than two counts allow?"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import SnapshotError
from geo.filters import Filter
from geo.ratio import _share_interval, ratio_of_rates
from geo.snapshot.compare import (
    Days,
    before,
    compare,
    coverage,
    label,
    line_verdict,
    notes,
    number,
    verdict,
)
from geo.snapshot.language import language
from tests.examples import incident
from tests.strategies import crowds

EN = language("en")
OCTOBER = Days(date(2025, 10, 1), date(2025, 10, 31))
SEPTEMBER = Days(date(2025, 9, 1), date(2025, 9, 30))
BOTH = Days(SEPTEMBER.start, OCTOBER.end)


def some(n, days, prefix, **changes):
    return [
        incident(
            f"{prefix}:{i}",
            start=(day := days.start + timedelta(days=i % days.count)),
            end=day,
            **changes,
        )
        for i in range(n)
    ]


def told(now, then, period=OCTOBER, other=SEPTEMBER, **given_):
    found = some(now, period, "now") + some(then, other, "then")
    made = compare(found, Filter(), period, other, **({"covered": BOTH} | given_))
    return made, verdict(made, EN)


# the example of R's binom.test (682 of 925), the others by scipy.stats.beta.ppf
@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (8, 13, 0.3157776, 0.8614207),
        (80, 130, 0.5260530, 0.6993346),
        (0, 10, 0.0, 0.3084971),
        (10, 10, 0.6915029, 1.0),
        (1, 1, 0.025, 1.0),
        (5, 10, 0.1870860, 0.8129140),
        (682, 925, 0.7076683, 0.7654066),
    ],
)
def test_shares_have_the_interval_of_clopper_and_pearson(hits, total, low, high):
    assert _share_interval(hits, total, 0.05) == pytest.approx((low, high), abs=2e-6)


@given(st.integers(0, 60), st.integers(1, 60), st.sampled_from((0.05, 0.01, 0.002)))
@settings(max_examples=150, deadline=None)
def test_the_ends_of_the_interval_have_the_tails_they_promise(hits, more, alpha):
    total = hits + more
    low, high = _share_interval(hits, total, alpha)

    def tail(share, counts):
        p = Fraction(share)
        return float(sum(math.comb(total, k) * p**k * (1 - p) ** (total - k) for k in counts))

    if hits:
        assert tail(low, range(hits, total + 1)) == pytest.approx(alpha / 2, rel=1e-6)
    assert tail(high, range(hits + 1)) == pytest.approx(alpha / 2, rel=1e-6)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 400), st.integers(1, 400))
@settings(max_examples=200, deadline=None)
def test_swapping_the_periods_gives_the_reciprocal(count, other, days, other_days):
    one = ratio_of_rates(count, days, other, other_days)
    two = ratio_of_rates(other, other_days, count, days)
    if one is None or two is None:
        assert one is two
        return
    assert one.differs == two.differs
    for a, b in ((one.low, two.high), (one.high, two.low), (one.value, two.value)):
        if a in (None, 0, math.inf) or b in (None, 0, math.inf):
            assert {a, b} <= {0, None, math.inf}
        else:
            assert a * b == pytest.approx(1, rel=1e-6)
    assert one.low <= (math.inf if one.value is None else one.value) <= one.high


def test_few_incidents_are_not_told_apart():
    assert told(8, 5, Days(date(2025, 10, 1), date(2025, 10, 30)))[1] == (
        "8 vs 5: not distinguishable"
    )


def test_many_are():
    days = Days(date(2025, 10, 1), date(2025, 10, 30))
    assert told(80, 50, days)[1] == "80 vs 50: more, 1.6 times the daily rate (1.1–2.3)"
    assert told(50, 80, days)[1] == "50 vs 80: fewer, 0.62 times the daily rate (0.43–0.90)"


def test_zeros_have_a_bound_and_no_ratio():
    days = Days(date(2025, 10, 1), date(2025, 10, 30))
    assert told(12, 0, days)[1].startswith("12 vs 0: more, at least 2.8 times")
    assert told(0, 12, days)[1].startswith("0 vs 12: fewer, at most 0.36 times")
    assert told(2, 0, days)[1] == "2 vs 0: not distinguishable"
    assert told(0, 0, days)[1] == "0 vs 0: nothing to compare"


def test_a_part_period_is_no_decline():
    # 70 in a whole month, 25 in the first ten days of the next
    part = Days(BOTH.start, date(2025, 10, 10))
    found = some(70, SEPTEMBER, "then")
    found += some(25, Days(OCTOBER.start, part.end), "now")
    made = compare(found, Filter(), OCTOBER, SEPTEMBER, covered=part)
    assert made.period.part
    assert not made.other.part
    assert made.period.a_day == pytest.approx(2.5)
    assert verdict(made, EN) == "25 vs 70: not distinguishable"
    assert "the data cover 10 of 31 days." in notes(made, EN)[0]
    assert "A covered day: 2.5 vs 2.3." in notes(made, EN)
    assert made.most_a_day == 2.5


def test_a_period_without_data_is_not_compared():
    made, sentence = told(0, 9, covered=SEPTEMBER)
    assert made.period.a_day is None
    assert sentence == "0 vs 9: not comparable, the data do not cover both periods"


def test_coarse_dates_and_what_goes_on_are_counted_apart():
    found = [
        # began in September and went on
        incident("a", start=date(2025, 9, 29), end=date(2025, 10, 2)),
        # some day of the autumn
        incident("b", start=date(2025, 9, 1), end=date(2025, 11, 30), date_precision="month"),
        # some day of October
        incident("c", start=date(2025, 10, 1), end=date(2025, 10, 31), date_precision="month"),
    ]
    made = compare(found, Filter(), OCTOBER, SEPTEMBER, covered=BOTH)
    assert (made.period.count, made.period.ongoing, made.period.uncertain) == (1, 1, 1)
    assert (made.other.count, made.other.ongoing, made.other.uncertain) == (1, 0, 1)
    assert "not counted are 1 that began before and 1 of uncertain date" in notes(made, EN)[0]


def test_coverage_comes_from_exact_days_alone():
    coarse = incident("b", start=date(2025, 1, 1), end=date(2025, 12, 31), date_precision="year")
    assert coverage([coarse]) is None
    assert coverage([coarse, *some(3, SEPTEMBER, "x")]) == Days(date(2025, 9, 1), date(2025, 9, 3))
    assert coverage([replace(incident(), status="draft")]) is None


def test_quiet_days_count_where_they_are_known_to_be_covered():
    found = some(10, SEPTEMBER, "then")
    assert compare(found, Filter(), OCTOBER, SEPTEMBER).period.covered == 0
    made = compare(found, Filter(), OCTOBER, SEPTEMBER, covered=BOTH)
    assert (made.period.covered, made.other.covered) == (31, 30)
    # an incident is data for its day, whatever was said
    later = [*found, *some(3, OCTOBER, "now")]
    assert compare(later, Filter(), OCTOBER, SEPTEMBER, covered=SEPTEMBER).period.covered == 3


def test_lines_share_the_risk_of_error():
    found = some(11, OCTOBER, "n", event_type="talks") + some(2, SEPTEMBER, "t", event_type="talks")
    alone = compare(found, Filter(), OCTOBER, SEPTEMBER, covered=BOTH)
    more = found + some(40, OCTOBER, "r", event_type="riot")
    more += some(39, SEPTEMBER, "s", event_type="riot") + some(1, OCTOBER, "c")
    among = compare(more, Filter(), OCTOBER, SEPTEMBER, covered=BOTH)
    assert [line.key for line in among.lines] == ["combat", "unrest", "diplomacy"]
    assert "more" in line_verdict(alone, alone.lines[0], EN)
    assert line_verdict(among, among.lines[2], EN) == "11 vs 2: not distinguishable"
    assert [label(line, among.by, EN) for line in among.lines] == ["Combat", "Unrest", "Diplomacy"]


def test_lines_by_country_and_province_name_what_is_unknown():
    found = [
        incident("a", countries=("AFG", "PAK"), start=OCTOBER.start, admin1="Kunar"),
        incident("b", countries=(), start=OCTOBER.start),
    ]
    by_country = compare(found, Filter(), OCTOBER, SEPTEMBER, by="country", covered=BOTH)
    assert [(line.key, line.count) for line in by_country.lines] == [
        ("AFG", 1),
        ("PAK", 1),
        ("", 1),
    ]
    assert [label(line, "country", EN) for line in by_country.lines] == [
        "Afghanistan",
        "Pakistan",
        "no country given",
    ]
    by_unit = compare(found, Filter(), OCTOBER, SEPTEMBER, by="admin1", covered=BOTH)
    assert [label(line, "admin1", EN) for line in by_unit.lines] == ["Kunar", "no province given"]


def test_periods_that_overlap_are_refused():
    with pytest.raises(SnapshotError, match="overlap"):
        compare([], Filter(), OCTOBER, BOTH)
    with pytest.raises(SnapshotError, match="run forward"):
        Days(OCTOBER.end, OCTOBER.start)
    assert before(OCTOBER) == Days(date(2025, 8, 31), date(2025, 9, 30))


@pytest.mark.parametrize(
    ("value", "below", "text"),
    [
        (1.6, None, "1.6"),
        (1.02, True, "1.02"),
        (0.9985, False, "0.999"),
        (0.43, None, "0.43"),
        (1234.5, None, "1,234"),
        (10.06, None, "10"),
        (0.05, None, "0.05"),
    ],
)
def test_ratios_are_written_with_two_figures_and_never_round_to_one(value, below, text):
    assert number(value, EN, below=below) == text


@settings(max_examples=80, deadline=None)
@given(crowds(max_size=12))
def test_swapped_periods_swap_counts_and_lines(found):
    one = compare(found, Filter(), OCTOBER, SEPTEMBER, covered=BOTH)
    two = compare(found, Filter(), SEPTEMBER, OCTOBER, covered=BOTH)
    assert (one.period, one.other) == (two.other, two.period)
    assert [(a.key, a.count, a.other) for a in one.lines] == [
        (b.key, b.other, b.count) for b in two.lines
    ]
    assert sum(line.count for line in one.lines) == one.period.count
    # a filter's own dates do not matter
    dated = Filter(start=OCTOBER.start, uncertain=False)
    assert compare(found, dated, OCTOBER, SEPTEMBER, covered=BOTH) == one
