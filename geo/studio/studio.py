"""Who draws the pictures of all pages, one after the other, while the server goes on?

One process beside the server, since the first picture of a process costs more than the next
three. It starts when it is first needed, starts anew when it died, and ends when nobody needed
it for a while, or with the server: its input ends then.
"""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Thread, Timer

from geo.errors import SnapshotError
from geo.processes import GENTLY, end
from geo.settings import ROOT
from geo.studio.order import Answer, Order, receive, send

_IDLE = 600.0
# no picture takes as long; one that does hangs
_MOST = 600.0
_GRACE = 3.0
_Waiting = tuple[Order, Future[Answer]]


class Studio:
    """Takes orders of any thread to the process that draws, in the order in which they came."""

    def __init__(self, *, idle: float = _IDLE, most: float = _MOST) -> None:
        self._idle, self._most = idle, most
        self._over = False
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: SimpleQueue[_Waiting | None] = SimpleQueue()
        # it alone starts the process and speaks with it, so that nothing is locked
        Thread(target=self._work, daemon=True, name="studio").start()

    def warm(self) -> None:
        """Have the process started, since a picture will be asked for."""
        self._orders.put(None)

    def ask(self, order: Order) -> Answer:
        """Wait for a picture.

        Raises
        ------
        SnapshotError
            Where it cannot be drawn.
        """
        drawn: Future[Answer] = Future()
        self._orders.put((order, drawn))
        return drawn.result()

    def close(self) -> None:
        """End the process, whatever it is at; whoever waits is told, and so is who comes later."""
        self._over = True
        process = self._process
        if process is not None:
            process.kill()
        # let the process be seen off
        self._orders.put(None)

    def _work(self) -> None:
        while True:
            try:
                taken = self._orders.get(timeout=self._idle)
            except Empty:
                self._rest()
                continue
            order, drawn = taken or (None, Future())
            try:
                process = self._started()
                drawn.set_result(self._drawn(process, order) if order else Answer())
            except SnapshotError as error:
                drawn.set_exception(error)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._rest()
        if self._over:
            msg = "no picture is drawn any more: the server ends"
            raise SnapshotError(msg)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "geo.studio.artist"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None if sys.stderr else subprocess.DEVNULL,
                creationflags=GENTLY,
            )
        except OSError as error:
            msg = f"no process can be started to draw the picture: {error.strerror}"
            raise SnapshotError(msg) from error
        return self._process

    def _drawn(self, process: subprocess.Popen[bytes], order: Order) -> Answer:
        begun = time.monotonic()
        hanging = Timer(self._most, process.kill)
        hanging.daemon = True
        hanging.start()
        try:
            received = _exchanged(process, order)
        finally:
            hanging.cancel()
        if received is None:
            raise SnapshotError(self._why(time.monotonic() - begun))
        if "error" in received.said:
            raise SnapshotError(received.said["error"])
        return received

    def _why(self, took: float) -> str:
        self._rest()
        if took >= self._most:
            return f"the picture was not drawn within {self._most:g} seconds, and was given up"
        return "the process that draws pictures ended before this one was drawn"

    def _rest(self) -> None:
        """End the process; the next picture starts another."""
        if self._process is not None:
            end(self._process, grace=_GRACE)
            if self._process.stdout:
                self._process.stdout.close()
        self._process = None


def _exchanged(process: subprocess.Popen[bytes], order: Order) -> Answer | None:
    """Send an order and wait for what comes back; None where the process is gone."""
    if process.stdin is None or process.stdout is None:
        return None
    try:
        send(process.stdin, {"work": order.work, "told": order.told}, order.body)
        received = receive(process.stdout)
    except (OSError, ValueError):
        return None
    return None if received is None else Answer(*received)
