import json

import pytest

from geo.errors import GeoJSONError, TableError
from geo.exports import ExportMeta, export
from geo.feature import to_feature
from geo.filters import Filter, select
from geo.incident import Point
from geo.settings import ROOT
from geo.sources.geojson import read
from geo.store import LayerStore
from tests.examples import NOW
from tests.sources.tables import Said

DEMO = "afghanistan-pakistan-2025"


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def foreign(lon=71.09, lat=34.13, **properties):
    geometry = None if lon is None else {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


@pytest.fixture
def said(tmp_path):
    def run(raw, **options):
        file = tmp_path / "a.geojson"
        file.write_bytes(raw)
        return Said(read, file, **options)

    return run


def test_the_demo_comes_back_from_its_own_export_without_loss(said):
    layer = LayerStore(ROOT / "layers").read(DEMO)
    found = select(layer.incidents, Filter())
    meta = ExportMeta(
        title="t", layers=((DEMO, layer.version),), query=Filter(), as_of=NOW, licence="CC BY 4.0"
    )
    told = said(export(found, "geojson", meta=meta))

    assert told.rejected == []
    assert sorted(map(to_dict, told.incidents)) == sorted(map(to_dict, layer.incidents))


def to_dict(incident):
    return json.dumps(to_feature(incident), sort_keys=True)


def test_a_foreign_point_is_near_at_most(said):
    [made] = said(collection(foreign(date="2025-10-11", type="Explosion", name="x"))).incidents

    assert made.point == Point(71.09, 34.13)
    assert (made.precision, made.event_type, made.title) == ("near", "explosion", "x")


def test_a_foreign_feature_without_a_place_has_no_pin(said):
    [made] = said(collection(foreign(lon=None, date="2025-10-11", country="Pakistan"))).incidents

    assert (made.point, made.precision, made.countries) == (None, "country", ("PAK",))


def test_lines_and_areas_are_refused_by_name(said):
    line = {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}
    told = said(
        collection(
            foreign(date="2025-10-11"),
            {"type": "Feature", "geometry": line, "properties": {"date": "2025-10-11"}},
        )
    )

    assert len(told.incidents) == 1
    assert [(r.line, r.field, r.value) for r in told.rejected] == [(2, "geometry", "LineString")]


def test_a_bad_feature_is_rejected_by_number_and_the_rest_comes_in(said):
    told = said(collection(foreign(date="2025-10-11"), foreign(date="soon")))

    assert len(told.incidents) == 1
    assert told.rejected[0].line == 2


def test_features_without_a_date_say_how_to_name_it(said):
    with pytest.raises(TableError, match="start=HEADER"):
        said(collection(foreign(what="clash")))
    named = said(collection(foreign(wann="2025-10-11")), columns={"start": "wann"})
    assert len(named.incidents) == 1


def test_what_is_no_geojson_is_told_with_every_problem(said):
    with pytest.raises(GeoJSONError) as caught:
        said(collection(foreign(lon=200, date="2025-10-11"), foreign(lat=99, date="2025-10-11")))
    assert len(caught.value.problems) >= 2


def test_a_real_foreign_file_is_read(shared):
    told = Said(read, shared / "data" / "usgs" / "earthquakes.json", columns={"start": "time"})

    assert told.read == len(told.incidents) + len(told.rejected)
    assert told.read > 0
