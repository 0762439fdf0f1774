"""Do export, snapshot and verify take several layers from a terminal?"""

import json
from datetime import date

import pytest

from geo import views
from geo.cli import main
from geo.exports import FORMATS, ExportMeta, export
from geo.filters import Filter, select
from geo.keeping import Keeper
from geo.store import LayerStore, fingerprint
from geo.views import View
from tests.examples import NOW, incident
from tests.stores import later

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


def test_a_day_in_the_past_is_that_of_every_layer(store, tmp_path):
    store.upsert("one", [incident("own:4")], by="test", now=later(60))
    store.upsert("other", [incident("own:8")], by="test", now=later(60 * 24 * 3))
    out = tmp_path / "then.geojson"
    assert run("export", *BOTH, "--known-on", "2025-11-20", "--out", out) == 0

    ids = [feature["id"] for feature in json.loads(out.read_bytes())["features"]]
    assert ids == ["own:1@one", "own:1@other", "own:2@one", "own:4@one"]


def test_a_named_view_asks_all_its_layers(store, layers, tmp_path, capsys):
    late = incident("own:7", start=date(2025, 10, 30), end=date(2025, 10, 30))
    store.upsert("other", [late], by="test", now=later(60))
    views.save(layers, View(name="Both", layer="one", beside=("other",), rule="newest-7-days"))
    out = tmp_path / "view.geojson"
    assert run("export", "--view", "Both", "--out", out) == 0
    held = json.loads(out.read_bytes())
    assert [layer["name"] for layer in held["atlas"]["layers"]] == ["one", "other"]
    # the rule follows the newest incident of both
    assert [feature["id"] for feature in held["features"]] == ["own:7@other"]

    capsys.readouterr()
    assert run("query", "--view", "Both", "--json") == 0
    assert [f["id"] for f in json.loads(capsys.readouterr().out)["features"]] == ["own:7@other"]
    assert run("views", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["beside"] == ["other"]
    assert run("views") == 0
    assert capsys.readouterr().out.startswith("Both: one + other, ")


@pytest.mark.usefixtures("store")
def test_a_file_says_what_stands_in_both(tmp_path):
    out = tmp_path / "both.geojson"
    assert run("export", *BOTH, "--out", out) == 0

    (note,) = json.loads(out.read_bytes())["atlas"]["notes"]
    assert note.startswith("Ids that stand in more than one of these layers: 1. Such an incident")


@pytest.mark.usefixtures("store")
def test_a_layer_that_is_not_there_is_named(tmp_path, capsys):
    code = run("export", "--layer", "one", "--layer", "gone", "--out", tmp_path / "x.csv")

    assert code == 1
    assert "'gone'" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.fixture
def verified(capsys):
    def go(*arguments):
        capsys.readouterr()
        code = run("verify", *arguments, "--json")
        return code, json.loads(capsys.readouterr().out)

    return go


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("profile", ["internal", "partners", "public"])
@pytest.mark.parametrize("fmt", FORMATS)
def test_a_file_of_two_layers_is_same_in_whatever_order_they_are_named(
    tmp_path, verified, fmt, profile
):
    out = tmp_path / f"both.{fmt}"
    assert run("export", *BOTH, "--profile", profile, "--out", out) == 0

    code, said = verified(out, "--layer", "other", "--layer", "one")
    assert (code, said["result"], said["parts"]) == (0, "same", [])


def test_a_change_in_either_layer_is_named_by_incident_and_layer(store, tmp_path, verified):
    out = tmp_path / "both.gpkg"
    run("export", *BOTH, "--out", out)
    store.upsert("other", [incident("own:3")], by="test", now=NOW)
    before = store.read("one").incidents[0]
    after = incident("own:1", title="Told anew")
    store.save("one", after, expected=fingerprint(before), by="test", now=NOW)

    code, said = verified(out, *BOTH)
    assert (code, said["result"]) == (1, "data_changed")
    assert (said["added"], said["revised"]) == (["own:3@other"], ["own:1@one"])
    assert set(said["parts"]) == {"ledger", "layer version"}


@pytest.mark.usefixtures("store")
def test_a_file_of_two_layers_that_was_changed_is_altered(tmp_path, verified):
    out = tmp_path / "both.geojson"
    run("export", *BOTH, "--out", out)
    out.write_bytes(out.read_bytes().replace(b"Incident own:1", b"Incident own:9", 1))

    code, said = verified(out, *BOTH)
    assert (code, said["result"]) == (1, "altered")
    assert said["parts"][0].startswith("row own:1@")


@pytest.mark.usefixtures("store")
def test_a_missing_layer_is_told_in_one_sentence(tmp_path, capsys):
    out = tmp_path / "both.geojson"
    run("export", *BOTH, "--out", out)
    capsys.readouterr()

    assert run("verify", out, "--layer", "one", "--json") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "atlas: file is of 'one' + 'other': 'other' is missing, "
        "and it is checked against all of them\n"
    )


def test_a_layer_that_is_no_part_of_the_file_is_told(store, tmp_path, capsys):
    out = tmp_path / "one.geojson"
    run("export", "--layer", "one", "--out", out)
    capsys.readouterr()

    assert run("verify", out, *BOTH) == 1
    assert "file is of 'one': 'other' is none of them" in capsys.readouterr().err
    # of one layer the name is free, as ever
    store.upsert("copy", store.read("one").incidents, by="test", now=NOW)
    assert run("verify", out, "--layer", "copy") == 0


def test_a_file_is_checked_by_the_names_its_layers_had(store, layers, tmp_path, verified):
    out = tmp_path / "both.geojson"
    run("export", *BOTH, "--out", out)
    Keeper(layers).rename("other", "another", by="test", now=NOW)
    assert store.names() == ["another", "one"]

    code, said = verified(out, *BOTH)
    assert (code, said["result"]) == (0, "same")


def test_a_snapshot_of_two_layers_is_found_by_its_id_and_checked(store, tmp_path, verified):
    out = tmp_path / "both.svg"
    asked = (*BOTH, "--set-aside", "own:1@other", "--title", "Kunar", "--size", "phone")
    assert run("snapshot", *asked, "--out", out) == 0
    shown = out.read_text(encoding="utf-8")
    assert all(store.version(name)[:8] in shown for name in ("one", "other"))

    code, said = verified(out, *BOTH)
    assert (code, said["result"]) == (0, "same")
    assert verified("--id", said["id"], *BOTH) == (code, said)
    store.upsert("other", [incident("own:4")], by="test", now=NOW)
    assert verified("--id", said["id"], *BOTH)[1]["added"] == ["own:4@other"]
    assert run("verify", "--id", said["id"], "--layer", "one") == 1


@pytest.mark.usefixtures("store")
def test_a_title_that_only_names_the_layers_is_warned_of(tmp_path, capsys):
    assert run("snapshot", *BOTH, "--size", "phone", "--out", tmp_path / "both.svg") == 0

    assert "“one + other”" in capsys.readouterr().out


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("profile", ["internal", "public"])
def test_a_snapshot_warns_of_what_it_draws_twice(tmp_path, capsys, profile):
    asked = (*BOTH, "--size", "phone", "--profile", profile, "--out", tmp_path / "both.svg")
    assert run("snapshot", *asked) == 0
    (said,) = [line for line in capsys.readouterr().out.splitlines() if "more than one" in line]
    assert said.startswith("  warn: Incidents that stand in more than one of these layers")
    assert "1 (own:1)." in said
    # told to who makes the picture; the public page has no id of the layer
    shown = b"own:1" in (tmp_path / "both.svg").read_bytes()
    assert shown is (profile == "internal")
