"""How do tests take a layer through a file and back?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from geo.exports import ExportMeta, export
from geo.filters import Filter, select
from geo.importing import Report, run
from geo.incident import Incident
from geo.store import LayerStore
from tests.examples import NOW

READERS = {
    "geojson": "geojson",
    "csv": "table",
    "xlsx": "table",
    "gpkg": "vector",
    "parquet": "vector",
}
TABLES = tuple(fmt for fmt in READERS if fmt != "geojson")


def exported(made: Iterable[Incident], fmt: str) -> bytes:
    query = Filter(status=())
    meta = ExportMeta(title="t", layers=(("l", "v"),), query=query, as_of=NOW)
    return export(select(tuple(made), query), fmt, meta=meta)


def imported(data: bytes, fmt: str, folder: Path) -> tuple[LayerStore, Report]:
    """Bring a file into a new layer, much later than it was made."""
    path, store = folder / f"file.{fmt}", LayerStore(folder / fmt)
    path.write_bytes(data)
    report = run(READERS[fmt], path, layer="x", store=store, now=NOW + timedelta(days=90))
    return store, report


def held_in(store: LayerStore) -> tuple[Incident, ...]:
    """Read what was accepted; a file of which nothing was makes no layer."""
    return store.read("x").incidents if store.names() else ()
