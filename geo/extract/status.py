"""Did it happen, or is it only feared, planned, denied or remembered?

Cues stand before the event in its clause, and a few right after it. The cue that decided is part
of the answer.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from geo.extract.lexicon import status_cues

EventStatus = Literal["actual", "hypothetical", "planned", "negated", "denied", "history", "quoted"]

# how many words a cue reaches ahead; a conditional or a denial reaches as far as its clause
_REACH = {"negated": 5, "hypothetical": 8, "planned": 8, "denied": 14, "history": 14}
# no cue reaches so many characters
_FAR = 240
_ORDER: tuple[EventStatus, ...] = ("denied", "negated", "hypothetical", "planned", "history")
_BE = r"\s+(?:(?:was|were|is|are|be|been|being|has|have|had|which|that)\s+){0,3}"
_AFTER: tuple[tuple[EventStatus, re.Pattern[str]], ...] = (
    (
        "negated",
        re.compile(
            _BE + r"(?:not|never|foiled|thwarted|prevented|averted|cancelled|canceled|called off|"
            r"postponed|ruled out)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "planned",
        re.compile(
            _BE
            + r"(?:scheduled|proposed|planned|called (?:for|on)|due|set to|set for|expected|slated|"
            r"will|to be held|to take place)\b",
            re.IGNORECASE,
        ),
    ),
    # "an offensive on El Fasher would"
    (
        "hypothetical",
        re.compile(
            r"(?:\s+(?!that\b|which\b|who\b|and\b|but\b|as\b|was\b|were\b|is\b|are\b|has\b|"
            r"had\b|said\b|after\b)[\w-]+(?<!ed)){0,4}?\s+(?:could|(?-i:may)|might|would|should)"
            r"\b(?!\s+have)",
            re.IGNORECASE,
        ),
    ),
)
_GATHERING = (
    r"(?:gatherings?|assembl(?:y|ies)|rall(?:y|ies)|march(?:es)?|meetings?|demonstrations?|"
    r"protests?|strikes?)"
)
# "a ban on gatherings and protests", with nothing between that could be an event of its own
_FORBIDDEN = re.compile(
    r"\b(?:(?<!city )(?<!town )(?<!speed )limits|limiting|bans|banning|restricts|restricting|"
    r"forbids|forbade|prohibits|prohibiting|outlawing|bans? on|"
    r"(?:banned|forbidden|prohibited|outlawed)\s+(?:all|any|public|further|such))\s+"
    rf"(?:(?:all|any|public|further|such|mass|street|political|{_GATHERING},?|and|or)\s+)*\Z",
    re.IGNORECASE,
)
_GATHER = re.compile(rf"{_GATHERING}\b", re.IGNORECASE)
_CALLED_OFF = re.compile(
    r"\b(?:will not (?:take place|be held|go ahead)|(?:was|were|has been|have been) "
    r"(?:called off|cancell?ed|postponed|put off))\b",
    re.IGNORECASE,
)
# "no group claimed responsibility for the blast": there was one
_OWNED = re.compile(r"\b(?:responsib\w+|credit|motive)\b", re.IGNORECASE)
# a cue that says that it is going on after all
_REAL = re.compile(
    r"\b(?:currently|ongoing|under ?way|continu(?:e|es|ed|ing)|resum(?:ed|es)|broke out|"
    r"payback|revenge|retaliation|reprisal|erupted|took place|began|begun|started|engaged in|held|"
    r"were killed|was killed)\b",
    re.IGNORECASE,
)


def status(clause: str, start: int, end: int) -> tuple[EventStatus, str]:
    """Answer with the status of an event, and the cue that says so.

    Parameters
    ----------
    clause
        The clause that the event stands in.
    start, end
        Where in the clause the words of the event stand.
    """
    for name in _ORDER:
        cue = _last(name, clause, start)
        if cue is None:
            continue
        between = clause[cue.end() : start]
        if len(between.split()) > _REACH[name]:
            continue
        if name in ("hypothetical", "planned") and _REAL.search(between):
            continue
        if name == "negated" and _OWNED.search(between):
            continue
        return name, cue[0]
    gathers = _GATHER.fullmatch(clause, start, end) and not _REAL.match(clause[end:].lstrip())
    forbidden = _FORBIDDEN.search(clause, max(0, start - _FAR), start) if gathers else None
    if forbidden:
        return "hypothetical", forbidden[0].strip()
    return _said_after(clause, end)


def _said_after(clause: str, end: int) -> tuple[EventStatus, str]:
    """Read what stands behind an event: "the talks were called off"."""
    after = clause[end : end + _FAR]
    for name, pattern in _AFTER:
        found = pattern.match(after)
        if found:
            return name, found[0].strip()
    off = _CALLED_OFF.search(after)
    if off:
        return "negated", off[0]
    history = next((m for m in _cues("history", clause) if m.start() >= end), None)
    # after the event only a time counts: "in recent years", not "historical tensions"
    if (
        history
        and re.search(r"[0-9]|year|decade|past", history[0], re.IGNORECASE)
        and len(clause[end : history.start()].split()) <= _REACH["history"]
    ):
        return "history", history[0]
    return "actual", ""


def _last(status: EventStatus, clause: str, start: int) -> re.Match[str] | None:
    """Find the cue nearest before an event; one that is too far off is not looked at."""
    before = (m for m in _cues(status, clause) if start - _FAR <= m.start() and m.end() <= start)
    return max(before, key=lambda m: m.start(), default=None)


@lru_cache(maxsize=64)
def _cues(status: EventStatus, clause: str) -> tuple[re.Match[str], ...]:
    # many events may stand in one clause: it is searched once
    return tuple(status_cues()[status].finditer(clause))
