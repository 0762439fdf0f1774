"""What do states and units on the map call themselves in the language of the picture?

States have their names in the catalogues; units have them in the base map pack in Urdu, Persian
and Arabic. Where there is none, a name stays as the pack has it, in Latin letters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from geo.snapshot.language import Language

# Dari is Persian; Pashto has no column, and Persian names are nearest to its own
_COLUMNS: Mapping[str, str] = MappingProxyType({"ar": "ar", "prs": "fa", "ps": "fa", "ur": "ur"})
# the pack's names begin, or end, with a word for "province"; labels on a map do without
_PROVINCE = re.compile(
    "^(?:صوبہ|محافظہ|ولایت|استان|ایالت|ولاية|محافظة|مقاطعة|إقليم) | (?:صوبہ|پراونس|محافظہ|صوبائی)$"
)
_SHARED_LETTERS = re.compile("[\u0600-\u06ff]")


def unit_names(rows: Any, spoken: Language) -> list[str]:
    """Names of units of the pack's `admin1`, in the order of the rows."""
    plain = [str(name) for name in rows["name"]]
    column = _COLUMNS.get(spoken.code)
    if column is None:
        return plain
    local = [_PROVINCE.sub("", str(name)).strip() for name in rows[column]]
    return [own or name for own, name in zip(local, plain, strict=True)]


def state_label(name: str, iso3: str, spoken: Language) -> str:
    """Write a state's name as maps do: spaced capitals, where letters do not join."""
    own = name if spoken.code == "en" or not iso3 else spoken.country(iso3)
    if _SHARED_LETTERS.search(own):
        return own
    return "\u2009".join(own.upper())
