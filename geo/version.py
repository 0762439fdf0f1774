"""Which version of a layer does a file hold, without reading it again and again?

What the store wrote is known by its hash. Of another file every line must be read; what came of
that is noted in the cache folder, by the hash of the file, and can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import time
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from geo.layerfile import make_version, opened, plain
from geo.settings import cache_folder

# a file changed less than this ago may change again without looking different
_SETTLED_NS = 2_000_000_000
# raise it when the gate or the canonical form of a line changes
_GATE = 1


class Passed(NamedTuple):
    """What a file held that passed the gate: its version, and that of its canonical form."""

    version: str
    canonical: str


def version_of(path: Path, *, written: str) -> str:
    """Name the content of a layer file, where the store wrote the version `written` last.

    Parameters
    ----------
    path
        The file.
    written
        Version that its journal knows last: a file of these bytes is not read line by line.

    Raises
    ------
    FileNotFoundError
        Where there is none.
    LayerCorruptError
        When it is no layer.
    """
    digest = digest_of(path)
    if digest == written:
        return digest
    known = passed(digest)
    return known.version if known else _read_version(path, digest)


def digest_of(path: Path) -> str:
    """Hash a file as it is, others having their turn meanwhile.

    Raises
    ------
    FileNotFoundError
        Where there is none.
    LayerCorruptError
        When it is no file of its own.
    """
    seen = path.lstat()
    if time.time_ns() - seen.st_mtime_ns < _SETTLED_NS:
        return _hashed(path)
    return _known_digest(path, seen.st_mtime_ns, seen.st_size, seen.st_ino)


def passed(digest: str) -> Passed | None:
    """Recall what a file with this hash held; None where that must be read."""
    for note in _notes().glob(f"{digest}-*-*"):
        _, version, canonical = note.name.split("-")
        return Passed(version, canonical)
    return None


def note(digest: str, found: Passed) -> None:
    """Keep what a file with this hash held."""
    _notes().mkdir(parents=True, exist_ok=True)
    (_notes() / f"{digest}-{found.version}-{found.canonical}").touch()


def _notes() -> Path:
    return cache_folder() / f"passed-{_GATE}"


@lru_cache(maxsize=64)
def _read_version(path: Path, digest: str) -> str:  # noqa: ARG001 part of the cache key
    with opened(path) as (meta, lines):
        return make_version(meta, lines)


@lru_cache(maxsize=64)
def _known_digest(path: Path, mtime_ns: int, size: int, inode: int) -> str:  # noqa: ARG001 key
    return _hashed(path)


def _hashed(path: Path) -> str:
    with plain(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
