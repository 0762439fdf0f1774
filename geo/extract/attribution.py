"""Who says so, and does anybody deny it?

A party to a conflict that speaks of its own war claims; police, hospitals and witnesses report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ACCORDING = re.compile(
    r"\b(?:according to|as per|in the words of)\s+(?P<who>[^,.;:()]{3,70})", re.IGNORECASE
)
_SAID = re.compile(
    r"(?P<who>(?:the |a |an )?(?:[\w'’.-]+\s+){1,7}?)"
    r"(?P<verb>said|says|claims|claimed|alleges|alleged|asserts|asserted|stated|reported|"
    r"announced|confirmed|blamed|blames|accused|accuses|attributed|attribute)\b",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"\b(?:claim(?:s|ed|ing)?(?! (?:responsibility|the li))|alleg\w+|accus\w+|blam\w+|attribut\w+|"
    r"assert\w*|purported\w*)\b",
    re.IGNORECASE,
)
_DENY = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|disput\w+|contest(?:ed|s)|reject(?:s|ed)|dismiss(?:es|ed)|"
    r"refut\w+|contradict\w*|conflicting|competing|has not admitted|not admitted|"
    r"could (?:not|neither) be (?:independently )?(?:verified|confirmed)|"
    r"no comment|a different account|trad(?:ed|ing) blame|blam(?:e|ed|ing) each other)\b",
    re.IGNORECASE,
)
_PARTY = re.compile(
    r"\b(?:army|armies|military|forces|defen[cs]e|taliban|ministry|government|rebels?|militants?|"
    r"spokes\w+|ISPR|IDF|junta|militia|group|kremlin|commander|guards)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"\A(?:and|but|while|as|which|that|who|however|also|it|he|she|they)\b\s*", re.IGNORECASE
)
_BLAMED = re.compile(
    r"\b(?:blam(?:ed|es|ing)|accus(?:ed|es|ing)|attribut(?:ed|es|ing) (?:\w+ ){0,3}to|"
    r"attributed to|blamed on)\s+(?:the\s+)?(?P<who>[A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*){0,4})"
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who states what a sentence says; whether as a claim, whether it is denied, who is blamed."""

    claimant: str = ""
    claimed: bool = False
    denied: bool = False
    blamed: str = ""


def attribution(sentence: str) -> Attribution:
    """Read who states what a sentence says."""
    claimant = _claimant(sentence)
    claimed = bool(_CLAIM.search(sentence)) or bool(claimant and _PARTY.search(claimant))
    blamed = _BLAMED.search(sentence)
    return Attribution(
        claimant=claimant,
        claimed=claimed,
        denied=bool(_DENY.search(sentence)),
        blamed=blamed["who"] if blamed else "",
    )


def _claimant(sentence: str) -> str:
    found = _ACCORDING.search(sentence)
    if found:
        return " ".join(found["who"].split())
    for part in re.split(r"[,;:]\s|\s[–—-]\s", sentence):
        said = _SAID.match(_LEAD.sub("", part))
        if said:
            who = " ".join(said["who"].split())
            if who.casefold() not in ("it", "he", "she", "they", "which", "who", "that"):
                return who
    return ""
