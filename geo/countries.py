"""Which country is meant by a code, a name or a number of another scheme?

`data/countries.json` holds ISO 3166-1 codes, English names and the variants that event data use,
`data/country_codes.json` the numbers of ISO 3166-1 and the letters of FIPS 10-4.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from geo.settings import DATA


@dataclass(frozen=True, slots=True)
class Country:
    """ISO codes, the name we print, Gleditsch-Ward numbers and other spellings."""

    iso3: str
    iso2: str
    name: str
    gw: tuple[int, ...]
    variants: tuple[str, ...]


@lru_cache(maxsize=1)
def countries() -> Mapping[str, Country]:
    """All countries by ISO 3166-1 alpha-3 code (Kosovo is XKX)."""
    rows = json.loads((DATA / "countries.json").read_text(encoding="utf-8"))
    return {
        row["iso3"]: Country(
            iso3=row["iso3"],
            iso2=row["iso2"],
            name=row["name"],
            gw=tuple(row["gw"]),
            variants=tuple(row["variants"]),
        )
        for row in rows
    }


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """All alpha-3 codes."""
    return frozenset(countries())


def name(iso3_code: str) -> str:
    """Name we print for an alpha-3 code; an unknown code stands for itself."""
    found = countries().get(iso3_code)
    return found.name if found else iso3_code


@lru_cache(maxsize=4096)
def iso3(text: str) -> str | None:
    """Alpha-3 code of a country given by code or by any known spelling."""
    return _spellings().get(_key(text))


def from_gw(number: int) -> str | None:
    """Alpha-3 code of a Gleditsch-Ward state number, as UCDP uses it."""
    return _numbers().get(number)


def from_fips(code: str) -> str | None:
    """Alpha-3 code of a FIPS 10-4 code, as GDELT uses it: AS is Australia, not American Samoa."""
    return _other_codes()["fips"].get(code.strip().upper())


def from_numeric(number: int) -> str | None:
    """Alpha-3 code of an ISO 3166-1 number, as ACLED uses it."""
    return _other_codes()["numeric"].get(f"{number:03d}")


def to_fips(iso3_code: str) -> tuple[str, ...]:
    """All FIPS 10-4 codes of a country; Palestine has two."""
    return tuple(code for code, ours in _other_codes()["fips"].items() if ours == iso3_code)


def to_numeric(iso3_code: str) -> int | None:
    """ISO 3166-1 number of a country; Kosovo has none."""
    found = (n for n, ours in _other_codes()["numeric"].items() if ours == iso3_code)
    number = next(found, None)
    return None if number is None else int(number)


@lru_cache(maxsize=1)
def _other_codes() -> Mapping[str, Mapping[str, str]]:
    loaded: Mapping[str, Mapping[str, str]] = json.loads(
        (DATA / "country_codes.json").read_text(encoding="utf-8")
    )
    return loaded


@lru_cache(maxsize=1)
def _spellings() -> Mapping[str, str]:
    known: dict[str, str] = {}
    for country in countries().values():
        for spelling in (country.name, *country.variants, country.iso2, country.iso3):
            known[_key(spelling)] = country.iso3
    return known


@lru_cache(maxsize=1)
def _numbers() -> Mapping[int, str]:
    return {number: c.iso3 for c in countries().values() for number in c.gw}


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))
    )
