"""Does a layer come back from each of its own exports as it went, to the byte?"""

from __future__ import annotations

import csv
import io
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.exports import COLUMNS, ExportMeta, export
from geo.feature import canonical_line
from geo.filters import Filter, select
from geo.importing import Report, run
from geo.incident import Actor, Claim, Incident, Located, Point, Recorded, Source, Toll
from geo.profile import fit
from geo.settings import ROOT
from geo.store import LayerStore
from tests.examples import NOW, incident
from tests.strategies import HOSTILE, incidents

DEMO = "afghanistan-pakistan-2025"
READERS = {
    "geojson": "geojson",
    "csv": "table",
    "xlsx": "table",
    "gpkg": "vector",
    "parquet": "vector",
}
TABLES = tuple(fmt for fmt in READERS if fmt != "geojson")


def exported(made: Iterable[Incident], fmt: str) -> bytes:
    query = Filter(status=())
    meta = ExportMeta(title="t", layers=(("l", "v"),), query=query, as_of=NOW)
    return export(select(tuple(made), query), fmt, meta=meta)


def imported(data: bytes, fmt: str, folder: Path) -> tuple[LayerStore, Report]:
    """Bring a file into a new layer, much later than it was made."""
    path, store = folder / f"file.{fmt}", LayerStore(folder / fmt)
    path.write_bytes(data)
    report = run(READERS[fmt], path, layer="x", store=store, now=NOW + timedelta(days=90))
    return store, report


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


@pytest.mark.parametrize("fmt", READERS)
@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("ged_merged_28k.csv.gz", "ucdp"),
        ("ged231_car_482.geojson", "geojson"),
        ("ged251_events_sample_10k.json", "table"),
    ],
)
def test_real_incidents_come_back(
    fmt: str, name: str, source: str, shared: Path, tmp_path: Path
) -> None:
    store = LayerStore(tmp_path / "real")
    run(source, shared / "data" / "ucdp" / name, layer="x", store=store, now=NOW)
    # more rows than a short manifest holds
    some = store.read("x").incidents[:1_500]
    assert lines(back(some, fmt, tmp_path)) == lines(some)


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
    secret = "Ann Secret"
    made = [
        incident(
            f"own:{n}",
            recorded=Recorded(first_seen=NOW, updated=NOW, by=secret),
            sources=(Source(publisher="P", quote=secret),),
        )
        for n in range(4)
    ]
    fitted = fit(made, profile).incidents
    held = back(fitted, fmt, tmp_path)
    assert lines(held) == lines(fitted)
    assert secret not in "".join(lines(held))


BASE = incident(
    "own:1",
    point=Point(70.5, 34.25),
    located=Located(method="gazetteer", id="geonames:1", radius="source"),
    actors=(Actor(name="Army; 3rd", role="side A", canonical="Army"), Actor(name="TTP")),
    claims=(
        Claim(field="deaths", value=7, claimant="Army", low=3),
        Claim(field="deaths", value=2, whom="civilians"),
    ),
    sources=(
        Source(publisher="Dawn", title="T", url="https://example.org/1", quote="q"),
        Source(publisher="B"),
    ),
    deaths=Toll(1, 2, 3),
    native={"code": "x"},
)
_Cells = dict[str, object]


def _edit_csv(data: bytes, change: Callable[[_Cells], _Cells]) -> bytes:
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    changed = [change(dict(row)) for row in rows]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(changed[0]))
    writer.writeheader()
    writer.writerows(changed)
    return out.getvalue().encode()


