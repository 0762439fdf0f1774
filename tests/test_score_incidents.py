from dataclasses import replace
from datetime import date, timedelta

import pytest

from geo.incident import UNKNOWN, Point, Toll
from tests.gold_set import DEVELOPMENT, GoldIncident, GoldText, Place, read
from tests.score_incidents import Draft, draft, matching, score, score_dates, score_names, strictly

TEXTS = read(DEVELOPMENT)


def perfect(gold: GoldIncident) -> Draft:
    place = gold.places[0] if gold.places else None
    return Draft(
        event_type=gold.types[0],
        start=gold.start,
        end=gold.end,
        date_precision=gold.date_precision,
        point=place.point if place else None,
        precision=place.precision if place else "none",
        countries=place.countries if place else frozenset(),
        deaths=UNKNOWN if "deaths" in gold.unclear else gold.deaths,
        injured=UNKNOWN if "injured" in gold.unclear else gold.injured,
        spans=gold.evidence,
    )


def incident(**changed) -> GoldIncident:
    place = Place(
        name="Goma",
        point=Point(29.22, -1.68),
        precision="near",
        radius_km=25.0,
        countries=frozenset({"COD"}),
    )
    gold = GoldIncident(
        types=("shelling",),
        start=date(2025, 1, 27),
        end=date(2025, 1, 27),
        date_precision="day",
        night=False,
        places=(place,),
        deaths=Toll(5, 5, 5),
        injured=UNKNOWN,
        unclear=frozenset(),
        evidence=((0, 40),),
        optional=False,
    )
    return replace(gold, **changed)


def text(*incidents: GoldIncident, not_incidents=()) -> GoldText:
    return GoldText(
        id="one",
        published=date(2025, 1, 28),
        text="x" * 200,
        incidents=incidents,
        not_incidents=tuple(not_incidents),
        named=(),
        dates=(),
    )


def test_the_gold_itself_scores_one_in_everything():
    result = score((t, [perfect(i) for i in t.incidents]) for t in TEXTS)
    for name in ("strict", "lenient", "types", "groups", "day_exact", "places", "deaths"):
        tally = getattr(result, name)
        assert (tally.precision, tally.recall, tally.f1) == (1.0, 1.0, 1.0), name
    assert result.finer_than_gold.right == 0
    assert not result.false_by
    assert not result.missed


def test_nothing_scores_zero_and_misses_all():
    result = score((t, []) for t in TEXTS)
    wanted = sum(not i.optional for t in TEXTS for i in t.incidents)
    assert (result.strict.precision, result.strict.recall, result.strict.f1) == (0.0, 0.0, 0.0)
    assert result.strict.wanted == wanted == len(result.missed)


def test_a_wrong_type_of_the_same_group_is_a_lenient_match_only():
    gold = incident()
    result = score([(text(gold), [replace(perfect(gold), event_type="explosion")])])
    assert (result.strict.f1, result.lenient.f1) == (0.0, 1.0)
    assert (result.types.f1, result.groups.f1) == (0.0, 1.0)
    assert result.false_by == {"wrong type": 1}


def test_a_duplicate_is_a_false_draft():
    gold = incident()
    result = score([(text(gold), [perfect(gold), perfect(gold)])])
    assert (result.strict.precision, result.strict.recall) == (0.5, 1.0)
    assert result.false_by == {"duplicate": 1}


def test_an_optional_incident_counts_neither_found_nor_missed():
    gold = incident(optional=True)
    for drafts in ([perfect(gold)], []):
        tally = score([(text(gold), drafts)]).strict
        assert (tally.right, tally.given, tally.wanted) == (0, 0, 0)


def test_the_greatest_number_of_pairs_is_found():
    # the first draft fits both, the second fits the first gold only
    golds = [incident(), incident(types=("shelling", "explosion"))]
    either = perfect(golds[0])
    only = replace(either, countries=frozenset())

    def fits(given, gold):
        return given is either or gold is golds[0]

    assert matching([either, only], golds, fits) == {0: 1, 1: 0}


