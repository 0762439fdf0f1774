"""By what means, on whom and by whom was violence done that its own words leave open?

"Attack", "killed" and "opened fire" fit many types. What stands beside them in the clause decides:
means before victims, and victims before those who did it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from geo.extract.lexicon import word_class

_MEANS: tuple[tuple[str, str], ...] = (
    ("suicide_attack", r"suicide|blew (?:him|her|them)sel(?:f|ves) up|explosive (?:vest|belt)s?"),
    ("mine_ied", r"land ?mines?|roadside bombs?|IEDs?|car bombs?|improvised explosive"),
    (
        "air_drone_strike",
        (
            r"(?:by|with|from|in|using|when) (?:an? |the |its |their )?(?:[\w-]+ ){0,3}?"
            r"(?:{air}|air ?-?strikes?|drone strikes?)"
        ),
    ),
    (
        "shelling",
        (
            r"(?:by|with|from|in|using|under) (?:an? |the |its |their )?(?:[\w-]+ ){0,3}?"
            r"(?:{shell}|shell ?-?fire|bombardments?)"
        ),
    ),
)
_NATION_SIDE = r"(?:[A-Z]\w+(?: Korean)?|other|opposite|far) (?:side|soil|territory)"
_FROM_SIDE = re.compile(
    rf"\b(?:fire|firing|fired|shots?|shooting|gunfire|shells?|rockets?|mortars?|rounds|bullets|"
    rf"projectiles?|snipers?)\b[^.;]{{0,60}}?\b(?:from|on|across) (?:the )?{_NATION_SIDE}\b"
)
_LINE = re.compile(
    r"\b(?:border|frontier|boundary|line of control|loc|demarcation|zero line|no[- ]man['’]s land|"
    r"demilitari[sz]ed zone|dmz|crossing)\b",
    re.IGNORECASE,
)
_OPEN = frozenset(("attack_on_civilians", "armed_clash"))
# "opened fire on a patrol": what was aimed at stands close behind
_CLOSE = 60
# and what did it not far, however long a clause is
_AROUND = 200


def kind(given: str, clause: str, start: int, end: int) -> str:
    """Choose the type of violence by what stands beside its words.

    Parameters
    ----------
    given
        The type that the words alone suggest.
    clause
        The clause that they stand in.
    start, end
        Where in the clause they stand.
    """
    if given not in _OPEN:
        return given
    around = clause[max(0, start - _AROUND) : end + _AROUND]
    means = _used(around)
    if means:
        return means
    for words in (clause[start : end + _CLOSE], around):
        civilians, forces = _named(words)
        if civilians and not forces:
            return "attack_on_civilians"
        if forces and not civilians:
            return "armed_clash"
    return given


def across_border(given: str, sentence: str) -> bool:
    """Whether fire of open kind went from one state to another, by the words of the sentence.

    It came from the side of another nation; or two nations bear arms in it, and a border or a line
    between them is named.
    """
    if given not in _OPEN:
        return False
    if _FROM_SIDE.search(sentence):
        return True
    if not _LINE.search(sentence):
        return False
    armed = {m["nation"].casefold() for m in _nations_armed().finditer(sentence)}
    return len(armed) > 1


@lru_cache(maxsize=1)
def _nations_armed() -> re.Pattern[str]:
    forces = "|".join(map(word_class, ("state", "hard", "guarded")))
    return re.compile(
        rf"\b(?P<nation>{word_class('nation')}) (?:[\w-]+ ){{0,2}}(?:(?i:{forces}|fighters))\b"
    )


@lru_cache(maxsize=256)
def _used(words: str) -> str:
    return next((event_type for event_type, p in _means() if p.search(words)), "")


@lru_cache(maxsize=256)
def _named(words: str) -> tuple[bool, bool]:
    """Whether civilians or what is theirs are named, and whether forces are."""
    soft, hard = _aimed_at()
    return bool(soft.search(words)), bool(hard.search(words))


@lru_cache(maxsize=1)
def _means() -> tuple[tuple[str, re.Pattern[str]], ...]:
    held = {"air": word_class("air"), "shell": word_class("shell")}
    return tuple((event_type, _words(_filled(pattern, held))) for event_type, pattern in _MEANS)


def _filled(pattern: str, held: dict[str, str]) -> str:
    for name, words in held.items():
        pattern = pattern.replace(f"{{{name}}}", words)
    return pattern


@lru_cache(maxsize=1)
def _aimed_at() -> tuple[re.Pattern[str], re.Pattern[str]]:
    soft = f"{word_class('people')}|{word_class('soft')}"
    hard = f"{word_class('hard')}|{word_class('guarded')}"
    return _words(soft), _words(hard)


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)