def _edit_xlsx(data: bytes, change: Callable[[_Cells], _Cells]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["Incidents"]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    sheet.delete_rows(1, sheet.max_row)
    changed = [change(dict(zip(head, row, strict=True))) for row in rows]
    for row in (list(changed[0]), *(list(cells.values()) for cells in changed)):
        sheet.append(row)
    book.save(out := io.BytesIO())
    return out.getvalue()


def _edit_parquet(data: bytes, change: Callable[[_Cells], _Cells]) -> bytes:
    frame = gpd.read_parquet(io.BytesIO(data))
    changed = [change(dict(row)) for row in frame.astype(object).to_dict("records")]
    made = gpd.GeoDataFrame(changed, geometry="geometry", crs=frame.crs)
    made.to_parquet(out := io.BytesIO())
    return out.getvalue()


def _edit_gpkg(data: bytes, change: Callable[[_Cells], _Cells]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.gpkg"
        path.write_bytes(data)
        frame = gpd.read_file(path, layer="points")
        changed = [change(dict(row)) for row in frame.astype(object).to_dict("records")]
        made = gpd.GeoDataFrame(changed, geometry="geometry", crs=frame.crs)
        made.to_file(Path(folder) / "y.gpkg", layer="points", driver="GPKG")
        return (Path(folder) / "y.gpkg").read_bytes()


EDITS = {"csv": _edit_csv, "xlsx": _edit_xlsx, "parquet": _edit_parquet, "gpkg": _edit_gpkg}


def edited(fmt: str, folder: Path, **cells: object) -> tuple[tuple[Incident, ...], Report]:
    data = EDITS[fmt](exported([BASE], fmt), lambda row: {**row, **cells})
    store, report = imported(data, fmt, folder)
    return store.read("x").incidents, report


@pytest.mark.parametrize("fmt", TABLES)
def test_a_file_that_another_program_saved_again_comes_back(fmt: str, tmp_path: Path) -> None:
    (held,), _ = edited(fmt, tmp_path)
    assert canonical_line(held) == canonical_line(BASE)


@pytest.mark.parametrize("fmt", TABLES)
@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({"title": "Other"}, {"title": "Other"}),
        ({"deaths_best": 9}, {"deaths": Toll(1, 9, 3)}),
        ({"status": "rejected", "status_reason": "why"},
         {"status": "rejected", "status_reason": "why"}),
        ({"countries": "Iran; PAK"}, {"countries": ("IRN", "PAK")}),
        ({"event_type": "Protest"}, {"event_type": "protest"}),
        ({"start": "2025-10-08"}, {"start": date(2025, 10, 8)}),
        ({"summary": ""}, {"summary": ""}),
        ({"actors": "Army; 3rd (side A); ISKP (side B)"},
         {"actors": (BASE.actors[0], Actor(name="ISKP", role="side B",
                                           canonical="Islamic State Khorasan Province"))}),
        ({"claims": "deaths: 4 [civilians]; deaths: 7 (3–None) [Army]"},
         {"claims": (Claim(field="deaths", value=4, whom="civilians"), BASE.claims[0])}),
        ({"sources": "B; Dawn; C"},
         {"sources": (BASE.sources[1], BASE.sources[0], Source(publisher="C"))}),
        ({"source_url": "https://example.org/2"},
         {"sources": (replace(BASE.sources[0], url="https://example.org/2"), BASE.sources[1])}),
        ({"native_json": '{"code":"y"}'}, {"native": {"code": "y"}}),
        ({"remark": "seen"}, {"native": {"code": "x", "remark": "seen"}}),
    ],
)  # fmt: skip
def test_an_edited_cell_wins_and_nothing_else_changes(
    fmt: str, cells: dict[str, object], wanted: dict[str, object], tmp_path: Path
) -> None:
    (held,), report = edited(fmt, tmp_path, **cells)
    if "actors" in wanted:
        # a name is known under the name of the registry
        actors = wanted["actors"]
        assert [(a.name, a.role) for a in held.actors] == [(a.name, a.role) for a in actors]
        assert held.actors[0] == actors[0]
        held = replace(held, actors=actors)
    assert canonical_line(held) == canonical_line(replace(BASE, **wanted))
    assert report.rejected == ()


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_a_place_that_moved_forgets_how_it_was_found(fmt: str, tmp_path: Path) -> None:
    (held,), _ = edited(fmt, tmp_path, lon=70.75)
    assert held.point == Point(70.75, 34.25)
    assert held.located == Located(method="table, our own export", point="site")


