"""Does a file still show what its layers hold, and is it as it was made?

It proves sameness with the layers, not who made the file. Each kind of file has a module that
recognises it, finds the manifest in it, and names the parts that are not as they were written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

from geo import basemap
from geo.errors import AtlasError, SnapshotError
from geo.exports import csvw, geojson, geoparquet, gpkg, gpx, kml, xlsx
from geo.manifest import check_shape, content_hash, frame_in, hashes, identity, written_ledger
from geo.params import read
from geo.snapshot.files import docx, html, pdf, png, pptx, svg
from geo.store import Layer
from geo.together import together

_MOST_NAMES, _MOST_NAME = 5, 64
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


def verify(data: bytes, layers: Sequence[Layer], *, beside: bytes | None = None) -> Verdict:
    """Compare a file with its own manifest, and that with the layers of today.

    Parameters
    ----------
    data
        The file.
    layers
        All layers the file was made from; another version than the file's own is told in `parts`.
    beside
        For CSV, which holds rows alone: the metadata file beside it.

    Raises
    ------
    SnapshotError
        When the file is of several layers and these are others, or the other way round.
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
    _check_same_layers(content, layers)
    try:
        return _compared(content, layers, tuple(broken))
    except (AtlasError, ValueError, TypeError, AttributeError):
        # the ID fits, yet the content is none of ours
        return Verdict("altered", stated, parts=("manifest",))


def verify_content(content: Mapping[str, Any], layers: Sequence[Layer]) -> Verdict:
    """Compare a recorded manifest with the layers of today, where the file itself is lost.

    Raises
    ------
    SnapshotError
        When it is no manifest of ours, or one of other layers.
    """
    check_shape(content)
    _check_same_layers(content, layers)
    return _compared(content, layers, ())


def _check_same_layers(content: Mapping[str, Any], layers: Sequence[Layer]) -> None:
    """Refuse other layers than the file's: its incidents are called after them.

    Of one layer the name is free: incidents keep their own, and it may have been renamed.
    """
    stated = [layer["name"] for layer in content["layers"]]
    given = [layer.name for layer in layers]
    if len(set(stated)) <= 1 and len(set(given)) == 1:
        return
    of = f"file is of {_listed(stated)}"
    missing = [name for name in stated if name not in given]
    if missing:
        msg = f"{of}: {_listed(missing)} is missing, and it is checked against all of them"
        raise SnapshotError(msg)
    strange = [name for name in given if name not in stated]
    if strange:
        msg = f"{of}: {_listed(strange)} is none of them, and it is checked against those alone"
        raise SnapshotError(msg)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return " + ".join(repr(name[:_MOST_NAME]) for name in names[:_MOST_NAMES]) + more


def _compared(
    content: Mapping[str, Any], layers: Sequence[Layer], broken: tuple[str, ...]
) -> Verdict:
    then: Mapping[str, list[str]] = content["incidents"]
    # what was made fit for others is compared with what would be made fit today
    profile = content["profile"]
    whole = together(layers, profile)
    selection = whole.select(
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
    if content["withheld"] and content["withheld"] != dict(whole.taken.withheld):
        parts.append("withheld")
    if content["basemap"] != basemap.version():
        parts.append("base map")
    changed = bool(added or revised or moved or withdrawn or parts)
    stated = {layer["version"] for layer in content["layers"]}
    # the public is told no version
    if profile != "public" and any(layer.version not in stated for layer in layers):
        parts.append("layer version")
    result: Result = "altered" if broken else "data_changed" if changed else "same"
    return Verdict(result, content["id"], added, revised, moved, withdrawn, (*broken, *parts))


def _reader(data: bytes) -> ModuleType | None:
    """Find the module that knows this kind of file."""
    return next((reader for reader in _READERS if reader.recognises(data)), None)
