"""How is the index of the gazetteer built, and how opened where it lies?

An SQLite file in the cache folder, named by the content of its inputs (`geo.gazetteer_sources`).
It is built once, on first use, beside its final place and then moved there: two programs may
start at once. Those of other inputs are removed once no program has used them for a day.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from pathlib import Path

from filelock import FileLock

from geo import gazetteer_sources
from geo.gazetteer_entry import Entry
from geo.gazetteer_sources import entries
from geo.placenames import fold, rough
from geo.settings import cache_folder

# raise it when the tables, the weights or the folding of names change
SCHEMA = 3
# how a name belongs to its place: its own, another, the end of it, its people's, a short form
OWN, ALIAS, TAIL, DEMONYM, SHORT = range(5)
_BATCH = 20_000
# about so many places are written: what progress is measured by
_PLACES = 300_000
# who uses an index says so hourly, by the time of its file; for so long nobody did who left it
_SAID_SECONDS, _LEFT_SECONDS = 3600, 24 * 3600
_OURS = re.compile(r"gazetteer-[0-9a-f]{16}\.sqlite|\.gazetteer-\w+\.tmp")
_TABLES = """
CREATE TABLE place (id INTEGER PRIMARY KEY, ref TEXT, name TEXT, kind TEXT, lat REAL, lon REAL,
    country TEXT, admin1 TEXT, admin2 TEXT, precision TEXT, radius_km REAL, radius_from TEXT,
    weight INTEGER, source TEXT, licence TEXT);
CREATE TABLE name (key TEXT, how INTEGER, place INTEGER, weight INTEGER, country TEXT,
    PRIMARY KEY (key, how, place)) WITHOUT ROWID;
CREATE TABLE rough (rough TEXT, key TEXT, PRIMARY KEY (rough, key)) WITHOUT ROWID;
"""


Progress = Callable[[float], None]


def database(*, progress: Progress | None = None) -> Path:
    """Find the index, building it where there is none for these inputs.

    `progress` is told the share that is done, 0 to 1, while it is built.
    """
    path = cache_folder() / f"gazetteer-{_version()}.sqlite"
    known = path.exists()
    if not known:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock")):
            # another program may have built it while we waited
            if not path.exists():
                _build(path, progress or (lambda _share: None))
    if not known or _said_anew(path):
        _forget_left(path)
    return path


def opened(path: Path) -> sqlite3.Connection:
    """Open the index that `database` found, to read from."""
    try:
        return _connected(path)
    except sqlite3.OperationalError:
        # a program of other inputs has removed it in this moment, as one that nobody used
        return _connected(database())


def _connected(path: Path) -> sqlite3.Connection:
    # a connection a call: threads share nothing, and opening takes a fraction of a millisecond
    return sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)


def _said_anew(path: Path) -> bool:
    """Say that an index is in use, unless that was said within the hour."""
    try:
        if time.time() - path.stat().st_mtime < _SAID_SECONDS:
            return False
        os.utime(path)
    except OSError:
        # a folder that may only be read, or an index that was removed in this moment
        return False
    return True


def _forget_left(used: Path) -> None:
    """Remove the indexes of other inputs, and torn ones, that nobody has used for long."""
    before = time.time() - _LEFT_SECONDS
    for path in used.parent.iterdir():
        if path == used or not _OURS.fullmatch(path.name):
            continue
        # another program may be quicker, and Windows removes nothing that is open
        with suppress(OSError):
            seen = path.lstat()
            if stat.S_ISREG(seen.st_mode) and seen.st_mtime < before:
                path.unlink()
                path.with_suffix(".lock").unlink(missing_ok=True)


def _build(path: Path, progress: Progress) -> None:
    handle, temporary = tempfile.mkstemp(prefix=".gazetteer-", suffix=".tmp", dir=path.parent)
    os.close(handle)
    try:
        with closing(sqlite3.connect(temporary)) as index:
            # nothing to protect: a torn temporary file is thrown away
            index.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)
            _fill(index, entries(), progress)
            index.commit()
        with Path(temporary).open("rb+") as file:
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _fill(index: sqlite3.Connection, every: Iterator[Entry], progress: Progress) -> None:
    # in batches, and sorted by SQLite: a million names as Python objects are half a gigabyte
    index.execute(
        "CREATE TEMP TABLE staged (key TEXT, how INT, place INT, weight INT, country TEXT)"
    )
    into_place = f"INSERT INTO place VALUES ({','.join('?' * (len(_COLUMNS) + 1))})"  # noqa: S608 no text from outside
    columns = attrgetter(*_COLUMNS)
    numbered = enumerate(every)
    while batch := list(islice(numbered, _BATCH)):
        index.executemany(into_place, [(n, *columns(entry)) for n, entry in batch])
        index.executemany(
            "INSERT INTO staged VALUES (?,?,?,?,?)",
            [
                (key, how, n, entry.weight, entry.country)
                for n, entry in batch
                for key, how in _keys(entry).items()
            ],
        )
        progress(min(0.85, 0.25 + 0.6 * batch[-1][0] / _PLACES))
    # in order of key, so that each tree is written once from left to right
    index.execute("INSERT INTO name SELECT * FROM staged ORDER BY key, how, place")
    index.execute("DROP TABLE staged")
    progress(0.9)
    index.create_function("shape", 1, rough, deterministic=True)
    # kept as it is made, else SQLite makes each shape again for the condition and for the order
    index.execute(
        "WITH shaped AS MATERIALIZED (SELECT shape(key) AS shape, key FROM"
        " (SELECT DISTINCT key FROM name WHERE how = ?))"
        " INSERT INTO rough SELECT shape, key FROM shaped WHERE shape != '' ORDER BY 1, 2",
        (OWN,),
    )
    progress(1.0)


def _keys(entry: Entry) -> dict[str, int]:
    """Folded names of a place, each with the best way it belongs to it."""
    # spellings that were collected with care count like the name itself
    how = OWN if entry.curated else ALIAS
    own = fold(entry.name)
    keys = {own: OWN} if own else {}
    for alias in entry.aliases:
        for key in _spelled(alias):
            keys.setdefault(key, how)
    words = own.split()
    for i in range(1, len(words)):
        keys.setdefault(" ".join(words[i:]), TAIL)
    for kind, others in ((DEMONYM, entry.demonyms), (SHORT, entry.shorts)):
        for key in (key for word in others for key in _spelled(word)):
            keys.setdefault(key, kind)
    return keys


def _spelled(word: str) -> list[str]:
    """Keys of a name; "B.C." is found as "BC" too."""
    found = [fold(word), fold(word.replace(".", ""))] if "." in word else [fold(word)]
    return [key for key in found if key]


def _version() -> str:
    seen = [
        (path, path.stat().st_mtime_ns, path.stat().st_size) for path in gazetteer_sources.INPUTS
    ]
    return _digest(tuple(seen))


@lru_cache(maxsize=4)
def _digest(seen: tuple[tuple[Path, int, int], ...]) -> str:
    digest = hashlib.sha256(str(SCHEMA).encode())
    for path, _, _ in seen:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


_NAMES = ("aliases", "curated", "demonyms", "shorts")
_COLUMNS = tuple(name for name in Entry.__dataclass_fields__ if name not in _NAMES)
