"""How are several layers asked together, with every incident told apart and every sum kept?

The columns of the layers are put end to end and sorted by place; no line is read again. An
incident is called `ID@LAYER`, so that no two are the same, and everything that asks an indexed
layer asks a union as well. What two layers both hold counts once in each, and is counted.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo import bits, indexed
from geo.bits import Flags
from geo.columns import column, morton, numbers, widened
from geo.filters import Filter, Ledger
from geo.incident import Incident
from geo.index import Index
from geo.indexed import IndexedLayer
from geo.layerfile import LayerMeta
from geo.rules import MAX_ID

_MARK = "@"
_DIGEST = 16


@dataclass(frozen=True, slots=True, eq=False)
class Union(IndexedLayer):
    """Several layers as one; `shared` ids stand in more than one of them."""

    parts: tuple[IndexedLayer, ...]
    shared: int

    def incident(self, row: int) -> Incident:
        """Read one incident from its layer, under the name it has here."""
        part, at = self.origin(row)
        found = part.incident(at)
        return replace(found, id=marked(found.id, part.name))

    def incidents_with(self, words: str) -> Iterator[Incident]:
        """Read the incidents of which the line holds these words."""
        for part in self.parts:
            for found in part.incidents_with(words):
                yield replace(found, id=marked(found.id, part.name))

    def origin(self, row: int) -> tuple[IndexedLayer, int]:
        """Find the layer of a row, and its row there."""
        part = self.parts[int(numbers(self.index.table, "layer")[row])]
        return part, int(numbers(self.index.table, "row")[row])

    def ledgers(self, query: Filter) -> list[tuple[str, Ledger]]:
        """Account for every layer by itself; the ledgers sum to that of the union."""
        return [(part.name, part.index.answer(query).ledger) for part in self.parts]


class _Together:
    """Texts of several layers, each searched where it lies."""

    def __init__(self, parts: Sequence[IndexedLayer], table: pa.Table) -> None:
        self._parts, self._table = parts, table

    def holding(self, word: str) -> Flags:
        """Which rows hold a folded word."""
        of, row = (numbers(self._table, name) for name in ("layer", "row"))
        found = np.zeros(len(row), dtype=np.bool_)
        for at, part in enumerate(self._parts):
            here = of == at
            found[here] = bits.has(part.index.holding(word), row[here])
        return found


def union(layers: Sequence[IndexedLayer]) -> Union:
    """Put layers together; each is in it once."""
    parts = tuple({layer.name: layer for layer in layers}.values())
    table = pa.concat_tables([_named(part, at) for at, part in enumerate(parts)])
    table = table.unify_dictionaries().combine_chunks()
    code = morton(numbers(table, "x"), numbers(table, "y"))
    table = table.take(pa.array(np.argsort(code, kind="stable")))
    index = Index(table, _Together(parts, table))
    plain = pa.chunked_array([column(part.index.table, "id") for part in parts])
    times = pc.value_counts(plain).field("counts")
    versions = "\n".join(f"{part.name} {part.version}" for part in parts)
    return Union(
        name="+".join(part.name for part in parts),
        meta=meta_of([(part.name, part.meta) for part in parts]),
        version=hashlib.sha256(versions.encode()).hexdigest(),
        index=index,
        # a union has no lines of its own: they are read through its parts
        lines=mmap.mmap(-1, 1),
        parts=parts,
        shared=int(pc.sum(pc.greater(times, 1)).as_py() or 0),
    )


def keep(layer: IndexedLayer) -> None:
    """See to it that other processes can open what is open here: of several, each, and which."""
    if not isinstance(layer, Union):
        indexed.keep(layer)
        return
    for part in layer.parts:
        indexed.keep(part)
    path = _listed(layer.version)
    if not path.exists():
        parts = [[part.name, part.version] for part in layer.parts]
        whole = path.with_name(f".{secrets.token_hex(8)}.json")
        whole.write_text(json.dumps(parts), encoding="utf-8")
        whole.replace(path)


def open_version(version: str) -> IndexedLayer | None:
    """Open one layer, or several, that this or another process has; None where they are gone."""
    alone = indexed.open_version(version)
    path = _listed(version)
    if alone is not None or not path.exists():
        return alone
    named = json.loads(path.read_text(encoding="utf-8"))
    found = [(name, indexed.open_version(part)) for name, part in named]
    parts = [replace(part, name=name) for name, part in found if part is not None]
    return union(parts) if len(parts) == len(found) else None


def _listed(version: str) -> Path:
    return indexed.derived_folder() / f"union-{version}.json"


def meta_of(parts: Sequence[tuple[str, LayerMeta]]) -> LayerMeta:
    """Say of several layers by their names what is said of one."""
    return LayerMeta(
        title=" + ".join(name for name, _ in parts),
        description="",
        as_of=max((meta.as_of for _, meta in parts if meta.as_of), default=None),
        licence="; ".join(dict.fromkeys(meta.licence for _, meta in parts if meta.licence)),
    )


def marked(incident_id: str, layer: str) -> str:
    """Name an incident so that no other layer has one of that name."""
    room = MAX_ID - len(_MARK) - len(layer)
    if len(incident_id) > room:
        # too long to carry the layer's name: what is cut off goes on as a digest
        digest = hashlib.sha256(incident_id.encode()).hexdigest()[:_DIGEST]
        incident_id = f"{incident_id[: room - _DIGEST - 1]}~{digest}"
    return f"{incident_id}{_MARK}{layer}"


def _named(part: IndexedLayer, at: int) -> pa.Table:
    table = widened(part.index.table)
    ids = column(table, "id")
    room = MAX_ID - len(_MARK) - len(part.name)
    if (pc.max(pc.utf8_length(ids)).as_py() or 0) > room:
        named = pa.array([marked(one, part.name) for one in ids.to_pylist()], pa.string())
    else:
        named = pc.binary_join_element_wise(ids, part.name, _MARK)
    rows = np.arange(table.num_rows, dtype=np.int64)
    return (
        table.set_column(table.column_names.index("id"), "id", named)
        .append_column("layer", pa.array(np.full(len(rows), at, dtype=np.uint16)))
        .append_column("row", pa.array(rows))
    )
