"""How do rows get into Parquet, however many there are?

Block by block, each a row group, in files of a million rows at most: memory holds one block.
A landing replaces what one of the same name left in the same layer's folder, file by file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq

from geo.durable import Replacement
from geo.engines import layout
from geo.layerfile import decode, encode, opened
from geo.layername import check_name
from geo.store import LayerStore
from geo.version import version_of

_BLOCK = 100_000
_BLOCKS_A_FILE = 10
_SAFE = re.compile(r"[^A-Za-z0-9_-]+")
# written as it is, they would be as large as the lines of the layer
_PACKED = {"compression": "zstd", "store_schema": False}


def land(
    lines: Iterable[bytes],
    folder: Path,
    *,
    layer: str,
    version: str = "",
    name: str = "layer",
    tell: Callable[[int], None] = lambda _: None,
    block: int = _BLOCK,
) -> int:
    """Write canonical lines as `FOLDER/LAYER/NAME-00000.parquet` and so on.

    Parameters
    ----------
    lines
        Features as `geo.layerfile.encode` writes them.
    folder
        Where all landed layers lie.
    layer, version
        Whose rows they are, and at which version; "" where they were never in the store.
    name
        Name of the landing, such as that of the file it came from.
    tell
        Called after each block with the rows written so far.
    block
        Rows held at a time.

    Returns
    -------
    int
        Rows written.

    Raises
    ------
    LayerNameError
        When `layer` cannot be a layer name.
    """
    check_name(layer)
    into = folder / layer
    into.mkdir(parents=True, exist_ok=True)
    stem = _SAFE.sub("-", name).strip("-") or "rows"
    blocks = _blocks(iter(lines), block)
    count = files = 0
    for first in blocks:
        path = into / f"{stem}-{files:05}.parquet"
        with Replacement(path) as draft:
            with pq.ParquetWriter(_Sink(draft), layout.SCHEMA, **_PACKED) as writer:
                writer.add_key_value_metadata(dict(layout.METADATA))
                for held in chain([first], islice(blocks, _BLOCKS_A_FILE - 1)):
                    writer.write_table(layout.rows(held, layer=layer, version=version))
                    count += len(held)
                    tell(count)
            draft.seal()
            draft.publish()
        files += 1
    for left in into.glob(f"{stem}-[0-9][0-9][0-9][0-9][0-9].parquet"):
        if int(left.stem[-5:]) >= files:
            left.unlink()
    return count


def land_layer(
    store: LayerStore, name: str, folder: Path, *, tell: Callable[[int], None] = lambda _: None
) -> tuple[str, int]:
    """Write a layer as it is now, whatever is written to it meanwhile; version and rows.

    Raises
    ------
    LayerNotFoundError
        Where there is none.
    LayerCorruptError
        Where the file was changed by hand and is no layer any more.
    """
    with TemporaryDirectory() as held:
        copy = Path(held) / f"{name}.geojson"
        store.link(name, copy)
        written = store.last_written(name)
        version = version_of(copy, written=written)
        with opened(copy) as (_, held_lines):
            lines = held_lines
            if version != written:
                # not as the store wrote it: whoever wrote it, every line passes the gate first
                where = f"layer {name!r}"
                lines = (encode(decode(line, where=where)) for line in held_lines)
            return version, land(lines, folder, layer=name, version=version, tell=tell)


def _blocks(lines: Iterator[bytes], size: int) -> Iterator[list[bytes]]:
    while held := list(islice(lines, size)):
        yield held


class _Sink:
    """A file not yet in its place, as Arrow writes to one."""

    closed = False

    def __init__(self, draft: Replacement) -> None:
        self._draft = draft
        self._at = 0

    def write(self, part: bytes) -> int:
        """Add to the file."""
        self._draft.write(part)
        self._at += len(part)
        return len(part)

    def tell(self) -> int:
        """Say how much was written."""
        return self._at

    def flush(self) -> None:
        """Leave it to the draft."""

    def close(self) -> None:
        """Leave it to the draft."""
