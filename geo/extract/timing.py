"""When was an event, by the date that stands next to its words?

A date of the same clause counts before one of the same sentence; without any, the last one told
counts on, and the answer says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from geo.extract.dates import When
from geo.extract.events import Mention
from geo.extract.sentences import Sentence
from geo.incident import DatePrecision

_GOING_ON = re.compile(
    r"\b(?:currently|ongoing|under ?way|continu(?:e|es|ing)|are engaged|current|at present)\b",
    re.IGNORECASE,
)
# "police said on Friday" dates the words, not what they tell
_REPORTED = re.compile(
    r"\b(?:said|says|told(?:\s+\w+){1,2}|wrote|added|confirmed|reported)(?:\s+in\s+a\s+statement)?\s+"
    r"(?:(?:early|late|later)\s+)?(?:on\s+)?\Z"
)
# so long are such words at most: many dates stand in a sentence, and each looks only beside it
_SAYING = 80
_ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ANY = "|".join(_ORDINALS)
_RUNNING = re.compile(
    rf"\bfor (?:a|the|his|her|their) (?P<nth>{_ANY}) (?:straight |consecutive |successive )?"
    r"(?:night|day|evening|morning)\b",
    re.IGNORECASE,
)
# what has been done since its day, and goes on or holds
_HAS = re.compile(r"\b(?:has|have)\s+(?:(?:now|also|already|since|so far)\s+)?\w+", re.IGNORECASE)
_HOLDING = frozenset(("arrest", "border_closure"))
_AFTER = re.compile(r"\b(?:after|following|in the wake of)\b", re.IGNORECASE)
_HOUR = re.compile(
    r"\b(?:at|before|around|shortly after|just after) "
    r"(?:dawn|sunrise|daybreak|noon|midday|midnight|dusk)\b",
    re.IGNORECASE,
)
_SPOKEN = frozenset(("statement", "threat", "talks", "ceasefire", "agreement", "visit"))
_STILL = re.compile(
    r"\b(?:still|until|had not (?:ended|stopped|ceased)|continued)\b", re.IGNORECASE
)
# what was told longer ago than this is background to a report
BACKGROUND = timedelta(days=31)


def when_of(
    mention: Mention, sentence: Sentence, dates: Sequence[When], report: date
) -> tuple[When | None, str]:
    """Find the date of a mention within its sentence, and how it was found."""
    here = [w for w in dates if sentence.start <= w.start < sentence.end]
    if len(here) > 1 and _STILL.search(sentence.text) and here[0].first < here[-1].last <= report:
        return replace(here[0], last=here[-1].last), "sentence"
    spoken = []
    if mention.event_type not in _SPOKEN:
        spoken = [w for w in here if _is_of_words(w, sentence)]
        here = [w for w in here if w not in spoken]
    here = [w for w in here if not _is_of_aftermath(w, mention, sentence)]
    clause = [w for w in here if mention.clause.start <= w.start < mention.clause.end]
    for found, how in ((clause, "clause"), (here, "sentence")):
        if found:
            return _run(min(found, key=lambda w: _distance(w, mention)), sentence), how
    if spoken and _HOUR.search(sentence.text):
        # "said on Thursday that shells had fallen at dawn"
        return spoken[0], "sentence"
    if _GOING_ON.search(sentence.text):
        return When(mention.start, mention.start, "", report, report, "day"), "ongoing"
    return None, ""


def _is_of_aftermath(when: When, mention: Mention, sentence: Sentence) -> bool:
    """Whether a date is that of what came later: "were buried on Saturday after a strike"."""
    first, last = when.end - sentence.start, mention.start - sentence.start
    return first <= last and bool(_AFTER.search(sentence.text, first, last))


def _is_of_words(when: When, sentence: Sentence) -> bool:
    """Whether a date stands right behind a verb of saying."""
    at = when.start - sentence.start
    return _REPORTED.search(sentence.text, max(0, at - _SAYING), at) is not None


def _run(when: When, sentence: Sentence) -> When:
    """Begin where "for a third night running" began, if that is what the sentence says."""
    said = _RUNNING.search(sentence.text)
    if said is None or when.first != when.last or when.precision != "day":
        return when
    ordinal = said["nth"].casefold()
    return replace(when, first=when.first - timedelta(_ORDINALS.index(ordinal) + 1))


def assumed(report: date, *, dated: bool) -> tuple[date, date, DatePrecision]:
    """Widen an event that no words date: the week before a report that dates others, else month."""
    if dated:
        return report - timedelta(days=6), report, "week"
    return report - timedelta(days=30), report, "month"


def lasting(mention: Mention, when: When, sentence: Sentence, report: date) -> When:
    """Let last to the report what a sentence tells as done by then, on days told elsewhere.

    "Thousands have fled" after the fighting of Monday: from Monday on.
    """
    own = sentence.start <= when.start < sentence.end
    first, last = mention.clause.start - sentence.start, mention.clause.end - sentence.start
    has = _HAS.search(sentence.text, first, last) is not None
    if mention.event_type == "displacement":
        lasts = has or not own
    else:
        lasts = has and not own and mention.event_type in _HOLDING
    if not own:
        when = _run(when, sentence)
    return replace(when, last=max(when.last, report)) if lasts and when.precision == "day" else when


def _distance(when: When, mention: Mention) -> int:
    gap = max(when.start - mention.end, mention.start - when.end, 0)
    # a date after the event is more often its own than one before it
    return gap if when.start >= mention.end else gap + 5


def is_background(when: When, report: date) -> bool:
    """Whether a date lies long before a report, or sums up a longer time."""
    told = when.first if when.since or when.precision != "day" else when.last
    return report - told > BACKGROUND or when.precision == "year"
