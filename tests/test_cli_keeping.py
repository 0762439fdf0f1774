"""Do the commands that look after layers do in a terminal what the page does?"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from geo import params, views
from geo.area import BBox
from geo.cli import keeping as extra
from geo.errors import BackupError, FilterError, LayerNotFoundError, ViewError
from geo.filters import Filter
from geo.keeping import Keeper
from geo.layerfile import fingerprint
from geo.views import View
from tests.stores import META, border, imported, later

Options = argparse.Namespace


def parsed(*arguments: str) -> Options:
    parser = argparse.ArgumentParser()
    made = parser.add_subparsers(required=True)

    def add(name: str, command: Callable[[Options], int]) -> argparse.ArgumentParser:
        one = made.add_parser(name)
        one.set_defaults(command=command)
        return one

    extra.layer_commands(add)
    asking = made.add_parser("query")
    asking.add_argument("--layer", action="append", default=[])
    for name in params.NAMES:
        asking.add_argument(f"--{name}", action="append", default=[], dest=name)
    extra.past_options(asking)
    return parser.parse_args(arguments)


def done(*arguments: str) -> int:
    options = parsed(*arguments)
    return int(options.command(options))


@pytest.fixture
def store(layers: Path) -> Keeper:
    made = border(layers)
    days = [date(2025, 10, 11), date(2025, 10, 19)]
    some = [imported(f"ucdp:{n}", start=day, end=day) for n, day in enumerate(days)]
    made.upsert("border", some, by="Ann", now=later(1))
    return Keeper(layers)


def asked(*arguments: str) -> tuple[Any, ...]:
    (layer,), query, frame = extra.opened(parsed("query", *arguments))
    return layer, query, frame


@pytest.mark.usefixtures("store")
def test_a_view_fills_layer_filter_and_frame(layers: Path) -> None:
    frame = BBox(60, 28, 76, 38)
    query = params.read({"type": ["combat"]})
    views.save(
        layers,
        View(name="Week", layer="border", query=query, frame=frame, rule="last-full-week"),
    )
    layer, found, box = asked("--view", "Week")
    assert (layer.name, box) == ("border", frame)
    assert found == replace(query, start=date(2025, 10, 13), end=date(2025, 10, 19))


def test_explicit_options_win_over_the_view(store: Keeper, layers: Path) -> None:
    query = Filter(
        start=date(2025, 10, 1), end=date(2025, 10, 31), area=BBox(60, 28, 76, 38), text="x"
    )
    views.save(layers, View(name="Month", layer="border", query=query))
    store.create("other", META, by="Ann", now=later(2))
    layer, found, _ = asked(
        *("--view", "Month", "--layer", "other", "--from", "2025-11-05"),
        *("--near", "71,34,50", "--country", "AFG"),
    )
    assert layer.name == "other"
    # a range is given whole, and one area at a time
    assert (found.start, found.end, found.text) == (date(2025, 11, 5), None, "x")
    assert params.write(found)["near"] == ["71,34,50"]
    assert found.countries == ("AFG",)


@pytest.mark.usefixtures("store")
def test_what_cannot_be_opened_is_told() -> None:
    with pytest.raises(ViewError, match="view 'nothing' is unknown"):
        asked("--view", "nothing")
    with pytest.raises(FilterError, match="give --layer NAME or --view NAME"):
        asked()
    with pytest.raises(LayerNotFoundError, match="'nothing' is unknown"):
        asked("--layer", "nothing")
    with pytest.raises(FilterError, match="known-on is 'yesterday'"):
        asked("--layer", "border", "--known-on", "yesterday")
    with pytest.raises(LayerNotFoundError, match="was not known on 2025-11-19"):
        asked("--layer", "border", "--known-on", "2025-11-19")


def test_known_on_opens_the_layer_as_it_was(store: Keeper) -> None:
    one = store.read("border").incidents[0]
    after = datetime(2025, 11, 23, tzinfo=UTC)
    changed = replace(one, title="Corrected")
    store.save("border", changed, expected=fingerprint(one), by="Bo", now=after)
    titles = {
        day: asked("--layer", "border", "--known-on", day)[0].incidents[0].title
        for day in ("2025-11-22", "2025-11-23")
    }
    assert titles == {"2025-11-22": one.title, "2025-11-23": "Corrected"}


def test_a_renamed_layer_opens_under_its_old_name(store: Keeper) -> None:
    store.rename("border", "frontier", by="Cy", now=later(3))
    assert asked("--layer", "border")[0].name == "frontier"


def test_backup_and_restore_from_a_terminal(
    store: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    file = tmp_path / "out" / "all.zip"
    assert done("backup", str(file)) == 0
    assert "1 layers, 1 journals" in capsys.readouterr().out
    first = file.read_bytes()
    assert done("backup", str(file), "--json") == 0
    assert json.loads(capsys.readouterr().out)["layers"] == 1
    assert file.read_bytes() == first
    assert [path.name for path in file.parent.iterdir()] == ["all.zip"]
    monkeypatch.setenv("GEO_LAYERS", str(tmp_path / "empty"))
    assert done("restore", str(file), "--dry-run") == 0
    assert "nothing was written" in capsys.readouterr().out
    assert done("restore", str(file), "--json") == 0
    [row] = json.loads(capsys.readouterr().out)["items"]
    assert (row["what"], row["name"], row["standing"]) == ("layer", "border", "restored")
    assert Keeper(tmp_path / "empty").read("border") == store.read("border")
    assert done("restore", str(file)) == 0
    assert "layer border: the same here" in capsys.readouterr().out
    with pytest.raises(BackupError, match="is not in the backup"):
        done("restore", str(file), "--take", "nothing")


@pytest.mark.usefixtures("store")
def test_a_damaged_layer_is_named_and_the_backup_still_made(
    layers: Path, tmp_path: Path, capsys: Any
) -> None:
    (layers / "broken.geojson").write_text("{", encoding="utf-8")
    assert done("backup", str(tmp_path / "all.zip")) == 1
    assert "left out: layer 'broken'" in capsys.readouterr().err
    assert (tmp_path / "all.zip").exists()


@pytest.mark.usefixtures("store")
def test_views_are_listed(layers: Path, capsys: Any) -> None:
    assert done("views", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []
    views.save(layers, View(name="Week", layer="border", rule="last-full-week"))
    assert done("views", "--json") == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "name": "Week",
            "layer": "border",
            "filter": {},
            "frame": None,
            "period": "last-full-week",
            "beside": [],
        }
    ]
    assert done("views") == 0
    assert "Week: border, last full week of the data; no filter" in capsys.readouterr().out
    (layers / "views.json").write_text("{", encoding="utf-8")
    assert done("views") == 1
    assert "views.json cannot be read" in capsys.readouterr().err
