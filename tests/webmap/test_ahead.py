"""Does a map hear of the view that comes next, it alone, and the newest?"""

import asyncio
import inspect
import json

import pytest
from starlette.websockets import WebSocket

from geo.webmap import ahead
from geo.webmap.ahead import Lines, Next, line_of
from geo.webmap.answers import JSON, TEXT, Reply

LINE, OTHER = line_of("one"), line_of("another")
TOKEN = "ab" * 24


class End:
    """One map's end of a line, without a network."""

    def __init__(self, lines, ask):
        self._said = asyncio.Queue()
        self._heard = asyncio.Queue()
        scope = {"type": "websocket", "path": "/atlas/ahead", "headers": []}
        socket = WebSocket(scope, self._said.get, self._heard.put)
        self._said.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.create_task(lines.listen(socket, ask=ask))

    def say(self, line=LINE, asked="zoom=2", **message):
        text = json.dumps({"line": line, "asked": asked})
        self._said.put_nowait({"type": "websocket.receive", "text": text} | message)

    async def hear(self):
        return await asyncio.wait_for(self._heard.get(), 10)

    async def told(self):
        return json.loads((await self.hear())["text"])

    async def leave(self):
        self._said.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self.task, 10)


def running(test):
    """Run a coroutine as a test."""

    def run(*given, **named):
        asyncio.run(test(*given, **named))

    # pytest asks for what the coroutine takes
    run.__signature__ = inspect.signature(test)
    run.__name__ = test.__name__
    return run


async def echo(question):
    return Reply(200, JSON, json.dumps([question.about, question.token, question.asked]).encode())


async def listening(lines, ask=echo, **words):
    end = End(lines, ask)
    assert (await end.hear())["type"] == "websocket.accept"
    end.say(**words)
    await settled()
    return end


async def settled():
    for _ in range(20):
        await asyncio.sleep(0)


@running
async def test_a_map_hears_the_next_view_with_the_answer_about_what_it_looks_at():
    lines = Lines()
    end = await listening(lines, asked="bbox=1,2,3,4&zoom=5&beyond=none")
    assert lines.tell(LINE, Next(3, TOKEN, 7))
    assert await end.told() == {
        "turn": 3,
        "token": TOKEN,
        "selected": 7,
        "asked": "bbox=1,2,3,4&zoom=5&beyond=none",
        "answer": ["view", TOKEN, {"bbox": "1,2,3,4", "zoom": "5", "beyond": "none"}],
    }
    await end.leave()


@running
async def test_a_map_that_moved_is_answered_about_where_it_is():
    lines = Lines()
    end = await listening(lines, asked="zoom=2")
    end.say(asked="zoom=3")
    await settled()
    lines.tell(LINE, Next(1, TOKEN, -1))
    assert (await end.told())["answer"][2] == {"zoom": "3"}
    await end.leave()


@running
async def test_of_two_views_the_newer_alone_is_told_where_the_former_takes_time():
    lines, may = Lines(), asyncio.Event()

    async def slow(question):
        await may.wait()
        return await echo(question)

    end = await listening(lines, slow)
    lines.tell(LINE, Next(1, "aa" * 24, -1))
    await settled()
    lines.tell(LINE, Next(2, "bb" * 24, -1))
    await settled()
    may.set()
    assert (await end.told())["turn"] == 2
    await settled()
    assert end._heard.empty()
    await end.leave()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(400, TEXT, b"a view wants a box"),
        Reply(503, TEXT, b"ended twice"),
        Reply(200, JSON, b"[" + b"0," * 200_000 + b"0]"),
    ],
)
@running
async def test_a_view_without_an_answer_to_send_is_told_by_its_token(reply):
    async def ask(_question):
        return reply

    lines = Lines()
    end = await listening(lines, ask)
    lines.tell(LINE, Next(1, TOKEN, -1))
    told = await end.told()
    assert told["token"] == TOKEN
    assert told["answer"] is None
    await end.leave()


@running
async def test_nobody_hears_of_anothers_view():
    lines = Lines()
    end = await listening(lines, line=OTHER)
    assert not lines.tell(LINE, Next(1, TOKEN, -1))
    await settled()
    assert end._heard.empty()
    await end.leave()


@running
async def test_a_map_that_left_is_told_nothing():
    lines = Lines()
    end = await listening(lines)
    await end.leave()
    assert not lines.tell(LINE, Next(1, TOKEN, -1))


@pytest.mark.parametrize(
    "message",
    [
        {"text": "no JSON"},
        {"text": "[]"},
        {"text": "{}"},
        {"text": json.dumps({"line": LINE})},
        {"text": json.dumps({"line": LINE[1:], "asked": ""})},
        {"text": json.dumps({"line": f"{LINE}\n", "asked": ""})},
        {"text": json.dumps({"line": LINE, "asked": "a" * 600})},
        {"text": json.dumps({"line": [LINE], "asked": 4})},
        {"text": None, "bytes": b"\xff\x00"},
        {"text": "[" * 400},
    ],
)
@pytest.mark.parametrize("known", [False, True])
@running
async def test_who_says_what_no_map_of_ours_would_is_let_go(message, known):
    lines = Lines()
    end = End(lines, echo)
    assert (await end.hear())["type"] == "websocket.accept"
    if known:
        end.say()
    end.say(**message)
    closed = await end.hear()
    assert (closed["type"], closed["code"]) == ("websocket.close", 1008)
    await asyncio.wait_for(end.task, 10)
    assert not lines.tell(LINE, Next(1, TOKEN, -1))


@running
async def test_who_says_nothing_is_let_go_after_a_while(monkeypatch):
    monkeypatch.setattr(ahead, "_PATIENCE", 0.01)
    end = End(Lines(), echo)
    await end.hear()
    assert (await end.hear())["code"] == 1008


@running
async def test_a_fault_of_the_server_ends_the_line_and_is_told_to_its_log():
    async def ask(_question):
        msg = "no process can be started"
        raise OSError(msg)

    lines = Lines()
    end = await listening(lines, ask)
    lines.tell(LINE, Next(1, TOKEN, -1))
    with pytest.raises(OSError, match="no process"):
        await asyncio.wait_for(end.task, 10)
    assert not lines.tell(LINE, Next(2, TOKEN, -1))


@running
async def test_one_line_has_room_for_a_few_maps():
    lines = Lines()
    ends = [await listening(lines) for _ in range(4)]
    fifth = await listening(lines)
    assert (await fifth.hear())["code"] == 1013
    for end in ends:
        await end.leave()


@running
async def test_no_more_maps_listen_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(ahead, "_MOST", 1)
    lines = Lines()
    first, second = await listening(lines), await listening(lines, line=OTHER)
    closed = await second.hear()
    assert (closed["type"], closed["code"]) == ("websocket.close", 1013)
    assert lines.tell(LINE, Next(1, TOKEN, -1))
    assert (await first.told())["turn"] == 1
    await first.leave()


def test_a_loop_that_has_ended_is_passed_over():
    lines = Lines()

    async def listen_and_go():
        end = await listening(lines)
        end.task.cancel()

    held = Lines()
    with pytest.MonkeyPatch.context() as patch:
        # as if the server had gone without letting go
        patch.setattr(lines, "_listeners", held._listeners)
        asyncio.run(listen_and_go())
    lines.tell(LINE, Next(1, TOKEN, -1))


def test_the_name_of_a_line_does_not_tell_the_visitors_secret():
    assert len(LINE) == 48
    assert LINE != OTHER
    assert "one" not in LINE
