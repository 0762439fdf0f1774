"""Do points of vector files become incidents, the same ones whatever the format?"""

from __future__ import annotations

import runpy
import shutil
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.context import around, from_features
from geo.errors import TableError, VectorError
from geo.importing import run
from geo.incident import Point
from geo.settings import ROOT
from geo.sources import geojson
from geo.sources.rows import Notes, Rejected
from geo.sources.vector import opened
from geo.sources.vector_incidents import read
from geo.store import LayerStore
from tests.examples import NOW

SAMPLES = ROOT / "tests" / "samples" / "vector"
ROWS = {
    "id": ["a", "b", "c"],
    "date": ["2025-10-11", "2025-10-12", "2025-10-13"],
    "title": ["Clash at the gate", "Raid", "Ärger «am» Paß"],
    "event_type": ["armed_clash", "raid", "shelling"],
    "deaths_best": [3, 0, 12],
    "share": [0.5, None, 1.25],
}
SPOTS = [(70.1234567, 34.2), (71.0, 34.5), (-179.95, -16.5)]


def _frame(crs="EPSG:4326", **more):
    points = gpd.GeoSeries([shapely.Point(*spot) for spot in SPOTS], crs="EPSG:4326")
    return gpd.GeoDataFrame({**ROWS, **more}, geometry=points.to_crs(crs))


def _read(path, **options):
    notes = Notes()
    rows = list(read(path, now=NOW, notes=notes, **options))
    return rows, notes


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    """The same three points in every format."""
    folder = tmp_path_factory.mktemp("vector")
    _frame().to_file(folder / "p.gpkg", driver="GPKG")
    _frame().to_file(folder / "p.fgb", driver="FlatGeobuf", SPATIAL_INDEX="NO")
    _frame().to_file(folder / "p.geojson", driver="GeoJSON")
    _frame().to_parquet(folder / "p.parquet")
    _frame("EPSG:3832").to_file(folder / "metres.gpkg", driver="GPKG")
    return folder


@pytest.mark.parametrize("name", ["p.gpkg", "p.fgb", "p.parquet"])
def test_every_format_gives_what_geojson_gives(written: Path, name: str) -> None:
    wanted = list(geojson.read(written / "p.geojson", now=NOW, notes=Notes()))
    rows, _ = _read(written / name)
    assert rows == wanted
    assert [row.deaths.best for row in rows] == [3, 0, 12]
    # a kind that is not known stays to be seen
    assert rows[1].native == {"event_type": "raid"}


def test_metres_become_degrees(written: Path) -> None:
    rows, _ = _read(written / "metres.gpkg")
    for row, (lon, lat) in zip(rows, SPOTS, strict=True):
        assert (row.point.lon, row.point.lat) == pytest.approx((lon, lat), abs=1e-7)


def test_content_decides_and_not_the_name(written: Path, tmp_path: Path) -> None:
    shutil.copy(written / "p.fgb", tmp_path / "x.kml")
    assert len(_read(tmp_path / "x.kml")[0]) == 3


@pytest.mark.parametrize(
    ("when", "start", "end", "precision"),
    [
        ("<TimeStamp><when>2025-03</when></TimeStamp>", "2025-03-01", "2025-03-31", "month"),
        ("<TimeStamp><when>2025-03-01</when></TimeStamp>", "2025-03-01", "2025-03-01", "day"),
        (
            "<TimeSpan><begin>2025-02</begin><end>2025-03</end></TimeSpan>",
            *("2025-02-01", "2025-03-31", "month"),
        ),
        (
            "<TimeStamp><when>2025-03-01T10:20:00Z</when></TimeStamp>",
            *("2025-03-01", "2025-03-01", "day"),
        ),
    ],
)
def test_a_month_of_kml_does_not_become_a_day(
    tmp_path: Path, when: str, start: str, end: str, precision: str
) -> None:
    spot = "<Point><coordinates>70,34</coordinates></Point>"
    (tmp_path / "x.kml").write_text(
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>A</name>{when}'
        f"{spot}</Placemark></Document></kml>"
    )
    ((row,), _) = _read(tmp_path / "x.kml")
    assert not isinstance(row, Rejected), row
    assert (row.start.isoformat(), row.end.isoformat()) == (start, end)
    assert row.date_precision == precision


@pytest.mark.parametrize("name", ["events.kml", "events.kmz"])
def test_kml_says_when_in_its_own_way(name: str) -> None:
    rows, _ = _read(SAMPLES / name)
    clash, shelling, road = rows
    assert (clash.title, clash.summary) == ("Clash at the gate", "<b>bold</b> claim")
    assert (clash.start.isoformat(), clash.point) == ("2025-10-11", Point(70.1, 34.2))
    assert (shelling.start.isoformat(), shelling.end.isoformat()) == ("2025-10-12", "2025-10-13")
    assert isinstance(road, Rejected)
    assert (road.line, road.value) == (3, "LineString")
    assert "context layers" in road.rule


def test_a_zipped_shapefile_is_placed_by_its_prj() -> None:
    rows, _ = _read(SAMPLES / "utm.zip")
    assert [row.title for row in rows] == ["Clash", "Raid"]
    assert (rows[0].point.lon, rows[0].point.lat) == pytest.approx((69.0, 34.2511), abs=1e-4)


