"""Which words speak of which event type? `data/event_lexicon.json` and `status_cues.json` own them.

All patterns of a list become one expression, so that a text is gone through once for each list.
In a pattern `<people>` stands for any word of that class, and so it does in another class;
`<gap4>` for up to four words that begin no other clause; `<act4>` for those that let nothing be
undergone either, and `<obj4>` for those that lead to an object.

Of one type `strong` words decide, `open` ones do so as well but leave the kind of violence to what
stands beside them, and `weak` ones count where a sentence has no others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from geo.errors import ReferenceDataError
from geo.settings import DATA

Strength = Literal["strong", "weak", "toll"]


_CLASS = re.compile(r"(?<!\(\?)<(?:(?P<kind>gap|act|obj)(?P<most>\d)|(?P<name>[a-z]+))>")
# words behind which something else is told
_ELSEWHERE = (
    r"(?:but|while|after|before|when|where|who|whom|which|because|said|says|since|until|than|"
    r"though|although|if|whether|that)"
)

# and words behind which something is undergone: "planes were hit"
_UNDERGONE = rf"(?:{_ELSEWHERE}|was|were|be|been|being|is|are|by)"
# and words behind which no object stands: "taken up guard at the port"
_NO_OBJECT = rf"(?:{_UNDERGONE}|at|in|on|to|from|into|with|near|for|over|up|part|place)"
_NOT_WITHIN = {"gap": _ELSEWHERE, "act": _UNDERGONE, "obj": _NO_OBJECT}


@dataclass(frozen=True, slots=True)
class Words:
    """The patterns of one event type and strength; `fixed` ones have it whatever is beside them."""

    event_type: str
    strength: Strength
    pattern: re.Pattern[str]
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """Words that tell what a whole sentence is, whatever else it tells.

    They say nothing where words of `unless` stand, nor of the types of `spares`.
    """

    status: str
    cues: re.Pattern[str]
    unless: re.Pattern[str] | None
    spares: frozenset[str]


@lru_cache(maxsize=1)
def event_words() -> tuple[Words, ...]:
    """All patterns, those that decide first before the others."""
    held = _read("event_lexicon.json")
    found = []
    classes = held["classes"]
    for event_type, lists in held["types"].items():
        for name in ("strong", "open"):
            if name in lists:
                whole = _whole(lists[name], classes)
                found.append(Words(event_type, "strong", whole, fixed=name == "strong"))
    for event_type, lists in held["types"].items():
        if "weak" in lists:
            found.append(Words(event_type, "weak", _whole(lists["weak"], classes)))
    for event_type, patterns in held["by_victims"].items():
        found.append(Words(event_type, "toll", _whole(patterns, classes)))
    return tuple(found)


@lru_cache(maxsize=64)
def word_class(name: str) -> str:
    """Give all words of one class, as one expression."""
    held = _read("event_lexicon.json")["classes"]
    return _CLASS.sub(lambda word: f"(?:{word_class(word['name'])})", held[name])


@lru_cache(maxsize=1)
def not_events() -> re.Pattern[str]:
    """Words that look like an event and are none: "strike a deal"."""
    return _whole(_read("event_lexicon.json")["not_events"])


@lru_cache(maxsize=1)
def status_cues() -> Mapping[str, re.Pattern[str]]:
    """Words before an event that say that it did not simply happen, by status."""
    held = _read("status_cues.json")["before"]
    return {status: _whole(cues) for status, cues in held.items()}


@lru_cache(maxsize=1)
def settings() -> tuple[Setting, ...]:
    """Words that tell what a whole sentence is: a game, a statistic, a trial of long ago."""
    return tuple(
        Setting(
            status=given["status"],
            cues=_whole(given["cues"]),
            unless=_whole(given["unless"]) if given["unless"] else None,
            spares=frozenset(given["spares"]),
        )
        for given in _read("status_cues.json")["sentence"].values()
    )


def _whole(patterns: list[str], classes: Mapping[str, str] | None = None) -> re.Pattern[str]:
    held = classes or {}

    def written(word: re.Match[str]) -> str:
        if word["most"]:
            other = _NOT_WITHIN[word["kind"]]
            return rf"(?:(?!{other}\b)[\w,'’-]+ ){{0,{word['most']}}}?"
        return f"(?:{_CLASS.sub(written, held[word['name']])})"

    patterns = [_CLASS.sub(written, p) for p in patterns]
    # "n't" hangs on the word before it
    parts = [p if p.startswith("n[") else rf"(?<![\w-]){p}" for p in patterns]
    return re.compile(rf"(?:{'|'.join(parts)})(?!(?<=\w)\w)", re.IGNORECASE)


def _read(name: str) -> Any:
    try:
        return json.loads((DATA / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"{name}: {error}"
        raise ReferenceDataError(msg) from error
