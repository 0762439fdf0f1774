"""Is this town a seat of government, so that its bare name may well mean the state?"""

from __future__ import annotations

import json
from functools import lru_cache

from geo.gazetteer import Candidate
from geo.gazetteer_sources import NATIONS
from geo.placenames import fold

# seats of government beside the capital, and such as the source spells another way
_SEATS = {("ISR", "tel aviv"), ("BOL", "la paz"), ("MMR", "naypyidaw"), ("UKR", "kiev")}


def is_capital(place: Candidate) -> bool:
    """Tell whether a town is the capital of its country."""
    return place.kind == "town" and (place.country, fold(place.name)) in _capitals()


@lru_cache(maxsize=1)
def _capitals() -> frozenset[tuple[str, str]]:
    states = json.loads(NATIONS.read_text(encoding="utf-8")).values()
    return frozenset({(state["iso3"], fold(state["capital"])) for state in states} | _SEATS)
