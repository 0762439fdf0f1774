"""Which places may a name in a text mean?

A name is looked up as it stands, then without what grammar and titles add to it: "the",
"'s", "northern", "province of".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from geo import countries
from geo.gazetteer import Candidate, named
from geo.placenames import fold

_POSSESSIVE = re.compile(r"['’`´]s?$")
_BEFORE = re.compile(
    r"(?:the|city|town|village|state|province|district|county|republic|kingdom|region|"
    r"governorate|islands?|gulf|port|camp|greater|downtown|central|inner|outer|upper|lower|"
    r"(?:north|south)(?:-| )?(?:east|west)(?:ern)?|(?:north|south|east|west)(?:ern)?) (?:of )?"
)
_AFTER = re.compile(
    r" (?:city|town|township|village|state|province|district|county|region|area|valley|parish|"
    r"governorate|agency|tehsil|prefecture|oblast|raion|municipality|department|division|"
    r"republic|island|islands|peninsula|border|crossing|border crossing|frontier|sector|"
    r"refugee camp|camp|highway|axis|front|suburb|neighbou?rhood|metropolitan area)$"
)
_SHORTENED = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "mts": "mountains"}
_ARTICLES = ("al", "el", "an", "ar", "as", "ash", "ad", "at", "az", "en", "ed", "es", "et", "er")
_LONGEST = 80


@lru_cache(maxsize=20_000)
def places(name: str) -> tuple[Candidate, ...]:
    """Candidates for a name as it stands in a text, most likely first; none where unknown."""
    for key in _keys(name):
        found = named(key)
        if found:
            return found
    return ()


def country(code: str) -> Candidate | None:
    """Find a country by its ISO 3166-1 alpha-3 code; None where there is none of that code."""
    found = places(countries.name(code)) if code else ()
    return next((c for c in found if c.kind == "country" and c.country == code), None)


def _keys(name: str) -> Iterator[str]:
    plain = _POSSESSIVE.sub("", name.strip()[:_LONGEST])
    key = fold(plain.replace(".", "") if _abbreviated(plain) else plain)
    yield key
    first, _, rest = key.partition(" ")
    if first == "the" and rest:
        key = rest
        yield key
    if key.endswith(" airport"):
        yield f"{key.removesuffix(' airport')} international airport"
    if first in _SHORTENED and rest:
        yield f"{_SHORTENED[first]} {rest}"
    shorter = _AFTER.sub("", key)
    if shorter != key:
        yield shorter
    for whole in (key, shorter):
        match = _BEFORE.match(whole)
        if match and whole[match.end() :]:
            yield whole[match.end() :]
    if first in _ARTICLES and rest:
        # "al-Nahud" and "an-Nahud" are one town
        yield from (f"{article} {rest}" for article in _ARTICLES if article != first)
        yield rest


def _abbreviated(name: str) -> bool:
    return "." in name and all(len(part) <= 2 for part in name.replace(" ", "").split("."))
