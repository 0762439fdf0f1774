"""Does an incident, or a filter, name what a wider circle should not learn?

Words are looked for, nothing is understood: this finds candidates for a person to look at, and a
clean answer is no promise.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from geo.actors import canonical, known
from geo.area import Circle, Polygon
from geo.around import Around
from geo.filters import Filter, fold
from geo.incident import Incident

# what makes a place a target, or those in it: whole words, folded
_SITES = MappingProxyType(
    {
        "medical": (
            *("hospital", "hospitals", "clinic", "clinics", "health centre", "health center"),
            *("ambulance", "ambulances", "field hospital", "maternity"),
        ),
        "shelter": ("shelter", "shelters", "safe house", "orphanage", "refuge"),
        "school": (
            *("school", "schools", "university", "madrasa", "madrassa", "seminary"),
            *("kindergarten", "college"),
        ),
        "worship": (
            *("mosque", "mosques", "church", "churches", "temple", "synagogue", "shrine"),
            *("imambargah", "gurdwara"),
        ),
        "camp": ("refugee camp", "idp camp", "displacement camp", "camp", "camps", "settlement"),
        "water and power": ("water plant", "waterworks", "power plant", "dam"),
    }
)
_PERSON = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Haji|Hajji|Mullah|Maulana|Mawlawi|Mufti|Malik|Sardar|Qari|Sheikh|Imam|"
    r"Professor|Journalist|Commander|Teacher|Nurse|Doctor)\.?\s+[A-Z]\w+"
)
_NAMED = re.compile(r"\b(?:named|identified as|son of|daughter of|wife of)\s+[A-Z]\w+")
_AGED = re.compile(
    r"\b[A-Z]\w+(?:\s+[A-Z]\w+)+"
    r"(?:,?\s+aged\s+\d{1,2}\b|,?\s+\d{1,2}\s+years|,\s+\d{1,2},|\s+\(\d{1,2}\))"
)
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"-?\d{1,3}\.\d{3,}")
_SMALL_KM = 50.0


def sensitive(incident: Incident) -> tuple[str, ...]:
    """Name what kinds of sensitive matter an incident shows; empty where none was found.

    Sites count only where the place is exact: a school "in Kunar" endangers no school.
    """
    texts = (incident.title, incident.summary, incident.place_name)
    found = []
    if incident.precision == "exact" or any(s.precision == "exact" for s in incident.sites):
        names = " ".join((*texts, *(site.name for site in incident.sites)))
        spoken = f" {' '.join(_WORD.findall(fold(names)))} "
        found += [
            f"site: {kind}"
            for kind, words in _SITES.items()
            if any(f" {word} " in spoken for word in words)
        ]
    written = "\n".join(texts)
    people = [actor.name for actor in incident.actors if not known(canonical(actor.name))]
    named = any(pattern.search(written) for pattern in (_NAMED, _AGED))
    if named or _PERSON.search("\n".join((written, *people))):
        found.append("person")
    if any(source.quote for source in incident.sources):
        found.append("quotation")
    if _DIGITS.search(written):
        found.append("coordinates")
    return tuple(found)


def revealing(query: Filter) -> tuple[str, ...]:
    """Name filters that would print a place more exactly than the public profile does."""
    found = []
    if isinstance(query.area, Circle) and query.area.radius_km < _SMALL_KM:
        found.append("near")
    if isinstance(query.area, Polygon):
        found.append("polygon")
    if isinstance(query.area, Around):
        found.append("around")
    if query.text:
        found.append("text")
    if query.actors:
        found.append("actor")
    return tuple(found)
