"""How are own offices, routes and areas kept and listed from a terminal?

python -m geo context [--json]
python -m geo context NAME FILE [--title T] [--style dashed] [--source S] [--licence L]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from geo.cli.shared import json_option, print_json
from geo.context import LIMITS, NEAR, STYLES, Overlay, decode, from_features, load, names, save
from geo.errors import ContextError
from geo.settings import layers_folder
from geo.sources.vector import opened

_JSON = (".geojson", ".json")


def commands(
    add: Callable[[str, Callable[[argparse.Namespace], int]], argparse.ArgumentParser],
) -> None:
    """Offer the command."""
    made = add("context", _context)
    made.add_argument("name", nargs="?", help="a-z, 0-9, - and _")
    made.add_argument("file", nargs="?", help="GeoJSON, or any vector file that is imported")
    made.add_argument("--title", default="")
    made.add_argument("--style", choices=STYLES, default="", help="default: as the file says")
    made.add_argument("--source", default="", help="whose shapes they are")
    made.add_argument("--licence", default="")
    json_option(made)


def _context(options: argparse.Namespace) -> int:
    """List the context layers, or keep a file as one."""
    if not options.name:
        return _list(options)
    if not options.file:
        msg = f"context {options.name[:80]!r} is given without a file: NAME FILE keeps one"
        raise ContextError(msg)
    said = {name: getattr(options, name) for name in ("title", "style", "source", "licence")}
    overlay = replace(
        _read(Path(options.file), options.name),
        **{name: value for name, value in said.items() if value},
    )
    version = save(layers_folder(), overlay)
    row = {"name": overlay.name, "version": version, "features": len(overlay.features)}
    if options.json:
        return print_json(row)
    print(f"{overlay.name}: {row['features']:,} shapes; filter by --{NEAR} {overlay.name},KM")
    return 0


def _read(path: Path, name: str) -> Overlay:
    if path.suffix.lower() in _JSON:
        size = path.stat().st_size
        if size > LIMITS.bytes:
            msg = f"{path.name} has {size:,} bytes: a context layer takes {LIMITS.bytes:,}"
            raise ContextError(msg)
        return decode(path.read_bytes(), name=name)
    with opened(path) as vector:
        features: list[dict[str, Any]] = []
        for shape in vector.shapes():
            if shape.fault:
                msg = f"{path.name}, shape {len(features) + 1}: {shape.fault}"
                raise ContextError(msg)
            features.append(shape.feature)
            if len(features) > LIMITS.features:
                msg = f"{path.name} has more than {LIMITS.features:,} shapes: no more are kept"
                raise ContextError(msg)
    return from_features(features, name=name)


def _list(options: argparse.Namespace) -> int:
    overlays = [load(layers_folder(), name) for name in names(layers_folder())]
    if options.json:
        return print_json(
            [
                {
                    "name": o.name,
                    "title": o.title,
                    "style": o.style,
                    "features": len(o.features),
                    "source": o.source,
                    "licence": o.licence,
                    "version": o.version,
                }
                for o in overlays
            ]
        )
    for o in overlays:
        print(f"{o.name}: {len(o.features):,} shapes — {o.title}")
    if not overlays:
        print("No context layer: `python -m geo context NAME FILE` keeps one.")
    return 0
