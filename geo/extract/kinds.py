"""Which kind of unit or town do the words beside a name say that it is: "Paktika province"?"""

from __future__ import annotations

import re

from geo.extract.names import Name

_KINDS_AFTER = re.compile(
    r"\s+(province|governorate|oblast|state|district|county|agency|tehsil|raion|city|town|village)"
)
_KINDS_BEFORE = re.compile(
    r"\b(province|governorate|oblast|state|district|county|agency|city|town|village) of "
    r"(?:the )?$|\b(city|town|village|province|district) $"
)
_SAID = {
    "governorate": "province",
    "oblast": "province",
    "state": "province",
    "county": "district",
    "agency": "district",
    "tehsil": "district",
    "raion": "district",
    "city": "town",
    "village": "town",
}


def said_kind(text: str, name: Name) -> str:
    """Read the kind, "" where nothing is said; a town for cities and villages."""
    match = _KINDS_AFTER.match(text, name.end) or _KINDS_BEFORE.search(
        text, max(0, name.start - 20), name.start
    )
    if not match:
        return ""
    word = next(group for group in match.groups() if group)
    return _SAID.get(word, word)
