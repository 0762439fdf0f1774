"""What do the tests of the store share: a small layer, and incidents as a source gives them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from geo.incident import Incident, Recorded
from geo.layerfile import LayerMeta
from geo.store import LayerStore
from tests.examples import incident

NOW = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)
META = LayerMeta(title="Border", description="Two weeks in October", licence="CC BY 4.0")


def later(minutes: int) -> datetime:
    """Give a time of record after NOW."""
    return NOW + timedelta(minutes=minutes)


def imported(id_: str = "ucdp:1", **changes: Any) -> Incident:
    """Make an incident as a source gives it: nobody's name on it."""
    return incident(id_, recorded=Recorded(first_seen=NOW, updated=NOW), **changes)


def border(folder: Path) -> LayerStore:
    """Open a store with one empty layer, "border"."""
    store = LayerStore(folder, lock_timeout=0.2)
    store.create("border", META, by="Ann", now=NOW)
    return store


def content(store: LayerStore, name: str = "border") -> bytes:
    """Read the file of a layer."""
    return store._path(name).read_bytes()


def leftovers(folder: Path) -> list[str]:
    """List the temporary files in a folder."""
    return [path.name for path in folder.iterdir() if path.name.endswith(".tmp")]
