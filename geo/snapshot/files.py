"""How is a page written as PNG, SVG or PDF, with its manifest inside and no trace of the clock?

PNG: the manifest is an iTXt chunk, and carries the hash of the pixels. SVG: a metadata element,
and the hash of the text around it; text stays text, the fonts' used characters are embedded,
nothing refers to another place. PDF: the Keywords of the document information.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from fontTools import subset  # type: ignore[import-untyped] # ships no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped] # as above
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG

from geo.errors import SnapshotError
from geo.feature import dump
from geo.snapshot.fonts import Face, characters, clean, faces
from geo.snapshot.manifest import Manifest
from geo.snapshot.page import Page

FORMATS = ("png", "pdf", "svg")
KEYWORD = b"incident-atlas"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
META_OPEN, META_CLOSE = b'<metadata id="incident-atlas">', b"</metadata>"
_RDF = re.compile(rb"\s*<metadata>.*?</metadata>", re.DOTALL)
_DOCTYPE = re.compile(rb"<!DOCTYPE.*?>\s*", re.DOTALL)
_MOST_INFLATED = 64_000_000


def write(page: Page, fmt: str, *, dpi: int, manifest: Manifest, title: str) -> bytes:
    """Write a drawn page as a file."""
    if fmt == "png":
        return _png(page, dpi=dpi, manifest=manifest)
    if fmt == "svg":
        return _svg(page, manifest=manifest, title=title)
    return _pdf(page, manifest=manifest, title=title)


def pixel_hash(pixels: np.ndarray) -> str:
    """Hash of an array of height by width by red, green, blue."""
    height, width, _ = pixels.shape
    digest = hashlib.sha256(struct.pack(">II", width, height))
    digest.update(np.ascontiguousarray(pixels, dtype=np.uint8).tobytes())
    return digest.hexdigest()


def text_hash(svg: bytes) -> str:
    """Hash of an SVG without its manifest."""
    start = svg.find(META_OPEN)
    end = svg.find(META_CLOSE, start)
    if start < 0 or end < 0:
        return hashlib.sha256(svg).hexdigest()
    return hashlib.sha256(svg[:start] + svg[end + len(META_CLOSE) :]).hexdigest()


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Chunks of a PNG as type and data.

    Raises
    ------
    SnapshotError
        When the file ends early.
    """
    at = len(PNG_SIGNATURE)
    while at < len(png):
        head = png[at : at + 8]
        length, kind = struct.unpack(">I4s", head) if len(head) == 8 else (len(png), b"")
        data = png[at + 8 : at + 8 + length]
        if len(data) != length or not kind:
            msg = f"PNG is cut short: a chunk at byte {at} has {len(data)} of {length} bytes"
            raise SnapshotError(msg)
        yield kind, data
        at += length + 12


def manifest_text(data: bytes) -> bytes | None:
    """Manifest within a PNG or SVG as JSON text, None where there is none."""
    if data.startswith(PNG_SIGNATURE):
        prefix = KEYWORD + b"\0"
        found = next((d for k, d in chunks(data) if k == b"iTXt" and d.startswith(prefix)), None)
        return None if found is None else _inflated(found.removeprefix(prefix)[4:])
    start = data.find(META_OPEN)
    end = data.find(META_CLOSE, start)
    if start < 0 or end < 0:
        return None
    text = data[start + len(META_OPEN) : end]
    return text.replace(b"&lt;", b"<").replace(b"&gt;", b">").replace(b"&amp;", b"&")


def _inflated(packed: bytes) -> bytes:
    """Unpack a manifest, but never more than a bounded size."""
    made = zlib.decompressobj()
    try:
        text = made.decompress(packed, _MOST_INFLATED)
    except zlib.error as error:
        msg = f"manifest cannot be unpacked: {error}"
        raise SnapshotError(msg) from error
    if not made.eof:
        msg = f"manifest is cut short or larger than {_MOST_INFLATED:,} bytes"
        raise SnapshotError(msg)
    return text


def _stated(manifest: Manifest, **picture: Any) -> bytes:
    return dump({**manifest.as_json(), "picture": picture}).encode("utf-8", "backslashreplace")


