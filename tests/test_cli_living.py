"""Living data from a terminal: withdraw, complete, conflicts, duplicates, merge and back."""

import json
from dataclasses import replace

import pytest

from geo.layerfile import encode, fingerprint, write_head, write_lines
from geo.living import living
from geo.store import LayerStore
from tests.stores import META, imported, later


@pytest.fixture
def store(layers, monkeypatch):
    monkeypatch.setenv("GEO_USER", "Ann")
    return LayerStore(layers)


@pytest.fixture
def bring(run, tmp_path):
    """Import incidents as a file, with options."""

    def go(*incidents, options=(), code=0):
        file = tmp_path / "in.geojson"
        lines = [encode(i) for i in sorted(incidents, key=lambda i: i.id)]
        file.write_bytes(write_head(META) + b"".join(write_lines(lines)))
        found, out, err = run("import", "geojson", file, "--layer", "x", *options)
        assert found == code, err
        return out if code == 0 else err

    return go


def status(store):
    return {i.id: i.status for i in store.stream("x")}


def test_ids_in_a_file_are_withdrawn_without_an_input(run, store, bring, tmp_path):
    bring(*(imported(f"geojson:{n}") for n in (1, 2, 3)))
    deleted = tmp_path / "deleted.csv"
    deleted.write_text("deleted_timestamp,event_id_cnty\n1,1\n2,geojson:2\n3,9\n")
    code, out, _ = run("import", "geojson", "--layer", "x", "--withdraw", deleted)
    assert code == 0
    assert "withdrawn: 2" in out
    assert "not in the layer: 1" in out
    assert status(store) == {
        "geojson:1": "retracted",
        "geojson:2": "retracted",
        "geojson:3": "accepted",
    }
    code, out, _ = run("import", "geojson", "--layer", "x", "--withdraw", deleted, "--json")
    assert (json.loads(out)["withdrawn"], json.loads(out)["not_held"]) == (0, 1)


def test_the_scope_of_a_complete_file_is_printed(store, bring):
    bring(imported("a:1"), imported("a:2"))
    said = bring(imported("a:1"), options=["--complete"])
    where = "complete for: a, 2025-10-11 to 2025-10-11, AFG, PAK"
    assert f"{where} (derived from the file); 1 withdrawn" in said
    stated = ["--complete", "--scope-from", "2025-10-01", "--scope-country", "AFG", "--json"]
    assert json.loads(bring(imported("a:1"), options=stated))["scope"] == {
        "sources": ["a"],
        "start": "2025-10-01",
        "end": None,
        "countries": ["AFG"],
        "stated": True,
    }
    assert status(store) == {"a:1": "accepted", "a:2": "retracted"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--scope-from", "2025-10-01"], "a scope is given without --complete"),
        (["--complete", "--scope-to", "1.10.25"], "--scope-to day is '1.10.25'"),
        (["--complete", "--scope-country", "Iran"], "--scope-country is 'Iran'"),
    ],
)
def test_a_scope_that_means_nothing_is_wrong_usage(store, bring, options, said):  # noqa: ARG001
    assert said in bring(imported("a:1"), options=options, code=2)


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"a,b\n1,2\n", "has several columns"), (b"\xff\xfe\n", "cannot be read as a list of ids")],
)
def test_a_list_of_ids_that_is_none_is_refused(run, store, tmp_path, data, said):  # noqa: ARG001
    file = tmp_path / "ids.txt"
    file.write_bytes(data)
    code, _, err = run("import", "geojson", "--layer", "x", "--withdraw", file)
    assert (code, said in err) == (1, True)


def test_an_import_of_nothing_is_wrong_usage(run):
    code, _, err = run("import", "geojson", "--layer", "x")
    assert (code, "INPUT is missing" in err) == (2, True)


