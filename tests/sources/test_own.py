"""Does what somebody changed in an exported file win, or is it a stated problem?"""

from __future__ import annotations

import csv
import io
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest

from geo.actors import canonical
from geo.exports import COLUMNS
from geo.feature import canonical_line
from geo.importing import Report
from geo.incident import Actor, Claim, Incident, Located, Point, Source, Toll
from tests.examples import incident
from tests.sources.trips import READERS, TABLES, exported, held_in, imported

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
    return held_in(store), report


@pytest.mark.parametrize("fmt", TABLES)
def test_a_file_that_another_program_saved_again_comes_back(fmt: str, tmp_path: Path) -> None:
    (held,), _ = edited(fmt, tmp_path)
    assert canonical_line(held) == canonical_line(BASE)


WINS: list[tuple[_Cells, dict[str, object]]] = [
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
                                           canonical=canonical("ISKP")))}),
        ({"claims": "deaths: 4 [civilians]; deaths: 7 (3–None) [Army]"},
         {"claims": (Claim(field="deaths", value=4, whom="civilians"), BASE.claims[0])}),
        ({"sources": "B; Dawn; C"},
         {"sources": (BASE.sources[1], BASE.sources[0], Source(publisher="C"))}),
        ({"source_url": "https://example.org/2"},
         {"sources": (replace(BASE.sources[0], url="https://example.org/2"), BASE.sources[1])}),
        ({"native_json": '{"code":"y"}'}, {"native": {"code": "y"}}),
        ({"remark": "seen"}, {"native": {"code": "x", "remark": "seen"}}),
]  # fmt: skip


def edited_all(fmt: str, folder: Path, edits: list[_Cells]) -> tuple[dict[str, Incident], Report]:
    """Edit one incident each way there is, in one file."""
    made = [replace(BASE, id=f"own:{n:02}") for n in range(len(edits))]
    of = {one.id: cells for one, cells in zip(made, edits, strict=True)}
    more = {name: "" for cells in edits for name in cells if name == "remark"}
    data = EDITS[fmt](exported(made, fmt), lambda row: {**row, **more, **of[str(row["id"])]})
    store, report = imported(data, fmt, folder)
    return {one.id: one for one in held_in(store)}, report


@pytest.mark.parametrize("fmt", TABLES)
def test_an_edited_cell_wins_and_nothing_else_changes(fmt: str, tmp_path: Path) -> None:
    held, report = edited_all(fmt, tmp_path, [cells for cells, _ in WINS])
    assert report.rejected == ()
    for n, (cells, wanted) in enumerate(WINS):
        one = replace(held[f"own:{n:02}"], id=BASE.id)
        assert canonical_line(one) == canonical_line(replace(BASE, **wanted)), cells


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_a_place_that_moved_forgets_how_it_was_found(fmt: str, tmp_path: Path) -> None:
    (held,), _ = edited(fmt, tmp_path, lon=70.75)
    assert held.point == Point(70.75, 34.25)
    assert held.located == Located(method="table, our own export", point="site")


FAULTS: list[tuple[_Cells, str]] = [
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
]


@pytest.mark.parametrize("fmt", TABLES)
def test_an_edit_that_cannot_be_followed_is_a_stated_problem(fmt: str, tmp_path: Path) -> None:
    held, report = edited_all(fmt, tmp_path, [cells for cells, _ in FAULTS])
    assert held == {}
    # a point that lost half its position differs from what is drawn first of all
    drawn = {"lon": "geometry"} if READERS[fmt] == "vector" else {}
    assert [told.field for told in report.rejected] == [
        drawn.get(field, field) for _, field in FAULTS
    ]


@pytest.mark.parametrize("fmt", ["gpkg", "parquet"])
def test_a_point_that_was_moved_alone_is_a_stated_problem(fmt: str, tmp_path: Path) -> None:
    moved = gpd.points_from_xy([70.75], [34.25])[0]
    held, report = edited(fmt, tmp_path, geometry=moved)
    assert held == ()
    (told,) = report.rejected
    assert told.field == "geometry"
    assert "70.5, 34.25" in told.rule
    (both,), _ = edited(fmt, tmp_path, geometry=moved, lon=70.75)
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
