"""The language model: its files are checked, its offsets are those of the text."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from geo.errors import ReferenceDataError
from geo.extract import model


@pytest.fixture
def loaded() -> model.Model:
    found = model.load()
    if found is None:
        pytest.skip("the language model is not installed")
    return found


def test_offsets_count_the_characters_of_the_text(loaded: model.Model) -> None:
    text = "Talks were held in Istanbul.\n" * 700
    found = [e for e in loaded.read(text).entities if e.label == "GPE"]
    assert len(found) == 700
    assert {text[e.start : e.end] for e in found} == {"Istanbul"}


def test_runs_without_a_space_cost_no_time_and_move_nothing(loaded: model.Model) -> None:
    text = "?" * 20_000 + " He went to Istanbul. " + "x" * 20_000
    assert [text[e.start : e.end] for e in loaded.read(text).entities] == ["Istanbul"]


def test_no_model_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    model.load.cache_clear()
    monkeypatch.setattr(model, "_PACKAGE", "no_such_package_here")
    assert model.load() is None
    model.load.cache_clear()


@pytest.mark.usefixtures("loaded")
def test_other_files_than_the_tested_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    model.load.cache_clear()
    monkeypatch.setattr(model, "_SHA256", "0" * 64)
    with pytest.raises(ReferenceDataError, match=r"only version 3\.8\.0, 000000000000…, is used"):
        model.load()
    model.load.cache_clear()


def test_the_digest_is_of_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    one = model.digest(tmp_path)
    (tmp_path / "a").write_bytes(b"2")
    two = model.digest(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({one, two, model.digest(tmp_path)}) == 3


def test_the_model_is_asked_for_only_when_it_is_needed() -> None:
    # an import of the module alone must not cost half a second
    assert "import spacy" not in Path(model.__file__).read_text(encoding="utf-8").split("def ")[0]
    assert importlib.util.find_spec("spacy") is not None
