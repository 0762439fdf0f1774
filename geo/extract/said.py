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
_CONTAINED, _CONTAINING, _SAID_KIND, _SAID_SITE, _IN_FULL = 5.0, 3.0, 2.0, 4.0, 8.0
WITHIN = re.compile(
    r"\s*,\s*(?:in\s+(?:the\s+)?)?|\s*\(|\s+in\s+(?:the\s+)?|,?\s+(?:the )?capital of\s+"
)
_KIND = (
    r"(?:count(?:y|ies)|village|town|cit(?:y|ies)|district|sub-?district|area|hamlet|settlement|"
    r"communit(?:y|ies)|municipalit(?:y|ies)|commune|township|parish|localit(?:y|ies)|suburb|"
    r"neighbou?rhood|camp|port|island|province|region|state|department|governorate|prefecture|"
    r"zone|territor(?:y|ies))"
)
# "Anfu county in the southern Chinese province of Jiangxi", "Gbiniyiri, a village in Savannah"
LYING = re.compile(
    rf"(?:\s+{_KIND})?(?:,?\s+(?:an?|the|one of the)(?:\s+[\w’'-]+){{0,4}}?\s+{_KIND}s?)?"
    r",?\s+(?:in|of)\s+(?:the\s+)?(?:(?!(?:in|of|from|after|on|at|by|with|and)\s)[\w-]+\s+){0,3}"
    rf"(?:(?:{_KIND}|cent(?:re|er)|heart|interior|(?:north|south|east|west)[\w-]*)\s+of\s+)?"
    r"(?:the\s+)?",
    re.IGNORECASE,
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
    keys = [key_of(text, name) for name in names]
    found = {key: _known(name, key) for key, name in zip(keys, names, strict=True)}
    said: dict[str, dict[str, tuple[float, str]]] = {key: {} for key in found}
    listed: dict[str, set[str]] = {key: set() for key in found}
    for i, (key, name) in enumerate(zip(keys, names, strict=True)):
        following = tuple(zip(names[i + 1 : i + 3], keys[i + 1 : i + 3], strict=True))
        for after, other in following[:1]:
            if _LISTED.fullmatch(text, name.end, after.start):
                listed[key].add(other)
                listed[other].add(key)
        for site in places(key) if key != fold(name.text) else ():
            _say(said[key], site, _IN_FULL, f"called {key}")
        whole, outers = _whole(text, name, [(n, found[k]) for n, k in following])
        for candidate in found[key]:
            for worth, why in _beside(text, name, candidate, whole, outers):
                _say(said[key], candidate, worth, why)
        for outer in outers:
            if any(contains(outer, inner) for inner in found[key]):
                key_of_whole = next(k for n, k in following if n is whole)
                _say(said[key_of_whole], outer, _CONTAINING, f"after {name.text}")
    return {
        key: Asked(key, candidates, said[key], frozenset(listed[key]))
        for key, candidates in found.items()
    }


def _known(name: Name, key: str) -> tuple[Candidate, ...]:
    """Find what a name may mean: with the word for a site behind it, and by itself."""
    alone = places(name.text)
    sites = places(key) if key != fold(name.text) else ()
    return tuple({c.id: c for c in (*sites, *alone)}.values())


def _whole(
    text: str, name: Name, following: Sequence[tuple[Name, Sequence[Candidate]]]
) -> tuple[Name | None, Sequence[Candidate]]:
    """Find the name of what a place is said to lie in, and what that may be.

    Names of peoples may stand before it: "the Chinese province of Jiangxi".
    """
    stated = next(((n, c) for n, c in following if n.kind == "place"), None)
    if stated is not None and name.kind == "place":
        after = stated[0]
        near = after.start - name.end <= _BETWEEN
        if near and LYING.fullmatch(text, name.end, after.start):
            return stated
    if not following or not WITHIN.fullmatch(text, name.end, following[0][0].start):
        return None, ()
    (after, outers), *beyond = following
    if beyond and _LISTED.fullmatch(text, after.end, beyond[0][0].start):
        # a list, unless what comes last holds the one before it
        last = beyond[0][1]
        if not any(contains(b, a) for b in last for a in outers):
            return None, ()
    return after, outers


def _say(said: dict[str, tuple[float, str]], candidate: Candidate, worth: float, why: str) -> None:
    said[candidate.id] = max(said.get(candidate.id, (0.0, "")), (worth, why))


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


def key_of(text: str, name: Name) -> str:
    """Give what is the same for all mentions of a name; "Hodeidah" and "Hodeidah port" are two."""
    site = built(text, name)
    return f"{fold(name.text)} {site}" if site else fold(name.text)
