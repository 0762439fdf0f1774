"""Are landed rows what the layer holds, and is nothing landed twice?"""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.actors import canonical
from geo.engines import layout
from geo.engines.land import land, land_layer
from geo.errors import LayerCorruptError, LayerNameError, LayerNotFoundError
from geo.filters import fold
from geo.incident import Actor, Incident, Point, Site, Source
from geo.layerfile import decode, encode
from tests.examples import incident
from tests.sources.tables import ged
from tests.stores import NOW, border
from tests.strategies import incidents


def landed(folder: Path) -> list[dict]:
    paths = sorted(folder.rglob("*.parquet"))
    return [row for path in paths for row in pq.read_table(path).to_pylist()]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(crowd=st.lists(incidents(), max_size=5))
def test_every_incident_comes_back_whole_from_its_row(tmp_path, crowd: list[Incident]) -> None:
    land(map(encode, crowd), tmp_path, layer="crowd", block=2)
    found = [decode(row["feature"].encode(), where="row") for row in landed(tmp_path)]
    assert found == crowd


def test_a_row_holds_what_filters_look_at(tmp_path) -> None:
    one = incident(
        "ucdp:7",
        title="Ärger in Herat",
        actors=(Actor(name="Pakistani Taliban"),),
        sources=(Source(publisher="UNAMA"),),
        precision="near",
        sites=(Site(name="post", point=Point(70.5, 34.25), precision="near"),),
    )
    assert land([encode(one)], tmp_path, layer="one", version="v") == 1
    (row,) = landed(tmp_path)
    assert (row["layer"], row["version"], row["mark"]) == ("one", "v", layout.mark())
    assert row["text"].startswith("arger in herat\n")
    assert row["actors"] == sorted(
        {fold("Pakistani Taliban"), fold(canonical("Pakistani Taliban"))}
    )
    assert len(row["actors"]) == 2
    assert row["sources"] == ["ucdp", "unama"]
    assert (row["lon"], row["lat"], row["reach_km"]) == (71.0896, 34.1286, 25.0)
    assert layout.read_sites(row["sites"]) == [(70.5, 34.25, 25.0)]
    assert row["mappable"]


def test_landed_rows_are_geoparquet(tmp_path) -> None:
    rows = [incident("own:1"), incident("own:2", precision="country")]
    land(map(encode, rows), tmp_path, layer="drawn")
    (path,) = tmp_path.rglob("*.parquet")
    frame = gpd.read_parquet(path)
    assert frame.crs.to_epsg() == 4326 or frame.crs.to_authority() == ("OGC", "CRS84")
    assert frame.geometry[0].coords[0] == (71.0896, 34.1286)
    assert frame.geometry[1] is None


def test_many_rows_go_into_row_groups_and_files(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("geo.engines.land._BLOCKS_A_FILE", 3)
    told: list[int] = []
    lines = [encode(incident(f"own:{n:02}")) for n in range(8)]
    assert land(lines, tmp_path, layer="many", block=2, tell=told.append) == 8
    first, second = sorted((tmp_path / "many").iterdir())
    assert (first.name, second.name) == ("layer-00000.parquet", "layer-00001.parquet")
    assert [pq.read_metadata(p).num_row_groups for p in (first, second)] == [3, 1]
    assert told == [2, 4, 6, 8]
    assert [row["id"] for row in landed(tmp_path)] == [f"own:{n:02}" for n in range(8)]


def test_landing_again_replaces_what_the_same_name_left(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("geo.engines.land._BLOCKS_A_FILE", 1)
    lines = [encode(incident(f"own:{n}")) for n in range(3)]
    land(lines, tmp_path, layer="again", block=1, name="a")
    land(lines[:1], tmp_path, layer="again", block=1, name="b")
    land(lines[:1], tmp_path, layer="again", block=1, name="a")
    names = sorted(path.name for path in (tmp_path / "again").iterdir())
    assert names == ["a-00000.parquet", "b-00000.parquet"]
    land([], tmp_path, layer="again", name="a")
    assert [path.name for path in (tmp_path / "again").iterdir()] == ["b-00000.parquet"]


def test_a_landing_that_fails_leaves_the_older_rows(tmp_path) -> None:
    land([encode(incident("own:1"))], tmp_path, layer="kept")

    def broken():
        yield encode(incident("own:2"))
        raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        land(broken(), tmp_path, layer="kept")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["layer-00000.parquet"]
    assert [row["id"] for row in landed(tmp_path)] == ["own:1"]


def test_a_name_that_leads_elsewhere_is_refused(tmp_path) -> None:
    with pytest.raises(LayerNameError):
        land([], tmp_path, layer="../other")
    land([encode(incident())], tmp_path, layer="here", name="../../elsewhere")
    assert [p.parent.name for p in tmp_path.rglob("*.parquet")] == ["here"]


def test_a_layer_is_landed_at_its_version(tmp_path) -> None:
    store = border(tmp_path / "layers")
    store.upsert("border", [incident("own:1"), incident("own:2")], by="Ann", now=NOW)
    version, rows = land_layer(store, "border", tmp_path / "lake")
    assert (version, rows) == (store.version("border"), 2)
    assert {row["version"] for row in landed(tmp_path / "lake")} == {version}
    with pytest.raises(LayerNotFoundError):
        land_layer(store, "nowhere", tmp_path / "lake")


def test_a_layer_that_was_changed_by_hand_is_read_as_any_other(tmp_path) -> None:
    store = border(tmp_path / "layers")
    store.upsert("border", [incident("own:1")], by="Ann", now=NOW)
    path = tmp_path / "layers" / "border.geojson"
    loose = json.dumps(json.loads(path.read_text()), indent=1).replace("Incident own:1", "By hand")
    path.write_text(loose)
    land_layer(store, "border", tmp_path / "lake")
    (row,) = landed(tmp_path / "lake")
    assert row["title"] == "By hand"
    path.write_text(loose.replace("armed_clash", "no_such_type"))
    with pytest.raises(LayerCorruptError):
        land_layer(store, "border", tmp_path / "lake")


def test_files_of_a_source_are_landed_without_the_store(run, tmp_path, layers) -> None:
    table = tmp_path / "GED 2025.csv"
    table.write_bytes(ged({}, {"latitude": "999"}))
    code, out, err = run("land", "ucdp", table, "--layer", "world", "--out", tmp_path / "lake")
    assert (code, err) == (0, "")
    assert "GED 2025.csv line 3: latitude is 999" in out
    assert "1 rows, 1 rejected" in out
    assert [p.name for p in tmp_path.rglob("*.parquet")] == ["GED-2025-00000.parquet"]
    assert list(layers.iterdir()) == []


@pytest.mark.usefixtures("demo")
def test_a_layer_is_landed_from_a_terminal(run, tmp_path) -> None:
    code, out, _ = run(
        *("land", "--layer", "afghanistan-pakistan-2025", "--out", tmp_path, "--json")
    )
    told = json.loads(out)
    assert code == 0
    assert (told["rows"], told["files"]) == (25, [])
    assert len(told["version"]) == 64
    assert run("land", "ucdp", "--layer", "x", "--out", tmp_path)[0] == 2
