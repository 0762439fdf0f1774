"""What is the name of a place there for: to say where, or to say who?

A preposition of place before it, or what was done to it, says where; what it "said", the name of
a party and a dateline do not. A capital that stands alone stands for its government.
"""

from __future__ import annotations

import re
from typing import Literal

from geo.actors import canonical, known
from geo.extract.capitals import is_capital
from geo.extract.resolve import Place
from geo.extract.sentences import Sentence

Role = Literal["where", "within", "maybe", "no"]

# so far back a name is looked at
CONTEXT = 70
_PLACE_WORDS = (
    r"(?:(?:the|neighbou?ring|nearby|central|downtown|greater|capital,?|capital city of|city of|"
    r"town of|village of|province of|district of|region of|state of|port of|city|town|village|"
    r"border town of|border crossing at|border crossing of|island of|outskirts of|parts of|"
    r"areas of|suburbs? of|"
    r"(?:north|south|east|west|northeast|northwest|southeast|southwest)(?:ern)?(?:most)?|"
    r"\w+['’]s|\w+ern)\s+){0,4}"
)
_IN = re.compile(
    rf"(?<![\w-])(?:in|at|near|outside|around|across|inside|within|throughout|along|into|over|on|"
    rf"off|among them|among those|including|notably|such as|"
    rf"as (?:far|distant) (?:away |apart |afield )?as|"
    rf"as far (?:north|south|east|west) as|"
    rf"(?:centre|center|heart|middle|edge|vicinity|gates?|entrance|airport|streets|port|suburbs?|"
    rf"outside|skies|waters|coast|shores?|banks) (?:of|to|off|over)|"
    rf"toward|towards|through|reached|reaching|outskirts of|parts? of|streets of|way to|"
    rf"south of|north of|east of|west of|areas? of|districts? of|"
    rf"(?:city|town|village|province|capital) of|"
    rf"(?:\d+ ?(?:km|kilomet(?:er|re)s|miles) (?:from|of)))\s+{_PLACE_WORDS}\Z",
    re.IGNORECASE,
)
_TO = re.compile(rf"(?<![\w-])(?:to|from|for|of)\s+{_PLACE_WORDS}\Z", re.IGNORECASE)
_HIT = re.compile(
    rf"(?<![\w-])(?:hit|struck|bombed|shelled|attacked|targeted|targeting|pounded|rocked|captured|"
    rf"seized|recaptured|retook|retaken|overran|overrun|entered|shook|hitting|striking|stormed|"
    rf"storming|raided|besieged|besieging|attacking|bombing|shelling|pounding|capturing|seizing|"
    rf"shattered|shattering|devastated|devastating|razed|flattened|destroyed|ravaged|levelled|"
    rf"jolted|rattled|hammered|engulfed|gripped|swept through|tore through|ripped through|"
    rf"lost|losing|took|taken|taking|abandoned|evacuated|occupied|occupying|liberated|encircled|"
    rf"surrounded|cut off|rolled into|marched on|fell on|"
    rf"visited|visits|visiting|visit|toured|touring)\s+{_PLACE_WORDS}\Z",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"(?<![\w-])between\s+(?:the\s+)?(?:\w+\s+){0,3}\Z", re.IGNORECASE)
