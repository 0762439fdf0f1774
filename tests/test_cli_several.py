"""Are several layers asked together from a terminal, each told apart?"""

import json

import pytest

from geo.cli import main
from geo.store import LayerStore
from tests.examples import NOW, incident


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
def test_what_works_on_one_layer_says_so(capsys):
    code = main(["query", "--layer", "one", "--layer", "other", "--known-on", "2025-01-01"])

    assert code == 2
    assert "it works on one" in capsys.readouterr().err
