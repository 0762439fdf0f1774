"""How does the demo chronology become the layer that ships?

    python -m data.demo.build [FOLDER]

Reads `chronology.json` beside this script and writes `afghanistan-pakistan-2025.geojson` into
FOLDER (or the folder of layers) through the store, so that it is canonical: the same chronology
gives the same bytes.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geo.actors import canonical
from geo.feature import from_feature
from geo.incident import Incident
from geo.layerfile import LayerMeta
from geo.settings import ROOT
from geo.store import LayerStore

NAME = "afghanistan-pakistan-2025"
CHRONOLOGY = Path(__file__).resolve().parent / "chronology.json"
# the day on which the chronology was closed; no clock may enter the layer
NOW = datetime(2026, 11, 24, tzinfo=UTC)
TOLL_PARTS = ("low", "best", "high")


def build(folder: Path) -> Path:
    """Write the layer into a folder that has none of this name."""
    chronology = json.loads(CHRONOLOGY.read_text(encoding="utf-8"))
    meta = LayerMeta(**{part: chronology[part] for part in ("title", "description", "licence")})
    incidents = [read(row, licence="CC BY 4.0") for row in chronology["incidents"]]
    LayerStore(folder).upsert(NAME, incidents, by="demo chronology", now=NOW, meta=meta)
    return folder / f"{NAME}.geojson"


def read(row: Mapping[str, Any], *, licence: str) -> Incident:
    """Read one entry of the chronology: a Feature's properties, with the place written flat."""
    given = dict(row)
    lon, lat = given.pop("lon", None), given.pop("lat", None)
    geometry = None if lon is None else {"type": "Point", "coordinates": [lon, lat]}
    for name in ("deaths", "injured"):
        toll = given.pop(name, (None, None, None))
        given |= {f"{name}_{part}": n for part, n in zip(TOLL_PARTS, toll, strict=True)}
    given["actors"] = [a | {"canonical": canonical(a["name"])} for a in given["actors"]]
    given["licence"] = licence
    feature = {"type": "Feature", "id": given.pop("id"), "geometry": geometry, "properties": given}
    return from_feature(feature, now=NOW)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "layers"
    with tempfile.TemporaryDirectory() as scratch:
        made = build(Path(scratch))
        target.mkdir(parents=True, exist_ok=True)
        (target / made.name).write_bytes(made.read_bytes())
    sys.stdout.write(f"{target / made.name}\n")
