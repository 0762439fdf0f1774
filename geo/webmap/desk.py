"""Who answers the map, so that a view does not wait while this process draws a picture?

A small process beside this one, which maps the same derived files into memory. Questions and
answers go through its pipes. It is started with the server, started anew when it dies, and ends
when its input does, however the server ended.
"""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from typing import Any

from geo.settings import ROOT
from geo.webmap.answers import TEXT, Question, Reply

# questions that wait at once; a browser asks a handful
_MOST = 500
_SECONDS = 60.0
# and so many for it to end by itself
_GRACE = 3.0
# an answer arrives in one piece, so that this process is woken once
_PIECE = 1 << 20
# Python lets other threads have their turn after 5 ms, unless told otherwise; the turns of a thread
# that hands answers on are short, and a view needs two
_TURN = 0.0005


class _GoneError(Exception):
    """The process ended before it answered."""


class Desk:
    """Takes questions of one event loop to the process that answers them."""

    def __init__(self) -> None:
        self._process: Process | None = None
        # whether it said all that it will say
        self._over = False
        self._listening: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[Reply]] = {}
        self._asked = 0
        self._starting = asyncio.Lock()

    @asynccontextmanager
    async def open(self, _app: object = None) -> AsyncIterator[None]:
        """Hold the process for as long as the server runs."""
        sys.setswitchinterval(_TURN)
        await self._started()
        try:
            yield
        finally:
            await self._end()

    async def ask(self, question: Question) -> Reply:
        """Have a question answered; where that fails twice, say so."""
        if len(self._waiting) >= _MOST:
            return _unanswered("too many views are asked for at once")
        for _ in range(2):
            try:
                return await self._sent(question)
            except _GoneError:
                # it died, or was ended because it hung: the next one may do better
                continue
        return _unanswered("the process that answers the map ended twice")

    async def _sent(self, question: Question) -> Reply:
        process = await self._started()
        self._asked += 1
        number = self._asked
        answered: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answered
        try:
            _input(process).write(json.dumps({"n": number, **asdict(question)}).encode() + b"\n")
            return await asyncio.wait_for(answered, _SECONDS)
        except (TimeoutError, OSError) as error:
            _kill(process)
            raise _GoneError from error
        finally:
            self._waiting.pop(number, None)

    async def _started(self) -> Process:
        async with self._starting:
            if self._process is not None and not self._over:
                return self._process
            if self._listening is not None:
                # whoever asks may leave meanwhile; the end of the process is awaited all the same
                await asyncio.shield(self._listening)
            self._process = process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "geo.webmap.answerer"),
                cwd=ROOT,
                stdin=PIPE,
                stdout=PIPE,
                stderr=None if sys.stderr else DEVNULL,
                limit=_PIECE,
            )
            self._over = False
            self._listening = asyncio.create_task(self._listen(process))
            return process

    async def _listen(self, process: Process) -> None:
        """Hand answers to those who wait for them; those whose answer never comes are told."""
        out = process.stdout
        assert out is not None  # noqa: S101 it was asked for
        with suppress(asyncio.IncompleteReadError, OSError, ValueError):
            while line := await out.readline():
                head = json.loads(line)
                body = await out.readexactly(head["size"])
                waits = self._waiting.get(head["n"])
                if waits is not None and not waits.done():
                    waits.set_result(Reply(head["status"], head["kind"], body, head["packed"]))
        self._over = True
        for waits in self._waiting.values():
            if not waits.done():
                waits.set_exception(_GoneError())
        try:
            # one whose input ended goes by itself
            await asyncio.wait_for(process.wait(), _GRACE)
        except TimeoutError:
            _kill(process)
            await process.wait()

    async def _end(self) -> None:
        process, listening = self._process, self._listening
        if process is not None and listening is not None:
            _input(process).close()
            try:
                await asyncio.wait_for(asyncio.shield(listening), _GRACE)
            except TimeoutError:
                _kill(process)
                await listening


def _input(process: Process) -> Any:
    return process.stdin


def _kill(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()


def _unanswered(why: str) -> Reply:
    return Reply(503, TEXT, f"the view cannot be had now: {why}".encode())
