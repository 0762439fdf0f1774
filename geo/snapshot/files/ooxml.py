"""How is an Office file packed so that equal content is equal bytes, and what in it has changed?

The manifest is a custom XML part, which Office keeps when it saves. It states a hash for every
part of the file under the name that a reader has for it, such as "slide 2, table", so that a
check can say what is not as it was written. Nothing is parsed: bytes are cut and hashed.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from geo.errors import ZIP_ERRORS, SnapshotError
from geo.manifest import Manifest

# a part of the file as a reader names it, and the bytes that make it up
Piece = tuple[str, bytes]
Namer = Callable[[Mapping[str, bytes]], Iterable[Piece]]

_MANIFEST = "customXml/item1.xml"
_OPEN = b'<manifest xmlns="urn:incident-atlas:manifest">'
_CLOSE = b"</manifest>"
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PROPERTIES = (
    _HEAD + b'<ds:datastoreItem ds:itemID="{6E1F3C52-0B7A-4C0D-9A56-1D1A7A0C5E01}" '
    b'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs>'
    b'<ds:schemaRef ds:uri="urn:incident-atlas:manifest"/></ds:schemaRefs></ds:datastoreItem>'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_ITEM_RELATIONS = (
    _HEAD
    + (
        f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/customXmlProps" Target="itemProps1.xml"/></Relationships>'
    ).encode()
)
_OVERRIDE = (
    b'<Override PartName="/customXml/itemProps1.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.customXmlProperties+xml"/>'
)
# what the libraries' own templates carry along and no reader misses
_DROPPED = re.compile(r"(customXml|ppt/printerSettings)/|docProps/thumbnail\.|word/stylesWith")
_RELATION = re.compile(rb"<Relationship [^>]*?/>")
_DROPPED_KINDS = re.compile(
    rb'Type="[^"]*/(customXml|printerSettings|thumbnail|stylesWithEffects)"'
)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MOST_MEMBERS = 5_000
_MOST_INFLATED = 256_000_000
_CHUNK = 1 << 20


def sealed(
    saved: bytes,
    *,
    fmt: str,
    main: str,
    namer: Namer,
    manifest: Manifest,
    put: tuple[bytes, bytes] = (b"", b""),
) -> bytes:
    """Pack what a library saved anew: without clock or chance, and with its manifest.

    Parameters
    ----------
    fmt
        pptx or docx.
    main
        The part that the manifest hangs on, such as ppt/presentation.xml.
    namer
        Cuts the members into the parts that a reader knows.
    put
        What to put in the main part in place of something that stands there once.
    """
    members = {
        name: _RELATION.sub(_kept, data) if name.endswith(".rels") else data
        for name, data in read(saved).items()
        if not _DROPPED.match(name)
    }
    if put[0]:
        members[main] = members[main].replace(*put, 1)
    folder, _, leaf = main.rpartition("/")
    relations = f"{folder}/_rels/{leaf}.rels"
    hung = (
        f'<Relationship Id="rIdManifest" Type="{_RELATIONS}/customXml" '
        'Target="../customXml/item1.xml"/></Relationships>'
    ).encode()
    members[relations] = members[relations].replace(b"</Relationships>", hung)
    types = members["[Content_Types].xml"]
    types = re.sub(
        rb'<Override PartName="/(customXml/|ppt/printerS|word/stylesWith)[^>]*/>', b"", types
    )
    members["[Content_Types].xml"] = types.replace(b"</Types>", _OVERRIDE + b"</Types>")
    members["customXml/itemProps1.xml"] = _PROPERTIES
    members["customXml/_rels/item1.xml.rels"] = _ITEM_RELATIONS
    stated = json.loads(manifest.stated(format=fmt, parts=hashes(members, namer)))
    text = json.dumps(stated, ensure_ascii=True, separators=(",", ":")).encode()
    escaped = text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
    members[_MANIFEST] = _HEAD + _OPEN + escaped + _CLOSE
    return _packed(members)


def read(data: bytes) -> dict[str, bytes]:
    """Members of a package by name, never more than a bounded size.

    Raises
    ------
    SnapshotError
        When it is no whole package, names a member twice, or is too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            listed = package.infolist()
            if len(listed) > _MOST_MEMBERS:
                msg = f"file has {len(listed):,} members: at most {_MOST_MEMBERS:,} are read"
                raise SnapshotError(msg)
            return _inflated(package, listed)
    except (*ZIP_ERRORS, OSError) as error:
        msg = f"file is not a whole Office package: {error}"
        raise SnapshotError(msg) from error
    except (RuntimeError, ValueError) as error:
        # a password, or a directory that contradicts itself
        msg = f"file is not an Office package we read: {error}"
        raise SnapshotError(msg) from error


