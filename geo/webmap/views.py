"""Which selection does a map in a browser ask for? Short-lived tokens, none of them guessable.

The page registers what it shows and gives the map nothing but a token of hexadecimal digits; the
map fetches the rest by it. What a token stands for lies in the cache folder, sealed with a key that
lies there too, so that every process over that folder knows it: another server, or the one beside
this that answers. A token is one visitor's own and ends after an hour or two.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from geo.errors import FilterError
from geo.filters import Filter
from geo.indexed import IndexedLayer
from geo.params import read, write
from geo.settings import cache_folder
from geo.union import keep

_TOKEN = re.compile(r"[0-9a-f]{48}\Z")
_KEY_BYTES = 32
# a token lives from one to two of these, in seconds, and is the same for as long
_HOUR = 3_600
# views kept at once; a view is some hundred bytes, one with a drawn area more
_HELD = 5_000
_LONGEST = 4_000_000


@dataclass(frozen=True, slots=True)
class View:
    """A layer at one version, through one filter."""

    version: str
    query: Filter


def register(
    layer: IndexedLayer,
    query: Filter,
    *,
    visitor: str,
    now: Callable[[], float] = time.time,
) -> str:
    """Make a view known, and name it: the same name while it is fresh, for the same visitor.

    Parameters
    ----------
    layer
        What is looked at; its derived files are put back where somebody deleted them.
    query
        What of it is shown.
    visitor
        A secret of the session, so that nobody's token is another's.
    now
        The clock.
    """
    keep(layer)
    told = {
        "filter": write(query),
        "until": (int(now()) // _HOUR + 2) * _HOUR,
        "version": layer.version,
        "visitor": hashlib.sha256(visitor.encode()).hexdigest(),
    }
    content = json.dumps(told, sort_keys=True).encode()
    token = _sealed(content)
    path = _folder() / token
    if not path.exists():
        _put(path, content)
        _sweep(path.parent, now())
    return token


def find(token: str, *, now: Callable[[], float] = time.time) -> View | None:
    """Look up what a token stands for; None where it stands for nothing, or no more."""
    if not _TOKEN.match(token):
        return None
    try:
        with (_folder() / token).open("rb") as file:
            content = file.read(_LONGEST)
    except OSError:
        return None
    if not hmac.compare_digest(_sealed(content), token):
        return None
    told = json.loads(content)
    if told["until"] <= now():
        return None
    try:
        return View(told["version"], read(told["filter"]))
    except FilterError:
        # sealed by a version of ours that knew other filters
        return None


def _sealed(content: bytes) -> str:
    return hmac.new(_key(), content, hashlib.sha256).hexdigest()[:48]


def _key() -> bytes:
    """Key of this cache folder; whoever comes first makes it, for all."""
    path = _folder() / "key"
    with suppress(FileNotFoundError):
        key = path.read_bytes()
        if len(key) == _KEY_BYTES:
            return key
        path.unlink(missing_ok=True)
    _put(path, secrets.token_bytes(_KEY_BYTES), anew=False)
    return path.read_bytes()


def _put(path: Path, content: bytes, *, anew: bool = True) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    beside = path.with_name(f".{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        if anew:
            beside.replace(path)
        else:
            with suppress(FileExistsError):
                os.link(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _folder() -> Path:
    folder = cache_folder() / "views"
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _sweep(folder: Path, moment: float) -> None:
    """Forget the views whose time is over, and the oldest where there are too many."""
    ages = []
    with os.scandir(folder) as found:
        for entry in found:
            if _TOKEN.match(entry.name):
                # another process may sweep at the same time
                with suppress(FileNotFoundError):
                    ages.append((entry.stat().st_mtime, entry.path))
    # half of too many, so that this is rare
    spared = _HELD // 2 if len(ages) > _HELD else _HELD
    for number, (written, path) in enumerate(sorted(ages, reverse=True)):
        if number >= spared or written < moment - 2 * _HOUR:
            Path(path).unlink(missing_ok=True)
