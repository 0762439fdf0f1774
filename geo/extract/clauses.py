"""Which words of a sentence belong together as one statement?

A clause reaches from one comma, semicolon or conjunction to the next. A phrase that opens a
sentence ("In Kabul, two bombs …") belongs to what follows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BREAK = re.compile(
    r"[;:]\s+|\s[–—-]\s|,\s+(?=(?:and|but|while|which|who|where|when|after|before|following|"
    r"leading|prompting|killing|wounding|injuring|leaving|causing|as|with|although|though|"
    r"whereas|because|since|if|there|he|she|they|it|the|officials|police|according)\b)|"
    r"\s(?=(?:while|but|although|though|whereas|after|following|before|because|unless|"
    r"amid|prompting)\s)|\s(?=since\s(?:an?|the|his|her|their|its?|they)\s)",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?:in|at|near|on|outside|across|inside|along|around|during|late|early|earlier|overnight|"
    r"meanwhile|separately|elsewhere)\b[^,]{0,80},\s",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence, by offsets of the text."""

    start: int
    end: int

    def holds(self, start: int, end: int) -> bool:
        """Whether a span begins within."""
        return self.start <= start < self.end or (start == end == self.end)


def clauses(text: str, *, offset: int = 0) -> tuple[Clause, ...]:
    """Split a sentence; `offset` is where it begins in the whole text."""
    opening = _OPENING.match(text)
    from_here = opening.end() if opening else 0
    ends = [m.end() if m[0].strip() else m.start() + 1 for m in _BREAK.finditer(text, from_here)]
    starts = [0, *ends]
    return tuple(
        Clause(offset + a, offset + b)
        for a, b in zip(starts, [*ends, len(text)], strict=True)
        if a < b
    )


def clause_at(parts: tuple[Clause, ...], at: int) -> Clause:
    """Find the clause that holds an offset; the last one holds what lies beyond."""
    return next((part for part in parts if part.start <= at < part.end), parts[-1])
