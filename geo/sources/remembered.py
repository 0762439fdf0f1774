"""Which columns did someone choose for a table with this header before?

A small JSON file in the cache folder, by fingerprint of the header. Losing it costs a question
asked again, so a damaged file is begun anew. Readers of tables never look here: whoever asks the
person does, and hands the choice on.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from geo.settings import cache_folder
from geo.sources.columns import NAMES, OPTIONS

_NAME = "table-columns.json"
_MOST = 500
_MAX_BYTES = 4_000_000
_MAX_ORIGIN = 200


@dataclass(frozen=True, slots=True)
class _Memory:
    columns: dict[str, str]
    origin: str = ""


def recall(fingerprint: str, *, folder: Path | None = None) -> dict[str, str]:
    """Answer with the choice of columns for a header, empty if there was none."""
    return _read(_file(folder)).get(fingerprint, _Memory({})).columns


def recalled_from(fingerprint: str, *, folder: Path | None = None) -> str:
    """Say where the choice for a header was made, in the words that `remember` was given."""
    return _read(_file(folder)).get(fingerprint, _Memory({})).origin


def remember(
    fingerprint: str, columns: Mapping[str, str], *, origin: str = "", folder: Path | None = None
) -> None:
    """Keep a choice of columns for a header; an empty choice is forgotten.

    `origin` says where it was made, such as the layer and the day.

    Raises
    ------
    OSError
        Where the cache folder cannot be written.
    """
    path = _file(folder)
    held = _read(path)
    held.pop(fingerprint, None)
    kept = {name: header for name, header in columns.items() if name in NAMES or name in OPTIONS}
    if kept:
        held[fingerprint] = _Memory(kept, origin[:_MAX_ORIGIN])
    newest = {key: asdict(memory) for key, memory in list(held.items())[-_MOST:]}
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.stem}.{secrets.token_hex(8)}.tmp")
    try:
        beside.write_text(json.dumps(newest, ensure_ascii=False, indent=1), encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _file(folder: Path | None) -> Path:
    return (folder or cache_folder()) / _NAME


def _read(path: Path) -> dict[str, _Memory]:
    held: object = None
    with suppress(OSError, ValueError, RecursionError):
        if path.stat().st_size <= _MAX_BYTES:
            held = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(held, dict):
        return {}
    return {key: memory for key, told in held.items() if (memory := _memory(told))}


def _memory(told: object) -> _Memory | None:
    if not isinstance(told, dict):
        return None
    columns, origin = told.get("columns"), told.get("origin")
    if not isinstance(columns, dict) or not isinstance(origin, str):
        return None
    if all(isinstance(v, str) and (k in NAMES or k in OPTIONS) for k, v in columns.items()):
        return _Memory(dict(columns), origin)
    return None
