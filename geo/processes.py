"""How does a process of ours leave room for others, answer through a pipe, and how is it ended?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

# whoever looks at a map goes first; elsewhere than on Windows a process sees to that itself
GENTLY = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)


def step_back(steps: int) -> None:
    """Leave the processors to whoever is fewer steps back, and take what they leave."""
    if hasattr(os, "nice"):
        os.nice(steps)


def bound_memory(room: int) -> None:
    """Take at most so many bytes more than by now: one task must not stop the machine."""
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415 there is none on Windows

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + room
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard == resource.RLIM_INFINITY or hard > most:
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


@contextmanager
def answering() -> Iterator[BinaryIO]:
    """Keep the output of this process for answers, and live on until the server says it is over."""
    # Ctrl+C reaches the whole group of processes
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # whatever is printed anywhere must not come between the answers
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        sys.stdout = sys.stderr
        os.dup2(2, 1)
        yield out


def end(process: subprocess.Popen[bytes], *, grace: float) -> None:
    """End a process that goes when its input ends; by force where it does not."""
    if process.stdin:
        with suppress(OSError):
            process.stdin.close()
    try:
        process.wait(timeout=grace)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
