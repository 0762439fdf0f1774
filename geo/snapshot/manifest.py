"""What does a picture say about itself, so that it can be checked later?

The filter, the ledger, the frame, the versions, and for every incident two short hashes: of its
whole line and of its place. The ID is eight characters of the hash of all that; it is printed
in the picture, so the hash of the picture itself stands outside it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from geo import __version__, basemap
from geo.area import BBox
from geo.errors import SnapshotError
from geo.feature import canonical_line, dump, write_time
from geo.filters import Ledger
from geo.incident import Incident
from geo.params import write
from geo.snapshot.brief import Brief

SCHEMA = "incident-atlas/manifest/1"
_KEYS = frozenset(
    (
        *("schema", "id", "title", "size", "filter", "ledger", "layers", "as_of", "frame"),
        *("set_aside", "producer", "licences", "basemap", "program", "incidents"),
    )
)
_HASH_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Manifest:
    """The statement of one picture."""

    id: str
    content: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Ready for `json.dumps`."""
        return {**self.content, "id": self.id}


def manifest_of(brief: Brief) -> Manifest:
    """State what a brief's picture holds."""
    content = {
        "schema": SCHEMA,
        "title": brief.title,
        "size": brief.size,
        "filter": write(brief.query),
        "ledger": written_ledger(brief.selection.ledger),
        "layers": [{"name": name, "version": version} for name, version in brief.layers],
        "as_of": write_time(brief.as_of),
        "frame": [getattr(brief.frame, edge) for edge in ("west", "south", "east", "north")],
        "set_aside": sorted(brief.set_aside),
        "producer": brief.producer,
        "licences": sorted({i.licence for i in brief.selection.incidents if i.licence}),
        "basemap": basemap.version(),
        "program": f"Incident Atlas {__version__}",
        "incidents": hashes(brief.selection.incidents),
    }
    return Manifest(identity(content), content)


def identity(content: Mapping[str, Any]) -> str:
    """Eight characters that name a manifest's content; no 0, 1, 8 or 9 to misread."""
    rest = {name: value for name, value in content.items() if name not in ("id", "picture")}
    digest = hashlib.sha256(dump(rest).encode("utf-8", "backslashreplace")).digest()
    return base64.b32encode(digest)[:8].decode()


def written_ledger(ledger: Ledger) -> dict[str, Any]:
    """Write the ledger without the counts that only suggest."""
    written = asdict(ledger)
    del written["would_return"]
    return written


def hashes(incidents: Iterable[Incident]) -> dict[str, list[str]]:
    """Two short hashes an incident: of its canonical line, and of its place alone."""
    return {i.id: [_short(canonical_line(i)), _short(_place(i))] for i in incidents}


def frame_in(content: Mapping[str, Any]) -> BBox:
    """Frame that a manifest states."""
    return BBox(*(float(edge) for edge in content["frame"]))


def check_shape(content: Any) -> Mapping[str, Any]:
    """Refuse what cannot be a manifest of ours.

    Raises
    ------
    SnapshotError
        Naming what is wrong with it.
    """
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        msg = f"manifest schema must be {SCHEMA!r}"
        raise SnapshotError(msg)
    missing = _KEYS - content.keys()
    if missing:
        msg = f"manifest has no {', '.join(sorted(missing))}"
        raise SnapshotError(msg)
    pairs = content["incidents"]
    if not isinstance(pairs, dict) or not all(
        isinstance(pair, list) and len(pair) == 2 for pair in pairs.values()
    ):
        msg = "manifest incidents must be two hashes by id"
        raise SnapshotError(msg)
    return content


def _place(incident: Incident) -> str:
    sites = [(s.name, asdict(s.point) if s.point else None, s.radius_km) for s in incident.sites]
    point = asdict(incident.point) if incident.point else None
    return dump([point, incident.precision, incident.radius_km, sites])


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:_HASH_LENGTH]
