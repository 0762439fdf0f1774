"""Is a layer restored, renamed and put into the bin whole, with its journal, or not at all?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from geo import views
from geo.errors import LayerConflictError, LayerError, LayerNameError, LayerNotFoundError
from geo.keeping import Keeper
from geo.layerfile import fingerprint
from geo.views import View
from tests.stores import META, NOW, border, imported, later, leftovers


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    store = border(tmp_path)
    store.upsert("border", [imported("ucdp:1"), imported("ucdp:2")], by="Ann", now=later(1))
    one = store.read("border").incidents[0]
    corrected = replace(one, title="Corrected")
    store.save("border", corrected, expected=fingerprint(one), by="Bo", now=later(2))
    return Keeper(tmp_path, lock_timeout=0.2)


def said(keeper: Keeper, name: str = "border") -> list[tuple[str, str, int]]:
    return [(step.action, step.who, step.changed) for step in keeper.history(name)]


def test_restoring_is_a_new_change_that_forgets_nothing(keeper: Keeper) -> None:
    before = keeper.read("border")
    steps = keeper.history("border")
    earlier = keeper.read_version("border", steps[1].version_after)
    keeper.restore("border", earlier.version, by="Cy", now=later(3))
    now = keeper.read("border")
    assert now.incidents == earlier.incidents
    assert now.meta.as_of == later(3)
    assert said(keeper) == [
        ("restore", "Cy", 1),
        ("correct", "Bo", 1),
        ("import", "Ann", 2),
        ("create", "Ann", 0),
    ]
    # what was replaced can be restored too
    keeper.restore("border", before.version, by="Cy", now=later(4))
    assert keeper.read("border").incidents == before.incidents
    with pytest.raises(LayerError, match="nothing to restore"):
        keeper.restore("border", before.version, by="Cy", now=later(5))
    with pytest.raises(LayerNotFoundError, match="is unknown"):
        keeper.restore("border", "0" * 64, by="Cy", now=later(5))
    with pytest.raises(LayerError, match="name is ''"):
        keeper.restore("border", earlier.version, by=" ", now=later(5))


def test_restoring_the_empty_beginning_keeps_the_way_back(keeper: Keeper) -> None:
    full = keeper.read("border")
    first = keeper.history("border")[-1].version_after
    keeper.restore("border", first, by="Cy", now=later(3))
    assert keeper.read("border").incidents == ()
    assert keeper.read_version("border", full.version).incidents == full.incidents


def test_a_description_changes_words_alone(keeper: Keeper) -> None:
    before = keeper.read("border")
    texts = {"title": " New  title ", "description": "d", "licence": "CC BY 4.0"}
    keeper.describe("border", **texts, by="Cy", now=later(3))
    now = keeper.read("border")
    assert (now.meta.title, now.meta.description) == ("New  title", "d")
    assert now.incidents == before.incidents
    assert said(keeper)[0] == ("describe", "Cy", 0)
    assert keeper.read_version("border", before.version).meta == before.meta
    with pytest.raises(LayerError, match="nothing to change"):
        keeper.describe("border", **texts, by="Cy", now=later(4))


def test_a_renamed_layer_brings_its_journal_and_leaves_a_pointer(
    keeper: Keeper, tmp_path: Path
) -> None:
    before = keeper.read("border")
    keeper.rename("border", "frontier", by="Cy", now=later(3))
    assert keeper.names() == ["frontier"]
    assert keeper.read("frontier").incidents == before.incidents
    assert said(keeper, "frontier")[0] == ("rename from border", "Cy", 0)
    assert len(keeper.history("frontier")) == 4
    assert keeper.read_version("frontier", before.version).meta.title == META.title
    assert not (tmp_path / ".history" / "border.jsonl").exists()
    assert keeper.now_called("border") == "frontier"
    keeper.rename("frontier", "line", by="Cy", now=later(4))
    assert keeper.now_called("border") == keeper.now_called("frontier") == "line"
    # and back: a name in use points nowhere else
    keeper.rename("line", "border", by="Cy", now=later(5))
    assert keeper.now_called("border") == ""
    assert keeper.now_called("frontier") == "border"
    assert keeper.now_called("never") == ""
    assert leftovers(tmp_path) == []


def test_views_follow_a_layer_that_is_renamed(keeper: Keeper, tmp_path: Path) -> None:
    views.save(tmp_path, View(name="week", layer="border"))
    keeper.rename("border", "frontier", by="Cy", now=later(3))
    assert views.read(tmp_path).named("week").layer == "frontier"


def test_a_layer_is_not_renamed_over_another(keeper: Keeper) -> None:
    keeper.create("other", META, by="Ann", now=NOW)
    with pytest.raises(LayerConflictError, match="'other' exists already"):
        keeper.rename("border", "other", by="Cy", now=later(3))
    with pytest.raises(LayerNameError):
        keeper.rename("border", "../etc", by="Cy", now=later(3))
    with pytest.raises(LayerNotFoundError):
        keeper.rename("nothing", "new", by="Cy", now=later(3))
    with pytest.raises(LayerConflictError, match="this name already"):
        keeper.rename("border", "border", by="Cy", now=later(3))
    assert len(keeper.history("border")) == 3
    assert keeper.names() == ["border", "other"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"border":7}', '{"border":"border"}'])
def test_damaged_pointers_are_no_pointers(keeper: Keeper, tmp_path: Path, text: str) -> None:
    (tmp_path / ".renamed.json").write_text(text, encoding="utf-8")
    assert keeper.now_called("border") in ("", "border")
    keeper.rename("border", "frontier", by="Cy", now=later(3))
    assert keeper.now_called("border") == "frontier"


def test_a_retracted_layer_lies_in_the_bin_and_comes_back_whole(
    keeper: Keeper, tmp_path: Path
) -> None:
    before = keeper.read("border")
    binned = keeper.retract_layer("border", reason="twice", by="Cy", now=later(3))
    assert keeper.names() == []
    assert keeper.binned() == [binned]
    assert (binned.name, binned.who, binned.reason, binned.when) == (
        *("border", "Cy", "twice"),
        later(3),
    )
    keeper.bring_back(binned.key, by="Di", now=later(4))
    assert keeper.read("border").incidents == before.incidents
    assert said(keeper)[0] == ("bring back", "Di", 0)
    assert len(keeper.history("border")) == 4
    assert keeper.binned() == []
    assert leftovers(tmp_path) == []


def test_a_layer_comes_back_under_another_name_where_its_own_is_taken(keeper: Keeper) -> None:
    binned = keeper.retract_layer("border", reason="twice", by="Cy", now=later(3))
    keeper.create("border", META, by="Ann", now=later(4))
    again = keeper.retract_layer("border", reason="wrong", by="Cy", now=later(3))
    assert again.key != binned.key
    assert {one.key for one in keeper.binned()} == {binned.key, again.key}
    keeper.create("border", META, by="Ann", now=later(5))
    with pytest.raises(LayerConflictError, match="give another name"):
        keeper.bring_back(binned.key, by="Di", now=later(6))
    keeper.bring_back(binned.key, by="Di", now=later(6), name="border-2")
    assert len(keeper.read("border-2").incidents) == 2


def test_nothing_is_deleted_without_its_name_typed(keeper: Keeper) -> None:
    binned = keeper.retract_layer("border", reason="twice", by="Cy", now=later(3))
    for typed in ("", "Border", "delete", binned.key):
        with pytest.raises(LayerError, match="type 'border' to delete"):
            keeper.delete(binned.key, typed=typed)
    assert keeper.binned() == [binned]
    keeper.delete(binned.key, typed="border")
    assert keeper.binned() == []
    for key in (binned.key, "", "..", "../layers"):
        with pytest.raises(LayerError, match="unknown"):
            keeper.delete(key, typed="border")


def test_a_retraction_has_a_reason_and_a_name(keeper: Keeper) -> None:
    with pytest.raises(LayerError, match="says why"):
        keeper.retract_layer("border", reason=" ", by="Cy", now=later(3))
    with pytest.raises(LayerError, match="name is ''"):
        keeper.retract_layer("border", reason="x", by="", now=later(3))
    with pytest.raises(LayerNotFoundError):
        keeper.retract_layer("nothing", reason="x", by="Cy", now=later(3))
    assert keeper.binned() == []


@pytest.mark.parametrize("step", ["_copy", "rename"])
def test_a_disk_that_refuses_leaves_the_layer_where_it_was(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = keeper.read("border")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if step == "_copy":
        monkeypatch.setattr("geo.keeping._copy", refuse)
    else:
        monkeypatch.setattr(Path, "rename", refuse)
    for act in (
        lambda: keeper.rename("border", "frontier", by="Cy", now=later(3)),
        lambda: keeper.retract_layer("border", reason="x", by="Cy", now=later(3)),
    ):
        with pytest.raises(LayerError, match="No space left"):
            act()
        assert keeper.names() == ["border"]
        assert keeper.read("border") == before
        assert len(keeper.history("border")) == 3
        assert keeper.binned() == []
