"""Which version of a layer does a file hold, without reading it again and again?"""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path

from geo.layerfile import digest_of, make_version, opened

# a file changed less than this ago may change again without looking different
_SETTLED_NS = 2_000_000_000


def version_of(path: Path, *, written: str = "") -> str:
    """Name the content of a layer file.

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
    seen = path.lstat()
    if time.time_ns() - seen.st_mtime_ns < _SETTLED_NS:
        return _read_version(path, written)
    return _known_version(path, seen.st_mtime_ns, seen.st_size, seen.st_ino, written)


def _read_version(path: Path, written: str) -> str:
    if written and digest_of(path) == written:
        return written
    with opened(path) as (meta, lines):
        return make_version(meta, lines)


@lru_cache(maxsize=64)
def _known_version(
    path: Path,
    mtime_ns: int,  # noqa: ARG001 key
    size: int,  # noqa: ARG001 key
    inode: int,  # noqa: ARG001 key
    written: str,
) -> str:
    return _read_version(path, written)