@pytest.mark.parametrize("fmt", TABLES)
@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"claims_json": "{"}, "claims_json"),
        ({"native_json": "[]"}, "native_json"),
        ({"exact_json": '{"title":1,"title":2}'}, "exact_json"),
        ({"sites_json": '[{"name":3}]'}, "sites[0].name"),
        ({"event_type": "picnic"}, "event_type"),
        ({"deaths_best": 1.5}, "deaths_best"),
        ({"start": "soon"}, "start"),
        ({"lon": None}, "lon"),
        ({"title": ""}, "title"),
        ({"id": ""}, "id"),
        ({"source_url": "javascript:alert(1)"}, "sources[0].url"),
    ],
)
def test_an_edit_that_cannot_be_followed_is_a_stated_problem(
    fmt: str, cells: dict[str, object], field: str, tmp_path: Path
) -> None:
    held, report = edited(fmt, tmp_path, **cells)
    assert held == ()
    (told,) = report.rejected
    assert told.field == field


@pytest.mark.parametrize("fmt", ["gpkg", "parquet"])
def test_a_point_that_was_moved_alone_is_a_stated_problem(fmt: str, tmp_path: Path) -> None:
    moved = gpd.points_from_xy([70.75], [34.25])[0]
    held, report = edited(fmt, tmp_path, geometry=moved)
    assert held == ()
    (told,) = report.rejected
    assert told.field == "geometry"
    assert "70.5, 34.25" in told.rule
    (both,), _ = edited(fmt, tmp_path / "both", geometry=moved, lon=70.75)
    assert both.point == Point(70.75, 34.25)


def test_an_area_edited_apart_from_its_point_is_a_stated_problem(tmp_path: Path) -> None:
    near = replace(BASE, precision="near", radius_km=5.0)
    path = tmp_path / "x.gpkg"
    path.write_bytes(exported([near], "gpkg"))
    with closing(sqlite3.connect(path)) as base:
        for trigger in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            base.execute(f"DROP TRIGGER {trigger[0]}")
        base.execute("UPDATE extents SET title = 'Other'")
        base.commit()
    store, report = imported(path.read_bytes(), "gpkg", tmp_path)
    assert [one.title for one in store.read("x").incidents] == [near.title]
    assert [(told.field, told.value) for told in report.rejected] == [("id", "own:1")]


@pytest.mark.parametrize("fmt", TABLES)
def test_a_file_without_the_json_is_read_by_its_words(fmt: str, tmp_path: Path) -> None:
    shape = () if fmt in ("csv", "xlsx") else ("geometry",)
    data = EDITS[fmt](
        exported([BASE], fmt), lambda row: {name: row[name] for name in (*COLUMNS, *shape)}
    )
    store, report = imported(data, fmt, tmp_path)
    (held,) = store.read("x").incidents
    assert [c.value for c in held.claims] == ["7 (3–None) [Army]", 2]
    assert held.sources == (
        Source(publisher="Dawn", url="https://example.org/1"),
        Source(publisher="B"),
    )
    assert (held.title, held.deaths, held.recorded.first_seen) == (
        BASE.title,
        BASE.deaths,
        BASE.recorded.first_seen,
    )
    assert report.flagged["column_taken_away"] == 1


def test_days_as_a_spreadsheet_writes_them_are_read(tmp_path: Path) -> None:
    data = _edit_csv(
        exported([BASE], "csv"), lambda row: {**row, "start": "25/10/2025", "end": "25/10/2025"}
    )
    store, _ = imported(data, "csv", tmp_path)
    assert store.read("x").incidents[0].start == date(2025, 10, 25)


@pytest.mark.parametrize("fmt", READERS)
def test_what_is_imported_again_changes_nothing(fmt: str, tmp_path: Path) -> None:
    data = exported([BASE, replace(BASE, id="own:2")], fmt)
    store, _ = imported(data, fmt, tmp_path)
    again = run(
        READERS[fmt],
        tmp_path / f"file.{fmt}",
        layer="x",
        store=store,
        now=NOW + timedelta(days=200),
    )
    assert (again.new, again.revised, again.unchanged, again.conflicts) == (0, 0, 2, 0)
