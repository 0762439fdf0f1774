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
from pathlib import Path

from geo.settings import cache_folder
from geo.sources.columns import NAMES, OPTIONS

_NAME = "table-columns.json"
_MOST = 500
_MAX_BYTES = 4_000_000


def recall(fingerprint: str, *, folder: Path | None = None) -> dict[str, str]:
    """Answer with the choice of columns for a header, empty if there was none."""
    return _read(_file(folder)).get(fingerprint, {})


def remember(fingerprint: str, columns: Mapping[str, str], *, folder: Path | None = None) -> None:
    """Keep a choice of columns for a header; an empty choice is forgotten.

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
        held[fingerprint] = kept
    newest = dict(list(held.items())[-_MOST:])
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.stem}.{secrets.token_hex(8)}.tmp")
    try:
        beside.write_text(json.dumps(newest, ensure_ascii=False, indent=1), encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _file(folder: Path | None) -> Path:
    return (folder or cache_folder()) / _NAME


def _read(path: Path) -> dict[str, dict[str, str]]:
    held: object = None
    with suppress(OSError, ValueError, RecursionError):
        if path.stat().st_size <= _MAX_BYTES:
            held = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(held, dict):
        return {}
    return {
        key: dict(columns)
        for key, columns in held.items()
        if isinstance(columns, dict)
        and all(isinstance(v, str) and (k in NAMES or k in OPTIONS) for k, v in columns.items())
    }
