"""Which kind of site do the words beside a name say that it is: "the air base at Belaya"?"""

from __future__ import annotations

import re

from geo.extract.lookup import places
from geo.extract.names import Name
from geo.gazetteer import Candidate

# words for a site right behind a name, or leading to it, and the kinds of place that they mean
_SITE = (
    r"(air ?base|base|airfield|airport|prison|jail|dam|port|harbou?r|camp|hospital|crossing|"
    r"checkpoint|plant|facility|reactor|refinery|island)"
)
_SITE_AFTER = re.compile(
    rf"\s+(?:(?:military|naval|air|nuclear|enrichment|refugee|displacement|border|international|"
    rf"oil|gas|power)\s+){{0,2}}{_SITE}\b",
    re.IGNORECASE,
)
_SITE_BEFORE = re.compile(
    rf"\b{_SITE[:-1]}|facilities|refineries|site)s?(?:\s+(?:as far (?:away|apart) as))?"
    rf"(?:\s+(?:at|of|in|near)(?:\s+the)?)?\s+\Z",
    re.IGNORECASE,
)
_SITES = {
    **dict.fromkeys(("airbase", "air base", "base", "airfield"), ("base", "airport")),
    **dict.fromkeys(("plant", "facility", "reactor", "site", "facilities"), ("plant", "base")),
    **dict.fromkeys(("prison", "jail"), ("site",)),
    **dict.fromkeys(("port", "harbor", "harbour"), ("port",)),
    **dict.fromkeys(("crossing", "checkpoint"), ("crossing",)),
    **dict.fromkeys(("refinery", "refineries"), ("plant", "port")),
    "airport": ("airport", "base"),
}
_BUILT = re.compile(
    r"\s+(?:international\s+)?(airport|bridge|dam|crossing|camp|island|prison|port)\b",
    re.IGNORECASE,
)


def said_site(text: str, name: Name) -> tuple[str, ...]:
    """Kinds of site that the words beside a name say it is."""
    match = _SITE_AFTER.match(text, name.end) or _SITE_BEFORE.search(
        text[max(0, name.start - 40) : name.start]
    )
    if not match:
        return ()
    word = " ".join((match[1] or "site").casefold().split())
    return _SITES.get(word, (word,))


def built(text: str, name: Name) -> tuple[Candidate, ...]:
    """Find "La Tontouta" as an airport, "Hakari" as a bridge, where the text goes on so."""
    word = _BUILT.match(text, name.end)
    return places(f"{name.text} {word[1].casefold()}") if word else ()