def test_a_conflict_is_shown_and_decided(run, store, bring):
    bring(imported("a:1", title="Wrong"))
    [old] = store.read("x").incidents
    right = replace(old, title="Right")
    store.save("x", right, expected=fingerprint(old), by="Ann", now=later(1))
    said = bring(imported("a:1", title="Newer", summary="More"))
    assert "conflicts a:1 (title)  Right" in said
    assert "1 conflicts wait" in said
    _, out, _ = run("conflicts", "--layer", "x")
    assert "title (both changed)" in out
    assert "summary (the source alone)" in out
    _, out, _ = run("conflicts", "--layer", "x", "--json")
    [waiting] = json.loads(out)["conflicts"]
    assert (waiting["id"], waiting["by"]) == ("a:1", "Ann")
    assert waiting["fields"][0] == {
        "field": "title",
        "clashes": True,
        "base": "Wrong",
        "ours": "Right",
        "theirs": "Newer",
    }
    code, out, _ = run("conflicts", "--layer", "x", "--decide", "a:1", "--ours")
    assert (code, "decided" in out) == (0, True)
    [held] = store.read("x").incidents
    assert (held.title, held.summary) == ("Right", "More")
    _, out, _ = run("conflicts", "--layer", "x")
    assert out == "0 conflicts wait for a decision\n"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("conflicts", "--layer", "x", "--ours"), 2, "a decision needs --decide ID"),
        (("conflicts", "--layer", "x", "--decide", "a:1"), 2, "a decision needs --decide ID"),
        (("conflicts", "--layer", "x", "--decide", "a:1", "--theirs"), 1, "no open conflict"),
        (("merge", "a:1", "--layer", "x"), 1, "1 incidents are given"),
        (("merge", "a:1", "b:1", "--layer", "x", "--lead", "c:1"), 1, "lead is 'c:1'"),
        (("unmerge", "a:1", "--layer", "x"), 1, "was not merged from others"),
        (("apart", "a:1", "b:9", "--layer", "x"), 1, "'b:9' is not in layer 'x'"),
    ],
)
def test_what_cannot_be_decided_is_one_sentence(run, store, bring, arguments, code, said):
    bring(imported("a:1"), imported("b:1"))
    version = store.version("x")
    found, _, err = run(*arguments)
    assert (found, said in err, err.count("\n")) == (code, True, 1)
    assert store.version("x") == version


def test_a_decision_has_a_name(run, bring, monkeypatch):
    bring(imported("a:1"), imported("b:1"))
    monkeypatch.delenv("GEO_USER", raising=False)
    code, _, err = run("merge", "a:1", "b:1", "--layer", "x")
    assert (code, "GEO_USER is not set" in err) == (2, True)


def test_duplicates_are_listed_merged_and_unmerged(run, store, bring):
    bring(imported("a:1"), imported("b:1"), imported("c:1"))
    before = [encode(i) for i in store.stream("x")]
    _, out, _ = run("duplicates", "--layer", "x", "--json", "--limit", "1")
    report = json.loads(out)
    assert (report["found"], len(report["candidates"])) == (3, 1)
    assert report["candidates"][0]["reasons"][0]["what"] == "place"
    _, out, _ = run("duplicates", "--layer", "x")
    assert "a:1 = b:1" in out
    assert out.endswith("3 pairs may be one event, 3 shown\n")
    _, out, _ = run("duplicates", "--layer", "x", "--from", "2025-10-12")
    assert out == "0 pairs may be one event, 0 shown\n"
    _, out, _ = run("apart", "a:1", "c:1", "--layer", "x")
    assert "kept apart" in out
    _, out, _ = run("merge", "a:1", "b:1", "--layer", "x", "--lead", "b:1", "--json")
    whole = json.loads(out)["id"]
    assert whole.startswith("merged:")
    _, out, _ = run("duplicates", "--layer", "x")
    assert out == "0 pairs may be one event, 0 shown\n"
    code, _, _ = run("unmerge", whole, "--layer", "x")
    assert code == 0
    after = list(store.stream("x"))
    assert {i.id: living(i).not_same for i in after} == {
        "a:1": ("c:1",),
        "b:1": (),
        "c:1": ("a:1",),
    }
    assert [encode(i) for i in after][1] == before[1]
