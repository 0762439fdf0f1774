"""Does the process beside the server answer, come back when it dies, and end with the server?"""

import asyncio
import json
import os

import pytest

from geo.filters import Filter
from geo.webmap.answers import Question, answer
from geo.webmap.desk import Desk
from geo.webmap.shelf import Shelf
from tests.examples import incident
from tests.indexes import view


@pytest.fixture
def questions(tmp_path, monkeypatch):
    monkeypatch.setenv("GEO_CACHE", str(tmp_path))
    token = view([incident("own:1"), incident("own:2", status="draft")], Filter(status=()))
    return [
        Question("view", token, {}),
        Question("view", token, {}, packed=True),
        Question("about", token, {"of": "0"}),
        Question("about", token, {"of": "9"}),
        Question("in", token, {"kind": "country", "key": "PAK"}),
        Question("view", "0" * 48, {}),
        Question("notes", "", {"bbox": "60,28,75,36"}),
        Question("basemap", "", {"bbox": "60,28,75,38", "zoom": "6"}, packed=True),
    ]


def test_it_answers_as_this_process_would(questions):
    async def asked():
        desk = Desk()
        async with desk.open():
            return await asyncio.gather(*map(desk.ask, questions))

    shelf = Shelf()
    assert asyncio.run(asked()) == [answer(question, shelf.find) for question in questions]


def test_one_that_was_killed_is_followed_by_another(questions):
    async def asked():
        desk = Desk()
        async with desk.open():
            first = await desk.ask(questions[0])
            pid = desk._process.pid
            desk._process.kill()
            again = await asyncio.gather(*map(desk.ask, questions[:3]))
            assert desk._process.pid != pid
            return first, again[0]

    first, again = asyncio.run(asked())
    assert first == again
    assert first.status == 200


def test_a_process_that_cannot_live_is_told_of(questions, monkeypatch):
    async def asked():
        monkeypatch.setattr("sys.executable", "false")
        desk = Desk()
        async with desk.open():
            return await desk.ask(questions[0])

    reply = asyncio.run(asked())
    assert reply.status == 503
    assert reply.body == b"the view cannot be had now: the process that answers the map ended twice"


def test_who_leaves_while_the_next_one_is_awaited_bars_nobody(questions):
    async def left():
        desk = Desk()
        # the end of the one before, not over yet
        desk._listening = asyncio.create_task(asyncio.sleep(0.2))
        first = asyncio.create_task(desk.ask(questions[0]))
        await asyncio.sleep(0.05)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        async with desk.open():
            return await desk.ask(questions[0])

    assert asyncio.run(left()).status == 200


def test_it_ends_with_the_server(questions):
    async def opened():
        desk = Desk()
        async with desk.open():
            await desk.ask(questions[0])
            return desk._process

    assert asyncio.run(opened()).returncode == 0


def test_it_ends_when_the_server_is_gone_without_a_word():
    read, write = os.pipe()

    async def left():
        from geo.settings import ROOT

        process = await asyncio.create_subprocess_exec(
            *(os.sys.executable, "-m", "geo.webmap.answerer"),
            cwd=ROOT,
            stdin=read,
            stdout=asyncio.subprocess.PIPE,
        )
        os.close(read)
        asked = {"n": 7, "about": "notes", "token": "", "asked": {"bbox": "0,44,5,48"}}
        os.write(write, json.dumps({**asked, "packed": False}).encode() + b"\n")
        head = json.loads(await process.stdout.readline())
        os.close(write)
        await asyncio.wait_for(process.communicate(), 60)
        return head, process.returncode

    head, code = asyncio.run(left())
    assert (head["n"], head["status"], code) == (7, 200, 0)
