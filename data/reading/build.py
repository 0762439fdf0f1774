"""How is the reader of `geo.extract.reader` taught by labelled articles and sentences?

    python -m data.reading.build

Run by hand when labels have changed; the app only ever reads the result. It asks for PyTorch
(`requirements-teach.txt`), some 8 GB of memory and three quarters of an hour on two cores that
know numbers of half the length. The same seed gives nearly the same weights, and not the same
bytes: threads add up in another order. Teaching goes on from the weights that lie there, where they
have the same parts, and these keep a part in the mean of both; without them it takes five rounds.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from data.reading.lessons import Lesson, lessons, taught_by
from data.reading.network import Network, distances, filled
from geo.errors import ReferenceDataError
from geo.extract.meaning import Array, load
from geo.extract.model import load as load_model
from geo.extract.reader import FAR, NOWHERE, POINTED, WEIGHTS, plain
from geo.taxonomy import event_types

_SEED = 0
# from the encoder on, and from what was taught before
_ROUNDS, _ROUNDS_ON = 5, 3
_PIECES = 1_600
_RATE, _MORE_FOR_HEADS, _DECAY = 3e-4, 3.0, 0.01
_WARM, _LEAST = 0.06, 0.02
# how much each thing that is learned counts beside the others
_WORDS, _TOLD, _WHERE, _WHEN, _SAME = 8.0, 2.0, 1.5, 1.0, 1.0
# words in other sentences that tell of an event may be called so or not
_OPEN = 0.2
# pieces that are hidden in every other text, and the number of the piece that hides them
_HIDDEN, _MASK = 0.1, 103
# without the model of names, or the gazetteer, the reader is to read as well
_NO_MODEL, _NO_GAZETTEER = 0.15, 0.10
# the part that the weights of before have in the new ones
_BEFORE = 0.15
# so many events of a text are asked for each time, with their words marked
_ASKED = 3
_TYPES = [kind.id for kind in event_types()]
_NUMBER = {kind: n for n, kind in enumerate(_TYPES)}


def build() -> None:
    """Teach the reader and write its weights."""
    encoder = load()
    if encoder is None:
        msg = "the encoder of requirements-encoder.txt is not installed: nothing can be learned"
        raise ReferenceDataError(msg)
    torch.manual_seed(_SEED)
    torch.set_flush_denormal(True)
    network = Network(len(_TYPES))
    network.begin_as(encoder.weights)
    held = list(lessons(encoder, load_model()))
    print(f"{len(held):,} texts", file=sys.stderr)
    before = taught_before()
    if before is None or not network.goes_on_from(before):
        write(teach(network, held, rounds=_ROUNDS, rate=_RATE))
    else:
        write(mean(before, teach(network, held, rounds=_ROUNDS_ON, rate=_RATE / 2)))


def taught_before() -> dict[str, Array] | None:
    """Read the weights that lie there; None where they were learned for other event types."""
    with np.load(WEIGHTS, allow_pickle=False) as before:
        if list(before["types"]) != _TYPES:
            return None
        return {n: plain(before, n) for n in before.files if n.endswith(("weight", "bias"))}


def mean(before: dict[str, Array], new: dict[str, Array]) -> dict[str, Array]:
    """Give what was taught before its part in what is taught now."""
    return {name: (1 - _BEFORE) * new[name] + _BEFORE * before[name] for name in new}


def teach(
    network: Network, held: Sequence[Lesson], *, rounds: int, rate: float
) -> dict[str, Array]:
    """Go through all texts so many times, in steps of such a size; return the weights by name."""
    rng = random.Random(_SEED)
    names, own = zip(*network.named_parameters(), strict=True)
    # steps are smaller than what the short numbers can hold: they add up in whole ones
    whole = [p.detach().float().clone().requires_grad_() for p in own]
    deep = ("encoder.", "again.")
    layers = [p for n, p in zip(names, whole, strict=True) if n.startswith(deep)]
    heads = [p for n, p in zip(names, whole, strict=True) if not n.startswith(deep)]
    steps = rounds * len(list(_batches(held, rng)))
    optimizer = torch.optim.AdamW(
        [{"params": layers, "lr": rate}, {"params": heads, "lr": _MORE_FOR_HEADS * rate}],
        weight_decay=_DECAY,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _pace(step / steps))
    network.train()
    for turn in range(rounds):
        errors = []
        for batch in _batches(held, rng):
            error = _error(network, batch, rng)
            error.backward()
            for short, long in zip(own, whole, strict=True):
                long.grad = None if short.grad is None else short.grad.float()
                short.grad = None
            torch.nn.utils.clip_grad_norm_(whole, 1.0)
            optimizer.step()
            schedule.step()
            with torch.no_grad():
                for short, long in zip(own, whole, strict=True):
                    short.copy_(long)
            errors.append(float(error.detach()))
        print(f"round {turn + 1}: error {np.mean(errors):.3f}", file=sys.stderr, flush=True)
    return {n: p.detach().numpy() for n, p in zip(names, whole, strict=True)}


def write(weights: dict[str, Array]) -> None:
    """Write weights; great tables as whole numbers up to 127 with a scale for each row."""
    out: dict[str, np.ndarray] = {"types": np.array(_TYPES), "taught_by": np.array(taught_by())}
    for name, values in weights.items():
        if values.ndim == 2 and min(values.shape) > 64:
            scale = np.abs(values).max(axis=1, keepdims=True) / 127
            out[name] = np.round(values / scale).astype(np.int8)
            out[f"{name}.scale"] = scale.astype(np.float32)
        else:
            out[name] = values.astype(np.float16)
    np.savez_compressed(WEIGHTS, **out)


def _pace(done: float) -> float:
    return min(1.0, done / _WARM + 1e-3) * max(_LEAST, (1 + math.cos(math.pi * done)) / 2)


def _batches(held: Sequence[Lesson], rng: random.Random) -> Iterator[list[Lesson]]:
    """Put texts of like length together: all articles, and half of the single sentences."""
    alone = [lesson for lesson in held if lesson.told]
    articles = [lesson for lesson in held if not lesson.told]
    found: list[list[Lesson]] = []
    for kind in (rng.sample(alone, len(alone) // 2), articles):
        batch: list[Lesson] = []
        for lesson in sorted(kind, key=lambda one: len(one.given) + 8 * rng.random()):
            batch.append(lesson)
            if len(batch) * len(lesson.given) >= _PIECES:
                found.append(batch)
                batch = []
        found += [batch] if batch else []
    rng.shuffle(found)
    yield from found


def _error(network: Network, batch: Sequence[Lesson], rng: random.Random) -> Tensor:
    columns = [lesson.given.copy() for lesson in batch]
    for given in columns if rng.random() < _NO_MODEL else ():
        given[:, 4] = 0
    for given in columns if rng.random() < _NO_GAZETTEER else ():
        given[:, 1:3] = 0
    numbers = [_hidden(lesson.pieces, rng) for lesson in batch]
    pieces, given, held = filled(numbers, columns)
    seen = network(pieces, given, held)
    if batch[0].told:
        return _of_sentences(network, seen, held, batch)
    errors = [
        _of_article(network, v[: len(lesson.pieces)], lesson, rng)
        for v, lesson in zip(seen, batch, strict=True)
    ]
    return torch.stack(errors).mean() + _of_asked(network, seen, batch, rng)


def _of_asked(
    network: Network, seen: Tensor, batch: Sequence[Lesson], rng: random.Random
) -> Tensor:
    """Ask of some events of each text where and when they were, with their words marked."""
    chosen = [
        (n, lesson, k)
        for n, lesson in enumerate(batch)
        for k in rng.sample(range(len(lesson.events)), min(_ASKED, len(lesson.events)))
    ]
    if not chosen:
        return torch.zeros(())
    longest = seen.shape[1]
    marked, held = torch.zeros(len(chosen), longest), torch.zeros(len(chosen), longest)
    near = torch.full((len(chosen), longest), NOWHERE)
    right = torch.zeros(2, len(chosen), longest, dtype=torch.bool)
    worth = torch.zeros(2, len(chosen))
    for row, (_, lesson, k) in enumerate(chosen):
        event, count = lesson.events[k], len(lesson.given)
        marked[row, [w + 1 for w in _some(event.words, rng)]] = 1
        held[row, : count + 1] = 1
        own = int(lesson.sentences[event.words[0]])
        away = np.clip(lesson.sentences - own, -FAR, FAR) + FAR
        near[row, 1 : count + 1] = torch.tensor(away)
        told, counts = _pointed(lesson)
        right[:, row, : count + 1], worth[:, row] = told[:, k], counts[:, k]
    scores = network.asked(seen[[n for n, _, _ in chosen]], marked, held)
    heads = torch.arange(len(POINTED))[:, None, None] * (NOWHERE + 1)
    scores = scores + network.beyond(near + heads).squeeze(-1)
    shares = F.log_softmax(scores, -1).masked_fill(~right, -1e4)
    return -(torch.logsumexp(shares, -1) * worth).sum() / len(chosen)


def _of_sentences(
    network: Network, vectors: Tensor, held: Tensor, batch: Sequence[Lesson]
) -> Tensor:
    """Ask that some word of a sentence tells its type, and none another."""
    told = [both for lesson in batch for both in lesson.told]
    wanted = torch.stack([_kinds(types) for types, _ in told])
    counts = 1 - torch.stack([_kinds(also) for _, also in told]) * (1 - wanted)
    lengths = held.sum(1).long()
    inner = held.clone()
    inner[:, 0] = 0
    inner[torch.arange(len(batch)), lengths - 1] = 0
    pieces = vectors[inner == 1]
    parts = [np.bincount(one.sentences, minlength=len(one.told)) for one in batch]
    within = torch.tensor(np.concatenate(parts))
    shares = F.log_softmax(network.words(pieces), -1)[:, :-1]
    most = torch.segment_reduce(shares, "max", lengths=within, initial=-30.0)
    words = -wanted * most - (1 - wanted) * torch.log1p(-most.exp().clamp(max=0.999))
    whole = F.binary_cross_entropy_with_logits(
        network.tellings(pieces, within), wanted.repeat(1, 2) * 0.98 + 0.005, reduction="none"
    )
    errors = words + whole.view(len(told), 2, -1).mean(1)
    return (errors * counts).sum() / len(told)


def _of_article(network: Network, vectors: Tensor, lesson: Lesson, rng: random.Random) -> Tensor:
    inner = vectors[1:-1]
    error = _WORDS * _of_words(network, inner, lesson) + _TOLD * _of_tellings(
        network, inner, lesson
    )
    if not lesson.events:
        return error
    numbers = torch.tensor([-1, *lesson.sentences])
    own = torch.tensor([int(lesson.sentences[event.words[0]]) for event in lesson.events])
    lengths = torch.tensor(np.bincount(lesson.sentences))
    words = _queries(lesson, rng) @ inner
    scores = network.pointed(vectors[:-1], words, distances(numbers, own))
    right, worth = _pointed(lesson)
    shares = F.log_softmax(scores, -1).masked_fill(~right, -1e4)
    error = error - (torch.logsumexp(shares, -1) * worth).sum() / len(lesson.events)
    means = torch.segment_reduce(inner, "mean", lengths=lengths, initial=0.0)
    words = _queries(lesson, rng) @ inner
    too = network.tells_too(means, words, distances(torch.arange(len(lengths)), own))
    wanted = torch.zeros_like(too)
    for number, event in enumerate(lesson.events):
        wanted[number, [n for n in event.sentences if n < len(lengths)]] = 1
    return error + _SAME * F.binary_cross_entropy_with_logits(too, wanted)


def _queries(lesson: Lesson, rng: random.Random) -> Tensor:
    """Take the mean of the words of each event; shape: events x pieces."""
    found = torch.zeros(len(lesson.events), len(lesson.given))
    for number, event in enumerate(lesson.events):
        words = _some(event.words, rng)
        found[number, words] = 1 / len(words)
    return found


def _pointed(lesson: Lesson) -> tuple[Tensor, Tensor]:
    """Say which pieces tell where and when, the beginning for nowhere, and how much that counts.

    Shapes: 2 x events x pieces, 2 x events.
    """
    right = torch.zeros(2, len(lesson.events), len(lesson.given) + 1, dtype=torch.bool)
    worth = torch.zeros(2, len(lesson.events))
    for number, event in enumerate(lesson.events):
        for head, (held, counts) in enumerate(((event.where, _WHERE), (event.when, _WHEN))):
            if held is None:
                right[head, number] = True
            else:
                right[head, number, [n + 1 for n in held] or [0]] = True
                worth[head, number] = counts
    return right, worth


def _hidden(pieces: NDArray[np.int64], rng: random.Random) -> NDArray[np.int64]:
    """Hide some pieces, so that no single word decides."""
    found = pieces.copy()
    if rng.random() < 0.5:
        for n in range(1, len(found) - 1):
            if rng.random() < _HIDDEN:
                found[n] = _MASK
    return found


def _of_words(network: Network, vectors: Tensor, lesson: Lesson) -> Tensor:
    """Ask that the words that tell an event first are of its type, all others of none."""
    none = len(_TYPES)
    right = torch.zeros(len(vectors), none + 1, dtype=torch.bool)
    counts = torch.ones(len(vectors))
    again = {n for event in lesson.events for n in event.sentences}
    counts[torch.tensor([int(n) in again for n in lesson.sentences])] = _OPEN
    for event in lesson.events:
        words = list(event.words)
        for kind in (*event.types, *event.also):
            right[words, _NUMBER[kind]] = True
        counts[words] = 0.0 if event.optional else 1.0
    right[~right.any(-1), none] = True
    shares = F.log_softmax(network.words(vectors), -1).masked_fill(~right, -1e4)
    return -(torch.logsumexp(shares, -1) * counts).sum() / counts.sum()


def _of_tellings(network: Network, vectors: Tensor, lesson: Lesson) -> Tensor:
    """Ask which sentences tell an event for the first time, and which again."""
    count, kinds = int(lesson.sentences.max()) + 1, len(_TYPES)
    wanted, counts = torch.zeros(count, 2 * kinds), torch.ones(count, 2 * kinds)
    for event in lesson.events:
        here = [n for n in event.sentences if n < count]
        wanted[here, kinds:] += _kinds(event.types)
        counts[here, kinds:] *= 1 - _kinds(event.also)
    for event in lesson.events:
        own, kind = int(lesson.sentences[event.words[0]]), _kinds(event.types)
        counts[own, :kinds] *= 1 - _kinds(event.also)
        if event.optional:
            counts[own, :kinds] *= 1 - kind
        else:
            wanted[own, :kinds] = wanted[own, :kinds].maximum(kind)
    counts = counts.maximum(wanted.clamp(max=1))
    told = network.tellings(vectors, torch.tensor(np.bincount(lesson.sentences, minlength=count)))
    errors = F.binary_cross_entropy_with_logits(told, wanted.clamp(max=1), reduction="none")
    return (errors * counts).sum() / count


def _kinds(types: Sequence[str]) -> Tensor:
    found = torch.zeros(len(_TYPES))
    found[[_NUMBER[t] for t in types]] = 1
    return found


def _some(words: Sequence[int], rng: random.Random) -> list[int]:
    """Take some of the words of an event: the reader knows them less well than the labels."""
    if rng.random() < 0.5 or len(words) < 3:
        return list(words)
    start = rng.randrange(len(words))
    return list(words[start : start + rng.randrange(1, 8)])


if __name__ == "__main__":
    build()
