"""Which few of very many incidents stand for all of them on a map?

Those whose ids have the smallest hashes: chosen by chance, spread over the whole file, and the
same again for the same file.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import count

from geo.incident import Incident
from geo.layerfile import Written, encode

MOST = 5_000


class Sample:
    """At most `most` of the incidents that went by."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._heap: list[tuple[int, int, Incident | Written]] = []
        self._order = count()

    def watch(self, incidents: Iterable[Incident | Written]) -> Iterator[Incident | Written]:
        """Let incidents through and keep some."""
        for incident in incidents:
            # the largest hash lies on top, to be thrown out first
            mark = -int.from_bytes(blake2b(incident.id.encode(), digest_size=8).digest())
            if len(self._heap) < self._most:
                heapq.heappush(self._heap, (mark, next(self._order), incident))
            elif mark > self._heap[0][0]:
                heapq.heapreplace(self._heap, (mark, next(self._order), incident))
            yield incident

    def lines(self) -> list[bytes]:
        """Write those that were kept, in the order they came in."""
        return [encode(one) for _, _, one in sorted(self._heap, key=lambda kept: kept[1])]
