"""How well do draft incidents agree with the gold set?

Drafts are matched one to one with the incidents of a text, so that the number of matches is the
greatest possible. `strict` asks for the type, the place and overlapping days; `lenient` for the
group of the type, a common country and days at most one apart. Attributes are judged apart from
that, on pairs that rest on the same words. `tests/gold/README.md` tells the rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from geo.area import distance_km
from geo.countries import iso3
from geo.incident import DATE_PRECISIONS, UNKNOWN, DatePrecision, Point, Precision, Toll
from geo.taxonomy import event_types
from tests.gold_set import FINENESS, GoldIncident, GoldText, Named, Place, Span, overlap

LEAST_KM = 25.0
_DAY = timedelta(days=1)
# words are seldom said to be spoken anywhere
_PLACELESS = frozenset(("statement", "threat"))
_GROUP = {kind.id: kind.group for kind in event_types()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is compared of a Feature that `python -m geo extract` gives."""

    event_type: str
    start: date
    end: date
    date_precision: DatePrecision = "day"
    point: Point | None = None
    precision: Precision = "none"
    countries: frozenset[str] = frozenset()
    deaths: Toll = UNKNOWN
    injured: Toll = UNKNOWN
    spans: tuple[Span, ...] = ()


@dataclass
class Tally:
    """Right ones among those that were given, and among those that were to be found."""

    right: int = 0
    given: int = 0
    wanted: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.given + self.wanted) if self.given + self.wanted else 0.0


@dataclass
class Score:
    """Counts over texts. `false_by` tells why strictly unmatched drafts are false."""

    strict: Tally = field(default_factory=Tally)
    lenient: Tally = field(default_factory=Tally)
    types: Tally = field(default_factory=Tally)
    groups: Tally = field(default_factory=Tally)
    day_exact: Tally = field(default_factory=Tally)
    places: Tally = field(default_factory=Tally)
    finer_than_gold: Tally = field(default_factory=Tally)
    deaths: Tally = field(default_factory=Tally)
    injured: Tally = field(default_factory=Tally)
    false_by: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, GoldIncident]] = field(default_factory=list)
    false: list[tuple[str, Draft, str]] = field(default_factory=list)


def draft(feature: Mapping[str, Any]) -> Draft:
    """Take from a GeoJSON Feature what is compared."""
    given = feature["properties"]
    shape = feature["geometry"]
    sentences = given["evidence"]["sentences"]
    return Draft(
        event_type=given["event_type"],
        start=date.fromisoformat(given["start"]),
        end=date.fromisoformat(given["end"]),
        date_precision=given["date_precision"],
        point=Point(*shape["coordinates"][:2]) if shape else None,
        precision=given["precision"],
        countries=frozenset(c for c in (given.get("countries") or "").split(";") if c),
        deaths=_toll(given, "deaths"),
        injured=_toll(given, "injured"),
        spans=tuple((s["start"], s["end"]) for s in sentences),
    )


def score(texts: Iterable[tuple[GoldText, Sequence[Draft]]]) -> Score:
    """Compare the drafts of each text with its incidents."""
    total = Score()
    for gold, drafts in texts:
        _count_matches(total, gold, drafts)
        _judge_attributes(total, gold, drafts)
    return total


def strictly(given: Draft, gold: GoldIncident) -> bool:
    """Whether type, place and days are right."""
    return (
        given.event_type in gold.types and place_is_right(given, gold) and _days_meet(given, gold)
    )


def leniently(given: Draft, gold: GoldIncident) -> bool:
    """Whether the group is right, a country is common, and the days are one apart at most."""
    return _group_is_right(given, gold) and _lands_meet(given, gold) and _days_near(given, gold)


def place_is_right(given: Draft, gold: GoldIncident) -> bool:
    """Whether a draft stands where the gold does, as exactly as the gold can tell."""
    if not gold.places or (gold.types[0] in _PLACELESS and given.precision == "none"):
        return given.point is None
    return any(_stands_at(given, place) for place in gold.places)