def holds(data: bytes, main: str) -> bool:
    """Whether a file is a package with a given main part."""
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return main in package.namelist()
    except (*ZIP_ERRORS, OSError, ValueError):
        return False


def manifest_text(data: bytes) -> bytes | None:
    """Manifest within a package as JSON text, None where there is none.

    Raises
    ------
    SnapshotError
        When the package cannot be read whole.
    """
    return next((_between(held) for _, held in _manifests(read(data))), None)


def altered(data: bytes, written: Mapping[str, Any], *, fmt: str, namer: Namer) -> tuple[str, ...]:
    """Name the parts that are not as they were written, by what the manifest states of them."""
    stated = written.get("parts")
    if written.get("format") != fmt or not isinstance(stated, dict):
        return ("manifest",)
    found = hashes(read(data), namer)
    return tuple(
        name for name in dict.fromkeys((*found, *stated)) if found.get(name) != stated.get(name)
    )


def hashes(members: Mapping[str, bytes], namer: Namer) -> dict[str, str]:
    """Hash each part of a package but its manifest, under the name a reader has for it."""
    kept = dict(members)
    for name, _ in list(_manifests(members))[:1]:
        del kept[name]
    made: dict[str, Any] = {}
    for name, data in namer(dict(sorted(kept.items()))):
        digest = made.setdefault(name, hashlib.sha256())
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return {name: digest.hexdigest() for name, digest in made.items()}


def _kept(relation: re.Match[bytes]) -> bytes:
    return b"" if _DROPPED_KINDS.search(relation[0]) else relation[0]


def _manifests(members: Mapping[str, bytes]) -> Iterator[Piece]:
    """Find custom parts that hold a manifest; Office may have given them another number."""
    for name in sorted(members):
        if name.startswith("customXml/") and _OPEN in members[name][:1_000]:
            yield name, members[name]


def _between(held: bytes) -> bytes | None:
    start, end = held.find(_OPEN), held.rfind(_CLOSE)
    if end < start:
        return None
    text = held[start + len(_OPEN) : end]
    return text.replace(b"&lt;", b"<").replace(b"&gt;", b">").replace(b"&amp;", b"&")


def _inflated(package: zipfile.ZipFile, listed: Iterable[zipfile.ZipInfo]) -> dict[str, bytes]:
    members: dict[str, bytes] = {}
    left = _MOST_INFLATED
    for info in listed:
        if info.filename in members:
            msg = f"file has two members named {info.filename[:60]!r}"
            raise SnapshotError(msg)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            msg = f"member {info.filename[:60]!r} is packed in a way that Office does not use"
            raise SnapshotError(msg)
        held = []
        with package.open(info) as member:
            # what a directory says of a size is not believed
            while chunk := member.read(min(_CHUNK, left + 1)):
                left -= len(chunk)
                if left < 0:
                    msg = f"file unpacks to more than {_MOST_INFLATED:,} bytes"
                    raise SnapshotError(msg)
                held.append(chunk)
        members[info.filename] = b"".join(held)
    return members


def _packed(members: Mapping[str, bytes]) -> bytes:
    # the list of types comes first, as the standard asks
    order = sorted(members, key=lambda name: (name != "[Content_Types].xml", name))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in order:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            stored = name.endswith(".png")
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            package.writestr(info, members[name], compresslevel=None if stored else 9)
    return out.getvalue()
