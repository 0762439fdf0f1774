"""How is a page written as PDF, with its manifest inside and no trace of the clock?

The manifest stands in the document information as Keywords, in ASCII, and carries the hash of
all bytes around it: those know its length, which the hash does not change.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping
from typing import Any

from matplotlib.backends.backend_pdf import FigureCanvasPdf

from geo.manifest import Manifest
from geo.snapshot.sheet.fonts import clean
from geo.snapshot.sheet.page import Page

_OPEN = b"/Keywords ("
_ESCAPED = re.compile(rb"[\\()]")
_UNKNOWN = "0" * 64
_MOST_TEXT = 64_000_000


def write(page: Page, *, manifest: Manifest, title: str) -> bytes:
    """Write a drawn page as PDF."""
    out = io.BytesIO()
    information = {
        "Title": clean(title) or "Incidents",
        "Creator": "Incident Atlas",
        "Producer": "Incident Atlas",
        "Keywords": _keywords(manifest, _UNKNOWN),
        "CreationDate": None,
    }
    canvas = FigureCanvasPdf(page.figure)
    canvas.print_pdf(out, metadata=information)  # type: ignore[no-untyped-call] # matplotlib
    data = out.getvalue()
    start, end = _literal(data)
    text = _keywords(manifest, _hash(data)).encode()
    return data[:start] + _ESCAPED.sub(rb"\\\g<0>", text) + data[end:]


def recognises(data: bytes) -> bool:
    """Whether a file is a PDF."""
    return data.startswith(b"%PDF-")


def manifest_text(data: bytes) -> bytes | None:
    """Manifest within a PDF as JSON text, None where there is none."""
    start, end = _literal(data)
    if start == end:
        return None
    return _unescaped(data[start:end])


def altered(data: bytes, written: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what is not as it was written, by what the manifest states of the file."""
    fits = written.get("format") == "pdf" and written.get("sha256") == _hash(data)
    return () if fits else ("document",)


def _keywords(manifest: Manifest, sha256: str) -> str:
    held = json.loads(manifest.stated(format="pdf", sha256=sha256))
    return json.dumps(held, ensure_ascii=True, separators=(",", ":"))


def _literal(data: bytes) -> tuple[int, int]:
    """Find the text of the Keywords: from after its bracket to before the closing one."""
    start = data.rfind(_OPEN)
    if start < 0:
        return 0, 0
    start += len(_OPEN)
    at = start
    while at < min(len(data), start + _MOST_TEXT):
        if data[at] == 0x5C:  # a backslash escapes what follows
            at += 2
        elif data[at] == 0x29:
            return start, at
        else:
            at += 1
    return 0, 0


def _unescaped(text: bytes) -> bytes:
    made = bytearray()
    at = 0
    while at < len(text):
        at += text[at] == 0x5C
        made += text[at : at + 1]
        at += 1
    return bytes(made)


def _hash(data: bytes) -> str:
    start, end = _literal(data)
    return hashlib.sha256(data[:start] + data[end:]).hexdigest()
