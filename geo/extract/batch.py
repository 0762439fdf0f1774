"""How are many articles worked through, so that a killed run goes on where it was?

What is done stands in one line of JSON for each article, in `.articles` beside the layers, and is
written after its drafts are in the layer. A run that is killed in between does a few articles
again, and their drafts are the same ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from geo.durable import Replacement, locked
from geo.extract.archive import FOLDER

ENDINGS = (".txt", ".text", ".md", ".html", ".htm", ".pdf", ".docx")


@dataclass(frozen=True, slots=True)
class Done:
    """One article that is in the layer: its hash, the day it was read for, what it gave."""

    sha256: str
    report_date: str
    name: str
    drafts: int


def articles_in(given: Iterable[str]) -> Iterator[str]:
    """Name every article: files and links as given, folders by their files, in order of name."""
    for name in given:
        path = Path(name)
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                if inner.suffix.lower() in ENDINGS and inner.is_file():
                    yield str(inner)
        else:
            yield name


def done(layers: Path, layer: str) -> dict[tuple[str, str], Done]:
    """Read what is done for a layer, by hash and day; a line cut off counts for nothing."""
    path = _path(layers, layer)
    if not path.exists():
        return {}
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = Done(**json.loads(line))
        except (ValueError, TypeError):
            continue
        found[row.sha256, row.report_date] = row
    return found


def remember(layers: Path, layer: str, rows: Iterable[Done]) -> None:
    """Add what was done, in one step."""
    path = _path(layers, layer)
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path, timeout=10), Replacement(path) as state:
        known = {**done(layers, layer), **{(r.sha256, r.report_date): r for r in rows}}
        for row in known.values():
            state.write(f"{json.dumps(_written(row), ensure_ascii=False)}\n".encode())
        state.seal()
        state.publish()


def _written(row: Done) -> dict[str, str | int]:
    return {
        "sha256": row.sha256,
        "report_date": row.report_date,
        "name": row.name,
        "drafts": row.drafts,
    }


def _path(layers: Path, layer: str) -> Path:
    return layers / FOLDER / f"{layer}.jsonl"
