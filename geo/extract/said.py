"""What do the words next to a name say of which place it means?

"Urgun, Paktika", "Anfu county in the southern Chinese province of Jiangxi", "the air base at
Belaya": a place beside its unit, and what it is called.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.extract.kinds import said_kind
from geo.extract.lookup import places
from geo.extract.names import Name
from geo.extract.sites import built, said_site
from geo.gazetteer import Candidate
from geo.placenames import fold

# what each sign is worth, in powers of ten of people
_CONTAINED, _CONTAINING, _SAID_KIND, _SAID_SITE = 5.0, 3.0, 2.0, 4.0
WITHIN = re.compile(
    r"\s*,\s*(?:in\s+(?:the\s+)?)?|\s*\(|\s+in\s+(?:the\s+)?|,?\s+(?:the )?capital of\s+"
)
# "Anfu county in the southern Chinese province of Jiangxi", "Gbiniyiri, a village in Savannah"
_LYING = re.compile(
    r"(?:\s+[a-z][\w-]+){0,2}(?:,?\s+(?:an?|the)\s+(?:[\w’'-]+\s+){1,6}?(?=in\s|of\s))?"
    r",?\s+(?:in|of)\s+(?:the\s+)?(?:[\w-]+\s+){0,4}(?:of\s+)?(?:the\s+)?"
)
# with so many letters at most
_BETWEEN = 90
_LISTED = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+")
_TOWNS = ("town", "village", "locality")


@dataclass(frozen=True, slots=True)
class Asked:
    """A name of the text: all mentions that stand alike are decided together."""

    key: str
    candidates: tuple[Candidate, ...]
    # candidates that the text beside some mention speaks for, by id, and why
    said: Mapping[str, tuple[float, str]]
    # names that stand in one list with it
    listed: frozenset[str]


def asked(text: str, names: Sequence[Name]) -> Mapping[str, Asked]:
    """Read what the text says beside each name, by what is the same for all its mentions."""
    found = {key_of(name): _known(text, name) for name in names}
    said: dict[str, dict[str, tuple[float, str]]] = {key: {} for key in found}
    listed: dict[str, set[str]] = {key: set() for key in found}
    for i, name in enumerate(names):
        key = key_of(name)
        after, beyond = (*names[i + 1 : i + 3], None, None)[:2]
        within = after is not None and WITHIN.fullmatch(text, name.end, after.start)
        if after is not None and beyond is not None and _in_list(text, after, beyond, found):
            within = None
        if after is not None and _LISTED.fullmatch(text, name.end, after.start):
            listed[key].add(key_of(after))
            listed[key_of(after)].add(key)
        whole = after if within else _whole_of(text, name, names[i + 1 : i + 3])
        outers = found[key_of(whole)] if whole is not None else ()
        for candidate in found[key]:
            for worth, why in _beside(text, name, candidate, whole, outers):
                _say(said[key], candidate, worth, why)
        if whole is not None:
            for outer in outers:
                if any(contains(outer, inner) for inner in found[key]):
                    _say(said[key_of(whole)], outer, _CONTAINING, f"after {name.text}")
    return {
        key: Asked(key, candidates, said[key], frozenset(listed[key]))
        for key, candidates in found.items()
    }


def _known(text: str, name: Name) -> tuple[Candidate, ...]:
    """Find what a name may mean: by itself, and together with the word for a site behind it."""
    alone, sites = places(name.text), built(text, name)
    ids = {c.id for c in alone}
    return (*alone, *(c for c in sites if c.id not in ids))


def _whole_of(text: str, name: Name, following: Sequence[Name]) -> Name | None:
    """Find the next place, if the text says that a name lies in it; peoples' names may precede."""
    after = next((n for n in following if n.kind == "place"), None)
    if after is None or name.kind != "place" or after.start - name.end > _BETWEEN:
        return None
    return after if _LYING.fullmatch(text, name.end, after.start) else None


def _say(said: dict[str, tuple[float, str]], candidate: Candidate, worth: float, why: str) -> None:
    said[candidate.id] = max(said.get(candidate.id, (0.0, "")), (worth, why))


def _in_list(text: str, one: Name, other: Name, found: Mapping[str, tuple[Candidate, ...]]) -> bool:
    """Whether two names follow each other in a list, not as a place and what it lies in."""
    if not _LISTED.fullmatch(text, one.end, other.start):
        return False
    return not any(contains(b, a) for b in found[key_of(other)] for a in found[key_of(one)])


def _beside(
    text: str, name: Name, candidate: Candidate, after: Name | None, outer: Sequence[Candidate]
) -> list[tuple[float, str]]:
    """Read what the words next to a name say of a candidate."""
    signs = []
    kind = said_kind(text, name)
    if kind and candidate.kind in (_TOWNS if kind == "town" else (kind,)):
        signs.append((_SAID_KIND, f"called a {kind}"))
    site = _SAID_SITE if candidate.kind in said_site(text, name) else 0.0
    if site:
        signs.append((site, f"called a {candidate.kind}"))
    if after is not None and any(contains(place, candidate) for place in outer):
        signs.append((_CONTAINED + site, f"followed by {after.text}"))
    return signs


def contains(outer: Candidate, inner: Candidate) -> bool:
    """Whether a place lies in a country, province or district, as the gazetteer has it."""
    if outer.id == inner.id or outer.country != inner.country or not outer.country:
        return False
    if outer.kind == "country":
        return inner.kind != "country"
    if outer.kind == "province":
        return inner.admin1 == outer.admin1 and inner.kind not in ("province", "country")
    return outer.kind == "district" and inner.admin2 == outer.admin2 and inner.kind != "district"


def key_of(name: Name) -> str:
    """Give what is the same for all mentions of a name."""
    return fold(name.text)
