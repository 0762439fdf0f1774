"""Does a layer come back from each of its own exports as it went, to the byte?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.feature import canonical_line
from geo.importing import run
from geo.incident import Actor, Claim, Incident, Point, Recorded, Source
from geo.profile import fit
from geo.settings import ROOT
from geo.store import LayerStore
from tests.examples import NOW, incident
from tests.sources.trips import READERS, exported, imported
from tests.strategies import HOSTILE, incidents

DEMO = "afghanistan-pakistan-2025"


def back(made: Iterable[Incident], fmt: str, folder: Path) -> tuple[Incident, ...]:
    store, report = imported(exported(made, fmt), fmt, folder)
    assert report.rejected == ()
    assert not report.repaired
    return store.read("x").incidents


def lines(made: Iterable[Incident]) -> list[str]:
    return sorted(map(canonical_line, made))


@pytest.mark.parametrize("fmt", READERS)
def test_the_demo_comes_back_as_the_same_version(fmt: str, tmp_path: Path) -> None:
    theirs = LayerStore(ROOT / "layers").read(DEMO)
    store, report = imported(exported(theirs.incidents, fmt), fmt, tmp_path)
    assert report.rejected == ()
    # the head of a layer is its own, its incidents are ours to keep
    assert lines(store.read("x").incidents) == lines(theirs.incidents)
    again = LayerStore(tmp_path / "again")
    for made, held in (("a", theirs.incidents), ("b", store.read("x").incidents)):
        again.upsert(made, held, by="", now=NOW)
    assert again.version("a") == again.version("b")


REAL = {
    "ged_merged_28k.csv.gz": "ucdp",
    "ged231_car_482.geojson": "geojson",
    "ged251_events_sample_10k.json": "table",
}


@pytest.fixture(scope="module", params=REAL)
def real(
    request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Incident, ...]:
    path = shared / "data" / "ucdp" / request.param
    store = LayerStore(tmp_path_factory.mktemp("real"))
    run(REAL[request.param], path, layer="x", store=store, now=NOW)
    # more rows than fit into a short manifest
    return store.read("x").incidents[:1_300]


@pytest.mark.parametrize("fmt", READERS)
def test_real_incidents_come_back(fmt: str, real: tuple[Incident, ...], tmp_path: Path) -> None:
    assert lines(back(real, fmt, tmp_path)) == lines(real)


def _varied(one: Incident, day: date, native: dict[str, object]) -> Incident:
    return replace(one, start=day, end=day + (one.end - one.start), native=native)


_DAYS = st.dates(date(1800, 1, 1), date(2099, 12, 30))
_LOOSE = st.dictionaries(
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=9),
    st.one_of(
        st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=9),
        st.sampled_from((None, True, 7, 0.1, "", " ", "007", "' ' " * 2_500, "\x01\x7f", *HOSTILE)),
    ),
    max_size=4,
)
_ANY = st.builds(_varied, incidents(), _DAYS, _LOOSE)
_LAYERS = st.lists(_ANY, min_size=1, max_size=12).map(
    lambda drawn: [replace(one, id=f"{one.id}{n}") for n, one in enumerate(drawn)]
)


@pytest.mark.parametrize("fmt", ["geojson", "csv", "xlsx"])
@settings(max_examples=40, deadline=None)
@given(made=_LAYERS)
def test_any_layer_comes_back(fmt: str, made: list[Incident]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert lines(back(made, fmt, Path(folder))) == lines(made)


@pytest.mark.parametrize("fmt", ["gpkg", "parquet"])
@settings(max_examples=5, deadline=None)
@given(made=_LAYERS)
def test_any_layer_comes_back_from_another_process(fmt: str, made: list[Incident]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert lines(back(made, fmt, Path(folder))) == lines(made)


ODD = [
    incident(f"odd:{n:02}", title=text.strip()[:300] or "t", summary=f"{text} ", place_name=text)
    for n, text in enumerate(
        (
            *HOSTILE,
            *("=cmd|' /C calc'!A0", "007", "1e5", "TRUE", "2025-10-09", "NA", "none", "_x0041_"),
            *("' quoted", "''=1", "a\rb\r\nc", "\t", "x" * 9_999, "🧨" * 5_000, "\ufeff", "#REF!"),
        )
    )
] + [
    incident(
        "odd:long",
        claims=tuple(Claim(field="cause", value=f"{n} {'y ' * 4_000}") for n in range(12)),
        sources=(Source(), Source(title="x; y"), Source(url="https://example.org/a;b")),
        actors=(Actor(name="A; B"), Actor(name="A"), Actor(name="=A (b) (c)", canonical="C")),
        native={"text": " '=" * 3_333, "n": {"deep": [None, "\x01"]}},
        extra={"lon": 1, "id": "two", "match": [], "by_2": "=", "x": None},
    ),
    incident("odd:number", point=Point(-0.0, 1e-9), radius_km=5, recorded=Recorded(
        first_seen=NOW, updated=NOW, by="=Ann")),
    incident("odd:digits", point=Point(69.123456789012345, -34.000000000000004), radius_km=1 / 3),
    incident("odd:old", start=date(1800, 1, 1), end=date(1899, 12, 31), date_precision="year"),
    incident("odd:many", countries=("AFG", "PAK", "AFG"), point=None, precision="country"),
    incident("no colon", point=None, precision="none", countries=(), status_reason=" why "),
]  # fmt: skip


@pytest.mark.parametrize("fmt", READERS)
def test_what_is_odd_comes_back(fmt: str, tmp_path: Path) -> None:
    assert lines(back(ODD, fmt, tmp_path)) == lines(ODD)


@pytest.mark.parametrize("fmt", READERS)
@pytest.mark.parametrize("profile", ["partners", "public"])
def test_what_a_profile_took_does_not_come_back(fmt: str, profile: str, tmp_path: Path) -> None:
    named = "Ann Private"
    made = [
        incident(
            f"own:{n}",
            recorded=Recorded(first_seen=NOW, updated=NOW, by=named),
            sources=(Source(publisher="P", quote=named),),
        )
        for n in range(4)
    ]
    fitted = fit(made, profile).incidents
    held = back(fitted, fmt, tmp_path)
    assert lines(held) == lines(fitted)
    assert named not in "".join(lines(held))


@pytest.mark.parametrize("fmt", READERS)
def test_what_is_imported_again_changes_nothing(fmt: str, tmp_path: Path) -> None:
    data = exported([incident("own:1"), incident("own:2")], fmt)
    store, _ = imported(data, fmt, tmp_path)
    again = run(
        READERS[fmt],
        tmp_path / f"file.{fmt}",
        layer="x",
        store=store,
        now=NOW + timedelta(days=200),
    )
    assert (again.new, again.revised, again.unchanged, again.conflicts) == (0, 0, 2, 0)
