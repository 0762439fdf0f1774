"""What is a process told to draw, what does it hand back, and how does that go through a pipe?

A line of JSON says what it is and how long what follows it; then come as many bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Literal, Protocol

Work = Literal["sheet", "file", "pair", "differences"]


@dataclass(frozen=True, slots=True)
class Order:
    """Draw a brief and check it, write it as a file, or draw one of the plain pictures.

    `told` are its options, `body` is what is drawn (`geo.studio.carried`). A brief that is held
    already is named by its key alone.
    """

    work: Work
    told: Mapping[str, Any] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was drawn, and what there is to say of it."""

    said: Mapping[str, Any] = field(default_factory=dict)
    data: bytes = b""


class Draws(Protocol):
    """Whoever draws what is ordered."""

    def ask(self, order: Order) -> Answer:
        """Draw it, or say in a `SnapshotError` why not."""


def send(pipe: IO[bytes], head: Mapping[str, Any], body: bytes) -> None:
    """Write a head and what belongs to it."""
    pipe.write(json.dumps([head, len(body)]).encode() + b"\n")
    pipe.write(body)
    pipe.flush()


def receive(pipe: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Read what `send` wrote; None where the other end is gone."""
    line = pipe.readline()
    if not line.endswith(b"\n"):
        return None
    head, size = json.loads(line)
    body = pipe.read(size)
    return (head, body) if len(body) == size else None
