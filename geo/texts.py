"""In which texts does a word stand, when there are millions of them?

Folded texts are half of what a layer's columns would hold, and of them nothing is asked but this.
So they lie packed, a few thousand to a block; a search unpacks one block at a time on each
processor and keeps none of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.bits import Flags, Rows

# a block is some megabytes at most, and packs as well as a larger one
_BLOCK = 8_192
_AT_ONCE = min(os.cpu_count() or 1, 4)
_SCHEMA = pa.schema([("text", pa.large_string())])
# of the codecs that every Arrow brings, the one that halves what the quickest leaves
_PACKED = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", 1), use_threads=False)
_READ = pa.ipc.IpcReadOptions(use_threads=False)


class Texts(Protocol):
    """Folded texts of rows."""

    def holding(self, word: str) -> Flags:
        """Which rows hold a folded word."""
        ...


class Packed:
    """Texts in blocks, in memory or mapped from a file."""

    def __init__(self, held: pa.Buffer) -> None:
        self.held = held

    @classmethod
    def of(cls, texts: Any, order: Rows) -> Packed:
        """Pack the texts of an array in an order of its rows."""
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, _SCHEMA, options=_PACKED) as out:
            for first in range(0, len(order), _BLOCK):
                part = texts.take(pa.array(order[first : first + _BLOCK]))
                out.write_batch(pa.record_batch([part], schema=_SCHEMA))
        return cls(sink.getvalue())

    @classmethod
    def mapped(cls, path: Path) -> Packed:
        """Map what was `held` into memory; the file may be deleted meanwhile."""
        return cls(pa.memory_map(str(path)).read_buffer())

    def holding(self, word: str) -> Flags:
        """Which rows hold a folded word."""
        blocks = self._open().num_record_batches
        share = -(-blocks // _AT_ONCE)
        parts = [range(n, min(n + share, blocks)) for n in range(0, blocks, max(share, 1))]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = pool.map(lambda part: [*self._holding(word, part)], parts)
            return np.concatenate([np.zeros(0, np.bool_), *(one for of in found for one in of)])

    def _holding(self, word: str, blocks: range) -> Iterator[Flags]:
        # a reader serves one thread
        reader = self._open()
        for block in blocks:
            texts = reader.get_batch(block).column(0)
            yield pc.match_substring(texts, word).to_numpy(zero_copy_only=False)

    def _open(self) -> pa.ipc.RecordBatchFileReader:
        return pa.ipc.open_file(pa.BufferReader(self.held), options=_READ)
