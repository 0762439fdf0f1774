"""How near do two spans of a sentence stand in its grammar?

"President X, who was at a summit in Granada, called the attack on mourners deliberate": by words
Granada is beside the attack, by grammar it belongs to the summit. A step from a word to what
governs it costs little within a phrase and much from one clause to another.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from geo.extract.model import Token

# labels of ClearNLP, as spaCy's English models give them
_PHRASE = ("compound", "amod", "det", "poss", "nmod", "appos", "nummod", "case", "pobj", "agent")
_STEP = {
    **dict.fromkeys((*_PHRASE, "pcomp", "quantmod"), 0.4),
    **dict.fromkeys(("advcl", "relcl", "csubj"), 2.0),
    "acl": 1.5,
    "ccomp": 2.5,
    "parataxis": 3.0,
}
_PLAIN = 1.0
# "soldiers and police" are one phrase, "they fired and left" two clauses
_LISTED, _CLAUSES = 0.8, 2.5
_VERBAL = frozenset(("ROOT", "ccomp", "advcl", "relcl", "acl", "xcomp", "parataxis", "csubj"))
# no word is so long
_LONGEST = 40
# no sentence is so deep; a longer way is no way
_DEEPEST = 60


class Syntax:
    """The grammar of a text, asked for the way between two spans."""

    def __init__(self, tokens: Sequence[Token], text: str) -> None:
        self._tokens = tokens
        self._starts = [token.start for token in tokens]
        self._text = text
        self._governed: list[list[int]] = [[] for _ in tokens]
        for at, token in enumerate(tokens):
            if token.head != at:
                self._governed[token.head].append(at)

    def within(self, start: int, end: int) -> range:
        """List the words that begin within a span, by their numbers."""
        return range(bisect_left(self._starts, start), bisect_left(self._starts, end))

    def start(self, at: int) -> int:
        """Say where a word begins in the text."""
        return self._starts[at]

    def end(self, at: int) -> int:
        """Say where a word ends in the text."""
        return self._starts[at] + len(self.word(at))

    def word(self, at: int) -> str:
        """Read a word as it is written."""
        end = self._starts[at + 1] if at + 1 < len(self._starts) else len(self._text)
        return "".join(self._text[self._starts[at] : end].split(None, 1)[:1])

    def before(self, start: int) -> str:
        """Read what stands before an offset, up to the space before that: "twenty-third"."""
        return "".join(self._text[max(0, start - _LONGEST) : start].rsplit(None, 1)[-1:])

    def head(self, at: int) -> int:
        """Find what governs a word; a word that nothing governs is its own head."""
        return self._tokens[at].head

    def label(self, at: int) -> str:
        """Say how a word is governed."""
        return self._tokens[at].label

    def governors(self, span: tuple[int, int]) -> list[str]:
        """Read the words that govern a span, the nearest first."""
        head = self._head(span)
        return [] if head is None else [self.word(at) for at, _ in self._upwards(head)[1:]]

    def governed(self, at: int, *labels: str) -> list[int]:
        """List what a word governs, of some labels or of all, in the order of the text."""
        found = self._governed[at]
        return [n for n in found if self._tokens[n].label in labels] if labels else found

    def way(self, one: tuple[int, int], other: tuple[int, int]) -> float:
        """Add up the steps between two spans; infinite where no sentence holds both."""
        first, second = self._head(one), self._head(other)
        if first is None or second is None:
            return math.inf
        up = dict(self._upwards(first))
        return next((up[at] + cost for at, cost in self._upwards(second) if at in up), math.inf)

    def _head(self, span: tuple[int, int]) -> int | None:
        """Find the token of a span that is governed from outside of it."""
        first = bisect_right(self._starts, span[0]) - 1
        last = bisect_right(self._starts, span[1] - 1) - 1
        if first < 0 or last < first:
            return None
        within = range(first, last + 1)
        return next(
            (n for n in within if (h := self._tokens[n].head) not in within or h == n), last
        )

    def _upwards(self, at: int) -> list[tuple[int, float]]:
        """List what governs a token, up to the root, with the cost of the way there."""
        found, cost = [(at, 0.0)], 0.0
        while len(found) < _DEEPEST:
            token = self._tokens[at]
            if token.head == at:
                break
            cost += self._step(token)
            at = token.head
            found.append((at, cost))
        return found

    def _step(self, token: Token) -> float:
        if token.label != "conj":
            return _STEP.get(token.label, _PLAIN)
        return _CLAUSES if self._is_verbal(token.head) else _LISTED

    def _is_verbal(self, at: int) -> bool:
        for _ in range(_DEEPEST):
            token = self._tokens[at]
            if token.label != "conj":
                return token.label in _VERBAL
            at = token.head
        return False
