"""How is a process of ours started, watched and ended, so that no page waits for it?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from functools import cached_property
from typing import Any
from weakref import finalize

from geo.errors import AtlasError
from geo.incident import Incident
from geo.incoming.folder import Folder
from geo.incoming.look import Look
from geo.incoming.order import Order, Results, written
from geo.layerfile import decode
from geo.processes import GENTLY, end
from geo.remote.secrets import Secrets
from geo.settings import ROOT

_GRACE = 3.0
_TAIL = 16_384


class Job:
    """A process at work on an order, and what it has found by now.

    Whoever forgets a job ends it: its process stops and its folder goes.
    """

    def __init__(self, order: Order, secrets: Secrets | None = None) -> None:
        self.order = order
        self.cancelled = False
        self._folder = Folder()
        place = str(self._folder.path)
        self.results = Results(self._folder.path)
        self._told = self.results.folder / "told.jsonl"
        # whatever lies around when it is ended goes with its folder
        temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), place)
        with self._told.open("wb") as told:
            try:
                self._process = subprocess.Popen(  # noqa: S603 our own program
                    [sys.executable, "-m", "geo.incoming.worker", place],
                    cwd=ROOT,
                    env={**os.environ, **temporary},
                    stdin=subprocess.PIPE,
                    stdout=told,
                    stderr=subprocess.DEVNULL,
                    creationflags=GENTLY,
                )
            except OSError as error:
                msg = f"no process can be started to read the file: {error.strerror}"
                raise AtlasError(msg) from error
        finalize(self, end, self._process, grace=0.0)
        if self._process.stdin:
            # one that died at once is told by how it ended
            with suppress(OSError):
                self._process.stdin.write(written(order, secrets or Secrets()))
                self._process.stdin.flush()

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self._process.poll() is None

    def wait(self, seconds: float) -> bool:
        """Wait a little; whether it is done."""
        until = time.monotonic() + seconds
        while self.running and time.monotonic() < until:
            time.sleep(0.05)
        return not self.running

    def cancel(self) -> None:
        """End it; what it was about to write is as it was, unless it was done already."""
        self.cancelled = self.running
        end(self._process, grace=_GRACE)

    @property
    def step(self) -> tuple[str, int, int | None]:
        """What it does, how much of it is done, and of how much where that is known."""
        steps = [told["step"] for told in self._lines() if "step" in told]
        return tuple(steps[-1]) if steps else ("starting", 0, None)

    @property
    def done(self) -> bool:
        """Whether it ended well."""
        return not self.running and any("done" in told for told in self._lines())

    @property
    def error(self) -> str:
        """Why it ended, in a sentence; nothing where it is at work or ended well."""
        if self.running or self.done:
            return ""
        said = next((told["error"] for told in self._lines() if "error" in told), "")
        if said or self.cancelled:
            return said or "cancelled"
        return f"the process that reads the file ended without a word ({self._process.returncode})"

    @cached_property
    def _look(self) -> Look:
        return Look.from_json(json.loads(self.results.look.read_bytes()))

    @property
    def look(self) -> Look | None:
        """How the columns are understood, as soon as that is known."""
        return self._look if self.results.look.exists() else None

    @cached_property
    def report(self) -> dict[str, Any] | None:
        """The report, when it is done; `refused` counts all rejected rows."""
        try:
            told: dict[str, Any] = json.loads(self.results.report.read_bytes())
        except FileNotFoundError:
            return None
        return told

    @cached_property
    def sample(self) -> tuple[Incident, ...]:
        """Incidents to be shown on a map, when it is done."""
        lines = self.results.sample.read_bytes().split(b"\n")
        return tuple(decode(line, where="import") for line in lines if line)

    @cached_property
    def said(self) -> dict[str, Any]:
        """What there is to say of the answer of a source: `said` and `withdrawn`."""
        told: dict[str, Any] = json.loads(self.results.said.read_bytes())
        return told

    def _lines(self) -> list[dict[str, Any]]:
        with self._told.open("rb") as file:
            file.seek(max(0, self._told.stat().st_size - _TAIL))
            lines = file.read().split(b"\n")
        found = []
        for line in lines:
            # the first may be cut off, and the last unfinished
            with suppress(ValueError):
                found.append(json.loads(line))
        return [told for told in found if isinstance(told, dict)]
