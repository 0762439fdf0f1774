"""What is a process told to do with a file or a layer, and where does it leave what it found?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Self

from geo.remote.secrets import Secrets

Work = Literal["ask", "read", "try", "write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Ask a source, try what a file would change, write it, or read a layer.

    `path` is the file, or where the answer of a source lies (`answer`); without a `layer` a file
    is tried against an empty one. `columns` are those a person chose by now.
    """

    work: Work
    source: str
    layers: Path
    now: datetime
    path: Path | None = None
    answer: bool = False
    query: tuple[tuple[str, str], ...] = ()
    layer: str = ""
    by: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    withdraw: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Write the order as JSON values."""
        told = asdict(self)
        path = None if self.path is None else str(self.path.absolute())
        return told | {
            "layers": str(self.layers.absolute()),
            "now": self.now.isoformat(),
            "path": path,
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        """Read an order that `as_json` wrote."""
        return cls(
            **{
                **told,
                "layers": Path(told["layers"]),
                "now": datetime.fromisoformat(told["now"]),
                "path": Path(told["path"]) if told["path"] else None,
                "query": tuple((name, value) for name, value in told["query"]),
                "withdraw": tuple(told["withdraw"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Results:
    """Where a process leaves what it found, in a folder of its own."""

    folder: Path

    @property
    def look(self) -> Path:
        """How the columns of a table are understood, JSON."""
        return self.folder / "look.json"

    @property
    def report(self) -> Path:
        """Where every row went, JSON; of the rejected rows the first."""
        return self.folder / "report.json"

    @property
    def rejected(self) -> Path:
        """Every rejected row, CSV."""
        return self.folder / "rejected.csv"

    @property
    def sample(self) -> Path:
        """Incidents to be shown on a map, one line each."""
        return self.folder / "sample.jsonl"

    @property
    def answer(self) -> Path:
        """What a source gave, as it came."""
        return self.folder / "answer.data"

    @property
    def said(self) -> Path:
        """What there is to say of the answer, JSON."""
        return self.folder / "answer.json"


def written(order: Order, secrets: Secrets) -> bytes:
    """Write an order and what opens the doors of the sources as one line."""
    return json.dumps({"order": order.as_json(), "secrets": asdict(secrets)}).encode() + b"\n"


def read(line: bytes) -> tuple[Order, Secrets]:
    """Read what `written` wrote."""
    told = json.loads(line)
    return Order.from_json(told["order"]), Secrets(**told["secrets"])
