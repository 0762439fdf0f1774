"""How does a file of XML carry its statement between two marks, and name a changed row?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import unescape

from geo.exports.stated import Row, differing, for_xml, seal
from geo.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Marked:
    """Where the statement of a format stands, what a row of it looks like, and its id."""

    fmt: str
    opened: str
    closed: str
    row: re.Pattern[str]
    named: re.Pattern[str]

    def sealed(self, bare: str, manifest: Manifest) -> bytes:
        """Put the statement between the marks of a text that is otherwise complete."""
        stated = for_xml(manifest.stated(**seal(self.fmt, *self._parted(bare))))
        escaped = stated.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return bare.replace(self.opened, self.opened + escaped, 1).encode()

    def manifest_text(self, data: bytes) -> bytes | None:
        """Read the statement back as JSON text, None where there is none."""
        _, opened, after = data.decode("utf-8", "replace").partition(self.opened)
        text, closed, _ = after.partition(self.closed)
        return unescape(text).encode("utf-8", "replace") if opened and closed else None

    def altered(self, data: bytes, written: Mapping[str, Any]) -> tuple[str, ...]:
        """Name what is not as it was written, by what the statement says of the file."""
        before, _, after = data.decode("utf-8", "replace").partition(self.opened)
        bare = before + self.opened + after[after.find(self.closed) :]
        return differing(self.fmt, *self._parted(bare), written)

    def _parted(self, text: str) -> tuple[list[Row], str]:
        """Part a text into its rows and what stands around them."""
        rows = []
        for found in self.row.finditer(text):
            name = self.named.search(found[0])
            rows.append(Row(unescape(name[1]) if name else "?", found[0]))
        return rows, self.row.sub("", text)