def _png(page: Page, *, dpi: int, manifest: Manifest) -> bytes:
    page.figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(page.figure)
    canvas.draw()  # type: ignore[no-untyped-call] # matplotlib
    drawn = canvas.buffer_rgba()  # type: ignore[no-untyped-call] # matplotlib
    pixels = np.asarray(drawn)[..., :3]
    height, width, _ = pixels.shape
    stated = _stated(manifest, format="png", sha256=pixel_hash(pixels))
    # iTXt: keyword, compressed, method, no language, no translated keyword
    text = KEYWORD + b"\0\1\0\0\0" + zlib.compress(stated, 9)
    rows = np.zeros((height, 1 + width * 3), dtype=np.uint8)
    rows[:, 1:] = _filtered(pixels)
    rows[:, 0] = 2
    per_metre = round(dpi / 0.0254)
    return b"".join(
        (
            PNG_SIGNATURE,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            _chunk(b"sRGB", b"\0"),
            _chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)),
            _chunk(b"iTXt", text),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 7)),
            _chunk(b"IEND", b""),
        )
    )


def _filtered(pixels: np.ndarray) -> np.ndarray:
    """Differences to the row above (PNG filter 2), which pack far better."""
    flat = pixels.reshape(pixels.shape[0], -1)
    lowered = flat.copy()
    lowered[1:] -= flat[:-1]
    return lowered


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _svg(page: Page, *, manifest: Manifest, title: str) -> bytes:
    out = io.BytesIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    information = {**nothing, "Title": clean(title) or "Incidents"}
    canvas = FigureCanvasSVG(page.figure)
    canvas.print_svg(out, metadata=information)  # type: ignore[no-untyped-call] # matplotlib
    svg = _RDF.sub(b"", _DOCTYPE.sub(b"", out.getvalue()))
    start = svg.index(b">", svg.index(b"<svg")) + 1
    style = f"<style>{''.join(_embedded(page))}</style>".encode()
    bare = svg[:start] + b"\n" + style + svg[start:]
    stated = _stated(manifest, format="svg", sha256=hashlib.sha256(bare).hexdigest())
    escaped = stated.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
    at = start + 1
    return bare[:at] + META_OPEN + escaped + META_CLOSE + bare[at:]


def _embedded(page: Page) -> Iterator[str]:
    """Embed the used characters of each used font, as data within the file."""
    for face in faces():
        wanted = {
            ord(sign)
            for written in page.written
            if (written.style.weight, written.style.italic) == (face.weight, face.italic)
            or face.family != faces()[0].family
            for sign in written.text
        }
        used = wanted & characters(face.path)
        if face.family != faces()[0].family:
            # a fallback serves only what the fonts before it lack
            used -= characters(faces()[0].path)
        if used:
            yield _font_rule(face, used)


def _font_rule(face: Face, used: set[int]) -> str:
    options = subset.Options()
    options.layout_features = ["*"]
    options.notdef_outline = True
    options.flavor = "woff"
    options.drop_tables += ["FFTM"]
    made = subset.Subsetter(options)
    made.populate(unicodes=sorted(used))
    out = io.BytesIO()
    with TTFont(face.path, recalcTimestamp=False) as font:
        made.subset(font)
        font.flavor = "woff"
        font.save(out)
    data = base64.b64encode(out.getvalue()).decode()
    slope = "italic" if face.italic else "normal"
    return (
        f"@font-face{{font-family:'{face.family}';font-weight:{face.weight};font-style:{slope};"
        f"src:url(data:font/woff;base64,{data}) format('woff')}}"
    )


def _pdf(page: Page, *, manifest: Manifest, title: str) -> bytes:
    out = io.BytesIO()
    information = {
        "Title": clean(title) or "Incidents",
        "Creator": "Incident Atlas",
        "Producer": "Incident Atlas",
        "Keywords": _stated(manifest, format="pdf").decode(),
        "CreationDate": None,
    }
    canvas = FigureCanvasPdf(page.figure)
    canvas.print_pdf(out, metadata=information)  # type: ignore[no-untyped-call] # matplotlib
    return out.getvalue()
