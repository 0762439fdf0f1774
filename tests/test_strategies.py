"""Do the shared strategies reach what tests rely on?"""

from __future__ import annotations

import pytest
from hypothesis import Phase, find, settings
from hypothesis import strategies as st

from geo.filters import select
from geo.incident import PRECISIONS
from tests import strategies

# the first that is found will do: a smallest one is not asked for
_PATIENT = settings(max_examples=2_000, phases=[Phase.generate])


@pytest.mark.parametrize("precision", PRECISIONS)
def test_incidents_of_every_precision_are_drawn(precision: str) -> None:
    find(strategies.incidents(), lambda i: i.precision == precision, settings=_PATIENT)


def test_incidents_of_several_countries_claims_and_sites_are_drawn() -> None:
    find(
        strategies.incidents(),
        lambda i: len(i.countries) > 1 and bool(i.claims) and bool(i.sites),
        settings=_PATIENT,
    )


def test_filters_that_keep_some_and_drop_some_are_drawn() -> None:
    def both(pair: tuple[object, object]) -> bool:
        crowd, query = pair
        ledger = select(crowd, query).ledger  # type: ignore[arg-type]
        return 0 < ledger.matched < ledger.total and len(query.active) > 2  # type: ignore[attr-defined]

    find(st.tuples(strategies.crowds(), strategies.filters()), both, settings=_PATIENT)
