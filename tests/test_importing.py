import gzip
import json
import random
from dataclasses import replace

import pytest

from geo import importing
from geo.errors import InputError, TableError
from geo.importing import run
from geo.layerfile import fingerprint
from geo.store import LayerStore
from tests.examples import NOW
from tests.sources.tables import csv_bytes, ged
from tests.stores import later

# the report's keys, as other programs rely on them
KEYS = {
    "source", "layer", "version", "read", "accepted", "rejected", "repaired", "flagged",
    "new", "revised", "unchanged", "withdrawn", "conflicts", "open_conflicts", "not_held",
    "plan", "scope", "precision", "period", "licence",
}  # fmt: skip


@pytest.fixture
def store(layers):
    return LayerStore(layers)


@pytest.fixture
def bring(store, tmp_path):
    """Import UCDP rows into the layer "pakistan"."""

    def go(*changes, minutes=0, **options):
        file = tmp_path / "ged.csv"
        file.write_bytes(ged(*changes))
        return run("ucdp", file, layer="pakistan", store=store, now=later(minutes), **options)

    return go


def test_a_report_says_where_every_row_went(bring, store):
    report = bring({}, {"where_prec": "6"}, {"date_start": "x"}, {"low": "9"})

    assert report.as_json() == {
        "source": "ucdp",
        "layer": "pakistan",
        "version": store.version("pakistan"),
        "read": 4,
        "accepted": 3,
        "rejected": [
            {
                "line": 4,
                "field": "date_start",
                "value": "x",
                "rule": "must be a day as YYYY-MM-DD; other orders are ambiguous",
            }
        ],
        "repaired": {"country_centroid_not_used": 1},
        "flagged": report.flagged,
        "new": 3,
        "revised": 0,
        "unchanged": 0,
        "withdrawn": 0,
        "conflicts": 0,
        "open_conflicts": 0,
        "not_held": 0,
        "plan": {
            "new": [
                {"id": i.id, "title": i.title, "fields": []}
                for i in store.read("pakistan").incidents
            ],
            "revised": [],
            "withdrawn": [],
            "conflicts": [],
        },
        "scope": None,
        "precision": {"exact": 2, "country": 1},
        "period": ["2014-06-15", "2014-06-15"],
        "licence": "CC BY 4.0, UCDP GED",
    }
    assert sum(report.flagged.values()) >= 1


def test_all_keys_are_there_when_nothing_is(bring):
    written = bring({"id": ""}).as_json()

    assert set(written) == KEYS
    assert written["period"] is None
    assert json.loads(json.dumps(written)) == written


def test_the_same_file_again_changes_nothing(bring, store):
    bring({}, {})
    version = store.version("pakistan")
    again = bring({}, {}, minutes=5)

    assert (again.new, again.revised, again.unchanged) == (0, 0, 2)
    assert store.version("pakistan") == version
    assert len(store.history("pakistan")) == 1


def test_a_newer_file_revises_and_what_it_lacks_stays(bring, store):
    bring({}, {})
    report = bring({"best": "4"}, minutes=5)

    assert (report.new, report.revised, report.unchanged, report.withdrawn) == (0, 1, 0, 0)
    assert len(store.read("pakistan").incidents) == 2


def test_a_complete_file_withdraws_what_it_lacks_and_keeps_it(bring, store):
    bring({}, {})
    report = bring({}, minutes=5, complete=True)

    assert report.withdrawn == 1
    kept = {i.id: i.status for i in store.read("pakistan").incidents}
    assert kept == {"ucdp:1": "accepted", "ucdp:2": "retracted"}


def test_a_dry_run_reports_and_writes_nothing(bring, store, layers):
    report = bring({}, {}, dry_run=True)

    assert (report.accepted, report.new) == (2, 2)
    assert store.names() == []
    assert [p.name for p in layers.rglob("*.geojson")] == []


def test_a_correction_by_hand_is_not_lost_to_the_source(bring, store):
    bring({})
    [made] = store.read("pakistan").incidents
    corrected = replace(made, title="As we know better")
    store.save("pakistan", corrected, expected=fingerprint(made), by="Ann", now=later(1))
    report = bring({"where_coordinates": "Miran Shah town"}, minutes=5)
    [kept] = store.read("pakistan").incidents

    assert report.conflicts == 1
    assert kept.title == "As we know better"


def test_an_id_that_stands_twice_is_counted(bring):
    report = bring({"id": "7"}, {"id": "7", "best": "4"})

    assert report.flagged["same_id_twice"] == 1
    assert report.accepted == 2
    assert report.new == 1


def test_a_source_with_columns_of_its_own_takes_none(bring):
    with pytest.raises(TableError, match="ucdp has columns of its own"):
        bring({}, columns={"start": "x"})


def test_an_import_is_journalled_under_a_name(bring, store):
    bring({}, by="Ann")
    bring({"best": "4"}, minutes=5)

    assert [entry.who for entry in store.history("pakistan")][:2] == ["import", "Ann"]


def test_a_refused_file_leaves_the_layer_as_it_was(bring, store, tmp_path):
    bring({})
    version = store.version("pakistan")
    broken = tmp_path / "b.csv"
    broken.write_bytes(csv_bytes([{"a": "1"}]))
    with pytest.raises(TableError):
        run("ucdp", broken, layer="pakistan", store=store, now=NOW)

    assert store.version("pakistan") == version


def test_what_comes_through_the_browser_meets_narrower_limits(store, tmp_path, monkeypatch):
    # the real bound would take seconds to unpack
    assert importing._UPLOADED["ucdp"] == {"most": 1_000_000_000}
    monkeypatch.setitem(importing._UPLOADED, "ucdp", {"most": 20_000_000})
    many = tmp_path / "many.geojson"
    feature = '{"type":"Feature","geometry":null,"properties":{}}'
    many.write_text(f'{{"type":"FeatureCollection","features":[{",".join([feature] * 50_001)}]}}')
    packed = tmp_path / "bomb.csv.gz"
    # no more than 200 times its size, which would be refused before
    block = random.Random(1).randbytes(10_000).hex().encode() + b"x," * 490_000
    packed.write_bytes(gzip.compress(ged({}) + block * 21))
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        # a hole on the disk
        file.truncate(200_000_001)
    for source, path, said in (
        ("geojson", many, "50,000"),
        ("ucdp", packed, "unpacks to more than 20,000,000 bytes"),
        ("table", large, "200,000,001 bytes: at most 200,000,000 are taken in the browser"),
    ):
        with pytest.raises(InputError, match=said):
            run(source, path, layer="x", store=store, now=NOW, upload=True)
    assert store.names() == []
