"""Are several layers asked together from a terminal, each told apart?"""

import json

import pytest

from geo.cli import main
from geo.store import LayerStore
from tests.examples import NOW, incident
from tests.stores import later


@pytest.fixture
def two(layers):
    for name, ids in (("one", ("own:1", "own:2")), ("other", ("own:1",))):
        LayerStore(layers).upsert(name, map(incident, ids), by="test", now=NOW)


@pytest.mark.usefixtures("two")
def test_json_holds_the_union_with_every_layer_named(capsys):
    assert main(["query", "--layer", "one", "--layer", "other", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)

    assert [layer["name"] for layer in said["layers"]] == ["one", "other"]
    assert all(len(layer["version"]) == 64 for layer in said["layers"])
    assert [f["id"] for f in said["features"]] == ["own:1@one", "own:1@other", "own:2@one"]
    assert [f["layer"] for f in said["features"]] == ["one", "other", "one"]
    matched = {name: ledger["matched"] for name, ledger in said["ledgers"].items()}
    assert matched == {"one": 2, "other": 1}
    assert said["ledger"]["matched"] == 3
    assert said["shared"] == 1


@pytest.mark.usefixtures("two")
def test_one_layer_answers_as_ever(capsys):
    assert main(["query", "--layer", "one", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)

    assert [f["id"] for f in said["features"]] == ["own:1", "own:2"]
    assert "ledgers" not in said


@pytest.mark.usefixtures("two")
def test_words_tell_each_layer_and_the_sum(capsys):
    assert main(["query", "--layer", "one", "--layer", "other"]) == 0
    said = capsys.readouterr().out

    assert "one: 2 of 2 match" in said
    assert "together: 3 of 3 match" in said
    assert "each counts once in each" in said


@pytest.mark.usefixtures("two")
def test_an_engine_is_not_asked_for_some_of_its_layers(capsys):
    code = main(["query", "--layer", "one", "--layer", "other", "--engine", "duckdb:/x"])

    assert code == 2
    assert "engine is 'duckdb:/x' with several layers" in capsys.readouterr().err


@pytest.mark.usefixtures("two")
def test_every_layer_is_asked_as_it_was_known(layers, capsys):
    late = later(60 * 24)
    LayerStore(layers).upsert("one", [incident("own:3")], by="test", now=late)
    both = ["query", "--layer", "one", "--layer", "other", "--json"]

    assert main([*both, "--known-on", "2025-11-20"]) == 0
    assert json.loads(capsys.readouterr().out)["ledger"]["total"] == 3
    assert main([*both, "--known-on", "2025-11-21"]) == 0
    assert json.loads(capsys.readouterr().out)["ledger"]["total"] == 4
    assert main([*both, "--known-on", "2025-01-01"]) == 1
    assert "layer 'one' was not known on" in capsys.readouterr().err
