"""Which pictures are there to be had from whoever draws, and what is said of each?"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from geo.area import BBox
from geo.incident import Incident
from geo.manifest import Manifest
from geo.plain_maps import DifferenceMap, PairMap
from geo.snapshot.brief import Brief
from geo.snapshot.finding import Finding
from geo.studio.carried import write_brief, write_differences, write_incidents
from geo.studio.order import Draws, Order
from geo.versions import Difference


@dataclass(frozen=True, slots=True)
class Sheet:
    """A brief that was drawn elsewhere: what it states, and what was found when it was checked."""

    brief: Brief
    key: str
    manifest: Manifest
    findings: tuple[Finding, ...]


def sheet(brief: Brief, *, by: Draws) -> Sheet:
    """Have a brief drawn and checked; `write` has it as a file.

    Raises
    ------
    SnapshotError
        Where it cannot be drawn.
    """
    body = write_brief(brief)
    key = hashlib.sha256(body).hexdigest()
    said = by.ask(Order("sheet", {"key": key}, body)).said
    content = dict(said["manifest"])
    manifest = Manifest(content.pop("id"), content)
    return Sheet(brief, key, manifest, tuple(Finding(**found) for found in said["findings"]))


def write(drawn: Sheet, fmt: str, *, by: Draws, dpi: int | None = None) -> bytes:
    """Have one file written, as `geo.snapshot.make.write` would.

    Raises
    ------
    SnapshotError
        Where it cannot be drawn.
    """
    told = {"key": drawn.key, "fmt": fmt, "dpi": dpi}
    answer = by.ask(Order("file", told))
    if "unknown" in answer.said:
        # it was drawn too long ago
        answer = by.ask(Order("file", told, write_brief(drawn.brief)))
    return answer.data


def pair(one: Incident, other: Incident, names: tuple[str, str], *, by: Draws) -> PairMap | None:
    """Have two incidents drawn, as `geo.pair_map.draw` would.

    Raises
    ------
    SnapshotError
        Where they cannot be drawn.
    """
    answer = by.ask(Order("pair", {"names": names}, write_incidents((one, other))))
    said = dict(answer.said)
    return PairMap(answer.data, BBox(*said.pop("frame")), **said) if said else None


def differences(of: Sequence[Difference], *, by: Draws) -> DifferenceMap | None:
    """Have changed incidents drawn, as `geo.difference_map.draw` would.

    Raises
    ------
    SnapshotError
        Where they cannot be drawn.
    """
    kinds, body = write_differences(of)
    answer = by.ask(Order("differences", {"kinds": kinds}, body))
    said = dict(answer.said)
    return DifferenceMap(answer.data, BBox(*said.pop("frame")), **said) if said else None
