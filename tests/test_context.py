"""Are own offices, routes and areas kept as they are, and do they filter incidents?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geo.context import Overlay, around, decode, encode, from_features, load, names, resolve, save
from geo.errors import ContextError, FilterError, GeoJSONError
from geo.filters import Filter, select
from geo.incident import Point
from geo.manifest import Origin, make
from geo.params import read, write
from geo.snapshot.language import language
from geo.snapshot.words import filter_in_words
from tests.examples import NOW
from tests.examples import incident as example

OFFICE = {
    "type": "Feature",
    "properties": {"name": "Kabul office"},
    "geometry": {"type": "Point", "coordinates": [69.2, 34.5]},
}
ROUTE = {
    "type": "Feature",
    "properties": {"name": "Khyber"},
    "geometry": {"type": "LineString", "coordinates": [[69.2, 34.5], [71.5, 34.0]]},
}


def _area(*ring):
    geometry = {"type": "Polygon", "coordinates": [[list(spot) for spot in ring]]}
    return {"type": "Feature", "properties": {}, "geometry": geometry}


@pytest.fixture
def offices():
    made = from_features([OFFICE, ROUTE], name="offices")
    return Overlay(
        name="offices",
        title="Our offices",
        features=made.features,
        style="dashed",
        source="Own",
        licence="internal",
    )


def test_a_context_layer_comes_back_as_it_was_kept(layers: Path, offices: Overlay) -> None:
    version = save(layers, offices)
    assert version == offices.version
    assert load(layers, "offices") == offices
    assert names(layers) == ("offices",)
    assert encode(load(layers, "offices")) == (layers / "context/offices.geojson").read_bytes()
    assert [p.name for p in (layers / "context").iterdir() if p.suffix == ".tmp"] == []


def test_any_geojson_is_taken_as_one() -> None:
    raw = json.dumps({"type": "FeatureCollection", "features": [ROUTE]}).encode()
    made = decode(raw, name="supply-road")
    assert (made.title, made.style, made.licence) == ("Supply road", "solid", "")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "../x"}, "context name"),
        ({"name": "con"}, "context name"),
        ({"name": "a\n"}, "context name"),
        ({"title": "x" * 301}, "context title"),
        ({"source": "a\nb"}, "context source"),
        ({"style": "red"}, "context style"),
    ],
)
def test_what_cannot_be_kept_is_refused(change, said) -> None:
    fields = {"name": "x", "title": "X", "features": (OFFICE,)} | change
    with pytest.raises(ContextError, match=said):
        Overlay(**fields)


def test_a_file_from_outside_meets_the_gate() -> None:
    with pytest.raises(GeoJSONError):
        decode(b'{"type":"Point","coordinates":[NaN,1]}', name="x")
    with pytest.raises(GeoJSONError):
        from_features([{**OFFICE, "geometry": {"type": "Point", "coordinates": [0, 91]}}], name="x")
    with pytest.raises(ContextError, match="no point"):
        from_features([{**OFFICE, "geometry": None}], name="x")
    link = {"type": "FeatureCollection", "features": [OFFICE], "crs": {"type": "link"}}
    with pytest.raises(GeoJSONError, match="crs"):
        decode(json.dumps(link).encode(), name="x")


def test_a_missing_or_damaged_one_is_named(layers: Path, offices: Overlay) -> None:
    with pytest.raises(ContextError, match="'offices' does not exist: there are none"):
        load(layers, "offices")
    save(layers, offices)
    (layers / "context/offices.geojson").write_bytes(b"{")
    with pytest.raises(ContextError, match="damaged"):
        load(layers, "offices")
    with pytest.raises(ContextError, match="name"):
        load(layers, "../offices")


def test_a_radius_around_it_filters_incidents(layers: Path, offices: Overlay) -> None:
    save(layers, offices)
    query = read(resolve({"near-context": ["offices,25"], "status": ["any"]}, layers))
    here = example("own:1", point=Point(69.3, 34.5), precision="exact", radius_km=None)
    road = example("own:2", point=Point(70.5, 34.3), precision="exact", radius_km=None)
    rough = example("own:3", point=Point(69.2, 34.85), precision="near", radius_km=25)
    away = example("own:4", point=Point(66.0, 34.5), precision="near", radius_km=25)
    found = select([here, road, rough, away], query)
    assert {m.incident.id: m.where for m in found.matches} == {
        "own:1": "inside",
        "own:2": "inside",
        "own:3": "possibly",
    }
    assert found.ledger.excluded["area"] == 1
    assert "within 25 km of offices" in filter_in_words(query, found.matches, language("en"))


def test_a_manifest_holds_the_shapes_so_that_the_filter_outlives_the_layer(
    layers: Path, offices: Overlay
) -> None:
    save(layers, offices)
    query = read(resolve({"near-context": ["offices,25"]}, layers))
    origin = Origin(title="T", query=query, layers=(("x", "0" * 64),), as_of=NOW)
    content = make("export", origin, select([], query)).content
    (layers / "context/offices.geojson").unlink()
    assert read(content["filter"]) == query
    assert content["filter"]["around"][0].startswith(
        f"offices@{offices.version[:12]},25|p:69.2,34.5"
    )
    assert read(write(query)) == query


@pytest.mark.parametrize(
    "asked",
    [
        ["offices"],
        ["offices,"],
        ["offices,x"],
        ["offices,-1"],
        ["offices,5000"],
        ["offices,5", "a,1"],
    ],
)
def test_a_distance_that_means_nothing_is_refused(layers: Path, offices: Overlay, asked) -> None:
    save(layers, offices)
    with pytest.raises(FilterError, match="near-context"):
        resolve({"near-context": asked}, layers)


def test_without_it_a_filter_is_left_as_it_is(layers: Path) -> None:
    assert resolve({"text": ["x"], "near-context": []}, layers) == {"text": ["x"]}
    assert read(resolve({}, layers)) == Filter()


def test_neighbouring_areas_have_no_edge_between_them() -> None:
    west = _area((60, 30), (61, 30), (61, 31), (60, 31), (60, 30))
    east = _area((61, 30), (62, 30), (62, 31), (61, 31), (61, 30))
    area = around(from_features([west, east], name="aor"), 0)
    assert area.depth(61.0, 30.5) > 50


def test_an_area_across_the_180th_meridian_is_one() -> None:
    uncut = _area((178, -18), (-178, -18), (-178, -16), (178, -16), (178, -18))
    area = around(from_features([uncut], name="fiji"), 0)
    assert len(area.areas) == 2
    assert area.depth(180.0, -17.0) > 100
    assert area.depth(0.0, -17.0) < -1000


def test_fine_shapes_are_thinned_within_the_tolerance_or_refused() -> None:
    coast = [[60 + i / 4_000, 30 + (i % 2) / 2_000] for i in range(8_000)]
    line = {**ROUTE, "geometry": {"type": "LineString", "coordinates": coast}}
    made = from_features([line], name="coast")
    area = around(made, 50)
    assert sum(map(len, area.lines)) < 100
    assert area.depth(60.5, 30.4) == pytest.approx(
        around(
            from_features(
                [{**line, "geometry": {**line["geometry"], "coordinates": coast[:5_000]}}], name="c"
            ),
            0.1,
        ).depth(60.5, 30.4, reach=100)
        + 49.9,
        abs=0.5,
    )
    with pytest.raises(FilterError, match="8,000 positions"):
        around(made, 0.001)
