"""What does a terminal say of what it cannot do, and what does it leave behind?"""

import json

import pytest

from tests.sources.tables import ged

DEMO = "afghanistan-pakistan-2025"
REPORT = {
    "source", "layer", "version", "read", "accepted", "rejected", "repaired", "flagged", "new",
    "revised", "unchanged", "withdrawn", "conflicts", "open_conflicts", "not_held", "plan",
    "scope", "precision", "period", "licence",
}  # fmt: skip

MEANINGLESS = {
    "date": (("query", "--layer", DEMO, "--from", "12.10.2025"), "12.10.2025"),
    "range": (
        ("query", "--layer", DEMO, "--from", "2025-10-12", "--to", "2025-10-01"),
        "2025-10-01",
    ),
    "type": (("query", "--layer", DEMO, "--type", "clash"), "clash"),
    "country": (("query", "--layer", DEMO, "--country", "Narnia"), "NARNIA"),
    "bbox": (("query", "--layer", DEMO, "--bbox", "1,2,3"), "1,2,3"),
    "near": (("query", "--layer", DEMO, "--near", "1,2,-3"), "-3"),
    "deaths": (("query", "--layer", DEMO, "--deaths-min", "-1"), "-1"),
    "as-of": (("query", "--layer", DEMO, "--as-of", "yesterday"), "yesterday"),
    "as-of beyond time": (("query", "--layer", DEMO, "--as-of", "0001-01-01T00:00+14:00"), "+14"),
    "country of a place": (("locate", "Kabul", "--country", "Narnia"), "narnia"),
}


@pytest.mark.parametrize(("arguments", "value"), MEANINGLESS.values(), ids=MEANINGLESS)
def test_an_option_that_means_nothing_is_wrong_usage_and_named(run, demo, arguments, value):
    assert demo
    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert value.casefold() in err.casefold()
    assert "read_time" not in err


def test_every_problem_of_a_refused_file_is_listed(run, tmp_path, layers):
    file = tmp_path / "a.geojson"
    point = {"type": "Point", "coordinates": [200, 95]}
    features = [{"type": "Feature", "geometry": point, "properties": {}} for _ in range(2)]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    code, out, err = run("import", "geojson", file, "--layer", "x", "--json")
    report = json.loads(out)

    assert code == 1
    assert err.count("\n") == 1
    assert set(report) == REPORT
    assert (report["read"], report["accepted"]) == (0, 0)
    assert {row["line"] for row in report["rejected"]} == {1, 2}
    assert len(report["rejected"]) == 4
    _, out, _ = run("import", "geojson", file, "--layer", "x")
    assert out.count("  line 2: ") == 2
    assert list(layers.glob("*.geojson")) == []


def test_an_import_of_which_nothing_came_in_makes_no_layer(run, tmp_path, layers):
    file = tmp_path / "ged.csv"
    file.write_bytes(ged({"where_prec": "0"}))
    run("import", "ucdp", file, "--layer", "pakistan")

    assert list(layers.glob("*.geojson")) == []


def test_a_damaged_layer_does_not_hide_the_others(run, demo):
    (demo / "a-broken.geojson").write_text("{not json", encoding="utf-8")
    code, out, err = run("layers", "--json")

    assert code == 1
    assert [row["name"] for row in json.loads(out)] == [DEMO]
    assert err.startswith("atlas: layer 'a-broken'")
    assert err.count("\n") == 1


def test_a_file_that_cannot_be_written_is_named_and_leaves_nothing(run, demo, tmp_path):
    assert demo
    (tmp_path / "a.csv").mkdir()
    code, _, err = run("export", "--layer", DEMO, "--out", tmp_path / "a.csv")

    assert code == 1
    assert f"{tmp_path / 'a.csv'}: " in err
    assert ".part" not in err
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []
