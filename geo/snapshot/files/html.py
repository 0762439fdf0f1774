"""How is a briefing written as one HTML file that opens from disk and asks the network nothing?

Everything is inside: data, base map, style and script, the last two allowed by their hashes and
nothing else by the page's own policy. Data are JSON, which no browser runs; what is not in the
script is text. The manifest is a script element of JSON too and carries the hash of all around.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo.manifest import Manifest
from geo.snapshot.brief import Brief
from geo.snapshot.content import Content
from geo.snapshot.files.html_data import held
from geo.snapshot.files.html_page import Inside, page
from geo.snapshot.files.webfont import font_rule
from geo.snapshot.sheet.fonts import ARABIC, characters, faces
from geo.text import json_in_script, to_script_json

_STATIC = Path(__file__).parent / "static"
# in this order: each uses only what stands before it until the page is ready
_SCRIPTS = (
    *("base", "filters", "ground", "marks", "placing", "labels", "over"),
    *("legend", "timeline", "table", "detail", "main"),
)
_OPEN = b'<script type="application/json" id="incident-atlas">'
_CLOSE = b"</script>"
_HEAD = 2_000
# always inside, so that most pages share their fonts and a search may be typed in them
_LETTERS = frozenset((*range(0x20, 0x7F), *range(0xA0, 0x180)))


def write(brief: Brief, content: Content, *, manifest: Manifest, draft: bool = False) -> bytes:
    """Write a briefing as one interactive page.

    Parameters
    ----------
    brief
        Its selection is already fit for its profile: whoever has the file can read all of it.
    draft
        Mark it as a draft.
    """
    data, limit = held(brief, content)
    inside = Inside(limit, to_script_json(data), _script(), draft=draft)
    # the letters a page uses are known once it is written
    style = f"{_fonts(page(brief, content, inside))}{_style()}"
    made = page(brief, content, inside, policy=_policy(style), style=style)
    bare = made.encode("utf-8", "backslashreplace")
    stated = manifest.stated(format="html", sha256=hashlib.sha256(bare).hexdigest())
    at = bare.rindex(b"</body>")
    text = json_in_script(stated.decode()).encode()
    return bare[:at] + _OPEN + text + _CLOSE + bare[at:]


def recognises(data: bytes) -> bool:
    """Whether a file is HTML."""
    return b"<html" in data[:_HEAD].lower()


def manifest_text(data: bytes) -> bytes | None:
    """Manifest within a page as JSON text, None where there is none."""
    start, end = _place(data)
    return data[start + len(_OPEN) : end] if end else None


def altered(data: bytes, written: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what is not as it was written, by what the manifest states of the file."""
    start, end = _place(data)
    around = data[:start] + data[end + len(_CLOSE) :] if end else data
    digest = hashlib.sha256(around).hexdigest()
    fits = written.get("format") == "html" and written.get("sha256") == digest
    return () if fits else ("page",)


def _fonts(said: str) -> str:
    """Embed the letters that the page uses; what our fonts lack, the reader's machine has."""
    used = {ord(sign) for sign in said}
    primary = faces()[0]
    rules = []
    for face in faces():
        if face.family == primary.family:
            wanted = (used | _LETTERS) & characters(face.path)
        elif face.family == ARABIC:
            wanted = (used & characters(face.path)) - characters(primary.path)
        else:
            continue
        if wanted:
            simple = face.family == primary.family
            rules.append(font_rule(face, frozenset(wanted), simple=simple))
    return "".join(rules)


def _place(data: bytes) -> tuple[int, int]:
    """Find the manifest's element and the end of its text; twice 0 where there is none."""
    start = data.rfind(_OPEN)
    end = data.find(_CLOSE, start)
    return (start, end) if start >= 0 and end >= 0 else (0, 0)


def _policy(style: str) -> str:
    """Allow the page's own style and script, what is inside the file, and nothing else."""
    return (
        f"default-src 'none'; script-src {_allowed(_script())}; style-src {_allowed(style)}; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _allowed(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@lru_cache(maxsize=1)
def _script() -> str:
    parts = [(_STATIC / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS]
    return '"use strict";\n(() => {\n' + "\n".join(parts) + "})();\n"


@lru_cache(maxsize=1)
def _style() -> str:
    return (_STATIC / "page.css").read_text(encoding="utf-8")
