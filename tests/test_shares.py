"""Do several processes read a file with the result that one would have?"""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import shares
from geo.errors import TableError
from geo.importing import run
from geo.store import LayerStore
from tests.examples import NOW
from tests.sources.tables import GED, csv_bytes

# rows of every fate: taken, flagged, repaired, refused
_CHANGES = (
    {},
    {"where_prec": "6"},
    {"date_start": "yesterday"},
    {"low": "9"},
    {"type_of_violence": "4"},
    {"number_of_sources": "-1"},
    {"latitude": "91"},
    {"side_a": "bell \x07"},
    {"where_description": "two\nlines"},
)


def _table(picks) -> bytes:
    return csv_bytes([{**GED, "id": str(n % 97), **_CHANGES[pick]} for n, pick in enumerate(picks)])


def _brought(file: Path, *, count: int, start=None, block: int = 7, **options):
    """Everything an import leaves behind: report, layer, journal, or the refusal."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(shares, "processes", lambda *_: count)
        whole = shares.Task
        patch.setattr(shares, "Task", lambda **given: whole(**given, block=block))
        if start:
            patch.setattr(shares.subprocess, "Popen", start)
        store = LayerStore(Path(folder))
        try:
            report = run("ucdp", file, layer="here", store=store, now=NOW, **options)
        except TableError as error:
            return str(error)
        left = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(Path(folder).rglob("*.*"))
            if path.is_file()
        }
        return repr(report), list(report.as_json()["flagged"]), left


class _Share:
    """A share that runs in this process, and may die after some bytes."""

    cut: int | None = None

    def __init__(self, command, **_) -> None:
        out = io.BytesIO()
        try:
            shares.main(command[-1], out)
        except TableError:
            assert out.getvalue()[-16:] != b'{"tally":null}\n'
        self.stdout = io.BytesIO(out.getvalue()[: self.cut])

    def kill(self) -> None:
        """Nothing runs any more."""

    def wait(self) -> int:
        return 0


@given(st.lists(st.integers(0, len(_CHANGES) - 1), max_size=60), st.integers(2, 4))
@settings(max_examples=25)
def test_shares_bring_what_one_process_brings(picks, count):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ged.csv"
        file.write_bytes(_table(picks))
        assert _brought(file, count=count, start=_Share) == _brought(file, count=1)


@given(st.integers(0, 60_000))
@settings(max_examples=25)
def test_a_share_that_dies_changes_nothing(cut):
    class Dying(_Share):
        pass

    Dying.cut = cut
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ged.csv"
        file.write_bytes(_table([n % len(_CHANGES) for n in range(80)]))
        assert _brought(file, count=2, start=Dying) == _brought(file, count=1)


@pytest.mark.parametrize(
    "damage",
    [
        lambda table: table + b'"never closed',
        lambda table: table + b"\xff\xfe\n",
        lambda table: table.replace(b"where_prec", b"elsewhere", 1),
        lambda table: table[:0],
        lambda table: gzip.compress(table)[:-40],
    ],
)
def test_a_file_is_refused_in_the_same_words(tmp_path, damage):
    file = tmp_path / "ged.csv"
    file.write_bytes(damage(_table([0] * 40)))
    told = _brought(file, count=2, start=_Share)
    assert isinstance(told, str)
    assert told == _brought(file, count=1)


def test_where_no_process_can_be_started_the_file_is_read_all_the_same(tmp_path):
    def refused(*_, **__):
        raise OSError

    file = tmp_path / "ged.csv"
    file.write_bytes(_table([0] * 40))
    assert _brought(file, count=2, start=refused) == _brought(file, count=1)


def test_real_processes_bring_what_one_brings_and_do_not_outlive_the_import(tmp_path):
    file = tmp_path / "ged.csv"
    file.write_bytes(_table([n % len(_CHANGES) for n in range(3_000)]))
    started = []
    real = shares.subprocess.Popen

    def start(*given, **options):
        started.append(real(*given, **options))
        return started[-1]

    found = _brought(file, count=2, start=start, block=500)
    assert found == _brought(file, count=1)
    assert len(started) == 2
    assert all(process.returncode is not None for process in started)


def test_three_thousand_real_rows_are_the_same_in_shares(tmp_path, shared):
    file = tmp_path / "ged.csv"
    packed = shared / "data" / "ucdp" / "ged_merged_28k.csv.gz"
    with gzip.open(packed, "rt", encoding="utf-8", newline="") as text, file.open("w") as out:
        csv.writer(out).writerows(islice(csv.reader(text), 3_001))
    assert _brought(file, count=2, block=500) == _brought(file, count=1)


def test_a_small_file_or_another_source_is_read_by_one(tmp_path):
    file = tmp_path / "small.csv"
    file.write_bytes(_table([0]))
    assert shares.processes("ucdp", file) == 1
    file.write_bytes(b"x" * 6_000_001)
    assert shares.processes("table", file) == 1
    assert 1 <= shares.processes("ucdp", file) <= 4
