"""How is a page written as SVG, with its manifest inside and no trace of the clock?

The manifest is a metadata element and carries the hash of the text around it. Text stays text,
the fonts' used characters are embedded, nothing refers to another place.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from matplotlib.backends.backend_svg import FigureCanvasSVG

from geo.manifest import Manifest
from geo.snapshot.files.webfont import font_rule
from geo.snapshot.sheet.fonts import characters, clean, faces
from geo.snapshot.sheet.page import Page
from geo.snapshot.sheet.reading import RTL_CLOSE, RTL_OPEN

_OPEN, _CLOSE = b'<metadata id="incident-atlas">', b"</metadata>"
_RDF = re.compile(rb"\s*<metadata>.*?</metadata>", re.DOTALL)
_DOCTYPE = re.compile(rb"<!DOCTYPE.*?>\s*", re.DOTALL)
_HEAD = 2_000
# a line from right to left as `sheet.reading` marks it
_FROM_RIGHT = re.compile(
    rf'<text style="([^"]*)"([^>]*)>{RTL_OPEN}([^<]*){RTL_CLOSE}</text>'.encode()
)
_ANCHOR = re.compile(rb"text-anchor: (start|end)")


def write(page: Page, *, manifest: Manifest, title: str) -> bytes:
    """Write a drawn page as SVG."""
    out = io.BytesIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    information = {**nothing, "Title": clean(title) or "Incidents"}
    canvas = FigureCanvasSVG(page.figure)
    canvas.print_svg(out, metadata=information)  # type: ignore[no-untyped-call] # matplotlib
    svg = _RDF.sub(b"", _DOCTYPE.sub(b"", out.getvalue()))
    svg = _FROM_RIGHT.sub(_directed, svg)
    start = svg.index(b">", svg.index(b"<svg")) + 1
    # Arabic script has no italic: a browser would slant it by itself
    rules = ["text{font-synthesis:none}", *_embedded(page)]
    style = f"<style>{''.join(rules)}</style>".encode()
    bare = svg[:start] + b"\n" + style + svg[start:]
    stated = manifest.stated(format="svg", sha256=hashlib.sha256(bare).hexdigest())
    escaped = stated.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
    at = start + 1
    return bare[:at] + _OPEN + escaped + _CLOSE + bare[at:]


def recognises(data: bytes) -> bool:
    """Whether a file is an SVG."""
    return b"<svg" in data[:_HEAD] and not data.lstrip().lower().startswith(b"<!doctype html")


def manifest_text(data: bytes) -> bytes | None:
    """Manifest within an SVG as JSON text, None where there is none."""
    start = data.find(_OPEN)
    end = data.find(_CLOSE, start)
    if start < 0 or end < 0:
        return None
    text = data[start + len(_OPEN) : end]
    return text.replace(b"&lt;", b"<").replace(b"&gt;", b">").replace(b"&amp;", b"&")


def altered(data: bytes, written: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what is not as it was written, by what the manifest states of the file."""
    fits = written.get("format") == "svg" and written.get("sha256") == _text_hash(data)
    return () if fits else ("picture",)


def _text_hash(svg: bytes) -> str:
    """Hash of an SVG without its manifest."""
    start = svg.find(_OPEN)
    end = svg.find(_CLOSE, start)
    if start < 0 or end < 0:
        return hashlib.sha256(svg).hexdigest()
    return hashlib.sha256(svg[:start] + svg[end + len(_CLOSE) :]).hexdigest()


def _directed(found: re.Match[bytes]) -> bytes:
    """Say by direction what marks said; such a line starts at its right end."""
    style, place, text = found.groups()
    other = {b"start": b"end", b"end": b"start"}
    turned = _ANCHOR.sub(lambda anchor: b"text-anchor: " + other[anchor[1]], style)
    return b'<text style="' + turned + b'; direction: rtl"' + place + b">" + text + b"</text>"


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
            yield font_rule(face, frozenset(used))
