"""Who took part, in which role, and under which canonical name?

Names of the registry, in their spellings, and common words for armed men and crowds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache

from geo.actors import canonical
from geo.incident import Actor
from geo.settings import DATA

_GENERIC = (
    r"(?:(?:[A-Z][\w-]+|armed|unidentified|unknown|masked|suspected|Islamist|government|pro-\w+|"
    r"anti-\w+|rebel|separatist)\s+){0,2}(?:gunmen|militants|insurgents|rebels|soldiers|troops|"
    r"fighters|police|army|military|paramilitaries|militia(?:men)?|jihadists|protesters|"
    r"demonstrators|settlers|navy|air force|security forces|border guards|armed men|warplanes|"
    r"jets|forces)"
)
_BY = re.compile(r"\b(?:by|from)\s+(?:the\s+|a\s+|an\s+)?(?:\w+\s+){0,2}\Z", re.IGNORECASE)
_MEDIATED = re.compile(
    r"\b(?:mediat\w+|broker\w*|facilitat\w+|host\w*)\s+(?:by\s+)?(?:the\s+)?"
    r"(?:[\w'’]+,?\s+(?:and\s+)?){0,4}\Z",
    re.IGNORECASE,
)
_BLAMED = re.compile(
    r"\b(?:blam\w+|accus\w+|attribut\w+(?:\s+\w+){0,3}?\s+to)\s+(?:the\s+)?\Z", re.IGNORECASE
)
_ACTS = re.compile(
    r"(?:['’]s?)?\s+(?:(?:have|has|had|then|also|later)\s+){0,2}(?:launch\w*|attack\w*|fire[ds]?|"
    r"bomb\w*|struck|strike|shell\w*|raid\w*|storm\w*|captur\w*|seiz\w*|kill\w*|ambush\w*|"
    r"open\w* fire|enter\w*|overran|took|target\w*|hit|abduct\w*|kidnap\w*|arrest\w*|detain\w*|"
    r"loot\w*|deploy\w*|march\w*|burn\w*|clos\w*|shut|sealed)\b",
    re.IGNORECASE,
)
_DIPLOMACY = frozenset(("talks", "ceasefire", "agreement", "mediation", "visit", "statement"))
_MOST = 8


def parties(text: str, event_type: str) -> tuple[Actor, ...]:
    """Find who a sentence names, in order, each once, with the role that its words give."""
    found: dict[str, Actor] = {}
    for match in _names().finditer(text):
        name = " ".join(match[0].split())
        main = canonical(name)
        key = main if main != name else name.casefold()
        role = _role(text, match, event_type)
        if key not in found or (not found[key].role and role):
            found[key] = Actor(name=name, role=role, canonical=main if main != name else "")
    return tuple(list(found.values())[:_MOST])


def united(groups: Iterable[tuple[Actor, ...]]) -> tuple[Actor, ...]:
    """Put the actors of several sentences together, each once, the first role that is known."""
    found: dict[str, Actor] = {}
    for group in groups:
        for actor in group:
            key = actor.canonical or actor.name.casefold()
            if key not in found or (not found[key].role and actor.role):
                found[key] = actor
    return tuple(list(found.values())[:_MOST])


def _role(text: str, match: re.Match[str], event_type: str) -> str:
    before, after = text[: match.start()][-60:], text[match.end() :][:40]
    if _MEDIATED.search(before):
        return "mediator"
    if _BLAMED.search(before):
        return "alleged attacker"
    if event_type in _DIPLOMACY:
        return "party"
    if _BY.search(before) or _ACTS.match(after):
        return "attacker" if event_type not in ("protest", "riot", "arrest") else "initiator"
    return ""


@lru_cache(maxsize=1)
def _names() -> re.Pattern[str]:
    rows = json.loads((DATA / "actors.json").read_text(encoding="utf-8"))
    spelled = {text for row in rows for text in (row["name"], *row["aliases"])}
    # two letters in capitals may be anything: "IS", "LI"
    known = sorted((t for t in spelled if len(t) > 2), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, known))}|{_GENERIC})(?![\w-])")
