"""Does a picture still show what the layer holds, and is it as it was made?

It proves sameness with the layer, not who made the picture.
"""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from PIL import Image, UnidentifiedImageError

from geo import basemap
from geo.errors import AtlasError, SnapshotError
from geo.filters import select
from geo.incident import Incident
from geo.params import read
from geo.snapshot.files import PNG_SIGNATURE, manifest_text, pixel_hash, text_hash
from geo.snapshot.manifest import check_shape, frame_in, hashes, identity, written_ledger

Result = Literal["same", "data_changed", "altered", "no_manifest"]
_MOST_PIXELS = 40_000_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a picture and its data.

    `moved` has the incidents whose place changed, `revised` those changed in other ways.
    `parts` names what differs beside incidents: picture, manifest, ledger, base map.
    """

    result: Result
    id: str = ""
    added: tuple[str, ...] = ()
    revised: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


def verify(data: bytes, incidents: Iterable[Incident], *, version: str) -> Verdict:
    """Compare a PNG or SVG with its own manifest, and that with the incidents of today.

    Parameters
    ----------
    data
        The file.
    incidents
        All incidents of the layer the picture was made from.
    version
        That layer's version; another than the picture's own is told in `parts`.
    """
    try:
        text = manifest_text(data)
        if text is None:
            return Verdict("no_manifest")
        content = check_shape(json.loads(text))
    except (SnapshotError, ValueError, RecursionError):
        return Verdict("altered", parts=("manifest",))
    stated = content["id"] if isinstance(content["id"], str) else ""
    broken = []
    if identity(content) != stated:
        broken.append("manifest")
    if not _picture_fits(data, content):
        broken.append("picture")
    if "manifest" in broken:
        return Verdict("altered", stated, parts=tuple(broken))
    try:
        return _compared(content, incidents, tuple(broken), version)
    except (AtlasError, ValueError, TypeError, AttributeError):
        # the ID fits, yet the content is none of ours
        return Verdict("altered", stated, parts=("manifest",))


def _compared(
    content: Mapping[str, Any], incidents: Iterable[Incident], broken: tuple[str, ...], version: str
) -> Verdict:
    then: Mapping[str, list[str]] = content["incidents"]
    selection = select(
        incidents,
        read(content["filter"]),
        frame=frame_in(content),
        set_aside=frozenset(content["set_aside"]),
    )
    now = hashes(selection.incidents)
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
    if content["basemap"] != basemap.version():
        parts.append("base map")
    changed = bool(added or revised or moved or withdrawn or parts)
    if all(layer.get("version") != version for layer in content["layers"]):
        parts.append("layer version")
    result: Result = "altered" if broken else "data_changed" if changed else "same"
    return Verdict(result, content["id"], added, revised, moved, withdrawn, (*broken, *parts))


def _picture_fits(data: bytes, content: Mapping[str, Any]) -> bool:
    picture = content.get("picture")
    if not isinstance(picture, dict):
        return False
    if not data.startswith(PNG_SIGNATURE):
        return picture.get("format") == "svg" and picture.get("sha256") == text_hash(data)
    pixels = _pixels(data)
    return pixels is not None and picture.get("sha256") == pixel_hash(pixels)


def _pixels(data: bytes) -> np.ndarray | None:
    """Decode a PNG; None where it cannot be one of ours."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
                if image.mode != "RGB" or image.width * image.height > _MOST_PIXELS:
                    return None
                return np.asarray(image)
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        return None
