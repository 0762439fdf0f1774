"""How does a file change so that a crash leaves the old or the new one, whole?

The new content is written beside the file, synced, and renamed over it. Whoever writes holds
the lock; readers need none.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from geo.errors import LayerBusyError, LayerError


class Replacement:
    """The next content of a file: invisible until published, gone without a trace if never."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beside = path.with_name(f".{path.stem}.{secrets.token_hex(8)}.tmp")
        self._digest = hashlib.sha256()
        self._file = self._beside.open("xb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # a full disk fails a second time here, on what is still buffered
        with suppress(OSError):
            self._file.close()
        self._beside.unlink(missing_ok=True)

    def write(self, part: bytes) -> None:
        """Add to the content."""
        self._file.write(part)
        self._digest.update(part)

    def seal(self) -> str:
        """Bring the content to the disk and answer with its SHA-256."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._digest.hexdigest()

    def publish(self) -> None:
        """Put the sealed content in place of the old, in one step.

        Raises
        ------
        LayerError
            When it is in place, but the disk does not confirm that it will stay.
        """
        self._beside.replace(self._path)
        try:
            sync_folder(self._path.parent)
        except OSError as error:
            msg = (
                f"layer {self._path.stem!r} is saved, but the disk did not confirm it "
                f"({error.strerror}): it may not outlast a power cut"
            )
            raise LayerError(msg) from error


@contextmanager
def locked(path: Path, *, timeout: float) -> Iterator[None]:
    """Be the only writer of a file; what a killed writer left beside it is swept away.

    Raises
    ------
    LayerBusyError
        When another writer does not let go in time.
    """
    # the lock is never the data file and is never deleted: unlinking a lock is a race
    lock = FileLock(path.with_name(f".{path.stem}.lock"), timeout=timeout)
    try:
        lock.acquire()
    except Timeout:
        msg = f"layer {path.stem!r} is being written by someone else: try again"
        raise LayerBusyError(msg) from None
    try:
        # only a writer makes such a file, and the only living writer is this one
        for left in path.parent.glob(f".{path.stem}.*.tmp"):
            left.unlink(missing_ok=True)
        yield
    finally:
        lock.release()


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk; Windows does so by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def share(path: Path, target: Path) -> None:
    """Give a file a second name, or copy it where that cannot be done.

    What is renamed over `path` later leaves `target` as it is.
    """
    # Windows replaces no file that is open under any of its names
    if os.name != "nt":
        with suppress(OSError):
            os.link(path, target, follow_symlinks=False)
            return
    shutil.copyfile(path, target, follow_symlinks=False)
