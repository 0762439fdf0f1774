"""The demo layer: every count below was made by hand on the chronology it was written from."""

from __future__ import annotations

import csv
import importlib.util
from collections import Counter
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from geo.claims import toll_from_claims
from geo.filters import Filter, Selection, select
from geo.gazetteer_sources import SUPPLEMENT
from geo.geojson import parse
from geo.incident import Incident, Site, is_web_link
from geo.settings import DATA, ROOT
from geo.store import Layer, LayerStore

NAME = "afghanistan-pakistan-2025"
SHIPPED = ROOT / "layers" / f"{NAME}.geojson"


@pytest.fixture(scope="module")
def layer() -> Layer:
    return LayerStore(SHIPPED.parent).read(NAME)


@pytest.fixture(scope="module")
def by_number(layer: Layer) -> dict[int, Incident]:
    return {int(i.id.partition(":")[2]): i for i in layer.incidents}


@pytest.fixture
def facts(shared: Path) -> list[dict[str, str]]:
    path = shared / "data" / "demo" / "afpak2025_chronology.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def numbers(selection: Selection) -> list[int]:
    return [int(i.id.partition(":")[2]) for i in selection.incidents]


def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("demo_build", DATA / "demo" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_25_incidents_in_order_of_date(layer: Layer) -> None:
    assert [i.id for i in layer.incidents] == [f"afpak2025:{n:02d}" for n in range(1, 26)]
    assert sorted(i.start for i in layer.incidents) == [i.start for i in layer.incidents]
    assert layer.meta.title == "Afghanistan-Pakistan, October and November 2025"
    assert "CC BY 4.0" in layer.meta.licence
    assert "GeoNames" in layer.meta.licence
    assert layer.meta.as_of is not None


def test_a_rebuild_gives_the_same_bytes(tmp_path: Path) -> None:
    assert builder().build(tmp_path).read_bytes() == SHIPPED.read_bytes()


def test_the_file_passes_the_gate_of_foreign_geojson() -> None:
    assert len(parse(SHIPPED.read_bytes()).features) == 25


def test_9_to_19_october_matches_numbers_2_to_19(layer: Layer) -> None:
    # 1 ended on the 8th, 20 began on the 24th
    found = select(layer.incidents, Filter(start=date(2025, 10, 9), end=date(2025, 10, 19)))
    assert numbers(found) == list(range(2, 20))
    ledger = found.ledger
    assert (ledger.total, ledger.matched, ledger.excluded["dates"]) == (25, 18, 7)
    assert (ledger.within, ledger.ongoing, ledger.uncertain) == (18, 0, 0)
    # the truce is the only one without a place
    assert (ledger.on_map, ledger.not_mappable) == (17, 1)


def test_from_12_october_the_fights_of_the_11th_are_ongoing(layer: Layer) -> None:
    found = select(layer.incidents, Filter(start=date(2025, 10, 12)))
    assert numbers(found) == list(range(4, 26))
    ongoing = [m.incident.id for m in found.matches if m.when == "ongoing"]
    assert ongoing == ["afpak2025:04", "afpak2025:05", "afpak2025:06"]


def test_afghanistan_has_17_incidents_the_largest_clash_among_them(layer: Layer) -> None:
    found = select(layer.incidents, Filter(countries=("AFG",)))
    assert numbers(found) == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 23, 25]


def test_a_border_that_is_fought_over_belongs_to_both_countries(layer: Layer) -> None:
    both = [i for i in layer.incidents if set(i.countries) == {"AFG", "PAK"}]
    assert [int(i.id[-2:]) for i in both] == [4, 5, 6, 8, 9, 10, 12, 13, 15, 23]


def test_the_truce_has_a_row_and_no_pin(by_number: dict[int, Incident]) -> None:
    truce = by_number[15]
    assert (truce.event_type, truce.precision, truce.point) == ("ceasefire", "none", None)
    assert (truce.start, truce.end) == (date(2025, 10, 15), date(2025, 10, 17))
    assert not truce.mappable
    assert {(c.claimant, c.value) for c in truce.claims} == {
        ("Pakistan", "Afghan Taliban government"),
        ("Afghan Taliban government", "Pakistan"),
    }


