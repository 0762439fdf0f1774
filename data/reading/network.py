"""What is learned when the reader is taught: the layers of the encoder, and heads on them.

In PyTorch, since it must follow every number back to its error; `geo.extract.reader` computes the
same with NumPy. Names of parameters are those of the file of weights.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from geo.extract.features import COLUMNS, FEATURES
from geo.extract.meaning import LAYERS, WIDTH, Array
from geo.extract.reader import AGAIN, FAR, NOWHERE, POINTED

_HEADS, _SIZE = 12, 128
_EPSILON = 1e-12
_DROPPED = 0.1


class Network(nn.Module):
    """The reader as it learns; numbers of half the length above, whole ones in the heads."""

    def __init__(self, kinds: int) -> None:
        super().__init__()
        self.feat = nn.Embedding(FEATURES, WIDTH)
        self.encoder = nn.ModuleDict(
            {"layer": nn.ModuleDict({str(n): _layer() for n in range(LAYERS)})}
        )
        self.words = nn.Linear(WIDTH, kinds + 1)
        self.told = nn.Linear(2 * WIDTH, 2 * kinds)
        self.event = nn.Linear(WIDTH, len(POINTED) * _SIZE)
        self.piece = nn.Linear(WIDTH, len(POINTED) * _SIZE)
        self.away = nn.Embedding(len(POINTED) * (NOWHERE + 1), 1)
        self.mark = nn.Embedding(1, WIDTH)
        self.again = nn.ModuleDict(
            {"layer": nn.ModuleDict({str(n): _layer() for n in range(AGAIN)})}
        )
        self.there = nn.Linear(WIDTH, len(POINTED))
        self.beyond = nn.Embedding(len(POINTED) * (NOWHERE + 1), 1)
        self.same = nn.Linear(WIDTH, _SIZE)
        self.sentence = nn.Linear(WIDTH, _SIZE)
        self.apart = nn.Embedding(NOWHERE + 1, 1)
        for table in (self.feat, self.away, self.beyond, self.apart):
            nn.init.zeros_(table.weight)
        nn.init.normal_(self.mark.weight, std=0.5)
        self.kinds = kinds
        self._alone: dict[str, Tensor] = {}

    def begin_as(self, weights: Mapping[str, Array]) -> None:
        """Take the layers of the encoder as they are."""
        held = self.state_dict()
        own = {n: torch.tensor(weights[n].copy()) for n in held if n.startswith("encoder.")}
        top = {
            n: torch.tensor(weights[_layer_below(n)].copy()) for n in held if n.startswith("again.")
        }
        self.load_state_dict(held | own | top)
        self.encoder.to(torch.bfloat16)
        self.again.to(torch.bfloat16)
        self.feat.to(torch.bfloat16)
        # what single pieces mean is not taught: most of the vocabulary stands in no lesson
        for part in ("word_embeddings", "position_embeddings", "token_type_embeddings"):
            self._alone[part] = torch.tensor(weights[f"embeddings.{part}.weight"].copy())
        for part in ("weight", "bias"):
            self._alone[part] = torch.tensor(weights[f"embeddings.LayerNorm.{part}"].copy())

    def goes_on_from(self, weights: Mapping[str, Array]) -> bool:
        """Take what was taught before; False where it has other parts."""
        held = self.state_dict()
        if {n: tuple(v.shape) for n, v in held.items()} != {n: v.shape for n, v in weights.items()}:
            return False
        self.load_state_dict({n: torch.tensor(v) for n, v in weights.items()})
        return True

    def forward(self, pieces: Tensor, given: Tensor, held: Tensor) -> Tensor:
        """Give each piece its vector; `held` says which are no filling.

        Shapes: texts x pieces, texts x pieces x COLUMNS, texts x pieces.
        """
        own = self._alone
        x = own["word_embeddings"][pieces] + own["token_type_embeddings"][0]
        x = x + own["position_embeddings"][: pieces.shape[1]]
        x = F.layer_norm(x, (WIDTH,), own["weight"], own["bias"], _EPSILON).to(torch.bfloat16)
        x = F.dropout(x + self.feat(given).sum(-2), _DROPPED, self.training)
        mask = ((held[:, None, None, :] - 1) * 1e4).to(x.dtype)
        for layer in self.encoder["layer"].values():
            x = _through(layer, x, mask, _DROPPED if self.training else 0.0)
        return x.float()

    def asked(self, vectors: Tensor, marked: Tensor, held: Tensor) -> Tensor:
        """Say of each piece how much it tells where and when the event of marked ones was.

        Shapes: events x pieces x 384, events x pieces, events x pieces; 2 x events x pieces.
        """
        x = (vectors + marked[..., None] * self.mark.weight[0]).to(torch.bfloat16)
        mask = ((held[:, None, None, :] - 1) * 1e4).to(x.dtype)
        for layer in self.again["layer"].values():
            x = _through(layer, x, mask, _DROPPED if self.training else 0.0)
        scores: Tensor = self.there(x.float()).permute(2, 0, 1)
        return scores + (held - 1) * 1e4

    def tellings(self, vectors: Tensor, lengths: Tensor) -> Tensor:
        """Say of sentences which types they tell for the first time, and which again.

        Shapes: the pieces of all sentences x 384, how many of them each sentence has.
        """
        means = torch.segment_reduce(vectors, "mean", lengths=lengths, initial=0.0)
        most = torch.segment_reduce(vectors, "max", lengths=lengths, initial=-1e4)
        together = torch.cat([means, torch.where(lengths[:, None] > 0, most, means)], -1)
        told: Tensor = self.told(together)
        return told

    def pointed(self, vectors: Tensor, events: Tensor, away: Tensor) -> Tensor:
        """Say of each piece how much it tells where and when events were, at one glance.

        It makes the layers below tell events apart, and says cheaply where to ask the text. Shapes:
        pieces x 384, events x 384, events x pieces; the answer has a first dimension for where and
        when.
        """
        keys = self.piece(vectors).view(-1, len(POINTED), _SIZE)
        asked = self.event(events).view(-1, len(POINTED), _SIZE)
        scores = torch.einsum("ehd,phd->hep", asked, keys) / math.sqrt(_SIZE)
        heads = torch.arange(len(POINTED))[:, None, None] * (NOWHERE + 1)
        near: Tensor = self.away(away + heads).squeeze(-1)
        return scores + near

    def tells_too(self, sentences: Tensor, events: Tensor, away: Tensor) -> Tensor:
        """Say of each sentence how much it tells of events; shape: events x sentences."""
        near: Tensor = self.apart(away).squeeze(-1)
        return self.same(events) @ self.sentence(sentences).T / math.sqrt(_SIZE) + near


def distances(sentences: Tensor, own: Tensor) -> Tensor:
    """Count sentences from those of events; the beginning of a text is nowhere."""
    away = torch.clamp(sentences[None] - own[:, None], -FAR, FAR) + FAR
    return torch.where(sentences[None] < 0, torch.full_like(away, NOWHERE), away)


def filled(rows: Sequence[Array], columns: Sequence[Array]) -> tuple[Tensor, Tensor, Tensor]:
    """Put texts of different length beside each other."""
    longest = max(len(r) for r in rows)
    pieces = torch.zeros(len(rows), longest, dtype=torch.long)
    given = torch.zeros(len(rows), longest, COLUMNS, dtype=torch.long)
    held = torch.zeros(len(rows), longest)
    for n, (row, column) in enumerate(zip(rows, columns, strict=True)):
        pieces[n, : len(row)] = torch.tensor(row)
        given[n, 1 : 1 + len(column)] = torch.tensor(column)
        held[n, : len(row)] = 1
    return pieces, given, held


def _layer_below(name: str) -> str:
    """Name the layer of the encoder that a layer on top of it begins as."""
    _, _, number, rest = name.split(".", 3)
    return f"encoder.layer.{int(number) + LAYERS - AGAIN}.{rest}"


def _layer() -> nn.ModuleDict:
    wide = 4 * WIDTH
    inner = {part: nn.Linear(WIDTH, WIDTH) for part in ("query", "key", "value")}
    after = {"dense": nn.Linear(WIDTH, WIDTH), "LayerNorm": nn.LayerNorm(WIDTH, _EPSILON)}
    last = {"dense": nn.Linear(wide, WIDTH), "LayerNorm": nn.LayerNorm(WIDTH, _EPSILON)}
    return nn.ModuleDict(
        {
            "attention": nn.ModuleDict(
                {"self": nn.ModuleDict(inner), "output": nn.ModuleDict(after)}
            ),
            "intermediate": nn.ModuleDict({"dense": nn.Linear(WIDTH, wide)}),
            "output": nn.ModuleDict(last),
        }
    )


def _through(layer: nn.Module, x: Tensor, mask: Tensor, dropped: float) -> Tensor:
    attention, texts = layer["attention"], len(x)
    query, key, value = (
        attention["self"][part](x).view(texts, -1, _HEADS, WIDTH // _HEADS).transpose(1, 2)
        for part in ("query", "key", "value")
    )
    # the fused attention goes back ten times slower than it goes forth
    scores = query @ key.transpose(-1, -2) / math.sqrt(WIDTH / _HEADS) + mask
    found = (F.softmax(scores, -1) @ value).transpose(1, 2).reshape(x.shape)
    found = attention["output"]["dense"](found)
    x = attention["output"]["LayerNorm"](x + F.dropout(found, dropped))
    inner = layer["output"]["dense"](F.gelu(layer["intermediate"]["dense"](x)))
    out: Tensor = layer["output"]["LayerNorm"](x + F.dropout(inner, dropped))
    return out
