"""Does a file still show what the layer holds, and is it as it was made?

It proves sameness with the layer, not who made the file. Each kind of file has a module that
recognises it, finds the manifest in it, and names the parts that are not as they were written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

from geo import basemap
from geo.errors import AtlasError, SnapshotError
from geo.exports import csvw, geojson, geoparquet, gpkg, gpx, kml, xlsx
from geo.filters import select
from geo.incident import Incident
from geo.manifest import check_shape, content_hash, frame_in, hashes, identity, written_ledger
from geo.params import read
from geo.profile import fit
from geo.snapshot.files import docx, html, pdf, png, pptx, svg

Result = Literal["same", "data_changed", "altered", "no_manifest"]
# asked in this order; each offers recognises, manifest_text and altered
_READERS: tuple[ModuleType, ...] = (
    # JSON first: a title within it may look like the beginning of any other
    *(csvw, geojson),
    *(png, html, svg, pdf),
    *(pptx, docx),
    *(kml, gpx, xlsx, gpkg, geoparquet),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a file and its data.

    `moved` has the incidents whose place changed, `revised` those changed in other ways.
    `parts` names what differs beside incidents: picture, manifest, ledger, base map, a row.
    """

    result: Result
    id: str = ""
    added: tuple[str, ...] = ()
    revised: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


def verify(
    data: bytes, incidents: Iterable[Incident], *, version: str, beside: bytes | None = None
) -> Verdict:
    """Compare a file with its own manifest, and that with the incidents of today.

    Parameters
    ----------
    data
        The file.
    incidents
        All incidents of the layer the file was made from.
    version
        That layer's version; another than the file's own is told in `parts`.
    beside
        For CSV, which holds rows alone: the metadata file beside it.
    """
    if beside is not None:
        data = csvw.joined(data, beside)
    reader = _reader(data)
    if reader is None:
        return Verdict("no_manifest")
    try:
        text = reader.manifest_text(data)
        if text is None:
            return Verdict("no_manifest")
        content = check_shape(json.loads(text))
    except (SnapshotError, ValueError, RecursionError):
        return Verdict("altered", parts=("manifest",))
    stated = content["id"] if isinstance(content["id"], str) else ""
    broken = []
    if identity(content) != stated:
        broken.append("manifest")
    written = content.get("file")
    broken += reader.altered(data, written) if isinstance(written, dict) else ["manifest"]
    if "manifest" in broken:
        return Verdict("altered", stated, parts=tuple(broken))
    try:
        return _compared(content, incidents, tuple(broken), version)
    except (AtlasError, ValueError, TypeError, AttributeError):
        # the ID fits, yet the content is none of ours
        return Verdict("altered", stated, parts=("manifest",))


def verify_content(
    content: Mapping[str, Any], incidents: Iterable[Incident], *, version: str
) -> Verdict:
    """Compare a recorded manifest with the incidents of today, where the file itself is lost.

    Raises
    ------
    SnapshotError
        When it is no manifest of ours.
    """
    return _compared(check_shape(content), incidents, (), version)


def _compared(
    content: Mapping[str, Any], incidents: Iterable[Incident], broken: tuple[str, ...], version: str
) -> Verdict:
    then: Mapping[str, list[str]] = content["incidents"]
    # what was made fit for others is compared with what would be made fit today
    profile = content["profile"]
    fitted = fit(incidents, profile)
    selection = select(
        fitted.incidents,
        read(content["filter"]),
        frame=frame_in(content),
        set_aside=frozenset(content["set_aside"]),
    )
    now = hashes(selection.incidents, profile=profile)
    if bool(then) != bool(now) and (content["content"] or not now) and selection.incidents:
        # what had one hash for all, or has one now, cannot be compared by name
        then, now = {}, {}
    both = [name for name in now if name in then]
    moved = tuple(name for name in both if now[name][1] != then[name][1])
    revised = tuple(
        name for name in both if now[name][0] != then[name][0] and name not in set(moved)
    )
    added = tuple(name for name in now if name not in then)
    withdrawn = tuple(name for name in then if name not in now)
    parts = []
    if written_ledger(selection.ledger) != content["ledger"]:
        parts.append("ledger")
    if content_hash(selection.incidents, profile=profile) != content["content"]:
        parts.append("incidents")
    if content["withheld"] and content["withheld"] != dict(fitted.withheld):
        parts.append("withheld")
    if content["basemap"] != basemap.version():
        parts.append("base map")
    changed = bool(added or revised or moved or withdrawn or parts)
    stated = [layer.get("version") for layer in content["layers"]]
    # the public is told no version
    if version not in stated and profile != "public":
        parts.append("layer version")
    result: Result = "altered" if broken else "data_changed" if changed else "same"
    return Verdict(result, content["id"], added, revised, moved, withdrawn, (*broken, *parts))


def _reader(data: bytes) -> ModuleType | None:
    """Find the module that knows this kind of file."""
    return next((reader for reader in _READERS if reader.recognises(data)), None)
