"""Which incidents may be one event that several sources report?

Pairs are looked for only where times and places can meet, and scored with reasons that a person
can check. Nothing is merged here: a candidate is a question, not an answer.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from geo.actors import canonical
from geo.area import distance_km, reach_km
from geo.errors import LayerError
from geo.incident import Incident, Toll
from geo.living import living
from geo.scope import source_of
from geo.taxonomy import group_of
from geo.wires import same_wording, wording

# an exact place is a town or a grid square, not a pin's head
_EXACT_KM = 3.0
# a report is often dated the day after
_GAP_DAYS = 1
_KM_PER_DEGREE = 110.0
# scored within a minute or so
_MOST_PAIRS = 3_000_000
_WEIGHTS = {"place": 0.34, "time": 0.22, "type": 0.14, "actors": 0.15, "words": 0.15}
# one article often tells of two events: a shared text is a hint, not a proof
_COPIED = 0.1
# what speaks against one event, as a factor: each halves or nearly so what agrees otherwise
_UNLIKE = {"type": 0.55, "actors": 0.6, "deaths": 0.65, "countries": 0.5}

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for one event (positive) or against it, in words."""

    what: str
    weight: float
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two incidents that may be one event; the score runs from 0 to 1."""

    ids: tuple[str, str]
    score: float
    reasons: tuple[Reason, ...]


def duplicates(
    incidents: Iterable[Incident],
    *,
    least: float = 0.6,
    within_source: bool = False,
    about: Collection[str] | None = None,
) -> tuple[Candidate, ...]:
    """Find pairs that may be one event, best first.

    Parameters
    ----------
    incidents
        A layer, with its merged and retracted incidents.
    least
        The lowest score that is reported.
    within_source
        Whether two incidents of one source are compared too. A source that counts with care
        gives two events two ids; machine-coded news does not.
    about
        Only pairs with at least one of these ids; None is every pair.

    Notes
    -----
    What was merged, withdrawn or rejected is not offered, and no pair that a person set apart,
    also where one of the two was merged since.

    Raises
    ------
    LayerError
        Where so many incidents share days and places that comparing them would take minutes.
    """
    everything = list(incidents)
    known = [_Known(i) for i in everything if i.status in ("accepted", "draft")]
    known.sort(key=lambda k: (k.first, k.incident.id))
    apart = _set_apart(everything)
    found = []
    for n, (one, other) in enumerate(_meeting(known, within_source=within_source, about=about)):
        if n == _MOST_PAIRS:
            msg = (
                f"more than {n:,} pairs of incidents meet in time and place "
                f"by {one.incident.start}: compare a shorter period"
            )
            raise LayerError(msg)
        candidate = _score(one, other, least=least)
        if candidate is not None and candidate.ids not in apart:
            found.append(candidate)
    return tuple(sorted(found, key=_rank))


def renew(
    found: Iterable[Candidate],
    before: Iterable[Incident],
    after: Sequence[Incident],
    *,
    least: float = 0.6,
    within_source: bool = False,
) -> tuple[Candidate, ...]:
    """Bring what `duplicates` found in a layer up to its next version, looking at changes alone.

    The answer is that of `duplicates(after)` with the same options.
    """
    old = {i.id: i for i in before}
    changed = {i.id for i in after if (was := old.pop(i.id, None)) is not i and was != i}
    stale = changed | old.keys()
    # what is told apart or merged is written on both of a pair: so nothing else is touched
    kept = [c for c in found if stale.isdisjoint(c.ids)]
    fresh = duplicates(after, least=least, within_source=within_source, about=changed)
    return tuple(sorted((*kept, *fresh), key=_rank))


def compare(one: Incident, other: Incident) -> Candidate:
    """Score any two incidents."""
    candidate = _score(_Known(one), _Known(other), least=0.0)
    return candidate or Candidate(_pair(one.id, other.id), 0.0, ())


def _rank(candidate: Candidate) -> tuple[float, tuple[str, str]]:
    return -candidate.score, candidate.ids


class _Known:
    """An incident with what is compared, worked out once."""

    __slots__ = (
        *("actors", "countries", "first", "group", "incident", "km", "last", "source", "toll"),
        *("_said", "_titles"),
    )

    def __init__(self, incident: Incident) -> None:
        self.incident = incident
        self.first, self.last = incident.start.toordinal(), incident.end.toordinal()
        self.km = max(reach_km(incident), _EXACT_KM)
        self.group = group_of(incident.event_type).id
        self.actors = frozenset(
            (a.canonical or canonical(a.name)).casefold() for a in incident.actors
        )
        self.countries = frozenset(incident.countries)
        self.toll = _range(incident.deaths)
        # an article's drafts are one source, and two articles are two
        head, _, rest = incident.id.partition(":")
        self.source = f"{head}:{rest.partition(':')[0]}" if ":" in rest else source_of(incident.id)
        self._said: str | None = None
        self._titles: tuple[str, ...] | None = None

    @property
    def said(self) -> str:
        """What the incident says, reduced to words."""
        if self._said is None:
            self._said = wording(f"{self.incident.title} {self.incident.summary}"[:1_000])
        return self._said

    @property
    def titles(self) -> tuple[str, ...]:
        """What its sources say, reduced to words."""
        if self._titles is None:
            texts = (t for s in self.incident.sources[:20] for t in (s.title, s.quote) if t)
            self._titles = tuple(filter(None, map(wording, texts)))
        return self._titles


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _set_apart(incidents: Iterable[Incident]) -> set[tuple[str, str]]:
    """Find the pairs that a person told apart; a merged incident answers for its parts."""
    into: dict[str, str] = {}
    pairs: list[tuple[str, str]] = []
    for incident in incidents:
        state = living(incident)
        if state.folded:
            into[incident.id] = state.folded.into
        pairs += [(incident.id, other) for other in state.not_same]

    def root(key: str) -> str:
        seen = {key}
        while key in into and into[key] not in seen:
            key = into[key]
            seen.add(key)
        return key

    return {_pair(root(one), root(other)) for one, other in pairs}


def _meeting(
    known: Sequence[_Known], *, within_source: bool, about: Collection[str] | None
) -> Iterator[tuple[_Known, _Known]]:
    """Go through the pairs whose days and places can meet; `known` is in order of first day."""
    if not known:
        return
    first = np.array([k.first for k in known], dtype=np.int64)
    last = np.array([k.last for k in known], dtype=np.int64)
    points = [k.incident.point for k in known]
    lat = np.array([p.lat if p else np.nan for p in points], dtype=np.float64)
    lon = np.array([p.lon if p else np.nan for p in points], dtype=np.float64)
    km = np.array([k.km for k in known], dtype=np.float64)
    names = {name: n for n, name in enumerate(sorted({k.source for k in known}))}
    source = np.array([names[k.source] for k in known], dtype=np.int64)
    ends = np.searchsorted(first, last + _GAP_DAYS, side="right")
    asked = np.array([about is None or k.incident.id in about for k in known], dtype=bool)
    narrow = np.maximum(np.cos(np.radians(np.nan_to_num(lat))), 0.01)
    for n in range(len(known)):
        at = slice(n + 1, int(ends[n]))
        if at.start >= at.stop or not (asked[n] or asked[at].any()):
            continue
        reach = 2 * (km[at] + km[n])
        east = np.abs((lon[at] - lon[n] + 180) % 360 - 180) * np.minimum(narrow[at], narrow[n])
        away = np.hypot(lat[at] - lat[n], east) * _KM_PER_DEGREE
        # where one of them has no point, countries must do
        may = ~(away > reach)
        if not asked[n]:
            may &= asked[at]
        if not within_source:
            may &= source[at] != source[n]
        one = known[n]
        for m in np.flatnonzero(may):
            other = known[n + 1 + int(m)]
            placed = not np.isnan(away[m])
            if placed or one.countries & other.countries or not (one.countries and other.countries):
                yield one, other


def _score(one: _Known, other: _Known, *, least: float) -> Candidate | None:
    """Weigh what speaks for one event and what against; None where that is below `least`."""
    reasons = [*_place(one, other), *_time(one, other), *_type(one, other)]
    reasons += [*_actors(one, other), *_deaths(one, other), *_countries(one, other)]
    against = math.prod(1 + r.weight for r in reasons if r.weight < 0)
    so_far = sum(r.weight for r in reasons if r.weight > 0)
    # words are dear to compare: only where they can still make a difference
    if (so_far + _WEIGHTS["words"] + _COPIED) * against < least:
        return None
    reasons += _words(one, other)
    score = round(min(1.0, sum(r.weight for r in reasons if r.weight > 0)) * against, 3)
    if score < least:
        return None
    return Candidate(_pair(one.incident.id, other.incident.id), score, tuple(reasons))


def _place(one: _Known, other: _Known) -> Iterator[Reason]:
    here, there = one.incident.point, other.incident.point
    full = _WEIGHTS["place"]
    if here is None or there is None:
        same = bool(one.incident.admin1) and (
            wording(one.incident.admin1) == wording(other.incident.admin1)
        )
        text = "same province by name" if same else "one of them has no position"
        yield Reason("place", full * (0.5 if same else 0.2), text)
        return
    away, reach = distance_km(here, there), one.km + other.km
    # to meet within a province says less than to meet within a town
    telling = 1 / (1 + math.log10(1 + reach / (4 * _EXACT_KM)))
    weight = full * telling * (1.0 if away <= reach else max(0.0, 2 - away / reach) * 0.5)
    text = f"{away:,.0f} km apart, both known to within {reach:,.0f} km"
    yield Reason("place", weight, text)


def _time(one: _Known, other: _Known) -> Iterator[Reason]:
    gap = max(one.first, other.first) - min(one.last, other.last)
    full = _WEIGHTS["time"]
    if gap > _GAP_DAYS:
        yield Reason("time", -0.7, f"{gap} days apart")
    elif gap > 0:
        yield Reason("time", full * 0.6, "one day apart")
    else:
        span = max(one.last - one.first, other.last - other.first) + 1
        text = "same day" if span == 1 else f"dates overlap within {span} days"
        yield Reason("time", full / (1 + math.log10(span)), text)


def _type(one: _Known, other: _Known) -> Iterator[Reason]:
    mine, theirs = one.incident.event_type, other.incident.event_type
    full = _WEIGHTS["type"]
    if mine == theirs:
        yield Reason("type", full, f"both {mine}")
    elif one.group == other.group:
        yield Reason("type", full * 0.6, f"{mine} and {theirs}, both {one.group}")
    elif "other" in (one.group, other.group) or {one.group, other.group} <= _KIN:
        # one raid is "combat" to one source and "explosive" to another
        yield Reason("type", full * 0.2, f"{mine} and {theirs}")
    else:
        yield Reason("type", _UNLIKE["type"] - 1, f"{mine} against {theirs}")


_KIN = frozenset(("combat", "explosive", "civilians"))


def _actors(one: _Known, other: _Known) -> Iterator[Reason]:
    if not (one.actors and other.actors):
        return
    shared = one.actors & other.actors
    if shared:
        share = len(shared) / min(len(one.actors), len(other.actors))
        named = ", ".join(sorted(shared)[:3])
        yield Reason("actors", _WEIGHTS["actors"] * (0.5 + 0.5 * share), f"both name {named}")
    elif not _named_alike(one.actors, other.actors):
        yield Reason("actors", _UNLIKE["actors"] - 1, "no actor in common")


def _named_alike(some: Iterable[str], others: Sequence[str] | frozenset[str]) -> bool:
    return any(
        fuzz.token_set_ratio(a, b) >= 85 for a in sorted(some)[:6] for b in sorted(others)[:6]
    )


def _deaths(one: _Known, other: _Known) -> Iterator[Reason]:
    if one.toll is None or other.toll is None:
        return
    low, high = max(one.toll[0], other.toll[0]), min(one.toll[1], other.toll[1])
    if low <= high:
        if low > 0:
            yield Reason("deaths", 0.05, f"tolls agree on {low:,}" + _to(low, high))
    # first reports differ: what is not far apart is no argument
    elif low > 2 * high + 2:
        text = (
            f"tolls differ: {one.toll[0]:,}{_to(*one.toll)} and {other.toll[0]:,}{_to(*other.toll)}"
        )
        yield Reason("deaths", _UNLIKE["deaths"] - 1, text)


def _countries(one: _Known, other: _Known) -> Iterator[Reason]:
    if one.countries and other.countries and not one.countries & other.countries:
        mine, theirs = (", ".join(sorted(k.countries)) for k in (one, other))
        yield Reason("countries", _UNLIKE["countries"] - 1, f"{mine} against {theirs}")


def _words(one: _Known, other: _Known) -> Iterator[Reason]:
    if any(same_wording(a, b) for a in one.titles for b in other.titles):
        yield Reason("words", _WEIGHTS["words"] + _COPIED, "their sources print the same text")
        return
    alike = fuzz.token_set_ratio(one.said, other.said) / 100
    if alike > 0.5:
        weight = _WEIGHTS["words"] * (alike - 0.5) * 2
        yield Reason("words", weight, f"wording {alike:.0%} alike")


def _range(toll: Toll) -> tuple[int, int] | None:
    stated = [n for n in (toll.low, toll.best, toll.high) if n is not None]
    return (min(stated), max(stated)) if stated else None


def _to(low: int, high: int) -> str:
    return "" if low == high else f" to {high:,}"
