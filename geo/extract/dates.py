"""When, says the text, counted from the day of the report?

Rules of English news prose: a bare weekday or day of a month is the latest one on or before the
report, unless the words around it look ahead. Lengths of time ("a 48-hour truce") are no dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from geo.extract.expressions import RULES
from geo.extract.spells import Frame, Rule, Spell, hour
from geo.incident import FIRST_YEAR, LAST_YEAR, DatePrecision

# verbs that speak of what is to come, before a date or right after it
_AHEAD = re.compile(
    r"\b(?:will|shall|won't|(?:is|are|was|were) (?:to|due|set (?=to|for)|scheduled|"
    r"expected|planned|slated)|"
    r"scheduled|planned|expected|due|slated|upcoming|coming|next(?! to\b)|ahead of|"
    r"(?<!found )(?<!known )(?<!believed )(?<!thought )(?<!said )to be \w+|"
    r"(?:wants?|plans?|hopes?|intends?|calls? for|calling for) (?:\w+ ){0,3}?\w+|"
    r"days? of (?:national )?mourning|(?:called|set|planned|invited|summoned|convened) for|"
    r"(?:more|further) days? of \w+|"
    r"(?:ends|begins|starts|opens|closes|expires|takes (?:office|effect)(?: in [\w ]{2,30})?|"
    r"comes into force) on)\b",
    re.IGNORECASE,
)
# "is to be presented on Friday" is no past
_TO_BE_DONE = re.compile(r"\bbe (?:\w+ly )?\w+\b", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till|by)\s+(?:the end of\s+)?\Z", re.IGNORECASE)
_WILL = re.compile(
    r"\b(?:will|shall|won't|(?:is|are) (?:to|due|set (?=to|for)|scheduled|expected|planned))\b",
    re.IGNORECASE,
)
# a verb in the past beside a bare date keeps it in the past
_PAST = re.compile(
    r"\b(?:was|were|had|said|told|did|struck|fought|shot|began|fell|broke|went|came|took|left|held|"
    r"gave|stood|sat|lay|kept|fled|drove|brought|ran|met|blew|burnt|\w{3,}ed)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\bsince(?:\s+the)?(?:\s+early|\s+late|\s+last)?\s*\Z", re.IGNORECASE)
# "from Monday on"
_FROM = re.compile(r"\bfrom(?:\s+(?:early|late|last))?\s*\Z", re.IGNORECASE)
_ON = re.compile(r"\s+(?:on(?:wards?)?(?!\s+\w)|onwards?)\b", re.IGNORECASE)
# "police said on Friday": the day of the words, not of what they tell
_SPOKEN = re.compile(
    r"\b(?:said|says|told(?:\s+\w+){1,2}|wrote|added|confirmed|reported|announced|stated)"
    r"(?:\s+in\s+a\s+statement)?\s+(?:(?:early|late|later)\s+)?(?:on\s+)?\Z"
)
# a count "by Friday evening" dates no event
_BY = re.compile(r"\bby\s+\Z", re.IGNORECASE)
# "NIAMEY, June 22 (Agency) - ", "Flash update (as of 17 April)": the day of the report
_DATELINE = re.compile(r"\)?[^\S\n]*(?:\([^()\n]{2,40}\)[^\S\n]*)?(?:--?|[–—])\s")
_LEADING = 60
_AS_OF = re.compile(r"\bas (?:of|at)\s+\Z", re.IGNORECASE)
_STOP = re.compile(r"[.;!?]\s|\n")
_BEFORE, _AFTER = 60, 40


@dataclass(frozen=True, slots=True)
class When:
    """A stretch of the text that says when: first and last day, and how exactly.

    `since` marks a beginning without an end. What is `aside` says when, but not of events: the day
    of a report, and an hour of the day told before.
    """

    start: int
    end: int
    text: str
    first: date
    last: date
    precision: DatePrecision
    since: bool = False
    part_of_day: str = ""
    aside: bool = False


def dates(text: str, report: date) -> tuple[When, ...]:
    """Find all that says when, in order; of overlapping readings the first and longest counts."""
    found: list[When] = []
    taken, told = 0, report
    for match, rule in _matches(text):
        if match.start() < taken:
            continue
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        after = text[match.end() : match.end() + _AFTER]
        spell = _guarded(rule, match, Frame(report, told, _looks_ahead(before, after)))
        if spell is None:
            continue
        when = _when(match, spell, before, after)
        when = replace(when, aside=rule is hour or _is_of_report(text, when))
        found.append(when)
        taken = match.end()
        if rule is hour:
            continue
        aside = when.since or _BY.search(before) or (told != report and _SPOKEN.search(before))
        if when.precision == "day" and when.first <= report and not aside:
            told = when.first
    return tuple(found)


def of_events(found: Sequence[When], report: date) -> tuple[When, ...]:
    """Tell what `found` says of events: since a day runs to the report.

    What is no day of an event is left out, unless nothing else is dated.
    """
    own = [w for w in found if not w.aside]
    told = own if any(w.first <= report for w in own) else found
    return tuple(replace(w, last=max(w.first, report)) if w.since else w for w in told)


def _is_of_report(text: str, when: When) -> bool:
    """Whether a date tells when a report was written, and not when something happened."""
    before = text[max(0, when.start - _BEFORE) : when.start]
    if _AS_OF.search(before):
        return True
    line = text[text.rfind("\n", 0, when.start) + 1 : when.start]
    opens = len(line) < _LEADING and line.rstrip().endswith((",", "(")) and "." not in line
    return opens and bool(_DATELINE.match(text, when.end))


def _when(match: re.Match[str], spell: Spell, before: str, after: str) -> When:
    since = bool(_SINCE.search(before) or (_FROM.search(before) and _ON.match(after)))
    part = (match.groupdict().get("part") or "").casefold()
    return When(
        match.start(),
        match.end(),
        match[0],
        spell.first,
        spell.last,
        spell.precision,
        since=since,
        part_of_day="night" if "night" in match[0].casefold() else part,
    )


def _matches(text: str) -> Iterator[tuple[re.Match[str], Rule]]:
    every = [(m, n) for n, (pattern, _) in enumerate(RULES) for m in pattern.finditer(text)]
    every.sort(key=lambda pair: (pair[0].start(), -pair[0].end(), pair[1]))
    return ((m, RULES[n][1]) for m, n in every)


def _guarded(rule: Rule, match: re.Match[str], frame: Frame) -> Spell | None:
    try:
        spell = rule(match, frame)
    except (ValueError, OverflowError):
        # 31 June is no day
        return None
    if spell is None or not FIRST_YEAR <= spell.first.year <= spell.last.year <= LAST_YEAR:
        return None
    return spell


def _looks_ahead(before: str, after: str) -> bool:
    """Whether the words of the same sentence around a date speak of what is to come."""
    left, right = _TO_BE_DONE.sub("be", _STOP.split(before)[-1]), _STOP.split(after)[0]
    until = _UNTIL.search(left)
    if until and not _PAST.search(left):
        # "by Saturday evening they announced" tells of what was
        return not (until[0].casefold().startswith("by") and _PAST.search(right))
    cue = max(_AHEAD.finditer(left), key=lambda m: m.start(), default=None)
    if cue is not None:
        return not _PAST.search(left, cue.end())
    return bool(_WILL.search(right)) and not _PAST.search(left)
