"""Which marks of a text are not seen, and where did the seen ones stand?

A soft hyphen, a zero-width space or a direction mark parts a word from itself. Stages read the
text without them; what they find is told by the offsets of the text as it is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


@dataclass(frozen=True, slots=True)
class Seen:
    """A text without unseen marks; `kept` gives the old offset of each of its characters."""

    text: str
    kept: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Say where a stretch of the seen text stands in the kept one."""
        if self.kept is None or start >= end:
            return start, end
        return self.kept[start], self.kept[end - 1] + 1


def seen(text: str) -> Seen:
    """Read a text without the marks that nobody sees."""
    if not _UNSEEN.search(text):
        return Seen(text, None)
    kept: list[int] = []
    at = 0
    for mark in _UNSEEN.finditer(text):
        kept += range(at, mark.start())
        at = mark.end()
    kept += range(at, len(text))
    return Seen("".join(text[i] for i in kept), tuple(kept))
