"""Did more happen in this period than in that one, or can that not be told?

Two periods on one scale: what began in each, a day covered by the data, the ratio of these
rates with an interval, and a sentence that claims no more than the interval allows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from geo.errors import SnapshotError
from geo.filters import Filter, select
from geo.incident import Incident
from geo.ratio import Ratio, ratio_of_rates
from geo.snapshot.language import Language
from geo.taxonomy import group_of, groups

By = Literal["group", "country", "admin1"]
CONFIDENCE = 0.95
_MOST_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class Days:
    """Calendar days, both inclusive."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start > self.end:
            msg = f"period is {self.start} to {self.end}: it must run forward"
            raise SnapshotError(msg)

    @property
    def count(self) -> int:
        """How many days."""
        return (self.end - self.start).days + 1

    def within(self, other: Days) -> int:
        """How many of them lie within other days."""
        shared = min(self.end, other.end) - max(self.start, other.start)
        return max(shared.days + 1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What one period holds.

    `count` are incidents that surely began in it; `ongoing` began before and lasted into it,
    `uncertain` have a date too coarse to tell: neither enters a rate. `covered` are its days
    for which there are data.
    """

    days: Days
    covered: int
    count: int
    ongoing: int
    uncertain: int

    @property
    def part(self) -> bool:
        """Whether the data cover only a part of it."""
        return self.covered < self.days.count

    @property
    def a_day(self) -> float | None:
        """Incidents a covered day; None where no day is covered."""
        return self.count / self.covered if self.covered else None


@dataclass(frozen=True, slots=True)
class Line:
    """Both counts of one group, country or unit, and the ratio of their rates."""

    key: str
    count: int
    other: int
    ratio: Ratio | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two periods, `period` measured against `other`, as a whole and by parts.

    The lines share the risk of error of one interval among them, so that none of many stands
    out by chance alone.
    """

    period: Period
    other: Period
    ratio: Ratio | None
    by: By
    lines: tuple[Line, ...]

    @property
    def most_a_day(self) -> float:
        """Largest rate of either period: the end of the scale that both share."""
        return max(self.period.a_day or 0.0, self.other.a_day or 0.0)


def coverage(incidents: Iterable[Incident]) -> Days | None:
    """Days that the data speak of: from the first to the last day on which an incident began.

    Days after the newest incident may be quiet or merely not entered: they do not count.
    """
    days = [i.start for i in incidents if i.status == "accepted" and i.date_precision == "day"]
    return Days(min(days), max(days)) if days else None


def compare(
    incidents: Sequence[Incident],
    query: Filter,
    period: Days,
    other: Days,
    *,
    covered: Days | None = None,
    by: By = "group",
) -> Comparison:
    """Compare what a filter finds in two periods; the filter's own dates do not matter.

    Parameters
    ----------
    covered
        Days for which there are data, where more is known than `coverage` of all incidents
        tells: quiet days before the first or after the last of them.
    by
        The parts that are compared beside the whole. An incident in several countries counts
        in each, so those lines may add up to more.

    Raises
    ------
    SnapshotError
        When the periods overlap.
    """
    if period.within(other):
        msg = (
            f"periods {period.start} to {period.end} and {other.start} to {other.end} overlap: "
            "a day can be in one only"
        )
        raise SnapshotError(msg)
    known = [days for days in (covered, coverage(incidents)) if days] or [period]
    spoken_of = Days(min(days.start for days in known), max(days.end for days in known))
    undated = replace(query, start=None, end=None, uncertain=True)
    found = select(incidents, undated).incidents
    began = [_began(found, days) for days in (period, other)]
    first, second = (
        _period(found, days, sure, spoken_of)
        for days, sure in zip((period, other), began, strict=True)
    )
    counted = [Counter(key for i in sure for key in _KEYS[by](i)) for sure in began]
    keys = sorted(set(counted[0]) | set(counted[1]), key=_order(by))
    # Bonferroni: one chance of error, shared
    shared = 1 - (1 - CONFIDENCE) / max(len(keys), 1)
    lines = tuple(
        Line(
            key,
            counted[0][key],
            counted[1][key],
            ratio_of_rates(
                counted[0][key],
                first.covered,
                counted[1][key],
                second.covered,
                confidence=shared,
            ),
        )
        for key in keys
    )
    whole = ratio_of_rates(
        first.count, first.covered, second.count, second.covered, confidence=CONFIDENCE
    )
    return Comparison(first, second, whole, by, lines)


def verdict(comparison: Comparison, spoken: Language) -> str:
    """Say in one sentence what may be said of the whole."""
    first, second = comparison.period, comparison.other
    return _verdict((first, second), (first.count, second.count), comparison.ratio, spoken)


def line_verdict(comparison: Comparison, line: Line, spoken: Language) -> str:
    """Say in one sentence what may be said of one line."""
    pair = comparison.period, comparison.other
    return _verdict(pair, (line.count, line.other), line.ratio, spoken)


def notes(comparison: Comparison, spoken: Language) -> tuple[str, ...]:
    """Say what the numbers leave out and how sure they are."""
    said = []
    for period in (comparison.period, comparison.other):
        days = _days(period.days, spoken)
        if period.part:
            said.append(
                spoken.say("compare.part", days=days, covered=period.covered, all=period.days.count)
            )
        if period.ongoing or period.uncertain:
            said.append(
                spoken.say(
                    "compare.apart",
                    days=days,
                    ongoing=period.ongoing,
                    uncertain=period.uncertain,
                )
            )
    if comparison.period.covered != comparison.other.covered:
        said.append(
            spoken.say(
                "compare.rates",
                rate=_rate(comparison.period, spoken),
                other=_rate(comparison.other, spoken),
            )
        )
    said.append(spoken.say("compare.method"))
    if len(comparison.lines) > 1:
        said.append(spoken.say("compare.lines", n=len(comparison.lines)))
    return tuple(said)


def label(line: Line, by: By, spoken: Language) -> str:
    """Name a line."""
    if not line.key:
        return spoken.say(f"compare.no_{by}")
    if by == "group":
        return next(spoken.group(group) for group in groups() if group.id == line.key)
    return spoken.country(line.key) if by == "country" else line.key


def _verdict(
    periods: tuple[Period, Period],
    counts: tuple[int, int],
    ratio: Ratio | None,
    spoken: Language,
) -> str:
    count, other = counts
    if not all(period.covered for period in periods):
        return spoken.say("compare.not_covered", count=count, other=other)
    if ratio is None:
        return spoken.say("compare.none", count=count, other=other)
    if not ratio.differs:
        return spoken.say("compare.alike", count=count, other=other)
    way = "more" if ratio.low > 1 else "fewer"
    if ratio.value is None:
        times = number(ratio.low, spoken, below=True)
        return spoken.say("compare.more_than_none", count=count, other=other, low=times)
    if ratio.value == 0:
        times = number(ratio.high, spoken, below=False)
        return spoken.say("compare.none_now", count=count, other=other, high=times)
    return spoken.say(
        f"compare.{way}",
        count=count,
        other=other,
        times=number(ratio.value, spoken),
        low=number(ratio.low, spoken, below=True),
        high=number(ratio.high, spoken, below=False),
    )


def number(value: float, spoken: Language, *, below: bool | None = None) -> str:
    """Write a ratio or rate with two figures.

    Parameters
    ----------
    below
        For the end of an interval that leaves out 1: the lower one (True) or the upper (False).
        It gets as many decimals as keep it from reading as 1.
    """
    least = 0 if value >= 10 else 1 if value >= 1 else 2
    decimals = next(
        (
            n
            for n in range(least, _MOST_DECIMALS + 1)
            if below is None or round(value, n) != 1.0 or value == 1.0
        ),
        _MOST_DECIMALS,
    )
    whole, _, part = f"{value:.{decimals}f}".partition(".")
    shown = spoken.number(int(whole))
    if not part:
        return shown
    return spoken.say(
        "compare.decimal", whole=shown, part="".join(spoken.number(int(digit)) for digit in part)
    )


def _rate(period: Period, spoken: Language) -> str:
    return "?" if period.a_day is None else number(period.a_day, spoken)


def _days(days: Days, spoken: Language) -> str:
    if days.start == days.end:
        return spoken.day(days.start)
    return spoken.say("compare.days", first=spoken.day(days.start), last=spoken.day(days.end))


def _began(found: Iterable[Incident], days: Days) -> list[Incident]:
    """Incidents that surely began within days."""
    return [
        i
        for i in found
        if days.start <= i.start <= days.end and (i.date_precision == "day" or i.end <= days.end)
    ]


def _period(
    found: Iterable[Incident], days: Days, sure: Sequence[Incident], covered: Days
) -> Period:
    known = {i.id for i in sure}
    touching = [
        i for i in found if i.id not in known and i.start <= days.end and i.end >= days.start
    ]
    ongoing = sum(i.date_precision == "day" for i in touching)
    return Period(
        days=days,
        covered=days.within(covered),
        count=len(sure),
        ongoing=ongoing,
        uncertain=len(touching) - ongoing,
    )


def before(days: Days) -> Days:
    """Name the same number of days just before."""
    end = days.start - timedelta(days=1)
    return Days(end - timedelta(days=days.count - 1), end)


_KEYS: dict[By, Callable[[Incident], tuple[str, ...]]] = {
    "group": lambda i: (group_of(i.event_type).id,),
    "country": lambda i: tuple(dict.fromkeys(i.countries)) or ("",),
    "admin1": lambda i: (i.admin1,),
}


def _order(by: By) -> Callable[[str], tuple[int, str]]:
    """Put groups as the taxonomy does, names by letter, what has no name last."""
    at = {group.id: n for n, group in enumerate(groups())} if by == "group" else {}
    return lambda key: (at.get(key, 0) + (0 if key else 1), key)
