"""Can folders and name be moved by the environment?"""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import settings
from geo.errors import AtlasError, GeoJSONError, IncidentError, InputError, Problem


def test_the_environment_moves_both_folders(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GEO_LAYERS", str(tmp_path / "a"))
    monkeypatch.setenv("GEO_CACHE", str(tmp_path / "b"))
    assert settings.layers_folder() == tmp_path / "a"
    assert settings.cache_folder() == tmp_path / "b"


def test_without_it_layers_lie_in_the_repository_and_the_cache_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GEO_LAYERS", "")
    monkeypatch.delenv("GEO_CACHE")
    assert settings.layers_folder() == settings.ROOT / "layers"
    assert not settings.cache_folder().is_relative_to(settings.ROOT)


def test_the_user_may_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.user_name() == ""
    monkeypatch.setenv("GEO_USER", "  Duty officer ")
    assert settings.user_name() == "Duty officer"


def test_problems_are_counted_and_named() -> None:
    two = (Problem("a", "1", "must be 2"), Problem("b", "3", "must be 4"))
    assert str(GeoJSONError(two)) == "a is 1: must be 2 (and 1 more)"
    assert str(IncidentError(two)) == "a is 1: must be 2; b is 3: must be 4"
    assert issubclass(InputError, AtlasError)
    assert issubclass(InputError, ValueError)
