"""What does a file say about itself, so that it can be checked later?

The filter, the ledger, the frame, the versions, and for every incident two short hashes: of its
whole line and of its place. The ID is eight characters of the hash of all that; it is printed
in a picture, so the hash of the picture itself stands outside it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from geo import __version__, basemap
from geo.area import BBox
from geo.errors import SnapshotError
from geo.feature import canonical_line, dump, write_time
from geo.filters import Filter, Ledger, Selection
from geo.incident import Incident
from geo.params import write

SCHEMA = "incident-atlas/manifest/2"
_KEYS = frozenset(
    (
        *("schema", "id", "kind", "title", "filter", "ledger", "layers", "as_of", "frame"),
        *("set_aside", "profile", "page", "licences", "basemap", "program", "incidents"),
        *("content", "withheld"),
    )
)
_HASH_LENGTH = 12
# a text in a PNG may unpack to a megabyte before common readers refuse the picture
_MOST_NAMED = 10_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """The statement of one file."""

    id: str
    content: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Ready for `json.dumps`."""
        return {**self.content, "id": self.id}

    def stated(self, **written: Any) -> bytes:
        """Write it as JSON text with what is known of the file only once it is written."""
        held = {**self.as_json(), "file": written}
        return dump(held).encode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a file is made from: a filter over layers, each with its version.

    `as_of` is the time of the data, the only time that enters a file.
    """

    title: str
    query: Filter
    layers: tuple[tuple[str, str], ...]
    as_of: datetime


def make(
    kind: str,
    origin: Origin,
    selection: Selection,
    *,
    frame: BBox | None = None,
    set_aside: frozenset[str] = frozenset(),
    profile: str = "internal",
    page: Mapping[str, Any] | None = None,
    withheld: Mapping[str, int] | None = None,
) -> Manifest:
    """State what a file holds.

    Parameters
    ----------
    kind
        snapshot or export.
    selection
        What matched, made with `frame` and `set_aside` from incidents fit for `profile`.
    page
        How it is drawn; not compared when the data are.
    withheld
        How many incidents the profile kept back before anything was selected, by reason.
    """
    edges = ("west", "south", "east", "north")
    content = {
        "schema": SCHEMA,
        "kind": kind,
        "title": origin.title,
        "filter": write(origin.query),
        "ledger": written_ledger(selection.ledger),
        "layers": [
            # the version is a hash of every true place: the public learns none of it
            {"name": name, "version": "" if profile == "public" else version}
            for name, version in origin.layers
        ],
        "as_of": write_time(origin.as_of),
        "frame": [getattr(frame, edge) for edge in edges] if frame else None,
        "set_aside": sorted(set_aside),
        "profile": profile,
        "page": dict(page or {}),
        "licences": sorted({i.licence for i in selection.incidents if i.licence}),
        "basemap": basemap.version(),
        "program": f"Incident Atlas {__version__}",
        "incidents": hashes(selection.incidents, profile=profile),
        "content": content_hash(selection.incidents, profile=profile),
        "withheld": dict(withheld or {}),
    }
    return Manifest(identity(content), content)


def identity(content: Mapping[str, Any]) -> str:
    """Eight characters that name a manifest's content; no 0, 1, 8 or 9 to misread."""
    rest = {name: value for name, value in content.items() if name not in ("id", "file")}
    digest = hashlib.sha256(dump(rest).encode("utf-8", "backslashreplace")).digest()
    return base64.b32encode(digest)[:8].decode()


def written_ledger(ledger: Ledger) -> dict[str, Any]:
    """Write the ledger without the counts that only suggest."""
    written = asdict(ledger)
    del written["would_return"]
    return written


def hashes(incidents: Iterable[Incident], *, profile: str = "internal") -> dict[str, list[str]]:
    """Two short hashes an incident: of its canonical line, and of its place alone.

    The public learns neither: a hash of a place lets whoever guesses it know that it is right.
    Of very many incidents there is one hash of all, or readers would refuse the file.
    """
    incidents = tuple(incidents)
    if _as_one(incidents, profile):
        return {}
    return {i.id: [_short(canonical_line(i)), _short(_place(i))] for i in incidents}


def content_hash(incidents: Iterable[Incident], *, profile: str) -> str:
    """One hash of everything that is shown, which gives away no more than what is shown.

    Empty where each incident has its own.
    """
    incidents = tuple(incidents)
    if not _as_one(incidents, profile):
        return ""
    lines = "\n".join(canonical_line(i) for i in incidents)
    return hashlib.sha256(lines.encode("utf-8", "backslashreplace")).hexdigest()


def _as_one(incidents: tuple[Incident, ...], profile: str) -> bool:
    return profile == "public" or len(incidents) > _MOST_NAMED


def frame_in(content: Mapping[str, Any]) -> BBox | None:
    """Frame that a manifest states."""
    edges = content["frame"]
    return None if edges is None else BBox(*(float(edge) for edge in edges))


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
    if content["kind"] == "snapshot" and content["frame"] is None:
        msg = "manifest of a snapshot has no frame"
        raise SnapshotError(msg)
    layers = content["layers"]
    if not isinstance(layers, list) or not all(
        isinstance(layer, dict)
        and isinstance(layer.get("name"), str)
        and isinstance(layer.get("version"), str)
        for layer in layers
    ):
        msg = "manifest layers must be names with versions"
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