@pytest.mark.parametrize(("km_north", "right"), [(20, True), (30, False)])
def test_a_place_is_right_within_its_radius(km_north, right):
    gold = incident()
    moved = replace(perfect(gold), point=Point(29.22, -1.68 + km_north / 110.6))
    assert strictly(moved, gold) is right


def test_a_pin_for_a_country_is_not_right():
    land = Place(
        name="DR Congo",
        point=None,
        precision="country",
        radius_km=None,
        countries=frozenset({"COD"}),
    )
    gold = incident(places=(land,))
    assert strictly(perfect(gold), gold)
    pinned = replace(perfect(gold), point=Point(29.22, -1.68), precision="near")
    result = score([(text(gold), [pinned])])
    assert result.strict.right == 0
    assert result.finer_than_gold.precision == 1.0
    assert result.false_by == {"wrong place": 1}


@pytest.mark.parametrize(("kind", "right"), [("threat", True), ("shelling", False)])
def test_words_may_stand_nowhere_but_fire_may_not(kind, right):
    gold = incident(types=(kind,))
    nowhere = replace(perfect(gold), point=None, precision="none", countries=frozenset())
    assert strictly(nowhere, gold) is right


@pytest.mark.parametrize(("days", "strict", "lenient"), [(0, 1, 1), (1, 0, 1), (2, 0, 0)])
def test_days_must_meet(days, strict, lenient):
    gold = incident()
    later = gold.start + timedelta(days=days)
    result = score([(text(gold), [replace(perfect(gold), start=later, end=later)])])
    assert (result.strict.right, result.lenient.right) == (strict, lenient)
    assert result.day_exact.precision == float(days == 0)


def test_a_month_is_too_coarse_for_a_day():
    gold = incident()
    month = replace(
        perfect(gold), start=date(2025, 1, 1), end=date(2025, 1, 31), date_precision="month"
    )
    assert not strictly(month, gold)


def test_either_day_of_a_night_is_exact():
    gold = incident(start=date(2025, 1, 26), end=date(2025, 1, 27), night=True)
    for day in (gold.start, gold.end):
        result = score([(text(gold), [replace(perfect(gold), start=day, end=day)])])
        assert result.day_exact.precision == 1.0


def test_a_figure_for_contradicting_counts_is_wrong():
    gold = incident(unclear=frozenset({"deaths"}), deaths=UNKNOWN)
    for toll, right in ((Toll(5, 5, 5), 0.0), (Toll(3, None, 9), 1.0)):
        result = score([(text(gold), [replace(perfect(gold), deaths=toll)])])
        assert result.deaths.precision == right


def test_a_draft_from_a_clause_without_incident_is_named_by_its_reason():
    given = replace(perfect(incident()), spans=((100, 150),))
    result = score([(text(not_incidents=[((100, 140), "hypothetical")]), [given])])
    assert result.false_by == {"hypothetical": 1}


def test_gold_names_and_dates_score_one():
    names, resolved = score_names(
        (t, [(n.span, n.place.point) for n in t.named if n.place.point]) for t in TEXTS
    )
    assert (names.f1, resolved.precision) == (1.0, 1.0)
    assert score_dates((t, [(d.span, d.first, d.last) for d in t.dates]) for t in TEXTS).f1 == 1.0


def test_a_feature_is_read_as_a_draft():
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [29.22, -1.68]},
        "properties": {
            "event_type": "shelling",
            "start": "2025-01-27",
            "end": "2025-01-27",
            "date_precision": "day",
            "precision": "near",
            "countries": "COD;RWA",
            "deaths_low": 5,
            "deaths_best": 5,
            "evidence": {"sentences": [{"start": 0, "end": 40, "text": "x" * 40}]},
        },
    }
    read_back = draft(feature)
    assert read_back.countries == {"COD", "RWA"}
    assert read_back.deaths == Toll(5, 5, None)
    assert strictly(read_back, incident())
