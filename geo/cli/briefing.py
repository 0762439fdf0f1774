"""How are briefings made and checked from a terminal?"""

from __future__ import annotations

import argparse
from pathlib import Path

from geo.cli.common import as_of, filter_of, layer_of, print_json, write_file
from geo.filters import select
from geo.params import read_bbox
from geo.profile import fit
from geo.snapshot import Brief, House, draw, frame_for, manifest_of
from geo.snapshot.language import language
from geo.verify import verify


def snapshot(options: argparse.Namespace) -> int:
    """Draw the matched incidents as a picture for a briefing."""
    out, fmt = options.out
    layer, asked = layer_of(options), filter_of(options)
    fitted = fit(layer.incidents, options.profile)
    found = select(fitted.incidents, asked)
    frame = read_bbox(options.frame) if options.frame else frame_for(found.matches)
    brief = Brief(
        title=options.title or layer.meta.title or layer.name,
        query=asked,
        selection=select(fitted.incidents, asked, frame=frame),
        layers=((layer.name, fitted.version(layer.version)),),
        as_of=as_of(options, layer),
        frame=frame,
        size=options.size,
        house=House(producer=options.producer),
        profile=fitted.profile,
        notes=fitted.notes(language("en").say),
        withheld=fitted.withheld,
    )
    write_file(out, draw(brief, fmt=fmt, dpi=options.dpi))
    print(f"{out}: {found.ledger.matched:,} incidents, ID {manifest_of(brief).id}")
    return 0


def verify_(options: argparse.Namespace) -> int:
    """Say whether a file still shows what the layer holds."""
    layer = layer_of(options)
    path = Path(options.file)
    # a table holds rows alone: what it is stands in the file beside it
    metadata = path.with_name(f"{path.name}-metadata.json")
    beside = path.suffix.lower() == ".csv" and metadata.is_file()
    verdict = verify(
        path.read_bytes(),
        layer.incidents,
        version=layer.version,
        beside=metadata.read_bytes() if beside else None,
    )
    parts = ("added", "revised", "moved", "withdrawn", "parts")
    shown = {name: list(getattr(verdict, name)) for name in parts}
    if options.json:
        print_json({"result": verdict.result, "id": verdict.id, **shown})
    else:
        print(f"{verdict.result.replace('_', ' ')} (ID {verdict.id or 'none'})")
        for name, ids in shown.items():
            if ids:
                print(f"  {name}: {', '.join(ids)}")
        print("  Proves sameness with the layer, not who made the file.")
    return 0 if verdict.result == "same" else 1