def dates_are_exact(given: Draft, gold: GoldIncident) -> bool:
    """Whether first and last day are those of the gold; of a night either day will do."""
    if gold.night and (gold.start, gold.end) != (given.start, given.end):
        return given.start == given.end and given.start in (gold.start, gold.end)
    return (given.start, given.end) == (gold.start, gold.end)


def matching(
    drafts: Sequence[Draft],
    golds: Sequence[GoldIncident],
    fits: Callable[[Draft, GoldIncident], bool],
) -> dict[int, int]:
    """Pair drafts with gold, by index: most wanted incidents first, then the closest pairs."""
    best: dict[int, tuple[int, tuple[tuple[int, int], ...]]] = {0: (0, ())}
    for i, given in enumerate(drafts):
        worth = {
            j: (10 if gold.optional else 1000) + _closeness(given, gold)
            for j, gold in enumerate(golds)
            if fits(given, gold)
        }
        for taken, (value, pairs) in list(best.items()):
            for j, more in worth.items():
                if taken >> j & 1:
                    continue
                key = taken | 1 << j
                if value + more > best.get(key, (-1, ()))[0]:
                    best[key] = (value + more, (*pairs, (i, j)))
    return dict(max(best.values(), key=lambda found: found[0])[1])


def score_names(
    texts: Iterable[tuple[GoldText, Sequence[tuple[Span, Point | None]]]],
) -> tuple[Tally, Tally]:
    """Compare names of places that were found: recognition, and resolution of the recognised.

    Countries, and places that stand for governments, are left out on both sides.
    """
    recognised, resolved = Tally(), Tally()
    for gold, found in texts:
        asked = [
            n
            for n in gold.named
            if n.place.point and n.kind != "actor" and not iso3(gold.text[slice(*n.span)])
        ]
        passed = [n.span for n in gold.named if n not in asked]
        given = [
            f
            for f in found
            if not iso3(gold.text[slice(*f[0])]) and not any(overlap(f[0], s) for s in passed)
        ]
        hits = [(n, next((f for f in given if overlap(f[0], n.span)), None)) for n in asked]
        met = [(n, hit) for n, hit in hits if hit is not None]
        recognised.wanted += len(asked)
        recognised.given += len(given)
        recognised.right += len({hit[0] for _, hit in met})
        resolved.wanted += len(met)
        resolved.given += sum(hit[1] is not None for _, hit in met)
        resolved.right += sum(_is_near(hit[1], n) for n, hit in met)
    return recognised, resolved


def score_dates(texts: Iterable[tuple[GoldText, Sequence[tuple[Span, date, date]]]]) -> Tally:
    """Compare expressions of time: the words overlap, first and last day are the same."""
    total = Tally()
    for gold, found in texts:
        total.wanted += len(gold.dates)
        total.given += len(found)
        total.right += sum(
            any(
                overlap(span, d.span) and (first, last) == (d.first, d.last)
                for span, first, last in found
            )
            for d in gold.dates
        )
    return total


def _count_matches(total: Score, gold: GoldText, drafts: Sequence[Draft]) -> None:
    for tally, fits in ((total.strict, strictly), (total.lenient, leniently)):
        pairs = matching(drafts, gold.incidents, fits)
        optional = sum(gold.incidents[j].optional for j in pairs.values())
        tally.right += len(pairs) - optional
        tally.given += len(drafts) - optional
        tally.wanted += sum(not i.optional for i in gold.incidents)
    pairs = matching(drafts, gold.incidents, strictly)
    met = set(pairs.values())
    total.missed += [
        (gold.id, incident)
        for j, incident in enumerate(gold.incidents)
        if j not in met and not incident.optional
    ]
    for i, given in enumerate(drafts):
        if i not in pairs:
            reason = why_false(given, gold)
            total.false_by[reason] += 1
            total.false.append((gold.id, given, reason))


def why_false(given: Draft, gold: GoldText) -> str:
    """Name the likely reason why a draft that met no incident was made."""
    if any(strictly(given, incident) for incident in gold.incidents):
        return "duplicate"
    shared = [i for i in gold.incidents if _words_shared(given, i)]
    for incident in shared:
        type_, place, days = _agreement(given, incident)
        if type_ + place + days == 2:
            return "wrong type" if not type_ else "wrong place" if not place else "wrong date"
    for span, reason in gold.not_incidents:
        # the draft rests on the greater part of a clause that tells of no incident
        if 2 * max((overlap(span, s) for s in given.spans), default=0) > span[1] - span[0]:
            return reason
    for named in gold.named:
        if named.kind in ("venue", "dateline", "background") and _is_near(given.point, named):
            return named.kind
    return "wrong in several ways" if shared else "other"


