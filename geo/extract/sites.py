"""Which kind of site do the words beside a name say that it is: "the air base at Belaya"?"""

from __future__ import annotations

import re

from geo.extract.lookup import places
from geo.extract.names import Name

# words for a site right behind a name, or leading to it, and the kinds of place that they mean
_SITE = (
    r"(air ?base|base|airfield|airport|prison|jail|dam|port|harbou?r|camp|hospital|crossing|"
    r"checkpoint|plant|facility|reactor|refinery|island|bridge)"
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
_BUILT = re.compile(rf"\s+(?:international\s+)?{_SITE}\b", re.IGNORECASE)


def said_site(text: str, name: Name) -> tuple[str, ...]:
    """Kinds of site that the words beside a name say it is."""
    match = _SITE_AFTER.match(text, name.end) or _SITE_BEFORE.search(
        text[max(0, name.start - 40) : name.start]
    )
    if not match:
        return ()
    word = " ".join((match[1] or "site").casefold().split())
    return _SITES.get(word, (word,))


def built(text: str, name: Name) -> str:
    """Read the word behind a name with which a site has it: "La Tontouta" airport, or none."""
    word = _BUILT.match(text, name.end)
    said = word[1].casefold() if word else ""
    found = places(f"{name.text} {said}") if said else ()
    # "Daraa camp" is found as Daraa
    return said if found and found != places(name.text) else ""
