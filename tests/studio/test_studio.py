"""Does the process that draws give the bytes that this one would, come back, and end in time?"""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from geo import difference_map, pair_map
from geo.errors import SnapshotError
from geo.settings import ROOT
from geo.snapshot.make import make as draw
from geo.snapshot.make import write
from geo.studio import Studio, artist, pictures
from geo.studio.order import Order
from geo.versions import compare


@pytest.fixture(scope="module")
def studio():
    studio = Studio()
    yield studio
    studio.close()
    until(lambda: studio._process is None)


@pytest.fixture
def asked(make, brief):
    return brief([make("1"), make("2", at=(69.2, 34.5))])


def until(holds):
    for _ in range(1_200):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError(holds)


def test_the_same_is_drawn_as_here(studio, asked):
    here, sheet = draw(asked), pictures.sheet(asked, by=studio)

    assert (sheet.manifest, sheet.findings) == (here.drawn.manifest, here.findings)
    for fmt, dpi in (("png", 60), ("png", None), ("svg", None), ("html", None)):
        assert pictures.write(sheet, fmt, by=studio, dpi=dpi) == write(here, fmt, dpi=dpi)


def test_plain_pictures_are_the_same_too(studio, make):
    one, other, nowhere = (
        make("1"),
        make("2", at=(69.2, 34.5)),
        make("3", at=None, precision="none"),
    )
    found = compare([one, nowhere], [replace(one, point=other.point), other]).differences

    assert pictures.pair(one, other, ("A", "B"), by=studio) == pair_map.draw(one, other, ("A", "B"))
    assert pictures.pair(nowhere, nowhere, ("A", "B"), by=studio) is None
    assert pictures.differences(found, by=studio) == difference_map.draw(found)
    assert pictures.differences(found[-1:], by=studio) is None


def test_many_ask_at_once_and_each_gets_its_own(studio, make):
    names = [(f"A{n}", "B") for n in range(6)]

    def one(name):
        return pictures.pair(make("1"), make("2", at=(69.2, 34.5)), name, by=studio).png

    with ThreadPoolExecutor(len(names)) as pool:
        assert list(pool.map(one, names)) == [
            pair_map.draw(make("1"), make("2", at=(69.2, 34.5)), name).png for name in names
        ]


def test_a_refusal_is_a_sentence_and_the_process_goes_on(studio, asked):
    sheet = pictures.sheet(asked, by=studio)
    process = studio._process
    with pytest.raises(SnapshotError, match="format is 'gif'"):
        pictures.write(sheet, "gif", by=studio)

    assert pictures.write(sheet, "svg", by=studio)
    assert studio._process is process


def test_one_that_was_killed_is_followed_by_another_that_draws_anew(studio, asked):
    sheet = pictures.sheet(asked, by=studio)
    before = pictures.write(sheet, "svg", by=studio)
    pid = studio._process.pid
    studio._process.kill()
    studio._process.wait()

    assert pictures.write(sheet, "svg", by=studio) == before
    assert studio._process.pid != pid


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="a process cannot be stopped here")
def test_one_that_hangs_or_dies_at_work_is_told_of(studio, asked, monkeypatch):
    pictures.sheet(asked, by=studio)
    os.kill(studio._process.pid, signal.SIGSTOP)
    monkeypatch.setattr(studio, "_most", 0.2)
    with pytest.raises(SnapshotError, match=r"not drawn within 0\.2 seconds"):
        pictures.sheet(asked, by=studio)
    monkeypatch.undo()

    pictures.sheet(asked, by=studio)
    os.kill(studio._process.pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(pictures.sheet, asked, by=studio)
        until(studio._orders.empty)
        studio._process.kill()
        with pytest.raises(SnapshotError, match="ended before this one was drawn"):
            waits.result()


def test_it_rests_when_nobody_asks_and_comes_back(monkeypatch):
    studio = Studio(idle=0.1)
    studio.warm()
    until(lambda: studio._process is not None)
    process = studio._process
    until(lambda: studio._process is None)
    assert process.returncode is not None

    monkeypatch.setattr("sys.executable", str(ROOT / "no-such-python"))
    with pytest.raises(SnapshotError, match="no process can be started to draw the picture"):
        studio.ask(Order("sheet"))


def test_the_end_of_the_server_ends_it_and_tells_who_waits():
    studio = Studio()
    studio.warm()
    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(studio.ask, Order("sheet", {"key": "none"}))
        until(lambda: studio._process is not None and studio._orders.empty())
        process = studio._process
        studio.close()
        with pytest.raises(SnapshotError, match="ended before"):
            waits.result()
    assert process.returncode is not None
    with pytest.raises(SnapshotError, match="the server ends"):
        studio.ask(Order("sheet"))


def test_it_ends_with_a_server_that_was_killed():
    code = (
        "import time; from geo.studio import Studio; s = Studio(); s.warm()\n"
        "while s._process is None: time.sleep(0.01)\n"
        "print(s._process.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        pid = int(server.stdout.readline())
        server.kill()
        # whoever inherited the other end reads until the last writer is gone
        server.stdout.read()

    def gone():
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        # one that ended and that nobody has seen off
        status = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return status.stdout.strip()[:1] in ("", "Z")

    until(gone)


def test_too_little_memory_is_a_sentence(monkeypatch, asked):
    def make(_brief):
        raise MemoryError

    monkeypatch.setattr(artist, "make", make)
    head = {"work": "sheet", "told": {"key": "k"}}
    answer = artist._answer(artist.Artist(), head, pictures.write_brief(asked))

    assert "needs more than the 3,000 MB of memory one picture may take" in answer.said["error"]
