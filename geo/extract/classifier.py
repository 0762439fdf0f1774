"""What did people decide on drafts with such words?

Logistic regression over hashed words, learned anew from the reviewed drafts of a layer: what was
accepted teaches its type, what was rejected teaches that such words are no incident. It corrects
no draft; it only says where people decided otherwise, so that such drafts are looked at first.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geo.incident import Incident

# fewer decisions teach nothing that a person does not see at once
ENOUGH = 30
NONE = "none"
_DIMENSIONS = 4_096
_STEPS, _RATE, _DECAY = 300, 1.0, 1e-3
_WORD = re.compile(r"[^\W\d_]{2,}")

_Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Classifier:
    """What was learned: the outcomes, and a weight for each hashed word of each."""

    outcomes: tuple[str, ...]
    _weights: _Matrix = field(repr=False)

    def chances(self, text: str) -> dict[str, float]:
        """Give each outcome its share, as people decided on such words; the shares add up to 1."""
        shares = _softmax(_vectors([text]) @ self._weights)[0]
        return dict(zip(self.outcomes, (float(s) for s in shares), strict=True))


def decisions(incidents: Iterable[Incident]) -> list[tuple[str, str]]:
    """Take from a layer what people decided on drafts: the words, and the type or `NONE`."""
    found = []
    for incident in incidents:
        words = " ".join(source.quote for source in incident.sources)
        if not incident.id.startswith("article:") or not words:
            continue
        if incident.status == "accepted":
            found.append((words, incident.event_type))
        elif incident.status == "rejected":
            found.append((words, NONE))
    return found


def learn(examples: Sequence[tuple[str, str]]) -> Classifier | None:
    """Learn from decisions; None where they are too few, or all alike."""
    outcomes = tuple(sorted({outcome for _, outcome in examples}))
    if len(examples) < ENOUGH or len(outcomes) < 2:
        return None
    given = _vectors([words for words, _ in examples])
    wanted = np.zeros((len(examples), len(outcomes)))
    for row, (_, outcome) in enumerate(examples):
        wanted[row, outcomes.index(outcome)] = 1.0
    weights = np.zeros((_DIMENSIONS, len(outcomes)))
    for _ in range(_STEPS):
        error = _softmax(given @ weights) - wanted
        weights -= _RATE * (given.T @ error / len(examples) + _DECAY * weights)
    return Classifier(outcomes, weights)


def _vectors(texts: Sequence[str]) -> _Matrix:
    """Hash words and pairs of words; each row has the length 1."""
    rows = np.zeros((len(texts), _DIMENSIONS))
    for row, text in enumerate(texts):
        words = [w.casefold() for w in _WORD.findall(text)]
        pairs = [f"{a} {b}" for a, b in pairwise(words)]
        for term, count in Counter((*words, *pairs)).items():
            # crc32 is the same on every machine and run, which hash() is not
            rows[row, zlib.crc32(term.encode()) % _DIMENSIONS] += np.sqrt(count)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: _Matrix = rows / np.where(lengths == 0, 1.0, lengths)
    return 10.0 * unit


def _softmax(scores: _Matrix) -> _Matrix:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: _Matrix = raised / raised.sum(axis=1, keepdims=True)
    return shares
