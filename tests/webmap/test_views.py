"""Are tokens one visitor's own, short-lived, sealed, and known to every server over one cache?"""

import json
import os
import stat
import sys

import pytest

from geo.area import Circle
from geo.filters import Filter
from geo.incident import Point
from geo.indexed import index_incidents
from geo.webmap import register
from geo.webmap.views import _HELD, View, _put, _sweep, find
from tests.examples import incident

LATE = Filter(text="late", area=Circle(Point(71, 35), 20))


@pytest.fixture
def layer(tmp_path, monkeypatch):
    monkeypatch.setenv("GEO_CACHE", str(tmp_path / "cache"))
    return index_incidents([incident()])


@pytest.fixture
def views(tmp_path):
    return tmp_path / "cache" / "views"


def test_a_token_stands_for_a_version_and_a_filter(layer):
    token = register(layer, LATE, visitor="a")
    assert find(token) == View(layer.version, LATE)


def test_one_visitor_keeps_a_token_and_another_has_another(layer):
    first = register(layer, LATE, visitor="a")
    assert register(layer, LATE, visitor="a") == first
    assert register(layer, LATE, visitor="b") != first
    assert register(layer, Filter(), visitor="a") != first


def test_a_token_is_hexadecimal_and_guessable_by_nobody(layer, tmp_path, monkeypatch):
    first = register(layer, LATE, visitor="a")
    assert len(first) == 48
    assert set(first) <= set("0123456789abcdef")
    # another cache has another key
    monkeypatch.setenv("GEO_CACHE", str(tmp_path / "other"))
    assert register(layer, LATE, visitor="a") != first
    assert find(first) is None


def test_a_token_ends_after_one_or_two_hours(layer):
    token = register(layer, LATE, visitor="a", now=lambda: 3_600 * 10 + 5)
    assert find(token, now=lambda: 3_600 * 11 + 5)
    assert find(token, now=lambda: 3_600 * 12) is None
    assert register(layer, LATE, visitor="a", now=lambda: 3_600 * 11 + 5) != token


@pytest.mark.parametrize("odd", ["", "0" * 48, "key", "../key", "A" * 48, "0" * 47 + "\n"])
def test_what_is_no_token_stands_for_nothing(layer, odd):
    register(layer, LATE, visitor="a")
    assert find(odd) is None


def test_a_view_that_somebody_wrote_or_altered_stands_for_nothing(layer, views):
    token = register(layer, LATE, visitor="a")
    told = json.loads((views / token).read_bytes())
    (views / token).write_text(json.dumps({**told, "filter": {}}, sort_keys=True))
    assert find(token) is None


def test_what_maps_ask_for_is_its_owners_alone(layer, views):
    if sys.platform == "win32":
        pytest.skip("Windows has no such modes")
    register(layer, LATE, visitor="a")
    for path in views.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_damaged_key_is_made_anew(layer, views):
    before = register(layer, LATE, visitor="a")
    (views / "key").write_bytes(b"short")
    after = register(layer, LATE, visitor="a")
    assert after != before
    assert find(before) is None
    assert find(after) is not None


def test_derived_files_that_were_deleted_are_put_back(layer, tmp_path):
    for path in (tmp_path / "cache" / "indexes").iterdir():
        path.unlink()
    register(layer, LATE, visitor="a")
    assert len(list((tmp_path / "cache" / "indexes").iterdir())) == 3


def test_old_views_are_forgotten_and_the_number_is_bounded(tmp_path):
    old, new = tmp_path / ("a" * 48), tmp_path / ("b" * 48)
    for path in (old, new):
        _put(path, b"{}")
    os.utime(old, (0, 0))
    _sweep(tmp_path, new.stat().st_mtime)
    assert [path.name for path in tmp_path.iterdir()] == [new.name]
    for number in range(_HELD):
        (tmp_path / f"{number:048x}").touch()
    _sweep(tmp_path, new.stat().st_mtime)
    assert len(list(tmp_path.iterdir())) == _HELD // 2
