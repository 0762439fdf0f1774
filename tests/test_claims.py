"""Is a figure said only as far as the claims allow?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.claims import contested, toll_from_claims, toll_in_words
from geo.incident import Claim, Toll
from tests import strategies
from tests.examples import incident


def _deaths(value: int | str, **parts: Any) -> Claim:
    return Claim(field="deaths", value=value, **parts)


@pytest.mark.parametrize(
    ("claims", "toll"),
    [
        ((), Toll()),
        ((_deaths(11),), Toll(11, 11, 11)),
        ((_deaths(11), _deaths(11, claimant="other")), Toll(11, 11, 11)),
        ((_deaths(23), _deaths(58)), Toll(23, None, 58)),
        ((_deaths(10, low=8, high=12),), Toll(8, 10, 12)),
        ((_deaths("dozens", low=24, high=60),), Toll(24, None, 60)),
        ((_deaths("dozens"),), Toll()),
        ((_deaths(10), _deaths("dozens")), Toll(10, 10, 10)),
        ((_deaths(0),), Toll(0, 0, 0)),
        # a figure that covers more than this incident is never used
        ((_deaths(37, scope="several provinces"),), Toll()),
        ((_deaths(37, scope="several provinces"), _deaths(3)), Toll(3, 3, 3)),
        # soldiers and militants are other people: no sum, no range
        ((_deaths(11, whom="security forces"), _deaths(19, whom="fighters")), Toll()),
        ((_deaths(11, whom="fighters"), _deaths(19, whom="fighters")), Toll(11, None, 19)),
        # a claim about all of them stands above claims about some
        ((_deaths(11, whom="fighters"), _deaths(30, whom="all")), Toll(30, 30, 30)),
        # a figure outside its own range widens the range
        ((_deaths(5, low=8),), Toll(5, 5, 8)),
        ((Claim(field="injured", value=4),), Toll()),
    ],
)
def test_claims_become_a_toll_only_where_they_can_be_compared(
    claims: tuple[Claim, ...], toll: Toll
) -> None:
    assert toll_from_claims(claims, "deaths") == toll


@pytest.mark.parametrize(
    ("toll", "words"),
    [
        (Toll(), "unknown"),
        (Toll(0, 0, 0), "0"),
        (Toll(best=1234), "1,234"),
        (Toll(3, 5, 9), "5 (3–9)"),
        (Toll(3, None, 9), "3–9"),
        (Toll(4, None, 4), "4"),
        (Toll(low=5), "at least 5"),
        (Toll(high=5), "at most 5"),
        (Toll(5, 3, 5), "3 (3–5)"),
    ],
)
def test_a_toll_is_said_as_it_is_known(toll: Toll, words: str) -> None:
    assert toll_in_words(incident(deaths=toll), "deaths") == words
    assert toll_in_words(incident(injured=toll), "injured") == words


def test_conflicting_claims_leave_no_bare_total() -> None:
    two = (_deaths(23, claimant="A"), _deaths(58, claimant="B"))
    assert contested(incident(claims=two), "deaths")
    assert not contested(incident(claims=two), "injured")
    assert toll_in_words(incident(claims=two), "deaths") == "claims differ"
    ranged = incident(claims=two, deaths=Toll(23, None, 58))
    assert toll_in_words(ranged, "deaths") == "23–58, claims differ"
    with_best = incident(claims=two, deaths=Toll(58, 58, 58))
    assert toll_in_words(with_best, "deaths") == "claims differ"


def test_a_wider_figure_contests_nothing() -> None:
    claims = (_deaths(23), _deaths(37, scope="four provinces"))
    assert not contested(incident(claims=claims), "deaths")


@given(st.lists(strategies.claims(), max_size=5))
def test_a_toll_is_in_order_and_never_beyond_what_was_claimed(claims: list[Claim]) -> None:
    toll = toll_from_claims(claims, "deaths")
    if not toll.known:
        return
    assert toll.low is not None
    assert toll.high is not None
    assert toll.low <= (toll.low if toll.best is None else toll.best) <= toll.high
    figures = [n for c in claims for n in (c.value, c.low, c.high) if isinstance(n, int)]
    assert {toll.low, toll.high} <= set(figures)


@given(strategies.incidents())
def test_words_never_name_one_figure_where_claims_differ(one: Any) -> None:
    if contested(one, "deaths"):
        assert "claims differ" in toll_in_words(one, "deaths")
