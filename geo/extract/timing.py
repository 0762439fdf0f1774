"""When was an event, by the date that stands next to its words?

A date of the same clause counts before one of the same sentence; without any, the last one told
counts on, and the answer says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from geo.extract.dates import When
from geo.extract.events import Mention
from geo.extract.sentences import Sentence
from geo.incident import DatePrecision

_GOING_ON = re.compile(
    r"\b(?:currently|ongoing|under ?way|continu(?:e|es|ing)|are (?:engaged|being|still)|"
    r"is (?:being|still)|current|at present|now)\b",
    re.IGNORECASE,
)
# what was told longer ago than this is background to a report
BACKGROUND = timedelta(days=31)


def when_of(
    mention: Mention, sentence: Sentence, dates: Sequence[When], report: date
) -> tuple[When | None, str]:
    """Find the date of a mention within its sentence, and how it was found."""
    here = [w for w in dates if sentence.start <= w.start < sentence.end]
    clause = [w for w in here if mention.clause.start <= w.start < mention.clause.end]
    for found, how in ((clause, "clause"), (here, "sentence")):
        if found:
            return min(found, key=lambda w: _distance(w, mention)), how
    if _GOING_ON.search(sentence.text):
        return When(mention.start, mention.start, "", report, report, "day"), "ongoing"
    return None, ""


def assumed(report: date, *, dated: bool) -> tuple[date, date, DatePrecision]:
    """Widen an event that no words date: the week before a report that dates others, else month."""
    if dated:
        return report - timedelta(days=6), report, "week"
    return report - timedelta(days=30), report, "month"


def _distance(when: When, mention: Mention) -> int:
    gap = max(when.start - mention.end, mention.start - when.end, 0)
    # a date after the event is more often its own than one before it
    return gap if when.start >= mention.end else gap + 5
