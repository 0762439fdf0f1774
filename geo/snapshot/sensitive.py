"""Does an incident name what a wider circle should not learn?

Words are looked for, nothing is understood: what is found is for a person to look at, and a clean
answer is no promise.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from geo.filters import fold
from geo.incident import Incident

# whole words, folded; places that their position endangers
_SITES = MappingProxyType(
    {
        "medical": ("hospital", "hospitals", "clinic", "clinics", "health centre", "ambulance"),
        "shelter": ("shelter", "shelters", "safe house", "orphanage"),
        "school": ("school", "schools", "university", "madrasa", "seminary", "kindergarten"),
        "worship": ("mosque", "church", "temple", "synagogue", "shrine", "imambargah"),
        "camp": ("refugee camp", "refugee camps", "idp camp", "displacement camp"),
        "water and power": ("water plant", "waterworks", "power plant", "dam"),
    }
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Haji|Hajji|Nurse|Teacher)\.?\s+[A-Z]\w+")
_NAMED = re.compile(r"\b(?:named|identified as|son of|daughter of|wife of)\s+[A-Z]\w+")
_AGED = re.compile(
    r"\b[A-Z]\w+(?:\s+[A-Z]\w+)+(?:,\s+aged\s+\d{1,2}\b|,\s+\d{1,2},|\s+\(\d{1,2}\))"
)


def sensitive(incident: Incident) -> tuple[str, ...]:
    """Name the kinds of sensitive matter an incident shows: "site: medical", "person".

    Sites count only where the place is exact: a school "in Kunar" endangers no school.
    """
    texts = (incident.title, incident.summary, incident.place_name)
    exact = [site.name for site in incident.sites if site.precision == "exact"]
    found = []
    if incident.precision == "exact" or exact:
        letters = re.findall(r"[^\W_]+", fold(" ".join((*texts, *exact))))
        spoken = f" {' '.join(letters)} "
        found += [
            f"site: {kind}"
            for kind, words in _SITES.items()
            if any(f" {word} " in spoken for word in words)
        ]
    written = "\n".join(texts)
    if any(pattern.search(written) for pattern in (_TITLED, _NAMED, _AGED)):
        found.append("person")
    return tuple(found)
