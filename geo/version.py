"""Which version of a layer does a file hold, without reading it again and again?"""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path

from geo.layerfile import make_version, opened

# a file changed less than this ago may change again without looking different
_SETTLED_NS = 2_000_000_000


def version_of(path: Path) -> str:
    """Name the content of a layer file.

    Raises
    ------
    FileNotFoundError
        Where there is none.
    LayerCorruptError
        When it is no layer.
    """
    seen = path.lstat()
    if time.time_ns() - seen.st_mtime_ns < _SETTLED_NS:
        return _read_version(path)
    return _known_version(path, seen.st_mtime_ns, seen.st_size, seen.st_ino)


def _read_version(path: Path) -> str:
    with opened(path) as (meta, lines):
        return make_version(meta, lines)


@lru_cache(maxsize=64)
def _known_version(path: Path, mtime_ns: int, size: int, inode: int) -> str:  # noqa: ARG001 key
    return _read_version(path)