_SAYS = re.compile(
    r"(?:['’]s?)?\s+(?:(?:has|have|had|also|repeatedly|later)\s+){0,3}(?:said|says|accus\w+|"
    r"denie[sd]|deny|denying|blam\w+|claim\w*|warn\w*|announce\w*|reject\w*|condemn\w*|insist\w*|"
    r"call\w*|urge\w*|wants?|vow\w*|agree\w*|maintain\w*|respond\w*|express\w*|"
    r"confirm\w*|hope\w*|speaks?|spoke|puts?|sees?|believes?|admit\w*|insisted|calls?|"
    r"counts?|counted|blames?|has not|did not|made no|gave no|summon\w*|"
    r"launch\w*|attack\w*|mediat\w*|broker\w*)\b",
    re.IGNORECASE,
)
_PERPETRATOR = re.compile(
    r"(?<![\w-])(?:by|against|accused|blamed|with|to)\s+(?:the\s+)?\Z", re.IGNORECASE
)
# "Hodeidah, which jets had bombed", "Kyiv was hit": what follows says that it was there
_WHERE_AFTER = re.compile(
    r"\s*,?\s*(?:which|where|that)\b|"
    r"(?:\s*,[^,]{2,60},)?\s+(?:was|were|is|has been|had been|came)\s+(?:\w+ly\s+)?(?:also\s+)?"
    r"(?:hit|struck|bombed|shelled|attacked|targeted|under (?:attack|fire)|pounded|rocked|shaken|"
    r"captured|seized|taken|retaken|overrun|stormed|raided|besieged|occupied|evacuated|flooded|"
    r"destroyed|razed|closed|shut)\b",
    re.IGNORECASE,
)
_DATELINE_AFTER = re.compile(
    r"\s*(?:governorate|province|district)?\s*(?:\([^)\n]{2,20}\)\s*)?(?:/\w+)?\s*[–—:-]{1,2}\s"
)
_REPORTED_FROM = re.compile(
    r"\b(?:report(?:ed|ing|s)?|correspondent|speaking|said|told \w+) "
    r"(?:from|in|by phone from)\s+\Z",
    re.IGNORECASE,
)
_NAMES_BORDER = re.compile(r"\s*(?:[-–]|and)?\s*\w*\s*\b(?:border|frontier)\b", re.IGNORECASE)
_ARMED = frozenset(("Hamas", "Hezbollah", "Wagner", "Fatah", "Boko Haram", "Houthi", "Houthis"))
# "UN", "EU": what is written so and is a place is a country
_INITIALS = re.compile(r"(?!UK|US|UAE|DRC|CAR)[A-Z]{2,4}")


def role(text: str, sentence: Sentence, place: Place) -> Role:
    """Read what a name is there for, from the words on both sides of it."""
    name = place.name
    before = text[max(sentence.start, name.start - CONTEXT) : name.start]
    after = text[name.end : min(sentence.end, name.end + 40)]
    country = place.best is not None and place.best.kind == "country"
    between = bool(BETWEEN.search(before))
    if (
        is_dateline(text, sentence, place)
        or _REPORTED_FROM.search(before)
        or _NAMES_BORDER.match(after)
        or (between if country else _is_actor(place, before))
    ):
        return "no"
    if not country and _WHERE_AFTER.match(after):
        return "where"
    if between or _IN.search(before) or _HIT.search(before):
        return "where"
    leads_to = _TO.search(before)
    if _SAYS.match(after) or (_PERPETRATOR.search(before) and not leads_to):
        return "no"
    if leads_to:
        return "within"
    return "no" if _stands_for_government(place) else "maybe"


def _is_actor(place: Place, before: str) -> bool:
    """Whether a name is that of a party, whatever village is called the same.

    A capital stands for its government, but not where something is said to be in it.
    """
    name, best = place.name.text, place.best
    if name in _ARMED or _INITIALS.fullmatch(name):
        return True
    if best is not None and is_capital(best):
        return False
    return known(canonical(name)) and not _IN.search(before)


def is_dateline(text: str, sentence: Sentence, place: Place) -> bool:
    """Whether a name opens a report and tells where it comes from."""
    name = place.name
    if name.start - sentence.start > 30:
        return False
    lead = text[sentence.start : name.start]
    if lead.strip() and not re.fullmatch(r"[A-Z\s,.'’-]*", lead):
        return False
    rest = text[name.end : min(sentence.end, name.end + 40)]
    rest = re.sub(r"\A,\s*[A-Z][\w .]{1,25}?(?=\s*[(:–—-])", "", rest)
    rest = re.sub(r"\A,?\s*[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?", "", rest)
    return bool(_DATELINE_AFTER.match(rest))


def _stands_for_government(place: Place) -> bool:
    """Whether a bare name may well mean a state: a country, or the capital of one."""
    best = place.best
    return best is None or best.kind in ("country", "region") or is_capital(best)
