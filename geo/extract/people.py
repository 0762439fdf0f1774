"""Which kind of people does a word name, and does it name one of them?"""

from __future__ import annotations

import re

from geo.incident import Whom

_KINDS: tuple[tuple[Whom, str], ...] = (
    (
        "civilians",
        (
            r"civilians?|women|children|child|villagers?|residents?|worshippers?|passengers?|"
            r"students?|farmers?|workers?|journalists?|pilgrims?|patients?|shoppers?|girls?|boys?|"
            r"labourers?|miners?|tourists?|mourners?|teachers?|pupils?|bystanders?|cricketers?|"
            r"displaced|worshipers?|protesters?|demonstrators?|inhabitants?"
        ),
    ),
    (
        "security forces",
        (
            r"soldiers?|troops|policem[ae]n|police(?: officers?)?|officers?|security (?:personnel|"
            r"forces?)|guards?|servicem[ae]n|paramilitar\w+|personnel|peacekeepers?|army|marines?"
        ),
    ),
    (
        "fighters",
        (
            r"militants?|insurgents?|fighters?|rebels?|terrorists?|gunmen|gunman|attackers?|"
            r"assailants?|militiam[ae]n|jihadists?|commanders?|bombers?|extremists?"
        ),
    ),
)
_WHOM = tuple((whom, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)) for whom, pattern in _KINDS)
_NAMED = (
    r"\w*(?:man|woman|boy|girl|child|person|father|brother|sister|son|daughter|wife|husband|"
    r"soldier|officer|guard|civilian|adult|baby|infant|toddler|teenager|youth|victim)|"
    r"mother|uncle|aunt|cousin|nephew|niece|priest|bishop|cleric|imam|monk|nun|pilot|nurse|medic|"
    r"militant|mayor|governor|general|colonel|major|captain|lieutenant|sergeant|corporal|chief|"
    r"deputy|president|minister|king|prince|judge|guest|cook|guide|agent|aide|recruit|conscript|"
    r"cadet|constable|student|resident|inmate|hostage|migrant|refugee|national|citizen|suspect|"
    r"rebel|insurgent|marine|pupil|clerk|diplomat|envoy|candidate|patient|pedestrian|passer-by|"
    r"bystander|assailant|separatist|labourer|neighbour"
)
# by such an ending a word names somebody for what he does, unless it is one of these
_THINGS = (
    r"(?:tower|shelter|helicopter|paper|power|water|tanker|number|letter|border|container|"
    r"launcher|bunker|freighter|trawler|sector|tractor|motor|corridor|reactor|terror|harbor|order|"
    r"danger|quarter|cluster|theater|disaster|matter|center|character|destroyer|carrier|"
    r"airliner|bulldozer|river|winter|summer|fever|cover|tiger)\b"
)
_DOING = rf"(?!{_THINGS})\w{{3,}}(?:er|or|ist|ian|eer)"
_PERSON = re.compile(rf"(?:{_NAMED}|{_DOING})", re.IGNORECASE)
_SOME = frozenset(
    (
        *("people", "men", "women", "children", "persons", "police", "personnel", "troops"),
        *("civilians", "soldiers", "others", "gunmen", "policemen", "militiamen"),
    )
)
_PAIR = frozenset(("couple", "pair", "twins"))


def whom(words: str) -> Whom:
    """Name the kind of people that some words speak of, where they tell it."""
    return next((kind for kind, pattern in _WHOM if pattern.search(words)), "")


def is_person(word: str) -> bool:
    """Whether a word in the singular names a person."""
    return _PERSON.fullmatch(word) is not None


def are_people(word: str) -> bool:
    """Whether a word in the plural names people."""
    folded = word.casefold()
    return folded in _SOME or (folded.endswith("s") and is_person(folded[:-1]))


def is_pair(word: str) -> bool:
    """Whether a word names two people."""
    return word.casefold() in _PAIR
