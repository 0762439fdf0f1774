"""What does a plain incident look like? One valid record, changed as a test needs it."""

import os
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from geo.incident import Incident, Point, Recorded
from geo.layerfile import LayerMeta
from geo.store import Layer

# real data beside the repository; tests that read it skip where it is absent
SHARED = Path(os.environ.get("GEO_SHARED") or Path(__file__).resolve().parents[2] / "shared")
NOW = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)


def incident(id_: str = "own:1", **changes: Any) -> Incident:
    """Make an incident at an exact place on one day, with changes."""
    plain: dict[str, Any] = {
        "event_type": "armed_clash",
        "title": f"Incident {id_}",
        "start": date(2025, 10, 11),
        "end": date(2025, 10, 11),
        "precision": "exact",
        "point": Point(71.0896, 34.1286),
        "countries": ("AFG", "PAK"),
        "recorded": Recorded(first_seen=NOW, updated=NOW, by="test"),
    }
    if changes.get("precision") in ("country", "none"):
        plain["point"] = None
    return Incident(id=id_, **(plain | changes))


def alone(incidents: Iterable[Incident], version: str, name: str = "border") -> list[Layer]:
    """Hold incidents as the one layer that a file is checked against."""
    return [Layer(name, LayerMeta(), version, tuple(incidents))]