def _judge_attributes(total: Score, gold: GoldText, drafts: Sequence[Draft]) -> None:
    pairs = matching(drafts, gold.incidents, _words_shared)
    optional = sum(gold.incidents[j].optional for j in pairs.values())
    for tally in (total.types, total.groups):
        tally.given += len(drafts) - optional
        tally.wanted += sum(not i.optional for i in gold.incidents)
    for i, j in pairs.items():
        given, incident = drafts[i], gold.incidents[j]
        if incident.optional:
            continue
        total.types.right += given.event_type in incident.types
        total.groups.right += _group_is_right(given, incident)
        _judge(total.places, right=place_is_right(given, incident))
        if incident.places:
            finest = min(FINENESS[p.precision] for p in incident.places)
            _judge(total.finer_than_gold, right=FINENESS[given.precision] < finest)
        if incident.date_precision == "day":
            _judge(total.day_exact, right=dates_are_exact(given, incident))
        for tally, what in ((total.deaths, "deaths"), (total.injured, "injured")):
            said, meant = getattr(given, what), getattr(incident, what)
            if what in incident.unclear:
                # several counts, or "dozens": one best figure would be made up
                _judge(tally, right=said.best is None)
            elif (said, meant) != (UNKNOWN, UNKNOWN):
                _judge(tally, right=_figure(said) == _figure(meant))


def _judge(tally: Tally, *, right: bool) -> None:
    tally.right += right
    tally.given += 1
    tally.wanted += 1


def _agreement(given: Draft, gold: GoldIncident) -> tuple[bool, bool, bool]:
    return given.event_type in gold.types, place_is_right(given, gold), _days_meet(given, gold)


def _closeness(given: Draft, gold: GoldIncident) -> int:
    agreed = sum(_agreement(given, gold))
    return 2 * agreed + dates_are_exact(given, gold) + _words_shared(given, gold)


def _words_shared(given: Draft, gold: GoldIncident) -> bool:
    return any(overlap(a, b) for a in given.spans for b in gold.evidence)


def _group_is_right(given: Draft, gold: GoldIncident) -> bool:
    return _GROUP[given.event_type] in {_GROUP[kind] for kind in gold.types}


def _stands_at(given: Draft, place: Place) -> bool:
    if place.precision == "country" or place.point is None:
        return given.precision == "country" and bool(given.countries & place.countries)
    if given.point is not None:
        return distance_km(given.point, place.point) <= max(LEAST_KM, place.radius_km or 0.0)
    # a border or a sea may be told by its countries alone
    return (
        place.precision == "area" and bool(given.countries) and (given.countries == place.countries)
    )


def _lands_meet(given: Draft, gold: GoldIncident) -> bool:
    if not gold.places or not given.countries:
        return place_is_right(given, gold)
    return any(given.countries & place.countries for place in gold.places)


def _days_meet(given: Draft, gold: GoldIncident) -> bool:
    coarser = DATE_PRECISIONS.index(given.date_precision) - DATE_PRECISIONS.index(
        gold.date_precision
    )
    return coarser <= 1 and given.start <= gold.end and gold.start <= given.end


def _days_near(given: Draft, gold: GoldIncident) -> bool:
    return given.start <= gold.end + _DAY and gold.start <= given.end + _DAY


def _figure(toll: Toll) -> int | tuple[int | None, int | None]:
    return toll.best if toll.best is not None else (toll.low, toll.high)


def _is_near(point: Point | None, named: Named) -> bool:
    if point is None or named.place.point is None:
        return False
    return distance_km(point, named.place.point) <= max(LEAST_KM, named.place.radius_km or 0.0)


def _toll(given: Mapping[str, Any], what: str) -> Toll:
    return Toll(*(given.get(f"{what}_{part}") for part in ("low", "best", "high")))
