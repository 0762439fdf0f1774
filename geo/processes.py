"""How does a process of ours leave room for others, and how is it ended?"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

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
