"""Does a GeoPackage show no place more exactly than it is known, and QGIS draw it so?"""

import re
import xml.etree.ElementTree as ET
from contextlib import closing

import geopandas as gpd
import pytest

from geo.exports import COLUMNS
from geo.flat import CARRIED
from geo.taxonomy import group_of, groups
from tests.examples import incident
from tests.exports.files import database, exported

MADE = [
    incident("own:1"),
    incident("own:2", precision="near", radius_km=5.0),
    incident("own:3", precision="province", admin1="Nangarhar"),
    incident("own:4", precision="province", admin1="Nowhere", radius_km=80.0),
    incident("own:5", precision="country"),
    incident("own:6", event_type="protest"),
]


@pytest.fixture(scope="module")
def layers(tmp_path_factory):
    path = tmp_path_factory.mktemp("gpkg") / "made.gpkg"
    path.write_bytes(exported(MADE, "gpkg"))
    return {name: gpd.read_file(path, layer=name) for name in ("points", "extents", "unplaced")}


def test_a_point_stands_only_where_the_place_is_known(layers):
    points = layers["points"]
    assert list(points["id"]) == ["own:1", "own:2", "own:6"]
    assert {(p.x, p.y) for p in points.geometry} == {(71.0896, 34.1286)}
    assert list(layers["unplaced"]["id"]) == ["own:5"]


def test_an_extent_is_the_disc_or_the_province(layers):
    extents = layers["extents"].set_index("id")
    assert list(extents["shown"]) == ["disc", "unit", "disc"]
    areas = extents.to_crs("+proj=laea +lat_0=34 +lon_0=71").area / 1e6
    assert areas["own:2"] == pytest.approx(78.5, rel=0.01)
    assert areas["own:3"] == pytest.approx(7_600, rel=0.15)


def test_layers_have_the_columns_of_the_table(layers):
    for name, extra in (("points", []), ("extents", ["shown"]), ("unplaced", [])):
        held = [c for c in layers[name].columns if c != "geometry"]
        assert held == [*COLUMNS, *CARRIED, *extra]


def test_styles_are_loaded_by_themselves_and_name_columns_and_colours_there_are():
    with closing(database(exported(MADE, "gpkg"))) as base:
        styles = dict(
            base.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault = 1")
        )
        columns = {
            name: {row[1] for row in base.execute(f"PRAGMA table_info({name})")} for name in styles
        }
    assert set(styles) == {"points", "extents"}
    for name, text in styles.items():
        root = ET.fromstring(text)  # noqa: S314 our own bytes
        said = [rule.get("filter", "") for rule in root.iter("rule")]
        said += [
            option.get("value", "")
            for option in root.iter("Option")
            if option.get("name") == "expression"
        ]
        assert {c for s in said for c in re.findall(r'"(\w+)"', s)} <= columns[name]
        symbols = {symbol.get("name") for symbol in root.iterfind(".//symbols/symbol")}
        assert {rule.get("symbol") for rule in root.iter("rule")} - {None} == symbols
        labels = {rule.get("label") for rule in root.iterfind("./renderer-v2/rules/rule")}
        assert labels == {group.label for group in groups()}
        colour = group_of("armed_clash").colour
        rgb = ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
        assert rgb in text


def test_the_file_says_what_it_is_and_no_time_but_that_of_the_data():
    with closing(database(exported(MADE, "gpkg"))) as base:
        about = dict(base.execute("SELECT name, value FROM about"))
        times = {row[0] for row in base.execute("SELECT last_change FROM gpkg_contents")}
        kept = base.execute("PRAGMA integrity_check").fetchone()
    assert about["matched"] == "6"
    assert about["data as of"] == "2025-11-20T12:00:00Z"
    assert times == {"2025-11-20T12:00:00.000Z"}
    assert kept == ("ok",)
