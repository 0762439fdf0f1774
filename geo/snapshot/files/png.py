"""How is a page written as PNG, with its manifest inside and no trace of the clock?

The manifest is an iTXt chunk and carries the hash of the pixels, so that packing the same
pixels anew changes nothing.
"""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image, UnidentifiedImageError

from geo.errors import SnapshotError
from geo.manifest import Manifest
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.projection import Rect

KEYWORD = b"incident-atlas"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_INFLATED = 64_000_000
_MOST_PIXELS = 40_000_000
# numbers of colours tried for a picture of limited size
_PALETTES = (256, 128, 64, 32, 16)
# a map within another file: as fine as its bytes allow
_FINER_TO_COARSER = (200, 150, 110)
_MOST_REGION = 1_100_000


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a page as PNG and its size in points."""

    data: bytes
    across: float
    up: float


def write(page: Page, *, dpi: int, manifest: Manifest, most: int = 0) -> bytes:
    """Write a drawn page as a picture of `dpi` pixels an inch.

    Where `most` is given, the picture gets so few colours that it takes no more bytes.
    """
    pixels = pixels_of(page, dpi=dpi)
    if not most:
        return _packed(pixels, dpi, manifest)
    for colours in _PALETTES:
        data = _reduced(pixels, dpi, manifest, colours)
        if len(data) <= most:
            break
    return data


def _packed(pixels: np.ndarray, dpi: int, manifest: Manifest | None) -> bytes:
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + width * 3), dtype=np.uint8)
    rows[:, 1:] = _filtered(pixels)
    rows[:, 0] = 2
    image = zlib.compress(rows.tobytes(), 7)
    stated = manifest.stated(format="png", sha256=pixel_hash(pixels)) if manifest else b""
    return _file((width, height), dpi, 2, stated, b"", image)


def _reduced(pixels: np.ndarray, dpi: int, manifest: Manifest, colours: int) -> bytes:
    """Write a picture with a palette; its manifest states the hash of these colours."""
    image = Image.fromarray(pixels).quantize(
        colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    held = np.asarray(image.getpalette("RGB"), dtype=np.uint8).reshape(-1, 3)
    index = np.asarray(image)
    rows = np.zeros((index.shape[0], 1 + index.shape[1]), dtype=np.uint8)
    rows[:, 1:] = index
    stated = manifest.stated(format="png", sha256=pixel_hash(held[index]))
    palette = _chunk(b"PLTE", held.tobytes())
    return _file(image.size, dpi, 3, stated, palette, zlib.compress(rows.tobytes(), 9))


def _file(
    size: tuple[int, int], dpi: int, kind: int, stated: bytes, palette: bytes, image: bytes
) -> bytes:
    # iTXt: keyword, compressed, method, no language, no translated keyword
    text = KEYWORD + b"\0\1\0\0\0" + zlib.compress(stated, 9) if stated else b""
    per_metre = round(dpi / 0.0254)
    return b"".join(
        (
            SIGNATURE,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, kind, 0, 0, 0)),
            _chunk(b"sRGB", b"\0"),
            palette,
            _chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)),
            _chunk(b"iTXt", text) if text else b"",
            _chunk(b"IDAT", image),
            _chunk(b"IEND", b""),
        )
    )


def pixels_of(page: Page, *, dpi: int) -> np.ndarray:
    """Draw a page into an array of height by width by red, green, blue."""
    page.figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(page.figure)
    canvas.draw()  # type: ignore[no-untyped-call] # matplotlib
    drawn = canvas.buffer_rgba()  # type: ignore[no-untyped-call] # matplotlib
    return np.asarray(drawn)[..., :3]


def region(page: Page, rect: Rect, *, edge: float = 0.0) -> Region:
    """Cut a rectangle out of a drawn page as a picture, `edge` more than that left and below."""
    rect = page.placed(rect)
    west, east = rect.x - edge, rect.right + edge / 8
    south, north = rect.y - edge, rect.top + edge / 8
    for dpi in _FINER_TO_COARSER:
        scale = dpi / 72
        pixels = pixels_of(page, dpi=dpi)
        height, width, _ = pixels.shape
        x0, x1 = max(round(west * scale), 0), min(round(east * scale), width)
        y0, y1 = max(height - round(north * scale), 0), min(height - round(south * scale), height)
        cut = np.ascontiguousarray(pixels[y0:y1, x0:x1])
        data = _packed(cut, dpi, None)
        if len(data) <= _MOST_REGION:
            break
    return Region(data, (x1 - x0) / scale, (y1 - y0) / scale)


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG in pixels.

    Raises
    ------
    SnapshotError
        When it is no PNG.
    """
    head = data[:24]
    if not head.startswith(SIGNATURE) or head[12:16] != b"IHDR":
        msg = f"picture begins with {data[:8]!r}: must be a PNG"
        raise SnapshotError(msg)
    width, height = struct.unpack(">II", head[16:24])
    if not width or not height or width * height > _MOST_PIXELS:
        msg = f"picture has {width:,} by {height:,} pixels: 1 to {_MOST_PIXELS:,} in all"
        raise SnapshotError(msg)
    return width, height


def recognises(data: bytes) -> bool:
    """Whether a file is a PNG."""
    return data.startswith(SIGNATURE)


def manifest_text(data: bytes) -> bytes | None:
    """Manifest within a PNG as JSON text, None where there is none.

    Raises
    ------
    SnapshotError
        When the file ends early, or the manifest cannot be unpacked.
    """
    prefix = KEYWORD + b"\0"
    found = next((d for k, d in chunks(data) if k == b"iTXt" and d.startswith(prefix)), None)
    return None if found is None else _inflated(found.removeprefix(prefix)[4:])


def altered(data: bytes, written: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what is not as it was written, by what the manifest states of the file."""
    pixels = _pixels(data)
    fits = pixels is not None and written.get("sha256") == pixel_hash(pixels)
    return () if fits and written.get("format") == "png" else ("picture",)


def pixel_hash(pixels: np.ndarray) -> str:
    """Hash of an array of height by width by red, green, blue."""
    height, width, _ = pixels.shape
    digest = hashlib.sha256(struct.pack(">II", width, height))
    digest.update(np.ascontiguousarray(pixels, dtype=np.uint8).tobytes())
    return digest.hexdigest()


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Chunks of a PNG as type and data.

    Raises
    ------
    SnapshotError
        When the file ends early.
    """
    at = len(SIGNATURE)
    while at < len(png):
        head = png[at : at + 8]
        length, kind = struct.unpack(">I4s", head) if len(head) == 8 else (len(png), b"")
        data = png[at + 8 : at + 8 + length]
        if len(data) != length or not kind:
            msg = f"PNG is cut short: a chunk at byte {at} has {len(data)} of {length} bytes"
            raise SnapshotError(msg)
        yield kind, data
        at += length + 12


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


def _filtered(pixels: np.ndarray) -> np.ndarray:
    """Differences to the row above (PNG filter 2), which pack far better."""
    flat = pixels.reshape(pixels.shape[0], -1)
    lowered = flat.copy()
    lowered[1:] -= flat[:-1]
    return lowered


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _pixels(data: bytes) -> np.ndarray | None:
    """Decode a PNG; None where it cannot be one of ours."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
                if image.mode not in ("RGB", "P") or image.width * image.height > _MOST_PIXELS:
                    return None
                if "transparency" in image.info:
                    return None
                return np.asarray(image.convert("RGB"))
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        return None
