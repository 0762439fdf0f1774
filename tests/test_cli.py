import json
import os
import subprocess
import sys

import pytest

from geo.settings import ROOT
from tests.sources.tables import ged

DEMO = "afghanistan-pakistan-2025"
LEDGER = {
    "total", "matched", "within", "ongoing", "uncertain", "on_map", "off_frame", "not_mappable",
    "set_aside", "excluded", "would_return",
}  # fmt: skip


@pytest.fixture
def asked(run, demo):
    """Query the demo layer; answers with the JSON."""
    assert demo

    def go(*filters):
        code, out, err = run("query", "--layer", DEMO, *filters, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return go


def ids(answer):
    return {feature["id"].removeprefix("afpak2025:") for feature in answer["features"]}


# counted by hand on the demo's 25 facts


def test_the_demo_has_25_incidents_of_which_one_has_no_place(asked):
    ledger = asked()["ledger"]

    assert set(ledger) == LEDGER
    assert (ledger["total"], ledger["matched"]) == (25, 25)
    assert (ledger["on_map"], ledger["not_mappable"]) == (24, 1)


def test_a_range_matches_what_overlaps_it(asked):
    answer = asked("--from", "2025-10-09", "--to", "2025-10-19")

    # from the explosions of the 9th to the agreement of the 18th to 19th
    assert ids(answer) == {f"{n:02}" for n in range(2, 20)}
    assert answer["ledger"]["excluded"]["dates"] == 7


def test_a_fight_that_began_before_the_range_is_ongoing(asked):
    answer = asked("--from", "2025-10-12")
    when = {f["id"].removeprefix("afpak2025:"): f["match"]["when"] for f in answer["features"]}

    assert {when["04"], when["05"], when["06"]} == {"ongoing"}
    assert answer["ledger"]["ongoing"] == 3


def test_a_border_clash_belongs_to_both_countries(asked):
    assert "04" in ids(asked("--country", "AFG"))
    assert "04" in ids(asked("--country", "PAK"))


def test_the_truce_matches_and_has_no_point(asked):
    [truce] = asked("--text", "48-hour")["features"]

    assert truce["geometry"] is None
    assert truce["properties"]["precision"] == "none"


def test_the_answer_has_every_key_of_the_agreement(asked):
    answer = asked("--type", "talks")

    assert set(answer) == {"type", "features", "ledger", "filter", "layers", "as_of"}
    assert answer["type"] == "FeatureCollection"
    assert answer["filter"] == {"type": ["talks"]}
    assert [set(layer) for layer in answer["layers"]] == [{"name", "version"}]


def test_dates_do_not_depend_on_the_machine_s_time_zone(demo):
    told = set()
    for zone in ("Pacific/Pago_Pago", "Pacific/Kiritimati"):
        for command in (
            ("query", "--from", "2025-10-12", "--to", "2025-10-15", "--json"),
            ("export", "--from", "2025-10-12", "--to", "2025-10-15", "--out", f"{demo}/x.csv"),
        ):
            done = subprocess.run(
                [sys.executable, "-m", "geo", command[0], "--layer", DEMO, *command[1:]],
                cwd=ROOT,
                env={**os.environ, "TZ": zone},
                capture_output=True,
                check=True,
            )
            told.add(done.stdout)
        told.add((demo / "x.csv").read_bytes())

    # one query, one line said, one file
    assert len(told) == 3


# shapes


def test_layers_are_listed_with_every_key(run, demo):
    assert demo
    code, out, _ = run("layers", "--json")
    [row] = json.loads(out)

    assert code == 0
    assert set(row) >= {
        "name",
        "title",
        "incidents",
        "period",
        "event_types",
        "version",
        "as_of",
        "licence",
    }
    assert (row["name"], row["incidents"]) == (DEMO, 25)
    assert row["period"] == ["2025-10-07", "2025-11-25"]
    assert sum(row["event_types"].values()) == 25


def test_no_layer_says_how_to_make_one(run):
    code, out, _ = run("layers")

    assert code == 0
    assert "python -m geo import" in out


def test_an_import_answers_with_its_report(run, tmp_path):
    file = tmp_path / "ged.csv"
    file.write_bytes(ged({}, {"where_prec": "0"}))
    code, out, err = run("import", "ucdp", file, "--layer", "pakistan", "--json")
    report = json.loads(out)

    assert (code, err) == (0, "")
    assert (report["read"], report["accepted"], report["new"]) == (2, 1, 1)
    assert report["rejected"] == [
        {"line": 3, "field": "where_prec", "value": "0", "rule": "must be 1 to 7"}
    ]


def test_an_import_of_nothing_but_rejections_ends_with_1(run, tmp_path):
    file = tmp_path / "ged.csv"
    file.write_bytes(ged({"where_prec": "0"}))
    code, out, _ = run("import", "ucdp", file, "--layer", "pakistan")

    assert code == 1
    assert "line 2: where_prec is 0: must be 1 to 7" in out


def test_a_dry_run_writes_nothing(run, tmp_path, layers):
    file = tmp_path / "ged.csv"
    file.write_bytes(ged({}))
    code, out, _ = run("import", "ucdp", file, "--layer", "pakistan", "--dry-run")

    assert code == 0
    assert "dry run: nothing was written" in out
    assert list(layers.glob("*.geojson")) == []


def test_an_import_is_journalled_under_the_user_s_name(run, tmp_path, layers, monkeypatch):
    monkeypatch.setenv("GEO_USER", "Ann")
    file = tmp_path / "ged.csv"
    file.write_bytes(ged({}))
    run("import", "ucdp", file, "--layer", "pakistan")

    assert '"Ann"' in (layers / ".history" / "pakistan.jsonl").read_text()


def test_a_place_is_found_with_every_key(run):
    code, out, _ = run("locate", "Spin Boldak", "--country", "AFG", "--json")
    answer = json.loads(out)

    assert code == 0
    assert set(answer) == {"query", "candidates"}
    best = answer["candidates"][0]
    assert set(best) >= {
        "name", "id", "kind", "lat", "lon", "country", "admin1", "admin2", "precision",
        "radius_km", "score", "source", "licence",
    }  # fmt: skip
    assert best["country"] == "AFG"
    assert (best["lat"], best["lon"]) == (
        pytest.approx(31.0, abs=0.1),
        pytest.approx(66.4, abs=0.1),
    )


def test_an_unknown_place_ends_with_1_and_one_line(run):
    assert run("locate", "Xyzzyplugh") == (
        1,
        "",
        "atlas: place 'Xyzzyplugh' is unknown: no gazetteer entry has this name\n",
    )


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_a_picture_verifies_as_same_until_the_data_change(run, demo, tmp_path, suffix):
    picture = tmp_path / f"a.{suffix}"
    code, out, err = run(
        "snapshot", "--layer", DEMO, "--type", "talks", "--title", "Talks", "--size", "phone",
        "--out", picture,
    )  # fmt: skip
    assert (code, err) == (0, "")
    printed = out.rsplit("ID ", 1)[1].strip()

    code, out, _ = run("verify", picture, "--layer", DEMO, "--json")
    verdict = json.loads(out)
    assert code == 0
    assert verdict == {
        "result": "same", "id": printed, "added": [], "revised": [], "moved": [],
        "withdrawn": [], "parts": [],
    }  # fmt: skip

    layer = demo / f"{DEMO}.geojson"
    lines = layer.read_text(encoding="utf-8").splitlines(keepends=True)
    lines = [line.replace("Second round of talks", "Another round of talks") for line in lines]
    layer.write_text("".join(lines), encoding="utf-8")
    code, out, _ = run("verify", picture, "--layer", DEMO, "--json")
    verdict = json.loads(out)
    assert code == 1
    assert verdict["result"] == "data_changed"
    assert verdict["revised"] == ["afpak2025:22"]


def test_a_foreign_file_has_no_manifest(run, demo):
    code, out, _ = run("verify", demo / f"{DEMO}.geojson", "--layer", DEMO)

    assert code == 1
    assert out.startswith("no manifest")


@pytest.mark.parametrize("suffix", ["geojson", "csv", "xlsx", "kml"])
def test_an_export_is_written_in_each_format(run, demo, tmp_path, suffix):
    assert demo
    out_file = tmp_path / "new" / f"a.{suffix}"
    code, out, err = run("export", "--layer", DEMO, "--type", "talks", "--out", out_file)

    assert (code, err) == (0, "")
    assert out.startswith(f"{out_file}: 2 incidents")
    assert out_file.stat().st_size > 500


def test_a_csv_has_its_filter_and_ledger_beside_it(run, demo, tmp_path):
    assert demo
    _, out, _ = run("export", "--layer", DEMO, "--type", "talks", "--out", tmp_path / "a.csv")
    beside = json.loads((tmp_path / "a.csv-metadata.json").read_text(encoding="utf-8"))

    assert out.endswith("; filter and ledger in a.csv-metadata.json\n")
    assert beside["url"] == "a.csv"
    [note] = beside["notes"]
    assert note["filter"] == {"type": ["talks"]}
    assert (note["ledger"]["matched"], note["ledger"]["total"]) == (2, 25)
    header = (tmp_path / "a.csv").read_text(encoding="utf-8-sig").partition("\n")[0]
    assert [c["name"] for c in beside["tableSchema"]["columns"]] == header.strip().split(",")


# refusals: one line, naming the thing, the value and the rule

WRONG_USAGE = {
    "no command": (),
    "unknown command": ("fly",),
    "unknown source": ("import", "astrology", "a.csv", "--layer", "x"),
    "no layer": ("query",),
    "unknown option": ("query", "--layer", DEMO, "--colour", "red"),
    "unknown suffix": ("export", "--layer", DEMO, "--out", "a.docm"),
    "unknown size": ("snapshot", "--layer", DEMO, "--size", "poster", "--out", "a.png"),
    "no column pair": ("import", "table", "a.csv", "--layer", "x", "--column", "start"),
}


@pytest.mark.parametrize("arguments", WRONG_USAGE.values(), ids=WRONG_USAGE)
def test_wrong_usage_ends_with_2_and_one_line(run, demo, arguments):
    assert demo
    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "--help" in err


REFUSED = {
    "layer": (("query", "--layer", "nowhere"), "nowhere"),
    "layer name": (("query", "--layer", "../../etc/passwd"), "passwd"),
    "file": (("import", "ucdp", "/nowhere.csv", "--layer", "x"), "nowhere.csv"),
    "picture": (("verify", "/nowhere.png", "--layer", DEMO), "nowhere.png"),
    "folder": (("export", "--layer", DEMO, "--out", "/dev/null/a.csv"), "/dev/null"),
}


@pytest.mark.parametrize(("arguments", "value"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_ends_with_1_and_one_line_that_names_the_value(run, demo, arguments, value):
    assert demo
    code, out, err = run(*arguments)

    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert value.casefold() in err.casefold()
    assert "Traceback" not in err


def test_a_reader_that_has_seen_enough_is_no_error(demo):
    assert demo
    command = [sys.executable, "-m", "geo", "query", "--layer", DEMO, "--json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()

    assert (process.returncode, said) == (0, b"")
