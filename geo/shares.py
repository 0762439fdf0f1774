"""How do several processes read one file, with the result that one process would have?

Each of them reads the table and makes incidents of every n-th block of rows; the blocks come back
as written lines and are taken in the order of the file. Whatever goes wrong with a share, its
block and all that follow are read again in this process, so that the file, and not the machine,
decides what is told.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice
from pathlib import Path
from typing import IO, Any

from geo.layerfile import Written, encode
from geo.settings import ROOT
from geo.sources import ucdp
from geo.sources.rows import MAX_DECOMPRESSED, Parsed, Rejected, Row
from geo.tally import Tally

_Rows = Iterator[Row | Rejected]
# below this a process takes longer to start than the rows take
_WORTH_IT = 6_000_000
_MOST_SHARES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """A source of which every row stands by itself: how its rows are found and understood."""

    rows: Callable[..., _Rows]
    parse: Callable[..., Parsed]


VOCABULARIES: Mapping[str, Vocabulary] = {"ucdp": Vocabulary(rows=ucdp.rows, parse=ucdp.parse)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to read: a file of a source, at a time of record, unpacked to at most `most` bytes.

    A `block` has rows enough that to send it costs little, and few enough that to hold it does too.
    """

    source: str
    path: Path
    now: datetime
    most: int = MAX_DECOMPRESSED
    block: int = 500


def processes(source: str, path: Path) -> int:
    """Tell in how many shares a file is worth being read."""
    if source not in VOCABULARIES or not sys.executable or path.stat().st_size < _WORTH_IT:
        return 1
    affinity = getattr(os, "sched_getaffinity", None)
    free = len(affinity(0)) if affinity else os.cpu_count() or 1
    return min(free, _MOST_SHARES)


def read(task: Task, tally: Tally, *, shares: int) -> Iterator[Written]:
    """Read a file in shares; `tally` counts what went by.

    Raises
    ------
    TableError
        When the file as a whole cannot be read.
    """
    done = 0
    with ExitStack() as stack:
        pipes = _start(task, shares, stack)
        for number in count() if pipes else ():
            answer = _answer(pipes[number % shares])
            if answer is None:
                break
            told, lines = answer
            if told is None:
                return
            tally.add(told)
            done += 1
            yield from lines
    vocabulary = VOCABULARIES[task.source]
    rest = islice(vocabulary.rows(task.path, most=task.most), done * task.block, None)
    for incident in tally.watch(vocabulary.parse(rest, now=task.now, notes=tally.notes)):
        yield Written(incident.id, encode(incident))


def _start(task: Task, shares: int, stack: ExitStack) -> list[IO[bytes]]:
    pipes = []
    for first in range(shares):
        told = {
            "source": task.source,
            "path": str(task.path.absolute()),
            "now": task.now.isoformat(),
            "most": task.most,
            "block": task.block,
            "first": first,
            "of": shares,
        }
        try:
            process = subprocess.Popen(  # noqa: S603 our own program
                [sys.executable, "-m", "geo.shares", json.dumps(told)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=1 << 18,
            )
        except OSError:
            return []
        stack.callback(_end, process)
        if process.stdout:
            pipes.append(process.stdout)
    return pipes


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    if process.stdout:
        process.stdout.close()
    process.wait()


def _answer(pipe: IO[bytes]) -> tuple[Tally | None, list[Written]] | None:
    """Take the next block of a share: no tally at the end of the file, None where it failed."""
    try:
        head = json.loads(pipe.readline())
        if head["tally"] is None:
            return None, []
        lines = [Written(key, pipe.readline().removesuffix(b"\n")) for key in head["ids"]]
    except (ValueError, OSError):
        return None
    # a line of ours ends with its Feature: a shorter one was cut off
    if not all(line.line.endswith(b"}") for line in lines) or pipe.readline() != b"\n":
        return None
    return Tally.from_json(head["tally"]), lines


def main(told: str, out: IO[bytes]) -> None:
    """Be one of the processes: write every n-th block of a file."""
    task = json.loads(told)
    vocabulary, now = VOCABULARIES[task["source"]], datetime.fromisoformat(task["now"])
    rows = vocabulary.rows(Path(task["path"]), most=task["most"])
    for number, block in enumerate(_blocks(rows, task["block"])):
        if number % task["of"] == task["first"]:
            for part in _written(vocabulary, block, now):
                out.write(part + b"\n")
            out.flush()
    out.write(b'{"tally":null}\n')
    out.flush()


def _blocks(rows: _Rows, size: int) -> Iterator[list[Row | Rejected]]:
    while block := list(islice(rows, size)):
        yield block


def _written(
    vocabulary: Vocabulary, block: Iterable[Row | Rejected], now: datetime
) -> Iterator[bytes]:
    tally = Tally()
    parsed = vocabulary.parse(iter(block), now=now, notes=tally.notes)
    lines = [(incident.id, encode(incident)) for incident in tally.watch(parsed)]
    head: dict[str, Any] = {"tally": tally.as_json(), "ids": [key for key, _ in lines]}
    yield json.dumps(head).encode()
    yield from (line for _, line in lines)
    yield b""


if __name__ == "__main__":
    main(sys.argv[1], sys.stdout.buffer)
