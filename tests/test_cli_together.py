"""Do export, snapshot and verify take several layers from a terminal?"""

import json

import pytest

from geo.cli import main
from geo.exports import ExportMeta, export
from geo.filters import Filter, select
from geo.store import LayerStore
from tests.examples import NOW, incident

BOTH = ("--layer", "one", "--layer", "other")


@pytest.fixture
def store(layers):
    made = LayerStore(layers)
    for name, ids in (("one", ("own:1", "own:2")), ("other", ("own:1",))):
        made.upsert(name, map(incident, ids), by="test", now=NOW)
    return made


def run(*arguments):
    return main([str(a) for a in arguments])


def test_an_export_of_two_layers_states_both_and_adds_up(store, tmp_path, capsys):
    out = tmp_path / "both.geojson"
    assert run("export", *BOTH, "--out", out) == 0
    said = capsys.readouterr().out
    assert "3 incidents" in said
    assert "each counts once in each" in said
    held = json.loads(out.read_bytes())
    stated = held["atlas"]["manifest"]

    assert [f["id"] for f in held["features"]] == ["own:1@one", "own:1@other", "own:2@one"]
    assert stated["layers"] == [
        {"name": name, "version": store.version(name)} for name in ("one", "other")
    ]
    assert list(stated["incidents"]) == ["own:1@one", "own:1@other", "own:2@one"]
    assert (stated["ledger"]["total"], stated["ledger"]["matched"]) == (3, 3)


@pytest.mark.usefixtures("store")
def test_the_ledger_of_an_export_is_that_of_query(tmp_path, capsys):
    out, asked = tmp_path / "both.geojson", (*BOTH, "--text", "own:2")
    run("export", *asked, "--out", out)
    capsys.readouterr()
    run("query", *asked, "--json")
    queried = json.loads(capsys.readouterr().out)
    stated = json.loads(out.read_bytes())["atlas"]

    queried["ledger"].pop("would_return")
    assert stated["ledger"] == queried["ledger"]
    assert stated["layers"] == queried["layers"]
    assert stated["ledger"]["excluded"]["text"] == 2


def test_a_file_of_one_layer_is_byte_for_byte_what_it_was(store, tmp_path):
    layer, out = store.read("one"), tmp_path / "one.geojson"
    time = "2025-11-20T12:00:00Z"
    assert run("export", "--layer", "one", "--as-of", time, "--out", out) == 0
    meta = ExportMeta(
        title=layer.meta.title or "one",
        layers=(("one", layer.version),),
        query=Filter(),
        as_of=NOW,
        licence=layer.meta.licence,
    )

    assert out.read_bytes() == export(select(layer.incidents, Filter()), "geojson", meta=meta)


@pytest.mark.usefixtures("store")
def test_an_option_that_works_on_one_layer_says_so(tmp_path, capsys):
    code = run("export", *BOTH, "--known-on", "2025-11-21", "--out", tmp_path / "x.csv")

    assert code == 2
    assert "it works on one" in capsys.readouterr().err


@pytest.mark.usefixtures("store")
def test_a_layer_that_is_not_there_is_named(tmp_path, capsys):
    code = run("export", "--layer", "one", "--layer", "gone", "--out", tmp_path / "x.csv")

    assert code == 1
    assert "'gone'" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