def test_five_crossings_are_sites_of_one_closure(by_number: dict[int, Incident]) -> None:
    sites = by_number[8].sites
    assert [s.name for s in sites] == [
        *("Torkham", "Chaman", "Kharlachi", "Angoor Adda", "Ghulam Khan"),
    ]
    assert all(s.point is not None for s in sites)
    assert [s.name for s in sites if s.precision == "exact"] == ["Torkham"]


def test_only_verified_positions_are_exact(
    by_number: dict[int, Incident], facts: list[dict[str, str]]
) -> None:
    exact = [n for n, i in by_number.items() if i.precision == "exact"]
    assert exact == [8, 16]
    for n in exact:
        row = facts[n - 1]
        assert row["where_prec"] == "1"
        assert row["coord_source"].startswith("UCDP")


def test_unverified_and_missing_positions_have_no_pin(
    by_number: dict[int, Incident], facts: list[dict[str, str]]
) -> None:
    doubtful = [
        int(row["seq"])
        for row in facts
        if row["coord_source"].startswith(("UNVERIFIED", "none found"))
    ]
    assert doubtful == [3, 5, 6, 11, 25]
    for n in doubtful:
        assert by_number[n].point is None
        assert by_number[n].precision in ("district", "province")
        assert by_number[n].admin1


def test_every_other_position_is_the_one_of_the_facts(
    by_number: dict[int, Incident], facts: list[dict[str, str]]
) -> None:
    placed = 0
    for row in facts:
        incident = by_number[int(row["seq"])]
        if incident.point is not None:
            placed += 1
            assert incident.point.lat == pytest.approx(float(row["lat"]), abs=1e-6)
            assert incident.point.lon == pytest.approx(float(row["lon"]), abs=1e-6)
        assert (incident.start.isoformat(), incident.end.isoformat()) == (
            row["date_start"],
            row["date_end"],
        )
    assert placed == 19


def test_every_place_says_how_it_was_located(layer: Layer) -> None:
    for incident in layer.incidents:
        if incident.precision == "none":
            continue
        assert incident.located is not None
        assert incident.located.method
        coarse = incident.precision not in ("exact", "near")
        assert incident.located.point == ("representative" if coarse else "site")
        if incident.point is not None and incident.precision != "exact":
            assert incident.radius_km is not None
            assert incident.located.radius in ("assumed", "extent")


def test_places_of_the_supplement_lie_where_it_says(layer: Layer) -> None:
    with SUPPLEMENT.open(encoding="utf-8", newline="") as file:
        known = {row["id"]: row for row in csv.DictReader(file)}
    places: list[Incident | Site] = [*layer.incidents]
    places += [site for i in layer.incidents for site in i.sites]
    found = [(p, known[p.located.id]) for p in places if p.located and p.located.id in known]
    # of 1 3 10 11 12 16 17 20 21 and 25, and of 4 two, of 8 five, their sites counted
    assert len(found) == 17
    for place, row in found:
        if place.point is not None:
            assert (place.point.lat, place.point.lon) == (float(row["lat"]), float(row["lon"]))
        if place.located is not None and place.located.radius == "extent":
            assert place.radius_km == float(row["radius_km"])


def test_disputed_kinds_are_claims_and_no_kind_is_taken_for_granted(
    by_number: dict[int, Incident],
) -> None:
    for n in (2, 14):
        incident = by_number[n]
        said = {c.value for c in incident.claims if c.field == "event_type"}
        assert said == {"air_drone_strike", "accident"}
        assert incident.event_type == "explosion"
        assert incident.assessment == "disputed"


def test_figures_of_both_sides_stand_side_by_side(by_number: dict[int, Incident]) -> None:
    deaths = [(c.value, c.whom) for c in by_number[4].claims if c.field == "deaths"]
    assert deaths == [
        *((23, "security forces"), (200, "fighters")),
        *((58, "security forces"), (9, "fighters")),
    ]
    assert not by_number[4].deaths.known


