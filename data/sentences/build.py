"""How are the weights of `geo.extract.coding` learned from labelled sentences?

    python -m data.sentences.build

Logistic regression over all event types and "none" at once, on `labelled.jsonl`. Run by hand when
sentences, lexicon or encoder have changed; the app only ever reads the result. The same sentences
give the same weights, to the last digits that a processor agrees on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from geo.errors import ReferenceDataError
from geo.extract.coding import NONE, WEIGHTS, Array, features
from geo.extract.events import mentions
from geo.extract.meaning import load
from geo.extract.sentences import split
from geo.settings import DATA
from geo.taxonomy import event_types

SENTENCES = Path(__file__).with_name("labelled.jsonl")
LEXICON = (DATA / "event_lexicon.json", DATA / "status_cues.json")
_STEPS, _RATE, _DECAY = 300, 0.05, 3e-4
# what is equally right is neither taught nor held against
_OPEN = -1e9


def learned_from() -> str:
    """Take the SHA-256 of what the weights depend on."""
    whole = hashlib.sha256()
    for path in (SENTENCES, *LEXICON):
        whole.update(path.read_bytes())
    return whole.hexdigest()


def build() -> None:
    """Learn and write the weights."""
    rows = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    outcomes = [*(kind.id for kind in event_types()), NONE]
    weights, biases = learn(_given(rows), *_wanted(rows, outcomes))
    np.savez_compressed(
        WEIGHTS,
        outcomes=np.array(outcomes),
        weights=weights.astype(np.float16),
        biases=biases,
        learned_from=np.array(learned_from()),
    )


def learn(given: Array, wanted: Array, open_to: Array) -> tuple[Array, Array]:
    """Fit weights and biases by Adam on all rows at once, with a rate that falls to nothing."""
    held = np.zeros((given.shape[1] + 1, wanted.shape[1]), np.float32)
    rows = np.hstack([given, np.ones((len(given), 1), np.float32)])
    first, second = np.zeros_like(held), np.zeros_like(held)
    for step in range(1, _STEPS + 1):
        error = (_shares(rows @ held + open_to) - wanted) / len(rows)
        slope = rows.T @ error
        slope[:-1] += _DECAY * held[:-1]
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope * slope
        rate = _RATE * (1 + np.cos(np.pi * step / _STEPS)) / 2
        held -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return held[:-1], held[-1]


def _given(rows: Sequence[dict[str, Any]]) -> Array:
    encoder = load()
    if encoder is None:
        msg = "the encoder of requirements-encoder.txt is not installed: nothing can be learned"
        raise ReferenceDataError(msg)
    found = []
    for number, row in enumerate(rows, start=1):
        text = row["text"]
        found.append(features(encoder.read(text), mentions(split(text))))
        if number % 500 == 0:
            print(f"{number} of {len(rows)} sentences read", flush=True)
    return np.array(found)


def _wanted(rows: Sequence[dict[str, Any]], outcomes: Sequence[str]) -> tuple[Array, Array]:
    number = {outcome: n for n, outcome in enumerate(outcomes)}
    wanted = np.zeros((len(rows), len(outcomes)), np.float32)
    open_to = np.zeros_like(wanted)
    for line, row in enumerate(rows):
        told = row["types"] or [NONE]
        wanted[line, [number[t] for t in told]] = 1 / len(told)
        open_to[line, [number[t] for t in row["also"] if t not in told]] = _OPEN
    return wanted, open_to


def _shares(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Array = raised / raised.sum(axis=1, keepdims=True)
    return shares


if __name__ == "__main__":
    build()