def test_without_a_coordinate_system_the_code_is_asked_for() -> None:
    with pytest.raises(VectorError, match=r"500000, 3790000 are no degrees: say which EPSG code"):
        _read(SAMPLES / "no-crs.zip")
    rows, notes = _read(SAMPLES / "no-crs.zip", columns={"epsg": "32642"})
    assert rows == _read(SAMPLES / "utm.zip")[0]
    assert (notes.repaired["crs_given"], notes.flagged["crs_not_stated"]) == (1, 0)
    with pytest.raises(VectorError, match="EPSG:99999', which is not known"):
        _read(SAMPLES / "no-crs.zip", columns={"epsg": "99999"})
    with pytest.raises(VectorError, match="epsg is '4326;x'"):
        _read(SAMPLES / "no-crs.zip", columns={"epsg": "4326;x"})


def test_degrees_without_a_coordinate_system_are_taken_and_noted(tmp_path: Path) -> None:
    frame = _frame().set_crs(None, allow_override=True)
    frame.to_parquet(tmp_path / "x.parquet")
    rows, notes = _read(tmp_path / "x.parquet")
    assert len(rows) == 3
    assert notes.flagged["crs_not_stated"] == 1


def test_a_file_with_several_layers_says_which_has_no_dates(tmp_path: Path) -> None:
    path = tmp_path / "x.gpkg"
    _frame().to_file(path, layer="events", driver="GPKG")
    _frame()[["id", "geometry"]].to_file(path, layer="offices", driver="GPKG", mode="a")
    rows, _ = _read(path)
    assert [type(row) is Rejected for row in rows] == [False] * 3 + [True] * 3
    assert (rows[3].line, rows[3].field, rows[3].value) == (4, "layer", "offices")
    assert "no column we know as a date" in rows[3].rule


def test_a_file_without_dates_is_refused_whole(tmp_path: Path) -> None:
    _frame()[["id", "geometry"]].to_file(tmp_path / "x.fgb", driver="FlatGeobuf")
    with pytest.raises(TableError, match="no column we know as a date"):
        _read(tmp_path / "x.fgb")


def test_a_point_that_cannot_be_placed_is_one_rejection(tmp_path: Path) -> None:
    frame = _frame("EPSG:3832")
    frame.loc[1, "geometry"] = shapely.Point(1e300, 1e300)
    frame.to_parquet(tmp_path / "x.parquet")
    rows, _ = _read(tmp_path / "x.parquet")
    assert [type(row) is Rejected for row in rows] == [False, True, False]
    assert rows[1].rule == "cannot be placed on WGS 84"


def test_a_layer_imports_by_the_one_door(written: Path, layers: Path) -> None:
    store = LayerStore(layers)
    report = run("vector", written / "p.gpkg", layer="x", store=store, now=NOW)
    assert (report.read, report.accepted, report.new) == (3, 3, 3)
    again = run("vector", written / "p.fgb", layer="x", store=store, now=NOW, upload=True)
    assert (again.new, again.revised, again.unchanged) == (0, 0, 3)


def test_any_shape_becomes_a_context_layer() -> None:
    with opened(SAMPLES / "events.kml") as vector:
        layer = from_features((s.feature for s in vector.shapes() if not s.fault), name="road")
    kinds = [feature["geometry"]["type"] for feature in layer.features]
    assert kinds == ["Point", "Point", "LineString"]
    assert around(layer, 5).depth(70.5, 34.25) > 0


def test_real_incidents_are_equal_from_geojson_and_flatgeobuf(shared: Path) -> None:
    folder = shared / "data" / "ucdp"
    wanted = list(geojson.read(folder / "ged231_car_482.geojson", now=NOW, notes=Notes()))
    rows, _ = _read(folder / "ged231_car_482.fgb")
    assert len(rows) == 1848
    assert sorted(rows, key=lambda i: i.id) == sorted(wanted, key=lambda i: i.id)


def test_samples_are_what_their_script_makes() -> None:
    made = runpy.run_path(str(SAMPLES / "make.py"))["samples"]()
    assert set(made) == {path.name for path in SAMPLES.iterdir() if path.suffix != ".py"}
    for name, content in made.items():
        assert (SAMPLES / name).read_bytes() == content, name


def test_whether_day_or_month_comes_first_is_decided_by_the_column(tmp_path: Path) -> None:
    path = tmp_path / "x.fgb"
    frame = _frame().assign(date=["03/07/2025", "04/07/2025", "13/07/2025"])
    frame.to_file(path, driver="FlatGeobuf", SPATIAL_INDEX="NO")
    assert [row.start.isoformat() for row in _read(path)[0]] == [
        *("2025-07-03", "2025-07-04", "2025-07-13")
    ]
    frame[:2].to_file(path, driver="FlatGeobuf", SPATIAL_INDEX="NO")
    with pytest.raises(TableError, match="date_order=dmy"):
        _read(path)
    assert len(_read(path, columns={"date_order": "mdy"})[0]) == 2
