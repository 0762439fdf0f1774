"""What does a person's change do to the lines of a layer, and is it still the layer they saw?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from geo.errors import LayerConflictError
from geo.feature import write_time
from geo.incident import Incident
from geo.journal import Change
from geo.layerfile import encode, fingerprint, line_id


class Edits:
    """Some incidents of a layer replaced, added or taken out.

    For each id, what makes the incident from its line as it is, None where there is none; it
    answers None to take it out.
    """

    def __init__(self, made: Mapping[str, Callable[[bytes | None], Incident | None]]) -> None:
        self.changes: list[Change] = []
        self._made = made

    def apply(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Answer with the lines as they shall be, in order of id."""
        waiting = sorted(self._made, reverse=True)
        for line in lines:
            key = line_id(line)
            while waiting and waiting[-1] < key:
                yield from self._change(waiting.pop(), None)
            if waiting and waiting[-1] == key:
                yield from self._change(waiting.pop(), line)
            else:
                yield line
        while waiting:
            yield from self._change(waiting.pop(), None)

    def _change(self, key: str, before: bytes | None) -> Iterator[bytes]:
        incident = self._made[key](before)
        after = None if incident is None else encode(incident)
        if after != before:
            written = None if after is None else after.decode()
            self.changes.append(Change(key, before.decode() if before else None, written))
        if after is not None:
            yield after


def check_expected(
    name: str, incident_id: str, current: Incident | None, expected: str | None
) -> None:
    """Refuse a change to an incident that is no longer as it was read.

    Raises
    ------
    LayerConflictError
        When someone else changed, added or removed it since.
    """
    found = fingerprint(current) if current else None
    if found == expected:
        return
    if current is None:
        msg = f"incident {incident_id!r} is no longer in layer {name!r}"
    elif expected is None:
        msg = f"incident {incident_id!r} is in layer {name!r} already: correct that one"
    else:
        who = current.recorded.by or "an import"
        when = write_time(current.recorded.updated)
        msg = f"incident {incident_id!r} was changed by {who} at {when}, after you opened it"
    raise LayerConflictError(msg)
