"""How does a text fall into words and runs of words, and which of them are never places?"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W_](?:[\w'’ʻʿʼ]|-(?=\w)|\.(?=[A-Z]\b))*")
ENDS = re.compile(r"['’`´]s?$")
# small words that stand within a name: Dar es Salaam, Khan al Assal, Band-e Amir
_WITHIN = {"al", "el", "ad", "as", "ash", "de", "del", "da", "do", "di", "du", "la", "le", "es"}
_WITHIN |= {"of", "wa", "bin", "e", "i", "and", "the", "en", "sur", "upon", "los", "las"}
_ARTICLE = re.compile(r"(?:a[dlnrstz]|ash|e[dlnrst]|u[lrs])[-'’][A-Z]")
MOST_WORDS = 5
# what a name of letters alone has at most, and titles that look like the short form of a state
MOST_LETTERS = 4
TITLES = {"M.D."}
KIND_WORDS = {"province", "district", "county", "city", "region", "governorate", "oblast"}
KIND_WORDS |= {"state", "town", "village", "agency", "tehsil", "prefecture", "raion", "area"}
KIND_WORDS |= {"valley", "border", "crossing", "camp", "airport", "river", "municipality"}
KIND_WORDS |= {"department", "division", "sector", "suburb", "neighbourhood", "neighborhood"}
SITE_WORDS = {"airport", "prison", "dam", "junction", "hospital", "bridge", "camp", "crossing"}
SITE_WORDS |= {"base", "airbase", "mine", "port", "barracks", "university", "stadium"}
LEADS_TO = {"in", "at", "near", "from", "to", "outside", "around", "across", "via", "between"}
LEADS_TO |= {"towards", "toward", "into", "inside", "within", "through", "beyond", "reached"}
LEADS_TO |= {"under", "above", "along", "behind", "past", "throughout", "onto", "alongside"}
LEADS_TO |= {"northern", "southern", "eastern", "western", "central", "northeastern", "north"}
LEADS_TO |= {"northwestern", "southeastern", "southwestern", "off", "against", "south", "east"}
LEADS_TO |= {"west", "captured", "hit", "shelled", "struck", "bombed", "neighbouring", "downtown"}
LEADS_TO |= {
    *("lost", "losing", "took", "taken", "taking", "retook", "recaptured", "capturing", "leaving"),
    *("seizing", "besieged", "bombing", "pounded", "attacked", "attacking", "targeted", "overran"),
    *("targeting", "raided", "stormed", "abandoned", "liberated", "hitting", "shelling", "village"),
    *("occupied", "evacuated", "shattered", "devastated", "harbour", "port", "district", "via"),
    "visited",
    "entered",
    "seized",
    "neighboring",
    "of",
    "nearby",
    "over",
    "on",
    "and",
    "or",
    "village",
    "town",
    "city",
}
# after these even a word that the model takes for a person names a place
SURELY = LEADS_TO - {"to", "from", "of", "on", "and", "or", "against", "over", "by", "hit"}
ORGANISATIONS = {"ORG", "FAC", "PRODUCT", "WORK_OF_ART", "EVENT", "LAW", "PERSON", "NORP"}
# words that are also the names of towns, and hardly ever mean them
ORDINARY = frozenset(
    WORD.findall(
        "january february march april may june july august september october november december "
        "monday tuesday wednesday thursday friday saturday sunday mobile reading university "
        "police general central union liberty independence hope bath nice most best orange lord "
        "same male many deal battle crime sale trade service home street park church school "
        "bishop eden hall white black green brown grey gray young king queen prince president "
        "minister secretary north south east west northern southern eastern western border army "
        "news times post press the and but for with from this that these those there here when "
        "where while after before mr mrs ms dr sir islam christian muslim allah god jesus bible "
        "mission justice enterprise commerce normal oil gas water energy force forces war peace "
        "air san santa saint new old no one two three four five six seven eight nine ten first "
        "second third "
    )
)
NAMES_OF_PEOPLE = frozenset(
    WORD.findall(
        "clinton lincoln jackson jordan chelsea austin dallas madison tyler taylor carter "
        "charlotte victoria houston logan mason trinity washington ali hussein hassan khan "
        "ahmed mohammed muhammad abdullah omar ibrahim karim rahman aziz james john david "
        "michael robert william george thomas henry paul peter mark martin luke simon stephen "
        "francis "
    )
)
DATELINE = re.compile(
    r"^[ \t]*((?:[A-Z][A-Z.'’-]+)(?: [A-Z][A-Z.'’-]+){0,3})(?=,| ?[-–—(:]|/)", re.MULTILINE
)
AFTER_COMMA = re.compile(r",[ \t]{1,3}((?:[A-Z]\.[ ]?){2,3}|[A-Z][a-z]{1,5}\.)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it stands."""

    start: int
    end: int
    text: str


def begins_name(word: str) -> bool:
    """Whether a word is written like the beginning of a name: Noora, an-Noora."""
    return word[0].isupper() or bool(_ARTICLE.match(word))


def runs(text: str, words: Sequence[Word], i: int) -> Iterator[Sequence[Word]]:
    """Read runs of words from here on that may be one name, the longest first."""
    last = i
    for j in range(i + 1, min(i + MOST_WORDS, len(words))):
        if not joined(text, words[j - 1].end, words[j].start):
            break
        if begins_name(words[j].text):
            last = j
        elif words[j].text not in _WITHIN:
            break
    for j in range(last, i - 1, -1):
        if begins_name(words[j].text):
            yield words[i : j + 1]


def joined(text: str, end: int, start: int) -> bool:
    """Tell whether nothing but a space or a dash lies between two words."""
    return text[end:start] in (" ", "-", " -", "- ", "  ") or (
        start - end <= 2 and not text[end:start].strip()
    )


def follows(text: str, end: int, after: Word | None) -> str:
    """Read the word after a span, if it follows at once."""
    return after.text if after is not None and joined(text, end, after.start) else ""


def word_before(words: Sequence[Word], starts: Sequence[int], start: int) -> str:
    """Read the word before a place in the text; "the" is passed over."""
    at = bisect_left(starts, start) - 1
    if at > 0 and words[at].text.lower() == "the":
        at -= 1
    return words[at].text if at >= 0 and start - words[at].end <= 5 else ""


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave off what does not belong to the name: "the", "'s", a small word for its kind."""
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in ".)"):
        end -= 1
    while start < end and not text[start].isalnum():
        start += 1
    if text[start : start + 4].lower() == "the ":
        start += 4
    name = text[start:end]
    match = ENDS.search(name)
    if match:
        end -= len(match.group())
    head, _, last = text[start:end].rpartition(" ")
    if head and last in KIND_WORDS:
        end = start + len(head.rstrip())
    if text[end - 1 : end] == "." and text.count(".", start, end) == 1:
        end -= 1
    opened = text.find(" (", start, end)
    if opened > start and text.find(")", opened, end) < 0:
        # "Haifa (Agency) -": a dateline that a model cuts anywhere
        end = opened
    return start, end
