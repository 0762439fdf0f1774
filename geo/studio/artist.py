"""What does the process do that draws the pictures of the pages?

    python -m geo.studio.artist

It draws what its input orders, one after the other, and ends when its input does, whatever it is
at. The last briefs stay drawn, so that another format of one is only written.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any

from geo import difference_map, pair_map
from geo.errors import AtlasError
from geo.plain_maps import DifferenceMap, PairMap
from geo.processes import answering, bound_memory, step_back
from geo.snapshot.make import Made, make, write
from geo.studio.carried import edges, read_brief, read_differences, read_incidents
from geo.studio.order import Answer, Order, receive, send

_HELD = 3
_ROOM = 3_000_000_000
# behind whoever looks at a map, before an import
_BACK = 5


class Artist:
    """Draws, and holds what it drew last."""

    def __init__(self) -> None:
        self._made: dict[str, Made] = {}

    def ask(self, order: Order) -> Answer:
        """Draw what is ordered; a brief that is named but not held is said to be unknown."""
        told, body = order.told, order.body
        if order.work == "pair":
            one, other = read_incidents(body)
            if one is None or other is None:
                return Answer()
            return _said(pair_map.draw(one, other, (told["names"][0], told["names"][1])))
        if order.work == "differences":
            return _said(difference_map.draw(read_differences(told["kinds"], body)))
        made = self._find(told["key"], body)
        if made is None:
            return Answer({"unknown": True})
        if order.work == "file":
            return Answer(data=write(made, told["fmt"], dpi=told["dpi"]))
        found = [asdict(finding) for finding in made.findings]
        return Answer({"manifest": made.drawn.manifest.as_json(), "findings": found})

    def forget(self) -> None:
        """Let go of what is held."""
        self._made.clear()

    def _find(self, key: str, body: bytes) -> Made | None:
        made = self._made.pop(key, None)
        if made is None and body:
            # make room before another is drawn
            while len(self._made) >= _HELD:
                del self._made[next(iter(self._made))]
            made = make(read_brief(body))
        if made is not None:
            self._made[key] = made
        return made


def _said(picture: PairMap | DifferenceMap | None) -> Answer:
    if picture is None:
        return Answer()
    said = asdict(picture) | {"frame": edges(picture.frame)}
    return Answer(said, said.pop("png"))


def serve(orders: IO[bytes], out: IO[bytes]) -> None:
    """Draw every order, and say of one that cannot be drawn why."""
    artist = Artist()
    waiting: SimpleQueue[tuple[dict[str, Any], bytes]] = SimpleQueue()
    Thread(target=partial(_listen, orders, waiting), daemon=True).start()
    while True:
        head, body = waiting.get()
        answer = _answer(artist, head, body)
        send(out, answer.said, answer.data)


def _answer(artist: Artist, head: Mapping[str, Any], body: bytes) -> Answer:
    try:
        return artist.ask(Order(head["work"], head["told"], body))
    except AtlasError as error:
        return Answer({"error": str(error)})
    except MemoryError:
        artist.forget()
        most = f"{_ROOM // 1_000_000:,} MB of memory"
        return Answer({"error": f"the picture needs more than the {most} one picture may take"})


def _listen(orders: IO[bytes], waiting: SimpleQueue[tuple[dict[str, Any], bytes]]) -> None:
    while (order := receive(orders)) is not None:
        waiting.put(order)
    # whoever ordered is gone, and with them whoever would look at what is being drawn
    os._exit(0)


def main() -> None:
    """Draw through the pipes of this process."""
    step_back(_BACK)
    bound_memory(_ROOM)
    with answering() as out:
        serve(sys.stdin.buffer, out)


if __name__ == "__main__":
    main()
