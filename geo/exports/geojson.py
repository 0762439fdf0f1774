"""How are incidents written as GeoJSON that imports back without loss?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from geo.errors import SnapshotError
from geo.exports.stated import ExportMeta, Row, differing, in_short, manifest_of, seal
from geo.feature import dump, to_feature
from geo.filters import Selection

_HEAD = 400


def write(selection: Selection, meta: ExportMeta) -> bytes:
    """Write a FeatureCollection, one Feature a line; the statement is its member `atlas`."""
    manifest = manifest_of(selection, meta)
    short = in_short(selection, meta, manifest)
    features = [to_feature(match.incident) for match in selection.matches]
    sealed = seal("geojson", map(_row, features), dump(short))
    stated = manifest.stated(**sealed).decode()
    head = json.dumps(short, ensure_ascii=False, allow_nan=False)[:-1]
    lines = [json.dumps(f, ensure_ascii=False, allow_nan=False) for f in features]
    text = f'{{"type":"FeatureCollection","atlas":{head}, "manifest": {stated}}},"features":[\n'
    return (text + ",\n".join(lines) + "\n]}\n").encode()


def recognises(data: bytes) -> bool:
    """Whether a file is GeoJSON."""
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"{") and b'"FeatureCollection"' in head


def manifest_text(data: bytes) -> bytes | None:
    """Manifest within a collection as JSON text, None where there is none."""
    atlas = _read(data).get("atlas")
    if not isinstance(atlas, dict) or "manifest" not in atlas:
        return None
    return dump(atlas["manifest"]).encode("utf-8", "backslashreplace")


def altered(data: bytes, written: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what is not as it was written, by what the manifest states of the file."""
    held = _read(data)
    features = held.get("features")
    if not isinstance(features, list) or set(held) != {"type", "atlas", "features"}:
        return ("document",)
    short = {name: value for name, value in held["atlas"].items() if name != "manifest"}
    rows = [_row(f if isinstance(f, dict) else {"id": "?", "is": f}) for f in features]
    return differing("geojson", rows, dump(short), written)


def _row(feature: Mapping[str, Any]) -> Row:
    return Row(str(feature.get("id", "?")), dump(feature))


def _read(data: bytes) -> dict[str, Any]:
    try:
        held = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        msg = f"GeoJSON cannot be read: {error}"
        raise SnapshotError(msg) from error
    return held if isinstance(held, dict) else {}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name given twice: programs differ in which of the two they read."""
    made = dict(pairs)
    if len(made) != len(pairs):
        msg = "a name stands twice in one object"
        raise ValueError(msg)
    return made
