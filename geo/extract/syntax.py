"""How near do two spans of a sentence stand in its grammar?

"President X, who was at a summit in Granada, called the attack on mourners deliberate": by words
Granada is beside the attack, by grammar it belongs to the summit. A step from a word to what
governs it costs little within a phrase and much from one clause to another.
"""

from __future__ import annotations

import math
from bisect import bisect_right
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
# no sentence is so deep; a longer way is no way
_DEEPEST = 60


class Syntax:
    """The grammar of a text, asked for the way between two spans."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._starts = [token.start for token in tokens]

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
