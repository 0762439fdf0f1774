"""Does a terminal get the same answer from an engine as from a layer?"""

from __future__ import annotations

import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo import cli
from geo.engines.open import opened
from geo.errors import EngineError

DEMO = "afghanistan-pakistan-2025"
# of ibis' own calls to DuckDB
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def lake(run, demo, tmp_path):
    assert demo
    pytest.importorskip("ibis", reason="ibis is not installed (requirements-dev.txt)")
    pytest.importorskip("duckdb", reason="duckdb is not installed (requirements-dev.txt)")
    assert run("land", "--layer", DEMO, "--out", tmp_path / "lake")[0] == 0
    return tmp_path / "lake"


@pytest.mark.parametrize(
    "filters",
    [
        (),
        ("--from", "2025-10-09", "--to", "2025-10-19", "--certain", "yes"),
        ("--near", "70,34,200", "--type", "combat"),
        ("--polygon", "60,30;75,30;75,38;60,30", "--text", "kabul"),
        ("--actor", "Pakistani Taliban", "--deaths-min", "5", "--status", "any"),
    ],
    ids=["all", "dates", "near", "polygon", "actor"],
)
def test_the_answer_is_that_of_the_layer(run, lake, filters) -> None:
    plain = run("query", "--layer", DEMO, *filters, "--json")
    asked = run("query", "--engine", f"duckdb:{lake}", *filters, "--json")
    assert (plain[0], asked[0], asked[2]) == (0, 0, "")
    assert json.loads(asked[1]) == json.loads(plain[1])
    in_words = [run("query", *of, *filters)[1] for of in _both(lake)]
    assert in_words[0] == in_words[1]


def _both(lake):
    return ("--layer", DEMO), ("--engine", f"duckdb:{lake}")


def test_a_limit_bounds_the_incidents_and_never_the_ledger(run, lake) -> None:
    for of in _both(lake):
        code, out, err = run("query", *of, "--limit", "2", "--json")
        told = json.loads(out)
        assert (code, len(told["features"]), told["ledger"]["matched"]) == (0, 2, 25)
        assert err == "atlas: the first 2 of 25 matches are shown; --limit N shows more\n"
        code, out, err = run("query", *of, "--limit", "0", "--json")
        assert (code, json.loads(out)["features"], err) == (0, [], "")
    assert run("query", "--layer", DEMO, "--limit", "-1")[0] == 2


@pytest.mark.parametrize("form", ["folder", "file", "pattern"])
def test_rows_are_found_by_folder_file_or_pattern(run, lake, form) -> None:
    where = {
        "folder": lake,
        "file": lake / DEMO / "layer-00000.parquet",
        "pattern": lake / "*" / "*.parquet",
    }[form]
    _, out, _ = run("query", "--engine", f"duckdb:{where}", "--limit", "0")
    assert out.startswith("25 of 25 match")


def test_one_layer_of_several_is_asked_for_by_its_name(run, lake, layers) -> None:
    (layers / f"{DEMO}.geojson").rename(layers / "second.geojson")
    run("land", "--layer", "second", "--out", lake)
    _, out, _ = run("query", "--engine", f"duckdb:{lake}", "--json")
    told = json.loads(out)
    assert told["ledger"]["total"] == 50
    assert [row["name"] for row in told["layers"]] == [DEMO, "second"]
    _, out, _ = run("query", "--engine", f"duckdb:{lake}", "--layer", "second", "--json")
    told = json.loads(out)
    assert (told["ledger"]["total"], [r["name"] for r in told["layers"]]) == (25, ["second"])


def test_what_cannot_be_asked_is_refused_in_one_sentence(run, lake, tmp_path) -> None:
    other = tmp_path / "other.parquet"
    pq.write_table(pa.table({"id": ["x"]}), other)
    text = tmp_path / "text.parquet"
    text.write_text("no Parquet")
    for engine, more, code, said in (
        ("oracle:x", (), 2, "must be duckdb:PATH or spark:URL"),
        ("duckdb:", (), 2, "must be duckdb:PATH or spark:URL"),
        (f"duckdb:{tmp_path / 'none'}", (), 1, "no Parquet at"),
        (f"duckdb:{other}", (), 1, "has no column mark"),
        (f"duckdb:{text}", (), 1, "engine duckdb: "),
        (f"duckdb:{lake}", ("--layer", "other"), 1, "no rows of layer 'other'"),
        (f"duckdb:{lake}", ("--view", "daily"), 2, "--view and --known-on do not go"),
        (f"duckdb:{lake}", ("--near", "0,0,nowhere"), 2, "filter near is"),
    ):
        found, out, err = run("query", "--engine", engine, *more)
        assert (found, out) == (code, ""), engine
        assert said in err
        assert err.count("\n") == 1


def test_an_engine_that_is_not_installed_says_what_is_missing(monkeypatch) -> None:
    monkeypatch.setattr("geo.engines.open.find_spec", lambda _: None)
    with (
        pytest.raises(EngineError, match=r"needs ibis and pyspark: .*requirements-cluster\.txt"),
        opened("spark:lake"),
    ):
        pass


def test_everything_else_works_without_the_engines(monkeypatch, run, demo) -> None:
    assert demo
    for name in ("ibis", "duckdb", "pyspark"):
        monkeypatch.setitem(sys.modules, name, None)
    assert cli.main(["layers"]) == 0
    assert run("query", "--layer", DEMO)[0] == 0


def test_duckdb_keeps_to_the_memory_it_is_given(lake) -> None:
    with opened(f"duckdb:{lake}", memory="300MB") as rows:
        backend = rows.get_backend()
        (held,) = backend.raw_sql("SELECT current_setting('memory_limit')").fetchone()
        assert held == "286.1 MiB"
        (fetches,) = backend.raw_sql(
            "SELECT current_setting('autoinstall_known_extensions')"
        ).fetchone()
        assert fetches is False
