"""What is a picture of? Everything that decides how it looks, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from geo.area import BBox
from geo.errors import SnapshotError
from geo.filters import Filter, Selection
from geo.snapshot.page import SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A picture asked for.

    `selection` was made with `frame` (and `set_aside`), so that its ledger counts what the
    frame shows. `as_of` is the time of the data, the only time that enters a picture.
    """

    title: str
    query: Filter
    selection: Selection
    layers: tuple[tuple[str, str], ...]
    as_of: datetime
    frame: BBox
    size: str = "slide"
    producer: str = ""
    set_aside: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.size not in SIZE:
            msg = f"size is {self.size[:40]!r}: must be one of {' '.join(SIZE)}"
            raise SnapshotError(msg)
        if self.as_of.utcoffset() is None:
            msg = f"as-of is {self.as_of}: a time of the data carries its zone"
            raise SnapshotError(msg)
