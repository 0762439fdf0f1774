"""Which spans of a text are taken, and what stands beside a place?"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Literal

from geo.extract.model import Entity

Kind = Literal["place", "demonym", "inside"]
_BESIDE = re.compile(r",? (?:and |or )?")


class Found:
    """Spans that were taken, none over another."""

    def __init__(self) -> None:
        self.kinds: dict[tuple[int, int], Kind] = {}
        self._starts: list[int] = []
        self._ends: list[int] = []

    def free(self, start: int, end: int) -> bool:
        """Tell whether no span that was taken lies over it."""
        at = bisect_right(self._ends, start)
        return at == len(self._starts) or self._starts[at] >= end

    def beside(self, text: str, start: int, end: int) -> bool:
        """Whether it stands in a list with a place: "Migori, Homa Bay and Kisumu"."""
        at = bisect_right(self._ends, start)
        before = at > 0 and _BESIDE.fullmatch(text, self._ends[at - 1], start)
        after = at < len(self._starts) and _BESIDE.fullmatch(text, end, self._starts[at])
        beside = [i for i, joined in ((at - 1, before), (at, after)) if joined]
        return any(self.kinds[self._starts[i], self._ends[i]] == "place" for i in beside)

    def add(self, start: int, end: int, kind: Kind) -> bool:
        """Take a span, if it is free."""
        if start >= end or not self.free(start, end):
            return False
        self._starts.insert(bisect_left(self._starts, start), start)
        self._ends.insert(bisect_left(self._ends, end), end)
        self.kinds[start, end] = kind
        return True


class Spans:
    """Spans of entities, asked whether one lies over a place in the text."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        spans = sorted((e.start, e.end) for e in entities)
        self._starts = [a for a, _ in spans]
        self._ends = [b for _, b in spans]

    def over(self, start: int, end: int) -> bool:
        """Tell whether it is a part of an entity, or lies across its end."""
        at = bisect_right(self._ends, start)
        if at == len(self._starts) or self._starts[at] >= end:
            return False
        return self._starts[at] < start or self._ends[at] > end


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a stretch of a text that begins or ends within a word."""
    if text[start:end].strip()[:1].isalnum():
        while start > 0 and text[start - 1].isalnum():
            start -= 1
    if text[start:end].strip()[-1:].isalnum():
        while end < len(text) and text[end].isalnum():
            end += 1
    return start, end
