"""Do the commands take a profile, and check a table with what stands beside it?"""

import json

import pytest

from geo.cli import main
from geo.settings import ROOT

LAYER = "afghanistan-pakistan-2025"


@pytest.fixture(autouse=True)
def _demo(monkeypatch):
    monkeypatch.setenv("GEO_LAYERS", str(ROOT / "layers"))


def run(*arguments):
    return main([str(a) for a in arguments])


@pytest.mark.parametrize("fmt", ["csv", "gpkg", "parquet", "gpx"])
@pytest.mark.parametrize("profile", ["partners", "public"])
def test_what_was_exported_for_others_is_checked_against_the_layer(tmp_path, capsys, fmt, profile):
    out = tmp_path / f"out.{fmt}"
    assert run("export", "--layer", LAYER, "--profile", profile, "--out", out) == 0
    capsys.readouterr()

    assert run("verify", out, "--layer", LAYER, "--json") == 0
    assert json.loads(capsys.readouterr().out)["result"] == "same"


def test_a_table_without_its_metadata_has_no_manifest(tmp_path, capsys):
    out = tmp_path / "out.csv"
    run("export", "--layer", LAYER, "--out", out)
    (tmp_path / "out.csv-metadata.json").unlink()
    capsys.readouterr()

    assert run("verify", out, "--layer", LAYER, "--json") == 1
    assert json.loads(capsys.readouterr().out)["result"] == "no_manifest"


def test_a_picture_for_the_public_is_checked_too(tmp_path, capsys):
    out = tmp_path / "out.svg"
    made = run("snapshot", "--layer", LAYER, "--profile", "public", "--size", "phone", "--out", out)
    assert made == 0
    assert run("verify", out, "--layer", LAYER) == 0
    assert "places are generalised" in out.read_text(encoding="utf-8").replace("\n", " ")
    assert "Torkham" not in out.read_text(encoding="utf-8").replace("Torkham</text>", "")
    capsys.readouterr()
