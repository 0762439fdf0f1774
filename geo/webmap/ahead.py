"""How does a map show the next filter before its page is drawn?

What the map shows comes with the page, and a page takes a tenth of a second to arrive and to be
laid out. Over a WebSocket of its own the map hears at once which view comes next, with the answer
about the part that it looks at, and paints it while the page is still on its way. Nothing else is
told there. A map that does not listen, or listens to another process, hears of it with its page.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from geo.webmap.answers import Question, Reply

_NAME = re.compile(r"[0-9a-f]{48}\Z")
# maps that listen at once, and on one line; seconds within which one must say who it is, and
# characters of a word
_MOST, _ABREAST, _PATIENCE, _LONGEST = 2_000, 4, 10, 500
# bytes of an answer that is sent unasked; a third of them travel, where the server packs
_SENT = 60_000
_NOT_UNDERSTOOD, _FULL = 1008, 1013
# how a line ends by the map's doing; RuntimeError is Starlette's, of one that is closed already
_ENDS = (WebSocketDisconnect, ValueError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Next:
    """The view that comes next; `turn` grows with each, so that the newest is known.

    `selected` is the row of the chosen incident, -1 for none.
    """

    turn: int
    token: str
    selected: int


def line_of(visitor: str) -> str:
    """Name the line of one visitor's map; the visitor's secret cannot be told from it."""
    return hashlib.sha256(f"map of {visitor}".encode()).hexdigest()[:48]


@dataclass(eq=False, slots=True)
class _Listener:
    """A map at the other end: how it asks about its view, and the newest it was not told yet."""

    loop: asyncio.AbstractEventLoop
    asked: str
    newest: Next | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, following: Next) -> None:
        self.newest = following
        self.news.set()


class Lines:
    """The maps that listen, by the name of their line; for any number of threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: dict[str, set[_Listener]] = {}

    def tell(self, line: str, following: Next) -> bool:
        """Tell the maps on a line what follows, and say whether there are any."""
        with self._lock:
            listeners = list(self._listeners.get(line, ()))
        for listener in listeners:
            # a loop that has ended has nobody left to tell
            with suppress(RuntimeError):
                listener.loop.call_soon_threadsafe(listener.tell, following)
        return bool(listeners)

    async def listen(
        self, socket: WebSocket, *, ask: Callable[[Question], Awaitable[Reply]]
    ) -> None:
        """Hold one map's end of its line for as long as it stays.

        The map says which line is its own and how it asks about the view that it looks at, and the
        latter again whenever that changes.
        """
        await socket.accept()
        try:
            line, asked = await asyncio.wait_for(_word(socket), _PATIENCE)
        except (TimeoutError, ValueError):
            await socket.close(_NOT_UNDERSTOOD, "a line and a view are to be named")
            return
        except WebSocketDisconnect:
            return
        with self._on(line, asked) as listener:
            if listener is None:
                await socket.close(_FULL, "as many maps listen as there is room for")
                return
            ends = (_hear(socket, listener), _say(socket, listener, ask))
            tasks = [asyncio.create_task(end) for end in ends]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        for error in ended:
            # the map left, or said what none of ours would; all else is for the server's log
            if isinstance(error, Exception) and not isinstance(error, _ENDS):
                raise error
        if socket.client_state is socket.application_state is WebSocketState.CONNECTED:
            await socket.close(_NOT_UNDERSTOOD)

    @contextmanager
    def _on(self, line: str, asked: str) -> Iterator[_Listener | None]:
        listener = _Listener(asyncio.get_running_loop(), asked)
        with self._lock:
            full = (
                sum(map(len, self._listeners.values())) >= _MOST
                or len(self._listeners.get(line, ())) >= _ABREAST
            )
            if not full:
                self._listeners.setdefault(line, set()).add(listener)
        try:
            yield None if full else listener
        finally:
            with self._lock:
                there = self._listeners.get(line, set())
                there.discard(listener)
                if not there:
                    self._listeners.pop(line, None)


async def _hear(socket: WebSocket, listener: _Listener) -> None:
    while True:
        _, listener.asked = await _word(socket)


async def _say(
    socket: WebSocket, listener: _Listener, ask: Callable[[Question], Awaitable[Reply]]
) -> None:
    while True:
        await listener.news.wait()
        listener.news.clear()
        following, asked = listener.newest, listener.asked
        assert following is not None  # noqa: S101 it is the news
        asking = asyncio.ensure_future(
            ask(Question("view", following.token, dict(parse_qsl(asked))))
        )
        news = asyncio.ensure_future(listener.news.wait())
        try:
            await asyncio.wait((asking, news), return_when=asyncio.FIRST_COMPLETED)
            if listener.news.is_set():
                # overtaken meanwhile
                continue
            reply = asking.result()
        finally:
            asking.cancel()
            news.cancel()
        head = json.dumps({**asdict(following), "asked": asked})
        fits = reply.status == 200 and len(reply.body) <= _SENT
        body = reply.body.decode() if fits else "null"
        await socket.send_text(f'{head[:-1]}, "answer": {body}}}')


async def _word(socket: WebSocket) -> tuple[str, str]:
    """Read what a map says; ValueError where a map of ours would not say it."""
    told = await socket.receive()
    if told["type"] == "websocket.disconnect":
        raise WebSocketDisconnect
    text = told.get("text") or ""
    said: Any = json.loads(text) if len(text) <= _LONGEST else None
    words = (said.get("line"), said.get("asked")) if isinstance(said, dict) else (None, None)
    line, asked = words
    if not isinstance(line, str) or not isinstance(asked, str) or not _NAME.match(line):
        msg = "a map says line, of 48 hexadecimal digits, and asked"
        raise ValueError(msg)
    return line, asked


# the pages of a process and its routes meet here
LINES = Lines()
