"""Do the laws of model, filter and ledger hold for any incident and any filter?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.actors import canonical
from geo.area import BBox, classify
from geo.feature import canonical_line, from_feature, to_feature
from geo.filters import Filter, fold, select, widened
from geo.incident import Incident, cautions
from geo.params import read, write
from geo.timeline import timeline
from tests import strategies

_CROWDS, _FILTERS = strategies.crowds(), strategies.filters()


@given(strategies.incidents())
def test_incident_to_feature_to_incident_is_equal(incident: Incident) -> None:
    again = from_feature(json.loads(canonical_line(incident)))
    assert again == incident
    assert hash(again) == hash(incident)
    assert cautions(again) == cautions(incident)


@given(strategies.incidents())
def test_feature_to_incident_to_feature_is_lossless(incident: Incident) -> None:
    line = canonical_line(incident)
    feature = json.loads(line)
    assert canonical_line(from_feature(feature)) == line
    assert to_feature(from_feature(feature)) == feature


@given(_FILTERS)
def test_a_written_filter_reads_back(query: Filter) -> None:
    written = write(query)
    assert read(written) == query
    assert write(read(written)) == written
    assert all(values for values in written.values())


# the specification's order, literally; deaths and its unknowns are one step
_ORDER = (
    *("status", "dates", "event_type", "country", "area", "actor", "text", "precision"),
    *("deaths", "assessment", "changed_since", "source"),
)


# a list of questions, as long as the list in the specification
def _first_reason(  # noqa: C901, PLR0911, PLR0912 it mirrors that list line by line
    i: Incident, q: Filter
) -> str | None:
    """Answer as plainly as the specification does, one question after the other."""
    words = "\n".join(
        [i.title, i.summary, i.place_name, i.admin2, i.admin1, i.id]
        + [n for a in i.actors for n in (a.name, a.canonical)]
        + [t for s in i.sources for t in (s.publisher, s.title)]
        + [s.name for s in i.sites]
    )
    first, last = q.start or date.min, q.end or date.max
    overlaps = i.start <= last and i.end >= first
    inside = i.start >= first and i.end <= last
    actors = {fold(n) for a in i.actors for n in (a.name, a.canonical) if n}
    actors |= {fold(canonical(n)) for a in i.actors for n in (a.name, a.canonical) if n}
    names = {fold(s.publisher) for s in i.sources} - {""} | {fold(i.id.split(":")[0])}
    figure = i.deaths.best if i.deaths.best is not None else i.deaths.high
    if q.status and i.status not in q.status:
        return "status"
    if not overlaps or (not inside and i.date_precision != "day" and not q.uncertain):
        return "dates"
    if q.event_types and i.event_type not in q.event_types:
        return "event_type"
    if q.countries and not set(q.countries) & set(i.countries):
        return "country"
    if q.area and classify(i, q.area) not in ("inside", "possibly"):
        return "area"
    if q.actors and not {fold(canonical(n)) for n in q.actors} & actors:
        return "actor"
    if any(word not in fold(words) for word in fold(q.text).split()):
        return "text"
    if q.precision and i.precision not in q.precision:
        return "precision"
    if q.deaths_min is not None and figure is None:
        return "deaths_unknown"
    if q.deaths_min is not None and figure is not None and figure < q.deaths_min:
        return "deaths"
    if q.assessment and i.assessment not in q.assessment:
        return "assessment"
    if q.changed_since and i.recorded.updated < q.changed_since:
        return "changed_since"
    if q.sources and not {fold(n) for n in q.sources} & names:
        return "source"
    return None


@given(_CROWDS, _FILTERS)
@settings(max_examples=250)
def test_each_excluded_incident_counts_once_under_the_first_reason(
    crowd: list[Incident], query: Filter
) -> None:
    selection = select(crowd, query)
    reasons = [_first_reason(i, query) for i in crowd]
    assert selection.incidents == tuple(
        i for i, reason in zip(crowd, reasons, strict=True) if reason is None
    )
    found = {name: n for name, n in selection.ledger.excluded.items() if n}
    assert found == Counter(reason for reason in reasons if reason)


@given(_CROWDS, _FILTERS, st.one_of(st.none(), strategies.boxes()))
@settings(max_examples=150)
def test_the_ledger_adds_up(crowd: list[Incident], query: Filter, frame: BBox | None) -> None:
    aside = frozenset(i.id for i in crowd[::3])
    ledger = select(crowd, query, frame=frame, set_aside=aside).ledger
    assert ledger.total == len(crowd)
    assert ledger.total == ledger.matched + sum(ledger.excluded.values())
    placed = ledger.on_map + ledger.off_frame + ledger.not_mappable + ledger.set_aside
    assert ledger.matched == placed
    assert ledger.matched == ledger.within + ledger.ongoing + ledger.uncertain
    assert tuple(ledger.would_return) == query.active


@given(_CROWDS, _FILTERS)
@settings(max_examples=150)
def test_would_return_is_what_dropping_that_filter_returns(
    crowd: list[Incident], query: Filter
) -> None:
    now = select(crowd, query).ledger
    for name, returning in now.would_return.items():
        assert select(crowd, widened(query, name)).ledger.matched - now.matched == returning
        assert name not in widened(query, name).active


@given(_CROWDS, _FILTERS)
def test_every_exclusion_reason_belongs_to_an_active_filter(
    crowd: list[Incident], query: Filter
) -> None:
    ledger = select(crowd, query).ledger
    reasons = {name.removesuffix("_unknown") for name, n in ledger.excluded.items() if n}
    assert reasons <= set(query.active)
    assert set(query.active) <= set(_ORDER)
    assert list(query.active) == sorted(query.active, key=_ORDER.index)


@given(_CROWDS, _FILTERS)
def test_the_bars_in_range_sum_to_what_matches(crowd: list[Incident], query: Filter) -> None:
    ledger = select(crowd, query).ledger
    counts: Counter[str] = Counter()
    for bar in timeline(crowd, query).bars:
        counts[bar.when] += bar.count
    assert counts["in range"] == ledger.within + ledger.ongoing
    assert counts["uncertain"] == ledger.uncertain
    undated = replace(query, start=None, end=None)
    assert sum(counts.values()) == select(crowd, undated).ledger.matched


@given(_CROWDS, _FILTERS)
def test_the_order_of_incidents_changes_no_count(crowd: list[Incident], query: Filter) -> None:
    answers: list[Callable[[], list[Incident]]] = [crowd.copy, lambda: crowd[::-1]]
    first, second = (select(order(), query).ledger for order in answers)
    assert first == second
    assert first.excluded == second.excluded
    assert first.would_return == second.would_return
