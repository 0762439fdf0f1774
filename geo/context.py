"""Which own offices, routes and areas of responsibility are kept, and what lies around them?

A context layer is a GeoJSON file of any geometry in the folder `context` beside the layers. It
holds no incidents. A filter by distance takes its shapes along (`geo.around`), so that a picture
can be made again after the context layer has changed.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import shapely

from geo.around import MAX_KM, MAX_POSITIONS, Around, Line, unwound, write_around
from geo.corridor import cut
from geo.durable import Replacement, locked
from geo.errors import ContextError, FilterError, GeoJSONError
from geo.feature import dump
from geo.geojson import parse
from geo.strictjson import Limits

Style = Literal["solid", "dashed", "dotted"]
STYLES: tuple[Style, ...] = get_args(Style)
LIMITS = Limits(bytes=20_000_000, features=5_000, vertices=200_000)
NEAR = "near-context"
_MEMBER = "incident_atlas_context"
_FOLDER = "context"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])\Z")
_TEXT = 300
_WAIT = 10.0
# of the distance asked for: a shape may be that much off, so that a filter keeps to 1 %
_TOLERANCE = 0.003
_KM_A_DEGREE = 111.32
_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """A context layer: Features of any geometry, how they are drawn, and whose they are."""

    name: str
    title: str
    features: tuple[Mapping[str, Any], ...]
    style: Style = "solid"
    source: str = ""
    licence: str = ""

    def __post_init__(self) -> None:
        if not _NAME.match(self.name) or _DEVICES.match(self.name):
            msg = f"context name is {self.name[:80]!r}: must be a-z, 0-9, - and _, at most 64"
            raise ContextError(msg)
        for field in ("title", "source", "licence"):
            text = getattr(self, field)
            if len(text) > _TEXT or not text.isprintable():
                msg = f"context {field} is {text[:40]!r}: must be one line, at most {_TEXT} long"
                raise ContextError(msg)
        if self.style not in STYLES:
            msg = f"context style is {self.style!r}: must be one of {' '.join(STYLES)}"
            raise ContextError(msg)

    @property
    def version(self) -> str:
        """Hash of all that is written of it."""
        return hashlib.sha256(encode(self)).hexdigest()


def decode(raw: bytes, *, name: str) -> Overlay:
    """Read a context layer, or any GeoJSON as one, through the gate.

    Raises
    ------
    GeoJSONError
        Where it is no valid GeoJSON or over the limits.
    ContextError
        Where what it says of itself cannot be kept, or it has no shape.
    """
    collection = parse(raw, limits=LIMITS)
    said = collection.members.get(_MEMBER)
    held = said if isinstance(said, dict) else {}
    features = tuple(
        {"type": "Feature", "geometry": f["geometry"], "properties": f.get("properties") or {}}
        for f in collection.features
    )
    if all(feature["geometry"] is None for feature in features):
        msg = f"context layer {name[:80]!r} has no point, line or area in it"
        raise ContextError(msg)
    return Overlay(
        name=name,
        title=str(held.get("title") or name.replace("-", " ").capitalize()),
        features=features,
        style=held.get("style", "solid"),
        source=str(held.get("source", "")),
        licence=str(held.get("licence", "")),
    )


def from_features(features: Iterable[Mapping[str, Any]], *, name: str) -> Overlay:
    """Make a context layer of Features, such as those of a vector file, through the gate.

    Raises
    ------
    GeoJSONError, ContextError
        As `decode`.
    """
    held = [dict(feature) for feature in features]
    return decode(dump({"type": "FeatureCollection", "features": held}).encode(), name=name)


def encode(overlay: Overlay) -> bytes:
    """Write a context layer as GeoJSON, one Feature a line."""
    about = {
        "title": overlay.title,
        "style": overlay.style,
        "source": overlay.source,
        "licence": overlay.licence,
    }
    lines = ",\n".join(dump(feature) for feature in overlay.features)
    head = f'{{"type":"FeatureCollection","{_MEMBER}":{dump(about)},"features":[\n'
    return f"{head}{lines}\n]}}\n".encode()


def names(layers: Path) -> tuple[str, ...]:
    """Names of the context layers beside a folder of layers."""
    found = (path.stem for path in (layers / _FOLDER).glob("*.geojson"))
    return tuple(sorted(name for name in found if _NAME.match(name)))


def load(layers: Path, name: str) -> Overlay:
    """Read a context layer.

    Raises
    ------
    ContextError
        Where there is none of that name, or its file is damaged.
    """
    path = _path(layers, name)
    if path.is_symlink() or not path.is_file():
        known = ", ".join(names(layers)) or "none"
        msg = f"context layer {name[:80]!r} does not exist: there are {known}"
        raise ContextError(msg)
    try:
        return decode(path.read_bytes(), name=name)
    except GeoJSONError as error:
        msg = f"context layer {name!r} is damaged: {error}"
        raise ContextError(msg) from error


def save(layers: Path, overlay: Overlay) -> str:
    """Keep a context layer, in place of one of the same name; answers with its version.

    Raises
    ------
    LayerError
        Where the disk does not take it.
    """
    path = _path(layers, overlay.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path, timeout=_WAIT), Replacement(path) as new:
        new.write(encode(overlay))
        version = new.seal()
        new.publish()
    return version


def _path(layers: Path, name: str) -> Path:
    if not _NAME.match(name) or _DEVICES.match(name):
        msg = f"context name is {name[:80]!r}: must be a-z, 0-9, - and _, at most 64"
        raise ContextError(msg)
    return layers / _FOLDER / f"{name}.geojson"


def around(overlay: Overlay, km: float) -> Around:
    """Give all places within a distance of a context layer; 0 km is within its areas.

    Raises
    ------
    FilterError
        Where the distance means nothing, or the shapes are too fine to be a filter.
    """
    if not (math.isfinite(km) and 0 <= km <= MAX_KM):
        msg = f"{NEAR} distance is {km!r} km: must be 0 to {MAX_KM:g}"
        raise FilterError(msg)
    shapes = [shapely.geometry.shape(f["geometry"]) for f in overlay.features if f["geometry"]]
    parts = [part for shape in shapes for part in _flat(shape)]
    ground = shapely.union_all([s for p in parts if p.geom_type == "Polygon" for s in _areas(p)])
    coarse = km * _TOLERANCE / _KM_A_DEGREE
    # on the grid of what is written, so that a shape stays one that does not cross itself
    ground = shapely.set_precision(shapely.simplify(ground, coarse), 10**-_DIGITS)
    areas = [part for part in _flat(ground) if part.area > 0]
    made = (
        tuple(dict.fromkeys(_line(p)[0] for p in parts if p.geom_type == "Point")),
        tuple(_line(shapely.simplify(p, coarse)) for p in parts if p.geom_type == "LineString"),
        tuple(tuple(map(_line, (a.exterior, *a.interiors))) for a in areas),
    )
    count = len(made[0]) + sum(map(len, made[1])) + sum(len(r) for a in made[2] for r in a)
    if count > MAX_POSITIONS:
        msg = (
            f"context layer {overlay.name!r} has {count:,} positions at {km:g} km: a filter takes "
            f"{MAX_POSITIONS:,}; simplify its shapes, or ask for a greater distance"
        )
        raise FilterError(msg)
    return Around(f"{overlay.name}@{overlay.version[:12]}", km, *made)


def resolve(params: Mapping[str, Sequence[str]], layers: Path) -> dict[str, list[str]]:
    """Replace `near-context` NAME,KM by the filter `around` that holds the shapes.

    Raises
    ------
    FilterError, ContextError
        Where it means nothing, or the context layer does not exist.
    """
    asked = [text for text in params.get(NEAR, ()) if text.strip()]
    rest = {name: list(values) for name, values in params.items() if name != NEAR}
    if not asked:
        return rest
    if len(asked) > 1 or rest.get("around"):
        msg = f"filter {NEAR} is given {len(asked)} times or beside around: it takes one value"
        raise FilterError(msg)
    name, _, km = asked[0].partition(",")
    if not re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,6})?", km.strip()):
        msg = f"filter {NEAR} is {asked[0][:60]!r}: must be NAME,KM"
        raise FilterError(msg)
    area = around(load(layers, name.strip()), float(km))
    return {**rest, "around": [write_around(area)]}


def _flat(shape: Any) -> list[Any]:
    """Points, lines and polygons within a geometry, however deep."""
    parts = shapely.get_parts(shape)
    return [
        p
        for part in parts
        for p in (_flat(part) if part.geom_type.startswith(("Multi", "Geom")) else [part])
    ]


def _areas(polygon: Any) -> list[Any]:
    """Parts of an area within 180 degrees; one that crosses the meridian is cut there."""
    rings = [polygon.exterior, *polygon.interiors]
    turned = []
    for ring in rings:
        spots = np.array(ring.coords)[:, :2]
        turned.append(np.column_stack((unwound(spots[:, 0]), spots[:, 1])))
    whole = shapely.Polygon(turned[0], turned[1:])
    return cut(whole if whole.is_valid else polygon)


def _line(shape: Any) -> Line:
    return tuple((round(x, _DIGITS), round(y, _DIGITS)) for x, y in np.array(shape.coords)[:, :2])
