"""Is this town a seat of government, so that its bare name may well mean the state?"""

from __future__ import annotations

import json
from functools import lru_cache

from geo.gazetteer import Candidate
from geo.gazetteer_sources import NATIONS
from geo.placenames import fold

# seats of government beside the capital, such as the source spells another way, and of the
# United Nations
_SEATS = {
    *(("ISR", "tel aviv"), ("BOL", "la paz"), ("MMR", "naypyidaw"), ("UKR", "kiev")),
    ("CHE", "geneva"),
}


def is_capital(place: Candidate) -> bool:
    """Tell whether a town is the capital of its country."""
    return place.kind == "town" and (place.country, fold(place.name)) in _capitals()


def capital_of(country: str) -> str:
    """Name of a country's capital, "" where the source has none."""
    return _names().get(country, "")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    states = json.loads(NATIONS.read_text(encoding="utf-8")).values()
    return {state["iso3"]: state["capital"] for state in states}


@lru_cache(maxsize=1)
def _capitals() -> frozenset[tuple[str, str]]:
    return frozenset({(country, fold(name)) for country, name in _names().items()} | _SEATS)
