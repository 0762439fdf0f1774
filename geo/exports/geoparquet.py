"""How are incidents written as GeoParquet, the manifest among its key-value metadata?

The geometry is a point only where the place is known; elsewhere it is the extent, or null.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geo.errors import SnapshotError
from geo.exports.extents import ground_of
from geo.exports.stated import ExportMeta, Row, cells, differing, in_short, manifest_of, seal
from geo.exports.table import table
from geo.feature import dump
from geo.filters import Match, Selection
from geo.flat import COUNTS, NUMBERS

_KEY, _SAYS, _GEO = b"incident-atlas", b"about", b"geo"
_GEOMETRY = "geometry"


def frame_of(matches: Sequence[Match]) -> pd.DataFrame:
    """Table of which each column has one type: whole numbers, numbers or text."""
    columns, rows = table(matches)
    made = {}
    for at, name in enumerate(columns):
        kind: Any = "Int64" if name in COUNTS else "Float64" if name in NUMBERS else "str"
        made[name] = pd.array([values[at] for values in rows], dtype=kind)
    return pd.DataFrame(made)


def write(selection: Selection, meta: ExportMeta) -> bytes:
    """Write one table with geometry."""
    grounds = [ground_of(match.incident) for match in selection.matches]
    shapes = [
        g.extent
        if g.extent is not None
        else gpd.points_from_xy([g.spot.lon], [g.spot.lat])[0]
        if g.spot
        else None
        for g in grounds
    ]
    frame = frame_of(selection.matches).assign(shown=pd.array([g.shown for g in grounds], "str"))
    framed = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"))
    framed.to_parquet(
        out := io.BytesIO(), index=False, geometry_encoding="WKB", schema_version="1.1.0"
    )
    plain = pq.read_table(io.BytesIO(out.getvalue()))
    manifest = manifest_of(selection, meta)
    kept = {_GEO: plain.schema.metadata[_GEO]}
    kept[_SAYS] = dump(in_short(selection, meta, manifest)).encode()
    plain = plain.replace_schema_metadata(kept)
    kept[_KEY] = manifest.stated(**seal("parquet", *_parted(plain)))
    whole = io.BytesIO()
    # every byte that is read is either a value or has its own check
    exact = {"write_statistics": False, "write_page_checksum": True, "store_schema": False}
    bare = plain.schema.remove_metadata()
    with pq.ParquetWriter(whole, bare, compression="zstd", **exact) as writer:
        writer.write_table(plain.replace_schema_metadata(None))
        writer.add_key_value_metadata(kept)
    return whole.getvalue()


def recognises(data: bytes) -> bool:
    """Whether a file is Parquet."""
    return data.startswith(b"PAR1")


def manifest_text(data: bytes) -> bytes | None:
    """Manifest within a Parquet file as JSON text, None where there is none."""
    try:
        held = pq.read_schema(io.BytesIO(data)).metadata or {}
    except (pa.ArrowException, OSError) as error:
        msg = f"Parquet cannot be read: {error}"
        raise SnapshotError(msg) from error
    return held.get(_KEY)


def altered(data: bytes, written: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what is not as it was written, by what the manifest states of the file."""
    try:
        with pq.ParquetFile(io.BytesIO(data), page_checksum_verification=True) as file:
            table = file.read()
        return differing("parquet", *_parted(table), written)
    except (pa.ArrowException, OSError, ValueError):
        return ("document",)


def _parted(table: pa.Table) -> tuple[list[Row], str]:
    """Part a table into its rows and what is said of all of them."""
    names = table.column_names
    rows = []
    for held in table.to_pylist():
        shape = held.pop(_GEOMETRY, None)
        text = cells([*held.values(), shape.hex() if isinstance(shape, bytes) else shape])
        rows.append(Row(str(held.get("id", "?")), text))
    said = table.schema.metadata or {}
    # Arrow reads long text under two names
    kinds = [str(table.schema.field(name).type).removeprefix("large_") for name in names]
    columns = [list(pair) for pair in zip(names, kinds, strict=True)]
    return rows, dump([columns, _json(said.get(_GEO)), _json(said.get(_SAYS))])


def _json(text: bytes | None) -> Any:
    return json.loads(text) if text else None