def test_scope_is_kept_and_never_added_up(by_number: dict[int, Incident]) -> None:
    wider = {(n, c.field, c.value) for n, i in by_number.items() for c in i.claims if c.scope}
    assert wider == {
        (7, "deaths", 200),
        (13, "deaths", 35),
        (13, "injured", 422),
        (20, "deaths", 5),
        (21, "deaths", 5),
    }
    # five soldiers shared by two clashes are in neither figure
    for n, fighters in ((20, 15), (21, 10)):
        toll = by_number[n].deaths
        assert (toll.low, toll.best, toll.high) == (fighters, None, None)


def test_spin_boldak_has_five_figures_of_deaths_and_no_total(
    by_number: dict[int, Incident],
) -> None:
    deaths = [c for c in by_number[13].claims if c.field == "deaths"]
    assert [c.value for c in deaths] == [12, 15, 17, 35, "15 to 20"]
    assert not by_number[13].deaths.known


def test_no_toll_says_more_than_comparable_claims(layer: Layer) -> None:
    for incident in layer.incidents:
        for name in ("deaths", "injured"):
            toll, derived = getattr(incident, name), toll_from_claims(incident.claims, name)
            for part in ("low", "best", "high"):
                stated = getattr(toll, part)
                assert stated is None or stated == getattr(derived, part)


def test_tolls_are_these_and_no_others(by_number: dict[int, Incident]) -> None:
    tolls = {
        n: (i.deaths.low, i.deaths.best, i.deaths.high)
        for n, i in by_number.items()
        if i.deaths.known
    }
    assert tolls == {
        5: (12, None, None),
        11: (1, 1, 1),
        12: (25, None, 30),
        14: (5, None, 9),
        16: (0, None, 7),
        17: (8, None, 17),
        20: (15, None, None),
        21: (10, None, None),
        23: (4, None, 5),
        25: (10, 10, 10),
    }


def test_every_incident_has_a_source_with_a_link(
    by_number: dict[int, Incident], facts: list[dict[str, str]]
) -> None:
    for row in facts:
        sources = by_number[int(row["seq"])].sources
        assert [s.url for s in sources] == row["source_urls"].split()
        assert all(is_web_link(s.url) and s.publisher and s.title for s in sources)


def test_a_date_in_a_link_is_the_date_of_publication(layer: Layer) -> None:
    for source in (s for i in layer.incidents for s in i.sources):
        if source.published:
            plain = source.url.replace("/", "").replace("-", "")
            day = source.published
            assert f"{day:%Y%m%d}" in plain or f"{day.year}{day.month}{day.day}" in plain


def test_the_wording_is_our_own(layer: Layer, facts: list[dict[str, str]]) -> None:
    # no run of six words of the facts comes back
    def runs(text: str) -> set[tuple[str, ...]]:
        words = "".join(c if c.isalnum() else " " for c in text.casefold()).split()
        return {tuple(words[i : i + 6]) for i in range(len(words) - 5)}

    theirs = set().union(*(runs(f"{r['what']}. {r['figures']}. {r['attribution']}") for r in facts))
    ours = set().union(*(runs(f"{i.title}. {i.summary}") for i in layer.incidents))
    assert not ours & theirs


def test_types_and_precisions_are_counted_by_hand(layer: Layer) -> None:
    assert Counter(i.event_type for i in layer.incidents) == {
        "armed_clash": 6,
        "air_drone_strike": 4,
        "border_closure": 3,
        "explosion": 2,
        "infiltration": 2,
        "ceasefire": 2,
        "talks": 2,
        "attack_on_civilians": 1,
        "suicide_attack": 1,
        "agreement": 1,
        "cross_border_fire": 1,
    }
    assert Counter(i.precision for i in layer.incidents) == {
        "near": 13,
        "district": 7,
        "exact": 2,
        "area": 1,
        "province": 1,
        "none": 1,
    }


def test_one_group_has_one_name(layer: Layer) -> None:
    spelled = {a.canonical for i in layer.incidents for a in i.actors if "TTP" in a.name}
    assert spelled == {"Tehrik-i-Taliban Pakistan"}
    found = select(layer.incidents, Filter(actors=("Tehreek-e-Taliban Pakistan",)))
    assert numbers(found) == [1, 2, 7, 12, 16, 20, 21]
