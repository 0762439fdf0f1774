"""How is a backup packed, and is a zip from elsewhere really one, safe to unpack?

Names, number, sizes and sums are checked against its own statement, packing and encryption too,
and every layer, journal, view and record is read, before anybody looks at what it holds.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from geo import journal, views
from geo.errors import AtlasError, BackupError
from geo.extract.archive import FOLDER as ARTICLES
from geo.feature import dump
from geo.layerfile import decode, make_version, opened
from geo.layername import check_name
from geo.strictjson import Limits, parse_json

SCHEMA = "incident-atlas/backup/1"
STATEMENT = "backup.json"
MOST_FILES = 60_000
MOST_BYTES = 8_000_000_000
LAYER = "layers/{}.geojson"
JOURNAL = "journals/{}.jsonl"
VIEWS = "views.json"
# other files: the folder beside the layers, what its files are called, and how large one may be
OTHERS: Mapping[str, tuple[str, str, int]] = {
    "context": ("context", r"[a-z0-9][a-z0-9_-]{0,63}\.geojson", 200_000_000),
    "briefings": (".briefings", r"[A-Z2-7]{8}\.json", 64_000_000),
    # a page as it was fetched, named by its hash, and what was read of an article; how far a batch
    # of articles came is no copy of anything, and a batch that begins anew makes the same drafts
    "articles": (ARTICLES, r"[0-9a-f]{64}(?:\.json)?", 64_000_000),
}
_PLACE = re.compile(
    r"layers/[a-z0-9][a-z0-9_-]{0,63}\.geojson|journals/[a-z0-9][a-z0-9_-]{0,63}\.jsonl"
    r"|views\.json|"
    + "|".join(f"{kind}/{pattern}" for kind, (_, pattern, _most) in OTHERS.items()),
    re.ASCII,
)
_STATED = Limits(bytes=20_000_000, features=0, containers=100_000)
_TEXT = Limits(bytes=200_000_000, features=0, containers=20_000_000)
_ARTICLE = Limits(bytes=64_000_000, features=0, text=20_000_000)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PART = 1 << 20
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _info(place: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(place, date_time=_EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    # the same on every system: a regular file of its owner
    info.create_system = 3
    info.external_attr = 0o100600 << 16
    return info


def pack(archive: zipfile.ZipFile, place: str, file: IO[bytes]) -> dict[str, Any]:
    """Add a file; answers with what the statement says of it."""
    digest, size = hashlib.sha256(), 0
    with archive.open(_info(place), "w", force_zip64=True) as packed:
        while part := file.read(_PART):
            digest.update(part)
            size += len(part)
            packed.write(part)
    return {"bytes": size, "sha256": digest.hexdigest()}


def unpacked(archive: zipfile.ZipFile, held: Path) -> set[str]:
    """Unpack into a folder of our own, under names of our own; answers with the places."""
    infos = archive.infolist()
    if len(infos) > MOST_FILES:
        msg = f"the backup holds {len(infos):,} files: at most {MOST_FILES:,} are read"
        raise BackupError(msg)
    named = {info.filename: info for info in infos}
    if len(named) != len(infos):
        msg = "the backup names a file twice"
        raise BackupError(msg)
    for info in infos:
        if info.filename != STATEMENT and not _PLACE.fullmatch(info.filename):
            msg = f"the backup holds {info.filename[:60]!r}: no place of ours"
            raise BackupError(msg)
        if info.flag_bits & 1 or info.compress_type not in _PACKINGS:
            msg = f"the backup's {info.filename!r} is encrypted or packed in another way"
            raise BackupError(msg)
    if STATEMENT not in named:
        msg = f"the file is no backup: it holds no {STATEMENT}"
        raise BackupError(msg)
    stated = _statement(archive, named.pop(STATEMENT))
    if stated.keys() != named.keys():
        odd = min(stated.keys() ^ named.keys())
        msg = f"the backup and its {STATEMENT} disagree about {odd[:60]!r}"
        raise BackupError(msg)
    for place, (size, digest) in stated.items():
        target = held / place
        target.parent.mkdir(exist_ok=True)
        _unpack(archive, named[place], target, size=size, digest=digest)
    return set(stated)


def _statement(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> dict[str, tuple[int, str]]:
    with archive.open(info) as file:
        data = file.read(_STATED.bytes + 1)
    try:
        held = parse_json(data, limits=_STATED)
        schema = held["schema"]
        stated = {
            str(place): (int(row["bytes"]), str(row["sha256"]))
            for place, row in held["files"].items()
        }
    except (AtlasError, KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"the backup's {STATEMENT} cannot be read: {str(error)[:80]}"
        raise BackupError(msg) from error
    if schema != SCHEMA:
        msg = f"the backup's schema is {str(schema)[:40]!r}: this program reads {SCHEMA!r}"
        raise BackupError(msg)
    total = sum(size for size, _ in stated.values())
    for place, (size, _) in stated.items():
        kind = place.split("/")[0]
        most = OTHERS[kind][2] if kind in OTHERS else MOST_BYTES
        if not 0 <= size <= most or total > MOST_BYTES:
            msg = f"the backup's {place[:60]!r} is of {size:,} bytes: more than is read"
            raise BackupError(msg)
    return stated


def write_statement(archive: zipfile.ZipFile, stated: Mapping[str, Mapping[str, Any]]) -> None:
    """Say last what the backup holds."""
    said = dump({"files": stated, "schema": SCHEMA}) + "\n"
    archive.writestr(_info(STATEMENT), said.encode(), compresslevel=6)


def _unpack(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, *, size: int, digest: str
) -> None:
    found, count = hashlib.sha256(), 0
    with archive.open(info) as packed, target.open("xb") as file:
        while part := packed.read(min(_PART, size - count + 1)):
            count += len(part)
            if count > size:
                break
            found.update(part)
            file.write(part)
    if count != size or found.hexdigest() != digest:
        msg = f"the backup's {info.filename!r} is not what {STATEMENT} says: damaged or altered"
        raise BackupError(msg)


def checked(held: Path, places: Collection[str]) -> dict[str, str]:
    """Read everything once, as it will be read later; answers with the versions of the layers."""
    layers = {}
    for place in sorted(places):
        kind, _, file = place.partition("/")
        try:
            if kind == "layers":
                name = file.removesuffix(".geojson")
                check_name(name)
                layers[name] = _version(held / place, name)
            elif kind == "journals":
                for step in journal.read(held / place):
                    for _ in journal.changes(held / place, step):
                        pass
            elif kind == VIEWS:
                views.read_file((held / place).read_bytes())
            else:
                check_other(kind, held / place)
        except AtlasError as error:
            msg = f"the backup's {place!r} cannot be read: {error}"
            raise BackupError(msg) from error
    for place in places:
        kind, _, file = place.partition("/")
        if kind == "journals" and file.removesuffix(".jsonl") not in layers:
            msg = f"the backup holds {place!r} without its layer"
            raise BackupError(msg)
    return layers


def check_other(kind: str, path: Path) -> None:
    """Read a file of `OTHERS` once.

    Raises
    ------
    AtlasError
        When it is too large, no JSON, or a fetched page that is not what its name says.
    """
    most = OTHERS[kind][2]
    if path.stat().st_size > most:
        msg = f"it has {path.stat().st_size:,} bytes: at most {most:,} are kept"
        raise BackupError(msg)
    if kind == "articles" and not path.suffix:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != path.name:
            msg = f"its SHA-256 is {found[:12]}, not what its name says"
            raise BackupError(msg)
        return
    parse_json(path.read_bytes(), limits=_ARTICLE if kind == "articles" else _TEXT)


def _version(path: Path, name: str) -> str:
    with opened(path) as (meta, lines):

        def read() -> Iterator[bytes]:
            for line in lines:
                decode(line, where=f"layer {name!r}")
                yield line

        return make_version(meta, read())
