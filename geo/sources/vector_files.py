"""What is this vector file really, and which of its bytes may a driver see?

Its content decides, never its name. What passes is copied under a name of ours into a folder of
ours: of an archive only the members that are needed, of KML only text without any declaration.
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from geo.errors import ZIP_ERRORS, VectorError

MAX_UNPACKED = 1_000_000_000
_MAX_MEMBERS = 1_000
_HEAD = 65_536
_STEP = 1_048_576
_SIDECARS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NEEDED = (".shp", ".shx", ".dbf")
# where a .dbf states its number of rows, where they begin and how long they are
_DBF = ((4, 4), (8, 2), (10, 2))
_DEVICE = re.compile(r"[A-Za-z]:")
# what may stand before the first element of KML: white space, comments, instructions
_PROLOG = re.compile(rb"(?:\s+|<!--.*?-->|<\?.*?\?>)*+", re.DOTALL)
_ROOT = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*)")
_COARSE = re.compile(
    rb">\s{0,20}([0-9]{4}-[0-9]{2})\s{0,20}</(?:[A-Za-z_][\w.-]{0,40}:)?(?:when|begin|end)\s{0,9}>"
)
_OVERLAP = 200
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_ASCII_LIKE = (b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1", b"iso-8859-15", b"windows-1252")


@dataclass(frozen=True, slots=True)
class Staged:
    """A copy that a driver may see: the only driver that is needed, and where it lies.

    `coarse` has the months that a KML file gives as times, of which GDAL makes days.
    """

    driver: str
    path: Path
    coarse: frozenset[str] = frozenset()


def stage(source: Path, folder: Path, *, most: int = MAX_UNPACKED) -> Staged:
    """Copy a vector file into a private folder under a name of our own.

    Parameters
    ----------
    source
        The file.
    folder
        An empty folder that nobody else uses.
    most
        Bytes that are copied or unpacked in all.

    Raises
    ------
    VectorError
        Where the content is of no kind that is read, or could harm.
    """
    with source.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(0)
        if head.startswith(b"PK"):
            made = _archive(file, source.name, folder, most)
        else:
            kind = _kind(head, source.name)
            made = _copied(kind, file, folder, most, source.name)
    return replace(made, coarse=_coarse(made.path)) if made.driver == "LIBKML" else made


def _kind(head: bytes, name: str) -> Staged:
    """Tell the driver and the ending it expects; the folder comes later."""
    if head.startswith(b"SQLite format 3\0"):
        return Staged("GPKG", Path("input.gpkg"))
    if head.startswith(b"fgb\x03fgb"):
        return Staged("FlatGeobuf", Path("input.fgb"))
    if head.startswith(b"PAR1"):
        return Staged("Parquet", Path("input.parquet"))
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        _check_kml(text, name)
        return Staged("LIBKML", Path("input.kml"))
    rule = "GPKG, zipped Shapefile, KML, KMZ, FlatGeobuf and GeoParquet are read"
    if text.startswith((b"{", b"[")):
        msg = f"{name} is JSON: import it as geojson or table; as vector, {rule}"
    elif head.startswith(b"\x1f\x8b"):
        msg = f"{name} is a gzip archive: unpack it first; {rule}"
    elif head.startswith((b"\0\0\x27\x0a", b"\x03\x00", b"\x83")):
        msg = f"{name} is one part of a Shapefile: zip its .shp, .shx, .dbf and .prj together"
    elif head.startswith((b"\xff\xfe", b"\xfe\xff")):
        msg = f"{name} is UTF-16: KML is read as UTF-8"
    else:
        msg = f"{name} begins with {head[:8]!r}, which no vector file does: {rule}"
    raise VectorError(msg)


def _check_kml(text: bytes, name: str) -> None:
    """Refuse XML that declares anything, is no KML, or hides behind an encoding."""
    if b"\0" in text:
        msg = f"{name} has NUL characters, perhaps as UTF-16: KML is read as UTF-8"
        raise VectorError(msg)
    stated = _ENCODING.match(text)
    if stated and stated[1].lower() not in _ASCII_LIKE:
        msg = f"{name} is encoded as {stated[1].decode('ascii', 'replace')[:40]!r}: must be UTF-8"
        raise VectorError(msg)
    prolog = _PROLOG.match(text)
    rest = text[prolog.end() :] if prolog else text
    if rest.startswith(b"<!"):
        msg = f"{name} declares a DOCTYPE, which KML does not need and which may do harm"
        raise VectorError(msg)
    root = _ROOT.match(rest)
    found = root[1].decode("ascii", "replace") if root else rest[:20].decode("ascii", "replace")
    if found.rpartition(":")[2] != "kml":
        msg = f"{name} is XML that begins with {found[:40]!r}: of XML only KML is read"
        raise VectorError(msg)


def _archive(file: BinaryIO, name: str, folder: Path, most: int) -> Staged:
    try:
        with zipfile.ZipFile(file) as archive:
            members = _members(archive, name)
            shapes = [m for m in members if _ending(m) == ".shp"]
            maps = [m for m in members if _ending(m) == ".kml"]
            if shapes:
                wanted = _shapefile(shapes, members, name)
                made = Staged("ESRI Shapefile", folder / "input.shp")
            elif maps:
                # by its rules a KMZ shows doc.kml, else the first document; others are only linked
                first = next((m for m in maps if m.filename == "doc.kml"), maps[0])
                wanted = {".kml": first}
                made = Staged("LIBKML", folder / "input.kml")
            else:
                msg = f"{name} is an archive with neither a Shapefile nor KML in it"
                raise VectorError(msg)
            total = sum(member.file_size for member in wanted.values())
            if total > most:
                msg = f"{name} unpacks to {total:,} bytes: at most {most:,} are read"
                raise VectorError(msg)
            for ending, member in wanted.items():
                with archive.open(member) as part:
                    left = _copy(part, made.path.with_suffix(ending), most, name)  # type: ignore[arg-type]
                most -= left
    except (*ZIP_ERRORS, OSError, ValueError) as error:
        if isinstance(error, VectorError):
            raise
        msg = f"{name} cannot be unpacked: {error}"
        raise VectorError(msg) from None
    if shapes:
        _check_whole(made.path, name)
    else:
        with made.path.open("rb") as text:
            _check_kml(text.read(_HEAD).removeprefix(b"\xef\xbb\xbf").lstrip(), name)
    return made


def _members(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS:
        msg = f"{name} has {len(members):,} members: at most {_MAX_MEMBERS:,} are looked at"
        raise VectorError(msg)
    for member in members:
        path = PurePosixPath(member.filename)
        strange = "\\" in member.filename or _DEVICE.match(member.filename)
        if path.is_absolute() or ".." in path.parts or strange:
            msg = f"{name} has a member {member.filename[:80]!r} that leads out of the archive"
            raise VectorError(msg)
        if stat.S_ISLNK(member.external_attr >> 16):
            msg = f"{name} has a link in it, {member.filename[:80]!r}: only files are unpacked"
            raise VectorError(msg)
        if member.flag_bits & 1:
            msg = f"{name} is locked with a password: unlock it first"
            raise VectorError(msg)
    hidden = ("__MACOSX/", "._")
    return [m for m in members if not m.filename.startswith(hidden) and not m.is_dir()]


def _shapefile(
    shapes: list[zipfile.ZipInfo], members: list[zipfile.ZipInfo], name: str
) -> dict[str, zipfile.ZipInfo]:
    if len(shapes) > 1:
        shown = ", ".join(m.filename[:40] for m in shapes[:5])
        msg = f"{name} has {len(shapes)} Shapefiles ({shown}): pack the one that is meant"
        raise VectorError(msg)
    stem = shapes[0].filename[:-4].casefold()
    parts = {_ending(m): m for m in members if m.filename[:-4].casefold() == stem}
    absent = [ending for ending in _NEEDED if ending not in parts]
    if absent:
        msg = f"{name} has {shapes[0].filename[:60]!r} without its {absent[0]}: zip all its parts"
        raise VectorError(msg)
    return {ending: parts[ending] for ending in _SIDECARS if ending in parts}


def _check_whole(shp: Path, name: str) -> None:
    """Refuse a Shapefile that was cut short, which GDAL reads as far as it goes."""
    for ending in _NEEDED:
        part = shp.with_suffix(ending)
        with part.open("rb") as file:
            head = file.read(32)
        stated = 2 * int.from_bytes(head[24:28], "big")
        if ending == ".dbf":
            rows, first, width = (
                int.from_bytes(head[at : at + size], "little") for at, size in _DBF
            )
            stated = first + rows * width
        size = part.stat().st_size
        if size < max(stated, len(head), 32):
            msg = (
                f"{name} has a {ending} that was cut short: {size:,} bytes, of {stated:,} it states"
            )
            raise VectorError(msg)


def _ending(member: zipfile.ZipInfo) -> str:
    return member.filename[-4:].casefold()


def _copied(kind: Staged, file: BinaryIO, folder: Path, most: int, name: str) -> Staged:
    made = Staged(kind.driver, folder / kind.path)
    _copy(file, made.path, most, name)
    return made


def _copy(file: BinaryIO, target: Path, most: int, name: str) -> int:
    """Copy no more than is allowed, whatever the file states of its size."""
    total = 0
    with target.open("xb") as copy:
        for part in _parts(file):
            total += len(part)
            if total > most:
                msg = f"{name} holds more than {most:,} bytes: no more is read"
                raise VectorError(msg)
            copy.write(part)
    return total


def _coarse(path: Path) -> frozenset[str]:
    found: set[str] = set()
    with path.open("rb") as file:
        tail = b""
        for part in _parts(file):
            found.update(match.decode() for match in _COARSE.findall(tail + part))
            tail = part[-_OVERLAP:]
    return frozenset(found)


def _parts(file: BinaryIO) -> Iterator[bytes]:
    while part := file.read(_STEP):
        yield part
