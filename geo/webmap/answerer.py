"""What does the process do that answers the map?

    python -m geo.webmap.answerer

Each line of its input is a question; each answer is a line that says how long it is, and as many
bytes. It ends when its input does. Several questions are answered at once: one that is new and
takes long holds up none that is quick.
"""

from __future__ import annotations

import json
import sys
import traceback
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import BoundedSemaphore, Lock
from typing import IO

from geo.processes import answering
from geo.webmap.answers import TEXT, Question, Reply, answer
from geo.webmap.shelf import Shelf

_AT_ONCE = 4
# questions that are read before they are answered
_AHEAD = 600
_TURN = 0.001


class Answerer:
    """Writes answers as they are found, one after the other."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._lock = Lock()
        self._shelf = Shelf()

    def answer(self, question: Question) -> Reply:
        """Answer one question."""
        return answer(question, self._shelf.find)

    def write(self, number: int, reply: Reply) -> None:
        """Write an answer; whoever asked may have gone."""
        head = {"n": number, "status": reply.status, "kind": reply.kind, "packed": reply.packed}
        line = json.dumps({**head, "size": len(reply.body)}).encode() + b"\n"
        with self._lock:
            self._out.write(line + reply.body)
            self._out.flush()


def serve(questions: IO[bytes], out: IO[bytes]) -> None:
    """Answer every question until there are no more."""
    answerer = Answerer(out)
    room = BoundedSemaphore(_AHEAD)

    def done(number: int, made: Future[Reply]) -> None:
        room.release()
        error = made.exception()
        if error is not None:
            traceback.print_exception(error)
            answerer.write(
                number, Reply(500, TEXT, b"the view cannot be had: see the server's log")
            )
        else:
            answerer.write(number, made.result())

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for line in questions:
            told = json.loads(line)
            room.acquire()
            pool.submit(
                answerer.answer,
                Question(told["about"], told["token"], told["asked"], told["packed"]),
            ).add_done_callback(partial(done, told["n"]))


def main() -> None:
    """Answer through the pipes of this process."""
    sys.setswitchinterval(_TURN)
    with answering() as out:
        serve(sys.stdin.buffer, out)


if __name__ == "__main__":
    main()
